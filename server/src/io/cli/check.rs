//! `liniya check`: everything that is wrong with settings, scripts and knowledge.

use ivr::script::Severity;

use super::{paths, say};
use crate::config::Config;
use crate::house;
use crate::io::scripts;
use crate::io::serve::sound::recording_findings;

pub(super) fn check(config: &Config) -> anyhow::Result<()> {
    let mut findings = scripts::findings(config);
    findings.sort();
    let errors = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .count();
    findings.iter().for_each(say);
    anyhow::ensure!(errors == 0, "ошибок: {errors}; служба с ними не запустится");
    let assistant = scripts::assistant(config)?;
    recording_findings(config, &assistant).iter().for_each(say);
    let organisation = house::organisation(config, &assistant);
    let handbook = scripts::handbook(config, &organisation)?;
    if !handbook.unfit.is_empty() {
        let lines: Vec<String> = handbook.unfit.iter().map(ToString::to_string).collect();
        anyhow::bail!("{}", lines.join("\n"));
    }
    let operators = handbook.scripts;
    let calendars = cases::io::calendars::load(&config.server.scripts_dir.join("calendars"))?;
    house::cases(config, &calendars)?;
    house::set_line_hours(
        config,
        &calendars,
        &mut house::switchboard(config, &assistant)?,
    )?;
    scripts::outreach(config, &assistant)?;
    house::gateway(config, config.sip.udp, config.sip.tcp)?;
    paths::check(config, &assistant)?;
    say(format!(
        "Настройки и сценарии в порядке: помощник — {}, операторы — {}, предупреждений — {}",
        assistant.scripts().count(),
        operators.iter().count(),
        findings.len()
    ));
    Ok(())
}
