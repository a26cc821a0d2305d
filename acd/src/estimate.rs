//! How long a caller will wait: the queue played forward from where it stands.
//!
//! Each run lets the callers ahead be served in their order, by the operators who fit them, with
//! handling times and patience drawn from what this queue has seen. What comes of it is a range: the
//! middle and the ninth decile of the runs. `docs/metrics.md` says how it is held to the truth.

use events::{CallId, Millis, OperatorId, QueueId, Timestamp, WaitRange};

use crate::acd::Acd;
use crate::call::Call;
use crate::operator::{Operator, Presence};
use crate::samples::Dice;
use crate::{Queue, Ticket};

/// Runs of one estimate.
const RUNS: usize = 100;

/// Callers ahead who are played; where there are more, the wait is scaled.
const PLAYED_AHEAD: usize = 300;

/// What may be said, in minutes: a range is rounded outwards to these.
const SAID_MIN: [u64; 11] = [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60];

/// Longer than this is said as «more than an hour».
const LONGEST: Millis = Millis::from_s(24 * 3_600);

/// An operator as the play sees them.
struct Server<'a> {
    operator: &'a Operator,
    /// Serves the caller whose wait is asked for.
    fits: bool,
}

/// A caller ahead as the play sees them.
struct Ahead<'a> {
    queue: &'a Queue,
    /// Operators who fit, by their place in the list.
    servers: Vec<usize>,
    /// The operator who is rung for them already.
    rung: Option<usize>,
}

impl Acd {
    /// What a waiting caller may be told, rounded outwards; none while no operator who fits is at
    /// work, for then nobody knows.
    #[must_use]
    pub fn expected_wait(&self, now: Timestamp, call: CallId) -> Option<WaitRange> {
        let call = self.calls.get(&call).filter(|call| call.wait().is_some())?;
        let (middle, high) = self.expected_in(now, call, call.queue.as_ref()?, call.ticket)?;
        Some(rounded(middle, high))
    }

    /// The middle and the ninth decile of the wait in a queue, at a place or at its end.
    pub(crate) fn expected_in(
        &self,
        now: Timestamp,
        call: &Call,
        queue: &QueueId,
        place: Option<Ticket>,
    ) -> Option<(Millis, Millis)> {
        let home = self.queues.get(queue)?;
        let at_work = self.operators.values().filter(|o| o.is_at_work());
        let servers: Vec<Server<'_>> = at_work
            .map(|operator| Server {
                operator,
                fits: self.serves(operator, home, call),
            })
            .collect();
        if !servers.iter().any(|server| server.fits) {
            return None;
        }
        let (ahead, left_out) = self.ahead(call.id, place, &servers);
        let mut dice = Dice::new(call.id.0 ^ now.0.unsigned_abs());
        let mut waits: Vec<Millis> = (0..RUNS)
            .map(|_| self.play((now, home), &servers, &ahead, &mut dice))
            .collect();
        waits.sort_unstable();
        let scale = |wait: &Millis| {
            let played = u64::try_from(ahead.len().max(1)).unwrap_or(u64::MAX);
            let all = played.saturating_add(left_out);
            Millis(wait.0.saturating_mul(all) / played).min(LONGEST)
        };
        let middle = waits.get(RUNS / 2).map(scale)?;
        let high = waits.get(RUNS * 9 / 10).map(scale)?;
        Some((middle, high))
    }

    /// Everybody who is served before that place, and how many more there are.
    fn ahead<'a>(
        &'a self,
        me: CallId,
        place: Option<Ticket>,
        servers: &[Server<'_>],
    ) -> (Vec<Ahead<'a>>, u64) {
        let mut waiting: Vec<(Ticket, &Queue, &Call)> = Vec::new();
        for queue in self.queues.values() {
            let before = queue.waiting.iter();
            let before = before
                .filter(|(ticket, id)| **id != me && place.is_none_or(|place| **ticket < place));
            waiting.extend(before.filter_map(|(t, id)| Some((*t, queue, self.calls.get(id)?))));
        }
        waiting.sort_by_key(|(ticket, ..)| *ticket);
        let absent = self.absent_ahead(place, servers);
        let of = |operator: &OperatorId| servers.iter().position(|s| s.operator.id == *operator);
        let mut ahead: Vec<Ahead<'_>> = waiting
            .into_iter()
            .map(|(_, queue, call)| Ahead {
                queue,
                servers: (0..servers.len())
                    .filter(|n| {
                        let server = servers.get(*n);
                        server.is_some_and(|s| self.serves(s.operator, queue, call))
                    })
                    .collect(),
                rung: call.offer().and_then(|offer| of(&offer.operator)),
            })
            .filter(|ahead| {
                let mut theirs = ahead.servers.iter();
                ahead.rung.is_some()
                    || theirs.any(|n| servers.get(*n).is_some_and(|server| server.fits))
            })
            .chain(absent)
            .collect();
        let left_out = ahead.len().saturating_sub(PLAYED_AHEAD);
        ahead.truncate(PLAYED_AHEAD);
        (ahead, u64::try_from(left_out).unwrap_or(u64::MAX))
    }

    /// Those whose place is kept are served in their turn, by anybody of the queue.
    fn absent_ahead<'a>(&'a self, place: Option<Ticket>, servers: &[Server<'_>]) -> Vec<Ahead<'a>> {
        let queues = self.queues.values();
        let absent = queues.flat_map(|queue| self.absent(queue).map(move |kept| (queue, kept)));
        absent
            .filter(|(_, kept)| place.is_none_or(|place| kept.ticket < place))
            .map(|(queue, _)| Ahead {
                queue,
                servers: (0..servers.len())
                    .filter(|n| {
                        let server = servers.get(*n);
                        server.is_some_and(|s| s.operator.queues.contains(&queue.id))
                    })
                    .collect(),
                rung: None,
            })
            .filter(|ahead| {
                let mut theirs = ahead.servers.iter();
                theirs.any(|n| servers.get(*n).is_some_and(|server| server.fits))
            })
            .collect()
    }

    fn serves(&self, operator: &Operator, queue: &Queue, call: &Call) -> bool {
        let skills = call.wait().and_then(|wait| wait.circle());
        let skills = skills.map_or(&[][..], |circle| &circle.skills);
        operator.queues.contains(&queue.id) && operator.lacks(skills).is_none()
    }

    /// One possible future: how long until somebody answers.
    fn play(
        &self,
        (now, home): (Timestamp, &Queue),
        servers: &[Server<'_>],
        ahead: &[Ahead<'_>],
        dice: &mut Dice,
    ) -> Millis {
        let mut free_in: Vec<Millis> = servers
            .iter()
            .map(|server| self.busy_for(now, server.operator, home, dice))
            .collect();
        for caller in ahead {
            let handling = self.handling(caller.queue, dice);
            if let Some(free) = caller.rung.and_then(|n| free_in.get_mut(n)) {
                *free = handling;
                continue;
            }
            let mine = caller.servers.iter().copied();
            let next = mine.min_by_key(|n| free_in.get(*n).copied().unwrap_or(LONGEST));
            if let Some(free) = next.and_then(|n| free_in.get_mut(n))
                && caller.queue.seen.stays(*free, dice)
            {
                free.0 = free.0.saturating_add(handling.0);
            }
        }
        let mine = servers
            .iter()
            .zip(free_in)
            .filter(|(server, _)| server.fits);
        let first = mine.map(|(_, free)| free).min().unwrap_or(LONGEST);
        Millis(first.0.saturating_add(home.seen.ring(dice).0))
    }

    /// How long this operator is busy still.
    fn busy_for(
        &self,
        now: Timestamp,
        operator: &Operator,
        home: &Queue,
        dice: &mut Dice,
    ) -> Millis {
        let since = match (&operator.presence, &operator.serving) {
            (Presence::SignedOut | Presence::NotReady { .. } | Presence::Ready { .. }, _) => {
                return Millis(0);
            }
            (_, Some((_, since))) => *since,
            (presence, None) => presence.since().unwrap_or(now),
        };
        let queue = operator.serving.as_ref();
        let queue = queue.and_then(|(queue, _)| self.queues.get(queue));
        let (queue, spent) = (queue.unwrap_or(home), now.since(since));
        let prior = self.settings.handling_guess(&queue.id);
        queue.seen.rest(spent, prior, dice)
    }

    fn handling(&self, queue: &Queue, dice: &mut Dice) -> Millis {
        let prior = self.settings.handling_guess(&queue.id);
        queue.seen.handling(prior, dice)
    }
}

/// Outwards to what may be said: nobody is told less than it may take, in nine cases of ten.
fn rounded(middle: Millis, high: Millis) -> WaitRange {
    let edges = SAID_MIN.map(|min| Millis::from_s(min * 60));
    WaitRange {
        from_ms: edges
            .iter()
            .rev()
            .find(|edge| **edge <= middle)
            .copied()
            .unwrap_or_default(),
        to_ms: edges.iter().find(|edge| **edge >= high).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_rounded_outwards() {
        let said = |middle, high| {
            let range = rounded(Millis::from_s(middle), Millis::from_s(high));
            (
                range.from_ms.0 / 60_000,
                range.to_ms.map(|to| to.0 / 60_000),
            )
        };
        assert_eq!(said(0, 0), (0, Some(1)));
        assert_eq!(said(59, 61), (0, Some(2)));
        assert_eq!(said(250, 300), (3, Some(5)));
        assert_eq!(said(700, 1_801), (10, Some(45)));
        assert_eq!(said(4_000, 9_000), (60, None));
    }
}
