//! What an operator says: a named situation for each service, as steps to follow and tick.
//!
//! A script is guidance and not a cage (requirement row #39), but its first step is fixed by order:
//! the authority's name, the operator's full name and position are said when a call is answered
//! (row #27). They stand in the text as placeholders and are filled in from the operator's card, so
//! a script that forgets one is refused. One file a service, `scripts/operator/SERVICE.toml`; the
//! service `undetermined` has one too, which also stands in for a service without its own. A script
//! without a service is for a situation that any call may turn into: a complaint, a question for
//! another body.
//!
//! | file | what is in it |
//! |---|---|
//! | [`model`], [`field`] | a script, its steps, branches and fields |
//! | [`draft`], [`lint`], [`ways`] | how its file is read, and everything that can be wrong with it |
//! | [`follow`] | the way an operator took, and where it left the script |

mod draft;
mod field;
mod follow;
mod lint;
mod model;
#[cfg(test)]
mod tests;
mod ways;

pub use field::{FieldKind, FieldOption, ScriptField};
pub use follow::Trail;
pub use lint::{Finding, read_all};
pub use model::{OperatorScript, ScriptStep, StepAct, StepAnswer, StepKind};

use std::collections::BTreeMap;

use events::{ScriptId, ServiceId};

/// Every operator's script, by service, and those for situations. Made by [`read_all`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorScripts {
    by_service: BTreeMap<ServiceId, OperatorScript>,
    situations: BTreeMap<ScriptId, OperatorScript>,
}

impl OperatorScripts {
    /// The script for a service, or the one for calls whose service is not determined.
    #[must_use]
    pub fn for_service(&self, service: &ServiceId) -> Option<&OperatorScript> {
        let own = self.by_service.get(service);
        own.or_else(|| self.by_service.get(&ServiceId::undetermined()))
    }

    /// The script of this name.
    #[must_use]
    pub fn script(&self, id: &ScriptId) -> Option<&OperatorScript> {
        self.iter().find(|script| script.id == *id)
    }

    /// Scripts for situations, by name.
    pub fn situations(&self) -> impl Iterator<Item = &OperatorScript> {
        self.situations.values()
    }

    /// The field of this name; the same name means the same in every script.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&ScriptField> {
        let mut fields = self.iter().flat_map(OperatorScript::fields);
        fields.find(|field| field.name == name)
    }

    /// The version of each service's script: it stands in every rating (requirement row #8).
    #[must_use]
    pub fn versions(&self) -> BTreeMap<ServiceId, String> {
        let scripts = self.by_service.iter();
        scripts
            .map(|(service, script)| (service.clone(), script.version.clone()))
            .collect()
    }

    /// Every script: those of services, then those for situations.
    pub fn iter(&self) -> impl Iterator<Item = &OperatorScript> {
        self.by_service.values().chain(self.situations.values())
    }
}
