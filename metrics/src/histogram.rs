//! How often a duration fell below each of a fixed list of edges.

/// Edges of every wait and talk: each norm of the field is an edge (`docs/requirements.md`), in
/// microseconds: 1 s … 50 min.
pub const WAIT_EDGES_US: &[u64] = &[
    1_000_000,
    2_000_000,
    5_000_000,
    8_000_000,
    10_000_000,
    15_000_000,
    20_000_000,
    30_000_000,
    45_000_000,
    60_000_000,
    90_000_000,
    120_000_000,
    180_000_000,
    300_000_000,
    480_000_000,
    600_000_000,
    900_000_000,
    1_200_000_000,
    1_800_000_000,
    3_000_000_000,
];

/// Edges of what a person notices in a dialogue, in microseconds: 50 ms … 5 s.
pub const LATENCY_EDGES_US: &[u64] = &[
    50_000, 100_000, 200_000, 300_000, 500_000, 700_000, 1_000_000, 1_500_000, 2_000_000,
    3_000_000, 5_000_000,
];

/// Edges of disk writes and database batches, in microseconds: 0.25 ms … 1 s.
pub const STORAGE_EDGES_US: &[u64] = &[
    250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
];

/// Edges of RTP interarrival jitter, in microseconds: 1 … 200 ms.
pub(crate) const JITTER_EDGES_US: &[u64] = &[
    1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 40_000, 60_000, 100_000, 200_000,
];

/// A histogram with fixed edges. Exact: it sums whole microseconds, so two folds over the same
/// journal are equal to the last digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    edges_us: &'static [u64],
    /// One count an edge, and the last for what is above all of them.
    counts: Vec<u64>,
    sum_us: u64,
}

impl Histogram {
    /// An empty histogram; `edges_us` ascend.
    #[must_use]
    pub fn new(edges_us: &'static [u64]) -> Self {
        Self {
            edges_us,
            counts: vec![0; edges_us.len() + 1],
            sum_us: 0,
        }
    }

    /// One more observation. An edge belongs to its bucket (`le`).
    pub fn observe_us(&mut self, us: u64) {
        let at = self.edges_us.partition_point(|edge| *edge < us);
        if let Some(count) = self.counts.get_mut(at) {
            *count += 1;
        }
        self.sum_us = self.sum_us.saturating_add(us);
    }

    /// One more observation in whole milliseconds, the unit of every wait.
    pub fn observe_ms(&mut self, ms: events::Millis) {
        self.observe_us(ms.0.saturating_mul(1_000));
    }

    /// One more observation in seconds; what is not a duration counts as 0.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and a negative or NaN duration is booked as 0"
    )]
    pub fn observe_seconds(&mut self, seconds: f64) {
        self.observe_us((seconds * 1_000_000.0).round() as u64);
    }

    /// Adds what another histogram of the same edges counted, for example of another thread.
    pub fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
    }

    /// How many observations.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Their sum, in microseconds.
    #[must_use]
    pub const fn sum_us(&self) -> u64 {
        self.sum_us
    }

    /// Each edge with how many observations are not above it: `(edge in µs, cumulative count)`.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.edges_us
            .iter()
            .zip(&self.counts)
            .scan(0, |below, (edge, count)| {
                *below += count;
                Some((*edge, *below))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_belongs_to_its_bucket() {
        let mut talks = Histogram::new(WAIT_EDGES_US);
        for ms in [599_000, 600_000, 601_000] {
            talks.observe_ms(events::Millis(ms));
        }
        let at_ten_minutes = talks.buckets().find(|(edge, _)| *edge == 600_000_000);
        assert_eq!(at_ten_minutes, Some((600_000_000, 2)));
        assert_eq!((talks.count(), talks.sum_us()), (3, 1_800_000_000));
    }

    #[test]
    fn what_is_no_duration_counts_as_zero() {
        let mut disk = Histogram::new(STORAGE_EDGES_US);
        for seconds in [-1.0, f64::NAN, 0.000_25] {
            disk.observe_seconds(seconds);
        }
        assert_eq!((disk.count(), disk.sum_us()), (3, 250));
        assert_eq!(disk.buckets().next(), Some((250, 3)));
    }

    #[test]
    fn every_norm_of_the_field_is_an_edge() {
        for seconds in [20, 75, 120, 600, 900, 1_200] {
            let edge = WAIT_EDGES_US.contains(&(seconds * 1_000_000));
            assert_eq!(edge, seconds != 75, "{seconds} s");
        }
    }
}
