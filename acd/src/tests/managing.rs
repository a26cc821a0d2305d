//! What supervisors change is stated with their name, and holds.

use expect_test::{Expect, expect};

use super::{Desk, house};

fn plays(script: &str, expected: &Expect) -> Desk {
    let mut desk = Desk::new(house());
    desk.play("op1 is ready\n op2 is ready");
    expected.assert_eq(&desk.play(script));
    desk
}

#[test]
fn a_state_set_by_a_supervisor_follows_the_operators_own_rules() {
    plays(
        "
        boss sets op1 lunch
        boss sets op1 rona
        boss sets op1 ready
        boss sets op1 ready
        C1 calls 100
        C1 wants a person
        op1 takes C1
        boss sets op1 out
        boss sets op1 lunch
        boss sets op9 ready
        ",
        &expect![[r#"
            boss sets op1 lunch
                0.000 Administered Some(boss) StateChanged op1 NotReady(Lunch)
                0.000 OperatorNotReady op1 Lunch
            boss sets op1 rona
                      нет: сейчас это невозможно: эту причину ставит система
            boss sets op1 ready
                0.000 Administered Some(boss) StateChanged op1 Ready
                0.000 OperatorReady op1
            boss sets op1 ready
            C1 calls 100
                0.000 CallArrived C1 L1 100 undetermined trunk None
                0.000 LegAnswered C1 L1
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300
                0.000 CallOffered C1 op1 свободен дольше всех: 0 с из 2 свободных до 20
            op1 takes C1
                0.000 OfferAccepted C1 op1
                0.000 LegsBridged C1 op1 Waits 0ms 0ms 0ms
            boss sets op1 out
                      нет: сейчас это невозможно: сначала завершите разговор
            boss sets op1 lunch
                0.000 Administered Some(boss) StateChanged op1 NotReady(Lunch)
                0.000 OperatorNotReady op1 Lunch
            boss sets op9 ready
                      нет: оператор не найден
        "#]],
    );
}

#[test]
fn skills_and_strategies_changed_by_a_supervisor_hold_over_a_restart() {
    let mut desk = plays(
        "
        boss teaches op1 metal 7
        boss teaches op1 metal 7
        boss teaches op1 metal 10
        boss lets consultation choose linear
        boss lets consultation choose linear
        boss lets nothing choose linear
        crash
        ",
        &expect![[r#"
            boss teaches op1 metal 7
                0.000 Administered Some(boss) SkillsChanged op1 [SkillLevel metal 7 ]
            boss teaches op1 metal 7
            boss teaches op1 metal 10
                      нет: сейчас это невозможно: уровни навыков — от 1 до 9, каждый навык один раз
            boss lets consultation choose linear
                0.000 Administered Some(boss) StrategyChanged consultation Linear
            boss lets consultation choose linear
            boss lets nothing choose linear
                      нет: очередь не найдена
            crash
               60.000 OperatorSignedOut op1
               60.000 PhoneUnreachable op1
               60.000 OperatorSignedOut op2
               60.000 PhoneUnreachable op2
        "#]],
    );
    let catalogue = desk.acd.settings().catalogue();
    desk.acd
        .apply(desk.now, &events::Event::CatalogueLoaded(catalogue));
    let operator = desk.acd.operator(&"op1".into()).unwrap();
    assert_eq!(operator.level(&"metal".into()), 7);
    desk.play("op3 is ready\n wait 10\n op2 is ready\n wait 10\n op1 is ready");
    let told = desk.play("C1 calls 100\n C1 wants a person");
    assert!(
        told.contains("CallOffered C1 op1"),
        "the first in the list: {told}"
    );
}

#[test]
fn a_caller_who_waits_is_moved_and_keeps_the_place() {
    plays(
        "
        op1 pauses
        op2 pauses
        op4 is ready
        op4 pauses
        C1 calls 100
        C1 wants a person
        wait 10
        C2 calls 100
        C2 wants a person
        boss moves C2 to front
        boss moves C2 to front
        boss moves C1 to queue consultation
        boss moves C1 to queue support
        boss moves C1 to queue nothing
        boss moves C1 to op1
        boss sets op1 ready
        boss moves C2 to queue support
        ",
        &expect![[r#"
            op1 pauses
                0.000 OperatorNotReady op1 Lunch
            op2 pauses
                0.000 OperatorNotReady op2 Lunch
            op4 is ready
                0.000 PhoneReachable op4
                0.000 OperatorSignedIn op4
                0.000 OperatorNotReady op4 SignedIn
                0.000 OperatorReady op4
            op4 pauses
                0.000 OperatorNotReady op4 Lunch
            C1 calls 100
                0.000 CallArrived C1 L1 100 undetermined trunk None
                0.000 LegAnswered C1 L1
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300
            wait 10
            C2 calls 100
               10.000 CallArrived C2 L2 100 undetermined trunk None
               10.000 LegAnswered C2 L2
            C2 wants a person
               10.000 DialogueEnded C2 Assistant PersonAsked true
               10.000 QueueEntered C2 consultation Assistant None до 310
            boss moves C2 to front
               10.000 Administered Some(boss) CallMoved C2 Front 10001ms
            boss moves C2 to front
            boss moves C1 to queue consultation
            boss moves C1 to queue support
               10.000 Administered Some(boss) CallMoved C1 Queue(support) 0ms
               10.000 QueueEntered C1 support Moved None до 310
            boss moves C1 to queue nothing
                      нет: очередь не найдена
            boss moves C1 to op1
                      нет: оператор сейчас не может принять звонок
            boss sets op1 ready
               10.000 Administered Some(boss) StateChanged op1 Ready
               10.000 OperatorReady op1
               10.000 CallOffered C2 op1 единственный свободный свободен 0 с до 30
            boss moves C2 to queue support
               10.000 Administered Some(boss) CallMoved C2 Queue(support) 0ms
               10.000 OfferMissed C2 op1 CallerLeft
               10.000 QueueEntered C2 support Moved None до 310
        "#]],
    );
}

#[test]
fn a_caller_who_talks_is_moved_and_the_operator_goes_on_to_after_call_work() {
    plays(
        "
        C1 calls 100
        C1 wants a person
        op1 takes C1
        wait 30
        boss moves C1 to op2
        op2 declines C1
        wait 60
        C1 leaves
        boss moves C1 to op2
        ",
        &expect![[r#"
            C1 calls 100
                0.000 CallArrived C1 L1 100 undetermined trunk None
                0.000 LegAnswered C1 L1
            C1 wants a person
                0.000 DialogueEnded C1 Assistant PersonAsked true
                0.000 QueueEntered C1 consultation Assistant None до 300
                0.000 CallOffered C1 op1 свободен дольше всех: 0 с из 2 свободных до 20
            op1 takes C1
                0.000 OfferAccepted C1 op1
                0.000 LegsBridged C1 op1 Waits 0ms 0ms 0ms
            wait 30
            boss moves C1 to op2
               30.000 Administered Some(boss) CallMoved C1 Operator(op2) 0ms
               30.000 TalkEnded C1 op1 Transfer 30000ms
               30.000 WrapUpStarted C1 op1 до 60
               30.000 QueueEntered C1 consultation Transfer Some(op2) до 330
               30.000 CallOffered C1 op2 направил старший смены boss до 50
            op2 declines C1
               30.000 OfferMissed C1 op2 Declined
               30.000 OperatorNotReady op2 Rona
            wait 60
            C1 leaves
               90.000 QueueLeft C1 consultation Abandoned
               90.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
            boss moves C1 to op2
                      нет: звонок уже завершён
        "#]],
    );
}
