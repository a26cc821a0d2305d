//! One operator: the state, and what each fact makes of it.

use events::{CallId, ConsultationEvent, Event, NotReadyReason, OperatorId};

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorState {
    /// Not at the desk.
    SignedOut,
    /// At the desk, not to be offered calls.
    NotReady,
    /// May be offered a call.
    Ready,
    /// Their phone is rung.
    Ringing,
    /// In a conversation.
    Talking,
    /// After-call work.
    WrapUp,
}

impl OperatorState {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::SignedOut,
        Self::NotReady,
        Self::Ready,
        Self::Ringing,
        Self::Talking,
        Self::WrapUp,
    ];

    /// The word in labels and columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::NotReady => "not_ready",
            Self::Ready => "ready",
            Self::Ringing => "ringing",
            Self::Talking => "talking",
            Self::WrapUp => "wrap_up",
        }
    }

    /// The state a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == word)
    }
}

/// Whether an operator would take calls when idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    SignedOut,
    NotReady(NotReadyReason),
    Ready,
}

/// What an operator is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    Idle,
    Ringing(CallId),
    Talking(CallId),
    WrapUp(CallId),
}

/// One operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Desk {
    pub(crate) presence: Presence,
    pub(crate) activity: Activity,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            presence: Presence::SignedOut,
            activity: Activity::Idle,
        }
    }
}

impl Desk {
    pub(crate) const fn state(self) -> OperatorState {
        match (self.activity, self.presence) {
            (Activity::Ringing(_), _) => OperatorState::Ringing,
            (Activity::Talking(_), _) => OperatorState::Talking,
            (Activity::WrapUp(_), _) => OperatorState::WrapUp,
            (Activity::Idle, Presence::SignedOut) => OperatorState::SignedOut,
            (Activity::Idle, Presence::NotReady(_)) => OperatorState::NotReady,
            (Activity::Idle, Presence::Ready) => OperatorState::Ready,
        }
    }

    /// Why the operator pauses.
    pub(super) const fn pause(self) -> Option<NotReadyReason> {
        match (self.activity, self.presence) {
            (Activity::Idle, Presence::NotReady(reason)) => Some(reason),
            (
                Activity::Idle | Activity::Ringing(_) | Activity::Talking(_) | Activity::WrapUp(_),
                _,
            ) => None,
        }
    }

    /// The call the operator is busy with.
    pub(crate) const fn call(self) -> Option<CallId> {
        match self.activity {
            Activity::Idle => None,
            Activity::Ringing(call) | Activity::Talking(call) | Activity::WrapUp(call) => {
                Some(call)
            }
        }
    }

    /// The desk after a fact about this operator.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a question looks at its own facts; every other fact changes nothing here"
    )]
    pub(crate) fn after(self, event: &Event) -> Self {
        let mut desk = self;
        match event {
            Event::OperatorSignedIn { .. } => {
                desk.presence = Presence::NotReady(NotReadyReason::SignedIn);
            }
            Event::OperatorReady { .. } => desk.presence = Presence::Ready,
            Event::OperatorNotReady { reason, .. } => {
                desk.presence = Presence::NotReady(*reason);
            }
            Event::OperatorSignedOut { .. } => desk = Self::default(),
            Event::CallOffered { call, .. } => desk.activity = Activity::Ringing(*call),
            Event::OfferAccepted { call, .. } | Event::LegsBridged { call, .. } => {
                desk.activity = Activity::Talking(*call);
            }
            Event::Consultation(ConsultationEvent::Started { call, .. }) => {
                desk.activity = Activity::Ringing(*call);
            }
            Event::Consultation(ConsultationEvent::Answered { call, .. }) => {
                desk.activity = Activity::Talking(*call);
            }
            Event::Consultation(ConsultationEvent::Ended { call, .. })
                if self.rings_or_talks(*call) =>
            {
                desk.activity = Activity::Idle;
            }
            Event::WrapUpStarted { call, .. } => desk.activity = Activity::WrapUp(*call),
            Event::OfferMissed { call, .. } if self.rings_or_talks(*call) => {
                desk.activity = Activity::Idle;
            }
            Event::TalkEnded { call, .. } if self.rings_or_talks(*call) => {
                desk.activity = Activity::Idle;
            }
            Event::WrapUpEnded { call, .. } if self.activity == Activity::WrapUp(*call) => {
                desk.activity = Activity::Idle;
            }
            _ => {}
        }
        desk
    }

    /// Whether the operator rings or talks for this call.
    pub(crate) fn rings_or_talks(self, call: CallId) -> bool {
        self.activity == Activity::Ringing(call) || self.activity == Activity::Talking(call)
    }
}

/// The operator a fact about presence or work names.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a question looks at its own facts; every other fact changes nothing here"
)]
pub(crate) const fn operator_of(event: &Event) -> Option<&OperatorId> {
    match event {
        Event::OperatorSignedIn { operator }
        | Event::OperatorReady { operator }
        | Event::OperatorNotReady { operator, .. }
        | Event::PauseOverrun { operator, .. }
        | Event::OperatorSignedOut { operator }
        | Event::CallOffered { operator, .. }
        | Event::OfferAccepted { operator, .. }
        | Event::OfferMissed { operator, .. }
        | Event::LegsBridged { operator, .. }
        | Event::TalkEnded { operator, .. }
        | Event::WrapUpStarted { operator, .. }
        | Event::WrapUpEnded { operator, .. } => Some(operator),
        Event::Consultation(fact) => fact.consulted(),
        _ => None,
    }
}
