//! All scripts of an organisation, built together because they refer to the same knowledge.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::{ScriptId, ServiceId};

use super::build::Builder;
use super::draft::ScriptDraft;
use super::finding::{Finding, Rule, Severity};
use super::grammar::Grammar;
use super::lint::{self, World};
use super::model::{Script, Service};
use super::{Date, parse, talk};
use crate::Phrase;
use crate::intent::{Classifier, IntentId};
use crate::knowledge::KnowledgeBase;
use crate::readback::Stress;

/// A file of the scripts folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path under the scripts folder, with `/`: `assistant/consultation.toml`. Its first part says
    /// what is in it: `assistant`, `knowledge`, `phrases`, `services`, `intents` or `golden`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// What scripts are filled in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The organisation's name as callers hear it.
    pub organisation: String,
    /// The day that the validity of knowledge is judged by.
    pub today: Date,
}

/// Scripts, services and phrases, ready for use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptSet {
    scripts: BTreeMap<ScriptId, Arc<Script>>,
    services: Vec<Service>,
    phrases: BTreeMap<String, Phrase>,
    classifier: Option<Arc<Classifier>>,
    stress: Arc<Stress>,
    knowledge: Arc<KnowledgeBase>,
    talk: Option<Grammar>,
}

impl ScriptSet {
    /// The script of that name.
    #[must_use]
    pub fn script(&self, id: &ScriptId) -> Option<Arc<Script>> {
        self.scripts.get(id).cloned()
    }

    /// Every script, by name.
    pub fn scripts(&self) -> impl Iterator<Item = &Arc<Script>> {
        self.scripts.values()
    }

    /// Every service, in the order of the file.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service of that name.
    #[must_use]
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    /// What tells free words apart, if `intents/` has example phrases.
    #[must_use]
    pub const fn classifier(&self) -> Option<&Arc<Classifier>> {
        self.classifier.as_ref()
    }

    /// A phrase of `phrases/` by its name, such as `waiting.first`.
    #[must_use]
    pub fn phrase(&self, name: &str) -> Option<&Phrase> {
        self.phrases.get(name)
    }

    /// Everything that can ever be said, without repetition: to be rendered before the first call.
    #[must_use]
    pub fn phrases(&self) -> Vec<Phrase> {
        let mut all: Vec<Phrase> = self.phrases.values().cloned().collect();
        all.extend(self.scripts.values().flat_map(|script| script.phrases()));
        all.sort();
        all.dedup();
        all
    }

    /// Where the stress falls: the product's list and the administrator's.
    #[must_use]
    pub const fn stress(&self) -> &Arc<Stress> {
        &self.stress
    }

    /// What people read and look for: the same answers that the assistant reads.
    #[must_use]
    pub const fn knowledge(&self) -> &Arc<KnowledgeBase> {
        &self.knowledge
    }

    /// The name of the list of what talks with people are about; none if the scripts name no service
    /// and have no examples.
    #[must_use]
    pub fn talk_list(&self) -> Option<&str> {
        self.talk.as_ref().map(|list| list.node.as_str())
    }

    /// Every closed list, with the name that selects it: [`Script::list_key`], or
    /// [`ScriptSet::talk_list`].
    #[must_use]
    pub fn grammars(&self) -> Vec<(String, Grammar)> {
        let all = self.scripts.values().flat_map(|script| {
            script
                .grammars()
                .into_iter()
                .map(|g| (script.list_key(&g.node), g))
        });
        let talk = self
            .talk
            .iter()
            .map(|list| (list.node.clone(), list.clone()));
        all.chain(talk).collect()
    }
}

/// Builds all scripts. The set is there only if no finding is an error.
#[must_use]
pub fn build(files: &[SourceFile], setting: &Setting) -> (Option<ScriptSet>, Vec<Finding>) {
    let mut list = Vec::new();
    let under = |folder: &'static str, end: &'static str| {
        files
            .iter()
            .filter(move |f| f.path.split('/').next() == Some(folder) && f.path.ends_with(end))
    };
    let mut scripts = Vec::new();
    for file in under("assistant", ".toml") {
        scripts.extend(parse::script(file, &mut list));
    }
    let (mut phrases, mut services) = (Vec::new(), Vec::new());
    let read = under("knowledge", ".toml").filter_map(|file| parse::knowledge(file, &mut list));
    let (topics, cards): (Vec<_>, Vec<_>) = read.unzip();
    let cards: Vec<_> = cards.into_iter().flatten().collect();
    let mut stress = Stress::default();
    for file in under("phrases", ".toml") {
        if file.path == parse::STRESS {
            parse::stress(file, &mut stress, &mut list);
        } else {
            phrases.extend(parse::phrases(file, &mut list));
        }
    }
    for file in under("services", ".toml") {
        services.extend(parse::services(file, &mut list));
    }
    let intents: Vec<&SourceFile> = under("intents", ".toml").collect();
    let corpus = parse::corpus(&intents, &services, &mut list);
    if list.iter().any(|finding| finding.rule == Rule::Syntax) {
        // What is not read cannot be referred to: everything else would be an echo.
        return (None, list);
    }
    let world = World {
        topics: &topics,
        cards: &cards,
        phrases: &phrases,
        services: &services,
        setting,
    };
    for script in &scripts {
        lint::script(script, &world, &mut list);
    }
    lint::scripts(&scripts, &mut list);
    let known = |intent: &str| {
        let intent = IntentId::new(intent);
        corpus.as_ref().is_some_and(|c| c.intent(&intent).is_some())
    };
    lint::intents(&scripts, known, &mut list);
    lint::world(&world, &scripts, &mut list);
    list.sort();
    list.dedup();
    if list.iter().any(|one| one.severity == Severity::Error) {
        return (None, list);
    }
    let classifier = corpus
        .clone()
        .map(|corpus| Arc::new(Classifier::new(corpus)));
    let builder = Builder::new(&world, &scripts, classifier.clone());
    let scripts = followed(&builder, &scripts);
    let set = ScriptSet {
        talk: talk::list(scripts.values().map(AsRef::as_ref), corpus.as_ref()),
        scripts,
        phrases: builder.phrases(),
        knowledge: Arc::new(KnowledgeBase::new(builder.articles())),
        services: services.clone(),
        classifier,
        stress: Arc::new(stress.over_built_in()),
    };
    (Some(set), list)
}

/// The scripts that are followed by themselves, by name.
fn followed(builder: &Builder<'_>, drafts: &[ScriptDraft]) -> BTreeMap<ScriptId, Arc<Script>> {
    let whole = drafts.iter().filter(|draft| !draft.part);
    let scripts = whole.map(|draft| builder.script(draft));
    scripts
        .map(|script| (script.id.clone(), Arc::new(script)))
        .collect()
}

/// Everything that is wrong with the files, golden conversations included.
#[must_use]
pub fn check(files: &[SourceFile], setting: &Setting) -> Vec<Finding> {
    let (set, mut list) = build(files, setting);
    if let Some(set) = set {
        for file in files.iter().filter(|f| crate::golden::is_conversation(f)) {
            list.extend(crate::golden::check(file, &set, setting));
        }
    }
    list
}
