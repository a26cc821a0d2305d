//! A supervisor in somebody else's talk.

use acd::{Command, ConsultStep};
use events::{CallId, OperatorId, SupervisionMode, TransferTarget};
use expect_test::expect;
use sip_gateway::boundary::{BrowserEvent, SessionId, SessionOwner};

use super::sees;
use super::world::{SETTINGS, World};
use crate::switchboard::{DeskAction, Input, PhoneKey};

const GALINA: &str = r#"
[[operator]]
login = "galina"
full_name = "Соколова Галина"
position = "старший смены"
password_hash = "x"
phone_contact = "sip:galina@198.51.100.4:5060"
queues = []
role = "supervisor"
"#;

/// Anna talks with the caller.
fn talking() -> World {
    let mut line = World::with(&format!("{SETTINGS}{GALINA}"));
    line.colleague("galina");
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.answers("anna");
    line.quiet();
    line
}

fn asks(line: &mut World, mode: SupervisionMode) {
    let action = DeskAction::Supervise {
        call: CallId(1),
        supervisor: OperatorId::new("galina"),
        mode,
    };
    line.desk_asks(&format!("galina wants to {}", mode.as_str()), action);
}

fn leaves(line: &mut World) {
    let supervisor = OperatorId::new("galina");
    line.desk_asks("galina leaves", DeskAction::StopSupervising { supervisor });
}

#[test]
fn the_phone_rings_and_who_answers_hears_the_talk() {
    let mut line = talking();
    asks(&mut line, SupervisionMode::Listen);
    line.answers("galina");
    asks(&mut line, SupervisionMode::Whisper);
    asks(&mut line, SupervisionMode::Barge);
    leaves(&mut line);
    leaves(&mut line);
    asks(&mut line, SupervisionMode::Listen);
    line.answers("galina");
    line.hangs_up("galina");
    line.hangs_up("anna");
    sees(
        &mut line,
        expect![[r#"
        the desk: galina wants to listen
          galina ← INVITE
        galina → 180
        galina → 200
          ~ galina ← ACK
          * supervision started C1 listen anna galina
          room: caller hears anna, anna hears caller, galina hears caller + anna
        the desk: galina wants to whisper
          * supervision changed C1 whisper galina
          room: caller hears anna, anna hears caller + galina, galina hears caller + anna
        the desk: galina wants to barge
          * supervision changed C1 barge galina
          room: caller hears anna + galina, anna hears caller + galina, galina hears caller + anna
        the desk: galina leaves
          * supervision ended C1 galina left
          galina ← BYE
        the desk: galina leaves
          the desk is told: сейчас это невозможно: вы не подключены к разговору
        the desk: galina wants to listen
          galina ← INVITE
        galina → 180
        galina → 200
          ~ galina ← ACK
          * supervision started C1 listen anna galina
          room: caller hears anna, anna hears caller, galina hears caller + anna
        galina → BYE
          ~ galina ← 200 (BYE)
          * supervision ended C1 galina left
        anna → BYE
          ~ anna ← 200 (BYE)
          * talk ended operator C1 anna
          * wrap up started C1 anna
          * dialogue started C1 rating
          * step reached C1 question
          stop recording caller
          part caller
          caller hears rating.question
          listen to caller for rating.question
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn it_ends_with_the_talk_whether_answered_or_not() {
    let mut line = talking();
    asks(&mut line, SupervisionMode::Whisper);
    line.answers("galina");
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        the desk: galina wants to whisper
          galina ← INVITE
        galina → 180
        galina → 200
          ~ galina ← ACK
          * supervision started C1 whisper anna galina
          room: caller hears anna, anna hears caller + galina, galina hears caller + anna
        caller → BYE
          ~ caller ← 200 (BYE)
          * supervision ended C1 galina talk_over
          * talk ended caller C1 anna
          * wrap up started C1 anna
          * call ended C1 caller_hung_up
          galina ← BYE
          stop recording caller
          part caller
          anna ← BYE
    "#]],
    );
    line.asks_for_a_person("second", "100");
    line.ends_empty();

    let mut line = talking();
    line.on_duty("boris");
    line.quiet();
    asks(&mut line, SupervisionMode::Listen);
    line.replies("galina", 180);
    let (call, operator) = (CallId(1), "anna".into());
    let to = TransferTarget::Operator("boris".into());
    line.desk("anna", Command::Transfer { call, operator, to });
    sees(
        &mut line,
        expect![[r#"
        the desk: galina wants to listen
          galina ← INVITE
        galina → 180
        anna's desk: Transfer
          * call transferred C1 anna blind {"operator":"boris"}
          * talk ended transfer C1 anna
          * wrap up started C1 anna
          * queue entered transfer C1 consultation boris
          * call offered C1 boris перевод от оператора anna
          galina ← CANCEL
          stop recording caller
          part caller
          anna ← BYE
          caller hears transfer.announcement + music.waiting
          boris ← INVITE
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_phone_in_the_browser_is_picked_up_by_itself_and_a_hold_goes_on() {
    let mut line = talking();
    line.give(Input::Browser(BrowserEvent::Up {
        session: SessionId(4),
        owner: SessionOwner::Account("galina".to_owned()),
        rtp: "203.0.113.1:40000".parse().unwrap(),
    }));
    let hold = DeskAction::Phone {
        call: CallId(1),
        operator: OperatorId::new("anna"),
        key: PhoneKey::Hold,
    };
    line.desk_asks("hold", hold);
    line.quiet();
    asks(&mut line, SupervisionMode::Listen);
    leaves(&mut line);
    sees(
        &mut line,
        expect![[r#"
            the desk: galina wants to listen
              * supervision started C1 listen anna galina
              page 4 is joined
              room: caller hears anna, anna hears , somebody hears anna
            the desk: galina leaves
              * supervision ended C1 galina left
              page 4 is parted
        "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn who_does_not_answer_or_may_not_hears_nothing() {
    let mut line = talking();
    asks(&mut line, SupervisionMode::Listen);
    line.replies("galina", 486);
    let not_a_supervisor = DeskAction::Supervise {
        call: CallId(1),
        supervisor: OperatorId::new("boris"),
        mode: SupervisionMode::Barge,
    };
    line.desk_asks("boris wants to barge", not_a_supervisor);
    asks(&mut line, SupervisionMode::Listen);
    leaves(&mut line);
    leaves(&mut line);
    sees(
        &mut line,
        expect![[r#"
        the desk: galina wants to listen
          galina ← INVITE
        galina → 486
          ~ galina ← ACK
        the desk: boris wants to barge
          the desk is told: сейчас это невозможно: это может только старший смены
        the desk: galina wants to listen
          galina ← INVITE
        the desk: galina leaves
        the desk: galina leaves
          the desk is told: сейчас это невозможно: вы не подключены к разговору
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_crash_ends_it() {
    let mut line = talking();
    asks(&mut line, SupervisionMode::Barge);
    line.answers("galina");
    line.quiet();
    line.restart();
    sees(
        &mut line,
        expect![[r#"
        the server restarts
          * server started 0 7
          * supervision ended C1 galina failure
          * talk ended failure C1 anna
          * call ended C1 server_restarted
          * operator signed out anna
          * phone unreachable anna
          * phone unreachable boris
          * phone unreachable galina
          * phone unreachable vera
          * phone reachable anna
          * phone reachable boris
          * phone reachable vera
          * phone reachable galina
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_phone_that_nobody_answers_rings_for_half_a_minute() {
    let mut line = talking();
    asks(&mut line, SupervisionMode::Listen);
    line.replies("galina", 180);
    line.passes_s(29);
    line.quiet();
    line.passes_s(2);
    asks(&mut line, SupervisionMode::Listen);
    line.answers("galina");
    line.passes_s(40);
    sees(
        &mut line,
        expect![[r#"
        2 s pass
          galina ← CANCEL
        the desk: galina wants to listen
          galina ← INVITE
        galina → 180
        galina → 200
          ~ galina ← ACK
          * supervision started C1 listen anna galina
          room: caller hears anna, anna hears caller, galina hears caller + anna
        40 s pass
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
#[expect(clippy::too_many_lines, reason = "one ladder")]
fn beside_a_consultation_a_supervisor_is_on_the_operators_side() {
    let mut line = talking();
    line.on_duty("boris");
    line.quiet();
    asks(&mut line, SupervisionMode::Listen);
    line.answers("galina");
    let boris = TransferTarget::Operator("boris".into());
    consults(&mut line, ConsultStep::Start(boris));
    line.answers("boris");
    asks(&mut line, SupervisionMode::Whisper);
    asks(&mut line, SupervisionMode::Barge);
    consults(&mut line, ConsultStep::Swap);
    asks(&mut line, SupervisionMode::Whisper);
    asks(&mut line, SupervisionMode::Listen);
    consults(&mut line, ConsultStep::Conference);
    asks(&mut line, SupervisionMode::Barge);
    consults(&mut line, ConsultStep::Complete);
    sees(
        &mut line,
        expect![[r#"
        the desk: galina wants to listen
          galina ← INVITE
        galina → 180
        galina → 200
          ~ galina ← ACK
          * supervision started C1 listen anna galina
          room: caller hears anna, anna hears caller, galina hears caller + anna
        anna's desk: Consult
          * talk held C1 anna
          * consultation started C1 anna {"operator":"boris"} boris
          room: caller hears , anna hears , galina hears anna
          caller hears music.waiting for ever
          boris ← INVITE
        boris → 180
        boris → 200
          ~ boris ← ACK
          * consultation answered C1 anna boris
          anna hears nothing
          room: caller hears , anna hears boris, boris hears anna, galina hears anna + boris
        the desk: galina wants to whisper
          * supervision changed C1 whisper galina
          room: caller hears , anna hears boris + galina, boris hears anna, galina hears anna + boris
        the desk: galina wants to barge
          * supervision changed C1 barge galina
          room: caller hears , anna hears boris + galina, boris hears anna + galina, galina hears anna + boris
        anna's desk: Consult
          * talk resumed C1 anna
          * consultation swapped C1 anna to_caller=true
          caller hears nothing
          room: caller hears anna + galina, anna hears caller + galina, boris hears , galina hears caller + anna
          boris hears music.waiting for ever
        the desk: galina wants to whisper
          * supervision changed C1 whisper galina
          room: caller hears anna, anna hears caller + galina, boris hears , galina hears caller + anna
        the desk: galina wants to listen
          * supervision changed C1 listen galina
          room: caller hears anna, anna hears caller, boris hears , galina hears caller + anna
        anna's desk: Consult
          * consultation conference_started C1 anna
          caller hears nothing
          boris hears nothing
          room: caller hears anna + boris, anna hears caller + boris, boris hears caller + anna, galina hears caller + anna + boris
        the desk: galina wants to barge
          * supervision changed C1 barge galina
          room: caller hears anna + boris + galina, anna hears caller + boris + galina, boris hears caller + anna + galina, galina hears caller + anna + boris
        anna's desk: Consult
          * call transferred C1 anna conference {"operator":"boris"}
          * consultation ended C1 anna transferred boris
          * supervision ended C1 galina talk_over
          * talk ended transfer C1 anna
          * wrap up started C1 anna
          * legs bridged C1 boris
          * recording started C1 C1-2.wav
          galina ← BYE
          stop recording caller
          part caller
          anna ← BYE
          join caller and boris
          record caller to C1-2.wav
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

fn consults(line: &mut World, step: ConsultStep) {
    let (call, operator) = (CallId(1), "anna".into());
    line.desk(
        "anna",
        Command::Consult {
            call,
            operator,
            step,
        },
    );
}
