//! The texts that were proposed, each under its digest, and the way of one into the scripts folder.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Texts by digest, in a folder of their own. Nothing in it is ever changed.
#[derive(Clone, Debug)]
pub struct TextStore {
    folder: PathBuf,
}

/// SHA-256, in hexadecimal.
#[must_use]
pub fn digest(text: &str) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

impl TextStore {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// It can be neither opened nor made.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.folder.join(format!("{digest}.toml"))
    }

    /// Keeps a text for ever and gives its digest.
    ///
    /// # Errors
    /// The disk refuses: nothing is kept.
    pub fn keep(&self, text: &str) -> io::Result<String> {
        let digest = digest(text);
        if self.text(&digest).is_none() {
            write_whole(&self.path(&digest), text)?;
        }
        Ok(digest)
    }

    /// The text of a digest, if it is kept whole.
    #[must_use]
    pub fn text(&self, wanted: &str) -> Option<String> {
        if wanted.len() != 64 || !wanted.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let text = fs::read_to_string(self.path(wanted)).ok()?;
        (digest(&text) == wanted).then_some(text)
    }
}

/// Writes a file so that after a crash either the old text stands there or the new one, whole.
///
/// # Errors
/// The disk refuses: the old text stands.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let beside = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if let Err(error) = moved {
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// What an administrator is to do about a refusal of the disk, in Russian.
#[must_use]
pub fn refusal(what: &str, error: &io::Error) -> String {
    let kind = error.kind();
    let is_full = matches!(
        kind,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    );
    let is_closed = matches!(
        kind,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    );
    let remedy = if is_full {
        "на диске нет места: освободите его и повторите"
    } else if is_closed {
        "папка закрыта для записи: дайте службе право писать в неё"
    } else {
        "проверьте диск и повторите"
    };
    format!("{what}: {remedy} ({error})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_under_its_digest() {
        let dir = tempfile::tempdir().unwrap();
        let store = TextStore::open(dir.path().join("texts")).unwrap();
        let name = store.keep("title = \"Жалоба\"\n").unwrap();
        assert_eq!(name, store.keep("title = \"Жалоба\"\n").unwrap());
        assert_eq!(store.text(&name).as_deref(), Some("title = \"Жалоба\"\n"));
        assert_eq!(store.text(&digest("другое")), None);
        assert_eq!(store.text("../../etc/passwd"), None);
        let files = fs::read_dir(dir.path().join("texts")).unwrap().count();
        assert_eq!(files, 1, "nothing is left beside it");
    }

    #[test]
    fn a_damaged_text_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let store = TextStore::open(dir.path().to_owned()).unwrap();
        let name = store.keep("целый текст").unwrap();
        fs::write(store.path(&name), "целый те").unwrap();
        assert_eq!(store.text(&name), None);
        store.keep("целый текст").unwrap();
        assert_eq!(store.text(&name).as_deref(), Some("целый текст"));
    }

    #[test]
    fn a_refusal_of_the_disk_leaves_the_old_text_and_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.toml");
        write_whole(&path, "старый").unwrap();
        write_whole(&path, "новый").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "новый");
        let missing = dir.path().join("no/a.toml");
        assert!(write_whole(&missing, "x").is_err());
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let told = refusal("Текст не сохранён", &full);
        assert!(
            told.starts_with("Текст не сохранён: на диске нет места"),
            "{told}"
        );
    }
}
