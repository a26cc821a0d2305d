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

/// The noun after a number: forms are one, of one, of many, to many («день», «дня», «дней», «дням»). An
/// adjective may stand before the noun in each of them.
pub(super) fn noun_after(n: u32, forms: [&str; 4], case: Case) -> String {
    let split = forms.map(|form| form.split_once(' '));
    if let [Some(one), Some(of_one), Some(of_many), Some(to_many)] = split {
        let noun = noun_after(n, [one.1, of_one.1, of_many.1, to_many.1], case);
        let adjective = adjective_after(n, [one.0, of_many.0, to_many.0], case);
        return format!("{adjective} {noun}");
    }
    let [one, of_one, of_many, to_many] = forms;
    let few = (2..=4).contains(&(n % 10)) && !(12..=14).contains(&(n % 100));
    let plural = |ending: &str| {
        let stem = to_many.strip_suffix('м').unwrap_or(to_many);
        format!("{stem}{ending}")
    };
    match case {
        Case::Nominative if is_single(n) => one.to_owned(),
        Case::Nominative if few => of_one.to_owned(),
        Case::Nominative => of_many.to_owned(),
        Case::Genitive if is_single(n) => of_one.to_owned(),
        Case::Genitive => of_many.to_owned(),
        Case::Dative | Case::Instrumental | Case::Prepositional if is_single(n) => {
            singular(one, of_one, case)
        }
        Case::Dative => to_many.to_owned(),
        Case::Instrumental => plural("ми"),
        Case::Prepositional => plural("х"),
    }
}

/// «Один», «двадцать один», not «одиннадцать».
const fn is_single(n: u32) -> bool {
    n % 10 == 1 && n % 100 != 11
}

/// «К часу», «с рублём», «о минуте».
fn singular(one: &str, of_one: &str, case: Case) -> String {
    let feminine = one.strip_suffix('а').map(|stem| (stem, ["е", "ой", "е"]));
    // «Тысячей», not «тысячой».
    let feminine = feminine.map(|(stem, [to, by, about])| {
        (
            stem,
            [to, if stem.ends_with('ч') { "ей" } else { by }, about],
        )
    });
    let soft = of_one
        .strip_suffix('я')
        .map(|stem| (stem, ["ю", "ём", "е"]));
    let hard = of_one
        .strip_suffix('а')
        .map(|stem| (stem, ["у", "ом", "е"]));
    let Some((stem, [to, by, about])) = feminine.or(soft).or(hard) else {
        return one.to_owned();
    };
    let ending = match case {
        Case::Nominative | Case::Genitive | Case::Dative => to,
        Case::Instrumental => by,
        Case::Prepositional => about,
    };
    format!("{stem}{ending}")
}

/// «Квадратный», «квадратных», «квадратным» before the noun that is counted.
fn adjective_after(n: u32, [one, of_many, to_many]: [&str; 3], case: Case) -> String {
    let stem = of_many.trim_end_matches(['ы', 'и', 'х']);
    match case {
        Case::Nominative if is_single(n) => one.to_owned(),
        Case::Genitive if is_single(n) => format!("{stem}ого"),
        Case::Dative if is_single(n) => format!("{stem}ому"),
        Case::Prepositional if is_single(n) => format!("{stem}ом"),
        Case::Instrumental if is_single(n) => to_many.to_owned(),
        Case::Nominative | Case::Genitive | Case::Prepositional => of_many.to_owned(),
        Case::Dative => to_many.to_owned(),
        Case::Instrumental => format!("{to_many}и"),
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
        assert_eq!(days(1, Case::Dative), "дню");
        assert_eq!(days(21, Case::Instrumental), "днём");
        let metres = [
            "квадратный метр",
            "квадратных метра",
            "квадратных метров",
            "квадратным метрам",
        ];
        let metres = |n, case| noun_after(n, metres, case);
        assert_eq!(metres(1, Case::Genitive), "квадратного метра");
        assert_eq!(metres(2, Case::Nominative), "квадратных метра");
        assert_eq!(metres(5, Case::Instrumental), "квадратными метрами");
        let thousands = ["тысяча", "тысячи", "тысяч", "тысячам"];
        assert_eq!(noun_after(1, thousands, Case::Instrumental), "тысячей");
    }
}
