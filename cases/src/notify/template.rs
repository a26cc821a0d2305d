//! What is said: one template a kind, with a text for each channel, as data in
//! `scripts/notifications/*.toml`.

mod read;

use std::collections::BTreeMap;
use std::fmt;

use events::{
    CaseNumber, Channel, Date, NotificationKind, ServiceId, TimeOfDay, Value, ValueKind, Values,
};
use read::{found, lint, parse};

/// Letters of a short message at most: four parts of 67 (3GPP TS 23.040, UCS-2), before values.
const SMS_MAX: usize = 268;
/// Seconds are too long beyond this many letters of speech.
const VOICE_MAX: usize = 600;

/// A template of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// What it is about.
    pub kind: NotificationKind,
    /// Its version, as written in its file.
    pub version: String,
    /// What people call it, in Russian.
    pub title: String,
    /// The assistant's script that tells it by telephone, and the words, if it is told so.
    pub voice: Option<(String, String)>,
    /// The short message, if it is sent so.
    pub sms: Option<String>,
    /// Subject and text of the letter, if it is sent so.
    pub email: Option<(String, String)>,
}

/// A notification in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Of a letter; empty otherwise.
    pub subject: String,
    /// The words.
    pub body: String,
}

/// A mistake in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFinding {
    /// File name.
    pub file: String,
    /// Line, 1 for the first.
    pub line: usize,
    /// What is wrong and what to do, in Russian.
    pub what: String,
}

impl fmt::Display for TemplateFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// All templates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates(BTreeMap<NotificationKind, Template>);

/// What the house knows about a notification of this kind: names and types that a text may use.
#[must_use]
pub const fn gives(kind: NotificationKind) -> &'static [(&'static str, ValueKind)] {
    use ValueKind::{Case, Date, Money, Text, Time};
    match kind {
        NotificationKind::Received => &[("number", Case), ("service", Text), ("due", Date)],
        NotificationKind::PaymentConfirmed => {
            &[("number", Case), ("service", Text), ("sum", Money)]
        }
        NotificationKind::Appointment => &[
            ("number", Case),
            ("service", Text),
            ("date", Date),
            ("time", Time),
            ("place", Text),
        ],
        NotificationKind::Result => &[("number", Case), ("service", Text), ("place", Text)],
        NotificationKind::Stage => &[("number", Case), ("service", Text), ("stage", Text)],
        NotificationKind::StatusChanged => &[("number", Case), ("service", Text), ("status", Text)],
        NotificationKind::NextSteps => &[("number", Case), ("service", Text), ("steps", Text)],
        NotificationKind::Campaign => &[("text", Text)],
        NotificationKind::Internal => &[
            ("number", Case),
            ("service", Text),
            ("due", Date),
            ("subject", Text),
        ],
    }
}

impl Templates {
    /// Reads templates, given as file names and texts; every mistake is found.
    ///
    /// # Errors
    /// What is wrong, file by file; a kind without a template is a mistake too.
    pub fn read<'t>(
        files: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Result<Self, Vec<TemplateFinding>> {
        let mut findings = Vec::new();
        let mut templates: BTreeMap<NotificationKind, Template> = BTreeMap::new();
        for (file, text) in files {
            match parse(file, text) {
                Ok(template) => {
                    findings.extend(lint(file, text, &template));
                    let kind = template.kind;
                    if templates.insert(kind, template).is_some() {
                        let what = format!("второй шаблон вида «{}»: оставьте один", kind.as_str());
                        findings.push(found((file, text), "kind", what));
                    }
                }
                Err(finding) => findings.push(finding),
            }
        }
        for kind in NotificationKind::ALL {
            if !templates.contains_key(kind) {
                let kind = kind.as_str();
                let what = format!("нет шаблона вида «{kind}»: добавьте файл с kind = \"{kind}\"");
                findings.push(found(("notifications", ""), "", what));
            }
        }
        if findings.is_empty() {
            Ok(Self(templates))
        } else {
            Err(findings)
        }
    }

    /// The template of a kind.
    #[must_use]
    pub fn of(&self, kind: NotificationKind) -> Option<&Template> {
        self.0.get(&kind)
    }

    /// All of them, by kind.
    pub fn iter(&self) -> impl Iterator<Item = &Template> {
        self.0.values()
    }

    /// Whether a kind can be told over a channel with these values.
    ///
    /// # Errors
    /// What is missing or cannot be read, in Russian.
    pub fn check(
        &self,
        kind: NotificationKind,
        channel: Channel,
        values: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        let template = self.of(kind).ok_or("нет шаблона этого вида")?;
        let parts = template.parts(channel);
        if parts.is_empty() {
            let channel = channel.as_str();
            return Err(format!(
                "в шаблоне «{}» нет текста для канала {channel}",
                template.title
            ));
        }
        for (name, value) in values {
            let kind_of = gives(kind).iter().find(|(known, _)| known == name);
            let Some((_, kind)) = kind_of else {
                return Err(format!("значение «{name}» этому виду неизвестно"));
            };
            if typed(*kind, value).is_none() {
                return Err(format!("значение «{name}» не читается: {}", example(*kind)));
            }
        }
        for name in parts.iter().flat_map(|part| placeholders(part)) {
            if !values.contains_key(name) {
                return Err(format!("нет значения «{name}»"));
            }
        }
        Ok(())
    }

    /// A notification in words; `titles` are the names of services. A value that is missing leaves
    /// its place empty. None if the channel has no text.
    #[must_use]
    pub fn text(
        &self,
        (kind, channel): (NotificationKind, Channel),
        values: &BTreeMap<String, String>,
        titles: &BTreeMap<ServiceId, String>,
    ) -> Option<Text> {
        let template = self.of(kind)?;
        let shown = |name: &str| {
            let value = values.get(name).map(String::as_str).unwrap_or_default();
            let of = gives(kind).iter().find(|(known, _)| *known == name);
            match of {
                _ if name == "service" => titles
                    .get(&ServiceId::new(value))
                    .cloned()
                    .unwrap_or_else(|| value.to_owned()),
                Some((_, kind)) => show(*kind, value),
                None => value.to_owned(),
            }
        };
        let (subject, body) = match channel {
            Channel::Voice => ("", template.voice.as_ref()?.1.as_str()),
            Channel::Sms => ("", template.sms.as_ref()?.as_str()),
            Channel::Email => {
                let (subject, text) = template.email.as_ref()?;
                (subject.as_str(), text.as_str())
            }
        };
        Some(Text {
            subject: fill(subject, shown),
            body: fill(body, shown),
        })
    }
}

impl Template {
    fn parts(&self, channel: Channel) -> Vec<&str> {
        match channel {
            Channel::Voice => self.voice.iter().map(|(_, text)| text.as_str()).collect(),
            Channel::Sms => self.sms.iter().map(String::as_str).collect(),
            Channel::Email => {
                let letter = self.email.iter();
                letter
                    .flat_map(|(subject, text)| [subject.as_str(), text.as_str()])
                    .collect()
            }
        }
    }
}

/// A notification's values with their types, for a script that says them itself.
#[must_use]
pub fn typed_values(kind: NotificationKind, values: &BTreeMap<String, String>) -> Values {
    let typed = |(name, kind): &(&str, ValueKind)| {
        let value = typed(*kind, values.get(*name)?)?;
        Some(((*name).to_owned(), value))
    };
    gives(kind).iter().filter_map(typed).collect()
}

fn typed(kind: ValueKind, text: &str) -> Option<Value> {
    match kind {
        ValueKind::Case => CaseNumber::parse(text).map(Value::Case),
        ValueKind::Date => Date::parse(text).map(Value::Date),
        ValueKind::Time => TimeOfDay::parse(text).map(Value::Time),
        ValueKind::Money => text.parse().ok().map(Value::Money),
        ValueKind::Number => text.parse().ok().map(Value::Number),
        ValueKind::Text => Some(Value::Text(text.to_owned())),
        ValueKind::Phone => Some(Value::Phone(text.to_owned())),
        ValueKind::Choice => Some(Value::Choice(text.to_owned())),
        ValueKind::YesNo | ValueKind::Dictation => None,
    }
}

const fn example(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Case => "номер с контрольной цифрой",
        ValueKind::Date => "дата вида 2026-12-31",
        ValueKind::Time => "время вида 09:30",
        ValueKind::Money => "сумма в копейках",
        ValueKind::Number => "целое число",
        ValueKind::Text | ValueKind::Phone | ValueKind::Choice => "текст",
        ValueKind::YesNo | ValueKind::Dictation => "такие значения здесь не бывают",
    }
}

/// A value as people read it, and as the voice reads it aloud.
fn show(kind: ValueKind, text: &str) -> String {
    match typed(kind, text) {
        Some(Value::Date(date)) => day(date),
        Some(Value::Money(kopecks)) => match (kopecks / 100, kopecks % 100) {
            (rubles, 0) => format!("{rubles} руб."),
            (rubles, rest) => format!("{rubles} руб. {rest:02} коп."),
        },
        Some(
            Value::YesNo(_)
            | Value::Number(_)
            | Value::Time(_)
            | Value::Phone(_)
            | Value::Case(_)
            | Value::Choice(_)
            | Value::Text(_)
            | Value::Dictation { .. },
        )
        | None => text.to_owned(),
    }
}

/// `24 ноября 2026 года`.
fn day(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ];
    let month = usize::from(date.month).checked_sub(1);
    let month = month
        .and_then(|at| MONTHS.get(at))
        .copied()
        .unwrap_or_default();
    format!("{} {month} {} года", date.day, date.year)
}

/// The names between braces, in their order.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split('{').skip(1);
    pieces.filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
}

fn fill(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, after)) => {
                filled.push_str(&value(name));
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use std::path::Path;

    fn shipped() -> Templates {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/notifications");
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.push((name, std::fs::read_to_string(path).unwrap()));
        }
        let files = files.iter().map(|(name, text)| (&**name, &**text));
        Templates::read(files).unwrap_or_else(|findings| panic!("{findings:#?}"))
    }

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(own).collect()
    }

    #[test]
    fn the_shipped_templates_speak_of_a_visit() {
        let titles = [(
            ServiceId::new("scrap_licence"),
            "Лицензия на лом".to_owned(),
        )]
        .into();
        let visit = values(&[
            ("number", "5724"),
            ("service", "scrap_licence"),
            ("date", "2026-11-24"),
            ("time", "09:30"),
            ("place", "Приёмная на улице Батырая"),
        ]);
        let templates = shipped();
        let said: Vec<String> = Channel::ALL
            .iter()
            .map(|channel| {
                let of = (NotificationKind::Appointment, *channel);
                templates.check(of.0, of.1, &visit).unwrap();
                let text = templates.text(of, &visit, &titles).unwrap();
                format!(
                    "{}: {} {}",
                    channel.as_str(),
                    text.subject,
                    text.body.trim()
                )
            })
            .collect();
        expect![[r#"
            voice:  Напоминаем: вы записаны на приём 24 ноября 2026 года, 09:30. Приёмная на улице Батырая. Номер записи 5724.
            sms:  Напоминаем: приём 24 ноября 2026 года в 09:30, Приёмная на улице Батырая. Номер записи 5724.
            email: Приём 24 ноября 2026 года в 09:30 Здравствуйте!

            Напоминаем, что вы записаны на приём по услуге «Лицензия на лом»:
            24 ноября 2026 года в 09:30, Приёмная на улице Батырая.
            Номер записи 5724: по нему визит можно перенести или отменить по телефону консультационной линии.

            Это письмо отправлено автоматически, отвечать на него не нужно."#]].assert_eq(&said.join("\n"));
    }

    #[test]
    fn every_shipped_kind_is_told_over_every_channel_with_what_the_house_knows() {
        let templates = shipped();
        for kind in NotificationKind::ALL {
            let sample = |of| match of {
                ValueKind::Case => "5724",
                ValueKind::Date => "2026-12-31",
                ValueKind::Time => "09:30",
                ValueKind::Money => "350050",
                ValueKind::YesNo
                | ValueKind::Number
                | ValueKind::Phone
                | ValueKind::Choice
                | ValueKind::Text
                | ValueKind::Dictation => "слова",
            };
            let all = gives(*kind)
                .iter()
                .map(|(name, of)| ((*name).to_owned(), sample(*of).to_owned()));
            let all: BTreeMap<String, String> = all.collect();
            for channel in Channel::ALL {
                let internal = *kind == NotificationKind::Internal && *channel == Channel::Voice;
                assert_eq!(
                    templates.check(*kind, *channel, &all).is_ok(),
                    !internal,
                    "{kind:?} {channel:?}"
                );
            }
        }
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let bad = "kind = \"appointment\"\nversion = \"1\"\ntitle = \"x\"\n[sms]\ntext = \"Ждём {when}\"\n";
        let findings = |files: &[(&str, &str)]| {
            let found = Templates::read(files.iter().copied()).unwrap_err();
            let lines = found.iter().map(ToString::to_string);
            lines
                .filter(|line| !line.contains("нет шаблона"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        expect![[r#"
            a.toml:5: значения {when} у этого вида нет. Есть: number, service, date, time, place
            b.toml:1: вида «party» нет. Есть: received, payment_confirmed, appointment, result, stage, status_changed, next_steps, campaign, internal
            c.toml:1: нет текста ни для одного канала: добавьте [sms], [email] или [voice]
            d.toml:3: не читается: unknown field `titel`, expected one of `kind`, `version`, `title`, `voice`, `sms`, `email`"#]].assert_eq(&findings(&[
            ("a.toml", bad),
            ("b.toml", "kind = \"party\"\nversion = \"1\"\ntitle = \"x\"\n"),
            ("c.toml", "kind = \"result\"\nversion = \"1\"\ntitle = \"x\"\n"),
            ("d.toml", "kind = \"stage\"\nversion = \"1\"\ntitel = \"x\"\n"),
        ]));
    }

    #[test]
    fn values_that_are_missing_unknown_or_wrong_are_refused() {
        let templates = shipped();
        let check = |pairs| {
            templates
                .check(NotificationKind::Received, Channel::Sms, &values(pairs))
                .unwrap_err()
        };
        expect![[r#"
            нет значения «due»
            значение «number» не читается: номер с контрольной цифрой
            значение «colour» этому виду неизвестно"#]]
        .assert_eq(&format!(
            "{}\n{}\n{}",
            check(&[("number", "5724")]),
            check(&[("number", "5723")]),
            check(&[("colour", "red")]),
        ));
    }

    #[test]
    fn braces_that_do_not_close_are_left_alone() {
        assert_eq!(fill("a {b} c {d", |name| name.to_uppercase()), "a B c {d");
        assert_eq!(placeholders("{a} { {b}").collect::<Vec<_>>(), ["a", "b"]);
    }
}
