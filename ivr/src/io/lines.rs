//! What is known of callers' lines between two questions: noise, echo, how loud the caller speaks.

use std::collections::BTreeMap;

use crate::audio::hearing::Hearing;

/// Lines of callers; the one that was not listened to for longest goes first.
#[derive(Debug)]
pub(super) struct Lines {
    known: BTreeMap<u64, (Hearing, u64)>,
    turn: u64,
    most: usize,
}

impl Lines {
    /// Room for so many.
    pub(super) const fn new(most: usize) -> Self {
        Self {
            known: BTreeMap::new(),
            turn: 0,
            most,
        }
    }

    /// What is known of a line; of a new one nothing.
    pub(super) fn of(&self, session: u64) -> Hearing {
        let known = self.known.get(&session);
        known.map_or_else(Hearing::new, |(hearing, _)| hearing.clone())
    }

    /// Keeps what is known by now.
    pub(super) fn keep(&mut self, session: u64, hearing: Hearing) {
        self.turn += 1;
        self.known.insert(session, (hearing, self.turn));
        while self.known.len() > self.most.max(1) {
            let oldest = self.known.iter().min_by_key(|(_, (_, turn))| *turn);
            let Some(oldest) = oldest.map(|(session, _)| *session) else {
                return;
            };
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_not_listened_to_for_longest_goes_first() {
        let mut lines = Lines::new(2);
        for session in [1, 2, 1, 3] {
            lines.keep(session, Hearing::new());
        }
        assert_eq!(lines.known.keys().copied().collect::<Vec<_>>(), [1, 3]);
    }
}
