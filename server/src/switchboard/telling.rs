//! What dialogues and desks ask about telling people things: consent, a message, a broadcast.

use cases::Asker;
use cases::notify::{Address, Command, Plan, gives};
use events::{
    CaseId, CaseNumber, Channel, Date, Event, LineId, NotificationKind, OperatorId, Pii, TaskKind,
    TaskOutcome, TaskReply, TaskRequest, TimeOfDay, Timestamp, Value, Values,
};
use std::collections::BTreeMap;

use super::{Switchboard, Turn};

/// A message that a caller asked for is useless after this, in milliseconds: 24 hours (row #16).
const MESSAGE_MS: u64 = 24 * 3_600 * 1_000;
/// Letters of a broadcast: half a minute of speech.
const BROADCAST_MAX: usize = 400;

impl Switchboard {
    /// A task about notifications.
    pub(super) fn telling_task(
        &mut self,
        now: Timestamp,
        asker: &Asker,
        request: &TaskRequest,
        turn: &mut Turn,
    ) -> TaskReply {
        let given = request.arguments.expose();
        let outcome = match request.task {
            TaskKind::SetConsent => self.consent_task(now, asker, given, turn),
            TaskKind::SendMessage => self.message_task(now, asker, given, turn),
            TaskKind::FindTimes
            | TaskKind::Book
            | TaskKind::FindBooking
            | TaskKind::CancelBooking
            | TaskKind::MoveBooking
            | TaskKind::CheckStatus
            | TaskKind::FileComplaint
            | TaskKind::RequestCallback
            | TaskKind::KeepPlace => TaskOutcome::Unavailable,
        };
        TaskReply::bare(outcome)
    }

    fn consent_task(
        &mut self,
        now: Timestamp,
        asker: &Asker,
        given: &Values,
        turn: &mut Turn,
    ) -> TaskOutcome {
        let Some(Value::YesNo(allowed)) = given.get("allowed") else {
            return TaskOutcome::Refused;
        };
        let Some(address) = number(asker, given) else {
            return TaskOutcome::Refused; // a number that nobody knows allows nothing
        };
        let channels = match choice(given, "channel") {
            None => vec![Channel::Voice, Channel::Sms],
            Some(word) => match Channel::parse(word) {
                Some(channel) => vec![channel],
                None => return TaskOutcome::Refused,
            },
        };
        let set = Command::SetConsent {
            address,
            channels,
            allowed: *allowed,
            call: asker.call,
        };
        self.notify(now, &set, turn);
        TaskOutcome::Done
    }

    fn message_task(
        &mut self,
        now: Timestamp,
        asker: &Asker,
        given: &Values,
        turn: &mut Turn,
    ) -> TaskOutcome {
        let kind = choice(given, "template").and_then(NotificationKind::parse);
        let channel = choice(given, "channel").and_then(Channel::parse);
        let (Some(kind), Some(channel)) = (kind, channel) else {
            return TaskOutcome::Refused;
        };
        let to = number(asker, given).and_then(|number| Address::parse(channel, &number));
        let Some(to) = to else {
            return TaskOutcome::Refused;
        };
        let case = match given.get("number") {
            Some(Value::Case(number)) => Some(number.clone()),
            Some(_) | None => None,
        };
        let about = case.as_ref().map_or("", CaseNumber::digits);
        let call = asker.call.map_or(now.0.unsigned_abs(), |call| call.0);
        let mut values = self.known_about(asker, case.as_ref());
        values.retain(|known, _| gives(kind).iter().any(|(name, _)| name == known));
        let plan = Plan {
            key: format!(
                "message/{call}/{}/{}/{about}",
                kind.as_str(),
                channel.as_str()
            ),
            kind,
            channel,
            to,
            case: case.as_ref().and_then(CaseNumber::case),
            not_before: now,
            until: now.plus_ms(MESSAGE_MS),
            values: Pii::new(values),
        };
        match self.plan(now, plan, turn) {
            Ok(()) => TaskOutcome::Done,
            Err(why) => {
                tracing::warn!(kind = kind.as_str(), why, "a message cannot be sent");
                TaskOutcome::Unavailable
            }
        }
    }

    /// What the house knows about a case of its own, in a template's words.
    fn known_about(&self, asker: &Asker, number: Option<&CaseNumber>) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        let mut set = |name: &str, value: String| {
            values.insert(name.to_owned(), value);
        };
        let case: Option<CaseId> = number.and_then(CaseNumber::case);
        set("service", asker.service.as_str().to_owned());
        if let Some(number) = number {
            set("number", number.digits().to_owned());
        }
        let ledger = self.cases.ledger();
        let offset = self.setup.utc_offset_min;
        if let Some(visit) = case.and_then(|case| ledger.appointment(case)) {
            set("service", visit.service.as_str().to_owned());
            set("date", Date::at(visit.from, offset).to_string());
            set("time", TimeOfDay::at(visit.from, offset).to_string());
            set("place", visit.place.clone());
        } else if let Some(complaint) = case.and_then(|case| ledger.complaint_of(case)) {
            set("service", complaint.service.as_str().to_owned());
            set("due", complaint.due.to_string());
        }
        values
    }

    /// Plans a campaign; none of it if any of it cannot be carried out.
    pub(super) fn plan_all(
        &mut self,
        now: Timestamp,
        plans: Vec<Plan>,
        turn: &mut Turn,
    ) -> Result<(), String> {
        for (plan, number) in plans.iter().zip(1..) {
            let wrong = |why| format!("строка {number}: {why}");
            self.outreach.check(plan).map_err(wrong)?;
        }
        for plan in plans {
            self.notify(now, &Command::Plan(plan), turn);
        }
        Ok(())
    }

    /// A desk states what somebody said about being told things.
    pub(super) fn set_consent(
        &mut self,
        now: Timestamp,
        (address, channels): (&str, Vec<Channel>),
        allowed: bool,
        turn: &mut Turn,
    ) -> Result<(), String> {
        let readable = |channel: &Channel| Address::parse(*channel, address).is_some();
        if !channels.iter().any(readable) {
            return Err("номер или адрес не читается".to_owned());
        }
        let set = Command::SetConsent {
            address: address.to_owned(),
            channels,
            allowed,
            call: None,
        };
        self.notify(now, &set, turn);
        Ok(())
    }

    /// What callers of a line hear first now.
    #[must_use]
    pub fn broadcast(&self, line: &LineId) -> Option<&str> {
        self.outreach.broadcast(line)
    }

    /// What callers hear first from now on, or no longer.
    pub(super) fn set_broadcast(
        &mut self,
        now: Timestamp,
        (line, text, until): (Option<LineId>, Option<String>, Option<Timestamp>),
        operator: OperatorId,
        turn: &mut Turn,
    ) -> Result<(), String> {
        if let Some(line) = &line
            && !self.setup.lines.contains_key(line)
        {
            return Err(format!("линии {line} нет"));
        }
        let text = text
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|text| !text.is_empty());
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > BROADCAST_MAX)
        {
            return Err(format!(
                "объявление длиннее {BROADCAST_MAX} знаков: сократите его"
            ));
        }
        if text.is_some() && until.is_some_and(|until| until <= now) {
            return Err("время, до которого звучит объявление, уже прошло".to_owned());
        }
        let set = Event::BroadcastSet {
            line,
            until: until.filter(|_| text.is_some()),
            text,
            operator,
        };
        self.note(now, set, turn);
        Ok(())
    }
}

/// The number that was stated, else the caller's own.
fn number(asker: &Asker, given: &Values) -> Option<String> {
    match given.get("phone") {
        Some(Value::Phone(number)) => Some(number.clone()),
        Some(_) | None => asker.phone.as_ref().map(|number| number.expose().clone()),
    }
}

fn choice<'v>(given: &'v Values, name: &str) -> Option<&'v str> {
    match given.get(name) {
        Some(Value::Choice(word) | Value::Text(word)) => Some(word),
        Some(_) | None => None,
    }
}
