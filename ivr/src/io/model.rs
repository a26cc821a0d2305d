//! The acoustic model on disk, and a folder of its own for each closed list.
//!
//! Vosk wants one folder with `am/`, `conf/` and `graph/`. For the built-in kind of model each list
//! gets such a folder under the cache: `am` and `conf` are links to the model, `graph` is ours.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use events::TranscriptDepth;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::g2p::Phone;
use crate::graph::{self, Costs, Grammar};

/// The list of the model's files, in the format of `sha256sum`.
pub(super) const LIST: &str = "model.sha256";

/// Why a model cannot be used; the text says what to do.
#[derive(Debug, Error)]
pub enum ModelProblem {
    /// There is no model in the folder.
    #[error(
        "нет модели распознавания в папке {0}: укажите папку модели в настройке speech.model \
         (встроенная модель лежит в ivr/model/ru-mini)"
    )]
    Missing(PathBuf),
    /// A file differs from the list.
    #[error("модель распознавания повреждена, файл {0}: скопируйте модель заново")]
    Broken(PathBuf),
    /// No search graph of any kind.
    #[error(
        "в папке {0} нет графа распознавания (HCLG.fst или HCLr.fst и Gr.fst): это не модель Vosk \
         или её часть. Установите модель заново: liniya models download ИМЯ"
    )]
    Unsuitable(PathBuf),
    /// The file is there and cannot be read.
    #[error("файл {0} не читается: {1}. Дайте службе право читать папку модели")]
    Unreadable(PathBuf, io::Error),
    /// Its version is not among the pinned ones.
    #[error(
        "модель {0} не из тех, что закреплены в speech.trusted_models: её сумма {1}. Если вы ей \
         доверяете, добавьте сумму в этот список"
    )]
    Untrusted(PathBuf, String),
    /// The built-in kind of model knows the sounds of Russian only.
    #[error(
        "встроенная модель {0} понимает только русский, а в настройке speech.language стоит «{1}»: \
         установите модель этого языка (liniya models list)"
    )]
    Language(PathBuf, String),
    /// It knows less than half of the phrases of the scripts.
    #[error(
        "модель {dir} знает слишком мало фраз сценариев, {known} из {all}: она для другого языка? \
         Выберите другую: liniya models list"
    )]
    Foreign {
        /// Its folder.
        dir: PathBuf,
        /// Phrases it knows.
        known: usize,
        /// Phrases of all lists.
        all: usize,
    },
    /// libvosk did not take it, or a process that tried it died.
    #[error(
        "модель {0} не работает: {1}. Проверьте файлы (liniya models verify) или установите её заново"
    )]
    Refused(PathBuf, String),
    /// The cache cannot be written.
    #[error("не удалось записать {0}: {1}")]
    Disk(PathBuf, io::Error),
}

/// How a model takes a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// Our phones: a graph for each list, built here.
    Phones,
    /// A small model: words known to the model, list given to each recogniser.
    Words,
    /// A large model with one graph of its language: it writes down anything, and the phrases are looked
    /// for in that.
    Open,
}

impl ModelKind {
    /// What it makes of free speech.
    #[must_use]
    pub const fn depth(self) -> TranscriptDepth {
        match self {
            Self::Phones => TranscriptDepth::Phrases,
            Self::Words | Self::Open => TranscriptDepth::Words,
        }
    }
}

/// A model whose files were checked.
#[derive(Clone, Debug)]
pub struct AcousticModel {
    dir: PathBuf,
    kind: ModelKind,
    /// SHA-256 of the list of files.
    version: Option<String>,
}

impl AcousticModel {
    /// Whether there is a model in this folder, whole or not.
    #[must_use]
    pub fn is_at(dir: &Path) -> bool {
        dir.join("am/final.mdl").exists() || dir.join("final.mdl").exists()
    }

    /// Checks the folder and every file on its list.
    ///
    /// # Errors
    /// When there is none, it is broken, or it has no search graph.
    pub fn open(dir: &Path) -> Result<Self, ModelProblem> {
        let dir = dir
            .canonicalize()
            .map_err(|_| ModelProblem::Missing(dir.to_owned()))?;
        if !Self::is_at(&dir) {
            return Err(ModelProblem::Missing(dir));
        }
        let list = match fs::read_to_string(dir.join(LIST)) {
            Ok(list) => Some(list),
            Err(why) if why.kind() == io::ErrorKind::NotFound => None,
            Err(why) => return Err(ModelProblem::Unreadable(dir.join(LIST), why)),
        };
        if let Some(list) = &list {
            verify(&dir, list)?;
        }
        let kind = kind_at(&dir).ok_or_else(|| ModelProblem::Unsuitable(dir.clone()))?;
        // Official models bring no list.
        if list.is_none() && kind == ModelKind::Phones {
            return Err(ModelProblem::Broken(dir.join(LIST)));
        }
        let version = list.map(|list| hex(&Sha256::digest(list.as_bytes())));
        Ok(Self { dir, kind, version })
    }

    /// SHA-256 of the list of files, if the folder has one: names this version of the model.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Where it is.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How it takes a closed list.
    #[must_use]
    pub const fn kind(&self) -> ModelKind {
        self.kind
    }

    /// The folder's name, for people.
    #[must_use]
    pub fn name(&self) -> String {
        self.dir
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// The folder to load for this list, written if it is not there or not as it should be.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn folder_for(&self, grammar: &Grammar, cache: &Path) -> Result<PathBuf, ModelProblem> {
        match self.kind {
            ModelKind::Words | ModelKind::Open => Ok(self.dir.clone()),
            ModelKind::Phones => {
                let costs = Costs::default();
                let mut named = Sha256::new();
                let version = self.version().unwrap_or_default();
                named.update(format!("{} {costs:?} {version}\n", graph::VERSION));
                for line in grammar.lines() {
                    named.update(line);
                    named.update("\n");
                }
                let folder = cache.join(hex(&named.finalize()));
                self.write(&folder, grammar, &costs)
                    .map_err(|why| ModelProblem::Disk(folder.clone(), why))?;
                Ok(folder)
            }
        }
    }

    fn write(&self, folder: &Path, grammar: &Grammar, costs: &Costs) -> io::Result<()> {
        let files = grammar.build(costs);
        let whole = fs::read(folder.join("graph/HCLG.fst")).is_ok_and(|now| now == files.hclg)
            && fs::read_to_string(folder.join("graph/words.txt"))
                .is_ok_and(|now| now == files.words)
            && fs::read_link(folder.join("am")).is_ok_and(|now| now == self.dir.join("am"))
            && fs::read_link(folder.join("conf")).is_ok_and(|now| now == self.dir.join("conf"));
        if whole {
            return Ok(());
        }
        let part = folder.with_extension(format!("{}.part", std::process::id()));
        for stale in [&part, folder] {
            match fs::remove_dir_all(stale) {
                Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
                Ok(()) | Err(_) => {}
            }
        }
        fs::create_dir_all(part.join("graph"))?;
        fs::write(part.join("graph/HCLG.fst"), files.hclg)?;
        fs::write(part.join("graph/words.txt"), files.words)?;
        fs::write(part.join("graph/phones.txt"), phone_listing())?;
        std::os::unix::fs::symlink(self.dir.join("am"), part.join("am"))?;
        std::os::unix::fs::symlink(self.dir.join("conf"), part.join("conf"))?;
        fs::rename(&part, folder)
    }
}

/// The kind, by the files that libvosk looks for: in `graph/`, or beside `final.mdl` in old models. A whole
/// graph goes before one in two parts, as it does there.
fn kind_at(dir: &Path) -> Option<ModelKind> {
    let graph = if dir.join("am/final.mdl").exists() {
        dir.join("graph")
    } else {
        dir.to_owned()
    };
    if graph.join("HCLG.fst").exists() {
        Some(ModelKind::Open)
    } else if graph.join("HCLr.fst").exists() && graph.join("Gr.fst").exists() {
        Some(ModelKind::Words)
    } else {
        let phones = fs::read_to_string(graph.join("phones.txt"));
        phones
            .is_ok_and(|phones| phones == phone_listing())
            .then_some(ModelKind::Phones)
    }
}

/// `graph/phones.txt` of a model with our phones.
fn phone_listing() -> String {
    let mut listing = String::from("<eps> 0\n");
    for (number, name) in (1..).zip(Phone::names()) {
        listing.push_str(&format!("{name} {number}\n"));
    }
    listing
}

/// Compares every file on a list of `sha256sum` lines.
fn verify(dir: &Path, list: &str) -> Result<(), ModelProblem> {
    for line in list.lines().filter(|line| !line.trim().is_empty()) {
        let (sum, file) = line
            .split_once("  ")
            .ok_or_else(|| ModelProblem::Broken(dir.join(LIST)))?;
        let file = dir.join(file.trim_start_matches("./"));
        match sha256_of(&file) {
            Ok(now) if now == sum => {}
            Err(why) if why.kind() == io::ErrorKind::PermissionDenied => {
                return Err(ModelProblem::Unreadable(file, why));
            }
            Ok(_) | Err(_) => return Err(ModelProblem::Broken(file)),
        }
    }
    Ok(())
}

pub(super) fn sha256_of(file: &Path) -> io::Result<String> {
    let mut file = fs::File::open(file)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            return Ok(hex(&hash.finalize()));
        };
        hash.update(read);
    }
}

/// Bytes as lower-case hexadecimal text.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("model/ru-mini")
    }

    #[test]
    fn the_built_in_model_is_whole() {
        let model = AcousticModel::open(&built_in()).unwrap();
        assert_eq!(model.kind(), ModelKind::Phones);
        assert_eq!(model.name(), "ru-mini");
    }

    #[test]
    fn a_missing_or_broken_model_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let none = dir.path().join("none");
        assert!(matches!(
            AcousticModel::open(&none),
            Err(ModelProblem::Missing(_))
        ));
        let copy = dir.path().join("copy");
        for file in [
            "am/final.mdl",
            "conf/mfcc.conf",
            "conf/model.conf",
            "graph/phones.txt",
            LIST,
        ] {
            fs::create_dir_all(copy.join(file).parent().unwrap()).unwrap();
            fs::copy(built_in().join(file), copy.join(file)).unwrap();
        }
        assert!(AcousticModel::open(&copy).is_ok());
        fs::write(copy.join("conf/mfcc.conf"), "--num-ceps=13\n").unwrap();
        let told = AcousticModel::open(&copy).unwrap_err().to_string();
        assert!(
            told.contains("повреждена") && told.contains("conf/mfcc.conf"),
            "{told}"
        );
    }

    #[test]
    fn a_list_gets_one_folder_and_a_damaged_folder_is_mended() {
        let cache = tempfile::tempdir().unwrap();
        let model = AcousticModel::open(&built_in()).unwrap();
        let grammar = Grammar::new(&["да", "нет"]).unwrap();
        let folder = model.folder_for(&grammar, cache.path()).unwrap();
        let graph = fs::read(folder.join("graph/HCLG.fst")).unwrap();
        fs::write(folder.join("graph/HCLG.fst"), "half").unwrap();
        assert_eq!(model.folder_for(&grammar, cache.path()).unwrap(), folder);
        assert_eq!(fs::read(folder.join("graph/HCLG.fst")).unwrap(), graph);
        assert!(folder.join("am/final.mdl").is_file());
        let other = Grammar::new(&["да"]).unwrap();
        assert_ne!(model.folder_for(&other, cache.path()).unwrap(), folder);
    }
}
