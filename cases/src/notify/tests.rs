//! The policy as a law: whatever happens in whatever order, nothing is sent outside it, everything
//! ends once, and the journal alone gives the same machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use events::{
    CallId, CancelledBy, CaseEvent, CaseId, CaseNumber, Channel, Date, Millis, NotificationEvent,
    NotificationId, NotificationKind, NotificationOutcome, Pii, ServiceId, TimeOfDay, Timestamp,
};
use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::civil::moment;

const HOUR: u64 = 3_600_000;

fn local(day: &str, time: &str) -> Timestamp {
    let (day, time) = (Date::parse(day).unwrap(), TimeOfDay::parse(time).unwrap());
    moment(day, time, 180)
}

/// A machine with its journal.
struct House {
    notify: Notify,
    journal: Vec<(Timestamp, Fact)>,
    now: Timestamp,
}

#[derive(Clone)]
enum Fact {
    Notification(NotificationEvent),
    Case(CaseEvent),
}

impl House {
    fn new(policy: Policy, now: Timestamp) -> Self {
        Self {
            notify: Notify::new(policy),
            journal: Vec::new(),
            now,
        }
    }

    fn ask(&mut self, command: &Command) -> Vec<NotificationEvent> {
        let facts = self.notify.decide(self.now, command);
        for fact in &facts {
            self.notify.apply(self.now, fact);
            self.journal
                .push((self.now, Fact::Notification(fact.clone())));
        }
        facts
    }

    fn case(&mut self, fact: CaseEvent) {
        self.notify.apply_case(self.now, &fact);
        let case = fact.case();
        self.journal.push((self.now, Fact::Case(fact)));
        self.ask(&Command::MindVisit(case));
    }

    /// Everything whose time has come is tried.
    fn sends(&mut self) -> Vec<NotificationId> {
        self.ask(&Command::Tick);
        let ready: Vec<NotificationId> = Channel::ALL
            .iter()
            .flat_map(|channel| self.notify.ready(self.now, *channel).map(|job| job.id))
            .collect();
        let mut sent = Vec::new();
        for notification in ready {
            let facts = self.ask(&Command::Try {
                notification,
                call: None,
            });
            if matches!(facts.first(), Some(NotificationEvent::Tried { .. })) {
                sent.push(notification);
            }
        }
        sent
    }

    fn reports(&mut self, id: NotificationId, result: TryResult) {
        let attempt = self.notify.job(id).map_or(0, |job| job.attempts);
        self.ask(&Command::Report {
            notification: id,
            attempt,
            result,
        });
    }

    /// The machine that the first facts of the journal give.
    fn replayed(&self, facts: usize) -> Notify {
        let mut again = Notify::new(self.notify.policy().clone());
        for (at, fact) in &self.journal[..facts] {
            match fact {
                Fact::Notification(fact) => again.apply(*at, fact),
                Fact::Case(fact) => again.apply_case(*at, fact),
            }
        }
        again
    }

    /// The journal from here as text.
    fn story(&self) -> String {
        let mut story = String::new();
        for (at, fact) in &self.journal {
            let time = TimeOfDay::at(*at, 180);
            let day = Date::at(*at, 180);
            let Fact::Notification(fact) = fact else {
                continue;
            };
            let what = match fact {
                NotificationEvent::Planned {
                    notification,
                    key,
                    not_before,
                    until,
                    ..
                } => {
                    let (from, until) = (moment_text(*not_before), moment_text(*until));
                    format!("{notification} planned {key} from {from} until {until}")
                }
                NotificationEvent::Tried {
                    notification,
                    attempt,
                    ..
                } => format!("{notification} tried, {attempt}"),
                NotificationEvent::PutOff {
                    notification,
                    until,
                    why,
                } => format!("{notification} put off to {}: {why}", moment_text(*until)),
                NotificationEvent::Ended {
                    notification,
                    outcome,
                } => format!("{notification} {}", outcome.as_str()),
                NotificationEvent::ConsentSet {
                    channel, allowed, ..
                } => format!("consent {} {allowed}", channel.as_str()),
            };
            let _ = writeln!(story, "{:02}.{:02} {time} {what}", day.day, day.month);
        }
        story
    }
}

fn moment_text(at: Timestamp) -> String {
    let (day, time) = (Date::at(at, 180), TimeOfDay::at(at, 180));
    format!("{:02}.{:02} {time}", day.day, day.month)
}

fn plan(key: &str, kind: NotificationKind, channel: Channel, to: &str) -> Plan {
    Plan {
        key: key.into(),
        kind,
        channel,
        to: Address::parse(channel, to).unwrap(),
        case: None,
        not_before: Timestamp(0),
        until: Timestamp(i64::MAX / 2),
        values: Pii::default(),
    }
}

fn status(key: &str, channel: Channel, to: &str, until: Timestamp) -> Command {
    Command::Plan(Plan {
        until,
        ..plan(key, NotificationKind::StatusChanged, channel, to)
    })
}

const PHONE: &str = "+79991234567";

#[test]
fn a_call_is_tried_again_after_busy_and_not_at_night() {
    let mut house = House::new(Policy::default(), local("2026-11-24", "19:55"));
    let until = local("2026-11-26", "12:00");
    house.ask(&status("stage/7/3", Channel::Voice, PHONE, until));
    house.ask(&status("stage/7/3", Channel::Voice, PHONE, until));
    let sent = house.sends();
    house.reports(sent[0], TryResult::Busy);
    house.now = house.notify.next_after(house.now).unwrap();
    assert_eq!(house.sends(), [], "20:05 is too late to ring");
    house.now = house.notify.next_after(house.now).unwrap();
    let sent = house.sends();
    house.reports(sent[0], TryResult::NoAnswer);
    house.now = house.notify.next_after(house.now).unwrap();
    let sent = house.sends();
    house.reports(sent[0], TryResult::Delivered);
    house.ask(&status("stage/7/3", Channel::Voice, PHONE, until));
    expect![[r#"
        24.11 19:55 N1 planned stage/7/3 from 24.11 19:55 until 26.11 12:00
        24.11 19:55 N1 tried, 1
        24.11 19:55 N1 put off to 24.11 20:05: занято
        24.11 20:05 N1 put off to 25.11 09:00: тихие часы
        25.11 09:00 N1 tried, 2
        25.11 09:00 N1 put off to 25.11 11:00: не отвечает
        25.11 11:00 N1 tried, 3
        25.11 11:00 N1 delivered
    "#]]
    .assert_eq(&house.story());
    assert_eq!(house.notify.next_after(house.now), None);
}

#[test]
fn who_said_no_is_told_nothing_and_a_campaign_asks_first() {
    let mut house = House::new(Policy::default(), local("2026-11-24", "12:00"));
    let campaign = |key: &str| {
        let kind = NotificationKind::Campaign;
        Command::Plan(plan(key, kind, Channel::Sms, PHONE))
    };
    house.ask(&campaign("campaign/a/1"));
    house.sends();
    let consent = |allowed| Command::SetConsent {
        address: "8 999 123-45-67".into(),
        channels: vec![Channel::Sms, Channel::Voice],
        allowed,
        call: Some(CallId(1)),
    };
    house.ask(&consent(true));
    house.ask(&consent(true));
    house.ask(&campaign("campaign/b/1"));
    let sent = house.sends();
    house.reports(sent[0], TryResult::Delivered);
    house.ask(&campaign("campaign/c/1"));
    house.sends();
    let until = local("2026-11-25", "12:00");
    house.ask(&status("stage/1", Channel::Sms, PHONE, until));
    house.sends();
    house.ask(&consent(false));
    house.ask(&status("stage/2", Channel::Sms, PHONE, until));
    house.sends();
    expect![[r#"
        24.11 12:00 N1 planned campaign/a/1 from 24.11 12:00 until 06.07 17:00
        24.11 12:00 N1 no_consent
        24.11 12:00 consent sms true
        24.11 12:00 consent voice true
        24.11 12:00 N2 planned campaign/b/1 from 24.11 12:00 until 06.07 17:00
        24.11 12:00 N2 tried, 1
        24.11 12:00 N2 delivered
        24.11 12:00 N3 planned campaign/c/1 from 24.11 12:00 until 06.07 17:00
        24.11 12:00 N3 put off to 01.12 12:00: предел частоты
        24.11 12:00 N4 planned stage/1 from 24.11 12:00 until 25.11 12:00
        24.11 12:00 N4 tried, 1
        24.11 12:00 consent sms false
        24.11 12:00 consent voice false
        24.11 12:00 N5 planned stage/2 from 24.11 12:00 until 25.11 12:00
        24.11 12:00 N5 opted_out
    "#]]
    .assert_eq(&house.story());
}

/// Row #16: the receipt of a letter is told within 24 hours.
#[test]
fn the_term_of_24_hours_ends_to_the_minute() {
    let received = local("2026-11-24", "10:00");
    let until = received.plus_ms(24 * HOUR);
    for (ms, told) in [(24 * HOUR - 60_000, true), (24 * HOUR + 60_000, false)] {
        let mut house = House::new(Policy::default(), received);
        house.ask(&status("received/1", Channel::Email, "a@b.ru", until));
        house.now = received.plus_ms(ms);
        assert_eq!(!house.sends().is_empty(), told);
        assert_eq!(
            house.story().contains("expired"),
            !told,
            "{}",
            house.story()
        );
    }
}

#[test]
fn a_visit_brings_its_reminder_and_takes_it_along() {
    let mut house = House::new(Policy::default(), local("2026-11-20", "12:00"));
    let booked = |case: u64, from: Timestamp| CaseEvent::AppointmentBooked {
        case: CaseId(case),
        call: None,
        service: ServiceId::new("scrap_licence"),
        place: "Приёмная".into(),
        from,
        until: from.plus_ms(900_000),
        name: None,
        phone: Some(Pii::new(PHONE.into())),
    };
    house.case(booked(57, local("2026-11-24", "09:30")));
    house.case(CaseEvent::AppointmentMoved {
        case: CaseId(57),
        call: None,
        place: "Приёмная".into(),
        from: local("2026-11-25", "11:00"),
        until: local("2026-11-25", "11:15"),
    });
    house.case(CaseEvent::AppointmentMoved {
        case: CaseId(57),
        call: None,
        place: "Приёмная".into(),
        from: local("2026-11-24", "09:30"),
        until: local("2026-11-24", "09:45"),
    });
    house.case(booked(58, local("2026-11-20", "12:30")));
    house.case(booked(571, local("2026-11-27", "12:30")));
    house.case(CaseEvent::AppointmentCancelled {
        case: CaseId(57),
        call: None,
        by: CancelledBy::Caller,
    });
    expect![[r#"
        20.11 12:00 N1 planned appointment/57/1795501800 from 23.11 09:30 until 24.11 08:30
        20.11 12:00 N1 withdrawn
        20.11 12:00 N2 planned appointment/57/1795593600 from 24.11 11:00 until 25.11 10:00
        20.11 12:00 N2 withdrawn
        20.11 12:00 N3 planned appointment/57/1795501800 from 23.11 09:30 until 24.11 08:30
        20.11 12:00 N4 planned appointment/571/1795771800 from 26.11 12:30 until 27.11 11:30
        20.11 12:00 N3 withdrawn
    "#]]
    .assert_eq(&house.story());
    let reminder = house.notify.jobs().next().unwrap();
    assert_eq!(reminder.values.expose()["date"], "2026-11-27");
    assert_eq!(
        reminder.values.expose()["number"],
        CaseNumber::of(CaseId(571)).digits()
    );
}

/// The journal was cut between a booking and its reminder, and in the middle of a try.
#[test]
fn a_restart_makes_up_for_what_the_stop_left_undone() {
    let mut house = House::new(Policy::default(), local("2026-11-20", "12:00"));
    let from = local("2026-11-24", "09:30");
    let booked = CaseEvent::AppointmentBooked {
        case: CaseId(57),
        call: None,
        service: ServiceId::undetermined(),
        place: "Приёмная".into(),
        from,
        until: from,
        name: None,
        phone: Some(Pii::new(PHONE.into())),
    };
    house.notify.apply_case(house.now, &booked);
    let until = local("2026-11-25", "12:00");
    house.ask(&status("stage/1", Channel::Voice, "101", until));
    house.sends();
    house.ask(&Command::Recover);
    house.ask(&Command::Recover);
    expect![[r#"
        20.11 12:00 N1 planned stage/1 from 20.11 12:00 until 25.11 12:00
        20.11 12:00 N1 tried, 1
        20.11 12:00 N1 put off to 20.11 12:15: перезапуск службы
        20.11 12:00 N2 planned appointment/57/1795501800 from 23.11 09:30 until 24.11 08:30
    "#]]
    .assert_eq(&house.story());
}

// ── the property ──────────────────────────────────────────────────────────────────────────────

#[derive(Clone, Debug)]
enum Step {
    Plan(u8, u8, u8, u8),
    Withdraw(u8),
    Consent(u8, u8, bool),
    Send,
    Report(u8, u8),
    Pass(u16),
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..12_u8, 0..9_u8, 0..3_u8, 0..3_u8).prop_map(|(key, kind, channel, to)| Step::Plan(key, kind, channel, to)),
        1 => (0..12_u8).prop_map(Step::Withdraw),
        2 => (0..3_u8, 0..3_u8, any::<bool>()).prop_map(|(channel, to, yes)| Step::Consent(channel, to, yes)),
        5 => Just(Step::Send),
        5 => (any::<u8>(), 0..8_u8).prop_map(|(which, result)| Step::Report(which, result)),
        4 => (1..2_000_u16).prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..120)
}

fn address(channel: Channel, to: u8) -> String {
    match channel {
        Channel::Voice | Channel::Sms => format!("+7999123456{to}"),
        Channel::Email => format!("who{to}@example.ru"),
    }
}

fn strict() -> Policy {
    let policy = Policy::default();
    Policy {
        cases: Rules {
            cap: 2,
            ..policy.cases
        },
        ..policy
    }
}

/// Judges a journal by the words of the rules alone, knowing nothing of the machine.
#[expect(
    clippy::too_many_lines,
    reason = "one rule after the other, over one journal"
)]
fn judge(journal: &[(Timestamp, Fact)], policy: &Policy) -> Result<(), TestCaseError> {
    let mut planned = BTreeMap::new();
    let (mut open, mut ended) = (BTreeSet::new(), BTreeSet::new());
    let mut keys: BTreeMap<String, NotificationId> = BTreeMap::new();
    let mut consent: BTreeMap<(Channel, String), bool> = BTreeMap::new();
    let mut first_tries: Vec<(Timestamp, NotificationId)> = Vec::new();
    let (mut tries, mut trying): (BTreeMap<NotificationId, u8>, BTreeSet<NotificationId>) =
        (BTreeMap::new(), BTreeSet::new());
    for (at, fact) in journal {
        let Fact::Notification(fact) = fact else {
            continue;
        };
        match fact {
            NotificationEvent::Planned {
                notification,
                key,
                kind,
                channel,
                to,
                not_before,
                until,
                ..
            } => {
                let card = (*kind, *channel, to.expose().clone(), *not_before, *until);
                prop_assert!(
                    planned.insert(*notification, card).is_none(),
                    "a number twice"
                );
                prop_assert!(
                    keys.insert(key.clone(), *notification).is_none(),
                    "a key twice"
                );
                open.insert(*notification);
            }
            NotificationEvent::Tried {
                notification,
                attempt,
                ..
            } => {
                let (kind, channel, to, not_before, until) = &planned[notification];
                prop_assert!(open.contains(notification), "tried after its end");
                prop_assert!(trying.insert(*notification), "two tries at once");
                prop_assert!(not_before <= at && at < until, "outside its time");
                let count = tries.entry(*notification).or_insert(0);
                *count += 1;
                prop_assert_eq!(*count, *attempt);
                prop_assert!(
                    *attempt <= policy.retry(*channel).attempts,
                    "too many tries"
                );
                let class = Class::of(*kind);
                if *attempt == 1 {
                    first_tries.push((*at, *notification));
                }
                if class == Class::Internal {
                    continue;
                }
                let said = consent.get(&(*channel, to.clone()));
                prop_assert_ne!(said, Some(&false), "after they said no");
                prop_assert!(
                    class == Class::Case || said == Some(&true),
                    "without consent"
                );
                let (day, minute) = (Date::at(*at, 180), TimeOfDay::at(*at, 180).minutes());
                let weekend = day.weekday() >= 5;
                let hours = if weekend { 600..1_080 } else { 540..1_200 };
                prop_assert!(
                    *channel == Channel::Email || hours.contains(&minute),
                    "at night"
                );
                let rules = policy.rules(class).unwrap();
                let same = first_tries.iter().filter(|(when, id)| {
                    let (kind, _, address, ..) = &planned[id];
                    Class::of(*kind) == class && address == to && at.since(*when) < rules.cap_window
                });
                prop_assert!(same.count() <= rules.cap as usize, "too often");
            }
            NotificationEvent::PutOff { notification, .. } => {
                prop_assert!(open.contains(notification));
                trying.remove(notification);
            }
            NotificationEvent::Ended {
                notification,
                outcome,
            } => {
                prop_assert!(open.remove(notification), "an end without a beginning");
                prop_assert!(ended.insert(*notification), "two ends");
                trying.remove(notification);
                if *outcome == NotificationOutcome::Withdrawn {
                    keys.retain(|_, id| id != notification);
                }
            }
            NotificationEvent::ConsentSet {
                address,
                channel,
                allowed,
                ..
            } => {
                consent.insert((*channel, address.expose().clone()), *allowed);
            }
        }
    }
    prop_assert!(open.is_empty(), "never ended: {:?}", open);
    Ok(())
}

fn take(house: &mut House, step: &Step) {
    match step {
        Step::Plan(key, kind, channel, to) => {
            let channel = Channel::ALL[usize::from(*channel)];
            let until = house.now.plus_ms(48 * HOUR);
            let plan = Plan {
                until,
                not_before: house.now.plus_ms(u64::from(*key) * HOUR / 2),
                ..plan(
                    &format!("key/{key}/"),
                    NotificationKind::ALL[usize::from(*kind)],
                    channel,
                    &address(channel, *to),
                )
            };
            house.ask(&Command::Plan(plan));
        }
        Step::Withdraw(key) => {
            let keys = format!("key/{key}/");
            house.ask(&Command::Withdraw { keys });
        }
        Step::Consent(channel, to, allowed) => {
            let channel = Channel::ALL[usize::from(*channel)];
            house.ask(&Command::SetConsent {
                address: address(channel, *to),
                channels: vec![channel],
                allowed: *allowed,
                call: None,
            });
        }
        Step::Send => {
            house.sends();
        }
        Step::Report(which, result) => {
            let results = [
                TryResult::Delivered,
                TryResult::Busy,
                TryResult::NoAnswer,
                TryResult::Rejected,
                TryResult::CutShort,
                TryResult::Failed,
                TryResult::Interrupted,
                TryResult::Hopeless,
            ];
            let trying = |job: &&Job| matches!(job.state, State::Trying { .. });
            let ids: Vec<NotificationId> = house
                .notify
                .jobs()
                .filter(trying)
                .map(|job| job.id)
                .collect();
            if let Some(id) = ids.get(usize::from(*which) % ids.len().max(1)) {
                house.reports(*id, results[usize::from(*result)]);
            }
        }
        Step::Pass(minutes) => house.now = house.now.plus_ms(u64::from(*minutes) * 60_000),
        Step::Restart => {
            house.notify = house.replayed(house.journal.len());
            house.ask(&Command::Recover);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_sent_outside_the_policy_and_everything_ends_once(steps in steps()) {
        let mut house = House::new(strict(), local("2026-11-24", "18:00"));
        for step in &steps {
            take(&mut house, step);
            prop_assert_eq!(&house.replayed(house.journal.len()), &house.notify);
        }
        // Whoever sends goes on and every try fails, until nothing is left to do.
        for _ in 0..1_000 {
            for id in house.sends() {
                house.reports(id, TryResult::NoAnswer);
            }
            let Some(next) = house.notify.next_after(house.now) else { break };
            house.now = next;
        }
        judge(&house.journal, house.notify.policy())?;
    }
}

#[test]
fn the_window_of_a_cap_frees_itself() {
    let mut house = House::new(strict(), local("2026-11-24", "12:00"));
    let until = house.now.plus_ms(72 * HOUR);
    for key in ["a", "b", "c"] {
        house.ask(&status(key, Channel::Sms, PHONE, until));
        for id in house.sends() {
            house.reports(id, TryResult::Delivered);
        }
        house.now = house.now.plus_ms(HOUR);
    }
    assert_eq!(house.notify.policy().cases.cap_window, Millis(24 * HOUR));
    house.now = house.notify.next_after(house.now).unwrap();
    for id in house.sends() {
        house.reports(id, TryResult::Delivered);
    }
    expect![[r#"
        24.11 12:00 N1 planned a from 24.11 12:00 until 27.11 12:00
        24.11 12:00 N1 tried, 1
        24.11 12:00 N1 delivered
        24.11 13:00 N2 planned b from 24.11 13:00 until 27.11 12:00
        24.11 13:00 N2 tried, 1
        24.11 13:00 N2 delivered
        24.11 14:00 N3 planned c from 24.11 14:00 until 27.11 12:00
        24.11 14:00 N3 put off to 25.11 12:00: предел частоты
        25.11 12:00 N3 tried, 1
        25.11 12:00 N3 delivered
    "#]]
    .assert_eq(&house.story());
}
