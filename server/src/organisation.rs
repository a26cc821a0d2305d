//! Who works here and what things are called: the people's names behind the ids in the journal.
//!
//! Filled from `liniya.toml` and the services' files. Nothing of it enters the journal.

mod password;
mod role;

use std::collections::BTreeMap;

use events::{LineId, OperatorId, PauseCard, QueueId, ServiceId};
use serde::Deserialize;

pub use password::{Password, PasswordBook, hash_password};
pub use role::{Right, Role};

/// The authority, its lines, services, queues and operators.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name, as operators say it when they answer (requirement row #27).
    pub name: String,
    /// Local time minus UTC, minutes: where the day of «сегодня» begins. Moscow is 180.
    #[serde(default = "moscow_min")]
    pub utc_offset_min: i16,
    /// How long an unanswered call is owed a callback, hours.
    #[serde(default = "day_h")]
    pub unanswered_h: u16,
    /// Public services by id, without [`ServiceId::undetermined`].
    #[serde(default)]
    pub services: BTreeMap<ServiceId, ServiceCard>,
    /// Lines by the number callers dial.
    #[serde(default)]
    pub lines: BTreeMap<LineId, LineCard>,
    /// Queues by id.
    #[serde(default)]
    pub queues: BTreeMap<QueueId, QueueCard>,
    /// Operators by login.
    #[serde(default)]
    pub operators: BTreeMap<OperatorId, OperatorCard>,
    /// Whether operators see that a supervisor is in their talk.
    #[serde(default)]
    pub operators_see_supervision: bool,
    /// Why operators may pause.
    #[serde(default = "PauseCard::usual")]
    pub pauses: Vec<PauseCard>,
    /// Numbers outside that operators may dial, if they may.
    #[serde(default)]
    pub outside: Option<OutsideCard>,
}

/// Numbers outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsideCard {
    /// Whether a number may be typed, too.
    #[serde(default)]
    pub is_typed: bool,
    /// The address book.
    #[serde(default)]
    pub contacts: Vec<ContactCard>,
}

/// A body in the address book.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactCard {
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: String,
}

/// A public service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceCard {
    /// Its name for people.
    pub title: String,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineCard {
    /// Its name for people.
    pub title: String,
    /// Where its callers wait.
    pub queue: QueueId,
    /// The services it answers for.
    #[serde(default)]
    pub services: Vec<ServiceId>,
}

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueCard {
    /// Its name for people.
    pub title: String,
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorCard {
    /// Surname, name, patronymic if there is one.
    pub full_name: String,
    /// Position, as said in the greeting.
    pub position: String,
    /// What opens the desk.
    pub password: Password,
    /// The queues they serve.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// The phone their calls come to.
    #[serde(default)]
    pub phone: Phone,
    /// What they are in the house.
    #[serde(default)]
    pub role: Role,
    /// Whether an analyst may listen to recordings.
    #[serde(default)]
    pub hears_recordings: bool,
}

/// How an operator's phone is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phone {
    /// It registers with the gateway under the operator's login.
    #[default]
    Registers,
    /// It is always at this SIP address.
    Fixed(String),
}

const fn day_h() -> u16 {
    24
}

const fn moscow_min() -> i16 {
    180
}

impl Organisation {
    /// A service's name for people; the id itself if the configuration no longer knows it.
    #[must_use]
    pub fn service_title(&self, service: &ServiceId) -> String {
        if *service == ServiceId::undetermined() {
            return "Услуга не определена".into();
        }
        self.services
            .get(service)
            .map_or_else(|| service.to_string(), |card| card.title.clone())
    }

    /// A line's name for people; its number if the configuration no longer knows it.
    #[must_use]
    pub fn line_title(&self, line: &LineId) -> String {
        self.lines
            .get(line)
            .map_or_else(|| line.to_string(), |card| card.title.clone())
    }

    /// A queue's name for people; its id if the configuration no longer knows it.
    #[must_use]
    pub fn queue_title(&self, queue: &QueueId) -> String {
        self.queues
            .get(queue)
            .map_or_else(|| queue.to_string(), |card| card.title.clone())
    }

    /// An operator's name; the login if the configuration no longer knows them.
    #[must_use]
    pub fn operator_name(&self, operator: &OperatorId) -> String {
        let card = self.operators.get(operator);
        card.map_or_else(|| operator.to_string(), |card| card.full_name.clone())
    }

    /// The services a call on this line may be about, the undetermined one last.
    #[must_use]
    pub fn services_of(&self, line: &LineId) -> Vec<ServiceId> {
        let own = self.lines.get(line).map(|card| card.services.clone());
        let mut services = own.unwrap_or_default();
        services.push(ServiceId::undetermined());
        services
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_from_tables_and_refuses_unknown_keys() {
        let text = r#"
            name = "Министерство"
            [services.scrap_licence]
            title = "Лицензия на лом"
            [lines.100]
            title = "Консультация"
            queue = "consultation"
            services = ["scrap_licence"]
            [queues.consultation]
            title = "Консультация"
            [operators.anna]
            full_name = "Магомедова Патимат"
            position = "специалист"
            password = { hash = "$argon2id$" }
            phone = { fixed = "sip:anna@192.0.2.5" }
        "#;
        let read: Organisation = toml::from_str(text).unwrap();
        assert_eq!(read.utc_offset_min, 180);
        assert_eq!(
            read.service_title(&"scrap_licence".into()),
            "Лицензия на лом"
        );
        assert_eq!(
            read.service_title(&ServiceId::undetermined()),
            "Услуга не определена"
        );
        assert_eq!(read.operator_name(&"anna".into()), "Магомедова Патимат");
        assert_eq!(read.services_of(&"100".into()).len(), 2);
        let wrong = text.replace("position", "psition");
        assert!(toml::from_str::<Organisation>(&wrong).is_err());
    }
}
