//! The last good answers: what callers are told while a register cannot be asked.

use std::collections::{BTreeMap, BTreeSet};

use events::{CaseNumber, Millis, Timestamp};

use super::Standing;

/// Answers kept at most; the oldest is forgotten first.
const ANSWERS_MAX: usize = 10_000;

/// The last good answer about each application, for a limited time.
#[derive(Clone, Debug)]
pub struct Memory {
    kept: Millis,
    answers: BTreeMap<CaseNumber, (Timestamp, Standing)>,
    by_age: BTreeSet<(Timestamp, CaseNumber)>,
}

impl Memory {
    /// A memory that forgets an answer after `kept`.
    #[must_use]
    pub const fn new(kept: Millis) -> Self {
        Self {
            kept,
            answers: BTreeMap::new(),
            by_age: BTreeSet::new(),
        }
    }

    /// A register answered.
    pub fn keep(&mut self, now: Timestamp, number: &CaseNumber, standing: Standing) {
        self.forget(number);
        self.by_age.insert((now, number.clone()));
        self.answers.insert(number.clone(), (now, standing));
        while self.answers.len() > ANSWERS_MAX
            && let Some((_, oldest)) = self.by_age.pop_first()
        {
            self.answers.remove(&oldest);
        }
    }

    /// A register says that it does not have the number any more.
    pub fn forget(&mut self, number: &CaseNumber) {
        if let Some((at, _)) = self.answers.remove(number) {
            self.by_age.remove(&(at, number.clone()));
        }
    }

    /// The last good answer and its time, if it is not too old.
    #[must_use]
    pub fn recall(&self, now: Timestamp, number: &CaseNumber) -> Option<(Timestamp, &Standing)> {
        let (at, standing) = self.answers.get(number)?;
        (now.since(*at) <= self.kept).then_some((*at, standing))
    }
}

#[cfg(test)]
mod tests {
    use events::CaseId;

    use super::*;

    #[test]
    fn an_answer_is_recalled_until_it_is_too_old() {
        let mut memory = Memory::new(Millis(1_000));
        let number = CaseNumber::of(CaseId(7));
        let standing = Standing {
            status: "на рассмотрении".into(),
            due: None,
        };
        memory.keep(Timestamp(0), &number, standing.clone());
        let found = memory.recall(Timestamp(1_000_000), &number);
        assert_eq!(found, Some((Timestamp(0), &standing)));
        assert_eq!(memory.recall(Timestamp(1_001_000), &number), None);
        memory.forget(&number);
        assert_eq!(memory.recall(Timestamp(0), &number), None);
    }

    #[test]
    fn memory_has_a_limit() {
        let mut memory = Memory::new(Millis(u64::MAX));
        for n in 0..10_010_u32 {
            let standing = Standing {
                status: n.to_string(),
                due: None,
            };
            let number = CaseNumber::of(CaseId(u64::from(n)));
            memory.keep(Timestamp(i64::from(n)), &number, standing);
        }
        assert_eq!(memory.answers.len(), ANSWERS_MAX);
        assert_eq!(memory.by_age.len(), ANSWERS_MAX);
        let oldest = CaseNumber::of(CaseId(9));
        assert_eq!(memory.recall(Timestamp(0), &oldest), None);
    }
}
