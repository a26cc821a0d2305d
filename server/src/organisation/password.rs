//! Passwords of the desk: argon2id, in the PHC string format.
//!
//! A wrong login costs as much time as a wrong password, so the answer does not tell which logins
//! exist. How often one may try is limited in `api/session.rs`.

use std::collections::BTreeMap;
use std::fmt;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use events::OperatorId;
use serde::Deserialize;

use super::Organisation;

/// What opens an operator's desk.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Password {
    /// An argon2 hash in the PHC string format: `$argon2id$v=19$…`.
    Hash(String),
    /// The password itself: for the sample on loopback only, hashed in memory at start.
    ForLoopback(String),
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The argon2id hash of a password with a fresh salt, for `password_hash` in the configuration.
///
/// # Errors
/// If the system gives no randomness, or the password is longer than argon2 takes.
pub fn hash_password(password: &str) -> Result<String, String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|e| format!("не удалось вычислить хэш пароля: {e}"))
}

/// Every operator's hash.
#[derive(Clone)]
pub struct PasswordBook {
    hashes: BTreeMap<OperatorId, PasswordHash>,
    /// Compared with when the login is unknown. Nothing matches it: its password was thrown away.
    nobody: PasswordHash,
}

impl fmt::Debug for PasswordBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordBook({} logins)", self.hashes.len())
    }
}

impl PasswordBook {
    /// Reads the hashes and hashes the sample passwords.
    ///
    /// # Errors
    /// A hash that is no PHC string; the text names the operator and says what to do.
    pub fn new(organisation: &Organisation) -> Result<Self, String> {
        let mut hashes = BTreeMap::new();
        for (login, card) in &organisation.operators {
            let text = match &card.password {
                Password::Hash(hash) => hash.clone(),
                Password::ForLoopback(password) => hash_password(password)?,
            };
            let hash = PasswordHash::new(&text).map_err(|e| {
                format!(
                    "оператор {login}: password_hash не читается ({e}); получите новый: liniya hash-password"
                )
            })?;
            hashes.insert(login.clone(), hash);
        }
        let mut unguessable = [0; 32];
        getrandom::fill(&mut unguessable)
            .map_err(|e| format!("система не даёт случайных чисел: {e}"))?;
        let nobody = Argon2::default()
            .hash_password(&unguessable)
            .map_err(|e| format!("не удалось вычислить хэш пароля: {e}"))?;
        Ok(Self { hashes, nobody })
    }

    /// Whether this password opens this operator's desk. Takes tens of milliseconds of a core and
    /// 19 MiB, whether the login exists or not: run it off the async threads. A hash that was given
    /// since goes before the configuration's.
    #[must_use]
    pub fn opens(&self, login: &OperatorId, password: &str, since: Option<&str>) -> bool {
        let since = since.and_then(|text| PasswordHash::new(text).ok());
        let listed = self.hashes.get(login);
        let known = listed.map(|listed| since.as_ref().unwrap_or(listed));
        let hash = known.unwrap_or(&self.nobody);
        let matches = Argon2::default()
            .verify_password(password.as_bytes(), hash)
            .is_ok();
        matches && known.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::{OperatorCard, Phone};

    fn with(password: Password) -> Organisation {
        let card = OperatorCard {
            full_name: "Иванова Анна Сергеевна".into(),
            position: "специалист".into(),
            password,
            queues: Vec::new(),
            phone: Phone::Registers,
            role: crate::organisation::Role::Operator,
            hears_recordings: false,
        };
        Organisation {
            operators: [("anna".into(), card)].into(),
            ..Organisation::default()
        }
    }

    #[test]
    fn a_hash_made_here_opens_the_desk_and_no_other_password_does() {
        let hash = hash_password("хороший пароль").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"));
        let book = PasswordBook::new(&with(Password::Hash(hash))).unwrap();
        assert!(book.opens(&"anna".into(), "хороший пароль", None));
        assert!(!book.opens(&"anna".into(), "плохой пароль", None));
        assert!(!book.opens(&"nobody".into(), "хороший пароль", None));
    }

    #[test]
    fn a_sample_password_works_and_is_never_printed() {
        let organisation = with(Password::ForLoopback("operator1".into()));
        let book = PasswordBook::new(&organisation).unwrap();
        assert!(book.opens(&"anna".into(), "operator1", None));
        assert!(!format!("{organisation:?} {book:?}").contains("operator1"));
    }

    #[test]
    fn an_unreadable_hash_says_whose_it_is_and_what_to_do() {
        let error = PasswordBook::new(&with(Password::Hash("secret".into()))).unwrap_err();
        assert!(
            error.contains("оператор anna") && error.contains("hash-password"),
            "{error}"
        );
    }
}
