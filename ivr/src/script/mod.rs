//! Scripts as data: how they are written, what is wrong with them, what a dialogue follows.
//!
//! Files come in as text ([`SourceFile`]); reading them from the disk is `io`'s. [`build`] gives the
//! scripts ready to be followed and everything that is wrong with the files, with file, line and
//! advice. A script with an error is never followed.

mod build;
mod commands;
mod draft;
mod finding;
mod lint;
mod model;
mod parse;
mod set;
mod table;
mod words;

pub use commands::{Command, YesNo};
pub use events::Date;
pub use finding::{Finding, Rule, Severity};
pub use model::{
    Card, Choice, Grammar, Node, NodeKind, Question, RatingTexts, Script, Service, Taken,
};
pub use set::{ScriptSet, Setting, SourceFile, build, check};
pub use words::{need_parse, need_word};

/// The name of the list for «Вы сказали …?»: no node may be called so.
pub const CONFIRM_NODE: &str = "confirm";
