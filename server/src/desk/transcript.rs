//! The live text of a talk, as the operator sees it.

use events::{Pii, Timestamp, TranscriptDepth, TranscriptEvent};
use serde::Serialize;
use utoipa::ToSchema;

use super::Desk;
use super::operator::Stage;
use super::view::ms;

/// Lines that are shown; the oldest are dropped.
const LINES_MAX: usize = 200;

/// What is known of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Transcript {
    depth: Option<TranscriptDepth>,
    lost: bool,
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    at: Timestamp,
    text: Pii<String>,
    confidence_permille: u16,
}

/// What the caller says in the talk, as the recogniser takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TranscriptView {
    /// `words`: everything; `phrases`: only what tells what the talk is about; none if nothing is
    /// recognised.
    #[schema(value_type = Option<String>)]
    pub depth: Option<TranscriptDepth>,
    /// Recognition was wanted and is not to be had now.
    pub is_lost: bool,
    /// What was said, in order.
    pub lines: Vec<TranscriptLine>,
}

/// One utterance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TranscriptLine {
    /// When it was recognised.
    pub at_ms: i64,
    /// The words, or the phrase among them.
    pub text: String,
    /// How sure the recogniser was, thousandths.
    pub confidence_permille: u16,
}

impl Desk {
    pub(super) fn transcribe(&mut self, at: Timestamp, fact: &TranscriptEvent) {
        self.call(fact.call(), |call| call.transcript.follow(at, fact));
    }
}

impl Transcript {
    fn follow(&mut self, at: Timestamp, fact: &TranscriptEvent) {
        match fact {
            TranscriptEvent::Begun { depth, .. } => {
                self.depth = Some(*depth);
                self.lost = false;
            }
            TranscriptEvent::Heard {
                text,
                confidence_permille,
                ..
            } => {
                if self.lines.len() == LINES_MAX {
                    self.lines.remove(0);
                }
                self.lines.push(Line {
                    at,
                    text: text.clone(),
                    confidence_permille: *confidence_permille,
                });
            }
            TranscriptEvent::Lost { .. } => {
                self.depth = None;
                self.lost = true;
            }
        }
    }

    /// What somebody with this part in the call sees: nothing before they serve it, or if they only
    /// advise.
    pub(super) fn shown_in(&self, stage: &Stage) -> TranscriptView {
        match stage {
            Stage::Talking | Stage::WrapUp { .. } => self.view(),
            Stage::Ringing { .. } | Stage::Connecting | Stage::Consulted => Self::default().view(),
        }
    }

    fn view(&self) -> TranscriptView {
        let line = |line: &Line| TranscriptLine {
            at_ms: ms(line.at),
            text: line.text.expose().clone(),
            confidence_permille: line.confidence_permille,
        };
        TranscriptView {
            depth: self.depth,
            is_lost: self.lost,
            lines: self.lines.iter().map(line).collect(),
        }
    }
}
