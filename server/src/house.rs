//! From configuration and scripts to the peers' settings: who is who in this organisation.

mod cases;
mod distribution;
mod outreach;
mod outside;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use events::{LineId, Millis, OperatorId, QueueId, ScriptId, ServiceId};
use ivr::script::Script;
use ivr::{Phrase, ScriptSet};
use sip_gateway::gateway::{Account, FixedContact, GatewayConfig, Limits};
use sip_gateway::trunk::Trunk;

use crate::api::VisitorRules;
use crate::config::{Config, Operator, Queue};
use crate::organisation::{
    LineCard, OperatorCard, Organisation, Password, Phone, QueueCard, ServiceCard,
};
use crate::switchboard::{LineSetup, Setup, TellingWait, Told};

pub use self::cases::{cases, registers, set_line_hours};
pub use self::distribution::distribution;
pub use self::outreach::{outreach, senders};

/// The name of the phrase that stands for the waiting music.
pub const MUSIC: &str = "music.waiting";

/// The assistant's scripts that every house needs beside those of its lines.
const RATING: &str = "rating";
const FAREWELL: &str = "farewell";
/// Takes what those leave whom nobody answered.
const UNANSWERED: &str = "unanswered";
/// Asks those who wait long whether to be called back.
const WAITING: &str = "waiting";

/// Something the configuration names is not in the scripts folder, or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Missing(String);

/// The organisation as people see it.
#[must_use]
pub fn organisation(config: &Config, scripts: &ScriptSet) -> Organisation {
    let services = scripts.services().iter().map(|service| {
        (
            service.id.clone(),
            ServiceCard {
                title: service.title.clone(),
            },
        )
    });
    let lines = config.lines.iter().map(|line| {
        let card = LineCard {
            title: line.title.clone(),
            queue: QueueId::new(&line.queue),
            services: line.services.iter().map(ServiceId::new).collect(),
        };
        (LineId::new(&line.number), card)
    });
    let queues = config.queues.iter().map(|queue| {
        (
            QueueId::new(&queue.id),
            QueueCard {
                title: queue.title.clone(),
            },
        )
    });
    Organisation {
        name: config.organisation.name.clone(),
        utc_offset_min: config.organisation.utc_offset_min,
        unanswered_h: config.organisation.unanswered_h,
        services: services.collect(),
        lines: lines.collect(),
        queues: queues.collect(),
        operators: config.operators.iter().map(card).collect(),
        operators_see_supervision: config.supervision.operator_sees,
        pauses: distribution::pauses(config),
        outside: outside::card(config),
    }
}

fn card(operator: &Operator) -> (OperatorId, OperatorCard) {
    let sample = || operator.password_for_loopback.clone().unwrap_or_default();
    let hash = operator.password_hash.clone().map(Password::Hash);
    let card = OperatorCard {
        full_name: operator.full_name.clone(),
        position: operator.position.clone(),
        password: hash.unwrap_or_else(|| Password::ForLoopback(sample())),
        queues: operator.queues.iter().map(QueueId::new).collect(),
        phone: operator
            .phone_contact
            .clone()
            .map_or(Phone::Registers, Phone::Fixed),
        role: operator.role,
        hears_recordings: operator.hears_recordings,
    };
    (OperatorId::new(&operator.login), card)
}

/// The gateway's settings, once the sockets are bound.
///
/// # Errors
/// [`Missing`] for a phone's address that is none.
pub fn gateway(
    config: &Config,
    udp: SocketAddr,
    tcp: SocketAddr,
) -> Result<GatewayConfig, Missing> {
    let advertised = config.sip.advertised.unwrap_or_else(|| config.sip.udp.ip());
    Ok(GatewayConfig {
        udp,
        tcp,
        advertised,
        media_address: config.sip.advertised.unwrap_or(config.media.address),
        media_ports: (config.media.port_min, config.media.port_max),
        realm: config.sip.realm.clone(),
        accounts: config
            .operators
            .iter()
            .filter(|operator| operator.role.takes_calls())
            .map(account)
            .collect::<Result<_, _>>()?,
        trunks: config.trunks.iter().map(trunk).collect::<Result<_, _>>()?,
        limits: Limits {
            // The switchboard counts calls; a call has two legs, and a ringing one may have a third;
            // where all are rung, each operator has one at most.
            max_legs: usize::try_from(config.sip.max_calls)
                .unwrap_or(usize::MAX)
                .saturating_mul(3)
                .saturating_add(config.operators.len()),
            new_calls_per_s: config.sip.new_calls_per_s,
            new_calls_burst: config.sip.new_calls_per_s.max(1),
            queue_delay: Millis(config.sip.overload_delay_ms),
            min_expires_s: config.sip.registration_min_s,
            max_expires_s: config.sip.registration_max_s,
            page_grace: Millis::from_s(config.browser.grace_s),
            ..Limits::default()
        },
        user_agent: "Liniya".into(),
    })
}

fn account(operator: &Operator) -> Result<Account, Missing> {
    let fixed = operator
        .phone_contact
        .as_deref()
        .map(FixedContact::parse)
        .transpose();
    let password = operator
        .phone_password
        .as_ref()
        .or(operator.password_for_loopback.as_ref());
    Ok(Account {
        name: operator.login.clone(),
        password: password.cloned().unwrap_or_default(),
        fixed: fixed.map_err(|_| bad_phone(operator))?,
    })
}

fn bad_phone(operator: &Operator) -> Missing {
    Missing(format!(
        "оператор {}: phone_contact «{}» не читается; пример: sip:101@192.0.2.5:5060, для TCP — \
         с ;transport=tcp в конце; нужен IP-адрес, не имя",
        operator.login,
        operator.phone_contact.as_deref().unwrap_or_default()
    ))
}

fn trunk(trunk: &crate::config::Trunk) -> Result<Trunk, Missing> {
    let sources = trunk.addresses.iter().map(|address| address.parse());
    Ok(Trunk {
        name: trunk.name.clone(),
        sources: sources
            .collect::<Result<_, _>>()
            .map_err(|e| Missing(format!("транк {}: {e}", trunk.name)))?,
        outbound: outreach::outbound(trunk)?,
    })
}

/// Who may call from the page for visitors; nobody if no line is named.
#[must_use]
pub fn visitors(config: &Config) -> Option<VisitorRules> {
    let browser = &config.browser;
    (!browser.visitor_line.is_empty()).then(|| VisitorRules {
        line: browser.visitor_line.clone(),
        at_once: browser.visitors,
        per_address: browser.visitors_per_address,
    })
}

/// The switchboard's setup.
///
/// # Errors
/// [`Missing`] names the script, service or phrase that the configuration wants and the scripts
/// folder does not have.
pub fn switchboard(config: &Config, scripts: &ScriptSet) -> Result<Setup, Missing> {
    let script = |id: &str, wanted_by: &str| {
        scripts.script(&ScriptId::new(id)).ok_or_else(|| {
            Missing(format!(
                "{wanted_by}: сценария «{id}» нет в папке assistant"
            ))
        })
    };
    let mut lines = BTreeMap::new();
    for line in &config.lines {
        let wanted_by = format!("линия {}", line.number);
        for service in &line.services {
            if scripts.service(&ServiceId::new(service)).is_none() {
                return Err(Missing(format!(
                    "{wanted_by}: услуги «{service}» нет в папке services"
                )));
            }
        }
        let settings = LineSetup {
            script: script(&line.script, &wanted_by)?,
            recording: line.recording,
            transcription: line.transcription,
            hours: None,
        };
        lines.insert(LineId::new(&line.number), settings);
    }
    let titles = scripts
        .services()
        .iter()
        .map(|s| (s.id.clone(), s.title.clone()));
    Ok(Setup {
        node: config.server.node,
        max_calls: usize::try_from(config.sip.max_calls).unwrap_or(usize::MAX),
        lines,
        rating: script(RATING, "оценка разговора")?,
        queue_hours: BTreeMap::new(),
        farewell: script(FAREWELL, "прощание")?,
        unanswered: script(UNANSWERED, "прощание, когда никто не ответил")?,
        waiting: phrase(scripts, "waiting.first")?,
        waiting_on: phrase(scripts, "waiting.again")?,
        told: config.queues.iter().map(told).collect(),
        callback_offer: callback_offer(config, scripts)?,
        telling_wait: TellingWait {
            place: phrase(scripts, "waiting.place")?,
            time: phrase(scripts, "waiting.time")?,
            long: phrase(scripts, "waiting.long")?,
        },
        transfer: phrase(scripts, "transfer.announcement")?,
        outside: outside::outside(config)?,
        supervisor_ring: Millis::from_s(config.supervision.ring_s.clamp(5, 120)),
        music: music(),
        utc_offset_min: config.organisation.utc_offset_min,
        service_titles: titles.collect(),
        classifier: scripts.classifier().cloned(),
        talk_list: scripts.talk_list().map(str::to_owned),
    })
}

fn told(queue: &Queue) -> (QueueId, Told) {
    let told = Told {
        place: queue.tell_place,
        wait: queue.tell_wait,
        keep: (queue.callback_expected_s > 0)
            .then(|| Millis::from_s(queue.callback_keep_h.saturating_mul(3_600))),
    };
    (QueueId::new(&queue.id), told)
}

/// The script that asks callers who wait, if any queue wants that.
fn callback_offer(config: &Config, scripts: &ScriptSet) -> Result<Option<Arc<Script>>, Missing> {
    let mut queues = config.queues.iter();
    let Some(queue) = queues.find(|queue| queue.callback_expected_s > 0) else {
        return Ok(None);
    };
    let found = scripts.script(&ScriptId::new(WAITING));
    found.map(Some).ok_or_else(|| {
        Missing(format!(
            "очередь {}: сценария «{WAITING}» нет в папке assistant; он предлагает перезвонить",
            queue.id
        ))
    })
}

fn phrase(scripts: &ScriptSet, name: &str) -> Result<Phrase, Missing> {
    let found = scripts.phrase(name).cloned();
    found.ok_or_else(|| Missing(format!("фразы «{name}» нет в папке phrases")))
}

/// The waiting music as a phrase; its sound is made by the shell.
#[must_use]
pub fn music() -> Phrase {
    Phrase {
        name: MUSIC.into(),
        text: String::new(),
    }
}
