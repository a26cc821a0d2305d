//! What recognition did so far, in numbers for the exposition.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use events::Millis;

/// Why a caller has keys only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// There is no model.
    NoModel,
    /// The model cannot hear this list.
    List,
    /// As many are listened to as the settings allow.
    Sessions,
    /// No thread keeps up with those it has.
    Overload,
    /// The recogniser failed.
    Failure,
}

impl Refusal {
    /// Every reason.
    pub const ALL: [Self; 5] = [
        Self::NoModel,
        Self::List,
        Self::Sessions,
        Self::Overload,
        Self::Failure,
    ];

    /// The label of metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoModel => "no_model",
            Self::List => "list",
            Self::Sessions => "sessions",
            Self::Overload => "overload",
            Self::Failure => "failure",
        }
    }
}

/// A snapshot; every field but `sessions_active` and `models_loaded` only grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecogniserFigures {
    /// Callers being listened to now.
    pub sessions_active: u64,
    /// Times listening began.
    pub sessions: u64,
    /// Times it could not, in the order of [`Refusal::ALL`].
    pub refused: [u64; Refusal::ALL.len()],
    /// Results, with those off the list.
    pub utterances: u64,
    /// Results without a phrase of the list.
    pub off_list: u64,
    /// Sounds that were no speech and were told to nobody: noise, music, our own echo.
    pub noises: u64,
    /// Audio taken in, in milliseconds.
    pub heard_ms: u64,
    /// Of it, decoded because it was speech, in milliseconds.
    pub decoded_ms: u64,
    /// CPU time of the recognition threads, in microseconds.
    pub cpu_us: u64,
    /// Sum over results of the time from the end of speech to the result.
    pub latency_ms_sum: u64,
    /// The longest of these.
    pub latency_ms_max: u64,
    /// Lists whose search graph is in memory.
    pub models_loaded: u64,
}

impl RecogniserFigures {
    /// Times listening could not begin or go on, whatever the reason.
    #[must_use]
    pub fn unavailable(&self) -> u64 {
        self.refused.iter().sum()
    }

    /// How often listening was refused for this reason.
    #[must_use]
    pub fn refused_for(&self, reason: Refusal) -> u64 {
        let pairs = Refusal::ALL.iter().zip(&self.refused);
        pairs
            .filter(|(one, _)| **one == reason)
            .map(|(_, count)| *count)
            .sum()
    }

    /// CPU time for a second of decoded speech: below 1 a core keeps up with one speaker.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
    pub fn real_time_factor(&self) -> f64 {
        if self.decoded_ms == 0 {
            return 0.0;
        }
        self.cpu_us as f64 / 1_000.0 / self.decoded_ms as f64
    }
}

/// The counters behind [`RecogniserFigures`], shared by all threads.
#[derive(Debug, Default)]
pub(super) struct Counters {
    sessions: AtomicU64,
    refused: [AtomicU64; Refusal::ALL.len()],
    utterances: AtomicU64,
    off_list: AtomicU64,
    noises: AtomicU64,
    heard_ms: AtomicU64,
    decoded_ms: AtomicU64,
    cpu_us: AtomicU64,
    latency_ms_sum: AtomicU64,
    latency_ms_max: AtomicU64,
}

impl Counters {
    pub(super) fn session(&self) {
        self.sessions.fetch_add(1, Relaxed);
    }

    pub(super) fn refused(&self, reason: Refusal) {
        for (one, count) in Refusal::ALL.iter().zip(&self.refused) {
            count.fetch_add(u64::from(*one == reason), Relaxed);
        }
    }

    pub(super) fn noise(&self) {
        self.noises.fetch_add(1, Relaxed);
    }

    pub(super) fn heard(&self, ms: u64) {
        self.heard_ms.fetch_add(ms, Relaxed);
    }

    pub(super) fn decoded(&self, ms: u64) {
        self.decoded_ms.fetch_add(ms, Relaxed);
    }

    pub(super) fn cpu(&self, us: u64) {
        self.cpu_us.fetch_add(us, Relaxed);
    }

    pub(super) fn utterance(&self, off_list: bool, latency: Millis) {
        self.utterances.fetch_add(1, Relaxed);
        self.off_list.fetch_add(u64::from(off_list), Relaxed);
        self.latency_ms_sum.fetch_add(latency.0, Relaxed);
        self.latency_ms_max.fetch_max(latency.0, Relaxed);
    }

    pub(super) fn snapshot(&self, sessions_active: u64, models_loaded: u64) -> RecogniserFigures {
        RecogniserFigures {
            sessions_active,
            sessions: self.sessions.load(Relaxed),
            refused: self.refused.each_ref().map(|count| count.load(Relaxed)),
            utterances: self.utterances.load(Relaxed),
            off_list: self.off_list.load(Relaxed),
            noises: self.noises.load(Relaxed),
            heard_ms: self.heard_ms.load(Relaxed),
            decoded_ms: self.decoded_ms.load(Relaxed),
            cpu_us: self.cpu_us.load(Relaxed),
            latency_ms_sum: self.latency_ms_sum.load(Relaxed),
            latency_ms_max: self.latency_ms_max.load(Relaxed),
            models_loaded,
        }
    }
}
