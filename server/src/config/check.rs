//! What the types cannot say: references, uniqueness, ranges, and passwords beyond loopback.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use events::NotReadyReason;

use super::{Config, Need, Operator, RegisterConfig, RegisterKind};

/// A mistake in the administrator's words, and where it stands.
#[derive(Debug)]
pub(super) struct Mistake {
    /// The table: `media` of `[media]`, `line` of `[[line]]`.
    pub(super) table: &'static str,
    /// The key in it.
    pub(super) key: &'static str,
    /// Of several tables of this name, the last one whose key has this value.
    pub(super) value: Option<String>,
    /// What is wrong and what to do.
    pub(super) what: String,
}

/// Nobody expects a call longer than this, hours.
const KEEP_MAX_H: u64 = 72;

type Checked<T = ()> = Result<T, Mistake>;

fn mistake(table: &'static str, key: &'static str, what: String) -> Mistake {
    Mistake {
        table,
        key,
        value: None,
        what,
    }
}

fn mistake_of(table: &'static str, key: &'static str, value: &str, what: String) -> Mistake {
    Mistake {
        value: Some(value.to_owned()),
        ..mistake(table, key, what)
    }
}

/// The first mistake.
pub(super) fn check(config: &Config) -> Checked {
    ports(config)?;
    if let Some((key, what)) = config.browser.mistake(&config.lines) {
        return Err(mistake("browser", key, what));
    }
    offset(config.organisation.utc_offset_min)?;
    let queues = unique(
        ("queue", "id", "очередь"),
        config.queues.iter().map(|q| q.id.as_str()),
    )?;
    unique(
        ("line", "number", "линия"),
        config.lines.iter().map(|l| l.number.as_str()),
    )?;
    unique(
        ("operator", "login", "оператор"),
        config.operators.iter().map(|o| o.login.as_str()),
    )?;
    unique(
        ("trunk", "name", "транк"),
        config.trunks.iter().map(|t| t.name.as_str()),
    )?;
    for line in &config.lines {
        let of = |what| mistake_of("line", "number", &line.number, what);
        known(&queues, &line.queue, &format!("линия {}", line.number)).map_err(of)?;
        if line.priority > 9 {
            let what = format!("priority = {}: нужно от 0 до 9", line.priority);
            return Err(of(format!("линия {}: {what}", line.number)));
        }
        if line.services.is_empty() {
            let what = "назовите хотя бы одну услугу в services";
            return Err(of(format!("линия {}: {what}", line.number)));
        }
    }
    waiting(config, &queues)?;
    pauses(config)?;
    unique(
        ("register", "name", "реестр"),
        config.registers.iter().map(|r| r.name.as_str()),
    )?;
    for register in &config.registers {
        let of = |what| mistake_of("register", "name", &register.name, what);
        self::register(register).map_err(of)?;
    }
    let beyond = listens_beyond_loopback(config);
    for operator in &config.operators {
        let of = |what| mistake_of("operator", "login", &operator.login, what);
        for queue in &operator.queues {
            known(&queues, queue, &format!("оператор {}", operator.login)).map_err(of)?;
        }
        levels(&format!("оператор {}", operator.login), &operator.skills).map_err(of)?;
        if !operator.role.takes_calls() && !operator.queues.is_empty() {
            let what = "аналитик не принимает звонки: напишите queues = [] или другую role";
            return Err(of(format!("оператор {}: {what}", operator.login)));
        }
        passwords(operator, beyond)?;
    }
    for trunk in &config.trunks {
        let of = |what| mistake_of("trunk", "name", &trunk.name, what);
        trunk
            .addresses
            .iter()
            .try_for_each(|a| network(&trunk.name, a))
            .map_err(of)?;
    }
    Ok(())
}

fn ports(config: &Config) -> Checked {
    let (min, max) = (config.media.port_min, config.media.port_max);
    if min % 2 != 0 {
        let what = format!(
            "media.port_min = {min}: порт RTP должен быть чётным, RTCP идёт на следующем \
             (RFC 3550 §11)"
        );
        return Err(mistake("media", "port_min", what));
    }
    if max <= min {
        let what = format!("media.port_max = {max}: должен быть больше port_min = {min}");
        return Err(mistake("media", "port_max", what));
    }
    Ok(())
}

/// From 12 hours west to 14 hours east.
fn offset(utc_offset_min: i16) -> Checked {
    if (-720..=840).contains(&utc_offset_min) {
        return Ok(());
    }
    let what = format!(
        "organisation.utc_offset_min = {utc_offset_min}: нужны минуты к востоку от UTC, от -720 до \
         840; Москва — 180"
    );
    Err(mistake("organisation", "utc_offset_min", what))
}

/// Where callers go on, and what they need.
fn waiting(config: &Config, queues: &BTreeSet<&str>) -> Checked {
    for queue in &config.queues {
        let of = |what| mistake_of("queue", "id", &queue.id, what);
        if !(1..=KEEP_MAX_H).contains(&queue.callback_keep_h) {
            let (id, hours) = (&queue.id, queue.callback_keep_h);
            return Err(of(format!(
                "очередь {id}: callback_keep_h = {hours}: нужно от 1 до {KEEP_MAX_H} часов"
            )));
        }
        let Some(to) = &queue.overflow_to else {
            continue;
        };
        known(queues, to, &format!("очередь {}: overflow_to", queue.id)).map_err(of)?;
        if *to == queue.id {
            let what = "overflow_to: нужна другая очередь";
            return Err(of(format!("очередь {}: {what}", queue.id)));
        }
    }
    for need in &config.needs {
        let of = |what| mistake_of("need", "queue", &need.queue, what);
        known(queues, &need.queue, "[[need]]").map_err(of)?;
        self::need(need).map_err(of)?;
    }
    Ok(())
}

/// Codes that can stand in a journal, each once, none of the system's own.
fn pauses(config: &Config) -> Checked {
    let codes = config.pauses.iter().map(|pause| pause.code.as_str());
    unique(("pause", "code", "перерыв"), codes)?;
    for pause in &config.pauses {
        let of = |what: &str| {
            let what = format!("перерыв «{}»: {what}", pause.code);
            mistake_of("pause", "code", &pause.code, what)
        };
        match NotReadyReason::parse(&pause.code) {
            None => {
                return Err(of(
                    "code — от 1 до 22 строчных латинских букв, цифр и знаков _, например paperwork",
                ));
            }
            Some(reason) if reason.is_systems() => {
                return Err(of("этот code ставит сама служба: выберите другой"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Levels from 1 to 9, each step of `relax` later than the one before.
fn need(need: &Need) -> Result<(), String> {
    let place = format!("[[need]] очереди {}", need.queue);
    if need.skills.is_empty() {
        return Err(format!("{place}: назовите хотя бы один навык в skills"));
    }
    levels(&place, &need.skills)?;
    let mut before = 0;
    for step in &need.relax {
        levels(&place, &step.skills)?;
        if step.after_s <= before {
            let after_s = step.after_s;
            return Err(format!(
                "{place}: relax.after_s = {after_s} должно быть больше {before}: шаги идут по времени"
            ));
        }
        before = step.after_s;
    }
    Ok(())
}

fn levels(place: &str, skills: &BTreeMap<String, u8>) -> Result<(), String> {
    let mut skills = skills.iter();
    match skills.find(|(_, level)| !(1..=9).contains(*level)) {
        Some((skill, level)) => Err(format!(
            "{place}: уровень навыка {skill} = {level}: нужно от 1 до 9"
        )),
        None => Ok(()),
    }
}

/// Each kind of register needs its own keys.
fn register(register: &RegisterConfig) -> Result<(), String> {
    let (missing, key) = match register.kind {
        RegisterKind::Http => (register.url.is_none(), "url"),
        RegisterKind::Files => (register.path.is_none(), "path"),
        RegisterKind::Database if register.url.is_none() => (true, "url"),
        RegisterKind::Database => (register.query.is_none(), "query"),
    };
    if missing {
        return Err(format!("реестр {}: не хватает ключа {key}", register.name));
    }
    if register.timeout_ms == 0 {
        return Err(format!(
            "реестр {}: timeout_ms — не меньше 1",
            register.name
        ));
    }
    Ok(())
}

fn unique<'a>(
    (table, key, name): (&'static str, &'static str, &str),
    ids: impl Iterator<Item = &'a str>,
) -> Checked<BTreeSet<&'a str>> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            let what = format!("{name} «{id}»: описание повторяется, оставьте одно");
            return Err(mistake_of(table, key, id, what));
        }
    }
    Ok(seen)
}

fn known(queues: &BTreeSet<&str>, queue: &str, place: &str) -> Result<(), String> {
    if queues.contains(queue) {
        return Ok(());
    }
    let all: Vec<&str> = queues.iter().copied().collect();
    Err(format!(
        "{place}: очереди «{queue}» нет. Описаны: {}",
        all.join(", ")
    ))
}

/// The first address that others can reach, with the keys that set it.
fn listens_beyond_loopback(config: &Config) -> Option<(&'static str, &'static str, SocketAddr)> {
    let listening = [
        ("server", "http", config.server.http),
        ("sip", "udp", config.sip.udp),
        ("sip", "tcp", config.sip.tcp),
    ];
    listening
        .into_iter()
        .find(|(_, _, address)| !address.ip().is_loopback())
}

fn passwords(
    operator: &Operator,
    beyond: Option<(&'static str, &'static str, SocketAddr)>,
) -> Checked {
    let login = &operator.login;
    let of = |what| mistake_of("operator", "login", login, what);
    if let (Some(_), Some((table, key, address))) = (&operator.password_for_loopback, beyond) {
        let what = format!(
            "{table}.{key} = {address} доступен не только с этого компьютера, а у оператора {login} \
             пароль образца password_for_loopback. Замените его на password_hash \
             (liniya hash-password) и phone_password"
        );
        return Err(mistake(table, key, what));
    }
    if operator.password_for_loopback.is_some() {
        return Ok(());
    }
    if operator.password_hash.is_none() {
        let what = "задайте password_hash (получить: liniya hash-password)";
        return Err(of(format!("оператор {login}: {what}")));
    }
    if operator.phone_password.is_none()
        && operator.phone_contact.is_none()
        && operator.role.takes_calls()
    {
        let what = "задайте phone_password или phone_contact для телефона";
        return Err(of(format!("оператор {login}: {what}")));
    }
    Ok(())
}

fn network(trunk: &str, address: &str) -> Result<(), String> {
    let (ip, bits) = address
        .split_once('/')
        .map_or((address, None), |(ip, b)| (ip, Some(b)));
    let ip: Option<IpAddr> = ip.parse().ok();
    let limit = match ip {
        Some(IpAddr::V4(_)) => 32,
        Some(IpAddr::V6(_)) => 128,
        None => return Err(bad_network(trunk, address)),
    };
    match bits.map(str::parse::<u8>) {
        None => Ok(()),
        Some(Ok(bits)) if bits <= limit => Ok(()),
        Some(_) => Err(bad_network(trunk, address)),
    }
}

fn bad_network(trunk: &str, address: &str) -> String {
    format!("транк {trunk}: «{address}» не адрес и не сеть; пример: 192.0.2.7 или 192.0.2.0/24")
}
