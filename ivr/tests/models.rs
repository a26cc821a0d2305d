//! Models of every shape and in every bad state, against the real libvosk: what works is heard, what
//! does not is told in one message, and nothing keeps the service from starting.
//!
//! Needs libvosk (`LINIYA_VOSK_LIBRARY`) and Debian's asterisk-core-sounds-ru-wav (CC BY 3.0, © Maxim
//! Topal, ivrvoice.ru), as `recognition.rs` does.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use ivr::SpeechEvent;
use ivr::graph::Grammar;
use ivr::io::models::{try_here, write};
use ivr::io::{
    AcousticModel, ModelKind, RecogniserConfig, RecogniserState, RecogniserStatus, Recognisers,
    Refusal, wav,
};
use rtrb::RingBuffer;

const HUMAN: &str = include_str!("data/human_speech.tsv");
const SOUNDS: &str = "/usr/share/asterisk/sounds/ru";

fn built_in() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("model/ru-mini")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn halve(file: &Path) {
    let bytes = fs::read(file).unwrap();
    fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
}

fn lists(phrases: &[&str]) -> Vec<(String, Vec<String>)> {
    let phrases = phrases.iter().map(|p| (*p).to_owned()).collect();
    vec![("question".to_owned(), phrases)]
}

/// The first human prompts of one or two words, with what they say.
fn human() -> Vec<(&'static str, &'static str)> {
    let all = HUMAN.lines().map(|line| line.split_once('\t').unwrap());
    all.filter(|(_, text)| text.len() > 16).take(24).collect()
}

/// A human prompt with quiet around it.
fn spoken(name: &str) -> Vec<i16> {
    let path = Path::new(SOUNDS).join(format!("{name}.wav"));
    let speech = wav::read_8k(&path).unwrap_or_else(|why| {
        panic!("{name}: {why}. Установите пакет asterisk-core-sounds-ru-wav")
    });
    std::iter::repeat_n(0, 2_400)
        .chain(speech)
        .chain(std::iter::repeat_n(0, 12_000))
        .collect()
}

/// What is made of a human prompt; none if it cannot be listened to.
fn heard(recognisers: &Recognisers, session: u64, name: &str) -> Option<String> {
    let audio = spoken(name);
    let (mut into, ring) = RingBuffer::new(audio.len());
    into.push_entire_slice(&audio).unwrap();
    drop(into);
    let (to, from) = channel();
    let sink = Arc::new(move |_, event| to.send(event).unwrap_or_default());
    recognisers.listen(session, "question", ring, sink);
    from.iter().find_map(|event| match event {
        SpeechEvent::Final { text, .. } => Some(text.into_inner()),
        SpeechEvent::Started | SpeechEvent::Attending(_) | SpeechEvent::Unavailable => None,
    })
}

/// A folder with one graph of its language: all that is known of it is these phrases.
fn whole_graph(dir: &Path, phrases: &[&str]) -> PathBuf {
    let model = AcousticModel::open(&built_in()).unwrap();
    let grammar = Grammar::new(phrases).unwrap();
    model.folder_for(&grammar, dir).unwrap()
}

#[test]
fn every_broken_model_is_told_in_one_message_and_leaves_the_keys() {
    type Break = fn(&Path);
    let table: [(&str, Break); 7] = [
        ("нет модели", |dir| {
            fs::remove_dir_all(dir).unwrap();
            fs::create_dir(dir).unwrap();
        }),
        ("повреждена", |dir| {
            halve(&dir.join("am/final.mdl"))
        }),
        ("повреждена", |dir| {
            fs::remove_file(dir.join("conf/mfcc.conf")).unwrap()
        }),
        ("не приняла", |dir| {
            halve(&dir.join("am/final.mdl"));
            write(dir).unwrap();
        }),
        ("не приняла", |dir| {
            fs::write(dir.join("conf/model.conf"), "--no-such-option=1\n").unwrap();
            write(dir).unwrap();
        }),
        ("нет графа", |dir| {
            fs::remove_file(dir.join("graph/phones.txt")).unwrap();
            write(dir).unwrap();
        }),
        ("не читается", |dir| {
            fs::remove_file(dir.join("model.sha256")).unwrap();
            fs::create_dir(dir.join("model.sha256")).unwrap();
        }),
    ];
    for (told, spoil) in table {
        let var = tempfile::tempdir().unwrap();
        let dir = var.path().join("model");
        copy(&built_in(), &dir);
        spoil(&dir);
        let config = RecogniserConfig::new(&dir, var.path());
        let (recognisers, status) = Recognisers::start(&config, lists(&["да"]));
        let RecogniserStatus::KeysOnly { why } = &status else {
            panic!("{told}: {status}");
        };
        assert!(why.contains(told), "{told}: {why}");
        assert_eq!(status.findings().len(), 1);
        assert_eq!(recognisers.state(), RecogniserState::KeysOnly);
        let (to, from) = channel();
        let sink = Arc::new(move |_, event| to.send(event).unwrap_or_default());
        recognisers.listen(1, "question", RingBuffer::new(1).1, sink);
        assert_eq!(from.recv(), Ok(SpeechEvent::Unavailable));
        assert_eq!(recognisers.figures().refused_for(Refusal::NoModel), 1);

        // The same model in reserve's place: the good one serves, and it is told why.
        let config = RecogniserConfig {
            reserve: Some(built_in()),
            ..config
        };
        let (recognisers, status) = Recognisers::start(&config, lists(&["да"]));
        assert_eq!(recognisers.state(), RecogniserState::Reserve, "{status}");
        assert!(status.to_string().contains(told), "{status}");
    }
}

#[test]
fn a_model_that_is_not_pinned_or_not_of_the_language_is_not_used() {
    let var = tempfile::tempdir().unwrap();
    let version = AcousticModel::open(&built_in()).unwrap();
    let version = version.version().unwrap().to_owned();
    let with = |trusted: &str, language: &str| {
        let config = RecogniserConfig {
            trusted: vec![trusted.to_owned()],
            language: language.to_owned(),
            ..RecogniserConfig::new(&built_in(), var.path())
        };
        let (recognisers, status) = Recognisers::start(&config, lists(&["да"]));
        (recognisers.state(), status.to_string())
    };
    assert_eq!(with(&version, "ru").0, RecogniserState::Ready);
    let (state, told) = with("00", "ru");
    assert_eq!(state, RecogniserState::KeysOnly);
    assert!(
        told.contains("trusted_models") && told.contains(&version),
        "{told}"
    );
    let (state, told) = with(&version, "ko");
    assert_eq!(state, RecogniserState::KeysOnly);
    assert!(told.contains("только русский"), "{told}");
}

#[test]
fn a_model_with_one_graph_hears_the_phrases_it_has_words_for() {
    let var = tempfile::tempdir().unwrap();
    let human = human();
    let known: Vec<&str> = human.iter().map(|(_, text)| *text).collect();
    let dir = whole_graph(var.path(), &known);
    assert_eq!(AcousticModel::open(&dir).unwrap().kind(), ModelKind::Open);

    let mut wanted = known.clone();
    wanted.push("заготовка лома");
    let config = RecogniserConfig::new(&dir, var.path());
    let (recognisers, status) = Recognisers::start(&config, lists(&wanted));
    assert_eq!(recognisers.state(), RecogniserState::Partial);
    let told = status.to_string();
    assert!(
        told.contains("«заготовка лома»") && told.contains("question"),
        "{told}"
    );

    let mut right = 0;
    for (session, (name, text)) in (0..).zip(&human) {
        right += usize::from(heard(&recognisers, session, name).as_deref() == Some(*text));
    }
    assert!(right >= 20, "{right} of {}", human.len());
}

#[test]
fn a_model_of_another_language_is_told_as_such() {
    let var = tempfile::tempdir().unwrap();
    let dir = whole_graph(var.path(), &["одно слово"]);
    let config = RecogniserConfig::new(&dir, var.path());
    let (recognisers, status) = Recognisers::start(&config, lists(&["другой вопрос", "да"]));
    assert_eq!(recognisers.state(), RecogniserState::KeysOnly);
    assert!(status.to_string().contains("для другого языка"), "{status}");
}

#[test]
fn a_trial_says_whether_a_model_works() {
    let var = tempfile::tempdir().unwrap();
    let told = try_here(None, &built_in());
    assert!(
        told.starts_with("{\"works\":{\"kind\":\"phones\""),
        "{told}"
    );
    let dir = var.path().join("model");
    copy(&built_in(), &dir);
    halve(&dir.join("am/final.mdl"));
    write(&dir).unwrap();
    let told = try_here(None, &dir);
    assert!(
        told.contains("refused") && told.contains("не приняла"),
        "{told}"
    );
}

#[test]
fn no_more_are_listened_to_at_once_than_the_settings_allow_and_the_rest_have_keys() {
    let var = tempfile::tempdir().unwrap();
    let human = human();
    let known: Vec<&str> = human.iter().map(|(_, text)| *text).collect();
    let config = RecogniserConfig {
        threads: 2,
        max_sessions: 3,
        ..RecogniserConfig::new(&built_in(), var.path())
    };
    let (recognisers, _) = Recognisers::start(&config, lists(&known));
    let (to, from) = channel();
    let mut lines = Vec::new();
    let mut listen = |session| {
        let to = to.clone();
        let (line, ring) = RingBuffer::new(8_000);
        lines.push(line);
        let sink = Arc::new(move |session, event| to.send((session, event)).unwrap_or_default());
        recognisers.listen(session, "question", ring, sink);
    };
    for session in 1..=5 {
        listen(session);
    }
    // The next question of somebody who is listened to takes no second place.
    listen(2);
    let refused: Vec<_> = from.try_iter().collect();
    let keys = |session| (session, SpeechEvent::Unavailable);
    assert_eq!(refused, [keys(4), keys(5)]);
    let figures = recognisers.figures();
    assert_eq!(figures.refused_for(Refusal::Sessions), 2);
    assert_eq!((figures.sessions_active, figures.unavailable()), (3, 2));
    assert_eq!(recognisers.state(), RecogniserState::Ready);

    // A place that becomes free is the next caller's, who is heard.
    recognisers.stop(1);
    let (name, text) = human[0];
    assert_eq!(heard(&recognisers, 6, name).as_deref(), Some(text));
    assert_eq!(recognisers.figures().refused_for(Refusal::Sessions), 2);
}

#[test]
fn another_model_is_heard_with_from_the_next_question_on() {
    let var = tempfile::tempdir().unwrap();
    let human = human();
    let (name, text) = human[0];
    let known: Vec<&str> = human.iter().map(|(_, text)| *text).collect();
    let free = whole_graph(var.path(), &known);
    let broken = var.path().join("broken");
    copy(&built_in(), &broken);
    halve(&broken.join("am/final.mdl"));

    // From nothing to the built-in model: the lists asked for then are heard now.
    let config = RecogniserConfig::new(&broken, var.path());
    let (recognisers, _) = Recognisers::start(&config, lists(&known));
    assert_eq!(heard(&recognisers, 1, name), None);
    recognisers.switch(&built_in(), None).unwrap();
    assert!(recognisers.hears_with(&built_in()) && !recognisers.hears_with(&free));
    assert_eq!(heard(&recognisers, 1, name).as_deref(), Some(text));

    // To a model with words of its own: new lists are asked of its words.
    recognisers.switch(&free, None).unwrap();
    assert!(recognisers.hears_with(&free));
    assert_eq!(heard(&recognisers, 1, name).as_deref(), Some(text));
    let more = vec!["заготовка лома".to_owned(), text.to_owned()];
    let unheard = recognisers.learn(vec![("more".to_owned(), more)]).unwrap();
    assert_eq!(unheard.phrases[0].phrase, "заготовка лома");
    assert_eq!(recognisers.state(), RecogniserState::Partial);

    // What does not work changes nothing, reserve or not.
    let why = recognisers.switch(&broken, Some(&built_in())).unwrap_err();
    assert!(why.contains("повреждена"), "{why}");
    assert!(recognisers.hears_with(&free));
    assert_eq!(heard(&recognisers, 1, name).as_deref(), Some(text));
    recognisers.switch(&built_in(), None).unwrap();
    assert_eq!(recognisers.state(), RecogniserState::Ready);
}

/// Every utterance of a dictation, said one after the other with a pause between them.
fn dictated(recognisers: &Recognisers, prompts: &[&str]) -> Vec<String> {
    let audio: Vec<i16> = prompts.iter().flat_map(|name| spoken(name)).collect();
    // The last is cut right behind its words, as by a key.
    let audio = &audio[..audio.len() - 11_000];
    let (mut into, ring) = RingBuffer::new(audio.len());
    into.push_entire_slice(audio).unwrap();
    drop(into);
    let (to, from) = channel();
    let sink = Arc::new(move |_, event| to.send(event).unwrap_or_default());
    recognisers.dictation(1, "question", ring, sink);
    let finals = from.iter().filter_map(|event| match event {
        SpeechEvent::Final { text, .. } => Some(text.into_inner()),
        SpeechEvent::Started | SpeechEvent::Attending(_) | SpeechEvent::Unavailable => None,
    });
    finals.collect()
}

#[test]
fn a_dictation_is_written_down_by_a_model_that_knows_its_words_and_by_no_other() {
    let var = tempfile::tempdir().unwrap();
    let human = human();
    let known: Vec<&str> = human.iter().map(|(_, text)| *text).collect();
    let (names, texts): (Vec<&str>, Vec<&str>) = human[..3].iter().copied().unzip();
    let command = [human[23].1];

    let dir = whole_graph(var.path(), &known);
    let config = RecogniserConfig::new(&dir, var.path());
    let (recognisers, status) = Recognisers::start(&config, lists(&command));
    assert!(recognisers.writes_down(), "{status}");
    assert_eq!(dictated(&recognisers, &names), texts);

    // The built-in model hears the command alone, and nothing of the rest.
    let config = RecogniserConfig::new(&built_in(), var.path());
    let (recognisers, _) = Recognisers::start(&config, lists(&command));
    assert!(!recognisers.writes_down());
    let told = dictated(&recognisers, &names);
    assert!(told.iter().all(String::is_empty), "{told:?}");
    assert_eq!(dictated(&recognisers, &[human[23].0]), command);
}
