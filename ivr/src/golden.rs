//! Golden conversations: a script pinned by examples that a methodologist can read and write.
//!
//! ```text
//! script: consultation
//! notice: required
//! # Anything after a number sign is for people.
//! bot:    Консультационная линия министерства. …
//! caller: хочу узнать про лицензию на лом
//! bot:    Соединяю с сотрудником.
//! => to_person, service scrap_licence, need consultation, notice played
//! ```
//! The caller's lines are `caller:`, `caller unsure:` (550 thousandths), `caller unclear:` (300),
//! `caller interrupts:`, `key:`, `key interrupts:`, `nonsense` and `silence`. An assistant's line
//! that ends in `…` is compared up to there. The head may also say `service:` and `today:`.

use std::fmt::Write as _;

use events::{ScriptId, ServiceId};

use crate::dialogue::Context;
use crate::script::{Date, Finding, Rule, ScriptSet, Setting, SourceFile};
use crate::simulate::{Simulation, Turn};

/// Confidence of `caller:`, in thousandths.
const SURE_PERMILLE: u16 = 950;
/// Confidence of `caller unsure:`, in thousandths: worth asking «Вы сказали …?».
const UNSURE_PERMILLE: u16 = 550;
/// Confidence of `caller unclear:`, in thousandths: not understood.
const UNCLEAR_PERMILLE: u16 = 300;

/// A line of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Bot(String),
    Caller {
        turn: Turn,
        interrupts: bool,
        written: String,
    },
    End(String),
}

struct Conversation {
    script: String,
    service: ServiceId,
    notice_required: bool,
    today: Option<Date>,
    lines: Vec<(u32, Line)>,
}

type Fault = (u32, String, &'static str);

/// Holds the conversation by the set's script; the finding tells the first line that differs.
#[must_use]
pub fn check(file: &SourceFile, set: &ScriptSet, setting: &Setting) -> Vec<Finding> {
    let found = read(&file.text).and_then(|golden| compare(&golden, set, setting));
    let fault = found.err();
    fault
        .map(|(line, message, advice)| Finding {
            file: file.path.clone(),
            line,
            rule: Rule::GoldenDiffers,
            message,
            advice: advice.to_owned(),
            severity: Rule::GoldenDiffers.severity(),
        })
        .into_iter()
        .collect()
}

/// The conversation as it goes now: the file with the assistant's lines and the end written anew.
///
/// # Errors
/// The first line that cannot be read, or a script that does not exist, in Russian.
pub fn transcript(file: &SourceFile, set: &ScriptSet, setting: &Setting) -> Result<String, String> {
    let told = |(line, message, _): Fault| format!("{}:{line}: {message}", file.path);
    let golden = read(&file.text).map_err(told)?;
    let held = hold(&golden, set, setting).map_err(told)?;
    let is_head = |l: &&str| HEAD.iter().any(|key| l.starts_with(key)) || l.starts_with('#');
    let mut text = String::new();
    for head in file.text.lines().filter(is_head) {
        let _ = writeln!(text, "{head}");
    }
    let mut written = golden.lines.iter();
    for line in held {
        // A line cut short by hand stays so while it is true.
        let kept = written.next().filter(|(_, wanted)| same(wanted, &line));
        let _ = match kept.map_or(line, |(_, wanted)| wanted.clone()) {
            Line::Bot(said) => writeln!(text, "bot:    {said}"),
            Line::Caller { written, .. } => writeln!(text, "{written}"),
            Line::End(end) => writeln!(text, "=> {end}"),
        };
    }
    Ok(text)
}

const HEAD: &[&str] = &["script:", "service:", "notice:", "today:"];
const FORM: &str = "строка начинается с bot:, caller:, caller unsure:, caller unclear:, \
                    caller interrupts:, key:, key interrupts:, silence, nonsense или =>";

fn read(text: &str) -> Result<Conversation, Fault> {
    let mut golden = Conversation {
        script: String::new(),
        service: ServiceId::undetermined(),
        notice_required: false,
        today: None,
        lines: Vec::new(),
    };
    for (number, line) in (1u32..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(end) = line.strip_prefix("=>") {
            golden
                .lines
                .push((number, Line::End(end.trim().to_owned())));
            continue;
        }
        let (key, value) = line
            .split_once(':')
            .map_or((line, ""), |(k, v)| (k.trim(), v.trim()));
        match key {
            "script" => golden.script = value.to_owned(),
            "service" => golden.service = ServiceId::new(value),
            "notice" => golden.notice_required = value == "required",
            "today" => golden.today = Date::parse(value),
            "bot" => golden.lines.push((number, Line::Bot(value.to_owned()))),
            _ => {
                let Some(turn) = turn(key, value) else {
                    return Err((number, format!("строка «{line}» непонятна"), FORM));
                };
                let interrupts = key.ends_with("interrupts");
                let written = line.to_owned();
                golden.lines.push((
                    number,
                    Line::Caller {
                        turn,
                        interrupts,
                        written,
                    },
                ));
            }
        }
    }
    Ok(golden)
}

fn turn(key: &str, value: &str) -> Option<Turn> {
    let says = |confidence_permille| {
        Some(Turn::Says {
            words: value.to_owned(),
            confidence_permille,
        })
    };
    match key {
        "caller" | "caller interrupts" => says(SURE_PERMILLE),
        "caller unsure" => says(UNSURE_PERMILLE),
        "caller unclear" => says(UNCLEAR_PERMILLE),
        "key" | "key interrupts" => {
            let mut symbols = value.chars();
            let symbol = symbols
                .next()
                .filter(|c| matches!(c, '0'..='9' | '*' | '#'))?;
            symbols.next().is_none().then_some(Turn::Presses(symbol))
        }
        "silence" => Some(Turn::Silent),
        "nonsense" => Some(Turn::Nonsense),
        _ => None,
    }
}

/// The whole conversation as it goes, the caller's lines as written.
fn hold(golden: &Conversation, set: &ScriptSet, setting: &Setting) -> Result<Vec<Line>, Fault> {
    let Some(script) = set.script(&ScriptId::new(&golden.script)) else {
        let message = format!("сценария «{}» нет", golden.script);
        return Err((1, message, "начните файл строкой script: имя сценария"));
    };
    let context = Context {
        notice_required: golden.notice_required,
        ..Context::new(
            golden.service.clone(),
            golden.today.unwrap_or(setting.today),
        )
    };
    let mut simulation = Simulation::new(&script, context);
    let mut lines = Vec::new();
    for (_, line) in &golden.lines {
        let Line::Caller {
            turn, interrupts, ..
        } = line
        else {
            continue;
        };
        let said = if *interrupts {
            simulation.listen_until_asked()
        } else {
            simulation.listen()
        };
        lines.extend(said.into_iter().map(Line::Bot));
        if simulation.ending().is_some() {
            break;
        }
        lines.push(line.clone());
        simulation.act(turn);
    }
    lines.extend(simulation.listen().into_iter().map(Line::Bot));
    let end = simulation
        .ending()
        .map_or_else(|| "ждёт ответа".to_owned(), ToString::to_string);
    lines.push(Line::End(end));
    Ok(lines)
}

fn compare(golden: &Conversation, set: &ScriptSet, setting: &Setting) -> Result<(), Fault> {
    let held = hold(golden, set, setting)?;
    let last = golden.lines.last().map_or(1, |(number, _)| *number);
    let mut expected = golden.lines.iter();
    for line in &held {
        let wanted = expected.next();
        if wanted.is_some_and(|(_, wanted)| same(wanted, line)) {
            continue;
        }
        let number = wanted.map_or(last, |(number, _)| *number);
        let wanted = wanted.map_or_else(|| "конец".to_owned(), |(_, wanted)| show(wanted));
        let message = format!(
            "разговор идёт иначе\n    ожидалось:  {wanted}\n    получилось: {}",
            show(line)
        );
        return Err((
            number,
            message,
            "исправьте сценарий, или образец, если он устарел",
        ));
    }
    match expected.next() {
        Some((number, line)) => {
            let message = format!("разговор закончился раньше, чем «{}»", show(line));
            Err((
                *number,
                message,
                "исправьте сценарий, или образец, если он устарел",
            ))
        }
        None => Ok(()),
    }
}

fn same(wanted: &Line, held: &Line) -> bool {
    match (wanted, held) {
        (Line::Bot(wanted), Line::Bot(held)) => wanted
            .strip_suffix('…')
            .map_or(wanted == held, |beginning| {
                held.starts_with(beginning.trim_end())
            }),
        (Line::Bot(_) | Line::Caller { .. } | Line::End(_), _) => wanted == held,
    }
}

fn show(line: &Line) -> String {
    match line {
        Line::Bot(said) => format!("bot: {said}"),
        Line::Caller { written, .. } => written.clone(),
        Line::End(end) => format!("=> {end}"),
    }
}

#[cfg(test)]
mod tests;
