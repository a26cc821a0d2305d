//! What is booked, filed and promised: a fold over facts, and nothing else.

use std::collections::BTreeMap;

use events::{
    CallId, CallbackOutcome, CaseEvent, CaseId, Date, Millis, OperatorId, Pii, ServiceId, Timestamp,
};

use crate::number::CaseNumbers;

/// A case that is over is kept so long, to be looked at: 90 days.
const KEPT: Millis = Millis(90 * 86_400_000);

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// The call it was booked in; none from the desk.
    pub call: Option<CallId>,
    /// What it is about.
    pub service: ServiceId,
    /// The reception.
    pub place: String,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub until: Timestamp,
    /// The visitor's name, or the file of its recording.
    pub name: Option<Pii<String>>,
    /// Where to remind.
    pub phone: Option<Pii<String>>,
    /// Given up.
    pub is_cancelled: bool,
}

/// A complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What it is about.
    pub service: ServiceId,
    /// When it was filed.
    pub filed: Timestamp,
    /// Who answers it.
    pub responsible: String,
    /// Last day of the answer.
    pub due: Date,
    /// The fields by their names in row #36.
    pub fields: Pii<BTreeMap<String, String>>,
    /// Recordings of dictated fields.
    pub recordings: BTreeMap<String, String>,
    /// When, and who stated that it was answered.
    pub answered: Option<(Timestamp, OperatorId)>,
}

/// Whether a callback is still owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackState {
    /// Somebody waits for it.
    Owed,
    /// It is settled since then.
    Ended(Timestamp, CallbackOutcome),
}

/// A callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// What it is about.
    pub service: ServiceId,
    /// When it was asked for.
    pub asked: Timestamp,
    /// Whom to call.
    pub phone: Pii<String>,
    /// Not earlier.
    pub not_before: Timestamp,
    /// Not later.
    pub until: Timestamp,
    /// Whether it is still owed.
    pub state: CallbackState,
}

/// Every case that is open, and those that are over since not more than 90 days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    appointments: BTreeMap<CaseId, Appointment>,
    complaints: BTreeMap<CaseId, Complaint>,
    callbacks: BTreeMap<CaseId, Callback>,
    /// Visits by begin and reception: what a time's capacity is compared with.
    taken: BTreeMap<(Timestamp, String), u16>,
    /// When a case that is over is forgotten.
    over: std::collections::BTreeSet<(Timestamp, CaseId)>,
    numbers: CaseNumbers,
}

impl Ledger {
    /// Takes the next fact. Holds no rule and cannot fail.
    pub fn apply(&mut self, at: Timestamp, fact: &CaseEvent) {
        match fact {
            CaseEvent::AppointmentBooked { .. }
            | CaseEvent::AppointmentMoved { .. }
            | CaseEvent::AppointmentCancelled { .. } => self.visit(at, fact),
            CaseEvent::ComplaintFiled { .. } | CaseEvent::ComplaintAnswered { .. } => {
                self.complaint(at, fact);
            }
            CaseEvent::CallbackRequested { .. } | CaseEvent::CallbackEnded { .. } => {
                self.callback(at, fact);
            }
        }
        self.forget(at);
    }

    fn visit(&mut self, at: Timestamp, fact: &CaseEvent) {
        if let CaseEvent::AppointmentBooked {
            case,
            call,
            service,
            place,
            from,
            until,
            name,
            phone,
        } = fact
        {
            self.numbers.opened();
            let appointment = Appointment {
                call: *call,
                service: service.clone(),
                place: place.clone(),
                from: *from,
                until: *until,
                name: name.clone(),
                phone: phone.clone(),
                is_cancelled: false,
            };
            self.seat(*from, place);
            self.over.insert((*until + KEPT, *case));
            self.appointments.insert(*case, appointment);
        } else if let CaseEvent::AppointmentMoved {
            case,
            place,
            from,
            until,
            ..
        } = fact
        {
            let Some(old) = self.appointments.get_mut(case) else {
                return;
            };
            let (old_from, old_place) =
                (old.from, std::mem::replace(&mut old.place, place.clone()));
            self.over.remove(&(old.until + KEPT, *case));
            (old.from, old.until) = (*from, *until);
            self.over.insert((*until + KEPT, *case));
            self.free(old_from, &old_place);
            self.seat(*from, place);
        } else if let CaseEvent::AppointmentCancelled { case, .. } = fact
            && let Some(old) = self.appointments.get_mut(case)
            && !std::mem::replace(&mut old.is_cancelled, true)
        {
            let (from, place) = (old.from, old.place.clone());
            self.over.remove(&(old.until + KEPT, *case));
            self.over.insert((at + KEPT, *case));
            self.free(from, &place);
        }
    }

    fn complaint(&mut self, at: Timestamp, fact: &CaseEvent) {
        if let CaseEvent::ComplaintFiled {
            case,
            service,
            responsible,
            due,
            fields,
            recordings,
            ..
        } = fact
        {
            self.numbers.opened();
            let complaint = Complaint {
                service: service.clone(),
                filed: at,
                responsible: responsible.clone(),
                due: *due,
                fields: fields.clone(),
                recordings: recordings.clone(),
                answered: None,
            };
            self.complaints.insert(*case, complaint);
        } else if let CaseEvent::ComplaintAnswered { case, operator } = fact
            && let Some(complaint) = self.complaints.get_mut(case)
        {
            complaint.answered = Some((at, operator.clone()));
            self.over.insert((at + KEPT, *case));
        }
    }

    fn callback(&mut self, at: Timestamp, fact: &CaseEvent) {
        if let CaseEvent::CallbackRequested {
            case,
            service,
            phone,
            not_before,
            until,
            ..
        } = fact
        {
            self.numbers.opened();
            let callback = Callback {
                service: service.clone(),
                asked: at,
                phone: phone.clone(),
                not_before: *not_before,
                until: *until,
                state: CallbackState::Owed,
            };
            self.callbacks.insert(*case, callback);
        } else if let CaseEvent::CallbackEnded { case, outcome } = fact
            && let Some(callback) = self.callbacks.get_mut(case)
        {
            callback.state = CallbackState::Ended(at, *outcome);
            self.over.insert((at + KEPT, *case));
        }
    }

    fn seat(&mut self, from: Timestamp, place: &str) {
        *self.taken.entry((from, place.to_owned())).or_default() += 1;
    }

    fn free(&mut self, from: Timestamp, place: &str) {
        let key = (from, place.to_owned());
        if let Some(visitors) = self.taken.get_mut(&key) {
            *visitors -= 1;
            if *visitors == 0 {
                self.taken.remove(&key);
            }
        }
    }

    fn forget(&mut self, at: Timestamp) {
        while let Some((_, case)) = self.over.first().copied().filter(|(over, _)| *over <= at) {
            self.over.pop_first();
            self.complaints.remove(&case);
            self.callbacks.remove(&case);
            if let Some(old) = self.appointments.remove(&case)
                && !old.is_cancelled
            {
                self.free(old.from, &old.place);
            }
        }
    }

    /// Visitors who have booked a time.
    #[must_use]
    pub fn visitors(&self, from: Timestamp, place: &str) -> u16 {
        let key = (from, place.to_owned());
        self.taken.get(&key).copied().unwrap_or(0)
    }

    /// A visit, cancelled or past ones included.
    #[must_use]
    pub fn appointment(&self, case: CaseId) -> Option<&Appointment> {
        self.appointments.get(&case)
    }

    /// A complaint.
    #[must_use]
    pub fn complaint_of(&self, case: CaseId) -> Option<&Complaint> {
        self.complaints.get(&case)
    }

    /// A callback.
    #[must_use]
    pub fn callback_of(&self, case: CaseId) -> Option<&Callback> {
        self.callbacks.get(&case)
    }

    /// Every visit.
    pub fn appointments(&self) -> impl Iterator<Item = (CaseId, &Appointment)> {
        self.appointments.iter().map(|(case, a)| (*case, a))
    }

    /// Every complaint.
    pub fn complaints(&self) -> impl Iterator<Item = (CaseId, &Complaint)> {
        self.complaints.iter().map(|(case, c)| (*case, c))
    }

    /// Every callback.
    pub fn callbacks(&self) -> impl Iterator<Item = (CaseId, &Callback)> {
        self.callbacks.iter().map(|(case, c)| (*case, c))
    }

    /// The number of the next case.
    #[must_use]
    pub fn next_case(&self) -> CaseId {
        self.numbers.next()
    }
}
