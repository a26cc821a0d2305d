//! Places that are kept for callers who need not wait on the line.

use events::Millis;
use expect_test::{Expect, expect};

use super::{Desk, house};

/// Everybody busy: op1 talks with C1, C2 and C3 wait, and C2 wants to be called.
const BUSY: &str = "
    op1 is ready
    C1 calls 100
    C1 wants a person
    op1 takes C1
    wait 10
    C2 calls 100 from 5
    C2 wants a person
    wait 10
    C3 calls 100
    C3 wants a person
    wait 10
    C2 leaves the place to K2
    C2 is content
    ";

fn plays(holds_operator: bool, script: &str, expected: &Expect) -> Desk {
    let mut settings = house();
    for queue in settings.queues.values_mut() {
        queue.callback_norm = Some(Millis::from_s(60));
        queue.callback_holds_operator = holds_operator;
    }
    let mut desk = Desk::new(settings);
    desk.play(BUSY);
    expected.assert_eq(&desk.play(script));
    desk
}

#[test]
fn a_place_is_kept_and_the_operator_held_until_its_caller_is_reached() {
    let desk = plays(
        true,
        "
        C3 asks how long
        K2 is dialled as C8
        op1 hangs up C1
        op1 notes C1
        op1 finishes
        K2 is dialled as C8
        wait 10
        C8 answers as K2
        op1 takes C8
        K2 is settled
        ",
        &expect![[r#"
            C3 asks how long
               30.000 WaitEstimated C3 consultation 2 Some(WaitRange 420000ms Some(1200000ms) )
            K2 is dialled as C8
                      нет: ещё не его очередь
            op1 hangs up C1
               30.000 TalkEnded C1 op1 Operator 30000ms
               30.000 WrapUpStarted C1 op1 до 60
            op1 notes C1
               30.000 DispositionSet C1 op1 Answered Consultation None
            op1 finishes
               30.000 WrapUpEnded C1 op1
               30.000 OperatorReady op1
            K2 is dialled as C8
               30.000 Placed(Dialled C8 L8 trunk 100 licence … Callback None Some(K2) )
            wait 10
            C8 answers as K2
               40.000 Placed(HandedOver C8 L1 100 licence trunk )
               40.000 QueueEntered C8 consultation Callback None до 340 Terms 0 30000ms None Some(K2) None [] None
               40.000 CallOffered C8 op1 единственный свободный свободен 10 с до 60
            op1 takes C8
               40.000 OfferAccepted C8 op1
               40.000 LegsBridged C8 op1 Waits 0ms 0ms 0ms
            K2 is settled
               40.000 Case(CallbackEnded K2 Connected )
        "#]],
    );
    assert_eq!(desk.acd.kept_places().count(), 0);
    assert!(desk.acd.conservation().holds());
}

#[test]
fn called_ahead_they_come_first_when_they_answer() {
    plays(
        false,
        "
        K2 is dialled as C8
        op1 hangs up C1
        K2 is dialled as C8
        op1 notes C1
        C8 answers as K2
        op1 finishes
        op1 takes C8
        ",
        &expect![[r#"
            K2 is dialled as C8
                      нет: ещё не его очередь
            op1 hangs up C1
               30.000 TalkEnded C1 op1 Operator 30000ms
               30.000 WrapUpStarted C1 op1 до 60
            K2 is dialled as C8
               30.000 Placed(Dialled C8 L8 trunk 100 licence … Callback None Some(K2) )
            op1 notes C1
               30.000 DispositionSet C1 op1 Answered Consultation None
            C8 answers as K2
               30.000 Placed(HandedOver C8 L1 100 licence trunk )
               30.000 QueueEntered C8 consultation Callback None до 330 Terms 0 20000ms None Some(K2) None [] None
            op1 finishes
               30.000 WrapUpEnded C1 op1
               30.000 OperatorReady op1
               30.000 CallOffered C8 op1 единственный свободный свободен 0 с до 50
            op1 takes C8
               30.000 OfferAccepted C8 op1
               30.000 LegsBridged C8 op1 Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn who_is_not_reached_keeps_the_place_and_nobody_is_held_for_them() {
    plays(
        true,
        "
        op1 hangs up C1
        op1 notes C1
        op1 finishes
        K2 is dialled as C8
        C8 rings out
        op1 takes C3
        crash
        op1 is ready
        K2 is dialled as C9
        C9 answers as K2
        ",
        &expect![[r#"
            op1 hangs up C1
               30.000 TalkEnded C1 op1 Operator 30000ms
               30.000 WrapUpStarted C1 op1 до 60
            op1 notes C1
               30.000 DispositionSet C1 op1 Answered Consultation None
            op1 finishes
               30.000 WrapUpEnded C1 op1
               30.000 OperatorReady op1
            K2 is dialled as C8
               30.000 Placed(Dialled C8 L8 trunk 100 licence … Callback None Some(K2) )
            C8 rings out
               30.000 Placed(Ended C8 NoAnswer )
               30.000 CallOffered C3 op1 единственный свободный свободен 0 с до 50
            op1 takes C3
               30.000 OfferAccepted C3 op1
               30.000 LegsBridged C3 op1 Waits 10000ms 10000ms 0ms
            crash
               90.000 RatingSkipped C1 op1 undetermined Failure
               90.000 CallEnded C1 ServerRestarted Waits 0ms 0ms 0ms
               90.000 TalkEnded C3 op1 Failure 0ms
               90.000 CallEnded C3 ServerRestarted Waits 10000ms 10000ms 0ms
               90.000 OperatorSignedOut op1
               90.000 PhoneUnreachable op1
            op1 is ready
               90.000 PhoneReachable op1
               90.000 OperatorSignedIn op1
               90.000 OperatorNotReady op1 SignedIn
               90.000 OperatorReady op1
            K2 is dialled as C9
               90.000 Placed(Dialled C9 L9 trunk 100 licence … Callback None Some(K2) )
            C9 answers as K2
               90.000 Placed(HandedOver C9 L1 100 licence trunk )
               90.000 QueueEntered C9 consultation Callback None до 390 Terms 0 80000ms None Some(K2) None [] None
               90.000 CallOffered C9 op1 единственный свободный свободен 0 с до 110
        "#]],
    );
}

#[test]
fn who_calls_again_has_the_place_and_is_not_called_as_well() {
    plays(
        true,
        "
        C4 calls 100 from 5
        C4 wants a person
        op1 hangs up C1
        op1 notes C1
        op1 finishes
        K2 is dialled as C8
        op1 takes C4
        K2 is settled
        K2 is dialled as C9
        ",
        &expect![[r#"
            C4 calls 100 from 5
               30.000 CallArrived C4 L4 100 undetermined trunk Some(…)
               30.000 LegAnswered C4 L4
            C4 wants a person
               30.000 DialogueEnded C4 Assistant PersonAsked true
               30.000 QueueEntered C4 consultation Assistant None до 330 Terms 0 20000ms None Some(K2) None [] None
            op1 hangs up C1
               30.000 TalkEnded C1 op1 Operator 30000ms
               30.000 WrapUpStarted C1 op1 до 60
            op1 notes C1
               30.000 DispositionSet C1 op1 Answered Consultation None
            op1 finishes
               30.000 WrapUpEnded C1 op1
               30.000 OperatorReady op1
               30.000 CallOffered C4 op1 единственный свободный свободен 0 с до 50
            K2 is dialled as C8
                      нет: ещё не его очередь
            op1 takes C4
               30.000 OfferAccepted C4 op1
               30.000 LegsBridged C4 op1 Waits 0ms 0ms 0ms
            K2 is settled
               30.000 Case(CallbackEnded K2 Connected )
            K2 is dialled as C9
                      нет: ещё не его очередь
        "#]],
    );
}

#[test]
fn a_place_is_left_by_those_only_who_wait_for_their_first_operator() {
    plays(
        false,
        "
        C9 leaves the place to K9
        C1 leaves the place to K1
        op1 hands C1 to queue consultation
        C1 leaves the place to K1
        op2 is ready
        C1 leaves the place to K1
        ",
        &expect![[r#"
            C9 leaves the place to K9
                      нет: звонок уже завершён
            C1 leaves the place to K1
                      нет: сейчас это невозможно: клиент не ждёт первого сотрудника
            op1 hands C1 to queue consultation
               30.000 CallTransferred C1 op1 Queue(consultation) Blind
               30.000 TalkEnded C1 op1 Transfer 30000ms
               30.000 WrapUpStarted C1 op1 до 60
               30.000 QueueEntered C1 consultation Transfer None до 330
            C1 leaves the place to K1
                      нет: сейчас это невозможно: клиент не ждёт первого сотрудника
            op2 is ready
               30.000 PhoneReachable op2
               30.000 OperatorSignedIn op2
               30.000 OperatorNotReady op2 SignedIn
               30.000 OperatorReady op2
               30.000 CallOffered C1 op2 единственный свободный свободен 0 с до 50
            C1 leaves the place to K1
                      нет: сейчас это невозможно: клиент не ждёт первого сотрудника
        "#]],
    );
}
