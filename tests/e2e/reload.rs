//! Scripts change under running calls: by a signal, by the command line, and not at all when there is
//! a mistake in them.

use std::path::{Path, PathBuf};

use events::{CallId, Event};
use tests::phone::Setup;
use tests::server::Signal;
use tests::{Journal, Phone, Server, sound};

use crate::story::{greet_briefly, sample};

const SCRIPT: &str = "assistant/consultation.toml";
const OLD: &str = "По какому вопросу вы звоните?";
const NEW: &str = "Что вы хотите узнать?";
/// How the new question sounds: only who follows the new script hears this.
const NEW_HZ: u32 = 700;

#[test]
fn a_running_call_keeps_its_script_and_the_next_one_follows_the_new_one() {
    let server = Server::with_scripts(&sample(&[]), greet_briefly);
    let mut journal = server.journal();
    let mut first = Phone::start(&Setup::caller(5070));
    let mut second = Phone::start(&Setup::caller(5072));
    let (call, old) = dials(&mut journal, &mut first);
    first.hears_something();

    change_the_question(&server.scripts());
    let new = new_version(&server.scripts(), &old);
    server.signal(Signal::SIGHUP);
    assert_eq!(reloaded(&mut journal), new, "what the journal says");

    // The running call asks as before: «repeat» says the old words, not the new sound.
    let (_, follows) = dials(&mut journal, &mut second);
    assert_eq!(follows, new);
    second.hears_tone(NEW_HZ);
    first.press("*");
    journal.wait(
        "the wish",
        |e| matches!(e, Event::DigitPressed { call: c, .. } if *c == call),
    );
    first.hears_something();
    first.press("1");
    journal.wait(
        "the old call goes on",
        |e| matches!(e, Event::StepReached { call: c, step } if *c == call && step == "technopark"),
    );
    let heard = server.folder().join("heard.wav");
    first.save(&heard);
    let (samples, rate) = sound::mono(&heard);
    let tone = sound::seconds_of_tone(&samples, rate, NEW_HZ);
    assert!(tone < 0.5, "the running call heard {tone} s of the new one");
    for phone in [&mut first, &mut second] {
        phone.hang_up();
        journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    }

    refuses_a_mistake(&server, &mut journal, (&mut first, &new));
    takes_it_mended(&server, &mut journal, (&mut first, &new));
}

/// A script that leads nowhere is told with its place, and nothing changes.
fn refuses_a_mistake(server: &Server, journal: &mut Journal, (phone, new): (&mut Phone, &str)) {
    let script = server.scripts().join(SCRIPT);
    rewrite(&script, "goto = \"technopark\"", "goto = \"nowhere\"");
    let line = line_of(&script, "goto = \"nowhere\"");
    let refused = server.command(&["reload"]).output().unwrap();
    assert!(!refused.status.success());
    let told = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(told.contains(&format!("{SCRIPT}:{line}")), "{told}");
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(why.contains("служба работает с прежними"), "{why}");
    let (_, follows) = dials(journal, phone);
    assert_eq!(follows, new);
    phone.hang_up();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    let all = journal.all();
    let reloads = all
        .iter()
        .filter(|record| matches!(record.event, Event::ScriptsReloaded { .. }));
    assert_eq!(reloads.count(), 1);
}

fn takes_it_mended(server: &Server, journal: &mut Journal, (phone, new): (&mut Phone, &str)) {
    let script = server.scripts().join(SCRIPT);
    rewrite(&script, "goto = \"nowhere\"", "goto = \"technopark\"");
    let newest = new_version(&server.scripts(), new);
    let said = server.output(&["reload"]);
    assert!(said.contains("Сценарии перезагружены"), "{said}");
    assert!(
        said.contains(&format!("consultation, версия {newest}")),
        "{said}"
    );
    assert_eq!(reloaded(journal), newest);
    let (_, follows) = dials(journal, phone);
    assert_eq!(follows, newest);
}

/// Calls and waits for the first question; the version that the call follows.
fn dials(journal: &mut Journal, phone: &mut Phone) -> (CallId, String) {
    phone.dial("100");
    phone.wait("established");
    let started = journal.wait("the conversation", |e| {
        matches!(e, Event::DialogueStarted { .. })
    });
    let Event::DialogueStarted { call, version, .. } = started.event else {
        panic!("{started:?}");
    };
    journal.wait(
        "the question",
        |e| matches!(e, Event::StepReached { call: c, step } if *c == call && step == "topic"),
    );
    (call, version)
}

fn reloaded(journal: &mut Journal) -> String {
    let fact = journal.wait("the reload", |e| matches!(e, Event::ScriptsReloaded { .. }));
    let Event::ScriptsReloaded { versions } = fact.event else {
        panic!("{fact:?}");
    };
    let mut versions = versions.into_iter();
    let of_the_line = versions.find(|(script, _)| script.as_str() == "consultation");
    of_the_line.unwrap().1
}

/// Other words for the question, in the script and in its golden conversations, and a sound for them.
fn change_the_question(scripts: &Path) {
    let mut changed = 0;
    for folder in ["assistant", "golden"] {
        for entry in std::fs::read_dir(scripts.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if std::fs::read_to_string(&path).unwrap().contains(OLD) {
                rewrite(&path, OLD, NEW);
                changed += 1;
            }
        }
    }
    assert!(changed > 1, "the scripts do not ask «{OLD}»");
    let sound = scripts.join("recordings/consultation.topic.wav");
    sound::write_tone(&sound, NEW_HZ, 2);
}

/// Gives the script another version, which is returned.
fn new_version(scripts: &Path, old: &str) -> String {
    let new = format!("{old}-next");
    let script: PathBuf = scripts.join(SCRIPT);
    rewrite(
        &script,
        &format!("version = \"{old}\""),
        &format!("version = \"{new}\""),
    );
    new
}

fn rewrite(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} has no {from}", file.display());
    std::fs::write(file, text.replace(from, to)).unwrap();
}

fn line_of(file: &Path, words: &str) -> usize {
    let text = std::fs::read_to_string(file).unwrap();
    let at = text.lines().position(|line| line.contains(words));
    at.unwrap() + 1
}
