//! What an operator says: a named situation for each service, as steps to follow and tick.
//!
//! A script is guidance and not a cage (requirement row #39), but its first step is fixed by order:
//! the authority's name, the operator's full name and position are said when a call is answered
//! (row #27). They stand in the text as placeholders and are filled in from the operator's card, so
//! a script that forgets one is refused. One file a service, `scripts/operator/SERVICE.toml`; the
//! service `undetermined` has one too, which also stands in for a service without its own.

mod lint;
mod model;

pub use lint::{Finding, read_all};
pub use model::{OperatorScript, ScriptStep, StepKind};

use std::collections::BTreeMap;

use events::ServiceId;

/// Every operator's script, by service. Made by [`read_all`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorScripts {
    by_service: BTreeMap<ServiceId, OperatorScript>,
}

impl OperatorScripts {
    /// The script for a service, or the one for calls whose service is not determined.
    #[must_use]
    pub fn for_service(&self, service: &ServiceId) -> Option<&OperatorScript> {
        let own = self.by_service.get(service);
        own.or_else(|| self.by_service.get(&ServiceId::undetermined()))
    }

    /// The version of each service's script: it stands in every rating (requirement row #8).
    #[must_use]
    pub fn versions(&self) -> BTreeMap<ServiceId, String> {
        let scripts = self.by_service.iter();
        scripts
            .map(|(service, script)| (service.clone(), script.version.clone()))
            .collect()
    }

    /// Every script, by service.
    pub fn iter(&self) -> impl Iterator<Item = &OperatorScript> {
        self.by_service.values()
    }
}
