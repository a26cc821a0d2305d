//! Pauses and their caps, and more time for after-call work.

use events::{Event, Millis, NotReadyReason, PauseCard};
use expect_test::{Expect, expect};

use super::{Desk, house};
use crate::Settings;

/// A quarter of an hour at once and half an hour a shift for «break», paperwork that counts as work,
/// and twice 20 seconds more for after-call work.
fn with_caps() -> Settings {
    let mut settings = house();
    let minutes = |min: u64| Some(Millis::from_s(min * 60));
    let reason = |code| NotReadyReason::parse(code).unwrap();
    settings.pauses = vec![
        PauseCard {
            cap_ms: minutes(15),
            shift_cap_ms: minutes(30),
            ..PauseCard::new(reason("break"), "Перерыв")
        },
        PauseCard {
            occupied: true,
            ..PauseCard::new(reason("paperwork"), "Документы")
        },
    ];
    for queue in settings.queues.values_mut() {
        queue.wrap_up_more = Millis::from_s(20);
        queue.wrap_up_extensions = 2;
    }
    settings
}

fn plays(before: &str, script: &str, expected: &Expect) -> Desk {
    let mut desk = Desk::new(with_caps());
    desk.play(before);
    expected.assert_eq(&desk.play(script));
    desk
}

#[test]
fn a_pause_over_its_cap_is_stated_once_and_forces_nobody() {
    plays(
        "op1 is ready",
        "
        op1 rests lunch
        op1 rests rona
        op1 rests break
        wait 1200
        op1 wants calls
        op1 rests break
        wait 700
        op1 wants calls
        ",
        &expect![[r#"
            op1 rests lunch
                      нет: сейчас это невозможно: такой причины перерыва нет
            op1 rests rona
                      нет: сейчас это невозможно: эту причину ставит система
            op1 rests break
                0.000 OperatorNotReady op1 Break до 900
            wait 1200
              900.000 PauseOverrun op1 Break
            op1 wants calls
             1200.000 OperatorReady op1
            op1 rests break
             1200.000 OperatorNotReady op1 Break до 1800
            wait 700
             1800.000 PauseOverrun op1 Break
            op1 wants calls
             1900.000 OperatorReady op1
        "#]],
    );
}

#[test]
fn signing_out_for_a_while_does_not_renew_the_shift() {
    let mut desk = plays(
        "op1 is ready\n op1 rests break\n wait 840\n op1 wants calls\n op1 rests break\n wait 840",
        "
        op1 signs out
        wait 3600
        op1 is ready
        op1 rests break
        ",
        &expect![[r#"
            op1 signs out
             1680.000 OperatorSignedOut op1
            wait 3600
            op1 is ready
             5280.000 OperatorSignedIn op1
             5280.000 OperatorNotReady op1 SignedIn
             5280.000 OperatorReady op1
            op1 rests break
             5280.000 OperatorNotReady op1 Break до 5400
        "#]],
    );
    desk.play("op1 signs out\n wait 15000\n op1 is ready");
    let told = desk.play("op1 rests break");
    let (at, fact) = desk.journal.last().unwrap();
    let Event::OperatorNotReady { until, .. } = fact else {
        panic!("{fact:?}");
    };
    let until = until.map(|until| until.since(*at));
    assert_eq!(until, Some(Millis::from_s(900)), "a new day: {told}");
}

#[test]
fn a_pause_planned_in_a_talk_has_its_cap_from_its_beginning() {
    plays(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n op1 notes C1",
        "
        op1 rests break
        wait 500
        C1 leaves
        wait 30
        ",
        &expect![[r#"
            op1 rests break
                0.000 OperatorNotReady op1 Break
            wait 500
            C1 leaves
              500.000 TalkEnded C1 op1 Caller 500000ms
              500.000 WrapUpStarted C1 op1 до 530 2
              500.000 CallEnded C1 CallerHungUp Waits 0ms 0ms 0ms
            wait 30
              530.000 WrapUpEnded C1 op1
              530.000 OperatorNotReady op1 Break до 1430
        "#]],
    );
}

#[test]
fn a_pause_that_counts_as_work_makes_occupied() {
    let desk = plays(
        "op1 is ready\n op2 is ready\n op1 rests paperwork\n op2 rests break\n wait 100
         op1 wants calls\n op2 wants calls\n wait 100",
        "",
        &expect![[r#""#]],
    );
    let share = |id: &str| {
        desk.acd
            .operator(&id.into())
            .unwrap()
            .work
            .occupancy_ppm(desk.now)
    };
    assert_eq!((share("op1"), share("op2")), (500_000, 0));
}

#[test]
fn after_call_work_is_extended_as_often_as_the_queue_allows() {
    plays(
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1",
        "
        op1 needs more time
        op1 hangs up C1
        op1 needs more time
        wait 100
        op1 needs more time
        op1 needs more time
        op1 finishes
        op1 notes C1
        wait 20
        ",
        &expect![[r#"
            op1 needs more time
                      нет: сейчас это невозможно: оформление не идёт
            op1 hangs up C1
                0.000 TalkEnded C1 op1 Operator 0ms
                0.000 WrapUpStarted C1 op1 до 30 2
            op1 needs more time
                0.000 WrapUpExtended C1 op1 до 50 1
            wait 100
            op1 needs more time
              100.000 WrapUpExtended C1 op1 до 120 0
            op1 needs more time
                      нет: сейчас это невозможно: больше продлевать нельзя
            op1 finishes
                      нет: укажите итог разговора и потребность клиента
            op1 notes C1
              100.000 DispositionSet C1 op1 Answered Consultation None
            wait 20
              120.000 WrapUpEnded C1 op1
              120.000 OperatorReady op1
        "#]],
    );
}
