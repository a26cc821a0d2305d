//! Ring all: every free operator's phone rings, and the first answer counts.

/// All are equal; where more are free than may ring at once, those who have been free longest.
pub(super) const fn rank() -> u64 {
    0
}

pub(super) fn reason(free: usize) -> String {
    match free {
        1 => "звонок всем сразу: свободен один".to_owned(),
        n => format!("звонок всем сразу: свободных {n}"),
    }
}
