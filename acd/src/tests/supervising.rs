//! Supervisors in others' talks.

use expect_test::{Expect, expect};

use super::{Desk, house};

fn plays(before: &str, script: &str, expected: &Expect) -> Desk {
    let mut desk = Desk::new(house());
    desk.play(before);
    expected.assert_eq(&desk.play(script));
    desk
}

const TALK: &str = "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n boss phone up";

#[test]
fn a_supervisor_listens_whispers_and_talks_with_both_and_leaves() {
    plays(
        TALK,
        "
        boss listens in C1
        boss listens in C1
        wait 5
        boss whispers in C1
        boss barges in C1
        wait 5
        boss leaves the talk
        boss leaves the talk
        boss listens in C1
        boss drops the talk
        ",
        &expect![[r#"
            boss listens in C1
                0.000 Supervision(Started C1 op1 boss Listen )
            boss listens in C1
            wait 5
            boss whispers in C1
                5.000 Supervision(Changed C1 boss Whisper )
            boss barges in C1
                5.000 Supervision(Changed C1 boss Barge )
            wait 5
            boss leaves the talk
               10.000 Supervision(Ended C1 boss Left 10000ms )
            boss leaves the talk
                      нет: сейчас это невозможно: вы не подключены к разговору
            boss listens in C1
               10.000 Supervision(Started C1 op1 boss Listen )
            boss drops the talk
               10.000 Supervision(Ended C1 boss Failure 0ms )
        "#]],
    );
}

#[test]
fn who_may_not_and_when_not() {
    plays(
        &format!("{TALK}\n op2 is ready\n C2 calls 100\n C2 wants a person\n op2 takes C2"),
        "
        op2 listens in C1
        boss listens in C9
        boss phone down
        boss listens in C1
        boss phone up
        op3 is ready
        op3 listens in C1
        op3 pauses
        op3 listens in C1
        op3 wants calls
        boss listens in C1
        op3 listens in C2
        op3 leaves the talk
        op3 wants calls
        ",
        &expect![[r#"
            op2 listens in C1
                      нет: сейчас это невозможно: это может только старший смены
            boss listens in C9
                      нет: звонок уже завершён
            boss phone down
                0.000 PhoneUnreachable boss
            boss listens in C1
                      нет: сейчас это невозможно: ваш телефон не на связи
            boss phone up
                0.000 PhoneReachable boss
            op3 is ready
                0.000 PhoneReachable op3
                0.000 OperatorSignedIn op3
                0.000 OperatorNotReady op3 SignedIn
                0.000 OperatorReady op3
            op3 listens in C1
                      нет: сейчас это невозможно: сначала уйдите на паузу
            op3 pauses
                0.000 OperatorNotReady op3 Lunch
            op3 listens in C1
                0.000 Supervision(Started C1 op1 op3 Listen )
            op3 wants calls
                      нет: сейчас это невозможно: сначала выйдите из чужого разговора
            boss listens in C1
                      нет: сейчас это невозможно: к разговору уже подключён старший
            op3 listens in C2
                      нет: сейчас это невозможно: вы подключены к другому разговору: сначала выйдите из него
            op3 leaves the talk
                0.000 Supervision(Ended C1 op3 Left 0ms )
            op3 wants calls
                0.000 OperatorReady op3
        "#]],
    );
}

#[test]
fn nobody_with_a_call_of_their_own() {
    plays(
        &format!("{TALK}\n op3 is ready"),
        "
        C3 calls 100
        C3 wants a person
        op3 takes C3
        op3 listens in C1
        op3 listens in C3
        boss listens in C3
        C3 leaves
        boss listens in C3
        ",
        &expect![[r#"
            C3 calls 100
                0.000 CallArrived C3 L3 100 undetermined trunk None
                0.000 LegAnswered C3 L3
            C3 wants a person
                0.000 DialogueEnded C3 Assistant PersonAsked true
                0.000 QueueEntered C3 consultation Assistant None до 300
                0.000 CallOffered C3 op3 единственный свободный свободен 0 с до 20
            op3 takes C3
                0.000 OfferAccepted C3 op3
                0.000 LegsBridged C3 op3 Waits 0ms 0ms 0ms
            op3 listens in C1
                      нет: сейчас это невозможно: сначала закончите свой звонок
            op3 listens in C3
                      нет: сейчас это невозможно: это ваш собственный разговор
            boss listens in C3
                0.000 Supervision(Started C3 op3 boss Listen )
            C3 leaves
                0.000 Supervision(Ended C3 boss TalkOver 0ms )
                0.000 TalkEnded C3 op3 Caller 0ms
                0.000 WrapUpStarted C3 op3 до 30
                0.000 CallEnded C3 CallerHungUp Waits 0ms 0ms 0ms
            boss listens in C3
                      нет: звонок уже завершён
        "#]],
    );
}

#[test]
fn it_ends_with_the_talk_however_that_ends() {
    for end in [
        "C1 leaves",
        "op1 hangs up C1",
        "op1 breaks C1",
        "op1 hands C1 to queue consultation",
    ] {
        let mut desk = Desk::new(house());
        desk.play(TALK);
        desk.play("boss whispers in C1\n wait 7");
        let told = desk.play(end);
        let why = if end.contains("breaks") {
            "Failure"
        } else {
            "TalkOver"
        };
        let ended = told.find(&format!("Ended C1 boss {why} 7000ms"));
        let talk = told.find("TalkEnded C1");
        assert!(ended.is_some() && ended < talk, "{told}");
        assert_eq!(desk.acd.supervision(&"boss".into()), None);
    }
}

#[test]
fn a_crash_ends_it_when_the_talk_did() {
    plays(
        TALK,
        "
        boss barges in C1
        wait 3
        crash
        ",
        &expect![[r#"
            boss barges in C1
                0.000 Supervision(Started C1 op1 boss Barge )
            wait 3
            crash
               63.000 Supervision(Ended C1 boss Failure 3000ms )
               63.000 TalkEnded C1 op1 Failure 3000ms
               63.000 CallEnded C1 ServerRestarted Waits 0ms 0ms 0ms
               63.000 PhoneUnreachable boss
               63.000 OperatorSignedOut op1
               63.000 PhoneUnreachable op1
        "#]],
    );
}
