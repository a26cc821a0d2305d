//! The page of samples that `/metrics` prints, on the types of the `prometheus` crate.

use events::{LineId, ServiceId};
use prometheus::proto::{Bucket, Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType};

use crate::histogram::Histogram;
use crate::keys::Keys;
use crate::words::{Tally, Word};
use crate::{keys::Key, keys::Table};

/// Families of samples under construction.
#[derive(Debug, Default)]
pub(crate) struct Sheet(Vec<MetricFamily>);

/// One metric: a name, a help text and its samples.
pub(crate) struct Family<'s> {
    kind: MetricType,
    family: &'s mut MetricFamily,
}

/// A whole count as Prometheus wants it.
#[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

/// Microseconds as seconds.
pub(crate) fn seconds(us: u64) -> f64 {
    float(us) / 1_000_000.0
}

impl Sheet {
    /// A metric that only grows; its name ends in `_total`.
    pub(crate) fn counter(&mut self, name: &str, help: &str) -> Family<'_> {
        self.family(MetricType::COUNTER, name, help)
    }

    /// A metric that goes up and down.
    pub(crate) fn gauge(&mut self, name: &str, help: &str) -> Family<'_> {
        self.family(MetricType::GAUGE, name, help)
    }

    /// A metric of durations; its name ends in `_seconds`.
    pub(crate) fn histogram(&mut self, name: &str, help: &str) -> Family<'_> {
        self.family(MetricType::HISTOGRAM, name, help)
    }

    fn family(&mut self, kind: MetricType, name: &str, help: &str) -> Family<'_> {
        let mut family = MetricFamily::default();
        family.set_name(name.to_owned());
        family.set_help(help.to_owned());
        family.set_field_type(kind);
        self.0.push(family);
        let at = self.0.len() - 1;
        match self.0.get_mut(at) {
            Some(family) => Family { kind, family },
            None => unreachable!("the family was just pushed"),
        }
    }

    /// The families in the order of their names, without those that have no sample.
    pub(crate) fn into_families(self) -> Vec<MetricFamily> {
        let mut families = self.0;
        families.retain(|family| !family.get_metric().is_empty());
        families.sort_by(|a, b| a.name().cmp(b.name()));
        families
    }
}

impl Family<'_> {
    /// One sample.
    pub(crate) fn value(&mut self, labels: &[(&str, &str)], value: f64) {
        let mut metric = Metric::from_label(pairs(labels));
        if self.kind == MetricType::COUNTER {
            let mut counter = Counter::default();
            counter.set_value(value);
            metric.set_counter(counter);
        } else {
            let mut gauge = Gauge::default();
            gauge.set_value(value);
            metric.set_gauge(gauge);
        }
        self.family.mut_metric().push(metric);
    }

    /// One histogram.
    pub(crate) fn buckets(&mut self, labels: &[(&str, &str)], histogram: &Histogram) {
        let mut proto = prometheus::proto::Histogram::default();
        proto.set_bucket(histogram.buckets().map(bucket).collect());
        proto.set_sample_count(histogram.count());
        proto.set_sample_sum(seconds(histogram.sum_us()));
        let mut metric = Metric::from_label(pairs(labels));
        metric.set_histogram(proto);
        self.family.mut_metric().push(metric);
    }

    /// One count for each line and service.
    pub(crate) fn per_key<T: Default>(
        &mut self,
        table: (&Keys, &Table<T>),
        value: impl Fn(&T) -> u64,
    ) {
        self.per_key_float(table, |cell| float(value(cell)));
    }

    /// One figure for each line and service.
    pub(crate) fn per_key_float<T: Default>(
        &mut self,
        (keys, table): (&Keys, &Table<T>),
        value: impl Fn(&T) -> f64,
    ) {
        for (line, service, cell) in cells(keys, table) {
            let value = cell.map_or(0.0, &value);
            self.value(&line_service(line, service), value);
        }
    }

    /// One sample for each line, service and word.
    pub(crate) fn per_word<T: Default, W: Word>(
        &mut self,
        (keys, table): (&Keys, &Table<T>),
        label: &str,
        tally: impl Fn(&T) -> &Tally<W>,
    ) {
        for (line, service, cell) in cells(keys, table) {
            for word in W::all() {
                let value = cell.map_or(0, |cell| tally(cell).of(*word));
                let [line, service] = line_service(line, service);
                self.value(&[line, service, (label, word.word())], float(value));
            }
        }
    }

    /// One histogram for each line and service.
    pub(crate) fn per_key_buckets<T: Default>(
        &mut self,
        (keys, table): (&Keys, &Table<T>),
        histogram: impl Fn(&T) -> &Histogram,
    ) {
        let empty = T::default();
        for (line, service, cell) in cells(keys, table) {
            let histogram = histogram(cell.unwrap_or(&empty));
            self.buckets(&line_service(line, service), histogram);
        }
    }
}

/// Every pair of line and service with its cell, if anything happened there.
pub(crate) fn cells<'a, T: Default>(
    keys: &'a Keys,
    table: &'a Table<T>,
) -> impl Iterator<Item = (&'a LineId, &'a ServiceId, Option<&'a T>)> {
    keys.iter()
        .map(|(line, service, key): (_, _, Key)| (line, service, table.get(key)))
}

/// The two labels of nearly every number.
pub(crate) fn line_service<'a>(
    line: &'a LineId,
    service: &'a ServiceId,
) -> [(&'a str, &'a str); 2] {
    [("line", line.as_str()), ("service", service.as_str())]
}

fn pairs(labels: &[(&str, &str)]) -> Vec<LabelPair> {
    let pair = |(name, value): &(&str, &str)| {
        let mut pair = LabelPair::default();
        pair.set_name((*name).to_owned());
        pair.set_value((*value).to_owned());
        pair
    };
    labels.iter().map(pair).collect()
}

fn bucket((edge_us, below): (u64, u64)) -> Bucket {
    let mut bucket = Bucket::default();
    bucket.set_upper_bound(seconds(edge_us));
    bucket.set_cumulative_count(below);
    bucket
}
