//! One enum of facts, past tense: the product on one screen.
//!
//! A fact stands in the journal before anybody acts on it. Every number is a fold over facts; every
//! state of the distribution is too. Times are in the [`crate::Record`] around the fact; durations
//! inside a fact end in their unit.

use serde::{Deserialize, Serialize};

use crate::card::{Catalogue, LegReport, Terms, TransferTarget, WaitRange, Waits};
use crate::word::{
    CallOutcome, ChosenBy, ClientType, DialogueOutcome, DialoguePurpose, EndCause, EntryCause,
    HungUpBy, LegRole, MissedWhy, NeedCode, RatingScope, RefusedWhy, SkippedWhy, TransferKind,
    UnansweredCause,
};
use crate::{
    Act, CallId, CaseEvent, CaseId, ConsultationEvent, LegId, LineId, Millis, NotReadyReason,
    NotificationEvent, OperatorId, OutsideEvent, Pii, PlacedEvent, QueueId, ScriptEvent, ScriptId,
    ScriptTextEvent, ServiceId, SupervisionEvent, TaskKind, TaskOutcome, Timestamp, TrainingEvent,
    TranscriptEvent,
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    // ── the server ────────────────────────────────────────────────────────────────────────────
    /// A process began to write this journal.
    ServerStarted {
        /// Which node of several.
        node: u16,
        /// Of the program.
        version: String,
        /// Of every random choice until the next `ServerStarted`.
        seed: u64,
    },
    /// What exists from now on: lines, services, queues, operators. Written at start and on reload,
    /// so that a journal explains itself and every series exists at 0.
    CatalogueLoaded(Catalogue),
    /// Written every second while a call is open: a call cut by a crash ended no later than one
    /// second after the newest record.
    Heartbeat {},
    /// The process drained and left on purpose.
    ServerStopped {},

    // ── a call ────────────────────────────────────────────────────────────────────────────────
    /// A caller stands at the door (INVITE taken), the line is known, the service rarely.
    CallArrived {
        /// The call.
        call: CallId,
        /// The caller's leg.
        leg: LegId,
        /// The line that was dialled.
        line: LineId,
        /// Known at the door only if the line serves a single service.
        service: ServiceId,
        /// The trunk's name in the configuration, or `registered` for a phone of ours.
        trunk: String,
        /// The caller's number as signalled, none if withheld.
        caller: Option<Pii<String>>,
    },
    /// A caller was turned away before the call existed: counted beside the calls, never hidden.
    CallRefused {
        /// The line that was dialled.
        line: LineId,
        /// Why.
        why: RefusedWhy,
        /// The SIP status the caller got.
        status: u16,
    },
    /// The caller's connection stands (ACK of our 200 OK): this is t0 of every wait.
    LegAnswered {
        /// The call.
        call: CallId,
        /// The caller's leg.
        leg: LegId,
    },
    /// The service the call is about became known or was corrected.
    ServiceChosen {
        /// The call.
        call: CallId,
        /// The service from now on.
        service: ServiceId,
        /// Who chose.
        by: ChosenBy,
    },

    // ── the assistant ─────────────────────────────────────────────────────────────────────────
    /// A dialogue began.
    DialogueStarted {
        /// The call.
        call: CallId,
        /// What the dialogue is for.
        purpose: DialoguePurpose,
        /// The script's name.
        script: ScriptId,
        /// The script's version, as written in its file.
        version: String,
    },
    /// The dialogue entered a node.
    StepReached {
        /// The call.
        call: CallId,
        /// The node's name in the script.
        step: String,
    },
    /// The caller said something to the assistant.
    SpeechHeard {
        /// The call.
        call: CallId,
        /// The node that listened.
        step: String,
        /// The words recognised, empty for speech off the list.
        text: Pii<String>,
        /// Lowest word confidence, in thousandths.
        confidence_permille: u16,
        /// Whether the dialogue took it as an answer.
        accepted: bool,
        /// From the end of the words to this result.
        latency_ms: Millis,
    },
    /// The caller pressed a key the assistant listened for.
    DigitPressed {
        /// The call.
        call: CallId,
        /// The node that listened.
        step: String,
        /// `0`–`9`, `*`, `#`; personal because account numbers are typed too.
        digit: Pii<char>,
    },
    /// The caller typed to the assistant (real-time text, ITU-T T.140).
    TextReceived {
        /// The call.
        call: CallId,
        /// The node that listened.
        step: String,
        /// The line that was typed.
        text: Pii<String>,
        /// Whether the dialogue took it as an answer.
        accepted: bool,
    },
    /// The operator typed to a caller who reads.
    TextSent {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// What was typed.
        text: Pii<String>,
    },
    /// The caller dictated an answer.
    AnswerRecorded {
        /// The call.
        call: CallId,
        /// The node that asked.
        step: String,
        /// The file's name under the recordings folder; holds no personal data.
        file: String,
    },
    /// The assistant asked the house to do something.
    TaskAsked {
        /// The call.
        call: CallId,
        /// The node that asked.
        step: String,
        /// What.
        task: TaskKind,
    },
    /// The house answered the assistant.
    TaskAnswered {
        /// The call.
        call: CallId,
        /// What had been asked.
        task: TaskKind,
        /// How it went.
        outcome: TaskOutcome,
        /// From the question to the answer.
        latency_ms: Millis,
    },
    /// The words of a conversation suggest what it is about.
    TopicSuggested {
        /// The call.
        call: CallId,
        /// The service they suggest.
        service: ServiceId,
        /// In thousandths.
        confidence_permille: u16,
    },
    /// The dialogue ended.
    DialogueEnded {
        /// The call.
        call: CallId,
        /// What the dialogue was for.
        purpose: DialoguePurpose,
        /// How it ended.
        outcome: DialogueOutcome,
        /// Whether the caller heard to its end that the conversation may be recorded.
        notice_played: bool,
    },

    // ── the queue ─────────────────────────────────────────────────────────────────────────────
    /// The caller asked for a person and stands in a queue.
    QueueEntered {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// Why the caller came here.
        because: EntryCause,
        /// Only this operator is wanted (a transfer), until the offer fails.
        wanted: Option<OperatorId>,
        /// Who gives up waiting at this time.
        until: Timestamp,
        /// What else was decided about the wait.
        #[serde(default, skip_serializing_if = "Terms::are_plain")]
        terms: Terms,
    },
    /// The caller has waited long enough for more operators to be asked («bullseye»).
    CircleWidened {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// Which of the circles of [`Terms`] holds now, 0 for the first.
        circle: u16,
    },
    /// The caller was due to go on to another queue, and that queue can take nobody now.
    OverflowPutOff {
        /// The call.
        call: CallId,
        /// The other queue.
        to: QueueId,
        /// Why, in Russian.
        reason: String,
        /// It is tried again at this time.
        until: Timestamp,
    },
    /// The caller is told their place and how long they may have to wait.
    WaitEstimated {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// 1 for who is served next.
        position: u32,
        /// As it is said; none while nobody who could answer is at work.
        expected: Option<WaitRange>,
    },
    /// The caller need not wait on the line: the house calls when the place in the queue is reached.
    /// The wait of this call ends with it, neither answered nor lost.
    PlaceKept {
        /// The call.
        call: CallId,
        /// The callback that is owed.
        case: CaseId,
        /// The queue in which the place is kept.
        queue: QueueId,
        /// Whether an operator is held free while the house calls.
        #[serde(default)]
        holds_operator: bool,
        /// Waits of this call until now.
        waits: Waits,
    },
    /// Whoever's turn it is cannot be called now: no operator is held free for them any longer. They
    /// keep the place.
    PlacePutOff {
        /// The callback that is owed.
        case: CaseId,
    },
    /// An operator's phone is rung for the caller.
    CallOffered {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// Why this operator and no other.
        reason: String,
        /// The offer is missed at this time.
        until: Timestamp,
    },
    /// The operator's phone really rings (180 or 183 received).
    OfferRinging {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
    },
    /// The operator answered. One call has at most one accepted offer open.
    OfferAccepted {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
    },
    /// The offer came to nothing.
    OfferMissed {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// Why.
        why: MissedWhy,
    },
    /// Caller and operator hear each other: the call is answered.
    LegsBridged {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// Waits of this call until now.
        waits: Waits,
    },
    /// The call wanted a person and never got one. At most once a call, before `CallEnded`, and
    /// never after `LegsBridged`: no call is both answered and lost.
    CallUnanswered {
        /// The call.
        call: CallId,
        /// Why.
        cause: UnansweredCause,
        /// Waits of this call until the end of waiting.
        waits: Waits,
    },

    /// A caller who had an operator before (a transfer, or a broken talk) left the queue without
    /// another one. The call stays answered and is not «без ответа»: this closes the segment only.
    QueueLeft {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// Why.
        cause: UnansweredCause,
    },

    /// The queue's hours began: callers are taken into it.
    QueueOpened {
        /// The queue.
        queue: QueueId,
    },
    /// The queue's hours are over: whoever waits is served, nobody else is taken into it.
    QueueClosed {
        /// The queue.
        queue: QueueId,
    },

    // ── the talk ──────────────────────────────────────────────────────────────────────────────
    /// Recording of the conversation began, after the notice.
    RecordingStarted {
        /// The call.
        call: CallId,
        /// The file's name under the recordings folder; holds no personal data.
        file: String,
    },
    /// One side put the other on hold.
    TalkHeld {
        /// The call.
        call: CallId,
        /// The operator in the talk.
        operator: OperatorId,
    },
    /// The hold ended.
    TalkResumed {
        /// The call.
        call: CallId,
        /// The operator in the talk.
        operator: OperatorId,
    },
    /// «Переключение»: the operator handed the caller on. Counted when it is done, not when tried.
    CallTransferred {
        /// The call.
        call: CallId,
        /// Who handed over.
        from: OperatorId,
        /// To whom.
        to: TransferTarget,
        /// How.
        kind: TransferKind,
    },
    /// About a supervisor in the talk.
    Supervision(SupervisionEvent),
    /// What the caller says to a person, written down.
    Transcript(TranscriptEvent),
    /// About a consultation beside the talk.
    Consultation(ConsultationEvent),
    /// About a caller who is handed on to a number outside.
    Outside(OutsideEvent),
    /// The conversation with this operator ended.
    TalkEnded {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// Who ended it.
        by: HungUpBy,
        /// Bridge to end, hold included.
        talk_ms: Millis,
    },
    /// After-call work began.
    WrapUpStarted {
        /// The call it is for.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// It ends by itself at this time, at the earliest once a disposition is set.
        until: Timestamp,
        /// How often the operator may ask for more time.
        #[serde(default, skip_serializing_if = "is_zero")]
        extensions: u8,
    },
    /// The operator asked for more time for after-call work.
    WrapUpExtended {
        /// The call it is for.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// It ends by itself at this time now.
        until: Timestamp,
        /// How often they may ask again.
        left: u8,
    },
    /// The operator stated how the call ended.
    DispositionSet {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// One of the four outcomes of requirement row #29.
        outcome: CallOutcome,
        /// One of the nine needs of requirement row #43.
        need: NeedCode,
        /// Who called (row #49), if asked.
        client: Option<ClientType>,
    },
    /// A step of the operator's script was ticked or unticked.
    ScriptStepTicked {
        /// The call.
        call: CallId,
        /// The operator.
        operator: OperatorId,
        /// The operator's script.
        script: ScriptId,
        /// The step's name.
        step: String,
        /// Ticked, or the tick taken back.
        done: bool,
    },
    /// About the way through the operator's script.
    Script(ScriptEvent),
    /// After-call work ended.
    WrapUpEnded {
        /// The call it was for.
        call: CallId,
        /// The operator.
        operator: OperatorId,
    },

    // ── the rating ────────────────────────────────────────────────────────────────────────────
    /// The caller rated the consultation.
    CallRated {
        /// The call.
        call: CallId,
        /// Who is rated.
        operator: OperatorId,
        /// The service the call was about when it was rated.
        service: ServiceId,
        /// 1–5.
        score: u8,
        /// What the score is about (row #21).
        scope: RatingScope,
        /// The version of the script that the operator followed.
        script_version: String,
    },
    /// «Нет оценки»: asked, but not given. Never a zero.
    RatingSkipped {
        /// The call.
        call: CallId,
        /// Who would have been rated.
        operator: OperatorId,
        /// The service the call was about.
        service: ServiceId,
        /// Why there is none.
        why: SkippedWhy,
    },

    // ── the end ───────────────────────────────────────────────────────────────────────────────
    /// What the media plane measured on a leg that closed.
    LegMeasured {
        /// The call.
        call: CallId,
        /// Whose leg.
        role: LegRole,
        /// The figures.
        report: LegReport,
    },
    /// The call is over: exactly one a call.
    CallEnded {
        /// The call.
        call: CallId,
        /// Why.
        cause: EndCause,
        /// Waits of the whole call.
        waits: Waits,
    },

    // ── beyond the call ───────────────────────────────────────────────────────────────────────
    /// About an appointment, a complaint or a callback.
    Case(CaseEvent),
    /// About something that people are told.
    Notification(NotificationEvent),
    /// About a call that the house places.
    Placed(PlacedEvent),
    /// What every caller hears first from now on: an outage, a closed reception (row #55).
    BroadcastSet {
        /// On this line; on every line if none.
        line: Option<LineId>,
        /// The words; none takes them back.
        text: Option<String>,
        /// Who said so.
        operator: OperatorId,
        /// Taken back of its own accord at this time, by another such fact; never if none.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Scripts were read anew; calls under way keep theirs.
    ScriptsReloaded {
        /// The version of each script from now on.
        versions: Vec<(ScriptId, String)>,
    },

    /// Somebody used a right that others should be able to see the use of: the audit trail.
    Administered {
        /// Who; none if nobody of the organisation did it (an unknown login, the command line).
        by: Option<OperatorId>,
        /// What.
        act: Act,
    },
    /// About a text of the scripts folder that somebody would change.
    ScriptText(ScriptTextEvent),
    /// About what operators learn.
    Training(TrainingEvent),

    // ── operators ─────────────────────────────────────────────────────────────────────────────
    /// The operator opened the desk.
    OperatorSignedIn {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator may be offered calls. During a talk or wrap-up: a pause asked for is taken back.
    OperatorReady {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator may not be offered calls. During a talk or wrap-up it is only announced: it takes
    /// effect after `WrapUpEnded`, where it is said once more.
    OperatorNotReady {
        /// The operator.
        operator: OperatorId,
        /// Why.
        reason: NotReadyReason,
        /// The pause, or all of its kind in this shift, should be over at this time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The pause lasts longer than it should. Nobody is forced to anything.
    PauseOverrun {
        /// The operator.
        operator: OperatorId,
        /// Which pause.
        reason: NotReadyReason,
    },
    /// The operator left the desk.
    OperatorSignedOut {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator's phone can be rung (registered, or has a fixed address).
    PhoneReachable {
        /// The operator.
        operator: OperatorId,
    },
    /// The operator's phone can no longer be rung.
    PhoneUnreachable {
        /// The operator.
        operator: OperatorId,
    },
}

impl Event {
    /// The call a fact is about, if it is about one.
    #[must_use]
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::CallArrived { call, .. }
            | Self::LegAnswered { call, .. }
            | Self::ServiceChosen { call, .. }
            | Self::DialogueStarted { call, .. }
            | Self::StepReached { call, .. }
            | Self::SpeechHeard { call, .. }
            | Self::DigitPressed { call, .. }
            | Self::TextReceived { call, .. }
            | Self::TextSent { call, .. }
            | Self::AnswerRecorded { call, .. }
            | Self::TaskAsked { call, .. }
            | Self::TaskAnswered { call, .. }
            | Self::TopicSuggested { call, .. }
            | Self::DialogueEnded { call, .. }
            | Self::QueueEntered { call, .. }
            | Self::CircleWidened { call, .. }
            | Self::OverflowPutOff { call, .. }
            | Self::WaitEstimated { call, .. }
            | Self::PlaceKept { call, .. }
            | Self::CallOffered { call, .. }
            | Self::OfferRinging { call, .. }
            | Self::OfferAccepted { call, .. }
            | Self::OfferMissed { call, .. }
            | Self::LegsBridged { call, .. }
            | Self::CallUnanswered { call, .. }
            | Self::QueueLeft { call, .. }
            | Self::RecordingStarted { call, .. }
            | Self::TalkHeld { call, .. }
            | Self::TalkResumed { call, .. }
            | Self::CallTransferred { call, .. }
            | Self::TalkEnded { call, .. }
            | Self::WrapUpStarted { call, .. }
            | Self::WrapUpExtended { call, .. }
            | Self::DispositionSet { call, .. }
            | Self::ScriptStepTicked { call, .. }
            | Self::WrapUpEnded { call, .. }
            | Self::CallRated { call, .. }
            | Self::RatingSkipped { call, .. }
            | Self::LegMeasured { call, .. }
            | Self::CallEnded { call, .. } => Some(*call),
            Self::Placed(fact) => Some(fact.call()),
            Self::Administered { act, .. } => act.call(),
            Self::Script(fact) => Some(fact.call()),
            Self::Supervision(fact) => Some(fact.call()),
            Self::Transcript(fact) => Some(fact.call()),
            Self::Consultation(fact) => Some(fact.call()),
            Self::Outside(fact) => Some(fact.call()),
            Self::ServerStarted { .. }
            | Self::Case(_)
            | Self::Notification(_)
            | Self::BroadcastSet { .. }
            | Self::ScriptsReloaded { .. }
            | Self::ScriptText(_)
            | Self::Training(_)
            | Self::CatalogueLoaded(_)
            | Self::Heartbeat {}
            | Self::ServerStopped {}
            | Self::CallRefused { .. }
            | Self::PlacePutOff { .. }
            | Self::QueueOpened { .. }
            | Self::QueueClosed { .. }
            | Self::OperatorSignedIn { .. }
            | Self::OperatorReady { .. }
            | Self::OperatorNotReady { .. }
            | Self::PauseOverrun { .. }
            | Self::OperatorSignedOut { .. }
            | Self::PhoneReachable { .. }
            | Self::PhoneUnreachable { .. } => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_zero(number: &u8) -> bool {
    *number == 0
}
