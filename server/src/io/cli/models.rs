//! `liniya models`: the acoustic models of this machine.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use ivr::io::models::{
    Difference, Downloader, KNOWN, KnownModel, ModelStore, Placed, StoreProblem, differences,
    listed, name_of, try_here, version, write,
};
use ivr::io::{AcousticModel, ModelKind};

use super::say;
use crate::config::Config;
use crate::io::ears::tester;

/// What is wanted of the models.
#[derive(Debug, Subcommand)]
pub(super) enum Models {
    /// Какие модели есть, какая работает, какие можно скачать.
    List,
    /// Сверить файлы модели с её списком сумм SHA-256; у новой модели список составляется.
    Verify {
        /// Имя или папка; без них — модель в работе.
        model: Option<String>,
    },
    /// Скачать модель по имени из списка или по адресу архива ZIP, проверить и установить.
    Download {
        /// Имя, например vosk-model-small-ru-0.22, или адрес https://…/модель.zip.
        model: String,
    },
    /// Установить модель из архива ZIP: для машин без интернета.
    Import {
        /// Файл архива.
        archive: PathBuf,
        /// Имя модели; без него — имя архива.
        #[arg(long)]
        name: Option<String>,
    },
    /// Выбрать модель: с ней служба работает после перезагрузки сценариев или перезапуска.
    Use {
        /// Имя или папка.
        #[arg(required_unless_present = "default")]
        model: Option<String>,
        /// Вернуться к модели из настройки speech.model.
        #[arg(long, conflicts_with = "model")]
        default: bool,
    },
    /// Удалить установленную модель.
    Remove {
        /// Имя.
        model: String,
    },
    /// Загрузить модель один раз и сказать, что вышло; служба делает это сама.
    #[command(hide = true)]
    Probe {
        /// Папка.
        model: PathBuf,
        /// Библиотека libvosk.
        #[arg(long)]
        library: Option<PathBuf>,
    },
}

/// Needs no settings: the answer of `probe`.
pub(super) fn probe(model: &Path, library: Option<&Path>) {
    say(try_here(library, model));
}

pub(super) fn run(config: &Config, wanted: Models) -> anyhow::Result<()> {
    let store = ModelStore::under(&config.server.data_dir);
    match wanted {
        Models::List => list(config, &store),
        Models::Verify { model } => verify(config, &store, model.as_deref()),
        Models::Download { model } => download(config, &store, &model),
        Models::Import { archive, name } => {
            let file = archive.to_string_lossy().into_owned();
            let name = name.unwrap_or_else(|| name_of(&file).to_owned());
            let placed = store.place(&archive, &name, &tester(&config.speech.library)?)?;
            tell_placed(&placed);
            Ok(())
        }
        Models::Use { model, .. } => choose(config, &store, model.as_deref()),
        Models::Remove { model } => {
            store.remove(&model)?;
            say(format!("Модель {model} удалена"));
            Ok(())
        }
        Models::Probe { model, library } => {
            probe(&model, library.as_deref());
            Ok(())
        }
    }
}

/// The model the service will start with.
fn in_use(config: &Config, store: &ModelStore) -> PathBuf {
    store
        .chosen()
        .unwrap_or_else(|| config.speech.model.clone())
}

fn list(config: &Config, store: &ModelStore) -> anyhow::Result<()> {
    let used = in_use(config, store).canonicalize().ok();
    let mut shown = vec![config.speech.model.clone()];
    shown.extend(store.installed()?.into_iter().map(|model| model.dir));
    shown.extend(store.chosen());
    shown.sort();
    shown.dedup();
    say("На этой машине:");
    for dir in &shown {
        let now = used.is_some() && dir.canonicalize().ok() == used;
        let mark = if now { "* " } else { "  " };
        say(format!("{mark}{}  — {}", dir.display(), state(dir)));
    }
    say("Звёздочкой отмечена та, которая выбрана.");
    if store.chosen().is_none() {
        say("Она названа в настройке speech.model; сменить: liniya models use ИМЯ");
    } else {
        say(
            "Она выбрана командой liniya models use; вернуть speech.model: liniya models use --default",
        );
    }
    say("");
    say("Можно скачать (liniya models download ИМЯ):");
    for known in KNOWN {
        let KnownModel {
            name,
            language,
            archive_mb,
            licence,
            purpose,
        } = known;
        let here = store.find(name).is_ok();
        let here = if here {
            ", уже установлена"
        } else {
            ""
        };
        say(format!(
            "  {name}  {language}, {archive_mb} МБ, {licence}{here}\n      {purpose}\n      {}",
            known.url()
        ));
    }
    Ok(())
}

/// How a model on the disk is, without loading it.
fn state(dir: &Path) -> String {
    match AcousticModel::open(dir) {
        Err(why) => why.to_string(),
        Ok(model) => {
            let sums = match model.version() {
                Some(_) => "файлы целы",
                None => "сумм файлов ещё нет (liniya models verify)",
            };
            format!("{}; {sums}", kind(model.kind()))
        }
    }
}

const fn kind(kind: ModelKind) -> &'static str {
    match kind {
        ModelKind::Phones => "любые русские слова, закрытые списки фраз",
        ModelKind::Words => "слова её словаря, закрытые списки фраз",
        ModelKind::Open => "свободная речь, фразы ищутся в ней",
    }
}

fn verify(config: &Config, store: &ModelStore, model: Option<&str>) -> anyhow::Result<()> {
    let dir = match model {
        Some(model) => store.find(model)?,
        None => in_use(config, store),
    };
    let unreadable = || format!("папка {} не читается", dir.display());
    let list = match listed(&dir).with_context(unreadable)? {
        Some(list) => {
            let found = differences(&dir, &list).with_context(unreadable)?;
            found.iter().for_each(|one| say(format!("  {one}")));
            let harm = found
                .iter()
                .filter(|one| !matches!(one, Difference::Unlisted(_)));
            anyhow::ensure!(
                harm.count() == 0,
                "модель {} повреждена: установите её заново",
                dir.display()
            );
            say(format!("Модель {}: все файлы целы", dir.display()));
            list
        }
        None => {
            anyhow::ensure!(
                AcousticModel::is_at(&dir),
                "в папке {} нет модели",
                dir.display()
            );
            let made = write(&dir).with_context(unreadable)?;
            say(format!(
                "У модели {} не было списка сумм: он составлен по файлам, какие есть сейчас, \
                 и дальше они сверяются с ним",
                dir.display()
            ));
            made
        }
    };
    tell_version(&version(&list));
    let trial = tester(&config.speech.library)?.try_apart(&dir)?;
    say(format!(
        "Загружается и распознаёт; памяти до {} МБ; {}",
        trial.memory_mb,
        kind(trial.kind)
    ));
    Ok(())
}

fn tell_version(version: &str) {
    say(format!("Сумма модели (SHA-256 её списка): {version}"));
    say("Закрепить: впишите эту сумму в speech.trusted_models");
}

fn download(config: &Config, store: &ModelStore, wanted: &str) -> anyhow::Result<()> {
    let known = KnownModel::named(wanted);
    let url = known.map_or_else(|| wanted.to_owned(), KnownModel::url);
    anyhow::ensure!(
        url.starts_with("http://") || url.starts_with("https://"),
        "модели «{wanted}» нет в списке. Какие есть: liniya models list; другую можно скачать по \
         полному адресу архива"
    );
    let name = name_of(&url).to_owned();
    let archive = store.room_for(&name)?;
    let client = Downloader::default();
    let published = client.published(&url);
    if published.is_none() {
        say("Издатель не назвал размер и сумму этого архива: верю тому, что придёт");
    }
    let mut shown = None;
    client.fetch(&url, &archive, published.as_ref(), &mut |have, total| {
        let percent = total
            .filter(|t| *t > 0)
            .map(|t| have.saturating_mul(100) / t);
        if percent.is_some() && percent != shown {
            shown = percent;
            let _ = write!(
                std::io::stderr(),
                "\rСкачано {} %, {} МБ ",
                percent.unwrap_or_default(),
                have >> 20
            );
        }
    })?;
    let _ = writeln!(std::io::stderr());
    let placed = match store.place(&archive, &name, &tester(&config.speech.library)?) {
        Ok(placed) => placed,
        Err(why) => {
            // A damaged archive would be taken up again and again.
            if matches!(why, StoreProblem::Archive(_) | StoreProblem::NoModel(_)) {
                let _ = std::fs::remove_file(&archive);
            }
            return Err(why.into());
        }
    };
    let _ = std::fs::remove_file(&archive);
    tell_placed(&placed);
    Ok(())
}

fn tell_placed(placed: &Placed) {
    let name = &placed.installed.name;
    say(format!(
        "Модель {name} установлена в {}: {}; памяти до {} МБ",
        placed.installed.dir.display(),
        kind(placed.trial.kind),
        placed.trial.memory_mb
    ));
    tell_version(&placed.version);
    say(format!("Включить: liniya models use {name}"));
}

fn choose(config: &Config, store: &ModelStore, model: Option<&str>) -> anyhow::Result<()> {
    let dir = match model {
        None => {
            store.choose_none()?;
            config.speech.model.clone()
        }
        Some(model) => {
            let dir = store.find(model)?;
            let opened = AcousticModel::open(&dir)?;
            tester(&config.speech.library)?.try_apart(&dir)?;
            if opened.version().is_none() {
                say(format!(
                    "Сумм её файлов ещё нет: повреждений служба не заметит. Составить: liniya models \
                     verify {model}"
                ));
            }
            store.choose(model)?
        }
    };
    say(format!(
        "Служба будет слушать с моделью {}. Чтобы она вступила в силу, перезагрузите сценарии (liniya \
         reload) или перезапустите службу; слова сценариев, которых модель не знает, \
         будут названы в журнале службы",
        dir.display()
    ));
    Ok(())
}
