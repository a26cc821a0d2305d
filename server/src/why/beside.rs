//! What went on beside a talk: whom the operator asked, and what became of it.

use acd::{Call, Consultation};
use events::{
    ConsultationEvent, ConsultationOutcome, Event, Millis, OutsideEvent, TransferKind,
    TransferTarget,
};
use metrics::report::Russian as _;

use super::{Why, said, words};

impl Why {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the facts beside a talk; every other fact belongs to the ladder"
    )]
    pub(super) fn tell_beside(&mut self, fact: &Event) {
        match fact {
            Event::CallTransferred { from, to, kind, .. } => {
                let whom = target(to);
                let how = match kind {
                    TransferKind::Outside => String::new(),
                    TransferKind::Blind | TransferKind::Attended | TransferKind::Conference => {
                        format!(", {}", kind.russian())
                    }
                };
                self.say(&format!("{from} передал звонок: {whom}{how}"));
            }
            Event::Consultation(fact) => {
                let with = self.acd.call(self.call).and_then(Call::consultation);
                let with = with.map_or_else(|| "собеседник".to_owned(), person);
                if let Some(line) = consultation(fact, &with) {
                    self.say(&line);
                }
            }
            Event::Outside(fact) => self.say(&outside(fact)),
            _ => {}
        }
    }

    /// Why a colleague of a queue is asked for advice and why no other, before it happens. Who is
    /// named by the operator needs no reason.
    pub(super) fn asked(&self, fact: &ConsultationEvent) -> Vec<String> {
        let ConsultationEvent::Started {
            operator,
            to: TransferTarget::Queue(queue),
            with: Some(with),
            ..
        } = fact
        else {
            return Vec::new();
        };
        let chosen = self.acd.consultant(self.now, queue);
        let chosen = chosen.filter(|(chosen, _)| chosen == with);
        let because = chosen.map(|(chosen, reason)| format!("{chosen} выбран: {reason}"));
        let members = self.acd.queue(queue).into_iter();
        let others = members.flat_map(acd::Queue::members);
        let others = others.filter(|other| *other != with && *other != operator);
        let others = others.filter_map(|other| {
            let why = self.acd.why_not_asked(self.now, other)?;
            Some(format!("{other} не выбран: {}", said(&why)))
        });
        because.into_iter().chain(others).collect()
    }
}

/// Somebody who is asked or takes a caller. Numbers are people's, and are not told.
fn target(to: &TransferTarget) -> String {
    match to {
        TransferTarget::Operator(operator) => operator.to_string(),
        TransferTarget::Queue(queue) => format!("очередь {queue}"),
        TransferTarget::Outside(_) => "внешний номер".to_owned(),
    }
}

/// Who is asked.
fn person(beside: &Consultation) -> String {
    let outside = || "внешний номер".to_owned();
    beside
        .with
        .as_ref()
        .map_or_else(outside, ToString::to_string)
}

/// A step of a consultation with this person; none for one that the transfer before it tells.
fn consultation(fact: &ConsultationEvent, with: &str) -> Option<String> {
    Some(match fact {
        ConsultationEvent::Started { operator, to, .. } => {
            let chosen = match to {
                TransferTarget::Operator(_) => format!("коллегу выбрал сам: {with}"),
                TransferTarget::Queue(queue) => format!("очередь {queue}, звонок у {with}"),
                TransferTarget::Outside(_) => with.to_owned(),
            };
            format!("{operator} советуется, клиент слышит музыку: {chosen}")
        }
        ConsultationEvent::Answered { operator, .. } => {
            format!("{with} ответил: говорит с {operator}, клиент их не слышит")
        }
        ConsultationEvent::Swapped {
            operator,
            to_caller: true,
            ..
        } => format!("{operator} говорит с клиентом, {with} ждёт"),
        ConsultationEvent::Swapped { operator, .. } => {
            format!("{operator} снова говорит с {with}, клиент слышит музыку")
        }
        ConsultationEvent::ConferenceStarted { operator, .. } => {
            format!("говорят втроём: клиент, {operator} и {with}")
        }
        ConsultationEvent::Ended {
            outcome: ConsultationOutcome::Transferred,
            ..
        } => return None,
        ConsultationEvent::Ended {
            outcome,
            consulted_ms,
            ..
        } => {
            let talked = match consulted_ms {
                Millis(0) => String::new(),
                lasted => format!(", говорили {}", words(*lasted)),
            };
            format!("совет окончен: {}{talked}", outcome.russian())
        }
    })
}

/// A step of a talk with a number outside.
fn outside(fact: &OutsideEvent) -> String {
    match fact {
        OutsideEvent::Dialled { operator, .. } => {
            format!("{operator} передаёт клиента на внешний номер, номер вызывается")
        }
        OutsideEvent::Joined { .. } => "внешний номер ответил и говорит с клиентом".to_owned(),
        OutsideEvent::Missed { outcome, .. } => {
            format!("внешний номер не ответил: {}", outcome.russian())
        }
        OutsideEvent::Ended { talk_ms, .. } => {
            let lasted = words(*talk_ms);
            format!("разговор с внешним номером окончен, длился {lasted}")
        }
    }
}
