//! Which of the free operators gets the call. One file a strategy; every pick carries its reason.

mod fewest_calls;
mod least_occupied;
mod linear;
mod longest_idle;
mod ring_all;
mod round_robin;
mod skills;

use events::{Millis, OperatorId, Strategy, Timestamp};

use crate::Operator;

/// An operator who is free and may be rung for this caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) operator: &'a Operator,
    /// Free since.
    pub(crate) since: Timestamp,
    /// Where they stand in the queue's list of operators.
    pub(crate) place: usize,
    /// Sum of their levels in the skills that the caller needs.
    pub(crate) level: u32,
}

/// What a strategy may look at beside the candidate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    /// Where the operator rung last stands in the queue's list.
    pub(crate) last: Option<usize>,
    /// The length of that list.
    pub(crate) members: usize,
    /// How many are free, whether they fit the caller or not.
    pub(crate) free: usize,
}

/// The operator chosen, and why, in Russian, for the journal and the live board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) operator: OperatorId,
    pub(crate) reason: String,
}

/// Whom the strategy rings of these, in the order of its choice: one, or several where all are rung.
/// Of equals, the one who has been free longest.
pub(crate) fn pick(
    strategy: Strategy,
    moment: Moment,
    candidates: &[Candidate<'_>],
    at_once: usize,
) -> Vec<Pick> {
    let mut order: Vec<&Candidate<'_>> = candidates.iter().collect();
    order.sort_by_key(|of| (rank(strategy, moment, of), of.since, &of.operator.id));
    let wanted = match strategy {
        Strategy::RingAll => at_once,
        Strategy::LongestIdle
        | Strategy::RoundRobin
        | Strategy::LeastOccupied
        | Strategy::FewestCalls
        | Strategy::Linear
        | Strategy::Skills => 1,
    };
    let free = candidates.len();
    let chosen = order.into_iter().take(wanted);
    chosen
        .map(|of| Pick {
            operator: of.operator.id.clone(),
            reason: reason(strategy, moment, of, free),
        })
        .collect()
}

/// The smaller, the sooner.
pub(crate) fn rank(strategy: Strategy, moment: Moment, of: &Candidate<'_>) -> u64 {
    match strategy {
        Strategy::LongestIdle => longest_idle::rank(),
        Strategy::RoundRobin => round_robin::rank(moment, of),
        Strategy::LeastOccupied => least_occupied::rank(moment, of),
        Strategy::FewestCalls => fewest_calls::rank(of),
        Strategy::Linear => linear::rank(of),
        Strategy::RingAll => ring_all::rank(),
        Strategy::Skills => skills::rank(of),
    }
}

fn reason(strategy: Strategy, moment: Moment, of: &Candidate<'_>, free: usize) -> String {
    let idle = in_words(moment.now.since(of.since));
    if strategy == Strategy::RingAll {
        return ring_all::reason(free);
    }
    if free == 1 && moment.free > 1 {
        let of = moment.free;
        return format!("единственный из {of} свободных, кто подходит, свободен {idle}");
    }
    if free == 1 {
        return format!("единственный свободный, свободен {idle}");
    }
    let why = match strategy {
        Strategy::LongestIdle | Strategy::RingAll => longest_idle::reason(&idle),
        Strategy::RoundRobin => round_robin::reason(),
        Strategy::LeastOccupied => least_occupied::reason(moment, of),
        Strategy::FewestCalls => fewest_calls::reason(of),
        Strategy::Linear => linear::reason(of),
        Strategy::Skills => skills::reason(of),
    };
    format!("{why}, из {free} свободных")
}

/// «4 мин 12 с», as people say it; hours appear when there are any.
pub(crate) fn in_words(duration: Millis) -> String {
    let s = duration.0 / 1_000;
    let (h, min, s) = (s / 3_600, s / 60 % 60, s % 60);
    match (h, min) {
        (0, 0) => format!("{s} с"),
        (0, _) => format!("{min} мин {s} с"),
        _ => format!("{h} ч {min} мин"),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::*;
    use crate::operator::Work;

    /// Four free operators; what they are differs so that every strategy has its own favourite.
    fn shift() -> Vec<Operator> {
        let work = |calls, busy_s| Work {
            since: Timestamp(0),
            calls,
            busy_ms: Millis::from_s(busy_s),
        };
        let made = [
            ("anna", work(9, 700), 1),
            ("boris", work(2, 900), 3),
            ("vera", work(4, 300), 5),
            ("gleb", work(7, 800), 0),
        ];
        made.map(|(name, work, level)| {
            let mut operator = Operator::new(name.into());
            operator.work = work;
            operator.skills.insert("licences".into(), level);
            operator
        })
        .into()
    }

    #[test]
    fn every_strategy_has_its_order_and_says_why() {
        let shift = shift();
        let free_since = [400, 700, 900, 100];
        let candidates: Vec<Candidate<'_>> = shift
            .iter()
            .zip(free_since)
            .enumerate()
            .map(|(place, (operator, s))| Candidate {
                operator,
                since: Timestamp(s * 1_000_000),
                place,
                level: u32::from(operator.level(&"licences".into())),
            })
            .collect();
        let moment = Moment {
            now: Timestamp::default().plus_ms(1_000_000),
            last: Some(1),
            members: 4,
            free: 3,
        };
        let mut told = String::new();
        for strategy in Strategy::ALL {
            for free in [&candidates[..], &candidates[..2], &candidates[..1]] {
                for pick in pick(*strategy, moment, free, 2) {
                    let (operator, reason) = (pick.operator, pick.reason);
                    writeln!(told, "{:<15}{operator:<6} {reason}", strategy.as_str()).unwrap();
                }
            }
            assert_eq!(pick(*strategy, moment, &[], 2), Vec::new());
        }
        expect![[r#"
            longest_idle   gleb свободен дольше всех: 15 мин 0 с, из 4 свободных
            longest_idle   anna свободен дольше всех: 10 мин 0 с, из 2 свободных
            longest_idle   anna единственный из 3 свободных, кто подходит, свободен 10 мин 0 с
            round_robin    vera следующий по кругу, из 4 свободных
            round_robin    anna следующий по кругу, из 2 свободных
            round_robin    anna единственный из 3 свободных, кто подходит, свободен 10 мин 0 с
            least_occupied vera наименее занят: 30 % смены, из 4 свободных
            least_occupied anna наименее занят: 70 % смены, из 2 свободных
            least_occupied anna единственный из 3 свободных, кто подходит, свободен 10 мин 0 с
            fewest_calls   boris меньше всех звонков за смену: 2, из 4 свободных
            fewest_calls   boris меньше всех звонков за смену: 2, из 2 свободных
            fewest_calls   anna единственный из 3 свободных, кто подходит, свободен 10 мин 0 с
            linear         anna раньше других в списке очереди: 1-й, из 4 свободных
            linear         anna раньше других в списке очереди: 1-й, из 2 свободных
            linear         anna единственный из 3 свободных, кто подходит, свободен 10 мин 0 с
            ring_all       gleb звонок всем сразу: свободных 4
            ring_all       anna звонок всем сразу: свободных 4
            ring_all       anna звонок всем сразу: свободных 2
            ring_all       boris звонок всем сразу: свободных 2
            ring_all       anna звонок всем сразу: свободен один
            skills         vera лучше всех по навыкам: сумма уровней 5, из 4 свободных
            skills         boris лучше всех по навыкам: сумма уровней 3, из 2 свободных
            skills         anna единственный из 3 свободных, кто подходит, свободен 10 мин 0 с
        "#]]
        .assert_eq(&told);
    }

    #[test]
    fn durations_read_as_people_say_them() {
        let words: Vec<String> = [0, 59, 60, 252, 3_600, 7_322]
            .map(|s| in_words(Millis::from_s(s)))
            .into();
        assert_eq!(
            words,
            [
                "0 с",
                "59 с",
                "1 мин 0 с",
                "4 мин 12 с",
                "1 ч 0 мин",
                "2 ч 2 мин"
            ]
        );
    }
}
