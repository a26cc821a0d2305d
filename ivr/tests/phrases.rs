//! The phrases of the repository's scripts, spoken and heard over a telephone line with the built-in
//! model: a menu whose words the recogniser confuses is a bad menu.
//!
//! Needs libvosk (`LINIYA_VOSK_LIBRARY`) and a synthesiser, as `recognition.rs` does.
#![cfg(test)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use ivr::io::scripts::load_scripts;
use ivr::io::{RecogniserConfig, Recognisers, SpeechConfig, Synthesiser};
use ivr::readback::Stress;
use ivr::script::{CONFIRM_NODE, Command, Date, Grammar, Script, YesNo};
use ivr::{ScriptSet, Setting, SpeechEvent};
use rtrb::RingBuffer;

/// Phrases of a hundred that must be taken for what they mean.
const RIGHT_PERCENT: usize = 93;
/// Phrases of a hundred that may be taken for something else.
const WRONG_PERCENT: usize = 2;

fn scripts() -> ScriptSet {
    let setting = Setting {
        organisation: "Министерство".to_owned(),
        today: Date::parse("2026-11-22").unwrap(),
    };
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
    load_scripts(&dir, &setting).unwrap().0
}

/// What a phrase means where it is heard, as text to compare.
fn meaning(script: &Script, node: &str, text: &str) -> String {
    if let Some(command) = Command::heard(text) {
        return format!("{command:?}");
    }
    if node == CONFIRM_NODE {
        return format!("{:?}", YesNo::heard(text));
    }
    let key = script
        .question(node)
        .and_then(|q| q.heard(text))
        .map(|o| o.key);
    key.map_or_else(|| "nothing".to_owned(), |key| format!("key {key}"))
}

/// 0.3 s of quiet before the words and 1 s after, with a little hiss.
fn on_the_line(speech: &[i16]) -> Vec<i16> {
    let mut noise = 1_u32;
    let around = std::iter::repeat_n(&0, 2_400)
        .chain(speech)
        .chain(std::iter::repeat_n(&0, 8_000));
    let hissed = around.map(|x| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        x.saturating_add(i16::try_from(noise >> 27).unwrap() - 16)
    });
    hissed.collect()
}

/// Script, list, node and phrase: every question's own phrases, and the commands in one list.
fn cases(set: &ScriptSet) -> Vec<(Arc<Script>, String, String, String)> {
    let mut cases = Vec::new();
    let mut with_commands = true;
    for script in set.scripts() {
        for grammar in script.grammars() {
            let node = grammar.node;
            if script.question(&node).is_none() && node != CONFIRM_NODE {
                continue;
            }
            let list = script.list_key(&node);
            let wanted = |p: &String| with_commands || Command::heard(p).is_none();
            for phrase in grammar.phrases.into_iter().filter(wanted) {
                cases.push((Arc::clone(script), list.clone(), node.clone(), phrase));
            }
            with_commands = false;
        }
    }
    cases
}

#[test]
fn what_the_scripts_listen_for_is_told_apart() {
    let set = scripts();
    let voice = Synthesiser::detect(&SpeechConfig::default()).unwrap();
    let cache = tempfile::tempdir().unwrap();
    let lists: Vec<(String, Grammar)> = set.grammars();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("model/ru-mini");
    let config = RecogniserConfig {
        threads: 2,
        max_sessions: 1_000,
        ..RecogniserConfig::new(&model, cache.path())
    };
    let spelled = lists
        .iter()
        .map(|(name, g)| (name.clone(), g.phrases.clone()))
        .collect();
    let (recognisers, status) = Recognisers::start(&config, spelled);
    let mut session = 0;
    let file = cache.path().join("x.wav");
    let mut spoken: BTreeMap<String, Vec<i16>> = BTreeMap::new();
    let (mut right, mut wrong, mut report) = (0, 0, String::new());
    let cases = cases(&set);
    // No more lists at once than the recognisers keep in memory.
    for cases in cases.chunk_by(|a, b| a.1 == b.1) {
        let mut running = Vec::new();
        for (_, list, _, phrase) in cases {
            session += 1;
            let audio = spoken.entry(phrase.clone()).or_insert_with(|| {
                on_the_line(&voice.say(&Stress::built_in().mark(phrase), &file).unwrap())
            });
            let (mut producer, consumer) = RingBuffer::new(audio.len());
            producer.push_entire_slice(audio).unwrap();
            drop(producer);
            let (to, from) = channel();
            let sink = Arc::new(move |_, event| to.send(event).unwrap_or_default());
            recognisers.listen(session, list, consumer, sink);
            running.push(from);
        }
        for ((script, _, node, phrase), events) in cases.iter().zip(running) {
            let heard = events.iter().find_map(|event| match event {
                SpeechEvent::Final {
                    text,
                    confidence_permille,
                    ..
                } => Some((text.into_inner(), confidence_permille)),
                SpeechEvent::Started | SpeechEvent::Attending(_) => None,
                SpeechEvent::Unavailable => panic!("{node}: {phrase}: {status}"),
            });
            let (text, confidence) = heard.unwrap_or_default();
            let same = meaning(script, node, &text) == meaning(script, node, phrase);
            let taken = confidence >= ivr::dialogue::ACCEPT_PERMILLE;
            right += usize::from(same && taken);
            wrong += usize::from(!same && taken && !text.is_empty());
            if !same || !taken {
                let line = format!("{}.{node}: {phrase} -> {text} ({confidence})\n", script.id);
                report.push_str(&line);
            }
        }
    }
    let all = cases.len();
    println!("{voice}: {right} of {all} right, {wrong} taken for something else\n{report}");
    assert!(
        right * 100 >= all * RIGHT_PERCENT,
        "{right} of {all}\n{report}"
    );
    assert!(
        wrong * 100 <= all * WRONG_PERCENT,
        "{wrong} of {all}\n{report}"
    );
}
