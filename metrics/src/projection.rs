//! The list of all projections.

use events::{Event, Record, Timestamp};

use crate::assistant::Assistant;
use crate::call_book::{CallBook, Fact};
use crate::calls::Calls;
use crate::cases::Cases;
use crate::consultations::Consultations;
use crate::dispositions::Dispositions;
use crate::guidance::Guidance;
use crate::keys::{Keys, Table};
use crate::media::Media;
use crate::notifications::Notifications;
use crate::operators::Operators;
use crate::queue_hours::QueueHours;
use crate::ratings::Ratings;
use crate::sheet::Sheet;
use crate::talks::Talks;
use crate::tasks::Tasks;
use crate::transcripts::Transcripts;
use crate::transfers::Transfers;
use crate::waits::Waiting;
use crate::waits_told::WaitsTold;

/// A fold over the journal. Records come in the journal's order, each once.
pub trait Projection {
    /// Takes the next record. Cannot fail: whatever stands in the journal has happened.
    fn apply(&mut self, record: &Record);
}

/// One question about calls, answered in one file. It gets each fact with the line and service it
/// belongs to, so that all questions agree on that.
pub(crate) trait Question {
    /// Takes the next fact.
    fn apply(&mut self, fact: &Fact<'_>);

    /// Writes the answer as samples.
    fn show(&self, keys: &Keys, now: Timestamp, sheet: &mut Sheet);
}

/// Every number of the product that follows from facts.
///
/// Two folds over the same records are equal (`==`), which is what `liniya replay` checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    pub(crate) book: CallBook,
    pub(crate) calls: Calls,
    pub(crate) waits: Waiting,
    pub(crate) waits_told: WaitsTold,
    pub(crate) transfers: Transfers,
    pub(crate) consultations: Consultations,
    pub(crate) transcripts: Transcripts,
    pub(crate) ratings: Ratings,
    pub(crate) talks: Talks,
    pub(crate) dispositions: Dispositions,
    pub(crate) assistant: Assistant,
    pub(crate) media: Media,
    pub(crate) operators: Operators,
    pub(crate) queue_hours: QueueHours,
    pub(crate) tasks: Tasks,
    pub(crate) cases: Cases,
    pub(crate) notifications: Notifications,
    pub(crate) guidance: Guidance,
    pub(crate) records: u64,
    pub(crate) last_seq: u64,
    pub(crate) last_at: Timestamp,
    pub(crate) starts: u64,
}

/// Sums over all lines and services, for checks and for the console's first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize)]
pub struct Totals {
    /// Callers who asked for a person.
    pub offered: u64,
    /// Of them, those an operator talked to.
    pub answered: u64,
    /// Of them, those nobody talked to and nobody will.
    pub unanswered: u64,
    /// Of them, those whose place is kept: they are called, in another call.
    pub kept: u64,
    /// Of them, those who wait for their first operator now.
    pub waiting: u64,
    /// Of them, those whose end is missing in the journal. Always 0 unless something is broken.
    pub vanished: u64,
    /// Handovers between operators.
    pub transfers: u64,
    /// Ratings of the service given.
    pub ratings: u64,
}

impl Totals {
    /// offered − answered − unanswered − kept − waiting: 0 unless something is broken.
    #[must_use]
    pub fn imbalance(&self) -> i64 {
        let closed = self.answered + self.unanswered + self.kept + self.waiting;
        i64::try_from(self.offered.abs_diff(closed)).unwrap_or(i64::MAX)
            * if self.offered < closed { -1 } else { 1 }
    }

    /// offered = answered + unanswered + kept + waiting, with nothing vanished.
    #[must_use]
    pub const fn balance(&self) -> bool {
        let closed = self.answered + self.unanswered + self.kept + self.waiting;
        self.vanished == 0 && self.offered == closed
    }
}

impl Projection for Numbers {
    fn apply(&mut self, record: &Record) {
        let fact = self.book.read(record);
        self.notifications.apply(&fact);
        if !fact.placed {
            self.calls.apply(&fact);
            self.waits.apply(&fact);
            self.waits_told.apply(&fact);
            self.transfers.apply(&fact);
            self.consultations.apply(&fact);
            self.transcripts.apply(&fact);
            self.ratings.apply(&fact);
            self.talks.apply(&fact);
            self.dispositions.apply(&fact);
            self.assistant.apply(&fact);
            self.media.apply(&fact);
            self.operators.apply(&fact);
        }
        self.queue_hours.apply(&fact);
        self.tasks.apply(&fact);
        self.cases.apply(&fact);
        self.guidance.apply(&fact);
        self.records += 1;
        self.last_seq = record.seq;
        self.last_at = self.last_at.max(record.at);
        if matches!(record.event, Event::ServerStarted { .. }) {
            self.starts += 1;
        }
    }
}

impl Numbers {
    /// Sums over all lines and services.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let (offered, answered, unanswered, vanished) = self.calls.totals();
        Totals {
            offered,
            answered,
            unanswered,
            vanished,
            kept: self.calls.kept(),
            waiting: self.waits.waiting(),
            transfers: self.transfers.total(),
            ratings: self.ratings.total(),
        }
    }

    /// How many laws were broken so far: facts about calls nobody heard of, wishes with two ends or
    /// none. Always 0 unless something is broken.
    #[must_use]
    pub const fn violations(&self) -> u64 {
        self.book.violations
    }

    /// The sequence number of the newest record; 0 before the first.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// The time of the newest record.
    #[must_use]
    pub const fn last_at(&self) -> Timestamp {
        self.last_at
    }

    /// How many operators are in a state now.
    #[must_use]
    pub fn operators_in(&self, state: crate::OperatorState) -> u64 {
        self.operators.in_state(state)
    }

    /// The longest present wait for a first operator, over all lines.
    #[must_use]
    pub fn longest_wait(&self, now: Timestamp) -> events::Millis {
        self.waits.longest(now)
    }

    /// Open calls per line and service.
    pub(crate) fn open_calls(&self) -> Table<u64> {
        let mut table = Table::default();
        for key in self.book.open() {
            *table.at(key) += 1;
        }
        table
    }

    /// Samples of every question.
    pub(crate) fn show(&self, now: Timestamp, sheet: &mut Sheet) {
        let keys = &self.book.keys;
        let questions: [&dyn Question; 17] = [
            &self.calls,
            &self.waits,
            &self.waits_told,
            &self.transfers,
            &self.consultations,
            &self.transcripts,
            &self.ratings,
            &self.talks,
            &self.dispositions,
            &self.assistant,
            &self.media,
            &self.operators,
            &self.queue_hours,
            &self.tasks,
            &self.cases,
            &self.notifications,
            &self.guidance,
        ];
        for question in questions {
            question.show(keys, now, sheet);
        }
    }
}
