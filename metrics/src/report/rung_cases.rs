//! Rungs of what the assistant asks of the house, and of what becomes of it.

use events::{CaseEvent, CaseNumber, Event, Pii};

use super::Shown;
use super::rung::{Rung, alone, from_to, personal};
use super::russian::Russian as _;

/// The rung of a task or a case; none for every other fact.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "one of several readers, each with its facts"
)]
pub(super) fn tasks(event: &Event, shown: Shown) -> Option<Rung> {
    Some(match event {
        Event::AnswerRecorded { step, file, .. } => from_to(
            "клиент",
            "помощник",
            format!("ответ записан в узле {step}: {file}"),
        ),
        Event::TaskAsked { step, task, .. } => {
            let what = format!("{} (узел {step})", task.russian());
            from_to("помощник", "служба", what)
        }
        Event::TaskAnswered {
            task,
            outcome,
            latency_ms,
            ..
        } => {
            let took = if shown.times {
                format!(", за {} мс", latency_ms.0)
            } else {
                String::new()
            };
            let what = format!("{}: {}{took}", task.russian(), outcome.russian());
            from_to("служба", "помощник", what)
        }
        Event::Case(fact) => alone("служба", case(fact, shown)),
        _ => return None,
    })
}

fn case(fact: &CaseEvent, shown: Shown) -> String {
    let number = CaseNumber::of(fact.case());
    match fact {
        CaseEvent::AppointmentBooked {
            service,
            place,
            name,
            ..
        } => {
            let name = name.as_ref().map(|name| said(name, shown));
            let name = name.unwrap_or_else(|| "без имени".into());
            format!("запись на приём {number}: {place}, услуга {service}, {name}")
        }
        CaseEvent::AppointmentMoved { place, .. } => {
            format!("запись на приём {number} перенесена: {place}")
        }
        CaseEvent::AppointmentCancelled { by, .. } => {
            format!("запись на приём {number} отменена: {}", by.russian())
        }
        CaseEvent::ComplaintFiled {
            service,
            responsible,
            due,
            ..
        } => format!("жалоба {number}: услуга {service}, отвечает {responsible}, срок {due}"),
        CaseEvent::ComplaintAnswered { operator, .. } => {
            format!("на жалобу {number} дан ответ: {operator}")
        }
        CaseEvent::CallbackRequested { service, phone, .. } => {
            let phone = personal(phone, shown);
            format!("обратный звонок {number}: номер {phone}, услуга {service}")
        }
        CaseEvent::CallbackEnded { outcome, .. } => {
            format!("обратный звонок {number} окончен: {}", outcome.russian())
        }
    }
}

fn said(name: &Pii<String>, shown: Shown) -> String {
    format!("имя {}", personal(name, shown))
}

/// Whether a fact stands on a call's ladder.
#[must_use]
pub fn concerns(event: &Event, call: events::CallId) -> bool {
    if let Event::Case(fact) = event {
        fact.call() == Some(call)
    } else {
        event.call() == Some(call)
    }
}
