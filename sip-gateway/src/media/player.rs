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
}

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

    /// Fills the next frame in a law. Prompts follow each other without a gap.
    pub fn next(&mut self, codec: Codec, frame: &mut [u8; FRAME_SAMPLES]) -> Progress {
        frame.fill(g711::silence(codec));
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
}
