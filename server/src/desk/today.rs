//! Counters of the day, and when the day begins.

use std::collections::BTreeMap;

use events::{Millis, QueueId, Timestamp, UnansweredCause};

use super::recent::Recent;

/// «Отвечено за 20 секунд»: the service level's bound (`docs/glossary.md`).
const SOON: Millis = Millis::from_s(20);

/// A local day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Day(i64);

impl Day {
    pub(super) fn of(at: Timestamp, utc_offset_min: i16) -> Self {
        let local_s =
            at.0.div_euclid(1_000_000)
                .saturating_add(i64::from(utc_offset_min) * 60);
        Self(local_s.div_euclid(86_400))
    }
}

/// What an operator did today.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OperatorToday {
    day: Day,
    sums: OperatorSums,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OperatorSums {
    pub(super) answered: u64,
    pub(super) missed: u64,
    pub(super) transfers: u64,
    pub(super) talks: u64,
    pub(super) talk_ms: u64,
}

impl OperatorToday {
    /// The sums to add to, empty on a new day.
    pub(super) fn on(&mut self, day: Day) -> &mut OperatorSums {
        if self.day != day {
            *self = Self {
                day,
                sums: OperatorSums::default(),
            };
        }
        &mut self.sums
    }

    pub(super) fn seen_on(&self, day: Day) -> OperatorSums {
        if self.day == day {
            self.sums
        } else {
            OperatorSums::default()
        }
    }
}

/// What became of the room's callers today.
#[derive(Clone, Debug, Default)]
pub(super) struct RoomToday {
    day: Day,
    sums: RoomSums,
    recent: Recent,
}

#[derive(Clone, Debug, Default)]
pub(super) struct RoomSums {
    pub(super) offered: u64,
    pub(super) answered: u64,
    pub(super) unanswered: BTreeMap<UnansweredCause, u64>,
    pub(super) wait_ms: u64,
    pub(super) in_20s: u64,
    pub(super) queues: BTreeMap<QueueId, QueueSums>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct QueueSums {
    pub(super) in_20s: u64,
    pub(super) answered: u64,
    pub(super) unanswered: u64,
}

impl RoomToday {
    fn on(&mut self, day: Day) -> &mut RoomSums {
        if self.day != day {
            (self.day, self.sums) = (day, RoomSums::default());
        }
        &mut self.sums
    }

    /// Who was answered lately, yesterday too.
    pub(super) const fn recent(&self) -> &Recent {
        &self.recent
    }

    pub(super) fn offered(&mut self, day: Day) {
        self.on(day).offered += 1;
    }

    pub(super) fn answered(
        &mut self,
        (day, at): (Day, Timestamp),
        queue: Option<QueueId>,
        wait: Millis,
    ) {
        self.recent.answered(at, queue.clone(), wait <= SOON);
        let sums = self.on(day);
        sums.answered += 1;
        sums.wait_ms = sums.wait_ms.saturating_add(wait.0);
        let soon = u64::from(wait <= SOON);
        sums.in_20s += soon;
        if let Some(queue) = queue {
            let of_queue = sums.queues.entry(queue).or_default();
            of_queue.answered += 1;
            of_queue.in_20s += soon;
        }
    }

    pub(super) fn unanswered(&mut self, day: Day, queue: Option<QueueId>, cause: UnansweredCause) {
        let sums = self.on(day);
        *sums.unanswered.entry(cause).or_default() += 1;
        if let Some(queue) = queue {
            sums.queues.entry(queue).or_default().unanswered += 1;
        }
    }

    pub(super) fn seen_on(&self, day: Day) -> RoomSums {
        if self.day == day {
            self.sums.clone()
        } else {
            RoomSums::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_local_midnight() {
        let midnight_in_moscow = Timestamp(1_795_294_800 * 1_000_000); // 2026-11-21T21:00:00Z
        let before = Timestamp(midnight_in_moscow.0 - 1);
        assert_ne!(Day::of(before, 180), Day::of(midnight_in_moscow, 180));
        assert_eq!(Day::of(before, 0), Day::of(midnight_in_moscow, 0));
        let mut today = OperatorToday::default();
        today.on(Day::of(before, 180)).answered = 7;
        assert_eq!(today.seen_on(Day::of(midnight_in_moscow, 180)).answered, 0);
        today.on(Day::of(midnight_in_moscow, 180)).answered += 1;
        assert_eq!(today.seen_on(Day::of(midnight_in_moscow, 180)).answered, 1);
    }
}
