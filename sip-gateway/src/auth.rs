//! Digest authentication (RFC 2617, RFC 7616, RFC 8760 for SIP): our side as a registrar, and the
//! answering side.
//!
//! An unknown user and a wrong password cost the same work and get the same answer.

mod digest;

use std::collections::BTreeMap;
use std::fmt;

use events::{Millis, Timestamp};
use sha2::{Digest, Sha256};

use crate::message::Message;

pub use digest::{Algorithm, Challenge, Login, MAX_AUTHORIZATION_BYTES, NonceUse};
use digest::{Credentials, same, to_hex};

/// How long a nonce lives; after that the phone is asked again with `stale=true`.
pub const NONCE_LIFE: Millis = Millis(300_000);
/// Nonces whose use is remembered; above it the oldest are forgotten, and with them become stale.
pub const MAX_NONCES: usize = 100_000;

/// What an attempt to authenticate came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The sender knows this user's password.
    Authenticated {
        /// The user named in Authorization.
        user: String,
    },
    /// No credentials for our realm: challenge.
    Missing,
    /// The password is right but the nonce is old, or its count was used: challenge with
    /// `stale=true`, and the phone tries again without asking anybody.
    Stale,
    /// Unknown user, wrong password, a nonce that is not ours, or malformed: challenge again.
    Wrong,
}

/// Checks credentials. Its secret lives as long as the process.
pub struct Authenticator {
    realm: String,
    secret: [u8; 32],
    issued: u64,
    used: BTreeMap<(Timestamp, u64), Window>,
    /// Nonces up to this time have been forgotten.
    forgotten: Timestamp,
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator")
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

impl Authenticator {
    /// `secret` comes from a good random source.
    #[must_use]
    pub const fn new(realm: String, secret: [u8; 32]) -> Self {
        Self {
            realm,
            secret,
            issued: 0,
            used: BTreeMap::new(),
            forgotten: Timestamp(i64::MIN),
        }
    }

    /// Values of the WWW-Authenticate headers of a 401, the preferred one first (RFC 8760 §2.4).
    #[must_use]
    pub fn challenges(&mut self, now: Timestamp, stale: bool) -> [String; 2] {
        self.issued += 1;
        let nonce = self.nonce(now, self.issued);
        [Algorithm::Sha256, Algorithm::Md5].map(|algorithm| {
            Challenge {
                realm: self.realm.clone(),
                nonce: nonce.clone(),
                opaque: None,
                algorithm,
                qop_auth: true,
                stale,
            }
            .to_string()
        })
    }

    /// Checks the Authorization headers of a request. `password_of` knows the accounts.
    pub fn check<'p>(
        &mut self,
        now: Timestamp,
        request: &Message,
        password_of: impl FnOnce(&str) -> Option<&'p str>,
    ) -> Verdict {
        let mut found = false;
        for value in request.headers("Authorization") {
            let Some(answer) = Credentials::parse(value) else {
                continue;
            };
            if answer.realm == self.realm {
                return self.judge(now, request.method().as_str(), &answer, password_of);
            }
            found = true;
        }
        let malformed = !found && request.header("Authorization").is_some();
        if malformed {
            Verdict::Wrong
        } else {
            Verdict::Missing
        }
    }

    fn judge<'p>(
        &mut self,
        now: Timestamp,
        method: &str,
        answer: &Credentials,
        password_of: impl FnOnce(&str) -> Option<&'p str>,
    ) -> Verdict {
        let password = password_of(&answer.username);
        // The work is the same for a user that nobody knows.
        let expected = answer.expected(method, password.unwrap_or("nobody has this password"));
        let right = same(
            expected.as_bytes(),
            answer.response.to_ascii_lowercase().as_bytes(),
        );
        let issued = self.read_nonce(&answer.nonce);
        let (true, Some(_), Some(key)) = (right, password, issued) else {
            return Verdict::Wrong;
        };
        if self.take(now, key, answer.count) {
            Verdict::Authenticated {
                user: answer.username.clone(),
            }
        } else {
            Verdict::Stale
        }
    }

    /// `time-number-mac`, all hexadecimal: nothing is stored until it is used.
    fn nonce(&self, issued: Timestamp, number: u64) -> String {
        let plain = format!("{:016x}{number:016x}", issued.0);
        let mac = hmac_sha256(&self.secret, plain.as_bytes());
        format!("{plain}{}", to_hex(mac.get(..16).unwrap_or_default()))
    }

    fn read_nonce(&self, nonce: &str) -> Option<(Timestamp, u64)> {
        let time = u64::from_str_radix(nonce.get(..16)?, 16).ok()?;
        let number = u64::from_str_radix(nonce.get(16..32)?, 16).ok()?;
        let issued = Timestamp(time.cast_signed());
        let genuine = same(self.nonce(issued, number).as_bytes(), nonce.as_bytes());
        genuine.then_some((issued, number))
    }

    /// Whether this count of this nonce is fresh; from now on it is not.
    fn take(&mut self, now: Timestamp, key: (Timestamp, u64), count: u32) -> bool {
        self.forget(now);
        if key.0 <= self.forgotten || key.0 > now {
            return false;
        }
        self.used.entry(key).or_default().take(count)
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some(oldest) = self.used.first_entry() {
            let issued = oldest.key().0;
            if now.since(issued) <= NONCE_LIFE && self.used.len() < MAX_NONCES {
                break;
            }
            self.forgotten = self.forgotten.max(issued);
            self.used.pop_first();
        }
        let horizon = i64::try_from(NONCE_LIFE.0.saturating_mul(1_000)).unwrap_or(i64::MAX);
        self.forgotten = self.forgotten.max(Timestamp(now.0.saturating_sub(horizon)));
    }
}

/// Which counts of a nonce were used: the highest, and the 63 below it, because datagrams overtake
/// each other.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    highest: u32,
    seen: u64,
}

impl Window {
    fn take(&mut self, count: u32) -> bool {
        if count > self.highest {
            let shift = count - self.highest;
            self.seen = self.seen.checked_shl(shift).unwrap_or(0) | 1;
            self.highest = count;
            return true;
        }
        let back = self.highest - count;
        let Some(bit) = 1_u64.checked_shl(back) else {
            return false;
        };
        let fresh = count > 0 && self.seen & bit == 0;
        self.seen |= bit;
        fresh
    }
}

/// HMAC (RFC 2104) for keys up to one block.
fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut inner_pad = [0x36_u8; 64];
    let mut outer_pad = [0x5c_u8; 64];
    for ((inner, outer), key) in inner_pad.iter_mut().zip(&mut outer_pad).zip(key) {
        *inner ^= key;
        *outer ^= key;
    }
    let inner = Sha256::new()
        .chain_update(inner_pad)
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(outer_pad)
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests;
