//! `liniya why`: why a caller waited, from the journal.

use events::Event;

use super::ladder::number;
use super::say;
use crate::config::Config;
use crate::io::journal_file;
use crate::why::Why;

pub(super) fn show(config: &Config, call: Option<&str>) -> anyhow::Result<()> {
    let path = config.journal_path();
    let call = match call {
        Some(call) => number(call)?,
        None => {
            let mut newest = None;
            journal_file::read(&path, |record| {
                if let Event::QueueEntered { call, .. } = record.event {
                    newest = Some(call);
                }
            })?;
            newest.ok_or_else(|| anyhow::anyhow!("в журнале ещё никто не ждал сотрудника"))?
        }
    };
    let (mut why, mut known) = (Why::new(call), false);
    journal_file::read(&path, |record| {
        known = known || record.event.call() == Some(call);
        why.see(&record);
    })?;
    anyhow::ensure!(
        known,
        "звонка {call} в журнале нет; последний ждавший: liniya why без номера"
    );
    say(why.text().trim_end());
    Ok(())
}
