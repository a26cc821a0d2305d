//! Words that work anywhere, whatever a script says.

use super::Language;
use crate::intent::normalise;

/// What a caller may want of the assistant itself, in any node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    /// «Оператор», key 0: to a person, from anywhere.
    Person,
    /// «Повторите», key `*`: the same again.
    Repeat,
    /// «Назад», key `#`: to the question before.
    Back,
    /// «Стоп»: be silent and listen. Any key does the same and more.
    Stop,
    /// «До свидания», keys `**5`: nothing more is wanted.
    Goodbye,
    /// «Медленнее», keys `**1`.
    Slower,
    /// «Громче», keys `**2`.
    Louder,
    /// «Говорите как обычно», keys `**3`.
    Usual,
    /// «Дайте больше времени», keys `**4`: three times longer silences and limits.
    MoreTime,
}

impl Command {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Person,
        Self::Repeat,
        Self::Back,
        Self::Stop,
        Self::Goodbye,
        Self::Slower,
        Self::Louder,
        Self::Usual,
        Self::MoreTime,
    ];

    /// What may be said for it in Russian: long enough to be told apart over the telephone.
    #[must_use]
    pub const fn phrases(self) -> &'static [&'static str] {
        match self {
            Self::Person => &[
                "оператор",
                "оператора",
                "соедините с оператором",
                "позовите оператора",
                "соедините с сотрудником",
                "соедините с человеком",
                "живой человек",
            ],
            Self::Repeat => &["повторите", "повторите пожалуйста", "повтори", "ещё раз"],
            Self::Back => &["назад", "вернуться назад", "вернитесь назад"],
            Self::Stop => &["стоп", "остановитесь", "подождите"],
            Self::Goodbye => &["до свидания", "завершить разговор"],
            Self::Slower => &["медленнее", "помедленнее", "говорите медленнее"],
            Self::Louder => &["громче", "погромче", "говорите громче"],
            Self::Usual => &["быстрее", "говорите быстрее", "говорите как обычно"],
            Self::MoreTime => &["дайте больше времени", "больше времени", "не торопите"],
        }
    }

    /// What may be said for it in this language; nothing in a language that has no list here: keys.
    #[must_use]
    pub fn phrases_in(self, language: &Language) -> &'static [&'static str] {
        match language.as_str() {
            "ru" => self.phrases(),
            "en" => self.english(),
            _ => &[],
        }
    }

    const fn english(self) -> &'static [&'static str] {
        match self {
            Self::Person => &["operator", "talk to a person"],
            Self::Repeat => &["repeat", "say it again"],
            Self::Back => &["go back"],
            Self::Stop => &["stop"],
            Self::Goodbye => &["goodbye"],
            Self::Slower => &["slower"],
            Self::Louder => &["louder"],
            Self::Usual => &["faster"],
            Self::MoreTime => &["more time"],
        }
    }

    /// The key that stands for it in every node; the others stand behind `**`.
    #[must_use]
    pub const fn key(self) -> Option<char> {
        match self {
            Self::Person => Some('0'),
            Self::Repeat => Some('*'),
            Self::Back => Some('#'),
            Self::Stop
            | Self::Goodbye
            | Self::Slower
            | Self::Louder
            | Self::Usual
            | Self::MoreTime => None,
        }
    }

    /// The key that stands for it among the settings that `**` opens.
    #[must_use]
    pub const fn setting(self) -> Option<char> {
        match self {
            Self::Slower => Some('1'),
            Self::Louder => Some('2'),
            Self::Usual => Some('3'),
            Self::MoreTime => Some('4'),
            Self::Goodbye => Some('5'),
            Self::Person | Self::Repeat | Self::Back | Self::Stop => None,
        }
    }

    /// The command that a phrase stands for.
    #[must_use]
    pub fn heard(text: &str) -> Option<Self> {
        let text = normalise(text);
        let stands = |p: &str| normalise(p) == text;
        Self::ALL.iter().copied().find(|command| {
            command.phrases().iter().any(|p| stands(p))
                || command.english().iter().any(|p| stands(p))
        })
    }

    /// The command that a key stands for.
    #[must_use]
    pub fn pressed(key: char) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|command| command.key() == Some(key))
    }
}

/// The answer to «Вы сказали …?».
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YesNo {
    /// «Да», key 1.
    Yes,
    /// «Нет», key 2.
    No,
}

impl YesNo {
    /// What may be said for it. No pair such as «верно» and «неверно».
    #[must_use]
    pub const fn phrases(self) -> &'static [&'static str] {
        match self {
            Self::Yes => &["да", "да конечно", "правильно", "подтверждаю"],
            Self::No => &["нет", "нет не то", "ошибка", "другой вопрос"],
        }
    }

    /// What may be said for it in this language.
    #[must_use]
    pub fn phrases_in(self, language: &Language) -> &'static [&'static str] {
        match (language.as_str(), self) {
            ("ru", _) => self.phrases(),
            ("en", Self::Yes) => &["yes", "correct"],
            ("en", Self::No) => &["no", "wrong"],
            _ => &[],
        }
    }

    /// The answer that a phrase stands for.
    #[must_use]
    pub fn heard(text: &str) -> Option<Self> {
        let text = normalise(text);
        let english = Language::parse("en");
        let stands = |p: &str| normalise(p) == text;
        [Self::Yes, Self::No].into_iter().find(|answer| {
            let foreign = english.iter().flat_map(|l| answer.phrases_in(l));
            answer.phrases().iter().chain(foreign).any(|p| stands(p))
        })
    }

    /// The answer that a key stands for.
    #[must_use]
    pub const fn pressed(key: char) -> Option<Self> {
        match key {
            '1' => Some(Self::Yes),
            '2' => Some(Self::No),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_and_key_means_one_thing() {
        let mut seen = std::collections::BTreeSet::new();
        for command in Command::ALL {
            for phrase in command.phrases() {
                assert!(seen.insert(normalise(phrase)), "{phrase}");
                assert_eq!(Command::heard(phrase), Some(*command));
            }
            if let Some(key) = command.key() {
                assert_eq!(Command::pressed(key), Some(*command));
            }
        }
        for answer in [YesNo::Yes, YesNo::No] {
            for phrase in answer.phrases() {
                assert!(seen.insert(normalise(phrase)), "{phrase}");
                assert_eq!(YesNo::heard(phrase), Some(answer));
            }
        }
        assert_eq!(Command::heard("Еще раз!"), Some(Command::Repeat));
        assert_eq!(Command::heard("технопарк"), None);
        assert_eq!(Command::pressed('5'), None);
    }
}
