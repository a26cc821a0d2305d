//! The journal as a local file: append, fsync, recover.
//!
//! A crash may tear the last line; it was never acted on, since effects wait for the fsync, so it is
//! cut off. Damage anywhere else stops the start with a message: the journal is the truth and is
//! not mended silently.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use events::{Chain, JournalError, Record};
use metrics::io::JournalReader;

/// Where facts become durable. A local file is the embedded default; several nodes would share a
/// replicated log behind the same two verbs.
pub trait Journal: Send {
    /// Appends whole lines and makes them durable before returning.
    ///
    /// # Errors
    /// The lines are not in the journal then; the same call may be tried again.
    fn commit(&mut self, lines: &str) -> std::io::Result<()>;
}

/// A journal in one file.
#[derive(Debug)]
pub struct JournalFile {
    file: File,
    length_bytes: u64,
    /// A failed write may have left something behind `length_bytes`.
    is_dirty: bool,
}

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened, read or cut.
    #[error("журнал {path}: {error}. Проверьте права и место на диске")]
    Io {
        /// Which file.
        path: PathBuf,
        /// The system's words.
        error: std::io::Error,
    },
    /// Another process writes it.
    #[error(
        "журнал {path} уже занят другой службой «Линия». Остановите её или укажите другой data_dir"
    )]
    Locked {
        /// Which file.
        path: PathBuf,
    },
    /// A line was changed, dropped or swapped.
    #[error(
        "журнал {path} повреждён: {error}. Числам из него нельзя верить. Сохраните файл для разбора, \
         восстановите его из резервной копии или уберите, чтобы начать новый"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: JournalError,
    },
}

impl JournalFile {
    /// Opens or creates the file for writing, hands every record in it to `each`, and cuts a torn
    /// last line off. Returns the journal and where it stands.
    ///
    /// # Errors
    /// [`OpenError`]; the file is unchanged then.
    pub fn open(path: &Path, each: impl FnMut(Record)) -> Result<(Self, Chain), OpenError> {
        let io = |error| OpenError::Io {
            path: path.to_owned(),
            error,
        };
        let mut file = private(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(OpenError::Locked {
                    path: path.to_owned(),
                });
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(io(error)),
        }
        let (chain, length_bytes) = scan(path, &file, each)?;
        if file.metadata().map_err(io)?.len() > length_bytes {
            tracing::warn!(
                length_bytes,
                "the journal's last line was torn by a crash and is cut off"
            );
            file.set_len(length_bytes).map_err(io)?;
        }
        file.seek(SeekFrom::Start(length_bytes)).map_err(io)?;
        Ok((
            Self {
                file,
                length_bytes,
                is_dirty: false,
            },
            chain,
        ))
    }

    /// Bytes in the journal.
    #[must_use]
    pub const fn length_bytes(&self) -> u64 {
        self.length_bytes
    }
}

impl Journal for JournalFile {
    fn commit(&mut self, lines: &str) -> std::io::Result<()> {
        if self.is_dirty {
            // A part of the last attempt may stand there: a retry begins on a clean line.
            self.file.set_len(self.length_bytes)?;
            self.file.seek(SeekFrom::Start(self.length_bytes))?;
        }
        self.is_dirty = true;
        self.file.write_all(lines.as_bytes())?;
        self.file.sync_data()?;
        self.is_dirty = false;
        self.length_bytes += lines.len() as u64;
        Ok(())
    }
}

/// Reads a journal without locking or changing it: for `ladder` and `replay` beside a running server.
///
/// # Errors
/// [`OpenError`]. A torn last line is not an error: the server may be writing it.
pub fn read(path: &Path, each: impl FnMut(Record)) -> Result<Chain, OpenError> {
    let file = File::open(path).map_err(|error| OpenError::Io {
        path: path.to_owned(),
        error,
    })?;
    scan(path, &file, each).map(|(chain, _)| chain)
}

/// For the ingester: the records from a sequence number on, each line checked.
#[must_use]
pub fn reader(path: PathBuf) -> JournalReader {
    Arc::new(move |seq| {
        let lines = BufReader::with_capacity(1 << 20, File::open(&path)?).split(b'\n');
        let mut chain = Chain::default();
        let records = lines.map_while(move |line| match line {
            Ok(line) => {
                let text = std::str::from_utf8(&line).ok()?;
                chain.read(text).ok().map(Ok) // the rest of a torn or growing last line is not there yet
            }
            Err(error) => Some(Err(error)),
        });
        let wanted = records.skip_while(move |r| r.as_ref().is_ok_and(|r| r.seq < seq));
        Ok(Box::new(wanted) as Box<dyn Iterator<Item = std::io::Result<Record>> + Send>)
    })
}

fn private(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    if is_new
        && let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
    {
        File::open(folder)?.sync_all()?; // or a power cut may take the file's name away
    }
    Ok(file)
}

fn scan(path: &Path, file: &File, mut each: impl FnMut(Record)) -> Result<(Chain, u64), OpenError> {
    let io = |error| OpenError::Io {
        path: path.to_owned(),
        error,
    };
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let (mut chain, mut good_bytes, mut line) = (Chain::default(), 0_u64, Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line).map_err(io)?;
        let Some(body) = line.strip_suffix(b"\n") else {
            return Ok((chain, good_bytes)); // the end, or a line torn before its newline
        };
        let parsed = std::str::from_utf8(body)
            .map_err(|_| JournalError::Unreadable {
                after: chain.seq,
                what: "not UTF-8".into(),
            })
            .and_then(|text| chain.read(text));
        match parsed {
            Ok(record) => each(record),
            Err(_) if is_last(&mut reader).map_err(io)? => return Ok((chain, good_bytes)),
            Err(error) => {
                return Err(OpenError::Damaged {
                    path: path.to_owned(),
                    error,
                });
            }
        }
        good_bytes += read as u64;
    }
}

/// Whether nothing but the torn remains of one write follows: blocks of zeros after a power cut.
fn is_last(reader: &mut impl Read) -> std::io::Result<bool> {
    let mut rest = [0; 4096];
    loop {
        match reader.read(&mut rest) {
            Ok(0) => return Ok(true),
            Ok(n) if rest.iter().take(n).all(|byte| *byte == 0) => {}
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::{Event, Timestamp};

    fn write(path: &Path, facts: usize) -> Chain {
        let (mut journal, mut chain) = JournalFile::open(path, |_| ()).unwrap();
        let mut lines = String::new();
        for _ in 0..facts {
            chain.append(Timestamp(1), Event::Heartbeat {}, &mut lines);
        }
        journal.commit(&lines).unwrap();
        chain
    }

    fn count(path: &Path) -> Result<usize, OpenError> {
        let mut facts = 0;
        JournalFile::open(path, |_| facts += 1).map(|_| facts)
    }

    #[test]
    fn facts_survive_and_the_chain_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal/liniya.journal");
        write(&path, 3);
        assert_eq!(write(&path, 2).seq, 5);
        assert_eq!(count(&path).unwrap(), 5);
    }

    #[test]
    fn a_tail_torn_at_any_byte_is_cut_off_and_nothing_else_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("liniya.journal");
        write(&path, 3);
        let whole = std::fs::read(&path).unwrap();
        let second_end = whole
            .iter()
            .enumerate()
            .filter(|(_, b)| **b == b'\n')
            .nth(1)
            .unwrap()
            .0
            + 1;
        for cut in second_end..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            assert_eq!(count(&path).unwrap(), 2, "cut at {cut}");
            assert_eq!(write(&path, 1).seq, 3, "cut at {cut}");
        }
    }

    #[test]
    fn damage_in_the_middle_stops_the_start_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("liniya.journal");
        write(&path, 3);
        let damaged = std::fs::read_to_string(&path)
            .unwrap()
            .replacen("heartbeat", "heartbeet", 1);
        std::fs::write(&path, &damaged).unwrap();
        assert!(matches!(count(&path), Err(OpenError::Damaged { .. })));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged);
    }

    #[test]
    fn what_a_failed_write_left_behind_is_gone_at_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("liniya.journal");
        let mut chain = write(&path, 1);
        let (mut journal, _) = JournalFile::open(&path, |_| ()).unwrap();
        journal.file.write_all(b"2 half a li").unwrap();
        journal.is_dirty = true;
        let mut lines = String::new();
        chain.append(Timestamp(2), Event::Heartbeat {}, &mut lines);
        journal.commit(&lines).unwrap();
        drop(journal);
        assert_eq!(count(&path).unwrap(), 2);
    }

    #[test]
    fn the_ingesters_reader_begins_where_it_is_told_and_stops_at_a_growing_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("liniya.journal");
        write(&path, 4);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        let from = |seq| -> Vec<u64> {
            reader(path.clone())(seq)
                .unwrap()
                .map(|record| record.unwrap().seq)
                .collect()
        };
        assert_eq!(
            (from(1), from(3), from(9)),
            (vec![1, 2, 3], vec![3], vec![])
        );
    }

    #[test]
    fn two_servers_cannot_write_one_journal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("liniya.journal");
        let _first = JournalFile::open(&path, |_| ()).unwrap();
        assert!(matches!(count(&path), Err(OpenError::Locked { .. })));
    }

    #[test]
    fn a_journal_that_cannot_be_created_says_why() {
        let error = JournalFile::open(Path::new("/proc/liniya/journal"), |_| ()).unwrap_err();
        assert!(error.to_string().contains("Проверьте права"), "{error}");
    }
}
