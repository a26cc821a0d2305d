//! Where two folds differ: `liniya replay` compares the live numbers with the journal's.

use std::collections::BTreeMap;
use std::fmt;

use crate::exposition::{families, text};
use crate::projection::Numbers;

/// A sample that two folds tell differently.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// Name and labels, as in `/metrics`; `state` if only what no sample shows differs.
    pub sample: String,
    /// What the first fold says, if it has the sample.
    pub left: Option<String>,
    /// What the second fold says, if it has the sample.
    pub right: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "нет".to_owned());
        let (left, right) = (side(&self.left), side(&self.right));
        write!(f, "{}: {left} ≠ {right}", self.sample)
    }
}

/// Every sample in which two folds differ, by name. Empty exactly if the folds are equal.
#[must_use]
pub fn compare(left: &Numbers, right: &Numbers) -> Vec<Difference> {
    let now = left.last_at().max(right.last_at());
    let page = |numbers| text(&families(numbers, now));
    let (left_page, right_page) = (page(left), page(right));
    let (left_samples, right_samples) = (samples(&left_page), samples(&right_page));
    let names = left_samples.keys().chain(right_samples.keys());
    let names: std::collections::BTreeSet<&str> = names.copied().collect();
    let mut differences: Vec<Difference> = names
        .into_iter()
        .map(|name| Difference {
            sample: name.to_owned(),
            left: left_samples.get(name).map(ToString::to_string),
            right: right_samples.get(name).map(ToString::to_string),
        })
        .filter(|difference| difference.left != difference.right)
        .collect();
    if differences.is_empty() && left != right {
        differences.push(Difference {
            sample: "state".to_owned(),
            left: Some(format!("seq {}", left.last_seq())),
            right: Some(format!("seq {}", right.last_seq())),
        });
    }
    differences
}

/// Name with labels → value.
fn samples(page: &str) -> BTreeMap<&str, &str> {
    page.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .collect()
}
