//! Nodes of tasks: values asked for, offers, dictation, conditions, calls.

use events::TaskKind;

use super::node::{next, option, patience};
use crate::script::Language;
use crate::script::draft::{
    AskDraft, CallDraft, ConditionDraft, DictateDraft, IfDraft, LimitsDraft, PickDraft,
    ReadBackDraft, SetDraft, TaskDraft, TestDraft,
};
use crate::script::finding::Rule;
use crate::script::table::{Report, Table};
use crate::slot::NUMBER_MAX;

/// Seconds the house has for a task, unless the script says otherwise.
const TASK_S: u64 = 10;
/// Offers said at once, unless the script says otherwise.
const OFFERS: u64 = 3;
/// Seconds of a dictation, unless the script says otherwise.
const DICTATION_S: u64 = 90;
/// Days before and after today that a limit may name.
const DAYS_MAX: u64 = 730;

/// The variable that a node fills.
fn into(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<crate::script::draft::At<String>> {
    table.needed("into", "добавьте into — переменную, куда записать ответ", r)
}

pub(super) fn ask(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<AskDraft> {
    const CONFIRM: &str = "confirm — doubt (переспросить, если расслышано нетвёрдо) или always";
    let (into, next) = (into(table, r), next(table, r));
    let confirm = table.text("confirm", r);
    if let Some(word) = &confirm
        && !matches!(word.value.as_str(), "doubt" | "always")
    {
        let message = format!("confirm «{}» неизвестно", word.value);
        r.add(word.line, Rule::BadValue, message, CONFIRM);
    }
    Some(AskDraft {
        limits: limits(table, r),
        always_confirm: confirm.is_some_and(|word| word.value == "always"),
        patience: patience(table, r),
        into: into?,
        next: next?,
    })
}

fn limits(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> LimitsDraft {
    let days = 0..=DAYS_MAX;
    LimitsDraft {
        min: table.number("min", 0..=NUMBER_MAX, r),
        max: table.number("max", 1..=NUMBER_MAX, r),
        first_day: table.number("first_day", days.clone(), r),
        days_ahead: table.number("days_ahead", days.clone(), r),
        days_back: table.number("days_back", days, r),
        earliest: table.text("earliest", r),
        latest: table.text("latest", r),
        step_min: table.number("step_min", 1..=60, r),
        digits: table.number("digits", 4..=16, r),
    }
}

pub(super) fn pick(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<PickDraft> {
    let from = table.needed("from", "добавьте from — переменную типа offers", r);
    let (into, next) = (into(table, r), next(table, r));
    let more = table.needed(
        "more",
        "добавьте more — узел, куда идти, если ни одно время не подошло",
        r,
    );
    let at_once = table
        .number("at_once", 2..=3, r)
        .map_or(OFFERS, |n| n.value);
    Some(PickDraft {
        at_once: u8::try_from(at_once).unwrap_or(2),
        patience: patience(table, r),
        from: from?,
        into: into?,
        more: more?,
        next: next?,
    })
}

pub(super) fn dictate(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<DictateDraft> {
    let (into, next) = (into(table, r), next(table, r));
    let max_s = table
        .number("max_s", 5..=180, r)
        .map_or(DICTATION_S, |s| s.value);
    Some(DictateDraft {
        max_ms: max_s * 1_000,
        by_keys: table.text("by_keys", r),
        patience: patience(table, r),
        into: into?,
        next: next?,
    })
}

pub(super) fn read_back(
    table: &mut Table<'_, '_>,
    own: &Language,
    r: &mut Report<'_>,
) -> Option<ReadBackDraft> {
    let next = next(table, r);
    let fields = table.list("field", r);
    Some(ReadBackDraft {
        no: table.text("no", r),
        after_fix: table.text("after_fix", r),
        which: table.said("which", r),
        fields: fields
            .into_iter()
            .map(|(line, t)| option((line, t, own), false, r))
            .collect(),
        patience: patience(table, r),
        next: next?,
    })
}

pub(super) fn task(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<TaskDraft> {
    let words = TaskKind::ALL
        .iter()
        .map(|task| task.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let advice = format!("do — одно из: {words}");
    let word = table.needed("do", &advice, r);
    let (with, into) = (table.operands("with", r), table.names("into", r));
    let (offers, ways) = (table.text("offers", r), table.names("ways", r));
    let timeout_s = table.number("timeout_s", 1..=30, r);
    let word = word?;
    let Some(value) = TaskKind::parse(&word.value) else {
        let message = format!("дело «{}» неизвестно", word.value);
        r.add(word.line, Rule::BadValue, message, advice);
        return None;
    };
    let line = word.line;
    Some(TaskDraft {
        task: crate::script::draft::At { value, line },
        with,
        into,
        offers,
        ways,
        timeout_ms: timeout_s.map_or(TASK_S, |s| s.value) * 1_000,
    })
}

pub(super) fn branch(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<IfDraft> {
    let ways = table.list("way", r);
    if ways.is_empty() {
        let advice = "добавьте [[node.имя.way]] с when = { … } и goto";
        table.missing("way", advice, r);
    }
    let otherwise = table.needed(
        "otherwise",
        "добавьте otherwise — узел на случай, когда ни одно условие не выполнено",
        r,
    );
    let mut conditions = Vec::new();
    for (line, inner) in ways {
        let mut inner = Table::new("условие".to_owned(), line, inner);
        let goto = inner.needed("goto", "добавьте goto — узел, куда ведёт условие", r);
        let tests = when(&mut inner, r);
        inner.close(r);
        conditions.extend(goto.map(|goto| ConditionDraft { tests, goto }));
    }
    Some(IfDraft {
        ways: conditions,
        otherwise: otherwise?,
    })
}

/// `when = { open = true, equal = { inform_by = "email" }, has = "number" }`: all must hold.
fn when(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Vec<TestDraft> {
    const ADVICE: &str = "добавьте when = { … }: open, caller_known, language, has, has_not, equal, \
                          less или more";
    let Some((line, inner)) = table.inner("when", r) else {
        table.missing("when", ADVICE, r);
        return Vec::new();
    };
    let mut inner = Table::new("when".to_owned(), line, inner);
    let mut tests = Vec::new();
    tests.extend(inner.flag("open", r).map(TestDraft::Open));
    tests.extend(inner.flag("caller_known", r).map(TestDraft::CallerKnown));
    tests.extend(inner.text("language", r).map(TestDraft::Language));
    let has = inner.texts("has", r).into_iter();
    tests.extend(has.map(|name| TestDraft::Has(name, true)));
    let has_not = inner.texts("has_not", r).into_iter();
    tests.extend(has_not.map(|name| TestDraft::Has(name, false)));
    tests.extend(inner.operands("equal", r).into_iter().map(TestDraft::Equal));
    tests.extend(inner.operands("less", r).into_iter().map(TestDraft::Less));
    tests.extend(inner.operands("more", r).into_iter().map(TestDraft::More));
    inner.close(r);
    if tests.is_empty() {
        r.add(line, Rule::MissingKey, "пустое условие", ADVICE);
    }
    tests
}

pub(super) fn set(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<SetDraft> {
    Some(SetDraft {
        set: table.operands("set", r),
        add: table.numbers("add", r),
        language: table.text("language", r),
        next: next(table, r)?,
    })
}

pub(super) fn call(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<CallDraft> {
    let part = table.needed("part", "добавьте part — имя вызываемого сценария", r);
    Some(CallDraft {
        with: table.operands("with", r),
        into: table.names("into", r),
        ways: table.names("ways", r),
        part: part?,
    })
}
