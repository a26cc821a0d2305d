//! From the text of a file to drafts.

mod intents;
mod world;

pub(super) use intents::corpus;
pub(super) use world::{knowledge, phrases, services};

use events::{DialogueOutcome, DialoguePurpose, NeedCode};
use toml::de::DeTable;

use super::draft::{
    At, KindDraft, NodeDraft, OptionDraft, QuestionDraft, RatingDraft, ScriptDraft,
};
use super::finding::{Finding, Rule};
use super::table::{Report, Table};
use super::words::{is_name, need_parse, need_words};
use super::{CONFIRM_NODE, SourceFile};

/// Failures of one kind before a question is given up, unless the script says otherwise.
const TRIES: u64 = 2;
/// Seconds of silence that count as a failure, unless the script says otherwise.
const SILENCE_S: u64 = 6;

/// Parses the file and hands its table to `read`; text that is no TOML becomes a finding.
fn with_table<T>(
    source: &SourceFile,
    findings: &mut Vec<Finding>,
    read: impl FnOnce(&mut Table<'_, '_>, &mut Report<'_>) -> Option<T>,
) -> Option<T> {
    let mut report = Report::new(&source.path, &source.text, findings);
    match DeTable::parse(&source.text) {
        Ok(parsed) => {
            let mut table = Table::new("файл".to_owned(), 1, parsed.get_ref());
            let out = read(&mut table, &mut report);
            table.close(&mut report);
            out
        }
        Err(error) => {
            let line = report.line(error.span().map_or(0, |span| span.start));
            let message = format!("файл не разобран как TOML: {}", error.message());
            let advice = "проверьте в этой строке кавычки, скобки, знак = и повторы ключей";
            report.add(line, Rule::Syntax, message, advice);
            None
        }
    }
}

/// `id`, which must be the file's name.
fn id(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<At<String>> {
    let stem = r
        .file()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".toml")
        .to_owned();
    let id = table.needed("id", &format!("добавьте id = \"{stem}\""), r)?;
    if id.value != stem || !is_name(&id.value) {
        let message = format!("id «{}» не совпадает с именем файла «{stem}»", id.value);
        let advice = "имя файла и id — одно слово: латинские строчные буквы, цифры и _";
        r.add(id.line, Rule::BadName, message, advice);
    }
    Some(id)
}

fn check_name(name: &At<String>, r: &mut Report<'_>) {
    if is_name(&name.value) {
        return;
    }
    let message = format!("имя «{}» не годится", name.value);
    let advice = "латинские строчные буквы, цифры и _, первой — буква";
    r.add(name.line, Rule::BadName, message, advice);
}

/// A script of `assistant/`.
pub(super) fn script(source: &SourceFile, findings: &mut Vec<Finding>) -> Option<ScriptDraft> {
    with_table(source, findings, |table, r| {
        let id = id(table, r);
        let version = table.needed("version", "добавьте version, например \"2026-11-22\"", r);
        let title = table.needed("title", "добавьте title — название сценария по-русски", r);
        let language = table.needed("language", "добавьте language = \"ru\"", r);
        let purpose = purpose(table, r);
        let start = table.needed("start", "добавьте start — имя узла, с которого начинать", r);
        if let Some(other) = language.filter(|l| l.value != "ru") {
            let message = format!("язык «{}» не поддерживается", other.value);
            r.add(
                other.line,
                Rule::BadValue,
                message,
                "напишите language = \"ru\"",
            );
        }
        let nodes = table.named("node", r);
        let nodes = nodes
            .into_iter()
            .filter_map(|(name, t)| node(name, t, r))
            .collect();
        Some(ScriptDraft {
            file: r.file().to_owned(),
            id: id?,
            version: version?,
            title: title?,
            purpose: purpose?,
            start: start?,
            nodes,
        })
    })
}

fn purpose(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<At<DialoguePurpose>> {
    let words = DialoguePurpose::ALL
        .iter()
        .map(|p| p.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let advice = format!("purpose — одно из: {words}");
    let word = table.needed("purpose", &advice, r)?;
    let purpose = DialoguePurpose::parse(&word.value);
    if purpose.is_none() {
        let message = format!("назначение «{}» неизвестно", word.value);
        r.add(word.line, Rule::BadValue, message, advice);
    }
    purpose.map(|value| At {
        value,
        line: word.line,
    })
}

fn node(name: At<String>, table: &DeTable<'_>, r: &mut Report<'_>) -> Option<NodeDraft> {
    check_name(&name, r);
    if name.value == CONFIRM_NODE {
        let message = format!("имя «{CONFIRM_NODE}» занято вопросом «Вы сказали …?»");
        r.add(name.line, Rule::BadName, message, "назовите узел иначе");
    }
    let mut table = Table::new(format!("узел «{}»", name.value), name.line, table);
    const KINDS: &str = "вид узла: say, choice, answer, rating, handover или finish";
    let kind = table.needed("kind", KINDS, r);
    let say = table.text("say", r);
    let kind = match kind.as_ref().map(|k| k.value.as_str())? {
        "say" => next(&mut table, r).map(|next| KindDraft::Say { next }),
        "answer" => answer(&mut table, r),
        "choice" => Some(KindDraft::Question(question(&mut table, None, r))),
        "rating" => {
            rating(&mut table, r).map(|it| KindDraft::Question(question(&mut table, Some(it), r)))
        }
        "handover" => Some(KindDraft::Handover {
            need: need(&mut table, r),
        }),
        "finish" => finish(&mut table, r),
        other => {
            let line = kind.as_ref().map_or(name.line, |k| k.line);
            let message = format!("узел «{}»: вид «{other}» неизвестен", name.value);
            r.add(line, Rule::BadValue, message, KINDS);
            return None;
        }
    };
    table.close(r);
    Some(NodeDraft {
        name,
        say,
        kind: kind?,
    })
}

fn next(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<At<String>> {
    table.needed("next", "добавьте next — имя следующего узла", r)
}

fn answer(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<KindDraft> {
    let cards = table.texts("knowledge", r);
    if cards.is_empty() {
        let advice = "добавьте knowledge = [\"тема.карточка\"] из папки knowledge";
        table.missing("knowledge", advice, r);
    }
    next(table, r).map(|next| KindDraft::Answer { cards, next })
}

fn finish(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<KindDraft> {
    const ADVICE: &str = "outcome — contained (помощник ответил сам), finished (просто конец) или \
                          rated (оценка получена)";
    let word = table.needed("outcome", ADVICE, r)?;
    let outcome = match word.value.as_str() {
        "contained" => DialogueOutcome::Contained,
        "finished" => DialogueOutcome::Finished,
        "rated" => DialogueOutcome::Rated,
        other => {
            let message = format!("исход «{other}» неизвестен");
            r.add(word.line, Rule::BadValue, message, ADVICE);
            return None;
        }
    };
    Some(KindDraft::Finish { outcome })
}

fn rating(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<RatingDraft> {
    let out_of_range = table.needed(
        "out_of_range",
        "добавьте out_of_range — что сказать, если нажата не цифра от 1 до 5",
        r,
    );
    let give_up = table.needed(
        "give_up",
        "добавьте give_up — что сказать, если оценки не будет",
        r,
    );
    let next = table.needed("next", "добавьте next — узел благодарности", r);
    Some(RatingDraft {
        out_of_range: out_of_range?,
        give_up: give_up?,
        next: next?,
    })
}

fn question(
    table: &mut Table<'_, '_>,
    rating: Option<RatingDraft>,
    r: &mut Report<'_>,
) -> QuestionDraft {
    let silence_s = table
        .number("silence_s", 3..=20, r)
        .map_or(SILENCE_S, |s| s.value);
    let tries = table.number("tries", 1..=5, r).map_or(TRIES, |t| t.value);
    let options = table.list("option", r);
    if options.is_empty() {
        let advice = "добавьте варианты ответа: [[node.имя.option]]";
        table.missing("option", advice, r);
    }
    let is_rating = rating.is_some();
    QuestionDraft {
        options: options
            .into_iter()
            .map(|(line, t)| option(line, t, is_rating, r))
            .collect(),
        silence: table.text("silence", r),
        not_understood: table.text("not_understood", r),
        tries: u8::try_from(tries).unwrap_or(1),
        silence_ms: silence_s * 1_000,
        barge_in: table.flag("barge_in", r).unwrap_or(true),
        rating,
    }
}

fn option(line: u32, table: &DeTable<'_>, is_rating: bool, r: &mut Report<'_>) -> OptionDraft {
    let mut table = Table::new("вариант ответа".to_owned(), line, table);
    let mut draft = OptionDraft {
        line,
        key: table.text("key", r),
        phrases: table.texts("say", r),
        title: None,
        goto: None,
        service: None,
        need: None,
        score: None,
    };
    if is_rating {
        draft.score = table.number("score", 1..=5, r);
        if draft.score.is_none() {
            table.missing("score", "добавьте score — оценку от 1 до 5", r);
        }
    } else {
        draft.title = table.text("title", r);
        draft.goto = table.needed("goto", "добавьте goto — узел, куда ведёт вариант", r);
        draft.service = table.text("service", r);
        draft.need = need(&mut table, r);
    }
    table.close(r);
    draft
}

fn need(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<NeedCode> {
    let word = table.text("need", r)?;
    let need = need_parse(&word.value);
    if need.is_none() {
        let message = format!("потребность «{}» неизвестна", word.value);
        r.add(
            word.line,
            Rule::BadValue,
            message,
            format!("need — одно из: {}", need_words()),
        );
    }
    need
}
