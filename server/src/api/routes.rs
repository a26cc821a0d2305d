//! Every route of the door, and who may use it.

use axum::routing::{MethodRouter, get, post, put};

use super::access::Access;
use super::{
    Api, audit, board, calls, case_tasks, cases, desk, floor, health, knowledge, live, me,
    notifications, openapi, operator_scripts, owed, people, reasons, reload, reports, scripts,
    session, supervision, team, training, visitor, wallboard,
};
use crate::organisation::Right;

/// Method, path, who may, handler: everything but the console's files.
#[expect(
    clippy::too_many_lines,
    reason = "one table, to be read from top to bottom"
)]
pub(super) fn routes() -> Vec<(&'static str, &'static str, Access, MethodRouter<Api>)> {
    const ANYONE: Access = Access::Anyone;
    const SIGNED_IN: Access = Access::SignedIn;
    const DESK: Access = Access::With(Right::TakeCalls);
    const ROOM: Access = Access::With(Right::SeeRoom);
    const MANAGE: Access = Access::With(Right::ManageRoom);
    const LISTEN: Access = Access::With(Right::HearRecordings);
    const ADMIN: Access = Access::With(Right::Administer);
    vec![
        ("get", "/api/v1/audit", ADMIN, get(audit::show)),
        ("get", "/api/v1/audit.csv", ADMIN, get(audit::table)),
        ("get", "/api/v1/people", ADMIN, get(people::list)),
        (
            "put",
            "/api/v1/people/{login}/password",
            ADMIN,
            put(people::password),
        ),
        (
            "put",
            "/api/v1/people/{login}/card",
            ADMIN,
            put(people::card),
        ),
        (
            "put",
            "/api/v1/people/{login}/account",
            ADMIN,
            put(people::account),
        ),
        ("get", "/api/v1/floor", MANAGE, get(floor::show)),
        (
            "post",
            "/api/v1/calls/{call}/move",
            MANAGE,
            post(floor::relocate),
        ),
        ("post", "/api/v1/messages", MANAGE, post(floor::message)),
        ("get", "/api/v1/owed", MANAGE, get(owed::show)),
        (
            "post",
            "/api/v1/owed/calls/{call}/callback",
            MANAGE,
            post(owed::call_back),
        ),
        (
            "post",
            "/api/v1/owed/calls/{call}/close",
            MANAGE,
            post(owed::close),
        ),
        (
            "post",
            "/api/v1/owed/ratings/{call}/close",
            MANAGE,
            post(owed::review),
        ),
        (
            "get",
            "/api/v1/recordings/{file}",
            LISTEN,
            get(owed::recording),
        ),
        ("get", "/api/v1/team", MANAGE, get(team::show)),
        (
            "put",
            "/api/v1/team/{login}/skills",
            MANAGE,
            put(team::skills),
        ),
        (
            "put",
            "/api/v1/team/{login}/state",
            MANAGE,
            put(team::state),
        ),
        (
            "put",
            "/api/v1/queues/{queue}/strategy",
            MANAGE,
            put(team::strategy),
        ),
        ("get", "/metrics", ANYONE, get(health::metrics)),
        ("get", "/healthz", ANYONE, get(health::alive)),
        ("get", "/readyz", ANYONE, get(health::ready)),
        ("post", "/api/v1/session", ANYONE, post(session::sign_in)),
        (
            "delete",
            "/api/v1/session",
            ANYONE,
            axum::routing::delete(session::sign_out),
        ),
        ("get", "/api/v1/me", SIGNED_IN, get(me::show)),
        ("get", "/api/v1/desk", DESK, get(desk::show)),
        ("get", "/api/v1/desk/live", SIGNED_IN, get(live::open)),
        ("post", "/api/v1/desk/commands", DESK, post(desk::command)),
        ("get", "/call", ANYONE, get(visitor::page)),
        ("get", "/api/v1/visit", ANYONE, get(visitor::open)),
        ("get", "/api/v1/board", ROOM, get(board::show)),
        (
            "get",
            "/api/v1/wallboard/live",
            ANYONE,
            get(wallboard::live),
        ),
        (
            "get",
            "/api/v1/wallboard/screens",
            ADMIN,
            get(wallboard::list),
        ),
        (
            "post",
            "/api/v1/wallboard/screens",
            ADMIN,
            post(wallboard::open),
        ),
        (
            "delete",
            "/api/v1/wallboard/screens/{id}",
            ADMIN,
            axum::routing::delete(wallboard::close),
        ),
        (
            "post",
            "/api/v1/supervision",
            MANAGE,
            post(supervision::start),
        ),
        (
            "delete",
            "/api/v1/supervision",
            MANAGE,
            axum::routing::delete(supervision::stop),
        ),
        (
            "get",
            "/api/v1/operator-scripts/{service}",
            SIGNED_IN,
            get(operator_scripts::show),
        ),
        (
            "get",
            "/api/v1/operator-situations",
            SIGNED_IN,
            get(operator_scripts::situations),
        ),
        (
            "get",
            "/api/v1/bodies",
            SIGNED_IN,
            get(operator_scripts::bodies),
        ),
        ("get", "/api/v1/training", SIGNED_IN, get(training::show)),
        ("get", "/api/v1/training/due", SIGNED_IN, get(training::due)),
        (
            "post",
            "/api/v1/training/learned",
            MANAGE,
            post(training::learned),
        ),
        (
            "get",
            "/api/v1/training/callers/{id}",
            DESK,
            get(training::caller),
        ),
        (
            "post",
            "/api/v1/training/rehearsals",
            DESK,
            post(training::rehearsed),
        ),
        ("get", "/api/v1/knowledge", SIGNED_IN, get(knowledge::show)),
        (
            "get",
            "/api/v1/knowledge/expiring",
            SIGNED_IN,
            get(knowledge::expiring),
        ),
        ("get", "/api/v1/reasons", SIGNED_IN, get(reasons::show)),
        ("get", "/api/v1/calls", ROOM, get(calls::list)),
        ("get", "/api/v1/calls/{call}", ROOM, get(calls::show)),
        (
            "get",
            "/api/v1/calls/{call}/ladder",
            ROOM,
            get(calls::ladder),
        ),
        (
            "get",
            "/api/v1/reports/summary",
            ROOM,
            get(reports::summary),
        ),
        ("get", "/api/v1/cases", DESK, get(cases::show)),
        (
            "post",
            "/api/v1/cases/tasks",
            DESK,
            post(case_tasks::carry_out),
        ),
        (
            "get",
            "/api/v1/cases/recordings/{file}",
            DESK,
            get(cases::recording),
        ),
        (
            "post",
            "/api/v1/cases/{number}/answer",
            DESK,
            post(case_tasks::answer),
        ),
        (
            "post",
            "/api/v1/cases/{number}/callback",
            DESK,
            post(case_tasks::callback),
        ),
        ("get", "/api/v1/scripts", ROOM, get(scripts::list)),
        (
            "get",
            "/api/v1/scripts/{script}/picture",
            ROOM,
            get(scripts::show_picture),
        ),
        (
            "post",
            "/api/v1/scripts/{script}/trial",
            ROOM,
            post(scripts::try_out),
        ),
        (
            "post",
            "/api/v1/scripts/reload",
            MANAGE,
            post(reload::reload),
        ),
        (
            "get",
            "/api/v1/notifications",
            ROOM,
            get(notifications::show),
        ),
        (
            "post",
            "/api/v1/notifications",
            MANAGE,
            post(notifications::tell),
        ),
        (
            "post",
            "/api/v1/campaigns",
            MANAGE,
            post(notifications::campaign),
        ),
        (
            "post",
            "/api/v1/consents",
            DESK,
            post(notifications::consent),
        ),
        (
            "put",
            "/api/v1/broadcast",
            MANAGE,
            put(notifications::broadcast),
        ),
        ("get", "/api/openapi.json", ANYONE, get(openapi::show)),
    ]
}
