//! The machine: messages and commands in, messages and events out.
//!
//! | page | what |
//! |---|---|
//! | `config` | what it is told at start |
//! | `requests` | which request goes where; everything that makes no leg |
//! | `invites` | a caller at the door: who, whether, which leg |
//! | `responses` | what answers to our requests do |
//! | `browsers` | phones in browsers, and visitors who call from a page |
//! | `legs` | the open legs and how a message finds its own |
//! | `turn`, `reply`, `route` | sending: one turn's tools, responses, addresses |
//! | `ports`, `stats` | media ports; counters for `/metrics` |
//!
//! A caller's INVITE is never answered 2xx in the turn that received it, only by a command: so a
//! fact can be journalled first. A re-INVITE is answered at once, from the leg's own state.

mod browsers;
mod config;
mod invites;
mod legs;
mod ports;
mod reply;
mod requests;
mod responses;
mod route;
mod stats;
#[cfg(test)]
mod tests;
mod turn;

use std::sync::Arc;

use events::{LegId, Timestamp};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::Rng as _;

use crate::admission::Admission;
use crate::auth::Authenticator;
use crate::boundary::{Input, LegCommand, LegEnd, LegEvent, Output};
use crate::browser::BrowserLegs;
use crate::leg::{Audio, Leg};
use crate::registrar::Registrar;
use crate::transaction::Deadlines;
pub use config::{Account, BadContact, FixedContact, GatewayConfig, Limits};
use legs::Legs;
use ports::Ports;
pub(crate) use reply::Reply;
pub(crate) use route::{ALLOW, check_body, contact, via, way_to};
pub use stats::GatewayStats;
#[cfg(test)]
pub(crate) use tests::tests_config;
pub(crate) use turn::{Alarm, Ask, Net, Turn};

/// SIP signalling as a pure machine.
#[derive(Debug)]
pub struct Gateway {
    core: Core,
    net: Net,
    newest_leg: LegId,
    announced: bool,
}

/// Everything that decides, apart from what it decides with ([`Net`]).
#[derive(Debug)]
struct Core {
    legs: Legs,
    browsers: BrowserLegs,
    registrar: Registrar,
    admission: Admission,
    digest: Authenticator,
}

impl Gateway {
    /// A gateway without calls. `first_leg` is the number of its first leg; all tags, branches and
    /// nonces come from `rng`.
    #[must_use]
    pub fn new(config: GatewayConfig, first_leg: LegId, mut rng: ChaCha12Rng) -> Self {
        let mut secret = [0; 32];
        rng.fill_bytes(&mut secret);
        let core = Core {
            legs: Legs::default(),
            browsers: BrowserLegs::default(),
            registrar: Registrar::new(&config),
            admission: Admission::new(&config.limits),
            digest: Authenticator::new(config.realm.clone(), secret),
        };
        let ports = Ports::new(
            config.media_address,
            config.media_ports,
            config.limits.port_rest,
        );
        let net = Net {
            config: Arc::new(config),
            transactions: crate::transaction::Transactions::default(),
            alarms: Deadlines::default(),
            ports,
            rng,
            stats: GatewayStats::default(),
        };
        let newest_leg = LegId(first_leg.0.saturating_sub(1));
        Self {
            core,
            net,
            newest_leg,
            announced: false,
        }
    }

    /// The number of the next leg: for [`LegCommand::Dial`].
    pub const fn new_leg(&mut self) -> LegId {
        self.newest_leg.0 += 1;
        self.newest_leg
    }

    /// Takes one input; what is to be done is added to `out`, in order.
    pub fn handle(&mut self, now: Timestamp, input: Input, out: &mut Vec<Output>) {
        if !self.announced {
            self.announced = true;
            self.core.registrar.announce(out);
        }
        let next_leg = LegId(self.newest_leg.0 + 1);
        let mut turn = Turn {
            now,
            out,
            net: &mut self.net,
        };
        match input {
            Input::Received { flow, bytes } => {
                if self.core.received(&mut turn, flow, &bytes, next_leg) {
                    self.newest_leg = next_leg;
                }
            }
            Input::Closed { flow } => self.core.closed(&mut turn, flow),
            Input::Command(command) => self.core.command(&mut turn, command),
            Input::Browser(event) => {
                if self.core.browser(&mut turn, event, next_leg) {
                    self.newest_leg = next_leg;
                }
            }
            Input::MediaFailed { leg } => {
                self.core.browsers.end(&mut turn, leg, LegEnd::Broken);
                self.core.legs.with(&mut turn, leg, Leg::media_failed);
            }
            Input::QueueDelay { delay_us } => {
                let limits = &turn.net.config.limits;
                self.core.admission.queue_delay(now, delay_us, limits);
            }
            Input::Drain => self.core.admission.drain(),
            Input::Tick => self.core.tick(&mut turn),
        }
    }

    /// When the next timer is due: call [`Gateway::handle`] with [`Input::Tick`] then.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        let transactions = self.net.transactions.deadline();
        let alarms = self.net.alarms.next();
        transactions.into_iter().chain(alarms).min()
    }

    /// Counters since the start, and what stands now.
    #[must_use]
    pub fn stats(&self) -> GatewayStats {
        let mut stats = self.net.stats.clone();
        let repeats = self.net.transactions.repeats;
        stats.retransmissions_sent = repeats.sent;
        stats.retransmissions_received = repeats.received;
        stats.timeouts = repeats.timeouts;
        stats.legs = count(self.core.open_legs());
        stats.transactions = count(self.net.transactions.len());
        stats.registrations = count(self.core.registrar.bindings());
        stats
    }

    /// Whether any leg is left, also one that the switchboard has done with and whose BYE has no
    /// answer yet.
    #[must_use]
    pub fn has_legs(&self) -> bool {
        self.core.legs.any() || self.core.browsers.any()
    }

    /// Whether a leg rings in a browser whose audio stands, so that [`LegCommand::PickUp`] takes it.
    #[must_use]
    pub fn rings_in_browser(&self, leg: LegId) -> bool {
        self.core.rings_in_browser(leg)
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.net.transactions.is_empty()
            && self.core.legs.is_empty()
            && self.core.browsers.is_empty()
            && self.core.registrar.bindings() == 0
            && self.net.alarms.len() == 0
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl Core {
    /// Legs that the switchboard knows, of every kind.
    fn open_legs(&self) -> usize {
        self.legs.open() + self.browsers.len()
    }

    fn command(&mut self, turn: &mut Turn<'_>, command: LegCommand) {
        let Some(command) = self.browser_command(turn, command) else {
            return;
        };
        match command {
            LegCommand::PickUp { .. } => {}
            LegCommand::Mute { leg, muted } => {
                self.legs.with(turn, leg, |leg, turn| leg.mute(turn, muted));
            }
            LegCommand::Ring { leg } => self.legs.with(turn, leg, Leg::ring),
            LegCommand::Answer { leg } => self.legs.with(turn, leg, Leg::answer),
            LegCommand::Reject {
                leg,
                status,
                retry_after_s,
            } => {
                self.legs.with(turn, leg, |leg, turn| {
                    leg.reject(turn, status, retry_after_s)
                });
            }
            LegCommand::HangUp { leg } => self.legs.with(turn, leg, Leg::hang_up),
            LegCommand::TakeBack { leg } => self.legs.with(turn, leg, Leg::take_back),
            LegCommand::Dial {
                leg,
                account,
                beside,
                display,
            } => {
                self.dial(turn, (leg, beside), &account, &display);
            }
            LegCommand::Call {
                leg,
                trunk,
                number,
                line,
                display,
                beside,
            } => {
                let who = (number.expose().as_str(), line.as_str(), display.as_str());
                self.call(turn, (leg, beside), &trunk, who);
            }
        }
    }

    fn dial(&mut self, turn: &mut Turn<'_>, legs: (LegId, LegId), account: &str, display: &str) {
        let (leg, beside) = legs;
        if self.legs.contains(leg) || self.browsers.contains(leg) {
            return;
        }
        if self.dial_browser(turn, legs, account) {
            return;
        }
        let Some(to) = self.registrar.destination(account, turn) else {
            return turn.tell(LegEvent::Ended {
                leg,
                why: LegEnd::Refused(480),
            });
        };
        let Some(mut audio) = Audio::new(turn) else {
            return turn.tell(LegEvent::Ended {
                leg,
                why: LegEnd::Broken,
            });
        };
        audio.open(turn, leg, Some(beside));
        let leg = Leg::dial(turn, leg, &to, display, audio);
        self.legs.insert(leg, None);
    }

    /// Calls a number outside; a leg that cannot begin ends at once.
    fn call(
        &mut self,
        turn: &mut Turn<'_>,
        (leg, beside): (LegId, Option<LegId>),
        trunk: &str,
        (number, line, display): (&str, &str, &str),
    ) {
        if self.legs.contains(leg) {
            return;
        }
        let config = Arc::clone(&turn.net.config);
        let outbound = config.trunks.iter().find(|known| known.name == trunk);
        let broken = LegEvent::Ended {
            leg,
            why: LegEnd::Broken,
        };
        let Some(outbound) = outbound.and_then(|trunk| trunk.outbound.as_ref()) else {
            return turn.tell(broken);
        };
        let Some(mut audio) = Audio::new(turn) else {
            return turn.tell(broken);
        };
        audio.open(turn, leg, beside);
        let leg = Leg::call(turn, leg, outbound, (number, line, display), audio);
        self.legs.insert(leg, None);
    }

    fn tick(&mut self, turn: &mut Turn<'_>) {
        let mut lost = Vec::new();
        turn.net.transactions.fire(turn.now, turn.out, &mut lost);
        for user in lost {
            self.lost(turn, user);
        }
        while let Some(alarm) = turn.net.alarms.due(turn.now) {
            match alarm {
                Alarm::ResendOk(leg) => self.legs.with(turn, leg, Leg::resend_ok),
                Alarm::NoAck(leg) => self.legs.with(turn, leg, Leg::no_ack),
                Alarm::GiveUpCancel(leg) => self.legs.with(turn, leg, Leg::give_up_cancel),
                Alarm::Binding(account) => self.registrar.expire(turn, account),
                Alarm::PageGone(account) => self.page_gone(turn, account),
            }
        }
    }
}
