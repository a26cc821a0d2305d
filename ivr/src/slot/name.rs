//! A name letter by letter: «и, вэ, а, эн, о, вэ», «Иван, Василий, Анна …».

use events::Value;

use super::Reading;
use crate::intent::normalise;

/// Letters in a name that is spelled; longer ones are cut off.
const LETTERS_MAX: usize = 60;
/// Letters that make a name.
const LETTERS_MIN: usize = 2;

/// A letter, its names, and the words that stand for it; the first word is the one to advise.
/// `ё` where it is spoken, since the recogniser listens for these.
pub(super) const LETTERS: &[(char, &[&str], &[&str])] = &[
    ('а', &["а"], &["анна", "антон"]),
    ('б', &["бэ"], &["борис"]),
    ('в', &["вэ"], &["василий", "владимир", "виктор"]),
    ('г', &["гэ"], &["григорий", "галина"]),
    ('д', &["дэ"], &["дмитрий", "дарья"]),
    ('е', &["е"], &["елена", "евгений"]),
    ('ё', &["ё"], &["ёлка"]),
    ('ж', &["жэ"], &["женя", "жук"]),
    ('з', &["зэ"], &["зинаида", "зоя"]),
    ('и', &["и"], &["иван", "игорь"]),
    ('й', &["и краткое"], &["иван краткий", "йот"]),
    ('к', &["ка"], &["константин", "кирилл"]),
    ('л', &["эль"], &["леонид", "лев"]),
    ('м', &["эм"], &["михаил", "мария"]),
    ('н', &["эн"], &["николай", "наталья"]),
    ('о', &["о"], &["ольга", "олег"]),
    ('п', &["пэ"], &["павел", "пётр"]),
    ('р', &["эр"], &["роман"]),
    ('с', &["эс"], &["семён", "сергей", "светлана"]),
    ('т', &["тэ"], &["татьяна", "тимофей"]),
    ('у', &["у"], &["ульяна"]),
    ('ф', &["эф"], &["фёдор"]),
    ('х', &["ха"], &["харитон"]),
    ('ц', &["цэ"], &["цапля"]),
    ('ч', &["че"], &["человек"]),
    ('ш', &["ша"], &["шура"]),
    ('щ', &["ща"], &["щука"]),
    ('ъ', &["твёрдый знак"], &[]),
    ('ы', &["ы"], &["еры"]),
    ('ь', &["мягкий знак"], &[]),
    ('э', &["э", "э оборотное"], &["эхо", "эмма"]),
    ('ю', &["ю"], &["юрий", "юлия"]),
    ('я', &["я"], &["яков"]),
];

/// Words between the parts of a name.
pub(super) const SPACES: &[&str] = &["пробел", "имя", "отчество", "дальше"];
/// Words for the hyphen of a double name.
pub(super) const HYPHENS: &[&str] = &["дефис", "чёрточка", "тире"];

/// What a word or two of a spelling say.
enum Part {
    Letter(char),
    Space,
    Hyphen,
    /// «Два», «дважды»: the next letter twice.
    Twice,
}

fn part(words: &str) -> Option<Part> {
    let same = |known: &&str| normalise(known) == words;
    let letter = LETTERS
        .iter()
        .find(|(letter, names, standing)| {
            names.iter().any(&same)
                || standing.iter().any(&same)
                // A letter by itself is typed so.
                || words.chars().eq(std::iter::once(*letter))
        })
        .map(|(letter, _, _)| Part::Letter(*letter));
    letter.or_else(|| {
        if SPACES.iter().any(same) {
            Some(Part::Space)
        } else if HYPHENS.iter().any(same) {
            Some(Part::Hyphen)
        } else if matches!(words, "два" | "две" | "дважды" | "двойное") {
            Some(Part::Twice)
        } else {
            None
        }
    })
}

/// The name that the letters make. Words that are no letters are passed over: who spells a name says
/// it first («Иванов: и, вэ, …»).
pub(super) fn spelled(words: &str) -> Reading {
    let line = normalise(words);
    let said: Vec<&str> = line.split(' ').collect();
    let mut name = String::new();
    let mut twice = false;
    let mut at = 0;
    while let Some(word) = said.get(at) {
        let pair = said.get(at + 1).map(|next| format!("{word} {next}"));
        let (step, found) = match pair.and_then(|pair| part(&pair)) {
            Some(found) => (2, Some(found)),
            None => (1, part(word)),
        };
        at += step;
        match found {
            Some(Part::Letter(letter)) => {
                name.push(letter);
                if std::mem::take(&mut twice) {
                    name.push(letter);
                }
            }
            Some(Part::Space) => name.push(' '),
            Some(Part::Hyphen) => name.push('-'),
            Some(Part::Twice) => twice = true,
            None => {}
        }
    }
    written(&name)
}

/// A typed name, or one that is spelled in a typed line.
pub(super) fn typed(line: &str) -> Reading {
    let normal = normalise(line);
    let words = || normal.split(' ').filter(|word| !word.is_empty());
    let letters = words().filter(|word| word.chars().count() == 1 || short_name(word));
    // Initials are no spelling.
    if letters.count() >= LETTERS_MIN && !line.contains('.') {
        return spelled(line);
    }
    let shape = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '.');
    if line.chars().all(shape) {
        written(&line.replace('.', " "))
    } else {
        Reading::Nothing
    }
}

fn short_name(word: &str) -> bool {
    LETTERS
        .iter()
        .any(|(_, names, _)| names.iter().any(|name| normalise(name) == word))
}

/// Spaces put right, each part with a capital.
fn written(name: &str) -> Reading {
    let mut out = String::new();
    let mut capital = true;
    for c in name.to_lowercase().chars().take(LETTERS_MAX) {
        match c {
            ' ' | '-' if capital => {}
            ' ' | '-' => {
                out.push(c);
                capital = true;
            }
            _ if capital => {
                out.extend(c.to_uppercase());
                capital = false;
            }
            _ => out.push(c),
        }
    }
    let out = out.trim_end_matches([' ', '-']);
    if out.chars().filter(|c| c.is_alphabetic()).count() < LETTERS_MIN {
        return Reading::Nothing;
    }
    Reading::One(Value::Text(out.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_people_spell_them() {
        for (words, name) in [
            ("и вэ а эн о вэ", "Иванов"),
            ("Иванов: и вэ а эн о вэ", "Иванов"),
            ("Иван Василий Анна Николай Ольга Василий", "Иванов"),
            ("эм а гэ о эм е дэ о вэ", "Магомедов"),
            (
                "Михаил Анна Григорий Ольга Михаил Елена Дмитрий Ольга Василий",
                "Магомедов",
            ),
            ("гэ а дэ жэ и е вэ", "Гаджиев"),
            ("а эль и е вэ а", "Алиева"),
            ("ша мягкий знак", "Шь"),
            ("я ка о вэ эль е вэ", "Яковлев"),
            ("цэ а эр е вэ а", "Царева"),
            ("ю и краткое", "Юй"),
            ("щ у к а", "Щука"),
            ("дэ пробел эм", "Д М"),
            ("а эн эн а", "Анна"),
            ("а два эн а", "Анна"),
            ("а эн дэ эр е и краткое", "Андрей"),
            ("о эль мягкий знак гэ а", "Ольга"),
            ("эс у бэ твёрдый знак", "Субъ"),
            ("эм а ка эль а дефис эс", "Макла-С"),
            ("и вэ а эн о вэ пробел и вэ а эн", "Иванов Иван"),
            ("Харитон Анна Семён Анна Николай", "Хасан"),
            ("Тимофей Анна Григорий Иван Роман", "Тагир"),
            ("эф ё дэ о эр", "Федор"),
            ("э эм мягкий знак", "Эмь"),
            ("че е ха", "Чех"),
            ("моя фамилия ка а эс и эм", "Касим"),
        ] {
            assert_eq!(
                spelled(words),
                Reading::One(Value::Text(name.to_owned())),
                "{words}"
            );
        }
        for words in ["", "а", "ну что вам сказать", "пробел пробел"] {
            assert_eq!(spelled(words), Reading::Nothing, "{words}");
        }
    }

    #[test]
    fn a_typed_name_is_taken_as_typed() {
        for (line, name) in [
            ("Иванов Иван", "Иванов Иван"),
            ("магомедов магомед", "Магомедов Магомед"),
            ("Римская-Корсакова", "Римская-Корсакова"),
            ("Иванов И.И.", "Иванов И И"),
            ("и в а н о в", "Иванов"),
            ("и, вэ, а, эн, о, вэ", "Иванов"),
            ("Фёдоров  Пётр", "Фёдоров Пётр"),
        ] {
            assert_eq!(
                typed(line),
                Reading::One(Value::Text(name.to_owned())),
                "{line}"
            );
        }
        for line in ["12", "a@b.ru", "", "!"] {
            assert_eq!(typed(line), Reading::Nothing, "{line}");
        }
    }
}
