//! `[[queue]]` and `[[need]]`: where callers wait and who is rung for them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `[[queue]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its name in labels.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// When callers are taken into it, by id in `scripts/calendars`; always if absent.
    pub hours: Option<String>,
    /// How the operator is chosen among the free ones.
    #[serde(default)]
    pub strategy: events::Strategy,
    /// `ring_all`: phones that ring for one caller at once, at most.
    #[serde(default = "defaults::ring_at_once")]
    pub ring_at_once: usize,
    /// A level of a line's priority counts as so long a wait, seconds.
    #[serde(default = "defaults::priority_worth_s")]
    pub priority_worth_s: u64,
    /// Who gives up and calls again within so many seconds has their place again; 0: never.
    #[serde(default = "defaults::resume_s")]
    pub resume_s: u64,
    /// Who calls again within so many hours has the same operator, if they are at work; 0: never.
    #[serde(default)]
    pub preferred_h: u64,
    /// Seconds the caller waits for that operator alone.
    #[serde(default)]
    pub preferred_wait_s: u64,
    /// An operator's phone rings so long, seconds.
    #[serde(default = "defaults::ring_timeout_s")]
    pub ring_timeout_s: u64,
    /// After-call work, seconds.
    #[serde(default = "defaults::wrap_up_s")]
    pub wrap_up_s: u64,
    /// How much longer it lasts each time the operator asks for more, seconds.
    #[serde(default = "defaults::wrap_up_more_s")]
    pub wrap_up_more_s: u64,
    /// How often the operator may ask after one call; 0: never.
    #[serde(default)]
    pub wrap_up_extensions: u8,
    /// The longest wait, seconds.
    #[serde(default = "defaults::max_wait_s")]
    pub max_wait_s: u64,
    /// Callers waiting at once.
    #[serde(default = "defaults::capacity")]
    pub capacity: usize,
    /// What happens to a caller when no operator of the queue is signed in.
    #[serde(default)]
    pub when_nobody: WhenNobody,
    /// Where callers go on, by the queue's id, if the wait is long or this queue full.
    pub overflow_to: Option<String>,
    /// After this wait, seconds; 0: never.
    #[serde(default)]
    pub overflow_after_s: u64,
    /// At once, if a longer wait than this is expected and a shorter one there, seconds; 0: never.
    #[serde(default)]
    pub overflow_expected_s: u64,
    /// Callers who may have to wait longer are asked whether to be called back, seconds; 0: never.
    #[serde(default)]
    pub callback_expected_s: u64,
    /// Whom a call back reaches first.
    #[serde(default)]
    pub callback_first: CallbackFirst,
    /// The place is kept so long, hours.
    #[serde(default = "defaults::callback_keep_h")]
    pub callback_keep_h: u64,
    /// How long one caller takes with after-call work, until enough calls have been seen, seconds.
    #[serde(default = "defaults::handling_guess_s")]
    pub handling_guess_s: u64,
    /// Tell callers their place.
    #[serde(default)]
    pub tell_place: bool,
    /// Tell callers how long they may have to wait.
    #[serde(default)]
    pub tell_wait: bool,
}

/// `[[need]]`: skills that callers of a queue need.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The queue, by its id.
    pub queue: String,
    /// Services, by id in `scripts/services`; all if empty.
    #[serde(default)]
    pub services: Vec<String>,
    /// Skill → level, 1–9: whoever has all of them is rung.
    pub skills: BTreeMap<String, u8>,
    /// What is enough after a while.
    #[serde(default)]
    pub relax: Vec<Relaxed>,
}

/// A step of `relax` in `[[need]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relaxed {
    /// From this wait on, seconds.
    pub after_s: u64,
    /// These are enough; nothing is needed any more if empty.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
}

/// What happens to a caller when no operator of the queue is signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenNobody {
    /// They wait.
    #[default]
    Wait,
    /// They hear that nobody can answer, and the call ends.
    Leave,
}

/// Whom a call back reaches first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackFirst {
    /// The caller, when an operator is about to be free.
    #[default]
    Caller,
    /// An operator, who is held free while the house calls.
    Operator,
}

mod defaults {
    pub(super) const fn callback_keep_h() -> u64 {
        24
    }
    pub(super) const fn ring_timeout_s() -> u64 {
        20
    }
    pub(super) const fn wrap_up_s() -> u64 {
        60
    }
    pub(super) const fn wrap_up_more_s() -> u64 {
        60
    }
    pub(super) const fn max_wait_s() -> u64 {
        1_800
    }
    pub(super) const fn capacity() -> usize {
        200
    }
    pub(super) const fn handling_guess_s() -> u64 {
        240
    }
    pub(super) const fn resume_s() -> u64 {
        60
    }
    pub(super) const fn ring_at_once() -> usize {
        10
    }
    pub(super) const fn priority_worth_s() -> u64 {
        60
    }
}
