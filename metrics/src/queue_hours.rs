//! Which queues take callers at this hour.

use std::collections::BTreeMap;

use events::{Event, QueueId, Timestamp};

use crate::call_book::Fact;
use crate::keys::Keys;
use crate::projection::Question;
use crate::sheet::{Sheet, float};

/// Each queue, and whether it is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueueHours(BTreeMap<QueueId, bool>);

impl Question for QueueHours {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a question looks at its own facts; every other fact changes nothing here"
    )]
    fn apply(&mut self, fact: &Fact<'_>) {
        match &fact.record.event {
            Event::CatalogueLoaded(catalogue) => {
                let before = std::mem::take(&mut self.0);
                for card in &catalogue.queues {
                    let open = before.get(&card.queue).copied().unwrap_or(true);
                    self.0.insert(card.queue.clone(), open);
                }
            }
            Event::QueueOpened { queue } => {
                self.0.insert(queue.clone(), true);
            }
            Event::QueueClosed { queue } => {
                self.0.insert(queue.clone(), false);
            }
            _ => {}
        }
    }

    fn show(&self, _: &Keys, _: Timestamp, sheet: &mut Sheet) {
        let mut open = sheet.gauge(
            "liniya_queue_open",
            "1 — очередь принимает клиентов в этот час, 0 — её часы закончились",
        );
        for (queue, is_open) in &self.0 {
            open.value(&[("queue", queue.as_str())], float(u64::from(*is_open)));
        }
    }
}
