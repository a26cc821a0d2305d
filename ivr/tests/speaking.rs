//! The real synthesiser: needs Debian's rhvoice or espeak-ng (`deploy/setup/speech.sh`).
#![cfg(test)]

use std::fs;

use ivr::Phrase;
use ivr::audio::{loudness, p56};
use ivr::io::{Prompts, SpeechConfig, Synthesiser};

fn phrase(name: &str, text: &str) -> Phrase {
    Phrase {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn prompts_are_rendered_once_evenly_loud_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("prompts");
    let voice = || Synthesiser::detect(&SpeechConfig::default());
    let prompts = Prompts::new(cache.clone(), dir.path().join("recordings"), voice());
    let phrases = [
        phrase(
            "greeting",
            "Здравствуйте! Консультационная линия. По какому вопросу вы звоните?",
        ),
        phrase("yes", "Да."),
        phrase("same", "Да."),
    ];
    let said = prompts.prepare(&phrases).unwrap();
    assert_eq!(said.len(), 3);
    assert_eq!(said["yes"], said["same"]);
    for (name, audio) in &said {
        let level = p56::active_level(audio);
        assert!(
            (level - loudness::SPEECH_DBOV).abs() < 1.0,
            "{name}: {level}"
        );
    }
    let seconds = said["greeting"].len() / 8_000;
    assert!((2..12).contains(&seconds), "{seconds}");

    // Kept under names that tell nothing, and a damaged one is rendered anew.
    let files: Vec<_> = fs::read_dir(&cache)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    assert_eq!(files.len(), 2, "{files:?}");
    fs::write(&files[0], "damaged").unwrap();
    assert_eq!(prompts.prepare(&phrases).unwrap(), said);
    let again = Prompts::new(cache, dir.path().join("recordings"), voice());
    assert_eq!(again.prepare(&phrases).unwrap(), said);
}

#[test]
fn the_basic_voice_speaks_too() {
    let dir = tempfile::tempdir().unwrap();
    let basic = Synthesiser::EspeakNg {
        rate_percent: 100,
        because: "проверка".to_owned(),
    };
    let audio = basic
        .say("Соединяю с сотрудником.", &dir.path().join("x.wav"))
        .unwrap();
    assert!(audio.len() > 8_000, "{}", audio.len());
    let level = p56::active_level(&audio);
    assert!((level - loudness::SPEECH_DBOV).abs() < 1.0, "{level}");
}
