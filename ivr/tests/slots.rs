//! Values spoken over a telephone line, through the real recogniser with the grammars of their types.
//!
//! Needs libvosk (`LINIYA_VOSK_LIBRARY`), a synthesiser, and for human speech Debian's
//! asterisk-core-sounds-ru-wav (CC BY 3.0, © Maxim Topal, ivrvoice.ru). Nothing is skipped.
#![cfg(test)]

mod line;

use std::path::Path;
use std::sync::mpsc::channel;
use std::sync::{Arc, LazyLock};

use events::{CaseId, CaseNumber, Date, TimeOfDay, Value, ValueKind};
use ivr::SpeechEvent;
use ivr::graph::Expected;
use ivr::io::{RecogniserConfig, RecogniserStatus, Recognisers, SpeechConfig, Synthesiser};
use ivr::readback::Stress;
use ivr::script::Command;
use ivr::slot::{Reading, SlotOption, SlotSpec};
use rtrb::RingBuffer;

/// Kinds in the order of the report.
const KINDS: [ValueKind; 9] = [
    ValueKind::YesNo,
    ValueKind::Number,
    ValueKind::Date,
    ValueKind::Time,
    ValueKind::Money,
    ValueKind::Phone,
    ValueKind::Case,
    ValueKind::Choice,
    ValueKind::Text,
];

fn spec(kind: ValueKind) -> SlotSpec {
    match kind {
        ValueKind::Time => SlotSpec::Time {
            from: TimeOfDay::new(8, 0).unwrap(),
            until: TimeOfDay::new(19, 0).unwrap(),
            step_min: 5,
        },
        ValueKind::Number => SlotSpec::Number {
            min: 0,
            max: 99_999,
        },
        ValueKind::Choice => SlotSpec::Choice(
            [
                ("letter", '1', &["письмом", "по почте"][..]),
                ("call", '2', &["звонком", "по телефону"]),
                ("mail", '3', &["по электронной почте"]),
            ]
            .map(|(name, key, phrases)| SlotOption {
                name: name.to_owned(),
                key,
                phrases: phrases.iter().map(|p| (*p).to_owned()).collect(),
            })
            .to_vec(),
        ),
        ValueKind::YesNo
        | ValueKind::Date
        | ValueKind::Money
        | ValueKind::Phone
        | ValueKind::Case
        | ValueKind::Text
        | ValueKind::Dictation => SlotSpec::usual(kind).unwrap(),
    }
}

struct World {
    recognisers: Recognisers,
    voices: Vec<(&'static str, Synthesiser)>,
    dir: tempfile::TempDir,
}

/// The node's list as a script has it: the value and the global commands.
fn expected(kind: ValueKind) -> Expected {
    let commands = Command::ALL.iter().flat_map(|command| command.phrases());
    Expected {
        phrases: commands.map(|phrase| (*phrase).to_owned()).collect(),
        patterns: vec![spec(kind).listen()],
    }
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("model/ru-mini");
    let lists: Vec<_> = KINDS
        .into_iter()
        .map(|kind| (format!("{kind:?}"), expected(kind)))
        .collect();
    let config = RecogniserConfig {
        threads: 2,
        ..RecogniserConfig::new(&model, dir.path())
    };
    let (recognisers, status) = Recognisers::start(&config, lists);
    assert!(
        matches!(status, RecogniserStatus::Ready { lists: 9, .. }),
        "{status}\nЗадайте LINIYA_VOSK_LIBRARY (make test делает это сам)."
    );
    let voices = ["anna", "aleksandr"]
        .into_iter()
        .filter_map(|name| {
            let config = SpeechConfig {
                voice: name.to_owned(),
                ..SpeechConfig::default()
            };
            Some((name, Synthesiser::detect(&config).ok()?))
        })
        .collect();
    World {
        recognisers,
        voices,
        dir,
    }
});

/// A caller's utterance on a line with some noise: 0.6 s before it and 1 s after it.
fn on_the_line(speech: &[i16]) -> Vec<i16> {
    line::on_a_line(speech, 4_800, 1)
}

/// What is heard of each recording, a few at a time: words and their lowest confidence.
fn hear(first: u64, kind: ValueKind, audios: &[Vec<i16>]) -> Vec<(String, u16)> {
    let mut heard = Vec::new();
    for (sessions, some) in (first..).step_by(8).zip(audios.chunks(8)) {
        let running: Vec<_> = (sessions..)
            .zip(some)
            .map(|(session, audio)| {
                let (mut producer, consumer) = RingBuffer::new(audio.len());
                producer.push_entire_slice(audio).unwrap();
                let (to, from) = channel();
                let sink = Arc::new(move |_, event| to.send(event).unwrap_or_default());
                WORLD
                    .recognisers
                    .listen(session, &format!("{kind:?}"), consumer, sink);
                from
            })
            .collect();
        heard.extend(running.into_iter().map(|events| {
            let finals: Vec<(String, u16)> = events
                .into_iter()
                .filter_map(|event| match event {
                    SpeechEvent::Final {
                        text,
                        confidence_permille,
                        ..
                    } => Some((text.into_inner(), confidence_permille)),
                    SpeechEvent::Started | SpeechEvent::Attending(_) | SpeechEvent::Unavailable => {
                        None
                    }
                })
                .collect();
            let words: Vec<&str> = finals.iter().map(|f| f.0.as_str()).collect();
            let lowest = finals.iter().map(|f| f.1).min().unwrap_or(0);
            (words.join(" ").trim().to_owned(), lowest)
        }));
    }
    heard
}

fn understood(kind: ValueKind, words: &str) -> Reading {
    let today = Date::parse("2026-11-22").unwrap();
    spec(kind).understand_speech(words, today, TimeOfDay::new(10, 20).unwrap())
}

/// What callers say of sums and long numbers.
fn figures(kind: ValueKind) -> Vec<(&'static str, Value)> {
    let phone = |text: &str| Value::Phone(text.to_owned());
    let case = |text| Value::Case(CaseNumber::parse(text).unwrap());
    match kind {
        ValueKind::Money => vec![
            (
                "две тысячи триста рублей пятьдесят копеек",
                Value::Money(230_050),
            ),
            ("пятьсот рублей", Value::Money(50_000)),
            ("полторы тысячи", Value::Money(150_000)),
            ("сто двадцать рублей", Value::Money(12_000)),
            ("тридцать пять тысяч", Value::Money(3_500_000)),
        ],
        ValueKind::Phone => vec![
            (
                "девятьсот шестнадцать, двести тридцать, сорок пять, шестьдесят семь",
                phone("+79162304567"),
            ),
            (
                "восемь, девятьсот двадцать восемь, сто двадцать три, сорок пять, шестьдесят семь",
                phone("+79281234567"),
            ),
            (
                "девять, один, шесть, два, три, ноль, четыре, пять, шесть, семь",
                phone("+79162304567"),
            ),
            (
                "восемь восемьсот, пятьсот пятьдесят пять, тридцать пять, тридцать пять",
                phone("+78005553535"),
            ),
            (
                "девятьсот шестьдесят три, четыреста, ноль ноль, ноль один",
                phone("+79634000001"),
            ),
        ],
        ValueKind::Case => vec![
            ("пять, семь, два, четыре", case("5724")),
            ("пятьдесят семь, двадцать четыре", case("5724")),
            ("номер пять, семь, двадцать четыре", case("5724")),
            ("пятьсот семьдесят два, четыре", case("5724")),
            ("пять, семьдесят два, четыре", case("5724")),
        ],
        ValueKind::YesNo
        | ValueKind::Number
        | ValueKind::Date
        | ValueKind::Time
        | ValueKind::Choice
        | ValueKind::Text
        | ValueKind::Dictation => Vec::new(),
    }
}

/// What callers say, and what it means.
fn utterances(kind: ValueKind) -> Vec<(&'static str, Value)> {
    let date = |text| Value::Date(Date::parse(text).unwrap());
    let time = |text| Value::Time(TimeOfDay::parse(text).unwrap());
    let choice = |name: &str| Value::Choice(name.to_owned());
    let text = |name: &str| Value::Text(name.to_owned());
    match kind {
        ValueKind::YesNo => vec![
            ("да", Value::YesNo(true)),
            ("да, верно", Value::YesNo(true)),
            ("конечно", Value::YesNo(true)),
            ("нет", Value::YesNo(false)),
            ("нет, не надо", Value::YesNo(false)),
            ("неправильно", Value::YesNo(false)),
            ("всё правильно", Value::YesNo(true)),
        ],
        ValueKind::Number => vec![
            ("пять", Value::Number(5)),
            ("двадцать один", Value::Number(21)),
            ("сто двенадцать", Value::Number(112)),
            ("две тысячи триста", Value::Number(2_300)),
            ("пятнадцать тысяч четыреста сорок", Value::Number(15_440)),
            ("пять, семь, два, четыре", Value::Number(5_724)),
        ],
        ValueKind::Date => vec![
            ("двадцать пятое декабря", date("2026-12-25")),
            ("на третье января, пожалуйста", date("2027-01-03")),
            ("завтра", date("2026-11-23")),
            ("в следующий вторник", date("2026-11-24")),
            ("через неделю", date("2026-11-29")),
            ("первого числа", date("2026-12-01")),
            ("десятого марта", date("2027-03-10")),
        ],
        ValueKind::Time => vec![
            ("в девять тридцать", time("09:30")),
            ("половина десятого", time("09:30")),
            ("без четверти десять", time("09:45")),
            ("в три часа дня", time("15:00")),
            ("одиннадцать часов", time("11:00")),
            ("четырнадцать сорок пять", time("14:45")),
        ],
        ValueKind::Money | ValueKind::Phone | ValueKind::Case => figures(kind),
        ValueKind::Choice => vec![
            ("письмом", choice("letter")),
            ("по телефону", choice("call")),
            ("по электронной почте, пожалуйста", choice("mail")),
            ("по почте", choice("letter")),
            ("звонком", choice("call")),
        ],
        ValueKind::Dictation => Vec::new(),
        ValueKind::Text => vec![
            (
                "Иван, Василий, Анна, Николай, Ольга, Василий",
                text("Иванов"),
            ),
            ("Анна, Леонид, Иван, Елена, Василий, Анна", text("Алиева")),
            (
                "Михаил, Анна, Григорий, Ольга, Михаил, Елена, Дмитрий, Ольга, Василий",
                text("Магомедов"),
            ),
            ("эм, а, гэ, о, эм, е, дэ, о, вэ", text("Магомедов")),
            ("Харитон, Анна, Семён, Анна, Николай", text("Хасан")),
        ],
    }
}

/// Says every utterance of a kind with every voice, hears them, and wants nine of ten right.
fn spoken(kind: ValueKind) {
    let number = KINDS.iter().position(|known| *known == kind).unwrap();
    let scratch = WORLD.dir.path().join(format!("{kind:?}.wav"));
    assert!(!WORLD.voices.is_empty(), "нет ни одного голоса RHVoice");
    let rows = utterances(kind);
    let spoken: Vec<_> = WORLD
        .voices
        .iter()
        .flat_map(|(voice, engine)| rows.iter().map(move |row| (*voice, engine, row)))
        .collect();
    let audios: Vec<_> = spoken
        .iter()
        .map(|(_, engine, (words, _))| {
            on_the_line(
                &engine
                    .say(&Stress::built_in().mark(words), &scratch)
                    .unwrap(),
            )
        })
        .collect();
    let seconds = audios.iter().map(Vec::len).sum::<usize>() / 8_000;
    let heard = hear(number as u64 * 1_000, kind, &audios);
    let (mut right, mut wrong) = (0, String::new());
    for ((voice, _, (words, value)), (text, confidence)) in spoken.iter().zip(&heard) {
        let reading = understood(kind, text);
        if reading == Reading::One(value.clone()) {
            right += 1;
        } else {
            wrong.push_str(&format!(
                "  {voice}: {words} -> {text} ({confidence}): {reading:?}\n"
            ));
        }
    }
    println!(
        "{kind:?}: {right} of {}; {seconds} s of speech; {:?}\n{wrong}",
        spoken.len(),
        WORLD.recognisers.figures()
    );
    assert!(
        right * 10 >= spoken.len() * 9,
        "{right} of {}\n{wrong}",
        spoken.len()
    );
}

macro_rules! kinds {
    ($($test:ident $kind:ident,)*) => {$(
        #[test]
        fn $test() {
            spoken(ValueKind::$kind);
        }
    )*};
}

kinds! {
    yes_and_no YesNo,
    numbers Number,
    days Date,
    times Time,
    sums Money,
    telephones Phone,
    case_numbers Case,
    choices Choice,
    names Text,
}

/// How many values are understood that people make of digits with so much quiet after each, in samples:
/// the words of the recordings and the value they make.
fn human_digits(first: u64, kind: ValueKind, quiet: usize, rows: &[(Vec<&str>, Value)]) -> usize {
    let audios: Vec<_> = rows
        .iter()
        .map(|(names, _)| {
            let said = names
                .iter()
                .map(|name| line::recording(&format!("digits/{name}")));
            let spoken: Vec<i16> = said
                .flat_map(|x| x.into_iter().chain(std::iter::repeat_n(0, quiet)))
                .collect();
            on_the_line(&spoken)
        })
        .collect();
    let heard = hear(first, kind, &audios);
    let wrong: Vec<_> = rows
        .iter()
        .zip(&heard)
        .filter(|((_, value), (text, _))| understood(kind, text) != Reading::One(value.clone()))
        .collect();
    let right = rows.len() - wrong.len();
    println!(
        "human digits, {kind:?}, {} ms between them: {right} of {}; {wrong:?}",
        quiet / 8,
        rows.len()
    );
    right
}

/// As people tell a number from a paper: 0.1 s between two digits.
const FROM_A_PAPER: usize = 800;

#[test]
fn human_digits_make_a_number() {
    const ROWS: [(&[&str], u64); 6] = [
        (&["5", "7", "2", "4"], 5_724),
        (&["1", "9", "3"], 193),
        (&["8", "0", "6", "5"], 8_065),
        (&["20", "5"], 25),
        (&["40", "6"], 46),
        (&["3", "3", "9", "7"], 3_397),
    ];
    let rows = ROWS.map(|(names, number)| (names.to_vec(), Value::Number(number)));
    let right = human_digits(20_000, ValueKind::Number, FROM_A_PAPER, &rows);
    assert!(right >= 5, "{right} of 6");
}

/// Numbers of cases and applications, four and eight digits, the last one a check digit. Joined without
/// quiet, which nobody says, the recordings are harder: these figures are printed only.
#[test]
fn human_digits_make_the_number_of_a_case() {
    let bodies = (0..12_u64).map(|n| {
        let long = n % 2 == 0;
        CaseId(if long {
            2_026_002 + 713_437 * n
        } else {
            113 + 71 * n
        })
    });
    let numbers: Vec<_> = bodies.map(CaseNumber::of).collect();
    let rows = numbers.iter().map(|number| {
        let digits = number.digits();
        let names = (0..digits.len()).map(|at| &digits[at..=at]).collect();
        (names, Value::Case(number.clone()))
    });
    let rows: Vec<_> = rows.collect();
    let right = human_digits(30_000, ValueKind::Case, FROM_A_PAPER, &rows);
    for (first, quiet) in [(31_000, 320), (32_000, 0)] {
        human_digits(first, ValueKind::Case, quiet, &rows);
    }
    assert!(right >= 10, "{right} of {}", rows.len());
}

/// Where a value is asked for, other speech is not taken for one: a person's sentences at the
/// confidence from which nothing is asked back.
#[test]
fn other_speech_is_no_value() {
    const OFF_LIST: &str = include_str!("data/human_off_list.txt");
    const SURE: u16 = 700;
    let names: Vec<&str> = OFF_LIST.lines().step_by(2).collect();
    let audios: Vec<_> = names
        .iter()
        .map(|name| on_the_line(&line::recording(name)))
        .collect();
    let (mut taken, mut asked) = (Vec::new(), 0);
    let kinds = [ValueKind::Number, ValueKind::Case, ValueKind::Date];
    for (first, kind) in (40_000..).step_by(1_000).zip(kinds) {
        let heard = hear(first, kind, &audios);
        asked += heard.len();
        let values = names.iter().zip(heard).filter(|(_, (text, sure))| {
            *sure >= SURE && matches!(understood(kind, text), Reading::One(_))
        });
        taken.extend(values.map(|(name, heard)| (kind, name, heard)));
    }
    println!(
        "other speech taken for a value: {} of {asked}; {taken:?}",
        taken.len()
    );
    assert!(taken.len() * 100 <= asked * 5, "{taken:?}");
}
