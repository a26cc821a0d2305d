//! Numbers in every case: «до тридцати дней», «к пяти документам», «в двух экземплярах».

use super::numbers::{Gender, cardinal};

/// A case of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// «Пять дней».
    Nominative,
    /// «До пяти дней».
    Genitive,
    /// «К пяти дням».
    Dative,
    /// «С пятью днями».
    Instrumental,
    /// «О пяти днях».
    Prepositional,
}

/// Nominative; genitive, dative, instrumental, prepositional. Gender is seen to beforehand.
const FORMS: &[(&str, [&str; 4])] = &[
    ("ноль", ["ноля", "нолю", "нолём", "ноле"]),
    ("один", ["одного", "одному", "одним", "одном"]),
    ("одно", ["одного", "одному", "одним", "одном"]),
    ("одна", ["одной", "одной", "одной", "одной"]),
    ("два", ["двух", "двум", "двумя", "двух"]),
    ("две", ["двух", "двум", "двумя", "двух"]),
    ("три", ["трёх", "трём", "тремя", "трёх"]),
    ("четыре", ["четырёх", "четырём", "четырьмя", "четырёх"]),
    ("восемь", ["восьми", "восьми", "восемью", "восьми"]),
    ("сорок", ["сорока", "сорока", "сорока", "сорока"]),
    (
        "девяносто",
        ["девяноста", "девяноста", "девяноста", "девяноста"],
    ),
    ("сто", ["ста", "ста", "ста", "ста"]),
    ("двести", ["двухсот", "двумстам", "двумястами", "двухстах"]),
    ("триста", ["трёхсот", "трёмстам", "тремястами", "трёхстах"]),
    (
        "четыреста",
        ["четырёхсот", "четырёмстам", "четырьмястами", "четырёхстах"],
    ),
    ("тысяча", ["тысячи", "тысяче", "тысячей", "тысяче"]),
    ("тысячи", ["тысяч", "тысячам", "тысячами", "тысячах"]),
    ("тысяч", ["тысяч", "тысячам", "тысячами", "тысячах"]),
    ("миллион", ["миллиона", "миллиону", "миллионом", "миллионе"]),
    (
        "миллиона",
        ["миллионов", "миллионам", "миллионами", "миллионах"],
    ),
    (
        "миллионов",
        ["миллионов", "миллионам", "миллионами", "миллионах"],
    ),
];

/// A number of 0–999 999 999 in a case; a larger one digit by digit.
#[must_use]
pub fn cardinal_in(n: u32, gender: Gender, case: Case) -> String {
    let nominative = cardinal(n, gender);
    let column = match case {
        Case::Nominative => return nominative,
        Case::Genitive => 0,
        Case::Dative => 1,
        Case::Instrumental => 2,
        Case::Prepositional => 3,
    };
    let words: Vec<String> = nominative
        .split(' ')
        .map(|word| declined(word, column))
        .collect();
    words.join(" ")
}

fn declined(word: &str, column: usize) -> String {
    let special = FORMS.iter().find(|(known, _)| *known == word);
    if let Some((_, forms)) = special {
        return forms.get(column).copied().unwrap_or_default().to_owned();
    }
    let instrumental = column == 2;
    // «Пятьсот» to «девятьсот»: both halves change.
    if let Some(count) = word.strip_suffix("сот") {
        let hundreds = ["сот", "стам", "стами", "стах"];
        let end = hundreds.get(column).copied().unwrap_or_default();
        return format!("{}{end}", declined(count, column));
    }
    // «Пятьдесят» to «восемьдесят»: so do these.
    if let Some(count) = word.strip_suffix("десят") {
        let ten = if instrumental {
            "десятью"
        } else {
            "десяти"
        };
        return format!("{}{ten}", declined(count, column));
    }
    match word.strip_suffix('ь') {
        Some(stem) => format!("{stem}{}", if instrumental { "ью" } else { "и" }),
        None => word.to_owned(),
    }
}

/// The noun after a number: forms are one, of one, of many, to many («день», «дня», «дней», «дням»).
pub(super) fn noun_after(n: u32, forms: [&str; 4], case: Case) -> String {
    let [one, of_one, of_many, to_many] = forms;
    let single = n % 10 == 1 && n % 100 != 11;
    let few = (2..=4).contains(&(n % 10)) && !(12..=14).contains(&(n % 100));
    let plural = |ending: &str| {
        let stem = to_many.strip_suffix('м').unwrap_or(to_many);
        format!("{stem}{ending}")
    };
    match case {
        Case::Nominative if single => one.to_owned(),
        Case::Nominative if few => of_one.to_owned(),
        Case::Nominative => of_many.to_owned(),
        Case::Genitive if single => of_one.to_owned(),
        Case::Genitive => of_many.to_owned(),
        Case::Dative => to_many.to_owned(),
        Case::Instrumental => plural("ми"),
        Case::Prepositional => plural("х"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_every_case() {
        use Case::{Dative, Genitive, Instrumental, Prepositional};
        use Gender::{Feminine, Masculine};
        for (n, gender, case, said) in [
            (0, Masculine, Genitive, "ноля"),
            (1, Feminine, Genitive, "одной"),
            (1, Masculine, Prepositional, "одном"),
            (2, Feminine, Genitive, "двух"),
            (3, Masculine, Instrumental, "тремя"),
            (5, Masculine, Genitive, "пяти"),
            (8, Masculine, Instrumental, "восемью"),
            (8, Masculine, Genitive, "восьми"),
            (15, Masculine, Dative, "пятнадцати"),
            (30, Masculine, Genitive, "тридцати"),
            (40, Masculine, Genitive, "сорока"),
            (50, Masculine, Genitive, "пятидесяти"),
            (50, Masculine, Instrumental, "пятьюдесятью"),
            (80, Masculine, Genitive, "восьмидесяти"),
            (90, Masculine, Genitive, "девяноста"),
            (100, Masculine, Genitive, "ста"),
            (200, Masculine, Instrumental, "двумястами"),
            (500, Masculine, Genitive, "пятисот"),
            (500, Masculine, Dative, "пятистам"),
            (800, Masculine, Genitive, "восьмисот"),
            (2_300, Masculine, Genitive, "двух тысяч трёхсот"),
            (1_000, Masculine, Genitive, "одной тысячи"),
            (
                21_021,
                Masculine,
                Genitive,
                "двадцати одной тысячи двадцати одного",
            ),
            (2_000_000, Masculine, Genitive, "двух миллионов"),
            (5_000, Masculine, Dative, "пяти тысячам"),
        ] {
            assert_eq!(cardinal_in(n, gender, case), said);
        }
    }

    #[test]
    fn nouns_after_numbers() {
        let days = |n, case| noun_after(n, ["день", "дня", "дней", "дням"], case);
        assert_eq!(days(1, Case::Nominative), "день");
        assert_eq!(days(22, Case::Nominative), "дня");
        assert_eq!(days(12, Case::Nominative), "дней");
        assert_eq!(days(21, Case::Genitive), "дня");
        assert_eq!(days(2, Case::Genitive), "дней");
        assert_eq!(days(5, Case::Dative), "дням");
        assert_eq!(days(5, Case::Instrumental), "днями");
        assert_eq!(days(5, Case::Prepositional), "днях");
    }
}
