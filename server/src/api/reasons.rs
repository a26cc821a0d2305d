//! The closed lists and their Russian names, for every screen.

use axum::Json;
use axum::extract::State;
use events::{
    CallOutcome, ChosenBy, ClientType, DialogueOutcome, EndCause, Millis, NeedCode, NotReadyReason,
    PauseCard, UnansweredCause,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::problem::ProblemBody;
use super::session::SignedIn;

/// A word and its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Word {
    /// As in facts and commands.
    code: String,
    /// For people.
    title: String,
}

/// A pause that an operator may choose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PauseWord {
    /// As in facts and commands.
    code: String,
    /// For people.
    title: String,
    /// One pause should be no longer, minutes.
    cap_min: Option<u64>,
    /// All of a shift together should be no longer, minutes.
    shift_cap_min: Option<u64>,
}

/// Every closed list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Reasons {
    /// Pauses an operator may choose.
    pauses: Vec<PauseWord>,
    /// Every reason not to be ready, those of the system too.
    not_ready: Vec<Word>,
    /// The four outcomes (requirement row #29).
    outcomes: Vec<Word>,
    /// The nine needs (requirement row #43).
    needs: Vec<Word>,
    /// Who called (requirement row #49).
    clients: Vec<Word>,
    /// Who chose the service.
    chosen_by: Vec<Word>,
    /// How the assistant's dialogue ended.
    assistant: Vec<Word>,
    /// Why a request stayed without an answer (requirement row #6).
    unanswered: Vec<Word>,
    /// Why a call ended.
    ended: Vec<Word>,
}

/// Списки: причины, итоги, потребности
#[utoipa::path(get, path = "/api/v1/reasons", tag = "Рабочее место",
    responses(
        (status = 200, description = "Слова и их русские названия", body = Reasons),
        (status = 401, description = "Нужен вход", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>, _by: SignedIn) -> Json<Reasons> {
    let pauses = &api.house.organisation.pauses;
    Json(Reasons {
        pauses: pauses.iter().map(pause).collect(),
        not_ready: not_ready(pauses),
        outcomes: words(CallOutcome::ALL, CallOutcome::as_str, outcome_title),
        needs: words(NeedCode::ALL, NeedCode::as_str, need_title),
        clients: words(ClientType::ALL, ClientType::as_str, client_title),
        chosen_by: words(ChosenBy::ALL, ChosenBy::as_str, chosen_by_title),
        assistant: words(
            DialogueOutcome::ALL,
            DialogueOutcome::as_str,
            dialogue_title,
        ),
        unanswered: words(
            UnansweredCause::ALL,
            UnansweredCause::as_str,
            unanswered_title,
        ),
        ended: words(EndCause::ALL, EndCause::as_str, ended_title),
    })
}

fn pause(card: &PauseCard) -> PauseWord {
    let minutes = |cap: Millis| cap.0 / 60_000;
    PauseWord {
        code: card.reason.to_string(),
        title: card.title.clone(),
        cap_min: card.cap_ms.map(minutes),
        shift_cap_min: card.shift_cap_ms.map(minutes),
    }
}

/// The pauses of the configuration, and every other reason that may stand in a fact.
fn not_ready(pauses: &[PauseCard]) -> Vec<Word> {
    let configured = pauses.iter().map(|card| Word {
        code: card.reason.to_string(),
        title: card.title.clone(),
    });
    let other = NotReadyReason::ALL.iter();
    let other = other.filter(|reason| !pauses.iter().any(|card| card.reason == **reason));
    let other = other.map(|reason| Word {
        code: reason.to_string(),
        title: reason_title(*reason).to_owned(),
    });
    configured.chain(other).collect()
}

fn words<T: Copy>(
    all: &[T],
    code: fn(T) -> &'static str,
    title: fn(T) -> &'static str,
) -> Vec<Word> {
    all.iter()
        .map(|word| Word {
            code: code(*word).to_owned(),
            title: title(*word).to_owned(),
        })
        .collect()
}

const fn reason_title(reason: NotReadyReason) -> &'static str {
    match reason {
        NotReadyReason::SignedIn => "Начало смены",
        NotReadyReason::Break => "Перерыв",
        NotReadyReason::Lunch => "Обед",
        NotReadyReason::Training => "Обучение",
        NotReadyReason::Meeting => "Совещание",
        NotReadyReason::Rona => "Не ответили на звонок",
        NotReadyReason::Phone => "Телефон недоступен",
        NotReadyReason::Own(_) => "Другой перерыв",
    }
}

const fn outcome_title(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Answered => "Ответ дан",
        CallOutcome::Transferred => "Переведён специалисту",
        CallOutcome::WayGiven => "Дан способ получения информации",
        CallOutcome::Callback => "Обратный звонок",
    }
}

const fn need_title(need: NeedCode) -> &'static str {
    match need {
        NeedCode::Information => "Получение информации",
        NeedCode::Consultation => "Получение консультации",
        NeedCode::Forms => "Получение форм документов",
        NeedCode::Application => "Представление заявления, обращения, запроса, документов",
        NeedCode::Progress => "Информация о ходе рассмотрения",
        NeedCode::Result => "Получение результата, ответа, разъяснения",
        NeedCode::Feedback => "Предоставление обратной связи",
        NeedCode::FeedbackResult => "Результат рассмотрения обратной связи",
        NeedCode::Other => "Другие потребности",
    }
}

const fn client_title(client: ClientType) -> &'static str {
    match client {
        ClientType::Citizen => "Гражданин",
        ClientType::Entrepreneur => "Индивидуальный предприниматель",
        ClientType::Company => "Юридическое лицо",
        ClientType::Internal => "Внутренний клиент",
    }
}

const fn chosen_by_title(by: ChosenBy) -> &'static str {
    match by {
        ChosenBy::Line => "по номеру линии",
        ChosenBy::Speech => "назвал голосом",
        ChosenBy::Key => "выбрал кнопкой",
        ChosenBy::Operator => "указал оператор",
    }
}

const fn dialogue_title(outcome: DialogueOutcome) -> &'static str {
    match outcome {
        DialogueOutcome::ToPerson => "Помощник соединил по сценарию",
        DialogueOutcome::PersonAsked => "Попросил оператора",
        DialogueOutcome::NotUnderstood => "Помощник не понял",
        DialogueOutcome::Silence => "Молчал",
        DialogueOutcome::Contained => "Помощник ответил",
        DialogueOutcome::Rated => "Оценил",
        DialogueOutcome::CallerLeft => "Положил трубку",
        DialogueOutcome::Finished => "Разговор с помощником окончен",
    }
}

const fn unanswered_title(cause: UnansweredCause) -> &'static str {
    match cause {
        UnansweredCause::Abandoned => "Бросил в очереди",
        UnansweredCause::Timeout => "Истекло ожидание",
        UnansweredCause::NoOperators => "Нет операторов",
        UnansweredCause::AfterHours => "Нерабочее время",
        UnansweredCause::Overload => "Очередь полна",
        UnansweredCause::Failure => "Сбой",
        UnansweredCause::CallbackExpired => "Обратный звонок не выполнен",
    }
}

const fn ended_title(cause: EndCause) -> &'static str {
    match cause {
        EndCause::CallerHungUp => "Звонящий положил трубку",
        EndCause::Completed => "Завершён",
        EndCause::Failure => "Обрыв связи",
        EndCause::ServerRestarted => "Перезапуск службы",
    }
}
