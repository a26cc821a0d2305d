//! Percentiles and how they are written.

/// Values in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values(pub(crate) Vec<u64>);

impl Values {
    pub(crate) fn push(&mut self, value: u64) {
        self.0.push(value);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The smallest value that `permille` of all do not exceed; 0 when there is none.
    pub(crate) fn at(&mut self, permille: usize) -> u64 {
        self.0.sort_unstable();
        let rank = (self.0.len() * permille).div_ceil(1_000).max(1) - 1;
        self.0.get(rank).copied().unwrap_or_default()
    }

    /// The same of nanoseconds, in milliseconds.
    pub(crate) fn ms(&mut self, permille: usize) -> f64 {
        ms(self.at(permille))
    }
}

pub(crate) fn ms(ns: u64) -> f64 {
    ns as f64 / 1e6
}

/// A table of Markdown.
pub(crate) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: &[&'static str]) -> Self {
        Self {
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        eprintln!("    {}", cells.join(" | "));
        self.rows.push(cells);
    }

    pub(crate) fn text(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let head: Vec<String> = self.head.iter().map(|&h| h.to_owned()).collect();
        let rule: Vec<String> = self.head.iter().map(|_| "---".to_owned()).collect();
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        line(&head) + &line(&rule) + &rows
    }
}
