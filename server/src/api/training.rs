//! Training: who learned what and when to repeat it, and rehearsals with a simulated caller (rows #3
//! and #14). No call and no figure of calls is touched.

mod views;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use events::{Date, OperatorId, TrainingEvent};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::commands::send;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::handbook::Handbook;
use crate::operator_script::OperatorScript;
use crate::organisation::{OperatorCard, Right};
use crate::switchboard::DeskAction;
use crate::training::{Caller, Rehearsal, Reply, Standing, Topic};
use views::{
    CallerCard, CallerView, DueView, LearnedView, PersonView, RehearsalView, ReplyView,
    TrainingView,
};

/// Rehearsals that are shown at most.
const SHOWN_MAX: usize = 50;
/// Steps, answers and fields of a rehearsal at most.
const STEPS_MAX: usize = 200;

/// Обучение: кто что освоил, когда повторить, тренажёр
///
/// Сотрудник видит себя, старший смены — всех.
#[utoipa::path(get, path = "/api/v1/training", tag = "Обучение",
    responses(
        (status = 200, description = "Темы, люди, воображаемые клиенты, последние тренировки", body = TrainingView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>, by: SignedIn) -> Json<TrainingView> {
    let handbook = (api.house.handbook)();
    let sees_all = api.require(&by.operator, Right::ManageRoom).is_ok();
    let mine = |login: &OperatorId| sees_all || *login == by.operator;
    let organisation = api.organisation();
    let people = organisation.operators.iter();
    let people = people.filter(|(login, card)| mine(login) && card.is_of_the_shift());
    let topics = &handbook.training.topics;
    let people = people.map(|(login, card)| PersonView {
        login: login.to_string(),
        full_name: card.full_name.clone(),
        learned: learned_by(&api, topics, (login, card)),
    });
    let people = people.collect();
    let callers = handbook.training.callers.iter();
    let callers = callers.map(|(id, caller)| caller_card(&handbook, id, caller));
    let desk = api.desk();
    let rehearsals = desk.training().rehearsed();
    let rehearsals = rehearsals.filter(|one| mine(&one.operator)).take(SHOWN_MAX);
    let rehearsals = rehearsals.map(|one| {
        let caller = handbook.training.callers.get(&one.caller);
        RehearsalView {
            at_ms: one.at.0.div_euclid(1_000),
            full_name: organisation.operator_name(&one.operator),
            caller: caller.map_or_else(|| one.caller.clone(), |caller| caller.title.clone()),
            ..RehearsalView::of(&handbook, &one.script, &one.score)
        }
    });
    Json(TrainingView {
        today: today(&api),
        may_note: sees_all,
        people,
        callers: callers.collect(),
        rehearsals: rehearsals.collect(),
        topics: topics.clone(),
    })
}

fn today(api: &Api) -> Date {
    Date::at(api.now(), api.house.organisation.utc_offset_min)
}

fn learned_by(
    api: &Api,
    topics: &[Topic],
    (login, card): (&OperatorId, &OperatorCard),
) -> Vec<LearnedView> {
    let today = today(api);
    let organisation = api.organisation();
    let desk = api.desk();
    let learned = topics.iter().filter(|topic| topic.concerns(card));
    let learned = learned.map(|topic| {
        let last = desk.training().learned(login, &topic.id);
        LearnedView {
            topic: topic.id.clone(),
            on: last.map(|last| last.on),
            next: last.and_then(|last| last.next),
            noted_by: last.map(|last| organisation.operator_name(&last.noted_by)),
            state: Standing::of(last, today),
        }
    });
    learned.collect()
}

fn caller_card(handbook: &Handbook, id: &str, caller: &Caller) -> CallerCard {
    let script = handbook.scripts.script(&caller.script);
    let title = script.map(|script| script.title.clone());
    CallerCard {
        id: id.to_owned(),
        title: caller.title.clone(),
        script: title.unwrap_or_else(|| caller.script.to_string()),
        situation: script.map_or_else(String::new, |script| script.situation.clone()),
    }
}

/// Чему пора учиться самому
#[utoipa::path(get, path = "/api/v1/training/due", tag = "Обучение",
    responses(
        (status = 200, description = "Свои темы: не пройдены, просрочены или скоро истекают", body = [DueView]),
        (status = 401, description = "Нужен вход", body = ProblemBody),
    ))]
pub(super) async fn due(State(api): State<Api>, by: SignedIn) -> Json<Vec<DueView>> {
    let handbook = (api.house.handbook)();
    let organisation = api.organisation();
    let card = organisation.operators.get(&by.operator);
    let card = card.filter(|card| card.is_of_the_shift());
    let learned = card.map(|card| {
        let topics = &handbook.training.topics;
        learned_by(&api, topics, (&by.operator, card))
    });
    let due = learned.into_iter().flatten();
    let due = due.filter(|one| one.state != Standing::Learned);
    let mut due: Vec<DueView> = due
        .map(|one| DueView {
            title: handbook
                .training
                .topic(&one.topic)
                .map_or_else(|| one.topic.clone(), |topic| topic.title.clone()),
            state: one.state,
            next: one.next,
        })
        .collect();
    due.sort_by_key(|one| one.state);
    Json(due)
}

/// Somebody learned something.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LearnedBody {
    /// A login.
    #[schema(value_type = String)]
    operator: OperatorId,
    /// The topic.
    topic: String,
    /// When, `2026-11-23`; not later than today.
    on: String,
    /// To be repeated not later than this day, after `on`; as the topic says if none.
    next: Option<String>,
}

/// Отметить: сотрудник освоил тему
#[utoipa::path(post, path = "/api/v1/training/learned", tag = "Обучение", request_body = LearnedBody,
    responses(
        (status = 204, description = "Отмечено; без своей даты повторения она посчитана по теме"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Более позднее обучение этой теме уже отмечено", body = ProblemBody),
        (status = 422, description = "Нет такого сотрудника или темы, или день не подходит", body = ProblemBody),
    ))]
pub(super) async fn learned(
    State(api): State<Api>,
    by: SignedIn,
    Body(body): Body<LearnedBody>,
) -> Result<StatusCode, Problem> {
    let handbook = (api.house.handbook)();
    let topic = handbook.training.topic(&body.topic);
    let topic = topic.ok_or_else(|| Problem::malformed("Такой темы нет"))?;
    let organisation = api.organisation();
    let card = organisation.operators.get(&body.operator);
    card.filter(|card| card.is_of_the_shift() && topic.concerns(card))
        .ok_or_else(|| Problem::malformed("Такого сотрудника нет, или тема не для него"))?;
    let today = today(&api);
    let on = Date::parse(&body.on).filter(|on| *on <= today);
    let on = on.ok_or_else(|| {
        Problem::malformed("День обучения записывается так: 2026-11-23, и не позже сегодняшнего")
    })?;
    let last = api
        .desk()
        .training()
        .learned(&body.operator, &body.topic)
        .map(|last| last.on);
    if last.is_some_and(|last| on < last) {
        let what = "Более позднее обучение этой теме уже отмечено: ошибочную отметку исправляют отметкой на тот же день";
        return Err(Problem::refused(what.to_owned()));
    }
    let next = match body.next {
        None => topic.next(on),
        Some(next) => {
            let next = Date::parse(&next).filter(|next| *next > on);
            let what = "Повторить надо позже дня обучения; день записывается так: 2026-11-23";
            Some(next.ok_or_else(|| Problem::malformed(what))?)
        }
    };
    let fact = TrainingEvent::Learned {
        operator: body.operator,
        topic: body.topic,
        on,
        next,
        noted_by: by.operator,
    };
    send(&api, DeskAction::Train(Box::new(fact))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Воображаемый клиент и сценарий к нему
#[utoipa::path(get, path = "/api/v1/training/callers/{id}", tag = "Обучение",
    params(("id" = String, Path, description = "Имя воображаемого клиента")),
    responses(
        (status = 200, description = "Что говорит клиент, и сценарий со словами сотрудника", body = CallerView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 404, description = "Такого клиента нет", body = ProblemBody),
    ))]
pub(super) async fn caller(
    State(api): State<Api>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Json<CallerView>, Problem> {
    let handbook = (api.house.handbook)();
    let (caller, script) = found(&handbook, &id)?;
    let organisation = api.organisation();
    let card = organisation.operators.get(&by.operator);
    let card = card.ok_or_else(Problem::signed_out)?;
    let service = script.service.clone();
    let service = service.unwrap_or_else(events::ServiceId::undetermined);
    let reply = |(step, reply): (&String, &Reply)| {
        let view = ReplyView {
            say: reply.say.clone(),
        };
        (step.clone(), view)
    };
    Ok(Json(CallerView {
        id,
        title: caller.title.clone(),
        number: caller.number.clone(),
        opening: caller.opening.clone(),
        replies: caller.replies.iter().map(reply).collect(),
        script: script.filled(&organisation, card, &service),
    }))
}

/// Записать тренировку и узнать, что получилось
#[utoipa::path(post, path = "/api/v1/training/rehearsals", tag = "Обучение",
    request_body = Rehearsal,
    responses(
        (status = 200, description = "Что сделано, что пропущено и что понято иначе", body = RehearsalView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 404, description = "Такого клиента нет", body = ProblemBody),
        (status = 422, description = "Слишком длинно, или поле заполнено не так", body = ProblemBody),
    ))]
pub(super) async fn rehearsed(
    State(api): State<Api>,
    by: SignedIn,
    Body(run): Body<Rehearsal>,
) -> Result<Json<RehearsalView>, Problem> {
    let many = [run.steps.len(), run.answers.len(), run.fields.len()];
    if many.iter().any(|many| *many > STEPS_MAX) {
        let what = "Слишком длинная тренировка: начните заново";
        return Err(Problem::malformed(what));
    }
    let handbook = (api.house.handbook)();
    let (caller, script) = found(&handbook, &run.caller)?;
    let score = run.score(caller, script).map_err(Problem::malformed)?;
    let meant = caller.wanted().map(|(name, value)| {
        let field = script.fields().find(|field| field.name == name);
        (name.to_owned(), field, value)
    });
    let meant = meant.map(|(name, field, value)| views::meant(&name, field, value));
    let view = RehearsalView {
        at_ms: api.now().0.div_euclid(1_000),
        full_name: api.organisation().operator_name(&by.operator),
        caller: caller.title.clone(),
        meant: meant.collect(),
        ..RehearsalView::of(&handbook, &script.id, &score)
    };
    let fact = TrainingEvent::Rehearsed {
        operator: by.operator,
        caller: run.caller,
        script: script.id.clone(),
        version: script.version.clone(),
        done: score.done,
        needed: score.needed,
        deviations: score.deviations,
        mistakes: score.mistakes,
    };
    send(&api, DeskAction::Train(Box::new(fact))).await?;
    Ok(Json(view))
}

fn found<'a>(
    handbook: &'a Handbook,
    id: &str,
) -> Result<(&'a Caller, &'a OperatorScript), Problem> {
    let caller = handbook.training.callers.get(id);
    let caller = caller.ok_or_else(|| Problem::not_found("Такого воображаемого клиента нет"))?;
    let script = handbook.scripts.script(&caller.script);
    let script = script.ok_or_else(|| Problem::not_found("Сценария этого клиента больше нет"))?;
    Ok((caller, script))
}
