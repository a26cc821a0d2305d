//! `liniya ladder`: a call as text, from the journal.

use events::{CallId, Event, Record};
use metrics::report::{Shown, concerns, ladder};

use super::say;
use crate::config::Config;
use crate::io::journal_file;

pub(super) fn show(
    config: &Config,
    call: Option<&str>,
    personal: bool,
    no_time: bool,
) -> anyhow::Result<()> {
    let wanted = call.map(number).transpose()?;
    let mut records: Vec<Record> = Vec::new();
    journal_file::read(&config.journal_path(), |record| {
        match (wanted, &record.event) {
            (None, Event::CallArrived { .. }) => records = vec![record],
            (None, event) => {
                let newest = records.first().and_then(|r| r.event.call());
                if newest.is_some_and(|call| concerns(event, call)) {
                    records.push(record);
                }
            }
            (Some(call), event) if concerns(event, call) => records.push(record),
            (Some(_), _) => {}
        }
    })?;
    let call = records.first().and_then(|record| record.event.call());
    let Some(call) = call else {
        anyhow::bail!(match wanted {
            Some(call) =>
                format!("звонка {call} в журнале нет; последний: liniya ladder без номера"),
            None => "в журнале ещё нет звонков".to_owned(),
        });
    };
    say(ladder(
        records.iter(),
        call,
        Shown {
            personal,
            times: !no_time,
        },
    ));
    Ok(())
}

pub(super) fn number(text: &str) -> anyhow::Result<CallId> {
    let digits = text.trim_start_matches(['C', 'c', 'С', 'с']);
    let number = digits
        .parse()
        .map_err(|_| anyhow::anyhow!("«{text}» — не номер звонка; пример: 17 или C17"))?;
    Ok(CallId(number))
}
