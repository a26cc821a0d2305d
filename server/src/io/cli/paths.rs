//! The part of `liniya check` that walks: what golden conversations leave out, and automatic callers
//! on every path.

use events::ServiceId;
use ivr::script::ScriptSet;
use ivr::walker::{Means, walk};
use ivr::{Context, coverage};

use super::say;
use crate::config::Config;
use crate::io::scripts;

/// Says how much of each script is walked; fails where golden conversations are too few or a path is
/// wrong.
pub(super) fn check(config: &Config, set: &ScriptSet) -> anyhow::Result<()> {
    let faults = left_out(config, set)? + walked(config, set);
    anyhow::ensure!(faults == 0, "непройденное и ошибки на путях: {faults}");
    Ok(())
}

fn left_out(config: &Config, set: &ScriptSet) -> anyhow::Result<usize> {
    let files = scripts::sources(config)?;
    let floors = coverage::floors(&files).map_err(anyhow::Error::msg)?;
    let mut too_few = 0;
    for measured in coverage::measure(&files, set, &scripts::setting(config)) {
        say(format!("Образцы {measured}"));
        let place = |node: &str| coverage::place_of(&files, &measured.script, node);
        for node in measured.missed_nodes() {
            say(format!("  {}: узел {node} не пройден", place(node)));
        }
        for (from, to) in measured.missed_ways() {
            say(format!(
                "  {}: переход {from} → {to} не пройден",
                place(from)
            ));
        }
        let floor = floors.get(measured.script.as_str()).copied();
        too_few += usize::from(!measured.is_enough(floor.unwrap_or_default()));
    }
    if too_few > 0 {
        say(format!(
            "Сценариев, которые образцы проходят меньше, чем требует golden/coverage.toml: {too_few}. \
             Добавьте образец в golden/ или уберите лишнее из сценария"
        ));
    }
    Ok(too_few)
}

fn walked(config: &Config, set: &ScriptSet) -> usize {
    let mut faults = 0;
    let context = Context {
        notice_required: true,
        ..Context::new(
            ServiceId::undetermined(),
            scripts::today(config.organisation.utc_offset_min),
        )
    };
    for script in set.scripts() {
        let walked = walk(script, &context, Means::Both);
        say(format!(
            "Проход {}: узлов {}, переходов {}, шагов {}, ошибок {}",
            script.id,
            walked.nodes.len(),
            walked.ways.len(),
            walked.steps,
            walked.faults.len()
        ));
        walked
            .faults
            .iter()
            .for_each(|fault| say(format!("  {fault}")));
        faults += walked.faults.len();
    }
    faults
}
