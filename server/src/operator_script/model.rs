//! A script as it stands in its file, and with the operator's card filled in.

use events::{NeedCode, ScriptId, ServiceId};
use serde::Serialize;
use utoipa::ToSchema;

use super::ScriptField;
use crate::organisation::{OperatorCard, Organisation};

/// The authority's name.
pub(super) const ORGANISATION: &str = "{organisation}";
/// Surname, name, patronymic if there is one.
pub(super) const FULL_NAME: &str = "{full_name}";
/// The operator's position.
pub(super) const POSITION: &str = "{position}";
/// The service's name.
pub(super) const SERVICE: &str = "{service}";
/// `{field.name}` stands for what was written down; the desk fills it in.
pub(super) const FIELD: &str = "{field.";

/// An operator's script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OperatorScript {
    /// Its name: the file's name without `.toml`.
    #[schema(value_type = String)]
    pub id: ScriptId,
    /// The service it is for; none for a situation that any call may turn into.
    #[schema(value_type = Option<String>)]
    pub service: Option<ServiceId>,
    /// Of this text; changes with every change of the text.
    pub version: String,
    /// The situation, in a few words (requirement row #39).
    pub title: String,
    /// When it applies and what the caller usually wants.
    pub situation: String,
    /// What such a call is usually for: filled in beforehand on the desk (requirement row #43).
    #[schema(value_type = String)]
    pub need: NeedCode,
    /// In the order of the file; the first begins, the last ends.
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
    /// The step that usually follows; none after the last one and where the answer decides.
    pub next: Option<String>,
    /// What the caller may answer, and where that leads.
    pub answers: Vec<StepAnswer>,
    /// What is written down.
    pub fields: Vec<ScriptField>,
    /// What the desk does here.
    #[serde(rename = "do")]
    pub act: Option<StepAct>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepAnswer {
    /// Its name in facts.
    pub id: String,
    /// What the caller answered, in a few words.
    pub title: String,
    /// The step it leads to.
    pub goto: String,
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

/// What the desk does at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepAct {
    /// Takes the complaint written down in the fields and tells its number (row #36).
    FileComplaint,
    /// Looks for the body that is competent, and notes which was named (row #35).
    Refer,
}

impl OperatorScript {
    /// The script with the words of this operator.
    #[must_use]
    pub fn filled(
        &self,
        organisation: &Organisation,
        card: &OperatorCard,
        service: &ServiceId,
    ) -> Self {
        let service = organisation.service_title(self.service.as_ref().unwrap_or(service));
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

    /// The step of this name.
    #[must_use]
    pub fn step(&self, step: &str) -> Option<&ScriptStep> {
        self.steps.iter().find(|s| s.id == step)
    }

    /// Whether the script has a step of this name.
    #[must_use]
    pub fn has_step(&self, step: &str) -> bool {
        self.step(step).is_some()
    }

    /// Everything that may be written down, in the order of the steps.
    pub fn fields(&self) -> impl Iterator<Item = &ScriptField> {
        self.steps.iter().flat_map(|step| &step.fields)
    }
}
