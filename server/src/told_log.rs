//! What people were told lately, for supervisors: a fold of facts that knows no whole number.

use std::collections::{BTreeMap, VecDeque};

use cases::notify::masked;
use events::{
    Channel, Event, LineId, NotificationEvent, NotificationId, NotificationKind,
    NotificationOutcome, OperatorId, Record, Timestamp,
};
use serde::{Deserialize, Serialize};

/// Notifications that are remembered; older ones stand in the journal.
const KEPT: usize = 2_000;

/// One notification as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldRow {
    /// Its number: `N7`.
    pub id: String,
    /// What it is about.
    pub kind: NotificationKind,
    /// How it is sent.
    pub channel: Channel,
    /// Where to, masked.
    pub to: String,
    /// The number of the case it is about, if any.
    pub case: Option<String>,
    /// When it was planned, microseconds since 1970.
    pub planned_at: Timestamp,
    /// When it is tried next, if it waits.
    pub next_at: Option<Timestamp>,
    /// Tries so far.
    pub attempts: u8,
    /// Why the last try came to nothing, in Russian.
    pub why: Option<String>,
    /// The call of the last try.
    pub call: Option<String>,
    /// How it ended; none if it has not.
    pub outcome: Option<NotificationOutcome>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A broadcast as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcastRow {
    /// The line; none means every line.
    pub line: Option<LineId>,
    /// The words.
    pub text: String,
    /// Since when, microseconds since 1970.
    pub since: Timestamp,
    /// Taken back at this time, microseconds since 1970; by hand only if none.
    pub until: Option<Timestamp>,
    /// Who said so.
    pub operator: OperatorId,
}

/// What people were told lately, and what callers hear first now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToldLog {
    rows: BTreeMap<NotificationId, ToldRow>,
    order: VecDeque<NotificationId>,
    broadcasts: BTreeMap<Option<LineId>, BroadcastRow>,
}

impl ToldLog {
    /// Notifications, the newest first.
    pub fn rows(&self) -> impl Iterator<Item = &ToldRow> {
        self.order.iter().rev().filter_map(|id| self.rows.get(id))
    }

    /// What callers hear first now.
    pub fn broadcasts(&self) -> impl Iterator<Item = &BroadcastRow> {
        self.broadcasts.values()
    }

    /// Takes the next record.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the log is of two kinds of facts"
    )]
    pub fn apply(&mut self, record: &Record) {
        match &record.event {
            Event::Notification(fact) => self.follow(record.at, fact),
            Event::BroadcastSet {
                line,
                text: Some(text),
                operator,
                until,
            } => {
                let row = BroadcastRow {
                    line: line.clone(),
                    text: text.clone(),
                    since: record.at,
                    until: *until,
                    operator: operator.clone(),
                };
                self.broadcasts.insert(line.clone(), row);
            }
            Event::BroadcastSet {
                line, text: None, ..
            } => {
                self.broadcasts.remove(line);
            }
            _ => {}
        }
    }

    fn follow(&mut self, at: Timestamp, fact: &NotificationEvent) {
        match fact {
            NotificationEvent::Planned {
                notification,
                kind,
                channel,
                to,
                case,
                not_before,
                ..
            } => {
                let row = ToldRow {
                    id: notification.to_string(),
                    kind: *kind,
                    channel: *channel,
                    to: masked(to),
                    case: case.map(|case| events::CaseNumber::of(case).to_string()),
                    planned_at: at,
                    next_at: Some(*not_before),
                    attempts: 0,
                    why: None,
                    call: None,
                    outcome: None,
                    ended_at: None,
                };
                self.remember(*notification, row);
            }
            NotificationEvent::Tried {
                notification,
                attempt,
                call,
            } => self.change(*notification, |row| {
                row.attempts = *attempt;
                row.next_at = None;
                row.call = call.map(|call| call.to_string());
            }),
            NotificationEvent::PutOff {
                notification,
                until,
                why,
            } => self.change(*notification, |row| {
                row.next_at = Some(*until);
                row.why = Some(why.clone());
            }),
            NotificationEvent::Ended {
                notification,
                outcome,
            } => self.change(*notification, |row| {
                row.next_at = None;
                row.outcome = Some(*outcome);
                row.ended_at = Some(at);
            }),
            NotificationEvent::ConsentSet { .. } => {}
        }
    }

    fn remember(&mut self, id: NotificationId, row: ToldRow) {
        self.rows.insert(id, row);
        self.order.push_back(id);
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.rows.remove(&oldest);
        }
    }

    fn change(&mut self, id: NotificationId, change: impl FnOnce(&mut ToldRow)) {
        if let Some(row) = self.rows.get_mut(&id) {
            change(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::Pii;

    #[test]
    fn the_log_shows_how_it_went_and_nobodys_number() {
        let mut log = ToldLog::default();
        let id = NotificationId(7);
        let planned = NotificationEvent::Planned {
            notification: id,
            key: "stage/1".into(),
            kind: NotificationKind::Stage,
            channel: Channel::Voice,
            to: Pii::new("+79991234512".into()),
            case: Some(events::CaseId(57)),
            not_before: Timestamp(5),
            until: Timestamp(9),
            values: Pii::default(),
        };
        let put_off = NotificationEvent::PutOff {
            notification: id,
            until: Timestamp(8),
            why: "занято".into(),
        };
        let ended = NotificationEvent::Ended {
            notification: id,
            outcome: NotificationOutcome::Delivered,
        };
        for (seq, fact) in (1..).zip([planned, put_off, ended]) {
            let at = Timestamp(i64::try_from(seq).unwrap());
            let event = Event::Notification(fact);
            log.apply(&Record { seq, at, event });
        }
        let row = log.rows().next().unwrap();
        assert_eq!(row.to, "+7 *** ***-**-12");
        assert_eq!(row.outcome, Some(NotificationOutcome::Delivered));
        let shown = serde_json::to_string(row).unwrap();
        assert!(!shown.contains("9991234512"), "{shown}");
    }

    #[test]
    fn old_rows_give_way() {
        let mut log = ToldLog::default();
        for number in 0..=KEPT {
            let id = NotificationId(number as u64);
            let fact = NotificationEvent::Planned {
                notification: id,
                key: String::new(),
                kind: NotificationKind::Stage,
                channel: Channel::Sms,
                to: Pii::default(),
                case: None,
                not_before: Timestamp(0),
                until: Timestamp(0),
                values: Pii::default(),
            };
            log.follow(Timestamp(0), &fact);
        }
        assert_eq!(log.rows().count(), KEPT);
        assert!(log.rows().all(|row| row.id != "N0"));
    }
}
