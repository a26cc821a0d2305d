//! Round robin: the next in the queue's list after the one who was rung last.

use super::{Candidate, Moment};

pub(super) fn rank(moment: Moment, of: &Candidate<'_>) -> u64 {
    let members = moment.members.max(1);
    let first = moment.last.map_or(0, |last| last + 1);
    let steps = (of.place + members - first % members) % members;
    u64::try_from(steps).unwrap_or(u64::MAX)
}

pub(super) fn reason() -> String {
    "следующий по кругу".to_owned()
}
