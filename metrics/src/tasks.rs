//! What the assistant asked of the house, how it went and how long it took.
//!
//! Done share = `liniya_tasks_answered_total{outcome="done"}` / all of the same task.

use std::collections::BTreeMap;

use events::{Event, TaskKind, TaskOutcome, Timestamp};

use crate::call_book::Fact;
use crate::histogram::{Histogram, LATENCY_EDGES_US};
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, cells, float, line_service};
use crate::words::Tally;

/// Tasks per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tasks(Table<Cell>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    asked: Tally<TaskKind>,
    answered: BTreeMap<TaskKind, Tally<TaskOutcome>>,
    latency: Histogram,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            asked: Tally::default(),
            answered: BTreeMap::new(),
            latency: Histogram::new(LATENCY_EDGES_US),
        }
    }
}

impl Question for Tasks {
    fn apply(&mut self, fact: &Fact<'_>) {
        if let Event::TaskAsked { task, .. } = &fact.record.event {
            self.0.at(fact.key).asked.add(*task);
        }
        if let Event::TaskAnswered {
            task,
            outcome,
            latency_ms,
            ..
        } = &fact.record.event
        {
            let cell = self.0.at(fact.key);
            cell.answered.entry(*task).or_default().add(*outcome);
            cell.latency.observe_us(latency_ms.0.saturating_mul(1_000));
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.0);
        sheet
            .counter(
                "liniya_tasks_asked_total",
                "Задачи, с которыми помощник обратился к службе: запись, статус, жалоба и другие",
            )
            .per_word(table, "task", |cell| &cell.asked);
        let mut answered = sheet.counter(
            "liniya_tasks_answered_total",
            "Ответы на задачи помощника по исходу: done — выполнено, unavailable — сейчас нельзя",
        );
        for (line, service, cell) in cells(keys, &self.0) {
            for task in TaskKind::ALL {
                let tally = cell.and_then(|cell| cell.answered.get(task));
                for outcome in task.outcomes() {
                    let [line, service] = line_service(line, service);
                    let task = ("task", task.as_str());
                    let labels = [line, service, task, ("outcome", outcome.as_str())];
                    let count = tally.map_or(0, |tally| tally.of(*outcome));
                    answered.value(&labels, float(count));
                }
            }
        }
        sheet
            .histogram(
                "liniya_task_latency_seconds",
                "От вопроса помощника до ответа службы или реестра",
            )
            .per_key_buckets(table, |cell| &cell.latency);
    }
}
