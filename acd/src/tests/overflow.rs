//! Queues that send callers on, and what callers are told about their wait.

use expect_test::{Expect, expect};

use super::{Desk, house};
use crate::{Nobody, Settings};
use events::Millis;

fn plays(change: impl FnOnce(&mut Settings), before: &str, script: &str, expected: &Expect) {
    let mut settings = house();
    let support = settings.queues.get_mut(&"support".into()).unwrap();
    support.when_nobody_is_signed_in = Nobody::Wait;
    let first = settings.queues.get_mut(&"consultation".into()).unwrap();
    first.overflow_to = Some("support".into());
    change(&mut settings);
    let mut desk = Desk::new(settings);
    desk.play(before);
    expected.assert_eq(&desk.play(script));
}

fn after_s(s: u64) -> impl FnOnce(&mut Settings) {
    move |settings| {
        let first = settings.queues.get_mut(&"consultation".into()).unwrap();
        first.overflow_after = Millis::from_s(s);
    }
}

#[test]
fn a_long_wait_goes_on_to_another_queue_with_the_place_kept() {
    plays(
        after_s(60),
        "op1 is ready\n C9 calls 100\n C9 wants a person\n op1 takes C9
         op4 is ready\n op4 pauses\n C1 calls 100\n C1 wants a person",
        "
        wait 60
        op4 wants calls
        wait 30
        op4 takes C1
        ",
        &expect![[r#"
            wait 60
               60.000 OverflowPutOff C1 support в той очереди никто не работает до 90
            op4 wants calls
               60.000 OperatorReady op4
            wait 30
               90.000 QueueEntered C1 support Overflow None до 300
               90.000 CallOffered C1 op4 единственный свободный свободен 30 с до 110
            op4 takes C1
               90.000 OfferAccepted C1 op4
               90.000 LegsBridged C1 op4 Waits 90000ms 90000ms 0ms
        "#]],
    );
}

#[test]
fn a_queue_that_is_full_or_that_nobody_serves_sends_on_at_once() {
    plays(
        |settings| {
            let first = settings.queues.get_mut(&"consultation".into()).unwrap();
            first.capacity = 1;
        },
        "op1 is ready\n C9 calls 100\n C9 wants a person\n op1 takes C9\n op4 is ready
         C1 calls 100\n C2 calls 100\n C3 calls 100",
        "
        C1 wants a person
        C2 wants a person
        C9 leaves
        op1 notes C9
        op1 finishes
        op1 signs out
        C3 wants a person
        op4 signs out
        ",
        &expect![[r#"
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300
            C2 wants a person
                0.000 DialogueEnded C2 Assistant PersonAsked true
                0.000 QueueEntered C2 consultation Assistant None до 300
                0.000 QueueEntered C2 support Overflow None до 300
                0.000 CallOffered C2 op4 единственный свободный свободен 0 с до 20
            C9 leaves
                0.000 TalkEnded C9 op1 Caller 0ms
                0.000 WrapUpStarted C9 op1 до 30
                0.000 CallEnded C9 CallerHungUp Waits 0ms 0ms 0ms
            op1 notes C9
                0.000 DispositionSet C9 op1 Answered Consultation None
            op1 finishes
                0.000 WrapUpEnded C9 op1
                0.000 OperatorReady op1
                0.000 CallOffered C1 op1 единственный свободный свободен 0 с до 20
            op1 signs out
                0.000 OfferMissed C1 op1 OperatorLeft
                0.000 OperatorSignedOut op1
            C3 wants a person
                0.000 DialogueEnded C3 Assistant PersonAsked true
                0.000 QueueEntered C3 consultation Assistant None до 300
                0.000 QueueEntered C3 support Overflow None до 300
            op4 signs out
                0.000 OfferMissed C2 op4 OperatorLeft
                0.000 OperatorSignedOut op4
        "#]],
    );
}

#[test]
fn a_wait_that_will_be_long_goes_where_it_will_be_shorter() {
    plays(
        |settings| {
            let first = settings.queues.get_mut(&"consultation".into()).unwrap();
            first.overflow_expected = Millis::from_s(60);
        },
        "op1 is ready\n C9 calls 100\n C9 wants a person\n op1 takes C9\n op4 is ready
         C1 calls 100",
        "
        C1 wants a person
        ",
        &expect![[r#"
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300
                0.000 QueueEntered C1 support Overflow None до 300
                0.000 CallOffered C1 op4 единственный свободный свободен 0 с до 20
        "#]],
    );
}

#[test]
fn a_caller_is_told_the_place_and_a_range_or_that_nobody_knows() {
    plays(
        |settings| {
            let first = settings.queues.get_mut(&"consultation".into()).unwrap();
            first.overflow_to = None;
        },
        "C1 calls 100\n C2 calls 100\n C1 wants a person\n C2 wants a person",
        "
        C2 asks how long
        op1 is ready
        op1 takes C1
        C2 asks how long
        C1 asks how long
        ",
        &expect![[r#"
            C2 asks how long
                0.000 WaitEstimated C2 consultation 2 None
            op1 is ready
                0.000 PhoneReachable op1
                0.000 OperatorSignedIn op1
                0.000 OperatorNotReady op1 SignedIn
                0.000 OperatorReady op1
                0.000 CallOffered C1 op1 единственный свободный свободен 0 с до 20
            op1 takes C1
                0.000 OfferAccepted C1 op1
                0.000 LegsBridged C1 op1 Waits 0ms 0ms 0ms
            C2 asks how long
                0.000 WaitEstimated C2 consultation 1 Some(WaitRange 180000ms Some(900000ms) )
            C1 asks how long
                      нет: сейчас это невозможно: клиент не ждёт
        "#]],
    );
}

#[test]
fn who_gives_up_and_calls_again_within_a_minute_has_the_place_again() {
    plays(
        |_| {},
        "C1 calls 100 from 5\n C2 calls 100 from 6\n C3 calls 100 from 7\n C1 wants a person
         wait 10\n C2 wants a person\n wait 10\n C3 wants a person\n op4 is ready\n op4 pauses",
        "
        C1 leaves
        C3 leaves
        wait 40
        C4 calls 100 from 5
        wait 40
        C4 wants a person
        C5 calls 100 from 7
        C5 wants a person
        op1 is ready
        op2 is ready
        ",
        &expect![[r#"
            C1 leaves
               20.000 CallUnanswered C1 Abandoned Waits 20000ms 20000ms 0ms
               20.000 CallEnded C1 CallerHungUp Waits 20000ms 20000ms 0ms
            C3 leaves
               20.000 CallUnanswered C3 Abandoned Waits 20000ms 0ms 0ms
               20.000 CallEnded C3 CallerHungUp Waits 20000ms 0ms 0ms
            wait 40
            C4 calls 100 from 5
               60.000 CallArrived C4 L4 100 undetermined trunk Some(…)
               60.000 LegAnswered C4 L4
            wait 40
            C4 wants a person
              100.000 DialogueEnded C4 Assistant PersonAsked true
              100.000 QueueEntered C4 consultation Assistant None до 400 Terms 0 100000ms Some(C1) None [] None
            C5 calls 100 from 7
              100.000 CallArrived C5 L5 100 undetermined trunk Some(…)
              100.000 LegAnswered C5 L5
            C5 wants a person
              100.000 DialogueEnded C5 Assistant PersonAsked true
              100.000 QueueEntered C5 consultation Assistant None до 400
            op1 is ready
              100.000 PhoneReachable op1
              100.000 OperatorSignedIn op1
              100.000 OperatorNotReady op1 SignedIn
              100.000 OperatorReady op1
              100.000 CallOffered C4 op1 единственный свободный свободен 0 с до 120
            op2 is ready
              100.000 PhoneReachable op2
              100.000 OperatorSignedIn op2
              100.000 OperatorNotReady op2 SignedIn
              100.000 OperatorReady op2
              100.000 CallOffered C2 op2 единственный свободный свободен 0 с до 120
        "#]],
    );
}
