//! Callers that walk every path of the scripts we ship.
#![cfg(test)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use events::{DialoguePurpose, ServiceId, TaskKind, TaskOutcome};
use ivr::Context;
use ivr::coverage::{floors, measure};
use ivr::io::scripts::{load_scripts, read_sources};
use ivr::script::{Date, ScriptSet, Setting};
use ivr::walker::{Means, walk};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts")
}

fn setting() -> Setting {
    Setting {
        organisation: "Министерство".to_owned(),
        today: today(),
    }
}

fn shipped() -> ScriptSet {
    load_scripts(&folder(), &setting()).unwrap().0
}

fn today() -> Date {
    Date::parse("2026-11-23").unwrap()
}

fn context() -> Context {
    Context {
        notice_required: true,
        ..Context::new(ServiceId::undetermined(), today())
    }
}

#[test]
fn no_path_of_a_shipped_script_hangs_or_loses_the_way_to_a_person() {
    let set = shipped();
    for script in set.scripts() {
        for open in [true, false] {
            let context = Context { open, ..context() };
            let walked = walk(script, &context, Means::Both);
            assert!(
                walked.faults.is_empty(),
                "{}: {:#?}",
                script.id,
                walked.faults
            );
            assert!(!walked.endings.is_empty(), "{}", script.id);
        }
    }
}

/// Row #55: without speech, and without keys, every task is lived through to its end.
#[test]
fn every_task_is_finished_by_keys_alone_and_by_voice_alone() {
    let set = shipped();
    let wanted: BTreeSet<(String, String)> = [
        TaskKind::FindTimes,
        TaskKind::Book,
        TaskKind::FindBooking,
        TaskKind::CancelBooking,
        TaskKind::MoveBooking,
        TaskKind::CheckStatus,
        TaskKind::FileComplaint,
        TaskKind::RequestCallback,
        TaskKind::SetConsent,
    ]
    .map(|task| {
        (
            task.as_str().to_owned(),
            TaskOutcome::Done.as_str().to_owned(),
        )
    })
    .into();
    for means in [Means::Keys, Means::Voice] {
        let mut done = BTreeSet::new();
        let lines = |s: &&std::sync::Arc<ivr::script::Script>| {
            s.purpose == DialoguePurpose::Assistant && s.takes.is_empty()
        };
        for script in set.scripts().filter(lines) {
            done.extend(walk(script, &context(), means).tasks);
        }
        let missing: Vec<_> = wanted.difference(&done).collect();
        assert!(missing.is_empty(), "{means:?}: {missing:?}");
    }
}

#[test]
fn golden_conversations_walk_what_their_floors_ask() {
    let files = read_sources(&folder()).unwrap();
    let floors = floors(&files).unwrap();
    for measured in measure(&files, &shipped(), &setting()) {
        let floor = floors.get(measured.script.as_str()).copied();
        assert!(measured.is_enough(floor.unwrap_or_default()), "{measured}");
    }
}
