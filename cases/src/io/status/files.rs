//! A register as files that somebody drops into a folder: read again when they change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use events::CaseNumber;

use super::{Register, lock};
use crate::status::{Columns, Standing, decode_text, read_table};

/// The largest file that is read.
const FILE_MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Bad lines that the log names; the rest is only counted.
const NAMED_MAX: usize = 5;

/// What tells one version of a file from the next.
type Mark = (PathBuf, u64, Option<SystemTime>);

#[derive(Default)]
struct Read {
    marks: Vec<Mark>,
    standings: BTreeMap<CaseNumber, Standing>,
    bad_lines: u64,
}

struct Files {
    path: PathBuf,
    columns: Columns,
    read: Mutex<Read>,
}

pub(super) fn open(path: PathBuf, columns: Columns) -> impl Register {
    Files {
        path,
        columns,
        read: Mutex::default(),
    }
}

impl Register for Files {
    fn ask(&self, number: &CaseNumber) -> Result<Option<Standing>, String> {
        let marks = self.marks()?;
        let mut read = lock(&self.read);
        if read.marks != marks {
            *read = self.read(marks)?;
        }
        Ok(read.standings.get(number).cloned())
    }

    fn bad_lines(&self) -> u64 {
        lock(&self.read).bad_lines
    }
}

impl Files {
    /// The files there are, oldest first: of two that name one number, the newer counts.
    fn marks(&self) -> Result<Vec<Mark>, String> {
        let unreadable = |error| format!("{}: {error}", self.path.display());
        let mark = |path: PathBuf| -> Result<Mark, String> {
            let data = fs::metadata(&path).map_err(unreadable)?;
            Ok((path, data.len(), data.modified().ok()))
        };
        if !fs::metadata(&self.path).map_err(unreadable)?.is_dir() {
            return Ok(vec![mark(self.path.clone())?]);
        }
        let mut marks = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let is_table = path
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
            if is_table {
                marks.push(mark(path)?);
            }
        }
        marks.sort_by(|a, b| (&a.2, &a.0).cmp(&(&b.2, &b.0)));
        Ok(marks)
    }

    fn read(&self, marks: Vec<Mark>) -> Result<Read, String> {
        let mut read = Read::default();
        for (path, length, _) in &marks {
            if *length > FILE_MAX_BYTES {
                return Err(format!("{}: больше 64 МиБ", path.display()));
            }
            let bytes = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
            let (standings, bad) = read_table(&decode_text(&bytes), &self.columns)
                .map_err(|why| format!("{}: {why}", path.display()))?;
            for bad in bad.iter().take(NAMED_MAX) {
                warn(path, bad.line, bad.why);
            }
            read.bad_lines += bad.len() as u64;
            read.standings.extend(standings);
        }
        let (files, numbers, bad_lines) = (marks.len(), read.standings.len(), read.bad_lines);
        tracing::info!(
            files,
            numbers,
            bad_lines,
            "реестр заявлений прочитан из файлов"
        );
        read.marks = marks;
        Ok(read)
    }
}

fn warn(path: &Path, line: usize, why: &str) {
    let path = path.display();
    tracing::warn!("{path}:{line}: строка пропущена: {why}");
}
