//! The audit trail: who did what, for administrators.

use std::collections::VecDeque;

use events::{
    Act, Date, Event, LineId, OperatorId, Record, ScriptTextEvent, Timestamp, TrainingEvent,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Desk;
use super::audit_words::text_of;
use crate::organisation::Organisation;

/// Acts that are remembered; older ones stand in the journal: `liniya audit`.
const KEPT: usize = 20_000;

/// The newest acts.
#[derive(Clone, Debug, Default)]
pub struct AuditTrail(VecDeque<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    seq: u64,
    at: Timestamp,
    by: Option<OperatorId>,
    what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Act(Act),
    Broadcast(Option<LineId>, Option<String>),
    Scripts(usize),
    Text(ScriptTextEvent),
    Learned {
        who: OperatorId,
        topic: String,
        on: Date,
        next: Option<Date>,
    },
}

/// One act as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditRow {
    /// Its record in the journal.
    pub seq: u64,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// Who: a login; none if nobody of the organisation.
    pub by: Option<String>,
    /// Who, for people.
    pub name: String,
    /// Which kind of act.
    pub kind: &'static str,
    /// What, for people; holds no caller's data.
    pub text: String,
}

/// Which acts are wanted.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only of this person.
    pub by: Option<OperatorId>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// Every kind and its name.
pub const AUDIT_KINDS: [(&str, &str); 15] = [
    ("login", "Вход и выход"),
    ("login_refused", "Вход отклонён"),
    ("account", "Учётные записи"),
    ("recording", "Прослушивание записей"),
    ("room", "Состояния, навыки, правила очередей"),
    ("move", "Перемещение звонков"),
    ("owed", "Без ответа и низкие оценки"),
    ("message", "Сообщения сотрудникам"),
    ("broadcast", "Объявления для звонящих"),
    ("scripts", "Сценарии"),
    ("text", "Правка текстов"),
    ("training", "Обучение"),
    ("notification", "Уведомления и рассылки"),
    ("consent", "Согласия"),
    ("screen", "Табло в зале"),
];

impl AuditTrail {
    /// Takes the next record.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the trail is of a few kinds of facts"
    )]
    pub fn apply(&mut self, record: &Record) {
        let (by, what) = match &record.event {
            Event::Administered { by, act } => (by.clone(), What::Act(without_secrets(act))),
            Event::BroadcastSet {
                line,
                text,
                operator,
                ..
            } => (
                Some(operator.clone()),
                What::Broadcast(line.clone(), text.clone()),
            ),
            Event::ScriptText(fact) => (Some(fact.by().clone()), What::Text(fact.clone())),
            Event::ScriptsReloaded { versions } => (None, What::Scripts(versions.len())),
            Event::Training(TrainingEvent::Learned {
                operator,
                topic,
                on,
                next,
                noted_by,
            }) => {
                let learned = What::Learned {
                    who: operator.clone(),
                    topic: topic.clone(),
                    on: *on,
                    next: *next,
                };
                (Some(noted_by.clone()), learned)
            }
            _ => return,
        };
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Entry {
            seq: record.seq,
            at: record.at,
            by,
            what,
        });
    }

    /// The acts that are wanted, the newest first.
    pub fn rows<'a>(
        &'a self,
        house: &'a Organisation,
        filter: &'a AuditFilter,
    ) -> impl Iterator<Item = AuditRow> + 'a {
        let wanted = |entry: &&Entry| {
            filter
                .by
                .as_ref()
                .is_none_or(|by| entry.by.as_ref() == Some(by))
                && filter.from.is_none_or(|from| from <= entry.at)
                && filter.to.is_none_or(|to| entry.at < to)
                && filter
                    .kind
                    .as_ref()
                    .is_none_or(|kind| kind_of(&entry.what) == kind)
        };
        let entries = self.0.iter().rev().filter(wanted);
        entries.map(|entry| AuditRow {
            seq: entry.seq,
            at_ms: entry.at.0.div_euclid(1_000),
            by: entry.by.as_ref().map(ToString::to_string),
            name: entry
                .by
                .as_ref()
                .map_or_else(|| "—".to_owned(), |by| house.operator_name(by)),
            kind: kind_of(&entry.what),
            text: text_of(&entry.what, house),
        })
    }
}

impl Desk {
    /// The audit trail's newest acts that are wanted, the newest first.
    #[must_use]
    pub fn audit(&self, filter: &AuditFilter, limit: usize) -> Vec<AuditRow> {
        let rows = self.audit.rows(&self.organisation, filter);
        rows.take(limit).collect()
    }
}

fn without_secrets(act: &Act) -> Act {
    match act {
        Act::PasswordReset { of, .. } => Act::PasswordReset {
            of: of.clone(),
            hash: events::Pii::default(),
        },
        Act::ScreenOpened { title, .. } => Act::ScreenOpened {
            title: title.clone(),
            hash: events::Pii::default(),
        },
        Act::CardChanged { .. }
        | Act::LoggedIn {}
        | Act::LoggedOut {}
        | Act::LoginRefused {}
        | Act::RecordingHeard { .. }
        | Act::ScriptsReloaded { .. }
        | Act::CampaignPlanned { .. }
        | Act::NotificationPlanned { .. }
        | Act::ConsentNoted { .. }
        | Act::AccountDisabled { .. }
        | Act::AccountEnabled { .. }
        | Act::ScreenClosed { .. }
        | Act::StateChanged { .. }
        | Act::SkillsChanged { .. }
        | Act::StrategyChanged { .. }
        | Act::CallMoved { .. }
        | Act::UnansweredTaken { .. }
        | Act::UnansweredClosed { .. }
        | Act::RatingReviewed { .. }
        | Act::MessageSent { .. }
        | Act::MessageRead { .. } => act.clone(),
    }
}

const fn kind_of(what: &What) -> &'static str {
    match what {
        What::Act(act) => match act {
            Act::LoggedIn {} | Act::LoggedOut {} => "login",
            Act::LoginRefused {} => "login_refused",
            Act::RecordingHeard { .. } => "recording",
            Act::ScriptsReloaded { .. } => "scripts",
            Act::CampaignPlanned { .. } | Act::NotificationPlanned { .. } => "notification",
            Act::ConsentNoted { .. } => "consent",
            Act::ScreenOpened { .. } | Act::ScreenClosed { .. } => "screen",
            Act::StateChanged { .. } | Act::SkillsChanged { .. } | Act::StrategyChanged { .. } => {
                "room"
            }
            Act::UnansweredTaken { .. }
            | Act::UnansweredClosed { .. }
            | Act::RatingReviewed { .. } => "owed",
            Act::CallMoved { .. } => "move",
            Act::MessageSent { .. } | Act::MessageRead { .. } => "message",
            Act::CardChanged { .. }
            | Act::PasswordReset { .. }
            | Act::AccountDisabled { .. }
            | Act::AccountEnabled { .. } => "account",
        },
        What::Broadcast(..) => "broadcast",
        What::Scripts(_) => "scripts",
        What::Text(_) => "text",
        What::Learned { .. } => "training",
    }
}
