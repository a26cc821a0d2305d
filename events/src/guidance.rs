//! Operators' scripts in use, how their texts change, and who learned what.

use serde::{Deserialize, Serialize};

use crate::{CallId, Date, OperatorId, Pii, ProposalId, ScriptId};

/// How an operator followed a script, and where a caller was sent (rows #35, #39).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScriptEvent {
    /// The operator wrote down what the caller said, or took it back.
    FieldNoted {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// The field's name in the scripts.
        field: String,
        /// What was said; none takes it back.
        value: Option<Pii<String>>,
    },
    /// The operator took a branch of the script.
    AnswerChosen {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// The operator's script.
        script: ScriptId,
        /// The step that asks.
        step: String,
        /// The answer's name.
        answer: String,
    },
    /// The operator said a step in words of their own.
    OwnWordsSaid {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// The operator's script.
        script: ScriptId,
        /// The step.
        step: String,
    },
    /// How the talk went beside the script it ended with: one a talk, after its after-call work.
    Followed {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// The operator's script.
        script: ScriptId,
        /// The script's version.
        version: String,
        /// Steps of the way taken that were done.
        done: u16,
        /// Where the operator deviated.
        deviations: Deviations,
    },
    /// The question is another body's: the caller was told whom to turn to (row #35).
    Referred {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// The body's name in the directory; none takes it back.
        body: Option<String>,
    },
}

/// Where an operator left the script: allowed, and recorded (row #39). Names of steps and fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviations {
    /// Steps of the way taken that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<String>,
    /// Steps done after one that follows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reordered: Vec<String>,
    /// Steps said in other words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_words: Vec<String>,
    /// Required fields of the way taken that stayed empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

impl Deviations {
    /// Whether there is none.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.skipped.is_empty()
            && self.reordered.is_empty()
            && self.own_words.is_empty()
            && self.missing.is_empty()
    }
}

impl ScriptEvent {
    /// The call a fact is about.
    #[must_use]
    pub const fn call(&self) -> CallId {
        match self {
            Self::FieldNoted { call, .. }
            | Self::AnswerChosen { call, .. }
            | Self::OwnWordsSaid { call, .. }
            | Self::Followed { call, .. }
            | Self::Referred { call, .. } => *call,
        }
    }

    /// Whose fact it is.
    #[must_use]
    pub const fn operator(&self) -> &OperatorId {
        match self {
            Self::FieldNoted { operator, .. }
            | Self::AnswerChosen { operator, .. }
            | Self::OwnWordsSaid { operator, .. }
            | Self::Followed { operator, .. }
            | Self::Referred { operator, .. } => operator,
        }
    }
}

/// A text of the scripts folder on its way from a draft to use: who, when and which. The text itself
/// is kept under its digest, beside the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScriptTextEvent {
    /// Somebody proposes another text.
    Proposed {
        /// The proposal.
        proposal: ProposalId,
        /// The file under the scripts folder, `operator/appointment.toml`.
        file: String,
        /// SHA-256 of the text that it would replace, in hexadecimal; none for a new file.
        base: Option<String>,
        /// SHA-256 of the proposed text, in hexadecimal.
        digest: String,
        /// Who proposes it.
        author: OperatorId,
        /// Why, for whoever approves it.
        note: String,
    },
    /// Somebody else approved it: it is in use from now on.
    Approved {
        /// The proposal.
        proposal: ProposalId,
        /// Who approved it.
        by: OperatorId,
    },
    /// It will not be used: refused, or taken back by its author.
    Rejected {
        /// The proposal.
        proposal: ProposalId,
        /// By whom.
        by: OperatorId,
        /// Why, for its author.
        why: String,
    },
}

impl ScriptTextEvent {
    /// Whose fact it is.
    #[must_use]
    pub const fn by(&self) -> &OperatorId {
        match self {
            Self::Proposed { author: by, .. }
            | Self::Approved { by, .. }
            | Self::Rejected { by, .. } => by,
        }
    }
}

/// Who learned what (rows #3 and #14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingEvent {
    /// A person was trained in a topic.
    Learned {
        /// Who.
        operator: OperatorId,
        /// The topic's name in `scripts/training`.
        topic: String,
        /// When.
        on: Date,
        /// To be repeated not later than this day; never if none.
        next: Option<Date>,
        /// Who noted it.
        noted_by: OperatorId,
    },
    /// A person went through a script with a simulated caller: no call, and no figure of calls.
    Rehearsed {
        /// Who.
        operator: OperatorId,
        /// The simulated caller's name.
        caller: String,
        /// The operator's script.
        script: ScriptId,
        /// The script's version.
        version: String,
        /// Steps done of those that this caller needs.
        done: u16,
        /// Steps that this caller needs.
        needed: u16,
        /// Where the person deviated.
        deviations: Deviations,
        /// What the person understood other than this caller meant.
        #[serde(default)]
        mistakes: Mistakes,
    },
}

/// What a trainee understood other than the simulated caller meant. Names, never what was typed.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent of each other: three answers, each of them right or wrong"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistakes {
    /// Steps where another branch was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// Fields that hold something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Another outcome of the call was given.
    #[serde(default)]
    pub outcome: bool,
    /// Another need of the client was given.
    #[serde(default)]
    pub need: bool,
    /// The caller was sent to another body, or to none.
    #[serde(default)]
    pub body: bool,
}
