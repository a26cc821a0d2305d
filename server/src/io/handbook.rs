//! The files that operators' scripts and the directory of bodies stand in.

use std::io;
use std::path::Path;

use crate::handbook::Handbook;
use crate::operator_script::Finding;
use crate::organisation::Organisation;

/// Folders under the scripts folder; the first must be there.
const FOLDERS: [&str; 3] = ["operator", "directory", "training"];
/// Largest file that is read, in bytes: a script is text that a person wrote.
pub(crate) const FILE_MAX_BYTES: u64 = 1 << 20;

impl Handbook {
    /// Reads what stands in a scripts folder.
    ///
    /// # Errors
    /// Everything to be mended, or one finding that says why the folder cannot be read.
    pub fn load(scripts: &Path, organisation: &Organisation) -> Result<Self, Vec<Finding>> {
        Self::read(&sources(scripts)?, organisation)
    }
}

/// Names and texts of the files, by name: `(operator/appointment.toml, …)`.
///
/// # Errors
/// What cannot be read, and why.
pub fn sources(scripts: &Path) -> Result<Vec<(String, String)>, Vec<Finding>> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        let path = scripts.join(folder);
        if folder != "operator" && !path.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&path).map_err(|e| unreadable(folder, &e))? {
            let path = entry.map_err(|e| unreadable(folder, &e))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{folder}/{name}");
            let is_hidden = name.contains("/.");
            if !is_hidden && path.extension().is_some_and(|kind| kind == "toml") {
                let text = read(&path).map_err(|e| unreadable(&name, &e))?;
                files.push((name, text));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> io::Result<String> {
    if std::fs::metadata(path)?.len() > FILE_MAX_BYTES {
        return Err(io::Error::other("файл больше одного мегабайта"));
    }
    std::fs::read_to_string(path)
}

fn unreadable(file: &str, error: &io::Error) -> Vec<Finding> {
    vec![Finding {
        file: file.to_owned(),
        line: 1,
        text: format!("не читается: {error}"),
    }]
}
