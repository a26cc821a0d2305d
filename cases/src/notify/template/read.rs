//! Templates as files: reading them, and what is wrong with them.

use events::{Channel, NotificationKind};
use serde::Deserialize;

use super::{SMS_MAX, Template, TemplateFinding, VOICE_MAX, gives, placeholders};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: String,
    version: String,
    title: String,
    voice: Option<Voice>,
    sms: Option<Sms>,
    email: Option<Email>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Voice {
    script: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sms {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Email {
    subject: String,
    text: String,
}

/// Reads a template.
pub(super) fn parse(file: &str, text: &str) -> Result<Template, TemplateFinding> {
    let wrong = |error: toml::de::Error| {
        let before = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(before).filter(|b| *b == b'\n').count() + 1;
        TemplateFinding {
            file: file.to_owned(),
            line,
            what: format!("не читается: {}", error.message()),
        }
    };
    let read: File = toml::from_str(text).map_err(wrong)?;
    let Some(kind) = NotificationKind::parse(&read.kind) else {
        let known: Vec<&str> = NotificationKind::ALL.iter().map(|k| k.as_str()).collect();
        let what = format!("вида «{}» нет. Есть: {}", read.kind, known.join(", "));
        return Err(found((file, text), "kind", what));
    };
    Ok(Template {
        kind,
        version: read.version,
        title: read.title,
        voice: read.voice.map(|voice| (voice.script, voice.text)),
        sms: read.sms.map(|sms| sms.text),
        email: read.email.map(|email| (email.subject, email.text)),
    })
}

/// Everything that is wrong with a template that could be read.
pub(super) fn lint(file: &str, text: &str, template: &Template) -> Vec<TemplateFinding> {
    let of = (file, text);
    let mut findings = Vec::new();
    let known: Vec<&str> = gives(template.kind).iter().map(|(name, _)| *name).collect();
    let mut has_text = false;
    for channel in Channel::ALL {
        for part in template.parts(*channel) {
            has_text = true;
            for name in placeholders(part).filter(|name| !known.contains(name)) {
                let known = known.join(", ");
                let what = format!("значения {{{name}}} у этого вида нет. Есть: {known}");
                findings.push(found(of, &format!("{{{name}}}"), what));
            }
            if part.trim().is_empty() {
                let what = format!("пустой текст канала {}: напишите его", channel.as_str());
                findings.push(found(of, channel.as_str(), what));
            }
            let limit = match channel {
                Channel::Voice => VOICE_MAX,
                Channel::Sms => SMS_MAX,
                Channel::Email => usize::MAX,
            };
            let long = part.chars().count();
            if long > limit {
                let what = format!("текст из {long} знаков: сократите до {limit}");
                findings.push(found(of, channel.as_str(), what));
            }
        }
    }
    if !has_text {
        let what = "нет текста ни для одного канала: добавьте [sms], [email] или [voice]";
        findings.push(found(of, "kind", what.to_owned()));
    }
    findings
}

/// A finding at the first line that has `word`.
pub(super) fn found((file, text): (&str, &str), word: &str, what: String) -> TemplateFinding {
    let at = text
        .lines()
        .position(|line| !word.is_empty() && line.contains(word));
    TemplateFinding {
        file: file.to_owned(),
        line: at.map_or(1, |at| at + 1),
        what,
    }
}
