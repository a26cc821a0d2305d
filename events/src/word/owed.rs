//! The closed lists of tasks, cases, notifications and placed calls.

use serde::{Deserialize, Serialize};

words! {
    /// What a dialogue may ask of the house.
    TaskKind {
        /// Free times to visit.
        FindTimes = "find_times",
        /// Book a visit.
        Book = "book",
        /// What was booked under a number.
        FindBooking = "find_booking",
        /// Give a visit up.
        CancelBooking = "cancel_booking",
        /// Another time for a visit.
        MoveBooking = "move_booking",
        /// How far an application is.
        CheckStatus = "check_status",
        /// Take a complaint.
        FileComplaint = "file_complaint",
        /// Call back later.
        RequestCallback = "request_callback",
        /// Keep the caller's place in the queue, and call when it is reached.
        KeepPlace = "keep_place",
        /// Send something by SMS or e-mail.
        SendMessage = "send_message",
        /// Allow or forbid notifications.
        SetConsent = "set_consent",
    }
}

words! {
    /// How a task went.
    TaskOutcome {
        /// As asked.
        Done = "done",
        /// There is nothing to offer.
        None = "none",
        /// Nothing has that number.
        NotFound = "not_found",
        /// Somebody else was faster.
        Taken = "taken",
        /// A rule forbids it, or something required is missing.
        Refused = "refused",
        /// The house cannot do it now.
        Unavailable = "unavailable",
    }
}

words! {
    /// Types of values in scripts.
    ValueKind {
        /// Yes or no.
        YesNo = "yes_no",
        /// A whole number.
        Number = "number",
        /// A day.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// A sum of money.
        Money = "money",
        /// A telephone number.
        Phone = "phone",
        /// The number of an application or a case, with its check digit.
        Case = "case",
        /// One of a closed list.
        Choice = "choice",
        /// Words.
        Text = "text",
        /// Dictated speech.
        Dictation = "dictation",
    }
}

words! {
    /// Who gave a visit up.
    CancelledBy {
        /// The caller.
        Caller = "caller",
        /// The reception.
        Office = "office",
    }
}

words! {
    /// How a callback ended.
    CallbackOutcome {
        /// The caller talked to a person.
        Connected = "connected",
        /// Nobody took the call, as often as was tried.
        NoAnswer = "no_answer",
        /// The caller does not need it any more.
        Cancelled = "cancelled",
        /// The time ran out.
        Expired = "expired",
    }
}

words! {
    /// How somebody is told something.
    Channel {
        /// A telephone call.
        Voice = "voice",
        /// A short message.
        Sms = "sms",
        /// A letter.
        Email = "email",
    }
}

words! {
    /// What somebody is told (row #15: seven kinds), or for what else they are called.
    NotificationKind {
        /// An application was received and registered.
        Received = "received",
        /// A payment was confirmed.
        PaymentConfirmed = "payment_confirmed",
        /// A visit was booked, or is coming.
        Appointment = "appointment",
        /// The result is ready.
        Result = "result",
        /// A stage was reached.
        Stage = "stage",
        /// The status changed.
        StatusChanged = "status_changed",
        /// What comes next.
        NextSteps = "next_steps",
        /// A campaign: not about a case of theirs (row #17).
        Campaign = "campaign",
        /// A note to those who work here: a complaint to answer, a term that ends.
        Internal = "internal",
    }
}

words! {
    /// How a notification ended.
    NotificationOutcome {
        /// Heard, or taken by the next server.
        Delivered = "delivered",
        /// Every try failed.
        Failed = "failed",
        /// Its time ran out.
        Expired = "expired",
        /// They have not allowed it.
        NoConsent = "no_consent",
        /// They have forbidden it.
        OptedOut = "opted_out",
        /// They were told enough lately.
        TooOften = "too_often",
        /// What it was about is not true any more.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// Why the house calls somebody.
    PlacedWhy {
        /// To tell something.
        Notification = "notification",
        /// They asked to be called back.
        Callback = "callback",
    }
}

words! {
    /// How a placed call ended.
    PlacedOutcome {
        /// Heard to its end.
        Completed = "completed",
        /// Answered, but not heard to its end.
        CutShort = "cut_short",
        /// Handed to a queue: from there on it is told by the facts of a call.
        HandedOver = "handed_over",
        /// Busy.
        Busy = "busy",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// They refused it.
        Rejected = "rejected",
        /// The network failed.
        Failed = "failed",
    }
}
