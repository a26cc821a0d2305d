//! Line × service, the labels of nearly every number, as a small index.

use std::collections::BTreeMap;

use events::{Catalogue, LineId, ServiceId};

/// More pairs than this are booked under `unknown`: the number of series has a limit.
const KEYS_MAX: usize = 10_000;

/// What a line is called that no catalogue names.
const UNKNOWN_LINE: &str = "unknown";

/// The index of a pair of line and service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(usize);

impl Key {
    /// Of facts that belong to no call: no question looks at it then.
    pub(crate) const NOWHERE: Self = Self(0);
}

/// Every pair of line and service that has been seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    count: usize,
    index: BTreeMap<LineId, BTreeMap<ServiceId, Key>>,
    unknown: LineId,
    undetermined: ServiceId,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            count: 0,
            index: BTreeMap::new(),
            unknown: LineId::new(UNKNOWN_LINE),
            undetermined: ServiceId::undetermined(),
        }
    }
}

impl Keys {
    /// Every line with its services and `undetermined`, so that every series exists at 0
    /// (requirement row #44).
    pub(crate) fn load(&mut self, catalogue: &Catalogue) {
        let undetermined = self.undetermined.clone();
        for card in &catalogue.lines {
            self.of(&card.line, &undetermined);
            for service in &card.services {
                self.of(&card.line, service);
            }
        }
    }

    /// The key of a pair; made if it is new.
    pub(crate) fn of(&mut self, line: &LineId, service: &ServiceId) -> Key {
        if let Some(key) = self.index.get(line).and_then(|line| line.get(service)) {
            return *key;
        }
        if self.count >= KEYS_MAX {
            return self.unknown();
        }
        self.insert(line.clone(), service.clone())
    }

    /// The key of a line with no service yet. A line that nobody configured is `unknown`: callers
    /// can dial anything, and labels must stay few.
    pub(crate) fn of_dialled(&mut self, line: &LineId) -> Key {
        if self.index.contains_key(line) {
            let undetermined = self.undetermined.clone();
            self.of(line, &undetermined)
        } else {
            self.unknown()
        }
    }

    /// The key of facts that belong to no known call.
    pub(crate) fn unknown(&mut self) -> Key {
        let (line, service) = (self.unknown.clone(), self.undetermined.clone());
        if let Some(key) = self.index.get(&line).and_then(|line| line.get(&service)) {
            return *key;
        }
        self.insert(line, service)
    }

    fn insert(&mut self, line: LineId, service: ServiceId) -> Key {
        let key = Key(self.count);
        self.count += 1;
        self.index.entry(line).or_default().insert(service, key);
        key
    }

    /// Every pair with its key, in the order of the labels.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&LineId, &ServiceId, Key)> {
        self.index.iter().flat_map(|(line, services)| {
            services
                .iter()
                .map(move |(service, key)| (line, service, *key))
        })
    }
}

/// Something for each pair of line and service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table<T>(Vec<T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Default> Table<T> {
    /// The cell of a pair, made if it is new.
    pub(crate) fn at(&mut self, Key(key): Key) -> &mut T {
        if self.0.len() <= key {
            self.0.resize_with(key + 1, T::default);
        }
        // The line above made the cell; `get_mut` cannot miss, and a miss would lose nothing else.
        match self.0.get_mut(key) {
            Some(cell) => cell,
            None => unreachable!("cell {key} was just made"),
        }
    }

    /// The cell of a pair, if anything happened there.
    pub(crate) fn get(&self, Key(key): Key) -> Option<&T> {
        self.0.get(key)
    }

    /// The same, to be changed.
    pub(crate) fn cells_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }

    /// Every cell where anything happened.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}
