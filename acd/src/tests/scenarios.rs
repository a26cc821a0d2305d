//! Calls from the door to the end. Each reads top-down: what people do, and what is written down.

use expect_test::{Expect, expect};

use super::{Desk, house};
use crate::{Acd, Waited};
use events::{CallId, Event, Millis, OperatorId, Timestamp, Waits};

fn plays(script: &str, expected: &Expect) {
    expected.assert_eq(&Desk::new(house()).play(script));
}

/// Plays the first part unseen, the second for the page.
fn plays_after(before: &str, script: &str, expected: &Expect) {
    let mut desk = Desk::new(house());
    desk.play(before);
    expected.assert_eq(&desk.play(script));
}

#[test]
fn a_call_from_the_door_to_the_rating() {
    plays(
        "
        op1 is ready
        wait 5
        C1 calls 100
        wait 12
        C1 is about licence
        C1 wants a person
        op1 rings with C1
        wait 3
        op1 takes C1
        op1 ticks C1
        wait 40
        op1 notes C1
        op1 hangs up C1
        wait 4
        C1 rates 5
        C1 rates 1
        C1 hears out
        wait 60
        ",
        &expect![[r#"
            op1 is ready
                0.000 PhoneReachable op1
                0.000 OperatorSignedIn op1
                0.000 OperatorNotReady op1 SignedIn
                0.000 OperatorReady op1
            wait 5
            C1 calls 100
                5.000 CallArrived C1 L1 100 undetermined trunk None
                5.000 LegAnswered C1 L1
            wait 12
            C1 is about licence
               17.000 ServiceChosen C1 licence Speech
            C1 wants a person
               17.000 DialogueEnded C1 Assistant PersonAsked true
               17.000 QueueEntered C1 consultation Assistant None до 317
               17.000 CallOffered C1 op1 единственный свободный свободен 17 с до 37
            op1 rings with C1
               17.000 OfferRinging C1 op1
            wait 3
            op1 takes C1
               20.000 OfferAccepted C1 op1
               20.000 LegsBridged C1 op1 Waits 15000ms 3000ms 3000ms
            op1 ticks C1
               20.000 ScriptStepTicked C1 op1 licence greeting true
            wait 40
            op1 notes C1
               60.000 DispositionSet C1 op1 Answered Consultation None
            op1 hangs up C1
               60.000 TalkEnded C1 op1 Operator 40000ms
               60.000 WrapUpStarted C1 op1 до 90
            wait 4
            C1 rates 5
               64.000 CallRated C1 op1 licence 5 Service 3
            C1 rates 1
                      нет: сейчас это невозможно: оценка сейчас не запрашивается
            C1 hears out
               64.000 DialogueEnded C1 Rating Finished true
               64.000 CallEnded C1 Completed Waits 15000ms 3000ms 3000ms
            wait 60
               90.000 WrapUpEnded C1 op1
               90.000 OperatorReady op1
        "#]],
    );
}

#[test]
fn the_assistant_alone_can_be_enough() {
    plays(
        "C1 calls 100\n wait 30\n C1 is content",
        &expect![[r#"
        C1 calls 100
            0.000 CallArrived C1 L1 100 undetermined trunk None
            0.000 LegAnswered C1 L1
        wait 30
        C1 is content
           30.000 DialogueEnded C1 Assistant Contained true
           30.000 CallEnded C1 Completed Waits 30000ms 0ms 0ms
    "#]],
    );
}

#[test]
fn a_line_with_one_service_knows_it_at_the_door() {
    plays(
        "C1 rings 200\n C1 connects\n C1 connects\n C1 leaves",
        &expect![[r#"
            C1 rings 200
                0.000 CallArrived C1 L1 200 support trunk None
                0.000 ServiceChosen C1 support Line
            C1 connects
                0.000 LegAnswered C1 L1
            C1 connects
            C1 leaves
                0.000 DialogueEnded C1 Assistant CallerLeft false
                0.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn who_does_not_answer_is_set_aside_and_the_caller_keeps_the_place() {
    plays_after(
        "op1 is ready\n wait 1\n op2 is ready\n wait 1\n op3 is ready
         op3 pauses\n C1 calls 100\n C2 calls 100",
        "
        C1 wants a person
        wait 1
        C2 wants a person
        op2 declines C2
        wait 19
        op3 wants calls
        op3 takes C1
        op1 answers C1
        ",
        &expect![[r#"
            C1 wants a person
                2.000 DialogueEnded C1 Assistant PersonAsked true
                2.000 QueueEntered C1 consultation Assistant None до 302
                2.000 CallOffered C1 op1 свободен дольше всех: 2 с из 2 свободных до 22
            wait 1
            C2 wants a person
                3.000 DialogueEnded C2 Assistant PersonAsked true
                3.000 QueueEntered C2 consultation Assistant None до 303
                3.000 CallOffered C2 op2 единственный свободный свободен 2 с до 23
            op2 declines C2
                3.000 OfferMissed C2 op2 Declined
                3.000 OperatorNotReady op2 Rona
            wait 19
               22.000 OfferMissed C1 op1 RingTimeout
               22.000 OperatorNotReady op1 Rona
            op3 wants calls
               22.000 OperatorReady op3
               22.000 CallOffered C1 op3 единственный свободный свободен 0 с до 42
            op3 takes C1
               22.000 OfferAccepted C1 op3
               22.000 LegsBridged C1 op3 Waits 20000ms 20000ms 0ms
            op1 answers C1
                      нет: сейчас это невозможно: звонок уже снят с вас
        "#]],
    );
}

#[test]
fn a_caller_may_leave_at_any_moment_and_costs_the_operator_nothing() {
    plays_after(
        "op1 is ready\n wait 60\n op2 is ready\n wait 60",
        "
        C1 calls 100
        C1 wants a person
        wait 2
        C1 leaves
        op1 answers C1
        C2 calls 100
        C2 wants a person
        op1 answers C2
        C2 leaves
        C3 calls 100
        C3 wants a person
        ",
        &expect![[r#"
            C1 calls 100
              120.000 CallArrived C1 L1 100 undetermined trunk None
              120.000 LegAnswered C1 L1
            C1 wants a person
              120.000 DialogueEnded C1 Assistant PersonAsked true
              120.000 QueueEntered C1 consultation Assistant None до 420
              120.000 CallOffered C1 op1 свободен дольше всех: 2 мин 0 с из 2 свободных до 140
            wait 2
            C1 leaves
              122.000 OfferMissed C1 op1 CallerLeft
              122.000 CallUnanswered C1 Abandoned Waits 2000ms 2000ms 2000ms
              122.000 CallEnded C1 CallerHungUp Waits 2000ms 2000ms 2000ms
            op1 answers C1
                      нет: звонок уже завершён
            C2 calls 100
              122.000 CallArrived C2 L2 100 undetermined trunk None
              122.000 LegAnswered C2 L2
            C2 wants a person
              122.000 DialogueEnded C2 Assistant PersonAsked true
              122.000 QueueEntered C2 consultation Assistant None до 422
              122.000 CallOffered C2 op1 свободен дольше всех: 2 мин 2 с из 2 свободных до 142
            op1 answers C2
              122.000 OfferAccepted C2 op1
            C2 leaves
              122.000 OfferMissed C2 op1 CallerLeft
              122.000 CallUnanswered C2 Abandoned Waits 0ms 0ms 0ms
              122.000 CallEnded C2 CallerHungUp Waits 0ms 0ms 0ms
            C3 calls 100
              122.000 CallArrived C3 L3 100 undetermined trunk None
              122.000 LegAnswered C3 L3
            C3 wants a person
              122.000 DialogueEnded C3 Assistant PersonAsked true
              122.000 QueueEntered C3 consultation Assistant None до 422
              122.000 CallOffered C3 op1 свободен дольше всех: 2 мин 2 с из 2 свободных до 142
        "#]],
    );
}

#[test]
fn an_answer_that_drops_before_the_bridge_is_no_answer() {
    plays_after(
        "op1 is ready\n wait 1\n op2 is ready\n C1 calls 100",
        "
        C1 wants a person
        wait 2
        op1 answers C1
        op1 answers C1
        op2 answers C1
        op1 hangs up C1
        op2 answers C1
        wait 20
        ",
        &expect![[r#"
            C1 wants a person
                1.000 DialogueEnded C1 Assistant PersonAsked true
                1.000 QueueEntered C1 consultation Assistant None до 301
                1.000 CallOffered C1 op1 свободен дольше всех: 1 с из 2 свободных до 21
            wait 2
            op1 answers C1
                3.000 OfferAccepted C1 op1
            op1 answers C1
                      нет: сейчас это невозможно: звонок уже принят
            op2 answers C1
                      нет: сейчас это невозможно: звонок уже снят с вас
            op1 hangs up C1
                3.000 OfferMissed C1 op1 AnsweredAndDropped
                3.000 OperatorNotReady op1 Rona
                3.000 CallOffered C1 op2 единственный свободный свободен 2 с до 23
            op2 answers C1
                3.000 OfferAccepted C1 op2
            wait 20
               23.000 OfferMissed C1 op2 Unreachable
               23.000 OperatorNotReady op2 Phone
        "#]],
    );
}

#[test]
fn a_caller_is_handed_to_another_operator() {
    plays_after(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n wait 60",
        "
        op1 hands C1 to op2
        op1 hands C1 to op1
        op2 is ready
        op1 hands C1 to op2
        wait 2
        op2 takes C1
        wait 30
        C1 leaves
        ",
        &expect![[r#"
            op1 hands C1 to op2
                      нет: оператор сейчас не может принять звонок
            op1 hands C1 to op1
                      нет: оператор сейчас не может принять звонок
            op2 is ready
               60.000 PhoneReachable op2
               60.000 OperatorSignedIn op2
               60.000 OperatorNotReady op2 SignedIn
               60.000 OperatorReady op2
            op1 hands C1 to op2
               60.000 CallTransferred C1 op1 Operator(op2) Blind
               60.000 TalkEnded C1 op1 Transfer 60000ms
               60.000 WrapUpStarted C1 op1 до 90
               60.000 QueueEntered C1 consultation Transfer Some(op2) до 360
               60.000 CallOffered C1 op2 перевод от оператора op1 до 80
            wait 2
            op2 takes C1
               62.000 OfferAccepted C1 op2
               62.000 LegsBridged C1 op2 Waits 0ms 0ms 0ms
            wait 30
            C1 leaves
               92.000 TalkEnded C1 op2 Caller 30000ms
               92.000 WrapUpStarted C1 op2 до 122
               92.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn a_target_that_misses_leaves_the_caller_in_the_place_of_the_first_arrival() {
    plays_after(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         wait 10\n C2 calls 100\n C2 wants a person\n op2 is ready\n op2 takes C2
         C3 calls 100\n C3 wants a person\n op3 is ready\n op3 pauses
         op3 wants calls\n op3 unreachable C3\n op3 wants calls\n op3 takes C3\n C4 calls 100
         boss is ready",
        "
        C4 wants a person
        op1 hands C1 to boss
        wait 20
        op1 notes C1
        op1 finishes
        ",
        &expect![[r#"
            C4 wants a person
               10.000 DialogueEnded C4 Assistant PersonAsked true
               10.000 QueueEntered C4 consultation Assistant None до 310
            op1 hands C1 to boss
               10.000 CallTransferred C1 op1 Operator(boss) Blind
               10.000 TalkEnded C1 op1 Transfer 10000ms
               10.000 WrapUpStarted C1 op1 до 40
               10.000 QueueEntered C1 consultation Transfer Some(boss) до 310
               10.000 CallOffered C1 boss перевод от оператора op1 до 30
            wait 20
               30.000 OfferMissed C1 boss RingTimeout
               30.000 OperatorNotReady boss Rona
            op1 notes C1
               30.000 DispositionSet C1 op1 Answered Consultation None
            op1 finishes
               30.000 WrapUpEnded C1 op1
               30.000 OperatorReady op1
               30.000 CallOffered C1 op1 единственный свободный свободен 0 с до 50
        "#]],
    );
}

#[test]
fn a_caller_is_handed_to_a_queue_and_an_answered_call_is_never_lost() {
    plays_after(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n wait 60",
        "
        op1 hands C1 to queue nowhere
        op1 hands C1 to queue support
        op4 is ready
        op4 pauses
        op1 hands C1 to queue support
        wait 300
        C1 hears out
        ",
        &expect![[r#"
            op1 hands C1 to queue nowhere
                      нет: очередь не найдена
            op1 hands C1 to queue support
                      нет: сейчас это невозможно: в этой очереди сейчас нет операторов
            op4 is ready
               60.000 PhoneReachable op4
               60.000 OperatorSignedIn op4
               60.000 OperatorNotReady op4 SignedIn
               60.000 OperatorReady op4
            op4 pauses
               60.000 OperatorNotReady op4 Lunch
            op1 hands C1 to queue support
               60.000 CallTransferred C1 op1 Queue(support) Blind
               60.000 TalkEnded C1 op1 Transfer 60000ms
               60.000 WrapUpStarted C1 op1 до 90
               60.000 QueueEntered C1 support Transfer None до 360
            wait 300
              360.000 QueueLeft C1 support Timeout
            C1 hears out
              360.000 DialogueEnded C1 Farewell Finished true
              360.000 CallEnded C1 Completed Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn a_talk_whose_operator_breaks_off_goes_back_to_the_head_of_the_queue() {
    plays_after(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n wait 60
         C2 calls 100\n C2 wants a person",
        "
        op1 breaks C1
        op2 is ready
        ",
        &expect![[r#"
            op1 breaks C1
               60.000 TalkEnded C1 op1 Failure 60000ms
               60.000 WrapUpStarted C1 op1 до 90
               60.000 QueueEntered C1 consultation Returned None до 360
            op2 is ready
               60.000 PhoneReachable op2
               60.000 OperatorSignedIn op2
               60.000 OperatorNotReady op2 SignedIn
               60.000 OperatorReady op2
               60.000 CallOffered C1 op2 единственный свободный свободен 0 с до 80
        "#]],
    );
}

#[test]
fn wrap_up_stays_until_outcome_and_need_are_stated() {
    plays_after(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n C1 leaves
         C2 calls 100\n C2 wants a person",
        "
        op1 finishes
        op1 signs out
        wait 100
        op1 corrects C1 to technopark
        op1 notes C1
        ",
        &expect![[r#"
            op1 finishes
                      нет: укажите итог разговора и потребность клиента
            op1 signs out
                      нет: сейчас это невозможно: сначала завершите обработку звонка
            wait 100
            op1 corrects C1 to technopark
              100.000 ServiceChosen C1 technopark Operator
            op1 notes C1
              100.000 DispositionSet C1 op1 Answered Consultation None
              100.000 WrapUpEnded C1 op1
              100.000 OperatorReady op1
              100.000 CallOffered C2 op1 единственный свободный свободен 0 с до 120
        "#]],
    );
}

#[test]
fn a_pause_asked_for_in_a_talk_begins_after_wrap_up() {
    plays_after(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1",
        "
        op1 pauses
        op1 pauses
        C1 leaves
        op1 notes C1
        wait 30
        op1 wants calls
        ",
        &expect![[r#"
            op1 pauses
                0.000 OperatorNotReady op1 Lunch
            op1 pauses
            C1 leaves
                0.000 TalkEnded C1 op1 Caller 0ms
                0.000 WrapUpStarted C1 op1 до 30
                0.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
            op1 notes C1
                0.000 DispositionSet C1 op1 Answered Consultation None
            wait 30
               30.000 WrapUpEnded C1 op1
               30.000 OperatorNotReady op1 Lunch
            op1 wants calls
               30.000 OperatorReady op1
        "#]],
    );
}

#[test]
fn a_phone_that_goes_takes_the_operator_along_and_brings_them_back() {
    plays_after(
        "op1 is ready\n op2 is ready\n op2 pauses\n C1 calls 100",
        "
        op1 phone down
        op1 wants calls
        C1 wants a person
        op1 phone up
        op1 phone down
        op2 phone down
        op2 phone up
        ",
        &expect![[r#"
            op1 phone down
                0.000 PhoneUnreachable op1
                0.000 OperatorNotReady op1 Phone
            op1 wants calls
                      нет: сейчас это невозможно: телефон недоступен
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300
            op1 phone up
                0.000 PhoneReachable op1
                0.000 OperatorReady op1
                0.000 CallOffered C1 op1 единственный свободный свободен 0 с до 20
            op1 phone down
                0.000 OfferMissed C1 op1 Unreachable
                0.000 OperatorNotReady op1 Phone
                0.000 PhoneUnreachable op1
            op2 phone down
                0.000 PhoneUnreachable op2
            op2 phone up
                0.000 PhoneReachable op2
        "#]],
    );
}

#[test]
fn an_operator_who_signs_out_while_it_rings_leaves_the_call_to_the_next() {
    plays_after(
        "op1 is ready\n wait 1\n op2 is ready\n C1 calls 100",
        "
        C1 wants a person
        op1 signs out
        op2 pauses
        ",
        &expect![[r#"
            C1 wants a person
                1.000 DialogueEnded C1 Assistant PersonAsked true
                1.000 QueueEntered C1 consultation Assistant None до 301
                1.000 CallOffered C1 op1 свободен дольше всех: 1 с из 2 свободных до 21
            op1 signs out
                1.000 OfferMissed C1 op1 OperatorLeft
                1.000 OperatorSignedOut op1
                1.000 CallOffered C1 op2 единственный свободный свободен 0 с до 21
            op2 pauses
                1.000 OfferMissed C1 op2 OperatorLeft
                1.000 OperatorNotReady op2 Lunch
        "#]],
    );
}

#[test]
fn who_waited_too_long_is_told_so() {
    plays_after(
        "C1 calls 100\n wait 10",
        "
        C1 wants a person
        wait 300
        C1 hears out
        ",
        &expect![[r#"
            C1 wants a person
               10.000 DialogueEnded C1 Assistant PersonAsked true
               10.000 QueueEntered C1 consultation Assistant None до 310
            wait 300
              310.000 CallUnanswered C1 Timeout Waits 310000ms 300000ms 0ms
            C1 hears out
              310.000 DialogueEnded C1 Farewell Finished true
              310.000 CallEnded C1 Completed Waits 310000ms 300000ms 0ms
        "#]],
    );
}

#[test]
fn a_full_queue_turns_away_and_says_so() {
    plays_after(
        "C1 calls 100\n C1 wants a person\n C2 calls 100\n C2 wants a person
         C3 calls 100\n C3 wants a person\n C4 calls 100",
        "
        C4 wants a person
        C4 leaves
        ",
        &expect![[r#"
            C4 wants a person
                0.000 DialogueEnded C4 Assistant PersonAsked true
                0.000 QueueEntered C4 consultation Assistant None до 300
                0.000 CallUnanswered C4 Overload Waits 0ms 0ms 0ms
            C4 leaves
                0.000 DialogueEnded C4 Farewell CallerLeft false
                0.000 CallEnded C4 CallerHungUp Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn where_nobody_is_signed_in_the_queue_may_let_go() {
    plays(
        "
        C1 calls 200
        C1 wants a person
        C1 hears out
        op4 is ready
        op4 pauses
        C2 calls 200
        C2 wants a person
        op4 signs out
        C2 breaks
        ",
        &expect![[r#"
            C1 calls 200
                0.000 CallArrived C1 L1 200 support trunk None
                0.000 ServiceChosen C1 support Line
                0.000 LegAnswered C1 L1
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 support Assistant None до 300
                0.000 CallUnanswered C1 NoOperators Waits 0ms 0ms 0ms
            C1 hears out
                0.000 DialogueEnded C1 Farewell Finished true
                0.000 CallEnded C1 Completed Waits 0ms 0ms 0ms
            op4 is ready
                0.000 PhoneReachable op4
                0.000 OperatorSignedIn op4
                0.000 OperatorNotReady op4 SignedIn
                0.000 OperatorReady op4
            op4 pauses
                0.000 OperatorNotReady op4 Lunch
            C2 calls 200
                0.000 CallArrived C2 L2 200 support trunk None
                0.000 ServiceChosen C2 support Line
                0.000 LegAnswered C2 L2
            C2 wants a person
                0.000 DialogueEnded C2 Assistant PersonAsked true
                0.000 QueueEntered C2 support Assistant None до 300
            op4 signs out
                0.000 OperatorSignedOut op4
                0.000 CallUnanswered C2 NoOperators Waits 0ms 0ms 0ms
            C2 breaks
                0.000 DialogueEnded C2 Farewell CallerLeft false
                0.000 CallEnded C2 Failure Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn a_broken_leg_is_a_failure_and_not_impatience() {
    plays_after(
        "C1 calls 100\n C2 calls 100\n C2 wants a person\n op1 is ready",
        "
        C1 breaks
        op1 takes C2
        wait 9
        C2 hold on
        C2 hold on
        C2 hold off
        C2 breaks
        ",
        &expect![[r#"
            C1 breaks
                0.000 DialogueEnded C1 Assistant CallerLeft false
                0.000 CallEnded C1 Failure Waits 0ms 0ms 0ms
            op1 takes C2
                0.000 OfferAccepted C2 op1
                0.000 LegsBridged C2 op1 Waits 0ms 0ms 0ms
            wait 9
            C2 hold on
                9.000 TalkHeld C2 op1
            C2 hold on
            C2 hold off
                9.000 TalkResumed C2 op1
            C2 breaks
                9.000 TalkEnded C2 op1 Failure 9000ms
                9.000 WrapUpStarted C2 op1 до 39
                9.000 CallEnded C2 Failure Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn a_rating_may_be_refused_in_silence_or_by_hanging_up() {
    plays_after(
        "op1 is ready\n op2 is ready\n op3 is ready
         C1 calls 100\n C1 wants a person\n op1 takes C1\n op1 hangs up C1
         C2 calls 100\n C2 wants a person\n op2 takes C2\n op2 hangs up C2
         C3 calls 100\n C3 wants a person\n op3 takes C3\n op3 hangs up C3",
        "
        C1 rates 6
        C1 leaves
        C2 says nothing
        C2 hears out
        C3 hears out
        ",
        &expect![[r#"
            C1 rates 6
                      нет: оценка должна быть от 1 до 5
            C1 leaves
                0.000 RatingSkipped C1 op1 undetermined HungUp
                0.000 DialogueEnded C1 Rating CallerLeft false
                0.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
            C2 says nothing
                0.000 RatingSkipped C2 op2 undetermined Silence
            C2 hears out
                0.000 DialogueEnded C2 Rating Finished true
                0.000 CallEnded C2 Completed Waits 0ms 0ms 0ms
            C3 hears out
                0.000 RatingSkipped C3 op3 undetermined Silence
                0.000 DialogueEnded C3 Rating Finished true
                0.000 CallEnded C3 Completed Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn a_crash_closes_every_call_with_the_waits_it_had_come_to() {
    plays_after(
        "op1 is ready\n wait 1\n op2 is ready\n wait 1\n op3 is ready\n wait 1
         C1 calls 100\n C1 wants a person\n op1 takes C1
         C2 calls 100\n C2 wants a person\n op2 takes C2\n op2 hangs up C2
         C3 calls 100\n wait 2\n C3 wants a person\n wait 3
         C4 calls 100\n C4 wants a person\n C5 calls 100\n wait 1",
        "
        crash
        op1 is ready
        ",
        &expect![[r#"
            crash
               69.000 TalkEnded C1 op1 Failure 6000ms
               69.000 CallEnded C1 ServerRestarted Waits 0ms 0ms 0ms
               69.000 RatingSkipped C2 op2 undetermined Failure
               69.000 CallEnded C2 ServerRestarted Waits 0ms 0ms 0ms
               69.000 OfferMissed C3 op3 Failure
               69.000 CallUnanswered C3 Failure Waits 6000ms 4000ms 4000ms
               69.000 CallEnded C3 ServerRestarted Waits 6000ms 4000ms 4000ms
               69.000 CallUnanswered C4 Failure Waits 1000ms 1000ms 0ms
               69.000 CallEnded C4 ServerRestarted Waits 1000ms 1000ms 0ms
               69.000 CallEnded C5 ServerRestarted Waits 1000ms 0ms 0ms
               69.000 OperatorSignedOut op1
               69.000 PhoneUnreachable op1
               69.000 WrapUpEnded C2 op2
               69.000 OperatorSignedOut op2
               69.000 PhoneUnreachable op2
               69.000 OperatorSignedOut op3
               69.000 PhoneUnreachable op3
            op1 is ready
               69.000 PhoneReachable op1
               69.000 OperatorSignedIn op1
               69.000 OperatorNotReady op1 SignedIn
               69.000 OperatorReady op1
        "#]],
    );
}

#[test]
fn without_setting_aside_the_operator_goes_to_the_end_of_the_line() {
    let mut settings = house();
    settings.not_ready_after_ring_timeout = false;
    let mut desk = Desk::new(settings);
    desk.play("op1 is ready\n wait 5\n op2 is ready\n C1 calls 100\n wait 5");
    expect![[r#"
        C1 wants a person
           10.000 DialogueEnded C1 Assistant PersonAsked true
           10.000 QueueEntered C1 consultation Assistant None до 310
           10.000 CallOffered C1 op1 свободен дольше всех: 10 с из 2 свободных до 30
        wait 45
           30.000 OfferMissed C1 op1 RingTimeout
           30.000 OperatorReady op1
           30.000 CallOffered C1 op2 свободен дольше всех: 25 с из 2 свободных до 50
           50.000 OfferMissed C1 op2 RingTimeout
           50.000 OperatorReady op2
           50.000 CallOffered C1 op1 свободен дольше всех: 20 с из 2 свободных до 70
    "#]]
    .assert_eq(&desk.play("C1 wants a person\n wait 45"));
}

#[test]
fn calls_are_served_in_the_order_they_came_over_all_queues_of_an_operator() {
    let mut desk = Desk::new(house());
    desk.play(
        "op4 is ready\n op4 pauses\n C9 calls 200\n C9 wants a person\n wait 1
         C1 calls 100\n C1 wants a person\n wait 1\n C5 calls 200\n C5 wants a person",
    );
    let mut served = Vec::new();
    desk.play("op3 is ready");
    for _ in 0..3 {
        let call = desk.acd.operator(&"op3".into()).unwrap().presence.call();
        let call = call.unwrap();
        served.push(call.0);
        desk.play(&format!(
            "op3 takes {call}\n {call} leaves\n op3 notes {call}\n op3 finishes"
        ));
    }
    assert_eq!(served, [9, 1, 5]);
}

#[test]
fn the_waits_of_a_talk_do_not_grow_with_the_second_operator() {
    let mut desk = Desk::new(house());
    desk.play(
        "op1 is ready\n C1 calls 100\n wait 7\n C1 wants a person\n wait 3\n op1 takes C1
         wait 60\n op2 is ready\n op1 hands C1 to op2\n wait 9\n op2 takes C1",
    );
    let waits = Waits {
        total_ms: Millis(10_000),
        queue_ms: Millis(3_000),
        ring_ms: Millis(3_000),
    };
    let call = desk.acd.call(CallId(1)).unwrap();
    assert_eq!(call.waited, Waited::Answered(waits));
}

#[test]
fn whoever_waits_or_works_survives_a_new_catalogue() {
    let mut desk = Desk::new(house());
    desk.play("op1 is ready\n C1 calls 100\n C1 wants a person\n C2 calls 100\n C2 wants a person");
    let mut settings = house();
    settings.queues.remove(&"consultation".into());
    let load = |desk: &mut Desk, settings: crate::Settings| {
        desk.acd.reconfigure(settings);
        let fact = Event::CatalogueLoaded(desk.acd.settings().catalogue());
        desk.acd.apply(desk.now, &fact);
        desk.journal.push((desk.now, fact));
    };
    load(&mut desk, settings.clone());
    expect![[r#"
        op1 takes C1
            0.000 OfferAccepted C1 op1
            0.000 LegsBridged C1 op1 Waits 0ms 0ms 0ms
        C1 leaves
            0.000 TalkEnded C1 op1 Caller 0ms
            0.000 WrapUpStarted C1 op1 до 60
            0.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
        op1 notes C1
            0.000 DispositionSet C1 op1 Answered Consultation None
        op1 finishes
            0.000 WrapUpEnded C1 op1
            0.000 OperatorReady op1
            0.000 CallOffered C2 op1 единственный свободный свободен 0 с до 20
    "#]]
    .assert_eq(&desk.play("op1 takes C1\n C1 leaves\n op1 notes C1\n op1 finishes"));
    desk.play("op1 takes C2\n C2 leaves\n op1 notes C2\n op1 finishes\n op1 signs out");
    load(&mut desk, settings);
    assert!(desk.acd.queue(&"consultation".into()).is_none());
    assert!(desk.acd.operator(&OperatorId::new("op1")).is_none());
}

#[test]
fn positions_are_said_in_the_order_of_arrival() {
    let mut desk = Desk::new(house());
    desk.play(
        "C3 calls 100\n C1 calls 100\n C2 calls 100
         C2 wants a person\n C3 wants a person\n C1 wants a person",
    );
    let queue = "consultation".into();
    let list = |acd: &Acd| -> Vec<(usize, CallId)> {
        acd.waiting(&queue).map(|(n, call)| (n, call.id)).collect()
    };
    let expected = [(1, CallId(2)), (2, CallId(3)), (3, CallId(1))];
    assert_eq!(list(&desk.acd), expected);
    for (position, call) in expected {
        assert_eq!(desk.acd.position(call), Some(position));
    }
    desk.play("C2 leaves");
    assert_eq!(list(&desk.acd), [(1, CallId(3)), (2, CallId(1))]);
    assert_eq!(desk.acd.position(CallId(2)), None);
}

#[test]
fn late_words_about_a_call_change_nothing() {
    let mut desk = Desk::new(house());
    desk.play("op1 is ready\n C1 calls 100\n C1 wants a person\n C1 leaves");
    let before = desk.acd.clone();
    expect![[r#"
        C1 leaves
                  нет: звонок уже завершён
        C1 wants a person
                  нет: звонок уже завершён
        C1 rates 5
                  нет: звонок уже завершён
        C1 is about licence
                  нет: звонок уже завершён
        op1 answers C1
                  нет: звонок уже завершён
        op1 hears C1
                  нет: звонок уже завершён
        op1 hangs up C1
                  нет: звонок уже завершён
        op1 declines C1
                  нет: звонок уже завершён
        op1 notes C1
                  нет: сейчас это невозможно: этот разговор уже не у вас
        op1 finishes
                  нет: сейчас это невозможно: нечего завершать
        op9 signs in
                  нет: оператор не найден
        C2 calls 300
                  нет: линия не найдена
                  нет: звонок уже завершён
        op1 hands C1 to op2
                  нет: звонок уже завершён
    "#]]
    .assert_eq(&desk.play(
        "C1 leaves\n C1 wants a person\n C1 rates 5\n C1 is about licence\n op1 answers C1
         op1 hears C1\n op1 hangs up C1\n op1 declines C1\n op1 notes C1\n op1 finishes
         op9 signs in\n C2 calls 300\n op1 hands C1 to op2",
    ));
    assert_eq!(desk.acd, before);
}

#[test]
fn an_answer_at_the_very_deadline_is_late() {
    let mut desk = Desk::new(house());
    desk.play("op1 is ready\n C1 calls 100\n C1 wants a person");
    desk.now = Timestamp::default().plus_ms(20_000);
    expect![[r#"
        op1 answers C1
           20.000 OfferMissed C1 op1 RingTimeout
           20.000 OperatorNotReady op1 Rona
                  нет: сейчас это невозможно: звонок уже снят с вас
    "#]]
    .assert_eq(&desk.play("op1 answers C1"));
}

#[test]
fn a_crash_while_a_crash_is_being_closed_lengthens_no_wait() {
    let mut desk = Desk::new(house());
    desk.play("C1 calls 100\n C2 calls 100\n C2 wants a person\n wait 7\n C1 is about licence");
    let started = |desk: &mut Desk| {
        let fact = Event::ServerStarted {
            node: 0,
            version: String::new(),
            seed: 0,
        };
        desk.acd.apply(desk.now, &fact);
        desk.journal.push((desk.now, fact));
    };
    // The last fact before the crash stands at 7 s; the first start closes one call, and dies.
    let crashed_at = desk.now;
    desk.now = desk.now.plus_ms(60_000);
    started(&mut desk);
    let recover = crate::Command::Recover { crashed_at };
    let first = desk.acd.decide(desk.now, &recover).unwrap().remove(0);
    desk.acd.apply(desk.now, &first);
    desk.journal.push((desk.now, first));
    let crashed_at = desk.now;
    desk.now = desk.now.plus_ms(60_000);
    started(&mut desk);
    desk.command(crate::Command::Recover { crashed_at })
        .unwrap();
    expect![[r#"
          127.000 CallUnanswered C2 Failure Waits 7000ms 7000ms 0ms
          127.000 CallEnded C2 ServerRestarted Waits 7000ms 7000ms 0ms
        op1 is ready
          127.000 PhoneReachable op1
          127.000 OperatorSignedIn op1
          127.000 OperatorNotReady op1 SignedIn
          127.000 OperatorReady op1
    "#]]
    .assert_eq(&desk.play("op1 is ready"));
}

#[test]
fn whoever_is_called_back_waits_like_a_caller_from_the_moment_they_want_a_person() {
    let mut desk = Desk::new(house());
    expect![[r#"
        C1 calls 100
            0.000 CallArrived C1 L1 100 undetermined trunk None
            0.000 LegAnswered C1 L1
        C1 wants a person
            0.000 DialogueEnded C1 Assistant PersonAsked true
            0.000 QueueEntered C1 consultation Assistant None до 300
        wait 5
        C9 is called back 100
            5.000 Placed(HandedOver C9 L1 100 licence trunk )
            5.000 QueueEntered C9 consultation Callback None до 305
        C9 is called back 100
                  нет: сейчас это невозможно: такой звонок уже есть
        op1 is ready
            5.000 PhoneReachable op1
            5.000 OperatorSignedIn op1
            5.000 OperatorNotReady op1 SignedIn
            5.000 OperatorReady op1
            5.000 CallOffered C1 op1 единственный свободный свободен 0 с до 25
        wait 3
        op1 takes C1
            8.000 OfferAccepted C1 op1
            8.000 LegsBridged C1 op1 Waits 8000ms 8000ms 3000ms
        op2 is ready
            8.000 PhoneReachable op2
            8.000 OperatorSignedIn op2
            8.000 OperatorNotReady op2 SignedIn
            8.000 OperatorReady op2
            8.000 CallOffered C9 op2 единственный свободный свободен 0 с до 28
        wait 2
        op2 takes C9
           10.000 OfferAccepted C9 op2
           10.000 LegsBridged C9 op2 Waits 5000ms 5000ms 2000ms
        op2 hangs up C9
           10.000 TalkEnded C9 op2 Operator 0ms
           10.000 WrapUpStarted C9 op2 до 40
        C9 rates 5
           10.000 CallRated C9 op2 licence 5 Service 3
        C9 hears out
           10.000 DialogueEnded C9 Rating Finished true
           10.000 CallEnded C9 Completed Waits 5000ms 5000ms 2000ms
    "#]]
    .assert_eq(&desk.play(
        "C1 calls 100\n C1 wants a person\n wait 5\n C9 is called back 100\n C9 is called back 100
         op1 is ready\n wait 3\n op1 takes C1\n op2 is ready\n wait 2\n op2 takes C9
         op2 hangs up C9\n C9 rates 5\n C9 hears out",
    ));
}

#[test]
fn placed_calls_that_reach_no_queue_are_no_calls_of_ours() {
    let mut desk = Desk::new(house());
    let before = desk.acd.clone();
    let call = CallId(7);
    for fact in [
        events::PlacedEvent::Answered { call },
        events::PlacedEvent::Ended {
            call,
            outcome: events::PlacedOutcome::Completed,
        },
    ] {
        desk.acd.apply(desk.now, &Event::Placed(fact));
    }
    assert_eq!(desk.acd.counts(), before.counts());
    assert!(desk.acd.conservation().holds());
}

#[test]
fn a_crash_while_a_rung_caller_is_leaving_loses_no_ring() {
    let mut desk = Desk::new(house());
    desk.play("C1 calls 100\n C1 wants a person\n wait 4\n op1 is ready\n wait 3");
    let leaves = crate::Command::CallerGone {
        call: CallId(1),
        cause: events::EndCause::CallerHungUp,
    };
    // Of the turn in which the caller hangs up, the disk has the first fact.
    let crashed_at = desk.now;
    let first = desk.acd.decide(desk.now, &leaves).unwrap().remove(0);
    desk.acd.apply(desk.now, &first);
    desk.journal.push((desk.now, first));
    desk.now = desk.now.plus_ms(60_000);
    desk.command(crate::Command::Recover { crashed_at })
        .unwrap();
    let ring = desk.journal.iter().find_map(|(_, fact)| {
        if let Event::CallUnanswered { waits, .. } = fact {
            Some(waits.ring_ms)
        } else {
            None
        }
    });
    assert_eq!(ring, Some(Millis(3_000)));
}
