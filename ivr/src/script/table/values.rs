//! Texts in several languages, and tables of names and values.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Report, Table};
use crate::script::Language;
use crate::script::draft::{At, Foreign, OperandDraft, Pair, TextDraft};
use crate::script::finding::Rule;

impl<'i> Table<'_, 'i> {
    /// A text in quotes, or a table of languages: `{ ru = "…", en = "…" }`; none if the key is absent.
    pub(in crate::script) fn said(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
    ) -> Option<TextDraft> {
        let value = self.get(key)?;
        let line = r.line(value.span().start);
        let DeValue::Table(table) = value.get_ref() else {
            return self.text(key, r).map(|text| TextDraft {
                line,
                said: vec![(None, text)],
            });
        };
        let mut said = Vec::new();
        for (name, value) in table {
            let line = r.line(value.span().start);
            let language = self.language(name, r);
            if let DeValue::String(text) = value.get_ref() {
                let value = text.trim().to_owned();
                said.extend(language.map(|l| (Some(l), At { value, line })));
            } else {
                self.wrong(r, key, line, "текст в кавычках на каждом языке");
            }
        }
        Some(TextDraft { line, said })
    }

    /// A text that must be there; what to write is said in `advice`.
    pub(in crate::script) fn said_needed(
        &mut self,
        key: &'static str,
        advice: &str,
        r: &mut Report<'_>,
    ) -> Option<TextDraft> {
        let said = self.said(key, r);
        if said.is_none() && !self.table.contains_key(key) {
            self.missing(key, advice, r);
        }
        said
    }

    /// Phrases of an option: a list, or a table of lists by language. The lists without a language or
    /// in the script's own come first.
    pub(in crate::script) fn phrases(
        &mut self,
        (key, own): (&'static str, &Language),
        r: &mut Report<'_>,
    ) -> (Vec<At<String>>, Foreign) {
        let Some(value) = self.get(key) else {
            return (Vec::new(), Vec::new());
        };
        let DeValue::Table(table) = value.get_ref() else {
            return (self.texts(key, r), Vec::new());
        };
        let (mut phrases, mut foreign) = (Vec::new(), Vec::new());
        for (name, value) in table {
            let list = self.strings(key, value, r);
            match self.language(name, r) {
                Some(language) if language == *own => phrases = list,
                Some(language) => foreign.push((language, list)),
                None => {}
            }
        }
        (phrases, foreign)
    }

    /// A table of names and values: `{ time = "$visit.id", remind = true }`.
    pub(in crate::script) fn operands(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
    ) -> Vec<Pair<OperandDraft>> {
        self.pairs(key, r, |table, value, r| {
            let line = r.line(value.span().start);
            let operand = operand(value.get_ref());
            if operand.is_none() {
                table.wrong(r, key, line, "true, целое число или текст в кавычках");
            }
            operand.map(|value| At { value, line })
        })
    }

    /// A table of names and names: `{ done = "node", taken = "other" }`.
    pub(in crate::script) fn names(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
    ) -> Vec<Pair<String>> {
        self.pairs(key, r, |table, value, r| {
            let line = r.line(value.span().start);
            if let DeValue::String(text) = value.get_ref() {
                let value = text.trim().to_owned();
                return Some(At { value, line });
            }
            table.wrong(r, key, line, "таблица имён в кавычках");
            None
        })
    }

    /// A table of names and whole numbers: `{ page = 1 }`.
    pub(in crate::script) fn numbers(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
    ) -> Vec<Pair<u64>> {
        self.pairs(key, r, |table, value, r| {
            let line = r.line(value.span().start);
            if let DeValue::Integer(number) = value.get_ref()
                && let Ok(value) = u64::from_str_radix(number.as_str(), number.radix())
            {
                return Some(At { value, line });
            }
            table.wrong(r, key, line, "таблица целых чисел");
            None
        })
    }

    fn pairs<T>(
        &mut self,
        key: &'static str,
        r: &mut Report<'_>,
        mut read: impl FnMut(&Self, &Spanned<DeValue<'i>>, &mut Report<'_>) -> Option<At<T>>,
    ) -> Vec<Pair<T>> {
        let Some((_, table)) = self.inner(key, r) else {
            return Vec::new();
        };
        let table: &DeTable<'i> = table;
        let mut pairs = Vec::new();
        for (name, value) in table {
            let line = r.line(name.span().start);
            let name = name.get_ref().to_string();
            let name = At { value: name, line };
            pairs.extend(read(self, value, r).map(|value| (name, value)));
        }
        pairs.sort_by_key(|(name, _)| name.line);
        pairs
    }

    fn strings(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        r: &mut Report<'_>,
    ) -> Vec<At<String>> {
        let mut list = Vec::new();
        let DeValue::Array(items) = value.get_ref() else {
            let line = r.line(value.span().start);
            self.wrong(r, key, line, "список текстов на каждом языке");
            return list;
        };
        for item in items.iter() {
            let line = r.line(item.span().start);
            if let DeValue::String(text) = item.get_ref() {
                let value = text.to_string();
                list.push(At { value, line });
            } else {
                self.wrong(r, key, line, "список текстов на каждом языке");
            }
        }
        list
    }

    fn language(
        &self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        r: &mut Report<'_>,
    ) -> Option<Language> {
        let language = Language::parse(name.get_ref());
        if language.is_none() {
            let line = r.line(name.span().start);
            let message = format!("{}: «{}» — не язык", self.title, name.get_ref());
            let advice = "язык — две латинские буквы: ru, be, en";
            r.add(line, Rule::BadValue, message, advice);
        }
        language
    }
}

fn operand(value: &DeValue<'_>) -> Option<OperandDraft> {
    match value {
        DeValue::String(text) => Some(text.strip_prefix('$').map_or_else(
            || OperandDraft::Literal(text.trim().to_owned()),
            |name| OperandDraft::Variable(name.to_owned()),
        )),
        DeValue::Boolean(flag) => Some(OperandDraft::Literal(flag.to_string())),
        DeValue::Integer(number) => Some(OperandDraft::Literal(number.as_str().to_owned())),
        DeValue::Datetime(day) => Some(OperandDraft::Literal(day.to_string())),
        DeValue::Float(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
