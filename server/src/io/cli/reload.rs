//! `liniya reload`: the running service reads its scripts anew.

use super::say;
use crate::config::Config;
use crate::io::control::{Answer, Request, ask};

pub(super) fn reload(config: &Config) -> anyhow::Result<()> {
    match ask(config, &Request::Reload)? {
        Answer::Reloaded(versions) => {
            say("Сценарии перезагружены: новые звонки идут по ним, начатые — по прежним");
            for (script, version) in versions {
                say(format!("  {script}, версия {version}"));
            }
            Ok(())
        }
        Answer::Refused(mistakes) => {
            mistakes.iter().for_each(say);
            anyhow::bail!("сценарии не перезагружены, служба работает с прежними")
        }
        Answer::Done | Answer::Broadcasts(_) => anyhow::bail!("служба ответила не о том"),
    }
}
