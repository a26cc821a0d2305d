//! The real recogniser with the built-in model on human speech over a telephone line.
//!
//! Needs libvosk (`LINIYA_VOSK_LIBRARY`, put in place by `deploy/setup/speech.sh`) and, for human
//! speech, Debian's asterisk-core-sounds-ru-wav (CC BY 3.0, © Maxim Topal, ivrvoice.ru). Both are
//! named when they are missing; nothing is skipped.
#![cfg(test)]

mod line;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock};

use ivr::io::scripts::load_scripts;
use ivr::io::{
    RecogniserConfig, RecogniserStatus, Recognisers, Refusal, SpeechConfig, SpeechSink,
    Synthesiser, Unheard,
};
use ivr::readback::Stress;
use ivr::script::Date;
use ivr::{Setting, SpeechEvent};
use rtrb::{Producer, RingBuffer};

const HUMAN: &str = include_str!("data/human_speech.tsv");
const OFF_LIST: &str = include_str!("data/human_off_list.txt");

/// A menu as a ministry's script has it.
const SERVICES: [&str; 16] = [
    "лицензия на заготовку лома",
    "лицензирование",
    "субсидии",
    "получить субсидию",
    "подтверждение производства",
    "реестр промышленной продукции",
    "маркировка товаров",
    "параллельный импорт",
    "торговля",
    "аккредитация",
    "статус заявления",
    "график работы",
    "соединить с оператором",
    "оператор",
    "повторите пожалуйста",
    "назад",
];

struct World {
    recognisers: Recognisers,
    _cache: tempfile::TempDir,
}

/// One recogniser for all tests of this file.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let cache = tempfile::tempdir().unwrap();
    let human = HUMAN
        .lines()
        .map(|line| line.split_once('\t').unwrap().1.to_owned())
        .collect();
    let lists = vec![
        ("human".to_owned(), human),
        ("services".to_owned(), SERVICES.map(str::to_owned).to_vec()),
        ("broken".to_owned(), vec!["форма 2-НДФЛ".to_owned()]),
    ];
    let config = RecogniserConfig {
        threads: 2,
        ..RecogniserConfig::new(&model(), cache.path())
    };
    let (recognisers, status) = Recognisers::start(&config, lists);
    assert!(
        matches!(status, RecogniserStatus::Ready { lists: 2, .. }),
        "{status}\nЗадайте LINIYA_VOSK_LIBRARY (make test делает это сам)."
    );
    World {
        recognisers,
        _cache: cache,
    }
});

fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("model/ru-mini")
}

/// Quiet samples before an utterance.
const QUIET_BEFORE: usize = 2_400;

/// A caller's utterance on a line with some noise: 0.3 s before it and 1 s after it.
fn on_the_line(speech: &[i16]) -> Vec<i16> {
    line::on_a_line(speech, QUIET_BEFORE, 1)
}

/// How loud noise must be, in steps of [`line::on_a_line`], to lie 15 dB below this speech.
fn noise_15_db_below(speech: &[i16]) -> i16 {
    let energy: u64 = speech
        .iter()
        .map(|x| u64::from(x.unsigned_abs()).pow(2))
        .sum();
    let rms = (energy / u64::try_from(speech.len()).unwrap()).isqrt();
    // Even noise of ±16 has an RMS of 9.2; 15 dB are a factor of 5.62.
    i16::try_from(rms * 10 / 517).unwrap().max(1)
}

fn sink(to: Sender<SpeechEvent>) -> SpeechSink {
    Arc::new(move |_, event| {
        // Nobody waits for it any more: fine.
        to.send(event).unwrap_or_default();
    })
}

/// Begins to listen to a whole recording; the receiver ends when all of it was heard.
fn begin(session: u64, list: &str, audio: &[i16]) -> Receiver<SpeechEvent> {
    let (mut producer, consumer) = RingBuffer::new(audio.len());
    producer.push_entire_slice(audio).unwrap();
    let (to, from) = channel();
    WORLD.recognisers.listen(session, list, consumer, sink(to));
    from
}

/// What was said in a recording: (text, confidence) of its results.
fn finals(events: impl IntoIterator<Item = SpeechEvent>) -> Vec<(String, u16)> {
    events
        .into_iter()
        .filter_map(|event| match event {
            SpeechEvent::Final {
                text,
                confidence_permille,
                ..
            } => Some((text.into_inner(), confidence_permille)),
            SpeechEvent::Started | SpeechEvent::Attending(_) => None,
            SpeechEvent::Unavailable => panic!("the recogniser is unavailable"),
        })
        .collect()
}

/// Hears many recordings, a few at a time.
fn hear_all(first: u64, list: &str, audios: &[Vec<i16>]) -> Vec<Vec<(String, u16)>> {
    let mut heard = Vec::new();
    for (sessions, some) in (first..).step_by(8).zip(audios.chunks(8)) {
        let running: Vec<_> = (sessions..)
            .zip(some)
            .map(|(session, audio)| begin(session, list, audio))
            .collect();
        heard.extend(running.into_iter().map(finals));
    }
    heard
}

/// Plays some of the list of a woman's recordings on a line of some kind, and returns how many there
/// were, how many were taken for what they are, and the others.
fn heard_right(first: u64, every: usize, line: fn(&[i16]) -> Vec<i16>) -> (usize, usize, String) {
    let spoken: Vec<(&str, &str)> = HUMAN
        .lines()
        .step_by(every)
        .map(|l| l.split_once('\t').unwrap())
        .collect();
    let audios: Vec<_> = spoken
        .iter()
        .map(|(name, _)| line(&line::recording(name)))
        .collect();
    let heard = hear_all(first, "human", &audios);
    let mut wrong = String::new();
    let mut right = 0;
    for ((name, text), heard) in spoken.iter().zip(&heard) {
        if matches!(heard.as_slice(), [(said, confidence)] if said == text && *confidence >= 700) {
            right += 1;
        } else {
            wrong.push_str(&format!("{name}: {text} -> {heard:?}\n"));
        }
    }
    println!("human speech: {right} of {} right\n{wrong}", spoken.len());
    (spoken.len(), right, wrong)
}

#[test]
fn human_commands_numbers_and_dates_are_understood() {
    let (all, right, wrong) = heard_right(1_000, 1, on_the_line);
    assert!(all >= 120);
    assert!(right * 100 >= all * 93, "{right} of {all}\n{wrong}");
}

#[test]
fn a_noisy_line_costs_little() {
    let noisy = |speech: &[i16]| line::on_a_line(speech, QUIET_BEFORE, noise_15_db_below(speech));
    let (all, right, wrong) = heard_right(8_000, 3, noisy);
    assert!(right * 100 >= all * 80, "{right} of {all}\n{wrong}");
}

#[test]
fn speech_off_the_list_is_rejected_or_doubtful() {
    let names: Vec<&str> = OFF_LIST.lines().step_by(2).collect();
    let audios: Vec<_> = names
        .iter()
        .map(|name| on_the_line(&line::recording(name)))
        .collect();
    let mut table = BTreeMap::new();
    for (list, first) in [("human", 2_000), ("services", 3_000)] {
        let heard = hear_all(first, list, &audios);
        for threshold in [1, 400, 700, 900, 970] {
            let accepted = |finals: &&Vec<(String, u16)>| {
                finals
                    .iter()
                    .any(|(text, conf)| !text.is_empty() && *conf >= threshold)
            };
            table.insert((list, threshold), heard.iter().filter(accepted).count());
        }
    }
    println!("off the list, accepted of {}: {table:?}", names.len());
    assert!(
        table[&("services", 700)] * 100 <= names.len() * 6,
        "{table:?}"
    );
    assert!(table[&("human", 700)] * 100 <= names.len() * 7, "{table:?}");
}

#[test]
fn a_spoken_service_is_chosen() {
    let voice = Synthesiser::detect(&SpeechConfig::default()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let audios: Vec<_> = SERVICES
        .iter()
        .map(|text| {
            on_the_line(
                &voice
                    .say(&Stress::built_in().mark(text), &dir.path().join("x.wav"))
                    .unwrap(),
            )
        })
        .collect();
    let heard = hear_all(4_000, "services", &audios);
    let wrong: Vec<_> = SERVICES
        .iter()
        .zip(&heard)
        .filter(|(text, heard)| !matches!(heard.as_slice(), [(said, conf)] if said == *text && *conf >= 700))
        .collect();
    println!(
        "{voice}: {} of {} right; {wrong:?}",
        SERVICES.len() - wrong.len(),
        SERVICES.len()
    );
    assert!(wrong.len() <= 1, "{voice}: {wrong:?}");
}

/// The scripts that come with the product: every list can be heard, everything can be said, and
/// each first phrase of a node's list is understood when it is spoken.
#[test]
fn the_scripts_of_the_product_are_heard_and_spoken() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
    let setting = Setting {
        organisation: "Министерство".to_owned(),
        today: Date::parse("2026-11-22").unwrap(),
    };
    let (set, _) = load_scripts(&root, &setting).unwrap_or_else(|found| panic!("{found:?}"));
    // Lists of patterns alone, figures and times, are heard in `slots.rs`.
    let lists: Vec<_> = set
        .grammars()
        .into_iter()
        .filter(|(_, list)| !list.phrases.is_empty() || list.patterns.is_empty())
        .map(|(key, list)| (key, list.phrases))
        .collect();
    let var = tempfile::tempdir().unwrap();
    let config = RecogniserConfig {
        threads: 2,
        ..RecogniserConfig::new(&model(), var.path())
    };
    let (recognisers, status) = Recognisers::start(&config, lists.clone());
    let RecogniserStatus::Ready { unheard, .. } = status else {
        panic!("{status}")
    };
    assert_eq!(
        unheard,
        Unheard::default(),
        "a phrase of a script cannot be heard"
    );

    let voice = Synthesiser::detect(&SpeechConfig::default()).unwrap();
    let mut first: Vec<_> = lists
        .iter()
        .map(|(key, list)| (key, list.first().unwrap()))
        .collect();
    first.dedup_by_key(|(_, phrase)| *phrase);
    let mut wrong = Vec::new();
    for (session, (key, phrase)) in (0..).zip(&first) {
        let said = voice
            .say(&Stress::built_in().mark(phrase), &var.path().join("x.wav"))
            .unwrap();
        let audio = on_the_line(&said);
        let (mut producer, consumer) = RingBuffer::new(audio.len());
        producer.push_entire_slice(&audio).unwrap();
        drop(producer);
        let (to, from) = channel();
        recognisers.listen(session, key, consumer, sink(to));
        let heard = finals(from);
        if !matches!(heard.as_slice(), [(text, _)] if text == *phrase) {
            wrong.push((key, phrase, heard));
        }
    }
    println!(
        "scripts: {} of {} right; {wrong:?}",
        first.len() - wrong.len(),
        first.len()
    );
    println!("{:?}", recognisers.figures());
    assert!(wrong.len() * 20 <= first.len(), "{wrong:?}");
}

#[test]
fn silence_and_hiss_are_nothing() {
    let quiet = on_the_line(&[0; 40_000]);
    assert_eq!(begin(5_000, "services", &quiet).into_iter().count(), 0);
    assert_eq!(
        begin(5_001, "services", &[0; 80_000]).into_iter().count(),
        0
    );
}

/// Ten callers at the same moment, each ring filled only as it empties: the time from the end of
/// speech to the result, and no first word lost though speech begins with the first sample.
#[test]
fn ten_callers_at_once_get_their_answers_soon() {
    let names = [
        "digits/h-3",
        "digits/mon-7",
        "digits/day-1",
        "vm-password",
        "digits/40",
    ];
    let texts = ["третий", "августа", "понедельник", "пароль", "сорок"];
    let audio: Vec<Vec<i16>> = names
        .iter()
        .map(|name| on_the_line(&line::recording(name))[2_400..].to_vec())
        .collect();
    let mut callers = Vec::new();
    for session in 0..10_usize {
        let (producer, consumer) = RingBuffer::new(8_000);
        let (to, from) = channel();
        WORLD
            .recognisers
            .listen(6_000 + session as u64, "human", consumer, sink(to));
        callers.push((producer, audio[session % 5].chunks(160), from));
    }
    let mut feeding = true;
    while feeding {
        feeding = false;
        for (producer, pieces, _) in &mut callers {
            if producer.slots() < 8_000 {
                feeding = true;
            } else if let Some(piece) = pieces.next() {
                producer.push_entire_slice(piece).unwrap();
                feeding = true;
            }
        }
        std::thread::yield_now();
    }
    let mut latencies = Vec::new();
    for (session, (producer, _, from)) in callers.into_iter().enumerate() {
        drop(producer);
        let events: Vec<SpeechEvent> = from.into_iter().collect();
        assert!(
            matches!(events.first(), Some(SpeechEvent::Started)),
            "{events:?}"
        );
        latencies.extend(events.iter().filter_map(|event| match event {
            SpeechEvent::Final { latency_ms, .. } => Some(latency_ms.0),
            SpeechEvent::Started | SpeechEvent::Attending(_) | SpeechEvent::Unavailable => None,
        }));
        let finals = finals(events);
        assert_eq!(
            finals.first().map(|f| f.0.as_str()),
            Some(texts[session % 5]),
            "{finals:?}"
        );
    }
    latencies.sort_unstable();
    let figures = WORLD.recognisers.figures();
    println!(
        "latency ms: {latencies:?}; {figures:?}; RTF {:.4}",
        figures.real_time_factor()
    );
    assert!(
        latencies.last().is_some_and(|most| *most <= 1_000),
        "{latencies:?}"
    );
}

/// Callers who never fall silent, more than a thread can hear: somebody who came late has keys before
/// everybody is heard too late, and who is left is heard to the end.
#[test]
fn who_is_too_many_for_a_thread_has_keys() {
    let speech = on_the_line(&line::recording("vm-password"));
    let mut producers = Vec::new();
    let mut heard = Vec::new();
    for session in 9_000..9_024 {
        let (producer, consumer) = RingBuffer::new(16_000);
        let (to, from) = channel();
        WORLD
            .recognisers
            .listen(session, "human", consumer, sink(to));
        producers.push((producer, speech.iter().cycle()));
        heard.push(from);
    }
    let full = |producer: &Producer<i16>| producer.is_abandoned() || producer.is_full();
    let shed = loop {
        for (producer, speech) in &mut producers {
            while !full(producer) {
                producer.push(*speech.next().unwrap()).unwrap_or_default();
            }
        }
        let unavailable = |from: &Receiver<SpeechEvent>| {
            from.try_iter()
                .any(|event| event == SpeechEvent::Unavailable)
        };
        if let Some(shed) = heard.iter().position(unavailable) {
            break shed;
        }
        std::thread::yield_now();
    };
    assert!(shed >= 2, "who came first to each of the threads stays");
    assert!(WORLD.recognisers.figures().refused_for(Refusal::Overload) > 0);
    drop(producers);
    let first = finals(heard.swap_remove(0));
    assert!(first.iter().any(|(text, _)| text == "пароль"), "{first:?}");
    // libvosk must not be at work when the process ends.
    heard.into_iter().flatten().for_each(drop);
}

#[test]
fn what_cannot_be_listened_to_is_unavailable() {
    for list in ["broken", "no such list"] {
        let events: Vec<_> = begin(7_000, list, &[0; 160]).into_iter().collect();
        assert_eq!(events, [SpeechEvent::Unavailable]);
    }
    let cache = tempfile::tempdir().unwrap();
    let config = RecogniserConfig::new(&cache.path().join("no-model"), cache.path());
    let (off, status) = Recognisers::start::<Vec<String>>(&config, Vec::new());
    assert!(
        status.to_string().contains("нет модели распознавания"),
        "{status}"
    );
    let (to, from) = channel();
    off.listen(1, "services", RingBuffer::new(1).1, sink(to));
    assert_eq!(
        from.into_iter().collect::<Vec<_>>(),
        [SpeechEvent::Unavailable]
    );
    assert_eq!(off.figures().unavailable(), 1);
}

#[test]
fn one_caller_too_many_has_keys_and_stopping_makes_room() {
    let cache = tempfile::tempdir().unwrap();
    let config = RecogniserConfig {
        threads: 1,
        max_sessions: 1,
        ..RecogniserConfig::new(&model(), cache.path())
    };
    let lists = vec![("yes".to_owned(), vec!["да".to_owned(), "нет".to_owned()])];
    let (recognisers, status) = Recognisers::start(&config, lists);
    assert!(matches!(status, RecogniserStatus::Ready { .. }), "{status}");
    let mut kept = Vec::new();
    let mut listen = |session| {
        let (producer, consumer) = RingBuffer::new(800);
        let (to, from) = channel();
        recognisers.listen(session, "yes", consumer, sink(to));
        kept.push(producer);
        from
    };
    let first = listen(1);
    assert_eq!(listen(2).recv(), Ok(SpeechEvent::Unavailable));
    recognisers.stop(1);
    assert!(
        first.recv().is_err(),
        "a stopped session tells nothing more"
    );
    let third = listen(3);
    assert_eq!(recognisers.figures().sessions_active, 1);
    drop(recognisers);
    assert!(third.recv().is_err());
}
