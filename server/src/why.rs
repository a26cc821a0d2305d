//! Why a caller waited: the story of one wait, told from the journal, with the reason why each
//! operator did not have the caller at each moment.
//!
//! The distribution's state is a fold over facts, so it is rebuilt fact by fact and asked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use acd::{Acd, Call, Settings, WhyNot};
use events::{
    CallId, Circle, EntryCause, Event, Millis, OperatorId, Record, SkillLevel, Terms, Timestamp,
    WaitRange,
};
use metrics::report::Russian as _;

mod beside;

/// Callers named as standing ahead; of more, only the number is said.
const NAMED_AHEAD: usize = 5;

/// Follows the journal for one call. Give it every record, in order.
#[derive(Debug)]
pub struct Why {
    call: CallId,
    acd: Acd,
    /// The newest record's time: what stands in one instant is told together.
    now: Timestamp,
    begun: Option<Timestamp>,
    /// The instant that was told last.
    told: Option<Timestamp>,
    position: Option<usize>,
    /// What was said of each operator last.
    said: BTreeMap<OperatorId, String>,
    /// Operators who were free before the offers of this instant.
    passed_over: BTreeMap<OperatorId, String>,
    text: String,
}

impl Why {
    /// Nothing is told yet.
    #[must_use]
    pub fn new(call: CallId) -> Self {
        Self {
            call,
            acd: Acd::new(Settings::default()),
            now: Timestamp::default(),
            begun: None,
            told: None,
            position: None,
            said: BTreeMap::new(),
            passed_over: BTreeMap::new(),
            text: format!("Звонок {call}\n"),
        }
    }

    /// The next record.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one fact of many needs a look at what stood before it"
    )]
    pub fn see(&mut self, record: &Record) {
        if record.at != self.now {
            self.look();
        }
        self.now = record.at;
        let ours = record.event.call() == Some(self.call);
        if ours && matches!(record.event, Event::CallOffered { .. }) && self.passed_over.is_empty()
        {
            self.passed_over = self.free_now();
        }
        let asked = match &record.event {
            Event::Consultation(fact) if ours => self.asked(fact),
            _ => Vec::new(),
        };
        self.acd.apply(record.at, &record.event);
        if ours {
            self.tell(&record.event);
            asked.iter().for_each(|line| self.say(line));
        }
    }

    /// The story, once every record was seen.
    #[must_use]
    pub fn text(mut self) -> String {
        self.look();
        if self.begun.is_none() {
            self.text
                .push_str("Этот звонок не стоял в очереди: сотрудника он не ждал.\n");
        }
        self.text
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the facts of a wait; every other fact belongs to the ladder"
    )]
    fn tell(&mut self, fact: &Event) {
        match fact {
            Event::QueueEntered {
                queue,
                because,
                wanted,
                terms,
                ..
            } => {
                self.said.clear();
                self.position = None;
                let from = match because {
                    EntryCause::Assistant => "от помощника",
                    EntryCause::Transfer => "по переводу",
                    EntryCause::Returned => "после обрыва разговора",
                    EntryCause::Callback => "из обратного звонка",
                    EntryCause::Overflow => "из другой, место сохранено",
                    EntryCause::Moved => "решением старшего смены, место сохранено",
                };
                self.say(&format!("встал в очередь {queue} {from}"));
                if let Some(wanted) = wanted {
                    self.say(&format!("ждёт сотрудника {wanted}"));
                }
                self.tell_terms(terms);
            }
            Event::OverflowPutOff { to, reason, .. } => {
                self.say(&format!("в очередь {to} пока не передан: {reason}"));
            }
            Event::WaitEstimated {
                position, expected, ..
            } => {
                let range = expected.map_or_else(|| "неизвестно".to_owned(), range);
                self.say(&format!("назвали место {position}, ожидание {range}"));
            }
            Event::PlaceKept { .. } => {
                self.say("место сохранено: перезвоним, когда подойдёт очередь");
            }
            Event::CircleWidened { .. } => {
                let call = self.acd.call(self.call);
                let circle = call.and_then(Call::wait).and_then(acd::Wait::circle);
                let words = format!("круг расширен: {}", circle.map_or_else(anybody, whom));
                self.say(&words);
            }
            Event::CallOffered {
                operator, reason, ..
            } => {
                self.passed_over.remove(operator);
                self.said.remove(operator);
                self.say(&format!("звонок предложен {operator}: {reason}"));
            }
            Event::OfferMissed { operator, why, .. } => {
                self.say(&format!("{operator} не взял: {}", why.russian()));
            }
            Event::LegsBridged {
                operator, waits, ..
            } => {
                let waited = words(waits.queue_ms);
                self.say(&format!("соединён с {operator}, в очереди ждал {waited}"));
            }
            Event::CallUnanswered { cause, waits, .. } => {
                let waited = words(waits.queue_ms);
                self.say(&format!(
                    "остался без ответа: {}, в очереди ждал {waited}",
                    cause.russian()
                ));
            }
            Event::QueueLeft { cause, .. } => {
                self.say(&format!("ушёл из очереди: {}", cause.russian()));
            }
            _ => self.tell_beside(fact),
        }
    }

    fn tell_terms(&mut self, terms: &Terms) {
        if terms.keeps.is_some() {
            self.say("занял место, сохранённое за обратным звонком");
        } else if let Some(call) = terms.resumes {
            self.say(&format!(
                "перезвонил сразу после звонка {call} и занял прежнее место"
            ));
        } else if terms.ahead_ms > Millis(0) {
            let ahead = words(terms.ahead_ms);
            let priority = terms.priority;
            self.say(&format!(
                "приоритет {priority}: место как у пришедшего на {ahead} раньше"
            ));
        }
        if let Some(known) = &terms.prefers {
            self.say(&format!("в прошлый раз говорил с {known}: сначала ему"));
        }
        if let Some(overflow) = &terms.overflow {
            let after = words(overflow.after_ms);
            let to = &overflow.to;
            self.say(&format!("через {after} ожидания перейдёт в очередь {to}"));
        }
        for (number, circle) in terms.circles.iter().enumerate() {
            let when = match number {
                0 => "сразу".to_owned(),
                _ => format!("через {}", words(circle.after_ms)),
            };
            self.say(&format!("кому можно звонить {when}: {}", whom(circle)));
        }
    }

    /// What changed in this instant for a caller who still waits.
    fn look(&mut self) {
        for (operator, free) in std::mem::take(&mut self.passed_over) {
            self.say(&format!("{operator} не выбран: {free}"));
            self.said.insert(operator, free);
        }
        let waits = self.acd.call(self.call).filter(|c| c.wait().is_some());
        let Some(queue) = waits.and_then(|call| call.queue.clone()) else {
            return;
        };
        let position = self.acd.position(self.call);
        if position != self.position {
            self.position = position;
            let ahead = self.acd.waiting(&queue);
            let ahead: Vec<String> = ahead
                .map(|(_, call)| call.id)
                .take_while(|id| *id != self.call)
                .map(|id| id.to_string())
                .collect();
            let place = position.unwrap_or_default();
            let absent = place.saturating_sub(ahead.len() + 1);
            let names = ahead.join(", ");
            self.say(&match ahead.len() {
                _ if place <= 1 => "в очереди первый".to_owned(),
                0 => format!("в очереди {place}-й, впереди те, кому перезвоним: {absent}"),
                1..=NAMED_AHEAD if absent > 0 => {
                    format!("в очереди {place}-й, впереди {names} и те, кому перезвоним: {absent}")
                }
                n if n > NAMED_AHEAD => format!("в очереди {place}-й"),
                _ => format!("в очереди {place}-й, впереди {names}"),
            });
        }
        for (operator, why) in self.reasons() {
            if self.said.get(&operator) != Some(&why) {
                self.say(&format!("{operator}: {why}"));
                self.said.insert(operator, why);
            }
        }
    }

    /// Every operator of the queue, and what keeps them from the caller.
    fn reasons(&self) -> Vec<(OperatorId, String)> {
        self.whys()
            .filter(|(_, why)| !matches!(why, WhyNot::Rings | WhyNot::Free { .. }))
            .map(|(operator, why)| (operator.clone(), said(&why)))
            .collect()
    }

    fn free_now(&self) -> BTreeMap<OperatorId, String> {
        self.whys()
            .filter(|(_, why)| matches!(why, WhyNot::Free { .. }))
            .map(|(operator, why)| (operator.clone(), said(&why)))
            .collect()
    }

    fn whys(&self) -> impl Iterator<Item = (&OperatorId, WhyNot)> {
        let queue = self.acd.call(self.call).and_then(|c| c.queue.as_ref());
        let queue = queue.and_then(|queue| self.acd.queue(queue));
        let members = queue.into_iter().flat_map(acd::Queue::members);
        members.filter_map(|id| Some((id, self.acd.why_not(self.now, self.call, id)?)))
    }

    fn say(&mut self, what: &str) {
        let begun = *self.begun.get_or_insert(self.now);
        if self.told == Some(self.now) {
            let _ = writeln!(self.text, "{:>11}  {what}", "");
        } else {
            let ms = self.now.since(begun).0;
            let (min, s, ms) = (ms / 60_000, ms / 1_000 % 60, ms % 1_000);
            let at = format!("+{min}:{s:02},{ms:03}");
            let _ = writeln!(self.text, "{at:>11}  {what}");
        }
        self.told = Some(self.now);
    }
}

fn said(why: &WhyNot) -> String {
    match why {
        WhyNot::SignedOut => "не на рабочем месте".to_owned(),
        WhyNot::NotReady(reason) => format!("не готов: {}", reason.russian()),
        WhyNot::PhoneDown => "телефон недоступен".to_owned(),
        WhyNot::RungFor(call) => format!("ему предложен звонок {call}"),
        WhyNot::TalksTo(call) => format!("разговаривает, звонок {call}"),
        WhyNot::AskedAbout(call) => format!("с ним советуются, звонок {call}"),
        WhyNot::WrapsUp { call, overdue } => {
            let late = if *overdue {
                ", итог не указан"
            } else {
                ""
            };
            format!("оформляет звонок {call}{late}")
        }
        WhyNot::Awaits(operator) => format!("свободен, но клиент пока ждёт {operator}"),
        WhyNot::Lacks { wanted, has } => {
            let wanted = level(wanted);
            format!("свободен, но нужен навык {wanted}, а у него {has}")
        }
        WhyNot::HeldFor(_) => {
            "свободен, но оставлен тому, кому перезваниваем: он раньше в очереди".to_owned()
        }
        WhyNot::Rings => "ему звонят".to_owned(),
        WhyNot::Free {
            idle,
            calls,
            occupied_percent,
        } => {
            let idle = words(*idle);
            format!("свободен {idle}, звонков за смену {calls}, занят {occupied_percent} % смены")
        }
    }
}

fn whom(circle: &Circle) -> String {
    if let Some(only) = &circle.only {
        return format!("только {only}");
    }
    if circle.skills.is_empty() {
        return anybody();
    }
    let skills: Vec<String> = circle.skills.iter().map(level).collect();
    format!("тем, у кого есть {}", skills.join(" и "))
}

fn range(expected: WaitRange) -> String {
    match (expected.from_ms, expected.to_ms) {
        (_, None) => "больше часа".to_owned(),
        (Millis(0), Some(to)) => format!("до {} мин", to.0 / 60_000),
        (from, Some(to)) => format!("от {} до {} мин", from.0 / 60_000, to.0 / 60_000),
    }
}

fn anybody() -> String {
    "любому".to_owned()
}

fn level(of: &SkillLevel) -> String {
    format!("{} не ниже {}", of.skill, of.level)
}

/// «4 мин 12 с».
fn words(duration: Millis) -> String {
    let s = duration.0 / 1_000;
    match s / 60 {
        0 => format!("{s} с"),
        min => format!("{min} мин {} с", s % 60),
    }
}

#[cfg(test)]
mod tests;
