//! One seeded fault a rule: the finding must name the rule, the file and the line.

use std::collections::BTreeSet;

use crate::script::{Date, Finding, Rule, Setting, Severity, SourceFile, build, check};

const SCRIPT: &str = r#"id = "line"
version = "1"
title = "Линия"
language = "ru"
purpose = "assistant"
start = "hello"

[node.hello]
kind = "say"
say = "Здравствуйте! {organisation}."
next = "topic"

[node.topic]
kind = "choice"
say = "Технопарк, нажмите один. Сотрудник, два."
silence = "Я вас не слышу."
not_understood = "Я не понял."

[[node.topic.option]]
key = "1"
say = ["статус технопарка"]
service = "park"
goto = "answer"

[[node.topic.option]]
key = "2"
say = ["соединить", "сотрудник"]
goto = "person"

[node.answer]
kind = "answer"
knowledge = ["base.first"]
next = "end"

[node.end]
kind = "finish"
say = "До свидания."
outcome = "contained"

[node.person]
kind = "handover"
say = "Соединяю."
need = "consultation"
"#;

const RATING: &str = r#"id = "score"
version = "1"
title = "Оценка"
language = "ru"
purpose = "rating"
start = "ask"

[node.ask]
kind = "rating"
say = "Оцените от одного до пяти."
silence = "Нажмите цифру."
not_understood = "Нажмите цифру."
out_of_range = "Такой оценки нет."
give_up = "До свидания."
next = "end"
option = [
    { key = "1", score = 1, say = ["один"] },
    { key = "2", score = 2, say = ["два"] },
    { key = "3", score = 3, say = ["три"] },
    { key = "4", score = 4, say = ["четыре"] },
    { key = "5", score = 5, say = ["пять"] },
]

[node.end]
kind = "finish"
say = "Спасибо."
outcome = "rated"
"#;

const BASE: &str = r#"id = "base"
version = "1"
title = "База"

[card.first]
about = "terms"
source = "Порядок"
valid_from = "2026-01-01"
valid_until = 2026-11-22
say = "Заявление рассматривают тридцать дней."
"#;

const SERVICES: &str = r#"[[service]]
id = "park"
title = "Статус технопарка"
spoken = "технопарк"
lines = ["100"]
"#;

const PHRASES: &str = include_str!("../../dialogue/tests/dialogue.toml");

const GOLDEN: &str = "script: line
bot: Здравствуйте! Министерство.
bot: Технопарк, нажмите один. Сотрудник, два.
key: 2
bot: Соединяю.
=> to_person, service undetermined, need consultation
";

const STRESS: &str = "words = [\n    \"анк+ета\",\n    \"из д+ома\",\n]\n";

const FILES: [(&str, &str); 10] = [
    ("assistant/line.toml", SCRIPT),
    ("assistant/score.toml", RATING),
    (TASK, include_str!("tests/task.toml")),
    (PIECE, include_str!("tests/piece.toml")),
    (TWO, include_str!("tests/two.toml")),
    ("golden/line.txt", GOLDEN),
    ("knowledge/base.toml", BASE),
    ("phrases/dialogue.toml", PHRASES),
    ("phrases/stress.toml", STRESS),
    ("services/services.toml", SERVICES),
];

fn setting() -> Setting {
    Setting {
        organisation: "Министерство".to_owned(),
        today: Date::parse("2026-11-22").unwrap(),
    }
}

/// The files with `from` in file `path` replaced by `to`.
fn files(path: &str, from: &str, to: &str) -> Vec<SourceFile> {
    let changed = |(name, text): (&str, &str)| {
        let hit = name == path;
        assert!(!hit || text.contains(from), "{path} has no {from:?}");
        let text = if hit {
            text.replacen(from, to, 1)
        } else {
            text.to_owned()
        };
        SourceFile {
            path: name.to_owned(),
            text,
        }
    };
    FILES.map(changed).to_vec()
}

fn shown(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|f| format!("{f} [{:?}]\n", f.rule))
        .collect()
}

#[test]
fn files_without_fault_have_no_finding() {
    let findings = check(&files("none", "", ""), &setting());
    assert!(findings.is_empty(), "{}", shown(&findings));
}

/// Rule, file, line of the finding, what is replaced, by what.
type Fault = (Rule, &'static str, u32, &'static str, &'static str);

const LINE: &str = "assistant/line.toml";
const SCORE: &str = "assistant/score.toml";
const TASK: &str = "assistant/task.toml";
const PIECE: &str = "assistant/piece.toml";
const TWO: &str = "assistant/two.toml";

const FAULTS: &[Fault] = &[
    (
        Rule::BadStress,
        "phrases/stress.toml",
        2,
        "анк+ета",
        "анкета",
    ),
    (
        Rule::BadStress,
        "phrases/stress.toml",
        3,
        "из д+ома",
        "Анк+ета",
    ),
    (Rule::UnknownKey, "phrases/stress.toml", 1, "words", "wards"),
    (
        Rule::Syntax,
        LINE,
        5,
        "purpose = \"assistant\"",
        "purpose = assistant\"",
    ),
    (Rule::Syntax, LINE, 30, "[node.answer]", "[node.topic]"),
    (Rule::UnknownKey, LINE, 16, "silence = ", "silense = "),
    (Rule::UnknownKey, LINE, 43, "need = ", "next = "),
    (
        Rule::UnknownKey,
        "services/services.toml",
        5,
        "lines",
        "lies",
    ),
    (Rule::MissingKey, LINE, 8, "next = \"topic\"", ""),
    (Rule::MissingKey, LINE, 1, "version = \"1\"", ""),
    (Rule::MissingKey, LINE, 19, "goto = \"answer\"", ""),
    (
        Rule::MissingKey,
        "knowledge/base.toml",
        5,
        "source = \"Порядок\"",
        "",
    ),
    (
        Rule::MissingKey,
        "phrases/dialogue.toml",
        6,
        "say = \"Соединяю с сотрудником. Пожалуйста, оставайтесь на линии.\"",
        "",
    ),
    (Rule::BadValue, LINE, 9, "kind = \"say\"", "kind = \"song\""),
    (Rule::BadValue, LINE, 2, "version = \"1\"", "version = 1"),
    (
        Rule::BadValue,
        LINE,
        4,
        "language = \"ru\"",
        "language = \"english\"",
    ),
    (Rule::BadValue, LINE, 5, "\"assistant\"", "\"assistent\""),
    (Rule::BadValue, LINE, 20, "key = \"1\"", "key = \"11\""),
    (Rule::BadValue, LINE, 38, "\"contained\"", "\"content\""),
    (Rule::BadValue, LINE, 35, "\"contained\"", "\"rated\""),
    (Rule::BadValue, LINE, 43, "\"consultation\"", "\"talk\""),
    (
        Rule::BadValue,
        LINE,
        15,
        "say = \"Технопарк",
        "silence_s = 1\nsay = \"Технопарк",
    ),
    (
        Rule::BadValue,
        "knowledge/base.toml",
        8,
        "2026-01-01",
        "2026-02-30",
    ),
    (Rule::BadValue, "knowledge/base.toml", 6, "terms", "weather"),
    (
        Rule::UnknownService,
        "knowledge/base.toml",
        4,
        "title = \"База\"",
        "title = \"База\"\nservices = \"parks\"",
    ),
    (Rule::BadName, LINE, 1, "id = \"line\"", "id = \"other\""),
    (Rule::BadName, LINE, 40, "[node.person]", "[node.confirm]"),
    (
        Rule::BadName,
        "knowledge/base.toml",
        5,
        "[card.first]",
        "[card.First]",
    ),
    (
        Rule::Unreachable,
        LINE,
        35,
        "next = \"end\"",
        "next = \"person\"",
    ),
    (
        Rule::GotoNowhere,
        LINE,
        11,
        "next = \"topic\"",
        "next = \"topik\"",
    ),
    (
        Rule::GotoNowhere,
        LINE,
        6,
        "start = \"hello\"",
        "start = \"hallo\"",
    ),
    (
        Rule::NoSilenceHandling,
        LINE,
        13,
        "silence = \"Я вас не слышу.\"",
        "",
    ),
    (
        Rule::NoMissHandling,
        LINE,
        13,
        "not_understood = \"Я не понял.\"",
        "",
    ),
    (
        Rule::NoOutcome,
        LINE,
        8,
        "next = \"topic\"",
        "next = \"hello\"",
    ),
    (
        Rule::NoPerson,
        LINE,
        13,
        "goto = \"person\"",
        "goto = \"end\"",
    ),
    (Rule::ShadowsCommand, LINE, 20, "key = \"1\"", "key = \"0\""),
    (
        Rule::ShadowsCommand,
        LINE,
        27,
        "\"сотрудник\"",
        "\"оператор\"",
    ),
    (Rule::NoKey, LINE, 25, "key = \"2\"", ""),
    (
        Rule::NoPhrase,
        LINE,
        25,
        "say = [\"соединить\", \"сотрудник\"]",
        "",
    ),
    (Rule::DuplicateKey, LINE, 26, "key = \"2\"", "key = \"1\""),
    (
        Rule::DuplicatePhrase,
        LINE,
        27,
        "\"сотрудник\"",
        "\"статус технопарка\"",
    ),
    (
        Rule::PhraseLetters,
        LINE,
        21,
        "\"статус технопарка\"",
        "\"Статус IT-парка\"",
    ),
    (
        Rule::ListLimits,
        LINE,
        21,
        "\"статус технопарка\"",
        "\"я хотел бы узнать как мне получить для моей новой организации статус технопарка в этом году пожалуйста\"",
    ),
    (
        Rule::ShortPhrase,
        LINE,
        21,
        "\"статус технопарка\"",
        "\"лом\"",
    ),
    (
        Rule::AlikePhrases,
        LINE,
        27,
        "\"сотрудник\"",
        "\"статус технопарков\"",
    ),
    (Rule::DeadKnowledge, LINE, 32, "base.first", "base.second"),
    (
        Rule::ExpiredKnowledge,
        "knowledge/base.toml",
        9,
        "2026-11-22",
        "2026-11-21",
    ),
    (
        Rule::ExpiredKnowledge,
        "knowledge/base.toml",
        8,
        "2026-01-01",
        "2026-11-23",
    ),
    (
        Rule::UnusedKnowledge,
        "knowledge/base.toml",
        12,
        "дней.\"\n",
        "дней.\"\n\n[card.spare]\nabout = \"fee\"\nsource = \"Порядок\"\nsay = \"Бесплатно.\"\n",
    ),
    (Rule::UnknownService, LINE, 22, "\"park\"", "\"dark\""),
    (
        Rule::EmptyPrompt,
        LINE,
        13,
        "say = \"Технопарк, нажмите один. Сотрудник, два.\"",
        "",
    ),
    (
        Rule::EmptyPrompt,
        LINE,
        42,
        "say = \"Соединяю.\"",
        "say = \"…\"",
    ),
    (
        Rule::LongSentence,
        LINE,
        17,
        "Я не понял.",
        "Раз два три четыре пять шесть семь восемь девять десять раз два три четыре пять шесть семь восемь девять десять одиннадцать.",
    ),
    (
        Rule::LongPrompt,
        LINE,
        17,
        "Я не понял.",
        "Раз два три четыре пять шесть семь восемь девять десять раз два три четыре. Раз два три четыре пять шесть семь восемь девять десять раз два три четыре. Раз два три четыре пять шесть семь восемь девять десять раз два три четыре. Раз два три четыре пять шесть семь восемь девять десять раз два три четыре. Раз два три четыре пять шесть семь восемь девять десять раз два три четыре. Раз два три четыре пять шесть семь.",
    ),
    (
        Rule::ForeignLetters,
        LINE,
        16,
        "Я вас не слышу.",
        "Напишите в Telegram.",
    ),
    (
        Rule::NoOrganisation,
        LINE,
        10,
        "{organisation}",
        "Министерство",
    ),
    (
        Rule::UnknownPlaceholder,
        LINE,
        10,
        "{organisation}.",
        "{organisation} {ministry}.",
    ),
    (
        Rule::UnknownPlaceholder,
        LINE,
        16,
        "Я вас не слышу.",
        "Вы сказали {said}.",
    ),
    (Rule::RatingScores, SCORE, 8, "score = 4", "score = 3"),
    (Rule::RatingScores, SCORE, 18, "key = \"2\"", "key = \"6\""),
    (
        Rule::MissingPhrase,
        "phrases/dialogue.toml",
        1,
        "[phrase.goodbye]",
        "[phrase.good_bye]",
    ),
    (
        Rule::GoldenDiffers,
        "golden/line.txt",
        5,
        "bot: Соединяю.",
        "bot: Отключаю.",
    ),
    (
        Rule::UnknownVariable,
        TASK,
        35,
        "with = { number = \"$number\" }",
        "with = { number = \"$numbre\" }",
    ),
    (
        Rule::UnknownVariable,
        TASK,
        25,
        "into = \"number\"\n",
        "into = \"nomer\"\n",
    ),
    (
        Rule::TypeMismatch,
        TASK,
        35,
        "with = { number = \"$number\" }",
        "with = { number = \"$count\" }",
    ),
    (
        Rule::TypeMismatch,
        TASK,
        59,
        "set = { count = 1 }",
        "set = { count = \"2026-01-01\" }",
    ),
    (
        Rule::TypeMismatch,
        TASK,
        78,
        "set = { way = \"mail\" }",
        "set = { way = \"fax\" }",
    ),
    (
        Rule::TypeMismatch,
        TASK,
        99,
        "from = \"times\"",
        "from = \"visit\"",
    ),
    (
        Rule::TypeMismatch,
        TASK,
        65,
        "with = { given = \"$number\" }",
        "with = { given = \"$count\" }",
    ),
    (
        Rule::MaybeUnset,
        TASK,
        49,
        "say = \"Заявление {number}: {status}.\"\n",
        "say = \"Заявление {number}: {due}.\"\n",
    ),
    (
        Rule::MaybeUnset,
        TASK,
        106,
        "silent = \"person\"",
        "silent = \"way\"",
    ),
    (
        Rule::MaybeUnset,
        TASK,
        26,
        "say = \"Назовите номер.\"",
        "say = \"Назовите номер. Ваш: {caller}.\"",
    ),
    (
        Rule::UnusedVariable,
        TASK,
        13,
        "count = \"number\"\n",
        "count = \"number\"\nspare = \"date\"\n",
    ),
    (Rule::Unreadable, TASK, 106, "{visit.date}", "{visit.id}"),
    (Rule::Unreadable, TASK, 106, "{visit.date}", "{visit}"),
    (Rule::MissingWay, TASK, 32, "not_found = \"number\", ", ""),
    (Rule::MissingWay, TASK, 62, ", silent = \"person\"", ""),
    (
        Rule::UnknownWay,
        TASK,
        92,
        "none = \"person\"",
        "taken = \"person\"",
    ),
    (
        Rule::UnknownWay,
        TASK,
        67,
        "silent = \"person\"",
        "lost = \"person\"",
    ),
    (
        Rule::BadArgument,
        TASK,
        32,
        "with = { number = \"$number\" }\n",
        "",
    ),
    (
        Rule::BadArgument,
        TASK,
        90,
        "with = { page = \"$count\" }",
        "with = { pages = \"$count\" }",
    ),
    (
        Rule::BadArgument,
        TASK,
        66,
        "into = { words = \"said\" }",
        "into = { words = \"told\" }",
    ),
    (Rule::BadArgument, TASK, 87, "offers = \"times\"\n", ""),
    (
        Rule::UnknownPart,
        TASK,
        64,
        "part = \"piece\"",
        "part = \"peace\"",
    ),
    (
        Rule::UnknownPart,
        TASK,
        64,
        "part = \"piece\"",
        "part = \"task\"",
    ),
    (
        Rule::Recursion,
        PIECE,
        25,
        "[node.end]\nkind = \"return\"\nway = \"said\"",
        "[node.end]\nkind = \"call\"\npart = \"piece\"\nwith = { given = \"$given\" }\nways = { silent = \"silent\" }",
    ),
    (Rule::NoKeysWay, PIECE, 14, "by_keys = \"silent\"\n", ""),
    (
        Rule::UnknownLanguage,
        TWO,
        28,
        "language = \"en\"\nnext",
        "language = \"be\"\nnext",
    ),
    (
        Rule::MissingTranslation,
        TWO,
        33,
        "{ ru = \"Соединяю.\", en = \"One moment.\" }",
        "\"Соединяю.\"",
    ),
    (
        Rule::MissingTranslation,
        TWO,
        14,
        "{ ru = [\"дальше\"], en = [\"go on\"] }",
        "[\"дальше\"]",
    ),
    (
        Rule::SilentLoop,
        TASK,
        57,
        "set = { count = 1 }\nnext = \"piece\"",
        "set = { count = 1 }\nnext = \"count\"",
    ),
    (Rule::BadValue, TASK, 29, "digits = 6", "max = 6"),
    (
        Rule::BadValue,
        TASK,
        9,
        "number = \"case\"",
        "number = \"cases\"",
    ),
    (
        Rule::BadName,
        TASK,
        10,
        "status = \"text\"\n",
        "caller = \"phone\"\nstatus = \"text\"\n",
    ),
    (
        Rule::NoOutcome,
        PIECE,
        1,
        "[node.end]\nkind = \"return\"\nway = \"said\"\n\n[node.silent]\nkind = \"return\"\nway = \"silent\"",
        "[node.end]\nkind = \"handover\"\nsay = \"Соединяю.\"\n\n[node.silent]\nkind = \"handover\"\nsay = \"Соединяю.\"",
    ),
    (
        Rule::UnknownIntent,
        LINE,
        23,
        "goto = \"answer\"",
        "intents = [\"park\"]\ngoto = \"answer\"",
    ),
];

#[test]
fn every_fault_is_found_where_it_is() {
    let mut missed = String::new();
    for (rule, path, line, from, to) in FAULTS {
        let findings = check(&files(path, from, to), &setting());
        let found = findings
            .iter()
            .any(|f| f.rule == *rule && f.file == *path && f.line == *line);
        if !found {
            missed.push_str(&format!(
                "{rule:?} {path}:{line} {to:?}:\n{}\n",
                shown(&findings)
            ));
        }
    }
    assert!(missed.is_empty(), "{missed}");
}

#[test]
fn a_part_that_nobody_calls_is_noticed() {
    let findings = check(
        &files(TASK, "part = \"piece\"", "part = \"peace\""),
        &setting(),
    );
    let found = findings
        .iter()
        .any(|f| f.rule == Rule::UnusedPart && f.file == PIECE && f.line == 1);
    assert!(found, "{}", shown(&findings));
}

#[test]
fn every_rule_has_a_seeded_fault() {
    let mut seeded: BTreeSet<Rule> = FAULTS.iter().map(|fault| fault.0).collect();
    seeded.insert(Rule::UnusedPart);
    let missing: Vec<_> = Rule::ALL
        .iter()
        .filter(|rule| !seeded.contains(rule))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn errors_refuse_the_scripts_and_warnings_do_not() {
    for (_, path, _, from, to) in FAULTS {
        let (set, findings) = build(&files(path, from, to), &setting());
        let error = findings.iter().any(|f| f.severity == Severity::Error);
        assert_eq!(set.is_none(), error, "{to:?}:\n{}", shown(&findings));
    }
}

#[test]
fn every_finding_says_in_russian_what_to_do() {
    let russian = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
    for (_, path, _, from, to) in FAULTS {
        for finding in check(&files(path, from, to), &setting()) {
            assert!(
                russian(&finding.message) && russian(&finding.advice),
                "{finding}"
            );
        }
    }
}

#[test]
fn a_near_name_is_suggested() {
    let findings = check(&files(LINE, "silence = ", "silense = "), &setting());
    let advice: Vec<&str> = findings.iter().map(|f| f.advice.as_str()).collect();
    assert!(advice.iter().any(|a| a.contains("«silence»")), "{advice:?}");
}

#[test]
fn the_message_names_file_line_and_advice() {
    let findings = check(&files(LINE, "base.first", "base.second"), &setting());
    expect_test::expect![[r#"
        assistant/line.toml:32: ошибка: карточки «base.second» нет в базе знаний
            что делать: исправьте имя (тема.карточка) или добавьте её в knowledge/ [DeadKnowledge]
        knowledge/base.toml:5: внимание: карточку «base.first» не читает ни один сценарий
            что делать: сошлитесь на неё из сценария, уберите её или добавьте operators_only = true [UnusedKnowledge]
    "#]]
    .assert_eq(&shown(&findings));
}

proptest::proptest! {
    #[test]
    fn no_text_of_a_file_makes_it_panic(
        at in 0usize..700,
        cut in 0usize..40,
        put in "[\\[\\]=\"a-zа-я{}0-9.\n ]{0,12}",
        file in 0usize..10,
    ) {
        let mut all = files("none", "", "");
        let text = &mut all[file].text;
        let letters: Vec<char> = text.chars().collect();
        let at = at.min(letters.len());
        let end = (at + cut).min(letters.len());
        *text = letters[..at].iter().copied().chain(put.chars()).chain(letters[end..].iter().copied()).collect();
        let _ = check(&all, &setting());
    }
}
