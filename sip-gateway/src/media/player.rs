//! Prompts one after the other, cut into frames.

use std::sync::Arc;

use super::{FRAME_SAMPLES, g711};
use crate::boundary::{Codec, EncodedPrompt, PlayId};

/// One play: a list of prompts and the place in it.
#[derive(Debug)]
pub struct Player {
    play: PlayId,
    prompts: Vec<Arc<EncodedPrompt>>,
    then: Then,
    index: usize,
    offset: usize,
    paused: bool,
}

/// A pause between words is at least so many quiet pieces of a frame: 80 ms.
const PAUSE_FRAMES: u8 = 4;
/// Nothing of it is louder than this, of 32768: −42 dBov.
const QUIET: u16 = 256;
/// A play that goes on repeats at most so many frames: 3 s.
const REPEATED_FRAMES: usize = 150;

/// What follows the last prompt that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    End,
    Repeat,
    /// More is being made: silence until it comes.
    Wait,
}

/// What a frame meant for its play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// More follows.
    Playing,
    /// This frame was the last, filled up with silence.
    Ended(PlayId),
}

impl Player {
    /// Begins at the first prompt's first octet.
    #[must_use]
    pub const fn new(play: PlayId, prompts: Vec<Arc<EncodedPrompt>>, repeat: bool) -> Self {
        let then = if repeat { Then::Repeat } else { Then::End };
        Self::with(play, prompts, then)
    }

    /// Begins with what is there of a play that is still being made.
    #[must_use]
    pub const fn live(play: PlayId, prompts: Vec<Arc<EncodedPrompt>>) -> Self {
        Self::with(play, prompts, Then::Wait)
    }

    const fn with(play: PlayId, prompts: Vec<Arc<EncodedPrompt>>, then: Then) -> Self {
        Self {
            play,
            prompts,
            then,
            index: 0,
            offset: 0,
            paused: false,
        }
    }

    /// Adds the next part of a live play; nothing to any other.
    pub fn more(&mut self, play: PlayId, prompts: Vec<Arc<EncodedPrompt>>, last: bool) {
        if play != self.play || self.then != Then::Wait {
            return;
        }
        self.prompts.extend(prompts);
        if last {
            self.then = Then::End;
        }
    }

    /// Falls silent.
    pub const fn pause(&mut self) {
        self.paused = true;
    }

    /// Goes on, from the beginning of the words in whose middle it fell silent.
    pub fn resume(&mut self) {
        if !std::mem::take(&mut self.paused) {
            return;
        }
        let prompt = self.prompts.get(self.index);
        let heard = prompt.and_then(|prompt| prompt.alaw.get(..self.offset));
        let quiet = |frame: &[u8]| {
            let mut samples = frame.iter().map(|x| g711::decode(Codec::Pcma, *x));
            samples.all(|x| x.unsigned_abs() < QUIET)
        };
        let mut in_a_row = 0;
        for frame in heard
            .unwrap_or_default()
            .rchunks(FRAME_SAMPLES)
            .take(REPEATED_FRAMES)
        {
            in_a_row = if quiet(frame) { in_a_row + 1 } else { 0 };
            if in_a_row == PAUSE_FRAMES {
                return;
            }
            self.offset -= frame.len();
        }
    }

    /// Fills the next frame in a law. Prompts follow each other without a gap.
    pub fn next(&mut self, codec: Codec, frame: &mut [u8; FRAME_SAMPLES]) -> Progress {
        frame.fill(g711::silence(codec));
        if self.paused {
            return Progress::Playing;
        }
        let mut filled = 0;
        // Two rounds without an octet mean that there is nothing to repeat.
        let mut rounds = 0;
        while filled < FRAME_SAMPLES {
            let Some(prompt) = self.prompts.get(self.index) else {
                rounds += 1;
                match self.then {
                    Then::Wait => return Progress::Playing,
                    Then::Repeat if rounds == 1 || filled > 0 => self.index = 0,
                    Then::Repeat | Then::End => return Progress::Ended(self.play),
                }
                continue;
            };
            let octets = match codec {
                Codec::Pcma => &prompt.alaw,
                Codec::Pcmu => &prompt.ulaw,
            };
            let rest = octets.get(self.offset..).unwrap_or(&[]);
            let taken = rest.len().min(FRAME_SAMPLES - filled);
            if let (Some(to), Some(from)) =
                (frame.get_mut(filled..filled + taken), rest.get(..taken))
            {
                to.copy_from_slice(from);
            }
            filled += taken;
            self.offset += taken;
            if taken == rest.len() {
                self.index += 1;
                self.offset = 0;
            }
        }
        if self.then == Then::End
            && self
                .prompts
                .iter()
                .skip(self.index)
                .all(|p| p.alaw.is_empty())
        {
            return Progress::Ended(self.play);
        }
        Progress::Playing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(len: usize, alaw: u8, ulaw: u8) -> Arc<EncodedPrompt> {
        Arc::new(EncodedPrompt {
            alaw: vec![alaw; len],
            ulaw: vec![ulaw; len],
        })
    }

    /// Frames as run lengths, until the end or `most` frames.
    fn play(mut player: Player, codec: Codec, most: usize) -> (Vec<Vec<(u8, usize)>>, bool) {
        let mut frames = Vec::new();
        for _ in 0..most {
            let mut frame = [0; FRAME_SAMPLES];
            let progress = player.next(codec, &mut frame);
            let runs = frame.chunk_by(|a, b| a == b).map(|r| (r[0], r.len()));
            frames.push(runs.collect());
            if progress == Progress::Ended(PlayId(3)) {
                return (frames, true);
            }
        }
        (frames, false)
    }

    #[test]
    fn prompts_follow_without_a_gap_and_the_last_frame_is_padded() {
        let player = Player::new(PlayId(3), vec![prompt(200, 1, 2), prompt(130, 3, 4)], false);
        let (frames, ended) = play(player, Codec::Pcma, 9);
        assert_eq!(
            frames,
            [
                vec![(1, 160)],
                vec![(1, 40), (3, 120)],
                vec![(3, 10), (0xD5, 150)]
            ]
        );
        assert!(ended);
    }

    #[test]
    fn a_prompt_of_whole_frames_ends_with_its_last_frame() {
        let player = Player::new(PlayId(3), vec![prompt(320, 1, 2)], false);
        let (frames, ended) = play(player, Codec::Pcmu, 9);
        assert_eq!((frames.len(), ended), (2, true));
        assert_eq!(frames[1], [(2, 160)]);
    }

    #[test]
    fn music_starts_over_within_a_frame() {
        let player = Player::new(PlayId(3), vec![prompt(100, 1, 2), prompt(50, 3, 4)], true);
        let (frames, ended) = play(player, Codec::Pcma, 3);
        assert!(!ended);
        assert_eq!(frames[0], [(1, 100), (3, 50), (1, 10)]);
        assert_eq!(frames[1], [(1, 90), (3, 50), (1, 20)]);
    }

    #[test]
    fn a_live_play_is_silent_while_its_next_part_is_made_and_ends_after_the_last() {
        let mut player = Player::live(PlayId(3), vec![prompt(100, 1, 2)]);
        let mut frame = [0; FRAME_SAMPLES];
        let mut next = |player: &mut Player| {
            let progress = player.next(Codec::Pcma, &mut frame);
            let runs = frame.chunk_by(|a, b| a == b).map(|r| (r[0], r.len()));
            (runs.collect::<Vec<_>>(), progress)
        };
        let playing = Progress::Playing;
        assert_eq!(next(&mut player), (vec![(1, 100), (0xD5, 60)], playing));
        assert_eq!(next(&mut player), (vec![(0xD5, 160)], playing));
        player.more(PlayId(2), vec![prompt(160, 9, 9)], true);
        assert_eq!(next(&mut player), (vec![(0xD5, 160)], playing), "not ours");
        player.more(PlayId(3), vec![prompt(160, 3, 4)], false);
        assert_eq!(next(&mut player), (vec![(3, 160)], playing));
        player.more(PlayId(3), vec![prompt(80, 5, 6)], true);
        let ended = Progress::Ended(PlayId(3));
        assert_eq!(next(&mut player), (vec![(5, 80), (0xD5, 80)], ended));

        let mut player = Player::live(PlayId(3), vec![]);
        player.more(PlayId(3), vec![], true);
        assert_eq!(next(&mut player), (vec![(0xD5, 160)], ended));
    }

    #[test]
    fn nothing_to_play_ends_at_once_even_repeated() {
        for repeat in [false, true] {
            for prompts in [vec![], vec![prompt(0, 1, 2)]] {
                let player = Player::new(PlayId(3), prompts, repeat);
                let (frames, ended) = play(player, Codec::Pcma, 3);
                assert_eq!(frames, [vec![(0xD5, 160)]]);
                assert!(ended);
            }
        }
    }

    #[test]
    fn a_paused_play_goes_on_from_the_beginning_of_its_words() {
        // Words, a pause of 200 ms, words; a frame of each piece can be told by its octets.
        let quiet = g711::silence(Codec::Pcma);
        let alaw: Vec<u8> = [(0x10, 50), (quiet, 10), (0x20, 30)]
            .into_iter()
            .flat_map(|(octet, frames)| vec![octet; frames * FRAME_SAMPLES])
            .collect();
        let ulaw = alaw.clone();
        let words = Arc::new(EncodedPrompt { alaw, ulaw });
        let mut player = Player::new(PlayId(3), vec![words], false);
        let mut frame = [0; FRAME_SAMPLES];
        let mut next = |player: &mut Player| {
            let progress = player.next(Codec::Pcma, &mut frame);
            (frame[0], progress)
        };
        for _ in 0..75 {
            next(&mut player);
        }
        player.pause();
        for _ in 0..500 {
            assert_eq!(next(&mut player), (quiet, Progress::Playing));
        }
        player.resume();
        let mut heard = Vec::new();
        loop {
            let (octet, progress) = next(&mut player);
            heard.push(octet);
            if progress == Progress::Ended(PlayId(3)) {
                break;
            }
        }
        // Three frames of the pause, then the second words from their beginning.
        assert_eq!(heard, [vec![quiet; 3], vec![0x20; 30]].concat());
    }

    #[test]
    fn a_play_without_a_pause_repeats_three_seconds() {
        let words = prompt(400 * FRAME_SAMPLES, 0x10, 0x10);
        let mut player = Player::new(PlayId(3), vec![words], false);
        let mut frame = [0; FRAME_SAMPLES];
        for _ in 0..300 {
            player.next(Codec::Pcma, &mut frame);
        }
        player.resume();
        assert_eq!(player.offset, 300 * FRAME_SAMPLES, "it was not paused");
        player.pause();
        player.resume();
        assert_eq!(player.offset, 150 * FRAME_SAMPLES);
    }
}
