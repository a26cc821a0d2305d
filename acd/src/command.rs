//! What the world may ask of the distribution.

use events::{
    CallId, CallOutcome, CaseId, ChosenBy, ClientType, ConsultationOutcome, Destination,
    DialogueOutcome, DialoguePurpose, Direction, EndCause, LegId, LegReport, LegRole, LineId,
    MissedWhy, NeedCode, NotReadyReason, OperatorId, Pii, QueueId, ScriptId, ServiceId, SkillLevel,
    SkippedWhy, Strategy, SupervisionMode, TransferTarget,
};

/// A wish or a report from outside. [`crate::Acd::decide`] turns it into facts, or refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// An INVITE for a line was taken.
    CallArrives {
        /// The call, minted by the switchboard.
        call: CallId,
        /// The caller's leg.
        leg: LegId,
        /// The line dialled.
        line: LineId,
        /// The trunk it came by.
        trunk: String,
        /// The caller's number, if signalled.
        caller: Option<Pii<String>>,
    },
    /// Somebody whom the house called back answered and wants a person: from now on they are a
    /// caller like any other, in the line's queue; their wait begins now.
    CallPlaced {
        /// The call, minted by the switchboard.
        call: CallId,
        /// The leg of whoever answered.
        leg: LegId,
        /// The line in whose name the house called.
        line: LineId,
        /// What it is about.
        service: ServiceId,
        /// The trunk they were called by.
        trunk: String,
        /// The callback it is, if it is one: its kept place, if there is one, is theirs.
        case: Option<CaseId>,
    },
    /// The caller's ACK came: t0.
    CallerConnected {
        /// The call.
        call: CallId,
    },
    /// The assistant or the operator knows the service.
    ChooseService {
        /// The call.
        call: CallId,
        /// The service.
        service: ServiceId,
        /// Who chose.
        by: ChosenBy,
    },
    /// A dialogue ended; what follows depends on its purpose and outcome: to the queue, to the end.
    DialogueEnds {
        /// The call.
        call: CallId,
        /// What it was for.
        purpose: DialoguePurpose,
        /// How it ended.
        outcome: DialogueOutcome,
        /// Whether the notice of recording was heard to its end.
        notice_played: bool,
    },
    /// The caller gave a score, 1–5.
    Rate {
        /// The call.
        call: CallId,
        /// 1–5.
        score: u8,
    },
    /// The caller was asked and gave none.
    SkipRating {
        /// The call.
        call: CallId,
        /// Why.
        why: SkippedWhy,
    },
    /// The caller is about to be told their place and how long they may have to wait.
    TellWait {
        /// The call.
        call: CallId,
    },
    /// The caller who waits need not wait on the line: their place is kept, and they are called when
    /// it is reached. The callback is owed already.
    KeepPlace {
        /// The call.
        call: CallId,
        /// The callback.
        case: CaseId,
    },
    /// The caller's leg ended from outside: hang-up, CANCEL, or it broke.
    CallerGone {
        /// The call.
        call: CallId,
        /// `CallerHungUp` or `Failure`.
        cause: EndCause,
    },
    /// The operator's phone rings.
    OperatorRings {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
    },
    /// The operator picked up the offered call.
    OperatorAnswers {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
    },
    /// Audio of caller and operator is joined.
    Bridged {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
    },
    /// The offer failed (busy, unreachable, declined).
    OfferFails {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// Why.
        why: MissedWhy,
    },
    /// The operator's leg ended from outside while talking.
    OperatorGone {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// `true` if the leg broke instead of hanging up.
        broken: bool,
    },
    /// A side put the other on hold, or took it back.
    Hold {
        /// The call.
        call: CallId,
        /// On hold, or back.
        held: bool,
    },
    /// The operator hands the caller on, blind. Whether a number outside may be dialled is for the
    /// switchboard to know.
    Transfer {
        /// The call.
        call: CallId,
        /// Who asks.
        operator: OperatorId,
        /// To whom.
        to: TransferTarget,
    },
    /// The operator consults somebody beside the talk, or ends that in one way or another.
    Consult {
        /// The call.
        call: CallId,
        /// Who asks.
        operator: OperatorId,
        /// What they want.
        step: ConsultStep,
    },
    /// The number outside that is rung for a caller or for an operator answered.
    OutsideAnswers {
        /// The call.
        call: CallId,
    },
    /// The leg of the number outside ended, before or after the answer.
    OutsideGone {
        /// The call.
        call: CallId,
        /// Why: `Left` after an answer.
        why: ConsultationOutcome,
    },
    /// The operator states outcome and need, during the talk or in wrap-up; may be restated.
    SetDisposition {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// The outcome.
        outcome: CallOutcome,
        /// The need.
        need: NeedCode,
        /// The kind of client.
        client: Option<ClientType>,
    },
    /// The operator ticks a step of their script.
    TickStep {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// The operator's script.
        script: ScriptId,
        /// The step.
        step: String,
        /// Ticked or unticked.
        done: bool,
    },
    /// The operator ends wrap-up; refused without a disposition.
    FinishWrapUp {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator asks for more time for after-call work.
    ExtendWrapUp {
        /// The operator.
        operator: OperatorId,
    },
    /// A supervisor whose phone was answered comes into a talk, or lets others hear them.
    Supervise {
        /// The call.
        call: CallId,
        /// Who.
        supervisor: OperatorId,
        /// Who hears them.
        mode: SupervisionMode,
    },
    /// The supervisor's leg ended.
    EndSupervision {
        /// Who.
        supervisor: OperatorId,
        /// `true` if the leg broke instead of hanging up.
        broken: bool,
    },
    /// The operator opens the desk.
    SignIn {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator leaves; refused during a talk or wrap-up.
    SignOut {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator wants calls.
    BecomeReady {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator wants none; during a talk it takes effect after wrap-up.
    BecomeNotReady {
        /// The operator.
        operator: OperatorId,
        /// Why.
        reason: NotReadyReason,
    },
    /// A supervisor changes what an operator does, by the same rules as if the operator did.
    Direct {
        /// Who.
        by: OperatorId,
        /// Whose state.
        operator: OperatorId,
        /// To what.
        to: Direction,
    },
    /// A supervisor changes what an operator knows.
    ChangeSkills {
        /// Who.
        by: OperatorId,
        /// Whose skills.
        operator: OperatorId,
        /// All of them from now on.
        skills: Vec<SkillLevel>,
    },
    /// A supervisor changes how a queue chooses.
    ChangeStrategy {
        /// Who.
        by: OperatorId,
        /// Which queue.
        queue: QueueId,
        /// How it chooses from now on.
        strategy: Strategy,
    },
    /// A supervisor moves a caller who waits or talks.
    MoveCall {
        /// Who.
        by: OperatorId,
        /// The call.
        call: CallId,
        /// Where to.
        to: Destination,
    },
    /// The operator's phone registered or has a fixed address.
    PhoneUp {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator's phone is gone.
    PhoneDown {
        /// The operator.
        operator: OperatorId,
    },
    /// The media plane's figures for a closed leg.
    Measure {
        /// The call.
        call: CallId,
        /// Whose leg.
        role: LegRole,
        /// The figures.
        report: LegReport,
    },
    /// Time passed: let every deadline that is due act.
    Tick,
    /// The journal was replayed after a stop: close what was open when the server died. Apply
    /// `ServerStarted` before, so that a crash in the middle of the closing is understood, too.
    Recover {
        /// Time of the newest record: the calls ended no later than a second after it.
        crashed_at: events::Timestamp,
    },
}

/// What an operator wants of a consultation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsultStep {
    /// To begin one with somebody: the caller is put on hold.
    Start(TransferTarget),
    /// To turn to the other of the two: caller or consulted.
    Swap,
    /// Back to the caller, without the consulted.
    Return,
    /// To leave caller and consulted to each other.
    Complete,
    /// To talk with both.
    Conference,
}

/// Why a command was not carried out. The text is for the operator's screen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such call, or it ended.
    #[error("звонок уже завершён")]
    NoSuchCall,
    /// No such operator.
    #[error("оператор не найден")]
    NoSuchOperator,
    /// The operator is in another state than the command needs.
    #[error("сейчас это невозможно: {0}")]
    WrongState(&'static str),
    /// A transfer target that cannot take a call now.
    #[error("оператор сейчас не может принять звонок")]
    TargetNotReady,
    /// No such line.
    #[error("линия не найдена")]
    NoSuchLine,
    /// No such queue.
    #[error("очередь не найдена")]
    NoSuchQueue,
    /// Wrap-up cannot end without outcome and need (requirement rows #29, #43).
    #[error("укажите итог разговора и потребность клиента")]
    DispositionMissing,
    /// A score outside 1–5.
    #[error("оценка должна быть от 1 до 5")]
    ScoreOutOfRange,
}
