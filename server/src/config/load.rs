//! From text and environment to a checked [`Config`].

use std::path::Path;

use super::{Config, check};

/// Why the configuration was refused. The text names the place and what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("не удалось прочитать файл настроек {path}: {error}. Укажите другой файл: liniya serve --config ПУТЬ")]
    Unreadable {
        /// Which file.
        path: String,
        /// The system's words.
        error: String,
    },
    /// The text is not TOML, or a key or value is wrong.
    #[error("{place}: {what}")]
    Wrong {
        /// File and line, or the environment variable.
        place: String,
        /// What is wrong and what to do.
        what: String,
    },
}

/// Reads a file, applies `LINIYA_…` variables and checks the result.
///
/// # Errors
/// [`ConfigError`], ready to be shown to the administrator.
pub fn load(
    path: &Path,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|e| ConfigError::Unreadable {
        path: path.display().to_string(),
        error: e.to_string(),
    })?;
    parse(&path.display().to_string(), &text, environment)
}

/// The same on text already read.
///
/// # Errors
/// [`ConfigError`], ready to be shown to the administrator.
pub fn parse(
    file: &str,
    text: &str,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    // The plain text first: its errors have lines.
    toml::from_str::<Config>(text).map_err(|e| wrong_text(file, text, &e))?;
    let mut table: toml::Table = text.parse().map_err(|e| wrong_text(file, text, &e))?;
    let mut variables: Vec<(String, String)> = environment
        .filter(|(name, _)| name.starts_with("LINIYA_") && !OTHER_VARIABLES.contains(&&**name))
        .collect();
    variables.sort();
    for (name, value) in &variables {
        override_key(&mut table, name, value)?;
    }
    let config: Config = table.try_into().map_err(|e: toml::de::Error| ConfigError::Wrong {
        place: variables.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>().join(", "),
        what: explain(e.message()),
    })?;
    check::check(&config).map_err(|what| ConfigError::Wrong { place: file.into(), what })?;
    Ok(config)
}

const SECTIONS: [&str; 6] = ["server", "sip", "media", "speech", "storage", "organisation"];

/// Variables with this prefix that are no keys of the file.
const OTHER_VARIABLES: [&str; 2] = ["LINIYA_VOSK_LIBRARY", "LINIYA_LOG"];

fn override_key(table: &mut toml::Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let lower = name.trim_start_matches("LINIYA_").to_lowercase();
    let wrong = |what: String| ConfigError::Wrong { place: name.to_owned(), what };
    let (section, key) = SECTIONS
        .iter()
        .find_map(|s| lower.strip_prefix(s)?.strip_prefix('_').map(|key| (*s, key)))
        .ok_or_else(|| {
            wrong(format!("такого раздела нет; бывают LINIYA_{{{}}}_КЛЮЧ", SECTIONS.join("|").to_uppercase()))
        })?;
    let entry = table
        .entry(section)
        .or_insert_with(|| toml::Value::Table(toml::Table::new()));
    let Some(section) = entry.as_table_mut() else {
        return Err(wrong("раздел в файле не таблица".into()));
    };
    section.insert(key.to_owned(), typed(value));
    Ok(())
}

/// Numbers, booleans and lists as TOML reads them; everything else is text.
fn typed(value: &str) -> toml::Value {
    let parsed = format!("v = {value}").parse::<toml::Table>();
    parsed
        .ok()
        .and_then(|mut t| t.remove("v"))
        .unwrap_or_else(|| toml::Value::String(value.to_owned()))
}

fn wrong_text(file: &str, text: &str, error: &toml::de::Error) -> ConfigError {
    let line = error.span().map_or(1, |span| {
        text.get(..span.start).map_or(1, |before| before.matches('\n').count() + 1)
    });
    ConfigError::Wrong { place: format!("{file}:{line}"), what: explain(error.message()) }
}

/// The deserialiser's English in the administrator's Russian, with the nearest known key.
fn explain(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((wrong, known)) if message.starts_with("unknown field") => {
            let nearest = known.iter().max_by(|a, b| {
                strsim::jaro_winkler(wrong, a).total_cmp(&strsim::jaro_winkler(wrong, b))
            });
            let hint = nearest.map_or_else(String::new, |n| format!(" Возможно, имелось в виду «{n}»."));
            format!("неизвестный ключ «{wrong}».{hint} Все ключи: {}", known.join(", "))
        }
        Some((missing, _)) if message.starts_with("missing field") => {
            format!("не хватает ключа «{missing}»")
        }
        _ => format!("не читается: {}", message.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const SAMPLE: &str = include_str!("../../../liniya.toml");

    fn refused(text: &str, variables: &[(&str, &str)], expected: Expect) {
        let variables = variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let error = parse("liniya.toml", text, variables).unwrap_err();
        expected.assert_eq(&error.to_string());
    }

    fn with(from: &str, to: &str) -> String {
        assert!(SAMPLE.contains(from), "the sample has no {from}");
        SAMPLE.replacen(from, to, 1)
    }

    #[test]
    fn the_sample_is_accepted_and_means_its_defaults() {
        let config = parse("liniya.toml", SAMPLE, std::iter::empty()).unwrap();
        assert!(config.is_loopback_only());
        let defaults = (super::super::Server::default(), super::super::Sip::default());
        assert_eq!(format!("{:?}", (&config.server, &config.sip)), format!("{:?}", (&defaults.0, &defaults.1)));
        assert_eq!(format!("{:?}", config.media), format!("{:?}", super::super::Media::default()));
    }

    #[test]
    fn a_misspelt_key_is_refused_with_line_and_suggestion() {
        refused(&with("max_calls", "max_cals"), &[], expect![[""]]);
    }

    #[test]
    fn a_variable_overrides_a_key_and_a_misspelt_one_is_refused() {
        let set = [("LINIYA_SIP_MAX_CALLS".to_owned(), "7".to_owned())];
        let config = parse("liniya.toml", SAMPLE, set.into_iter()).unwrap();
        assert_eq!(config.sip.max_calls, 7);
        refused(SAMPLE, &[("LINIYA_SIP_MAX_CALS", "7")], expect![[""]]);
        refused(SAMPLE, &[("LINIYA_SPI_MAX_CALLS", "7")], expect![[""]]);
    }

    #[test]
    fn sample_passwords_are_refused_beyond_loopback() {
        refused(SAMPLE, &[("LINIYA_SERVER_HTTP", "0.0.0.0:8080")], expect![[""]]);
    }

    #[test]
    fn references_that_lead_nowhere_are_refused() {
        refused(&with("queue = \"support\"", "queue = \"suport\""), &[], expect![[""]]);
        refused(&with("queues = [\"consultation\"", "queues = [\"nowhere\""), &[], expect![[""]]);
        refused(&with("number = \"200\"", "number = \"100\""), &[], expect![[""]]);
        refused(&with("127.0.0.0/8", "127.0.0.0/99"), &[], expect![[""]]);
    }

    #[test]
    fn ports_must_be_a_range_of_pairs() {
        refused(SAMPLE, &[("LINIYA_MEDIA_PORT_MIN", "20001")], expect![[""]]);
        refused(SAMPLE, &[("LINIYA_MEDIA_PORT_MAX", "100")], expect![[""]]);
    }
}
