//! The closed lists that facts choose from. Each word is what stands in the journal, in labels and in
//! columns; its Russian form belongs to whoever shows it.

use serde::{Deserialize, Serialize};

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

mod owed;
mod supervision;
mod transcript;

pub use owed::{
    CallbackOutcome, CancelledBy, Channel, NotificationKind, NotificationOutcome, PlacedOutcome,
    PlacedWhy, TaskKind, TaskOutcome, ValueKind,
};
pub use supervision::{SupervisionEnd, SupervisionMode};
pub use transcript::TranscriptDepth;

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
        /// Offer a caller who waits to be called back.
        Waiting = "waiting",
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
        /// The house called back, and whoever answered wants a person.
        Callback = "callback",
        /// Another queue was full or its wait too long: the caller goes on with the place kept.
        Overflow = "overflow",
        /// A supervisor moved the caller who waited: the place is kept.
        Moved = "moved",
    }
}

words! {
    /// How a queue chooses among its free operators.
    Strategy {
        /// «Дольше всех свободен».
        LongestIdle = "longest_idle",
        /// «По кругу», in the order of the configuration.
        RoundRobin = "round_robin",
        /// «Наименее занятый»: the least share of the shift in talks and after-call work.
        LeastOccupied = "least_occupied",
        /// «Меньше всех звонков» since sign-in.
        FewestCalls = "fewest_calls",
        /// «По порядку»: the first in the configuration who is free.
        Linear = "linear",
        /// «Всем сразу»: everybody's phone rings, the first answer counts.
        RingAll = "ring_all",
        /// «Лучший по навыкам»: the highest sum of levels in the skills the caller needs.
        Skills = "skills",
    }
}

#[expect(clippy::derivable_impls, reason = "the enum is made by the macro")]
impl Default for Strategy {
    fn default() -> Self {
        Self::LongestIdle
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
        /// Several were rung and another was first: not the operator's miss.
        AnsweredByAnother = "answered_by_another",
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
        /// To a number outside, consulted or not.
        Outside = "outside",
    }
}

words! {
    /// How a consultation ended, or why a number outside did not take the caller.
    ConsultationOutcome {
        /// The caller was handed on to the consulted.
        Transferred = "transferred",
        /// The operator went back to the caller.
        Cancelled = "cancelled",
        /// The consulted declined.
        Declined = "declined",
        /// The consulted did not answer.
        NoAnswer = "no_answer",
        /// The phone was busy.
        Busy = "busy",
        /// The phone could not be reached.
        Unreachable = "unreachable",
        /// The consulted hung up.
        Left = "left",
        /// The caller hung up.
        CallerLeft = "caller_left",
        /// The operator hung up, or their phone broke.
        OperatorLeft = "operator_left",
        /// The server restarted.
        Failure = "failure",
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
        /// That of a supervisor in an operator's talk.
        Supervisor = "supervisor",
        /// That of a number outside, to which an operator hands on or which they consult.
        Outside = "outside",
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
