//! What operators learn and repeat, and callers to rehearse with (rows #3 and #14).
//!
//! `scripts/training/topics.toml` has the topics, `caller_NAME.toml` a simulated caller each: what
//! they say at each step of an operators' script. A rehearsal goes through the same script and is
//! held against it by the same [`crate::operator_script::Trail`] as a real talk; nothing of it is a
//! call, and no figure of calls knows of it.
//!
//! | file | what is in it |
//! |---|---|
//! | [`caller`] | a simulated caller, and everything that can be wrong with its file |
//! | [`rehearsal`] | how a rehearsal went, beside what its caller needed |
//! | [`log`] | who learned what, as the journal has it |

mod caller;
mod log;
mod rehearsal;

use std::collections::{BTreeMap, BTreeSet};

use events::{Date, QueueId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bodies::Bodies;
use crate::operator_script::{Finding, OperatorScripts};
use crate::organisation::{OperatorCard, Organisation};

pub use caller::{Caller, Reply};
pub use log::{Learned, Rehearsed, TrainingLog};
pub use rehearsal::{Rehearsal, Said, Score};

/// The topics' file.
pub const TOPICS: &str = "training/topics.toml";
/// How the names of callers' files begin.
pub const CALLER: &str = "training/caller_";
/// Days before the last one on which somebody is reminded.
pub const SOON_DAYS: u16 = 14;
/// A topic is repeated after so many days at most: ten years.
const REPEAT_MAX_DAYS: u16 = 3_650;

/// Topics and simulated callers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Training {
    /// In the order of the file.
    pub topics: Vec<Topic>,
    /// By name.
    pub callers: BTreeMap<String, Caller>,
}

/// Something to learn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its name in facts.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// To be repeated after this many days; never if none.
    pub repeat_days: Option<u16>,
    /// Only for those who serve one of these queues; for everybody if none.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub queues: Vec<QueueId>,
}

/// Where somebody stands with a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// To be repeated by now.
    Overdue,
    /// Nobody noted that it was learned.
    Never,
    /// To be repeated within [`SOON_DAYS`].
    Soon,
    /// Learned, and not to be repeated yet.
    Learned,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftTopics {
    #[serde(default, rename = "topic")]
    topics: Vec<toml::Spanned<Topic>>,
}

impl Topic {
    /// Whether somebody has to learn it.
    #[must_use]
    pub fn concerns(&self, card: &OperatorCard) -> bool {
        let mut queues = self.queues.iter();
        self.queues.is_empty() || queues.any(|queue| card.queues.contains(queue))
    }

    /// The last day of what was learned on a day.
    #[must_use]
    pub fn next(&self, on: Date) -> Option<Date> {
        self.repeat_days.map(|days| on.plus_days(days))
    }
}

impl Standing {
    /// Of somebody who learned a topic last as told.
    #[must_use]
    pub fn of(last: Option<&Learned>, today: Date) -> Self {
        match last {
            None => Self::Never,
            Some(last) if last.is_overdue(today) => Self::Overdue,
            Some(last)
                if last
                    .next
                    .is_some_and(|next| next <= today.plus_days(SOON_DAYS)) =>
            {
                Self::Soon
            }
            Some(_) => Self::Learned,
        }
    }
}

impl Training {
    /// Reads files of the scripts folder; others are left alone. `known` is what they may name. What
    /// is to be mended is left out, and told: no call waits for it.
    #[must_use]
    pub fn read(
        files: &[(String, String)],
        known: (&OperatorScripts, &Bodies),
    ) -> (Self, Vec<Finding>) {
        let mut training = Self::default();
        let mut findings = Vec::new();
        for (file, text) in files {
            if file == TOPICS {
                match topics(file, text) {
                    Ok(topics) => training.topics = topics,
                    Err(found) => findings.extend(found),
                }
            } else if let Some(name) = file.strip_prefix(CALLER) {
                match caller::read((file, text), known) {
                    Ok(caller) => {
                        let name = name.strip_suffix(".toml").unwrap_or(name);
                        training.callers.insert(name.to_owned(), caller);
                    }
                    Err(found) => findings.extend(found),
                }
            }
        }
        (training, findings)
    }

    /// Repetitions that are overdue, of those who work here and of topics that concern them.
    #[must_use]
    pub fn overdue(&self, log: &TrainingLog, house: &Organisation, today: Date) -> u64 {
        let people = house.operators.iter();
        let people = people.filter(|(_, card)| card.is_of_the_shift());
        let late = people.flat_map(|(login, card)| {
            let topics = self.topics.iter().filter(|topic| topic.concerns(card));
            let last = topics.map(|topic| log.learned(login, &topic.id));
            last.filter(|last| Standing::of(*last, today) == Standing::Overdue)
        });
        u64::try_from(late.count()).unwrap_or(u64::MAX)
    }

    /// The topic of this name.
    #[must_use]
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }
}

fn finding((file, text): (&str, &str), at: usize, what: impl Into<String>) -> Finding {
    Finding {
        file: file.to_owned(),
        line: text.get(..at).unwrap_or(text).matches('\n').count() + 1,
        text: what.into(),
    }
}

fn parsed<T: serde::de::DeserializeOwned>(page: (&str, &str)) -> Result<T, Vec<Finding>> {
    toml::from_str(page.1).map_err(|error| {
        let at = error.span().unwrap_or_default().start;
        let what = format!("файл не читается: {}", error.message());
        vec![finding(page, at, what)]
    })
}

fn topics(file: &str, text: &str) -> Result<Vec<Topic>, Vec<Finding>> {
    let draft: DraftTopics = parsed((file, text))?;
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for topic in &draft.topics {
        let (at, topic) = (topic.span().start, topic.get_ref());
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let mut find = |what: String| findings.push(finding((file, text), at, what));
        if topic.id.is_empty() || !topic.id.chars().all(plain) {
            find("id: только строчные латинские буквы, цифры и «_»".to_owned());
        }
        if topic.title.trim().is_empty() {
            find("title: впишите название темы".to_owned());
        }
        let days = topic.repeat_days;
        if days.is_some_and(|days| !(1..=REPEAT_MAX_DAYS).contains(&days)) {
            find(format!(
                "repeat_days: от 1 до {REPEAT_MAX_DAYS} дней; без него тему не повторяют"
            ));
        }
        if !seen.insert(&topic.id) {
            find(format!("тема «{}» уже есть: назовите эту иначе", topic.id));
        }
    }
    if findings.is_empty() {
        let topics = draft.topics.into_iter();
        Ok(topics.map(toml::Spanned::into_inner).collect())
    } else {
        Err(findings)
    }
}

#[cfg(test)]
mod tests;
