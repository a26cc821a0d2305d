//! Chance with a seed.

/// SplitMix64 (Steele, Lea, Flood 2014): enough for stories.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides.max(1)
    }

    pub(super) fn percent(&mut self, of_hundred: u64) -> bool {
        self.roll(100) < of_hundred
    }

    pub(super) fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.roll(to.saturating_sub(from) + 1)
    }

    pub(super) fn one_of<T: Clone>(&mut self, of: &[T], or: T) -> T {
        let at = self.roll(of.len() as u64);
        usize::try_from(at)
            .ok()
            .and_then(|at| of.get(at).cloned())
            .unwrap_or(or)
    }
}
