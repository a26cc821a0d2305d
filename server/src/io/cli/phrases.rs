//! `liniya check --phrases`: how well free words are understood.

use ivr::intent::{HeldOut, Report, evaluate};
use ivr::io::scripts::read_sources;

use super::say;
use crate::config::Config;
use crate::io::clock::Clock;
use crate::io::scripts;

/// Prints the evaluation of the held-out phrases; fails below the gates of `intents/gates.toml`.
pub(super) fn check(config: &Config) -> anyhow::Result<()> {
    let assistant = scripts::assistant(config)?;
    let Some(classifier) = assistant.classifier() else {
        anyhow::bail!("папки intents с примерами фраз нет: понимать свободную речь не на чем");
    };
    let sources = read_sources(&config.server.scripts_dir).map_err(|findings| {
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    })?;
    let (phrases, findings) = HeldOut::read(&sources, classifier.corpus());
    findings.iter().for_each(say);
    anyhow::ensure!(
        findings.is_empty(),
        "проверочные фразы с ошибками: {}",
        findings.len()
    );
    anyhow::ensure!(
        !phrases.is_empty(),
        "проверочных фраз нет: папка intents/held_out пуста"
    );
    let clock = Clock::start(events::Timestamp(0));
    let before = clock.now();
    classifier.warm();
    let learnt = clock.now();
    let evaluation = evaluate(classifier, &phrases);
    let done = clock.now();
    say(Report(&evaluation));
    let count = u64::try_from(phrases.len()).unwrap_or(u64::MAX).max(1);
    say(format!(
        "Примеров {}, обучение {} мс; проверочных фраз {count}, на фразу {} мкс",
        classifier.corpus().examples.len(),
        learnt.since(before).0,
        done.since(learnt).0.saturating_mul(1_000) / count,
    ));
    let Some(gates) = &classifier.corpus().gates else {
        say("Порогов нет: файла intents/gates.toml не найдено");
        return Ok(());
    };
    let failures = evaluation.failures(gates);
    failures.iter().for_each(say);
    anyhow::ensure!(
        failures.is_empty(),
        "порогов не пройдено: {}",
        failures.len()
    );
    say("Все пороги intents/gates.toml пройдены");
    Ok(())
}
