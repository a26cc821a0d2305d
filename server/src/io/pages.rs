//! Pages that call: who listens for news of which session, and which leg is whose. Their text goes
//! over the page's own connection, so that it needs no packets.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use events::LegId;
use sip_gateway::boundary::{CallNews, SessionId, TextCommand};
use tokio::sync::mpsc;

use crate::api::PageNews;

/// News that wait for a page; what a page does not read is lost to it.
const NEWS_MAX: usize = 64;

/// See the module.
#[derive(Debug, Default)]
pub struct Pages {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    listeners: BTreeMap<SessionId, mpsc::Sender<PageNews>>,
    /// Legs with text.
    legs: BTreeMap<LegId, SessionId>,
}

impl Pages {
    /// News of a session from now on.
    pub fn listen(&self, session: SessionId) -> mpsc::Receiver<PageNews> {
        let (to, news) = mpsc::channel(NEWS_MAX);
        self.with(|known| known.listeners.insert(session, to));
        news
    }

    /// Nobody listens any more.
    pub fn forget(&self, session: SessionId) {
        self.with(|known| known.listeners.remove(&session));
    }

    /// How a visitor's call goes.
    pub fn tell(&self, session: SessionId, news: CallNews) {
        let news = match news {
            CallNews::Ringing => PageNews::Ringing,
            CallNews::Answered => PageNews::Answered,
            CallNews::Ended => PageNews::Ended,
            CallNews::Refused => PageNews::Refused,
        };
        self.with(|known| known.say(session, news));
    }

    /// Carries out a command for the text of a page's leg; false if the leg is no page's.
    pub fn carry_out(&self, command: &TextCommand) -> bool {
        self.with(|known| match command {
            TextCommand::OpenPage { leg, session } => {
                known.legs.insert(*leg, *session);
                true
            }
            TextCommand::Write { leg, text, .. } => {
                let session = known.legs.get(leg).copied();
                if let Some(session) = session {
                    known.say(session, PageNews::Line(text.clone()));
                }
                session.is_some()
            }
            TextCommand::Close { leg } => known.legs.remove(leg).is_some(),
            // Lines are written whole and taken whole: nothing is left to stop.
            TextCommand::Stop { leg } | TextCommand::Taken { leg } => known.legs.contains_key(leg),
            TextCommand::Open { .. } => false,
        })
    }

    /// The leg whose text a session is.
    pub fn leg_of(&self, session: SessionId) -> Option<LegId> {
        self.with(|known| {
            let mut legs = known.legs.iter();
            legs.find(|(_, of)| **of == session).map(|(leg, _)| *leg)
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Known) -> T) -> T {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Known {
    fn say(&self, session: SessionId, news: PageNews) {
        if let Some(listener) = self.listeners.get(&session) {
            // A page that does not read is gone, or will be told by its own silence.
            let _ = listener.try_send(news);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sip_gateway::boundary::PlayId;

    #[test]
    fn a_line_for_a_pages_leg_reaches_its_page_and_others_go_their_way() {
        let pages = Pages::default();
        let mut news = pages.listen(SessionId(1));
        let write = |leg| TextCommand::Write {
            leg: LegId(leg),
            play: PlayId(1),
            text: "Здравствуйте".into(),
        };
        assert!(!pages.carry_out(&write(7)), "no page's leg");
        let open = TextCommand::OpenPage {
            leg: LegId(7),
            session: SessionId(1),
        };
        assert!(pages.carry_out(&open));
        assert!(pages.carry_out(&write(7)));
        assert!(!pages.carry_out(&write(8)));
        assert_eq!(
            news.try_recv().unwrap(),
            PageNews::Line("Здравствуйте".into())
        );
        assert_eq!(pages.leg_of(SessionId(1)), Some(LegId(7)));
        assert!(pages.carry_out(&TextCommand::Close { leg: LegId(7) }));
        assert_eq!(pages.leg_of(SessionId(1)), None);
    }
}
