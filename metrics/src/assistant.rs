//! How the voice assistant does: dialogues by outcome, speech understood, latency of recognition.
//!
//! Containment = `liniya_calls_contained_total` / dialogues ended with purpose `assistant`.

use std::collections::BTreeMap;

use events::{DialogueOutcome, DialoguePurpose, Event, Timestamp};

use crate::call_book::Fact;
use crate::histogram::{Histogram, LATENCY_EDGES_US};
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, cells, float, line_service};
use crate::words::Tally;

/// Dialogues per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assistant(Table<Cell>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    started: Tally<DialoguePurpose>,
    ended: BTreeMap<DialoguePurpose, Tally<DialogueOutcome>>,
    accepted: u64,
    rejected: u64,
    digits: u64,
    steps: u64,
    latency: Histogram,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            started: Tally::default(),
            ended: BTreeMap::new(),
            accepted: 0,
            rejected: 0,
            digits: 0,
            steps: 0,
            latency: Histogram::new(LATENCY_EDGES_US),
        }
    }
}

impl Assistant {
    fn show_ended(&self, keys: &Keys, sheet: &mut Sheet) {
        let mut ended = sheet.counter(
            "liniya_dialogues_ended_total",
            "Завершённые диалоги голосового помощника по назначению и итогу",
        );
        for (line, service, cell) in cells(keys, &self.0) {
            for purpose in DialoguePurpose::ALL {
                for outcome in DialogueOutcome::ALL {
                    let tally = cell.and_then(|cell| cell.ended.get(purpose));
                    let count = tally.map_or(0, |tally| tally.of(*outcome));
                    let [line, service] = line_service(line, service);
                    let purpose = ("purpose", purpose.as_str());
                    let labels = [line, service, purpose, ("outcome", outcome.as_str())];
                    ended.value(&labels, float(count));
                }
            }
        }
    }

    fn show_speech(&self, keys: &Keys, sheet: &mut Sheet) {
        let mut heard = sheet.counter(
            "liniya_speech_heard_total",
            "Фразы клиента, распознанные помощником: accepted=\"true\" — приняты как ответ",
        );
        for (line, service, cell) in cells(keys, &self.0) {
            let counts = [
                ("true", cell.map_or(0, |cell| cell.accepted)),
                ("false", cell.map_or(0, |cell| cell.rejected)),
            ];
            for (accepted, count) in counts {
                let [line, service] = line_service(line, service);
                heard.value(&[line, service, ("accepted", accepted)], float(count));
            }
        }
    }
}

impl Question for Assistant {
    fn apply(&mut self, fact: &Fact<'_>) {
        let event = &fact.record.event;
        if let Event::DialogueStarted { purpose, .. } = event {
            self.0.at(fact.key).started.add(*purpose);
        }
        if let Event::StepReached { .. } = event {
            self.0.at(fact.key).steps += 1;
        }
        if let Event::DigitPressed { .. } = event {
            self.0.at(fact.key).digits += 1;
        }
        if let Event::SpeechHeard {
            accepted,
            latency_ms,
            ..
        } = event
        {
            let cell = self.0.at(fact.key);
            cell.accepted += u64::from(*accepted);
            cell.rejected += u64::from(!*accepted);
            cell.latency.observe_ms(*latency_ms);
        }
        if let Event::DialogueEnded {
            purpose, outcome, ..
        } = event
        {
            let ended = &mut self.0.at(fact.key).ended;
            ended.entry(*purpose).or_default().add(*outcome);
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.0);
        sheet
            .counter(
                "liniya_dialogues_started_total",
                "Начатые диалоги голосового помощника по назначению",
            )
            .per_word(table, "purpose", |cell| &cell.started);
        self.show_ended(keys, sheet);
        sheet
            .counter(
                "liniya_dialogue_steps_total",
                "Пройденные узлы сценариев голосового помощника",
            )
            .per_key(table, |cell| cell.steps);
        self.show_speech(keys, sheet);
        sheet
            .counter(
                "liniya_digits_pressed_total",
                "Нажатия клавиш, которых ждал голосовой помощник",
            )
            .per_key(table, |cell| cell.digits);
        sheet
            .histogram(
                "liniya_recognition_seconds",
                "Задержка распознавания: от конца слов клиента до результата",
            )
            .per_key_buckets(table, |cell| &cell.latency);
    }
}
