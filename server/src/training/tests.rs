//! Everything that can be wrong with topics and simulated callers, and how a rehearsal is told.

use super::*;
use crate::operator_script::{OperatorScript, read_all};
use crate::organisation::Organisation;
use expect_test::expect;
use proptest::prelude::*;

const SCRIPT: &str = r#"service = "undetermined"
version = "1"
title = "Запись"
situation = "Звонящий хочет прийти."
need = "4"
[[step]]
id = "greeting"
title = "Приветствие"
kind = "greeting"
say = "{organisation}. {full_name}, {position}."
[[step]]
id = "ask"
title = "Вопрос"
say = "Записать?"
[[step.answer]]
id = "yes"
title = "Да"
goto = "day"
[[step.answer]]
id = "no"
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
[[step.field]]
name = "phone"
title = "Телефон"
kind = "phone"
required = true
from = "caller"
[[step]]
id = "closing"
title = "Завершение"
kind = "closing"
say = "Всего доброго!"
"#;

const CALLER_TEXT: &str = r#"script = "undetermined"
title = "Хочет прийти"
opening = "Здравствуйте!"
need = "4"
outcome = "answered"
number = "+79161234567"
[[reply]]
step = "ask"
answer = "yes"
say = "Да."
[[reply]]
step = "day"
fields = { day = "2026-11-23", phone = "+79161234567" }
say = "В понедельник."
"#;

const FILE: &str = "training/caller_visit.toml";

fn scripts() -> OperatorScripts {
    let files = [("undetermined.toml".to_owned(), SCRIPT.to_owned())];
    read_all(&files, &Organisation::default()).unwrap()
}

fn read(file: &str, text: &str) -> Result<Training, Vec<Finding>> {
    let files = [(file.to_owned(), text.to_owned())];
    let (training, findings) = Training::read(&files, (&scripts(), &Bodies::default()));
    if findings.is_empty() {
        Ok(training)
    } else {
        Err(findings)
    }
}

fn findings(file: &str, text: &str) -> String {
    match read(file, text) {
        Ok(_) => "нечего исправлять\n".into(),
        Err(found) => found.iter().map(|one| format!("{one}\n")).collect(),
    }
}

fn changed(from: &str, to: &str) -> String {
    assert!(CALLER_TEXT.contains(from), "{from}");
    findings(FILE, &CALLER_TEXT.replace(from, to))
}

#[test]
fn a_caller_speaks_to_steps_that_there_are() {
    assert_eq!(findings(FILE, CALLER_TEXT), "нечего исправлять\n");
    let bad = CALLER_TEXT
        .replace("step = \"ask\"\nanswer = \"yes\"", "step = \"ask\"")
        .replace("2026-11-23", "понедельник")
        .replace("В понедельник.", "");
    expect![[r#"
        training/caller_visit.toml:7: у шага «ask» есть ответы: укажите answer, который имеет в виду клиент
        training/caller_visit.toml:10: say: впишите слова, не больше 600 знаков
        training/caller_visit.toml:10: «День»: впишите день так: 2026-11-23
    "#]]
    .assert_eq(&findings(FILE, &bad));
    expect![[r#"
        training/caller_visit.toml:1: сценария оператора «x» нет: исправьте script
    "#]]
    .assert_eq(&changed("script = \"undetermined\"", "script = \"x\""));
    expect![[r#"
        training/caller_visit.toml:11: шага «night» в сценарии «undetermined» нет
    "#]]
    .assert_eq(&changed("step = \"day\"", "step = \"night\""));
    expect![[r#"
        training/caller_visit.toml:4: need: потребность клиента — число от 1 до 9 в кавычках
        training/caller_visit.toml:5: outcome: итог разговора — answered, transferred, way_given, callback
    "#]]
    .assert_eq(&changed(
        "need = \"4\"\noutcome = \"answered\"",
        "need = \"0\"\noutcome = \"well\"",
    ));
    expect![[r#"
        training/caller_visit.toml:6: number: номер пишут так: +79161234567
        training/caller_visit.toml:7: органа «tax» в справочнике нет
    "#]]
    .assert_eq(&changed(
        "\"+79161234567\"\n[[reply]]",
        "\"8916\"\nbody = \"tax\"\n[[reply]]",
    ));
}

#[test]
fn a_caller_can_be_helped_to_the_end() {
    expect![[r#"
        training/caller_visit.toml:1: разговор обрывается на шаге «ask»: добавьте ответ клиента с answer
    "#]]
    .assert_eq(&changed(
        "[[reply]]\nstep = \"ask\"\nanswer = \"yes\"\nsay = \"Да.\"\n",
        "",
    ));
    expect![[r#"
        training/caller_visit.toml:1: шаг «day»: клиент не говорит, что вписать в поле «День»
    "#]]
    .assert_eq(&changed(
        "fields = { day = \"2026-11-23\", phone = \"+79161234567\" }\n",
        "",
    ));
}

#[test]
fn topics_have_names_of_their_own() {
    let topic = |id: &str| format!("[[topic]]\nid = \"{id}\"\ntitle = \"Тема\"\n");
    assert_eq!(findings(TOPICS, &topic("a")), "нечего исправлять\n");
    expect![[r#"
        training/topics.toml:4: тема «a» уже есть: назовите эту иначе
    "#]]
    .assert_eq(&findings(TOPICS, &(topic("a") + &topic("a"))));
    expect![[r#"
        training/topics.toml:1: id: только строчные латинские буквы, цифры и «_»
        training/topics.toml:1: repeat_days: от 1 до 3650 дней; без него тему не повторяют
    "#]]
    .assert_eq(&findings(TOPICS, &(topic("А") + "repeat_days = 0\n")));
}

/// `step`, `step=answer`, `~own words`, `+field:value`; then how it is told.
fn rehearsed(what: &str) -> String {
    let training = read(FILE, CALLER_TEXT).unwrap();
    let caller = &training.callers["visit"];
    let known = scripts();
    let script: &OperatorScript = known.script(&caller.script).unwrap();
    let mut run = Rehearsal {
        caller: "visit".into(),
        steps: Vec::new(),
        answers: BTreeMap::new(),
        fields: BTreeMap::new(),
        body: None,
        outcome: caller.outcome,
        need: caller.need,
    };
    for word in what.split_whitespace() {
        let (name, own_words) = match word.strip_prefix('~') {
            Some(step) => (step, true),
            None => (word, false),
        };
        if let Some((field, value)) = word.strip_prefix('+').and_then(|one| one.split_once(':')) {
            run.fields.insert(field.into(), value.into());
            continue;
        }
        let (step, answer) = name.split_once('=').unwrap_or((name, ""));
        if !answer.is_empty() {
            run.answers.insert(step.into(), answer.into());
        }
        let step = step.into();
        run.steps.push(Said { step, own_words });
    }
    match run.score(caller, script) {
        Ok(score) => format!(
            "{} of {}, {:?}, {:?}\n",
            score.done, score.needed, score.deviations, score.mistakes
        ),
        Err(why) => format!("{why}\n"),
    }
}

#[test]
fn a_rehearsal_is_held_against_the_way_its_caller_needs() {
    expect![[r#"
        4 of 4, Deviations { skipped: [], reordered: [], own_words: [], missing: [] }, Mistakes { answers: [], fields: [], outcome: false, need: false, body: false }
    "#]]
    .assert_eq(&rehearsed(
        "greeting ask=yes +day:2026-11-23 +phone:89161234567 day closing",
    ));
    expect![[r#"
        3 of 4, Deviations { skipped: ["day"], reordered: ["ask"], own_words: ["greeting"], missing: ["day", "phone"] }, Mistakes { answers: ["ask"], fields: [], outcome: false, need: false, body: false }
    "#]]
    .assert_eq(&rehearsed("~greeting closing ask=no +day: nowhere"));
    expect![[r#"
        1 of 4, Deviations { skipped: ["greeting", "ask", "closing"], reordered: [], own_words: [], missing: ["phone"] }, Mistakes { answers: [], fields: ["day"], outcome: false, need: false, body: false }
    "#]]
    .assert_eq(&rehearsed("day +day:2026-11-24"));
    expect![[r#"
        «День»: впишите день так: 2026-11-23
    "#]]
    .assert_eq(&rehearsed("day +day:завтра"));
}

#[test]
fn somebody_is_reminded_before_the_last_day() {
    let day = |text: &str| Date::parse(text).unwrap();
    let learned = |next: Option<&str>| Learned {
        on: day("2026-01-01"),
        next: next.map(day),
        noted_by: "boss".into(),
    };
    let standing = |next| Standing::of(Some(&learned(next)), day("2026-11-22"));
    assert_eq!(standing(None), Standing::Learned);
    assert_eq!(standing(Some("2026-12-07")), Standing::Learned);
    assert_eq!(standing(Some("2026-12-06")), Standing::Soon);
    assert_eq!(standing(Some("2026-11-22")), Standing::Soon);
    assert_eq!(standing(Some("2026-11-21")), Standing::Overdue);
    assert_eq!(Standing::of(None, day("2026-11-22")), Standing::Never);
}

proptest! {
    #[test]
    fn any_text_is_read_or_told(cut in 0..CALLER_TEXT.len(), typed in ".{0,20}") {
        let cut = (0..=cut).rev().find(|at| CALLER_TEXT.is_char_boundary(*at)).unwrap();
        let (before, after) = CALLER_TEXT.split_at(cut);
        let text = format!("{before}{typed}{after}");
        let lines = text.lines().count() + 1;
        if let Err(found) = read(FILE, &text) {
            prop_assert!(found.iter().all(|one| (1..=lines).contains(&one.line)));
        }
    }
}
