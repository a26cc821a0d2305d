//! What people are told of the house's own accord: the log, a notification, a campaign, consent, the
//! broadcast that callers hear first. For supervisors; nobody's number is shown whole.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cases::notify::{Address, Plan};
use events::{Act, CaseNumber, Channel, LineId, NotificationKind, Pii, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::body::{Asked, Body};
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use super::{Api, DeskRequest};
use crate::switchboard::DeskAction;
use crate::told_log::{BroadcastRow, ToldRow};

/// Rows shown at once.
const ROWS_MAX: usize = 500;
/// A notification without a term is useless after 24 hours (row #16).
const TERM_MS: u64 = 24 * 3_600 * 1_000;
/// A campaign without a term goes on for 14 days.
const CAMPAIGN_MS: u64 = 14 * 24 * 3_600 * 1_000;
/// Addressees of one request.
const PEOPLE_MAX: usize = 300;
/// Letters of a key or of the name of a campaign.
const KEY_MAX: usize = 100;

/// What people were told lately, and what callers hear first now.
#[derive(Serialize, ToSchema)]
pub(super) struct ToldView {
    now_ms: i64,
    /// The newest first; numbers and addresses masked.
    #[schema(value_type = Vec<Object>)]
    notifications: Vec<ToldRow>,
    /// Broadcasts in force; a missing line means every line.
    #[schema(value_type = Vec<Object>)]
    broadcasts: Vec<BroadcastRow>,
    /// The house's lines.
    lines: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct ToldQuery {
    /// Only those that have not ended.
    #[serde(default)]
    open: bool,
    channel: Option<Channel>,
    kind: Option<NotificationKind>,
}

/// Журнал уведомлений и объявления
#[utoipa::path(get, path = "/api/v1/notifications", tag = "Уведомления",
    params(
        ("open" = Option<bool>, Query, description = "true — только незавершённые"),
        ("channel" = Option<String>, Query, description = "voice, sms, email"),
        ("kind" = Option<String>, Query, description = "Вид: appointment, status_changed, …"),
    ),
    responses(
        (status = 200, description = "Уведомления, новые первыми; адреса скрыты", body = ToldView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>, Asked(query): Asked<ToldQuery>) -> Json<ToldView> {
    // A panic elsewhere leaves the log readable: `apply` never stops half-way.
    let told = api
        .house
        .told
        .read()
        .unwrap_or_else(PoisonError::into_inner);
    let wanted = |row: &&ToldRow| {
        (!query.open || row.outcome.is_none())
            && query.channel.is_none_or(|channel| channel == row.channel)
            && query.kind.is_none_or(|kind| kind == row.kind)
    };
    Json(ToldView {
        now_ms: api.now().0 / 1_000,
        notifications: told.rows().filter(wanted).take(ROWS_MAX).cloned().collect(),
        broadcasts: told.broadcasts().cloned().collect(),
        lines: api
            .house
            .organisation
            .lines
            .keys()
            .map(ToString::to_string)
            .collect(),
    })
}

/// A notification to one person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TellBody {
    /// What makes it one and the same: sent twice, it is told once. No personal data.
    key: String,
    /// `received`, `payment_confirmed`, `appointment`, `result`, `stage`, `status_changed`,
    /// `next_steps`.
    #[schema(value_type = String)]
    kind: NotificationKind,
    /// `voice`, `sms`, `email`.
    #[schema(value_type = String)]
    channel: Channel,
    /// A number or an address.
    to: String,
    /// What the template says: `number`, `service`, `due`, …
    #[serde(default)]
    values: BTreeMap<String, String>,
    /// Not earlier, milliseconds since 1970.
    not_before_ms: Option<i64>,
    /// Useless afterwards; 24 hours from now if absent.
    until_ms: Option<i64>,
}

/// Уведомить одного человека
#[utoipa::path(post, path = "/api/v1/notifications", tag = "Уведомления", request_body = TellBody,
    responses(
        (status = 204, description = "Запланировано или уже было"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Канал не настроен, или не хватает значений", body = ProblemBody),
        (status = 422, description = "Адрес или вид не читается", body = ProblemBody),
    ))]
pub(super) async fn tell(
    State(api): State<Api>,
    by: SignedIn,
    Body(body): Body<TellBody>,
) -> Result<StatusCode, Problem> {
    match body.kind {
        NotificationKind::Campaign | NotificationKind::Internal => {
            let what = "Рассылка отправляется через /api/v1/campaigns, служебные — сами";
            return Err(Problem::malformed(what));
        }
        NotificationKind::Received
        | NotificationKind::PaymentConfirmed
        | NotificationKind::Appointment
        | NotificationKind::Result
        | NotificationKind::Stage
        | NotificationKind::StatusChanged
        | NotificationKind::NextSteps => {}
    }
    let now = api.now();
    let at = |ms: i64| Timestamp(ms.saturating_mul(1_000));
    let number = body.values.get("number");
    let plan = Plan {
        key: format!("api/{}", key(&body.key)?),
        kind: body.kind,
        channel: body.channel,
        to: address(body.channel, &body.to)?,
        case: number
            .and_then(|number| CaseNumber::parse(number))
            .and_then(|number| number.case()),
        not_before: body.not_before_ms.map_or(now, at),
        until: body.until_ms.map_or_else(|| now.plus_ms(TERM_MS), at),
        values: Pii::new(body.values),
    };
    let noted = Act::NotificationPlanned {
        key: body.key,
        kind: plan.kind,
        channel: plan.channel,
    };
    act(&api, DeskAction::Tell(Box::new(plan))).await?;
    api.administer(by.operator, noted).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same words to many people.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CampaignBody {
    /// Its name: whoever was told under it is not told again. No personal data.
    name: String,
    /// `voice`, `sms`, `email`.
    #[schema(value_type = String)]
    channel: Channel,
    /// The words.
    text: String,
    /// Whom; at most 300 a request, more in further requests of the same name.
    people: Vec<Person>,
}

/// Somebody to be told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    /// What the list calls them: a row's number. No personal data.
    id: String,
    /// A number or an address.
    to: String,
}

/// Рассылка: только согласившимся, в разрешённые часы, не чаще предела
#[utoipa::path(post, path = "/api/v1/campaigns", tag = "Уведомления", request_body = CampaignBody,
    responses(
        (status = 204, description = "Запланировано; кто не соглашался, увидит это в журнале"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Канал не настроен", body = ProblemBody),
        (status = 422, description = "Адрес не читается: с номером строки", body = ProblemBody),
    ))]
pub(super) async fn campaign(
    State(api): State<Api>,
    by: SignedIn,
    Body(body): Body<CampaignBody>,
) -> Result<StatusCode, Problem> {
    if body.people.is_empty() || body.people.len() > PEOPLE_MAX {
        let what = format!("В одном запросе от 1 до {PEOPLE_MAX} адресов");
        return Err(Problem::malformed(what));
    }
    if body.text.trim().is_empty() {
        return Err(Problem::malformed("Напишите текст рассылки"));
    }
    let now = api.now();
    let name = key(&body.name)?;
    let plan = |person: &Person| {
        Ok(Plan {
            key: format!("campaign/{name}/{}", key(&person.id)?),
            kind: NotificationKind::Campaign,
            channel: body.channel,
            to: address(body.channel, &person.to)?,
            case: None,
            not_before: now,
            until: now.plus_ms(CAMPAIGN_MS),
            values: Pii::new([("text".to_owned(), body.text.trim().to_owned())].into()),
        })
    };
    let mut plans = Vec::with_capacity(body.people.len());
    for (person, row) in body.people.iter().zip(1..) {
        let planned: Result<Plan, Problem> = plan(person);
        let in_row =
            |problem: Problem| Problem::malformed(format!("Строка {row}: {}", problem.text()));
        plans.push(planned.map_err(in_row)?);
    }
    let noted = Act::CampaignPlanned {
        channel: body.channel,
        people: u32::try_from(plans.len()).unwrap_or(u32::MAX),
        name: body.name,
    };
    act(&api, DeskAction::TellAll(plans)).await?;
    api.administer(by.operator, noted).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody said about being told things.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsentBody {
    /// Their number or address.
    address: String,
    /// `voice`, `sms`, `email`.
    #[schema(value_type = Vec<String>)]
    channels: Vec<Channel>,
    /// Allowed, or not any more.
    allowed: bool,
}

/// Согласие на уведомления или отказ от них
#[utoipa::path(post, path = "/api/v1/consents", tag = "Уведомления", request_body = ConsentBody,
    responses(
        (status = 204, description = "Записано"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 409, description = "Номер или адрес не читается", body = ProblemBody),
    ))]
pub(super) async fn consent(
    State(api): State<Api>,
    by: SignedIn,
    Body(body): Body<ConsentBody>,
) -> Result<StatusCode, Problem> {
    let noted = Act::ConsentNoted {
        channels: body.channels.clone(),
        allowed: body.allowed,
    };
    let action = DeskAction::SetConsent {
        address: body.address,
        channels: body.channels,
        allowed: body.allowed,
    };
    act(&api, action).await?;
    api.administer(by.operator, noted).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What callers hear first.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BroadcastBody {
    /// On this line; on every line if absent.
    line: Option<String>,
    /// The words, at most 400 letters; none takes them back.
    text: Option<String>,
    /// Taken back of its own accord at this time, milliseconds since 1970; by hand only if absent.
    until_ms: Option<i64>,
}

/// Объявление, которое звонящие слышат первым
#[utoipa::path(put, path = "/api/v1/broadcast", tag = "Уведомления", request_body = BroadcastBody,
    responses(
        (status = 204, description = "Звучит или снято"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Такой линии нет, текст слишком длинный или время прошло", body = ProblemBody),
    ))]
pub(super) async fn broadcast(
    State(api): State<Api>,
    by: SignedIn,
    Body(body): Body<BroadcastBody>,
) -> Result<StatusCode, Problem> {
    let action = DeskAction::Broadcast {
        line: body.line.map(LineId::new),
        text: body.text,
        until: body.until_ms.map(|ms| Timestamp(ms.saturating_mul(1_000))),
        operator: by.operator,
    };
    act(&api, action).await
}

fn key(text: &str) -> Result<&str, Problem> {
    let fits = !text.is_empty() && text.chars().count() <= KEY_MAX;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if fits && text.chars().all(plain) {
        Ok(text)
    } else {
        let what = format!("Ключ — до {KEY_MAX} букв, цифр и знаков - _ . /");
        Err(Problem::malformed(what))
    }
}

fn address(channel: Channel, text: &str) -> Result<Address, Problem> {
    Address::parse(channel, text).ok_or_else(|| {
        Problem::malformed(match channel {
            Channel::Voice | Channel::Sms => "Номер не читается; пример: +79991234567",
            Channel::Email => "Адрес не читается; пример: ivan@example.org",
        })
    })
}

/// Sends a wish to the house and waits for its answer.
pub(super) async fn act(api: &Api, action: DeskAction) -> Result<StatusCode, Problem> {
    let (reply, answer) = oneshot::channel();
    let stopping = || Problem::unavailable("Служба останавливается: ничего не сделано");
    let sent = api.house.commands.send(DeskRequest { action, reply }).await;
    sent.map_err(|_| stopping())?;
    let done = answer.await.map_err(|_| stopping())?;
    done.map_err(Problem::refused)?;
    Ok(StatusCode::NO_CONTENT)
}
