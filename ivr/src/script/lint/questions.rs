//! How a question listens: keys, phrases, silence, nonsense.

use std::collections::BTreeMap;

use events::ServiceId;

use super::{Findings, World};
use crate::graph::{self, GraphError};
use crate::intent::normalise;
use crate::script::Command;
use crate::script::draft::{At, NodeDraft, OptionDraft};
use crate::script::finding::Rule;
use crate::script::words::{ALIKE_PERMILLE, PHRASE_LETTERS_MIN, is_phrase};

pub(super) fn check(node: &NodeDraft, world: &World<'_>, f: &mut Findings<'_>) {
    let Some(patience) = node.kind.patience() else {
        return;
    };
    let (name, title) = (&node.name, format!("вопрос «{}»", node.name.value));
    if patience.silence.is_none() {
        let message = format!("{title} слушает, но не знает, что делать при молчании");
        f.add(
            name.line,
            Rule::NoSilenceHandling,
            message,
            "добавьте silence — что сказать",
        );
    }
    if patience.not_understood.is_none() {
        let message = format!("{title} слушает, но не знает, что делать, если не понял");
        let advice = "добавьте not_understood — что сказать";
        f.add(name.line, Rule::NoMissHandling, message, advice);
    }
    let rating = node.kind.question().is_some_and(|q| q.rating.is_some());
    let options = node.kind.options();
    keys(&title, options, f);
    phrases(&title, options, f);
    limits(name.line, options, f);
    alike(&title, (options, rating), f);
    for option in options {
        if let Some(service) = &option.service
            && !known(&service.value, world)
        {
            let message = format!("{title}: услуги «{}» нет", service.value);
            let advice = "исправьте имя или добавьте услугу в services/services.toml";
            f.add(service.line, Rule::UnknownService, message, advice);
        }
    }
    if rating {
        scores(name, options, f);
    }
}

fn known(service: &str, world: &World<'_>) -> bool {
    service == ServiceId::undetermined().as_str()
        || world.services.iter().any(|s| s.id.as_str() == service)
}

fn keys(title: &str, options: &[OptionDraft], f: &mut Findings<'_>) {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for option in options {
        let Some(key) = &option.key else {
            let message = format!("{title}: вариант{} нельзя выбрать клавишей", said(option));
            f.add(
                option.line,
                Rule::NoKey,
                message,
                "добавьте key — клавишу от 1 до 9",
            );
            continue;
        };
        let mut letters = key.value.chars();
        match (letters.next(), letters.next()) {
            (Some('1'..='9'), None) => {}
            (Some(symbol), None) if Command::pressed(symbol).is_some() => {
                let message = format!("{title}: клавиша {symbol} занята общей командой");
                let advice = "возьмите клавишу от 1 до 9: 0 — сотрудник, * — повтор, # — назад";
                f.add(key.line, Rule::ShadowsCommand, message, advice);
            }
            _ => {
                let message = format!("{title}: клавиши «{}» нет", key.value);
                f.add(
                    key.line,
                    Rule::BadValue,
                    message,
                    "возьмите клавишу от 1 до 9",
                );
            }
        }
        if let Some(line) = seen.insert(&key.value, key.line) {
            let message = format!("{title}: клавиша {} уже занята в строке {line}", key.value);
            f.add(
                key.line,
                Rule::DuplicateKey,
                message,
                "дайте варианту другую клавишу",
            );
        }
    }
}

fn said(option: &OptionDraft) -> String {
    option
        .phrases
        .first()
        .map_or_else(String::new, |phrase| format!(" «{}»", phrase.value))
}

fn phrases(title: &str, options: &[OptionDraft], f: &mut Findings<'_>) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for option in options {
        if option.phrases.is_empty() {
            let message = format!("{title}: вариант нельзя выбрать голосом");
            f.add(
                option.line,
                Rule::NoPhrase,
                message,
                "добавьте say = [\"…\", \"…\"]",
            );
        }
        for phrase in &option.phrases {
            if !is_phrase(&phrase.value) {
                let message = format!("{title}: фразу «{}» нельзя распознать", phrase.value);
                let advice = "только строчные буквы а–я и ё, пробел и дефис; числа — словами";
                f.add(phrase.line, Rule::PhraseLetters, message, advice);
            }
            if Command::heard(&phrase.value).is_some() {
                let message = format!("{title}: фраза «{}» — общая команда", phrase.value);
                let advice = "уберите её: она работает в любом узле сама";
                f.add(phrase.line, Rule::ShadowsCommand, message, advice);
            }
            if let Some(line) = seen.insert(normalise(&phrase.value), phrase.line) {
                let message = format!("{title}: фраза «{}» уже есть в строке {line}", phrase.value);
                f.add(
                    phrase.line,
                    Rule::DuplicatePhrase,
                    message,
                    "оставьте её в одном месте",
                );
            }
        }
    }
}

/// What the recogniser's list has no room for.
fn limits(line: u32, options: &[OptionDraft], f: &mut Findings<'_>) {
    let all = options.iter().flat_map(|option| &option.phrases);
    for phrase in all.clone() {
        if let Err(why @ GraphError::TooManyWords(_)) = graph::Grammar::new(&[&phrase.value]) {
            let advice = "оставьте главные слова: лишние клиент может сказать и так";
            f.add(phrase.line, Rule::ListLimits, why.to_string(), advice);
        }
    }
    let commands = Command::ALL
        .iter()
        .flat_map(|command| command.phrases().iter().copied());
    let list: Vec<&str> = all
        .map(|phrase| phrase.value.as_str())
        .chain(commands)
        .collect();
    if let Err(why @ GraphError::TooManyPhrases(_)) = graph::Grammar::new(&list) {
        f.add(
            line,
            Rule::ListLimits,
            why.to_string(),
            "разделите вопрос на два",
        );
    }
}

/// Phrases that the recogniser will confuse. Ratings are short words by nature.
fn alike(title: &str, (options, rating): (&[OptionDraft], bool), f: &mut Findings<'_>) {
    for (index, option) in options.iter().enumerate() {
        let long = |p: &At<String>| {
            p.value.chars().filter(|c| c.is_alphabetic()).count() >= PHRASE_LETTERS_MIN
        };
        if let Some(phrase) = option.phrases.first()
            && !rating
            && !option.phrases.iter().any(long)
        {
            let message = format!(
                "{title}: слово «{}» короткое, его легко спутать",
                phrase.value
            );
            let advice = "добавьте вариант подлиннее, из двух-трёх слов";
            f.add(phrase.line, Rule::ShortPhrase, message, advice);
        }
        for other in options.iter().skip(index + 1) {
            for (a, b) in option
                .phrases
                .iter()
                .flat_map(|a| other.phrases.iter().map(move |b| (a, b)))
            {
                let likeness = strsim::normalized_levenshtein(&a.value, &b.value);
                if a.value != b.value && likeness * 1_000.0 >= f64::from(ALIKE_PERMILLE) {
                    let message = format!("{title}: «{}» и «{}» похожи на слух", a.value, b.value);
                    let advice = "назовите один из вариантов другими словами";
                    f.add(b.line, Rule::AlikePhrases, message, advice);
                }
            }
        }
    }
}

fn scores(name: &At<String>, options: &[OptionDraft], f: &mut Findings<'_>) {
    let mut scores: Vec<u64> = options
        .iter()
        .filter_map(|o| o.score.as_ref())
        .map(|s| s.value)
        .collect();
    scores.sort_unstable();
    if scores != [1, 2, 3, 4, 5] {
        let message = format!(
            "вопрос «{}»: нужны все оценки от 1 до 5 по разу",
            name.value
        );
        let advice = "опишите пять вариантов со score от 1 до 5";
        f.add(name.line, Rule::RatingScores, message, advice);
    }
    for option in options {
        if let (Some(key), Some(score)) = (&option.key, &option.score)
            && key.value != score.value.to_string()
        {
            let message = format!("клавиша {} ставит оценку {}", key.value, score.value);
            let advice = "клавиша оценки — сама оценка";
            f.add(key.line, Rule::RatingScores, message, advice);
        }
    }
}
