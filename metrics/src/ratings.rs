//! «Оценка консультации» (requirement row #8): scores 1–5, and why there is none.
//!
//! No answer is never a 0. Response rate = given / (given + skipped); mean = Σ score·count / Σ count;
//! top two = share of 4 and 5. Ratings of the authority as a whole (row #21) are counted apart.

use std::collections::BTreeMap;

use events::{Event, RatingScope, SkippedWhy, Timestamp};

use crate::call_book::Fact;
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, cells, float, line_service};
use crate::words::Tally;

/// The scores there are, and their labels.
const SCORES: [(u8, &str); 5] = [(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")];

/// Ratings per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ratings(Table<Cell>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    service: BTreeMap<u8, u64>,
    authority: BTreeMap<u8, u64>,
    skipped: Tally<SkippedWhy>,
}

impl Ratings {
    /// Ratings of services over everything.
    pub(crate) fn total(&self) -> u64 {
        self.0.cells().flat_map(|cell| cell.service.values()).sum()
    }
}

impl Question for Ratings {
    fn apply(&mut self, fact: &Fact<'_>) {
        if let Event::CallRated { score, scope, .. } = &fact.record.event {
            let cell = self.0.at(fact.rated);
            let scores = match scope {
                RatingScope::Service => &mut cell.service,
                RatingScope::Authority => &mut cell.authority,
            };
            *scores.entry(*score).or_insert(0) += 1;
        }
        if let Event::RatingSkipped { why, .. } = &fact.record.event {
            self.0.at(fact.rated).skipped.add(*why);
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let scores = |sheet: &mut Sheet, name, help, of: fn(&Cell) -> &BTreeMap<u8, u64>| {
            let mut family = sheet.counter(name, help);
            for (line, service, cell) in cells(keys, &self.0) {
                for (score, label) in SCORES {
                    let count = cell.and_then(|cell| of(cell).get(&score)).copied();
                    let [line, service] = line_service(line, service);
                    let labels = [line, service, ("score", label)];
                    family.value(&labels, float(count.unwrap_or(0)));
                }
            }
        };
        scores(
            sheet,
            "liniya_ratings_total",
            "Оценки консультации от 1 до 5 (п. 2.5.7)",
            |cell| &cell.service,
        );
        scores(
            sheet,
            "liniya_authority_ratings_total",
            "Оценки взаимодействия с органом власти в целом от 1 до 5 (п. 3.1)",
            |cell| &cell.authority,
        );
        sheet
            .counter(
                "liniya_ratings_skipped_total",
                "Оценку запросили, но не получили, по причинам («нет оценки», не ноль)",
            )
            .per_word((keys, &self.0), "why", |cell| &cell.skipped);
    }
}
