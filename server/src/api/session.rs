//! Who is at the door: login, logout, and the cookie between.
//!
//! The cookie holds 256 random bits; the server remembers their SHA-256 only, in memory. A restart
//! forgets them: operators log in again, their state in the distribution is kept by the journal.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use events::{Act, OperatorId, Pii, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::me::Me;
use super::problem::{Problem, ProblemBody};

/// The cookie's name.
const COOKIE: &str = "liniya_session";
/// A session ends after this time whatever happens, seconds: a long shift.
const LIFETIME_S: u64 = 12 * 3_600;
/// A session ends when nothing was heard of it for this time, seconds. An open desk is heard of.
const IDLE_S: u64 = 3_600;
/// Sessions of one operator at once; the oldest ends.
const PER_OPERATOR: usize = 5;
/// A longer login or password is none of ours.
const CREDENTIAL_MAX_BYTES: usize = 256;

/// A login attempt.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    /// Login.
    login: String,
    /// Password.
    password: String,
}

/// Open sessions, by the SHA-256 of their cookie.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    open: Mutex<BTreeMap<Ticket, Session>>,
}

/// What the server keeps of a cookie.
pub(super) type Ticket = [u8; 32];

#[derive(Clone, Debug)]
struct Session {
    operator: OperatorId,
    began: Timestamp,
    seen: Timestamp,
}

impl Session {
    fn is_open(&self, now: Timestamp) -> bool {
        now.since(self.began).0 < LIFETIME_S * 1_000 && now.since(self.seen).0 < IDLE_S * 1_000
    }
}

impl Sessions {
    fn begin(&self, now: Timestamp, operator: &OperatorId) -> Result<String, String> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|e| e.to_string())?;
        let token: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.is_open(now));
        let own = open
            .iter()
            .filter(|(_, session)| session.operator == *operator);
        let mut own: Vec<(Timestamp, Ticket)> = own.map(|(t, s)| (s.began, *t)).collect();
        own.sort_unstable();
        let excess = (own.len() + 1).saturating_sub(PER_OPERATOR);
        for (_, ticket) in own.into_iter().take(excess) {
            open.remove(&ticket);
        }
        let session = Session {
            operator: operator.clone(),
            began: now,
            seen: now,
        };
        open.insert(ticket(&token), session);
        Ok(token)
    }

    /// Whose session it is, if it is open; it is heard of now.
    pub(super) fn operator(&self, now: Timestamp, ticket: &Ticket) -> Option<OperatorId> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let session = open
            .get_mut(ticket)
            .filter(|session| session.is_open(now))?;
        session.seen = now;
        Some(session.operator.clone())
    }

    /// Ends every session of an operator but one.
    pub(super) fn end_all(&self, operator: &OperatorId, but: Option<Ticket>) {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|ticket, session| session.operator != *operator || Some(*ticket) == but);
    }

    fn end(&self, ticket: &Ticket) {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(ticket);
    }
}

fn ticket(token: &str) -> Ticket {
    Sha256::digest(token.as_bytes()).into()
}

fn ticket_of(headers: &HeaderMap) -> Option<Ticket> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|p| p.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| ticket(token))
}

/// The operator who asks. Every handler that shows anything about a person takes one.
pub(super) struct SignedIn {
    pub(super) operator: OperatorId,
    pub(super) ticket: Ticket,
}

impl FromRequestParts<Api> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let ticket = ticket_of(&parts.headers).ok_or_else(Problem::signed_out)?;
        let operator = api.sessions.operator(api.now(), &ticket);
        let operator = operator.ok_or_else(Problem::signed_out)?;
        Ok(Self { operator, ticket })
    }
}

/// Войти
#[utoipa::path(post, path = "/api/v1/session", tag = "Вход", request_body = Credentials,
    responses(
        (status = 200, description = "Вход выполнен, cookie установлена", body = Me),
        (status = 401, description = "Неверный логин или пароль", body = ProblemBody),
        (status = 429, description = "Слишком много попыток", body = ProblemBody),
    ))]
pub(super) async fn sign_in(
    State(api): State<Api>,
    source: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Body(credentials): Body<Credentials>,
) -> Result<Response, Problem> {
    let source: Option<IpAddr> = source.map(|Extension(ConnectInfo(address))| address.ip());
    let Credentials { login, password } = credentials;
    if login.len().max(password.len()) > CREDENTIAL_MAX_BYTES {
        return Err(Problem::wrong_password());
    }
    let attempt = api.limits.attempt(api.now(), source, &login);
    attempt.map_err(Problem::too_many_attempts)?;
    let operator = OperatorId::new(&login);
    let account = api.desk().account(&operator);
    let opens = opens(&api, (operator.clone(), account.hash), password).await?;
    if !opens || account.is_disabled {
        tracing::warn!(%operator, ?source, "вход отклонён");
        refused(&api, operator);
        return Err(Problem::wrong_password());
    }
    api.limits.succeeded(source, &login);
    let me = Me::of(&api, &operator).ok_or_else(Problem::wrong_password)?;
    let token = api
        .sessions
        .begin(api.now(), &operator)
        .map_err(Problem::unavailable)?;
    tracing::info!(%operator, "вход выполнен");
    api.note(Some(operator), Act::LoggedIn {});
    let cookie = cookie(&token, LIFETIME_S, &headers);
    Ok(([(header::SET_COOKIE, cookie)], Json(me)).into_response())
}

/// What is typed where a login belongs may be a password: only a known login is kept.
fn refused(api: &Api, operator: OperatorId) {
    let is_known = api.house.organisation.operators.contains_key(&operator);
    if is_known || api.limits.stranger(api.now()) {
        api.note(is_known.then_some(operator), Act::LoginRefused {});
    }
}

async fn opens(
    api: &Api,
    (operator, since): (OperatorId, Option<Pii<String>>),
    password: String,
) -> Result<bool, Problem> {
    let busy = || Problem::unavailable("Служба останавливается");
    let turn = Arc::clone(&api.password_checks)
        .acquire_owned()
        .await
        .map_err(|_| busy())?;
    let passwords = Arc::clone(&api.house.passwords);
    let check = tokio::task::spawn_blocking(move || {
        let since = since.as_ref().map(|hash| hash.expose().as_str());
        let opens = passwords.opens(&operator, &password, since);
        drop(turn);
        opens
    });
    check.await.map_err(|_| busy())
}

/// Выйти
#[utoipa::path(delete, path = "/api/v1/session", tag = "Вход",
    responses((status = 204, description = "Выход выполнен, cookie удалена")))]
pub(super) async fn sign_out(State(api): State<Api>, headers: HeaderMap) -> Response {
    if let Some(ticket) = ticket_of(&headers) {
        let operator = api.sessions.operator(api.now(), &ticket);
        api.sessions.end(&ticket);
        if operator.is_some() {
            api.note(operator, Act::LoggedOut {});
        }
    }
    (
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, cookie("", 0, &headers))],
    )
        .into_response()
}

/// `Secure` when the browser came by TLS, which ends before us. Tokens and numbers are ASCII, so
/// the value is always a legal one.
fn cookie(token: &str, max_age_s: u64, headers: &HeaderMap) -> HeaderValue {
    let tls = headers
        .get("x-forwarded-proto")
        .is_some_and(|proto| proto == "https");
    let secure = if tls { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={max_age_s}{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp(1_000_000_000);

    #[test]
    fn a_session_ends_when_idle_when_old_and_when_told_to() {
        let sessions = Sessions::default();
        let anna = OperatorId::new("anna");
        let token = ticket(&sessions.begin(T0, &anna).unwrap());
        let at = |s: u64| T0.plus_ms(s * 1_000);
        assert_eq!(
            sessions.operator(at(IDLE_S - 1), &token),
            Some(anna.clone())
        );
        assert_eq!(sessions.operator(at(2 * IDLE_S - 1), &token), None, "idle");
        let token = ticket(&sessions.begin(T0, &anna).unwrap());
        for s in (0..LIFETIME_S).step_by(1_800) {
            assert!(sessions.operator(at(s), &token).is_some());
        }
        assert_eq!(sessions.operator(at(LIFETIME_S), &token), None, "old");
        let token = ticket(&sessions.begin(T0, &anna).unwrap());
        sessions.end(&token);
        assert_eq!(sessions.operator(T0, &token), None, "told to");
    }

    #[test]
    fn the_sixth_session_of_an_operator_ends_the_first() {
        let sessions = Sessions::default();
        let anna = OperatorId::new("anna");
        let tokens: Vec<Ticket> = (0..6)
            .map(|i| ticket(&sessions.begin(T0.plus_ms(i), &anna).unwrap()))
            .collect();
        let open = |t: &Ticket| sessions.operator(T0.plus_ms(10), t).is_some();
        assert_eq!(
            tokens.iter().map(open).collect::<Vec<_>>(),
            [false, true, true, true, true, true]
        );
    }
}
