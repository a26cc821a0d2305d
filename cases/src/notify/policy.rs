//! The administrator's words: when somebody may be told something, how often, how often it is tried.

use events::{Channel, Date, Millis, NotificationKind, TimeOfDay, Timestamp};

use crate::civil::moment_min;

/// Days looked ahead for an hour in which somebody may be told something.
const LOOK_AHEAD_DAYS: u16 = 14;
/// Saturday and Sunday.
const WEEKEND: u8 = 5;

/// Which rules a notification follows. Campaigns and notifications about a case of one's own are
/// counted apart (row #17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// About a case of the addressee's.
    Case,
    /// Not about a case of theirs.
    Campaign,
    /// To those who work here: no consent, no quiet hours, no cap.
    Internal,
}

impl Class {
    /// The class of a kind.
    #[must_use]
    pub const fn of(kind: NotificationKind) -> Self {
        match kind {
            NotificationKind::Campaign => Self::Campaign,
            NotificationKind::Internal => Self::Internal,
            NotificationKind::Received
            | NotificationKind::PaymentConfirmed
            | NotificationKind::Appointment
            | NotificationKind::Result
            | NotificationKind::Stage
            | NotificationKind::StatusChanged
            | NotificationKind::NextSteps => Self::Case,
        }
    }
}

/// The hours in which a telephone may ring or beep, in minutes after local midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Monday to Friday: from, until; equal means never.
    pub weekday: (u16, u16),
    /// Saturday and Sunday.
    pub weekend: (u16, u16),
}

impl Hours {
    const fn of(&self, weekday: u8) -> (u16, u16) {
        if weekday >= WEEKEND {
            self.weekend
        } else {
            self.weekday
        }
    }

    /// `at` if it lies in the hours, else the next moment that does; none within two weeks if there
    /// is none.
    #[must_use]
    pub fn next(&self, at: Timestamp, utc_offset_min: i16) -> Option<Timestamp> {
        let today = Date::at(at, utc_offset_min);
        let minute = TimeOfDay::at(at, utc_offset_min).minutes();
        let (from, until) = self.of(today.weekday());
        if (from..until).contains(&minute) {
            return Some(at);
        }
        (0..LOOK_AHEAD_DAYS).find_map(|ahead| {
            let day = today.plus_days(ahead);
            let (from, until) = self.of(day.weekday());
            let begins = moment_min(day, from, utc_offset_min);
            (from < until && begins > at).then_some(begins)
        })
    }
}

/// When and how often somebody may be told something of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Outside them nobody is called and no message is sent; letters may be.
    pub hours: Hours,
    /// Whether nothing is sent to somebody who has not said yes.
    pub needs_consent: bool,
    /// Notifications to one address within `cap_window`, at most.
    pub cap: u32,
    /// The window of `cap`.
    pub cap_window: Millis,
}

/// How often a notification is tried, and what lies between two tries. Each pause is twice the one
/// before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Tries at most.
    pub attempts: u8,
    /// The pause after «busy».
    pub busy: Millis,
    /// The pause after nobody answered, or did not hear it out.
    pub no_answer: Millis,
    /// The pause after the network or a server failed.
    pub failed: Millis,
}

/// Reminders of visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// How people are reminded.
    pub channel: Channel,
    /// So long before the visit.
    pub before: Millis,
    /// Useless from this long before the visit; a visit that is booked later gets no reminder.
    pub useless: Millis,
}

/// Everything the administrator says about notifications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Node number: the top 16 bits of every notification's number.
    pub node: u16,
    /// Local time, in minutes east of UTC.
    pub utc_offset_min: i16,
    /// About cases.
    pub cases: Rules,
    /// Campaigns.
    pub campaigns: Rules,
    /// Telephone calls.
    pub voice: Retry,
    /// Short messages.
    pub sms: Retry,
    /// Letters.
    pub email: Retry,
    /// Reminders of visits; none if there are none.
    pub reminder: Option<Reminder>,
}

impl Policy {
    /// The rules of a class; none for what goes to those who work here.
    #[must_use]
    pub const fn rules(&self, class: Class) -> Option<&Rules> {
        match class {
            Class::Case => Some(&self.cases),
            Class::Campaign => Some(&self.campaigns),
            Class::Internal => None,
        }
    }

    /// How a channel is tried again.
    #[must_use]
    pub const fn retry(&self, channel: Channel) -> &Retry {
        match channel {
            Channel::Voice => &self.voice,
            Channel::Sms => &self.sms,
            Channel::Email => &self.email,
        }
    }

    /// When something of this class may be told over this channel: `at`, or the first moment after
    /// it. None if the hours never come.
    #[must_use]
    pub fn allowed_from(&self, class: Class, channel: Channel, at: Timestamp) -> Option<Timestamp> {
        let silent = channel == Channel::Email;
        match self.rules(class) {
            Some(rules) if !silent => rules.hours.next(at, self.utc_offset_min),
            Some(_) | None => Some(at),
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        const HOUR: u64 = 3_600;
        let rules = Rules {
            hours: Hours {
                weekday: (9 * 60, 20 * 60),
                weekend: (10 * 60, 18 * 60),
            },
            needs_consent: false,
            cap: 5,
            cap_window: Millis::from_s(24 * HOUR),
        };
        let retry = Retry {
            attempts: 5,
            busy: Millis::from_s(60),
            no_answer: Millis::from_s(60),
            failed: Millis::from_s(60),
        };
        Self {
            node: 0,
            utc_offset_min: 180,
            cases: rules,
            campaigns: Rules {
                needs_consent: true,
                cap: 1,
                cap_window: Millis::from_s(7 * 24 * HOUR),
                ..rules
            },
            voice: Retry {
                attempts: 3,
                busy: Millis::from_s(600),
                no_answer: Millis::from_s(3_600),
                failed: Millis::from_s(900),
            },
            sms: retry,
            email: Retry {
                failed: Millis::from_s(300),
                ..retry
            },
            reminder: Some(Reminder {
                channel: Channel::Voice,
                before: Millis::from_s(24 * HOUR),
                useless: Millis::from_s(HOUR),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::moment;

    fn local(day: &str, time: &str) -> Timestamp {
        moment(
            Date::parse(day).unwrap(),
            TimeOfDay::parse(time).unwrap(),
            180,
        )
    }

    #[test]
    fn quiet_hours_end_to_the_minute() {
        let policy = Policy::default();
        let next = |day, time| {
            policy
                .allowed_from(Class::Case, Channel::Voice, local(day, time))
                .unwrap()
        };
        // 2026-11-27 is a Friday.
        for (at, expected) in [
            (("2026-11-27", "08:59"), ("2026-11-27", "09:00")),
            (("2026-11-27", "09:00"), ("2026-11-27", "09:00")),
            (("2026-11-27", "19:59"), ("2026-11-27", "19:59")),
            (("2026-11-27", "20:00"), ("2026-11-28", "10:00")),
            (("2026-11-29", "18:00"), ("2026-11-30", "09:00")),
            (("2026-12-31", "23:59"), ("2027-01-01", "09:00")),
        ] {
            assert_eq!(next(at.0, at.1), local(expected.0, expected.1), "{at:?}");
        }
        let night = local("2026-11-27", "03:00");
        let at_night = |class, channel| policy.allowed_from(class, channel, night);
        assert_eq!(at_night(Class::Case, Channel::Email), Some(night));
        assert_eq!(at_night(Class::Internal, Channel::Sms), Some(night));
        assert_ne!(at_night(Class::Campaign, Channel::Sms), Some(night));
    }

    #[test]
    fn hours_that_never_come_are_found_out() {
        let never = Hours {
            weekday: (0, 0),
            weekend: (600, 600),
        };
        assert_eq!(never.next(local("2026-11-27", "12:00"), 180), None);
    }
}
