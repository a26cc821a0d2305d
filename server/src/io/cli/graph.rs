//! `liniya graph`: a script as a picture.

use ivr::{coverage, picture};

use super::say;
use crate::config::Config;
use crate::io::scripts;

pub(super) fn show(config: &Config, script: &str, with_coverage: bool) -> anyhow::Result<()> {
    let set = scripts::assistant(config)?;
    let Some(found) = set.script(&script.into()) else {
        let known: Vec<String> = set.scripts().map(|script| script.id.to_string()).collect();
        anyhow::bail!("сценария «{script}» нет; есть: {}", known.join(", "));
    };
    let measured = if with_coverage {
        coverage::measure(&scripts::sources(config)?, &set, &scripts::setting(config))
    } else {
        Vec::new()
    };
    let coverage = measured.iter().find(|c| c.script == found.id);
    say(picture::svg(&found, coverage).trim_end());
    Ok(())
}
