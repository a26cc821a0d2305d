//! A caller at the door: who, whether, and which leg.

use events::{LegId, Pii, RefusedWhy};

use super::Core;
use super::reply::Reply;
use super::requests::unsupported;
use super::route::check_body;
use super::turn::{Ask, Turn};
use crate::admission::Verdict as Admitted;
use crate::auth::Verdict;
use crate::boundary::{LegEvent, Output};
use crate::leg::{Arrival, Audio, Leg};
use crate::message::{Message, NameAddr, Scheme};

/// What `Offered` calls the trunk of a phone of ours.
const REGISTERED: &str = "registered";

/// Who sent an INVITE.
enum Who {
    Trunk(String),
    Phone,
}

impl Core {
    /// A new INVITE. True if it made the leg `leg`.
    pub(super) fn invite(&mut self, turn: &mut Turn<'_>, ask: &Ask, leg: LegId) -> bool {
        if self.legs.of_invite(&ask.message).is_some() {
            turn.refuse(ask, &Reply::new(482, ""));
            return false;
        }
        let Some(who) = self.who(turn, ask) else {
            return false;
        };
        let Some(dialled) = dialled(&ask.message) else {
            turn.refuse(ask, &Reply::new(404, ""));
            return false;
        };
        if !self.admit(turn, ask, &dialled) {
            return false;
        }
        if let Some(reply) = unacceptable(&ask.message) {
            turn.refuse(ask, &reply);
            return false;
        }
        let Some(audio) = self.audio(turn, ask, leg, &dialled) else {
            return false;
        };
        let tx = turn.invited(ask);
        turn.respond(tx, &ask.message, &Reply::new(100, ""));
        let (trunk, pinned) = match who {
            Who::Trunk(name) => (name, false),
            Who::Phone => (REGISTERED.to_owned(), true),
        };
        let caller = caller(&ask.message, !pinned).map(Pii::new);
        let arrival = Arrival {
            leg,
            tx,
            pinned,
            audio,
        };
        self.legs
            .insert(Leg::offered(turn, ask, arrival), Some(&ask.message));
        turn.tell(LegEvent::Offered {
            leg,
            dialled,
            caller,
            trunk,
        });
        true
    }

    /// The trunk the packet came from, or the phone whose credentials it carries. Nobody else gets
    /// past a challenge, and a challenge costs us no memory.
    fn who(&mut self, turn: &mut Turn<'_>, ask: &Ask) -> Option<Who> {
        let source = ask.came_by.peer.ip();
        let trunk = turn
            .net
            .config
            .trunks
            .iter()
            .find(|trunk| trunk.sources.iter().any(|network| network.contains(source)));
        if let Some(trunk) = trunk {
            return Some(Who::Trunk(trunk.name.clone()));
        }
        if self.admission.is_slow(turn.now) {
            let reply = busy(turn);
            turn.turn_away(ask, &reply);
            return None;
        }
        let account = self.authenticate(turn, ask)?;
        // A phone calls as itself: nobody may show another's number.
        if ask.message.from().uri.user_decoded().as_deref() != Some(self.registrar.name(account)) {
            turn.refuse(ask, &Reply::new(403, ""));
            return None;
        }
        Some(Who::Phone)
    }

    /// The account whose credentials a request carries; else the challenge has been sent. Unknown
    /// users, wrong passwords and missing credentials all get the same answer.
    fn authenticate(&mut self, turn: &mut Turn<'_>, ask: &Ask) -> Option<usize> {
        let registrar = &self.registrar;
        let password_of = |user: &str| registrar.account(user).map(|(_, password)| password);
        let stale = match self.digest.check(turn.now, &ask.message, password_of) {
            Verdict::Authenticated { user } => {
                return registrar.account(&user).map(|(account, _)| account);
            }
            Verdict::Stale => true,
            Verdict::Missing | Verdict::Wrong => false,
        };
        let mut reply = Reply::new(401, "");
        for challenge in self.digest.challenges(turn.now, stale) {
            reply = reply.header("WWW-Authenticate", challenge);
        }
        turn.turn_away(ask, &reply);
        None
    }

    /// REGISTER: credentials, then the registrar.
    pub(super) fn register(&mut self, turn: &mut Turn<'_>, ask: &Ask) {
        if ask.message.header("Require").is_some() {
            return turn.turn_away(ask, &unsupported(&ask.message));
        }
        let Some(account) = self.authenticate(turn, ask) else {
            return;
        };
        if ask.message.to().uri.user_decoded().as_deref() != Some(self.registrar.name(account)) {
            return turn.turn_away(ask, &Reply::new(403, ""));
        }
        self.registrar.register(turn, ask, account);
    }

    fn admit(&mut self, turn: &mut Turn<'_>, ask: &Ask, dialled: &str) -> bool {
        let limits = turn.net.config.limits;
        let (why, reply) = match self.admission.judge(turn.now, self.open_legs(), &limits) {
            Admitted::Admit => return true,
            Admitted::Overload => (RefusedWhy::Overload, busy(turn)),
            Admitted::Draining => (RefusedWhy::Draining, busy(turn)),
        };
        turned_away(turn, ask, (dialled, why), &reply);
        false
    }

    /// The leg's port and, if the INVITE has an offer, our answer.
    fn audio(&self, turn: &mut Turn<'_>, ask: &Ask, leg: LegId, dialled: &str) -> Option<Audio> {
        let offer = &ask.message.body;
        let no_media = (dialled, RefusedWhy::NoMedia);
        let Some(mut audio) = Audio::new(turn) else {
            let reply = busy(turn);
            turned_away(turn, ask, no_media, &reply);
            return None;
        };
        if !offer.is_empty()
            && let Err(status) = audio.answer(turn, offer)
        {
            audio.give_back(turn);
            turned_away(turn, ask, no_media, &Reply::new(status, ""));
            return None;
        }
        audio.open(turn, leg, None);
        Some(audio)
    }
}

/// Refuses a call that would have been one, and says so.
fn turned_away(
    turn: &mut Turn<'_>,
    ask: &Ask,
    (dialled, why): (&str, RefusedWhy),
    reply: &Reply<'_>,
) {
    turn.refuse(ask, reply);
    let dialled = dialled.to_owned();
    turn.out.push(Output::Refused {
        dialled,
        why,
        status: reply.status,
    });
}

fn busy(turn: &Turn<'_>) -> Reply<'static> {
    let seconds = turn.net.config.limits.retry_after_s;
    Reply::new(503, "").header("Retry-After", seconds.to_string())
}

/// What is wrong with an INVITE that is readable and allowed.
fn unacceptable(invite: &Message) -> Option<Reply<'static>> {
    if invite.header("Require").is_some() {
        return Some(unsupported(invite));
    }
    if invite.contacts().len() != 1 {
        return Some(Reply::new(400, ""));
    }
    check_body(invite).map(|status| Reply::new(status, "").accept())
}

fn dialled(invite: &Message) -> Option<String> {
    invite.uri()?.user_decoded().filter(|user| !user.is_empty())
}

/// The caller's number: a trunk's P-Asserted-Identity goes before From (RFC 3325 §9.1); none if
/// withheld (RFC 3323 §4.1, RFC 3325 §9.3).
fn caller(invite: &Message, trusted: bool) -> Option<String> {
    if invite
        .tokens("Privacy")
        .any(|word| word.contains("id") || word.contains("user"))
    {
        return None;
    }
    let asserted = || NameAddr::parse(invite.header("P-Asserted-Identity")?).ok();
    let address = if trusted { asserted() } else { None };
    let uri = address.map_or_else(|| invite.from().uri.clone(), |address| address.uri);
    let user = uri.user_decoded()?;
    let nobody = *uri.scheme() != Scheme::Tel && user.eq_ignore_ascii_case("anonymous");
    (!nobody && !user.is_empty()).then_some(user)
}
