//! What each state of a leg does with each input, as a table.

use std::fmt::Write as _;

use events::LegId;
use expect_test::expect_file;

use super::kit::{Peer, SDP, World};
use crate::boundary::{Input, LegCommand};

/// A world with leg 1 in a state, and the peer on its other side.
fn leg_in(state: &str) -> (World, Peer) {
    let mut world = World::new();
    if let Some(state) = state.strip_prefix("dialled, ") {
        let mut phone = world.peer("peer", "198.51.100.7:5060");
        world.dial("operator2");
        let invite = world.last_request(&phone, "INVITE");
        phone.joins(&invite);
        if state != "silent" {
            let ringing = phone.reply(&invite, 180, "");
            world.send(&mut phone, &ringing);
        }
        if state == "cancelled" {
            world.hang_up(1);
        }
        if state == "standing" {
            let ok = phone.reply(&invite, 200, SDP);
            world.send(&mut phone, &ok);
        }
        world.ladder();
        return (world, phone);
    }
    let mut caller = world.peer("peer", "192.0.2.10:5060");
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.command(LegCommand::Ring { leg: LegId(1) });
    caller.remote_tag = world.last(&caller).to().tag().map(str::to_owned);
    if state != "offered" {
        world.answer(1);
    }
    if state == "answered, leaving" {
        world.hang_up(1);
    }
    if state == "standing" || state == "leaving" {
        let ack = caller.ack();
        world.send(&mut caller, &ack);
    }
    if state == "leaving" {
        world.hang_up(1);
    }
    world.ladder();
    (world, caller)
}

fn act(world: &mut World, peer: &mut Peer, input: &str) {
    let leg = LegId(1);
    match input {
        "ring" => world.command(LegCommand::Ring { leg }),
        "answer" => world.command(LegCommand::Answer { leg }),
        "reject" => {
            world.command(LegCommand::Reject {
                leg,
                status: 486,
                retry_after_s: None,
            });
        }
        "hang up" => world.command(LegCommand::HangUp { leg }),
        "media failed" => world.feed(Input::MediaFailed { leg }),
        "ACK" => {
            let ack = peer.ack();
            world.send(peer, &ack);
        }
        "CANCEL" => {
            let cancel = peer.cancel();
            world.send(peer, &cancel);
        }
        "INVITE" => {
            let invite = peer.invite();
            world.send(peer, &invite);
        }
        method => {
            let body = if method == "UPDATE" { SDP } else { "" };
            let request = peer.request(method, "", body);
            world.send(peer, &request);
        }
    }
}

#[test]
fn every_state_with_every_input() {
    let mut table = String::new();
    for state in [
        "offered",
        "answered",
        "answered, leaving",
        "standing",
        "leaving",
        "dialled, silent",
        "dialled, ringing",
        "dialled, cancelled",
        "dialled, standing",
    ] {
        let _ = writeln!(table, "{state}");
        for input in [
            "ring",
            "answer",
            "reject",
            "hang up",
            "media failed",
            "ACK",
            "CANCEL",
            "INVITE",
            "UPDATE",
            "INFO",
            "BYE",
        ] {
            let (mut world, mut peer) = leg_in(state);
            act(&mut world, &mut peer, input);
            let ladder = world.ladder();
            let effects: Vec<&str> = ladder
                .lines()
                .filter_map(|line| line.get(7..))
                .filter(|line| !line.starts_with("switchboard") && !line.starts_with("peer →"))
                .map(|line| line.trim_start_matches("peer ← ").trim())
                .filter(|line| !line.starts_with("media"))
                .collect();
            let effects = if effects.is_empty() {
                "–".into()
            } else {
                effects.join(" · ")
            };
            let _ = writeln!(table, "  {input:<13} {effects}");
        }
    }
    expect_file!["table_of_legs.txt"].assert_eq(&table);
}
