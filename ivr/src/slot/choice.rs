//! One of a closed list.

use events::Value;

use super::Reading;
use super::lexicon;
use super::number;
use crate::intent::{normalise, spot};

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotOption {
    /// Its name in scripts: the value.
    pub name: String,
    /// The key, 1–9.
    pub key: char,
    /// What may be said for it; the first is how it is read back.
    pub phrases: Vec<String>,
}

impl SlotOption {
    /// How it is called aloud.
    #[must_use]
    pub fn said(&self) -> String {
        self.phrases.first().unwrap_or(&self.name).clone()
    }
}

/// The option whose phrase the words hold; or the one that the words number («второй», «номер два»).
pub(super) fn understand(options: &[SlotOption], words: &str) -> Reading {
    let phrases = || options.iter().flat_map(|option| &option.phrases);
    let found = spot(words, phrases().map(String::as_str)).map(normalise);
    if let Some(found) = found {
        let named = options.iter().filter(|option| {
            option
                .phrases
                .iter()
                .any(|phrase| normalise(phrase) == found)
        });
        return Reading::of(named.map(value));
    }
    let tokens = lexicon::tokens(words);
    let numbered = number::parse(&tokens)
        .filter(|number| number.used == tokens.len())
        .and_then(|number| options.iter().find(|option| is_key(option, number.value)));
    Reading::of(numbered.map(value))
}

fn is_key(option: &SlotOption, number: u64) -> bool {
    option.key.to_digit(10).map(u64::from) == Some(number)
}

fn value(option: &SlotOption) -> Value {
    Value::Choice(option.name.clone())
}

/// The option behind a key.
pub(super) fn pressed(options: &[SlotOption], key: char) -> Reading {
    Reading::of(options.iter().filter(|option| option.key == key).map(value))
}

pub(super) fn voice_hint(options: &[SlotOption]) -> String {
    let names: Vec<String> = options.iter().map(SlotOption::said).collect();
    format!("Скажите: {}.", names.join(", или "))
}

pub(super) fn key_hint(options: &[SlotOption]) -> String {
    let each: Vec<String> = options
        .iter()
        .map(|option| {
            let key = crate::readback::speakable(&option.key.to_string());
            format!("{} — {key}", option.said())
        })
        .collect();
    format!("Или нажмите: {}.", each.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<SlotOption> {
        [
            ("letter", '1', &["письмом", "по почте"][..]),
            ("call", '2', &["звонком", "по телефону"]),
            ("mail", '3', &["по электронной почте", "на почту"]),
        ]
        .map(|(name, key, phrases)| SlotOption {
            name: name.to_owned(),
            key,
            phrases: phrases.iter().map(|p| (*p).to_owned()).collect(),
        })
        .to_vec()
    }

    #[test]
    fn an_option_is_named_or_numbered() {
        for (words, name) in [
            ("письмом", Some("letter")),
            ("Письмом, пожалуйста", Some("letter")),
            ("по почте", Some("letter")),
            ("по электронной почте", Some("mail")),
            ("второй", Some("call")),
            ("два", Some("call")),
            ("номер три", Some("mail")),
            ("третий вариант", Some("mail")),
            ("четвёртый", None),
            ("никак", None),
            ("", None),
        ] {
            let expected = name.map_or(Reading::Nothing, |name| {
                Reading::One(Value::Choice(name.to_owned()))
            });
            assert_eq!(understand(&options(), words), expected, "{words}");
        }
        assert_eq!(pressed(&options(), '2'), understand(&options(), "звонком"));
        assert_eq!(pressed(&options(), '9'), Reading::Nothing);
    }

    #[test]
    fn hints_name_the_options() {
        assert_eq!(
            voice_hint(&options()),
            "Скажите: письмом, или звонком, или по электронной почте."
        );
        assert_eq!(
            key_hint(&options()),
            "Или нажмите: письмом — один; звонком — два; по электронной почте — три."
        );
    }
}
