//! From text and environment to a checked [`Config`].

use std::path::Path;

use serde::Deserialize as _;

use super::Config;
use super::check::{self, Mistake};

/// Why the configuration was refused. The text names the place and what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "не удалось прочитать файл настроек {path}: {error}. Укажите другой файл: liniya serve --config ПУТЬ"
    )]
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
    let config: Config = table.try_into().map_err(|e| wrong_text(file, text, &e))?;
    check::check(&config).map_err(|mistake| {
        let place = place(file, text, &variables, &mistake);
        ConfigError::Wrong {
            place,
            what: mistake.what,
        }
    })?;
    Ok(config)
}

/// The variable that set the key, or the file's line where it stands.
fn place(file: &str, text: &str, variables: &[(String, String)], mistake: &Mistake) -> String {
    let Mistake {
        table, key, value, ..
    } = mistake;
    let variable = format!("LINIYA_{table}_{key}").to_uppercase();
    if variables.iter().any(|(name, _)| *name == variable) {
        return variable;
    }
    let mut here = "";
    let mut found = None;
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.starts_with('[') && line.ends_with(']') && !line.contains('=') {
            here = line.trim_matches(['[', ']']).trim();
        } else if here == *table
            && let Some((name, said)) = line.split_once('=')
            && name.trim() == *key
            && value
                .as_ref()
                .is_none_or(|value| said.trim().trim_matches(['"', '\'']) == value)
        {
            found = Some(number);
        }
    }
    found.map_or_else(
        || file.to_owned(),
        |number: usize| format!("{file}:{number}"),
    )
}

const SECTIONS: [&str; 13] = [
    "browser",
    "notify",
    "smtp",
    "sms",
    "cases",
    "server",
    "sip",
    "media",
    "speech",
    "storage",
    "organisation",
    "supervision",
    "outside",
];

/// Variables with this prefix that are no keys of the file.
const OTHER_VARIABLES: [&str; 2] = ["LINIYA_VOSK_LIBRARY", "LINIYA_LOG"];

fn override_key(table: &mut toml::Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let lower = name.strip_prefix("LINIYA_").unwrap_or(name).to_lowercase();
    let wrong = |what: String| ConfigError::Wrong {
        place: name.to_owned(),
        what,
    };
    let (section, key) = SECTIONS
        .iter()
        .find_map(|s| {
            lower
                .strip_prefix(s)?
                .strip_prefix('_')
                .map(|key| (*s, key))
        })
        .ok_or_else(|| {
            wrong(format!(
                "такого раздела нет; бывают LINIYA_{{{}}}_КЛЮЧ",
                SECTIONS.join("|").to_uppercase()
            ))
        })?;
    let with = |value: toml::Value| {
        let mut changed = table.clone();
        let entry = changed
            .entry(section)
            .or_insert_with(|| toml::Table::new().into());
        if let Some(section) = entry.as_table_mut() {
            section.insert(key.to_owned(), value);
        }
        Config::deserialize(changed.clone()).map(|_| changed)
    };
    // A number may be meant as text: a realm of 100, a password of digits.
    let text = || with(toml::Value::String(value.to_owned()));
    *table = with(typed(value))
        .or_else(|error| text().map_err(|_| error))
        .map_err(|error| wrong(explain(error.message())))?;
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
        text.get(..span.start)
            .map_or(1, |before| before.matches('\n').count() + 1)
    });
    ConfigError::Wrong {
        place: format!("{file}:{line}"),
        what: explain(error.message()),
    }
}

/// The deserialiser's English in the administrator's Russian, with the nearest known key.
fn explain(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((wrong, known)) if message.starts_with("unknown field") => {
            let nearest = known.iter().max_by(|a, b| {
                strsim::jaro_winkler(wrong, a).total_cmp(&strsim::jaro_winkler(wrong, b))
            });
            let hint =
                nearest.map_or_else(String::new, |n| format!(" Возможно, имелось в виду «{n}»."));
            format!(
                "неизвестный ключ «{wrong}».{hint} Все ключи: {}",
                known.join(", ")
            )
        }
        Some((missing, _)) if message.starts_with("missing field") => {
            format!("не хватает ключа «{missing}»: добавьте его в этот раздел")
        }
        Some((wrong, known)) if message.starts_with("unknown variant") => {
            format!(
                "неизвестное значение «{wrong}»; бывают: {}",
                known.join(", ")
            )
        }
        Some(_) | None => wanted(message).map_or_else(
            || {
                format!(
                    "не читается: {}. Проверьте кавычки и скобки",
                    message.trim()
                )
            },
            |wanted| format!("значение не подходит; должно быть: {wanted}"),
        ),
    }
}

/// What a value should have been, by the deserialiser's words.
fn wanted(message: &str) -> Option<&'static str> {
    const WANTED: [(&str, &str); 13] = [
        (
            "invalid socket address syntax",
            "адрес с портом, например 127.0.0.1:5060",
        ),
        (
            "invalid IP address syntax",
            "IP-адрес, например 203.0.113.5",
        ),
        (
            "expected socket address",
            "адрес с портом в кавычках, например \"127.0.0.1:5060\"",
        ),
        (
            "expected IP address",
            "IP-адрес в кавычках, например \"203.0.113.5\"",
        ),
        ("expected u16", "целое число от 0 до 65535"),
        ("expected i16", "целое число от -32768 до 32767"),
        ("expected u32", "целое число не меньше 0"),
        ("expected u64", "целое число не меньше 0"),
        ("expected usize", "целое число не меньше 0"),
        ("expected a boolean", "true или false"),
        ("expected a string", "текст в кавычках"),
        ("expected path string", "путь в кавычках"),
        ("expected a sequence", "список в квадратных скобках"),
    ];
    WANTED
        .iter()
        .find(|(said, _)| message.contains(said))
        .map(|(_, wanted)| *wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const SAMPLE: &str = include_str!("../../../liniya.toml");

    fn refused(text: &str, variables: &[(&str, &str)], expected: Expect) {
        let variables = variables
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let error = parse("liniya.toml", text, variables).unwrap_err();
        expected.assert_eq(&with_the_line(&error.to_string(), text));
    }

    /// The line itself instead of its number, which every new key would change.
    fn with_the_line(message: &str, text: &str) -> String {
        let numbered = message.strip_prefix("liniya.toml:");
        let Some((number, rest)) = numbered.and_then(|rest| rest.split_once(": ")) else {
            return message.to_owned();
        };
        let line = text
            .lines()
            .nth(number.parse::<usize>().unwrap() - 1)
            .unwrap();
        let line = line.split("  #").next().unwrap_or_default().trim_end();
        format!("«{line}»: {rest}")
    }

    fn with(from: &str, to: &str) -> String {
        assert!(SAMPLE.contains(from), "the sample has no {from}");
        SAMPLE.replacen(from, to, 1)
    }

    #[test]
    fn the_sample_is_accepted_and_means_its_defaults() {
        let config = parse("liniya.toml", SAMPLE, std::iter::empty()).unwrap();
        let defaults = (
            super::super::Server::default(),
            super::super::Sip::default(),
        );
        assert_eq!(
            format!("{:?}", (&config.server, &config.sip)),
            format!("{:?}", (&defaults.0, &defaults.1))
        );
        assert_eq!(
            format!("{:?}", config.media),
            format!("{:?}", super::super::Media::default())
        );
    }

    #[test]
    fn every_key_stands_in_the_sample_with_a_comment() {
        let tables = [
            "trunk",
            "line",
            "queue",
            "need",
            "pause",
            "operator",
            "responsible",
            "register",
            "contact",
        ];
        let single = SECTIONS.map(|name| format!("[{name}]"));
        let several = tables.map(|name| format!("[[{name}]]"));
        for header in single.iter().chain(&several) {
            let text = with(header, &format!("{header}\nno_such_key = 1"));
            let error = parse("liniya.toml", &text, std::iter::empty()).unwrap_err();
            let error = error.to_string();
            let keys = error.split_once("Все ключи: ").expect("the list of keys").1;
            for key in keys.split(", ") {
                let explained = SAMPLE.lines().any(|line| {
                    let line = line.trim_start_matches("# ");
                    line.starts_with(&format!("{key} =")) && line.contains('#')
                });
                assert!(explained, "{header} {key} is not explained in liniya.toml");
            }
        }
    }

    #[test]
    fn a_misspelt_key_is_refused_with_line_and_suggestion() {
        refused(
            &with("max_calls", "max_cals"),
            &[],
            expect![[
                r#"«max_cals = 1000»: неизвестный ключ «max_cals». Возможно, имелось в виду «max_calls». Все ключи: udp, tcp, advertised, realm, max_calls, new_calls_per_s, overload_delay_ms, registration_min_s, registration_max_s"#
            ]],
        );
    }

    #[test]
    fn a_variable_overrides_a_key_and_a_misspelt_one_is_refused() {
        let set = [("LINIYA_SIP_MAX_CALLS".to_owned(), "7".to_owned())];
        let config = parse("liniya.toml", SAMPLE, set.into_iter()).unwrap();
        assert_eq!(config.sip.max_calls, 7);
        refused(
            SAMPLE,
            &[("LINIYA_SIP_MAX_CALS", "7")],
            expect![[
                r#"LINIYA_SIP_MAX_CALS: неизвестный ключ «max_cals». Возможно, имелось в виду «max_calls». Все ключи: udp, tcp, advertised, realm, max_calls, new_calls_per_s, overload_delay_ms, registration_min_s, registration_max_s"#
            ]],
        );
        refused(
            SAMPLE,
            &[("LINIYA_SPI_MAX_CALLS", "7")],
            expect![
                "LINIYA_SPI_MAX_CALLS: такого раздела нет; бывают LINIYA_{BROWSER|NOTIFY|SMTP|SMS|CASES|SERVER|SIP|MEDIA|SPEECH|STORAGE|ORGANISATION|SUPERVISION|OUTSIDE}_КЛЮЧ"
            ],
        );
    }

    #[test]
    fn sample_passwords_are_refused_beyond_loopback() {
        refused(
            SAMPLE,
            &[("LINIYA_SERVER_HTTP", "0.0.0.0:8080")],
            expect![[
                r#"LINIYA_SERVER_HTTP: server.http = 0.0.0.0:8080 доступен не только с этого компьютера, а у оператора operator1 пароль образца password_for_loopback. Замените его на password_hash (liniya hash-password) и phone_password"#
            ]],
        );
    }

    #[test]
    fn references_that_lead_nowhere_are_refused() {
        refused(
            &with("queue = \"support\"", "queue = \"suport\""),
            &[],
            expect![[
                r#"«number = "200"»: линия 200: очереди «suport» нет. Описаны: consultation, support"#
            ]],
        );
        refused(
            &with("queues = [\"consultation\"", "queues = [\"nowhere\""),
            &[],
            expect![[
                r#"«login = "operator1"»: оператор operator1: очереди «nowhere» нет. Описаны: consultation, support"#
            ]],
        );
        refused(
            &with("number = \"200\"", "number = \"100\""),
            &[],
            expect![[r#"«number = "100"»: линия «100»: описание повторяется, оставьте одно"#]],
        );
        refused(
            &with("127.0.0.0/8", "127.0.0.0/99"),
            &[],
            expect![[
                r#"«name = "loopback"»: транк loopback: «127.0.0.0/99» не адрес и не сеть; пример: 192.0.2.7 или 192.0.2.0/24"#
            ]],
        );
    }

    #[test]
    fn a_variable_keeps_the_type_its_key_has() {
        let set = [
            ("LINIYA_SIP_REALM", "100"),
            ("LINIYA_ORGANISATION_NAME", "2026-11-22"),
            (
                "LINIYA_STORAGE_DATABASE_URL",
                "sqlite:///var/lib/liniya/liniya.db",
            ),
            ("LINIYA_SERVER_DATA_DIR", "/var/lib/liniya"),
            ("LINIYA_SPEECH_VOICE", "true"),
            ("LINIYA_SIP_ADVERTISED", "203.0.113.5"),
            ("LINIYA_LOG", "debug"),
            ("PATH", "/bin"),
        ];
        let set = set.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let config = parse("liniya.toml", SAMPLE, set).unwrap();
        assert_eq!(config.sip.realm, "100");
        assert_eq!(config.organisation.name, "2026-11-22");
        assert_eq!(
            config.storage.database_url,
            "sqlite:///var/lib/liniya/liniya.db"
        );
        assert_eq!(config.server.data_dir, Path::new("/var/lib/liniya"));
        assert_eq!(config.speech.voice, "true");
        assert_eq!(config.sip.advertised, Some([203, 0, 113, 5].into()));
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused_with_what_is_needed() {
        refused(
            SAMPLE,
            &[("LINIYA_SIP_MAX_CALLS", "many")],
            expect![[
                r#"LINIYA_SIP_MAX_CALLS: значение не подходит; должно быть: целое число не меньше 0"#
            ]],
        );
        refused(
            SAMPLE,
            &[("LINIYA_MEDIA_PORT_MIN", "70000")],
            expect![[
                r#"LINIYA_MEDIA_PORT_MIN: значение не подходит; должно быть: целое число от 0 до 65535"#
            ]],
        );
        refused(
            SAMPLE,
            &[("LINIYA_SERVER_HTTP", "localhost")],
            expect![[
                r#"LINIYA_SERVER_HTTP: значение не подходит; должно быть: адрес с портом, например 127.0.0.1:5060"#
            ]],
        );
        refused(
            SAMPLE,
            &[("LINIYA_ORGANISATION_UTC_OFFSET_MIN", "900")],
            expect![[
                r#"LINIYA_ORGANISATION_UTC_OFFSET_MIN: organisation.utc_offset_min = 900: нужны минуты к востоку от UTC, от -720 до 840; Москва — 180"#
            ]],
        );
        refused(
            &with("recording = true", "recording = \"yes\""),
            &[],
            expect![[r#"«recording = "yes"»: значение не подходит; должно быть: true или false"#]],
        );
        refused(
            &with("when_nobody = \"wait\"", "when_nobody = \"go\""),
            &[],
            expect![[r#"«when_nobody = "go"»: неизвестное значение «go»; бывают: wait, leave"#]],
        );
        refused(
            &with("max_calls = 1000", "max_calls = \"1000\""),
            &[],
            expect![[
                r#"«max_calls = "1000"»: значение не подходит; должно быть: целое число не меньше 0"#
            ]],
        );
        refused(
            &with(
                "addresses = [\"127.0.0.0/8\"]",
                "addresses = [\"127.0.0.0/8\"",
            ),
            &[],
            expect![[
                r#"«[[line]]»: не читается: missing comma between array elements, expected `,`. Проверьте кавычки и скобки"#
            ]],
        );
        refused(
            &with("login = \"operator1\"", ""),
            &[],
            expect![[r#"«[[operator]]»: не хватает ключа «login»: добавьте его в этот раздел"#]],
        );
    }

    #[test]
    fn an_operator_without_a_password_is_refused() {
        let nothing = SAMPLE.replace("password_for_loopback = \"operator2\"", "");
        refused(
            &nothing,
            &[],
            expect![[
                r#"«login = "operator2"»: оператор operator2: задайте password_hash (получить: liniya hash-password)"#
            ]],
        );
        let no_phone = SAMPLE.replace(
            "password_for_loopback = \"operator2\"",
            "password_hash = \"x\"",
        );
        refused(
            &no_phone,
            &[],
            expect![[
                r#"«login = "operator2"»: оператор operator2: задайте phone_password или phone_contact для телефона"#
            ]],
        );
    }

    #[test]
    fn ports_must_be_a_range_of_pairs() {
        refused(
            SAMPLE,
            &[("LINIYA_MEDIA_PORT_MIN", "20001")],
            expect![[
                r#"LINIYA_MEDIA_PORT_MIN: media.port_min = 20001: порт RTP должен быть чётным, RTCP идёт на следующем (RFC 3550 §11)"#
            ]],
        );
        refused(
            SAMPLE,
            &[("LINIYA_MEDIA_PORT_MAX", "100")],
            expect![[
                r#"LINIYA_MEDIA_PORT_MAX: media.port_max = 100: должен быть больше port_min = 20000"#
            ]],
        );
    }
}
