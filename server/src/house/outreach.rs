//! From configuration, scripts and templates to what people are told of the house's own accord.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cases::OpenRange;
use cases::io::{SmsFormat, SmsSettings, SmtpSettings, SmtpTls};
use cases::notify::{Hours, Policy, Reminder, Retry, Rules, Templates};
use events::{Channel, LineId, Millis, ScriptId, ServiceId};
use ivr::ScriptSet;
use sip_gateway::gateway::FixedContact;
use sip_gateway::trunk::{Outbound, TrunkLogin};

use super::Missing;
use crate::config::{self, Config, NotifyConfig, ReminderBy, TlsMode};
use crate::switchboard::{DialSetup, Outreach, OutreachSetup};

/// The script of a call back.
const CALLBACK: &str = "callback";
/// A reminder is useless from an hour before the visit.
const REMINDER_USELESS: Millis = Millis(3_600_000);

/// How a trunk calls out, if it does.
pub(super) fn outbound(trunk: &config::Trunk) -> Result<Option<Outbound>, Missing> {
    let Some(call_out) = &trunk.call_out else {
        return Ok(None);
    };
    let gateway = FixedContact::parse(call_out).map_err(|_| {
        Missing(format!(
            "транк {}: call_out «{call_out}» не читается; пример: sip:192.0.2.7:5060, для TCP — с \
             ;transport=tcp в конце; нужен IP-адрес, не имя",
            trunk.name
        ))
    })?;
    let login = trunk.call_user.as_ref().map(|user| TrunkLogin {
        user: user.clone(),
        password: trunk.call_password.clone().unwrap_or_default(),
    });
    Ok(Some(Outbound {
        gateway,
        domain: trunk.call_domain.clone(),
        caller: trunk.call_as.clone(),
        login,
    }))
}

/// What people are told, without a past; `places` are the titles of receptions.
///
/// # Errors
/// [`Missing`] names the line, trunk, script or hours that are not there.
pub fn outreach(
    config: &Config,
    scripts: &ScriptSet,
    templates: Templates,
    places: BTreeMap<String, String>,
) -> Result<Outreach, Missing> {
    let dial = dial(config)?;
    let mut channels = BTreeSet::new();
    channels.extend(dial.is_some().then_some(Channel::Voice));
    channels.extend((!config.sms.url.is_empty()).then_some(Channel::Sms));
    channels.extend((!config.smtp.host.is_empty()).then_some(Channel::Email));
    let wanted = templates.iter().filter_map(|template| {
        let (script, _) = template.voice.as_ref()?;
        Some((script.clone(), format!("шаблон «{}»", template.title)))
    });
    let callback = (CALLBACK.to_owned(), "обратный звонок".to_owned());
    let mut by_name = BTreeMap::new();
    for (name, wanted_by) in wanted.chain([callback]) {
        match scripts.script(&ScriptId::new(&name)) {
            Some(script) => {
                by_name.insert(name, script);
            }
            None if dial.is_none() => {} // nobody is called
            None => {
                let what = format!("{wanted_by}: сценария «{name}» нет в папке assistant");
                return Err(Missing(what));
            }
        }
    }
    let titles = scripts
        .services()
        .iter()
        .map(|service| (service.id.clone(), service.title.clone()));
    let setup = OutreachSetup {
        dial,
        scripts: by_name,
        display: config.organisation.name.clone(),
        services: titles.collect::<BTreeMap<ServiceId, String>>(),
        places,
    };
    let policy = policy(config, &channels)?;
    Ok(Outreach::new(policy, templates, setup, channels))
}

fn dial(config: &Config) -> Result<Option<DialSetup>, Missing> {
    let notify = &config.notify;
    if notify.trunk.is_empty() {
        return Ok(None);
    }
    let trunk = config
        .trunks
        .iter()
        .find(|trunk| trunk.name == notify.trunk);
    let calls_out = trunk.is_some_and(|trunk| trunk.call_out.is_some());
    if !calls_out {
        return Err(Missing(format!(
            "notify.trunk = «{}»: такого транка с call_out нет; добавьте call_out в его [[trunk]] или \
             оставьте notify.trunk пустым",
            notify.trunk
        )));
    }
    let first = config.lines.first().map(|line| line.number.as_str());
    let line = match notify.line.as_str() {
        "" => first.unwrap_or_default(),
        line => line,
    };
    if !config.lines.iter().any(|known| known.number == line) {
        return Err(Missing(format!("notify.line = «{line}»: такой линии нет")));
    }
    let share = config.sip.max_calls.saturating_mul(notify.share_percent) / 100;
    Ok(Some(DialSetup {
        trunk: notify.trunk.clone(),
        line: LineId::new(line),
        max_calls: usize::try_from(notify.max_calls.min(share)).unwrap_or(usize::MAX),
        yields: notify.yield_to_callers,
        ring: Millis::from_s(notify.ring_s),
    }))
}

fn policy(config: &Config, channels: &BTreeSet<Channel>) -> Result<Policy, Missing> {
    let notify = &config.notify;
    let hours = Hours {
        weekday: hours("weekdays", &notify.weekdays)?,
        weekend: hours("weekends", &notify.weekends)?,
    };
    let rules = |needs_consent, cap, window_h: u64| Rules {
        hours,
        needs_consent,
        cap,
        cap_window: Millis::from_s(window_h.saturating_mul(3_600)),
    };
    let retry = retry(notify);
    let channel = match notify.reminder {
        ReminderBy::Voice => Some(Channel::Voice),
        ReminderBy::Sms => Some(Channel::Sms),
        ReminderBy::None => None,
    };
    let reminder = channel
        .filter(|channel| channels.contains(channel))
        .map(|channel| Reminder {
            channel,
            before: Millis::from_s(notify.reminder_h.saturating_mul(3_600)),
            useless: REMINDER_USELESS,
        });
    Ok(Policy {
        node: config.server.node,
        utc_offset_min: config.organisation.utc_offset_min,
        cases: rules(notify.case_consent, notify.case_cap, notify.case_cap_h),
        campaigns: rules(true, notify.campaign_cap, notify.campaign_cap_h),
        voice: retry,
        sms: retry,
        email: retry,
        reminder,
    })
}

fn retry(notify: &NotifyConfig) -> Retry {
    let minutes = |min: u64| Millis::from_s(min.saturating_mul(60));
    Retry {
        attempts: notify.attempts.max(1),
        busy: minutes(notify.busy_min),
        no_answer: minutes(notify.no_answer_min),
        failed: minutes(notify.failed_min),
    }
}

fn hours(key: &str, text: &str) -> Result<(u16, u16), Missing> {
    if text.trim().is_empty() {
        return Ok((0, 0));
    }
    let range = OpenRange::parse(text).map_err(|e| Missing(format!("notify.{key}: {e}")))?;
    Ok((range.from_min, range.until_min))
}

/// Who sends letters and short messages.
#[must_use]
pub fn senders(config: &Config) -> (Option<SmtpSettings>, Option<SmsSettings>) {
    let smtp = &config.smtp;
    let letters = (!smtp.host.is_empty()).then(|| SmtpSettings {
        host: smtp.host.clone(),
        port: smtp.port,
        tls: match smtp.tls {
            TlsMode::Starttls => SmtpTls::Starttls,
            TlsMode::Implicit => SmtpTls::Implicit,
            TlsMode::None => SmtpTls::None,
        },
        login: (!smtp.user.is_empty()).then(|| (smtp.user.clone(), smtp.password.clone())),
        from: smtp.from.clone(),
        trusted: smtp.trusted.clone(),
        timeout: Duration::from_secs(smtp.timeout_s),
    });
    let sms = &config.sms;
    let messages = (!sms.url.is_empty()).then(|| SmsSettings {
        url: sms.url.clone(),
        format: match sms.format {
            config::SmsFormat::Form => SmsFormat::Form,
            config::SmsFormat::Json => SmsFormat::Json,
        },
        authorization: (!sms.authorization.is_empty()).then(|| sms.authorization.clone()),
        fields: sms.fields.clone(),
        accepted: sms.accepted.clone(),
        trusted: sms.trusted.clone(),
        timeout: Duration::from_secs(sms.timeout_s),
    });
    (letters, messages)
}
