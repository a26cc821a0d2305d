//! What the house tells people of its own accord, and the calls it makes for that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    CallId, CaseId, Channel, LegId, LineId, NotificationId, NotificationKind, NotificationOutcome,
    Pii, PlacedOutcome, PlacedWhy, ServiceId, Timestamp,
};

/// A fact about a notification (rows #15–#17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationEvent {
    /// Somebody is to be told something.
    Planned {
        /// The notification.
        notification: NotificationId,
        /// What makes it one and the same: planned twice with one key, it is sent once.
        key: String,
        /// What it is about.
        kind: NotificationKind,
        /// How it is to be sent.
        channel: Channel,
        /// Where to: a telephone number or an address.
        to: Pii<String>,
        /// The case it is about, if any.
        case: Option<CaseId>,
        /// Not earlier.
        not_before: Timestamp,
        /// Useless afterwards.
        until: Timestamp,
        /// What its template says.
        values: Pii<BTreeMap<String, String>>,
    },
    /// It was tried; one fact a try, before the try.
    Tried {
        /// The notification.
        notification: NotificationId,
        /// 1 for the first.
        attempt: u8,
        /// The call, if it is told by voice.
        call: Option<CallId>,
    },
    /// A try came to nothing; another follows at this time.
    PutOff {
        /// The notification.
        notification: NotificationId,
        /// When.
        until: Timestamp,
        /// Why, for the person who reads the log: no personal data.
        why: String,
    },
    /// It is settled: exactly one a notification.
    Ended {
        /// The notification.
        notification: NotificationId,
        /// How.
        outcome: NotificationOutcome,
    },
    /// Somebody allowed or forbade notifications.
    ConsentSet {
        /// Whose number or address.
        address: Pii<String>,
        /// Of this channel.
        channel: Channel,
        /// Allowed from now on.
        allowed: bool,
        /// The call it was said in; none from the desk.
        call: Option<CallId>,
    },
}

/// A fact about a call that the house places. What happens in its dialogue is told by the facts of
/// any dialogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacedEvent {
    /// The number is dialled.
    Dialled {
        /// The call.
        call: CallId,
        /// Its leg.
        leg: LegId,
        /// The trunk's name in the configuration.
        trunk: String,
        /// The line in whose name the house calls.
        line: LineId,
        /// What it is about.
        service: ServiceId,
        /// Whom.
        to: Pii<String>,
        /// What for.
        why: PlacedWhy,
        /// What it tells, if it tells something.
        #[serde(default)]
        notification: Option<NotificationId>,
        /// The case it is about: the callback that was asked for.
        #[serde(default)]
        case: Option<CaseId>,
    },
    /// They answered.
    Answered {
        /// The call.
        call: CallId,
    },
    /// Whoever answered wants a person: from here on it is told by the facts of a call, which begins
    /// now, its wait too. No `Ended` follows.
    HandedOver {
        /// The call.
        call: CallId,
        /// Its leg.
        leg: LegId,
        /// The line in whose name the house called.
        line: LineId,
        /// What it is about.
        service: ServiceId,
        /// The trunk's name in the configuration.
        trunk: String,
    },
    /// The call is over: exactly one a placed call that was not handed to a queue.
    Ended {
        /// The call.
        call: CallId,
        /// How.
        outcome: PlacedOutcome,
    },
}

impl PlacedEvent {
    /// The call a fact is about.
    #[must_use]
    pub const fn call(&self) -> CallId {
        match self {
            Self::Dialled { call, .. }
            | Self::Answered { call }
            | Self::HandedOver { call, .. }
            | Self::Ended { call, .. } => *call,
        }
    }
}
