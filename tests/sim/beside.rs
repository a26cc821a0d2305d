//! What must never happen beside a talk: two consultations at once, a step before the answer, an
//! operator asked who is busy, a caller left on hold when it is over, a number outside forgotten.

use events::{
    ConsultationEvent, ConsultationOutcome, Event, Millis, OperatorId, OutsideEvent, Record,
    Timestamp,
};

use crate::monitor::{Check, must};

/// What goes on beside one call's talk, from the facts alone.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    asked: Option<Asked>,
    /// To whom the caller was left, and who has not spoken to them yet.
    heir: Option<OperatorId>,
    hold: Hold,
    outside: Option<Outside>,
    /// The consultation handed the caller on to a number outside.
    sent_outside: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hold {
    #[default]
    No,
    /// The caller hears music.
    Held,
    /// The same, though nobody is asked any more: has to end before the turn is over.
    Forgotten,
}

#[derive(Debug)]
struct Asked {
    with: Option<OperatorId>,
    until: Timestamp,
    answered: Option<Timestamp>,
}

#[derive(Debug)]
struct Outside {
    until: Option<Timestamp>,
    since: Timestamp,
}

impl Beside {
    /// Nothing goes on any more.
    pub(crate) const fn is_over(&self) -> bool {
        self.asked.is_none() && self.outside.is_none() && self.heir.is_none()
    }

    pub(crate) fn leaves_somebody_on_hold(&self) -> bool {
        self.hold == Hold::Forgotten
    }

    /// Whether the caller was left to this operator; once.
    pub(crate) fn inherits(&mut self, operator: &OperatorId) -> bool {
        self.heir.take_if(|heir| heir == operator).is_some()
    }

    /// `crashed` is the time of a crash that is being closed.
    pub(crate) fn see(
        &mut self,
        record: &Record,
        talk: Option<&OperatorId>,
        crashed: Option<Timestamp>,
    ) -> Check {
        let fact = &record.event;
        let end = crashed.unwrap_or(record.at);
        match fact {
            Event::TalkHeld { operator, .. } => {
                must(talk == Some(operator) && !self.held(), "held twice", fact)?;
                self.hold = Hold::Held;
            }
            Event::TalkResumed { operator, .. } => {
                must(
                    talk == Some(operator) && self.held(),
                    "held by nobody",
                    fact,
                )?;
                self.hold = Hold::No;
            }
            Event::TalkEnded { .. } => {
                must(self.asked.is_none(), "still asked", fact)?;
                self.hold = Hold::No;
            }
            Event::CallTransferred { .. } | Event::QueueEntered { .. } => {
                let both = self.outside.is_some() && matches!(fact, Event::QueueEntered { .. });
                must(!both, "outside and in the queue", fact)?;
            }
            Event::Consultation(beside) => self.consults(beside, record, (talk, end))?,
            Event::Outside(outside) => self.outside(outside, record, end)?,
            _ => {}
        }
        Ok(())
    }

    fn consults(
        &mut self,
        beside: &ConsultationEvent,
        record: &Record,
        (talk, end): (Option<&OperatorId>, Timestamp),
    ) -> Check {
        let fact = &record.event;
        match beside {
            ConsultationEvent::Started {
                operator,
                with,
                until,
                ..
            } => {
                must(talk == Some(operator), "asks without a talk", fact)?;
                must(self.held(), "the caller hears it", fact)?;
                must(with.as_ref() != Some(operator), "asks oneself", fact)?;
                let before = self.asked.replace(Asked {
                    with: with.clone(),
                    until: *until,
                    answered: None,
                });
                must(before.is_none(), "asks two at once", fact)
            }
            ConsultationEvent::Answered { with, .. } => {
                let asked = self.asked.as_mut();
                let asked = asked.filter(|asked| asked.with == *with && asked.answered.is_none());
                let asked = asked.ok_or_else(|| format!("nobody was asked: {fact:?}"))?;
                must(record.at < asked.until, "answered too late", fact)?;
                asked.answered = Some(record.at);
                Ok(())
            }
            ConsultationEvent::Swapped { to_caller, .. } => {
                must(self.is_answered(), "before the answer", fact)?;
                must(self.held() != *to_caller, "turned to nobody", fact)
            }
            ConsultationEvent::ConferenceStarted { .. } => {
                must(self.is_answered(), "before the answer", fact)?;
                must(!self.held(), "a conference without the caller", fact)
            }
            ConsultationEvent::Ended {
                with,
                outcome,
                consulted_ms,
                ..
            } => {
                let asked = self.asked.take().filter(|asked| asked.with == *with);
                let asked = asked.ok_or_else(|| format!("ended no consultation: {fact:?}"))?;
                let lasted = asked.answered.map_or(Millis(0), |since| end.since(since));
                must(*consulted_ms == lasted, "lasted otherwise", fact)?;
                let late = *outcome != ConsultationOutcome::NoAnswer || record.at == asked.until;
                must(late, "not in time", fact)?;
                if *outcome == ConsultationOutcome::Transferred {
                    must(asked.answered.is_some(), "handed on to nobody", fact)?;
                    self.sent_outside = with.is_none();
                    self.heir.clone_from(with);
                } else if self.held() {
                    self.hold = Hold::Forgotten;
                }
                Ok(())
            }
        }
    }

    fn held(&self) -> bool {
        self.hold != Hold::No
    }

    fn is_answered(&self) -> bool {
        let asked = self.asked.as_ref();
        asked.is_some_and(|asked| asked.answered.is_some())
    }

    fn outside(&mut self, outside: &OutsideEvent, record: &Record, end: Timestamp) -> Check {
        let fact = &record.event;
        match outside {
            OutsideEvent::Dialled { until, .. } => {
                let before = self.outside.replace(Outside {
                    until: Some(*until),
                    since: record.at,
                });
                must(before.is_none(), "two numbers at once", fact)
            }
            OutsideEvent::Joined { .. } => {
                let rings = self.outside.take().and_then(|outside| outside.until);
                let in_time = rings.is_some_and(|until| record.at < until);
                let left = std::mem::take(&mut self.sent_outside);
                must(in_time || left, "nobody answered", fact)?;
                self.outside = Some(Outside {
                    until: None,
                    since: record.at,
                });
                Ok(())
            }
            OutsideEvent::Missed { outcome, .. } => {
                let rang = self.outside.take().and_then(|outside| outside.until);
                let rang = rang.ok_or_else(|| format!("nobody was rung: {fact:?}"))?;
                let late = *outcome != ConsultationOutcome::NoAnswer || record.at == rang;
                must(late, "not in time", fact)
            }
            OutsideEvent::Ended { talk_ms, .. } => {
                let talk = self.outside.take();
                let talk = talk.filter(|outside| outside.until.is_none());
                let talk = talk.ok_or_else(|| format!("ended no talk: {fact:?}"))?;
                must(*talk_ms == end.since(talk.since), "lasted otherwise", fact)
            }
        }
    }
}
