//! How much of the scripts the golden conversations walk: nodes, and ways between them.

use std::collections::{BTreeMap, BTreeSet};

use events::ScriptId;
use serde::Deserialize;

use crate::golden;
use crate::script::{NodeKind, Script, ScriptSet, Setting, SourceFile};

/// What the golden conversations of a script must walk at least, in percent: `golden/coverage.toml`
/// names what is less than the whole, a table a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// Of the nodes.
    pub nodes: usize,
    /// Of the ways between them.
    pub ways: usize,
}

impl Default for Floor {
    /// Everything, unless the file says otherwise.
    fn default() -> Self {
        Self {
            nodes: 100,
            ways: 100,
        }
    }
}

/// The floors of a scripts folder, by script.
///
/// # Errors
/// What is wrong with `golden/coverage.toml`.
pub fn floors(files: &[SourceFile]) -> Result<BTreeMap<String, Floor>, String> {
    let file = files.iter().find(|f| f.path == "golden/coverage.toml");
    let Some(file) = file else {
        return Ok(BTreeMap::new());
    };
    toml::from_str(&file.text).map_err(|error| format!("{}: {}", file.path, error.message()))
}

/// How much of one script is walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The script.
    pub script: ScriptId,
    /// Conversations that hold it.
    pub conversations: usize,
    /// Every node, and whether a conversation enters it.
    pub nodes: BTreeMap<String, bool>,
    /// Every way from node to node, and whether a conversation takes it.
    pub ways: BTreeMap<(String, String), bool>,
}

impl Coverage {
    /// Whether the conversations are enough.
    #[must_use]
    pub fn is_enough(&self, floor: Floor) -> bool {
        percent(self.nodes.values()) >= floor.nodes && percent(self.ways.values()) >= floor.ways
    }

    /// Nodes that no conversation enters.
    pub fn missed_nodes(&self) -> impl Iterator<Item = &str> {
        let missed = self.nodes.iter().filter(|(_, met)| !**met);
        missed.map(|(node, _)| node.as_str())
    }

    /// Ways that no conversation takes.
    pub fn missed_ways(&self) -> impl Iterator<Item = (&str, &str)> {
        let missed = self.ways.iter().filter(|(_, met)| !**met);
        missed.map(|((from, to), _)| (from.as_str(), to.as_str()))
    }
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = |all: &mut dyn Iterator<Item = &bool>| {
            let (mut met, mut of) = (0_usize, 0_usize);
            for is_met in all {
                (met, of) = (met + usize::from(*is_met), of + 1);
            }
            format!("{met} из {of}")
        };
        write!(
            f,
            "{}: образцов {}, узлов пройдено {} ({} %), переходов {} ({} %)",
            self.script,
            self.conversations,
            count(&mut self.nodes.values()),
            percent(self.nodes.values()),
            count(&mut self.ways.values()),
            percent(self.ways.values()),
        )
    }
}

/// Walks every conversation through its script.
#[must_use]
pub fn measure(files: &[SourceFile], set: &ScriptSet, setting: &Setting) -> Vec<Coverage> {
    let mut measured: BTreeMap<ScriptId, Coverage> = set
        .scripts()
        .map(|script| (script.id.clone(), nothing(script)))
        .collect();
    let conversations = files.iter().filter(|f| golden::is_conversation(f));
    for file in conversations {
        let Some((script, path)) = golden::path(file, set, setting) else {
            continue;
        };
        if let Some(coverage) = measured.get_mut(&script) {
            coverage.conversations += 1;
            walk(coverage, &path);
        }
    }
    share(&mut measured);
    measured.into_values().collect()
}

/// A part is the same text wherever it is called: what is walked inside it from one script is walked
/// for all. The ways into it and out of it are each script's own.
fn share(measured: &mut BTreeMap<ScriptId, Coverage>) {
    let nodes: BTreeSet<String> = measured
        .values()
        .flat_map(|of| of.nodes.iter())
        .filter(|(node, is_met)| **is_met && is_inside(node))
        .map(|(node, _)| node.clone())
        .collect();
    let ways: BTreeSet<(String, String)> = measured
        .values()
        .flat_map(|of| of.ways.iter())
        .filter(|((from, to), is_met)| **is_met && is_inside(from) && is_inside(to))
        .map(|(way, _)| way.clone())
        .collect();
    for coverage in measured.values_mut() {
        for (node, is_met) in &mut coverage.nodes {
            *is_met |= nodes.contains(node);
        }
        for (way, is_met) in &mut coverage.ways {
            *is_met |= ways.contains(way);
        }
    }
}

/// A node of a part: `part_callback.when`.
fn is_inside(node: &str) -> bool {
    node.contains('.')
}

/// Where a node stands in its file: `assistant/consultation.toml:12`.
#[must_use]
pub fn place_of(files: &[SourceFile], script: &ScriptId, node: &str) -> String {
    let heads = |name: &str| {
        let (kind, bare) = (format!("[node.{name}]"), name.to_owned());
        move |line: &str| line.trim() == kind || line.trim() == format!("[node.\"{bare}\"]")
    };
    let (home, name) = node.split_once('.').unwrap_or((script.as_str(), node));
    for (file, name) in [(home, name), (script.as_str(), node)] {
        let path = format!("assistant/{file}.toml");
        let is_head = heads(name);
        let text = files.iter().find(|f| f.path == path);
        let line = text.and_then(|f| f.text.lines().position(&is_head));
        if let Some(line) = line {
            return format!("{path}:{}", line + 1);
        }
    }
    format!("assistant/{script}.toml: {node}")
}

fn nothing(script: &Script) -> Coverage {
    let own = script.nodes().flat_map(|node| {
        let to = node.kind.ways().into_iter().map(|(_, to)| to);
        to.map(|to| (node.name.clone(), to)).collect::<Vec<_>>()
    });
    let ways: BTreeSet<(String, String)> = own.chain(returns(script)).collect();
    Coverage {
        script: script.id.clone(),
        conversations: 0,
        nodes: script.nodes().map(|n| (n.name.clone(), false)).collect(),
        ways: ways.into_iter().map(|way| (way, false)).collect(),
    }
}

/// Ways out of parts, back to where they were called from.
fn returns(script: &Script) -> Vec<(String, String)> {
    let mut ways = Vec::new();
    for caller in script.nodes() {
        let NodeKind::Call(call) = &caller.kind else {
            continue;
        };
        let inside = format!("{}.", call.part);
        for node in script.nodes().filter(|n| n.name.starts_with(&inside)) {
            if let NodeKind::Return { way } = &node.kind
                && let Some(to) = call.ways.get(way)
            {
                ways.push((node.name.clone(), to.clone()));
            }
        }
    }
    ways
}

fn walk(coverage: &mut Coverage, path: &[String]) {
    for node in path {
        if let Some(met) = coverage.nodes.get_mut(node) {
            *met = true;
        }
    }
    for pair in path.windows(2) {
        if let [from, to] = pair
            && let Some(met) = coverage.ways.get_mut(&(from.clone(), to.clone()))
        {
            *met = true;
        }
    }
}

fn percent<'a>(all: impl Iterator<Item = &'a bool> + Clone) -> usize {
    let of = all.clone().count();
    (all.filter(|met| **met).count() * 100)
        .checked_div(of)
        .unwrap_or(100)
}
