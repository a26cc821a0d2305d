//! The live text of talks: how often a caller's words are shown to the operator, and how soon.

use events::{Event, Timestamp, TranscriptDepth, TranscriptEvent};

use crate::call_book::Fact;
use crate::histogram::{Histogram, LATENCY_EDGES_US};
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::Sheet;
use crate::words::Tally;

/// Live texts per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Transcripts(Table<Cell>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    begun: Tally<TranscriptDepth>,
    lost: u64,
    latency: Histogram,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            begun: Tally::default(),
            lost: 0,
            latency: Histogram::new(LATENCY_EDGES_US),
        }
    }
}

impl Question for Transcripts {
    fn apply(&mut self, fact: &Fact<'_>) {
        let Event::Transcript(event) = &fact.record.event else {
            return;
        };
        let cell = self.0.at(fact.key);
        match event {
            TranscriptEvent::Begun { depth, .. } => cell.begun.add(*depth),
            TranscriptEvent::Heard { latency_ms, .. } => cell.latency.observe_ms(*latency_ms),
            TranscriptEvent::Lost { .. } => cell.lost += 1,
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.0);
        sheet
            .counter(
                "liniya_transcripts_total",
                "Разговоры, в которых слова клиента показаны оператору: depth=\"words\" — все, \
                 \"phrases\" — только фразы о деле",
            )
            .per_word(table, "depth", |cell| &cell.begun);
        sheet
            .counter(
                "liniya_transcripts_lost_total",
                "Разговоры, слова которых не распознаны или перестали распознаваться",
            )
            .per_key(table, |cell| cell.lost);
        sheet
            .histogram(
                "liniya_transcript_seconds",
                "Через сколько слова клиента видны оператору: от их конца до результата",
            )
            .per_key_buckets(table, |cell| &cell.latency);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Numbers, Projection as _};
    use events::{CallId, LegId, Millis, Pii, Record};

    #[test]
    fn live_texts_are_counted_by_what_is_made_of_them() {
        let call = CallId(1);
        let heard = |latency_ms| {
            Event::Transcript(TranscriptEvent::Heard {
                call,
                text: Pii::new("лицензия на лом".into()),
                confidence_permille: 900,
                latency_ms: Millis(latency_ms),
            })
        };
        let facts = [
            Event::CallArrived {
                call,
                leg: LegId(1),
                line: "100".into(),
                service: "licence".into(),
                trunk: "trunk".into(),
                caller: None,
            },
            Event::Transcript(TranscriptEvent::Begun {
                call,
                depth: TranscriptDepth::Phrases,
            }),
            heard(400),
            heard(700),
            Event::Transcript(TranscriptEvent::Lost { call }),
        ];
        let mut numbers = Numbers::default();
        for (event, seq) in facts.into_iter().zip(1..) {
            let at = Timestamp(1_000_000);
            numbers.apply(&Record { seq, at, event });
        }
        let page = crate::encode(&numbers, Timestamp(2_000_000), &crate::Health::default());
        for line in [
            r#"liniya_transcripts_total{line="100",service="licence",depth="phrases"} 1"#,
            r#"liniya_transcripts_total{line="100",service="licence",depth="words"} 0"#,
            r#"liniya_transcripts_lost_total{line="100",service="licence"} 1"#,
            r#"liniya_transcript_seconds_sum{line="100",service="licence"} 1.1"#,
            r#"liniya_transcript_seconds_count{line="100",service="licence"} 2"#,
        ] {
            assert!(page.contains(line), "{line} is not on the page:\n{page}");
        }
        assert!(
            !page.contains("лицензия на лом"),
            "words are nobody's business here"
        );
    }
}
