//! What the API is, for programs: OpenAPI 3.1.

use axum::Json;
use utoipa::OpenApi;

use super::{
    audit, board, calls, case_tasks, cases, desk, floor, health, knowledge, live, me,
    notifications, operator_scripts, owed, people, reasons, reload, reports, script_texts, scripts,
    session, supervision, team, training, visitor, wallboard,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Линия",
        description = "Рабочее место оператора, табло смены, звонки и отчёты контакт-центра. \
            Вход — POST /api/v1/session; дальше cookie liniya_session."
    ),
    paths(
        health::metrics,
        health::alive,
        health::ready,
        session::sign_in,
        session::sign_out,
        me::show,
        desk::show,
        live::open,
        desk::command,
        visitor::page,
        visitor::open,
        board::show,
        wallboard::live,
        wallboard::list,
        wallboard::open,
        wallboard::close,
        floor::show,
        floor::relocate,
        floor::message,
        owed::show,
        owed::call_back,
        owed::close,
        owed::review,
        owed::recording,
        team::show,
        team::skills,
        team::state,
        team::strategy,
        audit::show,
        audit::table,
        people::list,
        people::password,
        people::card,
        people::account,
        supervision::start,
        supervision::stop,
        operator_scripts::show,
        operator_scripts::situations,
        operator_scripts::bodies,
        training::show,
        training::due,
        training::learned,
        training::caller,
        training::rehearsed,
        knowledge::show,
        knowledge::expiring,
        reasons::show,
        calls::list,
        calls::show,
        calls::ladder,
        reports::summary,
        cases::show,
        cases::recording,
        case_tasks::carry_out,
        case_tasks::answer,
        case_tasks::callback,
        script_texts::list,
        script_texts::lint,
        script_texts::propose,
        script_texts::show,
        script_texts::approve,
        script_texts::reject,
        scripts::list,
        scripts::show_picture,
        scripts::try_out,
        reload::reload,
        notifications::show,
        notifications::tell,
        notifications::campaign,
        notifications::consent,
        notifications::broadcast,
        show,
    )
)]
struct Document;

/// Описание API
#[utoipa::path(get, path = "/api/openapi.json", tag = "Наблюдение",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(super) async fn show() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_is_documented_and_every_documented_path_is_a_route() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let documented: BTreeSet<(String, String)> = paths
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys();
                methods.map(move |method| (method.clone(), path.clone()))
            })
            .collect();
        let routes: BTreeSet<(String, String)> = super::super::routes::routes()
            .into_iter()
            .chain(script_texts::routes())
            .map(|(method, path, ..)| (method.to_owned(), path.to_owned()))
            .collect();
        assert_eq!(documented, routes);
    }
}
