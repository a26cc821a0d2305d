//! Nodes as they were written.

use events::{DialogueOutcome, NeedCode, TaskKind};

use super::{At, Foreign, TextDraft};

/// A name and what stands behind its equal sign.
pub(in crate::script) type Pair<T> = (At<String>, At<T>);

/// A node.
#[derive(Debug)]
pub(in crate::script) struct NodeDraft {
    pub(in crate::script) name: At<String>,
    pub(in crate::script) say: Option<TextDraft>,
    pub(in crate::script) kind: KindDraft,
}

/// What a node does.
#[derive(Debug)]
pub(in crate::script) enum KindDraft {
    Say {
        next: At<String>,
    },
    Answer {
        cards: Vec<At<String>>,
        next: At<String>,
    },
    Question(QuestionDraft),
    Ask(AskDraft),
    Pick(PickDraft),
    Dictate(DictateDraft),
    ReadBack(ReadBackDraft),
    Task(TaskDraft),
    If(IfDraft),
    Set(SetDraft),
    Call(CallDraft),
    Return {
        way: At<String>,
    },
    Handover {
        need: Option<NeedCode>,
    },
    Finish {
        outcome: DialogueOutcome,
    },
}

/// How a node that listens bears silence and nonsense.
#[derive(Debug)]
pub(in crate::script) struct PatienceDraft {
    pub(in crate::script) silence: Option<TextDraft>,
    pub(in crate::script) not_understood: Option<TextDraft>,
    pub(in crate::script) tries: u8,
    pub(in crate::script) silence_ms: u64,
    pub(in crate::script) barge_in: bool,
}

/// A question with a closed list.
#[derive(Debug)]
pub(in crate::script) struct QuestionDraft {
    pub(in crate::script) options: Vec<OptionDraft>,
    pub(in crate::script) patience: PatienceDraft,
    pub(in crate::script) rating: Option<RatingDraft>,
}

/// What only a rating has.
#[derive(Debug)]
pub(in crate::script) struct RatingDraft {
    pub(in crate::script) out_of_range: TextDraft,
    pub(in crate::script) give_up: TextDraft,
    pub(in crate::script) next: At<String>,
}

/// A choice.
#[derive(Debug)]
pub(in crate::script) struct OptionDraft {
    pub(in crate::script) line: u32,
    pub(in crate::script) key: Option<At<String>>,
    pub(in crate::script) phrases: Vec<At<String>>,
    pub(in crate::script) foreign: Foreign,
    pub(in crate::script) title: Option<TextDraft>,
    pub(in crate::script) goto: Option<At<String>>,
    pub(in crate::script) service: Option<At<String>>,
    pub(in crate::script) need: Option<NeedCode>,
    pub(in crate::script) score: Option<At<u64>>,
    pub(in crate::script) set: Vec<Pair<OperandDraft>>,
    pub(in crate::script) intents: Vec<At<String>>,
}

/// A typed value is asked for.
#[derive(Debug)]
pub(in crate::script) struct AskDraft {
    pub(in crate::script) into: At<String>,
    pub(in crate::script) limits: LimitsDraft,
    pub(in crate::script) always_confirm: bool,
    pub(in crate::script) patience: PatienceDraft,
    pub(in crate::script) next: At<String>,
}

/// Limits of a value, each for some types only.
#[derive(Debug)]
pub(in crate::script) struct LimitsDraft {
    /// The least of a number.
    pub(in crate::script) min: Option<At<u64>>,
    /// The most of a number, or of a sum in rubles.
    pub(in crate::script) max: Option<At<u64>>,
    /// First day, in days after today.
    pub(in crate::script) first_day: Option<At<u64>>,
    /// Last day, in days after today.
    pub(in crate::script) days_ahead: Option<At<u64>>,
    /// First day, in days before today.
    pub(in crate::script) days_back: Option<At<u64>>,
    /// The earliest time of day.
    pub(in crate::script) earliest: Option<At<String>>,
    /// The latest time of day.
    pub(in crate::script) latest: Option<At<String>>,
    /// Minutes between times.
    pub(in crate::script) step_min: Option<At<u64>>,
    /// Digits of a case's number.
    pub(in crate::script) digits: Option<At<u64>>,
}

/// One of the offers of the house is picked.
#[derive(Debug)]
pub(in crate::script) struct PickDraft {
    pub(in crate::script) from: At<String>,
    pub(in crate::script) into: At<String>,
    pub(in crate::script) at_once: u8,
    pub(in crate::script) more: At<String>,
    pub(in crate::script) patience: PatienceDraft,
    pub(in crate::script) next: At<String>,
}

/// Speech is recorded.
#[derive(Debug)]
pub(in crate::script) struct DictateDraft {
    pub(in crate::script) into: At<String>,
    pub(in crate::script) max_ms: u64,
    pub(in crate::script) by_keys: Option<At<String>>,
    pub(in crate::script) patience: PatienceDraft,
    pub(in crate::script) next: At<String>,
}

/// Values are read back and may be corrected.
#[derive(Debug)]
pub(in crate::script) struct ReadBackDraft {
    pub(in crate::script) next: At<String>,
    pub(in crate::script) no: Option<At<String>>,
    /// Where a correction leads back to, if not to this node.
    pub(in crate::script) after_fix: Option<At<String>>,
    pub(in crate::script) which: Option<TextDraft>,
    pub(in crate::script) fields: Vec<OptionDraft>,
    pub(in crate::script) patience: PatienceDraft,
}

/// The house is asked to do something.
#[derive(Debug)]
pub(in crate::script) struct TaskDraft {
    pub(in crate::script) task: At<TaskKind>,
    pub(in crate::script) with: Vec<Pair<OperandDraft>>,
    pub(in crate::script) into: Vec<Pair<String>>,
    pub(in crate::script) offers: Option<At<String>>,
    pub(in crate::script) ways: Vec<Pair<String>>,
    pub(in crate::script) timeout_ms: u64,
}

/// The way depends on values.
#[derive(Debug)]
pub(in crate::script) struct IfDraft {
    pub(in crate::script) ways: Vec<ConditionDraft>,
    pub(in crate::script) otherwise: At<String>,
}

/// All tests hold: this way.
#[derive(Debug)]
pub(in crate::script) struct ConditionDraft {
    pub(in crate::script) tests: Vec<TestDraft>,
    pub(in crate::script) goto: At<String>,
}

/// One test.
#[derive(Debug)]
pub(in crate::script) enum TestDraft {
    Open(bool),
    CallerKnown(bool),
    Language(At<String>),
    Has(At<String>, bool),
    Equal(Pair<OperandDraft>),
    Less(Pair<OperandDraft>),
    More(Pair<OperandDraft>),
}

/// Variables change.
#[derive(Debug)]
pub(in crate::script) struct SetDraft {
    pub(in crate::script) set: Vec<Pair<OperandDraft>>,
    pub(in crate::script) add: Vec<Pair<u64>>,
    pub(in crate::script) language: Option<At<String>>,
    pub(in crate::script) next: At<String>,
}

/// A part is gone through.
#[derive(Debug)]
pub(in crate::script) struct CallDraft {
    pub(in crate::script) part: At<String>,
    pub(in crate::script) with: Vec<Pair<OperandDraft>>,
    pub(in crate::script) into: Vec<Pair<String>>,
    pub(in crate::script) ways: Vec<Pair<String>>,
}

/// What is written where a value is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::script) enum OperandDraft {
    /// `"$name"`.
    Variable(String),
    /// Anything else: `true`, `12`, `"mail"`, `"2026-12-31"`.
    Literal(String),
}

impl KindDraft {
    /// How the node bears silence and nonsense, if it listens.
    pub(in crate::script) const fn patience(&self) -> Option<&PatienceDraft> {
        match self {
            Self::Question(it) => Some(&it.patience),
            Self::Ask(it) => Some(&it.patience),
            Self::Pick(it) => Some(&it.patience),
            Self::Dictate(it) => Some(&it.patience),
            Self::ReadBack(it) => Some(&it.patience),
            Self::Say { .. }
            | Self::Answer { .. }
            | Self::Task(_)
            | Self::If(_)
            | Self::Set(_)
            | Self::Call(_)
            | Self::Return { .. }
            | Self::Handover { .. }
            | Self::Finish { .. } => None,
        }
    }

    /// The choices that a caller may be offered in it.
    pub(in crate::script) fn options(&self) -> &[OptionDraft] {
        match self {
            Self::Question(it) => &it.options,
            Self::ReadBack(it) => &it.fields,
            Self::Ask(_)
            | Self::Pick(_)
            | Self::Dictate(_)
            | Self::Say { .. }
            | Self::Answer { .. }
            | Self::Task(_)
            | Self::If(_)
            | Self::Set(_)
            | Self::Call(_)
            | Self::Return { .. }
            | Self::Handover { .. }
            | Self::Finish { .. } => &[],
        }
    }

    /// The cards it reads out.
    pub(in crate::script) fn cards(&self) -> &[At<String>] {
        if let Self::Answer { cards, .. } = self {
            cards
        } else {
            &[]
        }
    }

    /// The question with a closed list, if it is one.
    pub(in crate::script) const fn question(&self) -> Option<&QuestionDraft> {
        if let Self::Question(question) = self {
            Some(question)
        } else {
            None
        }
    }
}

impl NodeDraft {
    /// Every way out of the node.
    pub(in crate::script) fn ways(&self) -> Vec<&At<String>> {
        let gotos = self.kind.options().iter().filter_map(|o| o.goto.as_ref());
        let mut ways: Vec<&At<String>> = gotos.collect();
        match &self.kind {
            KindDraft::Say { next } | KindDraft::Answer { next, .. } => ways.push(next),
            KindDraft::Question(it) => ways.extend(it.rating.iter().map(|r| &r.next)),
            KindDraft::Ask(it) => ways.push(&it.next),
            KindDraft::Pick(it) => ways.extend([&it.next, &it.more]),
            KindDraft::Dictate(it) => ways.extend(it.by_keys.iter().chain([&it.next])),
            KindDraft::ReadBack(it) => {
                ways.extend(it.no.iter().chain(&it.after_fix).chain([&it.next]));
            }
            KindDraft::Task(it) => ways.extend(it.ways.iter().map(|(_, to)| to)),
            KindDraft::If(it) => {
                ways.extend(it.ways.iter().map(|way| &way.goto));
                ways.push(&it.otherwise);
            }
            KindDraft::Set(it) => ways.push(&it.next),
            KindDraft::Call(it) => ways.extend(it.ways.iter().map(|(_, to)| to)),
            KindDraft::Return { .. } | KindDraft::Handover { .. } | KindDraft::Finish { .. } => {}
        }
        ways
    }

    /// Every text said in the node.
    pub(in crate::script) fn texts(&self) -> Vec<&TextDraft> {
        let mut texts: Vec<&TextDraft> = self.say.iter().collect();
        if let Some(patience) = self.kind.patience() {
            texts.extend(patience.silence.iter().chain(&patience.not_understood));
        }
        if let KindDraft::ReadBack(it) = &self.kind {
            texts.extend(&it.which);
        }
        if let Some(rating) = self.kind.question().and_then(|q| q.rating.as_ref()) {
            texts.extend([&rating.out_of_range, &rating.give_up]);
        }
        let titles = self.kind.options().iter().filter_map(|o| o.title.as_ref());
        texts.extend(titles);
        texts
    }

    /// Whether the caller answers here.
    pub(in crate::script) const fn listens(&self) -> bool {
        self.kind.patience().is_some()
    }

    /// Whether the node neither speaks nor waits.
    pub(in crate::script) const fn is_silent(&self) -> bool {
        matches!(
            self.kind,
            KindDraft::If(_) | KindDraft::Set(_) | KindDraft::Call(_) | KindDraft::Return { .. }
        )
    }
}
