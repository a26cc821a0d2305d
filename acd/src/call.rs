//! The life of a call, as far as people and queues are concerned.

use events::{
    CallId, LegId, LineId, OperatorId, QueueId, ServiceId, Timestamp, UnansweredCause, Waits,
};

use crate::Ticket;
use crate::acd::Due;

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
    /// When the INVITE was taken.
    pub arrived: Timestamp,
    /// t0: when the caller's connection stood.
    pub connected: Option<Timestamp>,
    /// Its place in the order of arrival: the first entry into any queue, kept through transfers.
    pub ticket: Option<Ticket>,
    /// The queue it waits in, or came from.
    pub queue: Option<QueueId>,
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
    },
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
    /// The caller is told that nobody can answer.
    Farewell,
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
    /// The operator being rung.
    pub offer: Option<Offer>,
}

/// An operator's phone is rung for a caller. One call has at most one, one operator at most one.
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
    /// Queue, place, and whether an operator may be offered the call.
    pub(crate) place: Option<(QueueId, Ticket, bool)>,
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
            arrived,
            connected: None,
            ticket: None,
            queue: None,
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
            | Stage::Parted
            | Stage::Rating { .. }
            | Stage::Farewell => None,
        }
    }

    /// The open offer, if an operator is rung or has just answered.
    #[must_use]
    pub fn offer(&self) -> Option<&Offer> {
        self.wait().and_then(|wait| wait.offer.as_ref())
    }

    /// The operator who is rung, talks, or is being rated.
    #[must_use]
    pub fn operator(&self) -> Option<&OperatorId> {
        match &self.stage {
            Stage::Waiting(wait) => wait.offer.as_ref().map(|offer| &offer.operator),
            Stage::Talking { operator, .. } | Stage::Rating { operator, .. } => Some(operator),
            Stage::AtDoor | Stage::Assistant | Stage::Parted | Stage::Farewell => None,
        }
    }

    /// Whether a person has answered this call.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        matches!(self.waited, Waited::Answered(_))
    }

    /// The three waits as they stand at `at` (`docs/requirements.md`, «Waits»).
    #[must_use]
    pub fn waits(&self, at: Timestamp) -> Waits {
        let total_ms = self.connected.map(|t0| at.since(t0)).unwrap_or_default();
        match self.waited {
            Waited::Answered(waits) => waits,
            Waited::InVain(_, waits) => Waits { total_ms, ..waits },
            Waited::Open => Waits {
                total_ms,
                queue_ms: self.ticket.map(|t| at.since(t.entered)).unwrap_or_default(),
                ring_ms: self.offer().map(|o| at.since(o.since)).unwrap_or_default(),
            },
        }
    }

    pub(crate) fn index(&self) -> CallIndex {
        let Some(wait) = self.wait() else {
            return CallIndex::default();
        };
        let open = wait.offer.is_none() && wait.wanted.is_none();
        let place = self.queue.clone().zip(self.ticket);
        CallIndex {
            due: Some(match &wait.offer {
                Some(offer) => (offer.until, Due::Offer(self.id)),
                None => (wait.until, Due::Wait(self.id)),
            }),
            place: place.map(|(queue, ticket)| (queue, ticket, open)),
        }
    }
}
