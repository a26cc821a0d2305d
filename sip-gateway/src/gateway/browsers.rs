//! Phones in browsers, and visitors who call from a page: what their sessions and the switchboard
//! want of them.

use events::{LegId, RefusedWhy};

use super::Core;
use super::turn::Turn;
use crate::admission::Verdict;
use crate::boundary::{
    BrowserCommand, BrowserEvent, CallNews, LegCommand, LegEnd, LegEvent, Output, SessionId,
    SessionOwner,
};
use crate::browser::{Page, Side};
use crate::leg::Audio;

/// What `Offered` calls the trunk of visitors.
const PAGE: &str = "page";

impl Core {
    /// Something happened to a browser's audio. True if it made the leg `leg`.
    pub(super) fn browser(&mut self, turn: &mut Turn<'_>, event: BrowserEvent, leg: LegId) -> bool {
        match event {
            BrowserEvent::Up {
                session,
                owner: SessionOwner::Account(name),
                rtp,
            } => {
                let page = Page {
                    session,
                    rtp,
                    lost_until: None,
                };
                if let Some(at) = self.registrar.set_page(turn, &name, Some(page)) {
                    self.browsers.page_up(turn, at, (session, rtp));
                }
            }
            BrowserEvent::Up {
                session,
                owner: SessionOwner::Visitor,
                rtp,
            } => {
                self.browsers.visitor_up(session, rtp);
                return self.visitor_calls(turn, leg, session);
            }
            BrowserEvent::Down { session } => self.session_down(turn, session),
            BrowserEvent::Left { account } => {
                if let Some(at) = self.registrar.set_page(turn, &account, None) {
                    self.browsers.page_gone(turn, at);
                }
            }
            BrowserEvent::Calls {
                session,
                dialled,
                writes,
            } => {
                self.browsers.visitor_wishes(session, (dialled, writes));
                return self.visitor_calls(turn, leg, session);
            }
            BrowserEvent::HangsUp { session } => {
                if let Some(leg) = self.browsers.of_visitor(session) {
                    self.browsers.end(turn, leg, LegEnd::Remote);
                }
            }
        }
        false
    }

    /// A page is away: an operator's is waited for, a visitor's takes its call with it.
    fn session_down(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        self.browsers.visitor_down(turn, session);
        let Some(at) = self.registrar.of_session(session) else {
            return;
        };
        let until = turn.now + turn.net.config.limits.page_grace;
        let page = self.registrar.page_at(at).map(|page| Page {
            lost_until: Some(until),
            ..*page
        });
        let name = self.registrar.name(at).to_owned();
        self.registrar.set_page(turn, &name, page);
    }

    /// The page did not come back.
    pub(super) fn page_gone(&mut self, turn: &mut Turn<'_>, at: usize) {
        let name = self.registrar.name(at).to_owned();
        self.registrar.set_page(turn, &name, None);
        self.browsers.page_gone(turn, at);
    }

    /// A visitor at the door: like any caller, except that nobody waits for an answer by SIP.
    fn visitor_calls(&mut self, turn: &mut Turn<'_>, leg: LegId, session: SessionId) -> bool {
        let Some((rtp, (dialled, writes))) = self.browsers.take_wish(session) else {
            return false;
        };
        let limits = turn.net.config.limits;
        let refused = match self.admission.judge(turn.now, self.open_legs(), &limits) {
            Verdict::Admit => None,
            Verdict::Overload => Some(RefusedWhy::Overload),
            Verdict::Draining => Some(RefusedWhy::Draining),
        };
        let audio = match refused {
            None => Audio::new(turn).ok_or(RefusedWhy::NoMedia),
            Some(why) => Err(why),
        };
        let mut audio = match audio {
            Ok(audio) => audio,
            Err(why) => {
                turn.browser(BrowserCommand::Call {
                    session,
                    news: CallNews::Refused,
                });
                turn.out.push(Output::Refused {
                    dialled,
                    why,
                    status: 503,
                });
                return false;
            }
        };
        audio.open(turn, leg, None);
        let side = Side::Visitor {
            session,
            rtp,
            writes,
        };
        self.browsers.insert(leg, side, audio);
        turn.tell(LegEvent::Offered {
            leg,
            dialled,
            caller: None,
            trunk: PAGE.to_owned(),
        });
        true
    }

    /// Rings an account's phone in the browser; false if it has none.
    pub(super) fn dial_browser(
        &mut self,
        turn: &mut Turn<'_>,
        (leg, beside): (LegId, LegId),
        account: &str,
    ) -> bool {
        let Some((at, page)) = self.registrar.page(account) else {
            return false;
        };
        let here = page.here();
        let Some(mut audio) = Audio::new(turn) else {
            turn.tell(LegEvent::Ended {
                leg,
                why: LegEnd::Broken,
            });
            return true;
        };
        audio.open(turn, leg, Some(beside));
        self.browsers.insert(leg, Side::Account(at), audio);
        if let Some(page) = here {
            self.browsers.page_up(turn, at, page);
        }
        true
    }

    /// Whether a leg rings on a page that is there.
    pub(super) fn rings_in_browser(&self, leg: LegId) -> bool {
        let at = self.browsers.rings_at(leg);
        let page = at.and_then(|at| self.registrar.page_at(at));
        page.is_some_and(|page| page.here().is_some())
    }

    /// Carries out a command for a browser's leg; gives back one that is not for such a leg.
    pub(super) fn browser_command(
        &mut self,
        turn: &mut Turn<'_>,
        command: LegCommand,
    ) -> Option<LegCommand> {
        let (LegCommand::Ring { leg }
        | LegCommand::Answer { leg }
        | LegCommand::Reject { leg, .. }
        | LegCommand::PickUp { leg }
        | LegCommand::Mute { leg, .. }
        | LegCommand::TakeBack { leg }
        | LegCommand::HangUp { leg }) = &command
        else {
            return Some(command);
        };
        let leg = *leg;
        if !self.browsers.contains(leg) {
            return Some(command);
        }
        match command {
            LegCommand::Ring { .. } => self.browsers.ring(turn, leg),
            LegCommand::Answer { .. } => self.browsers.answer(turn, leg),
            LegCommand::Reject { .. } => self.browsers.reject(turn, leg),
            LegCommand::PickUp { .. } => self.pick_up(turn, leg),
            LegCommand::Mute { muted, .. } => self.browsers.mute(turn, leg, muted),
            LegCommand::TakeBack { .. } | LegCommand::HangUp { .. } => {
                self.browsers.end(turn, leg, LegEnd::Local);
            }
            LegCommand::Dial { .. } | LegCommand::Call { .. } => return Some(command),
        }
        None
    }

    fn pick_up(&mut self, turn: &mut Turn<'_>, leg: LegId) {
        let at = self.browsers.rings_at(leg);
        let page = at.and_then(|at| self.registrar.page_at(at)?.here());
        if let Some(page) = page {
            self.browsers.pick_up(turn, leg, page);
        }
    }
}
