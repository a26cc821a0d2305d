//! Who may do what.

use events::StaffRole;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OperatorCard;

/// What somebody is in the house.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes calls.
    #[default]
    Operator,
    /// Takes calls, sees the room and changes it.
    Supervisor,
    /// Reads numbers, calls and reports; changes nothing, takes no calls.
    Analyst,
    /// Everything, and the accounts of the others.
    Administrator,
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Have a desk: take calls, work on cases.
    TakeCalls,
    /// See the room, the calls and the reports.
    SeeRoom,
    /// Listen to recorded conversations.
    HearRecordings,
    /// Change the room: states, skills, scripts, what callers are told.
    ManageRoom,
    /// Change accounts, read the audit trail.
    Administer,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::TakeCalls,
        Self::SeeRoom,
        Self::HearRecordings,
        Self::ManageRoom,
        Self::Administer,
    ];

    /// Whose right it is, in Russian: «доступно только …».
    #[must_use]
    pub const fn whose(self) -> &'static str {
        match self {
            Self::TakeCalls => "тем, кто принимает звонки",
            Self::SeeRoom => "старшему смены, аналитику и администратору",
            Self::HearRecordings => "тем, кому разрешено слушать записи",
            Self::ManageRoom => "старшему смены и администратору",
            Self::Administer => "администратору",
        }
    }
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Operator => Self::Operator,
            StaffRole::Supervisor => Self::Supervisor,
            StaffRole::Analyst => Self::Analyst,
            StaffRole::Administrator => Self::Administrator,
        }
    }
}

impl From<Role> for StaffRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Operator => Self::Operator,
            Role::Supervisor => Self::Supervisor,
            Role::Analyst => Self::Analyst,
            Role::Administrator => Self::Administrator,
        }
    }
}

impl Role {
    /// In Russian.
    #[must_use]
    pub const fn russian(self) -> &'static str {
        match self {
            Self::Operator => "оператор",
            Self::Supervisor => "старший смены",
            Self::Analyst => "аналитик",
            Self::Administrator => "администратор",
        }
    }

    /// Whether somebody in this role may take calls.
    #[must_use]
    pub const fn takes_calls(self) -> bool {
        match self {
            Self::Operator | Self::Supervisor | Self::Administrator => true,
            Self::Analyst => false,
        }
    }
}

impl OperatorCard {
    /// Whether they may.
    #[must_use]
    pub const fn may(&self, right: Right) -> bool {
        match (self.role, right) {
            (_, Right::TakeCalls) => self.role.takes_calls(),
            (Role::Operator, _)
            | (Role::Supervisor, Right::Administer)
            | (Role::Analyst, Right::ManageRoom | Right::Administer) => false,
            (Role::Analyst, Right::HearRecordings) => self.hears_recordings,
            (Role::Supervisor | Role::Analyst, Right::SeeRoom)
            | (Role::Supervisor, Right::HearRecordings | Right::ManageRoom)
            | (Role::Administrator, _) => true,
        }
    }

    /// Everything they may, in the order of [`Right::ALL`].
    #[must_use]
    pub fn rights(&self) -> Vec<Right> {
        let all = Right::ALL.into_iter();
        all.filter(|right| self.may(*right)).collect()
    }

    /// Whether the room counts on them: analysts never, administrators if they serve a queue.
    #[must_use]
    pub const fn is_of_the_shift(&self) -> bool {
        match self.role {
            Role::Operator | Role::Supervisor => true,
            Role::Analyst => false,
            Role::Administrator => !self.queues.is_empty(),
        }
    }
}
