//! A call as a text ladder: one fact a line, who did what to whom, in words.

use std::fmt::Write as _;

use events::{CallId, DialoguePurpose, Event, OperatorId, PlacedEvent, Record, Timestamp};

use super::rung::{Rung, alone, from_to, measured, personal, seconds, since, waited};
use super::rung_beside::{beside, target};
use super::rung_cases::{concerns, tasks};
use super::rung_guidance::guidance;
use super::rung_queue::queue;
use super::rung_supervision::supervision;
use super::rung_transcript::transcript;
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

/// The facts of one call, as a ladder. Russian, since it is read by whoever answers for the line.
/// A call that the journal does not have gives a sentence that says so.
#[must_use]
pub fn ladder<'r>(records: impl Iterator<Item = &'r Record>, call: CallId, shown: Shown) -> String {
    let mut out = format!("Звонок {call}\n");
    let mut arrived: Option<Timestamp> = None;
    for record in records.filter(|record| concerns(&record.event, call)) {
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
        .or_else(|| tasks(event, shown))
        .or_else(|| queue(event, shown))
        .or_else(|| talk(event, shown))
        .or_else(|| beside(event, shown))
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
        Event::Placed(fact) => return placed(fact, shown),
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

/// A call that the house places.
fn placed(fact: &PlacedEvent, shown: Shown) -> Option<Rung> {
    Some(match fact {
        PlacedEvent::Dialled {
            trunk,
            line,
            service,
            to,
            why,
            ..
        } => {
            let number = personal(to, shown);
            let why = why.russian();
            let what = format!("звоним: {why}, номер {number}, выход {trunk}, услуга {service}");
            from_to(&format!("линия {line}"), "клиент", what)
        }
        PlacedEvent::Answered { .. } => from_to("клиент", "линия", "снял трубку".into()),
        PlacedEvent::HandedOver { line, .. } => {
            alone(&format!("линия {line}"), "клиент просит сотрудника".into())
        }
        PlacedEvent::Ended { outcome, .. } => {
            alone("линия", format!("звонок окончен: {}", outcome.russian()))
        }
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
                (
                    DialoguePurpose::Rating | DialoguePurpose::Farewell | DialoguePurpose::Waiting,
                    _,
                ) => "",
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
        Event::Supervision(fact) => supervision(fact, shown),
        Event::Transcript(fact) => transcript(fact, shown),
        Event::CallTransferred { from, to, kind, .. } => {
            let to = target(to, shown);
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
#[expect(
    clippy::too_many_lines,
    reason = "the list of facts that have their rung elsewhere"
)]
fn after(event: &Event) -> Option<Rung> {
    let said = |operator: &OperatorId, what: String| Some(alone(operator.as_str(), what));
    match event {
        Event::WrapUpStarted { operator, .. } => said(operator, "обработка началась".into()),
        Event::WrapUpExtended { operator, left, .. } => said(
            operator,
            format!("обработка продлена, ещё можно раз: {left}"),
        ),
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
        Event::Script(fact) => said(fact.operator(), guidance(fact)),
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
        | Event::TextReceived { .. }
        | Event::TextSent { .. }
        | Event::AnswerRecorded { .. }
        | Event::TaskAsked { .. }
        | Event::TaskAnswered { .. }
        | Event::TopicSuggested { .. }
        | Event::Case(_)
        | Event::Notification(_)
        | Event::Placed(_)
        | Event::BroadcastSet { .. }
        | Event::ScriptsReloaded { .. }
        | Event::Administered { .. }
        | Event::ScriptText(_)
        | Event::Training(_)
        | Event::QueueEntered { .. }
        | Event::CircleWidened { .. }
        | Event::OverflowPutOff { .. }
        | Event::WaitEstimated { .. }
        | Event::PlaceKept { .. }
        | Event::PlacePutOff { .. }
        | Event::QueueOpened { .. }
        | Event::QueueClosed { .. }
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
        | Event::Supervision(_)
        | Event::Transcript(_)
        | Event::Consultation(_)
        | Event::Outside(_)
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
        | Event::PauseOverrun { .. }
        | Event::OperatorSignedOut { .. }
        | Event::PhoneReachable { .. }
        | Event::PhoneUnreachable { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, play};
    use expect_test::expect;

    fn story() -> Vec<Record> {
        play(Story::default())
    }

    /// The first call that was transferred and rated.
    fn a_call(records: &[Record]) -> CallId {
        let of = |wanted: fn(&Event) -> bool| {
            let calls = records.iter().filter(|r| wanted(&r.event));
            calls.filter_map(|r| r.event.call()).collect::<Vec<_>>()
        };
        let rated = of(|e| matches!(e, Event::CallRated { .. }));
        let transferred = of(|e| matches!(e, Event::CallTransferred { .. }));
        let both = transferred.iter().find(|call| rated.contains(call));
        *both.expect("a call that was transferred and rated")
    }

    #[test]
    fn a_call_reads_as_a_story_without_times() {
        let records = story();
        let shown = Shown {
            times: false,
            personal: false,
        };
        expect![[r#"
            Звонок C1
            клиент               → линия 100            позвонил: вход loopback, номер …, услуга undetermined
            линия                → клиент               соединение установлено
            помощник             → клиент               диалог «консультация»: сценарий consultation 1
            помощник             ·                      узел greeting
            помощник             ·                      узел topic
            клиент               → помощник             сказал «…» в узле topic: принято
            линия                ·                      услуга appointment, выбрана голосом
            помощник             ·                      диалог «консультация» окончен: к сотруднику по просьбе, о записи предупреждён
            помощник             → очередь consultation клиент ждёт
            очередь              → operator3            предложен звонок: дольше всех свободен
            operator3            ·                      телефон звонит
            operator3            ·                      снял трубку
            operator3            → клиент               разговор начался
            линия                ·                      идёт запись
            operator3            → очередь consultation переключение на внешний номер
            operator3            ·                      разговор окончен: переключение
            operator3            ·                      обработка началась
            линия                ·                      звук плеча сотрудника
            переключение         → очередь consultation клиент ждёт
            очередь              → operator5            предложен звонок: дольше всех свободен
            operator5            ·                      телефон звонит
            operator5            ·                      снял трубку
            operator5            → клиент               разговор начался
            линия                ·                      идёт запись
            operator3            ·                      итог: обратный звонок, потребность 1 «получение информации»
            operator3            ·                      обработка окончена
            operator5            ·                      разговор окончен: завершил сотрудник
            operator5            ·                      обработка началась
            линия                ·                      звук плеча сотрудника
            помощник             → клиент               диалог «оценка»: сценарий rating 1
            клиент               → operator5            оценка 5, услуга appointment
            помощник             ·                      диалог «оценка» окончен: оценка получена
            линия                ·                      звук плеча клиента
            линия                ·                      звонок окончен: диалог завершён
            operator5            ·                      итог: обратный звонок, потребность 3 «получение форм документов», гражданин
            operator5            ·                      обработка окончена
        "#]].assert_eq(&ladder(records.iter(), a_call(&records), shown));
    }

    #[test]
    fn times_and_persons_are_shown_if_asked_for() {
        let records = story();
        let shown = Shown {
            times: true,
            personal: true,
        };
        expect![[r#"
            Звонок C1
              +0:00,000  клиент               → линия 100            позвонил: вход loopback, номер +7900C1, услуга undetermined
              +0:00,080  линия                → клиент               соединение установлено
              +0:00,080  помощник             → клиент               диалог «консультация»: сценарий consultation 1
              +0:00,080  помощник             ·                      узел greeting
              +0:08,294  помощник             ·                      узел topic
              +0:08,294  клиент               → помощник             сказал «лицензия на лом» в узле topic: принято, уверенность 71 %, за 869 мс
              +0:08,294  линия                ·                      услуга appointment, выбрана голосом
              +0:11,215  помощник             ·                      диалог «консультация» окончен: к сотруднику по просьбе, о записи предупреждён
              +0:11,215  помощник             → очередь consultation клиент ждёт
              +0:11,215  очередь              → operator3            предложен звонок: дольше всех свободен
              +0:11,215  operator3            ·                      телефон звонит
              +0:13,860  operator3            ·                      снял трубку
              +0:13,980  operator3            → клиент               разговор начался; ожидание всего 13,900 с, в очереди 2,765 с, звонок 2,765 с
              +0:13,980  линия                ·                      идёт запись: C1.wav
              +2:36,801  operator3            → очередь consultation переключение на внешний номер
              +2:36,801  operator3            ·                      разговор окончен: переключение, длился 142,821 с
              +2:36,801  operator3            ·                      обработка началась
              +2:36,801  линия                ·                      звук плеча сотрудника: принято 7141, потеряно 0, отправлено 7141 пакетов, джиттер 4,9 мс
              +2:36,801  переключение         → очередь consultation клиент ждёт
              +2:36,801  очередь              → operator5            предложен звонок: дольше всех свободен
              +2:36,801  operator5            ·                      телефон звонит
              +2:40,344  operator5            ·                      снял трубку
              +2:40,464  operator5            → клиент               разговор начался; ожидание всего 13,900 с, в очереди 2,765 с, звонок 2,765 с
              +2:40,464  линия                ·                      идёт запись: C1.wav
              +2:46,099  operator3            ·                      итог: обратный звонок, потребность 1 «получение информации»
              +2:46,099  operator3            ·                      обработка окончена
              +4:34,295  operator5            ·                      разговор окончен: завершил сотрудник, длился 113,831 с
              +4:34,295  operator5            ·                      обработка началась
              +4:34,295  линия                ·                      звук плеча сотрудника: принято 5635, потеряно 56, отправлено 5691 пакетов, джиттер 5,2 мс
              +4:34,295  помощник             → клиент               диалог «оценка»: сценарий rating 1
              +4:39,611  клиент               → operator5            оценка 5, услуга appointment
              +4:39,611  помощник             ·                      диалог «оценка» окончен: оценка получена
              +4:39,611  линия                ·                      звук плеча клиента: принято 13697, потеряно 279, отправлено 13976 пакетов, джиттер 16,5 мс
              +4:39,611  линия                ·                      звонок окончен: диалог завершён; ожидание всего 13,900 с, в очереди 2,765 с, звонок 2,765 с
              +5:33,623  operator5            ·                      итог: обратный звонок, потребность 3 «получение форм документов», гражданин
              +5:33,623  operator5            ·                      обработка окончена
        "#]].assert_eq(&ladder(records.iter(), a_call(&records), shown));
    }

    #[test]
    fn an_unknown_call_is_answered_with_a_sentence() {
        let shown = Shown {
            times: true,
            personal: false,
        };
        let text = ladder(story().iter(), CallId(999_999), shown);
        assert!(text.contains("В журнале нет фактов"), "{text}");
    }
}
