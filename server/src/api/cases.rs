//! Appointments, complaints and callbacks, as the desk shows them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cases::{Appointment, Callback, CallbackState, Complaint, Ledger, Settings};
use events::{Act, CaseId, CaseNumber, Date, ServiceId, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use utoipa::ToSchema;

use super::Api;
use super::body::Asked;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::switchboard::DeskTask;

/// Gives the bytes of a recording by its file name, if it is there.
pub type RecordingReader = Arc<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// What the API needs of the house for cases.
#[derive(Clone)]
pub struct CasesDoor {
    /// What is booked, filed and promised.
    pub ledger: Arc<RwLock<Ledger>>,
    /// Receptions and terms.
    pub rules: Arc<Settings>,
    /// The way to the rules.
    pub tasks: mpsc::Sender<CaseTask>,
    /// The bytes of a recording; may take its time.
    pub recording: RecordingReader,
}

/// A task on its way to the rules.
#[derive(Debug)]
pub struct CaseTask {
    /// The task.
    pub task: DeskTask,
    /// What came of it.
    pub reply: oneshot::Sender<events::TaskReply>,
}

impl CasesDoor {
    fn ledger(&self) -> RwLockReadGuard<'_, Ledger> {
        // A panic elsewhere leaves the ledger readable: `apply` never stops half-way.
        self.ledger.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cases: the visits of a day, and everything that is owed.
#[derive(Serialize, ToSchema)]
pub(super) struct CasesView {
    now_ms: i64,
    /// The day whose visits these are, `2026-11-23`.
    day: String,
    /// Today.
    today: String,
    /// Visits of the day in their order, given-up ones too.
    appointments: Vec<AppointmentView>,
    /// Unanswered complaints, the most urgent first, then those answered lately.
    complaints: Vec<ComplaintView>,
    /// Callbacks that are owed, the most urgent first, then those settled lately.
    callbacks: Vec<CallbackView>,
}

#[derive(Serialize, ToSchema)]
struct AppointmentView {
    /// As it is said to the caller.
    number: String,
    /// `09:30`, local time.
    time: String,
    /// The reception's name.
    place: String,
    /// The service's title.
    service: String,
    /// The visitor; nothing if they gave no name.
    name: Option<String>,
    /// The file of the spoken name.
    recording: Option<String>,
    /// Where they are reminded.
    phone: Option<String>,
    is_cancelled: bool,
}

#[derive(Serialize, ToSchema)]
struct ComplaintView {
    /// As it is said to the caller.
    number: String,
    /// The service's title.
    service: String,
    filed_at_ms: i64,
    /// Who answers.
    responsible: String,
    /// Last day of the answer.
    due: String,
    /// Calendar days left; negative: overdue by so many.
    days_left: i64,
    /// `name`, `reply_to`, `official`, `substance`, `inform_by`, `phone`.
    fields: BTreeMap<String, String>,
    /// Recordings of dictated fields, by field.
    recordings: BTreeMap<String, String>,
    answered_at_ms: Option<i64>,
    answered_by: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CallbackView {
    /// As it is said to the caller.
    number: String,
    /// The service's title.
    service: String,
    phone: String,
    asked_at_ms: i64,
    not_before_at_ms: i64,
    until_at_ms: i64,
    is_overdue: bool,
    /// `connected`, `no_answer`, `cancelled`, `expired`; nothing while it is owed.
    outcome: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CasesQuery {
    day: Option<String>,
}

/// Обращения: записи на день, жалобы, обратные звонки
#[utoipa::path(get, path = "/api/v1/cases", tag = "Обращения",
    params(("day" = Option<String>, Query, description = "Записи этого дня, 2026-11-23; обычно сегодня")),
    responses(
        (status = 200, description = "Записи дня, жалобы и обратные звонки", body = CasesView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 422, description = "День записан неверно", body = ProblemBody),
    ))]
pub(super) async fn show(
    State(api): State<Api>,
    _by: SignedIn,
    Asked(query): Asked<CasesQuery>,
) -> Result<Json<CasesView>, Problem> {
    let now = api.now();
    let door = &api.house.cases;
    let today = Date::at(now, door.rules.utc_offset_min);
    let day = match query.day.as_deref() {
        None => today,
        Some(day) => Date::parse(day)
            .ok_or_else(|| Problem::malformed("День записывается так: 2026-11-23"))?,
    };
    let ledger = door.ledger();
    let viewer = Viewer {
        api: &api,
        now,
        today,
    };
    Ok(Json(CasesView {
        now_ms: ms(now),
        day: day.to_string(),
        today: today.to_string(),
        appointments: viewer.appointments(&ledger, day),
        complaints: viewer.complaints(&ledger),
        callbacks: viewer.callbacks(&ledger),
    }))
}

/// Запись ответа, надиктованного по телефону
#[utoipa::path(get, path = "/api/v1/cases/recordings/{file}", tag = "Обращения",
    params(("file" = String, Path, description = "Имя файла из обращения")),
    responses(
        (status = 200, description = "WAV", body = Vec<u8>, content_type = "audio/wav"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 404, description = "Такой записи у обращений нет", body = ProblemBody),
    ))]
pub(super) async fn recording(
    State(api): State<Api>,
    by: SignedIn,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let none = || Problem::not_found("Такой записи нет");
    // Only what a case names is given out: no other file, whatever the path says.
    if !is_named(&api.house.cases.ledger(), &file) {
        return Err(none());
    }
    let heard = Act::RecordingHeard { file: file.clone() };
    api.administer(by.operator, heard).await?;
    let read = Arc::clone(&api.house.cases.recording);
    let bytes = tokio::task::spawn_blocking(move || read(&file)).await;
    let bytes = bytes.ok().flatten().ok_or_else(none)?;
    Ok(([(header::CONTENT_TYPE, "audio/wav")], bytes).into_response())
}

fn is_named(ledger: &Ledger, file: &str) -> bool {
    let by_complaint = ledger
        .complaints()
        .any(|(_, complaint)| complaint.recordings.values().any(|named| named == file));
    let mut names = ledger.appointments().filter_map(|(_, a)| a.name.as_ref());
    by_complaint || (is_recording(file) && names.any(|name| name.expose() == file))
}

/// A name that was spoken and not recognised is the name of its recording.
fn is_recording(name: &str) -> bool {
    let stem = name.strip_suffix(".wav");
    let number = stem.and_then(|stem| stem.strip_prefix("dictation-"));
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    number.is_some_and(|number| number.chars().all(plain))
}

/// What every view needs to know.
struct Viewer<'a> {
    api: &'a Api,
    now: Timestamp,
    today: Date,
}

impl Viewer<'_> {
    fn appointments(&self, ledger: &Ledger, day: Date) -> Vec<AppointmentView> {
        let offset = self.api.house.cases.rules.utc_offset_min;
        let mut of_day: Vec<(CaseId, &Appointment)> = ledger
            .appointments()
            .filter(|(_, visit)| Date::at(visit.from, offset) == day)
            .collect();
        of_day.sort_by(|a, b| (a.1.from, &a.1.place, a.0).cmp(&(b.1.from, &b.1.place, b.0)));
        of_day
            .into_iter()
            .map(|(case, visit)| self.appointment(case, visit))
            .collect()
    }

    fn appointment(&self, case: CaseId, visit: &Appointment) -> AppointmentView {
        let rules = &self.api.house.cases.rules;
        let place = rules.receptions.get(&visit.place);
        let name = visit.name.as_ref().map(|name| name.expose().clone());
        let (recording, name): (Vec<_>, Vec<_>) =
            name.into_iter().partition(|name| is_recording(name));
        AppointmentView {
            number: CaseNumber::of(case).to_string(),
            time: events::TimeOfDay::at(visit.from, rules.utc_offset_min).to_string(),
            place: place.map_or_else(|| visit.place.clone(), |place| place.title.clone()),
            service: self.title(&visit.service),
            name: name.into_iter().next(),
            recording: recording.into_iter().next(),
            phone: visit.phone.as_ref().map(|phone| phone.expose().clone()),
            is_cancelled: visit.is_cancelled,
        }
    }

    fn complaints(&self, ledger: &Ledger) -> Vec<ComplaintView> {
        let mut all: Vec<(CaseId, &Complaint)> = ledger.complaints().collect();
        all.sort_by_key(|(case, complaint)| {
            let answered = complaint.answered.as_ref().map(|(at, _)| -at.0);
            (answered, complaint.due, *case)
        });
        all.into_iter()
            .map(|(case, complaint)| self.complaint(case, complaint))
            .collect()
    }

    fn complaint(&self, case: CaseId, complaint: &Complaint) -> ComplaintView {
        let answered = complaint.answered.as_ref();
        ComplaintView {
            number: CaseNumber::of(case).to_string(),
            service: self.title(&complaint.service),
            filed_at_ms: ms(complaint.filed),
            responsible: complaint.responsible.clone(),
            due: complaint.due.to_string(),
            days_left: days_between(self.today, complaint.due),
            fields: complaint.fields.expose().clone(),
            recordings: complaint.recordings.clone(),
            answered_at_ms: answered.map(|(at, _)| ms(*at)),
            answered_by: answered.map(|(_, operator)| self.name(operator)),
        }
    }

    fn callbacks(&self, ledger: &Ledger) -> Vec<CallbackView> {
        let mut all: Vec<(CaseId, &Callback)> = ledger.callbacks().collect();
        all.sort_by_key(|(case, callback)| {
            let ended = match callback.state {
                CallbackState::Owed => None,
                CallbackState::Ended(at, _) => Some(-at.0),
            };
            (ended, callback.until, *case)
        });
        let view = |(case, callback): (CaseId, &Callback)| CallbackView {
            number: CaseNumber::of(case).to_string(),
            service: self.title(&callback.service),
            phone: callback.phone.expose().clone(),
            asked_at_ms: ms(callback.asked),
            not_before_at_ms: ms(callback.not_before),
            until_at_ms: ms(callback.until),
            is_overdue: callback.state == CallbackState::Owed && callback.until < self.now,
            outcome: match callback.state {
                CallbackState::Owed => None,
                CallbackState::Ended(_, outcome) => Some(outcome.as_str().to_owned()),
            },
        };
        all.into_iter().map(view).collect()
    }

    fn title(&self, service: &ServiceId) -> String {
        let card = self.api.house.organisation.services.get(service);
        card.map_or_else(|| service.to_string(), |card| card.title.clone())
    }

    fn name(&self, operator: &events::OperatorId) -> String {
        self.api.organisation().operator_name(operator)
    }
}

fn ms(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000)
}

/// Calendar days from one day to another.
fn days_between(from: Date, to: Date) -> i64 {
    let midnight = |date| cases::moment(date, events::TimeOfDay::default(), 0).0;
    (midnight(to) - midnight(from)).div_euclid(86_400_000_000)
}
