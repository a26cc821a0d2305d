//! From drafts without errors to what dialogues follow: texts filled in, names given to phrases.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::{NeedCode, ScriptId, ServiceId};

use super::draft::{At, CardDraft, KindDraft, NodeDraft, OptionDraft, QuestionDraft, ScriptDraft};
use super::lint::World;
use super::model::{
    Card, Choice, Node, NodeKind, Question, RatingTexts, Script, SystemPhrases, Taken,
};
use crate::Phrase;
use crate::readback::speakable;

/// The phrase «Вы сказали: {said}?».
pub(super) const CONFIRM: &str = "dialogue.confirm";

/// The phrases without which no dialogue can be held.
pub(super) const SYSTEM_PHRASES: &[&str] = &[
    "dialogue.transfer",
    "dialogue.transfer_not_understood",
    "dialogue.transfer_silence",
    "dialogue.transfer_expired",
    "dialogue.recording_notice",
    "dialogue.goodbye",
    CONFIRM,
];

/// Fills placeholders and names phrases.
pub(super) struct Builder<'a> {
    world: &'a World<'a>,
    system: Arc<SystemPhrases>,
    needs: Arc<BTreeMap<ServiceId, NeedCode>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(world: &'a World<'a>) -> Self {
        let system = |name: &str| Phrase {
            name: format!("dialogue.{name}"),
            text: fill(world, &text_of(world, &format!("dialogue.{name}"))),
        };
        Self {
            system: Arc::new(SystemPhrases {
                transfer: system("transfer"),
                transfer_not_understood: system("transfer_not_understood"),
                transfer_silence: system("transfer_silence"),
                transfer_expired: system("transfer_expired"),
                recording_notice: system("recording_notice"),
                goodbye: system("goodbye"),
            }),
            needs: Arc::new(
                world
                    .services
                    .iter()
                    .map(|s| (s.id.clone(), s.need))
                    .collect(),
            ),
            world,
        }
    }

    pub(super) fn script(&self, draft: &ScriptDraft) -> Script {
        let id = &draft.id.value;
        let nodes = draft
            .nodes
            .iter()
            .map(|node| (node.name.value.clone(), self.node(id, node)));
        Script {
            id: ScriptId::new(id),
            version: draft.version.value.clone(),
            title: draft.title.value.clone(),
            purpose: draft.purpose.value,
            start: draft.start.value.clone(),
            nodes: nodes.collect(),
            system: Arc::clone(&self.system),
            needs: Arc::clone(&self.needs),
        }
    }

    /// All phrases of `phrases/`, by name.
    pub(super) fn phrases(&self) -> BTreeMap<String, Phrase> {
        let phrases = self
            .world
            .phrases
            .iter()
            .filter(|p| p.name.value != CONFIRM);
        phrases
            .map(|p| {
                (
                    p.name.value.clone(),
                    self.phrase(p.name.value.clone(), &p.say.value),
                )
            })
            .collect()
    }

    fn node(&self, script: &str, draft: &NodeDraft) -> Node {
        let name = format!("{script}.{}", draft.name.value);
        let prompt = draft
            .say
            .iter()
            .map(|say| self.phrase(name.clone(), &say.value))
            .collect();
        let kind = match &draft.kind {
            KindDraft::Say { next } => NodeKind::Say {
                next: next.value.clone(),
            },
            KindDraft::Answer { cards, next } => NodeKind::Answer {
                cards: cards.iter().filter_map(|card| self.card(card)).collect(),
                next: next.value.clone(),
            },
            KindDraft::Question(question) => NodeKind::Question(self.question(&name, question)),
            KindDraft::Handover { need } => NodeKind::Handover { need: *need },
            KindDraft::Finish { outcome } => NodeKind::Finish { outcome: *outcome },
        };
        Node {
            name: draft.name.value.clone(),
            prompt,
            kind,
        }
    }

    fn question(&self, name: &str, draft: &QuestionDraft) -> Question {
        let part = |part: &str, say: &At<String>| self.phrase(format!("{name}.{part}"), &say.value);
        let optional = |part_name: &str, say: &Option<At<String>>| {
            say.as_ref().map_or_else(
                || self.phrase(format!("{name}.{part_name}"), ""),
                |say| part(part_name, say),
            )
        };
        let next = draft
            .rating
            .as_ref()
            .map(|rating| rating.next.value.as_str());
        Question {
            options: draft
                .options
                .iter()
                .map(|option| self.choice(name, option, next))
                .collect(),
            silence: optional("silence", &draft.silence),
            not_understood: optional("again", &draft.not_understood),
            tries: draft.tries,
            silence_ms: draft.silence_ms,
            barge_in: draft.barge_in,
            rating: draft.rating.as_ref().map(|rating| RatingTexts {
                out_of_range: part("range", &rating.out_of_range),
                give_up: part("end", &rating.give_up),
            }),
        }
    }

    fn choice(&self, name: &str, draft: &OptionDraft, next: Option<&str>) -> Choice {
        let key = draft
            .key
            .as_ref()
            .and_then(|key| key.value.chars().next())
            .unwrap_or('1');
        let title = draft.title.as_ref().or_else(|| draft.phrases.first());
        let said = title.map_or("", |title| title.value.as_str());
        let confirm = text_of(self.world, CONFIRM).replace("{said}", said);
        let goto = draft.goto.as_ref().map(|goto| goto.value.as_str()).or(next);
        Choice {
            key,
            phrases: draft
                .phrases
                .iter()
                .map(|phrase| phrase.value.clone())
                .collect(),
            confirm: self.phrase(format!("{name}.confirm.{key}"), &confirm),
            goto: goto.unwrap_or_default().to_owned(),
            taken: match &draft.score {
                Some(score) => Taken::Score(u8::try_from(score.value).unwrap_or(1)),
                None => Taken::Way {
                    service: draft.service.as_ref().map(|s| ServiceId::new(&s.value)),
                    need: draft.need,
                },
            },
        }
    }

    fn card(&self, name: &At<String>) -> Option<Card> {
        let draft: &CardDraft = self
            .world
            .cards
            .iter()
            .find(|c| c.name.value == name.value)?;
        Some(Card {
            phrase: self.phrase(format!("knowledge.{}", name.value), &draft.say.value),
            valid_from: draft.valid_from.as_ref().map(|from| from.value),
            valid_until: draft.valid_until.as_ref().map(|until| until.value),
        })
    }

    fn phrase(&self, name: String, text: &str) -> Phrase {
        Phrase {
            name,
            text: fill(self.world, text),
        }
    }
}

fn text_of(world: &World<'_>, name: &str) -> String {
    let found = world.phrases.iter().find(|p| p.name.value == name);
    found.map_or_else(String::new, |p| p.say.value.clone())
}

/// The text as it is said: values in place of placeholders, words in place of figures.
fn fill(world: &World<'_>, text: &str) -> String {
    let text = text.replace("{organisation}", &world.setting.organisation);
    speakable(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
