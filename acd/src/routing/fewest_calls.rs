//! Fewest calls: talks begun since sign-in.

use super::Candidate;

pub(super) fn rank(of: &Candidate<'_>) -> u64 {
    u64::from(of.operator.work.calls)
}

pub(super) fn reason(of: &Candidate<'_>) -> String {
    let calls = of.operator.work.calls;
    format!("меньше всех звонков за смену: {calls}")
}
