//! What the API needs of the files.

use serde::Serialize;
use utoipa::ToSchema;

/// The files, for the API. Everything may take its time.
pub trait Shelf: Send + Sync {
    /// Every file that may be edited, with its text.
    ///
    /// # Errors
    /// Why the folder cannot be read, in Russian.
    fn files(&self) -> Result<Vec<(String, String)>, String>;
    /// The digest of a text.
    fn digest(&self, text: &str) -> String;
    /// Keeps a text for ever, under its digest.
    ///
    /// # Errors
    /// Why not, and what to do, in Russian.
    fn keep(&self, text: &str) -> Result<String, String>;
    /// The text of a digest.
    fn kept(&self, digest: &str) -> Option<String>;
    /// What is wrong with a file if this were its text.
    fn findings(&self, file: &str, text: &str) -> Vec<TextFinding>;
    /// The same, with everything that takes long: golden conversations, versions.
    fn all_findings(&self, file: &str, text: &str) -> Vec<TextFinding>;
    /// Puts a text into the folder and into use.
    ///
    /// # Errors
    /// Why not, and what to do, in Russian.
    fn put_in_use(&self, file: &str, text: &str) -> Result<(), String>;
}

/// Something to mend in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextFinding {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong and what to do, in Russian.
    pub text: String,
    /// Whether the text cannot be used with it.
    pub is_error: bool,
}
