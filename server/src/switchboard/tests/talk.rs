//! Transfers, broken legs, the desk's hand on the phone.

use acd::Command;
use events::{CallId, TransferTarget};
use expect_test::expect;

use super::sees;
use super::world::World;

fn talking() -> World {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.answers("anna");
    line.on_duty("boris");
    line.quiet();
    line
}

fn to(line: &mut World, to: TransferTarget) {
    let (call, operator) = (CallId(1), "anna".into());
    line.desk("anna", Command::Transfer { call, operator, to });
}

#[test]
fn a_transfer_to_an_operator() {
    let mut line = talking();
    to(&mut line, TransferTarget::Operator("boris".into()));
    line.hears_to_the_end("caller");
    line.answers("boris");
    line.hangs_up("boris");
    line.presses("caller", '5');
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Transfer
          * call transferred C1 anna blind {"operator":"boris"}
          * talk ended transfer C1 anna
          * wrap up started C1 anna
          * queue entered transfer C1 consultation boris
          * call offered C1 boris перевод от оператора anna
          stop recording caller
          part caller
          anna ← BYE
          caller hears transfer.announcement + music.waiting
          boris ← INVITE
        caller heard it to the end
          caller hears waiting.again + music.waiting for ever
        boris → 180
          * offer ringing C1 boris
        boris → 200
          ~ boris ← ACK
          * offer accepted C1 boris
          * legs bridged C1 boris
          * recording started C1 C1-2.wav
          join caller and boris
          record caller to C1-2.wav
        boris → BYE
          ~ boris ← 200 (BYE)
          * talk ended operator C1 boris
          * wrap up started C1 boris
          * dialogue started C1 rating
          * step reached C1 question
          stop recording caller
          part caller
          caller hears rating.question
          listen to caller for rating.question
        caller presses 5
          * digit pressed C1 5 question
          * call rated C1 boris service 5 none undetermined
          * step reached C1 thanks
          caller hears nothing
          stop listening to caller
          caller hears rating.thanks
        caller heard it to the end
          * dialogue ended C1 notice_played=false rated
          * call ended C1 completed
          caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_transfer_to_a_queue_that_a_colleague_serves() {
    let mut line = talking();
    to(&mut line, TransferTarget::Queue("consultation".into()));
    line.answers("boris");
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Transfer
          * call transferred C1 anna blind {"queue":"consultation"}
          * talk ended transfer C1 anna
          * wrap up started C1 anna
          * queue entered transfer C1 consultation
          * call offered C1 boris единственный свободный, свободен 0 с
          stop recording caller
          part caller
          anna ← BYE
          caller hears transfer.announcement + music.waiting
          boris ← INVITE
        boris → 180
          * offer ringing C1 boris
        boris → 200
          ~ boris ← ACK
          * offer accepted C1 boris
          * legs bridged C1 boris
          * recording started C1 C1-2.wav
          join caller and boris
          record caller to C1-2.wav
        caller → BYE
          ~ caller ← 200 (BYE)
          * talk ended caller C1 boris
          * wrap up started C1 boris
          * call ended C1 caller_hung_up
          stop recording caller
          part caller
          boris ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_transfer_to_nobody_changes_nothing() {
    let mut line = talking();
    to(&mut line, TransferTarget::Operator("vera".into()));
    to(&mut line, TransferTarget::Queue("nowhere".into()));
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Transfer
          the desk is told: оператор сейчас не может принять звонок
        anna's desk: Transfer
          the desk is told: очередь не найдена
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_wanted_operator_who_does_not_answer_leaves_the_caller_to_the_queue() {
    let mut line = talking();
    to(&mut line, TransferTarget::Operator("boris".into()));
    line.quiet();
    line.replies("boris", 486);
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
        boris → 486
          ~ boris ← ACK
          * offer missed C1 boris busy
          * operator not ready boris phone
        caller heard it to the end
          caller hears waiting.again + music.waiting for ever
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_second_wait_in_vain_ends_with_the_farewell_and_the_call_stays_answered() {
    let mut line = talking();
    to(&mut line, TransferTarget::Operator("boris".into()));
    line.replies("boris", 603);
    line.quiet();
    line.passes_s(40);
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
        40 s pass
          * queue left C1 timeout consultation
          * dialogue started C1 farewell
          * step reached C1 sorry
          caller hears farewell.sorry
        caller heard it to the end
          * dialogue ended C1 notice_played=false finished
          * call ended C1 completed
          caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_broken_operators_leg_brings_the_caller_back_to_the_queue() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    let leg = line.leg_of("anna");
    line.replies("anna", 200);
    line.quiet();
    let error = "the socket is gone".into();
    line.give(crate::switchboard::Input::Media(
        sip_gateway::boundary::MediaEvent::OpenFailed { leg, error },
    ));
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
          ~ anna ← BYE
          * talk ended failure C1 anna
          * wrap up started C1 anna
          * queue entered returned C1 consultation
          stop recording caller
          part caller
          caller hears transfer.announcement + music.waiting
        caller heard it to the end
          caller hears waiting.again + music.waiting for ever
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn the_desk_hangs_up_and_the_caller_stays_for_the_rating() {
    let mut line = talking();
    line.desk_hangs_up("boris", 1);
    line.desk_hangs_up("anna", 1);
    line.presses("caller", '3');
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
        boris's desk: hang up
          the desk is told: звонок уже завершён
        anna's desk: hang up
          * talk ended operator C1 anna
          * wrap up started C1 anna
          * dialogue started C1 rating
          * step reached C1 question
          anna ← BYE
          stop recording caller
          part caller
          caller hears rating.question
          listen to caller for rating.question
        caller presses 3
          * digit pressed C1 3 question
          * call rated C1 anna service 3 none undetermined
          * step reached C1 thanks
          caller hears nothing
          stop listening to caller
          caller hears rating.thanks
        caller heard it to the end
          * dialogue ended C1 notice_played=false rated
          * call ended C1 completed
          caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_line_that_asks_for_no_rating_says_goodbye_at_once() {
    let mut line = World::new();
    line.on_duty("vera");
    line.asks_for_a_person("caller", "200");
    line.answers("vera");
    line.quiet();
    line.hangs_up("vera");
    sees(
        &mut line,
        expect![[r#"
        vera → BYE
          ~ vera ← 200 (BYE)
          * talk ended operator C1 vera
          * wrap up started C1 vera
          * call ended C1 completed
          stop recording caller
          part caller
          caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn what_is_written_in_a_talk_suggests_its_topic_once_and_until_the_operator_decides() {
    let mut line = talking();
    let suggested = |line: &World| {
        let facts = line.facts();
        let of = |fact: &&String| fact.contains("topic suggested");
        facts.iter().filter(of).count()
    };
    line.types("caller", "здравствуйте");
    assert_eq!(suggested(&line), 0);
    line.types("caller", "мне бы лицензию на металлолом оформить");
    line.types("caller", "лицензию на лом говорю");
    assert_eq!(suggested(&line), 1, "{:#?}", line.facts());
    let (call, by) = (CallId(1), events::ChosenBy::Operator);
    let service = "scrap_licence".into();
    line.desk("anna", Command::ChooseService { call, service, by });
    line.types("caller", "и ещё хочу записаться на личный приём");
    assert_eq!(suggested(&line), 1, "the operator has decided");
}
