//! `liniya simulate`: a dialogue in the terminal, as text.

use std::io::BufRead as _;

use events::ServiceId;
use ivr::Context;
use ivr::simulate::{Told, Trial};

use super::say;
use crate::config::Config;
use crate::io::scripts;

pub(super) fn run(config: &Config, script: &str) -> anyhow::Result<()> {
    let set = scripts::assistant(config)?;
    let Some(found) = set.script(&script.into()) else {
        let known: Vec<String> = set.scripts().map(|script| script.id.to_string()).collect();
        anyhow::bail!("сценария «{script}» нет; есть: {}", known.join(", "));
    };
    let mut lines_with_it = config.lines.iter().filter(|line| line.script == script);
    let context = Context {
        notice_required: lines_with_it.any(|line| line.recording),
        ..Context::new(
            ServiceId::undetermined(),
            scripts::today(config.organisation.utc_offset_min),
        )
    };
    let (mut trial, told) = Trial::begin(&found, context);
    told.iter().for_each(show);
    let mut lines = std::io::stdin().lock().lines();
    while !trial.is_over()
        && let Some(line) = lines.next()
    {
        trial.say(&line?).iter().for_each(show);
    }
    Ok(())
}

fn show(told: &Told) {
    match told {
        Told::Said(line) => say(line),
        Told::Why(why) => say(format!("    · {why}")),
        Told::Ended(how) => say(format!("=> {how}")),
    }
}
