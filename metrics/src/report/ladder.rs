//! A call as a text ladder: one fact a line, who did what to whom, in words.

use std::fmt::Write as _;

use events::{
    CallId, DialoguePurpose, EntryCause, Event, LegReport, Millis, OperatorId, Pii, Record,
    Timestamp, TransferTarget, Waits,
};

use super::russian::Russian as _;

/// What a ladder shows beside the order of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Times since the call arrived, waits, durations, confidences: everything that differs
    /// between two runs of the same story. Tests leave it out.
    pub times: bool,
    /// The caller's number, words and keys; `…` otherwise.
    pub personal: bool,
}

/// Width of the columns of names, in characters.
const NAME_WIDTH: usize = 20;

/// One rung: who, to whom, what.
struct Rung {
    from: String,
    to: String,
    what: String,
}

/// The facts of one call, as a ladder. Russian, since it is read by whoever answers for the line.
/// A call that the journal does not have gives a sentence that says so.
#[must_use]
pub fn ladder<'r>(records: impl Iterator<Item = &'r Record>, call: CallId, shown: Shown) -> String {
    let mut out = format!("Звонок {call}\n");
    let mut arrived: Option<Timestamp> = None;
    for record in records.filter(|record| record.event.call() == Some(call)) {
        let start = *arrived.get_or_insert(record.at);
        let Some(rung) = rung(&record.event, shown) else {
            continue;
        };
        if shown.times {
            let _ = write!(out, "{:>11}  ", since(start, record.at));
        }
        let arrow = if rung.to.is_empty() { "·" } else { "→" };
        let line = format!(
            "{from:<NAME_WIDTH$} {arrow} {to:<NAME_WIDTH$} {what}",
            from = rung.from,
            to = rung.to,
            what = rung.what
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if arrived.is_none() {
        let _ = writeln!(
            out,
            "В журнале нет фактов об этом звонке: проверьте номер звонка."
        );
    }
    out
}

fn rung(event: &Event, shown: Shown) -> Option<Rung> {
    door(event, shown)
        .or_else(|| assistant(event, shown))
        .or_else(|| queue(event, shown))
        .or_else(|| talk(event, shown))
        .or_else(|| after(event))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "one of five readers, each with its facts"
)]
fn door(event: &Event, shown: Shown) -> Option<Rung> {
    Some(match event {
        Event::CallArrived {
            line,
            service,
            trunk,
            caller,
            ..
        } => {
            let number = caller.as_ref().map_or_else(
                || "номер скрыт".to_owned(),
                |number| format!("номер {}", personal(number, shown)),
            );
            let what = format!("позвонил: вход {trunk}, {number}, услуга {service}");
            from_to("клиент", &format!("линия {line}"), what)
        }
        Event::LegAnswered { .. } => from_to("линия", "клиент", "соединение установлено".into()),
        Event::ServiceChosen { service, by, .. } => alone(
            "линия",
            format!("услуга {service}, выбрана {}", by.russian()),
        ),
        Event::CallEnded { cause, waits, .. } => {
            let what = format!(
                "звонок окончен: {}{}",
                cause.russian(),
                waited(*waits, shown)
            );
            alone("линия", what)
        }
        Event::LegMeasured { role, report, .. } => {
            let what = format!("звук плеча {}{}", role.russian(), measured(report, shown));
            alone("линия", what)
        }
        _ => return None,
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "one of five readers, each with its facts"
)]
fn assistant(event: &Event, shown: Shown) -> Option<Rung> {
    Some(match event {
        Event::DialogueStarted {
            purpose,
            script,
            version,
            ..
        } => {
            let what = format!(
                "диалог «{}»: сценарий {script} {version}",
                purpose.russian()
            );
            from_to("помощник", "клиент", what)
        }
        Event::StepReached { step, .. } => alone("помощник", format!("узел {step}")),
        Event::SpeechHeard {
            step,
            text,
            confidence_permille,
            accepted,
            latency_ms,
            ..
        } => {
            let mut what = format!("сказал «{}» в узле {step}", personal(text, shown));
            what.push_str(if *accepted {
                ": принято"
            } else {
                ": не понято"
            });
            if shown.times {
                let percent = confidence_permille / 10;
                let _ = write!(what, ", уверенность {percent} %, за {} мс", latency_ms.0);
            }
            from_to("клиент", "помощник", what)
        }
        Event::DigitPressed { step, digit, .. } => {
            let what = format!("нажал «{}» в узле {step}", personal(digit, shown));
            from_to("клиент", "помощник", what)
        }
        Event::DialogueEnded {
            purpose,
            outcome,
            notice_played,
            ..
        } => {
            let notice = match (purpose, notice_played) {
                (DialoguePurpose::Assistant, false) => ", о записи не предупреждён",
                (DialoguePurpose::Assistant, true) => ", о записи предупреждён",
                (DialoguePurpose::Rating | DialoguePurpose::Farewell, _) => "",
            };
            let (purpose, outcome) = (purpose.russian(), outcome.russian());
            alone(
                "помощник",
                format!("диалог «{purpose}» окончен: {outcome}{notice}"),
            )
        }
        _ => return None,
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "one of five readers, each with its facts"
)]
fn queue(event: &Event, shown: Shown) -> Option<Rung> {
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
            };
            let wanted = wanted.as_ref().map(|who| format!(" к сотруднику {who}"));
            let what = format!("клиент ждёт{}", wanted.unwrap_or_default());
            from_to(from, &format!("очередь {queue}"), what)
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

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "one of five readers, each with its facts"
)]
fn talk(event: &Event, shown: Shown) -> Option<Rung> {
    Some(match event {
        Event::RecordingStarted { file, .. } => {
            let file = if shown.times {
                format!(": {file}")
            } else {
                String::new()
            };
            alone("линия", format!("идёт запись{file}"))
        }
        Event::TalkHeld { operator, .. } => alone(operator.as_str(), "удержание".into()),
        Event::TalkResumed { operator, .. } => alone(operator.as_str(), "снят с удержания".into()),
        Event::CallTransferred { from, to, kind, .. } => {
            let to = match to {
                TransferTarget::Operator(operator) => operator.to_string(),
                TransferTarget::Queue(queue) => format!("очередь {queue}"),
            };
            from_to(
                from.as_str(),
                &to,
                format!("переключение {}", kind.russian()),
            )
        }
        Event::TalkEnded {
            operator,
            by,
            talk_ms,
            ..
        } => {
            let talked = shown
                .times
                .then(|| format!(", длился {}", seconds(*talk_ms)));
            let what = format!(
                "разговор окончен: {}{}",
                by.russian(),
                talked.unwrap_or_default()
            );
            alone(operator.as_str(), what)
        }
        _ => return None,
    })
}

/// After-call work and the rating. Exhaustive, so that a new fact gets a rung or a decision.
#[expect(clippy::too_many_lines, reason = "the list of facts that have their rung elsewhere")]
fn after(event: &Event) -> Option<Rung> {
    let said = |operator: &OperatorId, what: String| Some(alone(operator.as_str(), what));
    match event {
        Event::WrapUpStarted { operator, .. } => said(operator, "обработка началась".into()),
        Event::DispositionSet {
            operator,
            outcome,
            need,
            client,
            ..
        } => {
            let client = client.map(|client| format!(", {}", client.russian()));
            let (outcome, code, need) = (outcome.russian(), need.as_str(), need.russian());
            let client = client.unwrap_or_default();
            said(
                operator,
                format!("итог: {outcome}, потребность {code} «{need}»{client}"),
            )
        }
        Event::ScriptStepTicked {
            operator,
            script,
            step,
            done,
            ..
        } => {
            let done = if *done {
                "выполнен"
            } else {
                "снята отметка"
            };
            said(operator, format!("сценарий {script}, шаг {step}: {done}"))
        }
        Event::WrapUpEnded { operator, .. } => said(operator, "обработка окончена".into()),
        Event::CallRated {
            operator,
            service,
            score,
            ..
        } => {
            let what = format!("оценка {score}, услуга {service}");
            Some(from_to("клиент", operator.as_str(), what))
        }
        Event::RatingSkipped { operator, why, .. } => {
            let what = format!("нет оценки: {}", why.russian());
            Some(from_to("клиент", operator.as_str(), what))
        }
        Event::CallArrived { .. }
        | Event::LegAnswered { .. }
        | Event::ServiceChosen { .. }
        | Event::DialogueStarted { .. }
        | Event::StepReached { .. }
        | Event::SpeechHeard { .. }
        | Event::DigitPressed { .. }
        | Event::DialogueEnded { .. }
        | Event::QueueEntered { .. }
        | Event::CallOffered { .. }
        | Event::OfferRinging { .. }
        | Event::OfferAccepted { .. }
        | Event::OfferMissed { .. }
        | Event::LegsBridged { .. }
        | Event::CallUnanswered { .. }
        | Event::QueueLeft { .. }
        | Event::RecordingStarted { .. }
        | Event::TalkHeld { .. }
        | Event::TalkResumed { .. }
        | Event::CallTransferred { .. }
        | Event::TalkEnded { .. }
        | Event::LegMeasured { .. }
        | Event::CallEnded { .. }
        | Event::ServerStarted { .. }
        | Event::CatalogueLoaded(_)
        | Event::Heartbeat {}
        | Event::ServerStopped {}
        | Event::CallRefused { .. }
        | Event::OperatorSignedIn { .. }
        | Event::OperatorReady { .. }
        | Event::OperatorNotReady { .. }
        | Event::OperatorSignedOut { .. }
        | Event::PhoneReachable { .. }
        | Event::PhoneUnreachable { .. } => None,
    }
}

fn from_to(from: &str, to: &str, what: String) -> Rung {
    Rung {
        from: from.to_owned(),
        to: to.to_owned(),
        what,
    }
}

fn alone(who: &str, what: String) -> Rung {
    from_to(who, "", what)
}

fn personal<T: ToString>(value: &Pii<T>, shown: Shown) -> String {
    if shown.personal {
        value.expose().to_string()
    } else {
        "…".to_owned()
    }
}

fn waited(waits: Waits, shown: Shown) -> String {
    if !shown.times || waits == Waits::default() {
        return String::new();
    }
    format!(
        "; ожидание всего {}, в очереди {}, звонок {}",
        seconds(waits.total_ms),
        seconds(waits.queue_ms),
        seconds(waits.ring_ms)
    )
}

fn measured(report: &LegReport, shown: Shown) -> String {
    if !shown.times {
        return String::new();
    }
    format!(
        ": принято {}, потеряно {}, отправлено {} пакетов, джиттер {},{} мс",
        report.received_packets,
        report.lost_packets,
        report.sent_packets,
        report.jitter_us / 1_000,
        report.jitter_us % 1_000 / 100
    )
}

/// `12,345 с`.
fn seconds(ms: Millis) -> String {
    format!("{},{:03} с", ms.0 / 1_000, ms.0 % 1_000)
}

/// `+1:02,345`.
fn since(start: Timestamp, at: Timestamp) -> String {
    let ms = at.since(start).0;
    let (minutes, rest) = (ms / 60_000, ms % 60_000);
    format!("+{minutes}:{:02},{:03}", rest / 1_000, rest % 1_000)
}
