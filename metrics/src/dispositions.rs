//! How consultations turned out, by need and kind of client (requirement rows #29, #43, #49).
//!
//! A disposition may be restated until after-call work ends; it is counted then, once for each
//! operator of a call. After-call work that ended without one is counted too.

use std::collections::BTreeMap;

use events::{CallId, CallOutcome, ClientType, Event, NeedCode, OperatorId, Timestamp};

use crate::call_book::Fact;
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::Sheet;
use crate::words::Tally;

/// Dispositions per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dispositions {
    table: Table<Cell>,
    /// What each operator said last, about which call.
    said: BTreeMap<OperatorId, (CallId, Disposition)>,
}

type Disposition = (CallOutcome, NeedCode, Option<ClientType>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    outcomes: Tally<CallOutcome>,
    needs: Tally<NeedCode>,
    clients: Tally<ClientType>,
    missing: u64,
}

impl Question for Dispositions {
    fn apply(&mut self, fact: &Fact<'_>) {
        if let Event::DispositionSet {
            call,
            operator,
            outcome,
            need,
            client,
        } = &fact.record.event
        {
            let said = (*call, (*outcome, *need, *client));
            self.said.insert(operator.clone(), said);
        }
        if let Event::WrapUpEnded { call, operator } = &fact.record.event {
            let cell = self.table.at(fact.key);
            match self.said.remove(operator) {
                Some((about, (outcome, need, client))) if about == *call => {
                    cell.outcomes.add(outcome);
                    cell.needs.add(need);
                    if let Some(client) = client {
                        cell.clients.add(client);
                    }
                }
                Some(_) | None => cell.missing += 1,
            }
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.table);
        sheet
            .counter(
                "liniya_dispositions_total",
                "Обработанные звонки по итогу: ответ дан, переведён, дан способ получения, обратный звонок",
            )
            .per_word(table, "outcome", |cell| &cell.outcomes);
        sheet
            .counter(
                "liniya_needs_total",
                "Обработанные звонки по потребности клиента, коды 1–9 (п. 2.7)",
            )
            .per_word(table, "need", |cell| &cell.needs);
        sheet
            .counter(
                "liniya_clients_total",
                "Обработанные звонки по виду клиента, если сотрудник его указал",
            )
            .per_word(table, "client", |cell| &cell.clients);
        sheet
            .counter(
                "liniya_wrap_ups_without_disposition_total",
                "Послевызовные обработки, завершённые без итога (должно быть 0)",
            )
            .per_key(table, |cell| cell.missing);
    }
}
