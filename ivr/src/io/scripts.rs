//! Reading the scripts folder.

use std::fs;
use std::path::Path;

use crate::script::{self, Finding, Rule, ScriptSet, Setting, SourceFile};

/// Folders under the scripts folder that the assistant reads.
const FOLDERS: &[&str] = &[
    "assistant",
    "golden",
    "intents",
    "intents/held_out",
    "knowledge",
    "phrases",
    "services",
];
/// Those that may be absent.
const OPTIONAL: &[&str] = &["golden", "intents", "intents/held_out"];
/// Largest file that is read, in bytes: a script is text that a person wrote.
const FILE_MAX_BYTES: u64 = 1 << 20;

/// Reads all files of the assistant under `dir`, in the order of their names.
///
/// # Errors
/// What cannot be read, as findings that tell what to do.
pub fn read_sources(dir: &Path) -> Result<Vec<SourceFile>, Vec<Finding>> {
    let (mut files, mut findings) = (Vec::new(), Vec::new());
    for folder in FOLDERS {
        let path = dir.join(folder);
        if OPTIONAL.contains(folder) && !path.exists() {
            continue;
        }
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) => {
                findings.push(unreadable(folder, &error));
                continue;
            }
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".toml") || name.ends_with(".txt"))
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        for name in names {
            let shown = format!("{folder}/{name}");
            match read(&path.join(&name)) {
                Ok(text) => files.push(SourceFile { path: shown, text }),
                Err(error) => findings.push(unreadable(&shown, &error)),
            }
        }
    }
    if findings.is_empty() {
        Ok(files)
    } else {
        Err(findings)
    }
}

/// Reads and builds all scripts under `dir`. Warnings are in the second value.
///
/// # Errors
/// Everything that is wrong, if anything forbids using the scripts.
pub fn load_scripts(
    dir: &Path,
    setting: &Setting,
) -> Result<(ScriptSet, Vec<Finding>), Vec<Finding>> {
    let files = read_sources(dir)?;
    match script::build(&files, setting) {
        (Some(set), warnings) => Ok((set, warnings)),
        (None, findings) => Err(findings),
    }
}

/// Everything that is wrong under `dir`, golden conversations included: `liniya check`.
#[must_use]
pub fn check(dir: &Path, setting: &Setting) -> Vec<Finding> {
    match read_sources(dir) {
        Ok(files) => script::check(&files, setting),
        Err(findings) => findings,
    }
}

fn read(path: &Path) -> std::io::Result<String> {
    if fs::metadata(path)?.len() > FILE_MAX_BYTES {
        return Err(std::io::Error::other("файл больше одного мегабайта"));
    }
    fs::read_to_string(path)
}

fn unreadable(file: &str, error: &std::io::Error) -> Finding {
    Finding {
        file: file.to_owned(),
        line: 1,
        rule: Rule::Syntax,
        message: format!("не прочитать: {error}"),
        advice: "проверьте scripts_dir в liniya.toml, права на файл и кодировку UTF-8".to_owned(),
        severity: Rule::Syntax.severity(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Date;

    fn setting() -> Setting {
        Setting {
            organisation: "Министерство".to_owned(),
            today: Date::parse("2026-11-22").unwrap(),
        }
    }

    #[test]
    fn a_missing_folder_is_told_by_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let findings = load_scripts(dir.path(), &setting()).unwrap_err();
        let files: Vec<&str> = findings.iter().map(|f| f.file.as_str()).collect();
        assert_eq!(files, ["assistant", "knowledge", "phrases", "services"]);
        assert_eq!(check(dir.path(), &setting()), findings);
    }

    #[test]
    fn files_come_in_order_and_strange_ones_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        for folder in FOLDERS {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        for name in ["b.toml", "a.toml", "notes.md", ".hidden.toml", "a.toml~"] {
            fs::write(dir.path().join("phrases").join(name), "").unwrap();
        }
        let sources = read_sources(dir.path()).unwrap();
        let paths: Vec<&str> = sources.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["phrases/a.toml", "phrases/b.toml"]);
        fs::write(dir.path().join("phrases/c.toml"), [0xff, 0xfe]).unwrap();
        assert_eq!(
            read_sources(dir.path()).unwrap_err()[0].file,
            "phrases/c.toml"
        );
    }
}
