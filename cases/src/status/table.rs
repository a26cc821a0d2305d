//! A drop of statuses as a table of text (RFC 4180, with `;` or tabs as offices export it).

use std::collections::BTreeMap;

use events::{CaseNumber, Date};

use super::Standing;

/// The columns' names in the first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The application's number.
    pub number: String,
    /// The status in words.
    pub status: String,
    /// The day by which it is decided; may be missing.
    pub due: String,
}

/// A line that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number in the file, from 1.
    pub line: usize,
    /// Why, in Russian; holds nothing of the line's content.
    pub why: &'static str,
}

/// A status is no longer than this, characters: it is said over a telephone.
const STATUS_MAX_CHARS: usize = 200;

/// Reads a table. Lines that cannot be used are left out and named; the later of two lines about
/// one number counts.
///
/// # Errors
/// A sentence for the log if a column is missing: then nothing can be used.
pub fn read_table(
    text: &str,
    columns: &Columns,
) -> Result<(BTreeMap<CaseNumber, Standing>, Vec<BadLine>), String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let by_count = [';', '\t', ','].into_iter();
    let separator = by_count
        .max_by_key(|c| first.matches(*c).count())
        .unwrap_or(';');
    let mut rows = rows(text, separator).into_iter();
    let head: Vec<String> = rows.next().map_or_else(Vec::new, |(_, head)| head);
    let column = |name: &str| {
        let found = head
            .iter()
            .position(|c| c.to_lowercase() == name.to_lowercase());
        found.ok_or_else(|| format!("в первой строке нет столбца «{name}»"))
    };
    let (number, status) = (column(&columns.number)?, column(&columns.status)?);
    let due = column(&columns.due).ok();
    let (mut standings, mut bad) = (BTreeMap::new(), Vec::new());
    for (line, row) in rows {
        let field = |n: usize| row.get(n).map_or("", |f| f.trim());
        if row.iter().all(|f| f.trim().is_empty()) {
            continue;
        }
        match standing(field(number), field(status), due.map_or("", field)) {
            Ok((number, standing)) => {
                standings.insert(number, standing);
            }
            Err(why) => bad.push(BadLine { line, why }),
        }
    }
    Ok((standings, bad))
}

fn standing(number: &str, status: &str, due: &str) -> Result<(CaseNumber, Standing), &'static str> {
    let number =
        CaseNumber::parse(number).ok_or("номер не читается или контрольная цифра неверна")?;
    if status.is_empty() || status.chars().count() > STATUS_MAX_CHARS {
        return Err("статус пуст или длиннее 200 знаков");
    }
    let due = match due {
        "" => None,
        due => Some(read_date(due).ok_or("срок не читается: пишите 31.12.2026 или 2026-12-31")?),
    };
    let standing = Standing {
        status: status.to_owned(),
        due,
    };
    Ok((number, standing))
}

/// `31.12.2026` or `2026-12-31`, whatever time follows.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let day = text.split([' ', 'T']).next()?;
    let mut parts = day.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(d), Some(m), Some(y), None) => Date::parse(&format!("{y}-{m:0>2}-{d:0>2}")),
        _ => Date::parse(day),
    }
}

/// Rows with the number of the line they begin in. Quotes protect separators, ends of lines and,
/// doubled, themselves; a quote that is never closed ends with the text.
fn rows(text: &str, separator: char) -> Vec<(usize, Vec<String>)> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begin, mut quoted) = (1, 1, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push((begin, std::mem::take(&mut row)));
                begin = line;
            }
            c if c == separator && !quoted => row.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push((begin, row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use events::CaseId;
    use proptest::prelude::*;

    use super::*;

    fn columns() -> Columns {
        Columns {
            number: "Номер".into(),
            status: "Статус".into(),
            due: "Срок".into(),
        }
    }

    #[test]
    fn an_export_of_an_office_is_read_and_bad_lines_are_named() {
        let good = CaseNumber::of(CaseId(1234));
        let other = CaseNumber::of(CaseId(77));
        let text = format!(
            "\u{feff}номер;Заявитель;статус;срок\r\n\
             {good};\"Ромашка; \"\"Юг\"\"\";На рассмотрении;31.12.2026\r\n\
             \r\n\
             12345678;Х;Готово;\r\n\
             {other};\"две\nстроки\";Ожидает\u{a0}оплаты;\r\n\
             {other};Х;;\r\n\
             {other};Х;Готово;завтра\r\n"
        );
        let (standings, bad) = read_table(&text, &columns()).unwrap();
        assert_eq!(standings.len(), 2);
        assert_eq!(standings[&good].status, "На рассмотрении");
        assert_eq!(standings[&good].due, Date::parse("2026-12-31"));
        assert_eq!(standings[&other].due, None);
        let lines: Vec<usize> = bad.iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [4, 7, 8]);
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = read_table("номер;стадия\n", &columns()).unwrap_err();
        assert_eq!(error, "в первой строке нет столбца «Статус»");
    }

    #[test]
    fn days_are_read_as_offices_write_them() {
        let read = |text| read_date(text).map(|d| d.to_string());
        assert_eq!(read("1.2.2026").as_deref(), Some("2026-02-01"));
        assert_eq!(read("2026-02-01T00:00:00").as_deref(), Some("2026-02-01"));
        assert_eq!(read("31.02.2026"), None);
        assert_eq!(read("скоро"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_fall(text in "\\PC*|[;\",\r\n0-9а-я]*") {
            let _ = read_table(&format!("номер;статус;срок\n{text}"), &columns());
            let _ = read_table(&text, &columns());
        }

        #[test]
        fn a_written_row_is_read_back(fields in proptest::collection::vec("[а-я\";,\n ]{0,8}", 1..5)) {
            let quoted: Vec<String> = fields.iter().map(|f| format!("\"{}\"", f.replace('"', "\"\""))).collect();
            let text = format!("{}\n", quoted.join(";"));
            let read = rows(&text, ';');
            prop_assert_eq!(&read[0].1, &fields);
        }
    }
}
