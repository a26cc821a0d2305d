//! Unpacking an archive that somebody else made: nothing leaves the folder, nothing fills the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zip::ZipArchive;

/// What an archive may hold.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveLimits {
    /// Files and folders.
    pub entries: usize,
    /// Bytes of all files unpacked; the largest official Russian model has about 4 GB.
    pub bytes: u64,
    /// How many times larger than the archive the files may be; models shrink to a third or so.
    pub growth: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            bytes: 16 << 30,
            growth: 30,
        }
    }
}

/// Small archives may grow more than their share: lists of words shrink well.
const GROWTH_FREE_BYTES: u64 = 64 << 20;

/// Why an archive was not unpacked; the text says what to do.
#[derive(Debug, Error)]
pub enum ArchiveProblem {
    /// Not a ZIP file, cut short, damaged, or packed in a way that is not read here.
    #[error("архив {0} не читается ({1}): скачайте его заново")]
    Unreadable(PathBuf, String),
    /// A name that leads out of the folder, or a link.
    #[error("в архиве опасное имя «{0}»: такой архив не распаковываю, возьмите модель у издателя")]
    Dangerous(String),
    /// Beyond [`ArchiveLimits`].
    #[error("архив после распаковки слишком велик ({0}): это не модель, возьмите её у издателя")]
    TooLarge(String),
    /// The disk is full or cannot be written.
    #[error("не удалось записать {0}: {1}. Проверьте место на диске и права на папку")]
    Disk(PathBuf, io::Error),
}

/// Unpacks every file of the archive into the folder. What was unpacked before a problem stays, so
/// give it a folder to throw away.
///
/// # Errors
/// See [`ArchiveProblem`].
pub(super) fn unpack(
    archive: &Path,
    into: &Path,
    limits: ArchiveLimits,
) -> Result<(), ArchiveProblem> {
    let unreadable =
        |why: &dyn ToString| ArchiveProblem::Unreadable(archive.to_owned(), why.to_string());
    let file = File::open(archive).map_err(|why| unreadable(&why))?;
    let packed = file.metadata().map_err(|why| unreadable(&why))?.len();
    let mut zip = ZipArchive::new(file).map_err(|why| unreadable(&why))?;
    if zip.len() > limits.entries {
        return Err(ArchiveProblem::TooLarge(format!("файлов: {}", zip.len())));
    }
    let growth = packed.saturating_mul(limits.growth).max(GROWTH_FREE_BYTES);
    let mut left = limits.bytes.min(growth);
    for number in 0..zip.len() {
        let entry = zip.by_index(number).map_err(|why| unreadable(&why))?;
        let name = entry.name().map_err(|why| unreadable(&why))?.into_owned();
        let path = entry
            .enclosed_name()
            .filter(|_| !entry.is_symlink())
            .ok_or_else(|| ArchiveProblem::Dangerous(name.clone()))?;
        let path = into.join(path);
        let on_disk = |why| ArchiveProblem::Disk(path.clone(), why);
        if entry.is_dir() {
            fs::create_dir_all(&path).map_err(on_disk)?;
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(on_disk)?;
        }
        // A name that comes twice is refused rather than overwritten.
        let mut to = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(on_disk)?;
        left = copy(entry, &mut to, left).map_err(|stopped| match stopped {
            Stopped::Unreadable(why) => unreadable(&why),
            Stopped::Full(why) => on_disk(why),
            Stopped::TooLarge => ArchiveProblem::TooLarge(format!("{name} сверх меры")),
        })?;
    }
    Ok(())
}

enum Stopped {
    Unreadable(io::Error),
    Full(io::Error),
    TooLarge,
}

/// Copies what really comes out (what the archive says of sizes is not believed); returns what may
/// still be written.
fn copy(mut from: impl Read, to: &mut File, mut left: u64) -> Result<u64, Stopped> {
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let count = from.read(&mut buffer).map_err(Stopped::Unreadable)?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else {
            return Ok(left);
        };
        left = u64::try_from(count)
            .ok()
            .and_then(|count| left.checked_sub(count))
            .ok_or(Stopped::TooLarge)?;
        to.write_all(piece).map_err(Stopped::Full)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn packed(dir: &Path, files: &[(&str, &[u8])]) -> PathBuf {
        let path = dir.join("model.zip");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        path
    }

    #[test]
    fn files_come_out_as_they_went_in() {
        let dir = tempfile::tempdir().unwrap();
        let zip = packed(dir.path(), &[("m/am/final.mdl", b"net"), ("m/README", b"")]);
        let into = dir.path().join("out");
        unpack(&zip, &into, ArchiveLimits::default()).unwrap();
        assert_eq!(fs::read(into.join("m/am/final.mdl")).unwrap(), b"net");
        assert_eq!(fs::read(into.join("m/README")).unwrap(), b"");
    }

    #[test]
    fn names_that_lead_out_are_refused_and_nothing_is_written_outside() {
        for name in ["../../escaped", "m/../../escaped", "/escaped"] {
            let dir = tempfile::tempdir().unwrap();
            let zip = packed(dir.path(), &[(name, b"x")]);
            let into = dir.path().join("a/b");
            let done = unpack(&zip, &into, ArchiveLimits::default());
            assert!(!dir.path().join("escaped").exists());
            assert!(!Path::new("/escaped").exists());
            if name == "/escaped" {
                continue; // Taken as a name inside, or refused: either is safe.
            }
            assert!(matches!(done, Err(ArchiveProblem::Dangerous(_))), "{name}");
        }
    }

    #[test]
    fn links_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.zip");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        zip.add_symlink("m/am", "/etc", SimpleFileOptions::default())
            .unwrap();
        zip.finish().unwrap();
        let done = unpack(&path, &dir.path().join("out"), ArchiveLimits::default());
        assert!(matches!(done, Err(ArchiveProblem::Dangerous(_))));
    }

    #[test]
    fn a_bomb_stops_at_its_limit() {
        let dir = tempfile::tempdir().unwrap();
        let zeros = vec![0_u8; 3 << 20];
        let zip = packed(dir.path(), &[("m/final.mdl", &zeros)]);
        let limits = ArchiveLimits {
            bytes: 1 << 20,
            ..ArchiveLimits::default()
        };
        let into = dir.path().join("out");
        let done = unpack(&zip, &into, limits);
        assert!(matches!(done, Err(ArchiveProblem::TooLarge(_))), "{done:?}");
        assert!(fs::metadata(into.join("m/final.mdl")).unwrap().len() <= 1 << 20);
        let few = ArchiveLimits {
            entries: 0,
            ..ArchiveLimits::default()
        };
        let done = unpack(&zip, &dir.path().join("none"), few);
        assert!(matches!(done, Err(ArchiveProblem::TooLarge(_))));
    }

    #[test]
    fn half_an_archive_is_told_as_such() {
        let dir = tempfile::tempdir().unwrap();
        let zip = packed(dir.path(), &[("m/final.mdl", &[7; 5_000])]);
        let bytes = fs::read(&zip).unwrap();
        fs::write(&zip, &bytes[..bytes.len() / 2]).unwrap();
        let done = unpack(&zip, &dir.path().join("out"), ArchiveLimits::default());
        let told = done.unwrap_err().to_string();
        assert!(told.contains("скачайте его заново"), "{told}");
    }
}
