//! The rungs of a supervisor in a talk.

use events::SupervisionEvent;

use super::ladder::Shown;
use super::rung::{Rung, alone, from_to, seconds};
use super::russian::Russian as _;

pub(super) fn supervision(fact: &SupervisionEvent, shown: Shown) -> Rung {
    match fact {
        SupervisionEvent::Started {
            operator,
            supervisor,
            mode,
            ..
        } => {
            let what = format!("старший подключился: {}", mode.russian());
            from_to(supervisor.as_str(), operator.as_str(), what)
        }
        SupervisionEvent::Changed {
            supervisor, mode, ..
        } => alone(
            supervisor.as_str(),
            format!("старший теперь {}", mode.russian()),
        ),
        SupervisionEvent::Ended {
            supervisor,
            why,
            supervised_ms,
            ..
        } => {
            let lasted = shown
                .times
                .then(|| format!(", был {}", seconds(*supervised_ms)));
            let what = format!(
                "старший отключился: {}{}",
                why.russian(),
                lasted.unwrap_or_default()
            );
            alone(supervisor.as_str(), what)
        }
    }
}
