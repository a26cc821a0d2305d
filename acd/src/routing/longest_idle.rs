//! Longest idle: work is shared evenly, and nobody can hurry to the front by being quick.

/// All are equal, and of equals the one who has been free longest is chosen.
pub(super) const fn rank() -> u64 {
    0
}

pub(super) fn reason(idle: &str) -> String {
    format!("свободен дольше всех: {idle}")
}
