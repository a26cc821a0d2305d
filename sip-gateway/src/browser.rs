//! Legs whose other side is a browser: an operator's phone in the page, or a visitor's call.
//!
//! A browser's leg has no SIP. Its packets go to the session of the page, which the house gives
//! another one when the page is reloaded; the leg and its call stay.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use events::{LegId, Timestamp};

use crate::boundary::{
    BROWSER_EVENTS, BrowserCommand, CallNews, Codec, LegEnd, LegEvent, MediaFormat, SessionId,
    TextCommand,
};
use crate::gateway::Turn;
use crate::leg::Audio;

/// An account's phone in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// The session of the page, and where its packets come from.
    pub(crate) session: SessionId,
    pub(crate) rtp: SocketAddr,
    /// The page is away and waited for until then.
    pub(crate) lost_until: Option<Timestamp>,
}

impl Page {
    /// Whether this session stands on the page now.
    pub(crate) fn has(&self, session: SessionId) -> bool {
        self.session == session && self.lost_until.is_none()
    }

    /// The session and its address while the page is there.
    pub(crate) const fn here(&self) -> Option<(SessionId, SocketAddr)> {
        match self.lost_until {
            None => Some((self.session, self.rtp)),
            Some(_) => None,
        }
    }
}

/// Whose leg it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The operator of this account.
    Account(usize),
    /// A visitor, by the session of the page.
    Visitor {
        session: SessionId,
        rtp: SocketAddr,
        /// Beside the audio they read and type.
        writes: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The page does not know yet that it rings.
    Silent,
    /// It rings: on the operator's page, or the house is rung by a visitor.
    Ringing,
    /// It stands, with the page's session of this moment.
    Talking { session: SessionId },
}

#[derive(Debug)]
struct BrowserLeg {
    side: Side,
    audio: Audio,
    stage: Stage,
}

/// A visitor whose page has opened a session.
#[derive(Clone, Debug, Default)]
struct Visitor {
    /// Where their packets come from, once the session stands.
    rtp: Option<SocketAddr>,
    /// What they want to call, and whether they type, until the call is made.
    wish: Option<Wish>,
}

/// A call that a visitor wants: what is dialled, and whether they read and type.
pub(crate) type Wish = (String, bool);

/// Browsers' legs, and the visitors whose sessions stand.
#[derive(Debug, Default)]
pub(crate) struct BrowserLegs {
    legs: BTreeMap<LegId, BrowserLeg>,
    visitors: BTreeMap<SessionId, Visitor>,
}

impl BrowserLegs {
    pub(crate) fn len(&self) -> usize {
        self.legs.len()
    }

    pub(crate) fn any(&self) -> bool {
        !self.legs.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.legs.is_empty() && self.visitors.is_empty()
    }

    pub(crate) fn contains(&self, leg: LegId) -> bool {
        self.legs.contains_key(&leg)
    }

    /// Adds a leg with its port.
    pub(crate) fn insert(&mut self, leg: LegId, side: Side, audio: Audio) {
        let stage = Stage::Silent;
        self.legs.insert(leg, BrowserLeg { side, audio, stage });
    }

    /// A visitor's session stands.
    pub(crate) fn visitor_up(&mut self, session: SessionId, rtp: SocketAddr) {
        self.visitors.entry(session).or_default().rtp = Some(rtp);
    }

    /// A visitor wants to call; who has a call, or wants one already, is not heard.
    pub(crate) fn visitor_wishes(&mut self, session: SessionId, wish: Wish) {
        if self.of_visitor(session).is_none() {
            let visitor = self.visitors.entry(session).or_default();
            visitor.wish.get_or_insert(wish);
        }
    }

    /// The wish of a visitor whose session stands, to be granted now.
    pub(crate) fn take_wish(&mut self, session: SessionId) -> Option<(SocketAddr, Wish)> {
        let visitor = self.visitors.get_mut(&session)?;
        let rtp = visitor.rtp?;
        Some((rtp, visitor.wish.take()?))
    }

    /// The call of a visitor.
    pub(crate) fn of_visitor(&self, session: SessionId) -> Option<LegId> {
        let is_theirs = |side: Side| match side {
            Side::Visitor { session: own, .. } => own == session,
            Side::Account(_) => false,
        };
        let mut legs = self.legs.iter();
        legs.find(|(_, leg)| is_theirs(leg.side)).map(|(id, _)| *id)
    }

    /// A visitor's page is gone, and the call with it.
    pub(crate) fn visitor_down(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        self.visitors.remove(&session);
        if let Some(leg) = self.of_visitor(session) {
            self.end(turn, leg, LegEnd::Remote);
        }
    }

    /// Whose operator's leg it is while it rings.
    pub(crate) fn rings_at(&self, leg: LegId) -> Option<usize> {
        let leg = self.legs.get(&leg)?;
        match (leg.side, leg.stage) {
            (Side::Account(at), Stage::Silent | Stage::Ringing) => Some(at),
            (Side::Account(_) | Side::Visitor { .. }, _) => None,
        }
    }

    /// The page of an account is there, perhaps again: what rings rings, what stands goes on.
    pub(crate) fn page_up(
        &mut self,
        turn: &mut Turn<'_>,
        at: usize,
        (session, rtp): (SessionId, SocketAddr),
    ) {
        for (id, leg) in &mut self.legs {
            if leg.side != Side::Account(at) {
                continue;
            }
            match leg.stage {
                Stage::Silent => {
                    leg.stage = Stage::Ringing;
                    turn.tell(LegEvent::Ringing { leg: *id });
                }
                Stage::Ringing => {}
                Stage::Talking { .. } => leg.talk(turn, *id, (session, rtp)),
            }
        }
    }

    /// The page of an account is gone for good.
    pub(crate) fn page_gone(&mut self, turn: &mut Turn<'_>, at: usize) {
        let of_account = |(id, leg): (&LegId, &BrowserLeg)| {
            (leg.side == Side::Account(at)).then_some((*id, leg.stage))
        };
        let gone: Vec<(LegId, Stage)> = self.legs.iter().filter_map(of_account).collect();
        for (leg, stage) in gone {
            let why = match stage {
                Stage::Silent | Stage::Ringing => LegEnd::Refused(480),
                Stage::Talking { .. } => LegEnd::Broken,
            };
            self.end(turn, leg, why);
        }
    }

    /// The operator takes the call.
    pub(crate) fn pick_up(
        &mut self,
        turn: &mut Turn<'_>,
        leg: LegId,
        page: (SessionId, SocketAddr),
    ) {
        if let Some(entry) = self.legs.get_mut(&leg) {
            entry.talk(turn, leg, page);
            turn.tell(LegEvent::Established { leg });
        }
    }

    /// The house rings: a visitor's page says so.
    pub(crate) fn ring(&mut self, turn: &mut Turn<'_>, leg: LegId) {
        if let Some(entry) = self.legs.get_mut(&leg)
            && let (Side::Visitor { session, .. }, Stage::Silent) = (entry.side, entry.stage)
        {
            entry.stage = Stage::Ringing;
            turn.browser(BrowserCommand::Call {
                session,
                news: CallNews::Ringing,
            });
        }
    }

    /// The house answers a visitor.
    pub(crate) fn answer(&mut self, turn: &mut Turn<'_>, leg: LegId) {
        let Some(entry) = self.legs.get_mut(&leg) else {
            return;
        };
        let Side::Visitor {
            session,
            rtp,
            writes,
        } = entry.side
        else {
            return;
        };
        if matches!(entry.stage, Stage::Talking { .. }) {
            return;
        }
        if writes {
            turn.text(TextCommand::OpenPage { leg, session });
        }
        entry.talk(turn, leg, (session, rtp));
        turn.browser(BrowserCommand::Call {
            session,
            news: CallNews::Answered,
        });
        turn.tell(LegEvent::Established { leg });
    }

    /// The house refuses a visitor.
    pub(crate) fn reject(&mut self, turn: &mut Turn<'_>, leg: LegId) {
        self.say_goodbye(turn, leg, (LegEnd::Local, CallNews::Refused));
    }

    /// Lets nobody hear this side, or lets them again.
    pub(crate) fn mute(&mut self, turn: &mut Turn<'_>, leg: LegId, muted: bool) {
        if let Some(entry) = self.legs.get_mut(&leg) {
            entry.audio.mute(turn, leg, muted);
        }
    }

    /// A leg is over; nothing happens if there is none.
    pub(crate) fn end(&mut self, turn: &mut Turn<'_>, leg: LegId, why: LegEnd) {
        self.say_goodbye(turn, leg, (why, CallNews::Ended));
    }

    fn say_goodbye(&mut self, turn: &mut Turn<'_>, leg: LegId, (why, news): (LegEnd, CallNews)) {
        let Some(mut entry) = self.legs.remove(&leg) else {
            return;
        };
        if let Stage::Talking { session } = entry.stage {
            turn.browser(BrowserCommand::Part { session });
        }
        if let Side::Visitor {
            session, writes, ..
        } = entry.side
        {
            turn.browser(BrowserCommand::Call { session, news });
            if writes {
                turn.text(TextCommand::Close { leg });
            }
        }
        entry.audio.close(turn, leg);
        turn.tell(LegEvent::Ended { leg, why });
    }
}

impl BrowserLeg {
    /// The leg's packets go to this session from now on.
    fn talk(&mut self, turn: &mut Turn<'_>, id: LegId, (session, rtp): (SessionId, SocketAddr)) {
        self.stage = Stage::Talking { session };
        turn.browser(BrowserCommand::Join {
            session,
            leg: self.audio.address(),
        });
        self.audio.agree(turn, id, format(rtp));
    }
}

/// What is agreed with every browser: the adapter takes what the page can do to it.
const fn format(rtp: SocketAddr) -> MediaFormat {
    MediaFormat {
        codec: Codec::Pcma,
        dtmf_send: None,
        dtmf_receive: Some(BROWSER_EVENTS),
        remote: rtp,
        remote_rtcp: Some(rtp),
        send: true,
        receive: true,
    }
}
