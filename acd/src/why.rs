//! Why an operator does not have a caller who waits.
//!
//! The state is a fold over the journal, so whoever replays it may ask at every moment; no fact has
//! to carry the answer for every operator.

use events::{CallId, CaseId, Millis, NotReadyReason, OperatorId, SkillLevel, Timestamp};

use crate::Operator;
use crate::acd::Acd;
use crate::call::{Call, Wait};
use crate::operator::Presence;

/// What keeps an operator from a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// Not at the desk.
    SignedOut,
    /// At the desk, wants no calls.
    NotReady(NotReadyReason),
    /// The phone cannot be rung.
    PhoneDown,
    /// Rung for another caller.
    RungFor(CallId),
    /// With another caller.
    TalksTo(CallId),
    /// A colleague asks about another caller: rung for it, or talking.
    AskedAbout(CallId),
    /// In after-call work.
    WrapsUp {
        /// For this call.
        call: CallId,
        /// It should be over; outcome and need are missing.
        overdue: bool,
    },
    /// The caller waits for this operator alone, for a while.
    Awaits(OperatorId),
    /// The caller needs more.
    Lacks {
        /// What is needed now.
        wanted: SkillLevel,
        /// The operator's level.
        has: u8,
    },
    /// Free, and held for somebody who came before and is being called back.
    HeldFor(CaseId),
    /// Rung for this caller.
    Rings,
    /// Free and fit: the strategy chose another, or an earlier caller came first.
    Free {
        /// Free so long.
        idle: Millis,
        /// Talks begun since sign-in.
        calls: u32,
        /// Share of the shift in talks and after-call work, in percent.
        occupied_percent: u64,
    },
}

impl Acd {
    /// What keeps an operator from a caller now; none for a caller who does not wait or an operator
    /// who is not known.
    #[must_use]
    pub fn why_not(&self, now: Timestamp, call: CallId, operator: &OperatorId) -> Option<WhyNot> {
        let open = self.calls.get(&call)?;
        let wait = open.wait()?;
        let queue = open.queue.as_ref().and_then(|queue| self.queues.get(queue));
        let held = queue.zip(open.ticket);
        let held = held.and_then(|(queue, ticket)| self.held_for(queue, ticket));
        let found = self.operators.get(operator)?;
        let free = |since| {
            let held = held.map(|kept| WhyNot::HeldFor(kept.case));
            misfit(wait, found)
                .or(held)
                .unwrap_or_else(|| found.is_only_free(now, since))
        };
        Some(self.keeps_busy(now, found, call).unwrap_or_else(free))
    }

    /// What keeps an operator from being asked for advice now; none for one who is not known.
    #[must_use]
    pub fn why_not_asked(&self, now: Timestamp, operator: &OperatorId) -> Option<WhyNot> {
        let found = self.operators.get(operator)?;
        // No call is about them: nobody is rung for it.
        let busy = self.keeps_busy(now, found, CallId(0));
        Some(busy.unwrap_or_else(|since| found.is_only_free(now, since)))
    }

    /// What an operator is busy with, or since when they are free.
    fn keeps_busy(
        &self,
        now: Timestamp,
        operator: &Operator,
        call: CallId,
    ) -> Result<WhyNot, Timestamp> {
        Ok(match &operator.presence {
            Presence::SignedOut => WhyNot::SignedOut,
            Presence::NotReady { reason, .. } => WhyNot::NotReady(*reason),
            Presence::Ringing { call: other, .. } | Presence::Connecting { call: other, .. }
                if *other == call =>
            {
                WhyNot::Rings
            }
            Presence::Ringing { call: other, .. } if self.asks(*other, &operator.id) => {
                WhyNot::AskedAbout(*other)
            }
            Presence::Ringing { call: other, .. } => WhyNot::RungFor(*other),
            Presence::Consulted { call: other, .. } => WhyNot::AskedAbout(*other),
            Presence::Connecting { call: other, .. } | Presence::Talking { call: other, .. } => {
                WhyNot::TalksTo(*other)
            }
            Presence::WrapUp { call: other, .. } => WhyNot::WrapsUp {
                call: *other,
                overdue: operator.presence.is_overdue(now),
            },
            Presence::Ready { .. } if !operator.phone_up => WhyNot::PhoneDown,
            Presence::Ready { since } => return Err(*since),
        })
    }

    /// Whether the operator is consulted about this call.
    fn asks(&self, call: CallId, operator: &OperatorId) -> bool {
        let beside = self.calls.get(&call).and_then(Call::consultation);
        beside.is_some_and(|beside| beside.is_with(operator))
    }
}

impl Operator {
    fn is_only_free(&self, now: Timestamp, since: Timestamp) -> WhyNot {
        WhyNot::Free {
            idle: now.since(since),
            calls: self.work.calls,
            occupied_percent: self.work.occupancy_ppm(now) / 10_000,
        }
    }
}

/// Why a free operator may not be rung for this caller yet.
fn misfit(wait: &Wait, operator: &Operator) -> Option<WhyNot> {
    if let Some(wanted) = wait
        .wanted
        .as_ref()
        .filter(|wanted| **wanted != operator.id)
    {
        return Some(WhyNot::Awaits(wanted.clone()));
    }
    let circle = wait.circle()?;
    if let Some(only) = circle.only.as_ref().filter(|only| **only != operator.id) {
        return Some(WhyNot::Awaits(only.clone()));
    }
    let wanted = operator.lacks(&circle.skills)?;
    Some(WhyNot::Lacks {
        has: operator.level(&wanted.skill),
        wanted: wanted.clone(),
    })
}
