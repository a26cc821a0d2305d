//! Estimates are held to the truth: a busy day is played, everybody who has to wait is told a
//! range, and nine in ten are answered by its upper end.

use events::{
    CallId, CallOutcome, DialogueOutcome, DialoguePurpose, EndCause, Event, LegId, Millis,
    NeedCode, OperatorId, Timestamp,
};

use crate::samples::Dice;
use crate::{Acd, Command, LineSettings, QueueSettings, Settings};

const OPERATORS: u64 = 5;
const CALLERS: u64 = 1_500;
/// Talks of three minutes, a caller every half a minute: a little more than five can do.
const TALK: Millis = Millis::from_s(150);
const GAP: Millis = Millis::from_s(32);

struct Day {
    acd: Acd,
    now: Timestamp,
    facts: Vec<(Timestamp, Event)>,
}

impl Day {
    fn does(&mut self, command: Command) {
        let mut facts = Vec::new();
        let _ = self.acd.handle(self.now, command, &mut facts);
        self.facts
            .extend(facts.into_iter().map(|fact| (self.now, fact)));
    }
}

fn open() -> Day {
    let mut settings = Settings::default();
    let operators = (1..=OPERATORS).map(|n| OperatorId::new(format!("op{n}")));
    let queue = QueueSettings {
        operators: operators.collect(),
        wrap_up: Millis::from_s(30),
        max_wait: Millis::from_s(7_200),
        ..QueueSettings::default()
    };
    settings.queues.insert("queue".into(), queue.clone());
    let line = LineSettings {
        rating: false,
        ..LineSettings::new("queue", ["service"])
    };
    settings.lines.insert("100".into(), line);
    let acd = Acd::new(settings);
    let catalogue = Event::CatalogueLoaded(acd.settings().catalogue());
    let now = Timestamp::default();
    let mut day = Day {
        acd,
        now,
        facts: Vec::new(),
    };
    day.acd.apply(now, &catalogue);
    for operator in queue.operators {
        let id = || operator.clone();
        day.does(Command::PhoneUp { operator: id() });
        day.does(Command::SignIn { operator: id() });
        day.does(Command::BecomeReady { operator: id() });
    }
    day
}

/// What somebody does later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Plan {
    Comes(u64),
    GivesUp(u64),
    Answers(u64, OperatorId),
    HangsUp(u64, OperatorId),
    Notes(u64, OperatorId),
}

fn enters(day: &mut Day, number: u64) {
    let call = CallId(number);
    day.does(Command::CallArrives {
        call,
        leg: LegId(number),
        line: "100".into(),
        trunk: "trunk".to_owned(),
        caller: None,
    });
    day.does(Command::CallerConnected { call });
    day.does(Command::DialogueEnds {
        call,
        purpose: DialoguePurpose::Assistant,
        outcome: DialogueOutcome::ToPerson,
        notice_played: true,
    });
}

fn act(day: &mut Day, plan: Plan) {
    match plan {
        Plan::Comes(number) => enters(day, number),
        Plan::GivesUp(number) => {
            let call = CallId(number);
            if day.acd.call(call).is_some_and(|call| call.wait().is_some()) {
                let cause = EndCause::CallerHungUp;
                day.does(Command::CallerGone { call, cause });
            }
        }
        Plan::Answers(number, operator) => {
            let call = CallId(number);
            let id = || operator.clone();
            day.does(Command::OperatorAnswers {
                call,
                operator: id(),
            });
            day.does(Command::Bridged {
                call,
                operator: id(),
            });
        }
        Plan::HangsUp(number, operator) => {
            let (call, broken) = (CallId(number), false);
            day.does(Command::OperatorGone {
                call,
                operator,
                broken,
            });
        }
        Plan::Notes(number, operator) => {
            day.does(Command::SetDisposition {
                call: CallId(number),
                operator: operator.clone(),
                outcome: CallOutcome::Answered,
                need: NeedCode::Information,
                client: None,
            });
            day.does(Command::FinishWrapUp { operator });
        }
    }
}

/// The share of callers who waited, were told a range and were answered by its upper end, or gave
/// up after it; in thousandths, with their number.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test, which looks for a few facts among many"
)]
fn honest(patience: Option<Millis>) -> (usize, usize) {
    let (mut day, mut dice) = (open(), Dice::new(7));
    let mut plans = std::collections::BTreeSet::from([(day.now, Plan::Comes(1))]);
    let mut told: Vec<(Timestamp, Millis)> = Vec::new();
    let (mut kept, mut broken) = (0, 0);
    while let Some((at, plan)) = plans.pop_first() {
        day.now = at;
        let seen = day.facts.len();
        if let Plan::Comes(number) = plan
            && number < CALLERS
        {
            let next = at + dice.exponential(GAP);
            plans.insert((next, Plan::Comes(number + 1)));
        }
        act(&mut day, plan.clone());
        if let Plan::Comes(number) = plan {
            if let Some(patience) = patience {
                plans.insert((at + dice.exponential(patience), Plan::GivesUp(number)));
            }
            let call = day.acd.call(CallId(number)).unwrap();
            let waits = call.offers().is_empty();
            let high = call
                .queue
                .clone()
                .and_then(|queue| day.acd.expected_in(at, call, &queue, call.ticket));
            // The first of the day are told by a guess: nothing has been seen yet.
            if waits && number > 100 {
                told.push((at, high.unwrap().1));
            } else {
                told.push((at, Millis(u64::MAX)));
            }
        }
        for (_, fact) in &day.facts[seen..] {
            let verdict = |call: &CallId| told[usize::try_from(call.0).unwrap() - 1];
            match fact {
                Event::CallOffered { call, operator, .. } => {
                    let answers = at + Millis(2_000 + dice.exponential(Millis(2_000)).0);
                    plans.insert((answers, Plan::Answers(call.0, operator.clone())));
                }
                Event::LegsBridged { call, operator, .. } => {
                    let ends = at + Millis(20_000 + dice.exponential(TALK).0);
                    plans.insert((ends, Plan::HangsUp(call.0, operator.clone())));
                    let (since, high) = verdict(call);
                    if high < Millis(u64::MAX) {
                        let in_time = at.since(since) <= high;
                        *(if in_time { &mut kept } else { &mut broken }) += 1;
                    }
                }
                Event::CallUnanswered { call, .. } => {
                    let (since, high) = verdict(call);
                    broken += usize::from(at.since(since) > high);
                }
                Event::WrapUpStarted { call, operator, .. } => {
                    let ends = at + Millis(dice.exponential(Millis(10_000)).0);
                    plans.insert((ends, Plan::Notes(call.0, operator.clone())));
                }
                _ => {}
            }
        }
    }
    (kept * 1_000 / (kept + broken), kept + broken)
}

#[test]
fn nine_in_ten_are_answered_by_the_time_they_were_told() {
    for patience in [Some(Millis::from_s(600)), Some(Millis::from_s(180))] {
        let (permille, told) = honest(patience);
        println!("{permille} ‰ of {told} answered in time");
        assert!(told > 300, "{told}");
        assert!((850..=970).contains(&permille), "{permille} ‰ of {told}");
    }
}
