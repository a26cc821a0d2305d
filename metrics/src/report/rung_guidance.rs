//! Rungs of the way through an operator's script.

use events::{Deviations, ScriptEvent};

/// What an operator did beside ticking steps, in Russian; never what a caller said.
pub(super) fn guidance(fact: &ScriptEvent) -> String {
    match fact {
        ScriptEvent::FieldNoted { field, value, .. } => match value {
            Some(_) => format!("записано поле {field}"),
            None => format!("поле {field} очищено"),
        },
        ScriptEvent::AnswerChosen {
            script,
            step,
            answer,
            ..
        } => format!("сценарий {script}, шаг {step}: ответ {answer}"),
        ScriptEvent::OwnWordsSaid { script, step, .. } => {
            format!("сценарий {script}, шаг {step}: своими словами")
        }
        ScriptEvent::Followed {
            script,
            version,
            done,
            deviations,
            ..
        } => format!(
            "сценарий {script} {version}: выполнено шагов {done}{}",
            deviated(deviations)
        ),
        ScriptEvent::Referred { body, .. } => match body {
            Some(body) => format!("вне компетенции: посоветовали {body}"),
            None => "отметка «вне компетенции» снята".to_owned(),
        },
    }
}

fn deviated(deviations: &Deviations) -> String {
    let kinds = [
        ("пропущено", &deviations.skipped),
        ("не по порядку", &deviations.reordered),
        ("своими словами", &deviations.own_words),
        ("не заполнено", &deviations.missing),
    ];
    let told = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    told.map(|(what, names)| format!("; {what}: {}", names.join(", ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::{CallId, Pii, ScriptId};

    #[test]
    fn deviations_are_told_and_words_are_not() {
        let followed = ScriptEvent::Followed {
            call: CallId(1),
            operator: "anna".into(),
            script: ScriptId::new("complaint"),
            version: "2".into(),
            done: 3,
            deviations: Deviations {
                skipped: vec!["name".into()],
                missing: vec!["reply_to".into()],
                ..Deviations::default()
            },
        };
        assert_eq!(
            guidance(&followed),
            "сценарий complaint 2: выполнено шагов 3; пропущено: name; не заполнено: reply_to"
        );
        let noted = ScriptEvent::FieldNoted {
            call: CallId(1),
            operator: "anna".into(),
            field: "name".into(),
            value: Some(Pii::new("Иванов".into())),
        };
        assert_eq!(guidance(&noted), "записано поле name");
    }
}
