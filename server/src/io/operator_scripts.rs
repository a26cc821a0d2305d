//! The folder of the operators' scripts.

use std::path::Path;

use crate::operator_script::{Finding, OperatorScripts, read_all};
use crate::organisation::Organisation;

impl OperatorScripts {
    /// Reads every `FOLDER/*.toml`.
    ///
    /// # Errors
    /// Everything to be mended, or one finding that says why the folder cannot be read.
    pub fn load(folder: &Path, organisation: &Organisation) -> Result<Self, Vec<Finding>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|e| unreadable(folder, &e))? {
            let path = entry.map_err(|e| unreadable(folder, &e))?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, &e))?;
                files.push((path.display().to_string(), text));
            }
        }
        files.sort();
        read_all(&files, organisation)
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Vec<Finding> {
    let text = format!("не читается: {error}");
    vec![Finding {
        file: path.display().to_string(),
        line: 1,
        text,
    }]
}
