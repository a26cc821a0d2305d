//! Who may use which route: the guard that stands before every handler.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Api;
use super::problem::Problem;
use super::session::SignedIn;
use crate::organisation::Right;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Whoever comes.
    Anyone,
    /// Whoever is logged in.
    SignedIn,
    /// Whoever is logged in and has this right.
    With(Right),
}

/// Lets through whoever may.
pub(super) async fn guard(
    State((api, access)): State<(Api, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Err(problem) = check(&api, access, &mut parts).await {
        return problem.into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}

async fn check(
    api: &Api,
    access: Access,
    parts: &mut axum::http::request::Parts,
) -> Result<(), Problem> {
    match access {
        Access::Anyone => Ok(()),
        Access::SignedIn => SignedIn::from_request_parts(parts, api).await.map(drop),
        Access::With(right) => {
            let by = SignedIn::from_request_parts(parts, api).await?;
            api.require(&by.operator, right)
        }
    }
}

impl Api {
    /// # Errors
    /// If they have no such right.
    pub(super) fn require(&self, who: &events::OperatorId, right: Right) -> Result<(), Problem> {
        let organisation = self.organisation();
        let card = organisation.operators.get(who);
        if card.is_some_and(|card| card.may(right)) {
            Ok(())
        } else {
            Err(Problem::no_right(right))
        }
    }
}
