//! What is picked out of a talk between people by the built-in model, which writes no free speech down.
//!
//! Needs libvosk (`LINIYA_VOSK_LIBRARY`), a synthesiser, and for human speech Debian's
//! asterisk-core-sounds-ru-wav (CC BY 3.0, © Maxim Topal, ivrvoice.ru). Nothing is skipped.
#![cfg(test)]

mod line;

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, LazyLock};

use events::TranscriptDepth;
use ivr::io::scripts::load_scripts;
use ivr::io::{RecogniserConfig, Recognisers, SpeechConfig, Synthesiser};
use ivr::readback::Stress;
use ivr::script::{Date, ScriptSet};
use ivr::{Setting, SpeechEvent};
use rtrb::RingBuffer;

/// A list of phrases that a person recorded, as a house might have it.
const HUMAN_LIST: &str = "human";
/// From here on a phrase counts, in thousandths.
const SURE: u16 = 700;

struct World {
    recognisers: Recognisers,
    scripts: ScriptSet,
    human: Vec<(String, String)>,
    dir: tempfile::TempDir,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let setting = Setting {
        organisation: "Министерство".to_owned(),
        today: Date::parse("2026-11-22").unwrap(),
    };
    let (scripts, _) = load_scripts(&root.join("../scripts"), &setting).unwrap();
    // What is as long as a phrase about a service has to be.
    let human: Vec<(String, String)> = include_str!("data/human_speech.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(_, text)| text.chars().count() >= 10)
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let said = human
        .iter()
        .map(|(_, text)| text.clone())
        .collect::<Vec<_>>();
    let talk = scripts.talk_list().unwrap().to_owned();
    let mut lists: Vec<(String, ivr::graph::Expected)> = vec![(HUMAN_LIST.to_owned(), said.into())];
    let all = scripts.grammars().into_iter();
    lists.extend(
        all.filter(|(name, _)| *name == talk)
            .map(|(name, list)| (name, list.into())),
    );
    let config = RecogniserConfig {
        threads: 2,
        ..RecogniserConfig::new(&root.join("model/ru-mini"), dir.path())
    };
    let (recognisers, status) = Recognisers::start(&config, lists);
    assert!(recognisers.is_on(), "{status}");
    World {
        recognisers,
        scripts,
        human,
        dir,
    }
});

/// A phrase that was picked out, and how surely, in thousandths.
type Picked = Vec<(String, u16)>;

/// What is told of talks in which these things are said, a few at a time.
fn overhear(first: u64, list: &str, audios: &[Vec<i16>]) -> Vec<Picked> {
    let mut told = Vec::new();
    for (sessions, some) in (first..).step_by(8).zip(audios.chunks(8)) {
        let running: Vec<Receiver<SpeechEvent>> = (sessions..)
            .zip(some)
            .map(|(session, audio)| begin(session, list, audio))
            .collect();
        told.extend(running.into_iter().map(picked));
    }
    told
}

fn begin(session: u64, list: &str, audio: &[i16]) -> Receiver<SpeechEvent> {
    let (mut producer, consumer) = RingBuffer::new(audio.len());
    producer.push_entire_slice(audio).unwrap();
    let (to, from) = channel();
    let sink = Arc::new(move |_, event| to.send(event).unwrap_or_default());
    let heard = (consumer, None);
    WORLD.recognisers.overhear(session, list, heard, sink);
    from
}

fn picked(told: Receiver<SpeechEvent>) -> Picked {
    let mut told = told.into_iter();
    let first = told.next();
    assert_eq!(
        first,
        Some(SpeechEvent::Attending(TranscriptDepth::Phrases))
    );
    let finals = told.filter_map(|event| match event {
        SpeechEvent::Final {
            text,
            confidence_permille,
            ..
        } => Some((text.into_inner(), confidence_permille)),
        SpeechEvent::Started | SpeechEvent::Attending(_) => None,
        SpeechEvent::Unavailable => panic!("not recognised"),
    });
    finals.filter(|(text, _)| !text.is_empty()).collect()
}

/// What counts.
fn sure(picked: &Picked) -> impl Iterator<Item = &str> {
    let sure = picked.iter().filter(|one| one.1 >= SURE);
    sure.map(|one| one.0.as_str())
}

fn off_list() -> Vec<&'static str> {
    include_str!("data/human_off_list.txt").lines().collect()
}

/// A person's sentence, a phrase of the list in the same voice, and another sentence, without a pause:
/// seven of ten phrases are found, and hardly any is taken for another.
#[test]
fn a_phrase_is_picked_out_of_a_persons_speech() {
    let others = off_list();
    let in_the_middle = |(number, (name, _)): (usize, &(String, String))| {
        let other = |n: usize| line::recording(others[n % others.len()]);
        let mut speech = other(number * 2);
        speech.extend(line::recording(name));
        speech.extend(other(number * 2 + 1));
        line::on_a_line(&speech, 4_800, 1)
    };
    let audios: Vec<_> = WORLD.human.iter().enumerate().map(in_the_middle).collect();
    let told = overhear(0, HUMAN_LIST, &audios);
    let (mut right, mut wrong, mut rows) = (0, 0, String::new());
    for ((_, text), picked) in WORLD.human.iter().zip(&told) {
        right += usize::from(sure(picked).any(|one| one == text));
        wrong += sure(picked).filter(|one| one != text).count();
        rows.push_str(&format!("{text}: {picked:?}\n"));
    }
    let all = audios.len();
    println!("in a person's speech: {right} of {all} found, {wrong} others\n{rows}");
    assert!(right * 10 >= all * 7, "{right} of {all}\n{rows}");
    assert!(wrong * 20 <= all, "{wrong} of {all}\n{rows}");
}

/// A person's sentences about something else, with the list of the house: one of twenty may count.
#[test]
fn other_speech_is_hardly_ever_taken_for_a_phrase() {
    let names: Vec<&str> = off_list().into_iter().step_by(3).collect();
    let audio = |name: &&str| line::on_a_line(&line::recording(name), 4_800, 1);
    let audios: Vec<_> = names.iter().map(audio).collect();
    let told = overhear(1_000, WORLD.scripts.talk_list().unwrap(), &audios);
    let taken: Vec<_> = names
        .iter()
        .zip(&told)
        .filter(|(_, told)| sure(told).next().is_some())
        .collect();
    println!("other speech: {} of {} taken", taken.len(), names.len());
    assert!(taken.len() * 20 <= names.len(), "{taken:?}");
}

/// What callers say to a person, and the service it is about.
const SENTENCES: [(&str, &str); 12] = [
    (
        "здравствуйте, я хотел бы узнать, что нужно, чтобы получить статус технопарка для нашего завода",
        "technopark_status",
    ),
    (
        "нам отказали, сказали, что лицензия на лом закончилась ещё в прошлом году",
        "scrap_licence",
    ),
    (
        "подскажите, какие меры поддержки есть для малых предприятий в нашем районе",
        "support_measures",
    ),
    (
        "мне надо записаться на приём к вашему начальнику на следующей неделе",
        "appointment",
    ),
    (
        "мы в городе собираем и сдаём металлолом, и у нас проверка",
        "scrap_licence",
    ),
    (
        "сосед говорит, что можно получить субсидию на оборудование, это правда",
        "support_measures",
    ),
    (
        "а технопарк вообще кому дают, какие там условия",
        "technopark_status",
    ),
    (
        "запишите меня на приём, пожалуйста, у меня сложный вопрос",
        "appointment",
    ),
    (
        "у меня на прошлой неделе сломалась машина и я не смог приехать",
        "",
    ),
    ("сегодня очень плохая погода и автобусы не ходят", ""),
    ("я вам уже третий раз звоню, меня всё время переключают", ""),
    ("спасибо большое, вы мне очень помогли, всего доброго", ""),
];

/// Of sentences about a service three of four tell which one; others hardly ever tell any.
#[test]
fn a_talk_tells_what_it_is_about() {
    let classifier = WORLD.scripts.classifier().unwrap();
    let mut spoken = Vec::new();
    for voice in ["anna", "aleksandr"] {
        let config = SpeechConfig {
            voice: voice.to_owned(),
            ..SpeechConfig::default()
        };
        let engine = Synthesiser::detect(&config).unwrap();
        let scratch = WORLD.dir.path().join("sentence.wav");
        for (words, service) in SENTENCES {
            let marked = Stress::built_in().mark(words);
            let speech = engine.say(&marked, &scratch).unwrap();
            spoken.push((line::on_a_line(&speech, 4_800, 1), voice, words, service));
        }
    }
    let audios: Vec<_> = spoken.iter().map(|one| one.0.clone()).collect();
    let told = overhear(5_000, WORLD.scripts.talk_list().unwrap(), &audios);
    let (mut all, mut right, mut wrong, mut rows) = (0, 0, 0, String::new());
    for ((_, voice, words, service), picked) in spoken.iter().zip(&told) {
        let guess = |one: &str| {
            let understood = classifier.understand(one);
            understood
                .service
                .guess()
                .map(|guess| guess.intent.as_str().to_owned())
        };
        let about: Vec<String> = sure(picked).filter_map(guess).collect();
        all += usize::from(!service.is_empty());
        right += usize::from(!service.is_empty() && about.iter().any(|one| one == service));
        wrong += about.iter().filter(|one| one != service).count();
        rows.push_str(&format!("{voice}: {words}: {picked:?} -> {about:?}\n"));
    }
    println!("topics: {right} of {all} right, {wrong} wrong\n{rows}");
    assert!(right * 4 >= all * 3, "{right} of {all}\n{rows}");
    assert!(wrong <= 1, "{wrong}\n{rows}");
}

/// There is one place for each, and neither takes the other's.
#[test]
fn a_talk_takes_no_place_of_a_caller_who_answers() {
    let dir = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = RecogniserConfig {
        threads: 1,
        max_sessions: 1,
        max_talks: 1,
        ..RecogniserConfig::new(&root.join("model/ru-mini"), dir.path())
    };
    let list = vec![("list".to_owned(), vec!["оператор".to_owned()])];
    let (recognisers, status) = Recognisers::start(&config, list);
    assert!(recognisers.is_on(), "{status}");
    let mut open = Vec::new();
    let mut listen = |session: u64, talks: bool| {
        let (producer, consumer) = RingBuffer::new(8_000);
        let (to, from) = channel();
        let sink = Arc::new(move |_, event| to.send(event).unwrap_or_default());
        if talks {
            recognisers.overhear(session, "list", (consumer, None), sink);
        } else {
            recognisers.listen(session, "list", consumer, sink);
        }
        open.push(producer);
        from
    };
    let talk = listen(1, true);
    let attending = SpeechEvent::Attending(TranscriptDepth::Phrases);
    assert_eq!(talk.recv(), Ok(attending));
    assert_eq!(listen(2, true).recv(), Ok(SpeechEvent::Unavailable));
    let _answers = listen(3, false);
    assert_eq!(listen(4, false).recv(), Ok(SpeechEvent::Unavailable));
    let (callers, talks) = (recognisers.figures(), recognisers.talk_figures());
    assert_eq!((callers.sessions_active, talks.sessions_active), (1, 1));
    let sessions = ivr::io::Refusal::Sessions;
    assert_eq!(callers.refused_for(sessions), 1);
    assert_eq!(talks.refused_for(sessions), 1);
}
