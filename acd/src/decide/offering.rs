//! Who is rung for whom: the caller whose turn it is, and the operators who fit.

use events::{CallId, Circle, Event, SkillLevel, Timestamp};

use crate::acd::Acd;
use crate::routing::{Candidate, Moment, Pick, in_words, pick};
use crate::{Queue, Ticket};

impl Acd {
    /// The next caller, over all queues, for whom a free operator may be rung, and the offers. A
    /// caller for whom none of the free fits is passed over and keeps the place.
    pub(crate) fn next_offers(&self, now: Timestamp) -> Vec<Event> {
        let queues = self.matchable.iter().filter_map(|id| self.queues.get(id));
        let mut heads: Vec<(&Ticket, &Queue, &Circle, CallId)> = Vec::new();
        for queue in queues.clone() {
            for (circle, calls) in &queue.open {
                let head = calls.first_key_value();
                heads.extend(head.map(|(ticket, call)| (ticket, queue, circle, *call)));
            }
        }
        heads.sort_by_key(|(ticket, ..)| *ticket);
        let mut offers = heads
            .into_iter()
            .filter(|(ticket, queue, ..)| self.held_for(queue, **ticket).is_none())
            .map(|(_, queue, circle, call)| self.offers(now, queue, circle, call));
        if let Some(offers) = offers.find(|offers| !offers.is_empty()) {
            return offers;
        }
        let mut joined = queues.filter(|queue| queue.rings_all());
        let joined = joined.find_map(|queue| self.joined(now, queue));
        joined.unwrap_or_default()
    }

    /// Where all are rung, whoever becomes free is rung too.
    fn joined(&self, now: Timestamp, queue: &Queue) -> Option<Vec<Event>> {
        let mut rung = queue.rung.iter();
        rung.find_map(|(ticket, id)| {
            if self.held_for(queue, *ticket).is_some() {
                return None;
            }
            let wait = self.calls.get(id)?.wait()?;
            // Else new operators could keep somebody ringing for ever.
            let in_time = wait.until > now;
            let room = wait.offers.len() < self.settings.ring_at_once(&queue.id);
            let circle = wait.circle().cloned().unwrap_or_default();
            let offers = (in_time && room).then(|| self.offers(now, queue, &circle, *id))?;
            (!offers.is_empty()).then_some(offers)
        })
    }

    fn offers(&self, now: Timestamp, queue: &Queue, circle: &Circle, call: CallId) -> Vec<Event> {
        let Some(wait) = self.calls.get(&call).and_then(|call| call.wait()) else {
            return Vec::new();
        };
        let mut circles = wait.terms.circles.iter();
        let wanted = circles.find(|circle| circle.only.is_none());
        let wanted = wanted.map_or(&[][..], |circle| &circle.skills);
        let candidates = self.candidates(queue, circle, wanted);
        let preferred = wait.terms.prefers.as_ref();
        let preferred = candidates
            .iter()
            .find(|of| Some(&of.operator.id) == preferred);
        let picks = match preferred {
            Some(known) => vec![Pick {
                operator: known.operator.id.clone(),
                reason: format!(
                    "говорил с этим клиентом в прошлый раз, свободен {}",
                    in_words(now.since(known.since))
                ),
            }],
            None => {
                let ring_at_once = self.settings.ring_at_once(&queue.id);
                let at_once = ring_at_once.saturating_sub(wait.offers.len());
                pick(
                    queue.strategy,
                    self.moment(now, queue),
                    &candidates,
                    at_once,
                )
            }
        };
        let until = now + self.settings.ring_timeout(&queue.id);
        picks
            .into_iter()
            .map(|Pick { operator, reason }| Event::CallOffered {
                call,
                operator,
                reason,
                until,
            })
            .collect()
    }

    /// The free operators of a queue within a circle. `wanted` are the skills in full, by which they
    /// are compared even after less is enough.
    pub(super) fn candidates<'a>(
        &'a self,
        queue: &'a Queue,
        circle: &Circle,
        wanted: &[SkillLevel],
    ) -> Vec<Candidate<'a>> {
        let free = queue.free.iter();
        let free = free.filter_map(|(since, id)| {
            let operator = self.operators.get(id)?;
            let only = circle.only.as_ref().is_none_or(|only| only == id);
            (only && operator.lacks(&circle.skills).is_none()).then_some((*since, operator))
        });
        free.map(|(since, operator)| Candidate {
            operator,
            since,
            place: queue.place_of(&operator.id).unwrap_or(usize::MAX),
            level: wanted
                .iter()
                .map(|wanted| u32::from(operator.level(&wanted.skill)))
                .sum(),
        })
        .collect()
    }

    /// What a queue's strategy looks at now.
    pub(crate) fn moment(&self, now: Timestamp, queue: &Queue) -> Moment {
        Moment {
            now,
            last: queue.last.as_ref().and_then(|last| queue.place_of(last)),
            members: queue.members.len(),
            free: queue.free.len(),
        }
    }
}
