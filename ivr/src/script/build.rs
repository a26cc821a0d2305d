//! From drafts without errors to what dialogues follow: texts filled in, parts joined, names given.

mod articles;
mod nodes;
mod slots;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use events::{NeedCode, ScriptId, ServiceId, ValueKind};

pub(super) use self::slots::{limits, slot};
use super::draft::{At, CardDraft, KindDraft, ScriptDraft, TextDraft};
use super::lint::World;
use super::model::{Card, Script, SystemPhrases};
use super::variable::CALLER;
use super::words::ORGANISATION;
use super::{Language, Said, VariableType};
use crate::Phrase;
use crate::intent::Classifier;
use crate::readback::speakable;

/// The phrase «Вы сказали: {said}?».
pub(super) const CONFIRM: &str = "dialogue.confirm";

/// Fills placeholders, joins parts and names phrases.
pub(super) struct Builder<'a> {
    world: &'a World<'a>,
    drafts: &'a [ScriptDraft],
    system: Arc<SystemPhrases>,
    needs: Arc<BTreeMap<ServiceId, NeedCode>>,
    classifier: Option<Arc<Classifier>>,
}

/// The file whose node is being made, as one script among those joined with it.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    draft: &'a ScriptDraft,
    /// Whether it is a part of the script that is being made.
    part: bool,
}

impl Scope<'_> {
    /// The name that a node or a variable of the file has in the whole script.
    fn full(self, name: &str) -> String {
        if self.part && name != CALLER {
            format!("{}.{name}", self.draft.id.value)
        } else {
            name.to_owned()
        }
    }
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        world: &'a World<'a>,
        drafts: &'a [ScriptDraft],
        classifier: Option<Arc<Classifier>>,
    ) -> Self {
        let own = Language::russian();
        let system = |name: &str| {
            let name = format!("dialogue.{name}");
            let found = world.phrases.iter().find(|p| p.name.value == name);
            found.map_or_else(Said::default, |p| {
                said(world, &name, (&p.say, &own), &str::to_owned)
            })
        };
        Self {
            system: Arc::new(SystemPhrases::of(system)),
            needs: Arc::new(
                world
                    .services
                    .iter()
                    .map(|s| (s.id.clone(), s.need))
                    .collect(),
            ),
            world,
            drafts,
            classifier,
        }
    }

    /// The script with all parts that it calls, directly or through others.
    pub(super) fn script(&self, draft: &ScriptDraft) -> Script {
        let mut parts: BTreeMap<&str, &ScriptDraft> = BTreeMap::new();
        let mut todo = vec![draft];
        while let Some(script) = todo.pop() {
            for call in script.calls() {
                if let Some(part) = self.draft(&call.value)
                    && parts.insert(&part.id.value, part).is_none()
                {
                    todo.push(part);
                }
            }
        }
        let top = Scope { draft, part: false };
        let scopes = parts.into_values().map(|draft| Scope { draft, part: true });
        let scopes: Vec<Scope<'_>> = std::iter::once(top).chain(scopes).collect();
        let nodes = scopes
            .iter()
            .flat_map(|scope| scope.draft.nodes.iter().map(move |node| (scope, node)))
            .flat_map(|(scope, node)| self.node(*scope, node))
            .map(|node| (node.name.clone(), node));
        let variables = scopes.iter().flat_map(|scope| {
            let declared = scope.draft.variables.iter();
            declared.map(move |v| (scope.full(&v.name.value), v.kind.clone()))
        });
        let caller = (CALLER.to_owned(), VariableType::Plain(ValueKind::Phone));
        let takes = draft.takes.iter().filter_map(|name| {
            let kind = draft.variable(&name.value)?.kind()?;
            Some((name.value.clone(), kind))
        });
        Script {
            id: ScriptId::new(&draft.id.value),
            version: draft.version.value.clone(),
            title: draft.title.value.clone(),
            purpose: draft.purpose.value,
            start: draft.start.value.clone(),
            when_closed: draft.when_closed.as_ref().map(|node| node.value.clone()),
            give_up: draft.give_up.as_ref().map(|node| node.value.clone()),
            languages: draft.languages.iter().map(|l| l.value.clone()).collect(),
            takes: takes.collect(),
            nodes: nodes.collect(),
            variables: variables.chain([caller]).collect(),
            system: Arc::clone(&self.system),
            needs: Arc::clone(&self.needs),
            classifier: self.classifier.clone(),
        }
    }

    /// All phrases of `phrases/` that hold no values, by name, in Russian.
    pub(super) fn phrases(&self) -> BTreeMap<String, Phrase> {
        let own = Language::russian();
        let texts = self.world.phrases.iter().filter_map(|p| {
            let text = p.say.within(&own, &own)?;
            let live = super::words::placeholders(&text.value)
                .iter()
                .any(|name| *name != ORGANISATION);
            (!live).then_some((&p.name.value, text))
        });
        texts
            .map(|(name, text)| {
                let text = fill(self.world, &text.value, &own);
                let phrase = Phrase {
                    name: name.clone(),
                    text,
                };
                (name.clone(), phrase)
            })
            .collect()
    }

    fn draft(&self, id: &str) -> Option<&'a ScriptDraft> {
        self.drafts.iter().find(|draft| draft.id.value == id)
    }

    /// A text of a file under this name.
    fn said(&self, scope: Scope<'_>, name: &str, text: &TextDraft) -> Said {
        let own = scope.draft.language();
        said(self.world, name, (text, &own), &|variable| {
            scope.full(variable)
        })
    }

    /// A text that may be missing.
    fn optional(&self, scope: Scope<'_>, name: &str, text: Option<&TextDraft>) -> Said {
        text.map_or_else(Said::default, |text| self.said(scope, name, text))
    }

    fn card(&self, name: &At<String>) -> Option<Card> {
        let cards = &mut self.world.cards.iter();
        let draft: &CardDraft = cards.find(|c| c.name.value == name.value)?;
        let own = Language::russian();
        let full = format!("knowledge.{}", name.value);
        Some(Card {
            say: said(self.world, &full, (&draft.say, &own), &str::to_owned),
            valid_from: draft.valid_from.as_ref().map(|from| from.value),
            valid_until: draft.valid_until.as_ref().map(|until| until.value),
        })
    }
}

impl ScriptDraft {
    /// The parts that its nodes call.
    pub(super) fn calls(&self) -> impl Iterator<Item = &At<String>> {
        self.nodes.iter().filter_map(|node| match &node.kind {
            KindDraft::Call(call) => Some(&call.part),
            KindDraft::Say { .. }
            | KindDraft::Answer { .. }
            | KindDraft::Question(_)
            | KindDraft::Ask(_)
            | KindDraft::Pick(_)
            | KindDraft::Dictate(_)
            | KindDraft::ReadBack(_)
            | KindDraft::Task(_)
            | KindDraft::If(_)
            | KindDraft::Set(_)
            | KindDraft::Return { .. }
            | KindDraft::Handover { .. }
            | KindDraft::Finish { .. } => None,
        })
    }
}

/// A text in all its languages, the one of the file first.
fn said(
    world: &World<'_>,
    name: &str,
    (text, own): (&TextDraft, &Language),
    variable: &dyn Fn(&str) -> String,
) -> Said {
    let mut out = Said::default();
    let mut add = |language: &Language, text: &str| {
        let text = text.replace("{organisation}", &world.setting.organisation);
        let fixed = |text: &str| fill(world, text, language);
        out.add(language, name, &text, (&fixed, variable));
    };
    if let Some(text) = text.within(own, own) {
        add(own, &text.value);
    }
    for (named, text) in &text.said {
        if let Some(language) = named.as_ref().filter(|l| *l != own) {
            add(language, &text.value);
        }
    }
    out
}

/// The text as it is said: values in place of placeholders, words in place of figures.
fn fill(world: &World<'_>, text: &str, language: &Language) -> String {
    let text = text.replace("{organisation}", &world.setting.organisation);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if language.is_russian() {
        speakable(&text)
    } else {
        text
    }
}
