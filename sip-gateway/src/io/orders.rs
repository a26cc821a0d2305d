//! What a media thread does when it is told to: legs open and close, taps, recordings.

use std::net::SocketAddr;
use std::path::PathBuf;

use events::{LegId, LegReport};

use super::leg::{Leg, Tap};
use super::worker::Worker;
use crate::boundary::{MediaCommand, MediaEvent};

impl Worker {
    /// Carries out one command. A command for a leg that could not be opened does nothing.
    pub(super) fn command(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Open { leg, local, .. } => self.open(leg, local),
            MediaCommand::Negotiated { leg, format } => {
                self.with(leg, |leg| leg.session.negotiate(format));
            }
            MediaCommand::Close { leg } => self.close(leg),
            MediaCommand::Play {
                leg,
                play,
                prompts,
                repeat,
            } => self.with(leg, |leg| leg.session.play(play, prompts, repeat)),
            MediaCommand::PlayLive { leg, play, prompts } => {
                self.with(leg, |leg| leg.session.play_live(play, prompts));
            }
            MediaCommand::PlayMore {
                leg,
                play,
                prompts,
                last,
            } => self.with(leg, |leg| leg.session.play_more(play, prompts, last)),
            MediaCommand::StopPlaying { leg } => {
                self.with(leg, |leg| leg.session.stop_playing());
            }
            MediaCommand::PausePlaying { leg } => {
                self.with(leg, |leg| leg.session.pause_playing());
            }
            MediaCommand::ResumePlaying { leg } => {
                self.with(leg, |leg| leg.session.resume_playing());
            }
            MediaCommand::Bridge { caller, operator } => self.bridge(caller, operator),
            MediaCommand::Mix { legs } => self.mix(&legs),
            MediaCommand::Unbridge { leg } => self.end_room(leg),
            MediaCommand::Tap { leg, feed, sent } => self.tap(leg, Some(Tap::new(feed, sent))),
            MediaCommand::Untap { leg } => self.tap(leg, None),
            MediaCommand::Record { caller, path } => self.record(caller, path),
            MediaCommand::StopRecording { caller } => self.stop_recording(caller),
        }
    }

    /// Closes every leg, as if told to.
    pub(super) fn close_all(&mut self) {
        while let Some(leg) = self.place_of.keys().next().copied() {
            self.close(leg);
        }
    }

    pub(super) fn with(&mut self, leg: LegId, act: impl FnOnce(&mut Leg)) {
        let place = self.place_of.get(&leg);
        if let Some(Some(leg)) = place.and_then(|place| self.legs.get_mut(*place)) {
            act(leg);
        }
    }

    fn open(&mut self, id: LegId, local: SocketAddr) {
        if self.place_of.contains_key(&id) {
            self.close(id);
        }
        let start = self.stream_start();
        let leg = match Leg::open(id, local, start) {
            Ok(leg) => leg,
            Err(error) => return self.open_failed(id, format!("{local}: {error}")),
        };
        let place = self.free.pop().unwrap_or_else(|| {
            self.legs.push(None);
            self.legs.len() - 1
        });
        if let Some(empty) = self.legs.get_mut(place) {
            *empty = Some(Box::new(leg));
        }
        self.place_of.insert(id, place);
        if let Err(error) = self.watch(place) {
            self.forget(id);
            self.open_failed(id, error.to_string());
        }
    }

    fn open_failed(&self, leg: LegId, error: String) {
        (self.setup.events)(MediaEvent::OpenFailed { leg, error });
    }

    fn close(&mut self, id: LegId) {
        if let Some(place) = self.place_of.get(&id).copied() {
            self.leave_room(place);
            self.report(place, true);
        }
        let report = self.forget(id);
        (self.setup.events)(MediaEvent::Closed { leg: id, report });
    }

    /// Drops a leg and its sockets, which takes them out of the pollers. A leg that could not be
    /// opened has measured nothing.
    fn forget(&mut self, id: LegId) -> LegReport {
        let Some(place) = self.place_of.remove(&id) else {
            return LegReport::default();
        };
        self.free.push(place);
        let leg = self.legs.get_mut(place).and_then(Option::take);
        leg.map_or_else(LegReport::default, |leg| leg.session.report())
    }

    fn tap(&mut self, leg: LegId, tap: Option<Tap>) {
        self.with(leg, |leg| leg.tap = tap);
        if let Some(place) = self.place_of.get(&leg).copied() {
            self.refresh_listening(place);
        }
    }

    fn record(&mut self, caller: LegId, path: PathBuf) {
        let Some(place) = self.place_of.get(&caller).copied() else {
            return;
        };
        if self.seat(place).mates.is_empty() {
            let error = "the caller is in no room".into();
            (self.setup.events)(MediaEvent::RecordingFailed { caller, error });
            return;
        }
        let feed = self.setup.recorder.begin(caller, path);
        self.with(caller, |leg| leg.recording = Some(feed));
        self.refresh_listening(place);
    }

    fn stop_recording(&mut self, caller: LegId) {
        self.with(caller, |leg| leg.recording = None);
        if let Some(place) = self.place_of.get(&caller).copied() {
            self.refresh_listening(place);
        }
    }
}
