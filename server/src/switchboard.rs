//! Routes each peer's outputs to the others' inputs. Pure and deterministic: time is an argument,
//! the world is two enums.
//!
//! | who | owns |
//! |---|---|
//! | `sip_gateway::Gateway` | SIP: transactions, dialogs, legs, registrations |
//! | `acd::Acd` | calls, queues, operators; every rule of who talks to whom |
//! | `ivr::Dialogue` | one running conversation with the assistant |
//! | `cases::Cases` | appointments, complaints, callbacks; every rule of them |
//! | [`Outreach`] | who is told what of the house's own accord; calls it places; broadcasts |
//! | [`Switchboard`] | which leg belongs to which call, and what a fact makes the others do |
//!
//! A turn gathers facts and effects. The shell makes the facts durable before it runs the effects;
//! only [`Turn::chatter`] (answers the SIP transactions give by themselves) does not wait.

mod boundary;
mod callee;
mod consult;
mod desk;
mod dialogues;
mod dictation;
mod guidance;
mod hearing;
mod hours;
mod keeping;
mod legs;
mod messages;
mod outreach;
mod outside;
mod phone;
mod placed;
mod reactions;
mod reload;
mod room;
mod setup;
mod supervision;
mod tasks;
mod telling;
#[cfg(test)]
mod tests;
mod text;
mod topics;
mod transcript;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use acd::{Acd, Command, Refusal};
use cases::Cases;
use events::{CallId, Event, LegId, Millis, PlacedEvent, Record, Timestamp};
use sip_gateway::boundary::{self as sip, LegCommand};
use sip_gateway::gateway::Gateway;

use crate::script_texts::ScriptTexts;
pub use boundary::{Effect, Input, ListenId, Opening, Turn};
pub use desk::DeskAction;
pub use dictation::{Dictated, DictationId};
pub use outreach::{DialSetup, Outreach, OutreachSetup};
pub use outside::OutsideSetup;
pub use phone::PhoneKey;
pub use reload::NewScripts;
use room::Room;
pub use setup::{LineSetup, Setup};
pub use tasks::{DeskTask, TicketId};
pub use waiting::{TellingWait, Told};

/// While a call is open, a crash is dated to within this.
const HEARTBEAT: Millis = Millis(1_000);

/// The house's hallway.
pub struct Switchboard {
    setup: Setup,
    acd: Acd,
    gateway: Gateway,
    cases: Cases,
    tickets: tasks::Tickets,
    outreach: Outreach,
    guidance: guidance::Guidance,
    texts: ScriptTexts,
    rooms: BTreeMap<CallId, Room>,
    /// Every leg that stands or whose media has not been measured yet, and whose it is.
    legs: BTreeMap<LegId, (CallId, events::LegRole)>,
    /// Legs whose media was opened and has not reported its end.
    sounding: BTreeSet<LegId>,
    /// Deadlines of running dialogues.
    alarms: BTreeSet<(Timestamp, CallId)>,
    /// Until when supervisors' phones ring, and for which call; those that were answered, too.
    rung_supervisors: BTreeSet<(Timestamp, CallId)>,
    next_call: u64,
    next_play: u64,
    next_listen: u64,
    heartbeat: Option<Timestamp>,
    /// When a queue opens or closes next; unknown until it is looked at.
    hours_change: Option<Timestamp>,
    journal_stalled: bool,
    draining: bool,
}

impl Switchboard {
    /// Builds the house around a distribution that was replayed from the journal.
    #[must_use]
    pub fn new(setup: Setup, acd: Acd, gateway: Gateway) -> Self {
        Self {
            setup,
            acd,
            gateway,
            cases: Cases::default(),
            tickets: tasks::Tickets::default(),
            outreach: Outreach::default(),
            guidance: guidance::Guidance::default(),
            texts: ScriptTexts::default(),
            rooms: BTreeMap::new(),
            legs: BTreeMap::new(),
            sounding: BTreeSet::new(),
            alarms: BTreeSet::new(),
            rung_supervisors: BTreeSet::new(),
            next_call: 1,
            next_play: 1,
            next_listen: 1,
            heartbeat: None,
            hours_change: None,
            journal_stalled: false,
            draining: false,
        }
    }

    /// The same house with a ledger that was replayed from the journal, and the rules for it.
    #[must_use]
    pub fn with_cases(mut self, cases: Cases) -> Self {
        self.cases = cases;
        self
    }

    /// The same house with what the journal says about telling people things, and the rules for it.
    #[must_use]
    pub fn with_outreach(mut self, outreach: Outreach) -> Self {
        self.outreach = outreach;
        self
    }

    /// Goes on numbering calls after one of the journal's.
    pub fn continue_numbers(&mut self, record: &Record) {
        if let Some(call) = new_call(&record.event)
            && is_numbered_by(self.setup.node, call)
        {
            self.next_call = self.next_call.max((call.0 & CALL_MASK) + 1);
        }
    }

    /// The first turn: says what exists, and closes what a crash left open.
    pub fn open(&mut self, now: Timestamp, opening: Opening, turn: &mut Turn) {
        // Said before recovery, so that a crash within recovery lengthens no wait.
        self.note(now, opening.started, turn);
        self.note(now, Event::CatalogueLoaded(opening.catalogue), turn);
        if let Some(crashed_at) = opening.crashed_at {
            let _ = self.ask(now, Command::Recover { crashed_at }, turn);
        }
        self.gateway(now, sip::Input::Tick, turn);
        self.mind_hours(now, turn);
        self.recover_outreach(now, turn);
        self.mind_outreach(now, turn);
    }

    /// The last fact of a process that leaves on purpose.
    pub fn close(&mut self, now: Timestamp, turn: &mut Turn) {
        self.note(now, Event::ServerStopped {}, turn);
    }

    /// One input.
    pub fn handle(&mut self, now: Timestamp, input: Input, turn: &mut Turn) {
        self.mind_hours(now, turn);
        match input {
            Input::Sip(input) => self.gateway(now, input, turn),
            Input::Media(event) => self.media(now, event, turn),
            Input::Text(event) => self.text(now, event, turn),
            Input::Browser(event) => self.gateway(now, sip::Input::Browser(event), turn),
            Input::Speech(leg, listen, event) => self.speech(now, (leg, listen), event, turn),
            Input::Dictated(leg, dictated) => self.dictated(now, leg, dictated, turn),
            Input::Desk(request, action) => {
                let result = self.desk(now, action, turn);
                turn.effects.push(Effect::Reply(request, result));
            }
            Input::DeskTask(request, task) => self.desk_task(now, request, &task, turn),
            Input::Status(ticket, answer) => self.status_known(now, ticket, &answer, turn),
            Input::Told {
                notification,
                attempt,
                result,
            } => self.notified(now, (notification, attempt), result, turn),
            Input::ScriptsReloaded(new) => self.scripts_reloaded(now, *new, turn),
            Input::OperatorScriptsChanged(scripts) => self.take_operator_scripts(scripts),
            Input::JournalStalled(stalled) => self.journal_stalled = stalled,
            Input::Drain => {
                self.draining = true;
                self.gateway(now, sip::Input::Drain, turn);
            }
            Input::HangUpAll => {
                let callers: Vec<LegId> = self.rooms.values().map(|room| room.caller).collect();
                for leg in callers {
                    self.hang_up_caller(now, leg, turn);
                }
            }
            Input::Tick => self.tick(now, turn),
        }
        self.mind_outreach(now, turn);
        self.mind_heartbeat(now);
    }

    /// When [`Input::Tick`] is due at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        let dialogue = self.alarms.first().map(|(at, _)| *at);
        [
            self.acd.deadline(),
            self.gateway.deadline(),
            dialogue,
            self.rung_supervisors.first().map(|(at, _)| *at),
            self.heartbeat,
            self.hours_change,
            self.outreach.alarm,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Whether a caller at the door would be let in now.
    #[must_use]
    pub const fn takes_calls(&self) -> bool {
        !self.journal_stalled && !self.draining
    }

    /// Calls that are open.
    #[must_use]
    pub fn open_calls(&self) -> usize {
        self.rooms.len()
    }

    /// Whether nothing is under way: no call, no leg that still says goodbye, no measurement due.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.rooms.is_empty() && self.legs.is_empty() && !self.gateway.has_legs()
    }

    /// What a house without calls should not hold.
    #[cfg(test)]
    fn what_is_left(&self) -> String {
        let rooms = self.rooms.keys().map(|call| format!("room {call}"));
        let legs = self.legs.keys().map(|leg| format!("leg {leg}"));
        let sounding = self.sounding.iter().map(|leg| format!("media {leg}"));
        let alarms = self
            .alarms
            .iter()
            .map(|(at, call)| format!("alarm {at:?} of {call}"));
        rooms
            .chain(legs)
            .chain(sounding)
            .chain(alarms)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The distribution, to read.
    #[must_use]
    pub const fn acd(&self) -> &Acd {
        &self.acd
    }

    /// Appointments, complaints and callbacks, to read.
    #[must_use]
    pub const fn cases(&self) -> &Cases {
        &self.cases
    }

    /// The SIP gateway, to read its figures.
    #[must_use]
    pub const fn sip(&self) -> &Gateway {
        &self.gateway
    }

    fn tick(&mut self, now: Timestamp, turn: &mut Turn) {
        if self.gateway.deadline().is_some_and(|at| at <= now) {
            self.gateway(now, sip::Input::Tick, turn);
        }
        if self.acd.deadline().is_some_and(|at| at <= now) {
            let _ = self.ask(now, Command::Tick, turn);
        }
        while let Some((_, call)) = self.alarms.first().copied().filter(|(at, _)| *at <= now) {
            self.converse(now, call, ivr::Input::Tick, turn);
        }
        self.supervisors_ring_out(now, turn);
        if self.heartbeat.is_some_and(|at| at <= now) {
            self.heartbeat = None;
            self.note(now, Event::Heartbeat {}, turn);
        }
    }

    fn mind_heartbeat(&mut self, now: Timestamp) {
        if self.rooms.is_empty() {
            self.heartbeat = None;
        } else if self.heartbeat.is_none() {
            self.heartbeat = Some(now + HEARTBEAT);
        }
    }

    /// Asks the distribution, and lets every fact of its answer act. The journal has the facts in
    /// the order in which they changed the distribution: all of an answer before what follows from
    /// any of them.
    fn ask(&mut self, now: Timestamp, command: Command, turn: &mut Turn) -> Result<(), Refusal> {
        let mut facts = Vec::new();
        let result = self.acd.handle(now, command, &mut facts);
        turn.facts.extend(facts.iter().cloned());
        for fact in &facts {
            self.outreach.apply(now, fact);
        }
        let calls: BTreeSet<CallId> = facts.iter().filter_map(Event::call).collect();
        for fact in facts {
            self.react(now, &fact, turn);
        }
        for call in calls {
            self.mind_transcript(call, turn);
        }
        result
    }

    /// States a fact that is not the distribution's own.
    fn note(&mut self, now: Timestamp, fact: Event, turn: &mut Turn) {
        self.acd.apply(now, &fact);
        self.outreach.apply(now, &fact);
        if let Event::Case(fact) = &fact {
            self.cases.apply(now, fact);
        }
        if let Event::ScriptText(fact) = &fact {
            self.texts.take(now, fact);
        }
        turn.facts.push(fact);
    }

    /// What the gateway answers to the network by itself is chatter; what it says once more is not:
    /// a retransmission must not overtake a first sending that waits for its facts.
    fn gateway(&mut self, now: Timestamp, input: sip::Input, turn: &mut Turn) {
        let repeats = matches!(input, sip::Input::Tick);
        let mut outputs = Vec::new();
        self.gateway.handle(now, input, &mut outputs);
        for output in outputs {
            match output {
                sip::Output::Send { flow, bytes } if !repeats => turn.chatter.push((flow, bytes)),
                output @ (sip::Output::Send { .. }
                | sip::Output::Leg(_)
                | sip::Output::Media(_)
                | sip::Output::Text(_)
                | sip::Output::Browser(_)
                | sip::Output::Phone { .. }
                | sip::Output::Refused { .. }) => self.sip_output(now, output, turn),
            }
        }
    }

    /// What the gateway sends because we want it waits for the facts that made us want it.
    fn leg(&mut self, now: Timestamp, command: LegCommand, turn: &mut Turn) {
        let mut outputs = Vec::new();
        self.gateway
            .handle(now, sip::Input::Command(command), &mut outputs);
        for output in outputs {
            self.sip_output(now, output, turn);
        }
    }

    fn mint_call(&mut self) -> CallId {
        let number = self.next_call;
        self.next_call += 1;
        CallId(u64::from(self.setup.node) << NODE_SHIFT | (number & CALL_MASK))
    }
}

/// The call that a fact is the first one of.
#[must_use]
pub const fn new_call(fact: &Event) -> Option<CallId> {
    if let Event::CallArrived { call, .. } | Event::Placed(PlacedEvent::Dialled { call, .. }) = fact
    {
        Some(*call)
    } else {
        None
    }
}

/// Whether a node gave a call its number.
#[must_use]
pub fn is_numbered_by(node: u16, call: CallId) -> bool {
    call.0 >> NODE_SHIFT == u64::from(node)
}

const NODE_SHIFT: u32 = 48;
const CALL_MASK: u64 = (1 << NODE_SHIFT) - 1;
