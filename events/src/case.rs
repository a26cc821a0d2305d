//! What callers came for and what is owed to them: appointments, complaints, callbacks.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    CallId, CallbackOutcome, CancelledBy, CaseId, Date, OperatorId, Pii, ServiceId, Timestamp,
};

/// A fact about a case. Each case has one number for its whole life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseEvent {
    /// A visit was booked (row #13, #33).
    AppointmentBooked {
        /// The case.
        case: CaseId,
        /// The call it was booked in; none from the desk.
        call: Option<CallId>,
        /// What the visit is about.
        service: ServiceId,
        /// The reception's name in `scripts/calendars`.
        place: String,
        /// Begin of the visit.
        from: Timestamp,
        /// End of the visit.
        until: Timestamp,
        /// The visitor's name, or the file of its recording.
        name: Option<Pii<String>>,
        /// Where to remind.
        phone: Option<Pii<String>>,
    },
    /// The visit was moved.
    AppointmentMoved {
        /// The case.
        case: CaseId,
        /// The call it was moved in; none from the desk.
        call: Option<CallId>,
        /// The reception.
        place: String,
        /// New begin.
        from: Timestamp,
        /// New end.
        until: Timestamp,
    },
    /// The visit will not be.
    AppointmentCancelled {
        /// The case.
        case: CaseId,
        /// The call it was cancelled in; none from the desk.
        call: Option<CallId>,
        /// By whom.
        by: CancelledBy,
    },
    /// A complaint was taken (row #36): the clock of row #37 runs.
    ComplaintFiled {
        /// The case.
        case: CaseId,
        /// The call it was taken in; none from the desk.
        call: Option<CallId>,
        /// What it is about.
        service: ServiceId,
        /// Who answers it: a name in the configuration.
        responsible: String,
        /// Last day of the answer.
        due: Date,
        /// The fields by their names in row #36; dictated ones as recognised, maybe empty.
        fields: Pii<BTreeMap<String, String>>,
        /// Recordings of dictated fields, by field; file names hold no personal data.
        recordings: BTreeMap<String, String>,
    },
    /// A complaint was answered.
    ComplaintAnswered {
        /// The case.
        case: CaseId,
        /// Who stated it.
        operator: OperatorId,
    },
    /// Somebody is to be called back (row #16: within 24 hours).
    CallbackRequested {
        /// The case.
        case: CaseId,
        /// The call it was asked in; none from the desk.
        call: Option<CallId>,
        /// What it is about.
        service: ServiceId,
        /// Whom to call.
        phone: Pii<String>,
        /// Not earlier.
        not_before: Timestamp,
        /// Not later.
        until: Timestamp,
    },
    /// The callback is settled.
    CallbackEnded {
        /// The case.
        case: CaseId,
        /// How.
        outcome: CallbackOutcome,
    },
}

impl CaseEvent {
    /// The call a fact was stated in, if it was in one.
    #[must_use]
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::AppointmentBooked { call, .. }
            | Self::AppointmentMoved { call, .. }
            | Self::AppointmentCancelled { call, .. }
            | Self::ComplaintFiled { call, .. }
            | Self::CallbackRequested { call, .. } => *call,
            Self::ComplaintAnswered { .. } | Self::CallbackEnded { .. } => None,
        }
    }

    /// The case a fact is about.
    #[must_use]
    pub const fn case(&self) -> CaseId {
        match self {
            Self::AppointmentBooked { case, .. }
            | Self::AppointmentMoved { case, .. }
            | Self::AppointmentCancelled { case, .. }
            | Self::ComplaintFiled { case, .. }
            | Self::ComplaintAnswered { case, .. }
            | Self::CallbackRequested { case, .. }
            | Self::CallbackEnded { case, .. } => *case,
        }
    }
}

/// The number of a case or an application as people say it: digits, the last of which is a check
/// digit (Damm 2004), so that one wrong digit or two swapped neighbours are always noticed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseNumber(String);

/// Digits of a case's number at least, the check digit included.
const NUMBER_MIN: usize = 4;
/// Digits of a case's number at most.
const NUMBER_MAX: usize = 16;

impl CaseNumber {
    /// The number of a case of ours.
    #[must_use]
    pub fn of(case: CaseId) -> Self {
        let mut digits = format!("{:03}", case.0);
        let check = damm(&digits).unwrap_or(0);
        digits.push(char::from(b'0' + check));
        Self(digits)
    }

    /// Reads digits, spaces and hyphens left out; none if the check digit is wrong.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let fits = (NUMBER_MIN..=NUMBER_MAX).contains(&digits.len());
        (fits && damm(&digits) == Some(0)).then_some(Self(digits))
    }

    /// The case, if the number could be one of ours.
    #[must_use]
    pub fn case(&self) -> Option<CaseId> {
        let (body, _) = self.0.split_at_checked(self.0.len().checked_sub(1)?)?;
        body.parse().ok().map(CaseId)
    }

    /// Its digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// The interim digit after all of `digits`, 0 for a number whose check digit is right; none if
/// something else than a digit is among them.
fn damm(digits: &str) -> Option<u8> {
    const TABLE: [[u8; 10]; 10] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ];
    digits.chars().try_fold(0_u8, |interim, c| {
        let digit = usize::try_from(c.to_digit(10)?).ok()?;
        TABLE.get(usize::from(interim))?.get(digit).copied()
    })
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for CaseNumber {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CaseNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("the check digit is wrong"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_said_and_a_slip_is_noticed() {
        let number = CaseNumber::of(CaseId(572));
        // The example of Damm's thesis: 572 has the check digit 4.
        assert_eq!(number.digits(), "5724");
        assert_eq!(CaseNumber::parse("5 7-24"), Some(number.clone()));
        assert_eq!(number.case(), Some(CaseId(572)));
        for slip in ["5723", "7524", "5274", "572", "57x4", ""] {
            assert_eq!(CaseNumber::parse(slip), None, "{slip}");
        }
        assert_eq!(CaseNumber::of(CaseId(7)).digits().len(), 4);
    }

    #[test]
    fn every_single_slip_and_every_swap_of_neighbours_is_noticed() {
        for case in 0..2_000 {
            let right = CaseNumber::of(CaseId(case)).digits().to_owned();
            for at in 0..right.len() {
                for digit in b'0'..=b'9' {
                    let mut wrong = right.clone().into_bytes();
                    wrong[at] = digit;
                    let wrong = String::from_utf8(wrong).unwrap();
                    assert_eq!(
                        wrong == right,
                        CaseNumber::parse(&wrong).is_some(),
                        "{wrong}"
                    );
                }
                let mut swapped = right.clone().into_bytes();
                if at > 0 && swapped[at] != swapped[at - 1] {
                    swapped.swap(at, at - 1);
                    let swapped = String::from_utf8(swapped).unwrap();
                    assert_eq!(CaseNumber::parse(&swapped), None, "{swapped}");
                }
            }
        }
    }
}
