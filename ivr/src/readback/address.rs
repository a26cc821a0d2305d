//! Electronic addresses as they are said: «инфо собака мфц точка ру».

use super::spelling::letter_name;

/// Latin words of addresses that have a Russian sound.
const WORDS: &[(&str, &str)] = &[
    ("info", "инфо"),
    ("mail", "мэйл"),
    ("gmail", "джимэйл"),
    ("yandex", "яндекс"),
    ("rambler", "рамблер"),
    ("bk", "бэ-ка"),
    ("ru", "ру"),
    ("com", "ком"),
    ("org", "орг"),
    ("net", "нет"),
    ("gov", "гов"),
    ("gosuslugi", "госуслуги"),
    ("minprom", "минпром"),
    ("office", "офис"),
    ("priem", "приём"),
    ("www", "три дубль вэ"),
    ("mfc", "эм-эф-цэ"),
    ("vk", "вэ-ка"),
];

/// Latin letters and groups in the order in which they are tried, and their sound in a word.
const SOUNDS: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("sch", "щ"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ya", "я"),
    ("yu", "ю"),
    ("yo", "ё"),
    ("ye", "е"),
    ("a", "а"),
    ("b", "б"),
    ("c", "к"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "х"),
    ("i", "и"),
    ("j", "й"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("x", "кс"),
    ("y", "ы"),
    ("z", "з"),
];

/// Ends of names of sites.
const DOMAINS: &[&str] = &["ru", "com", "org", "net", "info", "рф"];

/// Length in bytes of the address that the text begins with: an e-mail's, or a site's.
pub(super) fn length(text: &str) -> Option<usize> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
    let cyrillic = |c: char| part(c) || ('а'..='я').contains(&c);
    let end = |shape: &dyn Fn(char) -> bool| text.find(|c| !shape(c)).unwrap_or(text.len());
    [end(&part), end(&cyrillic)].into_iter().find_map(|end| {
        let word = text.get(..end)?.trim_end_matches(['.', '-', '_', '+', '@']);
        is_address(word).then_some(word.len())
    })
}

fn is_address(word: &str) -> bool {
    let site = word.split_once('@').map_or(word, |(_, site)| site);
    let Some((name, domain)) = site.rsplit_once('.') else {
        return false;
    };
    let starts = word.starts_with(|c: char| c.is_alphanumeric());
    starts && !name.is_empty() && !site.contains('@') && DOMAINS.contains(&domain)
}

/// The address in words.
pub(super) fn said(address: &str) -> String {
    let mut words = Vec::new();
    let mut part = String::new();
    for c in address.to_lowercase().chars() {
        let sign = match c {
            '@' => "собака",
            '.' => "точка",
            '-' => "дефис",
            '_' => "нижнее подчёркивание",
            '+' => "плюс",
            _ => {
                part.push(c);
                continue;
            }
        };
        words.extend(part_words(&std::mem::take(&mut part)));
        words.push(sign.to_owned());
    }
    words.extend(part_words(&part));
    words.join(" ")
}

/// Letters and figures between two signs.
fn part_words(part: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let figures = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != figures)
            .unwrap_or(rest.len());
        let (now, after) = rest.split_at(end);
        words.push(if figures {
            super::numbers::spelled(now)
        } else {
            letters(now)
        });
        rest = after;
    }
    words
}

fn letters(word: &str) -> String {
    if let Some((_, said)) = WORDS.iter().find(|(known, _)| *known == word) {
        return (*said).to_owned();
    }
    // Without a vowel nobody can say it: letter by letter.
    if !word.chars().any(|c| "aeiouyаеёиоуыэюя".contains(c)) {
        let names: Vec<&str> = word.chars().filter_map(letter_name).collect();
        return names.join("-");
    }
    let mut out = String::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let known = SOUNDS.iter().find(|(latin, _)| rest.starts_with(latin));
        let (taken, sound) = known.map_or((first.len_utf8(), None), |(l, s)| (l.len(), Some(*s)));
        match sound {
            Some(sound) => out.push_str(sound),
            None => out.push(first),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_and_said() {
        for (text, address, words) in [
            (
                "info@mfc.ru, ждём",
                "info@mfc.ru",
                "инфо собака эм-эф-цэ точка ру",
            ),
            ("gosuslugi.ru.", "gosuslugi.ru", "госуслуги точка ру"),
            (
                "www.e-dag.ru",
                "www.e-dag.ru",
                "три дубль вэ точка е дефис даг точка ру",
            ),
            (
                "zakaz_12@yandex.ru",
                "zakaz_12@yandex.ru",
                "заказ нижнее подчёркивание один два собака яндекс точка ру",
            ),
            ("мфц.рф", "мфц.рф", "эм-эф-цэ точка эр-эф"),
            (
                "priem@minprom.e-dag.ru",
                "priem@minprom.e-dag.ru",
                "приём собака минпром точка е дефис даг точка ру",
            ),
        ] {
            let found = length(text).map(|length| &text[..length]);
            assert_eq!(found, Some(address), "{text}");
            assert_eq!(said(address), words);
        }
        for text in ["info", "2.5", "a.b", "@mail.ru", "ул.", "", "e.g."] {
            assert_eq!(length(text), None, "{text}");
        }
    }
}
