//! On which terms a caller begins to wait: priority, the operator they know, the skills they need.

use events::{Circle, EntryCause, Millis, OperatorId, QueueId, Terms, Timestamp};

use crate::acd::Acd;
use crate::call::Call;
use crate::given_up::GivenUp;
use crate::kept::Kept;
use crate::settings::Need;

impl Acd {
    pub(super) fn terms(
        &self,
        now: Timestamp,
        call: &Call,
        queue: &QueueId,
        because: EntryCause,
    ) -> Terms {
        let Some(settings) = self.settings.queues.get(queue) else {
            return Terms::default();
        };
        let line = self.settings.lines.get(&call.line);
        let priority = line.map_or(0, |line| line.priority);
        // Who is handed on stands where they stood.
        let ahead_ms = if call.ticket.is_some() || because == EntryCause::Overflow {
            Millis(0)
        } else {
            Millis(u64::from(priority).saturating_mul(settings.priority_worth.0))
        };
        let resumed = self.given_up(now, call, queue);
        let resumed = resumed.filter(|_| call.ticket.is_none() && because == EntryCause::Assistant);
        let kept_ms = resumed.map_or(Millis(0), |wait| now.since(wait.order));
        let mut needs = settings.needs.iter();
        let need = needs.find(|need| need.is_about(call));
        let mut circles = need.map(|need| need.circles.clone()).unwrap_or_default();
        let prefers = match because {
            EntryCause::Assistant | EntryCause::Callback => self.acquainted(now, call, queue),
            EntryCause::Transfer
            | EntryCause::Returned
            | EntryCause::Overflow
            | EntryCause::Moved => None,
        };
        let wait = settings.preferred_wait;
        if let Some(only) = prefers.clone().filter(|_| wait > Millis(0)) {
            if circles.is_empty() {
                circles.push(Circle::default());
            }
            for circle in &mut circles {
                circle.after_ms.0 = circle.after_ms.0.saturating_add(wait.0);
            }
            let first = Circle {
                after_ms: Millis(0),
                only: Some(only),
                skills: Vec::new(),
            };
            circles.insert(0, first);
        }
        let mut terms = Terms {
            priority,
            ahead_ms: ahead_ms.max(kept_ms),
            resumes: resumed.map(|wait| wait.call),
            keeps: None,
            prefers,
            circles,
            overflow: self.overflow(call, queue),
        };
        if because == EntryCause::Assistant
            && call.ticket.is_none()
            && let Some(kept) = self.place_of_caller(call, queue)
        {
            terms.take_place(now, kept);
        }
        terms
    }

    /// The wait in this queue that the same number gave up just before it called again.
    fn given_up(&self, now: Timestamp, call: &Call, queue: &QueueId) -> Option<&GivenUp> {
        let within = self.settings.queues.get(queue)?.resume_within;
        let wait = self.given_up.of(call.caller.as_ref()?)?;
        let away = call.arrived.min(now).since(wait.at);
        (wait.queue == *queue && within > Millis(0) && away <= within).then_some(wait)
    }

    /// The operator who talked with this number not long ago, serves the queue and is at work.
    fn acquainted(&self, now: Timestamp, call: &Call, queue: &QueueId) -> Option<OperatorId> {
        let within = self.settings.queues.get(queue)?.preferred_within;
        let (met, operator) = self.acquainted.last(call.caller.as_ref()?)?;
        let known = self.operators.get(operator)?;
        let serves = known.queues.contains(queue) && known.is_at_work();
        (within > Millis(0) && now.since(met) <= within && serves).then(|| operator.clone())
    }
}

impl Need {
    fn is_about(&self, call: &Call) -> bool {
        self.services.is_empty() || self.services.contains(&call.service)
    }
}

/// What a kept place makes of the terms.
pub(super) trait TakePlace {
    /// The place itself, and the circles that were reached in the wait before.
    fn take_place(&mut self, now: Timestamp, kept: &Kept);
}

impl TakePlace for Terms {
    fn take_place(&mut self, now: Timestamp, kept: &Kept) {
        let waited = now.since(kept.ticket.entered);
        self.keeps = Some(kept.case);
        self.ahead_ms = self.ahead_ms.max(now.since(kept.ticket.order));
        for circle in &mut self.circles {
            circle.after_ms = Millis(circle.after_ms.0.saturating_sub(waited.0));
        }
        let reached = |circle: &&Circle| circle.after_ms == Millis(0);
        let passed = self.circles.iter().take_while(reached).count();
        self.circles.drain(..passed.saturating_sub(1));
    }
}
