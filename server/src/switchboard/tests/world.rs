//! A line in a test: a real gateway, distribution and scripts; callers and operators who speak SIP
//! as text; a ladder of what they did, what became a fact and what the house did in return.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use acd::{Acd, Command};
use bytes::Bytes;
use cases::notify::TryResult;
use cases::status::StatusAnswer;
use cases::{Cases, Ledger};
use events::{
    CallId, Chain, Event, LegId, LegReport, Millis, NotificationId, OperatorId, Pii, PlacedEvent,
    Record, TaskReply, Timestamp,
};
use ivr::io::scripts::read_sources;
use ivr::script::{Date, Setting, SourceFile};
use ivr::{Manner, Phrase, ScriptSet, SpeechEvent};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng as _;
use sip_gateway::boundary::{
    self as sip, BrowserCommand, Flow, Hearing, MediaCommand, MediaEvent, PlayId, TextEvent,
    Transport,
};
use sip_gateway::gateway::Gateway;
use sip_gateway::message::Message;

use super::words;
use crate::config::{self, Config};
use crate::house;
use crate::switchboard::{
    DeskAction, DeskTask, Dictated, DictationId, Effect, Input, ListenId, NewScripts, Opening,
    Outreach, Switchboard, TicketId, Turn,
};

/// Where the house listens.
const HOUSE: &str = "203.0.113.1:5060";
const START: Timestamp = Timestamp(1_795_312_800_000_000);

/// Who may call, what can be dialled, who answers.
pub(super) const SETTINGS: &str = r#"
[server]
[sip]
udp = "203.0.113.1:5060"
tcp = "203.0.113.1:5060"
max_calls = 3
[organisation]
name = "Министерство"
[[trunk]]
name = "carrier"
addresses = ["192.0.2.0/24"]
[[line]]
number = "100"
title = "Консультация"
script = "consultation"
queue = "consultation"
services = ["technopark_status", "scrap_licence", "support_measures", "appointment"]
recording = true
[[line]]
number = "200"
title = "Поддержка"
script = "support"
queue = "support"
services = ["technical_support"]
rating = false
[[queue]]
id = "consultation"
title = "Консультация"
max_wait_s = 40
[[queue]]
id = "support"
title = "Поддержка"
when_nobody = "leave"
[[operator]]
login = "anna"
full_name = "Иванова Анна"
position = "специалист"
password_hash = "x"
phone_contact = "sip:anna@198.51.100.1:5060"
queues = ["consultation"]
[[operator]]
login = "boris"
full_name = "Петров Борис"
position = "специалист"
password_hash = "x"
phone_contact = "sip:boris@198.51.100.2:5060"
queues = ["consultation"]
[[operator]]
login = "vera"
full_name = "Ким Вера"
position = "специалист"
password_hash = "x"
phone_contact = "sip:vera@198.51.100.3:5060"
queues = ["support"]
"#;

/// Somebody with a phone.
struct Phone {
    at: SocketAddr,
    number: String,
    dials: String,
    call_id: String,
    cseq: u32,
    invite: u32,
    /// The house's tag and contact, once it has answered.
    house: Option<(String, String)>,
    /// The newest INVITE of the house.
    rung: Option<Message>,
    leg: Option<LegId>,
}

pub(super) struct World {
    pub(super) switchboard: Switchboard,
    pub(super) now: Timestamp,
    config: Config,
    scripts: ScriptSet,
    ladder: String,
    journal: Vec<Record>,
    chain: Chain,
    phones: BTreeMap<&'static str, Phone>,
    plays: BTreeMap<LegId, PlayId>,
    listens: BTreeMap<LegId, ListenId>,
    /// What each leg was told last, and the list it is listened to with.
    words: BTreeMap<LegId, String>,
    lists: BTreeMap<LegId, String>,
    media: BTreeSet<LegId>,
    /// The leg whose INVITE comes next.
    newest_leg: Option<LegId>,
    /// Effects that wait for a disk that refuses.
    waiting: Option<VecDeque<Effect>>,
    /// What the media plane says next.
    told: VecDeque<MediaEvent>,
    /// Phones' answers to BYE and CANCEL, given without a line in the ladder.
    polite: VecDeque<(Flow, Bytes)>,
    no_ports: bool,
    desk_requests: u64,
    outreach: Option<MakeOutreach>,
    /// The rules of visits, complaints and callbacks.
    rules: cases::Settings,
    /// Questions to the registers that wait.
    tickets: VecDeque<TicketId>,
    task_replies: BTreeMap<u64, TaskReply>,
    dictations: BTreeMap<LegId, DictationId>,
}

/// What a house tells people, without a past.
pub(super) type MakeOutreach = fn(&ScriptSet) -> Outreach;

impl World {
    pub(super) fn new() -> Self {
        Self::with(SETTINGS)
    }

    pub(super) fn with(settings: &str) -> Self {
        Self::telling(settings, None)
    }

    /// A house that tells people things of its own accord.
    pub(super) fn telling(settings: &str, outreach: Option<MakeOutreach>) -> Self {
        let rules = cases::Settings {
            responsible: vec![cases::Responsible {
                name: "Соколова".into(),
                email: Some("sokolova@example.org".into()),
                services: Vec::new(),
            }],
            complaint_days: 30,
            ..cases::Settings::default()
        };
        Self::open(settings, None, outreach, rules)
    }

    /// A house with the shipped calendars.
    pub(super) fn by_the_calendar(settings: &str) -> Self {
        let config = config::parse("test", settings, std::iter::empty()).unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/calendars");
        let calendars = cases::io::calendars::load(&folder).unwrap();
        let rules = house::cases(&config, &calendars).unwrap();
        Self::open(settings, None, None, rules)
    }

    /// A house with a script more, and the shipped reception for so many visitors at once.
    pub(super) fn receiving(settings: &str, script: (&str, &str), capacity: u16) -> Self {
        let config = config::parse("test", settings, std::iter::empty()).unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/calendars");
        let calendars = cases::io::calendars::load(&folder).unwrap();
        let mut rules = house::cases(&config, &calendars).unwrap();
        for reception in rules.receptions.values_mut() {
            reception.capacity = capacity;
        }
        Self::open(settings, Some(script), None, rules)
    }

    fn open(
        settings: &str,
        script: Option<(&str, &str)>,
        outreach: Option<MakeOutreach>,
        rules: cases::Settings,
    ) -> Self {
        let config = config::parse("test", settings, std::iter::empty()).unwrap();
        let setting = Setting {
            organisation: config.organisation.name.clone(),
            today: Date::at(START, config.organisation.utc_offset_min),
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
        let mut files = read_sources(&folder).unwrap();
        files.extend(script.map(|(path, text)| SourceFile {
            path: path.into(),
            text: text.into(),
        }));
        let (scripts, findings) = ivr::script::build(&files, &setting);
        let scripts = scripts.unwrap_or_else(|| panic!("{findings:#?}"));
        let switchboard = build((&config, &rules), &scripts, &[], outreach);
        let mut world = Self {
            switchboard,
            now: START,
            config,
            scripts,
            ladder: String::new(),
            journal: Vec::new(),
            chain: Chain::default(),
            phones: BTreeMap::new(),
            plays: BTreeMap::new(),
            listens: BTreeMap::new(),
            words: BTreeMap::new(),
            lists: BTreeMap::new(),
            media: BTreeSet::new(),
            newest_leg: None,
            waiting: None,
            told: VecDeque::new(),
            polite: VecDeque::new(),
            no_ports: false,
            desk_requests: 0,
            outreach,
            rules,
            tickets: VecDeque::new(),
            task_replies: BTreeMap::new(),
            dictations: BTreeMap::new(),
        };
        for (name, at) in [("anna", 1), ("boris", 2), ("vera", 3)] {
            world.phone(name, &format!("198.51.100.{at}:5060"), name);
        }
        world.opens(None);
        world.ladder.clear();
        world
    }

    fn opens(&mut self, crashed_at: Option<Timestamp>) {
        let mut turn = Turn::default();
        let started = Event::ServerStarted {
            node: 0,
            version: "test".into(),
            seed: 7,
        };
        let catalogue = self.switchboard.acd().settings().catalogue();
        let opening = Opening {
            started,
            catalogue,
            crashed_at,
        };
        self.switchboard.open(self.now, opening, &mut turn);
        self.carry_out(turn);
    }

    /// The scripts are read anew: in one file something stands instead of what stood there.
    pub(super) fn reloads(&mut self, path: &str, edits: &[(&str, &str)]) {
        self.line("the scripts are reloaded");
        let setting = Setting {
            organisation: self.config.organisation.name.clone(),
            today: Date::at(START, self.config.organisation.utc_offset_min),
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
        let mut files = read_sources(&folder).unwrap();
        let file = files.iter_mut().find(|file| file.path == path).unwrap();
        for (from, to) in edits {
            assert!(file.text.contains(from), "{path} has no {from}");
            file.text = file.text.replacen(from, to, 1);
        }
        let (scripts, findings) = ivr::script::build(&files, &setting);
        self.scripts = scripts.unwrap_or_else(|| panic!("{findings:#?}"));
        let setup = house::switchboard(&self.config, &self.scripts).unwrap();
        let outreach = self.outreach.map(|make| make(&self.scripts));
        let new = NewScripts::new(&self.scripts, setup, outreach.unwrap_or_default());
        self.give(Input::ScriptsReloaded(Box::new(new)));
    }

    /// The words that somebody was told last, and the list they are listened to with.
    pub(super) fn words_and_list(&self, name: &'static str) -> (&str, &str) {
        let leg = self.leg_of(name);
        (&self.words[&leg], &self.lists[&leg])
    }

    /// The process dies, and another one begins on the journal.
    pub(super) fn restart(&mut self) {
        self.line("the server restarts");
        self.media.clear();
        self.told.clear();
        self.plays.clear();
        self.listens.clear();
        self.now = self.now.plus_ms(5_000);
        self.switchboard = build(
            (&self.config, &self.rules),
            &self.scripts,
            &self.journal,
            self.outreach,
        );
        self.opens(self.journal.last().map(|record| record.at));
    }

    // ── people ────────────────────────────────────────────────────────────────────────────────

    fn phone(&mut self, name: &'static str, at: &str, number: &str) {
        let phone = Phone {
            at: at.parse().unwrap(),
            number: number.into(),
            dials: String::new(),
            call_id: format!("call-of-{name}"),
            cseq: 0,
            invite: 0,
            house: None,
            rung: None,
            leg: None,
        };
        self.phones.insert(name, phone);
    }

    /// Somebody outside with a phone of their own.
    pub(super) fn caller(&mut self, name: &'static str) {
        let at = format!("192.0.2.{}:5060", 10 + self.phones.len());
        self.phone(name, &at, "79990000001");
    }

    /// An operator of a settings file of one's own, at the next address.
    pub(super) fn colleague(&mut self, name: &'static str) {
        self.phone(name, "198.51.100.4:5060", name);
    }

    /// Somebody whom the trunk reaches.
    pub(super) fn callee(&mut self, name: &'static str) {
        self.phone(name, "192.0.2.99:5060", "79991234567");
    }

    /// The mail server or the provider answers.
    pub(super) fn told(&mut self, notification: u64, attempt: u8, result: TryResult) {
        self.line(&format!("N{notification}: {result:?}"));
        self.give(Input::Told {
            notification: NotificationId(notification),
            attempt,
            result,
        });
    }

    /// A desk asks something that is not the distribution's.
    pub(super) fn desk_asks(&mut self, what: &str, action: DeskAction) {
        self.line(&format!("the desk: {what}"));
        self.desk_requests += 1;
        self.give(Input::Desk(self.desk_requests, action));
    }

    /// A fact of somebody else's rules.
    pub(super) fn happens(&mut self, fact: Event) {
        let mut turn = Turn::default();
        self.switchboard.note(self.now, fact, &mut turn);
        self.carry_out(turn);
        self.give(Input::Tick);
    }

    pub(super) fn invites(&mut self, name: &'static str, number: &str) {
        let phone = self.phones.get_mut(name).unwrap();
        phone.dials = number.into();
        phone.invite = phone.cseq + 1;
        self.request(name, "INVITE");
        let newest = self.newest_leg.take();
        self.phones.get_mut(name).unwrap().leg = newest;
    }

    /// The same INVITE once more: the answer did not come in time.
    pub(super) fn repeats_the_invite(&mut self, name: &'static str) {
        let text = self.phones[name].text("INVITE");
        self.says(name, "INVITE again", &text);
    }

    pub(super) fn acks(&mut self, name: &'static str) {
        self.request(name, "ACK");
    }

    pub(super) fn hangs_up(&mut self, name: &'static str) {
        self.request(name, "BYE");
    }

    /// A new caller, through the door.
    pub(super) fn arrives(&mut self, name: &'static str, number: &str) {
        self.caller(name);
        self.invites(name, number);
        self.acks(name);
    }

    /// A new caller who asks for a person at once: now waits.
    pub(super) fn asks_for_a_person(&mut self, name: &'static str, number: &str) {
        self.arrives(name, number);
        self.presses(name, '0');
        self.hears_to_the_end(name);
    }

    fn request(&mut self, name: &'static str, method: &str) {
        let phone = self.phones.get_mut(name).unwrap();
        if method != "ACK" {
            phone.cseq += 1;
        }
        let text = phone.text(method);
        self.says(name, method, &text);
    }

    /// An operator's phone answers the house's INVITE.
    pub(super) fn replies(&mut self, name: &'static str, status: u16) {
        let phone = &self.phones[name];
        let invite = phone.rung.as_ref().expect("nobody rings this phone");
        let mut response = Message::response(invite, status, "", Some(&phone.number));
        response.push("Contact", format!("<sip:{name}@{}>", phone.at));
        if status == 200 {
            response = response.with_body("application/sdp", sdp(phone.at));
        }
        let text = String::from_utf8(response.to_bytes().to_vec()).unwrap();
        self.says(name, &status.to_string(), &text);
    }

    /// Rings and answers.
    pub(super) fn answers(&mut self, name: &'static str) {
        self.replies(name, 180);
        self.replies(name, 200);
    }

    fn says(&mut self, name: &'static str, what: &str, text: &str) {
        self.line(&format!("{name} → {what}"));
        let flow = Flow {
            transport: Transport::Udp,
            connection: 0,
            local: HOUSE.parse().unwrap(),
            peer: self.phones[name].at,
        };
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        self.give(Input::Sip(sip::Input::Received { flow, bytes }));
    }

    pub(super) fn presses(&mut self, name: &'static str, digit: char) {
        self.line(&format!("{name} presses {digit}"));
        let leg = self.leg_of(name);
        self.give(Input::Media(MediaEvent::Digit { leg, digit }));
    }

    /// Whether a caller hears something that comes to an end and is no music.
    pub(super) fn says_something_to(&self, name: &'static str) -> bool {
        self.plays.contains_key(&self.leg_of(name))
    }

    /// What is being said to a caller is said.
    pub(super) fn hears_to_the_end(&mut self, name: &'static str) {
        let leg = self.leg_of(name);
        let Some(play) = self.plays.remove(&leg) else {
            return;
        };
        self.line(&format!("{name} heard it to the end"));
        self.give(Input::Media(MediaEvent::PromptEnded { leg, play }));
    }

    pub(super) fn listening(&self, name: &'static str) -> Option<ListenId> {
        self.listens.get(&self.leg_of(name)).copied()
    }

    /// The recogniser has a result for a listening.
    pub(super) fn recognised(&mut self, name: &'static str, listen: ListenId, text: &str) {
        self.line(&format!("{name} says «{text}»"));
        let event = SpeechEvent::Final {
            text: Pii::new(text.into()),
            confidence_permille: 950,
            latency_ms: Millis(200),
        };
        self.give(Input::Speech(self.leg_of(name), listen, event));
    }

    /// The recogniser of the listening that is on now has something to say.
    pub(super) fn recogniser_says(&mut self, name: &'static str, event: SpeechEvent) {
        let listen = self.listening(name).expect("nobody listens");
        self.give(Input::Speech(self.leg_of(name), listen, event));
    }

    pub(super) fn speaks(&mut self, name: &'static str, text: &str) {
        let listen = self.listening(name).expect("nobody listens");
        self.recognised(name, listen, text);
    }

    /// A line of real-time text.
    pub(super) fn types(&mut self, name: &'static str, line: &str) {
        let leg = self.leg_of(name);
        let line = Pii::new(line.to_owned());
        self.give(Input::Text(TextEvent::Line { leg, line }));
    }

    pub(super) fn leg_of(&self, name: &'static str) -> LegId {
        self.phones[name].leg.expect("no leg")
    }

    /// Signs in and is ready.
    pub(super) fn on_duty(&mut self, name: &'static str) {
        let operator = OperatorId::new(name);
        self.desk(
            name,
            Command::SignIn {
                operator: operator.clone(),
            },
        );
        self.desk(name, Command::BecomeReady { operator });
    }

    pub(super) fn desk(&mut self, name: &'static str, command: Command) {
        self.line(&format!("{name}'s desk: {}", words::command(&command)));
        self.desk_requests += 1;
        self.give(Input::Desk(self.desk_requests, DeskAction::Acd(command)));
    }

    pub(super) fn desk_hangs_up(&mut self, name: &'static str, call: u64) {
        self.line(&format!("{name}'s desk: hang up"));
        self.desk_requests += 1;
        let action = DeskAction::HangUp {
            call: CallId(call),
            operator: OperatorId::new(name),
        };
        self.give(Input::Desk(self.desk_requests, action));
    }

    /// A desk's task, and what came of it.
    pub(super) fn desk_task(&mut self, task: DeskTask) -> TaskReply {
        self.line(&format!("a desk: {}", task.request.task.as_str()));
        self.desk_requests += 1;
        self.give(Input::DeskTask(self.desk_requests, task));
        let reply = self.task_replies.remove(&self.desk_requests);
        reply.expect("a task without an answer")
    }

    /// The registers answer the oldest question.
    pub(super) fn register_says(&mut self, answer: StatusAnswer) {
        let ticket = self
            .tickets
            .pop_front()
            .expect("nobody asked the registers");
        self.line(&format!("the registers: {answer:?}"));
        self.give(Input::Status(ticket, answer));
    }

    /// What is being recorded of a caller's own voice.
    pub(super) fn dictation(&self, name: &'static str) -> Option<(LegId, DictationId)> {
        let leg = self.leg_of(name);
        Some((leg, *self.dictations.get(&leg)?))
    }

    pub(super) fn dictated(&mut self, leg: LegId, dictated: Dictated) {
        self.line(&format!("{} has spoken", self.owner(leg)));
        self.give(Input::Dictated(leg, dictated));
    }

    // ── the world ─────────────────────────────────────────────────────────────────────────────

    /// No RTP port can be opened from now on.
    pub(super) fn ports_run_out(&mut self) {
        self.no_ports = true;
    }

    pub(super) fn disk_refuses(&mut self, refuses: bool) {
        self.line(if refuses {
            "the disk refuses"
        } else {
            "the disk works again"
        });
        if refuses {
            self.waiting = Some(VecDeque::new());
        }
        self.give(Input::JournalStalled(refuses));
        if !refuses {
            for effect in self.waiting.take().into_iter().flatten() {
                self.run(effect);
            }
        }
    }

    pub(super) fn ends_every_call(&mut self) {
        self.line("the house ends every call");
        self.give(Input::HangUpAll);
    }

    pub(super) fn passes_s(&mut self, s: u64) {
        self.line(&format!("{s} s pass"));
        self.passes_ms(s * 1_000);
    }

    fn passes_ms(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        while let Some(due) = self.switchboard.deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.give(Input::Tick);
            assert!(
                self.switchboard.deadline() != Some(due),
                "a deadline that is never met"
            );
        }
        self.now = until;
    }

    pub(super) fn give(&mut self, input: Input) {
        let mut turn = Turn::default();
        self.switchboard.handle(self.now, input, &mut turn);
        self.carry_out(turn);
        while let Some(event) = self.told.pop_front() {
            self.give(Input::Media(event));
        }
        while let Some((flow, bytes)) = self.polite.pop_front() {
            self.give(Input::Sip(sip::Input::Received { flow, bytes }));
        }
    }

    fn carry_out(&mut self, turn: Turn) {
        for (flow, bytes) in turn.chatter {
            self.send(flow, &bytes, "~ ");
        }
        for fact in turn.facts {
            if let Some(text) = words::fact(&fact) {
                self.line(&format!("  * {text}"));
            }
            let mut line = String::new();
            self.journal
                .push(self.chain.append(self.now, fact, &mut line));
        }
        for effect in turn.effects {
            match &mut self.waiting {
                Some(waiting) => waiting.push_back(effect),
                None => self.run(effect),
            }
        }
        self.check_books();
    }

    fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Send(flow, bytes) => self.send(flow, &bytes, ""),
            Effect::Text(command) => self.line(&format!("  text: {command:?}")),
            Effect::Browser(command) => self.page(&command),
            Effect::Play {
                leg,
                play,
                phrases,
                manner,
                repeat,
            } => self.plays(leg, play, (&phrases, manner, repeat)),
            Effect::Listen {
                leg,
                listen,
                grammar,
            } => {
                self.listens.insert(leg, listen);
                let owner = self.owner(leg);
                let (list, _) = grammar.rsplit_once('@').unwrap();
                self.line(&format!("  listen to {owner} for {list}"));
                self.lists.insert(leg, grammar);
            }
            Effect::Overhear { leg, listen, list } => self.overhears(leg, listen, &list),
            Effect::StopListening(leg) => {
                self.listens.remove(&leg);
                self.line(&format!("  stop listening to {}", self.owner(leg)));
            }
            Effect::Record { caller, file } => {
                self.line(&format!("  record {} to {file}", self.owner(caller)));
            }
            Effect::Tell {
                notification,
                attempt,
                outgoing,
                ..
            } => {
                let (to, words) = (outgoing.to.expose(), outgoing.text.body.trim());
                let words = words.lines().next().unwrap_or_default();
                self.line(&format!(
                    "  {notification} goes out to {to}, {attempt}: {words}"
                ));
            }
            Effect::Dictate {
                leg,
                dictation,
                listen,
                grammar,
                file,
            } => {
                assert!(grammar.contains(".dictation@"), "{grammar}");
                self.dictations.insert(leg, dictation);
                self.listens.insert(leg, listen);
                self.line(&format!("  record {} alone to {file}", self.owner(leg)));
            }
            Effect::StopDictating(leg) => {
                self.line(&format!("  stop recording {} alone", self.owner(leg)));
            }
            Effect::TaskReply(request, reply) => {
                self.task_replies.insert(request, reply);
            }
            Effect::AskRegisters { ticket, number } => {
                self.tickets.push_back(ticket);
                self.line(&format!("  ask the registers for {number}"));
            }
            Effect::Reply(_, Ok(())) => {}
            Effect::Reply(_, Err(why)) => self.line(&format!("  the desk is told: {why}")),
            Effect::Media(command) => self.media(&command),
        }
    }

    fn overhears(&mut self, leg: LegId, listen: ListenId, list: &str) {
        assert!(list.starts_with("talk@"), "{list}");
        self.listens.insert(leg, listen);
        self.line(&format!("  overhear {}", self.owner(leg)));
    }

    fn page(&mut self, command: &BrowserCommand) {
        let text = match command {
            BrowserCommand::Join { session, .. } => format!("{} is joined", session.0),
            BrowserCommand::Part { session } => format!("{} is parted", session.0),
            BrowserCommand::Call { session, news } => format!("{} is told {news:?}", session.0),
        };
        self.line(&format!("  page {text}"));
    }

    fn plays(
        &mut self,
        leg: LegId,
        play: PlayId,
        (phrases, manner, repeat): (&[Phrase], Manner, bool),
    ) {
        self.plays.insert(leg, play);
        if repeat {
            self.plays.remove(&leg);
        }
        let texts: Vec<&str> = phrases.iter().map(|p| p.text.as_str()).collect();
        self.words.insert(leg, texts.join(" "));
        let names: Vec<&str> = phrases.iter().map(|p| p.name.as_str()).collect();
        let again = if repeat { " for ever" } else { "" };
        let slowly = if manner.slow { " slowly" } else { "" };
        let loudly = if manner.loud { " loudly" } else { "" };
        self.line(&format!(
            "  {} hears {}{again}{slowly}{loudly}",
            self.owner(leg),
            names.join(" + ")
        ));
    }

    fn media(&mut self, command: &MediaCommand) {
        match command {
            MediaCommand::Open { leg, .. } if self.no_ports => {
                self.newest_leg = Some(*leg);
                let error = "no port".into();
                self.told
                    .push_back(MediaEvent::OpenFailed { leg: *leg, error });
            }
            MediaCommand::Open { leg, .. } => {
                self.media.insert(*leg);
                self.newest_leg = Some(*leg);
            }
            MediaCommand::Close { leg } => {
                self.media.remove(leg);
                self.plays.remove(leg);
                let report = LegReport::default();
                self.told
                    .push_back(MediaEvent::Closed { leg: *leg, report });
            }
            MediaCommand::Negotiated { .. }
            | MediaCommand::Play { .. }
            | MediaCommand::PlayLive { .. }
            | MediaCommand::PlayMore { .. }
            | MediaCommand::Tap { .. }
            | MediaCommand::Untap { .. }
            | MediaCommand::Record { .. } => {}
            MediaCommand::StopPlaying { leg } => {
                self.plays.remove(leg);
                self.line(&format!("  {} hears nothing", self.owner(*leg)));
            }
            MediaCommand::PausePlaying { leg } => {
                self.line(&format!("  {} hears a pause", self.owner(*leg)));
            }
            MediaCommand::ResumePlaying { leg } => {
                self.line(&format!("  {} hears on", self.owner(*leg)));
            }
            MediaCommand::Bridge { caller, operator } => {
                self.plays.remove(caller);
                let (caller, operator) = (self.owner(*caller), self.owner(*operator));
                self.line(&format!("  join {caller} and {operator}"));
            }
            MediaCommand::Mix { legs } => {
                let hears = |one: &Hearing| {
                    let heard: Vec<&str> = one.hears.iter().map(|leg| self.owner(*leg)).collect();
                    format!("{} hears {}", self.owner(one.leg), heard.join(" + "))
                };
                let room: Vec<String> = legs.iter().map(hears).collect();
                self.line(&format!("  room: {}", room.join(", ")));
            }
            MediaCommand::Unbridge { leg } => {
                self.line(&format!("  part {}", self.owner(*leg)));
            }
            MediaCommand::StopRecording { caller } => {
                self.line(&format!("  stop recording {}", self.owner(*caller)));
            }
        }
    }

    fn send(&mut self, flow: Flow, bytes: &[u8], mark: &str) {
        let message = Message::parse(bytes).unwrap();
        let found = self
            .phones
            .iter_mut()
            .find(|(_, phone)| phone.at == flow.peer);
        let (name, phone) = found.expect("a message to nobody");
        let name = *name;
        let text = if message.is_request() {
            if message.method().as_str() == "INVITE" {
                phone.rung = Some(message.clone());
                // A repeated INVITE is no new leg.
                phone.leg = self.newest_leg.take().or(phone.leg);
            }
            if matches!(message.method().as_str(), "BYE" | "CANCEL") {
                let ok = Message::response(&message, 200, "", Some(name));
                self.polite.push_back((flow, ok.to_bytes()));
            }
            message.method().as_str().to_owned()
        } else {
            if message.call_id() == phone.call_id
                && let (Some(tag), Some(contact)) = (message.to().tag(), message.contacts().first())
            {
                phone.house = Some((tag.to_owned(), contact.uri.to_string()));
            }
            let retry = message.header("Retry-After");
            let retry = retry.map_or_else(String::new, |s| format!(" Retry-After {s}"));
            format!(
                "{} ({}){retry}",
                message.status().unwrap_or_default(),
                message.method().as_str()
            )
        };
        if text != "100 (INVITE)" {
            self.line(&format!("  {mark}{name} ← {text}"));
        }
    }

    fn owner(&self, leg: LegId) -> &'static str {
        let found = self.phones.iter().find(|(_, phone)| phone.leg == Some(leg));
        found.map_or("somebody", |(name, _)| name)
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.ladder, "{text}");
    }

    // ── looking ───────────────────────────────────────────────────────────────────────────────

    /// What has happened since the last look.
    pub(super) fn ladder(&mut self) -> String {
        std::mem::take(&mut self.ladder)
    }

    pub(super) fn journal(&self) -> &[Record] {
        &self.journal
    }

    /// The facts of the journal as words.
    pub(super) fn facts(&self) -> Vec<String> {
        self.journal
            .iter()
            .filter_map(|record| words::fact(&record.event))
            .collect()
    }

    /// What happened until here is not looked at.
    pub(super) fn quiet(&mut self) {
        self.ladder.clear();
    }

    /// The journal alone gives the distribution that is running, and its books balance.
    fn check_books(&self) {
        let mut again = Acd::new(self.switchboard.acd().settings().clone());
        for record in &self.journal {
            again.apply(record.at, &record.event);
        }
        assert_eq!(
            &again,
            self.switchboard.acd(),
            "the journal tells another story"
        );
        let mut ledger = Ledger::default();
        for record in &self.journal {
            if let Event::Case(fact) = &record.event {
                ledger.apply(record.at, fact);
            }
        }
        assert_eq!(
            &ledger,
            self.switchboard.cases().ledger(),
            "the journal tells another story of cases"
        );
        assert!(again.conservation().holds(), "{:?}", again.conservation());
        if let Some(make) = self.outreach {
            let mut again = make(&self.scripts);
            for record in &self.journal {
                again.apply(record.at, &record.event);
            }
            let same = self.switchboard.outreach.is_same_fold(&again);
            assert!(same, "the journal tells another story of notifications");
        }
    }

    /// Long after: nothing is left of any call, every call ended once and nothing followed but
    /// measurements and after-call work.
    pub(super) fn ends_empty(&mut self) {
        self.passes_ms(300_000);
        let left = self.switchboard.what_is_left();
        assert_eq!(left, "", "something leaked");
        assert!(!self.switchboard.sip().has_legs(), "a SIP leg leaked");
        assert!(self.media.is_empty(), "media leaked: {:?}", self.media);
        let mut open: BTreeSet<CallId> = BTreeSet::new();
        for record in &self.journal {
            match (&record.event, record.event.call()) {
                (
                    Event::CallArrived { call, .. }
                    | Event::Placed(PlacedEvent::Dialled { call, .. }),
                    _,
                ) => assert!(open.insert(*call), "{call} twice"),
                (
                    Event::CallEnded { call, .. } | Event::Placed(PlacedEvent::Ended { call, .. }),
                    _,
                ) => {
                    assert!(open.remove(call), "{call} ended twice");
                }
                (event, Some(call)) if !words::may_follow_the_end(event) => {
                    assert!(open.contains(&call), "after its end: {event:?}");
                }
                (_, Some(_) | None) => {}
            }
        }
        assert!(open.is_empty(), "never ended: {open:?}");
    }
}

fn build(
    (config, rules): (&Config, &cases::Settings),
    scripts: &ScriptSet,
    journal: &[Record],
    outreach: Option<MakeOutreach>,
) -> Switchboard {
    let mut acd = Acd::new(house::distribution(config, BTreeMap::new()));
    journal
        .iter()
        .for_each(|record| acd.apply(record.at, &record.event));
    let gateway = house::gateway(config, config.sip.udp, config.sip.tcp).unwrap();
    let first_leg = LegId(u64::try_from(journal.len()).unwrap() * 1_000 + 1);
    let gateway = Gateway::new(gateway, first_leg, ChaCha12Rng::seed_from_u64(7));
    let mut setup = house::switchboard(config, scripts).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/calendars");
    let calendars = cases::io::calendars::load(&folder).unwrap();
    house::set_line_hours(config, &calendars, &mut setup).unwrap();
    let mut switchboard = Switchboard::new(setup, acd, gateway);
    let mut ledger = Ledger::default();
    for record in journal {
        if let Event::Case(fact) = &record.event {
            ledger.apply(record.at, fact);
        }
    }
    switchboard = switchboard.with_cases(Cases::new(rules.clone(), ledger));
    if let Some(make) = outreach {
        let mut outreach = make(scripts);
        journal
            .iter()
            .for_each(|record| outreach.apply(record.at, &record.event));
        switchboard = switchboard.with_outreach(outreach);
    }
    journal
        .iter()
        .for_each(|record| switchboard.continue_numbers(record));
    switchboard
}

fn sdp(at: SocketAddr) -> String {
    let ip = at.ip();
    format!(
        "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n\
         m=audio 40000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
    )
}

impl Phone {
    /// A request outside or inside a dialog, whichever this phone has.
    fn text(&self, method: &str) -> String {
        let ours = format!("<sip:{}@{}>;tag={}", self.number, self.at, self.call_id);
        let (mut uri, mut from, mut to, mut call_id) = (
            format!("sip:{}@{HOUSE}", self.dials),
            ours,
            format!("<sip:{}@{HOUSE}>", self.dials),
            self.call_id.clone(),
        );
        if let Some(invite) = &self.rung {
            uri = invite.contacts()[0].uri.to_string();
            from = format!("{};tag={}", invite.to(), self.number);
            to = invite.from().to_string();
            call_id = invite.call_id().to_owned();
        } else if let (Some((tag, contact)), false) =
            (&self.house, matches!(method, "INVITE" | "CANCEL"))
        {
            uri.clone_from(contact);
            to = format!("{to};tag={tag}");
        }
        // The ACK of a 2xx carries the INVITE's number.
        let cseq = if method == "ACK" {
            self.invite
        } else {
            self.cseq
        };
        let branch = format!("z9hG4bK-{call_id}-{method}-{cseq}");
        let body = if method == "INVITE" {
            sdp(self.at)
        } else {
            String::new()
        };
        let kind = if body.is_empty() {
            ""
        } else {
            "Content-Type: application/sdp\r\n"
        };
        format!(
            "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {};branch={branch}\r\nMax-Forwards: 70\r\n\
             From: {from}\r\nTo: {to}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\n\
             Contact: <sip:{}@{}>\r\n{kind}Content-Length: {}\r\n\r\n{body}",
            self.at,
            self.number,
            self.at,
            body.len(),
        )
    }
}
