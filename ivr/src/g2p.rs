//! Russian letters to phones, by rule and without stress, so that any word of a script can be
//! listened for without a dictionary.
//!
//! The rules give hard and soft consonants, devoicing and voicing before the next consonant, and
//! the silent letters of common clusters. Vowels stay as written: the acoustic model has learnt both
//! the stressed and the reduced sound of each letter.

mod readings;

use std::fmt;

/// The phones of the acoustic model in its own order; the first is silence. Kaldi counts from 1.
const NAMES: [&str; 45] = [
    "SIL", "a", "b", "b'", "c", "ch", "d", "d'", "e", "f", "f'", "g", "g'", "h", "h'", "i", "j",
    "k", "k'", "l", "l'", "m", "m'", "n", "n'", "o", "p", "p'", "r", "r'", "s", "s'", "sch", "sh",
    "t", "t'", "u", "v", "v'", "y", "ya", "ye", "z", "z'", "zh",
];

/// One sound of the acoustic model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(u8);

impl Phone {
    /// Silence.
    pub const SILENCE: Self = Self(0);

    /// Every phone that is speech.
    pub fn speech() -> impl Iterator<Item = Self> {
        (1_u8..)
            .zip(NAMES.iter().skip(1))
            .map(|(index, _)| Self(index))
    }

    /// Position among [`Phone::names`]; silence is 0.
    #[must_use]
    pub fn index(self) -> i32 {
        i32::from(self.0)
    }

    /// Names of all phones in the model's order: its `graph/phones.txt` without `<eps>`.
    #[must_use]
    pub const fn names() -> &'static [&'static str] {
        &NAMES
    }

    fn named(name: &str) -> Option<Self> {
        let index = NAMES.iter().position(|known| *known == name)?;
        u8::try_from(index).ok().map(Self)
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAMES.get(usize::from(self.0)).unwrap_or(&"?"))
    }
}

/// Voiced consonant and its voiceless twin.
const TWINS: [(char, char); 6] = [
    ('б', 'п'),
    ('в', 'ф'),
    ('г', 'к'),
    ('д', 'т'),
    ('з', 'с'),
    ('ж', 'ш'),
];
const VOICELESS: &str = "пфктсшхцчщ";
/// `в` is voiced but does not voice its left neighbour: «свет».
const VOICING: &str = "бгдзж";
const VOWELS: &str = "аоуыэиеёюя";
const ALWAYS_HARD: &str = "жшц";
const ALWAYS_SOFT: &str = "чщй";
const SOFTENING: &str = "еёиюяь";
const DOUBLED: &str = "бвгджзклмнпрстфхцчшщ";
/// Words in -ого/-его whose «г» is a real one.
const KEEPS_G: [&str; 15] = [
    "много",
    "немного",
    "намного",
    "строго",
    "дорого",
    "недорого",
    "долго",
    "надолго",
    "благо",
    "лого",
    "индиго",
    "сого",
    "убого",
    "полого",
    "отлого",
];

/// Spelling to nearer-to-sound spelling, applied in this order to the whole word.
const RESPELLINGS: [(&str, &str); 34] = [
    ("^что", "што"),
    ("ничто", "ништо"),
    ("конечно", "конешно"),
    ("скучно", "скушно"),
    ("сегодня", "севодня"),
    ("здравств", "здраств"),
    ("чувств", "чуств"),
    ("солнц", "сонц"),
    ("сердц", "серц"),
    ("поздн", "позн"),
    ("праздн", "празн"),
    ("стн", "сн"),
    ("стл", "сл"),
    ("нтск", "нск"),
    ("ндск", "нск"),
    ("тьс", "ц"),
    ("тс", "ц"),
    ("дс", "ц"),
    ("тц", "ц"),
    ("дц", "ц"),
    ("тч", "ч"),
    ("дч", "ч"),
    ("сч", "щ"),
    ("зч", "щ"),
    ("жч", "щ"),
    ("сш", "ш"),
    ("зш", "ш"),
    ("сж", "ж"),
    ("зж", "ж"),
    ("^его$", "ево"),
    ("легк", "лехк"),
    ("лёгк", "лёхк"),
    ("мягк", "мяхк"),
    ("ьо", "ьё"),
];

/// How a word sounds; letters that are not Russian are passed over, so the result may be empty.
///
/// ```
/// use ivr::g2p::pronounce;
/// let phones: Vec<String> = pronounce("сегодня").iter().map(ToString::to_string).collect();
/// assert_eq!(phones.join(" "), "s' ye v o d n' ya");
/// ```
#[must_use]
pub fn pronounce(word: &str) -> Vec<Phone> {
    let letters: Vec<char> = respell(&word.to_lowercase()).chars().collect();
    let mut sounds = sounds(&letters);
    assimilate(&mut sounds);
    sounds.into_iter().filter_map(phone).collect()
}

/// Every way in which a word of a phrase may be said, the most usual first, each once: by the rules,
/// an abbreviation by the names of its letters, and what people also say.
#[must_use]
pub fn variants(word: &str) -> Vec<Vec<Phone>> {
    let mut all: Vec<Vec<Phone>> = Vec::new();
    for spelt in readings::readings(&word.to_lowercase()) {
        let phones = pronounce(&spelt);
        if !phones.is_empty() && !all.contains(&phones) {
            all.push(phones);
        }
    }
    all
}

/// A sound on its way to a phone.
#[derive(Clone, Copy, Debug)]
enum Sound {
    Vowel(&'static str),
    Consonant { letter: char, soft: bool },
}

/// Rewrites a word towards its sound: -ого → -ово, silent letters, doubled consonants.
fn respell(word: &str) -> String {
    let mut word = word.to_owned();
    let genitive = word
        .strip_suffix("го")
        .filter(|stem| stem.ends_with(['о', 'е']));
    if let Some(stem) = genitive
        && stem.chars().count() > 1
        && !KEEPS_G.contains(&word.as_str())
    {
        word = format!("{stem}во");
    }
    for (written, said) in RESPELLINGS {
        word = replace(&word, written, said);
    }
    let mut single = String::with_capacity(word.len());
    let mut kept = None;
    for letter in word.chars() {
        if kept == Some(letter) && DOUBLED.contains(letter) {
            kept = None; // a third one in a row would start anew
            continue;
        }
        kept = Some(letter);
        single.push(letter);
    }
    single
}

/// `^` and `$` bind a pattern to the word's ends, as in a regular expression.
fn replace(word: &str, written: &str, said: &str) -> String {
    match (written.strip_prefix('^'), written.strip_suffix('$')) {
        (Some(start), None) => match word.strip_prefix(start) {
            Some(rest) => format!("{said}{rest}"),
            None => word.to_owned(),
        },
        (Some(_), Some(whole)) if whole.strip_prefix('^') == Some(word) => said.to_owned(),
        (Some(_), Some(_)) => word.to_owned(),
        (None, _) => word.replace(written, said),
    }
}

/// Letters to sounds: where a vowel brings a «й» and which consonants are soft.
fn sounds(letters: &[char]) -> Vec<Sound> {
    let mut sounds = Vec::with_capacity(letters.len() + 4);
    let mut previous: Option<char> = None;
    for (at, &letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied();
        let after_hard = previous.is_some_and(|p| ALWAYS_HARD.contains(p));
        let vowel = match letter {
            'а' => Some("a"),
            'о' | 'ё' => Some("o"),
            'у' | 'ю' => Some("u"),
            'ы' => Some("y"),
            'э' => Some("e"),
            'и' => Some(if after_hard { "y" } else { "i" }),
            'е' => Some("ye"),
            'я' => Some("ya"),
            _ => None,
        };
        if let Some(vowel) = vowel {
            let apart = match letter {
                'е' | 'ё' | 'ю' | 'я' => {
                    previous.is_none_or(|p| VOWELS.contains(p) || p == 'ь' || p == 'ъ')
                }
                'и' => previous == Some('ь'),
                _ => false,
            };
            if apart {
                sounds.push(Sound::Consonant {
                    letter: 'й',
                    soft: true,
                });
            }
            sounds.push(Sound::Vowel(vowel));
        } else if latin(letter).is_some() {
            let soft = ALWAYS_SOFT.contains(letter)
                || (!ALWAYS_HARD.contains(letter) && next.is_some_and(|n| SOFTENING.contains(n)));
            sounds.push(Sound::Consonant { letter, soft });
        }
        previous = Some(letter);
    }
    sounds
}

/// Right to left: a consonant takes the voice of the next one; at the end of a word it loses it.
fn assimilate(sounds: &mut [Sound]) {
    /// What stands to the right.
    enum Right {
        End,
        Vowel,
        Consonant(char),
    }
    let mut right = Right::End;
    for sound in sounds.iter_mut().rev() {
        right = match sound {
            Sound::Vowel(_) => Right::Vowel,
            Sound::Consonant { letter, .. } => {
                let muffled = match right {
                    Right::End => Some(true),
                    Right::Consonant(next) if VOICELESS.contains(next) => Some(true),
                    Right::Consonant(next) if VOICING.contains(next) => Some(false),
                    Right::Consonant(_) | Right::Vowel => None,
                };
                let twin = TWINS
                    .iter()
                    .find_map(|&(voiced, voiceless)| match muffled? {
                        true if voiced == *letter => Some(voiceless),
                        false if voiceless == *letter => Some(voiced),
                        true | false => None,
                    });
                *letter = twin.unwrap_or(*letter);
                Right::Consonant(*letter)
            }
        };
    }
}

fn phone(sound: Sound) -> Option<Phone> {
    match sound {
        Sound::Vowel(name) => Phone::named(name),
        Sound::Consonant { letter, soft } => {
            let name = latin(letter)?;
            if soft && !ALWAYS_SOFT.contains(letter) {
                Phone::named(&format!("{name}'"))
            } else {
                Phone::named(name)
            }
        }
    }
}

fn latin(consonant: char) -> Option<&'static str> {
    Some(match consonant {
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'ж' => "zh",
        'з' => "z",
        'й' => "j",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'ф' => "f",
        'х' => "h",
        'ц' => "c",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "sch",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `word<TAB>phones`, as the rules gave them that the model was trained with.
    const TRAINED: &str = include_str!("../tests/data/pronunciations.tsv");

    fn said(word: &str) -> String {
        pronounce(word)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn words_sound_as_the_model_was_trained() {
        let mut checked = 0;
        for line in TRAINED.lines() {
            let (word, phones) = line.split_once('\t').unwrap();
            assert_eq!(said(word), phones, "{word}");
            checked += 1;
        }
        assert!(checked > 400, "{checked}");
    }

    #[test]
    fn the_rules_in_a_few_words() {
        assert_eq!(said("здравствуйте"), "z d r a s t v u j t' ye");
        assert_eq!(said("объявление"), "o b j ya v l' ye n' i j ye");
        assert_eq!(said("его"), "j ye v o");
        assert_eq!(said("много"), "m n o g o");
        assert_eq!(said("лицензия"), "l' i c ye n z' i j ya");
        assert_eq!(said("Паспорт"), "p a s p o r t");
        assert_eq!(said("42"), "");
    }

    /// All ways to say a word, as text.
    fn ways(word: &str) -> Vec<String> {
        let text = |phones: Vec<Phone>| phones.iter().map(ToString::to_string).collect::<Vec<_>>();
        variants(word)
            .into_iter()
            .map(|way| text(way).join(" "))
            .collect()
    }

    #[test]
    fn some_words_are_said_in_several_ways() {
        assert_eq!(variants("пятьдесят").len(), 3);
        assert_eq!(variants("паспорт").len(), 1);
        assert!(variants("abc").is_empty());
    }

    #[test]
    fn abbreviations_are_said_by_letters_or_as_words() {
        let table = [
            ("МФЦ", "e m e f c e"),
            ("ФНС", "e f e n e s"),
            ("ИНН", "i e n e n"),
            ("ЕПГУ", "j ye p e g e u"),
            ("МВД", "e m v e d e"),
            ("ЖКХ", "zh e k a h a"),
            ("РФ", "e r e f"),
            ("КПП", "k a p e p e"),
            ("ИП", "i p e"),
            ("ГИБДД", "g' i b e d e d e"),
            ("СНИЛС", "s n' i l s"),
            ("ГОСТ", "g o s t"),
            ("ЗАГС", "z a k s"),
            ("ОСАГО", "o s a g o"),
        ];
        for (word, first) in table {
            assert_eq!(
                ways(word).first().map(String::as_str),
                Some(first),
                "{word}"
            );
        }
        assert!(
            ways("МФЦ").contains(&"e m f e c e".to_owned()),
            "{:?}",
            ways("мфц")
        );
        // One letter is a preposition.
        assert_eq!(ways("в"), ["f"]);
        assert_eq!(ways("к"), ["k"]);
    }

    #[test]
    fn words_written_without_yo_and_foreign_words_have_both_readings() {
        let table = [
            ("четвертый", "ch ye t v' o r t y j"),
            ("отчет", "o ch o t"),
            ("утвержденный", "u t v' ye r zh d' o n y j"),
            ("звездочка", "z v' o z d o ch k a"),
            ("интернет", "i n t e r n e t"),
            ("компьютер", "k o m p' j u t e r"),
            ("тендер", "t e n d e r"),
            ("проект", "p r o e k t"),
            ("мягкий", "m' ya h k' i j"),
            ("батальон", "b a t a l' j o n"),
        ];
        for (word, way) in table {
            assert!(
                ways(word).contains(&way.to_owned()),
                "{word}: {:?}",
                ways(word)
            );
        }
    }

    #[test]
    fn names_of_services_streets_and_towns_sound_right() {
        let table = [
            ("лицензирование", "l' i c ye n z' i r o v a n' i j ye"),
            ("субсидия", "s u p s' i d' i j ya"),
            ("госуслуги", "g o s u s l u g' i"),
            ("соцзащита", "s o c z a sch i t a"),
            ("агентство", "a g' ye n c t v o"),
            ("счётчик", "sch o ch i k"),
            ("лестница", "l' ye s n' i c a"),
            ("Тверская", "t v' ye r s k a j ya"),
            (
                "Краснопресненская",
                "k r a s n o p r' ye s n' ye n s k a j ya",
            ),
            ("Подъездная", "p o d j ye z d n a j ya"),
            ("Новосибирск", "n o v o s' i b' i r s k"),
            ("Петербург", "p' ye t' ye r b u r k"),
            ("Шестнадцатая", "sh ye s n a c a t a j ya"),
        ];
        for (word, way) in table {
            assert_eq!(ways(word).first().map(String::as_str), Some(way), "{word}");
        }
    }

    proptest! {
        #[test]
        fn anything_can_be_read_aloud(word in "[а-яёА-ЯЁ a-z0-9.-]{0,30}") {
            for phone in pronounce(&word) {
                prop_assert!(phone != Phone::SILENCE && phone.index() < 45);
            }
        }
    }
}
