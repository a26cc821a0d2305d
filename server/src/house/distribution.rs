//! The distribution's settings: lines, queues, who serves them and how they are chosen.

use std::collections::BTreeMap;

use acd::{LineSettings, Nobody, QueueSettings, Settings};
use events::{
    Circle, LineId, Millis, NotReadyReason, OperatorId, PauseCard, QueueId, ServiceId, SkillId,
    SkillLevel,
};

use crate::config::{CallbackFirst, Config, Line, Need, Operator, Queue, WhenNobody};
use crate::organisation::Right;

/// The distribution's settings.
#[must_use]
pub fn distribution(config: &Config, script_versions: BTreeMap<ServiceId, String>) -> Settings {
    let at_work = || config.operators.iter().filter(|o| o.role.takes_calls());
    let with_skills = at_work().filter(|o| !o.skills.is_empty());
    let reached_by_transfer = at_work().filter(|o| o.queues.is_empty());
    let supervisors = at_work().map(super::card);
    let supervisors = supervisors.filter(|(_, card)| card.may(Right::ManageRoom));
    Settings {
        lines: config.lines.iter().map(line).collect(),
        queues: config
            .queues
            .iter()
            .map(|queue| self::queue(queue, config))
            .collect(),
        specialists: reached_by_transfer.map(id).collect(),
        supervisors: supervisors.map(|(id, _)| id).collect(),
        skills: with_skills.map(|o| (id(o), levels(&o.skills))).collect(),
        pauses: pauses(config),
        script_versions,
        not_ready_after_ring_timeout: true,
        outside_ring: Millis::from_s(config.outside.ring_s.clamp(1, 90)),
    }
}

/// Why operators may pause; what every house has if none is configured.
#[must_use]
pub(super) fn pauses(config: &Config) -> Vec<PauseCard> {
    let cap = |min: u64| (min > 0).then(|| Millis::from_s(min.saturating_mul(60)));
    let read = config.pauses.iter().filter_map(|pause| {
        Some(PauseCard {
            reason: NotReadyReason::parse(&pause.code)?,
            title: pause.title.clone(),
            cap_ms: cap(pause.cap_min),
            shift_cap_ms: cap(pause.shift_cap_min),
            paid: pause.paid,
            occupied: pause.occupied,
        })
    });
    let read: Vec<PauseCard> = read.collect();
    if read.is_empty() {
        PauseCard::usual()
    } else {
        read
    }
}

fn id(operator: &Operator) -> OperatorId {
    OperatorId::new(&operator.login)
}

fn line(line: &Line) -> (LineId, LineSettings) {
    let settings = LineSettings {
        queue: QueueId::new(&line.queue),
        services: line.services.iter().map(ServiceId::new).collect(),
        recording: line.recording,
        rating: line.rating,
        priority: line.priority,
    };
    (LineId::new(&line.number), settings)
}

fn queue(queue: &Queue, config: &Config) -> (QueueId, QueueSettings) {
    let serving = config.operators.iter();
    let serving = serving.filter(|operator| operator.queues.contains(&queue.id));
    let needs = config.needs.iter().filter(|need| need.queue == queue.id);
    let settings = QueueSettings {
        operators: serving.map(id).collect(),
        strategy: queue.strategy,
        ring_at_once: queue.ring_at_once,
        priority_worth: Millis::from_s(queue.priority_worth_s),
        needs: needs.map(need).collect(),
        resume_within: Millis::from_s(queue.resume_s),
        preferred_within: Millis::from_s(queue.preferred_h.saturating_mul(3_600)),
        preferred_wait: Millis::from_s(queue.preferred_wait_s),
        ring_timeout: Millis::from_s(queue.ring_timeout_s),
        wrap_up: Millis::from_s(queue.wrap_up_s),
        wrap_up_more: Millis::from_s(queue.wrap_up_more_s),
        wrap_up_extensions: queue.wrap_up_extensions,
        max_wait: Millis::from_s(queue.max_wait_s),
        capacity: queue.capacity,
        overflow_to: queue.overflow_to.as_ref().map(QueueId::new),
        overflow_after: Millis::from_s(queue.overflow_after_s),
        overflow_expected: Millis::from_s(queue.overflow_expected_s),
        handling_guess: Millis::from_s(queue.handling_guess_s),
        callback_norm: (queue.callback_expected_s > 0)
            .then(|| Millis::from_s(queue.callback_expected_s)),
        callback_holds_operator: queue.callback_first == CallbackFirst::Operator,
        when_nobody_is_signed_in: match queue.when_nobody {
            WhenNobody::Wait => Nobody::Wait,
            WhenNobody::Leave => Nobody::Leave,
        },
    };
    (QueueId::new(&queue.id), settings)
}

fn need(need: &Need) -> acd::Need {
    let circle = |after_s, skills| Circle {
        after_ms: Millis::from_s(after_s),
        only: None,
        skills: levels(skills),
    };
    let relaxed = need.relax.iter();
    let relaxed = relaxed.map(|step| circle(step.after_s, &step.skills));
    acd::Need {
        services: need.services.iter().map(ServiceId::new).collect(),
        circles: std::iter::once(circle(0, &need.skills))
            .chain(relaxed)
            .collect(),
    }
}

fn levels(skills: &BTreeMap<String, u8>) -> Vec<SkillLevel> {
    let level = |(skill, level): (&String, &u8)| SkillLevel {
        skill: SkillId::new(skill),
        level: *level,
    };
    skills.iter().map(level).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn strategies_priorities_skills_and_their_relaxation_reach_the_distribution() {
        let sample = include_str!("../../../liniya.toml");
        let text = sample
            .replace("strategy = \"longest_idle\"", "strategy = \"ring_all\"")
            .replace("priority = 0", "priority = 3")
            .replace("preferred_h = 0", "preferred_h = 24")
            .replace("# [[need]]", "[[need]]")
            .replace("# queue = \"consultation\"  ", "queue = \"consultation\"  ")
            .replace(
                "# services = [\"scrap_licence\"]  ",
                "services = [\"scrap_licence\"]  ",
            )
            .replace("# skills = { metal", "skills = { metal")
            .replace("# relax = [", "relax = [");
        let config = crate::config::parse("liniya.toml", &text, std::iter::empty()).unwrap();
        let settings = distribution(&config, BTreeMap::new());
        let queue = settings.queues.get(&"consultation".into()).unwrap();
        expect![[r#"
            RingAll 10 86400000ms [operator1, operator2, operator3]
            [Need { services: {scrap_licence}, circles: [Circle { after_ms: 0ms, only: None, skills: [SkillLevel { skill: metal, level: 5 }] }, Circle { after_ms: 60000ms, only: None, skills: [SkillLevel { skill: metal, level: 2 }] }, Circle { after_ms: 120000ms, only: None, skills: [] }] }]
            {operator1: [SkillLevel { skill: metal, level: 5 }]}
            3
        "#]].assert_eq(&format!(
            "{:?} {} {:?} {:?}\n{:?}\n{:?}\n{}\n",
            queue.strategy,
            queue.ring_at_once,
            queue.preferred_within,
            queue.operators,
            queue.needs,
            settings.skills,
            settings.lines.get(&"100".into()).unwrap().priority,
        ));
    }
}
