//! The shipped texts on a shelf without a disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use liniya::api::{Shelf, TextFinding};
use liniya::handbook::Handbook;
use liniya::io::{handbook, text_store};
use liniya::organisation::Organisation;

/// Files, and what was ever kept.
pub(crate) struct Texts {
    organisation: Arc<Organisation>,
    pub(crate) files: Mutex<BTreeMap<String, String>>,
    kept: Mutex<BTreeMap<String, String>>,
    /// Whether the disk is full.
    pub(crate) is_full: Mutex<bool>,
}

impl Texts {
    pub(crate) fn shipped(organisation: &Arc<Organisation>) -> Arc<Self> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts");
        let files = handbook::sources(Path::new(folder)).unwrap();
        Arc::new(Self {
            organisation: Arc::clone(organisation),
            files: Mutex::new(files.into_iter().collect()),
            kept: Mutex::default(),
            is_full: Mutex::default(),
        })
    }
}

impl Shelf for Texts {
    fn files(&self) -> Result<Vec<(String, String)>, String> {
        let files = self.files.lock().unwrap();
        Ok(files.clone().into_iter().collect())
    }

    fn digest(&self, text: &str) -> String {
        text_store::digest(text)
    }

    fn keep(&self, text: &str) -> Result<String, String> {
        if *self.is_full.lock().unwrap() {
            return Err("Текст не сохранён: на диске нет места".to_owned());
        }
        let digest = self.digest(text);
        let mut kept = self.kept.lock().unwrap();
        kept.insert(digest.clone(), text.to_owned());
        Ok(digest)
    }

    fn kept(&self, digest: &str) -> Option<String> {
        self.kept.lock().unwrap().get(digest).cloned()
    }

    fn findings(&self, file: &str, text: &str) -> Vec<TextFinding> {
        let mut files = self.files.lock().unwrap().clone();
        files.insert(file.to_owned(), text.to_owned());
        let files: Vec<_> = files.into_iter().collect();
        let found = Handbook::read(&files, &self.organisation).err();
        let found = found.into_iter().flatten().map(|one| TextFinding {
            line: one.line,
            text: one.text,
            is_error: true,
        });
        found.collect()
    }

    fn all_findings(&self, file: &str, text: &str) -> Vec<TextFinding> {
        self.findings(file, text)
    }

    fn put_in_use(&self, file: &str, text: &str) -> Result<(), String> {
        let mut files = self.files.lock().unwrap();
        files.insert(file.to_owned(), text.to_owned());
        Ok(())
    }
}
