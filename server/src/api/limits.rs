//! How often somebody may try to log in. Pure: time is an argument.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use events::Timestamp;

/// Attempts are counted over this time, ms.
const WINDOW_MS: u64 = 60_000;
/// Failures with one login in a window.
const PER_LOGIN: u32 = 10;
/// Failures from one address in a window: a room behind one router shares it.
const PER_SOURCE: u32 = 30;
/// Attempts with unknown logins that are put on the audit trail in a window: a flood of them must
/// not fill the journal.
const STRANGERS: u32 = 20;
/// Logins and addresses remembered at once; a flood of new ones is turned away.
const REMEMBERED_MAX: usize = 10_000;

/// Recent attempts.
#[derive(Debug, Default)]
pub(super) struct Limits {
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    counts: BTreeMap<Key, Count>,
    /// When what is no longer fresh was last forgotten: a flood must not make that the work.
    tidied: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Login(String),
    Source(Option<IpAddr>),
    /// Whoever is unknown here.
    Stranger,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    since: Timestamp,
    attempts: u32,
}

impl Limits {
    /// Counts an attempt before its password is looked at, so that many at once count too.
    ///
    /// # Errors
    /// Seconds to wait, when there were too many.
    pub(super) fn attempt(
        &self,
        now: Timestamp,
        source: Option<IpAddr>,
        login: &str,
    ) -> Result<(), u64> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let Counted { counts, tidied } = &mut *counted;
        if now.since(*tidied).0 >= WINDOW_MS {
            counts.retain(|_, count| is_fresh(count, now));
            *tidied = now;
        }
        if counts.len() + 2 > REMEMBERED_MAX {
            return Err(WINDOW_MS / 1_000);
        }
        let keys = [
            (Key::Source(source.map(network)), PER_SOURCE),
            (Key::Login(login.to_owned()), PER_LOGIN),
        ];
        for (key, limit) in &keys {
            if let Some(count) = counts.get(key).filter(|count| is_fresh(count, now))
                && count.attempts >= *limit
            {
                let left_ms = WINDOW_MS.saturating_sub(now.since(count.since).0);
                return Err(left_ms.div_ceil(1_000).max(1));
            }
        }
        for (key, _) in keys {
            let count = counts.entry(key).or_insert(Count {
                since: now,
                attempts: 0,
            });
            if !is_fresh(count, now) {
                *count = Count {
                    since: now,
                    attempts: 0,
                };
            }
            count.attempts += 1;
        }
        Ok(())
    }

    /// Whether an attempt with an unknown login is put on the audit trail: not in a flood of them.
    pub(super) fn stranger(&self, now: Timestamp) -> bool {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Count {
            since: now,
            attempts: 0,
        };
        let count = counted.counts.entry(Key::Stranger).or_insert(fresh);
        if !is_fresh(count, now) {
            *count = fresh;
        }
        count.attempts = count.attempts.saturating_add(1);
        count.attempts <= STRANGERS
    }

    /// The attempt was right: it counts as none.
    pub(super) fn succeeded(&self, source: Option<IpAddr>, login: &str) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.counts.remove(&Key::Login(login.to_owned()));
        if let Some(count) = counted.counts.get_mut(&Key::Source(source.map(network))) {
            count.attempts = count.attempts.saturating_sub(1);
        }
    }
}

fn is_fresh(count: &Count, now: Timestamp) -> bool {
    now.since(count.since).0 < WINDOW_MS
}

/// One household has a whole IPv6 network of 2^64 addresses.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << 64)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp(1_000_000_000);

    fn source(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn ten_wrong_passwords_of_one_login_are_enough_for_a_minute_wherever_they_come_from() {
        let limits = Limits::default();
        for i in 0..10 {
            assert_eq!(limits.attempt(T0, source(i), "operator1"), Ok(()));
        }
        assert_eq!(
            limits.attempt(T0.plus_ms(20_000), source(99), "operator1"),
            Err(40)
        );
        assert_eq!(limits.attempt(T0, source(99), "operator2"), Ok(()));
        assert_eq!(
            limits.attempt(T0.plus_ms(60_000), source(99), "operator1"),
            Ok(())
        );
    }

    #[test]
    fn one_source_that_tries_many_logins_is_stopped_and_others_are_not() {
        let limits = Limits::default();
        for i in 0..30 {
            assert_eq!(limits.attempt(T0, source(1), &format!("guess{i}")), Ok(()));
        }
        assert!(limits.attempt(T0, source(1), "operator1").is_err());
        assert_eq!(limits.attempt(T0, source(2), "operator1"), Ok(()));
    }

    #[test]
    fn who_logs_in_rightly_is_never_stopped() {
        let limits = Limits::default();
        for _ in 0..100 {
            assert_eq!(limits.attempt(T0, source(1), "operator1"), Ok(()));
            limits.succeeded(source(1), "operator1");
        }
    }

    #[test]
    fn an_ipv6_network_counts_as_one_source() {
        let limits = Limits::default();
        let address = |i: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, i]));
        for i in 0..30 {
            assert_eq!(limits.attempt(T0, address(i), &format!("guess{i}")), Ok(()));
        }
        assert!(limits.attempt(T0, address(77), "operator1").is_err());
    }

    #[test]
    fn a_flood_of_names_does_not_fill_the_memory() {
        let limits = Limits::default();
        let address = |i: u32| Some(IpAddr::from(i.to_be_bytes()));
        for i in 0..20_000 {
            let _ = limits.attempt(T0, address(i), &format!("guess{i}"));
        }
        assert!(limits.counted.lock().unwrap().counts.len() <= REMEMBERED_MAX);
        assert_eq!(
            limits.attempt(T0.plus_ms(60_000), source(1), "operator1"),
            Ok(())
        );
    }
}
