//! Longest idle: work is shared evenly, and nobody can hurry to the front by being quick.

use std::collections::BTreeSet;

use events::{OperatorId, Timestamp};

use super::{Pick, in_words};

pub(super) fn pick(now: Timestamp, free: &BTreeSet<(Timestamp, OperatorId)>) -> Option<Pick> {
    let (since, operator) = free.first()?;
    let idle = in_words(now.since(*since));
    let reason = match free.len() {
        1 => format!("единственный свободный, свободен {idle}"),
        n => format!("свободен дольше всех: {idle}, из {n} свободных"),
    };
    Some(Pick {
        operator: operator.clone(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_free_is_chosen_and_the_reason_says_so() {
        let now = Timestamp::default().plus_ms(252_000);
        let mut free = BTreeSet::new();
        assert_eq!(pick(now, &free), None);
        free.insert((Timestamp(0), "operator2".into()));
        let alone = pick(now, &free).unwrap();
        assert_eq!(alone.reason, "единственный свободный, свободен 4 мин 12 с");
        free.insert((Timestamp(1), "operator1".into()));
        free.insert((Timestamp(2), "operator3".into()));
        let picked = pick(now, &free).unwrap();
        assert_eq!(picked.operator, "operator2".into());
        assert_eq!(
            picked.reason,
            "свободен дольше всех: 4 мин 12 с, из 3 свободных"
        );
    }
}
