//! Linear: the first of the queue's list who is free. For a desk of first resort with a reserve.

use super::Candidate;

pub(super) fn rank(of: &Candidate<'_>) -> u64 {
    u64::try_from(of.place).unwrap_or(u64::MAX)
}

pub(super) fn reason(of: &Candidate<'_>) -> String {
    let place = of.place + 1;
    format!("раньше других в списке очереди: {place}-й")
}
