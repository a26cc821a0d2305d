//! Folders with mistakes leave everything as it was.

use std::fs;
use std::path::Path;

use ivr::io::{RecogniserConfig, SpeechError};

use super::*;
use crate::config;
use crate::io::clock::Clock;
use crate::io::engine::Outbox;

const SAMPLE: &str = include_str!("../../../../liniya.toml");

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn rewrite(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} has no {from}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

/// A house of the shipped scripts in a folder of its own, without a voice and without ears.
fn house(folder: &Path) -> (Reloader, Outbox) {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts");
    copy(shipped.as_ref(), folder);
    let mut config = config::parse("test", SAMPLE, std::iter::empty()).unwrap();
    config.server.scripts_dir = folder.to_owned();
    let voiceless = Err(SpeechError::NoSynthesiser);
    let nowhere = folder.join("nowhere");
    let prompts = Prompts::new(nowhere.clone(), nowhere.clone(), voiceless);
    let (inbox, outbox) = Inbox::open(Clock::start(events::Timestamp(0)));
    let running = Arc::new(scripts::assistant(&config).unwrap());
    let deaf = RecogniserConfig {
        library: Some(nowhere.clone()),
        ..RecogniserConfig::new(&nowhere, &nowhere)
    };
    let means = Means {
        prompts: Arc::new(prompts),
        library: Library::default(),
        recognisers: Arc::new(Recognisers::start(&deaf, running.grammars()).0),
        inbox,
    };
    (Reloader::new(config, means, running), outbox)
}

#[test]
fn mistakes_are_told_with_their_places_and_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (reloader, outbox) = house(folder.path());
    let before = reloader.running();
    let rating = folder.path().join("assistant/rating.toml");

    rewrite(&rating, "next = \"thanks\"", "next = \"nowhere\"");
    let mistakes = reloader.reload().unwrap_err();
    let place = mistakes[0].place.as_deref().unwrap();
    assert!(place.starts_with("assistant/rating.toml:"), "{mistakes:?}");
    rewrite(&rating, "next = \"nowhere\"", "next = \"thanks\"");

    // Other words than the golden conversations have, under the version of the old ones.
    rewrite(&rating, "от одного до пяти", "от единицы до пяти");
    let mistakes = reloader.reload().unwrap_err();
    let places: Vec<_> = mistakes.iter().filter_map(|m| m.place.clone()).collect();
    let is_golden = |place: &String| place.starts_with("golden/rating_");
    assert!(places.iter().any(is_golden), "{mistakes:?}");
    let line = "assistant/rating.toml:3".to_owned();
    assert!(places.contains(&line), "{mistakes:?}");
    rewrite(&rating, "от единицы до пяти", "от одного до пяти");

    // What is right would be taken, but nothing here can say it.
    rewrite(&rating, "title = \"", "title = \"Новая: ");
    rewrite(&rating, "version = \"", "version = \"new-");
    let mistakes = reloader.reload().unwrap_err();
    assert!(
        mistakes[0].reason.contains("нечем произнести"),
        "{mistakes:?}"
    );

    assert!(Arc::ptr_eq(&before, &reloader.running()));
    assert!(outbox.is_empty(), "the loop was told of a refused reload");
}

#[test]
fn services_are_read_at_the_start_only() {
    let folder = tempfile::tempdir().unwrap();
    let (reloader, _outbox) = house(folder.path());
    let services = folder.path().join("services");
    let file = fs::read_dir(services)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    rewrite(&file, "title = \"", "title = \"Новая: ");
    let mistakes = reloader.reload().unwrap_err();
    let told = mistakes.iter().map(ToString::to_string).collect::<String>();
    assert!(told.contains("перезапустите службу"), "{told}");
}
