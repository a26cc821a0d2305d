//! What the desk remembers of queues and skills, and how it is shown to supervisors.

use std::collections::{BTreeMap, BTreeSet};

use events::{Act, Catalogue, OperatorId, QueueId, SkillLevel, Strategy, Timestamp};

use super::Desk;
use super::view::{ms, state_of};
use super::views::{CardView, OperatorState, SkillView, TeamOperator, TeamQueue, TeamView};

/// Strategies, skills, and the last choice of each queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Team {
    strategies: BTreeMap<QueueId, Strategy>,
    skills: BTreeMap<OperatorId, Vec<SkillLevel>>,
    /// Whose skills a supervisor changed.
    changed: BTreeMap<OperatorId, Vec<SkillLevel>>,
    /// Which queues' strategies a supervisor changed.
    chooses: BTreeMap<QueueId, Strategy>,
    chosen: BTreeMap<QueueId, (Timestamp, OperatorId, String)>,
}

impl Team {
    pub(super) fn load(&mut self, catalogue: &Catalogue) {
        let queues = catalogue.queues.iter();
        self.strategies = queues
            .map(|card| (card.queue.clone(), card.strategy))
            .collect();
        let skills = catalogue.skills.iter();
        self.skills = skills
            .map(|card| (card.operator.clone(), card.skills.clone()))
            .collect();
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "two acts of the many change what is known here"
    )]
    pub(super) fn apply(&mut self, act: &Act) {
        match act {
            Act::SkillsChanged { of, skills } => {
                self.changed.insert(of.clone(), skills.clone());
            }
            Act::StrategyChanged { queue, strategy } => {
                self.chooses.insert(queue.clone(), *strategy);
            }
            _ => {}
        }
    }

    pub(super) fn chose(
        &mut self,
        at: Timestamp,
        queue: Option<QueueId>,
        (operator, reason): (&OperatorId, &str),
    ) {
        if let Some(queue) = queue {
            let chosen = (at, operator.clone(), reason.to_owned());
            self.chosen.insert(queue, chosen);
        }
    }

    fn skills_of(&self, operator: &OperatorId) -> &[SkillLevel] {
        let skills = self.changed.get(operator);
        skills
            .or_else(|| self.skills.get(operator))
            .map_or(&[], Vec::as_slice)
    }
}

impl Desk {
    /// Queues, skills and strategies at `now`.
    #[must_use]
    pub fn team(&self, now: Timestamp) -> TeamView {
        let everybody = self.organisation.operators.iter();
        let everybody = everybody.filter(|(_, card)| card.is_of_the_shift());
        let operators: Vec<TeamOperator> = everybody
            .map(|(id, card)| {
                let queues = card.queues.iter().map(|queue| CardView {
                    id: queue.to_string(),
                    title: self.organisation.queue_title(queue),
                });
                let skills = self.team.skills_of(id).iter().map(|of| SkillView {
                    skill: of.skill.to_string(),
                    level: of.level,
                });
                let operator = self.operators.get(id);
                TeamOperator {
                    login: id.to_string(),
                    full_name: card.full_name.clone(),
                    state: operator.map_or(OperatorState::SignedOut, state_of),
                    queues: queues.collect(),
                    skills: skills.collect(),
                    are_skills_changed: self.team.changed.contains_key(id),
                }
            })
            .collect();
        let skills: BTreeSet<String> = operators
            .iter()
            .flat_map(|operator| operator.skills.iter().map(|of| of.skill.clone()))
            .collect();
        TeamView {
            now_ms: ms(now),
            queues: self
                .organisation
                .queues
                .keys()
                .map(|id| self.team_queue(id))
                .collect(),
            operators,
            skills: skills.into_iter().collect(),
            strategies: Strategy::ALL
                .iter()
                .map(|strategy| CardView {
                    id: strategy.as_str().to_owned(),
                    title: title(*strategy).to_owned(),
                })
                .collect(),
        }
    }

    fn team_queue(&self, id: &QueueId) -> TeamQueue {
        let changed = self.team.chooses.get(id);
        let strategy = changed.or_else(|| self.team.strategies.get(id));
        let strategy = strategy.copied().unwrap_or_default();
        let chosen = self.team.chosen.get(id);
        TeamQueue {
            id: id.to_string(),
            title: self.organisation.queue_title(id),
            is_open: !self.closed.contains(id),
            strategy: strategy.as_str().to_owned(),
            strategy_title: title(strategy),
            chosen_at_ms: chosen.map(|(at, ..)| ms(*at)),
            chosen: chosen.map(|(_, who, _)| self.organisation.operator_name(who)),
            why: chosen.map(|(.., why)| why.clone()),
            is_strategy_changed: changed.is_some(),
        }
    }
}

pub(super) const fn title(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::LongestIdle => "Тому, кто свободен дольше всех",
        Strategy::RoundRobin => "По кругу",
        Strategy::LeastOccupied => "Наименее занятому за смену",
        Strategy::FewestCalls => "Тому, у кого меньше всех звонков за смену",
        Strategy::Linear => "Первому свободному по списку",
        Strategy::RingAll => "Всем сразу, кто первый ответит",
        Strategy::Skills => "Лучшему по навыкам, которые нужны клиенту",
    }
}
