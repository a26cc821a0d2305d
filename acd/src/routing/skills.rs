//! Skills: the highest sum of levels in the skills that the caller needs.

use super::Candidate;

pub(super) fn rank(of: &Candidate<'_>) -> u64 {
    u64::from(u32::MAX - of.level)
}

pub(super) fn reason(of: &Candidate<'_>) -> String {
    let level = of.level;
    format!("лучше всех по навыкам: сумма уровней {level}")
}
