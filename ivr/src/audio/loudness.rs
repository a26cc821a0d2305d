//! As loud as it should be: prompts to one level, and louder for who asks for it.

use super::level::from_dbfs;
use super::p56::active_level;
use super::sample;

/// Speech of every prompt has this active level (ITU-T P.56) in dBov: −19.9 dBm0, the nominal level
/// of a talker on a telephone network, so that the assistant and the operator are equally loud.
pub const SPEECH_DBOV: f32 = -26.0;
/// No peak is higher, in dBov.
pub const PEAK_DBOV: f32 = -1.0;
/// What «громче» adds, in decibels.
pub const LOUDER_DB: f32 = 6.0;
/// Samples that share a gain in the limiter: 5 ms.
const BLOCK: usize = 40;

/// Brings speech to [`SPEECH_DBOV`]; peaks are held down. Silence stays silence.
#[must_use]
pub fn to_level(audio: &[i16]) -> Vec<i16> {
    let level = active_level(audio);
    if level <= -90.0 {
        return audio.to_vec();
    }
    amplified(audio, SPEECH_DBOV - level)
}

/// Amplifies by so many decibels; peaks are held under [`PEAK_DBOV`] by a gain that changes slowly
/// enough not to be heard as a crackle.
#[must_use]
pub fn amplified(audio: &[i16], gain_db: f32) -> Vec<i16> {
    let gain = 10_f32.powf(gain_db / 20.0);
    let most = from_dbfs(PEAK_DBOV);
    let wanted: Vec<f32> = audio
        .chunks(BLOCK)
        .map(|block| {
            let loudest = block.iter().map(|x| x.unsigned_abs()).max().unwrap_or(0);
            gain.min(most / f32::from(loudest.max(1)))
        })
        .collect();
    // A block takes the least gain of itself and its neighbours, and the gain moves in a line from
    // one block's middle to the next: at no sample is it more than its own block allows.
    let least = |at: usize| {
        let around = wanted.get(at.saturating_sub(1)..(at + 2).min(wanted.len()));
        let around = around.unwrap_or_default();
        around.iter().copied().fold(gain, f32::min)
    };
    let mut out = Vec::with_capacity(audio.len());
    for (at, block) in audio.chunks(BLOCK).enumerate() {
        let (before, here, after) = (least(at.saturating_sub(1)), least(at), least(at + 1));
        let after = if at + 1 < wanted.len() { after } else { here };
        for (x, place) in block.iter().zip(places()) {
            let gain = if place < 0.0 {
                here + (before - here) * -place
            } else {
                here + (after - here) * place
            };
            out.push(sample(f32::from(*x) * gain));
        }
    }
    out
}

/// Where the samples of a block are, from −0.5 to 0.5 of it.
#[expect(clippy::cast_precision_loss, reason = "40 samples")]
fn places() -> impl Iterator<Item = f32> {
    (0..BLOCK).map(|n| (n as f32 + 0.5) / BLOCK as f32 - 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(amplitude: f32, samples: u16) -> Vec<i16> {
        (0..samples)
            .map(|n| sample(amplitude * (f32::from(n) * 0.7).sin()))
            .collect()
    }

    #[test]
    fn prompts_become_equally_loud() {
        for amplitude in [100.0, 1_000.0, 20_000.0] {
            let level = active_level(&to_level(&tone(amplitude, 16_000)));
            assert!((level - SPEECH_DBOV).abs() < 0.3, "{level}");
        }
        assert_eq!(to_level(&[0; 100]), vec![0; 100]);
    }

    #[test]
    fn louder_is_louder_and_never_clips() {
        let plain = to_level(&tone(1_000.0, 16_000));
        let louder = amplified(&plain, LOUDER_DB);
        let gained = active_level(&louder) - active_level(&plain);
        assert!((gained - LOUDER_DB).abs() < 0.1, "{gained}");

        let mut spiky = tone(3_000.0, 16_000);
        for x in &mut spiky[8_000..8_030] {
            *x *= 9;
        }
        let limited = amplified(&spiky, 12.0);
        let most = limited.iter().map(|x| x.unsigned_abs()).max().unwrap();
        assert!(f32::from(most) <= from_dbfs(PEAK_DBOV) + 1.0, "{most}");
        // Away from the spike the gain is whole, and nowhere does the wave jump.
        assert!((f32::from(limited[4_001]) / f32::from(spiky[4_001]) - 3.981).abs() < 0.05);
    }
}
