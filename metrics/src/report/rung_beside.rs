//! Rungs of what happens beside a talk: consultations and numbers outside.

use events::{ConsultationEvent, Event, OperatorId, OutsideEvent, TransferTarget};

use super::Shown;
use super::rung::{Rung, alone, from_to, personal, seconds};
use super::russian::Russian as _;

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "one of several readers, each with its facts"
)]
pub(super) fn beside(event: &Event, shown: Shown) -> Option<Rung> {
    match event {
        Event::Consultation(fact) => Some(consultation(fact, shown)),
        Event::Outside(fact) => Some(outside(fact, shown)),
        _ => None,
    }
}

/// To whom a caller is handed on, or who is consulted.
pub(super) fn target(to: &TransferTarget, shown: Shown) -> String {
    match to {
        TransferTarget::Operator(operator) => operator.to_string(),
        TransferTarget::Queue(queue) => format!("очередь {queue}"),
        TransferTarget::Outside(number) => format!("номер {}", personal(number, shown)),
    }
}

fn consultation(fact: &ConsultationEvent, shown: Shown) -> Rung {
    let name = |with: &Option<OperatorId>| {
        with.as_ref()
            .map_or_else(|| "внешний номер".to_owned(), ToString::to_string)
    };
    match fact {
        ConsultationEvent::Started {
            operator, to, with, ..
        } => {
            let chosen = match to {
                TransferTarget::Queue(queue) => format!(", свободен в очереди {queue}"),
                TransferTarget::Operator(_) => String::new(),
                TransferTarget::Outside(_) => format!(": {}", target(to, shown)),
            };
            let what = format!("вызывает на консультацию{chosen}");
            from_to(operator.as_str(), &name(with), what)
        }
        ConsultationEvent::Answered { operator, with, .. } => from_to(
            &name(with),
            operator.as_str(),
            "ответил: консультация идёт, клиент слышит музыку".into(),
        ),
        ConsultationEvent::Swapped {
            operator,
            to_caller: true,
            ..
        } => from_to(
            operator.as_str(),
            "клиент",
            "говорит с клиентом, консультант ждёт".into(),
        ),
        ConsultationEvent::Swapped {
            operator,
            to_caller: false,
            ..
        } => alone(
            operator.as_str(),
            "говорит с консультантом, клиент ждёт".into(),
        ),
        ConsultationEvent::ConferenceStarted { operator, .. } => {
            alone(operator.as_str(), "конференция: говорят все трое".into())
        }
        ConsultationEvent::Ended {
            operator,
            with,
            outcome,
            consulted_ms,
            ..
        } => {
            let length = (shown.times && consulted_ms.0 > 0)
                .then(|| format!(", длилась {}", seconds(*consulted_ms)));
            let what = format!(
                "консультация окончена: {}{}",
                outcome.russian(),
                length.unwrap_or_default()
            );
            from_to(operator.as_str(), &name(with), what)
        }
    }
}

fn outside(fact: &OutsideEvent, shown: Shown) -> Rung {
    match fact {
        OutsideEvent::Dialled {
            operator, number, ..
        } => {
            let what = format!("вызываем номер {} для клиента", personal(number, shown));
            from_to(operator.as_str(), "внешний номер", what)
        }
        OutsideEvent::Joined { .. } => from_to("клиент", "внешний номер", "разговор".into()),
        OutsideEvent::Missed { outcome, .. } => alone(
            "внешний номер",
            format!("разговор не состоялся: {}", outcome.russian()),
        ),
        OutsideEvent::Ended { by, talk_ms, .. } => {
            let length = shown
                .times
                .then(|| format!(", длился {}", seconds(*talk_ms)));
            let who = match by {
                events::HungUpBy::Caller => "завершил клиент",
                events::HungUpBy::Failure => "обрыв",
                events::HungUpBy::Operator | events::HungUpBy::Transfer => {
                    "завершил внешний абонент"
                }
            };
            let what = format!("разговор окончен: {who}{}", length.unwrap_or_default());
            alone("внешний номер", what)
        }
    }
}
