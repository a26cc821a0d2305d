//! What the audit trail says of each act, in Russian.

use events::{
    Act, Audience, CallId, Channel, Date, Destination, Direction, NotificationKind, ReloadWay,
    ScriptTextEvent,
};

use super::audit::What;
use crate::organisation::{Organisation, Role};

pub(super) fn text_of(what: &What, house: &Organisation) -> String {
    match what {
        What::Act(act) => act_text(act, house),
        What::Broadcast(line, text) => {
            let place = line.as_ref().map_or_else(
                || "на всех линиях".to_owned(),
                |line| format!("на линии {line}"),
            );
            match text {
                Some(text) => format!("Объявление {place}: «{text}»"),
                None => format!("Объявление {place} снято"),
            }
        }
        What::Scripts(count) => format!("Сценарии помощника перечитаны: {count}"),
        What::Text(fact) => text_act(fact),
        What::Learned {
            who,
            topic,
            on,
            next,
        } => {
            let who = house.operator_name(who);
            let on = day(*on);
            let next =
                next.map_or_else(String::new, |next| format!(", повторить до {}", day(next)));
            format!("Отмечено обучение: {who}, тема {topic}, {on}{next}")
        }
    }
}

fn text_act(fact: &ScriptTextEvent) -> String {
    match fact {
        ScriptTextEvent::Proposed { proposal, file, .. } => {
            format!("Предложена правка № {}: {file}", proposal.0)
        }
        ScriptTextEvent::Approved { proposal, .. } => format!("Утверждена правка № {}", proposal.0),
        ScriptTextEvent::Rejected { proposal, why, .. } => {
            format!("Отклонена правка № {}: {why}", proposal.0)
        }
    }
}

const fn channel_title(channel: Channel) -> &'static str {
    match channel {
        Channel::Voice => "звонок",
        Channel::Sms => "СМС",
        Channel::Email => "письмо",
    }
}

const fn kind_title(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Received => "принято",
        NotificationKind::PaymentConfirmed => "оплата подтверждена",
        NotificationKind::Appointment => "запись на приём",
        NotificationKind::Result => "результат",
        NotificationKind::Stage => "этап",
        NotificationKind::StatusChanged => "новый статус",
        NotificationKind::NextSteps => "что делать дальше",
        NotificationKind::Campaign => "рассылка",
        NotificationKind::Internal => "служебное",
    }
}

/// «23.11.2026».
fn day(date: Date) -> String {
    let text = date.to_string();
    let parts: Vec<&str> = text.rsplit('-').collect();
    parts.join(".")
}

/// What a changed card gives or takes beside the name.
fn new_rights(role: Option<Role>, hears_recordings: Option<bool>) -> String {
    let role = role.map(|role| format!(", роль: {}", role.russian()));
    let recordings = hears_recordings.map(|hears| match hears {
        true => ", слушает записи",
        false => ", не слушает записи",
    });
    role.unwrap_or_default() + recordings.unwrap_or_default()
}

fn act_text(act: &Act, house: &Organisation) -> String {
    match act {
        Act::LoggedIn {} => "Вход".to_owned(),
        Act::LoggedOut {} => "Выход".to_owned(),
        Act::LoginRefused {} => "Вход отклонён: неверный логин или пароль".to_owned(),
        Act::RecordingHeard { file } => format!("Прослушана запись {file}"),
        Act::ScriptsReloaded { way } => match way {
            ReloadWay::Page => "Запрошена перезагрузка сценариев".to_owned(),
            ReloadWay::CommandLine => "Сценарии перезагружены командой liniya reload".to_owned(),
            ReloadWay::Signal => "Сценарии перезагружены сигналом SIGHUP".to_owned(),
        },
        Act::CampaignPlanned {
            name,
            channel,
            people,
        } => format!(
            "Рассылка «{name}»: {}, адресов: {people}",
            channel_title(*channel)
        ),
        Act::NotificationPlanned { key, kind, channel } => format!(
            "Уведомление {key}: {}, {}",
            kind_title(*kind),
            channel_title(*channel)
        ),
        Act::ConsentNoted { channels, allowed } => consented(channels, *allowed),
        Act::ScreenOpened { title, .. } => format!("Табло открыто экрану «{title}»"),
        Act::ScreenClosed { title, .. } => format!("Табло закрыто экрану «{title}»"),
        Act::CardChanged {
            of,
            full_name,
            position,
            role,
            hears_recordings,
        } => {
            let name = full_name.expose();
            let rights = new_rights(role.map(Role::from), *hears_recordings);
            format!("Карточка изменена: {name} ({of}), {position}{rights}")
        }
        Act::PasswordReset { of, .. } => format!("Новый пароль: {}", house.operator_name(of)),
        Act::AccountDisabled { of } => format!("Доступ закрыт: {}", house.operator_name(of)),
        Act::AccountEnabled { of } => format!("Доступ открыт: {}", house.operator_name(of)),
        Act::StateChanged { of, to } => {
            format!("{}: {}", house.operator_name(of), direction(*to, house))
        }
        Act::SkillsChanged { of, skills } => {
            let skills = skills.iter().map(|of| format!("{} {}", of.skill, of.level));
            let skills = skills.collect::<Vec<_>>().join(", ");
            let skills = if skills.is_empty() { "нет" } else { &skills };
            format!("{}: навыки: {skills}", house.operator_name(of))
        }
        Act::StrategyChanged { queue, strategy } => {
            let rule = crate::desk::team::title(*strategy);
            format!("Очередь «{}»: {rule}", house.queue_title(queue))
        }
        Act::CallMoved { call, to, .. } => moved(*call, to, house),
        Act::MessageSent { to, text } => {
            format!("Сообщение ({}): «{}»", audience(to, house), text.expose())
        }
        Act::UnansweredTaken { call, case } => {
            let number = events::CaseNumber::of(*case);
            format!("Звонок {call} без ответа: назначен обратный звонок {number}")
        }
        Act::UnansweredClosed { call, note } => {
            format!("Звонок {call} без ответа закрыт: {}", note.expose())
        }
        Act::RatingReviewed { call, note } => {
            format!("Низкая оценка звонка {call} разобрана: {}", note.expose())
        }
        Act::MessageRead { message } => format!("Прочитано сообщение {message}"),
    }
}

fn consented(channels: &[Channel], allowed: bool) -> String {
    let channels: Vec<&str> = channels.iter().map(|one| channel_title(*one)).collect();
    let word = if allowed {
        "Согласие на уведомления"
    } else {
        "Отказ от уведомлений"
    };
    format!("{word}: {}", channels.join(", "))
}

fn moved(call: CallId, to: &Destination, house: &Organisation) -> String {
    match to {
        Destination::Front => format!("Звонок {call}: в начало очереди"),
        Destination::Queue(queue) => {
            format!("Звонок {call}: в очередь «{}»", house.queue_title(queue))
        }
        Destination::Operator(operator) => {
            format!("Звонок {call}: {}", house.operator_name(operator))
        }
    }
}

fn direction(to: Direction, house: &Organisation) -> String {
    match to {
        Direction::Ready => "принимает звонки".to_owned(),
        Direction::NotReady(reason) => {
            let mut pauses = house.pauses.iter();
            let card = pauses.find(|card| card.reason == reason);
            let title = card.map_or("перерыв", |card| card.title.as_str());
            format!("не принимает звонки: {title}")
        }
        Direction::SignedOut => "смена закончена".to_owned(),
    }
}

/// Whom a message is for, in Russian.
pub(in crate::desk) fn audience(to: &Audience, house: &Organisation) -> String {
    match to {
        Audience::Everybody => "всем".to_owned(),
        Audience::Queue(queue) => format!("очередь «{}»", house.queue_title(queue)),
        Audience::Operator(operator) => house.operator_name(operator),
    }
}
