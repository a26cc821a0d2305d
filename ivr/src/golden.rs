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
//! `caller interrupts:`, `key:`, `key interrupts:`, `keys:` (several, one after the other),
//! `types:` (real-time text), `dictates:`, `nonsense` and `silence`. What the assistant asks of the
//! house is a line `task: …`; the house answers `house: …`:
//!
//! ```text
//! task: find_times service appointment
//! house: times 2026-11-24 09:30, 2026-11-24 11:00
//! task: book phone +79161234567, time t1
//! house: done number 5724, date 2026-11-24, time 09:30, place Приёмная
//! ```
//! A line of the assistant or of a task that ends in `…` is compared up to there. The head may also
//! say `service:`, `today:`, `now: 18:30`, `open: no`, `from: +7…`, `broadcast:`, `language:` and
//! `given: number 5724` for what the script takes.

use std::fmt::Write as _;

use events::{Pii, ScriptId, ServiceId, TimeOfDay};

use crate::dialogue::Context;
use crate::script::{Date, Finding, Rule, Script, ScriptSet, Setting, SourceFile};
use crate::simulate::{Simulation, Turn, read_reply, read_values};

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
    /// What the house is asked, or how the assistant speaks from now on.
    Done(String),
    /// What the house answers.
    House(String),
    Caller {
        turns: Vec<Turn>,
        interrupts: bool,
        written: String,
    },
    End(String),
}

struct Conversation {
    script: String,
    /// The other lines of the head, by their keys.
    head: std::collections::BTreeMap<String, (u32, String)>,
    lines: Vec<(u32, Line)>,
}

type Fault = (u32, String, &'static str);

/// Whether a file of the scripts folder is a golden conversation.
#[must_use]
pub fn is_conversation(file: &SourceFile) -> bool {
    file.path.starts_with("golden/")
        && std::path::Path::new(&file.path)
            .extension()
            .is_some_and(|extension| extension == "txt")
}

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
            Line::Done(done) => writeln!(text, "{done}"),
            Line::House(answer) => writeln!(text, "house: {answer}"),
            Line::Caller { written, .. } => writeln!(text, "{written}"),
            Line::End(end) => writeln!(text, "=> {end}"),
        };
    }
    Ok(text)
}

/// The way a conversation takes through its script: the script, and every node entered, conditions
/// and calls included. None if the file cannot be read.
#[must_use]
pub fn path(
    file: &SourceFile,
    set: &ScriptSet,
    setting: &Setting,
) -> Option<(ScriptId, Vec<String>)> {
    let golden = read(&file.text).ok()?;
    let (_, path) = walk(&golden, set, setting).ok()?;
    Some((ScriptId::new(&golden.script), path))
}

/// What the head of a conversation may say.
const HEAD: &[&str] = &[
    "script:",
    "service:",
    "notice:",
    "today:",
    "now:",
    "open:",
    "from:",
    "broadcast:",
    "language:",
    "given:",
];
const FORM: &str = "строка начинается с bot:, task:, house:, caller:, caller unsure:, caller unclear:, \
                    caller interrupts:, key:, key interrupts:, keys:, types:, dictates:, silence, \
                    nonsense или =>";

fn read(text: &str) -> Result<Conversation, Fault> {
    let mut golden = Conversation {
        script: String::new(),
        head: std::collections::BTreeMap::new(),
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
            "task" | "speaks" => golden.lines.push((number, Line::Done(line.to_owned()))),
            "house" => golden.lines.push((number, Line::House(value.to_owned()))),
            head if golden.lines.is_empty() && HEAD.contains(&format!("{head}:").as_str()) => {
                golden
                    .head
                    .insert(head.to_owned(), (number, value.to_owned()));
            }
            "bot" => golden.lines.push((number, Line::Bot(value.to_owned()))),
            _ => {
                let Some(turns) = turns(key, value) else {
                    return Err((number, format!("строка «{line}» непонятна"), FORM));
                };
                let interrupts = key.ends_with("interrupts");
                let written = line.to_owned();
                golden.lines.push((
                    number,
                    Line::Caller {
                        turns,
                        interrupts,
                        written,
                    },
                ));
            }
        }
    }
    Ok(golden)
}

fn turns(key: &str, value: &str) -> Option<Vec<Turn>> {
    if key == "keys" {
        let keys: Vec<char> = value.chars().filter(|c| !c.is_whitespace()).collect();
        let right = !keys.is_empty() && keys.iter().all(|c| matches!(c, '0'..='9' | '*' | '#'));
        return right.then(|| keys.into_iter().map(Turn::Presses).collect());
    }
    turn(key, value).map(|turn| vec![turn])
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
        "types" => Some(Turn::Types(value.to_owned())),
        "dictates" => Some(Turn::Dictates(value.to_owned())),
        "silence" => Some(Turn::Silent),
        "nonsense" => Some(Turn::Nonsense),
        _ => None,
    }
}

/// The whole conversation as it goes, the caller's lines as written.
fn hold(golden: &Conversation, set: &ScriptSet, setting: &Setting) -> Result<Vec<Line>, Fault> {
    walk(golden, set, setting).map(|(lines, _)| lines)
}

/// The same, and every node entered.
fn walk(
    golden: &Conversation,
    set: &ScriptSet,
    setting: &Setting,
) -> Result<(Vec<Line>, Vec<String>), Fault> {
    let Some(script) = set.script(&ScriptId::new(&golden.script)) else {
        let message = format!("сценария «{}» нет", golden.script);
        return Err((1, message, "начните файл строкой script: имя сценария"));
    };
    let context = context(golden, &script, setting)?;
    let mut simulation = Simulation::new(&script, context);
    let mut lines = Vec::new();
    for (number, line) in &golden.lines {
        match line {
            Line::Bot(_) | Line::Done(_) | Line::End(_) => continue,
            Line::Caller {
                turns, interrupts, ..
            } => {
                let said = if *interrupts {
                    simulation.listen_until_asked()
                } else {
                    simulation.listen()
                };
                lines.extend(said.into_iter().map(heard));
                if simulation.ending().is_some() {
                    break;
                }
                lines.push(line.clone());
                for turn in turns {
                    simulation.act(turn);
                }
            }
            Line::House(answer) => {
                lines.extend(simulation.listen().into_iter().map(heard));
                let Some(task) = simulation.asked().map(|request| request.task) else {
                    break;
                };
                let reply = read_reply(task, answer).map_err(|part| {
                    let message = format!("ответ «{part}» непонятен");
                    (*number, message, HOUSE_FORM)
                })?;
                lines.push(line.clone());
                simulation.answer(reply);
            }
        }
    }
    lines.extend(simulation.listen().into_iter().map(heard));
    let end = simulation
        .ending()
        .map_or_else(|| "ждёт ответа".to_owned(), ToString::to_string);
    lines.push(Line::End(end));
    Ok((lines, simulation.path()))
}

/// How the house's answers are written.
const HOUSE_FORM: &str = "бывает: house: times 2026-11-24 09:30, 2026-11-24 11:00; \
                          house: done number 5724, date 2026-11-24; house: taken";

fn heard(line: String) -> Line {
    if line.starts_with("task: ") || line.starts_with("speaks: ") {
        Line::Done(line)
    } else {
        Line::Bot(line)
    }
}

/// What the dialogue knows from outside, by the head of the conversation.
fn context(golden: &Conversation, script: &Script, setting: &Setting) -> Result<Context, Fault> {
    let head = |key: &str| golden.head.get(key).map(|(_, value)| value.as_str());
    let service = head("service").map_or_else(ServiceId::undetermined, ServiceId::new);
    let today = head("today").and_then(Date::parse);
    let mut context = Context::new(service, today.unwrap_or(setting.today));
    context.notice_required = head("notice") == Some("required");
    context.open = head("open") != Some("no");
    context.now = head("now")
        .and_then(TimeOfDay::parse)
        .unwrap_or(context.now);
    context.caller = head("from").map(|number| Pii::new(number.to_owned()));
    context.broadcast = head("broadcast").map(str::to_owned);
    context.language = head("language").map(str::to_owned);
    if let Some((line, given)) = golden.head.get("given") {
        let values = read_values(given, |name| script.takes.get(name).copied());
        context.given = Pii::new(values.map_err(|part| {
            let message = format!("«{part}»: сценарий этого не берёт");
            (
                *line,
                message,
                "given: имя значение, имя значение — из takes сценария",
            )
        })?);
    }
    Ok(context)
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
        (Line::Bot(wanted), Line::Bot(held)) | (Line::Done(wanted), Line::Done(held)) => wanted
            .strip_suffix('…')
            .map_or(wanted == held, |beginning| {
                held.starts_with(beginning.trim_end())
            }),
        (Line::Bot(_) | Line::Done(_) | Line::House(_) | Line::Caller { .. } | Line::End(_), _) => {
            wanted == held
        }
    }
}

fn show(line: &Line) -> String {
    match line {
        Line::Bot(said) => format!("bot: {said}"),
        Line::Done(done) => done.clone(),
        Line::House(answer) => format!("house: {answer}"),
        Line::Caller { written, .. } => written.clone(),
        Line::End(end) => format!("=> {end}"),
    }
}

#[cfg(test)]
mod tests;
