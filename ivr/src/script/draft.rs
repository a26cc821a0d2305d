//! Files as they were written: nothing resolved yet, every value with its line.

use events::{DialogueOutcome, DialoguePurpose, NeedCode};

use super::Date;

/// A value and the line it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) line: u32,
}

/// A script.
#[derive(Debug)]
pub(super) struct ScriptDraft {
    pub(super) file: String,
    pub(super) id: At<String>,
    pub(super) version: At<String>,
    pub(super) title: At<String>,
    pub(super) purpose: At<DialoguePurpose>,
    pub(super) start: At<String>,
    pub(super) nodes: Vec<NodeDraft>,
}

/// A node.
#[derive(Debug)]
pub(super) struct NodeDraft {
    pub(super) name: At<String>,
    pub(super) say: Option<At<String>>,
    pub(super) kind: KindDraft,
}

/// What a node does.
#[derive(Debug)]
pub(super) enum KindDraft {
    Say {
        next: At<String>,
    },
    Answer {
        cards: Vec<At<String>>,
        next: At<String>,
    },
    Question(QuestionDraft),
    Handover {
        need: Option<NeedCode>,
    },
    Finish {
        outcome: DialogueOutcome,
    },
}

/// A question.
#[derive(Debug)]
pub(super) struct QuestionDraft {
    pub(super) options: Vec<OptionDraft>,
    pub(super) silence: Option<At<String>>,
    pub(super) not_understood: Option<At<String>>,
    pub(super) tries: u8,
    pub(super) silence_ms: u64,
    pub(super) barge_in: bool,
    pub(super) rating: Option<RatingDraft>,
}

/// What only a rating has.
#[derive(Debug)]
pub(super) struct RatingDraft {
    pub(super) out_of_range: At<String>,
    pub(super) give_up: At<String>,
    pub(super) next: At<String>,
}

/// A choice.
#[derive(Debug)]
pub(super) struct OptionDraft {
    pub(super) line: u32,
    pub(super) key: Option<At<String>>,
    pub(super) phrases: Vec<At<String>>,
    pub(super) title: Option<At<String>>,
    pub(super) goto: Option<At<String>>,
    pub(super) service: Option<At<String>>,
    pub(super) need: Option<NeedCode>,
    pub(super) score: Option<At<u64>>,
}

/// A card of the knowledge base.
#[derive(Debug)]
pub(super) struct CardDraft {
    pub(super) file: String,
    /// `topic.card`.
    pub(super) name: At<String>,
    pub(super) say: At<String>,
    pub(super) valid_from: Option<At<Date>>,
    pub(super) valid_until: Option<At<Date>>,
}

/// A sentence of the system.
#[derive(Debug)]
pub(super) struct PhraseDraft {
    pub(super) file: String,
    /// `file.phrase`.
    pub(super) name: At<String>,
    pub(super) say: At<String>,
}

impl NodeDraft {
    /// Every way out of the node.
    pub(super) fn ways(&self) -> Vec<&At<String>> {
        match &self.kind {
            KindDraft::Say { next } | KindDraft::Answer { next, .. } => vec![next],
            KindDraft::Question(question) => {
                let rating = question.rating.iter().map(|r| &r.next);
                question
                    .options
                    .iter()
                    .filter_map(|o| o.goto.as_ref())
                    .chain(rating)
                    .collect()
            }
            KindDraft::Handover { .. } | KindDraft::Finish { .. } => Vec::new(),
        }
    }

    /// Every text said in the node.
    pub(super) fn texts(&self) -> Vec<&At<String>> {
        let mut texts: Vec<&At<String>> = self.say.iter().collect();
        if let KindDraft::Question(question) = &self.kind {
            texts.extend(question.silence.iter().chain(&question.not_understood));
            texts.extend(
                question
                    .rating
                    .iter()
                    .flat_map(|r| [&r.out_of_range, &r.give_up]),
            );
            texts.extend(question.options.iter().filter_map(|o| o.title.as_ref()));
        }
        texts
    }

    pub(super) const fn question(&self) -> Option<&QuestionDraft> {
        match &self.kind {
            KindDraft::Question(question) => Some(question),
            KindDraft::Say { .. }
            | KindDraft::Answer { .. }
            | KindDraft::Handover { .. }
            | KindDraft::Finish { .. } => None,
        }
    }
}
