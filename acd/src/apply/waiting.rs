//! What facts about a wait and its offers change.

use events::{CallId, CaseId, MissedWhy, OperatorId, QueueId, Timestamp, Waits};

use crate::Ticket;
use crate::acd::Acd;
use crate::call::{Offer, Stage, Wait, Waited};
use crate::kept::Kept;
use crate::operator::Presence;

impl Acd {
    pub(super) fn enter(&mut self, at: Timestamp, id: CallId, queue: &QueueId, wait: Wait) {
        let Some(call) = self.calls.get(&id) else {
            return;
        };
        if let Some(number) = call
            .caller
            .as_ref()
            .filter(|_| wait.terms.resumes.is_some())
        {
            self.given_up.remove(number);
        }
        if let Some(case) = wait.terms.keeps {
            self.kept.reach(case, id);
        }
        if call.ticket.is_none() {
            self.tickets += 1;
            self.totals.offered += 1;
        }
        let ahead_us = wait.terms.ahead_ms.0.saturating_mul(1_000);
        let ticket = call.ticket.unwrap_or(Ticket {
            order: Timestamp(at.0.saturating_sub_unsigned(ahead_us)),
            number: self.tickets,
            entered: at,
        });
        self.change_call(id, |call| {
            call.ticket = Some(ticket);
            call.queue = Some(queue.clone());
            call.been.push(queue.clone());
            call.stage = Stage::Waiting(wait);
        });
    }

    pub(super) fn open(&mut self, queue: &QueueId, open: bool) {
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.closed = !open;
        }
    }

    /// The wait of this call is over, the place stays.
    pub(super) fn keep(
        &mut self,
        id: CallId,
        (case, queue): (CaseId, &QueueId),
        holds_operator: bool,
        waits: Waits,
    ) {
        let Some(call) = self.calls.get(&id) else {
            return;
        };
        if let Some(ticket) = call.ticket {
            self.kept.keep(Kept {
                case,
                queue: queue.clone(),
                line: call.line.clone(),
                service: call.service.clone(),
                ticket,
                holds_operator,
                number: call.caller.clone(),
                under: None,
                fresh: true,
            });
        }
        self.totals.kept += 1;
        self.change_call(id, |call| {
            call.waited = Waited::Kept(waits);
            call.stage = Stage::Farewell;
        });
    }

    pub(super) fn offer(&mut self, at: Timestamp, id: CallId, to: &OperatorId, until: Timestamp) {
        let offer = Offer {
            operator: to.clone(),
            since: at,
            until,
            ringing: false,
            accepted: false,
        };
        let mut chosen = None;
        self.change_call(id, |call| {
            if let Stage::Waiting(wait) = &mut call.stage {
                wait.offers.push(offer);
                chosen = call.queue.clone().filter(|_| wait.wanted.is_none());
            }
        });
        if let Some(queue) = chosen.and_then(|queue| self.queues.get_mut(&queue)) {
            queue.last = Some(to.clone());
        }
        self.change_operator(to, |operator| {
            operator.presence = Presence::Ringing {
                call: id,
                since: at,
                idle_since: operator.presence.since().unwrap_or(at),
            };
        });
    }

    pub(super) fn accept(&mut self, at: Timestamp, id: CallId, by: &OperatorId) {
        self.change_offer(id, by, |offer| {
            offer.accepted = true;
            // The bridge may take as long as the ring might have.
            offer.until = at + offer.until.since(offer.since);
        });
        self.change_operator(by, |operator| {
            if let Presence::Ringing { idle_since, .. } = operator.presence {
                operator.presence = Presence::Connecting {
                    call: id,
                    since: at,
                    idle_since,
                    then: None,
                };
            }
        });
    }

    /// The caller keeps the place; the operator is free again since when they were.
    pub(super) fn miss(&mut self, id: CallId, by: &OperatorId, why: MissedWhy) {
        self.change_call(id, |call| {
            if let Stage::Waiting(wait) = &mut call.stage {
                let lost = wait.offers.iter().find(|offer| offer.operator == *by);
                if let (Some(lost), MissedWhy::Failure | MissedWhy::CallerLeft) = (lost, why) {
                    let before = wait.lost_ring.unwrap_or(lost.since);
                    wait.lost_ring = Some(before.min(lost.since));
                }
                wait.offers.retain(|offer| offer.operator != *by);
                wait.wanted = None;
            }
        });
        self.change_operator(by, |operator| {
            if let Presence::Ringing { idle_since, .. } | Presence::Connecting { idle_since, .. } =
                operator.presence
            {
                operator.presence = Presence::Ready { since: idle_since };
            }
        });
    }

    pub(super) fn change_offer(
        &mut self,
        id: CallId,
        of: &OperatorId,
        change: impl FnOnce(&mut Offer),
    ) {
        self.change_call(id, |call| {
            if let Stage::Waiting(wait) = &mut call.stage
                && let Some(offer) = wait.offers.iter_mut().find(|o| o.operator == *of)
            {
                change(offer);
            }
        });
    }
}
