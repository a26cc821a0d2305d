//! What each fact does to the row of its call.

use events::{DialoguePurpose, Event, LegRole, Millis, RatingScope, Record, Timestamp};

use super::CallRow;

impl CallRow {
    fn asks(&mut self, at: Timestamp) {
        if self.asked_at.is_none() {
            self.asked_at = Some(at);
            self.service_first = self.service_final.clone();
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one of three readers of a call's facts, each with its own"
    )]
    pub(super) fn follow_queue(&mut self, record: &Record) {
        let at = record.at;
        match &record.event {
            Event::LegAnswered { .. } => self.connected_at = Some(at),
            Event::ServiceChosen { service, .. } => {
                self.service_final = service.clone();
                if self.asked_at.is_none() {
                    self.service_first = service.clone();
                }
            }
            Event::QueueEntered { .. } => self.asks(at),
            Event::CallOffered { .. } => self.offers += 1,
            Event::OfferMissed { .. } => self.offers_missed += 1,
            Event::LegsBridged {
                operator, waits, ..
            } => {
                self.asks(at);
                if self.answered_at.is_none() && self.unanswered.is_none() {
                    self.answered_at = Some(at);
                    self.waits = *waits;
                }
                self.operators.push(operator.clone());
            }
            Event::CallUnanswered { cause, waits, .. } => {
                self.asks(at);
                if self.answered_at.is_none() && self.unanswered.is_none() {
                    self.unanswered = Some(*cause);
                    self.waits = *waits;
                }
            }
            Event::CallEnded { cause, waits, .. } => {
                self.end_hold(at);
                self.ended_at = Some(at);
                self.end_cause = Some(*cause);
                if self.answered_at.is_none() && self.unanswered.is_none() {
                    self.waits = *waits;
                }
            }
            _ => {}
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one of three readers of a call's facts, each with its own"
    )]
    pub(super) fn follow_talk(&mut self, record: &Record) {
        match &record.event {
            Event::RecordingStarted { file, .. } => self.recordings.push(file.clone()),
            Event::TalkHeld { .. } => self.held_since = self.held_since.or(Some(record.at)),
            Event::TalkResumed { .. } => self.end_hold(record.at),
            Event::CallTransferred { .. } => self.transfers += 1,
            Event::TalkEnded { talk_ms, .. } => {
                self.end_hold(record.at);
                self.talk_ms = Millis(self.talk_ms.0.saturating_add(talk_ms.0));
            }
            Event::DispositionSet {
                outcome,
                need,
                client,
                ..
            } => {
                self.outcome = Some(*outcome);
                self.need = Some(*need);
                self.client = client.or(self.client);
            }
            Event::CallRated {
                score,
                scope: RatingScope::Service,
                script_version,
                ..
            } => {
                self.rating = Some(*score);
                self.script_version = Some(script_version.clone());
            }
            Event::RatingSkipped { why, .. } => self.rating_skipped = Some(*why),
            _ => {}
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one of three readers of a call's facts, each with its own"
    )]
    pub(super) fn follow_assistant(&mut self, record: &Record) {
        match &record.event {
            Event::DialogueStarted {
                purpose: DialoguePurpose::Assistant,
                script,
                version,
                ..
            } => {
                self.assistant_script = Some(script.clone());
                self.assistant_version = Some(version.clone());
            }
            Event::DialogueEnded {
                purpose: DialoguePurpose::Assistant,
                outcome,
                notice_played,
                ..
            } => {
                self.assistant_outcome = Some(*outcome);
                self.notice_played |= notice_played;
            }
            Event::DialogueEnded { notice_played, .. } => self.notice_played |= notice_played,
            Event::LegMeasured {
                role: LegRole::Caller,
                report,
                ..
            } => {
                self.received_packets += report.received_packets;
                self.lost_packets += report.lost_packets;
            }
            _ => {}
        }
    }

    fn end_hold(&mut self, at: Timestamp) {
        if let Some(since) = self.held_since.take() {
            self.hold_ms = Millis(self.hold_ms.0.saturating_add(at.since(since).0));
        }
    }
}
