//! A leg's seat in its room: who else is there, whom it hears, who hears it.

use crate::boundary::MAX_ROOM_LEGS;

/// Places of legs on their thread, each once, in the order in which they came; as many as a room
/// holds. Small enough to be copied, so that going through it borrows nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    at: [usize; MAX_ROOM_LEGS],
    count: usize,
}

impl Places {
    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        self.at.into_iter().take(self.count)
    }

    pub(super) const fn len(self) -> usize {
        self.count
    }

    pub(super) const fn is_empty(self) -> bool {
        self.count == 0
    }

    pub(super) fn contains(self, place: usize) -> bool {
        self.iter().any(|at| at == place)
    }

    /// False if there is no room for it.
    pub(super) fn insert(&mut self, place: usize) -> bool {
        if self.contains(place) {
            return true;
        }
        let Some(free) = self.at.get_mut(self.count) else {
            return false;
        };
        *free = place;
        self.count += 1;
        true
    }

    pub(super) fn without(self, place: usize) -> Self {
        let mut rest = Self::default();
        for at in self.iter().filter(|at| *at != place) {
            rest.insert(at);
        }
        rest
    }
}

/// See the module. Empty on a leg that is in no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seat {
    /// Everybody else in the room.
    pub(super) mates: Places,
    pub(super) hears: Places,
    pub(super) heard_by: Places,
    /// Whether anybody gets this leg's packets as they are.
    pub(super) relayed: bool,
}

impl Seat {
    /// Hears several: gets their sum. Who hears one gets that one's packets.
    pub(super) const fn mixes(&self) -> bool {
        self.hears.len() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_each_once_and_no_more_than_a_room_holds() {
        let mut places = Places::default();
        assert!(places.is_empty());
        for place in [4, 2, 4, 9] {
            assert!(places.insert(place));
        }
        assert_eq!(places.iter().collect::<Vec<_>>(), [4, 2, 9]);
        places = places.without(2).without(77);
        assert_eq!(places.iter().collect::<Vec<_>>(), [4, 9]);
        for place in 10..10 + MAX_ROOM_LEGS - 2 {
            assert!(places.insert(place));
        }
        assert_eq!((places.insert(50), places.insert(9)), (false, true));
        assert!(!places.contains(50) && places.len() == MAX_ROOM_LEGS);
    }
}
