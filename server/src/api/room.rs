//! What every desk shows of the room: made once for all of them, and written out once.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use events::Timestamp;

use super::Api;
use crate::desk::RoomView;

/// The room is not made anew sooner than this: with hundreds of desks somebody changes all the time.
pub(super) const ROOM_PACE: Duration = Duration::from_millis(500);

/// The room as it was last written out.
#[derive(Default)]
pub(super) struct WrittenRoom(Mutex<Option<Written>>);

struct Written {
    /// Of which change of the desks.
    change: u64,
    made: Timestamp,
    view: RoomView,
    text: Utf8Bytes,
}

/// The room for a page: the same text for every page until something in it changes.
pub(super) struct Room {
    pub(super) text: Utf8Bytes,
    /// Nothing happened since it was made; otherwise it is asked for again.
    pub(super) is_current: bool,
}

impl Api {
    /// The room now, or as it was less than [`ROOM_PACE`] ago.
    pub(super) fn room(&self) -> Room {
        let mut written = self
            .written_room
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (change, now) = (*self.house.changed.borrow(), self.now());
        if let Some(last) = written.as_ref() {
            let is_current = last.change == change;
            let is_young = Duration::from_millis(now.since(last.made).0) < ROOM_PACE;
            if is_current || is_young {
                return Room {
                    text: last.text.clone(),
                    is_current,
                };
            }
        }
        let view = self.desk().room();
        let text = match written.take() {
            Some(last) if last.view == view => last.text,
            _ => text_of(&view),
        };
        *written = Some(Written {
            change,
            made: now,
            view,
            text: text.clone(),
        });
        Room {
            text,
            is_current: true,
        }
    }
}

fn text_of(view: &RoomView) -> Utf8Bytes {
    serde_json::json!({ "room": view }).to_string().into()
}
