//! The models on this machine: a folder each under `models/` of the data folder, and which is in use.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::archive::{self, ArchiveLimits, ArchiveProblem};
use super::sums;
use super::trial::{Tester, Trial};
use crate::io::model::{AcousticModel, ModelProblem};

/// The file that says which model is in use: a name of this folder, or a path.
const CHOSEN: &str = "current";
/// Longest name of a model.
const MOST_NAME: usize = 100;
/// How deep in an archive a model's folder may lie.
const MOST_DEPTH: usize = 3;

/// Why a model could not be put in place, chosen or removed; the text says what to do.
#[derive(Debug, Error)]
pub enum StoreProblem {
    /// Not a folder's name.
    #[error("«{0}» не годится в имя модели: латинские буквы, цифры, точка, дефис и подчёркивание")]
    Name(String),
    /// There is one of this name.
    #[error("модель {0} уже установлена; удалить её: liniya models remove {0}")]
    AlreadyThere(String),
    /// There is none of this name.
    #[error("модели {0} нет. Что есть: liniya models list")]
    NotThere(String),
    /// It is the chosen one.
    #[error("модель {0} выбрана; сначала выберите другую: liniya models use")]
    InUse(String),
    /// The archive holds no model.
    #[error("в архиве {0} нет модели Vosk: не найден файл am/final.mdl или final.mdl")]
    NoModel(PathBuf),
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveProblem),
    /// The model.
    #[error(transparent)]
    Model(#[from] ModelProblem),
    /// The disk.
    #[error("не удалось записать {0}: {1}. Проверьте место на диске и права на папку")]
    Disk(PathBuf, io::Error),
}

/// A model under the data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Its folder's name.
    pub name: String,
    /// Its folder.
    pub dir: PathBuf,
}

/// A model that was just put in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Where.
    pub installed: Installed,
    /// SHA-256 of its list of files, to be pinned in the settings.
    pub version: String,
    /// What came of trying it.
    pub trial: Trial,
}

/// The folder of models.
#[derive(Clone, Debug)]
pub struct ModelStore {
    root: PathBuf,
}

/// A folder that goes away with whatever is in it, unless it was moved to its place.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl ModelStore {
    /// The store of this data folder; nothing is made until something is put in.
    #[must_use]
    pub fn under(data_dir: &Path) -> Self {
        Self {
            root: data_dir.join("models"),
        }
    }

    /// What is installed, by name.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn installed(&self) -> io::Result<Vec<Installed>> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(why) => return Err(why),
        };
        let mut found = Vec::new();
        for entry in entries {
            let dir = entry?.path();
            let name = dir
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if dir.is_dir() && !name.starts_with('.') {
                found.push(Installed { name, dir });
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// The folder of a model given by name or by path.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn find(&self, named: &str) -> Result<PathBuf, StoreProblem> {
        let inside = check_name(named).ok().map(|name| self.root.join(name));
        let given = PathBuf::from(named);
        inside
            .filter(|dir| dir.is_dir())
            .or_else(|| Some(given).filter(|dir| dir.is_dir()))
            .ok_or_else(|| StoreProblem::NotThere(named.to_owned()))
    }

    /// The folder chosen with [`ModelStore::choose`], whether or not it is still there.
    #[must_use]
    pub fn chosen(&self) -> Option<PathBuf> {
        let text = fs::read_to_string(self.root.join(CHOSEN)).ok()?;
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Some(check_name(text).map_or_else(|_| PathBuf::from(text), |name| self.root.join(name)))
    }

    /// Makes this model, by name or path, the one in use from the next start on.
    ///
    /// # Errors
    /// When there is no such folder, or it cannot be written down.
    pub fn choose(&self, named: &str) -> Result<PathBuf, StoreProblem> {
        let dir = self.find(named)?;
        let inside = dir.parent() == Some(&self.root);
        let line = if inside {
            named.to_owned()
        } else {
            let whole = dir
                .canonicalize()
                .map_err(|why| StoreProblem::Disk(dir.clone(), why))?;
            whole.to_string_lossy().into_owned()
        };
        let (file, part) = (self.root.join(CHOSEN), self.root.join(".current"));
        fs::create_dir_all(&self.root)
            .and_then(|()| fs::write(&part, line + "\n"))
            .and_then(|()| fs::rename(&part, &file))
            .map_err(|why| StoreProblem::Disk(file, why))?;
        Ok(dir)
    }

    /// Back to the model that the settings name.
    ///
    /// # Errors
    /// When the choice cannot be removed.
    pub fn choose_none(&self) -> Result<(), StoreProblem> {
        let file = self.root.join(CHOSEN);
        match fs::remove_file(&file) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(StoreProblem::Disk(file, why)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Takes an installed model away.
    ///
    /// # Errors
    /// When it is not there, is chosen, or cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), StoreProblem> {
        let dir = self.root.join(check_name(name)?);
        if !dir.is_dir() {
            return Err(StoreProblem::NotThere(name.to_owned()));
        }
        if self.chosen().as_ref() == Some(&dir) {
            return Err(StoreProblem::InUse(name.to_owned()));
        }
        fs::remove_dir_all(&dir).map_err(|why| StoreProblem::Disk(dir, why))
    }

    /// Where an archive of this name is collected while it is downloaded.
    ///
    /// # Errors
    /// When the name is no name, is taken, or the folder cannot be made.
    pub fn room_for(&self, name: &str) -> Result<PathBuf, StoreProblem> {
        if self.root.join(check_name(name)?).exists() {
            return Err(StoreProblem::AlreadyThere(name.to_owned()));
        }
        fs::create_dir_all(&self.root).map_err(|why| StoreProblem::Disk(self.root.clone(), why))?;
        Ok(self.root.join(format!(".{name}.zip.part")))
    }

    /// Unpacks the archive aside, lists its sums, has the model tried, and moves it to its place.
    ///
    /// # Errors
    /// Whatever is wrong with it; then nothing of it stays.
    pub fn place(
        &self,
        archive: &Path,
        name: &str,
        tester: &Tester,
    ) -> Result<Placed, StoreProblem> {
        self.room_for(name)?;
        let aside = Scratch(self.root.join(format!(".{name}.{}", std::process::id())));
        archive::unpack(archive, &aside.0, ArchiveLimits::default())?;
        let found = model_in(&aside.0, MOST_DEPTH)
            .ok_or_else(|| StoreProblem::NoModel(archive.to_owned()))?;
        let on_disk = |why| StoreProblem::Disk(found.clone(), why);
        // Sums that came with the archive are those of its maker: they are checked, not replaced.
        let list = match sums::listed(&found).map_err(on_disk)? {
            Some(list) => list,
            None => sums::write(&found).map_err(on_disk)?,
        };
        AcousticModel::open(&found)?;
        let trial = tester.try_apart(&found)?;
        let dir = self.root.join(name);
        fs::rename(&found, &dir).map_err(|why| StoreProblem::Disk(dir.clone(), why))?;
        Ok(Placed {
            installed: Installed {
                name: name.to_owned(),
                dir,
            },
            version: sums::version(&list),
            trial,
        })
    }
}

/// The name of a model in an archive or address: the last part, without `.zip`.
#[must_use]
pub fn name_of(archive: &str) -> &str {
    let file = archive.rsplit('/').next().unwrap_or(archive);
    file.strip_suffix(".zip").unwrap_or(file)
}

fn check_name(name: &str) -> Result<&str, StoreProblem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let good = !name.is_empty()
        && name.len() <= MOST_NAME
        && !name.starts_with('.')
        && name != CHOSEN
        && name.chars().all(fits);
    if good {
        Ok(name)
    } else {
        Err(StoreProblem::Name(name.to_owned()))
    }
}

/// The first folder that holds a model, the shallowest first.
fn model_in(dir: &Path, depth: usize) -> Option<PathBuf> {
    if AcousticModel::is_at(dir) {
        return Some(dir.to_owned());
    }
    let mut folders: Vec<PathBuf> = fs::read_dir(dir)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let deeper = depth.checked_sub(1)?;
    folders.iter().find_map(|folder| model_in(folder, deeper))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// A program that says of every model what is given here.
    fn tester(says: &str) -> Tester {
        Tester::new("echo".into(), vec![says.into()])
    }

    const WORKS: &str = "{\"works\":{\"kind\":\"words\",\"memory_mb\":7}}\n";

    fn archive(dir: &Path, name: &str, files: &[&str]) -> PathBuf {
        let path = dir.join(format!("{name}.zip"));
        let mut zip = ZipWriter::new(fs::File::create(&path).unwrap());
        for file in files {
            let inside = format!("{name}/{file}");
            zip.start_file(inside, SimpleFileOptions::default())
                .unwrap();
            zip.write_all(file.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        path
    }

    const SMALL: [&str; 4] = [
        "am/final.mdl",
        "conf/model.conf",
        "graph/HCLr.fst",
        "graph/Gr.fst",
    ];

    #[test]
    fn a_model_is_imported_chosen_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let store = ModelStore::under(dir.path());
        assert_eq!(store.installed().unwrap(), []);
        assert_eq!(store.chosen(), None);
        let zip = archive(dir.path(), "small", &SMALL);
        // The program echoes the folder after its line; the line alone counts.
        let placed = store.place(&zip, "small", &tester(WORKS)).unwrap();
        assert_eq!(placed.trial.memory_mb, 7);
        assert!(placed.installed.dir.join("am/final.mdl").is_file());
        assert_eq!(
            store.installed().unwrap(),
            std::slice::from_ref(&placed.installed)
        );
        assert!(matches!(
            store.place(&zip, "small", &tester(WORKS)),
            Err(StoreProblem::AlreadyThere(_))
        ));

        assert_eq!(store.choose("small").unwrap(), placed.installed.dir);
        assert_eq!(store.chosen(), Some(placed.installed.dir));
        assert!(matches!(store.remove("small"), Err(StoreProblem::InUse(_))));
        store.choose_none().unwrap();
        store.remove("small").unwrap();
        assert!(matches!(
            store.choose("small"),
            Err(StoreProblem::NotThere(_))
        ));
        assert!(matches!(store.remove("../x"), Err(StoreProblem::Name(_))));

        let outside = dir.path().join("elsewhere");
        fs::create_dir(&outside).unwrap();
        store.choose(outside.to_str().unwrap()).unwrap();
        assert_eq!(store.chosen(), Some(outside.canonicalize().unwrap()));
    }

    #[test]
    fn a_model_that_fails_its_trial_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let store = ModelStore::under(dir.path());
        let zip = archive(dir.path(), "small", &SMALL);
        let refused = "{\"refused\":\"libvosk её не приняла\"}\n";
        for (tester, told) in [
            (tester(refused), "не приняла"),
            (tester("nothing\n"), "не выжил"),
            (Tester::new("false".into(), vec![]), "не выжил"),
            (
                Tester::new("/no/such/program".into(), vec![]),
                "не запускается",
            ),
        ] {
            let why = store.place(&zip, "small", &tester).unwrap_err().to_string();
            assert!(why.contains(told), "{why}");
        }
        let zip = archive(dir.path(), "photos", &["1.jpg"]);
        let why = store.place(&zip, "photos", &tester(WORKS)).unwrap_err();
        assert!(matches!(why, StoreProblem::NoModel(_)));
        let left: Vec<_> = fs::read_dir(dir.path().join("models")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }

    #[test]
    fn the_name_is_the_last_part_of_the_address() {
        assert_eq!(name_of("https://a.example/m/vosk-ru.zip"), "vosk-ru");
        assert_eq!(name_of("vosk-ru.zip"), "vosk-ru");
    }
}
