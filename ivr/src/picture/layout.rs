//! Where the boxes stand: columns by steps from the beginning, in a column by where lines come from.

use std::collections::{BTreeMap, VecDeque};

use crate::script::{Node, NodeKind, Script};

/// Width of a box, in pixels.
pub(super) const WIDTH_PX: usize = 330;
/// Height of a line of text, in pixels.
pub(super) const TEXT_PX: usize = 17;
/// Height of a way's row, in pixels.
pub(super) const ROW_PX: usize = 18;
/// Between columns, in pixels.
const GAP_X_PX: usize = 90;
/// Between boxes of a column, in pixels.
const GAP_Y_PX: usize = 24;
/// A node that more lead to is only named, not pointed at.
const IN_MAX: usize = 3;

/// A box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Box {
    pub(super) x_px: usize,
    pub(super) y_px: usize,
    pub(super) height_px: usize,
}

/// All boxes.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) boxes: BTreeMap<String, Box>,
    pub(super) width_px: usize,
    pub(super) height_px: usize,
    column: BTreeMap<String, usize>,
    ways_in: BTreeMap<String, usize>,
}

impl Layout {
    /// Places every node; `height_px` tells how high its box is.
    pub(super) fn of(script: &Script, height_px: impl Fn(&Node) -> usize) -> Self {
        let column = columns(script);
        let last = column.values().copied().max().unwrap_or(0);
        let mut layout = Self {
            boxes: BTreeMap::new(),
            width_px: last * (WIDTH_PX + GAP_X_PX) + WIDTH_PX,
            height_px: 0,
            column,
            ways_in: ways_in(script),
        };
        for number in 0..=last {
            layout.place(script, number, &height_px);
        }
        layout
    }

    /// The box that a line from one node to another ends at; none if the way is only named.
    pub(super) fn drawn(&self, from: &str, to: &str) -> Option<&Box> {
        let ahead = self.column.get(to)? > self.column.get(from)?;
        let few = self.ways_in.get(to).is_some_and(|count| *count <= IN_MAX);
        self.boxes.get(to).filter(|_| ahead && few)
    }

    fn place(&mut self, script: &Script, number: usize, height_px: &impl Fn(&Node) -> usize) {
        let mut nodes: Vec<(usize, &Node)> = script
            .nodes()
            .filter(|node| self.column.get(&node.name) == Some(&number))
            .map(|node| (self.height_of_origins(script, node), node))
            .collect();
        nodes.sort_by_key(|(origin, node)| (*origin, node.name.clone()));
        let mut y_px = 0;
        for (_, node) in nodes {
            let place = Box {
                x_px: number * (WIDTH_PX + GAP_X_PX),
                y_px,
                height_px: height_px(node),
            };
            y_px += place.height_px + GAP_Y_PX;
            self.boxes.insert(node.name.clone(), place);
        }
        self.height_px = self.height_px.max(y_px);
    }

    /// The mean height of the boxes that lead here, of those that stand already.
    fn height_of_origins(&self, script: &Script, node: &Node) -> usize {
        let leads = |from: &&Node| from.kind.ways().iter().any(|(_, to)| *to == node.name);
        let origins: Vec<usize> = script
            .nodes()
            .filter(leads)
            .filter_map(|from| self.boxes.get(&from.name))
            .map(|place| place.y_px)
            .collect();
        origins
            .iter()
            .sum::<usize>()
            .checked_div(origins.len())
            .unwrap_or(usize::MAX)
    }
}

/// Steps from the beginning; what cannot be reached by a way of its own (a return's way, where too
/// much silence leads) stands one column after what it is reached from, else in the last.
fn columns(script: &Script) -> BTreeMap<String, usize> {
    let mut column = BTreeMap::from([(script.start.clone(), 0)]);
    let mut open = VecDeque::from([script.start.clone()]);
    let starts = [script.when_closed.as_ref(), script.give_up.as_ref()];
    for start in starts.into_iter().flatten() {
        open.push_back(start.clone());
        column.entry(start.clone()).or_insert(1);
    }
    while let Some(name) = open.pop_front() {
        let depth = column.get(&name).copied().unwrap_or(0);
        let Some(node) = script.node(&name) else {
            continue;
        };
        for to in leads(node) {
            if !column.contains_key(&to) {
                column.insert(to.clone(), depth + 1);
                open.push_back(to);
            }
        }
    }
    let last = column.values().copied().max().unwrap_or(0);
    for node in script.nodes() {
        column.entry(node.name.clone()).or_insert(last + 1);
    }
    column
}

/// Where a node leads, a part's ways included.
fn leads(node: &Node) -> Vec<String> {
    let own = node.kind.ways().into_iter().map(|(_, to)| to);
    match &node.kind {
        NodeKind::Call(call) => own.chain(call.ways.values().cloned()).collect(),
        NodeKind::Say { .. }
        | NodeKind::Answer { .. }
        | NodeKind::Question(_)
        | NodeKind::Ask(_)
        | NodeKind::Pick(_)
        | NodeKind::Dictate(_)
        | NodeKind::Task(_)
        | NodeKind::If(_)
        | NodeKind::Set(_)
        | NodeKind::Return { .. }
        | NodeKind::Handover { .. }
        | NodeKind::Finish { .. } => own.collect(),
    }
}

fn ways_in(script: &Script) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for node in script.nodes() {
        let mut targets: Vec<String> = node.kind.ways().into_iter().map(|(_, to)| to).collect();
        targets.sort();
        targets.dedup();
        for to in targets {
            *count.entry(to).or_insert(0) += 1;
        }
    }
    count
}
