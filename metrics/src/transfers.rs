//! «Переключения» (requirement row #7): handovers of a caller from employee to employee.
//!
//! Counted per handover, when it is done; a cancelled consultation is none, the way from the
//! assistant to a queue is none. Rate = calls with at least one / answered.

use events::{Event, Timestamp, TransferKind};

use crate::call_book::Fact;
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::Sheet;
use crate::words::Tally;

/// Handovers per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Transfers(Table<Cell>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    transfers: Tally<TransferKind>,
    calls: u64,
}

impl Transfers {
    /// Handovers over everything.
    pub(crate) fn total(&self) -> u64 {
        self.0.cells().map(|cell| cell.transfers.total()).sum()
    }
}

impl Question for Transfers {
    fn apply(&mut self, fact: &Fact<'_>) {
        if let Event::CallTransferred { kind, .. } = &fact.record.event {
            self.0.at(fact.key).transfers.add(*kind);
            if fact.transfers == 1 {
                self.0.at(fact.asked).calls += 1;
            }
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.0);
        sheet
            .counter(
                "liniya_transfers_total",
                "Переключения звонка клиента между сотрудниками (п. 2.5.6)",
            )
            .per_word(table, "kind", |cell| &cell.transfers);
        sheet
            .counter(
                "liniya_calls_transferred_total",
                "Звонки хотя бы с одним переключением; доля считается от отвеченных",
            )
            .per_key(table, |cell| cell.calls);
    }
}
