//! What dialogues and desks ask of the house: the rules decide, facts are stated, the answer goes
//! back. Only the registers of applications take their time; nobody waits for them here.

use std::collections::BTreeMap;

use cases::notify::Address;
use cases::status::StatusAnswer;
use cases::{Asker, Decision, Wish};
use events::{
    CallId, CaseEvent, CaseNumber, Channel, Event, OperatorId, Pii, ServiceId, TaskKind, TaskReply,
    TaskRequest, Timestamp,
};

use super::{Effect, Switchboard, Turn};

/// Names a question to the registers until it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TicketId(pub u64);

/// Questions to the registers that wait at once; beyond it callers are told that it cannot be known.
const TICKETS_MAX: usize = 2_000;

/// A task that an operator does for a caller, or for somebody who wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskTask {
    /// The call on the operator's desk; none between calls.
    pub call: Option<CallId>,
    /// Who asks.
    pub operator: OperatorId,
    /// What.
    pub request: TaskRequest,
}

/// Who waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiter {
    /// The dialogue of a call.
    Call(CallId),
    /// A desk's request.
    Desk(u64),
}

/// Questions to the registers that are not answered yet.
#[derive(Debug, Default)]
pub(super) struct Tickets {
    newest: u64,
    waiting: BTreeMap<TicketId, (Waiter, CaseNumber)>,
}

impl Switchboard {
    /// A dialogue asks; its answer follows in this turn unless the registers are needed.
    pub(super) fn task(
        &mut self,
        now: Timestamp,
        call: CallId,
        request: &TaskRequest,
        turn: &mut Turn,
    ) {
        let asker = self.asker(Some(call));
        self.carry(now, Waiter::Call(call), (&asker, request), turn);
    }

    /// A desk asks the same, in the name of a caller or of nobody.
    pub(super) fn desk_task(
        &mut self,
        now: Timestamp,
        request: u64,
        task: &DeskTask,
        turn: &mut Turn,
    ) {
        let asker = self.asker(task.call);
        self.carry(now, Waiter::Desk(request), (&asker, &task.request), turn);
    }

    /// A desk states something about a case.
    pub(super) fn case_wish(
        &mut self,
        now: Timestamp,
        wish: &Wish,
        turn: &mut Turn,
    ) -> Result<(), String> {
        let fact = self.cases.wish(wish)?;
        self.state_case(now, fact, turn);
        Ok(())
    }

    /// The registers have answered, or cannot.
    pub(super) fn status_known(
        &mut self,
        now: Timestamp,
        ticket: TicketId,
        answer: &StatusAnswer,
        turn: &mut Turn,
    ) {
        if let Some((waiter, number)) = self.tickets.waiting.remove(&ticket) {
            self.tell(now, waiter, answer.reply(&number), turn);
        }
    }

    fn carry(
        &mut self,
        now: Timestamp,
        waiter: Waiter,
        (asker, request): (&Asker, &TaskRequest),
        turn: &mut Turn,
    ) {
        if request.task == TaskKind::KeepPlace
            && let Waiter::Call(call) = waiter
        {
            let reply = self.keep_place(now, call, request, turn);
            return self.tell(now, waiter, reply, turn);
        }
        match self.cases.decide(now, asker, request) {
            Decision::Answer(facts, reply) => {
                for fact in facts {
                    self.state_case(now, fact, turn);
                }
                self.tell(now, waiter, reply, turn);
            }
            Decision::Register(number) => self.ask_registers(now, waiter, number, turn),
            Decision::Notification => {
                let reply = self.telling_task(now, asker, request, turn);
                self.tell(now, waiter, reply, turn);
            }
        }
    }

    fn ask_registers(
        &mut self,
        now: Timestamp,
        waiter: Waiter,
        number: CaseNumber,
        turn: &mut Turn,
    ) {
        if self.tickets.waiting.len() >= TICKETS_MAX {
            let reply = StatusAnswer::Unavailable.reply(&number);
            return self.tell(now, waiter, reply, turn);
        }
        self.tickets.newest += 1;
        let ticket = TicketId(self.tickets.newest);
        self.tickets
            .waiting
            .insert(ticket, (waiter, number.clone()));
        turn.effects.push(Effect::AskRegisters { ticket, number });
    }

    fn tell(&mut self, now: Timestamp, waiter: Waiter, reply: TaskReply, turn: &mut Turn) {
        match waiter {
            Waiter::Call(call) => self.converse(now, call, ivr::Input::Answered(reply), turn),
            Waiter::Desk(request) => turn.effects.push(Effect::TaskReply(request, reply)),
        }
    }

    /// States a fact about a case.
    pub(super) fn state_case(&mut self, now: Timestamp, fact: CaseEvent, turn: &mut Turn) {
        self.note(now, Event::Case(fact.clone()), turn);
        self.notice_case(now, &fact, turn);
    }

    pub(super) fn asker(&self, call: Option<CallId>) -> Asker {
        let room = call.and_then(|call| self.rooms.get(&call));
        Asker {
            call,
            service: room.map_or_else(ServiceId::undetermined, |room| room.service.clone()),
            phone: room.and_then(|room| room.number.clone()),
        }
    }
}

/// A number as the network told it, in the house's spelling; none if nobody can be called there.
pub(super) fn spelled(number: &Pii<String>) -> Option<Pii<String>> {
    Address::parse(Channel::Voice, number.expose()).map(|address| address.text().clone())
}
