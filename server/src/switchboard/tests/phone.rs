//! The desk's hand on the phone: in the browser, and beside it.

use events::{CallId, OperatorId};
use expect_test::expect;
use sip_gateway::boundary::{BrowserEvent, SessionId, SessionOwner};

use super::sees;
use super::world::World;
use crate::switchboard::{DeskAction, Input, PhoneKey};

fn press(line: &mut World, name: &'static str, key: PhoneKey) {
    let action = DeskAction::Phone {
        call: CallId(1),
        operator: OperatorId::new(name),
        key,
    };
    line.desk_asks(&format!("{name}'s phone: {key:?}"), action);
}

fn page_of(line: &mut World, name: &str) {
    line.give(Input::Browser(BrowserEvent::Up {
        session: SessionId(1),
        owner: SessionOwner::Account(name.to_owned()),
        rtp: "203.0.113.1:40000".parse().unwrap(),
    }));
}

#[test]
fn a_call_that_rings_in_the_page_is_taken_there() {
    let mut line = World::new();
    page_of(&mut line, "anna");
    line.on_duty("anna");
    line.quiet();
    line.asks_for_a_person("caller", "100");
    line.quiet();
    press(&mut line, "anna", PhoneKey::PickUp);
    press(&mut line, "anna", PhoneKey::PickUp);
    line.desk_hangs_up("anna", 1);
    sees(
        &mut line,
        expect![[r#"
        the desk: anna's phone: PickUp
          * offer accepted C1 anna
          * legs bridged C1 anna
          * recording started C1 C1-1.wav
          page 1 is joined
          join caller and somebody
          record caller to C1-1.wav
        the desk: anna's phone: PickUp
          the desk is told: Этот звонок вам больше не звонит
        anna's desk: hang up
          * talk ended operator C1 anna
          * wrap up started C1 anna
          * dialogue started C1 rating
          * step reached C1 question
          page 1 is parted
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
fn a_phone_beside_the_desk_is_answered_by_hand_and_a_refusal_goes_to_the_next() {
    let mut line = World::new();
    line.on_duty("anna");
    line.on_duty("boris");
    line.asks_for_a_person("caller", "100");
    line.quiet();
    press(&mut line, "anna", PhoneKey::PickUp);
    press(&mut line, "boris", PhoneKey::Decline);
    press(&mut line, "anna", PhoneKey::Decline);
    press(&mut line, "anna", PhoneKey::Decline);
    sees(
        &mut line,
        expect![[r#"
        the desk: anna's phone: PickUp
          the desk is told: Этот звонок пришёл на SIP-телефон: снимите трубку на нём
        the desk: boris's phone: Decline
          the desk is told: Этот звонок вам больше не звонит
        the desk: anna's phone: Decline
          * offer missed C1 anna declined
          * operator not ready anna rona
          * call offered C1 boris единственный свободный, свободен 0 с
          boris ← INVITE
        the desk: anna's phone: Decline
          the desk is told: Этот звонок вам больше не звонит
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_hold_by_the_desk_is_music_for_the_caller_until_the_desk_or_the_phone_ends_it() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    press(&mut line, "anna", PhoneKey::Hold);
    line.answers("anna");
    line.quiet();
    press(&mut line, "boris", PhoneKey::Hold);
    press(&mut line, "anna", PhoneKey::Mute);
    press(&mut line, "anna", PhoneKey::Hold);
    press(&mut line, "anna", PhoneKey::Hold);
    press(&mut line, "anna", PhoneKey::Resume);
    press(&mut line, "anna", PhoneKey::Resume);
    press(&mut line, "anna", PhoneKey::Hold);
    line.hangs_up("anna");
    sees(
        &mut line,
        expect![[r#"
            the desk: boris's phone: Hold
              the desk is told: звонок уже завершён
            the desk: anna's phone: Mute
            the desk: anna's phone: Hold
              * talk held C1 anna
              room: caller hears anna, anna hears 
              caller hears music.waiting for ever
            the desk: anna's phone: Hold
            the desk: anna's phone: Resume
              * talk resumed C1 anna
              caller hears nothing
              join caller and anna
            the desk: anna's phone: Resume
            the desk: anna's phone: Hold
              * talk held C1 anna
              room: caller hears anna, anna hears 
              caller hears music.waiting for ever
            anna → BYE
              ~ anna ← 200 (BYE)
              * talk ended operator C1 anna
              * wrap up started C1 anna
              * dialogue started C1 rating
              * step reached C1 question
              caller hears nothing
              stop recording caller
              part caller
              caller hears rating.question
              listen to caller for rating.question
        "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}
