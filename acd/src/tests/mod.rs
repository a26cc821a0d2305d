//! Calls as text: a script of what people do goes in, the facts come out.
//!
//! ```text
//! C1 calls 100 (from 5)   C1 wants a person      C1 is content       C1 leaves    C1 breaks
//! C1 is called back 100   C1 asks how long
//! C1 is about support     C1 rates 5             C1 says nothing     C1 hears out
//! op1 is ready            op1 answers C1         op1 takes C1        op1 hangs up C1
//! op1 breaks C1           op1 declines C1        op1 hands C1 to op2 op1 hands C1 to queue support
//! op1 consults op2 on C1  op1 consults queue support on C1   op1 consults number 5 on C1
//! op1 swaps on C1         op1 returns to C1      op1 connects C1     op1 joins C1
//! op1 hands C1 to number 5   outside answers C1  outside misses C1   outside leaves C1
//! op1 notes C1            op1 finishes           op1 pauses          op1 signs out
//! op1 rests smoke         op1 needs more time    boss sets op1 lunch    boss teaches op1 metal 5
//! boss lets support choose ring_all   boss moves C1 to front (to queue support, to op2)
//! boss listens in C1      boss whispers in C1    boss barges in C1   boss leaves the talk
//! C1 leaves the place to K1   K1 is dialled as C9   C9 rings out   C9 answers as K1   K1 is settled
//! op1 phone up            op1 phone down         op1 corrects C1 to licence
//! wait 20                 (seconds, every deadline on the way acts)  crash  (replay, then recover)
//! ```

mod consulting;
mod forecast;
mod keeping;
mod managing;
mod overflow;
mod pauses;
mod scenarios;
mod small_world;
mod strategies;
mod supervising;
mod table;

use std::fmt::Write as _;

use events::{
    CallId, CallOutcome, CallbackOutcome, CaseEvent, CaseId, ChosenBy, ConsultationOutcome,
    Destination, DialogueOutcome, DialoguePurpose, Direction, EndCause, Event, LegId, Millis,
    MissedWhy, NeedCode, NotReadyReason, OperatorId, Pii, PlacedEvent, PlacedOutcome, PlacedWhy,
    SkillLevel, SkippedWhy, Strategy, SupervisionMode, Terms, Timestamp, TransferTarget,
};

use crate::ConsultStep::{self, Start};
use crate::{Acd, Command, LineSettings, Nobody, QueueSettings, Refusal, Settings, Stage};

/// Two lines, two queues, a specialist whom only transfers reach.
pub(crate) fn house() -> Settings {
    let mut settings = Settings::default();
    let consultation = QueueSettings {
        operators: ["op1", "op2", "op3"].map(OperatorId::new).into(),
        ring_timeout: Millis::from_s(20),
        wrap_up: Millis::from_s(30),
        max_wait: Millis::from_s(300),
        capacity: 3,
        ..QueueSettings::default()
    };
    let support = QueueSettings {
        operators: ["op3", "op4"].map(OperatorId::new).into(),
        when_nobody_is_signed_in: Nobody::Leave,
        ..consultation.clone()
    };
    settings.queues.insert("consultation".into(), consultation);
    settings.queues.insert("support".into(), support);
    let services = ["licence", "technopark"];
    let line = LineSettings::new("consultation", services);
    settings.lines.insert("100".into(), line);
    let line = LineSettings {
        rating: false,
        ..LineSettings::new("support", ["support"])
    };
    settings.lines.insert("200".into(), line);
    settings.specialists = vec!["boss".into()];
    settings.supervisors = ["boss", "op3"].map(OperatorId::new).into();
    let versions = &mut settings.script_versions;
    versions.insert("licence".into(), "3".to_owned());
    settings
}

pub(crate) struct Desk {
    pub(crate) acd: Acd,
    pub(crate) now: Timestamp,
    pub(crate) journal: Vec<(Timestamp, Event)>,
    pub(crate) told: String,
}

impl Desk {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut desk = Self {
            acd: Acd::new(settings),
            now: Timestamp::default(),
            journal: Vec::new(),
            told: String::new(),
        };
        let catalogue = Event::CatalogueLoaded(desk.acd.settings().catalogue());
        desk.acd.apply(desk.now, &catalogue);
        desk.journal.push((desk.now, catalogue));
        desk
    }

    /// Plays a script and tells what came of it since the last telling.
    pub(crate) fn play(&mut self, script: &str) -> String {
        for line in script.lines().map(str::trim).filter(|l| !l.is_empty()) {
            self.told.push_str(&format!("{line}\n"));
            self.step(line);
        }
        std::mem::take(&mut self.told)
    }

    fn step(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["wait", seconds] => self.wait(seconds.parse().unwrap()),
            ["crash"] => self.crash(),
            [case, "is", "dialled", "as", call] => self.dials(case, call),
            [call, "rings", "out"] => {
                let call = CallId(call.trim_start_matches('C').parse().unwrap());
                let outcome = PlacedOutcome::NoAnswer;
                self.notes(Event::Placed(PlacedEvent::Ended { call, outcome }));
            }
            [case, "is", "settled"] => {
                let case = CaseId(case.trim_start_matches('K').parse().unwrap());
                let outcome = CallbackOutcome::Connected;
                self.notes(Event::Case(CaseEvent::CallbackEnded { case, outcome }));
            }
            _ => {
                for command in self.commands(&words) {
                    let _ = self.command(command);
                }
            }
        }
    }

    /// The house calls whose turn it is; nobody else.
    fn dials(&mut self, case: &str, call: &str) {
        let case = CaseId(case.trim_start_matches('K').parse().unwrap());
        let call = CallId(call.trim_start_matches('C').parse().unwrap());
        let turn = self.acd.next_turn(self.now, |_| true);
        if turn.map(|kept| kept.case) != Some(case) {
            return self.told.push_str("          нет: ещё не его очередь\n");
        }
        self.notes(Event::Placed(PlacedEvent::Dialled {
            call,
            leg: LegId(call.0),
            trunk: "trunk".to_owned(),
            line: "100".into(),
            service: "licence".into(),
            to: Pii::new("5".to_owned()),
            why: PlacedWhy::Callback,
            notification: None,
            case: Some(case),
        }));
    }

    /// A fact that is nobody's command, and what follows from it.
    fn notes(&mut self, fact: Event) {
        self.acd.apply(self.now, &fact);
        self.tell(vec![fact], None, false);
        self.command(Command::Tick).unwrap();
    }

    fn wait(&mut self, seconds: u64) {
        let end = self.now.plus_ms(seconds * 1_000);
        while let Some(at) = self.acd.deadline().filter(|at| *at <= end) {
            self.now = at;
            self.command(Command::Tick).unwrap();
        }
        self.now = end;
    }

    fn crash(&mut self) {
        let replayed = self.replayed();
        assert_eq!(replayed, self.acd);
        self.acd = replayed;
        let crashed_at = self.now;
        self.now = self.now.plus_ms(60_000);
        self.command(Command::Recover { crashed_at }).unwrap();
    }

    pub(crate) fn replayed(&self) -> Acd {
        let mut acd = Acd::new(self.acd.settings().clone());
        for (at, fact) in &self.journal {
            acd.apply(*at, fact);
        }
        acd
    }

    /// Carries a command out, tells and journals the facts, and checks the machine.
    pub(crate) fn command(&mut self, command: Command) -> Result<(), Refusal> {
        let mut facts = Vec::new();
        let result = self.acd.handle(self.now, command, &mut facts);
        self.tell(facts, result.as_ref().err(), true);
        result
    }

    fn tell(&mut self, facts: Vec<Event>, refusal: Option<&Refusal>, settled: bool) {
        for fact in facts {
            let at = self.now.since(Timestamp::default()).as_s();
            writeln!(self.told, "{at:9.3} {}", say(&fact)).unwrap();
            self.journal.push((self.now, fact));
        }
        if let Some(refusal) = refusal {
            writeln!(self.told, "          нет: {refusal}").unwrap();
        }
        if settled {
            self.acd.audit(self.now).unwrap();
        }
        assert_eq!(self.replayed(), self.acd, "replay differs");
    }

    #[expect(clippy::too_many_lines, reason = "one arm a phrase")]
    pub(crate) fn commands(&self, words: &[&str]) -> Vec<Command> {
        let call = |word: &str| CallId(word.trim_start_matches('C').parse().unwrap());
        let case = |word: &str| CaseId(word.trim_start_matches('K').parse().unwrap());
        let ends = |word: &str, outcome| {
            let purpose = match self.acd.call(call(word)).map(|call| &call.stage) {
                Some(Stage::Rating { .. }) => DialoguePurpose::Rating,
                Some(Stage::Farewell) => self.acd.call(call(word)).unwrap().last_purpose(),
                _ => DialoguePurpose::Assistant,
            };
            Command::DialogueEnds {
                call: call(word),
                purpose,
                outcome,
                notice_played: true,
            }
        };
        let gone = |word: &str, cause| Command::CallerGone {
            call: call(word),
            cause,
        };
        let hands = |word: &str, by: &str, to| Command::Transfer {
            call: call(word),
            operator: by.into(),
            to,
        };
        let consults = |word: &str, by: &str, step| Command::Consult {
            call: call(word),
            operator: by.into(),
            step,
        };
        let outside = |number: &str| TransferTarget::Outside(Pii::new(number.to_owned()));
        let op = |word: &str| OperatorId::new(word);
        let (left, broke) = (EndCause::CallerHungUp, EndCause::Failure);
        let command = match *words {
            [c, "calls", line] | [c, "calls", line, "from", _] => {
                let call = call(c);
                let caller = words.get(4).map(|number| Pii::new((*number).to_owned()));
                return vec![
                    Command::CallArrives {
                        call,
                        leg: LegId(call.0),
                        line: line.into(),
                        trunk: "trunk".to_owned(),
                        caller,
                    },
                    Command::CallerConnected { call },
                ];
            }
            [c, "rings", line] => Command::CallArrives {
                call: call(c),
                leg: LegId(1),
                line: line.into(),
                trunk: "trunk".to_owned(),
                caller: None,
            },
            [c, "is", "called", "back", line] => Command::CallPlaced {
                call: call(c),
                leg: LegId(1),
                line: line.into(),
                service: "licence".into(),
                trunk: "trunk".to_owned(),
                case: None,
            },
            [c, "answers", "as", k] => Command::CallPlaced {
                call: call(c),
                leg: LegId(1),
                line: "100".into(),
                service: "licence".into(),
                trunk: "trunk".to_owned(),
                case: Some(case(k)),
            },
            [c, "leaves", "the", "place", "to", k] => Command::KeepPlace {
                call: call(c),
                case: case(k),
            },
            [c, "asks", "how", "long"] => Command::TellWait { call: call(c) },
            [c, "connects"] => Command::CallerConnected { call: call(c) },
            [c, "wants", "a", "person"] => ends(c, DialogueOutcome::PersonAsked),
            [c, "is", "content"] => ends(c, DialogueOutcome::Contained),
            [c, "hears", "out"] => ends(c, DialogueOutcome::Finished),
            [c, "leaves"] => gone(c, left),
            [c, "breaks"] => gone(c, broke),
            [c, "is", "about", service] => Command::ChooseService {
                call: call(c),
                service: service.into(),
                by: ChosenBy::Speech,
            },
            [o, "corrects", c, "to", service] if !o.is_empty() => Command::ChooseService {
                call: call(c),
                service: service.into(),
                by: ChosenBy::Operator,
            },
            [c, "rates", score] => Command::Rate {
                call: call(c),
                score: score.parse().unwrap(),
            },
            [c, "says", "nothing"] => Command::SkipRating {
                call: call(c),
                why: SkippedWhy::Silence,
            },
            [o, "is", "ready"] => {
                return vec![
                    Command::PhoneUp { operator: op(o) },
                    Command::SignIn { operator: op(o) },
                    Command::BecomeReady { operator: op(o) },
                ];
            }
            [o, "signs", "in"] => Command::SignIn { operator: op(o) },
            [o, "signs", "out"] => Command::SignOut { operator: op(o) },
            [o, "wants", "calls"] => Command::BecomeReady { operator: op(o) },
            [o, "pauses"] => Command::BecomeNotReady {
                operator: op(o),
                reason: NotReadyReason::Lunch,
            },
            [o, "phone", "up"] => Command::PhoneUp { operator: op(o) },
            [o, "phone", "down"] => Command::PhoneDown { operator: op(o) },
            [o, "rings", "with", c] => Command::OperatorRings {
                call: call(c),
                operator: op(o),
            },
            ["outside", "answers", c] => Command::OutsideAnswers { call: call(c) },
            [o, "answers", c] => Command::OperatorAnswers {
                call: call(c),
                operator: op(o),
            },
            [o, "hears", c] => Command::Bridged {
                call: call(c),
                operator: op(o),
            },
            [o, "takes", c] => {
                let (call, operator) = (call(c), op(o));
                return vec![
                    Command::OperatorAnswers {
                        call,
                        operator: operator.clone(),
                    },
                    Command::Bridged { call, operator },
                ];
            }
            [o, verb @ ("declines" | "busy" | "unreachable"), c] => Command::OfferFails {
                call: call(c),
                operator: op(o),
                why: match verb {
                    "declines" => MissedWhy::Declined,
                    "busy" => MissedWhy::Busy,
                    _ => MissedWhy::Unreachable,
                },
            },
            [o, "hangs", "up", c] => Command::OperatorGone {
                call: call(c),
                operator: op(o),
                broken: false,
            },
            [o, "breaks", c] => Command::OperatorGone {
                call: call(c),
                operator: op(o),
                broken: true,
            },
            [c, "hold", on] => Command::Hold {
                call: call(c),
                held: on == "on",
            },
            [o, "hands", c, "to", "queue", queue] => {
                hands(c, o, TransferTarget::Queue(queue.into()))
            }
            [o, "hands", c, "to", target] => hands(c, o, TransferTarget::Operator(target.into())),
            [o, "hands", c, "to", "number", number] => hands(c, o, outside(number)),
            [o, "consults", "queue", queue, "on", c] => {
                consults(c, o, Start(TransferTarget::Queue(queue.into())))
            }
            [o, "consults", "number", number, "on", c] => consults(c, o, Start(outside(number))),
            [o, "consults", target, "on", c] => {
                consults(c, o, Start(TransferTarget::Operator(target.into())))
            }
            [o, "swaps", "on", c] => consults(c, o, ConsultStep::Swap),
            [o, "returns", "to", c] => consults(c, o, ConsultStep::Return),
            [o, "connects", c] => consults(c, o, ConsultStep::Complete),
            [o, "joins", c] => consults(c, o, ConsultStep::Conference),
            ["outside", "misses", c] => Command::OutsideGone {
                call: call(c),
                why: ConsultationOutcome::Busy,
            },
            ["outside", "leaves", c] => Command::OutsideGone {
                call: call(c),
                why: ConsultationOutcome::Left,
            },
            [o, "ticks", c] => Command::TickStep {
                call: call(c),
                operator: op(o),
                script: "licence".into(),
                step: "greeting".to_owned(),
                done: true,
            },
            [o, "notes", c] => Command::SetDisposition {
                call: call(c),
                operator: op(o),
                outcome: CallOutcome::Answered,
                need: NeedCode::Consultation,
                client: None,
            },
            [o, "rests", reason] => Command::BecomeNotReady {
                operator: op(o),
                reason: NotReadyReason::parse(reason).unwrap(),
            },
            [s, mode @ ("listens" | "whispers" | "barges"), "in", c] => Command::Supervise {
                call: call(c),
                supervisor: op(s),
                mode: match mode {
                    "listens" => SupervisionMode::Listen,
                    "whispers" => SupervisionMode::Whisper,
                    _ => SupervisionMode::Barge,
                },
            },
            [s, verb @ ("leaves" | "drops"), "the", "talk"] => Command::EndSupervision {
                supervisor: op(s),
                broken: verb == "drops",
            },
            [o, "needs", "more", "time"] => Command::ExtendWrapUp { operator: op(o) },
            [by, "sets", o, what] => Command::Direct {
                by: op(by),
                operator: op(o),
                to: match what {
                    "ready" => Direction::Ready,
                    "out" => Direction::SignedOut,
                    reason => Direction::NotReady(NotReadyReason::parse(reason).unwrap()),
                },
            },
            [by, "teaches", o, skill, level] => Command::ChangeSkills {
                by: op(by),
                operator: op(o),
                skills: vec![SkillLevel {
                    skill: skill.into(),
                    level: level.parse().unwrap(),
                }],
            },
            [by, "lets", queue, "choose", strategy] => Command::ChangeStrategy {
                by: op(by),
                queue: queue.into(),
                strategy: *Strategy::ALL
                    .iter()
                    .find(|s| s.as_str() == strategy)
                    .unwrap(),
            },
            [by, "moves", c, "to", "front"] => moves(by, c, Destination::Front),
            [by, "moves", c, "to", "queue", queue] => {
                moves(by, c, Destination::Queue(queue.into()))
            }
            [by, "moves", c, "to", target] => moves(by, c, Destination::Operator(target.into())),
            [o, "finishes"] => Command::FinishWrapUp { operator: op(o) },
            _ => panic!("no such phrase: {words:?}"),
        };
        vec![command]
    }
}

fn moves(by: &str, call: &str, to: Destination) -> Command {
    Command::MoveCall {
        by: by.into(),
        call: CallId(call.trim_start_matches('C').parse().unwrap()),
        to,
    }
}

/// A fact in a line: its name and its values, without the names of fields; plain terms unsaid.
pub(crate) fn say(fact: &Event) -> String {
    let plain = format!(", terms: {:?}", Terms::default());
    let debug = format!("{fact:?}").replace(&plain, "");
    let debug = debug
        .replace(", until: None", "")
        .replace(", extensions: 0", "");
    let debug = debug.replace(", keeps: None", "");
    let debug = debug.replace(['{', '}', ','], "");
    let is_name = |w: &&str| w.ends_with(':') && w.is_ascii();
    let words = debug.split_whitespace().filter(|w| !is_name(w));
    let words = words.map(|word| {
        let us = word
            .trim_start_matches("Some(")
            .trim_end_matches(')')
            .strip_suffix("us")
            .and_then(|us| us.parse::<i64>().ok());
        us.map_or_else(
            || word.replace('"', ""),
            |us| format!("до {}", Timestamp(us).since(Timestamp(0)).as_s()),
        )
    });
    words.collect::<Vec<_>>().join(" ")
}
