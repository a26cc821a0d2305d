//! A number outside: who we are to the trunk, and the answer to its challenge (RFC 3261 §22.3).

use bytes::Bytes;
use events::LegId;

use super::{Audio, Leg, Progress, State};
use crate::auth::{Algorithm, Challenge, Login, NonceUse};
use crate::boundary::Flow;
use crate::dialog::{Caller, Dialog, first_invite};
use crate::gateway::Turn;
use crate::leg::Destination;
use crate::message::{Message, Method, StartLine, Uri};
use crate::transaction::User;
use crate::trunk::{Outbound, TrunkLogin};

/// The trunk's password, as long as a request of ours may be challenged: INVITE and BYE, once each.
#[derive(Debug, Default)]
pub(super) struct Pass {
    login: Option<TrunkLogin>,
    for_bye: bool,
}

/// Everything that the INVITE is made of.
#[derive(Debug)]
pub(super) struct Again {
    caller: Caller,
    to: Destination,
    sdp: Bytes,
}

impl Leg {
    /// Calls a number by a trunk.
    pub(crate) fn call(
        turn: &mut Turn<'_>,
        leg: LegId,
        by: &Outbound,
        (number, line, display): (&str, &str, &str),
        mut audio: Audio,
    ) -> Self {
        let transport = by.gateway.transport();
        let flow = Flow {
            transport,
            connection: 0,
            local: turn.local(transport),
            peer: by.gateway.address(),
        };
        let named = by.domain.as_ref();
        let named = named.and_then(|name| Uri::parse(&format!("sip:{number}@{name}")).ok());
        let to = Destination {
            uri: named.unwrap_or_else(|| Uri::sip(Some(number), flow.peer)),
            flow,
            pinned: false,
        };
        let caller = || Caller {
            call_id: String::new(),
            tag: String::new(),
            branch: String::new(),
            display: display.to_owned(),
            user: by.caller.clone().unwrap_or_else(|| line.to_owned()),
            domain: by.domain.clone(),
            asserted: true,
            cseq: 1,
        };
        let first = Caller {
            call_id: format!("{}{}", turn.word(), turn.word()),
            tag: turn.word(),
            branch: turn.branch(),
            ..caller()
        };
        let second = Caller {
            call_id: first.call_id.clone(),
            tag: first.tag.clone(),
            cseq: 2,
            ..caller()
        };
        let sdp = audio.description();
        let invite = first_invite(&first, &to, &sdp, &turn.net.config);
        let mut leg = Self::sends(turn, leg, (first, &to), audio, invite);
        leg.pass = Pass {
            login: by.login.clone(),
            for_bye: by.login.is_some(),
        };
        if let (State::Calling(calling), true) = (&mut leg.state, by.login.is_some()) {
            calling.again = Some(Box::new(Again {
                caller: second,
                to,
                sdp,
            }));
        }
        leg
    }

    /// The trunk asks who we are: says the INVITE once more with the password, under the next
    /// number (RFC 3261 §8.1.3.5). False if there is nothing to say, or nobody wants the call now.
    pub(super) fn asks_again(&mut self, turn: &mut Turn<'_>, response: &Message) -> bool {
        let State::Calling(calling) = &mut self.state else {
            return false;
        };
        let given_up = matches!(
            calling.progress,
            Progress::SilentThenCancel | Progress::Cancelled
        );
        if given_up || challenge(response).is_none() {
            return false;
        }
        let (Some(again), Some(login)) = (calling.again.take(), &self.pass.login) else {
            return false;
        };
        let Again {
            mut caller,
            to,
            sdp,
        } = *again;
        caller.branch = turn.branch();
        let mut invite = first_invite(&caller, &to, &sdp, &turn.net.config);
        sign(turn, &mut invite, response, login);
        let sent = (to.flow, invite);
        calling.progress = Progress::Silent;
        calling.tx = turn
            .net
            .transactions
            .invite(turn.now, sent, User::Invite(self.id), turn.out);
        true
    }

    /// Our BYE was answered; one that was challenged is said once more with the password, or the
    /// other side would hear nothing of our goodbye.
    pub(crate) fn bye_answered(&mut self, turn: &mut Turn<'_>, response: &Message) {
        let State::Leaving { dialog } = &mut self.state else {
            return;
        };
        let for_bye = std::mem::take(&mut self.pass.for_bye);
        let (true, Some(_), Some(login)) = (for_bye, challenge(response), &self.pass.login) else {
            return self.bye_done();
        };
        let bye = signed_bye(turn, dialog, response, login);
        let flow = dialog.way(&turn.net.config);
        turn.net
            .transactions
            .send(turn.now, (flow, &bye), User::Bye(self.id), turn.out);
    }
}

fn signed_bye(
    turn: &mut Turn<'_>,
    dialog: &mut Dialog,
    response: &Message,
    login: &TrunkLogin,
) -> Message {
    let branch = turn.branch();
    let flow = dialog.way(&turn.net.config);
    let mut bye = dialog.request(Method::Bye, flow, &branch, &turn.net.config);
    sign(turn, &mut bye, response, login);
    bye
}

/// The header to answer with and the challenge to answer, the strongest that we understand.
fn challenge(response: &Message) -> Option<(&'static str, Challenge)> {
    let (asks, answers) = match response.status()? {
        401 => ("WWW-Authenticate", "Authorization"),
        407 => ("Proxy-Authenticate", "Proxy-Authorization"),
        _ => return None,
    };
    let all: Vec<Challenge> = response
        .headers(asks)
        .filter_map(Challenge::parse)
        .collect();
    let strong = all.iter().find(|c| c.algorithm == Algorithm::Sha256);
    let chosen = strong.or_else(|| all.first())?;
    Some((answers, chosen.clone()))
}

fn sign(turn: &mut Turn<'_>, request: &mut Message, response: &Message, login: &TrunkLogin) {
    let Some((header, challenge)) = challenge(response) else {
        return;
    };
    let StartLine::Request { method, uri } = &request.start else {
        return;
    };
    let who = Login {
        user: &login.user,
        password: &login.password,
    };
    let cnonce = turn.word();
    let used = NonceUse {
        cnonce: &cnonce,
        count: 1,
    };
    let answer = challenge.answer(&who, method.as_str(), &uri.to_string(), &used);
    request.push(header, answer);
}
