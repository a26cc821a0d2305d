//! The service level now: of those who were answered in the last half an hour.

use std::collections::VecDeque;

use events::{Millis, QueueId, Timestamp};

/// What «now» looks back on.
pub(super) const WINDOW: Millis = Millis::from_s(1_800);
/// So many answers are remembered; of more in half an hour, the newest.
const MOST: usize = 10_000;

/// Who was answered lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent {
    answers: VecDeque<Answer>,
}

#[derive(Clone, Debug)]
struct Answer {
    at: Timestamp,
    queue: Option<QueueId>,
    soon: bool,
}

impl Recent {
    /// Somebody was answered, soon or not.
    pub(super) fn answered(&mut self, at: Timestamp, queue: Option<QueueId>, soon: bool) {
        let old = |answer: &Answer| at.since(answer.at) >= WINDOW;
        while self.answers.front().is_some_and(old) || self.answers.len() >= MOST {
            self.answers.pop_front();
        }
        self.answers.push_back(Answer { at, queue, soon });
    }

    /// Answered soon, and answered, in the window before `now`: in one queue or in all.
    pub(super) fn soon_of_all(&self, now: Timestamp, queue: Option<&QueueId>) -> (u64, u64) {
        let lately = self.answers.iter();
        let lately = lately.filter(|answer| now.since(answer.at) < WINDOW);
        let lately = lately.filter(|answer| queue.is_none() || answer.queue.as_ref() == queue);
        lately.fold((0, 0), |(soon, all), answer| {
            (soon + u64::from(answer.soon), all + 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_half_an_hour_does_not_count() {
        let at = |min: u64| Timestamp(0).plus_ms(min * 60_000);
        let (here, there) = (QueueId::new("here"), QueueId::new("there"));
        let mut recent = Recent::default();
        recent.answered(at(0), Some(here.clone()), false);
        recent.answered(at(10), Some(here.clone()), true);
        recent.answered(at(20), Some(there.clone()), true);
        assert_eq!(recent.soon_of_all(at(29), None), (2, 3));
        assert_eq!(recent.soon_of_all(at(29), Some(&here)), (1, 2));
        assert_eq!(recent.soon_of_all(at(30), None), (2, 2));
        assert_eq!(recent.soon_of_all(at(45), Some(&here)), (0, 0));
        recent.answered(at(60), Some(there), false);
        assert_eq!(recent.answers.len(), 1);
        for _ in 0..MOST {
            recent.answered(at(61), None, true);
        }
        assert_eq!(recent.answers.len(), MOST);
    }
}
