//! How long the answers of the knowledge base are still true (row #19): one that is about to expire
//! is told to whoever reads it, to whoever keeps it and to whoever looks at the figures.

use events::Date;
use ivr::knowledge::{Answer, KnowledgeBase, Validity};
use serde::Serialize;
use utoipa::ToSchema;

/// An answer that expires within so many days is to be looked at.
pub const SOON_DAYS: u16 = 30;

/// How long an answer is still true, on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// True, and for long enough.
    Valid,
    /// True, and for [`SOON_DAYS`] at most.
    Soon,
    /// Not true yet.
    NotYet,
    /// Not true any more.
    Expired,
}

/// An answer that somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Expiring {
    /// `topic.card`.
    pub name: String,
    /// The topic's name.
    pub article: String,
    /// The file under the scripts folder that it stands in, if it can be told.
    pub file: Option<String>,
    /// The topic.
    pub topic: String,
    /// What it is about, in Russian.
    pub about: &'static str,
    /// Last day it is true.
    #[schema(value_type = String)]
    pub until: Date,
    /// Whether it is true no more; otherwise it is for [`SOON_DAYS`] at most.
    pub is_expired: bool,
}

impl Freshness {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Valid, Self::Soon, Self::NotYet, Self::Expired];

    /// Of an answer.
    #[must_use]
    pub fn of(answer: &Answer, today: Date) -> Self {
        let limit = today.plus_days(SOON_DAYS);
        match answer.validity(today) {
            Validity::Expired => Self::Expired,
            Validity::NotYet => Self::NotYet,
            Validity::Valid if answer.valid_until.is_some_and(|until| until <= limit) => Self::Soon,
            Validity::Valid => Self::Valid,
        }
    }

    /// The word in labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Soon => "soon",
            Self::NotYet => "not_yet",
            Self::Expired => "expired",
        }
    }
}

/// How many answers there are of each kind.
#[must_use]
pub fn counts(base: &KnowledgeBase, today: Date) -> Vec<(&'static str, u64)> {
    let all = || base.articles().iter().flat_map(|article| &article.answers);
    let count = |kind: Freshness| {
        let of_kind = all().filter(|answer| Freshness::of(answer, today) == kind);
        u64::try_from(of_kind.count()).unwrap_or(u64::MAX)
    };
    Freshness::ALL
        .into_iter()
        .map(|kind| (kind.as_str(), count(kind)))
        .collect()
}

/// Answers that expired or soon will, the most urgent first.
#[must_use]
pub fn expiring(base: &KnowledgeBase, today: Date) -> Vec<Expiring> {
    let mut found = Vec::new();
    for article in base.articles() {
        for answer in &article.answers {
            let is_expired = match Freshness::of(answer, today) {
                Freshness::Expired => true,
                Freshness::Soon => false,
                Freshness::Valid | Freshness::NotYet => continue,
            };
            found.extend(answer.valid_until.map(|until| Expiring {
                name: answer.name.clone(),
                article: article.id.clone(),
                file: None,
                topic: article.title.clone(),
                about: answer.about.title(),
                until,
                is_expired,
            }));
        }
    }
    found.sort_by(|one, other| (one.until, &one.name).cmp(&(other.until, &other.name)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use ivr::knowledge::{About, Article};

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn base() -> KnowledgeBase {
        let answer = |name: &str, from: Option<&str>, until: Option<&str>| Answer {
            name: format!("fee.{name}"),
            about: About::Fee,
            text: "Пошлина".into(),
            source: "Порядок".into(),
            valid_from: from.map(day),
            valid_until: until.map(day),
        };
        KnowledgeBase::new(vec![Article {
            id: "fee".into(),
            title: "Пошлина".into(),
            version: "1".into(),
            services: Vec::new(),
            answers: vec![
                answer("always", None, None),
                answer("long", None, Some("2026-12-23")),
                answer("month", None, Some("2026-12-22")),
                answer("today", None, Some("2026-11-22")),
                answer("gone", None, Some("2026-11-21")),
                answer("later", Some("2026-11-23"), Some("2026-11-30")),
            ],
        }])
    }

    #[test]
    fn an_answer_is_told_a_month_before_it_expires() {
        let today = day("2026-11-22");
        assert_eq!(
            counts(&base(), today),
            [("valid", 2), ("soon", 2), ("not_yet", 1), ("expired", 1)]
        );
        let told = expiring(&base(), today);
        let told: Vec<(&str, bool)> = told
            .iter()
            .map(|one| (one.name.as_str(), one.is_expired))
            .collect();
        assert_eq!(
            told,
            [
                ("fee.gone", true),
                ("fee.today", false),
                ("fee.month", false)
            ]
        );
        assert_eq!(expiring(&base(), today)[0].article, "fee");
    }
}
