//! What exists: queues, who serves them, what operators know.

use std::collections::{BTreeMap, BTreeSet};

use events::{Catalogue, OperatorId, QueueId};

use crate::acd::Acd;
use crate::{Operator, Queue};

impl Acd {
    /// What exists from now on. Whoever is at the desk or waits is kept, also if no longer listed.
    pub(crate) fn load(&mut self, catalogue: &Catalogue) {
        let mut queues: BTreeMap<QueueId, Queue> = BTreeMap::new();
        for card in &catalogue.queues {
            let mut queue = self
                .queues
                .remove(&card.queue)
                .unwrap_or_else(|| Queue::new(card.queue.clone()));
            queue.staff(&card.operators, card.strategy);
            queues.insert(card.queue.clone(), queue);
        }
        let gone = std::mem::take(&mut self.queues);
        queues.extend(gone.into_iter().filter(|(_, queue)| !queue.is_empty()));

        for operator in self.operators.values_mut() {
            operator.queues.clear();
            operator.skills.clear();
        }
        for queue in queues.values() {
            for id in &queue.members {
                self.listed(id).queues.push(queue.id.clone());
            }
        }
        for id in &catalogue.operators {
            self.listed(id);
        }
        for card in &catalogue.skills {
            let skills = card.skills.iter().map(|of| (of.skill.clone(), of.level));
            self.listed(&card.operator).skills = skills.collect();
        }
        let occupied = catalogue.pauses.iter().filter(|pause| pause.occupied);
        self.occupied = occupied.map(|pause| pause.reason).collect();
        let listed: BTreeSet<&OperatorId> = catalogue.operators.iter().collect();
        self.operators.retain(|id, operator| {
            operator.is_signed_in() || !operator.queues.is_empty() || listed.contains(id)
        });
        self.queues = queues;
        self.know_what_changed();
        self.reindex_queues();
    }

    pub(crate) fn listed(&mut self, id: &OperatorId) -> &mut Operator {
        let operator = self.operators.entry(id.clone());
        operator.or_insert_with(|| Operator::new(id.clone()))
    }

    fn reindex_queues(&mut self) {
        self.matchable.clear();
        self.deserted.clear();
        for queue in self.queues.values_mut() {
            let members = queue.members.iter().filter_map(|id| self.operators.get(id));
            queue.signed_in = members.clone().filter(|o| o.is_signed_in()).count();
            let free = members.filter_map(|o| Some((o.index().free_since?, o.id.clone())));
            queue.free = free.collect();
            if queue.is_matchable() {
                self.matchable.insert(queue.id.clone());
            }
            if queue.is_deserted() {
                self.deserted.insert(queue.id.clone());
            }
        }
    }
}
