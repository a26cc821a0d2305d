//! `[cases]`, `[[responsible]]`, `[[register]]`: what is owed to callers, by whom, and where the
//! state of applications is known.

use std::path::PathBuf;

use serde::Deserialize;

/// `[cases]`: terms and hours.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CasesConfig {
    /// Days in which a complaint is answered.
    pub complaint_days: u16,
    /// Days before the last one on which the responsible person is reminded.
    pub warn_days: u16,
    /// Hours in which people are called back, by id in `scripts/calendars`.
    pub callback_hours: String,
}

/// `[[responsible]]`: who answers complaints.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponsibleConfig {
    /// Surname, name, patronymic.
    pub name: String,
    /// Where the notice of a complaint goes.
    pub email: Option<String>,
    /// About what; everything if empty.
    #[serde(default)]
    pub services: Vec<String>,
}

/// `[[register]]`: where the state of applications is known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterConfig {
    /// Its name in the log and in `/metrics`.
    pub name: String,
    /// What it is.
    pub kind: RegisterKind,
    /// How long it may take, milliseconds.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// How long its last answer is good while it is silent, hours.
    #[serde(default = "kept_h")]
    pub kept_h: u64,
    /// `http`: the address, `{number}` for the number; `database`: `sqlite://PATH`.
    pub url: Option<String>,
    /// `http`: the Authorization header.
    pub authorization: Option<String>,
    /// `http`: certificates in PEM that are trusted instead of the public ones.
    pub trusted: Option<PathBuf>,
    /// `files`: a folder of `*.csv`, or one file.
    pub path: Option<PathBuf>,
    /// `database`: the query; `?1` stands for the number.
    pub query: Option<String>,
    /// `files`: the column of the number.
    #[serde(default = "number")]
    pub number: String,
    /// `files`: the column of the status; `http`: its JSON pointer.
    #[serde(default = "status")]
    pub status: String,
    /// `files`: the column of the due day; `http`: its JSON pointer.
    #[serde(default = "due")]
    pub due: String,
}

/// What a register is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterKind {
    /// A service that answers with JSON.
    Http,
    /// A folder of tables.
    Files,
    /// A view of a database.
    Database,
}

impl Default for CasesConfig {
    fn default() -> Self {
        Self {
            complaint_days: 30,
            warn_days: 5,
            callback_hours: "weekdays".into(),
        }
    }
}

const fn timeout_ms() -> u64 {
    3_000
}

const fn kept_h() -> u64 {
    24
}

fn number() -> String {
    "номер".into()
}

fn status() -> String {
    "статус".into()
}

fn due() -> String {
    "срок".into()
}
