//! How operators follow their scripts, and where callers are sent on to (requirement rows #35, #39).
//!
//! A deviation is allowed: its figure asks whether the script fits, not whether the operator does.

use std::collections::BTreeMap;

use events::{CallId, Deviations, Event, ScriptEvent, Timestamp};

use crate::call_book::Fact;
use crate::keys::Keys;
use crate::projection::Question;
use crate::sheet::{Sheet, float};

/// More names than this, of scripts or of bodies, are booked as `other`: the number of series has a
/// limit.
const NAMES_MAX: usize = 200;
const OTHER: &str = "other";

/// Scripts and referrals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guidance {
    scripts: BTreeMap<String, Cell>,
    /// Whom callers were told to turn to, by the body.
    referrals: BTreeMap<String, u64>,
    /// What was stated about a call whose after-call work has not ended.
    referred: BTreeMap<CallId, String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    followed: u64,
    skipped: u64,
    reordered: u64,
    own_words: u64,
    missing: u64,
}

impl Cell {
    fn book(&mut self, deviations: &Deviations) {
        let many = |names: &[String]| u64::try_from(names.len()).unwrap_or(u64::MAX);
        self.followed += 1;
        self.skipped += many(&deviations.skipped);
        self.reordered += many(&deviations.reordered);
        self.own_words += many(&deviations.own_words);
        self.missing += many(&deviations.missing);
    }
}

fn bounded<'a, T>(known: &BTreeMap<String, T>, name: &'a str) -> &'a str {
    if known.len() < NAMES_MAX || known.contains_key(name) {
        name
    } else {
        OTHER
    }
}

impl Question for Guidance {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a question looks at its own facts; every other fact changes nothing here"
    )]
    fn apply(&mut self, fact: &Fact<'_>) {
        match &fact.record.event {
            Event::Script(ScriptEvent::Followed {
                script, deviations, ..
            }) => {
                let script = bounded(&self.scripts, script.as_str()).to_owned();
                self.scripts.entry(script).or_default().book(deviations);
            }
            Event::Script(ScriptEvent::Referred { call, body, .. }) => {
                self.referred.remove(call);
                if let Some(body) = body {
                    self.referred.insert(*call, body.clone());
                }
            }
            Event::WrapUpEnded { call, .. } => {
                if let Some(body) = self.referred.remove(call) {
                    let body = bounded(&self.referrals, &body).to_owned();
                    *self.referrals.entry(body).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    fn show(&self, _keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let mut family = sheet.counter(
            "liniya_scripts_followed_total",
            "Разговоры по сценариям операторов",
        );
        for (script, cell) in &self.scripts {
            family.value(&[("script", script)], float(cell.followed));
        }
        let mut family = sheet.counter(
            "liniya_script_deviations_total",
            "Отступления от сценария: шаг пропущен (skipped), не по порядку (reordered), своими \
             словами (own_words), обязательное поле пустое (missing)",
        );
        for (script, cell) in &self.scripts {
            for (how, count) in [
                ("skipped", cell.skipped),
                ("reordered", cell.reordered),
                ("own_words", cell.own_words),
                ("missing", cell.missing),
            ] {
                family.value(&[("script", script), ("how", how)], float(count));
            }
        }
        let mut family = sheet.counter(
            "liniya_referrals_total",
            "Вопросы вне компетенции: куда посоветовали обратиться",
        );
        for (body, count) in &self.referrals {
            family.value(&[("body", body)], float(*count));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Numbers, Projection as _};
    use events::{Date, Record, ScriptId};
    use expect_test::expect;

    fn shown(facts: Vec<Event>, now: &str) -> String {
        let mut numbers = Numbers::default();
        for (seq, event) in (1..).zip(facts) {
            let at = Timestamp(0);
            numbers.apply(&Record { seq, at, event });
        }
        let mut sheet = Sheet::default();
        let day = Date::parse(now).unwrap();
        let mut at = Timestamp(0);
        while Date::at(at, 0) < day {
            at = at.plus_ms(86_400_000);
        }
        numbers.guidance.show(&numbers.book.keys, at, &mut sheet);
        let mut lines = String::new();
        for family in sheet.into_families() {
            for metric in family.get_metric() {
                let labels: Vec<&str> = metric.get_label().iter().map(|l| l.value()).collect();
                let value = metric.get_counter().get_value() + metric.get_gauge().get_value();
                lines += &format!("{} {labels:?} {value}\n", family.name());
            }
        }
        lines
    }

    fn followed(deviations: Deviations) -> Event {
        Event::Script(ScriptEvent::Followed {
            call: CallId(1),
            operator: "anna".into(),
            script: ScriptId::new("appointment"),
            version: "1".into(),
            done: 5,
            deviations,
        })
    }

    #[test]
    fn deviations_are_counted_by_script_and_kind() {
        let some = Deviations {
            skipped: vec!["topic".into(), "place".into()],
            own_words: vec!["greeting".into()],
            ..Deviations::default()
        };
        let facts = vec![followed(some), followed(Deviations::default())];
        expect![[r#"
            liniya_script_deviations_total ["appointment", "skipped"] 2
            liniya_script_deviations_total ["appointment", "reordered"] 0
            liniya_script_deviations_total ["appointment", "own_words"] 1
            liniya_script_deviations_total ["appointment", "missing"] 0
            liniya_scripts_followed_total ["appointment"] 2
        "#]]
        .assert_eq(&shown(facts, "2026-11-22"));
    }

    #[test]
    fn a_referral_counts_once_as_stated_last() {
        let referred = |body: Option<&str>| {
            Event::Script(ScriptEvent::Referred {
                call: CallId(1),
                operator: "anna".into(),
                body: body.map(str::to_owned),
            })
        };
        let over = || Event::WrapUpEnded {
            call: CallId(1),
            operator: "anna".into(),
        };
        let facts = vec![referred(Some("tax")), referred(Some("mfc")), over(), over()];
        let text = shown(facts, "2026-11-22");
        assert!(
            text.contains("liniya_referrals_total [\"mfc\"] 1\n"),
            "{text}"
        );
        assert!(!text.contains("tax"), "{text}");
        let facts = vec![referred(Some("tax")), referred(None), over()];
        assert!(!shown(facts, "2026-11-22").contains("referrals"));
    }
}
