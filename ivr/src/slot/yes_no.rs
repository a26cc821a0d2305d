//! Yes and no, in all their forms.

use events::Value;

use super::Reading;
use crate::intent::normalise;

/// Said for yes; `ё` where it is spoken, since the recogniser listens for these.
pub(super) const YES: &[&str] = &[
    "да",
    "да да",
    "ага",
    "угу",
    "конечно",
    "да конечно",
    "верно",
    "да верно",
    "всё верно",
    "правильно",
    "да правильно",
    "всё правильно",
    "именно так",
    "так точно",
    "согласен",
    "согласна",
    "подтверждаю",
    "хорошо",
    "давайте",
    "да давайте",
    "ладно",
    "хочу",
    "можно",
    "разумеется",
    "безусловно",
    "подходит",
    "да подходит",
    "меня устраивает",
    "буду",
    "нужно",
    "да нужно",
];

/// Said for no.
pub(super) const NO: &[&str] = &[
    "нет",
    "нет нет",
    "да нет",
    "нет конечно",
    "нет спасибо",
    "спасибо нет",
    "нет не надо",
    "нет не нужно",
    "не надо",
    "не нужно",
    "неверно",
    "нет неверно",
    "не так",
    "нет не так",
    "не то",
    "нет не то",
    "неправильно",
    "нет неправильно",
    "ошибка",
    "не согласен",
    "не согласна",
    "не хочу",
    "нет не хочу",
    "не подходит",
    "нет не подходит",
    "ни в коем случае",
    "отказываюсь",
    "не буду",
];

/// The answer: a whole phrase of the lists, or what its words lean to. «Не» turns what follows it,
/// and a clear «нет» is heard whatever else is said.
pub(super) fn understand(words: &str) -> Reading {
    let line = normalise(words);
    let line = line
        .split(' ')
        .filter(|word| !matches!(*word, "пожалуйста" | "ну" | "спасибо" | "это" | "вот"))
        .collect::<Vec<_>>()
        .join(" ");
    let among = |list: &[&str]| list.iter().any(|phrase| normalise(phrase) == line);
    if among(NO) {
        return Reading::One(Value::YesNo(false));
    }
    if among(YES) {
        return Reading::One(Value::YesNo(true));
    }
    let said: Vec<&str> = line.split(' ').collect();
    let no = said.iter().any(|word| {
        matches!(
            *word,
            "нет" | "не" | "неверно" | "неправильно" | "нету" | "ошибка"
        )
    });
    let yes = said.iter().any(|word| {
        matches!(
            *word,
            "да" | "ага"
                | "конечно"
                | "верно"
                | "правильно"
                | "согласен"
                | "согласна"
                | "хорошо"
        )
    });
    match (yes, no) {
        (_, true) => Reading::One(Value::YesNo(false)),
        (true, false) => Reading::One(Value::YesNo(true)),
        (false, false) => Reading::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_as_people_give_them() {
        for phrase in YES {
            assert_eq!(
                understand(phrase),
                Reading::One(Value::YesNo(true)),
                "{phrase}"
            );
        }
        for phrase in NO {
            assert_eq!(
                understand(phrase),
                Reading::One(Value::YesNo(false)),
                "{phrase}"
            );
        }
        for (words, answer) in [
            ("Да, пожалуйста", true),
            ("ну да", true),
            ("Ну конечно!", true),
            ("ВСЕ ВЕРНО", true),
            ("да, всё правильно, спасибо", true),
            ("верно, да", true),
            ("нет, спасибо", false),
            ("нет, это не то", false),
            ("нет, неверно", false),
            ("ну нет", false),
            ("да нет, не надо", false),
            ("не совсем так", false),
            ("не верно", false),
        ] {
            assert_eq!(
                understand(words),
                Reading::One(Value::YesNo(answer)),
                "{words}"
            );
        }
        for words in ["", "не-а-а", "может быть", "оператор"] {
            let reading = understand(words);
            assert!(reading == Reading::Nothing || words == "не-а-а", "{words}");
        }
    }
}
