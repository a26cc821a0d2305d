//! The directory of other bodies: whom to turn to when a question is not ours (row #35).
//!
//! `scripts/directory/bodies.toml`, one table a body. An operator searches it as people speak, and
//! the call keeps which body was named.

use std::collections::BTreeSet;

use ivr::knowledge::{About, Answer, Article, KnowledgeBase};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use utoipa::ToSchema;

use crate::operator_script::Finding;

/// Bodies of a search at most: more nobody reads while somebody waits.
const FOUND_MAX: usize = 8;
/// Bodies at most: a directory for a telephone line, not a register.
const BODIES_MAX: usize = 500;

/// A body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Body {
    /// Its name in facts.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it decides, in the words callers use.
    pub competence: String,
    /// The words that tell the caller how to turn to it.
    pub say: String,
    /// Its telephone, if there is one to call.
    pub phone: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// Its address.
    pub address: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    #[serde(default, rename = "body")]
    bodies: Vec<DraftBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftBody {
    id: Spanned<String>,
    title: Spanned<String>,
    competence: Spanned<String>,
    say: Spanned<String>,
    phone: Option<String>,
    site: Option<String>,
    address: Option<String>,
}

/// All bodies, and a way to find one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bodies {
    bodies: Vec<Body>,
    index: KnowledgeBase,
}

impl Bodies {
    /// Reads the directory.
    ///
    /// # Errors
    /// Everything that is to be mended, with its line.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let line = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
        let finding = |at: usize, text: String| Finding {
            file: file.to_owned(),
            line: line(at),
            text,
        };
        let draft: Draft = toml::from_str(text).map_err(|error| {
            let at = error.span().unwrap_or_default().start;
            let what = format!("файл не читается: {}", error.message());
            vec![finding(at, what)]
        })?;
        let mut findings = Vec::new();
        let mut seen = BTreeSet::new();
        for body in &draft.bodies {
            let id = body.id.get_ref();
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if id.is_empty() || !id.chars().all(plain) {
                let what = "id: только строчные латинские буквы, цифры и «_»".to_owned();
                findings.push(finding(body.id.span().start, what));
            }
            if !seen.insert(id) {
                let what = format!("орган «{id}» уже есть: назовите этот иначе");
                findings.push(finding(body.id.span().start, what));
            }
            let texts = [
                ("title", &body.title),
                ("competence", &body.competence),
                ("say", &body.say),
            ];
            for (key, value) in texts {
                if value.get_ref().trim().is_empty() {
                    findings.push(finding(value.span().start, format!("{key}: впишите текст")));
                }
            }
        }
        if draft.bodies.len() > BODIES_MAX {
            let what = format!("органов больше {BODIES_MAX}: оставьте те, о которых спрашивают");
            findings.push(finding(0, what));
        }
        if findings.is_empty() {
            Ok(Self::new(draft.bodies.into_iter().map(body).collect()))
        } else {
            Err(findings)
        }
    }

    fn new(bodies: Vec<Body>) -> Self {
        let article = |body: &Body| Article {
            id: body.id.clone(),
            title: body.title.clone(),
            version: String::new(),
            services: Vec::new(),
            answers: vec![Answer {
                name: body.id.clone(),
                about: About::Place,
                text: body.competence.clone(),
                source: body.say.clone(),
                valid_from: None,
                valid_until: None,
            }],
        };
        let index = KnowledgeBase::new(bodies.iter().map(article).collect());
        Self { bodies, index }
    }

    /// The body of this name.
    #[must_use]
    pub fn body(&self, id: &str) -> Option<&Body> {
        self.bodies.iter().find(|body| body.id == id)
    }

    /// Bodies that decide what was typed, the best first; without words all of them.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<&Body> {
        if query.trim().is_empty() {
            return self.bodies.iter().collect();
        }
        let (found, _) = self.index.search(query);
        let found = found.into_iter().take(FOUND_MAX);
        found
            .filter_map(|one| self.body(&one.answer.name))
            .collect()
    }
}

fn body(draft: DraftBody) -> Body {
    Body {
        id: draft.id.into_inner(),
        title: draft.title.into_inner(),
        competence: draft.competence.into_inner(),
        say: draft.say.into_inner(),
        phone: draft.phone,
        site: draft.site,
        address: draft.address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use proptest::prelude::*;

    const TEXT: &str = r#"[[body]]
id = "tax"
title = "Налоговая служба"
competence = "Налоги, регистрация предпринимателей и организаций, справки о доходах."
say = "Позвоните в налоговую службу или откройте личный кабинет на её сайте."
phone = "8 800 222-22-22"

[[body]]
id = "pension"
title = "Социальный фонд"
competence = "Пенсии, пособия, материнский капитал."
say = "Обратитесь в клиентскую службу Социального фонда."
"#;

    fn findings(text: &str) -> String {
        match Bodies::read("directory/bodies.toml", text) {
            Ok(_) => "нечего исправлять\n".into(),
            Err(found) => found.iter().map(|one| format!("{one}\n")).collect(),
        }
    }

    #[test]
    fn a_body_is_found_by_what_callers_say() {
        let bodies = Bodies::read("b", TEXT).unwrap();
        let found = |query: &str| -> Vec<&str> {
            let found = bodies.search(query);
            found.into_iter().map(|body| body.id.as_str()).collect()
        };
        assert_eq!(found("пенсия"), ["pension"]);
        assert_eq!(found("налог"), ["tax"]);
        assert_eq!(found("зарегистрировать предпринимателя"), ["tax"]);
        assert_eq!(found(" "), ["tax", "pension"]);
        assert!(found("трамвай").is_empty());
    }

    #[test]
    fn every_mistake_has_its_line() {
        let bad = TEXT
            .replace("\"pension\"", "\"tax\"")
            .replace("\"Налоговая служба\"", "\" \"");
        expect![[r#"
            directory/bodies.toml:3: title: впишите текст
            directory/bodies.toml:9: орган «tax» уже есть: назовите этот иначе
        "#]]
        .assert_eq(&findings(&bad));
        assert!(findings(&TEXT.replace("phone", "fone")).contains("unknown field `fone`"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_told(text in "(\\[\\[body\\]\\]\n)?.{0,40}") {
            let _ = Bodies::read("b", &text);
        }
    }
}
