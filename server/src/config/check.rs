//! What the types cannot say: references, uniqueness, ranges, and passwords beyond loopback.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::{Config, Operator};

/// The first mistake, in the administrator's words.
pub(super) fn check(config: &Config) -> Result<(), String> {
    ports(config)?;
    let queues = unique("очередь", config.queues.iter().map(|q| q.id.as_str()))?;
    unique("линия", config.lines.iter().map(|l| l.number.as_str()))?;
    unique("оператор", config.operators.iter().map(|o| o.login.as_str()))?;
    unique("транк", config.trunks.iter().map(|t| t.name.as_str()))?;
    for line in &config.lines {
        known(&queues, &line.queue, &format!("линия {}", line.number))?;
        if line.services.is_empty() {
            return Err(format!("линия {}: назовите хотя бы одну услугу в services", line.number));
        }
    }
    for operator in &config.operators {
        for queue in &operator.queues {
            known(&queues, queue, &format!("оператор {}", operator.login))?;
        }
        passwords(operator, config.is_loopback_only())?;
    }
    for trunk in &config.trunks {
        trunk.addresses.iter().try_for_each(|a| network(&trunk.name, a))?;
    }
    Ok(())
}

fn ports(config: &Config) -> Result<(), String> {
    let (min, max) = (config.media.port_min, config.media.port_max);
    if min % 2 != 0 {
        return Err(format!("media.port_min = {min}: порт RTP должен быть чётным, RTCP идёт на следующем (RFC 3550 §11)"));
    }
    if max <= min {
        return Err(format!("media.port_max = {max}: должен быть больше port_min = {min}"));
    }
    Ok(())
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>) -> Result<BTreeSet<&'a str>, String> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(format!("{what} «{id}» описана дважды: оставьте одно описание"));
        }
    }
    Ok(seen)
}

fn known(queues: &BTreeSet<&str>, queue: &str, place: &str) -> Result<(), String> {
    if queues.contains(queue) {
        return Ok(());
    }
    let all: Vec<&str> = queues.iter().copied().collect();
    Err(format!("{place}: очереди «{queue}» нет. Описаны: {}", all.join(", ")))
}

fn passwords(operator: &Operator, loopback_only: bool) -> Result<(), String> {
    let login = &operator.login;
    match (&operator.password_hash, &operator.password_for_loopback) {
        (None, None) => Err(format!(
            "оператор {login}: задайте password_hash (получить: liniya hash-password)"
        )),
        (_, Some(_)) if !loopback_only => Err(format!(
            "оператор {login}: password_for_loopback годится только для 127.0.0.1, а служба \
             слушает и другие адреса. Замените его на password_hash (liniya hash-password) и phone_password"
        )),
        _ if operator.phone_password.is_none()
            && operator.phone_contact.is_none()
            && operator.password_for_loopback.is_none() =>
        {
            Err(format!("оператор {login}: задайте phone_password или phone_contact для телефона"))
        }
        _ => Ok(()),
    }
}

fn network(trunk: &str, address: &str) -> Result<(), String> {
    let (ip, bits) = address.split_once('/').map_or((address, None), |(ip, b)| (ip, Some(b)));
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
