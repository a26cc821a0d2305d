//! What callers hear while they wait: that all are busy, their place, how long it may take, music.

use acd::{Call, Command, Stage};
use events::{CallId, EntryCause, Millis, Timestamp, WaitRange};
use ivr::Phrase;

use super::{Switchboard, Turn};

/// Loops of the music between two announcements; the one that is made takes 24 seconds.
const LOOPS: usize = 2;

/// Places that have a word; of those behind, nobody wants to know.
const PLACES: [&str; 10] = [
    "первое",
    "второе",
    "третье",
    "четвёртое",
    "пятое",
    "шестое",
    "седьмое",
    "восьмое",
    "девятое",
    "десятое",
];

/// What callers of a queue are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Their place.
    pub place: bool,
    /// How long they may have to wait.
    pub wait: bool,
    /// Their place is kept so long if they want to be called back; nobody is asked if none.
    pub keep: Option<Millis>,
}

/// The words: how the sentences begin.
#[derive(Clone, Debug)]
pub struct TellingWait {
    /// About the place.
    pub place: Phrase,
    /// About the time.
    pub time: Phrase,
    /// Longer than can be said: the whole sentence.
    pub long: Phrase,
}

impl TellingWait {
    fn place(&self, position: u32) -> Option<Phrase> {
        let place = usize::try_from(position).ok()?.checked_sub(1)?;
        let word = PLACES.get(place)?;
        Some(continued(&self.place, &position.to_string(), word))
    }

    fn wait(&self, expected: WaitRange) -> Phrase {
        let Some(to) = expected.to_ms else {
            return self.long.clone();
        };
        let (from, to) = (minutes(expected.from_ms), minutes(to));
        let until = until(to);
        if from == 0 || from == to {
            return continued(&self.time, &to.to_string(), &format!("до {until}"));
        }
        let range = format!("от {} до {until}", genitive(from));
        continued(&self.time, &format!("{from}_{to}"), &range)
    }
}

/// «Ваше место в очереди» and «третье»: a phrase of its own.
fn continued(begin: &Phrase, name: &str, words: &str) -> Phrase {
    Phrase {
        name: format!("{}_{name}", begin.name),
        text: format!("{}: {words}.", begin.text.trim_end_matches('.')),
    }
}

const fn minutes(duration: Millis) -> u64 {
    duration.0 / 60_000
}

fn until(min: u64) -> String {
    let unit = if min == 1 {
        "минуты"
    } else {
        "минут"
    };
    format!("{} {unit}", genitive(min))
}

/// The numbers of minutes that are ever said, in the genitive.
const fn genitive(min: u64) -> &'static str {
    match min {
        0 | 1 => "одной",
        2 => "двух",
        3 => "трёх",
        4 | 5 => "пяти",
        6 | 7 => "семи",
        8..=10 => "десяти",
        11..=15 => "пятнадцати",
        16..=20 => "двадцати",
        21..=30 => "тридцати",
        31..=45 => "сорока пяти",
        46.. => "шестидесяти",
    }
}

impl Switchboard {
    pub(super) fn wait(
        &mut self,
        now: Timestamp,
        call: CallId,
        because: EntryCause,
        turn: &mut Turn,
    ) {
        let Some(wait) = self.acd.call(call).and_then(Call::wait) else {
            return;
        };
        let rung = !wait.offers.is_empty();
        let first = match because {
            // What plays goes on.
            EntryCause::Overflow | EntryCause::Moved => return,
            // Somebody is free and being rung: «everybody is busy» would not be true.
            EntryCause::Assistant | EntryCause::Callback if rung => None,
            EntryCause::Assistant | EntryCause::Callback => Some(self.setup.waiting.clone()),
            EntryCause::Transfer | EntryCause::Returned => Some(self.setup.transfer.clone()),
        };
        let told = self.told(now, call, turn);
        let asks = !rung && self.may_offer_callback(call);
        let music = (told.is_empty() && !asks).then(|| self.setup.music.clone());
        self.music_next(call, music.is_none());
        self.callback_next(call, asks);
        let phrases = first.into_iter().chain(told).chain(music).collect();
        self.play(call, phrases, false, turn);
    }

    /// Lets a caller who waits and has heard everything hear the waiting loop. What is told changes
    /// and is made when it is needed, so it is played by itself, and the music after it.
    pub(super) fn wait_on(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        if !self.stage_is(call, |stage| matches!(stage, Stage::Waiting(_))) {
            return;
        }
        if self.music_next(call, false) {
            if self.offer_callback(now, call, turn) {
                return;
            }
            let music = std::iter::repeat_n(self.setup.music.clone(), LOOPS);
            return self.play(call, music.collect(), false, turn);
        }
        let told = self.told(now, call, turn);
        let first = self.setup.waiting_on.clone();
        let asks = self.may_offer_callback(call);
        self.callback_next(call, asks);
        if told.is_empty() && !asks {
            let phrases = vec![first, self.setup.music.clone()];
            return self.play(call, phrases, true, turn);
        }
        self.music_next(call, true);
        let phrases = std::iter::once(first).chain(told).collect();
        self.play(call, phrases, false, turn);
    }

    /// Whether music follows what is played now; gives what was said before.
    fn music_next(&mut self, call: CallId, follows: bool) -> bool {
        let room = self.rooms.get_mut(&call);
        room.is_some_and(|room| std::mem::replace(&mut room.music_next, follows))
    }

    /// Whether the caller is asked whether to be called back after what is played now.
    fn callback_next(&mut self, call: CallId, asks: bool) {
        if let Some(room) = self.rooms.get_mut(&call) {
            room.callback_due = asks;
        }
    }

    /// The place and the wait, as far as the queue tells them; nothing while somebody is rung.
    fn told(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) -> Vec<Phrase> {
        let found = self.acd.call(call).and_then(|call| call.queue.as_ref());
        let tells = found.and_then(|queue| self.setup.told.get(queue)).copied();
        let Some(tells) = tells.filter(|tells| tells.place || tells.wait) else {
            return Vec::new();
        };
        if self.ask(now, Command::TellWait { call }, turn).is_err() {
            return Vec::new();
        }
        let wait = self.acd.call(call).and_then(Call::wait);
        let Some((position, expected)) = wait.and_then(|wait| wait.told) else {
            return Vec::new();
        };
        let words = &self.setup.telling_wait;
        let place = words.place(position).filter(|_| tells.place);
        let expected = expected.filter(|_| tells.wait);
        let expected = expected.map(|expected| words.wait(expected));
        place.into_iter().chain(expected).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> TellingWait {
        let phrase = |name: &str, text: &str| Phrase {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        TellingWait {
            place: phrase("place", "Место."),
            time: phrase("time", "Ждать."),
            long: phrase("long", "Больше часа."),
        }
    }

    #[test]
    fn figures_are_said_in_words_and_every_phrase_has_a_name() {
        let said = |from: u64, to: Option<u64>| {
            let phrase = words().wait(WaitRange {
                from_ms: Millis::from_s(from * 60),
                to_ms: to.map(|to| Millis::from_s(to * 60)),
            });
            format!("{}: {}", phrase.name, phrase.text)
        };
        assert_eq!(said(0, Some(1)), "time_1: Ждать: до одной минуты.");
        assert_eq!(said(2, Some(2)), "time_2: Ждать: до двух минут.");
        assert_eq!(said(2, Some(5)), "time_2_5: Ждать: от двух до пяти минут.");
        assert_eq!(
            said(30, Some(45)),
            "time_30_45: Ждать: от тридцати до сорока пяти минут."
        );
        assert_eq!(said(60, None), "long: Больше часа.");
        let place = |position| words().place(position).map(|phrase| phrase.text);
        assert_eq!(place(3), Some("Место: третье.".to_owned()));
        assert_eq!((place(0), place(11)), (None, None));
    }
}
