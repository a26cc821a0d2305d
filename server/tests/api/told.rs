//! The part of the morning's story in which people are told things.

use events::{
    CallId, CaseId, Channel, Event, NotificationEvent, NotificationId, NotificationKind as Kind,
    NotificationOutcome as How, Pii,
};

use crate::house::House;

/// What about, how, where to, and how it ended; none if it will be tried again.
const TOLD: [(Kind, Channel, &str, Option<How>); 8] = [
    (
        Kind::Received,
        Channel::Email,
        "orlov@example.org",
        Some(How::Delivered),
    ),
    (
        Kind::Appointment,
        Channel::Voice,
        "+79991230017",
        Some(How::Delivered),
    ),
    (
        Kind::StatusChanged,
        Channel::Sms,
        "+79991230021",
        Some(How::Delivered),
    ),
    (
        Kind::Result,
        Channel::Email,
        "office@example.org",
        Some(How::Failed),
    ),
    (
        Kind::Campaign,
        Channel::Sms,
        "+79991230030",
        Some(How::NoConsent),
    ),
    (
        Kind::Campaign,
        Channel::Voice,
        "+79991230031",
        Some(How::OptedOut),
    ),
    (Kind::Appointment, Channel::Voice, "+79991230044", None),
    (Kind::NextSteps, Channel::Email, "vesna@example.org", None),
];

impl House {
    /// People told of visits, answers and news: some were reached, some not, some did not want it.
    pub(crate) fn notifications(&mut self) {
        for (number, told) in (1..).zip(TOLD) {
            self.tells(number, told);
        }
        let text =
            "Портал госуслуг сегодня работает с перебоями. Записаться на приём можно по телефону.";
        self.fact(Event::BroadcastSet {
            line: Some("100".into()),
            text: Some(text.into()),
            operator: "boss".into(),
            until: None,
        });
    }

    fn tells(
        &mut self,
        number: u64,
        (kind, channel, to, outcome): (Kind, Channel, &str, Option<How>),
    ) {
        let notification = NotificationId(number);
        let not_before = self.now();
        self.fact(Event::Notification(NotificationEvent::Planned {
            notification,
            key: format!("story/{number}"),
            kind,
            channel,
            to: Pii::new(to.into()),
            case: (kind != Kind::Campaign).then_some(CaseId(371_829)),
            not_before,
            until: not_before.plus_ms(86_400_000),
            values: Pii::default(),
        }));
        if !matches!(outcome, Some(How::NoConsent | How::OptedOut)) {
            self.fact(Event::Notification(NotificationEvent::Tried {
                notification,
                attempt: 1,
                call: (channel == Channel::Voice).then_some(CallId(100 + number)),
            }));
        }
        let ended = match outcome {
            Some(outcome) => NotificationEvent::Ended {
                notification,
                outcome,
            },
            None => NotificationEvent::PutOff {
                notification,
                until: not_before.plus_ms(1_800_000),
                why: "не ответили".into(),
            },
        };
        self.after_s(7).fact(Event::Notification(ended));
    }
}
