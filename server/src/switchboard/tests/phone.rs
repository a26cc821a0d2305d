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
    sees(&mut line, expect![[]]);
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
    sees(&mut line, expect![[]]);
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
    sees(&mut line, expect![[]]);
    line.hangs_up("caller");
    line.ends_empty();
}
