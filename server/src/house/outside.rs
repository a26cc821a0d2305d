//! From configuration to which numbers outside operators may dial.

use cases::notify::Address;
use events::Channel;

use super::Missing;
use crate::config::Config;
use crate::organisation::{ContactCard, OutsideCard};
use crate::switchboard::OutsideSetup;

/// How operators call numbers outside, if they do.
pub(super) fn outside(config: &Config) -> Result<Option<OutsideSetup>, Missing> {
    let outside = &config.outside;
    if outside.trunk.is_empty() {
        return Ok(None);
    }
    let mut trunks = config.trunks.iter();
    let trunk = trunks.find(|trunk| trunk.name == outside.trunk);
    if trunk.is_none_or(|trunk| trunk.call_out.is_none()) {
        return Err(Missing(format!(
            "outside.trunk = «{}»: такого транка с call_out нет; добавьте call_out в его [[trunk]] или \
             оставьте outside.trunk пустым",
            outside.trunk
        )));
    }
    let mut numbers = Vec::new();
    for contact in &config.contacts {
        let number = Address::parse(Channel::Voice, &contact.number);
        let number = number.ok_or_else(|| {
            Missing(format!(
                "[[contact]] {}: номер «{}» не читается; пример: +74951234567",
                contact.name, contact.number
            ))
        })?;
        numbers.push(number.text().expose().clone());
    }
    Ok(Some(OutsideSetup {
        trunk: outside.trunk.clone(),
        display: config.organisation.name.clone(),
        prefixes: outside.prefixes.clone(),
        numbers,
    }))
}

/// What desks offer to dial; nothing if operators call nobody outside.
pub(super) fn card(config: &Config) -> Option<OutsideCard> {
    let contacts = config.contacts.iter().map(|contact| ContactCard {
        name: contact.name.clone(),
        number: contact.number.clone(),
    });
    (!config.outside.trunk.is_empty()).then(|| OutsideCard {
        is_typed: !config.outside.prefixes.is_empty(),
        contacts: contacts.collect(),
    })
}
