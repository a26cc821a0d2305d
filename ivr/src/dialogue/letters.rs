//! Words by keys, for those who do not speak: as letters were typed on telephones.
//!
//! Keys 2–9 hold four letters each; a key pressed again takes its next letter, `1` ends a letter so
//! that the same key may begin another, `0` is a space, `*` takes the last letter back, `#` ends.

/// The letters of the keys 2–9.
const KEYS: [&str; 8] = [
    "абвг", "дежз", "ийкл", "мноп", "рсту", "фхцч", "шщъы", "ьэюя",
];
/// Letters at most.
const LETTERS_MAX: usize = 80;

/// How to type, after what a slot says about speaking.
pub(crate) const HINT: &str = "Или набирайте буквы клавишами, в конце решётка. Два — а, б, в, г. Три — \
                               д, е, ж, з. Дальше по алфавиту. Следующая буква той же клавиши — один.";

/// Words on their way in.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Letters {
    typed: String,
    /// The key that is being pressed again and again, and how often it was.
    cycling: Option<(char, usize)>,
}

impl Letters {
    pub(super) const fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// Whether the last key was a nought: before `#` it calls a person, as everywhere.
    pub(super) fn ends_in_space(&self) -> bool {
        self.typed.ends_with(' ')
    }

    /// Takes a key; true if it ends the words.
    pub(super) fn press(&mut self, key: char) -> bool {
        let cycling = self.cycling.take();
        match key {
            '#' => return true,
            '*' => {
                self.typed.pop();
            }
            '1' => {}
            '0' => self.push(' '),
            _ => self.letter(key, cycling),
        }
        false
    }

    fn letter(&mut self, key: char, cycling: Option<(char, usize)>) {
        let row = key.to_digit(10).and_then(|digit| digit.checked_sub(2));
        let row = row.and_then(|row| KEYS.get(usize::try_from(row).ok()?));
        let Some(row) = row else { return };
        let count = match cycling.filter(|(last, _)| *last == key) {
            Some((_, count)) => {
                self.typed.pop();
                count + 1
            }
            None => 0,
        };
        let letters = row.chars().count().max(1);
        if let Some(letter) = row.chars().nth(count % letters) {
            self.push(letter);
        }
        self.cycling = Some((key, count));
    }

    fn push(&mut self, letter: char) {
        if self.typed.chars().count() < LETTERS_MAX {
            self.typed.push(letter);
        }
    }

    /// The words, each with a capital letter; none if nothing was typed.
    pub(super) fn words(&self) -> Option<String> {
        let words: Vec<String> = self
            .typed
            .split_whitespace()
            .map(|word| {
                let mut letters = word.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect()
            })
            .collect();
        (!words.is_empty()).then(|| words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_typed_as_on_a_telephone() {
        let typed = |keys: &str| {
            let mut letters = Letters::default();
            let ended = keys.chars().map(|key| letters.press(key)).last();
            (letters.words(), ended)
        };
        let name = |word: &str| Some(word.to_owned());
        // и-в-а-н: 4, 222, 1, 2, 55.
        assert_eq!(
            typed("4222125 5#".replace(' ', "").as_str()),
            (name("Иван"), Some(true))
        );
        assert_eq!(typed("33*4"), (name("И"), Some(false)));
        assert_eq!(typed("2022"), (name("А Б"), Some(false)));
        assert_eq!(
            typed("22222"),
            (name("А"), Some(false)),
            "the row begins anew"
        );
        assert_eq!(typed("#"), (None, Some(true)));
    }
}
