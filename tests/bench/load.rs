//! Callers and operators' phones on one thread: what is due is sent, what came is read, every
//! millisecond at the latest.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use crate::callers::Callers;
use crate::media::Media;
use crate::phones::Phones;
use crate::process::{Sample, Usage};
use crate::wire::{Wire, now_ns};

/// The longest sleep of the loop.
const PAUSE_NS: u64 = 500_000;

/// What a caller wants once the call stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To hang up at once.
    Nothing,
    /// To listen to the assistant.
    Assistant,
    /// To ask for a person by key 0.
    Person,
}

/// What a caller does.
#[derive(Clone, Copy)]
pub(crate) struct Behaviour {
    pub(crate) line: &'static str,
    pub(crate) wish: Wish,
    /// Send 50 packets a second.
    pub(crate) speaks: bool,
}

/// How the operators' phones behave.
#[derive(Clone, Copy, Default)]
pub(crate) struct Manners {
    pub(crate) ring_ms: u64,
    /// Hang up after so long; never, if none.
    pub(crate) talk_ms: Option<(u64, u64)>,
    pub(crate) speaks: bool,
}

/// What is due some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// Send a caller's request again, unless it was answered: which try it is.
    Again(usize, u32),
    /// A caller presses 0.
    Key(usize),
    /// A phone is picked up; the number of its ring.
    PickUp(usize, u32),
    /// A phone's 200 was not acknowledged.
    PickUpAgain(usize, u32),
    /// A phone is hung up.
    HangUp(usize, u32),
}

/// What is due, soonest first.
#[derive(Default)]
pub(crate) struct Agenda(BinaryHeap<Reverse<(u64, Due)>>);

impl Agenda {
    pub(crate) fn at(&mut self, at_ns: u64, due: Due) {
        self.0.push(Reverse((at_ns, due)));
    }

    fn pop(&mut self, now: u64) -> Option<Due> {
        let Reverse((at, due)) = *self.0.peek()?;
        (at <= now).then(|| {
            self.0.pop();
            due
        })
    }
}

/// Calls offered evenly.
struct Arrivals {
    next_ns: u64,
    every_ns: u64,
    left: usize,
    behaviour: Behaviour,
}

/// The whole load.
pub(crate) struct Load {
    server: u32,
    pub(crate) callers: Callers,
    pub(crate) phones: Phones,
    pub(crate) media: Media,
    agenda: Agenda,
    arrivals: Option<Arrivals>,
}

impl Load {
    pub(crate) fn new(server: u32, operators: usize, manners: Manners) -> Self {
        Self {
            server,
            callers: Callers::new(Wire::open(6000)),
            phones: Phones::new(Wire::open(crate::config::PHONES_PORT), operators, manners),
            media: Media::new(Wire::open(6002), Wire::open(7002)),
            agenda: Agenda::default(),
            arrivals: None,
        }
    }

    /// From now on `count` calls, `rate` a second.
    pub(crate) fn offer(&mut self, rate: usize, count: usize, behaviour: Behaviour) {
        let every_ns = 1_000_000_000 / u64::try_from(rate).unwrap();
        self.arrivals = Some(Arrivals {
            next_ns: now_ns(),
            every_ns,
            left: count,
            behaviour,
        });
    }

    /// Lets time pass until `done`, at most this long. True if it was done.
    pub(crate) fn until(&mut self, limit: Duration, mut done: impl FnMut(&Self) -> bool) -> bool {
        let end = now_ns() + u64::try_from(limit.as_nanos()).unwrap();
        while !done(self) {
            if now_ns() >= end {
                return false;
            }
            self.turn();
        }
        true
    }

    pub(crate) fn pass(&mut self, time: Duration) {
        self.until(time, |_| false);
    }

    /// Lets time pass and says what was used meanwhile; the media are metered.
    pub(crate) fn measure(&mut self, time: Duration) -> Usage {
        self.media.meter(true);
        let before = self.sample();
        self.pass(time);
        let usage = before.until(&self.sample());
        self.media.meter(false);
        usage
    }

    pub(crate) fn sample(&self) -> Sample {
        Sample::take(self.server)
    }

    /// Every caller hangs up.
    pub(crate) fn hang_up(&mut self) {
        self.callers.leave_all(&mut self.agenda, &mut self.media);
    }

    /// All calls of an offer were begun.
    pub(crate) fn all_offered(&self) -> bool {
        self.arrivals.is_none()
    }

    fn turn(&mut self) {
        while self.callers.read(&mut self.agenda, &mut self.media) {}
        while self.phones.read(&mut self.agenda, &mut self.media) {}
        self.media.read();
        let now = now_ns();
        self.arrive(now);
        while let Some(due) = self.agenda.pop(now) {
            match due {
                Due::Again(..) | Due::Key(_) => self.callers.due(due, &mut self.agenda),
                Due::PickUp(..) | Due::PickUpAgain(..) | Due::HangUp(..) => {
                    self.phones.due(due, &mut self.agenda, &mut self.media);
                }
            }
        }
        self.media.send(now);
        let next = self.next_ns(now_ns());
        std::thread::sleep(Duration::from_nanos(next));
    }

    fn arrive(&mut self, now: u64) {
        let Some(arrivals) = &mut self.arrivals else {
            return;
        };
        while arrivals.left > 0 && arrivals.next_ns <= now {
            arrivals.left -= 1;
            arrivals.next_ns += arrivals.every_ns;
            self.callers.dial(arrivals.behaviour, &mut self.agenda);
        }
        if arrivals.left == 0 {
            self.arrivals = None;
        }
    }

    /// How long nothing is due.
    fn next_ns(&self, now: u64) -> u64 {
        let arrival = self.arrivals.as_ref().map(|a| a.next_ns);
        let due = self.agenda.0.peek().map(|Reverse((at, _))| *at);
        let next = [arrival, due]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(u64::MAX);
        next.saturating_sub(now).min(PAUSE_NS)
    }
}
