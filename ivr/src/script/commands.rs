//! Words that work anywhere, whatever a script says.

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
    /// «Стоп»: be silent and listen.
    Stop,
    /// «До свидания»: nothing more is wanted.
    Goodbye,
}

impl Command {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Person,
        Self::Repeat,
        Self::Back,
        Self::Stop,
        Self::Goodbye,
    ];

    /// What may be said for it: long enough to be told apart over the telephone.
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
        }
    }

    /// The key that stands for it in every node.
    #[must_use]
    pub const fn key(self) -> Option<char> {
        match self {
            Self::Person => Some('0'),
            Self::Repeat => Some('*'),
            Self::Back => Some('#'),
            Self::Stop | Self::Goodbye => None,
        }
    }

    /// The command that a phrase stands for.
    #[must_use]
    pub fn heard(text: &str) -> Option<Self> {
        let text = normalise(text);
        Self::ALL
            .iter()
            .copied()
            .find(|command| command.phrases().iter().any(|p| normalise(p) == text))
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

    /// The answer that a phrase stands for.
    #[must_use]
    pub fn heard(text: &str) -> Option<Self> {
        let text = normalise(text);
        [Self::Yes, Self::No]
            .into_iter()
            .find(|answer| answer.phrases().iter().any(|p| normalise(p) == text))
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
