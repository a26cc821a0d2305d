//! Where the real engine puts the stress: a word sounds as the same word with its stress marked.
//!
//! Needs Debian's rhvoice (`deploy/setup/speech.sh`); its voices give the same sound for the same
//! text every time, so that sounds can be compared.
#![cfg(test)]

use ivr::io::{SpeechConfig, Synthesiser};
use ivr::readback::Stress;

/// Words as a ministry's line says them, each with its right stress: names of places, words that are
/// often said wrongly, words that are two.
const RIGHT: &[&str] = &[
    "Махачкал+а",
    "Хасав+юрт",
    "Кизил+юрт",
    "Дерб+ент",
    "Касп+ийск",
    "догов+оры",
    "катал+ог",
    "кварт+ал",
    "звон+ит",
    "включ+ит",
    "ход+атайство",
    "обесп+ечение",
    "кулин+ария",
    "металлол+ом",
    "+индексы",
    "лиц+ензия",
    "госп+ошлина",
    "из д+ома",
    "до г+орода",
    "зам+ок двери",
];

#[test]
fn words_are_stressed_where_they_should_be() {
    let voice = Synthesiser::detect(&SpeechConfig::default()).unwrap();
    assert!(!voice.is_basic(), "{voice}: установите rhvoice");
    let dir = tempfile::tempdir().unwrap();
    let say = |text: &str| {
        voice
            .say(&Stress::built_in().mark(text), &dir.path().join("x.wav"))
            .unwrap()
    };
    let wrong: Vec<&&str> = RIGHT
        .iter()
        .filter(|marked| say(marked) != say(&marked.replace('+', "")))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_ne!(
        say("з+амок"),
        say("зам+ок"),
        "the engine does not know the mark"
    );
}
