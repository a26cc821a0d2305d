//! What scripts refer to: knowledge, phrases, services.

use events::{NeedCode, ServiceId};
use toml::de::DeTable;

use super::node::need;
use super::{check_name, id, with_table};
use crate::knowledge::About;
use crate::script::SourceFile;
use crate::script::draft::{At, CardDraft, PhraseDraft, TopicDraft};
use crate::script::finding::{Finding, Rule};
use crate::script::model::Service;
use crate::script::table::{Report, Table};

/// A file of `knowledge/`: a topic and its cards.
pub(in crate::script) fn knowledge(
    source: &SourceFile,
    findings: &mut Vec<Finding>,
) -> Option<(TopicDraft, Vec<CardDraft>)> {
    with_table(source, findings, |table, r| {
        let id = id(table, r);
        let version = table.needed("version", "добавьте version, например \"2026-11-22\"", r);
        let title = table.needed("title", "добавьте title — тему по-русски", r);
        let services = table.texts("services", r);
        let named = table.named("card", r);
        let id = id?;
        let cards = named.into_iter();
        let cards = cards
            .filter_map(|(name, t)| card(&id, name, t, r))
            .collect();
        let text = |found: Option<At<String>>| found.map_or_else(String::new, |at| at.value);
        let topic = TopicDraft {
            file: r.file().to_owned(),
            id: id.value,
            version: text(version),
            title: text(title),
            services,
        };
        Some((topic, cards))
    })
}

fn card(
    id: &At<String>,
    name: At<String>,
    table: &DeTable<'_>,
    r: &mut Report<'_>,
) -> Option<CardDraft> {
    check_name(&name, r);
    let mut table = Table::new(format!("карточка «{}»", name.value), name.line, table);
    let kinds: Vec<&str> = About::ALL.iter().map(|kind| kind.as_str()).collect();
    let advice = format!("about — о чём карточка, одно из: {}", kinds.join(", "));
    let about = table.needed("about", &advice, r);
    let kind = about.as_ref().and_then(|about| About::of(&about.value));
    if let (Some(about), None) = (about, kind) {
        let message = format!(
            "карточка «{}»: about «{}» неизвестно",
            name.value, about.value
        );
        r.add(about.line, Rule::BadValue, message, advice);
    }
    let advice = "добавьте source — документ, из которого взят ответ";
    let document = table.needed("source", advice, r);
    let valid_from = table.date("valid_from", r);
    let valid_until = table.date("valid_until", r);
    let operators_only = table.flag("operators_only", r).unwrap_or(false);
    let say = table.said_needed("say", "добавьте say — ответ, который прочитает помощник", r);
    table.close(r);
    Some(CardDraft {
        file: r.file().to_owned(),
        name: At {
            value: format!("{}.{}", id.value, name.value),
            line: name.line,
        },
        about: kind?,
        source: document?.value,
        operators_only,
        say: say?,
        valid_from,
        valid_until,
    })
}

/// A file of `phrases/`.
pub(in crate::script) fn phrases(
    source: &SourceFile,
    findings: &mut Vec<Finding>,
) -> Vec<PhraseDraft> {
    let phrases = with_table(source, findings, |table, r| {
        let id = id(table, r);
        table.needed("title", "добавьте title — о чём эти фразы", r);
        let named = table.named("phrase", r);
        let id = id?;
        let mut phrases = Vec::new();
        for (name, inner) in named {
            check_name(&name, r);
            let mut inner = Table::new(format!("фраза «{}»", name.value), name.line, inner);
            let say = inner.said_needed("say", "добавьте say — текст фразы", r);
            inner.close(r);
            phrases.extend(say.map(|say| PhraseDraft {
                file: r.file().to_owned(),
                name: At {
                    value: format!("{}.{}", id.value, name.value),
                    line: name.line,
                },
                say,
            }));
        }
        Some(phrases)
    });
    phrases.unwrap_or_default()
}

/// A file of `services/`.
pub(in crate::script) fn services(
    source: &SourceFile,
    findings: &mut Vec<Finding>,
) -> Vec<Service> {
    let services = with_table(source, findings, |table, r| {
        let list = table.list("service", r);
        Some(
            list.into_iter()
                .filter_map(|(line, t)| service(line, t, r))
                .collect(),
        )
    });
    services.unwrap_or_default()
}

fn service(line: u32, table: &DeTable<'_>, r: &mut Report<'_>) -> Option<Service> {
    let mut table = Table::new("услуга".to_owned(), line, table);
    let id = table.needed("id", "добавьте id услуги латинскими буквами", r);
    let title = table.needed("title", "добавьте title — полное название услуги", r);
    let spoken = table.needed("spoken", "добавьте spoken — короткое название для речи", r);
    let lines = table.texts("lines", r);
    let asked = need(&mut table, r);
    table.close(r);
    let id = id?;
    check_name(&id, r);
    Some(Service {
        id: ServiceId::new(&id.value),
        title: title?.value,
        spoken: spoken?.value,
        lines: lines.into_iter().map(|l| l.value).collect(),
        need: asked.unwrap_or(NeedCode::Consultation),
    })
}
