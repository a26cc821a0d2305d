//! A finite-state transducer as OpenFst writes it: what a search graph is stored in.

use crate::g2p::Phone;

/// An arc of the transducer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Arc {
    pub(super) input: i32,
    pub(super) output: i32,
    pub(super) cost: f32,
    pub(super) to: i32,
}

/// A transducer under construction; the first state is the start.
#[derive(Clone, Debug, Default)]
pub(super) struct Fst {
    pub(super) states: Vec<(Option<f32>, Vec<Arc>)>,
}

impl Fst {
    pub(super) fn state(&mut self) -> i32 {
        self.states.push((None, Vec::new()));
        i32::try_from(self.states.len() - 1).unwrap_or(i32::MAX)
    }

    fn at(&mut self, state: i32) -> Option<&mut (Option<f32>, Vec<Arc>)> {
        usize::try_from(state)
            .ok()
            .and_then(|index| self.states.get_mut(index))
    }

    pub(super) fn finish_at(&mut self, state: i32) {
        if let Some((end, _)) = self.at(state) {
            *end = Some(0.0);
        }
    }

    pub(super) fn arc(&mut self, from: i32, arc: Arc) {
        if let Some((_, arcs)) = self.at(from) {
            arcs.push(arc);
        }
    }

    pub(super) fn skip(&mut self, from: i32, to: i32, cost: f32) {
        self.arc(
            from,
            Arc {
                input: 0,
                output: 0,
                cost,
                to,
            },
        );
    }

    /// From `from` through one phone into a new state that may be stayed in.
    pub(super) fn phone(&mut self, from: i32, phone: Phone, output: i32, cost: f32) -> i32 {
        let to = self.stay(phone);
        self.arc(
            from,
            Arc {
                input: 2 * phone.index() + 2,
                output,
                cost,
                to,
            },
        );
        to
    }

    /// Into a state of that phone ([`Fst::stay`]).
    pub(super) fn enter(&mut self, from: i32, phone: Phone, cost: f32, to: i32) {
        self.arc(
            from,
            Arc {
                input: 2 * phone.index() + 2,
                output: 0,
                cost,
                to,
            },
        );
    }

    /// A new state in which a phone goes on.
    pub(super) fn stay(&mut self, phone: Phone) -> i32 {
        let state = self.state();
        self.arc(
            state,
            Arc {
                input: 2 * phone.index() + 1,
                output: 0,
                cost: 0.0,
                to: state,
            },
        );
        state
    }

    /// OpenFst's `VectorFst` over standard arcs, version 2, arcs sorted by input label.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        const MAGIC: i32 = 2_125_659_606;
        const VERSION: i32 = 2;
        const FLAGS: i32 = 0;
        const EXPANDED_AND_MUTABLE: u64 = 3;
        const START: i64 = 0;
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).to_le_bytes();
        let mut out = Vec::new();
        out.extend(MAGIC.to_le_bytes());
        for name in ["vector", "standard"] {
            out.extend(i32::try_from(name.len()).unwrap_or(0).to_le_bytes());
            out.extend(name.as_bytes());
        }
        out.extend(VERSION.to_le_bytes());
        out.extend(FLAGS.to_le_bytes());
        out.extend(EXPANDED_AND_MUTABLE.to_le_bytes());
        out.extend(START.to_le_bytes());
        out.extend(count(self.states.len()));
        out.extend(count(self.states.iter().map(|(_, arcs)| arcs.len()).sum()));
        for (end, arcs) in &self.states {
            let mut arcs = arcs.clone();
            arcs.sort_by_key(|arc| arc.input);
            out.extend(end.unwrap_or(f32::INFINITY).to_le_bytes());
            out.extend(count(arcs.len()));
            for arc in arcs {
                out.extend(arc.input.to_le_bytes());
                out.extend(arc.output.to_le_bytes());
                out.extend(arc.cost.to_le_bytes());
                out.extend(arc.to.to_le_bytes());
            }
        }
        out
    }
}
