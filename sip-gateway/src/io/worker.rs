//! A media thread: sockets in, packets out, one tick for all of its legs.
//!
//! The tick of 20 ms is cut into four slots of 5 ms, a quarter of the legs in each, so that packets
//! leave in small groups. Legs whose packets nobody waits for are read once a slot (prompts and sums
//! do not care, and it saves a wake-up a packet); legs that are relayed and RTCP are read the moment
//! something arrives.
//! Nothing here allocates or locks for a packet.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use events::LegId;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::clock::MediaClock;
use super::counters::{PlaneFigures, Published};
use super::leg::Leg;
use super::reading::transmit;
use super::recording::{EventSink, Fed, Recorder};
use super::sys::{Batch, Poller, Ticker, Waker};
use crate::boundary::{MediaCommand, MediaEvent};
use crate::media::FRAME_SAMPLES;
use crate::media::rtp::MAX_PACKET;
use crate::media::session::{Hears, StreamStart};

const SLOTS_PER_TICK: u64 = 4;
const SLOT: Duration = Duration::from_millis(5);
/// 5 ms at 8 kHz.
const SAMPLES_PER_SLOT: u64 = 40;
/// Further behind than 100 ms, time is given up instead of made good in a burst.
const MOST_SLOTS_AT_ONCE: u64 = 20;
/// RTCP every 5 s (RFC 3550 §6.2), times 0.5 to 1.5.
const REPORT_TICKS: u64 = 250;

const TICKER: u64 = u64::MAX;
const WAKER: u64 = u64::MAX - 1;

/// What a media thread is told.
pub(super) enum Order {
    Command(MediaCommand),
    Stop,
}

/// What a media thread is made of.
pub(super) struct Setup {
    pub(super) clock: MediaClock,
    pub(super) seed: u64,
    pub(super) cname: String,
    pub(super) events: EventSink,
    pub(super) recorder: Recorder,
}

/// See the module.
pub(super) struct Worker {
    pub(super) setup: Setup,
    inbox: Receiver<Order>,
    waker: Arc<Waker>,
    published: Arc<Published>,
    ticker: Ticker,
    /// Waited on: ticker, waker, RTCP, legs that are relayed.
    pub(super) live: Poller,
    /// Looked at once a slot.
    pub(super) paced: Poller,
    /// Reused by every look.
    tokens: Vec<u64>,
    pub(super) batch: Batch,
    pub(super) packet: [u8; MAX_PACKET],
    pub(super) legs: Vec<Option<Box<Leg>>>,
    pub(super) place_of: BTreeMap<LegId, usize>,
    pub(super) free: Vec<usize>,
    pub(super) figures: PlaneFigures,
    rng: ChaCha12Rng,
    /// Slots since the start.
    slots: u64,
}

impl Worker {
    pub(super) fn new(
        setup: Setup,
        inbox: Receiver<Order>,
        waker: Arc<Waker>,
        published: Arc<Published>,
    ) -> io::Result<Self> {
        let (live, paced) = (Poller::new()?, Poller::new()?);
        let ticker = Ticker::new(SLOT)?;
        live.add(&ticker, TICKER)?;
        live.add(&*waker, WAKER)?;
        Ok(Self {
            rng: ChaCha12Rng::seed_from_u64(setup.seed),
            setup,
            inbox,
            waker,
            published,
            ticker,
            live,
            paced,
            tokens: Vec::new(),
            batch: Batch::new(),
            packet: [0; MAX_PACKET],
            legs: Vec::new(),
            place_of: BTreeMap::new(),
            free: Vec::new(),
            figures: PlaneFigures::default(),
            slots: 0,
        })
    }

    /// Until told to stop.
    pub(super) fn run(mut self) {
        let mut tokens = Vec::new();
        loop {
            if let Err(error) = self.live.wait(-1, &mut tokens) {
                tracing::error!(%error, "media thread cannot wait for packets; its legs are closed");
                break;
            }
            let mut told = false;
            for token in &tokens {
                match *token {
                    TICKER => self.pass_time(),
                    WAKER => told = true,
                    socket => self.read(socket),
                }
            }
            if told {
                self.waker.clear();
                if !self.obey() {
                    break;
                }
            }
        }
        self.close_all();
        self.publish();
    }

    /// Carries out what waits in the inbox; false once told to stop.
    fn obey(&mut self) -> bool {
        while let Ok(order) = self.inbox.try_recv() {
            match order {
                Order::Command(command) => self.command(command),
                Order::Stop => return false,
            }
        }
        self.publish();
        true
    }

    fn pass_time(&mut self) {
        let passed = self.ticker.passed();
        self.figures.late_slots += passed.saturating_sub(1);
        // In whole ticks, so that timestamps stay on their 20 ms grid.
        let skipped = passed
            .saturating_sub(MOST_SLOTS_AT_ONCE)
            .next_multiple_of(SLOTS_PER_TICK);
        self.figures.skipped_slots += skipped;
        self.slots += skipped;
        let mut tokens = std::mem::take(&mut self.tokens);
        for _ in 0..passed.saturating_sub(skipped) {
            self.slots += 1;
            self.read_paced(&mut tokens);
            self.slot();
        }
        self.tokens = tokens;
        self.publish();
    }

    fn read_paced(&mut self, tokens: &mut Vec<u64>) {
        if let Err(error) = self.paced.wait(0, tokens) {
            tracing::error!(%error, "media thread cannot look for packets");
            return;
        }
        for token in tokens.iter() {
            self.read(*token);
        }
    }

    /// The legs whose turn this slot is.
    fn slot(&mut self) {
        let every = usize::try_from(SLOTS_PER_TICK).unwrap_or(1);
        let first = usize::try_from(self.slots % SLOTS_PER_TICK).unwrap_or(0);
        for place in (first..self.legs.len()).step_by(every) {
            self.tick(place);
        }
    }

    /// The 20 ms sample clock of RTP timestamps.
    pub(super) fn samples(&self) -> u32 {
        let samples = self.slots.wrapping_mul(SAMPLES_PER_SLOT);
        u32::try_from(samples & u64::from(u32::MAX)).unwrap_or(0)
    }

    /// Ticks of 20 ms since the start.
    pub(super) const fn ticks(&self) -> u64 {
        self.slots / SLOTS_PER_TICK
    }

    fn tick(&mut self, place: usize) {
        let (clock, tick) = (self.samples(), self.ticks());
        let seat = self.seat(place);
        let sum = seat.mixes().then(|| self.sum(seat.hears.iter()));
        let Some(Some(leg)) = self.legs.get_mut(place) else {
            return;
        };
        leg.taken = 0;
        let sum = sum.map(|sum| sum.limited(&mut leg.limiters.0));
        let hears = match &sum {
            Some(sum) => Hears::Sum(sum),
            None if seat.hears.is_empty() => Hears::Nobody,
            None => Hears::Relay,
        };
        let ticked = leg.session.tick(clock, tick, hears, &mut self.packet);
        if let Some(len) = ticked.send {
            transmit(leg, &self.packet, len, &mut self.figures);
        }
        let (id, report_due) = (leg.id, tick >= leg.report_tick);
        if let Some(play) = ticked.ended {
            (self.setup.events)(MediaEvent::PromptEnded { leg: id, play });
        }
        self.feed_listeners(place);
        if report_due {
            self.report(place, false);
        }
        self.set_pace(place);
    }

    /// Gives the decoded frame, with what the leg hears of the others of its room, to the tap and the
    /// recorder. While the caller is on hold, neither what the caller says to nobody nor what the others
    /// say among themselves is recorded.
    fn feed_listeners(&mut self, place: usize) {
        let Some(Some(leg)) = self.legs.get_mut(place) else {
            return;
        };
        leg.session.pull(&mut leg.heard);
        if leg.tap.is_none() && leg.recording.is_none() {
            return;
        }
        let seat = leg.room;
        let others = self.sum(seat.hears.iter());
        let Some(Some(leg)) = self.legs.get_mut(place) else {
            return;
        };
        let others = others.limited(&mut leg.limiters.1);
        if let Some(tap) = &mut leg.tap
            && !tap.push(&leg.heard, &leg.session, &others)
        {
            self.figures.tap_dropped_frames += 1;
        }
        let Some(mut feed) = leg.recording.take() else {
            return;
        };
        let caller = match seat.heard_by.is_empty() {
            true => [0; FRAME_SAMPLES],
            false => leg.heard,
        };
        match feed.push(&caller, &others) {
            Fed::Taken => {}
            Fed::Dropped => self.figures.recording_dropped_frames += 1,
            Fed::Gone => return self.refresh_listening(place),
        }
        leg.recording = Some(feed);
    }

    /// Sends an RTCP report and sets the time of the next.
    pub(super) fn report(&mut self, place: usize, bye: bool) {
        let ntp = self.setup.clock.ntp(self.setup.clock.read().us);
        let clock = self.samples();
        let wait = REPORT_TICKS / 2 + u64::from(self.rng.next_u32()) % REPORT_TICKS;
        let next = self.ticks() + wait;
        let Some(Some(leg)) = self.legs.get_mut(place) else {
            return;
        };
        let first = leg.report_tick == 0;
        leg.report_tick = next;
        if first && !bye {
            return;
        }
        let written =
            leg.session
                .write_rtcp((ntp, clock), &self.setup.cname, bye, &mut self.packet);
        if let (Some(len), Some(to)) = (written, leg.session.rtcp_destination())
            && let Some(octets) = self.packet.get(..len)
        {
            // A report that cannot be sent is followed by the next.
            let _ = leg.rtcp.send_to(octets, to);
        }
    }

    /// The random numbers of a new stream.
    pub(super) fn stream_start(&mut self) -> StreamStart {
        StreamStart {
            ssrc: self.rng.next_u32(),
            sequence: u16::try_from(self.rng.next_u32() >> 16).unwrap_or(0),
            clock_shift: self.rng.next_u32(),
        }
    }

    fn publish(&mut self) {
        self.figures.legs = self.place_of.len() as u64;
        self.published.publish(&self.figures);
    }
}
