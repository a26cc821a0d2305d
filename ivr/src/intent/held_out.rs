//! Phrases that nothing is learnt from, to see what has been learnt: `intents/held_out/*.txt`.
//!
//! A line is `намерение: фраза`, `услуга + задача: фраза` or `out: фраза`; `#` begins a remark.

use std::collections::{BTreeMap, BTreeSet};

use super::words::normalise;
use super::{Corpus, IntentId};
use crate::script::{Finding, Rule, SourceFile};

/// The label of what the line does not serve.
const OUT: &str = "out";
/// Likeness of words (1 − edits over length, thousandths) from which a phrase is too near to an
/// example to prove much.
const NEAR_PERMILLE: usize = 900;

/// What a phrase is a sample of: the name of its file begins with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// As callers say it.
    Spoken,
    /// As a recogniser writes it: `misheard*.txt`.
    Misheard,
}

/// One phrase with what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldOut {
    /// The words.
    pub text: String,
    /// What they mean, at most one intent of each axis; none for what the line does not serve.
    pub intents: Vec<IntentId>,
    /// What it is a sample of.
    pub kind: Kind,
    /// Whether an example is nearly the same.
    pub near: bool,
    /// Where it stands: path under the scripts folder and line, from 1.
    pub place: (String, u32),
}

impl HeldOut {
    /// The phrases of these files, as far as they can be read, and what is wrong with them.
    #[must_use]
    pub fn read(files: &[SourceFile], corpus: &Corpus) -> (Vec<Self>, Vec<Finding>) {
        let (mut phrases, mut findings) = (Vec::new(), Vec::new());
        let examples: BTreeSet<String> = corpus
            .examples
            .iter()
            .map(|example| normalise(&example.text))
            .collect();
        let mut seen: BTreeMap<String, (String, u32)> = BTreeMap::new();
        let held_out = files.iter().filter(|file| {
            file.path.starts_with("intents/held_out/") && file.path.ends_with(".txt")
        });
        for file in held_out {
            for (line, text) in (1_u32..).zip(file.text.lines()) {
                let text = text.trim();
                if text.is_empty() || text.starts_with('#') {
                    continue;
                }
                let read = phrase(text, corpus).and_then(|(intents, text)| {
                    let words = normalise(text);
                    if examples.contains(&words) {
                        return Err(taught(text));
                    }
                    if let Some((other, at)) = seen.get(&words) {
                        return Err(twice(text, other, *at));
                    }
                    let near = examples.iter().any(|example| is_near(example, &words));
                    seen.insert(words, (file.path.clone(), line));
                    Ok(Self {
                        text: text.to_owned(),
                        intents,
                        kind: kind(&file.path),
                        near,
                        place: (file.path.clone(), line),
                    })
                });
                match read {
                    Ok(phrase) => phrases.push(phrase),
                    Err(fault) => findings.push(fault.at(&file.path, line)),
                }
            }
        }
        (phrases, findings)
    }
}

/// What is wrong with a line.
struct Fault {
    rule: Rule,
    message: String,
    advice: &'static str,
}

impl Fault {
    fn at(self, file: &str, line: u32) -> Finding {
        Finding {
            file: file.to_owned(),
            line,
            rule: self.rule,
            message: self.message,
            advice: self.advice.to_owned(),
            severity: self.rule.severity(),
        }
    }
}

fn taught(text: &str) -> Fault {
    Fault {
        rule: Rule::DuplicatePhrase,
        message: format!("фраза «{text}» есть среди примеров: проверять ею нельзя"),
        advice: "уберите её из примеров или отсюда",
    }
}

fn twice(text: &str, other: &str, line: u32) -> Fault {
    Fault {
        rule: Rule::DuplicatePhrase,
        message: format!("фраза «{text}» уже есть: {other}:{line}"),
        advice: "оставьте одну",
    }
}

fn kind(path: &str) -> Kind {
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.starts_with("misheard") {
        Kind::Misheard
    } else {
        Kind::Spoken
    }
}

fn phrase<'a>(line: &'a str, corpus: &Corpus) -> Result<(Vec<IntentId>, &'a str), Fault> {
    let Some((labels, text)) = line.split_once(':') else {
        return Err(Fault {
            rule: Rule::Syntax,
            message: format!("строка «{line}» без двоеточия"),
            advice: "пишите «намерение: фраза», «услуга + задача: фраза» или «out: фраза»",
        });
    };
    let mut intents = Vec::new();
    let mut axes = Vec::new();
    for label in labels
        .split('+')
        .map(str::trim)
        .filter(|label| *label != OUT)
    {
        let known = corpus
            .intents
            .iter()
            .find(|intent| intent.id.as_str() == label);
        let Some(intent) = known.filter(|intent| !axes.contains(&intent.axis)) else {
            return Err(Fault {
                rule: Rule::BadValue,
                message: format!("намерение «{label}» неизвестно или второе того же вида"),
                advice: "имя файла папки intents без .toml; не больше одной услуги и одной задачи",
            });
        };
        axes.push(intent.axis);
        intents.push(intent.id.clone());
    }
    Ok((intents, text.trim()))
}

fn is_near(example: &str, words: &str) -> bool {
    let longest = example.chars().count().max(words.chars().count());
    let most = longest.saturating_sub(longest * NEAR_PERMILLE / 1_000);
    let lengths = example.chars().count().abs_diff(words.chars().count());
    lengths <= most && strsim::levenshtein(example, words) <= most
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::intent::{Axis, Example, Intent, Lexicon};

    fn corpus() -> Corpus {
        let intent = |id: &str, axis| Intent {
            id: IntentId::new(id),
            axis,
            title: id.to_owned(),
        };
        Corpus {
            intents: vec![
                intent("lom", Axis::Service),
                intent("park", Axis::Service),
                intent("fee", Axis::Task),
            ],
            examples: vec![Example {
                text: "лицензия на металлолом".to_owned(),
                intents: vec![IntentId::new("lom")],
            }],
            lexicon: Lexicon::default(),
            gates: None,
        }
    }

    #[test]
    fn lines_have_labels_and_faults_have_places() {
        let text = "# лом\nlom: сдать железо\nlom + fee: сколько за лом\nout: погода\n\
                    lom + park: оба\nlom сдать\nfee: Лицензия на металлолом!\nfee: погода\n\
                    lom: лицензию на металлолом";
        let file = SourceFile {
            path: "intents/held_out/misheard.txt".to_owned(),
            text: text.to_owned(),
        };
        let (phrases, findings) = HeldOut::read(&[file], &corpus());
        let mut shown = String::new();
        for phrase in &phrases {
            let ids: Vec<&str> = phrase.intents.iter().map(IntentId::as_str).collect();
            shown += &format!("{} {ids:?} near={}\n", phrase.text, phrase.near);
            assert_eq!(phrase.kind, Kind::Misheard);
        }
        for finding in &findings {
            shown += &format!("{}: {}\n", finding.line, finding.message);
        }
        expect![[r#"
            сдать железо ["lom"] near=false
            сколько за лом ["lom", "fee"] near=false
            погода [] near=false
            лицензию на металлолом ["lom"] near=true
            5: намерение «park» неизвестно или второе того же вида
            6: строка «lom сдать» без двоеточия
            7: фраза «Лицензия на металлолом!» есть среди примеров: проверять ею нельзя
            8: фраза «погода» уже есть: intents/held_out/misheard.txt:4
        "#]]
        .assert_eq(&shown);
    }
}
