//! The house under test, seen from outside: people and machines act, facts come out.
//!
//! [`AcdHouse`] puts the distribution alone behind the door. Another house (the whole switchboard)
//! needs these six functions and nothing else of the world changes.

use std::collections::{BTreeMap, BTreeSet};

use acd::{
    Acd, Command, ConsultStep, LineSettings, Need, Nobody, QueueSettings, Settings, Strategy,
};
use events::{
    CallId, CallOutcome, CallbackOutcome, CaseEvent, CaseId, ChosenBy, Circle, ConsultationOutcome,
    DialogueOutcome, DialoguePurpose, EndCause, Event, LegId, LineId, Millis, MissedWhy, NeedCode,
    NotReadyReason, OperatorId, Pii, PlacedEvent, PlacedOutcome, PlacedWhy, Record, ServiceId,
    SkillLevel, Timestamp, TransferTarget,
};

/// What somebody does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Dial(CallId, LineId),
    Connect(CallId),
    Choose(CallId, ServiceId),
    EndDialogue(CallId, DialoguePurpose, DialogueOutcome),
    Rate(CallId, u8),
    HangUp(CallId),
    CallerBreaks(CallId),
    Rings(CallId, OperatorId),
    Answer(CallId, OperatorId),
    Bridge(CallId, OperatorId),
    Fail(CallId, OperatorId, MissedWhy),
    OperatorHangsUp(CallId, OperatorId),
    OperatorBreaks(CallId, OperatorId),
    Hold(CallId, bool),
    Transfer(CallId, OperatorId, TransferTarget),
    Consult(CallId, OperatorId, ConsultStep),
    OutsideAnswers(CallId),
    OutsideGone(CallId, ConsultationOutcome),
    Note(CallId, OperatorId),
    Finish(OperatorId),
    Extend(OperatorId),
    /// The caller leaves their place to the house.
    Keep(CallId),
    /// The house calls whose turn it is, if it is anybody's, by this call.
    CallBack(CallId),
    /// Whoever is called answers and wants a person.
    Reached(CallId, CaseId),
    /// Whoever is called does not answer; the callback is given up if it is named.
    NotReached(CallId, Option<CaseId>),
    /// The time of every callback that is owed has run out.
    Expire,
    SignIn(OperatorId),
    SignOut(OperatorId),
    Ready(OperatorId),
    Pause(OperatorId),
    PhoneUp(OperatorId),
    PhoneDown(OperatorId),
}

pub(crate) trait House {
    /// Somebody does something; what the rules forbid changes nothing.
    fn act(&mut self, now: Timestamp, act: &Act) -> Vec<Event>;
    /// Something is written down that is nobody's act.
    fn note(&mut self, now: Timestamp, fact: Event) -> Vec<Event>;
    /// Time has come to the deadline.
    fn tick(&mut self, now: Timestamp) -> Vec<Event>;
    /// When something happens by itself next.
    fn deadline(&self) -> Option<Timestamp>;
    /// The process starts, with what the journal holds, and closes what was open.
    fn restart(&mut self, journal: &[Record], now: Timestamp) -> Vec<Event>;
    /// The house's own look at itself.
    fn check(&self, now: Timestamp) -> Result<(), String>;
    /// A house rebuilt from the journal is equal to this one.
    fn check_replay(&self, journal: &[Record]) -> Result<(), String>;
}

pub(crate) const LINES: [&str; 2] = ["100", "200"];
pub(crate) const SERVICES: [&str; 3] = ["licence", "technopark", "support"];
pub(crate) const QUEUES: [&str; 2] = ["consultation", "support"];
pub(crate) const OPERATORS: [&str; 5] = ["anna", "boris", "vera", "gleb", "expert"];

/// Every seed has its way to choose, and some have priorities, skills and acquaintances.
pub(crate) fn settings(seed: u64) -> Settings {
    let strategies = Strategy::ALL.iter().cycle();
    let turn = usize::try_from(seed % 7).unwrap_or_default();
    let mut settings = plain_settings();
    for queue in settings.queues.values_mut() {
        queue.strategy = strategies.clone().nth(turn).copied().unwrap_or_default();
        queue.ring_at_once = turn.max(1);
        queue.callback_holds_operator = seed.is_multiple_of(2);
        if seed % 4 == 1 {
            queue.preferred_within = Millis::from_s(3_600);
            queue.preferred_wait = Millis::from_s(10);
        }
        if seed % 4 == 3 && queue.when_nobody_is_signed_in == Nobody::Wait {
            queue.overflow_to = Some("support".into());
            queue.overflow_after = Millis::from_s(25);
            queue.overflow_expected = Millis::from_s(60);
        }
        if seed.is_multiple_of(3) {
            let circle = |after_s, level: Option<u8>| Circle {
                after_ms: Millis::from_s(after_s),
                only: None,
                skills: level.map(metal).into_iter().collect(),
            };
            queue.needs = vec![Need {
                services: BTreeSet::from(["licence".into()]),
                circles: vec![circle(0, Some(5)), circle(15, Some(1)), circle(40, None)],
            }];
        }
    }
    if seed.is_multiple_of(5)
        && let Some(line) = settings.lines.get_mut(&"200".into())
    {
        line.queue = "consultation".into();
        line.priority = 1;
    }
    settings.skills.insert("anna".into(), vec![metal(5)]);
    settings.skills.insert("vera".into(), vec![metal(2)]);
    settings
}

fn metal(level: u8) -> SkillLevel {
    SkillLevel {
        skill: "metal".into(),
        level,
    }
}

fn plain_settings() -> Settings {
    let operators = |names: &[&str]| names.iter().map(OperatorId::new).collect();
    let mut settings = Settings::default();
    let consultation = QueueSettings {
        operators: operators(&["anna", "boris", "vera"]),
        ring_timeout: Millis::from_s(12),
        wrap_up: Millis::from_s(20),
        wrap_up_more: Millis::from_s(15),
        wrap_up_extensions: 2,
        max_wait: Millis::from_s(90),
        capacity: 6,
        ..QueueSettings::default()
    };
    let support = QueueSettings {
        operators: operators(&["vera", "gleb"]),
        when_nobody_is_signed_in: Nobody::Leave,
        ..consultation.clone()
    };
    settings.queues.insert("consultation".into(), consultation);
    settings.queues.insert("support".into(), support);
    let line = LineSettings::new("consultation", ["licence", "technopark"]);
    settings.lines.insert("100".into(), line);
    let line = LineSettings {
        rating: false,
        ..LineSettings::new("support", ["support"])
    };
    settings.lines.insert("200".into(), line);
    settings.specialists = vec!["expert".into()];
    for pause in &mut settings.pauses {
        pause.cap_ms = Some(Millis::from_s(20));
        pause.shift_cap_ms = Some(Millis::from_s(60));
    }
    settings
}

pub(crate) struct AcdHouse(Acd, u64);

impl AcdHouse {
    pub(crate) fn open(seed: u64) -> Self {
        Self(Acd::new(settings(seed)), seed)
    }

    fn handle(&mut self, now: Timestamp, command: Command) -> Vec<Event> {
        let (before, mut facts) = (self.0.clone(), Vec::new());
        let refused = self.0.handle(now, command, &mut facts).is_err();
        assert!(
            !refused || !facts.is_empty() || before == self.0,
            "a refusal changed something"
        );
        self.settle_callbacks(now, &mut facts);
        facts
    }

    /// Whoever was called back and talks to a person is called no more.
    fn settle_callbacks(&mut self, now: Timestamp, facts: &mut Vec<Event>) {
        let mut settled = Vec::new();
        for fact in facts.iter() {
            if let Event::LegsBridged { call, .. } = fact {
                let mut kept = self.0.kept_places();
                let theirs = kept.find(|kept| kept.reached_by() == Some(*call));
                settled.extend(theirs.map(|kept| ended(kept.case, CallbackOutcome::Connected)));
            }
        }
        for fact in settled {
            self.0.apply(now, &fact);
            facts.push(fact);
        }
    }

    fn call_back(&mut self, now: Timestamp, call: CallId) -> Vec<Event> {
        let Some(kept) = self.0.next_turn(now, |_| true) else {
            return Vec::new();
        };
        let dialled = Event::Placed(PlacedEvent::Dialled {
            call,
            leg: LegId(call.0),
            trunk: "trunk".to_owned(),
            line: kept.line.clone(),
            service: kept.service.clone(),
            to: Pii::new("1".to_owned()),
            why: PlacedWhy::Callback,
            notification: None,
            case: Some(kept.case),
        });
        self.stated(now, vec![dialled])
    }

    fn reached(&mut self, now: Timestamp, call: CallId, case: CaseId) -> Vec<Event> {
        let kept = self.0.kept(case);
        let Some(kept) = kept.filter(|kept| kept.reached_by() == Some(call)) else {
            return Vec::new(); // the leg is gone
        };
        let placed = Command::CallPlaced {
            call,
            leg: LegId(call.0),
            line: kept.line.clone(),
            service: kept.service.clone(),
            trunk: "trunk".to_owned(),
            case: Some(case),
        };
        self.handle(now, placed)
    }

    fn not_reached(
        &mut self,
        now: Timestamp,
        call: CallId,
        given_up: Option<CaseId>,
    ) -> Vec<Event> {
        let rings = |kept: &acd::Kept| kept.reached_by() == Some(call);
        if !self.0.kept_places().any(rings) || self.0.call(call).is_some() {
            return Vec::new();
        }
        let outcome = PlacedOutcome::NoAnswer;
        let missed = Event::Placed(PlacedEvent::Ended { call, outcome });
        let given_up = given_up.map(|case| ended(case, CallbackOutcome::NoAnswer));
        self.stated(now, std::iter::once(missed).chain(given_up).collect())
    }

    fn expire(&mut self, now: Timestamp) -> Vec<Event> {
        let outcome = CallbackOutcome::Expired;
        let owed = self.0.kept_places().map(|kept| ended(kept.case, outcome));
        let owed = owed.collect();
        self.stated(now, owed)
    }

    /// Facts that are nobody's command, and what follows from them.
    fn stated(&mut self, now: Timestamp, mut facts: Vec<Event>) -> Vec<Event> {
        for fact in &facts {
            self.0.apply(now, fact);
        }
        facts.extend(self.handle(now, Command::Tick));
        facts
    }

    /// What a process that starts finds undone: calls that rang, callbacks that had their talk.
    fn left_undone(&self, journal: &[Record]) -> Vec<Event> {
        let (mut ringing, mut reached) = (BTreeSet::new(), BTreeMap::new());
        let mut talked = BTreeSet::new();
        for record in journal {
            match &record.event {
                Event::Placed(PlacedEvent::Dialled { call, .. }) => {
                    ringing.insert(*call);
                }
                Event::Placed(
                    PlacedEvent::Ended { call, .. } | PlacedEvent::HandedOver { call, .. },
                ) => {
                    ringing.remove(call);
                }
                Event::QueueEntered { call, terms, .. } => {
                    reached.extend(terms.keeps.map(|case| (*call, case)));
                }
                Event::LegsBridged { call, .. } => talked.extend(reached.get(call).copied()),
                _ => {}
            }
        }
        let outcome = PlacedOutcome::Failed;
        let lost = ringing.into_iter();
        let lost = lost.map(|call| Event::Placed(PlacedEvent::Ended { call, outcome }));
        let talked = talked
            .into_iter()
            .filter(|case| self.0.kept(*case).is_some());
        let talked = talked.map(|case| ended(case, CallbackOutcome::Connected));
        lost.chain(talked).collect()
    }

    fn replayed(&self, journal: &[Record]) -> Acd {
        let mut acd = Acd::new(settings(self.1));
        for record in journal {
            acd.apply(record.at, &record.event);
        }
        acd
    }
}

impl House for AcdHouse {
    fn act(&mut self, now: Timestamp, act: &Act) -> Vec<Event> {
        match act {
            Act::CallBack(call) => self.call_back(now, *call),
            Act::Reached(call, case) => self.reached(now, *call, *case),
            Act::Expire => self.expire(now),
            Act::NotReached(call, given_up) => self.not_reached(now, *call, *given_up),
            _ => command(act.clone()).map_or_else(Vec::new, |command| self.handle(now, command)),
        }
    }

    fn note(&mut self, now: Timestamp, fact: Event) -> Vec<Event> {
        self.0.apply(now, &fact);
        vec![fact]
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Event> {
        self.handle(now, Command::Tick)
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.0.deadline()
    }

    fn restart(&mut self, journal: &[Record], now: Timestamp) -> Vec<Event> {
        self.0 = self.replayed(journal);
        let crashed_at = journal.last().map_or(now, |record| record.at);
        let mut facts = vec![
            Event::ServerStarted {
                node: 0,
                version: "sim".to_owned(),
                seed: 0,
            },
            Event::CatalogueLoaded(self.0.settings().catalogue()),
        ];
        facts.extend(self.left_undone(journal));
        for fact in &facts {
            self.0.apply(now, fact);
        }
        facts.extend(self.handle(now, Command::Recover { crashed_at }));
        facts
    }

    fn check(&self, now: Timestamp) -> Result<(), String> {
        self.0.audit(now)
    }

    fn check_replay(&self, journal: &[Record]) -> Result<(), String> {
        let replayed = self.replayed(journal);
        if replayed == self.0 {
            Ok(())
        } else {
            let live = &self.0;
            Err(format!("replay differs:\n{replayed:#?}\nlive:\n{live:#?}"))
        }
    }
}

/// What is asked of the distribution; nothing for what the house does of its own accord.
#[expect(clippy::too_many_lines, reason = "one arm an act")]
fn command(act: Act) -> Option<Command> {
    Some(match act {
        Act::Dial(call, line) => Command::CallArrives {
            call,
            leg: LegId(call.0),
            line,
            trunk: "trunk".to_owned(),
            // A few people, who call again and again.
            caller: Some(Pii::new((call.0 % 5).to_string())),
        },
        Act::Connect(call) => Command::CallerConnected { call },
        Act::Choose(call, service) => Command::ChooseService {
            call,
            service,
            by: ChosenBy::Speech,
        },
        Act::EndDialogue(call, purpose, outcome) => Command::DialogueEnds {
            call,
            purpose,
            outcome,
            notice_played: true,
        },
        Act::Rate(call, score) => Command::Rate { call, score },
        Act::HangUp(call) => Command::CallerGone {
            call,
            cause: EndCause::CallerHungUp,
        },
        Act::CallerBreaks(call) => Command::CallerGone {
            call,
            cause: EndCause::Failure,
        },
        Act::Rings(call, operator) => Command::OperatorRings { call, operator },
        Act::Answer(call, operator) => Command::OperatorAnswers { call, operator },
        Act::Bridge(call, operator) => Command::Bridged { call, operator },
        Act::Fail(call, operator, why) => Command::OfferFails {
            call,
            operator,
            why,
        },
        Act::OperatorHangsUp(call, operator) => gone(call, operator, false),
        Act::OperatorBreaks(call, operator) => gone(call, operator, true),
        Act::Hold(call, held) => Command::Hold { call, held },
        Act::Transfer(call, operator, to) => Command::Transfer { call, operator, to },
        Act::Consult(call, operator, step) => Command::Consult {
            call,
            operator,
            step,
        },
        Act::OutsideAnswers(call) => Command::OutsideAnswers { call },
        Act::OutsideGone(call, why) => Command::OutsideGone { call, why },
        Act::Note(call, operator) => Command::SetDisposition {
            call,
            operator,
            outcome: CallOutcome::Answered,
            need: NeedCode::Information,
            client: None,
        },
        Act::Finish(operator) => Command::FinishWrapUp { operator },
        Act::Extend(operator) => Command::ExtendWrapUp { operator },
        Act::SignIn(operator) => Command::SignIn { operator },
        Act::SignOut(operator) => Command::SignOut { operator },
        Act::Ready(operator) => Command::BecomeReady { operator },
        Act::Pause(operator) => Command::BecomeNotReady {
            operator,
            reason: NotReadyReason::Break,
        },
        Act::PhoneUp(operator) => Command::PhoneUp { operator },
        Act::PhoneDown(operator) => Command::PhoneDown { operator },
        Act::Keep(call) => Command::KeepPlace {
            call,
            case: CaseId(call.0),
        },
        Act::CallBack(_) | Act::Reached(..) | Act::NotReached(..) | Act::Expire => return None,
    })
}

const fn ended(case: CaseId, outcome: CallbackOutcome) -> Event {
    Event::Case(CaseEvent::CallbackEnded { case, outcome })
}

const fn gone(call: CallId, operator: OperatorId, broken: bool) -> Command {
    Command::OperatorGone {
        call,
        operator,
        broken,
    }
}
