//! What goes over the wire about texts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TextFinding;

/// Files and proposals.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct TextsView {
    /// By name.
    pub(super) files: Vec<FileView>,
    /// The newest first.
    pub(super) proposals: Vec<ProposalView>,
}

/// A file that may be edited.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct FileView {
    /// Its name under the scripts folder.
    pub(super) file: String,
    /// What people call it, as it says itself.
    pub(super) title: Option<String>,
    /// Its version, as it says itself.
    pub(super) version: Option<String>,
    /// SHA-256 of its text.
    pub(super) digest: String,
    /// Whether it was changed on the disk beside this page since it was approved last.
    pub(super) is_changed_on_disk: bool,
    /// Its text, if only this file was asked for.
    pub(super) text: Option<String>,
}

/// A proposal.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ProposalView {
    /// Its number.
    pub(super) id: u64,
    /// The file.
    pub(super) file: String,
    /// Who proposed it.
    pub(super) author: String,
    /// Why.
    pub(super) note: String,
    /// When.
    pub(super) at_ms: i64,
    /// `waiting`, `approved`, `rejected`.
    pub(super) state: &'static str,
    /// Who decided.
    pub(super) decided_by: Option<String>,
    /// When it was decided.
    pub(super) decided_at_ms: Option<i64>,
    /// Why it was rejected.
    pub(super) why: Option<String>,
    /// Whether it is the asking person's own.
    pub(super) is_own: bool,
    /// Whether the asking person may approve it.
    pub(super) may_approve: bool,
    /// SHA-256 of its text.
    pub(super) digest: String,
}

/// A proposal with its texts.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ProposalTexts {
    /// The proposal.
    pub(super) proposal: ProposalView,
    /// The proposed text.
    pub(super) text: String,
    /// The text it would replace; empty for a new file.
    pub(super) before: String,
    /// Whether the file was changed since.
    pub(super) is_stale: bool,
    /// What is wrong with the proposed text now.
    pub(super) findings: Vec<TextFinding>,
}

/// A text to look at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct DraftText {
    /// The file under the scripts folder.
    pub(super) file: String,
    /// The text.
    pub(super) text: String,
}

/// A text to propose.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ProposedText {
    /// The file under the scripts folder.
    pub(super) file: String,
    /// The text.
    pub(super) text: String,
    /// SHA-256 of the text it was made from; nothing for a new file.
    pub(super) base: Option<String>,
    /// Why, for whoever approves it.
    pub(super) note: String,
}

/// Why a proposal is not used.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Rejection {
    /// For its author.
    pub(super) why: String,
}

/// Why a text was not taken.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct TextRefused {
    /// For the screen, in Russian.
    pub(super) error: String,
    /// For programs: `refused`.
    pub(super) code: &'static str,
    /// Everything that is wrong.
    pub(super) findings: Vec<TextFinding>,
}
