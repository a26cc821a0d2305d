//! Who talked with whom last, so that a caller who calls again can have the same operator.

use std::collections::{BTreeMap, BTreeSet};

use events::{OperatorId, Pii, Timestamp};

/// Callers remembered; of more, the one whose talk is longest ago is forgotten.
const REMEMBERED: usize = 20_000;

/// The last operator of each number. It is in memory only, and a fold over the journal: what
/// retention removes there is not here after the next start.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Acquaintances {
    by_number: BTreeMap<Pii<String>, (Timestamp, OperatorId)>,
    by_time: BTreeSet<(Timestamp, Pii<String>)>,
}

impl Acquaintances {
    pub(crate) fn met(&mut self, at: Timestamp, number: &Pii<String>, operator: &OperatorId) {
        let met = (at, operator.clone());
        if let Some((before, _)) = self.by_number.insert(number.clone(), met) {
            self.by_time.remove(&(before, number.clone()));
        }
        self.by_time.insert((at, number.clone()));
        if self.by_time.len() > REMEMBERED
            && let Some((_, forgotten)) = self.by_time.pop_first()
        {
            self.by_number.remove(&forgotten);
        }
    }

    /// Whom this number talked with last, and when.
    pub(crate) fn last(&self, number: &Pii<String>) -> Option<(Timestamp, &OperatorId)> {
        let (at, operator) = self.by_number.get(number)?;
        Some((*at, operator))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_ago_is_forgotten_first_and_a_new_talk_counts_anew() {
        let mut known = Acquaintances::default();
        let number = |n: usize| Pii::new(n.to_string());
        for n in 0..REMEMBERED {
            let at = Timestamp(i64::try_from(n).unwrap());
            known.met(at, &number(n), &"op1".into());
        }
        known.met(Timestamp(1_000_000), &number(0), &"op2".into());
        known.met(Timestamp(1_000_001), &number(REMEMBERED), &"op1".into());
        assert_eq!(known.last(&number(1)), None);
        let (at, operator) = known.last(&number(0)).unwrap();
        assert_eq!((at, operator), (Timestamp(1_000_000), &"op2".into()));
        assert_eq!(known.by_number.len(), known.by_time.len());
    }
}
