//! How well those are served who speak to the assistant: figures of the recogniser that are no facts.

use crate::sheet::{Sheet, float};

/// What the shell says of recognition at a scrape.
#[derive(Clone, Debug, PartialEq)]
pub struct RecognitionFigures {
    /// Each state (`ready`, `partial`, `reserve`, `keys_only`), and whether it is the present one.
    pub state: [(&'static str, bool); 4],
    /// Listenings left to keys, by why.
    pub refused: [(&'static str, u64); 5],
    /// Seconds of audio listened to, silence included.
    pub heard_seconds: f64,
    /// Search graphs, or models, in memory.
    pub graphs: u64,
    /// Talks with operators that are listened to now.
    pub talks: u64,
    /// Frames of callers' audio that recognition was too slow to take.
    pub dropped_frames: u64,
}

impl Default for RecognitionFigures {
    fn default() -> Self {
        Self {
            state: ["ready", "partial", "reserve", "keys_only"].map(|state| (state, false)),
            refused: ["no_model", "list", "sessions", "overload", "failure"].map(|why| (why, 0)),
            heard_seconds: 0.0,
            graphs: 0,
            talks: 0,
            dropped_frames: 0,
        }
    }
}

impl RecognitionFigures {
    pub(crate) fn show(&self, sheet: &mut Sheet) {
        let mut states = sheet.gauge(
            "liniya_recogniser_state",
            "Состояние распознавания, 1 у текущего: ready, partial (не все фразы), reserve (запасная \
             модель), keys_only",
        );
        for (state, now) in self.state {
            states.value(&[("state", state)], f64::from(u8::from(now)));
        }
        let mut refused = sheet.counter(
            "liniya_recogniser_refused_total",
            "Вопросы, на которые отвечали только клавишами, по причине",
        );
        for (reason, count) in self.refused {
            refused.value(&[("reason", reason)], float(count));
        }
        sheet
            .counter(
                "liniya_recogniser_heard_seconds_total",
                "Время прослушанного звука вместе с тишиной",
            )
            .value(&[], self.heard_seconds);
        sheet
            .gauge("liniya_recogniser_graphs", "Графы фраз или модели в памяти")
            .value(&[], float(self.graphs));
        sheet
            .gauge(
                "liniya_recogniser_talks",
                "Разговоры с операторами, которые распознаются сейчас",
            )
            .value(&[], float(self.talks));
        sheet
            .counter(
                "liniya_recogniser_dropped_frames_total",
                "Кадры звука (20 мс), которые распознавание не успело взять",
            )
            .value(&[], float(self.dropped_frames));
    }
}
