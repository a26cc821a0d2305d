//! Scripts as data: how they are written, what is wrong with them, what a dialogue follows.
//!
//! Files come in as text ([`SourceFile`]); reading them from the disk is `io`'s. [`build`] gives the
//! scripts ready to be followed and everything that is wrong with the files, with file, line and
//! advice. A script with an error is never followed.

mod build;
mod commands;
mod draft;
mod finding;
mod grammar;
mod language;
mod lint;
mod model;
mod parse;
mod said;
mod set;
mod table;
mod talk;
mod variable;
mod versions;
mod words;

pub use commands::{Command, YesNo};
pub use events::Date;
pub use finding::{Finding, Rule, Severity};
pub use grammar::Grammar;
pub(crate) use grammar::PickWord;
pub use language::Language;
pub use model::{
    Ask, Assign, Branch, Call, Card, Choice, Condition, Dictate, Effects, Node, NodeKind, Patience,
    Pick, Question, RatingTexts, Script, Service, Taken, Task,
};
pub use said::{Part, Piece, Said};
pub use set::{ScriptSet, Setting, SourceFile, build, check};
pub(crate) use talk::is_talk_list;
pub(crate) use variable::Facts;
pub use variable::{CALLER, OFFER_FIELDS, Operand, Test, VariableType};
pub use versions::Versions;
pub use words::{need_parse, need_word};

/// The name of the list for «Вы сказали …?»: no node may be called so.
pub const CONFIRM_NODE: &str = "confirm";
/// The name of the list for a dictation: no node may be called so.
pub const DICTATION_NODE: &str = "dictation";
/// The name of the list for the settings of the conversation: no node may be called so.
pub const SETTINGS_NODE: &str = "settings";
