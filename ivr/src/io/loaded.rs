//! Models in memory: as many as there is room for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ::vosk::Model;

/// A model in memory. Recognisers are made of it side by side; its words are asked for alone.
pub(super) type Loaded = Arc<RwLock<Model>>;

/// Locks what is never left half-changed: a panic elsewhere does not spoil it.
pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// As [`read`], alone.
pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Models in memory by folder, with the turn of their last use.
pub(super) struct Models {
    loaded: BTreeMap<PathBuf, (Loaded, u64)>,
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
    pub(super) fn get(&mut self, folder: &Path) -> Option<Loaded> {
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
        let model = Arc::new(RwLock::new(Model::new(folder.to_str()?)?));
        let kept = (Arc::clone(&model), self.turn);
        self.loaded.insert(folder.to_owned(), kept);
        Some(model)
    }
}
