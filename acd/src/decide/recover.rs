//! After a stop: what was open when the server died is closed, with the waits it had come to.

use events::{
    ConsultationOutcome, EndCause, Event, HungUpBy, MissedWhy, SkippedWhy, Timestamp,
    UnansweredCause,
};

use crate::acd::Acd;
use crate::call::{Call, Stage};
use crate::operator::Presence;

impl Acd {
    /// No leg survives the process: every call ends, with its waits up to `crashed_at`. Operators
    /// are signed out, since nobody knows whether they are still there: the desk signs in again by
    /// itself. Phones report anew.
    pub(super) fn recover(&self, crashed_at: Timestamp) -> Vec<Event> {
        let mut facts = Vec::new();
        for call in self.calls.values() {
            // A journal cut right after the talk has a rating that nobody would have asked for.
            let asked = self.settings.rates(&call.line);
            let lost_at = self.lost_at.filter(|at| call.arrived <= *at);
            let end = lost_at.map_or(crashed_at, |at| at.min(crashed_at));
            close(call, end, asked, &mut facts);
        }
        for operator in self.operators.values() {
            let id = || operator.id.clone();
            if let Presence::WrapUp { call, .. } = operator.presence {
                facts.push(Event::WrapUpEnded {
                    call,
                    operator: id(),
                });
            }
            if operator.is_signed_in() {
                facts.push(Event::OperatorSignedOut { operator: id() });
            }
            if operator.phone_up {
                facts.push(Event::PhoneUnreachable { operator: id() });
            }
        }
        facts
    }
}

fn close(call: &Call, end: Timestamp, asked: bool, facts: &mut Vec<Event>) {
    match &call.stage {
        Stage::AtDoor | Stage::Assistant | Stage::Parted | Stage::Farewell => {}
        Stage::Waiting(wait) => {
            facts.extend(wait.offers.iter().map(|offer| Event::OfferMissed {
                call: call.id,
                operator: offer.operator.clone(),
                why: MissedWhy::Failure,
            }));
            facts.push(call.unserved(end, UnansweredCause::Failure));
        }
        Stage::Talking {
            operator, since, ..
        } => {
            facts.extend(call.consulted_until(Some(end), ConsultationOutcome::Failure));
            facts.push(Event::TalkEnded {
                call: call.id,
                operator: operator.clone(),
                by: HungUpBy::Failure,
                talk_ms: end.since(*since),
            });
        }
        Stage::Outside(outside) => facts.push(outside.left(end, call.id, true)),
        Stage::Rating { .. } if !asked => {}
        Stage::Rating { .. } => facts.extend(call.rating_skipped(SkippedWhy::Failure)),
    }
    facts.push(call.ended(end, EndCause::ServerRestarted));
}
