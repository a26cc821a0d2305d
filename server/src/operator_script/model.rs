//! A script as it stands in its file, and with the operator's card filled in.

use events::{NeedCode, ScriptId, ServiceId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::organisation::{OperatorCard, Organisation};

/// The authority's name.
pub(super) const ORGANISATION: &str = "{organisation}";
/// Surname, name, patronymic if there is one.
pub(super) const FULL_NAME: &str = "{full_name}";
/// The operator's position.
pub(super) const POSITION: &str = "{position}";
/// The service's name.
pub(super) const SERVICE: &str = "{service}";

/// An operator's script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OperatorScript {
    /// Its name: the file's name without `.toml`.
    #[schema(value_type = String)]
    pub id: ScriptId,
    /// The service it is for.
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// Of this text; changes with every change of the text.
    pub version: String,
    /// The situation, in a few words (requirement row #39).
    pub title: String,
    /// When it applies and what the caller usually wants.
    pub situation: String,
    /// What such a call is usually for: filled in beforehand on the desk (requirement row #43).
    #[schema(value_type = String)]
    pub need: NeedCode,
    /// In the order in which they are usually said.
    pub steps: Vec<ScriptStep>,
}

/// One thing to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScriptStep {
    /// Its name in facts; never reused for something else.
    pub id: String,
    /// What it is about, in a word or two.
    pub title: String,
    /// Which part of a talk it is.
    pub kind: StepKind,
    /// The words.
    pub say: String,
    /// For the operator only: what to look at, when to leave it out.
    pub hint: Option<String>,
}

/// Which part of a talk a step is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The first words.
    Greeting,
    /// Anything between.
    #[default]
    Body,
    /// The last words.
    Closing,
}

impl OperatorScript {
    /// The script with the words of this operator.
    #[must_use]
    pub fn filled(&self, organisation: &Organisation, card: &OperatorCard) -> Self {
        let service = organisation.service_title(&self.service);
        let fill = |text: &str| {
            text.replace(ORGANISATION, &organisation.name)
                .replace(FULL_NAME, &card.full_name)
                .replace(POSITION, &card.position)
                .replace(SERVICE, &service)
        };
        let mut script = self.clone();
        for step in &mut script.steps {
            step.say = fill(&step.say);
            step.hint = step.hint.as_deref().map(fill);
        }
        script
    }

    /// Whether the script has a step of this name.
    #[must_use]
    pub fn has_step(&self, step: &str) -> bool {
        self.steps.iter().any(|s| s.id == step)
    }
}
