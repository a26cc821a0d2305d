//! What an operator may do from the desk, as it comes over the wire.

use events::{
    CallOutcome, ClientType, NeedCode, NotReadyReason, OperatorId, Pii, QueueId, ScriptId,
    ServiceId, TransferTarget,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::call_number::CallNumber;
use crate::switchboard::PhoneKey;

/// What the operator wants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(super) enum DeskCommand {
    /// Open the desk.
    SignIn,
    /// Leave the desk.
    SignOut,
    /// Take calls.
    Ready,
    /// Take no calls; during a talk from the end of the after-call work on.
    NotReady {
        /// A pause of the configuration: see `pauses` of `/api/v1/reasons`.
        #[schema(value_type = String)]
        reason: NotReadyReason,
    },
    /// Correct the service.
    ChooseService {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// A service of the call's line, or `undetermined`.
        #[schema(value_type = String)]
        service: ServiceId,
    },
    /// Hand the caller on.
    Transfer {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// To whom.
        to: TransferTo,
    },
    /// Consult somebody beside the talk: the caller is put on hold.
    Consult {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// Whom.
        with: TransferTo,
    },
    /// Turn to the other of the two: caller or consulted.
    Swap {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
    },
    /// Back to the caller, without the consulted.
    EndConsultation {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
    },
    /// Leave caller and consulted to each other.
    CompleteTransfer {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
    },
    /// Talk with caller and consulted.
    Conference {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
    },
    /// State how the call ended.
    Disposition {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// `answered`, `transferred`, `way_given` or `callback`.
        #[schema(value_type = String)]
        outcome: CallOutcome,
        /// `1`–`9`.
        #[schema(value_type = String)]
        need: NeedCode,
        /// `citizen`, `entrepreneur`, `company`, `internal`, or nothing.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        client: Option<ClientType>,
    },
    /// End the after-call work.
    FinishWrapUp,
    /// More time for the after-call work.
    ExtendWrapUp,
    /// Tick a step of the operator's script, or take the tick back.
    TickStep {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// The script's id.
        #[schema(value_type = String)]
        script: ScriptId,
        /// The step's id.
        step: String,
        /// Ticked or not.
        done: bool,
    },
    /// Take a branch of the operator's script; the step is ticked too.
    AnswerStep {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// The script's id.
        #[schema(value_type = String)]
        script: ScriptId,
        /// The step's id.
        step: String,
        /// The answer's id.
        answer: String,
    },
    /// A step was said in other words; it is ticked too.
    OwnWords {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// The script's id.
        #[schema(value_type = String)]
        script: ScriptId,
        /// The step's id.
        step: String,
    },
    /// Write down what the caller said, or take it back.
    NoteField {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// The field's name in the scripts.
        field: String,
        /// As the field's kind has it; nothing takes it back.
        #[serde(default)]
        value: Option<String>,
    },
    /// The question is another body's: the caller was told whom to turn to.
    Refer {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// The body's id in the directory; nothing takes it back.
        #[serde(default)]
        body: Option<String>,
    },
    /// Write to the caller of the talk, who reads.
    Write {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// The line, at most 500 characters.
        text: String,
    },
    /// Press a key of the phone: `pick_up`, `decline`, `hold`, `resume`, `mute`, `unmute`.
    Phone {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// Which key.
        key: PhoneKey,
    },
    /// Have read a message: a number of `messages`.
    ReadMessage {
        /// Which.
        message: u64,
    },
    /// End the talk; the caller stays for the rating.
    HangUp {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
    },
}

/// To whom a caller is handed on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum TransferTo {
    /// A login.
    Operator(String),
    /// A queue's id.
    Queue(String),
    /// A number outside, one of those that may be dialled.
    Outside(String),
}

impl From<TransferTo> for TransferTarget {
    fn from(to: TransferTo) -> Self {
        match to {
            TransferTo::Operator(login) => Self::Operator(OperatorId::new(login)),
            TransferTo::Queue(queue) => Self::Queue(QueueId::new(queue)),
            TransferTo::Outside(number) => Self::Outside(Pii::new(number)),
        }
    }
}
