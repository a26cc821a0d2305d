//! Rooms on a media thread: legs come together and part, and what is heard, mixed and recorded
//! follows.

use events::LegId;

use super::seat::{Places, Seat};
use super::worker::Worker;
use crate::boundary::{Hearing, MAX_ROOM_LEGS};
use crate::media::mix::Sum;

impl Worker {
    /// Two who hear each other, whatever they were playing.
    pub(super) fn bridge(&mut self, caller: LegId, operator: LegId) {
        let (Some(a), Some(b)) = (
            self.place_of.get(&caller).copied(),
            self.place_of.get(&operator).copied(),
        ) else {
            return;
        };
        if a == b {
            return;
        }
        if !self.seat(a).mates.contains(b) {
            self.with(caller, |leg| leg.session.stop_playing());
            self.with(operator, |leg| leg.session.stop_playing());
        }
        self.mix(&Hearing::all(&[caller, operator]));
    }

    /// Makes a room, or changes one: see [`MediaCommand::Mix`].
    ///
    /// [`MediaCommand::Mix`]: crate::boundary::MediaCommand::Mix
    pub(super) fn mix(&mut self, wanted: &[Hearing]) {
        let mut members = Places::default();
        for one in wanted {
            if let Some(place) = self.place_of.get(&one.leg).copied()
                && !members.insert(place)
            {
                tracing::error!(leg = %one.leg, limit = MAX_ROOM_LEGS, "a room is full");
            }
        }
        let mut touched: Vec<usize> = members.iter().collect();
        for place in members.iter() {
            let before = self.seat(place).mates;
            touched.extend(before.iter().filter(|mate| !members.contains(*mate)));
            if before.is_empty()
                && let Some(Some(leg)) = self.legs.get_mut(place)
            {
                leg.session.stop_playing();
            }
        }
        for place in &touched {
            self.set_seat(*place, Seat::default());
        }
        if members.len() > 1 {
            self.seat_all(members, wanted);
        }
        self.refresh(&touched);
    }

    fn seat_all(&mut self, members: Places, wanted: &[Hearing]) {
        let mut seats = [Seat::default(); MAX_ROOM_LEGS];
        for (seat, place) in seats.iter_mut().zip(members.iter()) {
            seat.mates = members.without(place);
        }
        for one in wanted {
            let Some(listener) = self.place_of.get(&one.leg).copied() else {
                continue;
            };
            for heard in &one.hears {
                let Some(voice) = self.place_of.get(heard).copied() else {
                    continue;
                };
                if voice == listener || !members.contains(voice) {
                    continue;
                }
                for (seat, place) in seats.iter_mut().zip(members.iter()) {
                    if place == listener {
                        seat.hears.insert(voice);
                    }
                    if place == voice {
                        seat.heard_by.insert(listener);
                    }
                }
            }
        }
        for (seat, place) in seats.into_iter().zip(members.iter()) {
            self.set_seat(place, seat);
        }
    }

    /// Ends the room that a leg is in.
    pub(super) fn end_room(&mut self, leg: LegId) {
        let Some(place) = self.place_of.get(&leg).copied() else {
            return;
        };
        let mut touched: Vec<usize> = self.seat(place).mates.iter().collect();
        touched.push(place);
        for place in &touched {
            self.set_seat(*place, Seat::default());
        }
        self.refresh(&touched);
    }

    /// One goes, the others stay; the last one is alone.
    pub(super) fn leave_room(&mut self, place: usize) {
        let mates = self.seat(place).mates;
        self.set_seat(place, Seat::default());
        let mut touched = vec![place];
        for mate in mates.iter() {
            let seat = self.seat(mate);
            let rest = Seat {
                mates: seat.mates.without(place),
                hears: seat.hears.without(place),
                heard_by: seat.heard_by.without(place),
                relayed: false,
            };
            self.set_seat(mate, rest);
            touched.push(mate);
        }
        self.refresh(&touched);
    }

    pub(super) fn seat(&self, place: usize) -> Seat {
        let leg = self.legs.get(place).and_then(Option::as_ref);
        leg.map_or_else(Seat::default, |leg| leg.room)
    }

    fn set_seat(&mut self, place: usize, seat: Seat) {
        if let Some(Some(leg)) = self.legs.get_mut(place) {
            leg.room = seat;
        }
    }

    /// After a change: who is alone records nothing, whose packets are waited for, who is decoded.
    fn refresh(&mut self, touched: &[usize]) {
        for place in touched.iter().copied() {
            let seat = self.seat(place);
            let to = |listener| !self.seat(listener).mixes();
            let relayed = seat.heard_by.iter().any(to);
            if let Some(Some(leg)) = self.legs.get_mut(place) {
                leg.room.relayed = relayed;
                if seat.mates.is_empty() {
                    leg.recording = None;
                }
            }
        }
        for place in touched.iter().copied() {
            self.set_pace(place);
            self.refresh_listening(place);
        }
    }

    /// Decodes the audio of a leg and of those in its room exactly as long as somebody wants it.
    pub(super) fn refresh_listening(&mut self, place: usize) {
        let mates = self.seat(place).mates;
        let with_others = |place: usize| {
            let leg = self.legs.get(place).and_then(Option::as_ref);
            leg.is_some_and(|leg| leg.is_heard_with_others())
        };
        let all_wanted = std::iter::once(place).chain(mates.iter()).any(with_others);
        for place in std::iter::once(place).chain(mates.iter()) {
            let seat = self.seat(place);
            let mixed = seat.heard_by.iter().any(|to| self.seat(to).mixes());
            if let Some(Some(leg)) = self.legs.get_mut(place) {
                let heard = leg.recording.is_some() || !seat.heard_by.is_empty();
                let wanted = all_wanted && heard || mixed || leg.tap.is_some();
                leg.session.listen(wanted);
                if !wanted {
                    leg.heard.fill(0);
                }
            }
        }
    }

    /// The sum of what these legs said in their newest frames.
    pub(super) fn sum(&self, voices: impl Iterator<Item = usize>) -> Sum {
        let mut sum = Sum::default();
        for voice in voices {
            if let Some(Some(leg)) = self.legs.get(voice) {
                sum.add(&leg.heard);
            }
        }
        sum
    }
}
