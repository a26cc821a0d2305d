//! The journal as a stream of facts to wait for.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use events::{CallId, Chain, Event, Record};

/// Follows a journal file from its first line.
pub struct Journal {
    path: PathBuf,
    tail: Child,
    lines: Receiver<String>,
    chain: Chain,
    /// Every record seen so far.
    pub seen: Vec<Record>,
    /// How many of them a wait has already passed.
    passed: usize,
}

impl Journal {
    #[must_use]
    pub fn follow(path: &Path) -> Self {
        let mut tail = Command::new("tail")
            .args([
                "--lines=+1",
                "--follow=name",
                "--retry",
                "--sleep-interval=0.05",
            ])
            .arg(path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(tail.stdout.take().unwrap());
        let (to, lines) = channel();
        std::thread::spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|l| to.send(l))
        });
        let (chain, seen) = (Chain::default(), Vec::new());
        Self {
            path: path.to_owned(),
            tail,
            lines,
            chain,
            seen,
            passed: 0,
        }
    }

    /// Waits for the next fact that is wanted, and passes it. Facts before it count as passed.
    pub fn wait(&mut self, what: &str, mut wanted: impl FnMut(&Event) -> bool) -> Record {
        let end = crate::patience_ends();
        loop {
            while self.passed < self.seen.len() {
                self.passed += 1;
                let record = &self.seen[self.passed - 1];
                if wanted(&record.event) {
                    return record.clone();
                }
            }
            let Ok(line) = self.lines.recv_timeout(crate::left_until(end)) else {
                panic!("no fact «{what}» came. The journal:\n{}", self.text());
            };
            let record = self.chain.read(&line).unwrap();
            self.seen.push(record);
        }
    }

    /// Takes in what is in the file now, without waiting for more.
    pub fn all(&mut self) -> Vec<Record> {
        let mut chain = Chain::default();
        self.text()
            .lines()
            .map_while(|line| chain.read(line).ok())
            .collect()
    }

    /// The facts of one call, in order.
    pub fn of(&mut self, call: CallId) -> Vec<Record> {
        self.all()
            .into_iter()
            .filter(|r| r.event.call() == Some(call))
            .collect()
    }

    #[must_use]
    pub fn text(&self) -> String {
        std::fs::read_to_string(&self.path).unwrap_or_default()
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _ = self.tail.kill();
        let _ = self.tail.wait();
    }
}
