//! Tells our own voice that comes back from a telephone from the caller's.
//!
//! A telephone returns part of what it plays: weaker, 20–600 ms later, through some filter, bent by
//! A-law. What is heard is therefore compared with what was sent. The delay is found once by
//! correlation; from then on each loud frame is explained, as well as it can be, by a short filter
//! over what was sent that long ago. Only the rest that is not explained can be the caller.

use super::FRAME;

/// The longest delay looked for: 600 ms.
const MAX_LAG: usize = 4_800;
/// Samples of the newest sound that are compared when the delay is looked for: 60 ms.
const SEARCH: usize = 3 * FRAME;
/// Samples the filter is fitted on: 120 ms.
const FIT: usize = 6 * FRAME;
/// Samples of the filter: 6 ms around the delay.
const TAPS: usize = 48;
/// What was sent is kept as long as it may come back.
const SENT: usize = MAX_LAG + FIT + TAPS;
/// A delay at which the sounds are this alike is the echo's at once…
const SURE: f32 = 0.85;
/// …and at this likeness if the next look finds the same.
const LIKELY: f32 = 0.5;
/// Two looks have found the same delay within so many samples.
const SAME: usize = 8;
/// An echo of which no more than this part of the power stays unexplained: −6 dB.
const EXPLAINED: f32 = 0.25;
/// Loud frames that are not explained, in a row, after which the delay is looked for anew.
const MOST_STRANGE: u8 = 3;
/// Below this, power of a sample, nothing that matters was sent: −60 dBov.
const SILENT: f32 = 32.0 * 32.0;

/// What is known of a line's echo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delay {
    Unknown,
    /// Found once.
    Guess(usize),
    /// Found twice, or without doubt; so many loud frames since then were not explained.
    Known {
        lag: usize,
        strange: u8,
    },
}

/// What a frame was, as far as the echo goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rest {
    /// Part of the frame's power that is not our echo, 0–1: 0 where the echo explains what is heard.
    pub share: f32,
    /// The echo was recognised only now: loud frames just before were it too.
    pub found: bool,
}

const ALL: Rest = Rest {
    share: 1.0,
    found: false,
};

/// The echo of one line. Takes frames of 20 ms, sent and heard at the same time.
#[derive(Clone, Debug)]
pub struct EchoGuard {
    sent: Vec<f32>,
    heard: Vec<f32>,
    /// Frames since anything was sent.
    silent: usize,
    delay: Delay,
}

impl EchoGuard {
    /// A line of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self {
            sent: vec![0.0; SENT],
            heard: vec![0.0; FIT],
            silent: usize::MAX,
            delay: Delay::Unknown,
        }
    }

    /// The same line later: nothing sent lately, the delay still known.
    #[must_use]
    pub fn rested(&self) -> Self {
        Self {
            delay: self.delay,
            ..Self::new()
        }
    }

    /// Whether an echo was found on this line.
    #[must_use]
    pub const fn has_echo(&self) -> bool {
        matches!(self.delay, Delay::Known { .. })
    }

    /// The next frame. `loud` says whether it would matter if it were the caller.
    pub fn push(&mut self, sent: &[i16; FRAME], heard: &[i16; FRAME], loud: bool) -> Rest {
        let sound = slide(&mut self.sent, sent) > SILENT;
        let heard_power = slide(&mut self.heard, heard);
        self.silent = if sound {
            0
        } else {
            self.silent.saturating_add(1)
        };
        if !loud || heard_power <= 0.0 || self.silent > MAX_LAG / FRAME + 1 {
            return ALL;
        }
        if let Delay::Known { lag, strange } = self.delay {
            let share = self.unexplained(lag, heard_power);
            let strange = if share > EXPLAINED { strange + 1 } else { 0 };
            if strange < MOST_STRANGE {
                self.delay = Delay::Known { lag, strange };
                return Rest {
                    share,
                    found: false,
                };
            }
        }
        self.search(heard_power)
    }

    /// Looks for the delay.
    fn search(&mut self, heard_power: f32) -> Rest {
        let (lag, likeness) = self.likeliest();
        let again = match self.delay {
            Delay::Guess(known) | Delay::Known { lag: known, .. } => known.abs_diff(lag) <= SAME,
            Delay::Unknown => false,
        };
        if likeness < LIKELY || !(likeness > SURE || again) {
            // A known delay is not given up for speech over the echo: it is tried again.
            self.delay = match self.delay {
                Delay::Known { lag, .. } => Delay::Known {
                    lag,
                    strange: MOST_STRANGE - 1,
                },
                Delay::Unknown | Delay::Guess(_) if likeness < LIKELY => Delay::Unknown,
                Delay::Unknown | Delay::Guess(_) => Delay::Guess(lag),
            };
            let share = match self.delay {
                Delay::Known { lag, .. } => self.unexplained(lag, heard_power),
                Delay::Unknown | Delay::Guess(_) => 1.0,
            };
            return Rest {
                share,
                found: false,
            };
        }
        self.delay = Delay::Known { lag, strange: 0 };
        let share = self.unexplained(lag, heard_power);
        Rest {
            share,
            found: share <= 0.0,
        }
    }

    /// The delay at which what was sent is most like what is heard, and how like: 0–1. Both are
    /// looked at with half of the samples, each the mean of two.
    fn likeliest(&self) -> (usize, f32) {
        let heard = halved(self.heard.get(FIT - SEARCH..).unwrap_or_default());
        let sent = halved(self.sent.get(SENT - MAX_LAG - SEARCH..).unwrap_or_default());
        let heard_power: f32 = heard.iter().map(|x| x * x).sum();
        let length = heard.len();
        let mut power: f32 = sent.iter().take(length).map(|x| x * x).sum();
        let (mut best, mut found) = (0.0_f32, 0);
        for (start, window) in sent.windows(length).enumerate() {
            let both: f32 = window.iter().zip(&heard).map(|(x, y)| x * y).sum();
            let floor = SILENT * 0.1 * 240.0;
            let likeness = both.abs() / (power.max(floor) * heard_power.max(1.0)).sqrt();
            if likeness > best {
                (best, found) = (likeness, start);
            }
            let leaves = window.first().copied().unwrap_or(0.0);
            let enters = sent.get(start + length).copied().unwrap_or(0.0);
            power = (power + enters * enters - leaves * leaves).max(0.0);
        }
        (MAX_LAG - 2 * found, best)
    }

    /// The part of the newest frame's power that a filter over what was sent `lag` ago leaves.
    fn unexplained(&self, lag: usize, heard_power: f32) -> f32 {
        // The filter reaches from half of its length before the delay to half after it.
        let ahead = (TAPS / 2).min(lag);
        let start = SENT + ahead - lag - FIT;
        let Some(first) = start.checked_sub(TAPS - 1) else {
            return 1.0;
        };
        let Some(sent) = self.sent.get(first..(start + FIT).min(SENT)) else {
            return 1.0;
        };
        let taps = fitted(sent, &self.heard);
        let newest = FIT - FRAME;
        let mut rest = 0.0_f32;
        for (offset, heard) in self.heard.iter().enumerate().skip(newest) {
            let past = sent.get(offset..offset + TAPS).unwrap_or_default();
            let echo: f32 = past.iter().rev().zip(&taps).map(|(x, tap)| x * tap).sum();
            rest += (heard - echo) * (heard - echo);
        }
        let share = (rest / (heard_power * FRAME_POWER)).min(1.0);
        // What the filter leaves of an echo is A-law's grain and the line's noise.
        if share > EXPLAINED { share } else { 0.0 }
    }
}

impl Default for EchoGuard {
    fn default() -> Self {
        Self::new()
    }
}

/// Samples of a frame, as a factor.
const FRAME_POWER: f32 = 160.0;

/// Drops the oldest frame, appends the newest and returns its mean power.
fn slide(past: &mut [f32], frame: &[i16; FRAME]) -> f32 {
    past.rotate_left(FRAME);
    let start = past.len() - FRAME;
    let mut power = 0.0;
    for (to, x) in past.iter_mut().skip(start).zip(frame) {
        *to = f32::from(*x);
        power += *to * *to;
    }
    power / FRAME_POWER
}

fn halved(audio: &[f32]) -> Vec<f32> {
    audio
        .chunks_exact(2)
        .map(|pair| pair.iter().sum::<f32>() / 2.0)
        .collect()
}

/// The filter of [`TAPS`] samples that makes most of `heard` out of `sent`, which begins TAPS − 1
/// samples earlier: least squares by the covariance method.
fn fitted(sent: &[f32], heard: &[f32]) -> Vec<f32> {
    let sent_at = |n: usize| f64::from(sent.get(n).copied().unwrap_or(0.0));
    let shifted = |k: usize| sent.get(TAPS - 1 - k..).unwrap_or_default();
    let product = |a: &[f32], b: &[f32]| -> f64 {
        let both = a.iter().zip(b).take(FIT);
        both.map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
    };
    let wanted: Vec<f64> = (0..TAPS).map(|k| product(heard, shifted(k))).collect();
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(TAPS);
    rows.push((0..TAPS).map(|k| product(shifted(0), shifted(k))).collect());
    for i in 1..TAPS {
        // Each diagonal follows from its beginning: a sample enters in front, one leaves behind.
        let row = (0..TAPS).map(|j| {
            let (row, column) = (i.min(j), i.max(j));
            if row < i {
                return entry(&rows, row, column);
            }
            let enters = sent_at(TAPS - 1 - row) * sent_at(TAPS - 1 - column);
            let leaves = sent_at(TAPS - 1 + FIT - row) * sent_at(TAPS - 1 + FIT - column);
            entry(&rows, row - 1, column - 1) + enters - leaves
        });
        let row: Vec<f64> = row.collect();
        rows.push(row);
    }
    // A little noise keeps the equations solvable where little was sent.
    let noise = entry(&rows, 0, 0) * 1e-6 + 100.0;
    solved(&rows, wanted, noise)
}

fn entry(rows: &[Vec<f64>], i: usize, j: usize) -> f64 {
    rows.get(i)
        .and_then(|row| row.get(j))
        .copied()
        .unwrap_or(0.0)
}

/// Solves symmetric positive definite equations, `noise` added to their diagonal, by Cholesky's
/// factors.
#[expect(clippy::cast_possible_truncation, reason = "taps of a filter of f32")]
fn solved(rows: &[Vec<f64>], wanted: Vec<f64>, noise: f64) -> Vec<f32> {
    let mut lower: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    let mut halfway: Vec<f64> = Vec::with_capacity(rows.len());
    for (i, wanted) in wanted.into_iter().enumerate() {
        let mut row: Vec<f64> = Vec::with_capacity(i + 1);
        for j in 0..=i {
            let other = if j < i { lower.get(j) } else { None };
            let other: &[f64] = other.map_or(&row, |other| other);
            let known: f64 = row.iter().zip(other).take(j).map(|(a, b)| a * b).sum();
            let own = other.get(j).copied().unwrap_or(1.0);
            let rest = entry(rows, i, j) - known;
            row.push(if j < i {
                rest / own
            } else {
                (rest + noise).max(noise).sqrt()
            });
        }
        let known: f64 = row.iter().zip(&halfway).map(|(a, b)| a * b).sum();
        halfway.push((wanted - known) / row.last().copied().unwrap_or(1.0));
        lower.push(row);
    }
    let mut taps = halfway;
    for i in (0..taps.len()).rev() {
        let later = taps.iter().enumerate().skip(i + 1);
        let known: f64 = later.map(|(k, tap)| tap * entry(&lower, k, i)).sum();
        let own = entry(&lower, i, i).max(f64::MIN_POSITIVE);
        if let Some(tap) = taps.get_mut(i) {
            *tap = (*tap - known) / own;
        }
    }
    taps.into_iter().map(|tap| tap as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::sample;

    /// Something like a voice: a buzz whose pitch, loudness and colour wander, and some breath.
    fn voice(seed: u32, frames: usize) -> Vec<i16> {
        let (mut phase, mut dice) = (0.0_f32, seed);
        let own = f32::from(u8::try_from(seed % 97).unwrap());
        (0..frames * FRAME)
            .map(|n| {
                let t = f32::from(u16::try_from(n % 60_000).unwrap()) / 8_000.0;
                let hz = 150.0 + own + 40.0 * (t * (3.1 + own / 50.0)).sin();
                phase = (phase + hz / 8_000.0).fract();
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let breath = f32::from(u16::try_from(dice >> 16).unwrap()) / 65_536.0 - 0.5;
                let buzz: f32 = (1_u8..12)
                    .map(|k| {
                        let colour = (f32::from(k) * (1.0 + t + own)).sin() / f32::from(k).sqrt();
                        colour * (std::f32::consts::TAU * phase * f32::from(k)).sin()
                    })
                    .sum();
                sample(1_500.0 * (t * 9.0 + own).sin().abs() * buzz + 300.0 * breath)
            })
            .collect()
    }

    /// Comes back so much weaker, so many samples later, with a little of its own past.
    fn comes_back(sent: &[i16], share: f32, lag: usize) -> Vec<i16> {
        let at = |n: usize, back: usize| {
            let sample = n.checked_sub(back).and_then(|n| sent.get(n));
            f32::from(sample.copied().unwrap_or(0))
        };
        (0..sent.len())
            .map(|n| {
                let clean = at(n, lag) + 0.4 * at(n, lag + 3) - 0.2 * at(n, lag + 9);
                sample(share * clean)
            })
            .collect()
    }

    fn frames<'a>(
        sent: &'a [i16],
        heard: &'a [i16],
    ) -> impl Iterator<Item = (&'a [i16; FRAME], &'a [i16; FRAME])> {
        let frame = |piece: &'a [i16]| <&[i16; FRAME]>::try_from(piece).unwrap();
        let both = sent.chunks_exact(FRAME).zip(heard.chunks_exact(FRAME));
        both.map(move |(sent, heard)| (frame(sent), frame(heard)))
    }

    #[test]
    fn our_voice_is_known_at_every_delay_and_loudness() {
        let sent = voice(7, 60);
        for lag in [160, 400, 977, 2_400, 4_500] {
            for share in [0.3, 0.1, 0.05] {
                let mut guard = EchoGuard::new();
                let heard = comes_back(&sent, share, lag);
                let rests: Vec<Rest> = frames(&sent, &heard)
                    .map(|(sent, heard)| guard.push(sent, heard, true))
                    .collect();
                assert!(guard.has_echo(), "{lag} {share}");
                let begins = lag / FRAME;
                let later = &rests[begins + 6..];
                let ours = later.iter().filter(|rest| rest.share <= 0.0).count();
                assert!(ours * 20 >= later.len() * 19, "{lag} {share}: {rests:?}");
            }
        }
    }

    #[test]
    fn a_caller_is_nobodys_echo_and_is_heard_over_one() {
        let sent = voice(7, 80);
        let caller = voice(31, 80);
        let mut guard = EchoGuard::new();
        let shares: Vec<f32> = frames(&sent, &caller)
            .map(|(sent, heard)| guard.push(sent, heard, true).share)
            .collect();
        let whole = shares.iter().filter(|share| **share > 0.5).count();
        assert!(whole * 10 >= shares.len() * 9, "{shares:?}");

        // First the echo alone for half a second, then the caller as well.
        let mut guard = EchoGuard::new();
        let mut heard = comes_back(&sent, 0.1, 960);
        for (heard, caller) in heard.iter_mut().zip(&caller).skip(40 * FRAME) {
            *heard = heard.saturating_add(*caller);
        }
        let shares: Vec<f32> = frames(&sent, &heard)
            .map(|(sent, heard)| guard.push(sent, heard, true).share)
            .collect();
        let before = shares[20..40].iter().filter(|share| **share <= 0.0).count();
        let after = shares[41..].iter().filter(|share| **share > 0.4).count();
        assert!(before >= 19, "{shares:?}");
        assert!(after >= 34, "{shares:?}");
    }

    #[test]
    fn where_nothing_is_sent_everything_is_the_callers() {
        let mut guard = EchoGuard::new();
        let caller = voice(31, 20);
        for (sent, heard) in frames(&[0; 20 * FRAME], &caller) {
            assert_eq!(guard.push(sent, heard, true), ALL);
        }
    }
}
