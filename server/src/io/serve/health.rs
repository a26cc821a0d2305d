//! Figures that are no facts, gathered at a scrape.

use std::sync::{Arc, PoisonError, RwLock, Weak};

use cases::io::status::Registers;
use events::Date;
use ivr::io::{RecogniserState, Recognisers, Refusal, Voice};
use metrics::io::Ingest;
use metrics::{BrowserFigures, Direction, Health, ProcessFigures, RegisterFigure, SpeakingFigures};
use sip_gateway::gateway::GatewayStats;
use sip_gateway::io::{MediaPlane, WebRtcPlane};

use crate::desk::Desk;
use crate::io::clock::Clock;
use crate::io::engine::Inbox;
use crate::io::reload::Reloader;
use crate::io::shelf::ScriptShelf;
use crate::organisation::Organisation;

/// Where they come from. What must end with the service is only looked at: a request that is being
/// answered keeps neither recordings nor the database open.
pub(super) struct Sources {
    pub(super) inbox: Inbox,
    pub(super) plane: Weak<MediaPlane>,
    pub(super) browsers: Option<Weak<WebRtcPlane>>,
    pub(super) recognisers: Arc<Recognisers>,
    pub(super) voice: Arc<Voice>,
    pub(super) ingest: Weak<Ingest>,
    pub(super) registers: Arc<Registers>,
    pub(super) reloader: Arc<Reloader>,
    pub(super) learning: Learning,
}

/// What tells whose training is overdue.
pub(super) struct Learning {
    shelf: Arc<ScriptShelf>,
    desk: Arc<RwLock<Desk>>,
    utc_offset_min: i16,
    clock: Clock,
}

impl Learning {
    pub(super) fn of(
        shelf: &Arc<ScriptShelf>,
        desk: &Arc<RwLock<Desk>>,
        (organisation, clock): (&Organisation, Clock),
    ) -> Self {
        Self {
            shelf: Arc::clone(shelf),
            desk: Arc::clone(desk),
            utc_offset_min: organisation.utc_offset_min,
            clock,
        }
    }

    fn overdue(&self) -> u64 {
        let today = Date::at(self.clock.now(), self.utc_offset_min);
        let handbook = self.shelf.handbook();
        let desk = self.desk.read().unwrap_or_else(PoisonError::into_inner);
        let training = &handbook.training;
        training.overdue(desk.training(), desk.organisation(), today)
    }
}

impl Sources {
    /// Brings everything up to date; what the committer counts (fsyncs, bytes) stays.
    pub(super) fn fill(&self, health: &mut Health) {
        if let Some(sip) = self.inbox.look(|switchboard| switchboard.sip().stats()) {
            fill_sip(health, &sip);
        }
        if let Some(plane) = self.plane.upgrade() {
            let media = plane.figures();
            health.media_received_packets = media.packets_received;
            health.media_sent_packets = media.packets_sent;
            health.media_sessions = media.legs;
            health.media_late_ticks = media.late_slots;
            health.recognition.dropped_frames = media.tap_dropped_frames;
            health.media_tap_drops = media.tap_dropped_frames + media.recording_dropped_frames;
        }
        if let Some(browsers) = self.browsers.as_ref().and_then(Weak::upgrade) {
            let seen = browsers.figures();
            health.browsers = BrowserFigures {
                sessions: seen.sessions,
                connected: seen.connected,
                failed: seen.failed,
                refused: seen.refused,
                strays: seen.strays,
                faults: seen.faults,
            };
        }
        let speech = self.recognisers.figures();
        health.recogniser_sessions = speech.sessions_active;
        health.recogniser_utterances = speech.utterances;
        health.recogniser_busy_seconds = seconds(speech.cpu_us);
        let talks = self.recognisers.talk_figures();
        // The threads' time is for both.
        let decoded_ms = speech.decoded_ms.saturating_add(talks.decoded_ms);
        health.recogniser_audio_seconds = seconds(decoded_ms.saturating_mul(1_000));
        health.recogniser_noises = speech.noises;
        health.recogniser_unavailable = !self.recognisers.is_on();
        let voice = self.voice.figures();
        health.speaking = SpeakingFigures {
            orders: voice.orders,
            first_sound_us: voice.first_sound_us_sum,
            failures: voice.failures,
            refused: voice.refused,
            waiting: voice.waiting,
            basic: voice.basic,
        };
        let state = self.recognisers.state();
        let recognition = &mut health.recognition;
        recognition.state = RecogniserState::ALL.map(|one| (one.as_str(), one == state));
        recognition.refused =
            Refusal::ALL.map(|reason| (reason.as_str(), speech.refused_for(reason)));
        recognition.heard_seconds = seconds(speech.heard_ms.saturating_mul(1_000));
        recognition.graphs = speech.models_loaded;
        recognition.talks = talks.sessions_active;
        if let Some(ingest) = self.ingest.upgrade() {
            let ingest = ingest.health();
            health.ingest_lag_records = ingest.lag_records;
            health.ingest_errors = ingest.errors;
        }
        health.registers = self.registers.figures().into_iter().map(register).collect();
        health.knowledge = self.reloader.freshness();
        health.trainings_overdue = self.learning.overdue();
        health.process = process();
    }
}

fn register(register: cases::io::status::RegisterFigures) -> RegisterFigure {
    RegisterFigure {
        name: register.name,
        is_up: register.is_up,
        asked: register.asked,
        failed: register.failed,
        bad_lines: register.bad_lines,
    }
}

fn fill_sip(health: &mut Health, sip: &GatewayStats) {
    health.sip_responses.clear();
    let sent = sip
        .responses_sent
        .iter()
        .map(|(key, count)| (Direction::Sent, key, count));
    let received = sip
        .responses_received
        .iter()
        .map(|(key, count)| (Direction::Received, key, count));
    for (direction, (method, status), count) in sent.chain(received) {
        health.count_sip_responses(direction, method, *status, *count);
    }
    health.sip_retransmissions = sip.retransmissions_sent;
    health.sip_malformed = sip.parse_failures;
}

#[expect(
    clippy::cast_precision_loss,
    reason = "below 2^53 µs, which is 285 years"
)]
fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

/// What Linux says of this process (proc(5)); none elsewhere.
fn process() -> Option<ProcessFigures> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The command's name may hold spaces; everything after its parenthesis does not.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |n: usize| fields.get(n)?.parse::<u64>().ok();
    let ticks_per_s = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK).ok()??;
    let page_bytes = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok()??;
    let ticks_per_s = u64::try_from(ticks_per_s).ok().filter(|t| *t > 0)?;
    let cpu_us = (field(11)? + field(12)?).saturating_mul(1_000_000) / ticks_per_s;
    let limit = nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE);
    Some(ProcessFigures {
        cpu_seconds: seconds(cpu_us),
        resident_bytes: field(21)?.saturating_mul(page_bytes.unsigned_abs()),
        open_fds: std::fs::read_dir("/proc/self/fd").ok()?.count() as u64,
        max_fds: limit.map_or(0, |(soft, _)| soft),
    })
}
