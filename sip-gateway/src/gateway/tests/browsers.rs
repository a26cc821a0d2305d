//! Phones in browsers and visitors' calls: rung, taken, lost, taken back.

use events::LegId;
use expect_test::expect;

use super::kit::{SDP, World, address};
use crate::boundary::{BrowserEvent, Input, LegCommand, SessionId, SessionOwner};

fn up(session: u64, owner: SessionOwner) -> Input {
    let port = 40_000 + u16::try_from(session).unwrap();
    Input::Browser(BrowserEvent::Up {
        session: SessionId(session),
        owner,
        rtp: address(&format!("203.0.113.1:{port}")),
    })
}

fn page(session: u64) -> Input {
    up(session, SessionOwner::Account("operator1".into()))
}

fn down(session: u64) -> Input {
    let session = SessionId(session);
    Input::Browser(BrowserEvent::Down { session })
}

fn left() -> Input {
    let account = "operator1".to_owned();
    Input::Browser(BrowserEvent::Left { account })
}

fn pick_up(world: &mut World, leg: LegId) {
    world.command(LegCommand::PickUp { leg });
}

#[test]
fn an_operator_takes_a_call_in_the_page_and_it_survives_a_reload() {
    let mut world = World::new();
    world.feed(page(1));
    let leg = world.dial("operator1");
    assert!(world.gateway.rings_in_browser(leg));
    pick_up(&mut world, leg);
    world.wait_ms(60_000);
    world.feed(down(1));
    world.wait_ms(4_000);
    world.feed(page(2));
    world.wait_ms(60_000);
    world.hang_up(leg.0);
    expect![[r#"
        00.000   phone of operator1: there
        00.000 switchboard: dial operator1 as L1
        00.000   media: open L1 on 20000
        00.000   L1 ringing
        00.000 switchboard: pick up L1
        00.000   browser: 1 joins 20000
        00.000   media: L1 Pcma with 203.0.113.1:40001 both ways
        00.000   L1 established
        64.000   browser: 2 joins 20000
        64.000   media: L1 Pcma with 203.0.113.1:40002 both ways
        124.000 switchboard: hang up L1
        124.000   browser: 2 parts
        124.000   media: close L1
        124.000   L1 ended: local
    "#]]
    .assert_eq(&world.ladder());
    world.feed(left());
    world.rest();
}

#[test]
fn a_page_that_does_not_come_back_is_a_lost_phone() {
    let mut world = World::new();
    world.feed(page(1));
    let leg = world.dial("operator1");
    pick_up(&mut world, leg);
    world.ladder();
    world.feed(down(1));
    world.wait_ms(19_999);
    assert_eq!(world.ladder(), "", "still waited for");
    world.wait_ms(1);
    expect![[r#"
        20.000   phone of operator1: gone
        20.000   browser: 1 parts
        20.000   media: close L1
        20.000   L1 ended: broken
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_call_rings_on_a_page_that_is_just_being_reloaded_once_it_is_back() {
    let mut world = World::new();
    world.feed(page(1));
    world.feed(down(1));
    let leg = world.dial("operator1");
    assert!(!world.gateway.rings_in_browser(leg), "nobody could take it");
    pick_up(&mut world, leg);
    world.wait_ms(3_000);
    world.feed(page(2));
    pick_up(&mut world, leg);
    // An old session's end is nobody's any more.
    world.feed(down(1));
    world.wait_ms(30_000);
    world.feed(left());
    expect![[r#"
        00.000   phone of operator1: there
        00.000 switchboard: dial operator1 as L1
        00.000   media: open L1 on 20000
        00.000 switchboard: pick up L1
        03.000   L1 ringing
        03.000 switchboard: pick up L1
        03.000   browser: 2 joins 20000
        03.000   media: L1 Pcma with 203.0.113.1:40002 both ways
        03.000   L1 established
        33.000   phone of operator1: gone
        33.000   browser: 2 parts
        33.000   media: close L1
        33.000   L1 ended: broken
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_phone_in_the_browser_is_rung_before_another_and_only_while_it_is_there() {
    let mut world = World::new();
    let mut phone = world.peer("operator2", "198.51.100.7:5060");
    world.feed(up(1, SessionOwner::Account("operator2".into())));
    let first = world.dial("operator2");
    world.hang_up(first.0);
    let account = "operator2".to_owned();
    world.feed(Input::Browser(BrowserEvent::Left { account }));
    let second = world.dial("operator2");
    assert!(!world.gateway.rings_in_browser(second));
    let invite = world.last_request(&phone, "INVITE");
    phone.joins(&invite);
    let ok = phone.reply(&invite, 200, SDP);
    world.send(&mut phone, &ok);
    world.command(LegCommand::Mute {
        leg: second,
        muted: true,
    });
    world.command(LegCommand::Mute {
        leg: second,
        muted: false,
    });
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000   L1 ringing
        00.000 switchboard: hang up L1
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 switchboard: dial operator2 as L2
        00.000   media: open L2 on 20002
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000   media: L2 Pcma with 192.0.2.10:40000 both ways
        00.000   L2 established
        00.000 switchboard: mute L2: true
        00.000   media: L2 Pcma with 192.0.2.10:40000 send only
        00.000 switchboard: mute L2: false
        00.000   media: L2 Pcma with 192.0.2.10:40000 both ways
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_visitor_calls_once_the_audio_stands_and_hangs_up() {
    let mut world = World::new();
    let calls = |session| {
        Input::Browser(BrowserEvent::Calls {
            session: SessionId(session),
            dialled: "100".into(),
            writes: true,
        })
    };
    world.feed(calls(5));
    world.feed(up(5, SessionOwner::Visitor));
    world.feed(calls(5));
    world.command(LegCommand::Ring { leg: LegId(1) });
    world.answer(1);
    world.feed(Input::Browser(BrowserEvent::HangsUp {
        session: SessionId(5),
    }));
    // Another calls and closes the page.
    world.feed(up(6, SessionOwner::Visitor));
    world.feed(calls(6));
    world.feed(down(5));
    world.feed(down(6));
    expect![[r#"
        00.000   media: open L1 on 20000
        00.000   L1 offered: nobody calls 100 by page
        00.000 switchboard: ring L1
        00.000   browser: 5 is told Ringing
        00.000 switchboard: answer L1
        00.000   text: OpenPage { leg: L1, session: SessionId(5) }
        00.000   browser: 5 joins 20000
        00.000   media: L1 Pcma with 203.0.113.1:40005 both ways
        00.000   browser: 5 is told Answered
        00.000   L1 established
        00.000   browser: 5 parts
        00.000   browser: 5 is told Ended
        00.000   text: Close { leg: L1 }
        00.000   media: close L1
        00.000   L1 ended: remote
        00.000   media: open L2 on 20002
        00.000   L2 offered: nobody calls 100 by page
        00.000   browser: 6 is told Ended
        00.000   text: Close { leg: L2 }
        00.000   media: close L2
        00.000   L2 ended: remote
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_visitor_is_refused_like_any_caller() {
    let mut world = World::new();
    world.feed(Input::Drain);
    world.feed(up(1, SessionOwner::Visitor));
    world.feed(Input::Browser(BrowserEvent::Calls {
        session: SessionId(1),
        dialled: "100".into(),
        writes: false,
    }));
    expect![[r#"
        00.000   browser: 1 is told Refused
        00.000   refused 100: draining (503)
    "#]]
    .assert_eq(&world.ladder());
}
