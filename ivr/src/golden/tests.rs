//! The scripts that stand in the repository, held to their golden conversations.

use std::path::Path;

use super::*;
use crate::io::scripts::{load_scripts, read_sources};

fn setting() -> Setting {
    Setting {
        organisation: "Министерство промышленности и торговли".to_owned(),
        today: Date::parse("2026-11-22").unwrap(),
    }
}

fn dir() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts")
}

fn sample() -> ScriptSet {
    match load_scripts(&dir(), &setting()) {
        Ok((set, _)) => set,
        Err(findings) => {
            let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
            panic!("{}", shown.join("\n"))
        }
    }
}

#[test]
fn the_scripts_of_the_repository_have_no_finding() {
    let (_, warnings) = load_scripts(&dir(), &setting()).unwrap_or_else(|findings| {
        let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
        panic!("{}", shown.join("\n"))
    });
    let shown: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn every_golden_conversation_goes_as_written() {
    let set = sample();
    let files = read_sources(&dir()).unwrap();
    let golden: Vec<_> = files.iter().filter(|f| is_conversation(f)).collect();
    assert!(golden.len() >= 12);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        for file in &golden {
            let text = transcript(file, &set, &setting()).unwrap();
            std::fs::write(dir().join(&file.path), text).unwrap();
        }
        return;
    }
    let findings: Vec<String> = golden
        .iter()
        .flat_map(|file| check(file, &set, &setting()))
        .map(|finding| finding.to_string())
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn a_conversation_that_goes_another_way_is_shown_with_its_line() {
    let set = sample();
    let file = |text: &str| SourceFile {
        path: "golden/x.txt".into(),
        text: text.into(),
    };
    for (text, line, part) in [
        ("script: nowhere\n", 1, "сценария «nowhere» нет"),
        (
            "script: farewell\nbot: Сейчас…\n=> rated\n",
            3,
            "=> finished, service undetermined",
        ),
        (
            "script: farewell\nbot: Привет\n",
            2,
            "ожидалось:  bot: Привет",
        ),
        ("script: farewell\n\nпривет\n", 3, "непонятна"),
        ("script: farewell\nkey: 12\n", 2, "непонятна"),
        (
            "script: farewell\nbot: …\n=> finished, service undetermined, need consultation\nkey: 1\n",
            4,
            "раньше",
        ),
    ] {
        let findings = check(&file(text), &set, &setting());
        assert_eq!(findings.len(), 1, "{text}");
        assert_eq!(findings[0].line, line, "{}", findings[0]);
        assert!(findings[0].message.contains(part), "{}", findings[0]);
    }
}

#[test]
fn every_list_is_spelled_and_every_phrase_has_one_text() {
    let set = sample();
    for (name, grammar) in set.grammars() {
        let unique: std::collections::BTreeSet<_> = grammar.phrases.iter().collect();
        assert_eq!(
            unique.len(),
            grammar.phrases.len(),
            "{name} repeats a phrase"
        );
        assert!(grammar.phrases.iter().all(|p| !p.is_empty()), "{name}");
    }
    let phrases = set.phrases();
    let names: std::collections::BTreeSet<_> = phrases.iter().map(|p| &p.name).collect();
    assert_eq!(names.len(), phrases.len(), "two texts under one name");
    assert!(phrases.iter().all(|p| !p.text.contains(['{', '}'])));
    assert!(set.phrase("waiting.first").is_some() && set.phrase("transfer.announcement").is_some());
}
