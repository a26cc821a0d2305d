//! The rules. Each takes drafts and adds findings; none changes anything.

mod assigned;
mod languages;
mod parts;
mod questions;
mod tasks;
mod texts;
mod values;
mod ways;

use std::collections::BTreeMap;

use super::draft::{At, CardDraft, PhraseDraft, ScriptDraft, TopicDraft};
use super::finding::{Finding, Rule};
use super::model::Service;
use super::set::Setting;

/// What scripts may refer to.
pub(super) struct World<'a> {
    pub(super) topics: &'a [TopicDraft],
    pub(super) cards: &'a [CardDraft],
    pub(super) phrases: &'a [PhraseDraft],
    pub(super) services: &'a [Service],
    pub(super) setting: &'a Setting,
}

/// Adds findings about one file.
pub(super) struct Findings<'a> {
    pub(super) file: &'a str,
    pub(super) list: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    pub(super) fn add(&mut self, line: u32, rule: Rule, message: String, advice: &str) {
        self.list.push(Finding {
            file: self.file.to_owned(),
            line,
            rule,
            message,
            advice: advice.to_owned(),
            severity: rule.severity(),
        });
    }
}

/// Everything that is wrong with one script.
pub(super) fn script(script: &ScriptDraft, world: &World<'_>, list: &mut Vec<Finding>) {
    let whole = !list.iter().any(|finding| finding.file == script.file);
    let mut f = Findings {
        file: &script.file,
        list,
    };
    if whole {
        // A node that could not be read is not missing.
        ways::check(script, &mut f);
    }
    for node in &script.nodes {
        questions::check(node, world, &mut f);
    }
    texts::script(script, world, &mut f);
    languages::check(script, &mut f);
    values::check(script, &mut f);
    tasks::check(script, &mut f);
}

/// Everything that is wrong between scripts: parts and who calls them, values on their ways.
pub(super) fn scripts(scripts: &[ScriptDraft], list: &mut Vec<Finding>) {
    if parts::check(scripts, list) {
        assigned::check(scripts, list);
    }
}

/// Everything that is wrong between files: cards, phrases and services.
pub(super) fn world(world: &World<'_>, scripts: &[ScriptDraft], list: &mut Vec<Finding>) {
    texts::topics(world, list);
    texts::cards(world, scripts, list);
    texts::phrases(world, list);
}

/// Intents that options name and nobody gave examples of.
pub(super) fn intents(
    scripts: &[ScriptDraft],
    knows: impl Fn(&str) -> bool,
    list: &mut Vec<Finding>,
) {
    for script in scripts {
        let mut f = Findings {
            file: &script.file,
            list,
        };
        let options = script.nodes.iter().flat_map(|node| node.kind.options());
        for intent in options.flat_map(|option| &option.intents) {
            if !knows(&intent.value) {
                let message = format!("намерения «{}» нет", intent.value);
                let advice = "добавьте файл с примерами в intents/ или исправьте имя";
                f.add(intent.line, Rule::UnknownIntent, message, advice);
            }
        }
    }
}

/// Adds a finding for every name that stands twice.
pub(super) fn twice<'a>(
    names: impl Iterator<Item = (&'a str, &'a At<String>)>,
    list: &mut Vec<Finding>,
) {
    let mut seen: BTreeMap<&str, (&str, u32)> = BTreeMap::new();
    for (file, name) in names {
        if let Some((other, line)) = seen.get(name.value.as_str()) {
            let message = format!("имя «{}» уже занято: {other}:{line}", name.value);
            let mut f = Findings { file, list };
            f.add(name.line, Rule::BadName, message, "дайте другое имя");
        } else {
            seen.insert(&name.value, (file, name.line));
        }
    }
}

#[cfg(test)]
mod tests;
