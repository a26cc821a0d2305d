//! How things are written in figures: where they begin and end.

/// A whole number as it is written.
pub(super) struct Number {
    /// Its figures without the spaces between thousands.
    pub(super) digits: String,
    /// Its value, if it is small enough to be said at once.
    pub(super) value: Option<u32>,
    /// Bytes it takes.
    pub(super) length: usize,
}

/// Figures of a number that is said at once, at most.
const FIGURES_MAX: usize = 9;
/// Figures of a telephone number with its country.
const PHONE_FIGURES: usize = 11;

fn figures(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len())
}

/// `1 500 000`, `42`.
pub(super) fn number(text: &str) -> Option<Number> {
    let mut length = figures(text);
    if length == 0 {
        return None;
    }
    let mut digits = text.get(..length)?.to_owned();
    while digits.len() <= 6 && (length > 3 || digits.len() <= 3) && !digits.starts_with('0') {
        let Some(rest) = text
            .get(length..)
            .and_then(|r| r.strip_prefix([' ', '\u{a0}']))
        else {
            break;
        };
        let group = figures(rest);
        if group != 3
            || rest.get(group..).is_some_and(|r| {
                r.starts_with(['-', '.', ':']) && figures(r.get(1..).unwrap_or_default()) > 0
            })
        {
            break;
        }
        digits.push_str(rest.get(..group)?);
        length = text.len() - rest.len() + group;
    }
    let value = digits.parse().ok().filter(|_| digits.len() <= FIGURES_MAX);
    Some(Number {
        digits,
        value,
        length,
    })
}

/// `9:30`: hour, minute and length.
pub(super) fn clock(text: &str) -> Option<(u8, u8, usize)> {
    let hours = figures(text);
    let rest = text.get(hours..)?.strip_prefix(':')?;
    let minutes = figures(rest);
    let hour = text.get(..hours)?.parse().ok().filter(|hour| *hour < 24)?;
    let minute = rest
        .get(..minutes)?
        .parse()
        .ok()
        .filter(|minute| *minute < 60)?;
    Some((hour, minute, hours + 1 + minutes))
}

/// `9.30` where a time of day stands: hour, minute and length. Nothing that could be a sum, a date or
/// a number of a part follows.
pub(super) fn dotted_clock(text: &str) -> Option<(u8, u8, usize)> {
    let hours = figures(text);
    let length = hours + 3;
    let written = text.get(..length)?;
    let after = text.get(length..)?;
    let next = after.trim_start_matches([' ', '\u{a0}']);
    let goes_on = after.starts_with(|c: char| c.is_alphanumeric())
        || after
            .strip_prefix(['.', ','])
            .is_some_and(|r| figures(r) > 0)
        || [
            "руб", "р.", "₽", "%", "проц", "тыс", "млн", "млрд", "раз", "кг", "км", "лет",
        ]
        .iter()
        .any(|unit| next.starts_with(unit));
    let (hour, minute, _) = clock(&written.replace('.', ":"))?;
    (!goes_on && figures(written.get(hours + 1..)?) == 2).then_some((hour, minute, length))
}

/// A dash between two figures: its length with the spaces around it.
pub(super) fn dash(text: &str) -> Option<usize> {
    let trimmed = text.trim_start_matches([' ', '\u{a0}']);
    let rest = trimmed.strip_prefix(['–', '—', '-'])?;
    // A hyphen has no spaces around it.
    if trimmed.starts_with('-') && trimmed.len() != text.len() {
        return None;
    }
    let after = rest.trim_start_matches([' ', '\u{a0}']);
    Some(text.len() - after.len())
}

/// The word behind one space.
pub(super) fn word_after(text: &str) -> Option<(usize, &str)> {
    let trimmed = text.trim_start_matches([' ', '\u{a0}']);
    let end = trimmed
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(trimmed.len());
    let word = trimmed.get(..end).filter(|word| !word.is_empty())?;
    Some((text.len() - trimmed.len(), word))
}

/// «Год» in its cases, or «г.»: the word and its length with the space before it.
pub(super) fn year_word(text: &str) -> Option<(&str, usize)> {
    let (gap, word) = word_after(text)?;
    let length = gap + word.len();
    match word {
        "год" | "года" | "году" | "годом" => Some((word, length)),
        "г" => {
            let stop = text.get(length..)?.starts_with('.');
            stop.then_some((word, length + 1))
        }
        _ => None,
    }
}

/// Whether a shortened word took the full stop of its sentence with it.
pub(super) fn stop_lost(text: &str, length: usize) -> bool {
    let stop = text.get(..length).is_some_and(|taken| taken.ends_with('.'));
    let after = text.get(length..).unwrap_or_default().trim_start();
    stop && after.chars().next().is_none_or(char::is_uppercase)
}

/// `+7 (999) 000-80-91`, `8 800 555-35-35`, `67-80-91`: the length.
pub(super) fn phone(text: &str) -> Option<usize> {
    let plus = text.starts_with('+');
    let body = text.strip_prefix('+').unwrap_or(text);
    let offset = text.len() - body.len();
    let (mut count, mut end) = (0, 0);
    for (at, c) in body.char_indices() {
        if c.is_ascii_digit() {
            count += 1;
            end = at + 1;
            if count > PHONE_FIGURES && !plus {
                break;
            }
        } else if !matches!(c, ' ' | '\u{a0}' | '-' | '(' | ')') {
            break;
        }
    }
    if plus {
        return (count > 0).then_some(offset + end);
    }
    if body.starts_with(['7', '8']) {
        // Exactly eleven, and nothing that goes on.
        let (mut count, mut end) = (0, 0);
        for (at, c) in body.char_indices() {
            if c.is_ascii_digit() {
                count += 1;
                end = at + 1;
            } else if !matches!(c, ' ' | '\u{a0}' | '-' | '(' | ')') || count == PHONE_FIGURES {
                break;
            }
        }
        if count == PHONE_FIGURES {
            return Some(end);
        }
    }
    local(body)
}

/// `67-80-91` and `267-80-91`.
fn local(text: &str) -> Option<usize> {
    let first = figures(text);
    let second = text.get(first..)?.strip_prefix('-')?;
    let third = second.get(figures(second)..)?.strip_prefix('-')?;
    let last = figures(third);
    let fits = (2..=3).contains(&first) && figures(second) == 2 && last == 2;
    let ends = !third.get(last..)?.starts_with('-');
    (fits && ends).then_some(text.len() - third.len() + last)
}
