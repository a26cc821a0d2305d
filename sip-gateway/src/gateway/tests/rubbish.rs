//! Whatever comes from outside, in whatever order: no panic, and in the end nothing is left.

use bytes::Bytes;
use events::LegId;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};

use super::kit::{Peer, SDP, World, sdp};
use crate::boundary::{Input, LegCommand};

/// Something that happens.
#[derive(Clone, Debug)]
enum Act {
    /// The peer sends its n-th kind of message, with some bytes changed.
    Says(usize, Vec<(usize, u8)>),
    /// The switchboard gives its n-th kind of command to a leg.
    Wants(usize, u64),
    /// Milliseconds pass.
    Waits(u64),
}

fn act() -> impl Strategy<Value = Act> {
    let changes = prop_oneof![
        3 => vec((0_usize..900, any::<u8>()), 0..1),
        1 => vec((0_usize..900, any::<u8>()), 0..4),
    ];
    prop_oneof![
        6 => (0_usize..12, changes).prop_map(|(kind, changes)| Act::Says(kind, changes)),
        3 => (0_usize..5, 1_u64..4).prop_map(|(kind, leg)| Act::Wants(kind, leg)),
        2 => (0_u64..20_000).prop_map(Act::Waits),
    ]
}

fn message(world: &World, peer: &mut Peer, kind: usize) -> String {
    match kind {
        0 => peer.invite(),
        1 => peer.request("INVITE", "", ""),
        2 => peer.request("INVITE", "", &sdp("a=sendonly")),
        3 => peer.ack(),
        4 => peer.ack_with(SDP),
        5 => peer.ack_refusal(),
        6 => peer.cancel(),
        7 => peer.bye(),
        8 => peer.request("UPDATE", "", SDP),
        9 => peer.request("INFO", "Content-Type: application/dtmf\r\n", "1"),
        10 => peer.request("REGISTER", "Authorization: Digest x=y\r\n", ""),
        _ => match world
            .newest(peer)
            .filter(crate::message::Message::is_request)
        {
            Some(request) => peer.reply(&request, 200, SDP),
            None => peer.request("OPTIONS", "", ""),
        },
    }
}

fn command(kind: usize, leg: LegId) -> LegCommand {
    match kind {
        0 => LegCommand::Ring { leg },
        1 => LegCommand::Answer { leg },
        2 => LegCommand::Reject {
            leg,
            status: 486,
            retry_after_s: None,
        },
        3 => LegCommand::Dial {
            leg: LegId(leg.0 + 1_000),
            account: "operator2".into(),
            beside: leg,
            display: String::new(),
        },
        _ => LegCommand::HangUp { leg },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_anything(acts in vec(act(), 1..40), over_tcp: bool) {
        let mut world = World::new();
        let at = "192.0.2.10:5060";
        let mut peer = if over_tcp { world.tcp_peer("peer", at) } else { world.peer("peer", at) };
        for act in acts {
            match act {
                Act::Says(kind, changes) => {
                    let mut bytes = message(&world, &mut peer, kind).into_bytes();
                    for (at, byte) in changes {
                        if let Some(place) = bytes.get_mut(at) {
                            *place = byte;
                        }
                    }
                    let (flow, bytes) = (peer.flow, Bytes::from(bytes));
                    world.feed(Input::Received { flow, bytes });
                    if let Some(newest) = world.newest(&peer) {
                        peer.hears(&newest);
                    }
                }
                Act::Wants(kind, leg) => world.feed(Input::Command(command(kind, LegId(leg)))),
                Act::Waits(ms) => world.wait_ms(ms),
            }
        }
        for leg in (1..60).chain(1_001..1_010) {
            world.hang_up(leg);
        }
        world.rest();
    }
}
