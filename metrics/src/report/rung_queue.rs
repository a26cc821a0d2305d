//! The rungs of a wait: queues, offers, the bridge.

use events::{CaseNumber, EntryCause, Event};

use super::ladder::Shown;
use super::rung::{Rung, alone, from_to, waited};
use super::russian::Russian as _;

#[expect(clippy::too_many_lines, reason = "one arm a fact, each of them plain")]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "one of five readers, each with its facts"
)]
pub(super) fn queue(event: &Event, shown: Shown) -> Option<Rung> {
    Some(match event {
        Event::QueueEntered {
            queue,
            because,
            wanted,
            ..
        } => {
            let from = match because {
                EntryCause::Assistant => "помощник",
                EntryCause::Transfer => "переключение",
                EntryCause::Returned => "обрыв разговора",
                EntryCause::Callback => "обратный звонок",
                EntryCause::Overflow => "другая очередь",
                EntryCause::Moved => "старший смены",
            };
            let wanted = wanted.as_ref().map(|who| format!(" к сотруднику {who}"));
            let what = format!("клиент ждёт{}", wanted.unwrap_or_default());
            from_to(from, &format!("очередь {queue}"), what)
        }
        Event::OverflowPutOff { to, reason, .. } => {
            let what = format!("в очередь {to} пока не передан: {reason}");
            alone("очередь", what)
        }
        Event::WaitEstimated {
            queue, position, ..
        } => {
            let what = format!("клиенту названо ожидание: место {position}");
            from_to(&format!("очередь {queue}"), "клиент", what)
        }
        Event::PlaceKept {
            case, queue, waits, ..
        } => {
            let number = CaseNumber::of(*case);
            let number = number.digits();
            let what = format!(
                "место сохранено, перезвоним по обращению {number}{}",
                waited(*waits, shown)
            );
            from_to(&format!("очередь {queue}"), "клиент", what)
        }
        Event::CircleWidened { queue, circle, .. } => {
            let what = format!("круг сотрудников расширен до {}-го", circle + 1);
            alone(&format!("очередь {queue}"), what)
        }
        Event::CallOffered {
            operator, reason, ..
        } => from_to(
            "очередь",
            operator.as_str(),
            format!("предложен звонок: {reason}"),
        ),
        Event::OfferRinging { operator, .. } => alone(operator.as_str(), "телефон звонит".into()),
        Event::OfferAccepted { operator, .. } => alone(operator.as_str(), "снял трубку".into()),
        Event::OfferMissed { operator, why, .. } => alone(
            operator.as_str(),
            format!("предложение не принято: {}", why.russian()),
        ),
        Event::LegsBridged {
            operator, waits, ..
        } => {
            let what = format!("разговор начался{}", waited(*waits, shown));
            from_to(operator.as_str(), "клиент", what)
        }
        Event::QueueLeft { queue, cause, .. } => {
            let what = format!("следующего сотрудника не дождался: {}", cause.russian());
            alone(&format!("очередь {queue}"), what)
        }
        Event::CallUnanswered { cause, waits, .. } => {
            let what = format!("без ответа: {}{}", cause.russian(), waited(*waits, shown));
            alone("линия", what)
        }
        _ => return None,
    })
}
