//! A script's file as it is written, every value with its place.

use serde::Deserialize;
use toml::Spanned;

use super::field::{FieldKind, FieldOption};
use super::model::{StepAct, StepKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftScript {
    pub(super) service: Option<Spanned<String>>,
    pub(super) version: Spanned<String>,
    pub(super) title: Spanned<String>,
    pub(super) situation: Spanned<String>,
    pub(super) need: Spanned<String>,
    #[serde(default, rename = "step")]
    pub(super) steps: Vec<Spanned<DraftStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftStep {
    pub(super) id: Spanned<String>,
    pub(super) title: Spanned<String>,
    #[serde(default)]
    pub(super) kind: StepKind,
    pub(super) say: Spanned<String>,
    pub(super) hint: Option<Spanned<String>>,
    pub(super) next: Option<Spanned<String>>,
    #[serde(default, rename = "answer")]
    pub(super) answers: Vec<Spanned<DraftAnswer>>,
    #[serde(default, rename = "field")]
    pub(super) fields: Vec<Spanned<DraftField>>,
    #[serde(rename = "do")]
    pub(super) act: Option<Spanned<StepAct>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftAnswer {
    pub(super) id: Spanned<String>,
    pub(super) title: Spanned<String>,
    pub(super) goto: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftField {
    pub(super) name: Spanned<String>,
    pub(super) title: Spanned<String>,
    #[serde(default)]
    pub(super) kind: FieldKind,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) from: Option<Spanned<String>>,
    #[serde(default, rename = "option")]
    pub(super) options: Vec<FieldOption>,
}
