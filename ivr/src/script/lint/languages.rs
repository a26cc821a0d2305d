//! Texts and phrases in every language of a script.

use super::Findings;
use crate::script::Language;
use crate::script::draft::{At, KindDraft, ScriptDraft, TextDraft};
use crate::script::finding::Rule;

pub(super) fn check(script: &ScriptDraft, f: &mut Findings<'_>) {
    for node in &script.nodes {
        for text in node.texts() {
            translated(script, (&node.name.value, text), f);
        }
        for option in node.kind.options() {
            for language in script.languages.iter().skip(1) {
                if !option.foreign.iter().any(|(l, _)| *l == language.value) {
                    let message = format!(
                        "«{}»: вариант нельзя выбрать голосом на языке {}",
                        node.name.value, language.value
                    );
                    let advice = "запишите say вида { ru = [\"…\"], en = [\"…\"] }";
                    f.add(option.line, Rule::MissingTranslation, message, advice);
                }
            }
            for (language, phrases) in &option.foreign {
                if let Some(phrase) = phrases.first() {
                    known(script, (language, phrase.line), f);
                }
            }
        }
        if let KindDraft::Set(set) = &node.kind
            && let Some(word) = &set.language
        {
            named(script, word, f);
        }
        if let KindDraft::If(branch) = &node.kind {
            for test in branch.ways.iter().flat_map(|way| &way.tests) {
                if let crate::script::draft::TestDraft::Language(word) = test {
                    named(script, word, f);
                }
            }
        }
    }
}

fn translated(script: &ScriptDraft, (place, text): (&str, &TextDraft), f: &mut Findings<'_>) {
    let own = script.language();
    for (language, said) in &text.said {
        if let Some(language) = language {
            known(script, (language, said.line), f);
        }
    }
    for language in &script.languages {
        if text.within(&language.value, &own).is_none() {
            let message = format!("«{place}»: нет текста на языке {}", language.value);
            let advice = "запишите текст вида { ru = \"…\", en = \"…\" } на каждом языке сценария";
            f.add(text.line, Rule::MissingTranslation, message, advice);
        }
    }
}

fn named(script: &ScriptDraft, word: &At<String>, f: &mut Findings<'_>) {
    match Language::parse(&word.value) {
        Some(language) => known(script, (&language, word.line), f),
        None => unknown(&word.value, word.line, f),
    }
}

fn known(script: &ScriptDraft, (language, line): (&Language, u32), f: &mut Findings<'_>) {
    if !script.languages.iter().any(|l| l.value == *language) {
        unknown(language.as_str(), line, f);
    }
}

fn unknown(language: &str, line: u32, f: &mut Findings<'_>) {
    let message = format!("языка «{language}» в сценарии нет");
    let advice = "добавьте его в languages в начале файла или исправьте";
    f.add(line, Rule::UnknownLanguage, message, advice);
}
