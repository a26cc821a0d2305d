//! From recognised words to what they mean in a node.

/// The words as they are compared: lower case, ё as е, no punctuation, one space between words.
///
/// The recogniser's lists and the scripts write ё where it belongs; people and older texts do not.
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase).map(|c| match c {
            'ё' => 'е',
            other => other,
        }));
    }
    out
}

/// The phrase of a closed list that somebody's line holds, as the recogniser's list with speech
/// around it would find it: whole words, the longest phrase, the earliest of equally long ones.
#[must_use]
pub fn spot<'a>(line: &str, phrases: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let line = format!(" {} ", normalise(line));
    let mut best: Option<(usize, &str)> = None;
    for phrase in phrases {
        let wanted = normalise(phrase);
        if wanted.is_empty() || !line.contains(&format!(" {wanted} ")) {
            continue;
        }
        let length = wanted.chars().count();
        if best.is_none_or(|(longest, _)| length > longest) {
            best = Some((length, phrase));
        }
    }
    best.map(|(_, phrase)| phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_dots_and_yo() {
        for (raw, plain) in [
            ("Ещё раз!", "еще раз"),
            ("  металло-лом,  лицензия ", "металло лом лицензия"),
            ("", ""),
            ("…", ""),
            ("ПЯТЁРКА", "пятерка"),
        ] {
            assert_eq!(normalise(raw), plain);
        }
    }

    #[test]
    fn a_phrase_is_found_among_other_words() {
        let phrases = ["лицензия", "лицензию на лом", "статус технопарка", "нет"];
        for (line, found) in [
            ("хочу узнать про лицензию на лом", Some("лицензию на лом")),
            ("Лицензия!", Some("лицензия")),
            (
                "статус технопарка, лицензию на лом",
                Some("статус технопарка"),
            ),
            ("нету", None),
            ("", None),
        ] {
            assert_eq!(spot(line, phrases), found, "{line}");
        }
    }
}
