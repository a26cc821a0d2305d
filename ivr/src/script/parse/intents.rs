//! Example phrases of services and tasks: `intents/`.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::{id, with_table};
use crate::intent::{Axis, Corpus, Example, Gates, Intent, IntentId, Lexicon, normalise};
use crate::script::SourceFile;
use crate::script::draft::At;
use crate::script::finding::{Finding, Rule};
use crate::script::model::Service;
use crate::script::table::{Report, Table};
use crate::script::words::is_phrase;

/// Example phrases that an intent needs at least to be told from others.
const EXAMPLES_MIN: usize = 8;
/// Example phrases of an intent that are learnt from.
const EXAMPLES_MAX: usize = 60;
/// Example phrases of all intents together: training takes their number to the third power.
const EXAMPLES_ALL_MAX: usize = 1_500;

/// An intent as written.
struct IntentDraft {
    file: String,
    line: u32,
    intent: Intent,
    /// Phrases, each with the other intent it also means.
    examples: Vec<(At<String>, Option<At<String>>)>,
}

/// All files of `intents/` as one corpus; none without intents.
pub(in crate::script) fn corpus(
    files: &[&SourceFile],
    services: &[Service],
    findings: &mut Vec<Finding>,
) -> Option<Corpus> {
    let (mut drafts, mut off) = (Vec::new(), None);
    let (mut lexicon, mut gates) = (Lexicon::default(), None);
    for file in files {
        match file.path.rsplit('/').next() {
            Some("words.toml") => lexicon = words(file, findings).unwrap_or_default(),
            Some("gates.toml") => gates = with_table(file, findings, gates_of),
            Some("out_of_scope.toml") => off = out_of_scope(file, findings),
            Some(_) | None => drafts.extend(intent(file, findings)),
        }
    }
    drafts.sort_by(|a, b| (a.intent.axis, &a.intent.id).cmp(&(b.intent.axis, &b.intent.id)));
    check_intents(&drafts, services, findings);
    check_phrases(&drafts, off.as_ref(), findings);
    let mut examples: Vec<Example> = Vec::new();
    for draft in &drafts {
        for (text, also) in &draft.examples {
            let also = also.as_ref().map(|also| IntentId::new(&also.value));
            examples.push(Example {
                text: text.value.clone(),
                intents: std::iter::once(draft.intent.id.clone())
                    .chain(also)
                    .collect(),
            });
        }
    }
    examples.extend(
        off.into_iter()
            .flat_map(|(_, off)| off)
            .map(|text| Example {
                text: text.value,
                intents: Vec::new(),
            }),
    );
    examples.truncate(EXAMPLES_ALL_MAX);
    (!drafts.is_empty()).then(|| Corpus {
        intents: drafts.into_iter().map(|draft| draft.intent).collect(),
        examples,
        lexicon,
        gates,
    })
}

fn intent(source: &SourceFile, findings: &mut Vec<Finding>) -> Option<IntentDraft> {
    with_table(source, findings, |table, r| {
        let id = id(table, r);
        let title = table.needed("title", "добавьте title — как это назвать по-русски", r);
        const KINDS: &str = "kind — service (о какой услуге) или task (что сделать)";
        let kind = table.needed("kind", KINDS, r);
        let axis = match kind.as_ref().map(|kind| kind.value.as_str()) {
            Some("service") => Some(Axis::Service),
            Some("task") => Some(Axis::Task),
            Some(other) => {
                let message = format!("вид намерения «{other}» неизвестен");
                let line = kind.as_ref().map_or(1, |kind| kind.line);
                r.add(line, Rule::BadValue, message, KINDS);
                None
            }
            None => None,
        };
        let own = table.texts("examples", r);
        let mut examples: Vec<_> = own.into_iter().map(|text| (text, None)).collect();
        for (line, inner) in table.list("also", r) {
            also(line, inner, &mut examples, r);
        }
        let id = id?;
        Some(IntentDraft {
            file: r.file().to_owned(),
            line: id.line,
            intent: Intent {
                id: IntentId::new(&id.value),
                axis: axis?,
                title: title?.value,
            },
            examples,
        })
    })
}

fn also(
    line: u32,
    table: &DeTable<'_>,
    examples: &mut Vec<(At<String>, Option<At<String>>)>,
    r: &mut Report<'_>,
) {
    let mut table = Table::new("таблица [[also]]".to_owned(), line, table);
    let advice = "добавьте intent — второе намерение этих фраз";
    let other = table.needed("intent", advice, r);
    let texts = table.texts("examples", r);
    table.close(r);
    if let Some(other) = other {
        examples.extend(texts.into_iter().map(|text| (text, Some(other.clone()))));
    }
}

type OffTopic = (String, Vec<At<String>>);

fn out_of_scope(source: &SourceFile, findings: &mut Vec<Finding>) -> Option<OffTopic> {
    with_table(source, findings, |table, r| {
        Some((r.file().to_owned(), table.texts("examples", r)))
    })
}

fn words(source: &SourceFile, findings: &mut Vec<Finding>) -> Option<Lexicon> {
    with_table(source, findings, |table, r| {
        let empty = table.texts("empty", r);
        let nouns = table.texts("nouns", r);
        let mut synonyms: Vec<(At<String>, Vec<At<String>>)> = Vec::new();
        for (line, inner) in table.list("synonym", r) {
            let mut inner = Table::new("синоним".to_owned(), line, inner);
            let word = inner.needed(
                "word",
                "добавьте word — слово, которое заменит остальные",
                r,
            );
            let said = inner.texts("said", r);
            if said.is_empty() {
                inner.missing("said", "добавьте said — как ещё это говорят", r);
            }
            inner.close(r);
            synonyms.extend(word.map(|word| (word, said)));
        }
        for phrase in synonyms
            .iter()
            .flat_map(|(word, said)| said.iter().chain([word]))
        {
            check_letters(phrase, r);
        }
        for word in empty.iter().chain(&nouns) {
            check_word(word, r);
        }
        Some(Lexicon::new(
            empty.iter().map(|word| word.value.as_str()),
            nouns.iter().map(|word| word.value.as_str()),
            synonyms.iter().map(|(word, said)| {
                let said = said.iter().map(|s| s.value.as_str()).collect();
                (word.value.as_str(), said)
            }),
        ))
    })
}

/// One word: a phrase would never be found.
fn check_word(word: &At<String>, r: &mut Report<'_>) {
    check_letters(word, r);
    if normalise(&word.value).contains(' ') {
        let message = format!("пустое слово «{}» — не одно слово", word.value);
        r.add(
            word.line,
            Rule::BadValue,
            message,
            "запишите слова по одному",
        );
    }
}

fn check_letters(phrase: &At<String>, r: &mut Report<'_>) {
    if !is_phrase(&phrase.value) {
        let message = format!("фраза «{}»: лишние знаки", phrase.value);
        let advice = "только строчные русские буквы, пробел и дефис; числа — словами";
        r.add(phrase.line, Rule::PhraseLetters, message, advice);
    }
}

fn gates_of(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<Gates> {
    let mut per_cent = |key, r: &mut Report<'_>| {
        if !table.has(key) {
            table.missing(key, &format!("добавьте {key} — число от 0 до 100"), r);
        }
        let number = table.number(key, 0..=100, r)?;
        u8::try_from(number.value).ok()
    };
    let gates = (
        per_cent("service_accuracy_min", r),
        per_cent("task_accuracy_min", r),
        per_cent("misheard_accuracy_min", r),
        per_cent("out_of_scope_accepted_max", r),
        per_cent("in_scope_rejected_max", r),
    );
    let counts = (
        per_cent("recall_min", r),
        per_cent("precision_min", r),
        per_cent("phrases_min", r),
        per_cent("out_of_scope_phrases_min", r),
    );
    Some(Gates {
        service_accuracy_min: gates.0?,
        task_accuracy_min: gates.1?,
        misheard_accuracy_min: gates.2?,
        out_of_scope_accepted_max: gates.3?,
        in_scope_rejected_max: gates.4?,
        recall_min: counts.0?,
        precision_min: counts.1?,
        phrases_min: counts.2?,
        out_of_scope_phrases_min: counts.3?,
    })
}

/// Services exist, second intents exist and are of the other kind, and there is enough to learn.
fn check_intents(drafts: &[IntentDraft], services: &[Service], findings: &mut Vec<Finding>) {
    let axes: BTreeMap<&str, Axis> = drafts
        .iter()
        .map(|draft| (draft.intent.id.as_str(), draft.intent.axis))
        .collect();
    for draft in drafts {
        let mut add = |line, rule, message: String, advice: &str| {
            findings.push(finding(&draft.file, line, rule, message, advice));
        };
        let name = draft.intent.id.as_str();
        let served = services.iter().any(|service| service.id.as_str() == name);
        if draft.intent.axis == Axis::Service && !served {
            let message = format!("услуги «{name}» нет в services/");
            add(
                draft.line,
                Rule::UnknownService,
                message,
                "назовите файл именем услуги",
            );
        }
        let count = draft.examples.len();
        if !(EXAMPLES_MIN..=EXAMPLES_MAX).contains(&count) {
            let message = format!("примеров {count}, нужно от {EXAMPLES_MIN} до {EXAMPLES_MAX}");
            add(
                draft.line,
                Rule::ListLimits,
                message,
                "добавьте или уберите фразы в examples",
            );
        }
        for other in draft.examples.iter().filter_map(|(_, also)| also.as_ref()) {
            let axis = axes.get(other.value.as_str());
            if axis.is_none() || axis == Some(&draft.intent.axis) {
                let message = format!("второе намерение «{}» не подходит", other.value);
                let advice =
                    "это имя другого файла папки intents: у услуги — задачи, у задачи — услуги";
                add(other.line, Rule::BadValue, message, advice);
            }
        }
    }
}

/// Letters and repetitions.
fn check_phrases(drafts: &[IntentDraft], off: Option<&OffTopic>, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<String, (String, u32)> = BTreeMap::new();
    let own = drafts.iter().flat_map(|draft| {
        draft
            .examples
            .iter()
            .map(|(phrase, _)| (draft.file.as_str(), phrase))
    });
    let off = off
        .into_iter()
        .flat_map(|(file, off)| off.iter().map(move |phrase| (file.as_str(), phrase)));
    for (file, phrase) in own.chain(off) {
        let mut add = |rule, message: String, advice: &str| {
            findings.push(finding(file, phrase.line, rule, message, advice));
        };
        if !is_phrase(&phrase.value) {
            let message = format!("фраза «{}»: лишние знаки", phrase.value);
            let advice = "только строчные русские буквы, пробел и дефис; числа — словами";
            add(Rule::PhraseLetters, message, advice);
        }
        let words = normalise(&phrase.value);
        if let Some((other, line)) = seen.get(&words) {
            let message = format!("фраза «{}» уже есть: {other}:{line}", phrase.value);
            let advice = "оставьте её в одном файле; второе намерение назовите в [[also]]";
            add(Rule::DuplicatePhrase, message, advice);
        } else {
            seen.insert(words, (file.to_owned(), phrase.line));
        }
    }
}

fn finding(file: &str, line: u32, rule: Rule, message: String, advice: &str) -> Finding {
    Finding {
        file: file.to_owned(),
        line,
        rule,
        message,
        advice: advice.to_owned(),
        severity: rule.severity(),
    }
}
