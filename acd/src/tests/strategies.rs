//! How queues choose, and whom callers wait for: priorities, skills relaxed in steps, the operator
//! they know.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};

use super::{Desk, house};
use crate::{Need, QueueSettings, Settings, Strategy};
use events::{Circle, Millis, SkillLevel};

/// The house with its first queue changed; the first part is played unseen.
fn plays(change: impl FnOnce(&mut Settings), before: &str, script: &str, expected: &Expect) {
    let mut settings = house();
    change(&mut settings);
    let mut desk = Desk::new(settings);
    desk.play(before);
    expected.assert_eq(&desk.play(script));
}

fn consultation(settings: &mut Settings) -> &mut QueueSettings {
    settings.queues.get_mut(&"consultation".into()).unwrap()
}

fn skill(level: u8) -> SkillLevel {
    SkillLevel {
        skill: "metal".into(),
        level,
    }
}

fn circle(after_s: u64, skills: Vec<SkillLevel>) -> Circle {
    Circle {
        after_ms: Millis::from_s(after_s),
        only: None,
        skills,
    }
}

#[test]
fn all_are_rung_the_first_answer_counts_and_the_others_are_told() {
    plays(
        |settings| consultation(settings).strategy = Strategy::RingAll,
        "op1 is ready\n op2 is ready\n C1 calls 100\n C2 calls 100",
        "
        C1 wants a person
        wait 3
        op3 is ready
        op2 answers C1
        op1 answers C1
        C2 wants a person
        op1 declines C2
        C2 leaves
        op3 answers C2
        ",
        &expect![[r#"
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300
                0.000 CallOffered C1 op1 звонок всем сразу: свободных 2 до 20
                0.000 CallOffered C1 op2 звонок всем сразу: свободных 2 до 20
            wait 3
            op3 is ready
                3.000 PhoneReachable op3
                3.000 OperatorSignedIn op3
                3.000 OperatorNotReady op3 SignedIn
                3.000 OperatorReady op3
                3.000 CallOffered C1 op3 звонок всем сразу: свободен один до 23
            op2 answers C1
                3.000 OfferMissed C1 op1 AnsweredByAnother
                3.000 OfferMissed C1 op3 AnsweredByAnother
                3.000 OfferAccepted C1 op2
            op1 answers C1
                      нет: сейчас это невозможно: звонок уже снят с вас
            C2 wants a person
                3.000 DialogueEnded C2 Assistant PersonAsked true
                3.000 QueueEntered C2 consultation Assistant None до 303
                3.000 CallOffered C2 op1 звонок всем сразу: свободных 2 до 23
                3.000 CallOffered C2 op3 звонок всем сразу: свободных 2 до 23
            op1 declines C2
                3.000 OfferMissed C2 op1 Declined
                3.000 OperatorNotReady op1 Rona
            C2 leaves
                3.000 OfferMissed C2 op3 CallerLeft
                3.000 CallUnanswered C2 Abandoned Waits 3000ms 0ms 0ms
                3.000 CallEnded C2 CallerHungUp Waits 3000ms 0ms 0ms
            op3 answers C2
                      нет: звонок уже завершён
        "#]],
    );
}

#[test]
fn ringing_all_is_limited_and_what_nobody_answers_goes_round_again() {
    plays(
        |settings| {
            let queue = consultation(settings);
            queue.strategy = Strategy::RingAll;
            queue.ring_at_once = 2;
        },
        "op1 is ready\n wait 1\n op2 is ready\n wait 1\n op3 is ready\n C1 calls 100",
        "
        C1 wants a person
        op1 busy C1
        wait 20
        op2 wants calls
        op1 phone up
        ",
        &expect![[r#"
            C1 wants a person
                2.000 DialogueEnded C1 Assistant PersonAsked true
                2.000 QueueEntered C1 consultation Assistant None до 302
                2.000 CallOffered C1 op1 звонок всем сразу: свободных 3 до 22
                2.000 CallOffered C1 op2 звонок всем сразу: свободных 3 до 22
            op1 busy C1
                2.000 OfferMissed C1 op1 Busy
                2.000 OperatorNotReady op1 Phone
                2.000 CallOffered C1 op3 звонок всем сразу: свободен один до 22
            wait 20
               22.000 OfferMissed C1 op2 RingTimeout
               22.000 OperatorNotReady op2 Rona
               22.000 OfferMissed C1 op3 RingTimeout
               22.000 OperatorNotReady op3 Rona
            op2 wants calls
               22.000 OperatorReady op2
               22.000 CallOffered C1 op2 звонок всем сразу: свободен один до 42
            op1 phone up
               22.000 OperatorReady op1
               22.000 CallOffered C1 op1 звонок всем сразу: свободен один до 42
        "#]],
    );
}

#[test]
fn round_robin_goes_on_where_it_was() {
    plays(
        |settings| consultation(settings).strategy = Strategy::RoundRobin,
        "op3 is ready\n op2 is ready\n op1 is ready\n C1 calls 100\n C2 calls 100\n C3 calls 100",
        "
        C1 wants a person
        C1 leaves
        C2 wants a person
        op2 declines C2
        op3 declines C2
        ",
        &expect![[r#"
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300
                0.000 CallOffered C1 op1 следующий по кругу из 3 свободных до 20
            C1 leaves
                0.000 OfferMissed C1 op1 CallerLeft
                0.000 CallUnanswered C1 Abandoned Waits 0ms 0ms 0ms
                0.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
            C2 wants a person
                0.000 DialogueEnded C2 Assistant PersonAsked true
                0.000 QueueEntered C2 consultation Assistant None до 300
                0.000 CallOffered C2 op2 следующий по кругу из 3 свободных до 20
            op2 declines C2
                0.000 OfferMissed C2 op2 Declined
                0.000 OperatorNotReady op2 Rona
                0.000 CallOffered C2 op3 следующий по кругу из 2 свободных до 20
            op3 declines C2
                0.000 OfferMissed C2 op3 Declined
                0.000 OperatorNotReady op3 Rona
                0.000 CallOffered C2 op1 единственный свободный свободен 0 с до 20
        "#]],
    );
}

#[test]
fn priority_is_time_waited_and_is_overtaken_in_the_end() {
    plays(
        |settings| {
            settings.lines.get_mut(&"200".into()).unwrap().queue = "consultation".into();
            settings.lines.get_mut(&"200".into()).unwrap().priority = 2;
        },
        "C1 calls 100\n C2 calls 200\n C3 calls 200\n C1 wants a person",
        "
        wait 119
        C2 wants a person
        wait 2
        C3 wants a person
        op1 is ready
        op2 is ready
        op3 is ready
        ",
        &expect![[r#"
            wait 119
            C2 wants a person
              119.000 DialogueEnded C2 Assistant PersonAsked true
              119.000 QueueEntered C2 consultation Assistant None до 419 Terms 2 120000ms None None [] None
            wait 2
            C3 wants a person
              121.000 DialogueEnded C3 Assistant PersonAsked true
              121.000 QueueEntered C3 consultation Assistant None до 421 Terms 2 120000ms None None [] None
            op1 is ready
              121.000 PhoneReachable op1
              121.000 OperatorSignedIn op1
              121.000 OperatorNotReady op1 SignedIn
              121.000 OperatorReady op1
              121.000 CallOffered C2 op1 единственный свободный свободен 0 с до 141
            op2 is ready
              121.000 PhoneReachable op2
              121.000 OperatorSignedIn op2
              121.000 OperatorNotReady op2 SignedIn
              121.000 OperatorReady op2
              121.000 CallOffered C1 op2 единственный свободный свободен 0 с до 141
            op3 is ready
              121.000 PhoneReachable op3
              121.000 OperatorSignedIn op3
              121.000 OperatorNotReady op3 SignedIn
              121.000 OperatorReady op3
              121.000 CallOffered C3 op3 единственный свободный свободен 0 с до 141
        "#]],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a page of what is written down")]
fn skills_are_asked_for_less_and_less() {
    plays(
        |settings| {
            settings.skills.insert("op1".into(), vec![skill(2)]);
            settings.skills.insert("op3".into(), vec![skill(6)]);
            let queue = consultation(settings);
            queue.strategy = Strategy::Skills;
            queue.needs = vec![Need {
                services: BTreeSet::from(["licence".into()]),
                circles: vec![
                    circle(0, vec![skill(5)]),
                    circle(30, vec![skill(1)]),
                    circle(60, Vec::new()),
                ],
            }];
        },
        "op2 is ready\n C1 calls 100\n C1 is about licence\n C2 calls 100\n C3 calls 100
         C3 is about licence",
        "
        C1 wants a person
        C2 wants a person
        op2 takes C2
        op1 is ready
        wait 30
        op1 declines C1
        wait 29
        op3 is ready
        C1 leaves
        C2 leaves
        op2 notes C2
        op2 finishes
        op1 wants calls
        C3 wants a person
        C3 leaves
        ",
        &expect![[r#"
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300 Terms 0 0ms None None [Circle 0ms None [SkillLevel metal 5 ] Circle 30000ms None [SkillLevel metal 1 ] Circle 60000ms None [] ] None
            C2 wants a person
                0.000 DialogueEnded C2 Assistant PersonAsked true
                0.000 QueueEntered C2 consultation Assistant None до 300
                0.000 CallOffered C2 op2 единственный свободный свободен 0 с до 20
            op2 takes C2
                0.000 OfferAccepted C2 op2
                0.000 LegsBridged C2 op2 Waits 0ms 0ms 0ms
            op1 is ready
                0.000 PhoneReachable op1
                0.000 OperatorSignedIn op1
                0.000 OperatorNotReady op1 SignedIn
                0.000 OperatorReady op1
            wait 30
               30.000 CircleWidened C1 consultation 1
               30.000 CallOffered C1 op1 единственный свободный свободен 30 с до 50
            op1 declines C1
               30.000 OfferMissed C1 op1 Declined
               30.000 OperatorNotReady op1 Rona
            wait 29
            op3 is ready
               59.000 PhoneReachable op3
               59.000 OperatorSignedIn op3
               59.000 OperatorNotReady op3 SignedIn
               59.000 OperatorReady op3
               59.000 CallOffered C1 op3 единственный свободный свободен 0 с до 79
            C1 leaves
               59.000 OfferMissed C1 op3 CallerLeft
               59.000 CallUnanswered C1 Abandoned Waits 59000ms 59000ms 0ms
               59.000 CallEnded C1 CallerHungUp Waits 59000ms 59000ms 0ms
            C2 leaves
               59.000 TalkEnded C2 op2 Caller 59000ms
               59.000 WrapUpStarted C2 op2 до 89
               59.000 CallEnded C2 CallerHungUp Waits 0ms 0ms 0ms
            op2 notes C2
               59.000 DispositionSet C2 op2 Answered Consultation None
            op2 finishes
               59.000 WrapUpEnded C2 op2
               59.000 OperatorReady op2
            op1 wants calls
               59.000 OperatorReady op1
            C3 wants a person
               59.000 DialogueEnded C3 Assistant PersonAsked true
               59.000 QueueEntered C3 consultation Assistant None до 359 Terms 0 0ms None None [Circle 0ms None [SkillLevel metal 5 ] Circle 30000ms None [SkillLevel metal 1 ] Circle 60000ms None [] ] None
               59.000 CallOffered C3 op3 единственный из 3 свободных кто подходит свободен 0 с до 79
            C3 leaves
               59.000 OfferMissed C3 op3 CallerLeft
               59.000 CallUnanswered C3 Abandoned Waits 59000ms 0ms 0ms
               59.000 CallEnded C3 CallerHungUp Waits 59000ms 0ms 0ms
        "#]],
    );
}

#[test]
fn a_caller_who_calls_again_waits_a_little_for_the_operator_they_know() {
    plays(
        |settings| {
            let queue = consultation(settings);
            queue.preferred_within = Millis::from_s(3_600);
            queue.preferred_wait = Millis::from_s(15);
        },
        "op1 is ready\n C1 calls 100 from 5\n C1 wants a person\n op1 takes C1\n C1 leaves
         op2 is ready\n wait 60\n C2 calls 100 from 5\n C3 calls 100 from 5\n C4 calls 100 from 5",
        "
        C2 wants a person
        wait 5
        op1 notes C1
        C2 leaves
        op1 pauses
        C3 wants a person
        C3 leaves
        op1 wants calls
        op2 takes C3
        C4 wants a person
        op1 declines C4
        wait 15
        ",
        &expect![[r#"
            C2 wants a person
               60.000 DialogueEnded C2 Assistant PersonAsked true
               60.000 QueueEntered C2 consultation Assistant None до 360 Terms 0 0ms None Some(op1) [Circle 0ms Some(op1) [] Circle 15000ms None [] ] None
            wait 5
            op1 notes C1
               65.000 DispositionSet C1 op1 Answered Consultation None
               65.000 WrapUpEnded C1 op1
               65.000 OperatorReady op1
               65.000 CallOffered C2 op1 говорил с этим клиентом в прошлый раз свободен 0 с до 85
            C2 leaves
               65.000 OfferMissed C2 op1 CallerLeft
               65.000 CallUnanswered C2 Abandoned Waits 5000ms 5000ms 0ms
               65.000 CallEnded C2 CallerHungUp Waits 5000ms 5000ms 0ms
            op1 pauses
               65.000 OperatorNotReady op1 Lunch
            C3 wants a person
               65.000 DialogueEnded C3 Assistant PersonAsked true
               65.000 QueueEntered C3 consultation Assistant None до 365 Terms 0 5000ms Some(C2) None [] None
               65.000 CallOffered C3 op2 единственный свободный свободен 1 мин 5 с до 85
            C3 leaves
               65.000 OfferMissed C3 op2 CallerLeft
               65.000 CallUnanswered C3 Abandoned Waits 5000ms 0ms 0ms
               65.000 CallEnded C3 CallerHungUp Waits 5000ms 0ms 0ms
            op1 wants calls
               65.000 OperatorReady op1
            op2 takes C3
                      нет: звонок уже завершён
                      нет: звонок уже завершён
            C4 wants a person
               65.000 DialogueEnded C4 Assistant PersonAsked true
               65.000 QueueEntered C4 consultation Assistant None до 365 Terms 0 5000ms Some(C3) Some(op1) [Circle 0ms Some(op1) [] Circle 15000ms None [] ] None
               65.000 CallOffered C4 op1 говорил с этим клиентом в прошлый раз свободен 0 с до 85
            op1 declines C4
               65.000 OfferMissed C4 op1 Declined
               65.000 OperatorNotReady op1 Rona
               65.000 CircleWidened C4 consultation 1
               65.000 CallOffered C4 op2 единственный свободный свободен 1 мин 5 с до 85
            wait 15
        "#]],
    );
}
