//! Presence of one operator.

use std::collections::BTreeMap;

use events::{CallId, Millis, NotReadyReason, OperatorId, QueueId, SkillId, SkillLevel, Timestamp};

use crate::acd::Due;

/// Who signs in after having been away for longer begins a new shift: the pauses of the last one do
/// not count any more. A restart of the server or a closed window begins none.
const SHIFT_GAP: Millis = Millis::from_s(4 * 3_600);

/// An operator as the distribution sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The login.
    pub id: OperatorId,
    /// The queues they serve.
    pub queues: Vec<QueueId>,
    /// What they know, and how well.
    pub skills: BTreeMap<SkillId, u8>,
    /// What they have done since sign-in.
    pub work: Work,
    /// The queue whose caller they handle, and since which offer; to the end of after-call work.
    pub(crate) serving: Option<(QueueId, Timestamp)>,
    /// How long each pause of this shift took that is over.
    pub(crate) paused: BTreeMap<NotReadyReason, Millis>,
    /// Since when they are away.
    pub(crate) left_at: Option<Timestamp>,
    /// Whether the phone can be rung.
    pub phone_up: bool,
    /// What they do.
    pub presence: Presence,
}

/// What an operator has done since sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Work {
    /// Sign-in.
    pub since: Timestamp,
    /// Talks begun.
    pub calls: u32,
    /// In talks and after-call work that are over.
    pub busy_ms: Millis,
}

impl Work {
    /// Talks and after-call work as a share of the time since sign-in, in millionths.
    #[must_use]
    pub fn occupancy_ppm(&self, now: Timestamp) -> u64 {
        let shift = u128::from(now.since(self.since).0).max(1);
        let share = u128::from(self.busy_ms.0) * 1_000_000 / shift;
        u64::try_from(share).unwrap_or(u64::MAX)
    }

    pub(crate) const fn book(&mut self, busy: Millis) {
        self.busy_ms.0 = self.busy_ms.0.saturating_add(busy.0);
    }
}

/// What an operator does, with what belongs to that only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Not at the desk.
    SignedOut,
    /// At the desk, wants no calls.
    NotReady {
        /// Why.
        reason: NotReadyReason,
        /// Since when.
        since: Timestamp,
        /// When it should be over, unless it was said already that it is not.
        until: Option<Timestamp>,
    },
    /// Free.
    Ready {
        /// Since when: the order in which the free are chosen.
        since: Timestamp,
    },
    /// The phone is being rung.
    Ringing {
        /// For this call.
        call: CallId,
        /// Since when.
        since: Timestamp,
        /// Free since: kept for the case that the caller leaves.
        idle_since: Timestamp,
    },
    /// Answered, the bridge does not stand yet.
    Connecting {
        /// This call.
        call: CallId,
        /// Since when.
        since: Timestamp,
        /// Free since, as in `Ringing`.
        idle_since: Timestamp,
        /// A pause asked for meanwhile.
        then: Option<NotReadyReason>,
    },
    /// Consulted by the operator of a talk, and answered: with that operator, or with all.
    Consulted {
        /// About this call.
        call: CallId,
        /// Since when.
        since: Timestamp,
        /// A pause asked for meanwhile.
        then: Option<NotReadyReason>,
    },
    /// With a caller.
    Talking {
        /// This call.
        call: CallId,
        /// Since when.
        since: Timestamp,
        /// Outcome and need are stated.
        disposed: bool,
        /// A pause asked for meanwhile.
        then: Option<NotReadyReason>,
    },
    /// After-call work.
    WrapUp {
        /// For this call, which may have ended.
        call: CallId,
        /// Since when.
        since: Timestamp,
        /// Ends by itself at this time, at the earliest once disposed; overdue afterwards.
        until: Timestamp,
        /// Outcome and need are stated.
        disposed: bool,
        /// How often more time may be asked for.
        extensions: u8,
        /// A pause asked for meanwhile.
        then: Option<NotReadyReason>,
    },
}

impl Presence {
    /// The word for labels and tables.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::NotReady { .. } => "not_ready",
            Self::Ready { .. } => "ready",
            Self::Ringing { .. } => "ringing",
            Self::Connecting { .. } => "connecting",
            Self::Consulted { .. } => "consulted",
            Self::Talking { .. } => "talking",
            Self::WrapUp { .. } => "wrap_up",
        }
    }

    /// Since when; none for an operator who is not there.
    #[must_use]
    pub const fn since(&self) -> Option<Timestamp> {
        match self {
            Self::SignedOut => None,
            Self::NotReady { since, .. }
            | Self::Ready { since }
            | Self::Ringing { since, .. }
            | Self::Connecting { since, .. }
            | Self::Consulted { since, .. }
            | Self::Talking { since, .. }
            | Self::WrapUp { since, .. } => Some(*since),
        }
    }

    /// The call the operator is busy with; in wrap-up it may have ended.
    #[must_use]
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::SignedOut | Self::NotReady { .. } | Self::Ready { .. } => None,
            Self::Ringing { call, .. }
            | Self::Connecting { call, .. }
            | Self::Consulted { call, .. }
            | Self::Talking { call, .. }
            | Self::WrapUp { call, .. } => Some(*call),
        }
    }

    /// The pause that begins after wrap-up, if one was asked for.
    #[must_use]
    pub const fn then(&self) -> Option<NotReadyReason> {
        match self {
            Self::SignedOut | Self::NotReady { .. } | Self::Ready { .. } | Self::Ringing { .. } => {
                None
            }
            Self::Connecting { then, .. }
            | Self::Consulted { then, .. }
            | Self::Talking { then, .. }
            | Self::WrapUp { then, .. } => *then,
        }
    }

    /// Whether after-call work should be over and only the disposition is missing.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        matches!(self, Self::WrapUp { until, disposed: false, .. } if *until <= now)
    }

    /// Whether outcome and need may be stated for this call now.
    pub(crate) fn works_on(&self, about: CallId) -> bool {
        match self {
            Self::SignedOut
            | Self::NotReady { .. }
            | Self::Ready { .. }
            | Self::Ringing { .. }
            | Self::Connecting { .. }
            | Self::Consulted { .. } => false,
            Self::Talking { call, .. } | Self::WrapUp { call, .. } => *call == about,
        }
    }
}

/// What the indexes say about an operator; they are updated from the difference.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct OperatorIndex {
    pub(crate) due: Option<(Timestamp, Due)>,
    pub(crate) free_since: Option<Timestamp>,
    pub(crate) signed_in: bool,
}

impl Operator {
    pub(crate) const fn new(id: OperatorId) -> Self {
        Self {
            id,
            queues: Vec::new(),
            skills: BTreeMap::new(),
            work: Work {
                since: Timestamp(0),
                calls: 0,
                busy_ms: Millis(0),
            },
            serving: None,
            paused: BTreeMap::new(),
            left_at: None,
            phone_up: false,
            presence: Presence::SignedOut,
        }
    }

    /// Signs in: who was away for long begins a new shift, whoever comes back goes on with theirs.
    pub(crate) fn begin_shift(&mut self, at: Timestamp) {
        if self.left_at.is_none_or(|left| at.since(left) > SHIFT_GAP) {
            self.paused.clear();
        }
    }

    /// How long pauses of a kind took in this shift, the one that lasts included.
    #[must_use]
    pub fn paused_for(&self, kind: NotReadyReason, now: Timestamp) -> Millis {
        let over = self.paused.get(&kind).copied().unwrap_or_default();
        let lasts = match self.presence {
            Presence::NotReady { reason, since, .. } if reason == kind => now.since(since),
            Presence::NotReady { .. }
            | Presence::SignedOut
            | Presence::Ready { .. }
            | Presence::Ringing { .. }
            | Presence::Connecting { .. }
            | Presence::Consulted { .. }
            | Presence::Talking { .. }
            | Presence::WrapUp { .. } => Millis(0),
        };
        Millis(over.0.saturating_add(lasts.0))
    }

    /// Whether a call may be offered now.
    #[must_use]
    pub const fn is_free(&self) -> bool {
        self.phone_up && matches!(self.presence, Presence::Ready { .. })
    }

    /// Whether the operator is at the desk.
    #[must_use]
    pub const fn is_signed_in(&self) -> bool {
        !matches!(self.presence, Presence::SignedOut)
    }

    /// The level of a skill, 0 for none.
    #[must_use]
    pub fn level(&self, skill: &SkillId) -> u8 {
        self.skills.get(skill).copied().unwrap_or_default()
    }

    /// The first of the skills that they lack.
    #[must_use]
    pub fn lacks<'s>(&self, skills: &'s [SkillLevel]) -> Option<&'s SkillLevel> {
        let mut skills = skills.iter();
        skills.find(|wanted| self.level(&wanted.skill) < wanted.level)
    }

    /// Whether they take calls sooner or later without doing anything more for it.
    pub(crate) const fn is_at_work(&self) -> bool {
        let busy = match &self.presence {
            Presence::SignedOut | Presence::NotReady { .. } => false,
            Presence::Ready { .. } | Presence::Ringing { .. } => true,
            Presence::Connecting { then, .. }
            | Presence::Consulted { then, .. }
            | Presence::Talking { then, .. }
            | Presence::WrapUp { then, .. } => then.is_none(),
        };
        busy && self.phone_up
    }

    pub(crate) fn index(&self) -> OperatorIndex {
        let due = match &self.presence {
            Presence::WrapUp {
                until,
                disposed: true,
                ..
            } => Some((*until, Due::WrapUp(self.id.clone()))),
            Presence::NotReady {
                until: Some(until), ..
            } => Some((*until, Due::Pause(self.id.clone()))),
            Presence::WrapUp { .. }
            | Presence::SignedOut
            | Presence::NotReady { .. }
            | Presence::Ready { .. }
            | Presence::Ringing { .. }
            | Presence::Connecting { .. }
            | Presence::Consulted { .. }
            | Presence::Talking { .. } => None,
        };
        OperatorIndex {
            due,
            free_since: self.presence.since().filter(|_| self.is_free()),
            signed_in: self.is_signed_in(),
        }
    }
}
