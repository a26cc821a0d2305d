//! Everything that can be wrong with a script, told with file and line.

use super::*;
use crate::organisation::{OperatorCard, Organisation, Password, Phone, ServiceCard};
use expect_test::expect;
use proptest::prelude::*;

const GOOD: &str = r#"service = "undetermined"
version = "1"
title = "Услуга не определена"
situation = "Звонящий не назвал услугу."
need = "1"

[[step]]
id = "greeting"
title = "Приветствие"
kind = "greeting"
say = "{organisation}. {full_name}, {position}. Здравствуйте!"

[[step]]
id = "closing"
title = "Завершение"
kind = "closing"
say = "Всего доброго!"
"#;

/// A branch, a required field, a text that repeats it.
pub(super) const BRANCHED: &str = r#"service = "undetermined"
version = "1"
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
goto = "book"
[[step.answer]]
id = "nothing"
title = "Нет"
goto = "closing"

[[step]]
id = "book"
title = "День"
say = "Записываю на {field.day}, верно?"
[[step.field]]
name = "day"
title = "День приёма"
kind = "date"
required = true

[[step]]
id = "closing"
title = "Завершение"
kind = "closing"
say = "Всего доброго!"
"#;

pub(super) fn organisation(services: &[&str]) -> Organisation {
    let title = "Лицензия на лом";
    let card = |id: &&str| {
        (
            (*id).into(),
            ServiceCard {
                title: title.into(),
            },
        )
    };
    Organisation {
        name: "Министерство".into(),
        services: services.iter().map(card).collect(),
        ..Organisation::default()
    }
}

fn scrap() -> String {
    GOOD.replace("\"undetermined\"", "\"scrap_licence\"")
}

fn findings(files: &[(&str, &str)]) -> String {
    let owned: Vec<(String, String)> = files
        .iter()
        .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
        .collect();
    match read_all(&owned, &organisation(&["scrap_licence"])) {
        Ok(_) => "нечего исправлять\n".into(),
        Err(found) => found.iter().map(|f| format!("{f}\n")).collect(),
    }
}

#[test]
fn a_greeting_that_forgets_what_the_order_demands_is_refused() {
    let bad = GOOD
        .replace("{full_name}, ", "")
        .replace("{organisation}. ", "");
    expect![[r#"
        undetermined.toml:11: приветствие не называет наименование органа: добавьте {organisation}
        undetermined.toml:11: приветствие не называет фамилию, имя и отчество: добавьте {full_name}
    "#]]
    .assert_eq(&findings(&[("undetermined.toml", &bad)]));
}

#[test]
fn every_mistake_has_its_file_and_line() {
    let bad = GOOD
        .replace("need = \"1\"", "need = \"10\"")
        .replace("\"undetermined\"", "\"licence\"")
        .replace("Всего доброго", "Всего доброго, {name}")
        .replace("id = \"closing\"", "id = \"greeting\"")
        .replace("\"closing\"\n", "\"body\"\n");
    expect![[r#"
        x/licence.toml:1: услуги «licence» нет; есть: scrap_licence, undetermined
        x/licence.toml:5: need: потребность клиента — число от 1 до 9 в кавычках
        x/licence.toml:14: шаг «greeting» уже есть: назовите этот иначе
        x/licence.toml:13: последний шаг — завершение: добавьте kind = "closing"
        x/licence.toml:17: неизвестная подстановка в скобках; есть: {organisation}, {full_name}, {position}, {service}
    "#]]
    .assert_eq(&findings(&[("x/licence.toml", &bad)]));
}

#[test]
fn an_unknown_key_and_an_unreadable_file_are_named() {
    let bad = GOOD.replace("say = \"Всего", "sai = \"Всего");
    let text = findings(&[("a.toml", &bad), ("b.toml", "это не таблица")]);
    assert!(
        text.contains("a.toml:17: файл не читается: unknown field `sai`"),
        "{text}"
    );
    assert!(text.contains("b.toml:1: файл не читается"), "{text}");
}

#[test]
fn every_service_has_one_script() {
    let scrap = scrap();
    expect![[r#"
        scrap_licence.toml:1: нет сценария оператора для услуги «Лицензия на лом»: создайте файл scrap_licence.toml
    "#]]
    .assert_eq(&findings(&[("undetermined.toml", GOOD)]));
    expect![[r#"
        b.toml:1: для услуги «scrap_licence» уже есть сценарий «scrap_licence»: оставьте один
    "#]]
    .assert_eq(&findings(&[
        ("scrap_licence.toml", &scrap),
        ("b.toml", &scrap),
    ]));
    assert_eq!(
        findings(&[("scrap_licence.toml", &scrap), ("undetermined.toml", GOOD)]),
        "нечего исправлять\n"
    );
}

#[test]
fn the_greeting_is_said_with_the_operators_own_name_with_or_without_a_patronymic() {
    let files = [
        ("undetermined.toml".into(), GOOD.into()),
        ("s.toml".into(), scrap()),
    ];
    let scripts = read_all(&files, &organisation(&["scrap_licence"])).unwrap();
    let card = OperatorCard {
        full_name: "Магомедова Патимат".into(),
        position: "специалист".into(),
        password: Password::ForLoopback(String::new()),
        queues: Vec::new(),
        phone: Phone::Registers,
        role: crate::organisation::Role::Operator,
        hears_recordings: false,
    };
    let script = scripts.for_service(&"no_such_service".into()).unwrap();
    let filled = script.filled(&organisation(&[]), &card, &"no_such_service".into());
    assert_eq!(
        filled.steps[0].say,
        "Министерство. Магомедова Патимат, специалист. Здравствуйте!"
    );
}

/// The scripts that come with the product, against the services they were written for.
#[test]
fn the_sample_scripts_have_nothing_to_mend() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/operator");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push((name, std::fs::read_to_string(path).unwrap()));
    }
    let services = [
        "technopark_status",
        "scrap_licence",
        "support_measures",
        "appointment",
        "technical_support",
    ];
    let card = |id: &str| (id.into(), ServiceCard { title: id.into() });
    let organisation = Organisation {
        services: services.iter().map(|id| card(id)).collect(),
        ..organisation(&[])
    };
    let scripts = match read_all(&files, &organisation) {
        Ok(scripts) => scripts,
        Err(found) => {
            let lines: Vec<String> = found.iter().map(Finding::to_string).collect();
            panic!("{}", lines.join("\n"))
        }
    };
    let situations = scripts.situations().count();
    assert_eq!(scripts.iter().count(), services.len() + 1 + situations);
}
/// What is wrong with [`BRANCHED`] after a change.
fn changed(from: &str, to: &str) -> String {
    assert!(BRANCHED.contains(from), "{from}");
    let text = BRANCHED.replace(from, to);
    let files = [("b.toml".to_owned(), text)];
    match read_all(&files, &organisation(&[])) {
        Ok(_) => "нечего исправлять\n".into(),
        Err(found) => found.iter().map(|f| format!("{f}\n")).collect(),
    }
}

#[test]
fn branches_lead_to_steps_and_to_the_end() {
    expect![[r#"
        b.toml:20: шага «boook» нет; есть: greeting, ask, book, closing
        b.toml:26: к шагу «book» ничто не ведёт: сошлитесь на него из next или answer или уберите его
    "#]].assert_eq(&changed("goto = \"book\"", "goto = \"boook\""));
    expect![[r#"
        b.toml:26: к шагу «book» ничто не ведёт: сошлитесь на него из next или answer или уберите его
    "#]].assert_eq(&changed("goto = \"book\"", "goto = \"closing\""));
    expect![[r#"
        b.toml:26: от шага «book» нельзя дойти до завершения: пути ходят по кругу, дайте им выход
    "#]]
    .assert_eq(&changed(
        "title = \"День\"\n",
        "title = \"День\"\nnext = \"book\"\n",
    ));
    expect![[r#"
        b.toml:14: куда идти, решает ответ: уберите next или answer
    "#]]
    .assert_eq(&changed(
        "title = \"Вопрос\"\n",
        "title = \"Вопрос\"\nnext = \"book\"\n",
    ));
    expect![[r#"
        b.toml:37: после завершения ничего нет: уберите next и answer
    "#]]
    .assert_eq(&changed(
        "title = \"Завершение\"\n",
        "title = \"Завершение\"\nnext = \"ask\"\n",
    ));
}

#[test]
fn fields_are_known_typed_and_named_once() {
    expect![[r#"
        b.toml:29: поля «date» в сценарии нет: добавьте его шагу или исправьте имя
    "#]]
    .assert_eq(&changed("{field.day}", "{field.date}"));
    expect![[r#"
        b.toml:30: выбирать не из чего: добавьте option = [{ id = "…", title = "…" }, …]
    "#]]
    .assert_eq(&changed("kind = \"date\"", "kind = \"choice\""));
    expect![[r#"
        b.toml:35: from: caller (номер звонящего), service (услуга) или heard.УЗЕЛ (ответ помощнику в этом узле)
    "#]]
    .assert_eq(&changed(
        "required = true",
        "required = true\nfrom = \"heard\"",
    ));
    expect![[r#"
        b.toml:31: field.name: «День»: только строчные латинские буквы, цифры и «_», не больше 64
        b.toml:29: поля «day» в сценарии нет: добавьте его шагу или исправьте имя
    "#]]
    .assert_eq(&changed("name = \"day\"", "name = \"День\""));
    expect![[r#"
        b.toml:36: поле «day» в сценарии уже есть
    "#]]
    .assert_eq(&changed(
        "required = true\n",
        "required = true\n[[step.field]]\nname = \"day\"\ntitle = \"Ещё\"\n",
    ));
}

#[test]
fn a_complaint_is_not_taken_without_what_the_order_demands() {
    expect![[r#"
        b.toml:29: жалобу без обязательных полей не принять: добавьте поля с required = true: name, reply_to, substance, inform_by
    "#]].assert_eq(&changed(
        "title = \"День\"\n",
        "title = \"День\"\ndo = \"file_complaint\"\n",
    ));
}

#[test]
fn a_situation_belongs_to_no_service() {
    let situation = BRANCHED.replace("service = \"undetermined\"\n", "");
    let files = [
        ("undetermined.toml".into(), GOOD.into()),
        ("visit.toml".into(), situation),
    ];
    let scripts = read_all(&files, &organisation(&[])).unwrap();
    let names: Vec<&str> = scripts.situations().map(|s| s.id.as_str()).collect();
    assert_eq!(names, ["visit"]);
    assert_eq!(scripts.script(&"visit".into()).unwrap().service, None);
    assert_eq!(scripts.versions().len(), 1);
    assert_eq!(scripts.field("day").unwrap().kind, FieldKind::Date);
    let script = scripts.script(&"visit".into()).unwrap();
    let next = |id: &str| script.step(id).unwrap().next.clone();
    assert_eq!(next("greeting").as_deref(), Some("ask"));
    assert_eq!((next("ask"), next("closing")), (None, None));
}

proptest! {
    /// Whatever somebody types into the editor is told, and nothing panics.
    #[test]
    fn any_text_is_read_or_told(cut in 0..BRANCHED.len(), typed in ".{0,20}") {
        let cut = (0..=cut).rev().find(|at| BRANCHED.is_char_boundary(*at)).unwrap();
        let (before, after) = BRANCHED.split_at(cut);
        let text = format!("{before}{typed}{after}");
        let lines = text.lines().count() + 1;
        if let Err(found) = read_all(&[("x.toml".into(), text)], &organisation(&[])) {
            prop_assert!(found.iter().all(|one| (1..=lines).contains(&one.line)));
        }
    }
}
