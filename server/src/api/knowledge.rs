//! The knowledge base at the desk: the articles of the call's service, and a search.

use axum::Json;
use axum::extract::State;
use events::{Date, ServiceId};
use ivr::knowledge::{Answer, Article};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::body::Asked;
use super::problem::{Problem, ProblemBody};
use super::script_texts::files_by_topic;
use super::session::SignedIn;
use crate::knowledge_dates::{self, Expiring, Freshness};

/// Answers of a search at most: more nobody reads while somebody waits.
const FOUND_MAX: usize = 12;

#[derive(Deserialize)]
pub(super) struct KnowledgeQuery {
    q: Option<String>,
    service: Option<String>,
}

/// What the knowledge base says.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KnowledgeView {
    /// Topics with their answers: the best found first, or in the order of their files.
    articles: Vec<ArticleView>,
    /// What was looked for, if the query was typed with another keyboard layout.
    mended: Option<String>,
}

/// A topic.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ArticleView {
    /// Its name.
    id: String,
    /// What it is about.
    title: String,
    /// Its version.
    version: String,
    /// The answers wanted.
    answers: Vec<AnswerView>,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnswerView {
    /// `topic.card`.
    name: String,
    /// What it is about, in Russian.
    about: &'static str,
    /// The words.
    text: String,
    /// The document it is taken from.
    source: String,
    /// How long it is still true, today.
    validity: Freshness,
    /// First day it is true.
    #[schema(value_type = Option<String>)]
    valid_from: Option<Date>,
    /// Last day it is true.
    #[schema(value_type = Option<String>)]
    valid_until: Option<Date>,
}

/// База знаний
///
/// Без слов поиска — статьи услуги, без услуги — все статьи. Искать можно с опечатками, в любой форме
/// слова и не переключив раскладку.
#[utoipa::path(get, path = "/api/v1/knowledge", tag = "Рабочее место",
    params(
        ("q" = Option<String>, Query, description = "Что искать"),
        ("service" = Option<String>, Query, description = "Статьи этой услуги, если ничего не ищут"),
    ),
    responses(
        (status = 200, description = "Статьи с ответами", body = KnowledgeView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
    ))]
pub(super) async fn show(
    State(api): State<Api>,
    _by: SignedIn,
    Asked(query): Asked<KnowledgeQuery>,
) -> Json<KnowledgeView> {
    let set = (api.house.assistant)();
    let base = set.knowledge();
    let today = Date::at(api.now(), api.house.organisation.utc_offset_min);
    let wanted = query.q.as_deref().map(str::trim).unwrap_or_default();
    if wanted.is_empty() {
        let of_service = query.service.map(ServiceId::new);
        let articles = match &of_service {
            Some(service) => base.of_service(service).collect(),
            None => base.articles().iter().collect::<Vec<_>>(),
        };
        let whole = |article: &&Article| view(article, article.answers.iter(), today);
        return Json(KnowledgeView {
            articles: articles.iter().map(whole).collect(),
            mended: None,
        });
    }
    let (found, mended) = base.search(wanted);
    let mut topics: Vec<(&Article, Vec<&Answer>)> = Vec::new();
    for one in found.into_iter().take(FOUND_MAX) {
        match topics
            .iter_mut()
            .find(|(topic, _)| topic.id == one.article.id)
        {
            Some((_, answers)) => answers.push(one.answer),
            None => topics.push((one.article, vec![one.answer])),
        }
    }
    let topics = topics.into_iter();
    let articles = topics.map(|(topic, answers)| view(topic, answers.into_iter(), today));
    Json(KnowledgeView {
        articles: articles.collect(),
        mended,
    })
}

/// Ответы базы знаний, срок которых истёк или истекает за 30 дней
#[utoipa::path(get, path = "/api/v1/knowledge/expiring", tag = "Рабочее место",
    responses(
        (status = 200, description = "Ответы, самые срочные первыми", body = [Expiring]),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 503, description = "Папка сценариев не читается", body = ProblemBody),
    ))]
pub(super) async fn expiring(State(api): State<Api>) -> Result<Json<Vec<Expiring>>, Problem> {
    let set = (api.house.assistant)();
    let today = Date::at(api.now(), api.house.organisation.utc_offset_min);
    let mut expiring = knowledge_dates::expiring(set.knowledge(), today);
    if !expiring.is_empty() {
        let files = files_by_topic(&api).await?;
        for one in &mut expiring {
            one.file = files.get(&one.article).cloned();
        }
    }
    Ok(Json(expiring))
}

fn view<'a>(
    article: &Article,
    answers: impl Iterator<Item = &'a Answer>,
    today: Date,
) -> ArticleView {
    let answer = |answer: &Answer| AnswerView {
        name: answer.name.clone(),
        about: answer.about.title(),
        text: answer.text.clone(),
        source: answer.source.clone(),
        validity: Freshness::of(answer, today),
        valid_from: answer.valid_from,
        valid_until: answer.valid_until,
    };
    ArticleView {
        id: article.id.clone(),
        title: article.title.clone(),
        version: article.version.clone(),
        answers: answers.map(answer).collect(),
    }
}
