//! What the desk remembers of an operator.

use std::collections::{BTreeMap, BTreeSet};

use events::{
    CallId, CallOutcome, ClientType, Millis, MissedWhy, NeedCode, NotReadyReason, OperatorId,
    ScriptId, Timestamp,
};

use super::today::OperatorToday;

#[derive(Clone, Debug, Default)]
pub(super) struct Operator {
    pub(super) phone_up: bool,
    pub(super) presence: Presence,
    /// Since when the presence, or its stage, is what it is.
    pub(super) since: Option<Timestamp>,
    /// A pause asked for during a call: it begins after the after-call work.
    pub(super) then: Option<NotReadyReason>,
    pub(super) today: OperatorToday,
    /// The call that rang here too and that somebody else answered.
    pub(super) lost: Option<Lost>,
}

/// A call that somebody else answered.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    pub(super) call: CallId,
    pub(super) at: Timestamp,
    pub(super) by: Option<OperatorId>,
}

impl Lost {
    pub(super) const fn new(call: CallId, at: Timestamp) -> Self {
        Self { call, at, by: None }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) enum Presence {
    #[default]
    SignedOut,
    NotReady {
        reason: NotReadyReason,
        /// When the pause should be over.
        until: Option<Timestamp>,
    },
    Ready,
    Busy(Task),
}

/// An operator's work on one call.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) call: CallId,
    pub(super) stage: Stage,
    /// Free since: where the operator stands again when the offer comes to nothing.
    idle_since: Option<Timestamp>,
    pub(super) talk_since: Option<Timestamp>,
    pub(super) talk_ms: Option<Millis>,
    pub(super) handed_over: bool,
    pub(super) ticks: BTreeSet<(ScriptId, String)>,
    /// The branches taken, by their step.
    pub(super) answers: BTreeMap<(ScriptId, String), String>,
    /// Steps said in other words.
    pub(super) own_words: BTreeSet<(ScriptId, String)>,
    pub(super) disposition: Option<(CallOutcome, NeedCode, Option<ClientType>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Ringing {
        until: Timestamp,
    },
    Connecting,
    Talking,
    /// Consulted by another operator, and answered.
    Consulted,
    WrapUp {
        until: Timestamp,
        extensions: u8,
    },
}

impl Task {
    pub(super) const fn new(call: CallId, stage: Stage) -> Self {
        Self {
            call,
            stage,
            idle_since: None,
            talk_since: None,
            talk_ms: None,
            handed_over: false,
            ticks: BTreeSet::new(),
            answers: BTreeMap::new(),
            own_words: BTreeSet::new(),
            disposition: None,
        }
    }

    pub(super) fn tick(&mut self, script: &ScriptId, step: &str, done: bool) {
        let tick = (script.clone(), step.to_owned());
        if done {
            self.ticks.insert(tick);
        } else {
            self.ticks.remove(&tick);
            self.own_words.remove(&tick);
        }
    }
}

impl Operator {
    pub(super) const fn task(&self) -> Option<&Task> {
        match &self.presence {
            Presence::Busy(task) => Some(task),
            Presence::SignedOut | Presence::NotReady { .. } | Presence::Ready => None,
        }
    }

    pub(super) const fn task_mut(&mut self) -> Option<&mut Task> {
        match &mut self.presence {
            Presence::Busy(task) => Some(task),
            Presence::SignedOut | Presence::NotReady { .. } | Presence::Ready => None,
        }
    }

    pub(super) fn become_(&mut self, presence: Presence, at: Timestamp) {
        self.presence = presence;
        self.since = Some(at);
        self.then = None;
    }

    pub(super) fn begin(&mut self, mut task: Task, at: Timestamp) {
        self.lost = None;
        task.idle_since = self.since;
        self.become_(Presence::Busy(task), at);
    }

    pub(super) fn stage(&mut self, stage: Stage, at: Timestamp) {
        self.since = Some(at);
        if let Some(task) = self.task_mut() {
            task.stage = stage;
            if stage == Stage::Talking {
                task.talk_since = Some(at);
            }
        }
    }

    /// The offer came to nothing: free again, since when they were.
    pub(super) fn miss(&mut self) {
        if let Presence::Busy(Task {
            stage: Stage::Ringing { .. } | Stage::Connecting,
            ..
        }) = self.presence
        {
            let idle_since = self.task().and_then(|task| task.idle_since);
            self.presence = Presence::Ready;
            self.since = idle_since;
            self.then = None;
        }
    }

    /// No longer consulted: free since they were before, if the phone only rang.
    pub(super) fn released(&mut self, at: Timestamp) {
        self.miss();
        if let Presence::Busy(Task {
            stage: Stage::Consulted,
            ..
        }) = self.presence
        {
            self.become_(Presence::Ready, at);
        }
    }

    pub(super) fn part(&mut self, at: Timestamp, talk_ms: Millis, handed_over: bool) {
        let stage = Stage::WrapUp {
            until: at,
            extensions: 0,
        };
        self.stage(stage, at);
        if let Some(task) = self.task_mut() {
            task.talk_ms = Some(talk_ms);
            task.handed_over = handed_over;
        }
    }

    pub(super) fn wrap_up_until(&mut self, until: Timestamp, extensions: u8) {
        if let Some(task) = self.task_mut() {
            task.stage = Stage::WrapUp { until, extensions };
        }
    }

    /// Ready or not: at once, or for after the call the operator is busy with. A ringing phone is
    /// no reason to wait: whoever pauses then stops the ringing.
    pub(super) fn announce(&mut self, pause: Option<NotReadyReason>, now: Presence, at: Timestamp) {
        match &self.presence {
            Presence::Busy(Task {
                stage: Stage::Connecting | Stage::Talking | Stage::Consulted | Stage::WrapUp { .. },
                ..
            }) => self.then = pause,
            Presence::Busy(Task {
                stage: Stage::Ringing { .. },
                ..
            })
            | Presence::SignedOut
            | Presence::NotReady { .. }
            | Presence::Ready => self.become_(now, at),
        }
    }
}

/// Whether an offer that came to nothing is the operator's miss.
pub(super) const fn counts_as_missed(why: MissedWhy) -> bool {
    match why {
        MissedWhy::RingTimeout
        | MissedWhy::Declined
        | MissedWhy::Busy
        | MissedWhy::Unreachable
        | MissedWhy::AnsweredAndDropped
        | MissedWhy::OperatorLeft => true,
        MissedWhy::CallerLeft | MissedWhy::AnsweredByAnother | MissedWhy::Failure => false,
    }
}
