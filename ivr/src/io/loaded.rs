//! Models in memory: as many as there is room for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::vosk::Model;

/// Models in memory by folder, with the turn of their last use.
pub(super) struct Models {
    loaded: BTreeMap<PathBuf, (Arc<Model>, u64)>,
    turn: u64,
    most: usize,
}

impl Models {
    /// Room for so many.
    pub(super) const fn new(most: usize) -> Self {
        Self {
            loaded: BTreeMap::new(),
            turn: 0,
            most,
        }
    }

    /// How many are in memory.
    pub(super) fn count(&self) -> usize {
        self.loaded.len()
    }

    /// The model of a folder, loaded if it is not in memory; none if libvosk refuses it.
    pub(super) fn get(&mut self, folder: &Path) -> Option<Arc<Model>> {
        self.turn += 1;
        if let Some((model, used)) = self.loaded.get_mut(folder) {
            *used = self.turn;
            return Some(Arc::clone(model));
        }
        while self.loaded.len() >= self.most.max(1) {
            let oldest = self
                .loaded
                .iter()
                .min_by_key(|(_, (_, used))| *used)?
                .0
                .clone();
            self.loaded.remove(&oldest);
        }
        let model = Arc::new(load_model(folder)?);
        self.loaded
            .insert(folder.to_owned(), (Arc::clone(&model), self.turn));
        Some(model)
    }
}

/// What libvosk makes of a folder.
pub(super) fn load_model(folder: &Path) -> Option<Model> {
    Model::new(folder.to_str()?)
}
