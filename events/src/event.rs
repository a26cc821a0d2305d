//! One enum of facts, past tense: the product on one screen.
//!
//! A fact stands in the journal before anybody acts on it. Every number is a fold over facts; every
//! state of the distribution is too. Times are in the [`crate::Record`] around the fact; durations
//! inside a fact end in their unit.

use serde::{Deserialize, Serialize};

use crate::{
    CallId, LegId, LineId, Millis, OperatorId, Pii, QueueId, ScriptId, ServiceId, Timestamp,
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

/// What exists: the closed lists that labels and series are made of.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// Every line.
    pub lines: Vec<LineCard>,
    /// Every queue.
    pub queues: Vec<QueueCard>,
    /// Every operator.
    pub operators: Vec<OperatorId>,
}

/// A line and the services it answers for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCard {
    /// The line.
    pub line: LineId,
    /// Its services, without [`ServiceId::undetermined`], which every line has.
    pub services: Vec<ServiceId>,
    /// Where its callers wait.
    pub queue: QueueId,
}

/// A queue and who serves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueCard {
    /// The queue.
    pub queue: QueueId,
    /// Who serves it.
    pub operators: Vec<OperatorId>,
}

/// The three waits, never mixed (metrics.md, «Timeline»). All 0 until they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Waits {
    /// W_total: from t0 (the caller's connection) to the first operator, or to the end.
    pub total_ms: Millis,
    /// W_queue: time in all queues until the first operator, or to the end of waiting.
    pub queue_ms: Millis,
    /// W_ring: from the last offer to the bridge; if waiting ended otherwise, from the offer that
    /// was open then, and 0 if nobody was being rung.
    pub ring_ms: Millis,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All of them, in the order of this page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in labels, columns and the journal.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The variant a word stands for.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word)
            }
        }
    };
}

words! {
    /// Why a caller was turned away at the door.
    RefusedWhy {
        /// More new calls a second, or more calls at once, than configured.
        Overload = "overload",
        /// The server is draining.
        Draining = "draining",
        /// The number is no line of ours.
        UnknownLine = "unknown_line",
        /// No codec of ours was offered, or no media port was free.
        NoMedia = "no_media",
    }
}

words! {
    /// Who chose the service.
    ChosenBy {
        /// The line serves only one.
        Line = "line",
        /// The caller said it.
        Speech = "speech",
        /// The caller pressed it.
        Key = "key",
        /// The operator corrected it.
        Operator = "operator",
    }
}

words! {
    /// What a dialogue is for.
    DialoguePurpose {
        /// Help, or find out what the call is about.
        Assistant = "assistant",
        /// Ask for a rating.
        Rating = "rating",
        /// Tell the caller that nobody can answer.
        Farewell = "farewell",
    }
}

words! {
    /// How a dialogue ended.
    DialogueOutcome {
        /// To a person, as the script leads.
        ToPerson = "to_person",
        /// To a person because the caller asked («оператор», 0).
        PersonAsked = "person_asked",
        /// To a person because the assistant did not understand.
        NotUnderstood = "not_understood",
        /// To a person because the caller was silent.
        Silence = "silence",
        /// The assistant answered and the caller was content.
        Contained = "contained",
        /// A rating was given.
        Rated = "rated",
        /// The caller hung up during the dialogue.
        CallerLeft = "caller_left",
        /// Nothing more to say.
        Finished = "finished",
    }
}

words! {
    /// Why a call entered a queue.
    EntryCause {
        /// The assistant handed it over.
        Assistant = "assistant",
        /// An operator handed it over.
        Transfer = "transfer",
        /// The operator's leg broke in the talk: the caller goes back with the original arrival.
        Returned = "returned",
    }
}

words! {
    /// Why an offer came to nothing.
    MissedWhy {
        /// Ring timeout: the operator becomes not ready with reason `rona`.
        RingTimeout = "ring_timeout",
        /// The operator declined.
        Declined = "declined",
        /// The phone was busy.
        Busy = "busy",
        /// The phone could not be reached.
        Unreachable = "unreachable",
        /// The caller left while it rang: not the operator's miss.
        CallerLeft = "caller_left",
        /// The operator answered and hung up before the bridge stood.
        AnsweredAndDropped = "answered_and_dropped",
        /// The operator signed out or paused while it rang.
        OperatorLeft = "operator_left",
        /// The server restarted while it rang: not the operator's miss.
        Failure = "failure",
    }
}

words! {
    /// Why a request stayed without an answer (requirement row #6).
    UnansweredCause {
        /// «Бросил в очереди».
        Abandoned = "abandoned",
        /// «Таймаут»: waited as long as the queue allows.
        Timeout = "timeout",
        /// «Нет операторов»: nobody is signed in and the queue does not wait for that.
        NoOperators = "no_operators",
        /// «Нерабочее время».
        AfterHours = "after_hours",
        /// «Перегрузка»: the queue was full.
        Overload = "overload",
        /// «Сбой».
        Failure = "failure",
        /// «Обратный звонок не выполнен».
        CallbackExpired = "callback_expired",
    }
}

words! {
    /// How a caller was handed on.
    TransferKind {
        /// At once, without asking the target.
        Blind = "blind",
        /// After a consultation with the target.
        Attended = "attended",
        /// By leaving a conference.
        Conference = "conference",
    }
}

words! {
    /// Who ended a talk.
    HungUpBy {
        /// The caller hung up.
        Caller = "caller",
        /// The operator hung up: the caller stays for the rating.
        Operator = "operator",
        /// The operator handed the caller on.
        Transfer = "transfer",
        /// A leg broke, or the server restarted.
        Failure = "failure",
    }
}

words! {
    /// The four outcomes without which no call is closed (requirement row #29).
    CallOutcome {
        /// «Ответ дан».
        Answered = "answered",
        /// «Переведён специалисту».
        Transferred = "transferred",
        /// «Дан способ получения информации».
        WayGiven = "way_given",
        /// «Обратный звонок».
        Callback = "callback",
    }
}

words! {
    /// The nine needs of a client (requirement row #43, order № 99, п. 2.7).
    NeedCode {
        /// 1 «Получение информации».
        Information = "1",
        /// 2 «Получение консультации».
        Consultation = "2",
        /// 3 «Получение форм документов».
        Forms = "3",
        /// 4 «Представление заявления».
        Application = "4",
        /// 5 «Получение информации о ходе рассмотрения».
        Progress = "5",
        /// 6 «Получение результата, ответа, разъяснения».
        Result = "6",
        /// 7 «Предоставление обратной связи».
        Feedback = "7",
        /// 8 «Получение результата рассмотрения обратной связи».
        FeedbackResult = "8",
        /// 9 «Другие».
        Other = "9",
    }
}

words! {
    /// Who called (requirement row #49).
    ClientType {
        /// «Гражданин».
        Citizen = "citizen",
        /// «Индивидуальный предприниматель».
        Entrepreneur = "entrepreneur",
        /// «Юридическое лицо».
        Company = "company",
        /// «Внутренний клиент».
        Internal = "internal",
    }
}

words! {
    /// What a rating is about (requirement row #21).
    RatingScope {
        /// The service asked about.
        Service = "service",
        /// The authority as a whole.
        Authority = "authority",
    }
}

words! {
    /// Why a rating is missing.
    SkippedWhy {
        /// The caller hung up at or before the question.
        HungUp = "hung_up",
        /// Silence, or nothing understandable, twice.
        Silence = "silence",
        /// The server restarted.
        Failure = "failure",
    }
}

words! {
    /// Whose leg.
    LegRole {
        /// The caller's.
        Caller = "caller",
        /// An operator's.
        Operator = "operator",
    }
}

words! {
    /// Why a call ended.
    EndCause {
        /// The caller hung up, wherever they were.
        CallerHungUp = "caller_hung_up",
        /// The assistant, the rating or the farewell said goodbye.
        Completed = "completed",
        /// A leg broke.
        Failure = "failure",
        /// The server stopped hard while the call was open; closed from the journal at start.
        ServerRestarted = "server_restarted",
    }
}

words! {
    /// Why an operator is not ready.
    NotReadyReason {
        /// Just signed in.
        SignedIn = "signed_in",
        /// «Перерыв».
        Break = "break",
        /// «Обед».
        Lunch = "lunch",
        /// «Обучение».
        Training = "training",
        /// «Совещание».
        Meeting = "meeting",
        /// «Не ответил на звонок»: set by the system.
        Rona = "rona",
        /// «Телефон недоступен»: set by the system.
        Phone = "phone",
    }
}

/// To whom a caller is handed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferTarget {
    /// This operator, and the queue if they do not answer.
    Operator(OperatorId),
    /// Whoever serves this queue.
    Queue(QueueId),
}

/// Figures of one leg's audio, from our side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LegReport {
    /// RTP packets that reached us.
    pub received_packets: u64,
    /// RTP packets that should have reached us and did not (RFC 3550 §A.3).
    pub lost_packets: u64,
    /// RTP packets that we sent.
    pub sent_packets: u64,
    /// Interarrival jitter at the end (RFC 3550 §A.8), in microseconds.
    pub jitter_us: u64,
    /// Loss the other side reported by RTCP, in thousandths of the last interval, if it reported.
    pub remote_lost_permille: Option<u16>,
    /// Round-trip time from RTCP, in microseconds, if known.
    pub round_trip_us: Option<u64>,
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
            | Self::DialogueEnded { call, .. }
            | Self::QueueEntered { call, .. }
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
            | Self::DispositionSet { call, .. }
            | Self::ScriptStepTicked { call, .. }
            | Self::WrapUpEnded { call, .. }
            | Self::CallRated { call, .. }
            | Self::RatingSkipped { call, .. }
            | Self::LegMeasured { call, .. }
            | Self::CallEnded { call, .. } => Some(*call),
            Self::ServerStarted { .. }
            | Self::CatalogueLoaded(_)
            | Self::Heartbeat {}
            | Self::ServerStopped {}
            | Self::CallRefused { .. }
            | Self::OperatorSignedIn { .. }
            | Self::OperatorReady { .. }
            | Self::OperatorNotReady { .. }
            | Self::OperatorSignedOut { .. }
            | Self::PhoneReachable { .. }
            | Self::PhoneUnreachable { .. } => None,
        }
    }
}
