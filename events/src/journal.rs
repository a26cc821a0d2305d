//! How a fact stands in the journal: one line of text, numbered and chained.
//!
//! `SEQ AT_US CHAIN JSON\n`, for example `17 1795312345678901 9f86d081884c7d65 {"heartbeat":{}}`.
//! CHAIN is the first 8 bytes, in hex, of SHA-256 over the previous CHAIN and this line's other
//! parts, so a torn tail is recognised and no line can be changed, dropped or swapped unnoticed.
//! This page is pure; files are opened in `server/src/io/journal_file.rs`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Event, Timestamp};

/// A fact with its place and time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// 1 for the first record of a journal, then without gaps.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Where a journal stands: enough to write its next line, or to check it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Chain {
    /// The sequence number of the newest line; 0 before the first.
    pub seq: u64,
    link: [u8; 8],
}

/// A line that is not what the journal's order demands.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The line lacks a part, or a part is unreadable: a torn tail, or not a journal.
    #[error("journal line after {after} is not readable: {what}")]
    Unreadable {
        /// The last good sequence number.
        after: u64,
        /// What is wrong with it.
        what: String,
    },
    /// The line is well formed but does not follow the line before it.
    #[error(
        "journal line {seq} does not follow line {after}: a line was changed, dropped or swapped"
    )]
    Broken {
        /// The last good sequence number.
        after: u64,
        /// The number the line claims.
        seq: u64,
    },
}

impl Chain {
    /// Numbers a fact and appends its line, with the newline, to `out`.
    pub fn append(&mut self, at: Timestamp, event: Event, out: &mut String) -> Record {
        let seq = self.seq + 1;
        // Facts hold strings, numbers and enums only: serialising them cannot fail.
        let json = serde_json::to_string(&event).unwrap_or_default();
        self.link = link(self.link, seq, at, &json);
        self.seq = seq;
        let _ = writeln!(out, "{seq} {} {} {json}", at.0, hex(self.link));
        Record { seq, at, event }
    }

    /// Reads the next line, without its newline, and checks that it follows.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`] for a torn or foreign line, [`JournalError::Broken`] for one
    /// that does not continue the chain. The chain is unchanged then.
    pub fn read(&mut self, line: &str) -> Result<Record, JournalError> {
        let unreadable = |what: String| JournalError::Unreadable {
            after: self.seq,
            what,
        };
        let mut parts = line.splitn(4, ' ');
        let mut part = |name: &str| parts.next().ok_or_else(|| unreadable(format!("no {name}")));
        let (seq, at, claimed, json) = (
            part("number")?,
            part("time")?,
            part("chain")?,
            part("fact")?,
        );
        let seq: u64 = seq
            .parse()
            .map_err(|_| unreadable(format!("number {seq:?}")))?;
        let at = Timestamp(at.parse().map_err(|_| unreadable(format!("time {at:?}")))?);
        let expected = link(self.link, seq, at, json);
        if seq != self.seq + 1 || hex(expected) != claimed {
            return Err(JournalError::Broken {
                after: self.seq,
                seq,
            });
        }
        let event = serde_json::from_str(json).map_err(|e| unreadable(e.to_string()))?;
        self.link = expected;
        self.seq = seq;
        Ok(Record { seq, at, event })
    }
}

fn link(before: [u8; 8], seq: u64, at: Timestamp, json: &str) -> [u8; 8] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(seq.to_be_bytes());
    hash.update(at.0.to_be_bytes());
    hash.update(json.as_bytes());
    let digest = hash.finalize();
    let mut link = [0; 8];
    link.iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    link
}

fn hex(link: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(link))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CallId, EndCause, LegId, Pii, ServiceId, Waits};
    use expect_test::expect;

    fn a_short_journal() -> String {
        let (mut chain, mut text) = (Chain::default(), String::new());
        let arrived = Event::CallArrived {
            call: CallId(1),
            leg: LegId(7),
            line: "100".into(),
            service: ServiceId::undetermined(),
            trunk: "loopback".into(),
            caller: Some(Pii::new("200".into())),
        };
        chain.append(Timestamp(1_000_000), arrived, &mut text);
        chain.append(Timestamp(2_000_000), Event::Heartbeat {}, &mut text);
        let ended = Event::CallEnded {
            call: CallId(1),
            cause: EndCause::CallerHungUp,
            waits: Waits::default(),
        };
        chain.append(Timestamp(3_000_000), ended, &mut text);
        text
    }

    #[test]
    fn a_journal_is_text_a_person_can_read() {
        expect![[r#"
            1 1000000 df8959e7cc10a5ae {"call_arrived":{"call":1,"leg":7,"line":"100","service":"undetermined","trunk":"loopback","caller":"200"}}
            2 2000000 145ba8393217066e {"heartbeat":{}}
            3 3000000 b068f42f80081dab {"call_ended":{"call":1,"cause":"caller_hung_up","waits":{"total_ms":0,"queue_ms":0,"ring_ms":0}}}
        "#]]
        .assert_eq(&a_short_journal());
    }

    #[test]
    fn what_was_written_is_read_back() {
        let text = a_short_journal();
        let (mut chain, mut again, mut copy) = (Chain::default(), Chain::default(), String::new());
        for line in text.lines() {
            let record = chain.read(line).unwrap();
            again.append(record.at, record.event, &mut copy);
        }
        assert_eq!(text, copy);
        assert_eq!(chain, again);
    }

    #[test]
    fn a_changed_dropped_or_swapped_line_is_noticed() {
        let text = a_short_journal();
        let lines: Vec<&str> = text.lines().collect();
        let read = |lines: &[&str]| {
            let mut chain = Chain::default();
            lines.iter().try_for_each(|line| chain.read(line).map(drop))
        };
        assert_eq!(read(&lines), Ok(()));
        let changed = lines[0].replace("\"100\"", "\"200\"");
        assert_eq!(
            read(&[&changed, lines[1]]),
            Err(JournalError::Broken { after: 0, seq: 1 })
        );
        assert!(read(&[lines[0], lines[2]]).is_err(), "dropped");
        assert!(read(&[lines[1], lines[0]]).is_err(), "swapped");
    }

    #[test]
    fn a_torn_tail_is_an_error_at_every_cut_and_never_a_panic() {
        let text = a_short_journal();
        let line = text.lines().next().unwrap();
        for cut in 0..line.len() {
            assert!(Chain::default().read(&line[..cut]).is_err(), "cut at {cut}");
        }
    }
}
