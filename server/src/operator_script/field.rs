//! What an operator writes down during a step: typed, perhaps required, kept with the call.

use events::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// A value is no longer than this: the substance of a complaint.
const VALUE_MAX_CHARS: usize = 4_000;
/// A line is no longer than this.
const LINE_MAX_CHARS: usize = 300;

/// A field of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScriptField {
    /// Its name in facts; the same name in another script is the same field of the call.
    pub name: String,
    /// What it is called on the screen.
    pub title: String,
    /// What may stand in it.
    pub kind: FieldKind,
    /// Whether the way through the script asks for it.
    pub required: bool,
    /// Where it is known from beforehand: `caller`, `service`, or `heard.NODE` for what the caller
    /// answered in a node of the assistant.
    pub from: Option<String>,
    /// What may be chosen, for [`FieldKind::Choice`].
    pub options: Vec<FieldOption>,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    /// Its name in facts.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
}

/// What may stand in a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A line.
    #[default]
    Text,
    /// Several lines.
    LongText,
    /// Digits.
    Number,
    /// `2026-11-23`.
    Date,
    /// A telephone number.
    Phone,
    /// An address of electronic mail.
    Email,
    /// `yes` or `no`.
    YesNo,
    /// One of the options.
    Choice,
}

impl ScriptField {
    /// Whether a value may stand here; otherwise what to do, in Russian.
    ///
    /// # Errors
    /// The text for the operator's screen.
    pub fn fits(&self, value: &str) -> Result<(), String> {
        let chars = value.chars().count();
        let most = match self.kind {
            FieldKind::LongText => VALUE_MAX_CHARS,
            FieldKind::Text
            | FieldKind::Number
            | FieldKind::Date
            | FieldKind::Phone
            | FieldKind::Email
            | FieldKind::YesNo
            | FieldKind::Choice => LINE_MAX_CHARS,
        };
        if chars > most {
            let title = &self.title;
            return Err(format!(
                "«{title}»: не больше {most} знаков, а здесь {chars}"
            ));
        }
        self.has_its_kind(value)
            .map_err(|what| format!("«{}»: {what}", self.title))
    }

    fn has_its_kind(&self, value: &str) -> Result<(), &'static str> {
        let says = |fits: bool, what| if fits { Ok(()) } else { Err(what) };
        match self.kind {
            FieldKind::Text | FieldKind::LongText => {
                says(!value.trim().is_empty(), "впишите текст")
            }
            FieldKind::Number => {
                let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                says(!value.is_empty() && digits(value), "впишите число цифрами")
            }
            FieldKind::Date => says(Date::parse(value).is_some(), "впишите день так: 2026-11-23"),
            FieldKind::Phone => says(is_phone(value), "впишите номер телефона: от 3 до 15 цифр"),
            FieldKind::Email => says(is_email(value), "впишите адрес так: name@example.ru"),
            FieldKind::YesNo => says(matches!(value, "yes" | "no"), "выберите «да» или «нет»"),
            FieldKind::Choice => says(
                self.options.iter().any(|option| option.id == value),
                "выберите из списка",
            ),
        }
    }
}

/// Three digits are a short number; ITU-T E.164 ends at 15.
fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')');
    let rest = value.strip_prefix('+').unwrap_or(value);
    (3..=15).contains(&digits) && rest.chars().all(plain)
}

/// Something, one `@`, and a domain with a dot: whether a letter arrives only the letter knows.
fn is_email(value: &str) -> bool {
    let plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace());
    value.split_once('@').is_some_and(|(name, domain)| {
        let dotted = domain
            .split_once('.')
            .is_some_and(|(host, zone)| plain(host) && plain(zone));
        plain(name) && dotted && !domain.contains('@')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> ScriptField {
        let option = |id: &str| FieldOption {
            id: id.into(),
            title: id.into(),
        };
        ScriptField {
            name: "it".into(),
            title: "Поле".into(),
            kind,
            required: true,
            from: None,
            options: vec![option("email"), option("post")],
        }
    }

    #[test]
    fn each_kind_takes_its_values_and_says_what_it_wants() {
        for (kind, good, bad) in [
            (FieldKind::Text, "Иванов", "  "),
            (FieldKind::LongText, "не ответили\nв срок", ""),
            (FieldKind::Number, "12", "двенадцать"),
            (FieldKind::Date, "2026-11-23", "23.11.2026"),
            (FieldKind::Phone, "+7 (916) 123-45-67", "без номера"),
            (FieldKind::Phone, "102", "12"),
            (FieldKind::Email, "a.b@mail.example.ru", "a.b@mail"),
            (FieldKind::Email, "a@b.ru", "a@b@c.ru"),
            (FieldKind::YesNo, "yes", "да"),
            (FieldKind::Choice, "post", "почтой"),
        ] {
            let field = field(kind);
            assert_eq!(field.fits(good), Ok(()), "{kind:?}");
            assert!(field.fits(bad).is_err(), "{kind:?} {bad}");
        }
        assert_eq!(
            field(FieldKind::Email).fits("почта"),
            Err("«Поле»: впишите адрес так: name@example.ru".into())
        );
    }

    #[test]
    fn no_value_is_without_end() {
        let long = "а".repeat(301);
        assert!(field(FieldKind::Text).fits(&long).is_err());
        assert_eq!(field(FieldKind::LongText).fits(&long), Ok(()));
        let book = "а".repeat(4_001);
        assert!(field(FieldKind::LongText).fits(&book).is_err());
    }
}
