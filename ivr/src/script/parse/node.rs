//! A node of a script, by its kind.

use events::{DialogueOutcome, NeedCode};
use toml::de::DeTable;

use super::{check_name, tasks};
use crate::script::draft::{
    At, KindDraft, NodeDraft, OptionDraft, PatienceDraft, QuestionDraft, RatingDraft,
};
use crate::script::finding::Rule;
use crate::script::table::{Report, Table};
use crate::script::words::{need_parse, need_words};
use crate::script::{CONFIRM_NODE, DICTATION_NODE, Language, SETTINGS_NODE};

/// Failures of one kind before a question is given up, unless the script says otherwise.
const TRIES: u64 = 2;
/// Seconds of silence that count as a failure, unless the script says otherwise.
const SILENCE_S: u64 = 6;
/// What `kind` may be.
const KINDS: &str = "вид узла: say, choice, ask, pick, dictate, read_back, answer, task, if, set, \
                     call, return, rating, handover или finish";

/// A node; `own` is the script's language.
pub(super) fn node(
    name: At<String>,
    (table, own): (&DeTable<'_>, &Language),
    r: &mut Report<'_>,
) -> Option<NodeDraft> {
    check_name(&name, r);
    if [CONFIRM_NODE, SETTINGS_NODE, DICTATION_NODE].contains(&name.value.as_str()) {
        let message = format!("имя «{}» занято вопросом, который есть везде", name.value);
        r.add(name.line, Rule::BadName, message, "назовите узел иначе");
    }
    let mut table = Table::new(format!("узел «{}»", name.value), name.line, table);
    let word = table.needed("kind", KINDS, r);
    let say = table.said("say", r);
    let word = word?;
    let kind = kind(&word.value, (&mut table, own), r);
    if let Some(kind) = kind {
        table.close(r);
        return kind.map(|kind| NodeDraft { name, say, kind });
    }
    let message = format!("узел «{}»: вид «{}» неизвестен", name.value, word.value);
    r.add(word.line, Rule::BadValue, message, KINDS);
    None
}

/// None if there is no such kind; the inner none if something that it needs is missing.
#[expect(
    clippy::option_option,
    reason = "an unknown kind and an incomplete node are different findings"
)]
fn kind(
    word: &str,
    (table, own): (&mut Table<'_, '_>, &Language),
    r: &mut Report<'_>,
) -> Option<Option<KindDraft>> {
    Some(match word {
        "say" => next(table, r).map(|next| KindDraft::Say { next }),
        "answer" => answer(table, r),
        "choice" => Some(KindDraft::Question(question((table, own), None, r))),
        "rating" => {
            rating(table, r).map(|it| KindDraft::Question(question((table, own), Some(it), r)))
        }
        "ask" => tasks::ask(table, r).map(KindDraft::Ask),
        "pick" => tasks::pick(table, r).map(KindDraft::Pick),
        "dictate" => tasks::dictate(table, r).map(KindDraft::Dictate),
        "read_back" => tasks::read_back(table, own, r).map(KindDraft::ReadBack),
        "task" => tasks::task(table, r).map(KindDraft::Task),
        "if" => tasks::branch(table, r).map(KindDraft::If),
        "set" => tasks::set(table, r).map(KindDraft::Set),
        "call" => tasks::call(table, r).map(KindDraft::Call),
        "return" => table
            .needed(
                "way",
                "добавьте way — имя пути, по которому пойдёт вызвавший сценарий",
                r,
            )
            .map(|way| KindDraft::Return { way }),
        "handover" => Some(KindDraft::Handover {
            need: need(table, r),
        }),
        "finish" => finish(table, r),
        _ => return None,
    })
}

pub(super) fn next(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<At<String>> {
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
    let out_of_range = table.said_needed(
        "out_of_range",
        "добавьте out_of_range — что сказать, если нажата не цифра от 1 до 5",
        r,
    );
    let give_up = table.said_needed(
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

/// How the node bears silence and nonsense.
pub(super) fn patience(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> PatienceDraft {
    let silence_s = table
        .number("silence_s", 3..=20, r)
        .map_or(SILENCE_S, |s| s.value);
    let tries = table.number("tries", 1..=5, r).map_or(TRIES, |t| t.value);
    PatienceDraft {
        silence: table.said("silence", r),
        not_understood: table.said("not_understood", r),
        tries: u8::try_from(tries).unwrap_or(1),
        silence_ms: silence_s * 1_000,
        barge_in: table.flag("barge_in", r).unwrap_or(true),
    }
}

fn question(
    (table, own): (&mut Table<'_, '_>, &Language),
    rating: Option<RatingDraft>,
    r: &mut Report<'_>,
) -> QuestionDraft {
    let patience = patience(table, r);
    let options = table.list("option", r);
    if options.is_empty() {
        let advice = "добавьте варианты ответа: [[node.имя.option]]";
        table.missing("option", advice, r);
    }
    let is_rating = rating.is_some();
    QuestionDraft {
        options: options
            .into_iter()
            .map(|(line, t)| option((line, t, own), is_rating, r))
            .collect(),
        patience,
        rating,
    }
}

/// One choice.
pub(super) fn option(
    (line, table, own): (u32, &DeTable<'_>, &Language),
    is_rating: bool,
    r: &mut Report<'_>,
) -> OptionDraft {
    let mut table = Table::new("вариант ответа".to_owned(), line, table);
    let key = table.text("key", r);
    let (phrases, foreign) = table.phrases(("say", own), r);
    let mut draft = OptionDraft {
        line,
        key,
        phrases,
        foreign,
        title: None,
        goto: None,
        service: None,
        need: None,
        score: None,
        set: Vec::new(),
        intents: Vec::new(),
    };
    if is_rating {
        draft.score = table.number("score", 1..=5, r);
        if draft.score.is_none() {
            table.missing("score", "добавьте score — оценку от 1 до 5", r);
        }
    } else {
        draft.title = table.said("title", r);
        draft.goto = table.needed("goto", "добавьте goto — узел, куда ведёт вариант", r);
        draft.service = table.text("service", r);
        draft.need = need(&mut table, r);
        draft.set = table.operands("set", r);
        draft.intents = table.texts("intents", r);
    }
    table.close(r);
    draft
}

/// `need`, if it is there.
pub(super) fn need(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<NeedCode> {
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
