//! How the assistant's voice does: what is rendered while calls run.

use crate::sheet::{Sheet, float, seconds};

/// Figures of the synthesis, as the shell sees them at a scrape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpeakingFigures {
    /// Plays whose sound was rendered while the call waited.
    pub orders: u64,
    /// Sum over them of the time to the first sound, microseconds.
    pub first_sound_us: u64,
    /// Phrases that could not be rendered and were left out.
    pub failures: u64,
    /// Plays turned away because too many waited.
    pub refused: u64,
    /// Plays that wait for a synthesiser now.
    pub waiting: u64,
    /// Callers hear the basic voice, or none but recordings.
    pub basic: bool,
}

impl SpeakingFigures {
    pub(crate) fn show(&self, sheet: &mut Sheet) {
        let mut one = |name, help, counts: bool, value| {
            let family = if counts {
                sheet.counter(name, help)
            } else {
                sheet.gauge(name, help)
            };
            let mut family = family;
            family.value(&[], value);
        };
        one(
            "liniya_synthesis_plays_total",
            "Ответы, которые синтезатор произнёс во время звонка",
            true,
            float(self.orders),
        );
        one(
            "liniya_synthesis_first_sound_seconds_total",
            "Время до их первого звука; делить на их число — среднее ожидание",
            true,
            seconds(self.first_sound_us),
        );
        one(
            "liniya_synthesis_failures_total",
            "Фразы, которые не удалось произнести: пропущены",
            true,
            float(self.failures),
        );
        one(
            "liniya_synthesis_refused_total",
            "Ответы, на которые не хватило места в очереди синтеза",
            true,
            float(self.refused),
        );
        one(
            "liniya_synthesis_waiting",
            "Ответы в очереди синтеза",
            false,
            float(self.waiting),
        );
        one(
            "liniya_synthesis_basic_voice",
            "1 — говорит базовый голос espeak-ng: хороший голос RHVoice не установлен",
            false,
            f64::from(u8::from(self.basic)),
        );
    }
}
