//! Why a dialogue went where it went: its facts, for a person who tries a script.

use events::Event;

/// A fact of a dialogue in Russian; none for what the conversation shows by itself. The words are
/// those of a trial, not of a caller: nothing personal is in them.
#[must_use]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a dialogue states few of the facts; a new one needs no words here"
)]
pub fn explained(fact: &Event) -> Option<String> {
    match fact {
        Event::StepReached { step, .. } => Some(format!("узел {step}")),
        Event::SpeechHeard {
            step,
            text,
            confidence_permille,
            accepted,
            ..
        } => {
            let heard = if text.expose().is_empty() {
                "речь не из списка".to_owned()
            } else {
                format!("услышано «{}»", text.expose())
            };
            let sure = f64::from(*confidence_permille) / 1_000.0;
            let taken = taken(*accepted);
            Some(format!(
                "{heard}, уверенность {sure:.2}: {taken} (узел {step})"
            ))
        }
        Event::TextReceived {
            step,
            text,
            accepted,
            ..
        } => {
            let taken = taken(*accepted);
            Some(format!(
                "набрано «{}»: {taken} (узел {step})",
                text.expose()
            ))
        }
        Event::DigitPressed { step, digit, .. } => {
            Some(format!("клавиша {} (узел {step})", digit.expose()))
        }
        Event::AnswerRecorded { file, .. } => Some(format!("записано в файл {file}")),
        Event::TaskAsked { task, step, .. } => {
            Some(format!("задача {} (узел {step})", task.as_str()))
        }
        Event::TaskAnswered { task, outcome, .. } => {
            Some(format!("ответ на {}: {}", task.as_str(), outcome.as_str()))
        }
        _ => None,
    }
}

const fn taken(accepted: bool) -> &'static str {
    if accepted {
        "принято"
    } else {
        "не принято"
    }
}
