//! The real synthesiser: needs Debian's rhvoice or espeak-ng (`deploy/setup/speech.sh`).
#![cfg(test)]

use std::fs;
use std::sync::Arc;
use std::sync::mpsc::channel;

use ivr::audio::{loudness, p56};
use ivr::io::{Made, Prompts, SpeechConfig, Synthesiser, Voice};
use ivr::readback::Stress;
use ivr::{Manner, Phrase};

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
fn a_word_stressed_otherwise_is_rendered_anew_and_the_rest_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("prompts");
    let voice = Synthesiser::detect(&SpeechConfig::default());
    assert!(voice.as_ref().is_ok_and(|v| !v.is_basic()), "{voice:?}");
    let prompts = Prompts::new(cache.clone(), dir.path().join("recordings"), voice);
    let phrases = [phrase("form", "Заполните замок."), phrase("yes", "Да.")];
    let kept = || fs::read_dir(&cache).unwrap().count();
    let first = prompts.prepare(&phrases).unwrap();
    let mut own = Stress::default();
    own.add("з+амок").unwrap();
    prompts.stress_by(Arc::new(own.over_built_in()));
    let mut other = Stress::default();
    other.add("зам+ок").unwrap();
    let castle = prompts.prepare(&phrases).unwrap();
    let before = prompts.stress_by(Arc::new(other.over_built_in()));
    let lock = prompts.prepare(&phrases).unwrap();
    assert_ne!(castle["form"], lock["form"]);
    assert_eq!(first["yes"], lock["yes"]);
    assert_eq!(kept(), 4, "«да» once, the other as it was and twice marked");
    prompts.stress_by(before);
    assert_eq!(prompts.prepare(&phrases).unwrap(), castle);
    assert_eq!(kept(), 4);
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

/// What a voice tells of an order.
fn ordered(voice: &Voice, phrases: Vec<Phrase>, manner: Manner) -> Vec<Vec<i16>> {
    let (to, told) = channel();
    let _ = voice.order(phrases, manner, Box::new(move |made| drop(to.send(made))));
    let sounds = told.iter().map_while(|made| match made {
        Made::Sound(sound) => Some(sound),
        Made::End => None,
    });
    sounds.collect()
}

#[test]
fn a_text_with_values_is_spoken_by_sentences_and_kept_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("prompts");
    let found = Synthesiser::detect(&SpeechConfig::default());
    let prompts = Prompts::new(cache.clone(), dir.path().join("recordings"), found);
    let voice = Voice::start(Arc::new(prompts), 1, Arc::new(|| events::Timestamp(0)));
    let visit = phrase(
        "visit.live",
        "Вы записаны на пятое мая, на девять тридцать. Номер записи двести четыре.",
    );
    let usual = ordered(&voice, vec![visit.clone()], Manner::default());
    assert_eq!(usual.len(), 2, "two sentences");
    for sound in &usual {
        let level = p56::active_level(sound);
        assert!((level - loudness::SPEECH_DBOV).abs() < 1.0, "{level}");
    }
    let slow = Manner {
        slow: true,
        loud: false,
    };
    let slowly = ordered(&voice, vec![visit], slow);
    let length = |sounds: &[Vec<i16>]| sounds.iter().map(Vec::len).sum::<usize>();
    let stretched = length(&slowly) * 100 / length(&usual);
    assert!((112..140).contains(&stretched), "{stretched} %");
    assert!(!cache.exists(), "nothing of it is kept");
    assert_eq!(voice.figures().failures, 0);

    // What is the same for all is kept, slowly too.
    let fixed = ordered(&voice, vec![phrase("wait", "Подождите.")], slow);
    assert_eq!(
        (
            fixed.len(),
            fs::read_dir(&cache).map(Iterator::count).unwrap_or(0)
        ),
        (1, 1)
    );
}
