//! The way through an operator's script, and the account of it.

use std::sync::Arc;

use acd::Command;
use events::{CallId, CallOutcome, Event, NeedCode, OperatorId, Pii, ScriptEvent};
use expect_test::expect;

use super::world::World;
use crate::operator_script::read_all;
use crate::organisation::Organisation;
use crate::switchboard::{DeskAction, Input};

const SCRIPT: &str = r#"service = "undetermined"
version = "7"
title = "Запись"
situation = "Звонящий хочет прийти."
need = "4"
[[step]]
id = "greeting"
title = "Приветствие"
kind = "greeting"
say = "{organisation}. {full_name}, {position}. Здравствуйте!"
[[step]]
id = "ask"
title = "Вопрос"
say = "Записать вас?"
[[step.answer]]
id = "book"
title = "Да"
goto = "day"
[[step.answer]]
id = "nothing"
title = "Нет"
goto = "closing"
[[step]]
id = "day"
title = "День"
say = "Когда?"
[[step.field]]
name = "day"
title = "День"
kind = "date"
required = true
[[step]]
id = "closing"
title = "Завершение"
kind = "closing"
say = "Всего доброго!"
"#;

fn talking() -> World {
    let mut line = World::new();
    let files = [("undetermined.toml".to_owned(), SCRIPT.to_owned())];
    let scripts = read_all(&files, &Organisation::default()).unwrap();
    line.give(Input::OperatorScriptsChanged(Arc::new(scripts)));
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.answers("anna");
    line
}

fn operator() -> OperatorId {
    "anna".into()
}

fn ticks(line: &mut World, step: &str) {
    let command = Command::TickStep {
        call: CallId(1),
        operator: operator(),
        script: "undetermined".into(),
        step: step.into(),
        done: true,
    };
    line.desk("anna", command);
}

fn notes(line: &mut World, fact: ScriptEvent) {
    line.desk_asks("notes", DeskAction::Script(fact));
}

fn ends(line: &mut World) {
    line.hangs_up("anna");
    line.desk(
        "anna",
        Command::SetDisposition {
            call: CallId(1),
            operator: operator(),
            outcome: CallOutcome::Answered,
            need: NeedCode::parse("4").unwrap(),
            client: None,
        },
    );
    let operator = operator();
    line.desk("anna", Command::FinishWrapUp { operator });
}

/// What the journal says about the script, and whether it follows the end of after-call work.
fn account(line: &World) -> String {
    let mut text = String::new();
    for record in line.journal() {
        if let Event::Script(fact) = &record.event {
            text += &format!("{fact:?}\n");
        } else if matches!(record.event, Event::WrapUpEnded { .. }) {
            text += "wrap up ended\n";
        }
    }
    text
}

#[test]
fn an_account_of_the_script_follows_after_call_work() {
    let mut line = talking();
    ticks(&mut line, "greeting");
    let (call, operator) = (CallId(1), operator());
    notes(
        &mut line,
        ScriptEvent::AnswerChosen {
            call,
            operator: operator.clone(),
            script: "undetermined".into(),
            step: "ask".into(),
            answer: "book".into(),
        },
    );
    notes(
        &mut line,
        ScriptEvent::OwnWordsSaid {
            call,
            operator,
            script: "undetermined".into(),
            step: "closing".into(),
        },
    );
    ends(&mut line);
    expect![[r#"
        AnswerChosen { call: C1, operator: anna, script: undetermined, step: "ask", answer: "book" }
        OwnWordsSaid { call: C1, operator: anna, script: undetermined, step: "closing" }
        wrap up ended
        Followed { call: C1, operator: anna, script: undetermined, version: "7", done: 3, deviations: Deviations { skipped: ["day"], reordered: [], own_words: ["closing"], missing: ["day"] } }
    "#]]
    .assert_eq(&account(&line));
}

#[test]
fn nothing_is_noted_in_a_talk_that_is_another_operators_or_over() {
    let mut line = talking();
    let noted = |operator: &str| ScriptEvent::FieldNoted {
        call: CallId(1),
        operator: operator.into(),
        field: "day".into(),
        value: Some(Pii::new("2026-11-23".into())),
    };
    notes(&mut line, noted("boris"));
    assert_eq!(account(&line), "");
    ends(&mut line);
    notes(&mut line, noted("anna"));
    let account = account(&line);
    assert!(!account.contains("FieldNoted"), "{account}");
    assert!(
        account.contains("skipped: [\"greeting\", \"ask\"]"),
        "{account}"
    );
}
