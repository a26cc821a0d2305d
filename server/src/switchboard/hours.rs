//! Queues open and close by their hours; each is a fact, so that the distribution needs no calendar.

use acd::Command;
use events::{Event, LineId, Millis, QueueId, Timestamp};

use super::{Switchboard, Turn};

/// Hours that do not change for a month are looked at again after this.
const LOOK_AGAIN: Millis = Millis::from_s(24 * 3_600);

impl Switchboard {
    /// States which queues have opened or closed, once it is time.
    pub(super) fn mind_hours(&mut self, now: Timestamp, turn: &mut Turn) {
        if self.hours_change.is_some_and(|at| now < at) {
            return;
        }
        let rules = self.cases.settings();
        let mut next = now + LOOK_AGAIN;
        let mut facts = Vec::new();
        for queue in self.acd.queues() {
            let hours = self.setup.queue_hours.get(&queue.id);
            let open = hours.is_none_or(|hours| rules.is_open(hours, now));
            let change = hours.and_then(|hours| rules.next_change(hours, now));
            next = change.map_or(next, |change| next.min(change));
            if queue.is_open() != open {
                facts.push(stated(queue.id.clone(), open));
            }
        }
        self.hours_change = Some(next);
        if facts.is_empty() {
            return;
        }
        for fact in facts {
            self.note(now, fact, turn);
        }
        let _ = self.ask(now, Command::Tick, turn);
    }

    /// Whether persons answer on a line now: within its hours, and within those of its queue or of
    /// the one that takes its callers meanwhile.
    #[must_use]
    pub fn is_open(&self, line: &LineId, now: Timestamp) -> bool {
        let hours = self.setup.lines.get(line).and_then(|l| l.hours.as_ref());
        hours.is_none_or(|hours| self.cases.settings().is_open(hours, now))
            && self.takes_callers(line)
    }

    fn takes_callers(&self, line: &LineId) -> bool {
        let settings = self.acd.settings();
        let Some(line) = settings.lines.get(line) else {
            return true;
        };
        let is_open = |queue: &QueueId| self.acd.queue(queue).is_none_or(acd::Queue::is_open);
        let other = settings.queues.get(&line.queue);
        let other = other.and_then(|queue| queue.overflow_to.as_ref());
        is_open(&line.queue) || other.is_some_and(is_open)
    }
}

const fn stated(queue: QueueId, open: bool) -> Event {
    if open {
        Event::QueueOpened { queue }
    } else {
        Event::QueueClosed { queue }
    }
}
