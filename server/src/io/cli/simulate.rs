//! `liniya simulate`: a dialogue in the terminal, as text.

use std::io::BufRead as _;

use events::{Pii, ServiceId};
use ivr::Context;
use ivr::simulate::{SampleHouse, Simulation};

use super::say;
use crate::config::Config;
use crate::io::scripts;

pub(super) fn run(config: &Config, script: &str) -> anyhow::Result<()> {
    let set = scripts::assistant(config)?;
    let Some(found) = set.script(&script.into()) else {
        let known: Vec<String> = set.scripts().map(|script| script.id.to_string()).collect();
        anyhow::bail!("сценария «{script}» нет; есть: {}", known.join(", "));
    };
    let today = scripts::today(config.organisation.utc_offset_min);
    let house = SampleHouse { today };
    let context = Context {
        notice_required: config
            .lines
            .iter()
            .any(|line| line.script == script && line.recording),
        given: Pii::new(house.given(&found)),
        ..Context::new(ServiceId::undetermined(), today)
    };
    let mut simulation = Simulation::new(&found, context);
    simulation.listen().iter().for_each(say);
    let mut lines = std::io::stdin().lock().lines();
    while simulation.ending().is_none() {
        if let Some(request) = simulation.asked() {
            let reply = house.answer(request);
            simulation.answer(reply);
            simulation.listen().iter().for_each(say);
            continue;
        }
        let Some(line) = lines.next() else { break };
        simulation.say(&line?).iter().for_each(say);
    }
    if let Some(ending) = simulation.ending() {
        say(format!("=> {ending}"));
    }
    Ok(())
}
