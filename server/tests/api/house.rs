//! A house without telephones: an organisation, a desk fed with made-up facts, and a distribution
//! that answers as the test says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, RwLock};

use axum::Router;
use cases::Ledger;
use events::{
    CallId, CallOutcome, CaseEvent, CaseId, ChosenBy, Date, Deviations, DialogueOutcome,
    DialoguePurpose, EntryCause, Event, LegId, Millis, Mistakes, NeedCode, NotReadyReason,
    OperatorId, Pii, QueueId, Record, ServiceId, TaskOutcome, TaskReply, Timestamp, TrainingEvent,
    TranscriptDepth, TranscriptEvent, UnansweredCause, Waits,
};
use ivr::ScriptSet;
use ivr::io::scripts::load_scripts;
use ivr::script::Setting;
use liniya::api::{
    Answer, ApiState, BrowserAudio, CallFilter, CallsReader, CaseTask, CasesDoor, DeskRequest,
    Mistake, PageNews, Reload, Reloaded, Shelf, Typed, VisitorRules, app,
};
use liniya::desk::Desk;
use liniya::handbook::Handbook;
use liniya::organisation::{
    LineCard, OperatorCard, Organisation, Password, PasswordBook, Phone, QueueCard, Role,
    ServiceCard,
};
use liniya::script_texts::ScriptTexts;
use liniya::switchboard::{DeskAction, DeskTask};
use liniya::told_log::ToldLog;
use serde_json::{Value, json};
use sip_gateway::boundary::{BrowserEvent, SessionId, SessionOwner};
use tokio::sync::{mpsc, watch};

use crate::shelf::Texts;

/// 2026-11-22, 10:00 in Moscow.
const START: Timestamp = Timestamp(1_795_330_800 * 1_000_000);

pub(crate) const SERVICES: [(&str, &str); 5] = [
    ("technopark_status", "Присвоение статуса технопарка"),
    ("scrap_licence", "Лицензирование заготовки лома"),
    ("support_measures", "Меры государственной поддержки"),
    ("appointment", "Запись на личный приём"),
    ("technical_support", "Техническая поддержка"),
];

/// Everything a test needs to hold.
pub(crate) struct House {
    pub(crate) app: Router,
    /// What reached the distribution.
    pub(crate) wishes: Arc<Mutex<Vec<DeskAction>>>,
    /// The browsers' audio.
    pub(crate) audio: Arc<Pages>,
    /// What desks asked of the rules.
    pub(crate) tasks: Arc<Mutex<Vec<DeskTask>>>,
    pub(crate) ledger: Arc<RwLock<Ledger>>,
    pub(crate) shelf: Arc<Texts>,
    texts: Arc<RwLock<ScriptTexts>>,
    told: Arc<RwLock<ToldLog>>,
    desk: Arc<RwLock<Desk>>,
    changed: watch::Sender<u64>,
    clock: Arc<Mutex<Timestamp>>,
    seq: u64,
}

/// Browsers' audio without packets: it remembers what was asked of it.
#[derive(Default)]
pub(crate) struct Pages {
    said: Mutex<Vec<String>>,
    listeners: Mutex<BTreeMap<SessionId, mpsc::Sender<PageNews>>>,
}

impl Pages {
    /// What was asked since the last time.
    pub(crate) fn said(&self) -> Vec<String> {
        std::mem::take(&mut *self.said.lock().unwrap())
    }

    /// The gateway's news for a visitor's page.
    pub(crate) fn news(&self, session: u64, news: PageNews) {
        let listeners = self.listeners.lock().unwrap();
        listeners[&SessionId(session)].try_send(news).unwrap();
    }

    fn note(&self, text: String) {
        self.said.lock().unwrap().push(text);
    }
}

impl BrowserAudio for Pages {
    fn is_on(&self) -> bool {
        true
    }

    fn open(&self, owner: SessionOwner, offer: &str) -> Result<(SessionId, String), String> {
        if offer == "bad" {
            return Err("обновите страницу".into());
        }
        self.note(format!("open for {owner:?}"));
        let number = u64::try_from(offer.len()).unwrap();
        Ok((SessionId(number), format!("answer to {offer}")))
    }

    fn close(&self, session: SessionId) {
        self.note(format!("close {}", session.0));
    }

    fn tell(&self, event: BrowserEvent) {
        self.note(format!("{event:?}"));
    }

    fn listen(&self, session: SessionId) -> mpsc::Receiver<PageNews> {
        let (to, news) = mpsc::channel(8);
        self.listeners.lock().unwrap().insert(session, to);
        news
    }

    fn types(&self, session: SessionId, typed: Typed) {
        self.note(format!("{} types {typed:?}", session.0));
    }
}

/// The scripts that we ship, read once.
fn assistant() -> Arc<dyn Fn() -> Arc<ScriptSet> + Send + Sync> {
    static SET: LazyLock<Arc<ScriptSet>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
        let setting = Setting {
            organisation: "Министерство".to_owned(),
            today: Date::parse("2026-11-22").unwrap(),
        };
        Arc::new(load_scripts(&folder, &setting).unwrap().0)
    });
    Arc::new(|| Arc::clone(&SET))
}

/// Reloading goes as the test says.
fn reload(answer: Result<(), &'static str>) -> Arc<Reload> {
    Arc::new(move || match answer {
        Ok(()) => Ok(Reloaded {
            versions: vec![("rating".to_owned(), "2".to_owned())],
        }),
        Err(reason) => Err(vec![Mistake {
            place: Some("assistant/rating.toml:3".to_owned()),
            reason: reason.to_owned(),
            remedy: "напишите новую version".to_owned(),
        }]),
    })
}

/// Somebody left a slip in the scripts.
fn faulty() -> Arc<Reload> {
    let mistake = |place: Option<&str>, reason: &str, remedy: &str| Mistake {
        place: place.map(str::to_owned),
        reason: reason.to_owned(),
        remedy: remedy.to_owned(),
    };
    Arc::new(move || {
        Err(vec![
            mistake(
                Some("assistant/consultation.toml:41"),
                "узел «topic»: вариант ведёт в узел «adress», которого нет",
                "исправьте имя: возможно, имелся в виду «address»",
            ),
            mistake(
                Some("phrases/stress.toml:7"),
                "словарь ударений: «анкета»: ударение не отмечено",
                "поставьте «+» перед ударной гласной, например \"анк+ета\"",
            ),
        ])
    })
}

impl House {
    /// With nobody on duty; every wish is answered with `answer`.
    pub(crate) fn new(answer: Result<(), &'static str>) -> Self {
        Self::with_clock((answer, reload(answer)), |clock| {
            Arc::new(move || *clock.lock().unwrap()) as Arc<dyn Fn() -> Timestamp + Send + Sync>
        })
    }

    /// As [`Self::new`], with a clock that runs: for looking at the console.
    pub(crate) fn running() -> Self {
        let began = tokio::time::Instant::now();
        Self::with_clock((Ok(()), faulty()), |clock| {
            Arc::new(move || {
                let ms = u64::try_from(began.elapsed().as_millis()).unwrap();
                clock.lock().unwrap().plus_ms(ms)
            })
        })
    }

    fn with_clock(
        (answer, reload): (Result<(), &'static str>, Arc<Reload>),
        now: impl FnOnce(Arc<Mutex<Timestamp>>) -> Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ) -> Self {
        let organisation = Arc::new(organisation());
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts");
        let handbook = Handbook::load(folder.as_ref(), &organisation).unwrap();
        let handbook = Arc::new(handbook);
        let desk = Arc::new(RwLock::new(Desk::new(Arc::clone(&organisation))));
        let (changed, changes) = watch::channel(0);
        let (commands, requests) = mpsc::channel(8);
        let wishes = Arc::default();
        let (ledger, tasks) = (Arc::default(), Arc::default());
        let told: Arc<RwLock<ToldLog>> = Arc::default();
        let clock = Arc::new(Mutex::new(START));
        let journal = (Arc::clone(&desk), Arc::clone(&clock));
        tokio::spawn(distribution(requests, Arc::clone(&wishes), answer, journal));
        let audio: Arc<Pages> = Arc::default();
        let shelf = Texts::shipped(&organisation);
        let texts: Arc<RwLock<ScriptTexts>> = Arc::default();
        let state = ApiState {
            passwords: Arc::new(PasswordBook::new(&organisation).unwrap()),
            organisation,
            desk: Arc::clone(&desk),
            changed: changes,
            commands,
            handbook: Arc::new(move || Arc::clone(&handbook)),
            shelf: Arc::clone(&shelf) as Arc<dyn Shelf>,
            texts: Arc::clone(&texts),
            assistant: assistant(),
            reload,
            metrics_text: Arc::new(|| "liniya_calls_waiting 0\n".into()),
            readiness: Arc::new(|| Err("журнал не пишется: диск заполнен".into())),
            calls: Arc::new(Stored),
            ladder: Arc::new(|call| (call == CallId(17)).then(|| "C17\n".into())),
            told: Arc::clone(&told),
            audio: Arc::clone(&audio) as Arc<dyn BrowserAudio>,
            visitors: Some(VisitorRules {
                line: "100".into(),
                at_once: 2,
                per_address: 2,
            }),
            cases: cases_door(Arc::clone(&ledger), Arc::clone(&tasks)),
            now: now(Arc::clone(&clock)),
        };
        Self {
            app: app(state),
            wishes,
            audio,
            tasks,
            ledger,
            shelf,
            texts,
            told,
            desk,
            changed,
            clock,
            seq: 0,
        }
    }

    pub(crate) fn after_s(&mut self, s: u64) -> &mut Self {
        let mut clock = self.clock.lock().unwrap();
        *clock = clock.plus_ms(s * 1_000);
        drop(clock);
        self
    }

    pub(crate) fn now(&self) -> Timestamp {
        *self.clock.lock().unwrap()
    }

    pub(crate) fn fact(&mut self, event: Event) -> &mut Self {
        self.seq += 1;
        let record = Record {
            seq: self.seq,
            at: self.now(),
            event,
        };
        self.desk.write().unwrap().apply(&record);
        self.told.write().unwrap().apply(&record);
        self.texts.write().unwrap().apply(&record);
        if let Event::Case(fact) = &record.event {
            self.ledger.write().unwrap().apply(record.at, fact);
        }
        self.changed.send_modify(|turn| *turn += 1);
        self
    }

    pub(crate) fn on_duty(&mut self, login: &str) -> &mut Self {
        let operator = OperatorId::new(login);
        self.fact(Event::PhoneReachable {
            operator: operator.clone(),
        })
        .fact(Event::OperatorSignedIn {
            operator: operator.clone(),
        })
        .fact(Event::OperatorReady { operator })
    }

    /// A caller says what they want and waits for a person.
    pub(crate) fn asks(&mut self, call: u64, service: &str, words: &str) -> &mut Self {
        let call = CallId(call);
        self.fact(Event::CallArrived {
            call,
            leg: LegId(call.0),
            line: "100".into(),
            service: ServiceId::undetermined(),
            trunk: "loopback".into(),
            caller: Some(Pii::new(format!("+7999123{:04}", call.0))),
        })
        .fact(Event::LegAnswered {
            call,
            leg: LegId(call.0),
        })
        .after_s(9)
        .fact(Event::SpeechHeard {
            call,
            step: "service".into(),
            text: Pii::new(words.into()),
            confidence_permille: 912,
            accepted: true,
            latency_ms: Millis(180),
        })
        .fact(Event::ServiceChosen {
            call,
            service: service.into(),
            by: ChosenBy::Speech,
        })
        .fact(Event::DialogueEnded {
            call,
            purpose: DialoguePurpose::Assistant,
            outcome: DialogueOutcome::ToPerson,
            notice_played: true,
        });
        let until = self.now().plus_ms(1_800_000);
        self.fact(Event::QueueEntered {
            call,
            queue: "consultation".into(),
            because: EntryCause::Assistant,
            wanted: None,
            until,
            terms: events::Terms::default(),
        })
    }

    pub(crate) fn rings(&mut self, call: u64, login: &str) -> &mut Self {
        let until = self.now().plus_ms(20_000);
        let reason = "дольше всех свободен".into();
        self.fact(Event::CallOffered {
            call: CallId(call),
            operator: login.into(),
            reason,
            until,
        })
    }

    pub(crate) fn talks(&mut self, call: u64, login: &str) -> &mut Self {
        let waits = Waits {
            total_ms: Millis(21_000),
            queue_ms: Millis(12_000),
            ring_ms: Millis(4_000),
        };
        self.fact(Event::OfferAccepted {
            call: CallId(call),
            operator: login.into(),
        })
        .fact(Event::LegsBridged {
            call: CallId(call),
            operator: login.into(),
            waits,
        })
    }

    pub(crate) fn ticks(&mut self, call: u64, login: &str, steps: &[&str]) -> &mut Self {
        for step in steps {
            self.fact(Event::ScriptStepTicked {
                call: CallId(call),
                operator: login.into(),
                script: "scrap_licence".into(),
                step: (*step).into(),
                done: true,
            });
        }
        self
    }

    pub(crate) fn parts(&mut self, call: u64, login: &str, talk_s: u64) -> &mut Self {
        let until = self.now().plus_ms(60_000);
        let (call, operator) = (CallId(call), OperatorId::new(login));
        self.fact(Event::TalkEnded {
            call,
            operator: operator.clone(),
            by: events::HungUpBy::Operator,
            talk_ms: Millis::from_s(talk_s),
        })
        .fact(Event::WrapUpStarted {
            call,
            operator,
            until,
            extensions: 0,
        })
    }

    /// A lively morning: somebody is rung, talks, wraps up, rests; somebody gave up waiting.
    pub(crate) fn morning(&mut self) -> &mut Self {
        for (login, _, _) in PEOPLE {
            self.on_duty(login);
        }
        self.fact(Event::OperatorSignedOut {
            operator: "away".into(),
        });
        self.asks(3, "appointment", "записаться на приём")
            .after_s(95);
        let waits = Waits {
            total_ms: Millis(104_000),
            queue_ms: Millis(95_000),
            ..Waits::default()
        };
        let cause = UnansweredCause::Abandoned;
        self.fact(Event::CallUnanswered {
            call: CallId(3),
            cause,
            waits,
        });
        let paused = NotReadyReason::Lunch;
        self.fact(Event::OperatorNotReady {
            operator: "lunch".into(),
            reason: paused,
            until: None,
        });
        self.asks(17, "scrap_licence", "лицензия на лом")
            .rings(17, "talk")
            .after_s(3);
        self.talks(17, "talk")
            .ticks(17, "talk", &["greeting", "who"])
            .after_s(200)
            .says(17, &[("запись на приём", 610), ("сроки рассмотрения", 930)])
            .after_s(231);
        self.asks(18, "support_measures", "какие есть меры поддержки")
            .rings(18, "wrap")
            .after_s(4);
        self.talks(18, "wrap")
            .after_s(41)
            .parts(18, "wrap", 41)
            .after_s(12);
        self.asks(19, "technopark_status", "хочу получить статус технопарка")
            .after_s(14);
        self.asks(20, "scrap_licence", "лом").after_s(7);
        self.cases();
        self.notifications();
        self.trainings();
        self.rings(19, "ring").after_s(5)
    }

    /// What the caller says to the operator, as far as it is recognised.
    fn says(&mut self, call: u64, lines: &[(&str, u16)]) -> &mut Self {
        let call = CallId(call);
        let depth = TranscriptDepth::Phrases;
        self.fact(Event::Transcript(TranscriptEvent::Begun { call, depth }));
        for (text, confidence_permille) in lines {
            self.fact(Event::Transcript(TranscriptEvent::Heard {
                call,
                text: Pii::new((*text).to_owned()),
                confidence_permille: *confidence_permille,
                latency_ms: Millis(420),
            }))
            .after_s(9);
        }
        self
    }

    /// Somebody learned everything, somebody should have repeated something, somebody rehearsed.
    fn trainings(&mut self) {
        for (login, topic, on, next) in [
            ("boss", "scripts", "2026-10-05", "2027-04-03"),
            ("boss", "complaints", "2026-10-05", "2027-10-05"),
            ("boss", "personal_data", "2026-10-05", "2027-10-05"),
            ("talk", "scripts", "2026-06-04", "2026-12-01"),
            ("talk", "complaints", "2026-09-14", "2027-09-14"),
            ("ring", "scripts", "2026-04-20", "2026-10-17"),
            ("wrap", "personal_data", "2026-09-14", "2027-09-14"),
        ] {
            self.fact(Event::Training(TrainingEvent::Learned {
                operator: login.into(),
                topic: topic.into(),
                on: Date::parse(on).unwrap(),
                next: Date::parse(next),
                noted_by: "boss".into(),
            }));
        }
        self.fact(Event::Training(TrainingEvent::Rehearsed {
            operator: "ring".into(),
            caller: "pension".into(),
            script: "not_ours".into(),
            version: "2026-11-22.1".into(),
            done: 4,
            needed: 5,
            deviations: Deviations {
                skipped: vec!["written".into()],
                ..Deviations::default()
            },
            mistakes: Mistakes::default(),
        }));
    }

    /// Visits of the day, complaints young and old, somebody who waits to be called back.
    fn cases(&mut self) {
        let at = |hour: u64, minute: u64| START.plus_ms((hour * 60 + minute - 600) * 60_000);
        let visits = [
            (371_829, at(11, 0), "Сидорова Мария Петровна", "appointment"),
            (920_648, at(11, 0), "ООО «Ромашка»", "scrap_licence"),
            (
                569_467,
                at(14, 30),
                "dictation-C12-1.wav",
                "technopark_status",
            ),
        ];
        for (case, from, name, service) in visits {
            self.fact(Event::Case(CaseEvent::AppointmentBooked {
                case: CaseId(case),
                call: Some(CallId(17)),
                service: service.into(),
                place: "main".into(),
                from,
                until: from.plus_ms(1_800_000),
                name: Some(Pii::new(name.into())),
                phone: Some(Pii::new("+79991230017".into())),
            }));
        }
        let complaints = [
            (218_286, "2026-11-20", "не ответили на заявление в срок"),
            (
                767_105,
                "2026-11-25",
                "приёмная была закрыта в рабочее время",
            ),
            (415_924, "2026-12-22", "специалист не назвал себя"),
        ];
        for (case, due, substance) in complaints {
            let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            self.fact(Event::Case(CaseEvent::ComplaintFiled {
                case: CaseId(case),
                call: None,
                service: "scrap_licence".into(),
                responsible: "Соколова Мария Петровна".into(),
                due: Date::parse(due).unwrap(),
                fields: Pii::new(BTreeMap::from([
                    field("name", "Орлов Пётр Иванович"),
                    field("reply_to", "orlov@example.org"),
                    field("substance", substance),
                    field("inform_by", "email"),
                ])),
                recordings: BTreeMap::from([field("substance", "dictation-C17-2.wav")]),
            }));
        }
        self.fact(Event::Case(CaseEvent::CallbackRequested {
            case: CaseId(614_743),
            call: None,
            service: "support_measures".into(),
            phone: Pii::new("+79991230055".into()),
            not_before: at(12, 0),
            until: at(17, 45),
        }));
    }

    pub(crate) fn disposes(&mut self, call: u64, login: &str) -> &mut Self {
        self.fact(Event::DispositionSet {
            call: CallId(call),
            operator: login.into(),
            outcome: CallOutcome::Answered,
            need: NeedCode::Consultation,
            client: None,
        })
    }
}

/// Login (the password is the same), name, position.
const PEOPLE: [(&str, &str, &str); 6] = [
    ("boss", "Иванова Анна Сергеевна", "начальник смены"),
    (
        "talk",
        "Петров Олег Ильич",
        "старший специалист консультационной линии",
    ),
    (
        "ring",
        "Магомедова Патимат",
        "специалист консультационной линии",
    ),
    (
        "wrap",
        "Соколов Дмитрий Андреевич",
        "специалист консультационной линии",
    ),
    (
        "lunch",
        "Кузнецова Елена Павловна",
        "специалист технической поддержки",
    ),
    (
        "away",
        "Алиев Руслан Магомедович",
        "специалист консультационной линии",
    ),
];

/// Those who take no calls.
const BEHIND_THE_DESKS: [(&str, &str, &str); 2] = [
    ("chief", "Орлов Павел Сергеевич", "администратор"),
    ("analyst", "Зайцева Ольга Юрьевна", "аналитик"),
];

fn organisation() -> Organisation {
    let queues = ["consultation", "support"].map(QueueId::new);
    let operator = |(login, name, position): (&str, &str, &str)| {
        let card = OperatorCard {
            full_name: name.into(),
            position: position.into(),
            password: Password::ForLoopback(login.into()),
            queues: if login == "chief" || login == "analyst" {
                Vec::new()
            } else {
                queues.to_vec()
            },
            phone: Phone::Registers,
            role: match login {
                "boss" => Role::Supervisor,
                "chief" => Role::Administrator,
                "analyst" => Role::Analyst,
                _ => Role::Operator,
            },
            hears_recordings: false,
        };
        (OperatorId::new(login), card)
    };
    let service = |(id, title): (&str, &str)| {
        (
            id.into(),
            ServiceCard {
                title: title.into(),
            },
        )
    };
    let line = LineCard {
        title: "Консультация по услугам".into(),
        queue: "consultation".into(),
        services: SERVICES
            .iter()
            .take(4)
            .map(|(id, _)| (*id).into())
            .collect(),
    };
    let queue = |(id, title): (&str, &str)| {
        (
            id.into(),
            QueueCard {
                title: title.into(),
            },
        )
    };
    Organisation {
        name: "Министерство промышленности и торговли".into(),
        utc_offset_min: 180,
        unanswered_h: 24,
        services: SERVICES.into_iter().map(service).collect(),
        lines: [("100".into(), line)].into(),
        queues: [
            ("consultation", "Консультация"),
            ("support", "Техническая поддержка"),
        ]
        .into_iter()
        .map(queue)
        .collect(),
        operators: PEOPLE
            .into_iter()
            .chain(BEHIND_THE_DESKS)
            .map(operator)
            .collect::<BTreeMap<_, _>>(),
        operators_see_supervision: true,
        pauses: events::PauseCard::usual(),
        outside: None,
    }
}

/// Receptions as shipped; every task is done, with nothing to say.
fn cases_door(ledger: Arc<RwLock<Ledger>>, seen: Arc<Mutex<Vec<DeskTask>>>) -> CasesDoor {
    let (tasks, mut asked) = mpsc::channel::<CaseTask>(8);
    tokio::spawn(async move {
        while let Some(CaseTask { task, reply }) = asked.recv().await {
            seen.lock().unwrap().push(task);
            let _ = reply.send(TaskReply::bare(TaskOutcome::Done));
        }
    });
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/calendars");
    let calendars = cases::io::calendars::load(folder.as_ref()).unwrap();
    let rules = cases::Settings {
        utc_offset_min: 180,
        calendar: calendars.production,
        receptions: calendars.receptions,
        ..cases::Settings::default()
    };
    CasesDoor {
        ledger,
        rules: Arc::new(rules),
        tasks,
        recording: Arc::new(|file| (file == "dictation-C17-2.wav").then(|| b"RIFF".to_vec())),
    }
}

/// Acts stand in the journal at once; whatever else is wished is answered as the test says.
async fn distribution(
    mut requests: mpsc::Receiver<DeskRequest>,
    wishes: Arc<Mutex<Vec<DeskAction>>>,
    answer: Result<(), &'static str>,
    (desk, clock): (Arc<RwLock<Desk>>, Arc<Mutex<Timestamp>>),
) {
    let mut seq = 1_000_000;
    while let Some(request) = requests.recv().await {
        if let DeskAction::Administer { by, act } = request.action {
            seq += 1;
            desk.write().unwrap().apply(&Record {
                seq,
                at: *clock.lock().unwrap(),
                event: Event::Administered { by, act },
            });
            let _ = request.reply.send(Ok(()));
            continue;
        }
        wishes.lock().unwrap().push(request.action);
        let _ = request.reply.send(answer.map_err(str::to_owned));
    }
}

/// A database that tells what it was asked.
struct Stored;

impl CallsReader for Stored {
    fn recent(&self, filter: CallFilter) -> Answer<Value> {
        let asked = format!("{filter:?}");
        Box::pin(async move { Ok(json!([{ "asked": asked }])) })
    }

    fn one(&self, call: CallId) -> Answer<Option<Value>> {
        Box::pin(async move { Ok((call == CallId(17)).then(|| json!({ "call_id": 17 }))) })
    }

    fn summary(&self, from: Timestamp, to: Timestamp) -> Answer<Value> {
        Box::pin(async move { Ok(json!({ "from": from.0, "to": to.0 })) })
    }
}
