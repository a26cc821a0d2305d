//! Who is logged in.

use axum::Json;
use axum::extract::State;
use events::OperatorId;
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::organisation::{Right, Role};

/// The operator who is logged in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// Login.
    login: String,
    /// Surname, name, patronymic.
    full_name: String,
    /// Position.
    position: String,
    /// What they are in the house.
    role: Role,
    /// What they may do.
    rights: Vec<Right>,
    /// May change the room.
    is_supervisor: bool,
    /// The authority's name.
    organisation: String,
    /// Whether the phone may be in the browser.
    has_browser_phone: bool,
}

impl Me {
    pub(super) fn of(api: &Api, operator: &OperatorId) -> Option<Self> {
        let organisation = api.organisation();
        let card = organisation.operators.get(operator)?;
        Some(Self {
            login: operator.to_string(),
            full_name: card.full_name.clone(),
            position: card.position.clone(),
            role: card.role,
            rights: card.rights(),
            is_supervisor: card.may(Right::ManageRoom),
            organisation: organisation.name.clone(),
            has_browser_phone: api.house.audio.is_on(),
        })
    }
}

/// Кто вошёл
#[utoipa::path(get, path = "/api/v1/me", tag = "Вход",
    responses(
        (status = 200, description = "Карточка вошедшего", body = Me),
        (status = 401, description = "Нужен вход", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>, by: SignedIn) -> Result<Json<Me>, Problem> {
    let me = Me::of(&api, &by.operator);
    me.map(Json).ok_or_else(Problem::signed_out)
}
