//! What people with rights did beside the calls: the audit trail.

use serde::{Deserialize, Serialize};

use crate::{
    CallId, CaseId, Channel, Millis, NotReadyReason, NotificationKind, OperatorId, Pii, QueueId,
    SkillLevel, Strategy,
};

/// Something that others should be able to see later: who did it stands in
/// [`crate::Event::Administered`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Came to the pages with the right password.
    LoggedIn {},
    /// Left the pages.
    LoggedOut {},
    /// Somebody tried this login in vain; nobody's if the login is unknown.
    LoginRefused {},
    /// Listened to a recording.
    RecordingHeard {
        /// The file's name under the recordings folder; holds no personal data.
        file: String,
    },
    /// Asked for scripts to be read anew, and they were.
    ScriptsReloaded {
        /// How.
        #[serde(default)]
        way: ReloadWay,
    },
    /// Had many people told the same words: those who may be told.
    CampaignPlanned {
        /// Its name.
        name: String,
        /// How.
        channel: Channel,
        /// To how many addresses.
        people: u32,
    },
    /// Had one person told something.
    NotificationPlanned {
        /// What makes it one and the same; no personal data.
        key: String,
        /// What it is about.
        kind: NotificationKind,
        /// How.
        channel: Channel,
    },
    /// Noted what somebody said about being told things: whose address it is stands in the fact
    /// itself, not here.
    ConsentNoted {
        /// Of these channels.
        channels: Vec<Channel>,
        /// Allowed from now on.
        allowed: bool,
    },
    /// Gave somebody another password: it goes before the configuration's from now on.
    PasswordReset {
        /// Whose.
        of: OperatorId,
        /// An argon2 hash in the PHC string format; never shown, never in a log.
        hash: Pii<String>,
    },
    /// Changed somebody's card: all of it, before the configuration's from now on.
    CardChanged {
        /// Whose.
        of: OperatorId,
        /// Surname, name, patronymic if there is one.
        full_name: Pii<String>,
        /// Position, as said in the greeting (row #27).
        position: String,
        /// What they are in the house from now on; none: as before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<StaffRole>,
        /// Whether an analyst may listen to recordings from now on; none: as before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hears_recordings: Option<bool>,
    },
    /// Closed the pages to somebody.
    AccountDisabled {
        /// To whom.
        of: OperatorId,
    },
    /// Opened the pages to somebody again.
    AccountEnabled {
        /// To whom.
        of: OperatorId,
    },
    /// Let a large screen show the wallboard without anybody's login; the number of this record names
    /// the screen.
    ScreenOpened {
        /// What people call it.
        title: String,
        /// SHA-256 of its token, in hexadecimal; never shown, never in a log.
        hash: Pii<String>,
    },
    /// Let it no more.
    ScreenClosed {
        /// The number of the record that opened it.
        screen: u64,
        /// What people called it.
        title: String,
    },
    /// Changed what an operator does: the facts that follow say what came of it.
    StateChanged {
        /// Whose state.
        of: OperatorId,
        /// To what.
        to: Direction,
    },
    /// Changed what an operator knows: holds until the next change, over restarts, and goes before
    /// the configuration.
    SkillsChanged {
        /// Whose skills.
        of: OperatorId,
        /// All of them from now on, each once.
        skills: Vec<SkillLevel>,
    },
    /// Changed how a queue chooses: holds like changed skills.
    StrategyChanged {
        /// Which queue.
        queue: QueueId,
        /// How it chooses from now on.
        strategy: Strategy,
    },
    /// Moved a caller: the facts that follow say what came of it.
    CallMoved {
        /// The call.
        call: CallId,
        /// Where to.
        to: Destination,
        /// How much earlier the caller stands in the queue now.
        ahead_ms: Millis,
    },
    /// Told operators something; the number of its record names the message.
    MessageSent {
        /// Whom.
        to: Audience,
        /// The words.
        text: Pii<String>,
    },
    /// Asked the house to call somebody back who was not answered.
    UnansweredTaken {
        /// The call that was not answered.
        call: CallId,
        /// The callback that is owed.
        case: CaseId,
    },
    /// Closed an unanswered call without a callback.
    UnansweredClosed {
        /// The call that was not answered.
        call: CallId,
        /// Why.
        note: Pii<String>,
    },
    /// Looked into a low rating.
    RatingReviewed {
        /// The call that was rated.
        call: CallId,
        /// What came of it.
        note: Pii<String>,
    },
    /// Has read a message.
    MessageRead {
        /// The number of its record.
        message: u64,
    },
}

/// What somebody is in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// Takes calls.
    Operator,
    /// Takes calls, sees the room and changes it.
    Supervisor,
    /// Reads numbers, takes no calls.
    Analyst,
    /// Everything, and the accounts of the others.
    Administrator,
}

/// How somebody asked for scripts to be read anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReloadWay {
    /// On the page, or through the API.
    #[default]
    Page,
    /// With `liniya reload`, on the machine itself.
    CommandLine,
    /// With the signal SIGHUP.
    Signal,
}

/// What a supervisor may make an operator do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Take calls.
    Ready,
    /// Take none; during a talk it takes effect after wrap-up.
    NotReady(NotReadyReason),
    /// Leave the desk; not during a talk or wrap-up.
    SignedOut,
}

/// Where a supervisor may move a caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// To the head of the queue they wait in.
    Front,
    /// To a queue, in the place of their arrival.
    Queue(QueueId),
    /// To an operator who is free.
    Operator(OperatorId),
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody at the desks.
    Everybody,
    /// Those at the desks who serve this queue.
    Queue(QueueId),
    /// One operator, at the desk or not.
    Operator(OperatorId),
}

impl Act {
    /// The call it is about, if it is about one.
    #[must_use]
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::CallMoved { call, .. }
            | Self::UnansweredTaken { call, .. }
            | Self::UnansweredClosed { call, .. }
            | Self::RatingReviewed { call, .. } => Some(*call),
            Self::LoggedIn {}
            | Self::LoggedOut {}
            | Self::LoginRefused {}
            | Self::RecordingHeard { .. }
            | Self::ScriptsReloaded { .. }
            | Self::CampaignPlanned { .. }
            | Self::NotificationPlanned { .. }
            | Self::ConsentNoted { .. }
            | Self::PasswordReset { .. }
            | Self::CardChanged { .. }
            | Self::AccountDisabled { .. }
            | Self::AccountEnabled { .. }
            | Self::ScreenOpened { .. }
            | Self::ScreenClosed { .. }
            | Self::StateChanged { .. }
            | Self::SkillsChanged { .. }
            | Self::StrategyChanged { .. }
            | Self::MessageSent { .. }
            | Self::MessageRead { .. } => None,
        }
    }
}
