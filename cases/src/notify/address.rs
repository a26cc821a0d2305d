//! Telephone numbers and e-mail addresses: one spelling each, and how they are shown.

use std::fmt;

use events::{Channel, Pii};

/// Digits of a number of the Russian plan with its country code.
const RUSSIAN_DIGITS: usize = 11;
/// ITU-T E.164: digits of any number at most.
const DIGITS_MAX: usize = 15;
/// Shorter numbers are extensions of this house.
const DIGITS_MIN: usize = 3;
/// RFC 5321 §4.5.3.1.
const EMAIL_MAX: usize = 254;

/// Where somebody is told something, in the one spelling by which the house knows it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(Pii<String>);

impl Address {
    /// Reads a telephone number (`8 (999) 123-45-67`, `+79991234567`, an extension) or an e-mail
    /// address, whichever the channel needs; none if it is neither.
    #[must_use]
    pub fn parse(channel: Channel, text: &str) -> Option<Self> {
        match channel {
            Channel::Voice | Channel::Sms => phone(text),
            Channel::Email => email(text),
        }
        .map(|text| Self(Pii::new(text)))
    }

    /// As it stands in the journal.
    #[must_use]
    pub const fn text(&self) -> &Pii<String> {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

fn phone(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '+');
    if !text.chars().all(fits) || text.chars().skip(1).any(|c| c == '+') {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let international = text.starts_with('+');
    match (digits.len(), digits.split_at_checked(1)) {
        // The trunk prefix 8 of the Russian plan, or 7 without its plus.
        (RUSSIAN_DIGITS, Some(("7" | "8", rest))) if !international || digits.starts_with('7') => {
            Some(format!("+7{rest}"))
        }
        (10, _) if !international && digits.starts_with('9') => Some(format!("+7{digits}")),
        (DIGITS_MIN..=DIGITS_MAX, _) if international => Some(format!("+{digits}")),
        (DIGITS_MIN..=DIGITS_MAX, _) => Some(digits),
        _ => None,
    }
}

fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (user, host) = text.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',');
    let host_fits = host.contains('.') || host == "localhost";
    let fits = !user.is_empty()
        && host_fits
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.len() <= EMAIL_MAX
        && text.chars().all(plain)
        && !user.contains('@');
    fits.then(|| format!("{user}@{}", host.to_lowercase()))
}

/// An address as those see it who need to tell one from the other but not to know it:
/// `+7 *** ***-**-12`, `i***@example.ru`.
#[must_use]
pub fn masked(address: &Pii<String>) -> String {
    let text = address.expose();
    if let Some((user, host)) = text.rsplit_once('@') {
        let first: String = user.chars().take(1).collect();
        return format!("{first}***@{host}");
    }
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() <= DIGITS_MIN + 1 {
        return text.clone(); // an extension of this house
    }
    let last: String = digits.iter().skip(digits.len() - 2).collect();
    let country = if text.starts_with("+7") { "+7 " } else { "" };
    format!("{country}*** ***-**-{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(channel: Channel, text: &str) -> Option<String> {
        Address::parse(channel, text).map(|address| address.text().expose().clone())
    }

    #[test]
    fn one_number_has_one_spelling() {
        for text in [
            "+7 999 123-45-67",
            "8 (999) 123-45-67",
            "79991234567",
            "9991234567",
        ] {
            assert_eq!(
                spelt(Channel::Voice, text).as_deref(),
                Some("+79991234567"),
                "{text}"
            );
        }
        assert_eq!(
            spelt(Channel::Sms, "+49 30 123456").as_deref(),
            Some("+4930123456")
        );
        assert_eq!(spelt(Channel::Voice, "101").as_deref(), Some("101"));
        for bad in [
            "",
            "12",
            "звоните",
            "7999+123",
            "sip:1@2",
            "+7999123456789012",
        ] {
            assert_eq!(spelt(Channel::Voice, bad), None, "{bad}");
        }
    }

    #[test]
    fn an_e_mail_address_keeps_its_user_and_loses_the_case_of_its_host() {
        let mail = |text| spelt(Channel::Email, text);
        assert_eq!(
            mail(" Ivan.P@Example.RU ").as_deref(),
            Some("Ivan.P@example.ru")
        );
        for bad in [
            "",
            "@a.b",
            "a@",
            "a@b",
            "a b@c.d",
            "a@b.c,d@e.f",
            "a<x>@b.c",
            "a@@b.c",
        ] {
            assert_eq!(mail(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_shown_tells_nobody_the_number() {
        let shown = |text: &str| masked(&Pii::new(text.to_owned()));
        assert_eq!(shown("+79991234512"), "+7 *** ***-**-12");
        assert_eq!(shown("+4930123456"), "*** ***-**-56");
        assert_eq!(shown("ivan@example.ru"), "i***@example.ru");
        assert_eq!(shown("101"), "101");
        let address = Address::parse(Channel::Voice, "+79991234512").unwrap();
        assert_eq!(format!("{address:?}"), "…");
    }
}
