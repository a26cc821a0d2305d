//! The life of a call, as far as people and queues are concerned.

use events::{
    CallId, Circle, DialoguePurpose, LegId, LineId, OperatorId, Pii, QueueId, ServiceId, Terms,
    Timestamp, UnansweredCause, WaitRange, Waits,
};

use crate::acd::Due;
use crate::{Consultation, Phase, Ticket};

/// One caller's call. It exists from `CallArrived` to `CallEnded`, and nothing of it stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub id: CallId,
    /// The caller's leg.
    pub leg: LegId,
    /// The line dialled.
    pub line: LineId,
    /// What it is about, as far as known.
    pub service: ServiceId,
    /// The caller's number, if signalled.
    pub caller: Option<Pii<String>>,
    /// When the INVITE was taken.
    pub arrived: Timestamp,
    /// t0: when the caller's connection stood.
    pub connected: Option<Timestamp>,
    /// Its place in the order of arrival: the first entry into any queue, kept through transfers.
    pub ticket: Option<Ticket>,
    /// The queue it waits in, or came from.
    pub queue: Option<QueueId>,
    /// The queues it has been in since somebody talked to it last: it overflows into none twice.
    pub(crate) been: Vec<QueueId>,
    /// What its first wait for a person has come to.
    pub waited: Waited,
    /// Where it is now.
    pub stage: Stage,
}

/// What the wait for the first person has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// Not begun, or going on.
    Open,
    /// An operator and the caller heard each other.
    Answered(Waits),
    /// Nobody will answer.
    InVain(UnansweredCause, Waits),
    /// Not in this call: the place is kept, and the house calls.
    Kept(Waits),
}

/// Where a call is, with what belongs to that place only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The INVITE is taken, the ACK has not come.
    AtDoor,
    /// The assistant has the caller.
    Assistant,
    /// In a queue.
    Waiting(Wait),
    /// With an operator.
    Talking {
        /// Who.
        operator: OperatorId,
        /// Since the bridge.
        since: Timestamp,
        /// Whether one side is on hold.
        held: bool,
        /// Whom the operator consults beside the talk.
        consultation: Option<Box<Consultation>>,
    },
    /// With a number outside, or rung for there: no operator is with the caller.
    Outside(Outside),
    /// The talk is over and the fact that says what follows stands in the same turn: seen at rest
    /// only in a journal that was cut within a turn.
    Parted,
    /// The operator hung up, the caller is asked for a rating.
    Rating {
        /// Who is rated.
        operator: OperatorId,
        /// Whether the question is settled: a score was given, or none will be.
        settled: bool,
    },
    /// The caller is told that nobody can answer, or that the house will call.
    Farewell,
}

/// A caller who was handed on to a number outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Who handed them on.
    pub from: OperatorId,
    /// The number.
    pub number: Pii<String>,
    /// Until when it is rung; none once it answered.
    pub until: Option<Timestamp>,
    /// Since when it talks with the caller; none before the answer.
    pub since: Option<Timestamp>,
}

/// A stay in a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Since when in this queue.
    pub since: Timestamp,
    /// Gives up at this time, unless somebody is being rung then.
    pub until: Timestamp,
    /// Only this operator is wanted, until the offer fails.
    pub wanted: Option<OperatorId>,
    /// What was decided on entry.
    pub terms: Terms,
    /// Which of the circles holds.
    pub circle: u16,
    /// When the caller goes on to another queue, if ever.
    pub overflows_at: Option<Timestamp>,
    /// What the caller was told last: the place, and the range.
    pub told: Option<(u32, Option<WaitRange>)>,
    /// The operators being rung: several only where all are rung at once, and one once one has
    /// answered.
    pub offers: Vec<Offer>,
    /// Since when somebody was rung when the waiting ended, by the caller or by the process that died:
    /// the closing of the call may be cut, and shall come to the same waits.
    pub(crate) lost_ring: Option<Timestamp>,
}

/// An operator's phone is rung for a caller. One operator has at most one, and of several for one
/// call the first answer ends the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Whom.
    pub operator: OperatorId,
    /// Since when.
    pub since: Timestamp,
    /// Missed at this time; once answered, the bridge must stand by this time.
    pub until: Timestamp,
    /// The phone really rings.
    pub ringing: bool,
    /// The operator answered: the one accepted offer of this call.
    pub accepted: bool,
}

/// What the indexes say about a call; they are updated from the difference.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct CallIndex {
    pub(crate) due: Option<(Timestamp, Due)>,
    /// Queue, and where in it.
    pub(crate) place: Option<(QueueId, Ticket, Place)>,
}

/// Where in a queue a call stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nobody is rung; whoever fits this circle may be.
    Open(Circle),
    /// Somebody is rung, somebody else might be too.
    Rung,
    /// Somebody has answered, or one operator alone is wanted.
    Taken,
}

impl Wait {
    /// Who may be rung now; none for anybody.
    #[must_use]
    pub fn circle(&self) -> Option<&Circle> {
        self.terms.circles.get(usize::from(self.circle))
    }

    /// When more operators may be rung, if ever.
    #[must_use]
    pub fn widens_at(&self) -> Option<Timestamp> {
        let next = self.terms.circles.get(usize::from(self.circle) + 1)?;
        Some(self.since + next.after_ms)
    }

    /// The offer that was answered, otherwise the oldest that is open.
    #[must_use]
    pub fn offer(&self) -> Option<&Offer> {
        let answered = self.offers.iter().find(|offer| offer.accepted);
        answered.or_else(|| self.offers.first())
    }

    fn due(&self, call: CallId) -> (Timestamp, Due) {
        let rung = self.offers.iter().map(|offer| offer.until).min();
        if let Some(until) = rung {
            return (until, Due::Offer(call));
        }
        let widens = self.widens_at().map(|at| (at, Due::Widen(call)));
        let overflows = self.overflows_at.map(|at| (at, Due::Overflow(call)));
        let sooner = widens.into_iter().chain(overflows);
        let sooner = sooner.filter(|(at, _)| *at < self.until).min();
        sooner.unwrap_or((self.until, Due::Wait(call)))
    }

    fn place(&self) -> Place {
        if self.wanted.is_some() || self.offers.iter().any(|offer| offer.accepted) {
            Place::Taken
        } else if self.offers.is_empty() {
            Place::Open(self.circle().cloned().unwrap_or_default())
        } else {
            Place::Rung
        }
    }
}

impl Call {
    pub(crate) const fn new(
        id: CallId,
        leg: LegId,
        line: LineId,
        service: ServiceId,
        arrived: Timestamp,
    ) -> Self {
        Self {
            id,
            leg,
            line,
            service,
            caller: None,
            arrived,
            connected: None,
            ticket: None,
            queue: None,
            been: Vec::new(),
            waited: Waited::Open,
            stage: Stage::AtDoor,
        }
    }

    /// Somebody whom the house called and who wants a person now: their wait begins.
    pub(crate) fn called_back(
        id: CallId,
        leg: LegId,
        line: LineId,
        service: ServiceId,
        at: Timestamp,
    ) -> Self {
        let mut call = Self::new(id, leg, line, service, at);
        call.connected = Some(at);
        call.stage = Stage::Assistant;
        call
    }

    /// The stay in a queue, if the call waits.
    #[must_use]
    pub const fn wait(&self) -> Option<&Wait> {
        match &self.stage {
            Stage::Waiting(wait) => Some(wait),
            Stage::AtDoor
            | Stage::Assistant
            | Stage::Talking { .. }
            | Stage::Outside(_)
            | Stage::Parted
            | Stage::Rating { .. }
            | Stage::Farewell => None,
        }
    }

    /// The open offer, if operators are rung: the one that was answered, otherwise the oldest.
    #[must_use]
    pub fn offer(&self) -> Option<&Offer> {
        self.wait().and_then(Wait::offer)
    }

    fn rung_since(&self) -> Option<Timestamp> {
        let wait = self.wait()?;
        let open = wait.offer().map(|offer| offer.since);
        open.into_iter().chain(wait.lost_ring).min()
    }

    /// Every open offer.
    #[must_use]
    pub fn offers(&self) -> &[Offer] {
        self.wait().map_or(&[], |wait| &wait.offers)
    }

    /// The open offer to this operator.
    #[must_use]
    pub fn offer_to(&self, operator: &OperatorId) -> Option<&Offer> {
        self.offers().iter().find(|o| o.operator == *operator)
    }

    /// The operator who has answered, talks, or is being rated; the first of those who are rung.
    #[must_use]
    pub fn operator(&self) -> Option<&OperatorId> {
        match &self.stage {
            Stage::Waiting(wait) => wait.offer().map(|offer| &offer.operator),
            Stage::Talking { operator, .. } | Stage::Rating { operator, .. } => Some(operator),
            Stage::AtDoor
            | Stage::Assistant
            | Stage::Outside(_)
            | Stage::Parted
            | Stage::Farewell => None,
        }
    }

    /// Whom the operator of the talk consults, if anybody.
    #[must_use]
    pub fn consultation(&self) -> Option<&Consultation> {
        match &self.stage {
            Stage::Talking { consultation, .. } => consultation.as_deref(),
            Stage::AtDoor
            | Stage::Assistant
            | Stage::Waiting(_)
            | Stage::Outside(_)
            | Stage::Parted
            | Stage::Rating { .. }
            | Stage::Farewell => None,
        }
    }

    /// When a consulted or a number outside has rung for long enough.
    fn rings_until(&self) -> Option<(Timestamp, Due)> {
        if let Stage::Outside(outside) = &self.stage {
            return Some((outside.until?, Due::Outside(self.id)));
        }
        match self.consultation()?.phase {
            Phase::Ringing { until } => Some((until, Due::Consultation(self.id))),
            Phase::Aside { .. } | Phase::WithCaller { .. } | Phase::Conference { .. } => None,
        }
    }

    /// Whether a person has answered this call.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        matches!(self.waited, Waited::Answered(_))
    }

    /// What the last dialogue of a call that waits no more is for.
    pub(crate) const fn last_purpose(&self) -> DialoguePurpose {
        match self.waited {
            Waited::Kept(_) => DialoguePurpose::Waiting,
            Waited::Open | Waited::Answered(_) | Waited::InVain(..) => DialoguePurpose::Farewell,
        }
    }

    /// The three waits as they stand at `at` (`docs/requirements.md`, «Waits»).
    #[must_use]
    pub fn waits(&self, at: Timestamp) -> Waits {
        let total_ms = self.connected.map(|t0| at.since(t0)).unwrap_or_default();
        match self.waited {
            Waited::Answered(waits) => waits,
            Waited::InVain(_, waits) | Waited::Kept(waits) => Waits { total_ms, ..waits },
            Waited::Open => Waits {
                total_ms,
                queue_ms: self.ticket.map(|t| at.since(t.entered)).unwrap_or_default(),
                ring_ms: self
                    .rung_since()
                    .map(|since| at.since(since))
                    .unwrap_or_default(),
            },
        }
    }

    pub(crate) fn index(&self) -> CallIndex {
        let Some(wait) = self.wait() else {
            return CallIndex {
                due: self.rings_until(),
                place: None,
            };
        };
        let place = self.queue.clone().zip(self.ticket);
        CallIndex {
            due: Some(wait.due(self.id)),
            place: place.map(|(queue, ticket)| (queue, ticket, wait.place())),
        }
    }
}
