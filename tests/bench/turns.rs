//! Turn taking as a caller hears it: barge-in, the reply after the last word, our own echo, noise.
//! A telephone a line, everything read from the RTP of the calls with the kernel's receive times.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tests::sound;

use crate::Pace;
use crate::config::{PLAIN, Wanted};
use crate::figures::{Table, Values};
use crate::house::House;
use crate::sip::{self, Dialog, SERVER};
use crate::wire::{Wire, now_ns};

const FRAME: usize = 160;
const FRAME_NS: u64 = 20_000_000;
const MS_NS: u64 = 1_000_000;
/// Frames of a prompt that are heard before the caller interrupts: 2 s.
const BEFORE: usize = 100;
/// Root mean square over which a received frame is heard, of 32768: −50 dBov.
const HEARD: f64 = 100.0;
/// Speech is sent at this level, of 32768: −26 dBov.
const SPOKEN: f64 = 1_640.0;
/// Longest wait for anything, in frames: 12 s.
const PATIENCE: usize = 600;

/// What comes with the caller's voice.
#[derive(Clone, Copy)]
struct Line {
    title: &'static str,
    /// Of its telephone; audio has the second one above it.
    port: u16,
    /// Our prompt comes back so much weaker, after so many frames.
    echo: Option<(f64, usize)>,
    /// Pink noise, of 32768: −41 dBov is 15 dB under the speech.
    noise: f64,
    /// Every so many packets of the caller's is lost; 0 for none.
    loses: usize,
}

const LINES: [Line; 5] = [
    Line::new("clean", 6_000),
    Line {
        echo: Some((0.1, 6)),
        ..Line::new("echo −20 dB after 120 ms", 6_010)
    },
    Line {
        echo: Some((0.056, 14)),
        ..Line::new("echo −25 dB after 280 ms", 6_020)
    },
    Line {
        noise: 290.0,
        ..Line::new("pink noise, 15 dB under speech", 6_030)
    },
    Line {
        loses: 20,
        ..Line::new("5 % of packets lost", 6_040)
    },
];

impl Line {
    const fn new(title: &'static str, port: u16) -> Self {
        Self {
            title,
            port,
            echo: None,
            noise: 0.0,
            loses: 0,
        }
    }
}

/// What was found.
pub(crate) struct Turns {
    pub(crate) table: Table,
}

#[derive(Default)]
struct Measured {
    stop: Values,
    reply: Values,
    key: Values,
    missed: usize,
    cut_short: usize,
}

pub(crate) fn run(pace: Pace) -> Turns {
    let house = House::open(Wanted {
        operators: 0,
        rate: 100,
        recognised: 50,
    });
    let word = speech(house.server.folder(), "оператор");
    let (word, prompt) = (&word, undisturbed());
    let prompt = prompt.as_slice();
    let calls = match pace {
        Pace::Quick => 4,
        Pace::Usual => 20,
    };
    let all: Vec<(Line, Measured)> = std::thread::scope(|scope| {
        let lines =
            LINES.map(|line| scope.spawn(move || (line, measure(line, calls, word, prompt))));
        lines.map(|line| line.join().expect("a line")).into()
    });
    let mut table = Table::new(&[
        "line",
        "calls",
        "speech → silence p50/p95, ms",
        "last word → reply p50/p95, ms",
        "key → silence p50/p95, ms",
        "words missed",
        "prompts cut without a word",
    ]);
    for (line, mut found) in all {
        let pair = |values: &mut Values| format!("{:.0}/{:.0}", values.ms(500), values.ms(950));
        table.row(vec![
            line.title.into(),
            calls.to_string(),
            pair(&mut found.stop),
            pair(&mut found.reply),
            pair(&mut found.key),
            found.missed.to_string(),
            found.cut_short.to_string(),
        ]);
    }
    Turns { table }
}

/// The greeting as it is sent to who says nothing: what it is compared with, frame by frame.
fn undisturbed() -> Vec<[u8; FRAME]> {
    let mut call = Call::begin(LINES[0], 0);
    call.hear_prompt(BEFORE * 4);
    call.end();
    let frames = call.heard.iter().skip_while(|frame| !frame.loud);
    frames.map(|frame| frame.octets).collect()
}

fn measure(line: Line, calls: usize, word: &Word, prompt: &[[u8; FRAME]]) -> Measured {
    let mut found = Measured::default();
    for turn in 0..calls {
        interrupt(line, turn, word, prompt, &mut found);
        listen_only(line, turn, prompt, &mut found);
        press(line, turn, prompt, &mut found);
    }
    found
}

/// Speaks into the greeting: when does it fall silent, when does the reply begin?
fn interrupt(line: Line, turn: usize, word: &Word, prompt: &[[u8; FRAME]], found: &mut Measured) {
    let mut call = Call::begin(line, turn);
    call.hear_prompt(BEFORE + turn * 7);
    let began = call.speak(&word.frames);
    let onset = began + (word.onset as u64) * FRAME_NS;
    let ended = began + (word.end as u64) * FRAME_NS;
    let times = |call: &Call| {
        let silent = call.left_off(prompt, onset)?;
        Some((silent, call.loud_after(silent.max(ended))?))
    };
    call.until(PATIENCE, |call| times(call).is_some());
    match times(&call) {
        Some((silent, reply)) if silent < ended + 400 * MS_NS => {
            found.stop.push(silent - onset);
            found.reply.push(reply - ended);
        }
        _ => found.missed += 1,
    }
    call.end();
}

/// Says nothing: the greeting must be heard as it is.
fn listen_only(line: Line, turn: usize, prompt: &[[u8; FRAME]], found: &mut Measured) {
    let mut call = Call::begin(line, turn);
    call.hear_prompt(BEFORE * 3);
    call.end();
    found.cut_short += usize::from(call.left_off(prompt, 0).is_some());
}

/// Presses a key into the greeting.
fn press(line: Line, turn: usize, prompt: &[[u8; FRAME]], found: &mut Measured) {
    let mut call = Call::begin(line, turn);
    call.hear_prompt(BEFORE + turn * 7);
    let pressed = call.key(2);
    call.until(PATIENCE / 6, |call| {
        call.left_off(prompt, pressed).is_some()
    });
    if let Some(silent) = call.left_off(prompt, pressed) {
        found.key.push(silent - pressed);
    }
    call.end();
}

/// A word to say.
struct Word {
    frames: Vec<[i16; FRAME]>,
    /// Frames before its sound begins, and up to its end.
    onset: usize,
    end: usize,
}

fn speech(folder: &Path, text: &str) -> Word {
    let mut reader = hound::WavReader::open(sound::speech(folder, text)).unwrap();
    let ratio = usize::try_from(reader.spec().sample_rate / 8_000).unwrap();
    let raw: Vec<i16> = reader.samples().map(Result::unwrap).collect();
    let sum = |piece: &[i16]| piece.iter().map(|x| f64::from(*x)).sum::<f64>();
    let samples: Vec<f64> = raw
        .chunks_exact(ratio)
        .map(|piece| sum(piece) / ratio as f64)
        .collect();
    let loudest = samples.chunks(FRAME).map(level).fold(0.0, f64::max);
    let gain = SPOKEN * 1.6 / loudest;
    let frames: Vec<[i16; FRAME]> = samples
        .chunks_exact(FRAME)
        .map(|piece| std::array::from_fn(|n| whole(piece[n] * gain)))
        .collect();
    let loud = |frame: &[i16; FRAME]| level(&frame.map(f64::from)) > SPOKEN * 0.1;
    let onset = frames.iter().position(loud).unwrap();
    let end = frames.iter().rposition(loud).unwrap() + 1;
    Word { frames, onset, end }
}

fn level(samples: &[f64]) -> f64 {
    let power: f64 = samples.iter().map(|x| x * x).sum();
    (power / samples.len() as f64).sqrt()
}

/// A packet that came.
struct HeardFrame {
    at_ns: u64,
    /// Whether something is to be heard in it.
    loud: bool,
    octets: [u8; FRAME],
}

/// One call from a telephone of numbers.
struct Call {
    line: Line,
    sip: Wire,
    rtp: Wire,
    dialog: Dialog,
    server: SocketAddr,
    /// Next packet.
    sequence: u16,
    due_ns: u64,
    speech: VecDeque<[i16; FRAME]>,
    /// What was heard, newest last, for the echo.
    played: VecDeque<[i16; FRAME]>,
    heard: Vec<HeardFrame>,
    /// Packets of a key that are still to be sent, and its timestamp.
    key: Option<(u8, u16, u32)>,
    dice: u64,
    pink: [f64; 3],
}

impl Call {
    fn begin(line: Line, turn: usize) -> Self {
        let (sip_port, rtp_port) = (line.port, line.port + 2);
        let (sip, rtp) = (Wire::open(sip_port), Wire::open(rtp_port));
        let number = now_ns();
        let mut dialog = Dialog {
            call_id: format!("turn{number}-{sip_port}"),
            local: format!("<sip:79990000000@127.0.0.1>;tag=t{number}"),
            remote: format!("<sip:{PLAIN}@127.0.0.1>"),
            target: format!("sip:{PLAIN}@{SERVER}"),
            cseq: 1,
            port: sip_port,
        };
        let server = SERVER.parse().unwrap();
        let body = sip::description(rtp_port);
        let invite = dialog.request("INVITE", Some(("application/sdp", &body)));
        sip.send(invite.as_bytes(), server);
        let mut sip = sip;
        let answer = loop {
            let Some(datagram) = sip.receive() else {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            };
            let text = String::from_utf8_lossy(sip.octets(&datagram)).into_owned();
            if sip::status(&text) == Some(200) {
                break text;
            }
        };
        dialog.remote = sip::header(&answer, "To").unwrap().to_owned();
        dialog.target = sip::contact(&answer);
        sip.send(dialog.request("ACK", None).as_bytes(), server);
        let media = sip::audio_port(&answer).unwrap();
        Self {
            line,
            sip,
            rtp,
            dialog,
            server: SocketAddr::from(([127, 0, 0, 1], media)),
            sequence: 0,
            due_ns: now_ns(),
            speech: VecDeque::new(),
            played: VecDeque::new(),
            heard: Vec::new(),
            key: None,
            dice: 1 + turn as u64,
            pink: [0.0; 3],
        }
    }

    /// Lets time pass, a packet every 20 ms, until something holds or so many frames are over.
    fn until(&mut self, frames: usize, holds: impl Fn(&Self) -> bool) {
        for _ in 0..frames {
            while now_ns() < self.due_ns {
                while self.take() {}
                std::thread::sleep(Duration::from_micros(500));
            }
            self.send();
            self.due_ns += FRAME_NS;
            while self.take() {}
            if holds(self) {
                return;
            }
        }
    }

    /// Until so many frames of a prompt were heard, and one just now.
    fn hear_prompt(&mut self, frames: usize) {
        self.until(PATIENCE * 4, |call| {
            call.heard.iter().filter(|frame| frame.loud).count() >= frames
                && call.heard.iter().rev().take(3).all(|frame| frame.loud)
        });
    }

    /// Queues speech; when its first frame will be sent.
    fn speak(&mut self, frames: &[[i16; FRAME]]) -> u64 {
        self.speech.extend(frames);
        self.due_ns
    }

    /// Begins a key; when its first packet will be sent.
    fn key(&mut self, digit: u8) -> u64 {
        self.key = Some((digit, 0, u32::from(self.sequence) * 160));
        self.due_ns
    }

    fn take(&mut self) -> bool {
        let Some(datagram) = self.rtp.receive() else {
            return false;
        };
        let octets = self.rtp.octets(&datagram);
        // The last packets of the call before may still come.
        if datagram.port == self.server.port() && octets.len() == 12 + FRAME {
            let frame: [i16; FRAME] = std::array::from_fn(|n| decoded(octets[12 + n]));
            let loud = level(&frame.map(f64::from)) > HEARD;
            self.heard.push(HeardFrame {
                at_ns: datagram.at_ns,
                loud,
                octets: std::array::from_fn(|n| octets[12 + n]),
            });
            self.played.push_back(frame);
            if self.played.len() > 50 {
                self.played.pop_front();
            }
        }
        true
    }

    fn send(&mut self) {
        let mut packet = vec![0x80, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
        self.sequence = self.sequence.wrapping_add(1);
        packet[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        let mut stamp = u32::from(self.sequence) * 160;
        if let Some((digit, sent, began)) = self.key {
            // RFC 4733: three packets while it lasts, three that say it is over.
            (packet[1], stamp) = (101, began);
            let over = if sent >= 3 { 0x80 } else { 0 };
            let lasted = (sent.min(3) + 1) * 160;
            packet.extend([digit, over | 10]);
            packet.extend(lasted.to_be_bytes());
            self.key = (sent < 5).then_some((digit, sent + 1, began));
        } else {
            let said = self.speech.pop_front().unwrap_or([0; FRAME]);
            let echo = self.line.echo.and_then(|(share, frames)| {
                let back = self.played.len().checked_sub(frames)?;
                Some((share, *self.played.get(back)?))
            });
            for (n, said) in said.iter().enumerate() {
                let echo = echo.map_or(0.0, |(share, frame)| share * f64::from(frame[n]));
                let noise = self.line.noise * self.pink();
                packet.push(encoded(whole(f64::from(*said) + echo + noise)));
            }
        }
        packet[4..8].copy_from_slice(&stamp.to_be_bytes());
        let lost = self.line.loses > 0 && usize::from(self.sequence) % self.line.loses == 7;
        if !lost {
            self.rtp.send(&packet, self.server);
        }
    }

    /// Pink noise of power one, by three poles.
    fn pink(&mut self) -> f64 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let white = (self.dice >> 40) as f64 / f64::from(1 << 23) - 1.0;
        let [a, b, c] = &mut self.pink;
        *a = 0.997 * *a + 0.099 * white;
        *b = 0.963 * *b + 0.297 * white;
        *c = 0.57 * *c + 1.053 * white;
        (*a + *b + *c + 0.185 * white) * 0.7
    }

    /// When something else than this prompt came for the first time, after a moment.
    fn left_off(&self, prompt: &[[u8; FRAME]], after_ns: u64) -> Option<u64> {
        let heard = self.heard.iter().skip_while(|frame| !frame.loud);
        let mut pairs = heard
            .zip(prompt)
            .filter(|(heard, _)| heard.at_ns > after_ns);
        let other = pairs.find(|(heard, sent)| heard.octets != **sent)?;
        Some(other.0.at_ns)
    }

    fn loud_after(&self, at_ns: u64) -> Option<u64> {
        let mut later = self.heard.iter().filter(|frame| frame.at_ns > at_ns);
        later.find(|frame| frame.loud).map(|frame| frame.at_ns)
    }

    fn end(&mut self) {
        self.dialog.cseq += 1;
        let bye = self.dialog.request("BYE", None);
        self.sip.send(bye.as_bytes(), SERVER.parse().unwrap());
        loop {
            match self.sip.receive() {
                Some(datagram) => {
                    let text = String::from_utf8_lossy(self.sip.octets(&datagram)).into_owned();
                    if sip::status(&text) == Some(200) && sip::method(&text) == "BYE" {
                        return;
                    }
                }
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a conversion to i16 stops at its ends"
)]
const fn whole(sample: f64) -> i16 {
    sample as i16
}

/// ITU-T G.711 A-law.
fn encoded(x: i16) -> u8 {
    let magnitude = (u32::from(if x < 0 { !x } else { x }.unsigned_abs()) >> 3).min(4_095);
    let code = if magnitude < 32 {
        magnitude >> 1
    } else {
        let exponent = magnitude.ilog2() - 4;
        (exponent << 4) | ((magnitude >> exponent) & 15)
    };
    let sign = if x < 0 { 0 } else { 0x80 };
    (u8::try_from(code).unwrap() | sign) ^ 0x55
}

fn decoded(octet: u8) -> i16 {
    let code = octet ^ 0x55;
    let (exponent, mantissa) = (i16::from(code >> 4 & 7), i16::from(code & 15));
    let magnitude = match exponent {
        0 => (mantissa << 4) + 8,
        _ => ((mantissa << 4) + 264) << (exponent - 1),
    };
    if code & 0x80 == 0 {
        -magnitude
    } else {
        magnitude
    }
}
