//! The list of a model's files with their SHA-256, as `sha256sum` writes it, kept inside its folder.
//!
//! Publishers of models sign nothing, so the first copy is trusted: the list is made when a model is
//! put in place, and everything later is compared with it. The sum of the list names the model's
//! version; whoever wants more than trust on first use pins it in the settings.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::io::model::{LIST, hex, sha256_of};

/// More files than any model has.
const MOST_FILES: usize = 10_000;

/// One way in which a folder is not as its list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// On the list, not in the folder.
    Missing(String),
    /// Other bytes than listed, or unreadable.
    Changed(String),
    /// In the folder, not on the list: harmless unless libvosk looks for a file of that name.
    Unlisted(String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(file) => write!(f, "{file}: нет файла"),
            Self::Changed(file) => write!(f, "{file}: содержимое другое или не читается"),
            Self::Unlisted(file) => write!(f, "{file}: лишний файл"),
        }
    }
}

/// The list in the folder, if there is one.
///
/// # Errors
/// When it is there and cannot be read.
pub fn listed(dir: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(dir.join(LIST)) {
        Ok(list) => Ok(Some(list)),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why),
    }
}

/// Makes the list of what is in the folder now, sorted by name.
///
/// # Errors
/// When a file cannot be read, or there are too many.
pub fn list(dir: &Path) -> io::Result<String> {
    let mut list = String::new();
    for file in files(dir)? {
        list.push_str(&format!("{}  {file}\n", sha256_of(&dir.join(&file))?));
    }
    Ok(list)
}

/// Writes the list into the folder, whole or not at all, and returns it.
///
/// # Errors
/// When a file cannot be read or the list not written.
pub fn write(dir: &Path) -> io::Result<String> {
    let made = list(dir)?;
    let part = dir.join(format!("{LIST}.part"));
    fs::write(&part, &made)?;
    fs::rename(&part, dir.join(LIST))?;
    Ok(made)
}

/// The sum of the list: names this version of the model.
#[must_use]
pub fn version(list: &str) -> String {
    hex(&Sha256::digest(list.as_bytes()))
}

/// Compares the folder with the list, in the list's order, then what is not on it.
///
/// # Errors
/// When the folder itself cannot be read.
pub fn differences(dir: &Path, list: &str) -> io::Result<Vec<Difference>> {
    let mut found = Vec::new();
    let mut unlisted = files(dir)?;
    for line in list.lines().filter(|line| !line.trim().is_empty()) {
        let Some((sum, file)) = line.split_once("  ") else {
            found.push(Difference::Changed(LIST.to_owned()));
            continue;
        };
        let file = file.trim_start_matches("./");
        unlisted.retain(|other| other != file);
        match sha256_of(&dir.join(file)) {
            Ok(now) if now == sum => {}
            Err(why) if why.kind() == io::ErrorKind::NotFound => {
                found.push(Difference::Missing(file.to_owned()));
            }
            Ok(_) | Err(_) => found.push(Difference::Changed(file.to_owned())),
        }
    }
    found.extend(unlisted.into_iter().map(Difference::Unlisted));
    Ok(found)
}

/// Every file but the list itself, relative to the folder, sorted.
fn files(dir: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let inside = path.strip_prefix(dir).unwrap_or(&path);
            let name = inside.to_string_lossy().into_owned();
            if !name.starts_with(LIST) {
                found.push(name);
            }
            if found.len() + open.len() > MOST_FILES {
                return Err(io::Error::other("в папке слишком много файлов"));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_compared_file_by_file() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("am")).unwrap();
        for (file, text) in [("am/final.mdl", "net"), ("README", "about"), ("gone", "x")] {
            fs::write(dir.path().join(file), text).unwrap();
        }
        assert_eq!(listed(dir.path()).unwrap(), None);
        let list = write(dir.path()).unwrap();
        assert_eq!(listed(dir.path()).unwrap().as_deref(), Some(list.as_str()));
        assert_eq!(differences(dir.path(), &list).unwrap(), []);
        fs::write(dir.path().join("am/final.mdl"), "other").unwrap();
        fs::remove_file(dir.path().join("gone")).unwrap();
        fs::write(dir.path().join("new"), "x").unwrap();
        assert_eq!(
            differences(dir.path(), &list).unwrap(),
            [
                Difference::Changed("am/final.mdl".into()),
                Difference::Missing("gone".into()),
                Difference::Unlisted("new".into()),
            ]
        );
        assert_ne!(version(&list), version(&write(dir.path()).unwrap()));
    }
}
