//! What the administrator may choose. `decide` reads it; `apply` never does, so a journal replays
//! to the same state under other settings.

use std::collections::{BTreeMap, BTreeSet};

use events::{
    Catalogue, Circle, LineCard, LineId, Millis, NotReadyReason, OperatorId, PauseCard, QueueCard,
    QueueId, ServiceId, SkillCard, SkillLevel, Strategy,
};

/// Everything the rules depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// By line.
    pub lines: BTreeMap<LineId, LineSettings>,
    /// By queue.
    pub queues: BTreeMap<QueueId, QueueSettings>,
    /// Operators who serve no queue and are reached by transfer only.
    pub specialists: Vec<OperatorId>,
    /// Who may come into others' talks.
    pub supervisors: BTreeSet<OperatorId>,
    /// What operators know.
    pub skills: BTreeMap<OperatorId, Vec<SkillLevel>>,
    /// Why operators may pause, and for how long.
    pub pauses: Vec<PauseCard>,
    /// The operators' script version of each service: stands in every rating (row #8).
    pub script_versions: BTreeMap<ServiceId, String>,
    /// Whether an operator who let a call ring out becomes not ready (`rona`). If not, they go to
    /// the end of the line of free operators. A declined or dropped call always makes not ready.
    pub not_ready_after_ring_timeout: bool,
    /// How long a number outside is rung for a caller or an operator.
    pub outside_ring: Millis,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSettings {
    /// Where its callers wait.
    pub queue: QueueId,
    /// Its services, without «не определена».
    pub services: Vec<ServiceId>,
    /// Whether conversations are recorded (the switchboard asks).
    pub recording: bool,
    /// Whether the caller is asked for a rating after the operator hung up.
    pub rating: bool,
    /// 0–9: how many times the queue's `priority_worth` its callers stand ahead.
    pub priority: u8,
}

/// One queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueSettings {
    /// Who serves it; the order is that of round robin and linear.
    pub operators: Vec<OperatorId>,
    /// How the operator is chosen among the free ones.
    pub strategy: Strategy,
    /// Ring all: how many phones ring for one caller at once, at most.
    pub ring_at_once: usize,
    /// A level of priority counts as so long a wait, so a caller of any priority is overtaken for
    /// a limited time only.
    pub priority_worth: Millis,
    /// Which skills callers need. The first that names the caller's service holds.
    pub needs: Vec<Need>,
    /// Who gives up and calls again within this time has their place again; 0 for never.
    pub resume_within: Millis,
    /// The operator who talked with this number so long ago is preferred; 0 for never.
    pub preferred_within: Millis,
    /// The caller waits so long for that operator alone, if they are at work.
    pub preferred_wait: Millis,
    /// How long an operator's phone rings before the next operator is tried; at least 1 s.
    pub ring_timeout: Millis,
    /// Time for after-call work; it ends earlier by hand, and never without a disposition.
    pub wrap_up: Millis,
    /// How much longer after-call work lasts if the operator asks for more time.
    pub wrap_up_more: Millis,
    /// How often they may ask after one call; 0 for never.
    pub wrap_up_extensions: u8,
    /// A caller who waited this long is told that nobody can answer; at least 1 s.
    pub max_wait: Millis,
    /// A caller who finds this many in the queue, and nobody free, goes on to `overflow_to`; if
    /// there is no such queue or it can take nobody, they are told that nobody can answer.
    pub capacity: usize,
    /// Where callers go on, keeping their place, if the wait is long or the queue full.
    pub overflow_to: Option<QueueId>,
    /// After this wait; 0 for never.
    pub overflow_after: Millis,
    /// At once, if the wait expected is longer than this and shorter there; 0 for never.
    pub overflow_expected: Millis,
    /// How long one caller takes, while too little has been seen to know.
    pub handling_guess: Millis,
    /// Callers who may have to wait longer are asked whether to be called back; never if none.
    pub callback_norm: Option<Millis>,
    /// Whether an operator is held free while the house calls back, so that whoever answers need not
    /// wait. If not, it calls when one is about to be free.
    pub callback_holds_operator: bool,
    /// What happens to callers while nobody is signed in.
    pub when_nobody_is_signed_in: Nobody,
}

/// The skills that callers about some services need, relaxed while they wait («bullseye»).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// These services; all if empty.
    pub services: BTreeSet<ServiceId>,
    /// Wider and wider, by the wait in the queue; the first after 0.
    pub circles: Vec<Circle>,
}

/// What callers do in a queue that no operator is signed in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nobody {
    /// They wait.
    Wait,
    /// They are told that nobody can answer.
    Leave,
}

impl LineSettings {
    /// A line with recording and rating on.
    pub fn new<S: Into<ServiceId>>(
        queue: impl Into<QueueId>,
        services: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            queue: queue.into(),
            services: services.into_iter().map(Into::into).collect(),
            recording: true,
            rating: true,
            priority: 0,
        }
    }

    /// The service of a call at the door: known if there is only one.
    #[must_use]
    pub fn service_at_the_door(&self) -> ServiceId {
        match self.services.as_slice() {
            [only] => only.clone(),
            _ => ServiceId::undetermined(),
        }
    }
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            operators: Vec::new(),
            strategy: Strategy::LongestIdle,
            ring_at_once: 10,
            priority_worth: Millis::from_s(60),
            needs: Vec::new(),
            resume_within: Millis::from_s(60),
            preferred_within: Millis(0),
            preferred_wait: Millis(0),
            ring_timeout: Millis::from_s(20),
            wrap_up: Millis::from_s(60),
            wrap_up_more: Millis::from_s(60),
            wrap_up_extensions: 0,
            max_wait: Millis::from_s(1_800),
            capacity: 1_000,
            overflow_to: None,
            overflow_after: Millis(0),
            overflow_expected: Millis(0),
            handling_guess: Millis::from_s(240),
            callback_norm: None,
            callback_holds_operator: false,
            when_nobody_is_signed_in: Nobody::Wait,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lines: BTreeMap::new(),
            queues: BTreeMap::new(),
            specialists: Vec::new(),
            supervisors: BTreeSet::new(),
            skills: BTreeMap::new(),
            pauses: PauseCard::usual(),
            script_versions: BTreeMap::new(),
            not_ready_after_ring_timeout: true,
            outside_ring: Millis::from_s(45),
        }
    }
}

impl Settings {
    /// The lists for [`events::Event::CatalogueLoaded`]: apply it at start and after each change.
    #[must_use]
    pub fn catalogue(&self) -> Catalogue {
        let lines = self.lines.iter().map(|(line, of)| LineCard {
            line: line.clone(),
            services: of.services.clone(),
            queue: of.queue.clone(),
        });
        let queues = self.queues.iter().map(|(queue, of)| QueueCard {
            queue: queue.clone(),
            operators: of.operators.clone(),
            strategy: of.strategy,
        });
        let skills = self.skills.iter().map(|(operator, skills)| SkillCard {
            operator: operator.clone(),
            skills: skills.clone(),
        });
        let serving = self.queues.values().flat_map(|of| &of.operators);
        let everybody: BTreeSet<&OperatorId> = serving.chain(&self.specialists).collect();
        Catalogue {
            lines: lines.collect(),
            queues: queues.collect(),
            operators: everybody.into_iter().cloned().collect(),
            skills: skills.collect(),
            pauses: self.pauses.clone(),
        }
    }

    /// One setting of a queue; `or` for a queue that left the configuration with callers in it.
    pub(crate) fn of<T>(&self, queue: &QueueId, or: T, read: impl Fn(&QueueSettings) -> T) -> T {
        self.queues.get(queue).map_or(or, read)
    }

    /// Below a second, an operator nobody set aside could be rung again within the same instant.
    pub(crate) fn ring_timeout(&self, queue: &QueueId) -> Millis {
        let of = self.of(queue, Millis::from_s(20), |q| q.ring_timeout);
        of.max(Millis::from_s(1))
    }

    pub(crate) fn max_wait(&self, queue: &QueueId) -> Millis {
        let of = self.of(queue, Millis::from_s(1_800), |q| q.max_wait);
        of.max(Millis::from_s(1))
    }

    pub(crate) fn wrap_up(&self, queue: &QueueId) -> Millis {
        self.of(queue, Millis::from_s(60), |q| q.wrap_up)
    }

    /// How often after-call work may be extended; never if it would be by nothing.
    pub(crate) fn wrap_up_extensions(&self, queue: &QueueId) -> u8 {
        self.of(queue, 0, |q| match q.wrap_up_more {
            Millis(0) => 0,
            Millis(_) => q.wrap_up_extensions,
        })
    }

    pub(crate) fn wrap_up_more(&self, queue: &QueueId) -> Millis {
        self.of(queue, Millis(0), |q| q.wrap_up_more)
    }

    /// A pause that operators may choose.
    pub(crate) fn pause(&self, reason: NotReadyReason) -> Option<&PauseCard> {
        self.pauses.iter().find(|pause| pause.reason == reason)
    }

    pub(crate) fn capacity(&self, queue: &QueueId) -> usize {
        self.of(queue, usize::MAX, |q| q.capacity)
    }

    pub(crate) fn nobody(&self, queue: &QueueId) -> Nobody {
        self.of(queue, Nobody::Wait, |q| q.when_nobody_is_signed_in)
    }

    pub(crate) fn handling_guess(&self, queue: &QueueId) -> Millis {
        self.of(queue, Millis::from_s(240), |q| q.handling_guess)
    }

    pub(crate) fn callback_norm(&self, queue: &QueueId) -> Option<Millis> {
        self.of(queue, None, |q| q.callback_norm)
    }

    pub(crate) fn holds_operator(&self, queue: &QueueId) -> bool {
        self.of(queue, false, |q| q.callback_holds_operator)
    }

    pub(crate) fn ring_at_once(&self, queue: &QueueId) -> usize {
        self.of(queue, 1, |q| q.ring_at_once).max(1)
    }

    pub(crate) fn script_version(&self, service: &ServiceId) -> String {
        let version = self.script_versions.get(service).cloned();
        version.unwrap_or_else(|| "none".to_owned())
    }

    pub(crate) fn rates(&self, line: &LineId) -> bool {
        self.lines.get(line).is_some_and(|line| line.rating)
    }
}
