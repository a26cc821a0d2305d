//! `liniya replay`: rebuilds state and numbers from the journal and compares them with everything
//! that claims to be a copy of it: the books of the distribution, the database, a running server.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use acd::Acd;
use events::{Record, Timestamp};
use metrics::io::Store;
use metrics::report::{Period, Step, json};
use metrics::{Health, Numbers, Projection as _, encode};

use super::say;
use crate::config::Config;
use crate::house;
use crate::io::journal_file;

/// Times the journal is read again because calls came in while it was compared.
const ATTEMPTS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(5);
/// Records in one transaction of the rebuilt database.
const BATCH: usize = 2_000;

pub(super) fn replay(config: &Config) -> anyhow::Result<()> {
    let mut differences = Vec::new();
    let mut records = read(config)?;
    say(format!("Фактов в журнале: {}, цепочка цела", records.len()));
    differences.extend(books(config, &records));
    for attempt in 1..=ATTEMPTS {
        let Some(live) = live_metrics(config.server.http) else {
            say("Служба не отвечает: сравниваю только с базой");
            break;
        };
        let again = read(config)?;
        let is_still = again.len() == records.len();
        records = again;
        let found = against_live(&records, &live);
        // Facts may have come between the two, or stand in the journal and not yet in the numbers.
        if is_still && found.is_empty() {
            say("Числа работающей службы — те же, что по журналу");
            break;
        }
        if attempt == ATTEMPTS {
            anyhow::ensure!(
                is_still,
                "служба принимает звонки, и журнал растёт быстрее, чем читается: \
                 числа не сравнить, повторите, когда линия станет тише"
            );
            differences.extend(found);
        }
    }
    differences.extend(against_database(config, &records)?);
    for difference in &differences {
        say(difference);
    }
    anyhow::ensure!(differences.is_empty(), "расхождений: {}", differences.len());
    say("Состояние и числа восстановлены: расхождений нет");
    Ok(())
}

fn read(config: &Config) -> anyhow::Result<Vec<Record>> {
    let mut records = Vec::new();
    journal_file::read(&config.journal_path(), |record| records.push(record))?;
    Ok(records)
}

/// The distribution, rebuilt by `apply` alone, must balance.
fn books(config: &Config, records: &[Record]) -> Option<String> {
    let mut acd = Acd::new(house::distribution(config, BTreeMap::new()));
    records
        .iter()
        .for_each(|record| acd.apply(record.at, &record.event));
    let books = acd.conservation();
    (!books.holds()).then(|| format!("закон сохранения нарушен: {books:?}"))
}

fn numbers(records: &[Record]) -> Numbers {
    let mut numbers = Numbers::default();
    records.iter().for_each(|record| numbers.apply(record));
    numbers
}

/// Every counter that follows from facts must stand in the running server's `/metrics` as it
/// follows from the journal.
fn against_live(records: &[Record], live: &str) -> Vec<String> {
    let now = records.last().map_or(Timestamp(0), |record| record.at);
    let text = encode(&numbers(records), now, &Health::default());
    let health = encode(&Numbers::default(), now, &Health::default());
    let not_facts: BTreeSet<&str> = series(&health).into_keys().collect();
    let live = series(live);
    series(&text)
        .into_iter()
        .filter(|(name, _)| is_counter(name) && !not_facts.contains(name))
        .filter(|(name, value)| live.get(name) != Some(value))
        .map(|(name, value)| {
            format!(
                "{name}: по журналу {value}, у службы {}",
                live.get(name).unwrap_or(&"нет")
            )
        })
        .collect()
}

/// Gauges depend on the moment of the scrape; sums and counts do not.
fn is_counter(series: &str) -> bool {
    let name = series.split('{').next().unwrap_or(series);
    ["_total", "_count", "_sum", "_bucket"]
        .iter()
        .any(|end| name.ends_with(end))
        && !name.contains("waiting_seconds")
}

fn series(text: &str) -> BTreeMap<&str, &str> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|l| l.rsplit_once(' '))
        .collect()
}

fn live_metrics(server: SocketAddr) -> Option<String> {
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET /metrics HTTP/1.0\r\nHost: {server}\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned())
}

/// The read models, rebuilt in memory from the same facts, must give the same summary.
fn against_database(config: &Config, records: &[Record]) -> anyhow::Result<Option<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let stored = Store::open(&config.database_url()).await?;
        let position = stored.position().await?.seq;
        let rebuilt = Store::open("sqlite::memory:").await?;
        let known = records.partition_point(|record| record.seq <= position);
        for batch in records.get(..known).unwrap_or(records).chunks(BATCH) {
            rebuilt.write(batch).await?;
        }
        let always = Period {
            from: Timestamp(0),
            to: Timestamp(i64::MAX),
        };
        let left = json(&rebuilt.summary(always, Step::Whole).await?);
        let right = json(&stored.summary(always, Step::Whole).await?);
        let lag = records.len().saturating_sub(known);
        say(format!(
            "База данных: {known} фактов из {}, отставание {lag}",
            records.len()
        ));
        Ok((left != right)
            .then(|| format!("сводка базы не та, что по журналу:\n{right}\nа по журналу:\n{left}")))
    })
}
