//! Calls back: when they are placed, how often they are tried, how they end (row #16: within 24
//! hours). What was asked for, and until when, is a fact of the case.

use std::collections::BTreeMap;

use events::{
    CallId, CallbackOutcome, CaseEvent, CaseId, Event, Millis, Pii, PlacedEvent, PlacedOutcome,
    ServiceId, Timestamp,
};

use super::policy::Retry;

/// A callback that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The case.
    pub case: CaseId,
    /// What it is about.
    pub service: ServiceId,
    /// Whom to call.
    pub phone: Pii<String>,
    /// Not later.
    pub until: Timestamp,
    /// Calls placed so far.
    pub attempts: u8,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nobody was called yet.
    Asked { not_before: Timestamp },
    /// A call is under way: dialled, answered, or with the queue.
    Under { call: CallId },
    /// A call came to nothing.
    Missed { at: Timestamp, how: PlacedOutcome },
    /// They talked to a person.
    Talked,
}

/// All callbacks that are owed: a fold of facts, with the rules beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callbacks {
    owed: BTreeMap<CaseId, Owed>,
    /// The cases of calls under way.
    calls: BTreeMap<CallId, CaseId>,
}

impl Callbacks {
    /// Callbacks that are owed, by case.
    pub fn owed(&self) -> impl Iterator<Item = &Owed> {
        self.owed.values()
    }

    /// The callback that a call is for.
    #[must_use]
    pub fn of_call(&self, call: CallId) -> Option<&Owed> {
        self.owed.get(self.calls.get(&call)?)
    }

    /// The callback to place next: the one that ends first, of those whose time has come.
    #[must_use]
    pub fn ready(&self, now: Timestamp, retry: &Retry) -> Option<&Owed> {
        self.ready_of(now, retry, |_| true)
    }

    /// The same among some of them.
    #[must_use]
    pub fn ready_of(
        &self,
        now: Timestamp,
        retry: &Retry,
        among: impl Fn(CaseId) -> bool,
    ) -> Option<&Owed> {
        let ready = self.owed.values().filter(|owed| owed.is_ready(now, retry));
        ready
            .filter(|owed| among(owed.case))
            .min_by_key(|owed| owed.until)
    }

    /// A callback whose time has come.
    #[must_use]
    pub fn ready_case(&self, now: Timestamp, retry: &Retry, case: CaseId) -> Option<&Owed> {
        let owed = self.owed.get(&case);
        owed.filter(|owed| owed.is_ready(now, retry))
    }

    /// What has come to its end: talked, given up, or too late.
    #[must_use]
    pub fn over(&self, now: Timestamp, retry: &Retry) -> Vec<CaseEvent> {
        let ended = |owed: &Owed| {
            Some(CaseEvent::CallbackEnded {
                case: owed.case,
                outcome: owed.outcome(now, retry)?,
            })
        };
        self.owed.values().filter_map(ended).collect()
    }

    /// When something is due next after `now`.
    #[must_use]
    pub fn next_after(&self, now: Timestamp, retry: &Retry) -> Option<Timestamp> {
        let times = self.owed.values().filter(|owed| owed.is_at_rest());
        let times = times.flat_map(|owed| owed.due(retry).into_iter().chain([owed.until]));
        times.filter(|at| *at > now).min()
    }

    /// Lets a fact change the state.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a call back is told by a few facts of the many"
    )]
    pub fn apply(&mut self, at: Timestamp, fact: &Event) {
        match fact {
            Event::Case(fact) => self.apply_case(fact),
            Event::Placed(PlacedEvent::Dialled {
                call,
                case: Some(case),
                notification: None,
                ..
            }) => {
                if let Some(owed) = self.owed.get_mut(case) {
                    owed.attempts = owed.attempts.saturating_add(1);
                    owed.stage = Stage::Under { call: *call };
                    self.calls.insert(*call, *case);
                }
            }
            Event::Placed(PlacedEvent::Ended { call, outcome }) => {
                self.settle(*call, Stage::Missed { at, how: *outcome });
            }
            // Whoever has the kept place of a callback is being reached: called, or calling again.
            Event::QueueEntered { call, terms, .. } => {
                if let Some(case) = terms.keeps
                    && let Some(owed) = self.owed.get_mut(&case)
                {
                    owed.stage = Stage::Under { call: *call };
                    self.calls.insert(*call, case);
                }
            }
            Event::LegsBridged { call, .. } => self.settle(*call, Stage::Talked),
            Event::CallEnded { call, .. } => {
                let how = PlacedOutcome::CutShort;
                self.settle(*call, Stage::Missed { at, how });
            }
            _ => {}
        }
    }

    fn apply_case(&mut self, fact: &CaseEvent) {
        match fact {
            CaseEvent::CallbackRequested {
                case,
                service,
                phone,
                not_before,
                until,
                ..
            } => {
                let owed = Owed {
                    case: *case,
                    service: service.clone(),
                    phone: phone.clone(),
                    until: *until,
                    attempts: 0,
                    stage: Stage::Asked {
                        not_before: *not_before,
                    },
                };
                self.owed.insert(*case, owed);
            }
            CaseEvent::CallbackEnded { case, .. } => {
                self.owed.remove(case);
                self.calls.retain(|_, of| of != case);
            }
            CaseEvent::AppointmentBooked { .. }
            | CaseEvent::AppointmentMoved { .. }
            | CaseEvent::AppointmentCancelled { .. }
            | CaseEvent::ComplaintFiled { .. }
            | CaseEvent::ComplaintAnswered { .. } => {}
        }
    }

    /// A call is no longer under way; the first word about it counts.
    fn settle(&mut self, call: CallId, stage: Stage) {
        if let Some(case) = self.calls.remove(&call)
            && let Some(owed) = self.owed.get_mut(&case)
            && owed.stage == (Stage::Under { call })
        {
            owed.stage = stage;
        }
    }
}

impl Owed {
    fn is_ready(&self, now: Timestamp, retry: &Retry) -> bool {
        self.due(retry).is_some_and(|at| at <= now) && now < self.until
    }

    const fn is_at_rest(&self) -> bool {
        !matches!(self.stage, Stage::Under { .. })
    }

    /// When it is placed next.
    fn due(&self, retry: &Retry) -> Option<Timestamp> {
        match self.stage {
            Stage::Asked { not_before } => Some(not_before),
            Stage::Missed { at, how } => Some(at + pause(retry, how)),
            Stage::Under { .. } | Stage::Talked => None,
        }
    }

    fn outcome(&self, now: Timestamp, retry: &Retry) -> Option<CallbackOutcome> {
        match self.stage {
            Stage::Under { .. } => None, // whoever is on the line is not cut off
            Stage::Talked => Some(CallbackOutcome::Connected),
            Stage::Missed { .. } if self.attempts >= retry.attempts => {
                Some(CallbackOutcome::NoAnswer)
            }
            Stage::Asked { .. } | Stage::Missed { .. } => {
                (now >= self.until).then_some(CallbackOutcome::Expired)
            }
        }
    }
}

const fn pause(retry: &Retry, how: PlacedOutcome) -> Millis {
    match how {
        PlacedOutcome::Busy => retry.busy,
        PlacedOutcome::NoAnswer | PlacedOutcome::Rejected | PlacedOutcome::CutShort => {
            retry.no_answer
        }
        PlacedOutcome::Failed | PlacedOutcome::Completed | PlacedOutcome::HandedOver => {
            retry.failed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::Policy;
    use events::{EndCause, LegId, OperatorId, PlacedWhy, Waits};

    const HOUR: u64 = 3_600_000;

    fn at(ms: u64) -> Timestamp {
        Timestamp(0).plus_ms(ms)
    }

    fn requested() -> Event {
        Event::Case(CaseEvent::CallbackRequested {
            case: CaseId(7),
            call: Some(CallId(1)),
            service: ServiceId::undetermined(),
            phone: Pii::new("+79991234567".into()),
            not_before: at(HOUR),
            until: at(24 * HOUR),
        })
    }

    fn dialled(call: u64) -> Event {
        Event::Placed(PlacedEvent::Dialled {
            call: CallId(call),
            leg: LegId(call),
            trunk: "carrier".into(),
            line: "100".into(),
            service: ServiceId::undetermined(),
            to: Pii::new("+79991234567".into()),
            why: PlacedWhy::Callback,
            notification: None,
            case: Some(CaseId(7)),
        })
    }

    fn ended(call: u64, outcome: PlacedOutcome) -> Event {
        Event::Placed(PlacedEvent::Ended {
            call: CallId(call),
            outcome,
        })
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a test names the facts it is about"
    )]
    fn end_of(callbacks: &Callbacks, ms: u64) -> Option<CallbackOutcome> {
        let over = callbacks.over(at(ms), &Policy::default().voice);
        over.first().map(|fact| match fact {
            CaseEvent::CallbackEnded { outcome, .. } => *outcome,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn a_call_back_is_placed_in_its_window_and_again_after_busy() {
        let retry = Policy::default().voice;
        let mut callbacks = Callbacks::default();
        callbacks.apply(at(0), &requested());
        assert_eq!(callbacks.next_after(at(0), &retry), Some(at(HOUR)));
        assert_eq!(callbacks.ready(at(HOUR - 1), &retry), None);
        assert!(callbacks.ready(at(HOUR), &retry).is_some());
        callbacks.apply(at(HOUR), &dialled(5));
        assert_eq!(
            callbacks.ready(at(2 * HOUR), &retry),
            None,
            "it is under way"
        );
        callbacks.apply(at(HOUR + 5_000), &ended(5, PlacedOutcome::Busy));
        assert_eq!(callbacks.ready(at(HOUR + 6_000), &retry), None);
        assert!(callbacks.ready(at(HOUR + 605_000), &retry).is_some());
    }

    #[test]
    fn it_ends_by_a_talk_by_giving_up_or_by_its_term() {
        let mut talked = Callbacks::default();
        talked.apply(at(0), &requested());
        let mut missed = talked.clone();
        assert_eq!(end_of(&talked, 24 * HOUR - 60_000), None, "23:59");
        assert_eq!(end_of(&talked, 24 * HOUR), Some(CallbackOutcome::Expired));
        talked.apply(at(HOUR), &dialled(5));
        assert_eq!(end_of(&talked, 25 * HOUR), None, "nobody is cut off");
        let operator = OperatorId::new("anna");
        let bridged = Event::LegsBridged {
            call: CallId(5),
            operator,
            waits: Waits::default(),
        };
        talked.apply(at(2 * HOUR), &bridged);
        assert_eq!(end_of(&talked, 2 * HOUR), Some(CallbackOutcome::Connected));
        let cause = EndCause::CallerHungUp;
        let waits = Waits::default();
        let (call, over) = (CallId(6), CallId(7));
        for call in [CallId(5), call] {
            missed.apply(at(HOUR), &dialled(call.0));
            missed.apply(at(HOUR), &Event::CallEnded { call, cause, waits });
            assert_eq!(end_of(&missed, 2 * HOUR), None);
        }
        missed.apply(at(3 * HOUR), &dialled(over.0));
        missed.apply(at(3 * HOUR), &ended(over.0, PlacedOutcome::NoAnswer));
        assert_eq!(end_of(&missed, 3 * HOUR), Some(CallbackOutcome::NoAnswer));
    }
}
