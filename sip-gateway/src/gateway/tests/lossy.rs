//! Calls over a link that loses, doubles and reorders: every transaction ends and nothing leaks.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use events::{LegId, Timestamp};
use proptest::prelude::{ProptestConfig, proptest};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use super::kit::{address, config};
use crate::boundary::{Flow, Input, LegCommand, LegEvent, Output, Transport};
use crate::gateway::{Gateway, GatewayConfig};
use crate::trunk::Trunk;

/// What both switchboards do, in thousandths of chance.
#[derive(Clone, Copy, Debug)]
struct Weather {
    loss: u32,
    doubled: u32,
    delay_ms: u64,
}

/// Two gateways, back to back: one dials the other's line as if it were an operator's phone.
struct Link {
    sides: [Gateway; 2],
    /// (when, sequence number, to which side, bytes).
    under_way: BTreeSet<(Timestamp, u64, usize, Bytes)>,
    orders: BTreeSet<(Timestamp, u64, usize, u64, bool)>,
    sent: u64,
    now: Timestamp,
    chance: ChaCha12Rng,
    weather: Weather,
    ended: BTreeMap<(usize, LegId), u32>,
    begun: BTreeSet<(usize, LegId)>,
}

const ADDRESSES: [&str; 2] = ["203.0.113.1:5060", "192.0.2.1:5060"];

fn side(at: usize) -> GatewayConfig {
    let mut config = config();
    config.udp = address(ADDRESSES[at]);
    config.tcp = config.udp;
    config.advertised = config.udp.ip();
    config.media_address = config.udp.ip();
    let other = address(ADDRESSES[1 - at]);
    config.trunks = vec![Trunk {
        name: "other".into(),
        sources: vec![other.ip().to_string().parse().unwrap()],
        outbound: None,
    }];
    let contact = format!("sip:100@{other}");
    config.accounts[0].fixed = Some(crate::gateway::FixedContact::parse(&contact).unwrap());
    config
}

impl Link {
    fn new(seed: u64, weather: Weather) -> Self {
        let gateway = |at: usize| {
            let rng = ChaCha12Rng::seed_from_u64(seed ^ (at as u64 + 1));
            Gateway::new(side(at), LegId(1), rng)
        };
        Self {
            sides: [gateway(0), gateway(1)],
            under_way: BTreeSet::new(),
            orders: BTreeSet::new(),
            sent: 0,
            now: Timestamp(1_000_000_000),
            chance: ChaCha12Rng::seed_from_u64(seed),
            weather,
            ended: BTreeMap::new(),
            begun: BTreeSet::new(),
        }
    }

    fn roll(&mut self, below: u64) -> u64 {
        self.chance.next_u64() % below.max(1)
    }

    fn feed(&mut self, at: usize, input: Input) {
        let mut out = Vec::new();
        self.sides[at].handle(self.now, input, &mut out);
        for output in out {
            match output {
                Output::Send { bytes, .. } => self.post(1 - at, bytes),
                Output::Leg(event) => self.react(at, &event),
                Output::Media(_)
                | Output::Text(_)
                | Output::Browser(_)
                | Output::Phone { .. }
                | Output::Refused { .. } => {}
            }
        }
    }

    fn post(&mut self, to: usize, bytes: Bytes) {
        let copies = match (self.roll(1_000), self.roll(1_000)) {
            (lost, _) if lost < u64::from(self.weather.loss) => 0,
            (_, twice) if twice < u64::from(self.weather.doubled) => 2,
            _ => 1,
        };
        for _ in 0..copies {
            self.sent += 1;
            let at = self.now.plus_ms(1 + self.roll(self.weather.delay_ms));
            self.under_way.insert((at, self.sent, to, bytes.clone()));
        }
    }

    /// A switchboard that rings, answers, refuses and hangs up as chance wants.
    fn react(&mut self, at: usize, event: &LegEvent) {
        match event {
            LegEvent::Offered { leg, .. } => {
                assert!(self.begun.insert((at, *leg)), "offered twice");
                let answer = self.roll(10) < 8;
                self.order(at, *leg, 4_000, answer);
            }
            LegEvent::Established { leg } => {
                if self.roll(3) > 0 {
                    self.order(at, *leg, 8_000, false);
                }
            }
            LegEvent::Ended { leg, .. } => *self.ended.entry((at, *leg)).or_default() += 1,
            LegEvent::Ringing { .. } | LegEvent::Hold { .. } | LegEvent::Digit { .. } => {}
        }
    }

    fn order(&mut self, at: usize, leg: LegId, within_ms: u64, answer: bool) {
        self.sent += 1;
        let when = self.now.plus_ms(self.roll(within_ms));
        self.orders.insert((when, self.sent, at, leg.0, answer));
    }

    fn dial(&mut self) {
        let leg = self.sides[0].new_leg();
        self.begun.insert((0, leg));
        let (account, display) = ("operator1".to_owned(), String::new());
        let beside = LegId(900);
        self.feed(
            0,
            Input::Command(LegCommand::Dial {
                leg,
                account,
                beside,
                display,
            }),
        );
        // Somebody hangs up on either side at any time.
        self.order(0, leg, 20_000, false);
    }

    /// Whatever comes next; false if nothing will ever happen again.
    fn step(&mut self) -> bool {
        let packet = self.under_way.first().map(|next| next.0);
        let order = self.orders.first().map(|next| next.0);
        let timers = [self.sides[0].deadline(), self.sides[1].deadline()];
        let Some(next) = [packet, order, timers[0], timers[1]]
            .into_iter()
            .flatten()
            .min()
        else {
            return false;
        };
        self.now = self.now.max(next);
        if packet == Some(next) {
            let (_, _, to, bytes) = self.under_way.pop_first().unwrap();
            let flow = Flow {
                transport: Transport::Udp,
                connection: 0,
                local: address(ADDRESSES[to]),
                peer: address(ADDRESSES[1 - to]),
            };
            self.feed(to, Input::Received { flow, bytes });
        } else if order == Some(next) {
            let (_, _, at, leg, answer) = self.orders.pop_first().unwrap();
            let leg = LegId(leg);
            let command = if answer {
                LegCommand::Answer { leg }
            } else {
                LegCommand::HangUp { leg }
            };
            self.feed(at, Input::Command(command));
            // Nobody talks for ever.
            if answer {
                self.order(at, leg, 30_000, false);
            }
        } else {
            let at = usize::from(timers[0] != Some(next));
            self.feed(at, Input::Tick);
        }
        true
    }
}

fn calls_over(seed: u64, weather: Weather, calls: usize) {
    let mut link = Link::new(seed, weather);
    for _ in 0..calls {
        link.dial();
    }
    let mut steps = 0;
    while link.step() {
        steps += 1;
        assert!(steps < 200_000, "it never ends");
    }
    for (at, gateway) in link.sides.iter().enumerate() {
        assert!(
            gateway.is_empty(),
            "side {at} leaked: {:?}",
            gateway.stats()
        );
    }
    for leg in &link.begun {
        assert_eq!(
            link.ended.get(leg),
            Some(&1),
            "{leg:?} did not end exactly once"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_call_ends_once_and_nothing_leaks(
        seed: u64,
        loss in 0_u32..600,
        doubled in 0_u32..400,
        delay_ms in 1_u64..3_000,
        calls in 1_usize..6,
    ) {
        calls_over(seed, Weather { loss, doubled, delay_ms }, calls);
    }
}

#[test]
fn a_dead_link_ends_every_call_too() {
    calls_over(
        1,
        Weather {
            loss: 1_000,
            doubled: 0,
            delay_ms: 1,
        },
        3,
    );
}
