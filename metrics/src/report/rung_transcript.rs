//! Rungs of the live text of a talk.

use events::TranscriptEvent;

use super::Shown;
use super::rung::{Rung, alone, from_to, personal};
use super::russian::Russian as _;

pub(super) fn transcript(fact: &TranscriptEvent, shown: Shown) -> Rung {
    match fact {
        TranscriptEvent::Begun { depth, .. } => {
            alone("линия", format!("оператор видит {}", depth.russian()))
        }
        TranscriptEvent::Heard { text, .. } => {
            from_to("клиент", "экран", format!("«{}»", personal(text, shown)))
        }
        TranscriptEvent::Lost { .. } => alone("линия", "разговор не распознаётся".to_owned()),
    }
}
