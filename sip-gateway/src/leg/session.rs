//! What may come while a leg stands: re-INVITE, UPDATE, INFO.

use super::{Leg, State};
use crate::boundary::{Flow, LegEvent};
use crate::dialog::Dialog;
use crate::gateway::{Ask, Reply, Turn, check_body};
use crate::transaction::TxId;

/// What a request inside the dialog may do.
enum Standing<'a> {
    Yes(&'a mut Dialog),
    /// 481: no dialog, or it is being left.
    No,
    /// 491: an INVITE or an offer of ours is open (RFC 3261 §14.2, RFC 3311 §5.2).
    Glare,
    /// 500 with Retry-After: their own earlier one is open (RFC 3261 §14.2).
    Busy,
}

impl Leg {
    fn standing(&mut self) -> Standing<'_> {
        match &mut self.state {
            State::Standing { ok: Some(ok), .. }
            | State::Answered {
                ok, leaving: false, ..
            } if ok.asks => Standing::Glare,
            State::Standing { dialog, .. }
            | State::Answered {
                dialog,
                leaving: false,
                ..
            } => Standing::Yes(dialog),
            State::Offered(_) => Standing::Busy,
            State::Calling(_) => Standing::Glare,
            State::Answered { leaving: true, .. } | State::Leaving { .. } | State::Over => {
                Standing::No
            }
        }
    }

    /// A request inside the dialog that changes the session, or only says where the peer is now.
    /// The answer comes from the leg's own state; the switchboard hears of hold only.
    ///
    /// A re-INVITE that comes while the ACK of an earlier 2xx is missing proves that the 2xx
    /// arrived (RFC 3261 §14.1: no new INVITE while another is open), so the ACK is taken as lost.
    pub(crate) fn reinvite(&mut self, turn: &mut Turn<'_>, ask: &Ask, tx: TxId) {
        let tag = self.local_tag().to_owned();
        let refuse = |turn: &mut Turn<'_>, reply: Reply<'_>| {
            turn.respond(tx, &ask.message, &reply);
        };
        let dialog = match self.standing() {
            Standing::Yes(dialog) => dialog,
            Standing::No => return refuse(turn, Reply::new(481, &tag)),
            Standing::Glare => return refuse(turn, Reply::new(491, &tag)),
            Standing::Busy => {
                let reply = Reply::try_later(500, &tag, turn);
                return refuse(turn, reply);
            }
        };
        if !dialog.takes(ask.message.cseq().0) {
            return refuse(turn, Reply::new(500, &tag));
        }
        dialog.refresh(&ask.message, ask.came_by);
        if let Some(status) = check_body(&ask.message) {
            return refuse(turn, Reply::new(status, &tag).accept());
        }
        let asks = ask.message.body.is_empty();
        let sdp = if asks {
            self.audio.offer()
        } else {
            match self.audio.answer(turn, &ask.message.body) {
                Ok(sdp) => sdp,
                Err(status) => return refuse(turn, Reply::new(status, &tag)),
            }
        };
        let reply = Reply::new(200, &tag).contact(ask.flow).sdp(&sdp);
        let bytes = turn.respond(tx, &ask.message, &reply);
        if !asks {
            self.audio.commit(turn, self.id);
        }
        self.settle(turn);
        let ok = self.unacked(turn, (tx, ask.message.cseq().0), bytes, asks);
        match self.take() {
            State::Answered { dialog, .. } => {
                self.state = State::Standing {
                    dialog,
                    ok: Some(ok),
                };
                turn.tell(LegEvent::Established { leg: self.id });
            }
            State::Standing { dialog, .. } => {
                self.state = State::Standing {
                    dialog,
                    ok: Some(ok),
                }
            }
            other @ (State::Offered(_)
            | State::Calling(_)
            | State::Leaving { .. }
            | State::Over) => self.state = other,
        }
    }

    /// UPDATE (RFC 3311): like a re-INVITE, but answered at once and without ACK.
    pub(crate) fn update(&mut self, turn: &mut Turn<'_>, ask: &Ask) {
        let offers = !ask.message.body.is_empty();
        let dialog = match self.standing() {
            Standing::Yes(dialog) => dialog,
            Standing::No => return turn.answer(ask, &Reply::new(481, "")),
            Standing::Glare if offers => return turn.answer(ask, &Reply::new(491, "")),
            Standing::Busy if offers => {
                let reply = Reply::try_later(500, "", turn);
                return turn.answer(ask, &reply);
            }
            // Without an offer it only refreshes an early dialog.
            Standing::Glare | Standing::Busy => {
                return turn.answer(ask, &Reply::new(200, "").contact(ask.flow));
            }
        };
        dialog.refresh(&ask.message, ask.came_by);
        let reply = Reply::new(200, "").contact(ask.flow);
        if !offers {
            return turn.answer(ask, &reply);
        }
        if let Some(status) = check_body(&ask.message) {
            return turn.answer(ask, &Reply::new(status, "").accept());
        }
        match self.audio.answer(turn, &ask.message.body) {
            Ok(sdp) => {
                turn.answer(ask, &reply.sdp(&sdp));
                self.audio.commit(turn, self.id);
            }
            Err(status) => turn.answer(ask, &Reply::new(status, "")),
        }
    }

    /// INFO: a key, or something that we politely ignore.
    pub(crate) fn info(&mut self, turn: &mut Turn<'_>, ask: &Ask) {
        if !matches!(self.standing(), Standing::Yes(_)) {
            return turn.answer(ask, &Reply::new(481, ""));
        }
        let kind = ask.message.header("Content-Type").unwrap_or_default();
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let digit = match kind.as_str() {
            "" => None,
            "application/dtmf-relay" => relayed_digit(&ask.message.body),
            "application/dtmf" => plain_digit(&ask.message.body),
            _ => {
                let reply = Reply::new(415, "").header("Accept", "application/dtmf-relay".into());
                return turn.answer(ask, &reply);
            }
        };
        turn.answer(ask, &Reply::new(200, ""));
        if let Some(digit) = digit
            && self.is_open()
        {
            turn.tell(LegEvent::Digit {
                leg: self.id,
                digit,
            });
        }
    }

    /// Whether a request of the other side comes in order (RFC 3261 §12.2.2); its number counts from
    /// now on. Early dialogs are not so strict: their INVITE has the last word.
    pub(crate) const fn takes(&mut self, cseq: u32) -> bool {
        match &mut self.state {
            State::Standing { dialog, .. }
            | State::Answered { dialog, .. }
            | State::Leaving { dialog } => dialog.takes(cseq),
            State::Offered(_) | State::Calling(_) | State::Over => true,
        }
    }

    /// The way that a message of the dialog came by: later requests of ours take it too.
    pub(crate) const fn heard_by(&mut self, flow: Flow) {
        if let State::Standing { dialog, .. } | State::Answered { dialog, .. } = &mut self.state {
            dialog.heard_by(flow);
        }
    }
}

/// `Signal=5` of application/dtmf-relay.
fn relayed_digit(body: &[u8]) -> Option<char> {
    let text = std::str::from_utf8(body).ok()?;
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("signal")
            .then(|| digit_of(value))?
    })
}

/// The only character of application/dtmf.
fn plain_digit(body: &[u8]) -> Option<char> {
    digit_of(std::str::from_utf8(body).ok()?)
}

fn digit_of(word: &str) -> Option<char> {
    match word.trim() {
        "10" => Some('*'),
        "11" => Some('#'),
        word => {
            let mut chars = word.chars().map(|c| c.to_ascii_uppercase());
            let digit = chars.next()?;
            let known = matches!(digit, '0'..='9' | '*' | '#' | 'A'..='D');
            (known && chars.next().is_none()).then_some(digit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_both_kinds_of_info() {
        assert_eq!(relayed_digit(b"Signal=5\r\nDuration=160\r\n"), Some('5'));
        assert_eq!(relayed_digit(b"Signal= *\nDuration= 100"), Some('*'));
        assert_eq!(relayed_digit(b"Duration=100\r\nsignal=11\r\n"), Some('#'));
        assert_eq!(relayed_digit(b"Signal=55"), None);
        assert_eq!(relayed_digit(b"nonsense"), None);
        assert_eq!(plain_digit(b"d\r\n"), Some('D'));
        assert_eq!(plain_digit("я".as_bytes()), None);
        assert_eq!(plain_digit(b"\xff"), None);
    }
}
