//! Which of the free operators gets the call. One file a strategy; every pick carries its reason.

mod longest_idle;

use std::collections::BTreeSet;

use events::{Millis, OperatorId, Timestamp};

/// How the operator is chosen among the free ones of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Strategy {
    /// The one who has been free longest.
    #[default]
    LongestIdle,
}

/// The operator chosen, and why, in Russian, for the journal and the live board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) operator: OperatorId,
    pub(crate) reason: String,
}

impl Strategy {
    /// Chooses among the free, who are ordered by the time since when they are; none if there are none.
    pub(crate) fn pick(
        self,
        now: Timestamp,
        free: &BTreeSet<(Timestamp, OperatorId)>,
    ) -> Option<Pick> {
        match self {
            Self::LongestIdle => longest_idle::pick(now, free),
        }
    }
}

/// «4 мин 12 с», as people say it; hours appear when there are any.
pub(crate) fn in_words(duration: Millis) -> String {
    let s = duration.0 / 1_000;
    let (h, min, s) = (s / 3_600, s / 60 % 60, s % 60);
    match (h, min) {
        (0, 0) => format!("{s} с"),
        (0, _) => format!("{min} мин {s} с"),
        _ => format!("{h} ч {min} мин"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let words: Vec<String> = [0, 59, 60, 252, 3_600, 7_322]
            .map(|s| in_words(Millis::from_s(s)))
            .into();
        assert_eq!(
            words,
            [
                "0 с",
                "59 с",
                "1 мин 0 с",
                "4 мин 12 с",
                "1 ч 0 мин",
                "2 ч 2 мин"
            ]
        );
    }
}
