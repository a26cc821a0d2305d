//! Consultations, attended transfers, conferences and numbers outside.

use expect_test::{Expect, expect};

use super::{Desk, house};

/// op1 talks with C1, op2 is free; what led there is not told.
fn plays(script: &str, expected: &Expect) {
    let mut desk = Desk::new(house());
    desk.play(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n op2 is ready\n wait 10",
    );
    expected.assert_eq(&desk.play(script));
}

#[test]
fn an_attended_transfer() {
    plays(
        "op1 consults op2 on C1\n wait 3\n op2 answers C1\n wait 7\n op1 swaps on C1\n op1 swaps on C1
         op1 connects C1\n wait 20\n op2 hangs up C1\n C1 rates 5",
        &expect![[r#"
            op1 consults op2 on C1
               10.000 TalkHeld C1 op1
               10.000 Consultation(Started C1 op1 Operator(op2) Some(op2) до 30 )
            wait 3
            op2 answers C1
               13.000 Consultation(Answered C1 op1 Some(op2) )
            wait 7
            op1 swaps on C1
               20.000 TalkResumed C1 op1
               20.000 Consultation(Swapped C1 op1 true )
            op1 swaps on C1
               20.000 TalkHeld C1 op1
               20.000 Consultation(Swapped C1 op1 false )
            op1 connects C1
               20.000 CallTransferred C1 op1 Operator(op2) Attended
               20.000 Consultation(Ended C1 op1 Some(op2) Transferred 7000ms )
               20.000 TalkEnded C1 op1 Transfer 20000ms
               20.000 WrapUpStarted C1 op1 до 50
               20.000 LegsBridged C1 op2 Waits 0ms 0ms 0ms
            wait 20
            op2 hangs up C1
               40.000 TalkEnded C1 op2 Operator 20000ms
               40.000 WrapUpStarted C1 op2 до 70
            C1 rates 5
               40.000 CallRated C1 op2 undetermined 5 Service none
        "#]],
    );
}

#[test]
fn the_operator_returns_to_the_caller() {
    plays(
        "op1 consults op2 on C1\n op2 answers C1\n op2 pauses\n wait 5\n op1 returns to C1\n op1 returns to C1",
        &expect![[r#"
            op1 consults op2 on C1
               10.000 TalkHeld C1 op1
               10.000 Consultation(Started C1 op1 Operator(op2) Some(op2) до 30 )
            op2 answers C1
               10.000 Consultation(Answered C1 op1 Some(op2) )
            op2 pauses
               10.000 OperatorNotReady op2 Lunch
            wait 5
            op1 returns to C1
               15.000 Consultation(Ended C1 op1 Some(op2) Cancelled 5000ms )
               15.000 OperatorNotReady op2 Lunch
               15.000 TalkResumed C1 op1
            op1 returns to C1
                      нет: сейчас это невозможно: консультация не идёт
        "#]],
    );
}

#[test]
fn a_consulted_who_does_not_answer_is_not_rung_again() {
    plays(
        "op1 consults queue consultation on C1\n wait 25",
        &expect![[r#"
        op1 consults queue consultation on C1
           10.000 TalkHeld C1 op1
           10.000 Consultation(Started C1 op1 Queue(consultation) Some(op2) до 30 )
        wait 25
           30.000 Consultation(Ended C1 op1 Some(op2) NoAnswer 0ms )
           30.000 OperatorNotReady op2 Rona
           30.000 TalkResumed C1 op1
    "#]],
    );
}

#[test]
fn a_conference_that_the_operator_leaves() {
    plays(
        "op1 consults op2 on C1\n op1 connects C1\n op2 answers C1\n op1 joins C1\n wait 30\n op1 hangs up C1
         op2 hangs up C1",
        &expect![[r#"
            op1 consults op2 on C1
               10.000 TalkHeld C1 op1
               10.000 Consultation(Started C1 op1 Operator(op2) Some(op2) до 30 )
            op1 connects C1
                      нет: сейчас это невозможно: собеседник ещё не ответил
            op2 answers C1
               10.000 Consultation(Answered C1 op1 Some(op2) )
            op1 joins C1
               10.000 TalkResumed C1 op1
               10.000 Consultation(ConferenceStarted C1 op1 )
            wait 30
            op1 hangs up C1
               40.000 CallTransferred C1 op1 Operator(op2) Conference
               40.000 Consultation(Ended C1 op1 Some(op2) Transferred 30000ms )
               40.000 TalkEnded C1 op1 Transfer 40000ms
               40.000 WrapUpStarted C1 op1 до 70
               40.000 LegsBridged C1 op2 Waits 0ms 0ms 0ms
            op2 hangs up C1
               40.000 TalkEnded C1 op2 Operator 0ms
               40.000 WrapUpStarted C1 op2 до 70
        "#]],
    );
}

#[test]
fn a_caller_who_hangs_up_frees_the_consulted() {
    plays(
        "op1 consults op2 on C1\n op2 answers C1\n C1 leaves",
        &expect![[r#"
        op1 consults op2 on C1
           10.000 TalkHeld C1 op1
           10.000 Consultation(Started C1 op1 Operator(op2) Some(op2) до 30 )
        op2 answers C1
           10.000 Consultation(Answered C1 op1 Some(op2) )
        C1 leaves
           10.000 Consultation(Ended C1 op1 Some(op2) CallerLeft 0ms )
           10.000 TalkEnded C1 op1 Caller 10000ms
           10.000 WrapUpStarted C1 op1 до 40
           10.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
    "#]],
    );
}

#[test]
fn an_operator_whose_phone_breaks_leaves_nobody_on_hold() {
    plays(
        "op1 consults op2 on C1\n op2 answers C1\n wait 5\n op1 breaks C1",
        &expect![[r#"
        op1 consults op2 on C1
           10.000 TalkHeld C1 op1
           10.000 Consultation(Started C1 op1 Operator(op2) Some(op2) до 30 )
        op2 answers C1
           10.000 Consultation(Answered C1 op1 Some(op2) )
        wait 5
        op1 breaks C1
           15.000 Consultation(Ended C1 op1 Some(op2) OperatorLeft 5000ms )
           15.000 TalkEnded C1 op1 Failure 15000ms
           15.000 WrapUpStarted C1 op1 до 45
           15.000 QueueEntered C1 consultation Returned None до 315
           15.000 CallOffered C1 op2 единственный свободный свободен 0 с до 35
    "#]],
    );
}

#[test]
fn a_restart_in_a_consultation() {
    plays(
        "op1 consults op2 on C1\n op2 answers C1\n wait 5\n crash",
        &expect![[r#"
        op1 consults op2 on C1
           10.000 TalkHeld C1 op1
           10.000 Consultation(Started C1 op1 Operator(op2) Some(op2) до 30 )
        op2 answers C1
           10.000 Consultation(Answered C1 op1 Some(op2) )
        wait 5
        crash
           75.000 Consultation(Ended C1 op1 Some(op2) Failure 5000ms )
           75.000 TalkEnded C1 op1 Failure 15000ms
           75.000 CallEnded C1 ServerRestarted Waits 0ms 0ms 0ms
           75.000 OperatorSignedOut op1
           75.000 PhoneUnreachable op1
           75.000 OperatorSignedOut op2
           75.000 PhoneUnreachable op2
    "#]],
    );
}

#[test]
fn a_number_outside_takes_the_caller() {
    plays(
        "op1 hands C1 to number 5\n wait 8\n outside answers C1\n wait 60\n outside leaves C1",
        &expect![[r#"
            op1 hands C1 to number 5
               10.000 TalkEnded C1 op1 Transfer 10000ms
               10.000 WrapUpStarted C1 op1 до 40
               10.000 Outside(Dialled C1 op1 … до 55 )
            wait 8
            outside answers C1
               18.000 CallTransferred C1 op1 Outside(…) Outside
               18.000 Outside(Joined C1 op1 … )
            wait 60
            outside leaves C1
               78.000 Outside(Ended C1 Transfer 60000ms )
               78.000 CallEnded C1 Completed Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn a_number_outside_that_does_not_answer_gives_the_caller_back_to_the_queue() {
    plays(
        "op1 hands C1 to number 5\n wait 50",
        &expect![[r#"
        op1 hands C1 to number 5
           10.000 TalkEnded C1 op1 Transfer 10000ms
           10.000 WrapUpStarted C1 op1 до 40
           10.000 Outside(Dialled C1 op1 … до 55 )
        wait 50
           55.000 Outside(Missed C1 NoAnswer )
           55.000 QueueEntered C1 consultation Returned None до 355
           55.000 CallOffered C1 op2 единственный свободный свободен 55 с до 75
    "#]],
    );
}

#[test]
fn a_number_outside_is_consulted_and_takes_the_caller() {
    plays(
        "op1 consults number 5 on C1\n outside answers C1\n op1 connects C1\n wait 9\n C1 leaves",
        &expect![[r#"
            op1 consults number 5 on C1
               10.000 TalkHeld C1 op1
               10.000 Consultation(Started C1 op1 Outside(…) None до 55 )
            outside answers C1
               10.000 Consultation(Answered C1 op1 None )
            op1 connects C1
               10.000 CallTransferred C1 op1 Outside(…) Outside
               10.000 Consultation(Ended C1 op1 None Transferred 0ms )
               10.000 TalkEnded C1 op1 Transfer 10000ms
               10.000 WrapUpStarted C1 op1 до 40
               10.000 Outside(Joined C1 op1 … )
            wait 9
            C1 leaves
               19.000 Outside(Ended C1 Caller 9000ms )
               19.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
        "#]],
    );
}

#[test]
fn what_is_asked_at_the_same_time_is_refused() {
    plays(
        "op2 swaps on C1\n op1 swaps on C1\n op1 consults op1 on C1\n op1 consults op9 on C1
         op1 consults queue support on C1\n op1 consults op2 on C1\n op1 hands C1 to op2
         op1 consults op2 on C1\n C1 hold on\n op2 answers C1\n op2 answers C1\n op2 connects C1
         op2 notes C1\n op2 signs out\n op2 hands C1 to queue consultation",
        &expect![[r#"
            op2 swaps on C1
                      нет: сейчас это невозможно: вы не говорите с этим клиентом
            op1 swaps on C1
                      нет: сейчас это невозможно: консультация не идёт
            op1 consults op1 on C1
                      нет: оператор сейчас не может принять звонок
            op1 consults op9 on C1
                      нет: оператор не найден
            op1 consults queue support on C1
                      нет: сейчас это невозможно: в этой очереди сейчас никто не свободен
            op1 consults op2 on C1
               10.000 TalkHeld C1 op1
               10.000 Consultation(Started C1 op1 Operator(op2) Some(op2) до 30 )
            op1 hands C1 to op2
                      нет: сейчас это невозможно: сначала завершите консультацию
            op1 consults op2 on C1
                      нет: сейчас это невозможно: сначала завершите консультацию
            C1 hold on
                      нет: сейчас это невозможно: сначала завершите консультацию
            op2 answers C1
               10.000 Consultation(Answered C1 op1 Some(op2) )
            op2 answers C1
                      нет: сейчас это невозможно: звонок уже принят
            op2 connects C1
                      нет: сейчас это невозможно: вы не говорите с этим клиентом
            op2 notes C1
                      нет: сейчас это невозможно: этот разговор уже не у вас
            op2 signs out
                      нет: сейчас это невозможно: сначала завершите разговор
            op2 hands C1 to queue consultation
                      нет: сейчас это невозможно: вы не говорите с этим клиентом
        "#]],
    );
}
