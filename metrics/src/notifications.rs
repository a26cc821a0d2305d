//! What people are told of the house's own accord, and the calls it places for that (rows #15–#17).
//!
//! Delivered share = `liniya_notifications_ended_total{outcome="delivered"}` / all ended. Placed calls
//! are no callers' calls: no other family counts them until a queue has them.

use std::collections::BTreeMap;

use events::{
    CallId, Channel, Event, LineId, NotificationEvent, NotificationId, NotificationKind,
    NotificationOutcome, PlacedEvent, PlacedOutcome, PlacedWhy, Timestamp,
};

use crate::call_book::Fact;
use crate::keys::{Key, Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, float};
use crate::words::Tally;

/// Notifications by kind and channel, placed calls by line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notifications {
    open: BTreeMap<NotificationId, (NotificationKind, Channel)>,
    planned: BTreeMap<(NotificationKind, Channel), u64>,
    ended: BTreeMap<(NotificationKind, Channel, NotificationOutcome), u64>,
    tries: BTreeMap<Channel, u64>,
    consents: BTreeMap<(Channel, bool), u64>,
    placed: Table<Cell>,
    /// Placed calls that are not over, and whether somebody answered.
    calls: BTreeMap<CallId, Key>,
    /// Lines whose callers hear a broadcast first; none stands for all lines.
    broadcasts: BTreeMap<Option<LineId>, ()>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    dialled: Tally<PlacedWhy>,
    answered: u64,
    ended: Tally<PlacedOutcome>,
}

impl Notifications {
    fn notify(&mut self, fact: &NotificationEvent) {
        match fact {
            NotificationEvent::Planned {
                notification,
                kind,
                channel,
                ..
            } => {
                self.open.insert(*notification, (*kind, *channel));
                *self.planned.entry((*kind, *channel)).or_insert(0) += 1;
            }
            NotificationEvent::Tried { notification, .. } => {
                if let Some((_, channel)) = self.open.get(notification) {
                    *self.tries.entry(*channel).or_insert(0) += 1;
                }
            }
            NotificationEvent::PutOff { .. } => {}
            NotificationEvent::Ended {
                notification,
                outcome,
            } => {
                if let Some((kind, channel)) = self.open.remove(notification) {
                    *self.ended.entry((kind, channel, *outcome)).or_insert(0) += 1;
                }
            }
            NotificationEvent::ConsentSet {
                channel, allowed, ..
            } => *self.consents.entry((*channel, *allowed)).or_insert(0) += 1,
        }
    }

    fn call(&mut self, fact: &PlacedEvent, key: Key) {
        match fact {
            PlacedEvent::Dialled { call, why, .. } => {
                self.calls.insert(*call, key);
                self.placed.at(key).dialled.add(*why);
            }
            PlacedEvent::Answered { .. } => self.placed.at(key).answered += 1,
            PlacedEvent::HandedOver { call, .. } => self.end(*call, PlacedOutcome::HandedOver),
            PlacedEvent::Ended { call, outcome } => self.end(*call, *outcome),
        }
    }

    fn end(&mut self, call: CallId, outcome: PlacedOutcome) {
        if let Some(key) = self.calls.remove(&call) {
            self.placed.at(key).ended.add(outcome);
        }
    }

    fn show_notifications(&self, sheet: &mut Sheet) {
        let mut planned = sheet.counter(
            "liniya_notifications_planned_total",
            "Запланированные уведомления по виду и каналу (строка 15)",
        );
        for (kind, channel) in pairs() {
            let labels = [("kind", kind.as_str()), ("channel", channel.as_str())];
            planned.value(&labels, count(self.planned.get(&(kind, channel))));
        }
        let mut ended = sheet.counter(
            "liniya_notifications_ended_total",
            "Завершённые уведомления по виду, каналу и исходу",
        );
        for (kind, channel) in pairs() {
            for outcome in NotificationOutcome::ALL {
                let labels = [
                    ("kind", kind.as_str()),
                    ("channel", channel.as_str()),
                    ("outcome", outcome.as_str()),
                ];
                ended.value(&labels, count(self.ended.get(&(kind, channel, *outcome))));
            }
        }
        let mut tries = sheet.counter(
            "liniya_notification_tries_total",
            "Попытки доставить уведомление по каналу",
        );
        for channel in Channel::ALL {
            tries.value(
                &[("channel", channel.as_str())],
                count(self.tries.get(channel)),
            );
        }
        let mut open = sheet.gauge(
            "liniya_notifications_open",
            "Уведомления, которые ещё не доставлены и не сняты",
        );
        for channel in Channel::ALL {
            let of = self.open.values().filter(|(_, c)| c == channel).count();
            let of = u64::try_from(of).unwrap_or(u64::MAX);
            open.value(&[("channel", channel.as_str())], float(of));
        }
        let mut consents = sheet.counter(
            "liniya_notification_consents_total",
            "Согласия и отказы от уведомлений по каналу: allowed=\"false\" — отказ (строка 17)",
        );
        for channel in Channel::ALL {
            for (allowed, word) in [(true, "true"), (false, "false")] {
                let labels = [("channel", channel.as_str()), ("allowed", word)];
                consents.value(&labels, count(self.consents.get(&(*channel, allowed))));
            }
        }
    }

    fn show_calls(&self, keys: &Keys, sheet: &mut Sheet) {
        let table = (keys, &self.placed);
        sheet
            .counter(
                "liniya_placed_calls_total",
                "Исходящие звонки: уведомления и обратные звонки; в поступившие не входят",
            )
            .per_word(table, "why", |cell| &cell.dialled);
        sheet
            .counter(
                "liniya_placed_calls_answered_total",
                "Исходящие звонки, на которые ответили",
            )
            .per_key(table, |cell| cell.answered);
        sheet
            .counter(
                "liniya_placed_calls_ended_total",
                "Исходящие звонки по исходу; handed_over — переданы в очередь",
            )
            .per_word(table, "outcome", |cell| &cell.ended);
        let open = u64::try_from(self.calls.len()).unwrap_or(u64::MAX);
        sheet
            .gauge("liniya_placed_calls_open", "Исходящие звонки сейчас")
            .value(&[], float(open));
        let broadcasts = u64::try_from(self.broadcasts.len()).unwrap_or(u64::MAX);
        sheet
            .gauge(
                "liniya_broadcasts_active",
                "Действующие объявления, которые звонящие слышат первыми (строка 55)",
            )
            .value(&[], float(broadcasts));
    }
}

fn pairs() -> impl Iterator<Item = (NotificationKind, Channel)> {
    let kinds = NotificationKind::ALL.iter();
    kinds.flat_map(|kind| Channel::ALL.iter().map(move |channel| (*kind, *channel)))
}

fn count(number: Option<&u64>) -> f64 {
    float(number.copied().unwrap_or(0))
}

impl Question for Notifications {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the question is about these facts"
    )]
    fn apply(&mut self, fact: &Fact<'_>) {
        match &fact.record.event {
            Event::Notification(told) => self.notify(told),
            Event::Placed(placed) => self.call(placed, fact.key),
            Event::BroadcastSet { line, text, .. } => {
                if text.is_some() {
                    self.broadcasts.insert(line.clone(), ());
                } else {
                    self.broadcasts.remove(line);
                }
            }
            _ => {}
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        self.show_notifications(sheet);
        self.show_calls(keys, sheet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Health, Numbers, Projection as _, encode};
    use events::{
        DialogueOutcome, DialoguePurpose, EntryCause, LegId, LegReport, LegRole, Pii, Record,
        ServiceId,
    };

    fn numbers(facts: Vec<Event>) -> Numbers {
        let mut numbers = Numbers::default();
        for (seq, event) in (1..).zip(facts) {
            let at = Timestamp(i64::try_from(seq).unwrap() * 1_000_000);
            numbers.apply(&Record { seq, at, event });
        }
        numbers
    }

    fn page(numbers: &Numbers, of: &[&str]) -> String {
        let page = encode(numbers, Timestamp(0), &Health::default());
        let kept = |line: &&str| {
            let ours = of.iter().any(|name| line.starts_with(name));
            ours && !line.ends_with(" 0")
        };
        page.lines().filter(kept).collect::<Vec<_>>().join("\n")
    }

    fn dialled(call: u64, why: PlacedWhy) -> Event {
        Event::Placed(PlacedEvent::Dialled {
            call: CallId(call),
            leg: LegId(call),
            trunk: "carrier".into(),
            line: "100".into(),
            service: ServiceId::undetermined(),
            to: Pii::new("+79991234567".into()),
            why,
            notification: None,
            case: None,
        })
    }

    /// What happens in a call that the house places, up to its end.
    fn placed_call() -> Vec<Event> {
        let call = CallId(1);
        vec![
            dialled(1, PlacedWhy::Notification),
            Event::Placed(PlacedEvent::Answered { call }),
            Event::DialogueStarted {
                call,
                purpose: DialoguePurpose::Assistant,
                script: "notice".into(),
                version: "1".into(),
            },
            Event::StepReached {
                call,
                step: "message".into(),
            },
            Event::DialogueEnded {
                call,
                purpose: DialoguePurpose::Assistant,
                outcome: DialogueOutcome::Contained,
                notice_played: false,
            },
            Event::Placed(PlacedEvent::Ended {
                call,
                outcome: PlacedOutcome::Completed,
            }),
            Event::LegMeasured {
                call,
                role: LegRole::Caller,
                report: LegReport::default(),
            },
        ]
    }

    #[test]
    fn a_placed_call_is_in_no_number_but_its_own() {
        let numbers = numbers(placed_call());
        assert_eq!(numbers.violations(), 0);
        let others = [
            "liniya_calls_",
            "liniya_dialogue",
            "liniya_open_calls",
            "liniya_rtp",
        ];
        assert_eq!(page(&numbers, &others), "");
        expect_test::expect![[r#"
            liniya_placed_calls_answered_total{line="100",service="undetermined"} 1
            liniya_placed_calls_ended_total{line="100",service="undetermined",outcome="completed"} 1
            liniya_placed_calls_total{line="100",service="undetermined",why="notification"} 1"#]]
        .assert_eq(&page(&numbers, &["liniya_placed"]));
    }

    #[test]
    fn whoever_is_called_back_is_offered_but_never_arrived() {
        let call = CallId(1);
        let mut facts = placed_call();
        facts.truncate(2);
        facts.push(Event::Placed(PlacedEvent::HandedOver {
            call,
            leg: LegId(1),
            line: "100".into(),
            service: ServiceId::undetermined(),
            trunk: "carrier".into(),
        }));
        facts.push(Event::QueueEntered {
            call,
            queue: "consultation".into(),
            because: EntryCause::Callback,
            wanted: None,
            until: Timestamp(0),
            terms: events::Terms::default(),
        });
        let numbers = numbers(facts);
        assert_eq!(numbers.violations(), 0);
        assert!(numbers.totals().balance());
        let shown = page(&numbers, &["liniya_calls_", "liniya_placed"]);
        expect_test::expect![[r#"
            liniya_calls_offered_total{line="100",service="undetermined"} 1
            liniya_calls_open{line="100",service="undetermined"} 1
            liniya_calls_waiting{line="100",service="undetermined"} 1
            liniya_calls_waiting_peak{line="100",service="undetermined"} 1
            liniya_placed_calls_answered_total{line="100",service="undetermined"} 1
            liniya_placed_calls_ended_total{line="100",service="undetermined",outcome="handed_over"} 1
            liniya_placed_calls_total{line="100",service="undetermined",why="notification"} 1"#]].assert_eq(&shown);
    }

    #[test]
    fn notifications_are_counted_by_how_they_end() {
        let id = NotificationId(1);
        let planned = NotificationEvent::Planned {
            notification: id,
            key: "stage/1".into(),
            kind: NotificationKind::Stage,
            channel: Channel::Sms,
            to: Pii::default(),
            case: None,
            not_before: Timestamp(0),
            until: Timestamp(0),
            values: Pii::default(),
        };
        let tried = NotificationEvent::Tried {
            notification: id,
            attempt: 1,
            call: None,
        };
        let ended = NotificationEvent::Ended {
            notification: id,
            outcome: NotificationOutcome::Delivered,
        };
        let facts = [planned, tried, ended.clone(), ended];
        let numbers = numbers(facts.map(Event::Notification).into());
        expect_test::expect![[r#"
            liniya_notification_tries_total{channel="sms"} 1
            liniya_notifications_ended_total{kind="stage",channel="sms",outcome="delivered"} 1
            liniya_notifications_planned_total{kind="stage",channel="sms"} 1"#]]
        .assert_eq(&page(&numbers, &["liniya_notif"]));
    }
}
