//! Least occupied: the least share of the shift in talks and after-call work, so that whoever came
//! late does not get every call.

use super::{Candidate, Moment};

pub(super) fn rank(moment: Moment, of: &Candidate<'_>) -> u64 {
    of.operator.work.occupancy_ppm(moment.now)
}

pub(super) fn reason(moment: Moment, of: &Candidate<'_>) -> String {
    let percent = rank(moment, of) / 10_000;
    format!("наименее занят: {percent} % смены")
}
