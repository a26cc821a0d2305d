//! How people behave: a fact is something they notice, and it makes them plan something. Plans are
//! never taken back: what comes too late must be refused, and change nothing.

use acd::ConsultStep;
use events::{
    CallId, ConsultationEvent, ConsultationOutcome, DialogueOutcome, DialoguePurpose, EntryCause,
    Event, HungUpBy, MissedWhy, OperatorId, OutsideEvent, Pii, PlacedEvent, TransferTarget,
    UnansweredCause,
};

use crate::dice::Dice;
use crate::house::{Act, LINES, OPERATORS, QUEUES, SERVICES};

/// What will happen, in milliseconds from now.
pub(crate) type Plans = Vec<(u64, Act)>;

pub(crate) fn a_new_caller(call: CallId, dice: &mut Dice) -> Plans {
    vec![(0, Act::Dial(call, (*dice.pick(&LINES)).into()))]
}

/// Somebody of the staff does something out of turn.
pub(crate) fn a_whim(dice: &mut Dice) -> Plans {
    let operator = OperatorId::new(dice.pick(&OPERATORS));
    let act = match dice.below(4) {
        0 => Act::SignOut(operator),
        1 => Act::Pause(operator),
        2 => Act::PhoneDown(operator),
        _ => Act::Ready(operator),
    };
    vec![(0, act)]
}

#[expect(clippy::too_many_lines, reason = "one arm a fact")]
pub(crate) fn notice(fact: &Event, dice: &mut Dice) -> Plans {
    match fact {
        Event::CallArrived { call, .. } => arrived(*call, dice),
        Event::LegAnswered { call, .. } => hears_the_assistant(*call, dice),
        Event::CallOffered { call, operator, .. } => is_rung(*call, operator, dice),
        // Some would rather be called than wait.
        Event::QueueEntered {
            call,
            because: EntryCause::Assistant,
            ..
        } if dice.chance(20) => vec![(dice.between(500, 30_000), Act::Keep(*call))],
        Event::PlaceKept { call, .. } => {
            let waiting = DialoguePurpose::Waiting;
            let heard = Act::EndDialogue(*call, waiting, DialogueOutcome::Contained);
            let act = if dice.chance(70) {
                heard
            } else {
                Act::HangUp(*call)
            };
            vec![(dice.between(500, 6_000), act)]
        }
        Event::Placed(PlacedEvent::Dialled {
            call,
            case: Some(case),
            ..
        }) => {
            let at = dice.between(1_000, 25_000);
            let gives_up = dice.chance(40).then_some(*case);
            vec![if dice.chance(65) {
                (at, Act::Reached(*call, *case))
            } else {
                (at, Act::NotReached(*call, gives_up))
            }]
        }
        Event::OfferAccepted { call, operator } => {
            let (call, operator) = (*call, operator.clone());
            match dice.below(100) {
                0..88 => vec![(dice.between(20, 80), Act::Bridge(call, operator))],
                88..96 => vec![(10, Act::OperatorHangsUp(call, operator))],
                _ => Vec::new(),
            }
        }
        Event::LegsBridged { call, operator, .. } => talks(*call, operator, dice),
        Event::Consultation(fact) => consults(fact, dice),
        Event::Outside(fact) => goes_outside(fact, dice),
        Event::TalkEnded {
            call,
            by: HungUpBy::Operator,
            ..
        } => is_asked_to_rate(*call, dice),
        Event::WrapUpStarted { call, operator, .. } => {
            let at = dice.between(0, 45_000);
            let mut plans = vec![(at, Act::Note(*call, operator.clone()))];
            if dice.chance(20) {
                plans.push((at / 2, Act::Extend(operator.clone())));
            }
            if dice.chance(50) {
                plans.push((at + 500, Act::Finish(operator.clone())));
            }
            plans
        }
        Event::CallUnanswered { call, cause, .. } | Event::QueueLeft { call, cause, .. } => {
            if matches!(cause, UnansweredCause::Abandoned | UnansweredCause::Failure) {
                return Vec::new();
            }
            let farewell = DialoguePurpose::Farewell;
            let heard = Act::EndDialogue(*call, farewell, DialogueOutcome::Finished);
            let act = if dice.chance(80) {
                heard
            } else {
                Act::HangUp(*call)
            };
            vec![(dice.between(1_000, 6_000), act)]
        }
        Event::OperatorNotReady { operator, .. } => {
            vec![(dice.between(2_000, 40_000), Act::Ready(operator.clone()))]
        }
        Event::OperatorSignedOut { operator } => {
            vec![(dice.between(1_000, 60_000), Act::SignIn(operator.clone()))]
        }
        Event::PhoneUnreachable { operator } => {
            vec![(dice.between(1_000, 30_000), Act::PhoneUp(operator.clone()))]
        }
        _ => Vec::new(),
    }
}

fn arrived(call: CallId, dice: &mut Dice) -> Plans {
    if dice.chance(95) {
        vec![(dice.between(10, 50), Act::Connect(call))]
    } else {
        vec![(5, Act::HangUp(call))]
    }
}

fn hears_the_assistant(call: CallId, dice: &mut Dice) -> Plans {
    let at = dice.between(500, 15_000);
    let assistant = DialoguePurpose::Assistant;
    match dice.below(100) {
        0..12 => vec![(at, Act::HangUp(call))],
        12..15 => vec![(at, Act::CallerBreaks(call))],
        15..28 => {
            let act = Act::EndDialogue(call, assistant, DialogueOutcome::Contained);
            vec![(at, act)]
        }
        _ => {
            let to_a_person = [
                DialogueOutcome::ToPerson,
                DialogueOutcome::PersonAsked,
                DialogueOutcome::NotUnderstood,
                DialogueOutcome::Silence,
            ];
            let outcome = *dice.pick(&to_a_person);
            let service = (*dice.pick(&SERVICES)).into();
            vec![
                (at, Act::Choose(call, service)),
                (at + 300, Act::EndDialogue(call, assistant, outcome)),
            ]
        }
    }
}

fn is_rung(call: CallId, operator: &OperatorId, dice: &mut Dice) -> Plans {
    let op = || operator.clone();
    let (soon, later) = (dice.between(30, 300), dice.between(800, 14_000));
    let fails = |why| Act::Fail(call, op(), why);
    let mut plans = vec![(soon, Act::Rings(call, op()))];
    match dice.below(100) {
        0..70 => plans.push((later, Act::Answer(call, op()))),
        70..78 => {}
        78..83 => plans.push((later, fails(MissedWhy::Declined))),
        83..87 => plans.push((soon, fails(MissedWhy::Busy))),
        87..91 => plans.push((soon, fails(MissedWhy::Unreachable))),
        91..94 => plans.push((later, Act::PhoneDown(op()))),
        94..96 => plans.push((later, Act::Pause(op()))),
        96..98 => plans.push((later, Act::SignOut(op()))),
        _ => plans.push((soon, Act::OperatorBreaks(call, op()))),
    }
    if dice.chance(10) {
        // Somebody presses a button that is not theirs, or not any more.
        let other = OperatorId::new(dice.pick(&OPERATORS));
        plans.push((later + 1, Act::Answer(call, other.clone())));
        plans.push((later + 2, Act::Bridge(call, other)));
    }
    plans
}

fn talks(call: CallId, operator: &OperatorId, dice: &mut Dice) -> Plans {
    let op = || operator.clone();
    let end = dice.between(500, 60_000);
    let mut plans = Vec::new();
    match dice.below(100) {
        0..50 => plans.push((end, Act::OperatorHangsUp(call, op()))),
        50..75 => plans.push((end, Act::HangUp(call))),
        75..78 => plans.push((end, Act::CallerBreaks(call))),
        78..82 => plans.push((end, Act::OperatorBreaks(call, op()))),
        _ => {
            let to = somebody(dice);
            plans.push((end, Act::Transfer(call, op(), to)));
            // In case nobody could take the caller.
            plans.push((end + 9_000, Act::OperatorHangsUp(call, op())));
        }
    }
    if dice.chance(70) {
        let asks = ConsultStep::Start(somebody(dice));
        plans.push((end / 3, Act::Consult(call, op(), asks)));
    }
    if dice.chance(20) {
        plans.push((end / 3, Act::Hold(call, true)));
        plans.push((end / 2, Act::Hold(call, false)));
    }
    if dice.chance(40) {
        plans.push((end / 2, Act::Note(call, op())));
    }
    if dice.chance(15) {
        plans.push((end / 4, Act::Pause(op())));
    }
    if dice.chance(5) {
        plans.push((end / 4, Act::PhoneDown(op())));
    }
    plans
}

/// Whom an operator asks, or hands the caller on to.
fn somebody(dice: &mut Dice) -> TransferTarget {
    match dice.below(10) {
        0..3 => TransferTarget::Operator(OperatorId::new(dice.pick(&OPERATORS))),
        // Takes no calls, and so is free more often than not.
        3..5 => TransferTarget::Operator("expert".into()),
        5..7 => TransferTarget::Queue((*dice.pick(&QUEUES)).into()),
        _ => TransferTarget::Outside(Pii::new("5".to_owned())),
    }
}

/// Beside the talk: the consulted answers or does not, the operator goes to and fro between the two
/// and ends it, and anybody of the three may leave, break or lose the phone at any time.
fn consults(fact: &ConsultationEvent, dice: &mut Dice) -> Plans {
    match fact {
        ConsultationEvent::Started {
            call,
            operator,
            with,
            ..
        } => {
            let mut plans = match with {
                Some(with) => is_rung(*call, with, dice),
                None => outside_is_rung(*call, dice),
            };
            if dice.chance(25) {
                let at = dice.between(500, 15_000);
                let impatient = [ConsultStep::Return, ConsultStep::Complete];
                let step = dice.pick(&impatient).clone();
                plans.push((at, Act::Consult(*call, operator.clone(), step)));
            }
            plans
        }
        ConsultationEvent::Answered {
            call,
            operator,
            with,
        } => {
            let mut plans = steps(*call, operator, dice);
            let at = dice.between(500, 30_000);
            match (dice.below(100), with) {
                (0..12, Some(with)) => plans.push((at, Act::OperatorHangsUp(*call, with.clone()))),
                (12..18, Some(with)) => plans.push((at, Act::OperatorBreaks(*call, with.clone()))),
                (18..24, Some(with)) => plans.push((at, Act::PhoneDown(with.clone()))),
                (24..30, Some(with)) => plans.push((at, Act::Pause(with.clone()))),
                (0..30, None) => {
                    let left = ConsultationOutcome::Left;
                    plans.push((at, Act::OutsideGone(*call, left)));
                }
                (30..38, _) => plans.push((at, Act::HangUp(*call))),
                (38..44, _) => plans.push((at, Act::OperatorHangsUp(*call, operator.clone()))),
                (44..50, _) => plans.push((at, Act::OperatorBreaks(*call, operator.clone()))),
                (50..54, _) => plans.push((at, Act::PhoneDown(operator.clone()))),
                _ => {}
            }
            plans
        }
        ConsultationEvent::Ended { call, operator, .. } => {
            let at = dice.between(500, 20_000);
            vec![(at, Act::OperatorHangsUp(*call, operator.clone()))]
        }
        ConsultationEvent::Swapped { .. } | ConsultationEvent::ConferenceStarted { .. } => {
            Vec::new()
        }
    }
}

/// To and fro, and in the end one way or the other.
fn steps(call: CallId, operator: &OperatorId, dice: &mut Dice) -> Plans {
    let mut at = 0;
    let mut step = |step, dice: &mut Dice| {
        at += dice.between(300, 8_000);
        (at, Act::Consult(call, operator.clone(), step))
    };
    let between = [
        ConsultStep::Swap,
        ConsultStep::Swap,
        ConsultStep::Conference,
        ConsultStep::Start(TransferTarget::Queue(QUEUES[0].into())),
    ];
    let mut plans = Vec::new();
    for _ in 0..dice.below(4) {
        plans.push(step(dice.pick(&between).clone(), dice));
    }
    let ends = [ConsultStep::Return, ConsultStep::Complete];
    plans.push(step(dice.pick(&ends).clone(), dice));
    plans
}

fn outside_is_rung(call: CallId, dice: &mut Dice) -> Plans {
    let at = dice.between(1_000, 20_000);
    let why = [
        ConsultationOutcome::Busy,
        ConsultationOutcome::Declined,
        ConsultationOutcome::Unreachable,
    ];
    match dice.below(100) {
        0..60 => vec![(at, Act::OutsideAnswers(call))],
        60..85 => vec![(at, Act::OutsideGone(call, *dice.pick(&why)))],
        _ => Vec::new(), // it rings in vain
    }
}

/// The caller is handed on to a number outside.
fn goes_outside(fact: &OutsideEvent, dice: &mut Dice) -> Plans {
    match fact {
        OutsideEvent::Dialled { call, .. } => {
            let mut plans = outside_is_rung(*call, dice);
            if dice.chance(15) {
                plans.push((dice.between(500, 20_000), Act::HangUp(*call)));
            }
            plans
        }
        OutsideEvent::Joined { call, .. } => {
            let at = dice.between(500, 40_000);
            vec![match dice.below(10) {
                0..5 => (at, Act::OutsideGone(*call, ConsultationOutcome::Left)),
                5..7 => (
                    at,
                    Act::OutsideGone(*call, ConsultationOutcome::Unreachable),
                ),
                _ => (at, Act::HangUp(*call)),
            }]
        }
        OutsideEvent::Missed { .. } | OutsideEvent::Ended { .. } => Vec::new(),
    }
}

fn is_asked_to_rate(call: CallId, dice: &mut Dice) -> Plans {
    let at = dice.between(1_000, 8_000);
    let rating = DialoguePurpose::Rating;
    let ends = |outcome| Act::EndDialogue(call, rating, outcome);
    match dice.below(100) {
        0..50 => {
            let score = u8::try_from(dice.between(1, 5)).unwrap_or(5);
            let ends = ends(DialogueOutcome::Rated);
            vec![(at, Act::Rate(call, score)), (at + 2_000, ends)]
        }
        50..60 => {
            let ends = ends(DialogueOutcome::Silence);
            vec![(at, Act::Rate(call, 9)), (at + 2_000, ends)]
        }
        60..80 => vec![(at, ends(DialogueOutcome::Silence))],
        _ => vec![(at, Act::HangUp(call))],
    }
}
