//! Rooms of three: who hears whom, what is recorded, what is left when one goes.

use super::*;
use crate::boundary::Hearing;

const SUPERVISOR: LegId = LegId(3);

/// What each of the three says: sums of any of them differ.
const LEVELS: [i16; 3] = [1_000, 2_100, 4_300];

struct Three {
    house: House,
    phones: [Phone; 3],
}

const CODECS: [Codec; 3] = [Codec::Pcma, Codec::Pcma, Codec::Pcmu];
const LEGS: [LegId; 3] = [CALLER, OPERATOR, SUPERVISOR];

/// A level after its way through a law.
fn through(codec: Codec, level: i16) -> i16 {
    g711::decode(codec, g711::encode(codec, level))
}

fn payload_type(codec: Codec) -> u8 {
    match codec {
        Codec::Pcma => 8,
        Codec::Pcmu => 0,
    }
}

impl Three {
    /// A talk with a third leg beside it.
    fn new() -> Self {
        let house = House::new();
        let (caller, operator) = house.bridged(CODECS[0], CODECS[1]);
        let third = house.open(SUPERVISOR, Some(CALLER), CODECS[2]);
        Self {
            house,
            phones: [caller, operator, third],
        }
    }

    /// Who hears whom, by their places in `LEGS`.
    fn mix(&self, hears: [&[usize]; 3]) {
        let legs = std::iter::zip(LEGS, hears).map(|(leg, hears)| Hearing {
            leg,
            hears: hears.iter().map(|at| LEGS[*at]).collect(),
        });
        let legs = legs.collect();
        self.house.plane.send(MediaCommand::Mix { legs });
        // The metronome's thread may be another: this one's tick is what counts.
        self.house.obeyed(SUPERVISOR);
    }

    /// Everybody says their level for so many frames.
    fn talk(&mut self, frames: usize) {
        for _ in 0..frames {
            self.house.ticks(1);
            for ((phone, codec), level) in self.phones.iter_mut().zip(CODECS).zip(LEVELS) {
                phone.say(payload_type(codec), &[g711::encode(codec, level); 160]);
            }
        }
    }

    /// The level that most of what one phone gets has, after a second of talk.
    fn heard(&mut self) -> [i16; 3] {
        self.talk(15);
        for phone in &self.phones {
            phone.drain();
        }
        self.talk(30);
        std::array::from_fn(|at| {
            let frames = self.phones[at].take_waiting();
            let mut levels: Vec<i16> = frames
                .iter()
                .map(|got| g711::decode(CODECS[at], got.octets[80]))
                .collect();
            levels.sort_unstable();
            let most = levels.chunk_by(|a, b| a == b).max_by_key(|run| run.len());
            let most = most.expect("nothing heard");
            assert!(most.len() * 3 > levels.len() * 2, "{at}: {levels:?}");
            most[0]
        })
    }

    /// The level at which a phone hears some others.
    fn sum(listener: usize, voices: &[usize]) -> i16 {
        let level = |at: &usize| through(CODECS[*at], LEVELS[*at]);
        through(CODECS[listener], voices.iter().map(level).sum())
    }
}

impl Phone {
    fn take_waiting(&self) -> Vec<Got> {
        self.socket.set_nonblocking(true).unwrap();
        let mut buffer = [0; 2_000];
        let next = || {
            let length = self.socket.recv(&mut buffer).ok()?;
            Some(Got::read(&buffer[..length]))
        };
        let got = std::iter::from_fn(next).collect();
        self.socket.set_nonblocking(false).unwrap();
        got
    }
}

#[test]
fn in_a_conference_everybody_hears_the_others_and_not_themselves() {
    let mut three = Three::new();
    three.mix([&[1, 2], &[0, 2], &[0, 1]]);
    let expected = [(0, [1, 2]), (1, [0, 2]), (2, [0, 1])].map(|(at, of)| Three::sum(at, &of));
    assert_eq!(three.heard(), expected);
}

#[test]
fn who_listens_hears_both_and_is_heard_by_nobody() {
    let mut three = Three::new();
    three.mix([&[1], &[0], &[0, 1]]);
    let expected = [
        Three::sum(0, &[1]),
        Three::sum(1, &[0]),
        Three::sum(2, &[0, 1]),
    ];
    assert_eq!(three.heard(), expected);
    // The talk itself passes untouched, as in a bridge.
    let up: Vec<u8> = (0..160).collect();
    three.phones[0].say(8, &up);
    let mut got = std::iter::repeat_with(|| three.phones[1].hear()).take(50);
    assert!(got.any(|got| got.octets == up));
}

#[test]
fn a_whisper_is_heard_by_the_operator_only() {
    let mut three = Three::new();
    three.mix([&[1], &[0, 2], &[0, 1]]);
    let expected = [
        Three::sum(0, &[1]),
        Three::sum(1, &[0, 2]),
        Three::sum(2, &[0, 1]),
    ];
    assert_eq!(three.heard(), expected);
}

#[test]
fn a_muted_leg_is_in_nobodys_sum_and_a_held_one_hears_nothing() {
    let mut three = Three::new();
    three.mix([&[1, 2], &[0, 2], &[0, 1]]);
    let mut muted = format(CODECS[0], three.phones[0].address());
    muted.receive = false;
    three.house.negotiate(CALLER, &muted);
    let heard = three.heard();
    assert_eq!(heard[1], Three::sum(1, &[2]));
    assert_eq!(heard[2], Three::sum(2, &[1]));
    let mut held = format(CODECS[1], three.phones[1].address());
    held.send = false;
    three.house.negotiate(OPERATOR, &held);
    three.house.ticks(5);
    three.phones[1].drain();
    three.talk(10);
    assert_eq!(three.phones[1].drain(), 0);
    assert!(three.phones[2].drain() > 0);
}

#[test]
fn who_leaves_closes_and_the_others_talk_on() {
    let mut three = Three::new();
    three.mix([&[1, 2], &[0, 2], &[0, 1]]);
    three.talk(10);
    three.house.ticks(2);
    three
        .house
        .plane
        .send(MediaCommand::Close { leg: SUPERVISOR });
    let MediaEvent::Closed { leg, report } = three.house.event() else {
        panic!("not closed");
    };
    assert_eq!((leg, report.received_packets), (SUPERVISOR, 10));
    assert!(report.sent_packets >= 10);
    let up: Vec<u8> = (0..160).collect();
    three.phones[0].say(8, &up);
    let mut got = std::iter::repeat_with(|| three.phones[1].hear()).take(50);
    assert!(got.any(|got| got.octets == up), "a bridge again");
    // The last one is alone.
    three.house.plane.send(MediaCommand::Close { leg: CALLER });
    assert!(matches!(three.house.event(), MediaEvent::Closed { .. }));
    three.house.obeyed(OPERATOR);
    three.phones[1].drain();
    assert_eq!(three.phones[1].hear().octets, [g711::ALAW_SILENCE; 160]);
}

#[test]
fn a_key_is_passed_between_the_frames_of_a_sum() {
    let mut three = Three::new();
    three.mix([&[1, 2], &[0, 2], &[0, 1]]);
    three.talk(5);
    for phone in &three.phones {
        phone.drain();
    }
    for (end, duration) in [(0, 160_u16), (0, 320), (0x80, 480)] {
        let [high, low] = duration.to_be_bytes();
        three.phones[0].sequence += 1;
        three.phones[0].say_at(101, 50_000, &[7, 10 | end, high, low]);
        three.house.ticks(1);
    }
    let digit = MediaEvent::Digit {
        leg: CALLER,
        digit: '7',
    };
    assert_eq!(three.house.event(), digit);
    three.house.ticks(2);
    for at in [1, 2] {
        let got = three.phones[at].take_waiting();
        let keys: Vec<&Got> = got.iter().filter(|got| got.payload_type == 101).collect();
        assert_eq!(keys.len(), 3);
        assert!(keys.iter().all(|key| key.timestamp == keys[0].timestamp));
        assert!(
            got.windows(2)
                .all(|two| two[1].sequence == two[0].sequence.wrapping_add(1))
        );
        assert!(got.len() > keys.len(), "the others are heard meanwhile");
    }
}

#[test]
fn a_recording_goes_on_from_bridge_to_room_and_back() {
    let mut three = Three::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.wav");
    three.house.plane.send(MediaCommand::Record {
        caller: CALLER,
        path: path.clone(),
    });
    three.talk(25);
    // Listened to: what nobody hears is not recorded.
    three.mix([&[1], &[0], &[0, 1]]);
    three.talk(25);
    three.mix([&[1, 2], &[0, 2], &[0, 1]]);
    three.talk(25);
    three
        .house
        .plane
        .send(MediaCommand::Close { leg: SUPERVISOR });
    assert!(matches!(three.house.event(), MediaEvent::Closed { .. }));
    three.talk(25);
    drop(three);
    let wav = hound::WavReader::open(&path).unwrap();
    let samples: Vec<i16> = wav.into_samples().map(Result::unwrap).collect();
    let channel = |at: usize| -> Vec<i16> {
        let one = samples.iter().skip(at).step_by(2);
        one.copied().collect()
    };
    let (left, right) = (channel(0), channel(1));
    let count = |sound: &[i16], level: i16| sound.iter().filter(|s| **s == level).count() / 160;
    let alone = through(CODECS[1], LEVELS[1]);
    let both = alone + through(CODECS[2], LEVELS[2]);
    assert!(
        count(&left, through(CODECS[0], LEVELS[0])) >= 85,
        "the caller throughout"
    );
    assert!(count(&right, alone) >= 60, "the operator alone");
    assert!(count(&right, both) >= 18, "and with the supervisor");
    assert_eq!(count(&right, through(CODECS[2], LEVELS[2])), 0);
}

#[test]
fn music_goes_on_when_somebody_comes_in_to_listen() {
    let mut three = Three::new();
    let repeat = true;
    three.house.plane.send(MediaCommand::Play {
        leg: CALLER,
        play: PlayId(8),
        prompts: vec![prompt(&[9_000], 0)],
        repeat,
    });
    three.mix([&[1], &[0], &[0, 1]]);
    let heard = three.heard();
    assert_eq!(heard[0], through(CODECS[0], 9_000));
    three
        .house
        .plane
        .send(MediaCommand::StopPlaying { leg: CALLER });
    assert_eq!(three.heard()[0], Three::sum(0, &[1]));
    // Apart, nobody hears anybody.
    three
        .house
        .plane
        .send(MediaCommand::Unbridge { leg: SUPERVISOR });
    let silence = CODECS.map(|codec| g711::decode(codec, g711::silence(codec)));
    assert_eq!(three.heard(), silence);
}

#[test]
fn what_is_said_beside_a_caller_on_hold_is_not_recorded() {
    const COLLEAGUE: LegId = LegId(77);
    let house = House::new();
    let (mut caller, mut operator) = house.bridged(Codec::Pcma, Codec::Pcma);
    let mut colleague = house.open(COLLEAGUE, Some(CALLER), Codec::Pcma);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.wav");
    house.plane.send(MediaCommand::Record {
        caller: CALLER,
        path: path.clone(),
    });
    let hears = |leg, hears: &[LegId]| Hearing {
        leg,
        hears: hears.to_vec(),
    };
    let apart = vec![
        hears(CALLER, &[]),
        hears(OPERATOR, &[COLLEAGUE]),
        hears(COLLEAGUE, &[OPERATOR]),
    ];
    let together = Hearing::all(&[CALLER, OPERATOR, COLLEAGUE]);
    // What the three say apart, and together.
    let (before, after) = ([1_000, 2_100, 4_300], [1_500, 3_000, 5_000]);
    for (legs, levels) in [(apart, before), (together, after)] {
        house.plane.send(MediaCommand::Mix { legs });
        house.obeyed(CALLER);
        // Then they are silent until what they said has passed.
        for frame in 0..25 {
            house.ticks(1);
            for (phone, level) in [&mut caller, &mut operator, &mut colleague]
                .into_iter()
                .zip(levels)
            {
                let level = if frame < 15 { level } else { 0 };
                phone.say(8, &[g711::encode(Codec::Pcma, level); 160]);
            }
        }
    }
    drop(house);

    let wav = hound::WavReader::open(&path).unwrap();
    let samples: Vec<i16> = wav.into_samples().map(Result::unwrap).collect();
    let [mine, operators, colleagues] = before.map(|level| through(Codec::Pcma, level));
    let is_recorded = |channel: usize, wanted: i16| {
        let mut samples = samples.iter().skip(channel).step_by(2);
        samples.any(|sample| *sample == wanted)
    };
    assert!(!is_recorded(0, mine), "the caller on hold");
    for level in [operators, colleagues, operators + colleagues] {
        assert!(!is_recorded(1, level), "what was said apart: {level}");
    }
    let [mine, operators, colleagues] = after.map(|level| through(Codec::Pcma, level));
    assert!(is_recorded(0, mine), "the caller in the conference");
    assert!(is_recorded(1, operators + colleagues), "both others");
}
