//! The Russian words of closed lists, as the requirement rows and orders have them.

use events::{
    CallOutcome, CallbackOutcome, CancelledBy, ChosenBy, ClientType, ConsultationOutcome,
    DialogueOutcome, DialoguePurpose, EndCause, HungUpBy, LegRole, MissedWhy, NeedCode,
    NotReadyReason, PlacedOutcome, PlacedWhy, SkippedWhy, SupervisionEnd, SupervisionMode,
    TaskKind, TaskOutcome, TranscriptDepth, TransferKind, UnansweredCause,
};

use crate::OperatorState;

/// A word of a closed list, for people.
pub trait Russian {
    /// The word, in lower case, as it stands inside a sentence.
    fn russian(self) -> &'static str;
}

macro_rules! russian {
    ($($name:ident { $($variant:ident = $word:literal,)+ })+) => {
        $(impl Russian for $name {
            fn russian(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        })+
    };
}

russian! {
    UnansweredCause {
        Abandoned = "бросил в очереди",
        Timeout = "таймаут",
        NoOperators = "нет операторов",
        AfterHours = "нерабочее время",
        Overload = "перегрузка",
        Failure = "сбой",
        CallbackExpired = "обратный звонок не выполнен",
    }
    EndCause {
        CallerHungUp = "клиент положил трубку",
        Completed = "диалог завершён",
        Failure = "обрыв связи",
        ServerRestarted = "перезапуск сервера",
    }
    MissedWhy {
        RingTimeout = "не ответил вовремя",
        Declined = "отклонил",
        Busy = "телефон занят",
        Unreachable = "телефон недоступен",
        CallerLeft = "клиент не дождался",
        AnsweredAndDropped = "снял и сразу положил трубку",
        OperatorLeft = "сотрудник ушёл",
        AnsweredByAnother = "ответил другой",
        Failure = "сбой",
    }
    HungUpBy {
        Caller = "завершил клиент",
        Operator = "завершил сотрудник",
        Transfer = "переключение",
        Failure = "обрыв",
    }
    TransferKind {
        Blind = "без консультации",
        Attended = "после консультации",
        Conference = "выход из конференции",
        Outside = "на внешний номер",
    }
    ConsultationOutcome {
        Transferred = "клиент передан",
        Cancelled = "сотрудник вернулся к клиенту",
        Declined = "отклонил",
        NoAnswer = "не ответил",
        Busy = "занято",
        Unreachable = "недоступен",
        Left = "консультант положил трубку",
        CallerLeft = "клиент положил трубку",
        OperatorLeft = "у сотрудника прервалась связь или он положил трубку",
        Failure = "сбой",
    }
    SkippedWhy {
        HungUp = "положил трубку",
        Silence = "молчание",
        Failure = "сбой",
    }
    CallOutcome {
        Answered = "ответ дан",
        Transferred = "переведён специалисту",
        WayGiven = "дан способ получения информации",
        Callback = "обратный звонок",
    }
    NeedCode {
        Information = "получение информации",
        Consultation = "получение консультации",
        Forms = "получение форм документов",
        Application = "представление заявления",
        Progress = "получение информации о ходе рассмотрения",
        Result = "получение результата, ответа, разъяснения",
        Feedback = "предоставление обратной связи",
        FeedbackResult = "получение результата рассмотрения обратной связи",
        Other = "другие",
    }
    ClientType {
        Citizen = "гражданин",
        Entrepreneur = "индивидуальный предприниматель",
        Company = "юридическое лицо",
        Internal = "внутренний клиент",
    }
    ChosenBy {
        Line = "по линии",
        Speech = "голосом",
        Key = "клавишей",
        Operator = "сотрудником",
    }
    DialoguePurpose {
        Assistant = "консультация",
        Rating = "оценка",
        Farewell = "прощание",
        Waiting = "ожидание",
    }
    DialogueOutcome {
        ToPerson = "к сотруднику по сценарию",
        PersonAsked = "к сотруднику по просьбе",
        NotUnderstood = "к сотруднику: не понял",
        Silence = "к сотруднику: молчание",
        Contained = "помощник ответил",
        Rated = "оценка получена",
        CallerLeft = "клиент положил трубку",
        Finished = "завершён",
    }
    PlacedWhy {
        Notification = "уведомление",
        Callback = "обратный звонок",
    }
    PlacedOutcome {
        Completed = "выслушан",
        CutShort = "не дослушали",
        HandedOver = "передан в очередь",
        Busy = "занято",
        NoAnswer = "не ответили",
        Rejected = "отклонён",
        Failed = "сбой связи",
    }
    TaskKind {
        FindTimes = "свободное время приёма",
        Book = "записать на приём",
        FindBooking = "найти запись",
        CancelBooking = "отменить запись",
        MoveBooking = "перенести запись",
        CheckStatus = "узнать статус заявления",
        FileComplaint = "принять жалобу",
        RequestCallback = "заказать обратный звонок",
        KeepPlace = "сохранить место и перезвонить",
        SendMessage = "отправить сообщение",
        SetConsent = "записать согласие на уведомления",
    }
    TaskOutcome {
        Done = "выполнено",
        None = "предложить нечего",
        NotFound = "номер не найден",
        Taken = "время уже занято",
        Refused = "отказано",
        Unavailable = "сейчас нельзя",
    }
    CancelledBy {
        Caller = "клиентом",
        Office = "приёмной",
    }
    CallbackOutcome {
        Connected = "поговорили",
        NoAnswer = "не дозвонились",
        Cancelled = "не нужен",
        Expired = "срок истёк",
    }
    LegRole {
        Caller = "клиента",
        Operator = "сотрудника",
        Supervisor = "старшего смены",
        Outside = "внешнего номера",
    }
    SupervisionMode {
        Listen = "слушает",
        Whisper = "подсказывает",
        Barge = "говорит с обоими",
    }
    TranscriptDepth {
        Words = "все слова",
        Phrases = "фразы о деле",
    }
    SupervisionEnd {
        Left = "вышел",
        TalkOver = "разговор окончен",
        Failure = "сбой",
    }
    OperatorState {
        SignedOut = "не на месте",
        NotReady = "не готов",
        Ready = "готов",
        Ringing = "звонит телефон",
        Talking = "разговор",
        WrapUp = "обработка",
    }
}

impl Russian for NotReadyReason {
    fn russian(self) -> &'static str {
        match self {
            Self::SignedIn => "только вошёл",
            Self::Break => "перерыв",
            Self::Lunch => "обед",
            Self::Training => "обучение",
            Self::Meeting => "совещание",
            Self::Rona => "не ответил на звонок",
            Self::Phone => "телефон недоступен",
            Self::Own(_) => "другой перерыв",
        }
    }
}
