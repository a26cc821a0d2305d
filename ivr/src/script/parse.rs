//! From the text of a file to drafts.

mod intents;
mod node;
mod stress;
mod tasks;
mod variables;
mod world;

pub(super) use intents::corpus;
pub(super) use stress::{STRESS, stress};
pub(super) use world::{knowledge, phrases, services};

use events::DialoguePurpose;
use toml::de::DeTable;

use super::draft::{At, ScriptDraft};
use super::finding::{Finding, Rule};
use super::table::{Report, Table};
use super::words::is_name;
use super::{Language, SourceFile};

/// The purpose of a file that only other scripts call.
const PART: &str = "part";

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
        let languages = languages(table, r);
        let purpose = purpose(table, r);
        let start = table.needed("start", "добавьте start — имя узла, с которого начинать", r);
        let when_closed = table.text("when_closed", r);
        let give_up = table.text("give_up", r);
        let (takes, gives) = (table.texts("takes", r), table.texts("gives", r));
        let variables = variables::variables(table, r);
        let own = languages
            .first()
            .map_or_else(Language::russian, |l| l.value.clone());
        let nodes = table.named("node", r);
        let nodes = nodes
            .into_iter()
            .filter_map(|(name, t)| node::node(name, (t, &own), r))
            .collect();
        let (purpose, part) = purpose?;
        Some(ScriptDraft {
            file: r.file().to_owned(),
            id: id?,
            version: version?,
            title: title?,
            purpose,
            part,
            languages,
            start: start?,
            when_closed,
            give_up,
            takes,
            gives,
            variables,
            nodes,
        })
    })
}

/// `language = "ru"`, or `languages = ["ru", "en"]` with the script's own first.
fn languages(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Vec<At<Language>> {
    let mut words = table.texts("languages", r);
    if words.is_empty() {
        words.extend(table.needed("language", "добавьте language = \"ru\"", r));
    } else if let Some(one) = table.text("language", r) {
        let message = "и language, и languages".to_owned();
        let advice = "оставьте languages: первый язык в нём — основной";
        r.add(one.line, Rule::BadValue, message, advice);
    }
    let mut languages = Vec::new();
    for word in words {
        if let Some(value) = Language::parse(&word.value) {
            let line = word.line;
            languages.push(At { value, line });
        } else {
            let message = format!("«{}» — не язык", word.value);
            let advice = "язык — две латинские буквы: ru, be, en";
            r.add(word.line, Rule::BadValue, message, advice);
        }
    }
    languages
}

fn purpose(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Option<(At<DialoguePurpose>, bool)> {
    let words = DialoguePurpose::ALL
        .iter()
        .map(|p| p.as_str())
        .chain([PART])
        .collect::<Vec<_>>()
        .join(", ");
    let advice = format!("purpose — одно из: {words}");
    let word = table.needed("purpose", &advice, r)?;
    let line = word.line;
    if word.value == PART {
        let value = DialoguePurpose::Assistant;
        return Some((At { value, line }, true));
    }
    let purpose = DialoguePurpose::parse(&word.value);
    if purpose.is_none() {
        let message = format!("назначение «{}» неизвестно", word.value);
        r.add(line, Rule::BadValue, message, advice);
    }
    purpose.map(|value| (At { value, line }, false))
}
