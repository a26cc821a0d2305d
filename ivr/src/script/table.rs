//! A TOML table read key by key, with the line of every value and every complaint in Russian.

mod values;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::draft::At;
use super::finding::{Finding, Rule};

/// Where complaints about one file go.
pub(super) struct Report<'a> {
    file: &'a str,
    line_starts: Vec<usize>,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(super) fn new(file: &'a str, text: &str, findings: &'a mut Vec<Finding>) -> Self {
        let ends = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(i, _)| i + 1);
        let line_starts = std::iter::once(0).chain(ends).collect();
        Self {
            file,
            line_starts,
            findings,
        }
    }

    pub(super) fn line(&self, offset: usize) -> u32 {
        let lines = self.line_starts.partition_point(|start| *start <= offset);
        u32::try_from(lines).unwrap_or(u32::MAX).max(1)
    }

    pub(super) fn add(
        &mut self,
        line: u32,
        rule: Rule,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.findings.push(Finding {
            file: self.file.to_owned(),
            line,
            rule,
            message: message.into(),
            advice: advice.into(),
            severity: rule.severity(),
        });
    }

    pub(super) const fn file(&self) -> &str {
        self.file
    }
}

/// One table; every key that is asked for is known, every other key is a mistake.
pub(super) struct Table<'t, 'i> {
    line: u32,
    title: String,
    table: &'t DeTable<'i>,
    asked: Vec<&'static str>,
}

impl<'t, 'i> Table<'t, 'i> {
    pub(super) const fn new(title: String, line: u32, table: &'t DeTable<'i>) -> Self {
        Self {
            line,
            title,
            table,
            asked: Vec::new(),
        }
    }

    /// A nested table, if the key is there: its title, line and keys.
    pub(super) fn inner(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
    ) -> Option<(u32, &'t DeTable<'i>)> {
        let value = self.get(key)?;
        let line = r.line(value.span().start);
        if let DeValue::Table(table) = value.get_ref() {
            return Some((line, table));
        }
        self.wrong(r, key, line, "таблица");
        None
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// Whether the key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn wrong(&self, report: &mut Report<'_>, key: &str, line: u32, wanted: &str) {
        report.add(
            line,
            Rule::BadValue,
            format!("{}: ключ «{key}» должен быть: {wanted}", self.title),
            format!("запишите {key} как {wanted}"),
        );
    }

    /// A text in quotes, if the key is there.
    pub(super) fn text(&mut self, key: &'static str, r: &mut Report<'_>) -> Option<At<String>> {
        let value = self.get(key)?;
        let line = r.line(value.span().start);
        if let DeValue::String(text) = value.get_ref() {
            return Some(At {
                value: text.trim().to_owned(),
                line,
            });
        }
        self.wrong(r, key, line, "текст в кавычках");
        None
    }

    /// A text that must be there; what to write is said in `advice`.
    pub(super) fn needed(
        &mut self,
        key: &'static str,
        advice: &str,
        r: &mut Report<'_>,
    ) -> Option<At<String>> {
        let there = self.table.contains_key(key);
        let text = self.text(key, r);
        if !there {
            self.missing(key, advice, r);
        }
        text
    }

    pub(super) fn missing(&self, key: &str, advice: &str, r: &mut Report<'_>) {
        let message = format!("{}: нет ключа «{key}»", self.title);
        r.add(self.line, Rule::MissingKey, message, advice);
    }

    /// A text or a list of texts; none if the key is not there.
    pub(super) fn texts(&mut self, key: &'static str, r: &mut Report<'_>) -> Vec<At<String>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let items: Vec<&Spanned<DeValue<'i>>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Table(_) => vec![value],
        };
        let mut texts = Vec::new();
        for item in items {
            let line = r.line(item.span().start);
            if let DeValue::String(text) = item.get_ref() {
                texts.push(At {
                    value: text.to_string(),
                    line,
                });
            } else {
                self.wrong(r, key, line, "список текстов в кавычках");
            }
        }
        texts
    }

    /// A whole number between the bounds, if the key is there.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        bounds: std::ops::RangeInclusive<u64>,
        r: &mut Report<'_>,
    ) -> Option<At<u64>> {
        let value = self.get(key)?;
        let line = r.line(value.span().start);
        if let DeValue::Integer(number) = value.get_ref()
            && let Ok(number) = u64::from_str_radix(number.as_str(), number.radix())
            && bounds.contains(&number)
        {
            return Some(At {
                value: number,
                line,
            });
        }
        let wanted = format!("целое число от {} до {}", bounds.start(), bounds.end());
        self.wrong(r, key, line, &wanted);
        None
    }

    /// `true` or `false`, if the key is there.
    pub(super) fn flag(&mut self, key: &'static str, r: &mut Report<'_>) -> Option<bool> {
        let value = self.get(key)?;
        if let DeValue::Boolean(flag) = value.get_ref() {
            return Some(*flag);
        }
        let line = r.line(value.span().start);
        self.wrong(r, key, line, "true или false");
        None
    }

    /// A day, in quotes or without, if the key is there.
    pub(super) fn date(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
    ) -> Option<At<super::Date>> {
        let value = self.get(key)?;
        let line = r.line(value.span().start);
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => String::new(),
        };
        let date = super::Date::parse(&text);
        if date.is_none() {
            self.wrong(
                r,
                key,
                line,
                "день календаря вида ГГГГ-ММ-ДД, например 2026-12-31",
            );
        }
        date.map(|value| At { value, line })
    }

    /// The tables under a key: `[key.name]`, in the order of the file.
    pub(super) fn named(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
    ) -> Vec<(At<String>, &'t DeTable<'i>)> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let DeValue::Table(table) = value.get_ref() else {
            let line = r.line(value.span().start);
            self.wrong(r, key, line, &format!("таблицы вида [{key}.имя]"));
            return Vec::new();
        };
        let mut named = Vec::new();
        for (name, value) in table {
            let line = r.line(name.span().start);
            if let DeValue::Table(inner) = value.get_ref() {
                named.push((
                    At {
                        value: name.get_ref().to_string(),
                        line,
                    },
                    inner,
                ));
            } else {
                self.wrong(r, key, line, &format!("таблицы вида [{key}.имя]"));
            }
        }
        named.sort_by_key(|(name, _)| name.line);
        named
    }

    /// The tables of a list: `[[key]]`, each with its line.
    pub(super) fn list(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
    ) -> Vec<(u32, &'t DeTable<'i>)> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let line = r.line(value.span().start);
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(r, key, line, "список таблиц в двойных скобках");
            return Vec::new();
        };
        let mut list = Vec::new();
        for item in items.iter() {
            let line = r.line(item.span().start);
            if let DeValue::Table(inner) = item.get_ref() {
                list.push((line, inner));
            } else {
                self.wrong(r, key, line, "список таблиц в двойных скобках");
            }
        }
        list
    }

    /// Complains about every key that nobody asked for.
    pub(super) fn close(self, r: &mut Report<'_>) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let near = self
                .asked
                .iter()
                .map(|known| (strsim::jaro_winkler(known, name), *known))
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let advice = near.map_or_else(
                || format!("уберите его; здесь бывают: {}", self.asked.join(", ")),
                |(_, known)| format!("возможно, имелся в виду «{known}»"),
            );
            let line = r.line(key.span().start);
            let message = format!("{}: неизвестный ключ «{name}»", self.title);
            r.add(line, Rule::UnknownKey, message, advice);
        }
    }
}
