//! From configuration and calendars to the rules of appointments, complaints and callbacks.

use std::time::Duration;

use cases::io::calendars::Calendars;
use cases::io::status::{HttpSource, RegisterConfig, Source};
use cases::status::Columns;
use cases::{Responsible, Settings, WeekHours};
use events::{LineId, Millis, QueueId, ServiceId};

use super::Missing;
use crate::config::{self, Config, RegisterKind};
use crate::switchboard::Setup;

/// The rules' settings.
///
/// # Errors
/// [`Missing`] names the hours that the calendars do not have.
pub fn cases(config: &Config, calendars: &Calendars) -> Result<Settings, Missing> {
    let person = |person: &config::ResponsibleConfig| Responsible {
        name: person.name.clone(),
        email: person.email.clone(),
        services: person.services.iter().map(ServiceId::new).collect(),
    };
    let wanted = &config.cases.callback_hours;
    Ok(Settings {
        utc_offset_min: config.organisation.utc_offset_min,
        calendar: calendars.production.clone(),
        receptions: calendars.receptions.clone(),
        responsible: config.responsible.iter().map(person).collect(),
        complaint_days: config.cases.complaint_days,
        warn_days: config.cases.warn_days,
        callback_hours: hours(calendars, wanted, "[cases] callback_hours")?,
    })
}

/// Gives each line and each queue its hours.
///
/// # Errors
/// [`Missing`] names the hours that the calendars do not have.
pub fn set_line_hours(
    config: &Config,
    calendars: &Calendars,
    setup: &mut Setup,
) -> Result<(), Missing> {
    for line in &config.lines {
        if let Some(wanted) = &line.hours
            && let Some(setup) = setup.lines.get_mut(&LineId::new(&line.number))
        {
            let wanted_by = format!("линия {}", line.number);
            setup.hours = Some(hours(calendars, wanted, &wanted_by)?);
        }
    }
    for queue in &config.queues {
        if let Some(wanted) = &queue.hours {
            let hours = hours(calendars, wanted, &format!("очередь {}", queue.id))?;
            setup.queue_hours.insert(QueueId::new(&queue.id), hours);
        }
    }
    Ok(())
}

fn hours(calendars: &Calendars, wanted: &str, wanted_by: &str) -> Result<WeekHours, Missing> {
    calendars.hours.get(wanted).cloned().ok_or_else(|| {
        Missing(format!(
            "{wanted_by}: часов «{wanted}» нет в папке calendars; добавьте [[hours]] с таким id"
        ))
    })
}

/// The registers of applications. What each kind needs was checked with the configuration.
#[must_use]
pub fn registers(config: &Config) -> Vec<RegisterConfig> {
    let url = |register: &config::RegisterConfig| register.url.clone().unwrap_or_default();
    let one = |register: &config::RegisterConfig| RegisterConfig {
        name: register.name.clone(),
        source: match register.kind {
            RegisterKind::Http => Source::Http(HttpSource {
                url: url(register),
                authorization: register.authorization.clone(),
                status: register.status.clone(),
                due: register.due.clone(),
                trusted: register.trusted.clone(),
            }),
            RegisterKind::Files => Source::Files {
                path: register.path.clone().unwrap_or_default(),
                columns: Columns {
                    number: register.number.clone(),
                    status: register.status.clone(),
                    due: register.due.clone(),
                },
            },
            RegisterKind::Database => Source::Database {
                url: url(register),
                query: register.query.clone().unwrap_or_default(),
            },
        },
        timeout: Duration::from_millis(register.timeout_ms),
        kept: Millis::from_s(register.kept_h.saturating_mul(3_600)),
    };
    config.registers.iter().map(one).collect()
}
