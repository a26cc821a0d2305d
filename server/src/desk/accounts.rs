//! What the journal says of people's accounts: newer than the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::{Act, OperatorId, Pii, Timestamp};

use super::Desk;
use crate::organisation::{Organisation, Role};

/// Accounts as the journal left them.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts(BTreeMap<OperatorId, Account>);

/// What the journal says of one account.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The hash of a password that was given since, if one was.
    pub hash: Option<Pii<String>>,
    /// Whether the pages are closed to them.
    pub is_disabled: bool,
    /// When they came last.
    pub seen: Option<Timestamp>,
}

impl Accounts {
    pub(super) fn apply(&mut self, at: Timestamp, by: Option<&OperatorId>, act: &Act) {
        match (act, by) {
            (Act::LoggedIn {}, Some(by)) => self.of(by).seen = Some(at),
            (Act::PasswordReset { of, hash }, _) => self.of(of).hash = Some(hash.clone()),
            (Act::AccountDisabled { of }, _) => self.of(of).is_disabled = true,
            (Act::AccountEnabled { of }, _) => self.of(of).is_disabled = false,
            (
                Act::LoggedIn {}
                | Act::LoggedOut {}
                | Act::LoginRefused {}
                | Act::RecordingHeard { .. }
                | Act::ScriptsReloaded { .. }
                | Act::CampaignPlanned { .. }
                | Act::NotificationPlanned { .. }
                | Act::ConsentNoted { .. }
                | Act::ScreenOpened { .. }
                | Act::ScreenClosed { .. }
                | Act::CardChanged { .. }
                | Act::StateChanged { .. }
                | Act::SkillsChanged { .. }
                | Act::StrategyChanged { .. }
                | Act::CallMoved { .. }
                | Act::UnansweredTaken { .. }
                | Act::UnansweredClosed { .. }
                | Act::RatingReviewed { .. }
                | Act::MessageSent { .. }
                | Act::MessageRead { .. },
                _,
            ) => {}
        }
    }

    fn of(&mut self, whose: &OperatorId) -> &mut Account {
        self.0.entry(whose.clone()).or_default()
    }
}

impl Desk {
    /// Who works here and what things are called, as the journal left it.
    #[must_use]
    pub const fn organisation(&self) -> &Arc<Organisation> {
        &self.organisation
    }

    /// Cards that were changed go before the configuration's; a card that is there no more stays away.
    pub(super) fn follow_cards(&mut self, act: &Act) {
        let Act::CardChanged {
            of,
            full_name,
            position,
            role,
            hears_recordings,
        } = act
        else {
            return;
        };
        if let Some(card) = Arc::make_mut(&mut self.organisation).operators.get_mut(of) {
            card.full_name.clone_from(full_name.expose());
            card.position.clone_from(position);
            let role = role.map(Role::from);
            // The settings have meanwhile made an analyst of them, or of an analyst somebody else.
            let fits = |role: &Role| role.takes_calls() == card.role.takes_calls();
            card.role = role.filter(fits).unwrap_or(card.role);
            card.hears_recordings = hears_recordings.unwrap_or(card.hears_recordings);
        }
    }

    /// What the journal says of somebody's account.
    #[must_use]
    pub fn account(&self, whose: &OperatorId) -> Account {
        self.accounts.0.get(whose).cloned().unwrap_or_default()
    }
}
