//! Shortened words in full, and words of capitals as they are said.

use super::spelling::by_letters;

/// Units after a number: how they are written, the gender, and «день», «дня», «дней», «дням».
pub(super) const UNITS: &[(&[&str], bool, [&str; 4])] = &[
    (
        &["руб", "р", "₽"],
        false,
        ["рубль", "рубля", "рублей", "рублям"],
    ),
    (&["коп"], true, ["копейка", "копейки", "копеек", "копейкам"]),
    (
        &["%"],
        false,
        ["процент", "процента", "процентов", "процентам"],
    ),
    (&["мин"], true, ["минута", "минуты", "минут", "минутам"]),
    (&["ч", "час"], false, ["час", "часа", "часов", "часам"]),
    (&["сек"], true, ["секунда", "секунды", "секунд", "секундам"]),
    (&["чел"], false, ["человек", "человека", "человек", "людям"]),
    (&["дн"], false, ["день", "дня", "дней", "дням"]),
    (&["мес"], false, ["месяц", "месяца", "месяцев", "месяцам"]),
    (
        &["экз"],
        false,
        ["экземпляр", "экземпляра", "экземпляров", "экземплярам"],
    ),
    (&["шт"], true, ["штука", "штуки", "штук", "штукам"]),
    (
        &["кв. м", "кв.м", "м²"],
        false,
        [
            "квадратный метр",
            "квадратных метра",
            "квадратных метров",
            "квадратным метрам",
        ],
    ),
    (
        &["куб. м", "куб.м", "м³"],
        false,
        [
            "кубический метр",
            "кубических метра",
            "кубических метров",
            "кубическим метрам",
        ],
    ),
    (
        &["га"],
        false,
        ["гектар", "гектара", "гектаров", "гектарам"],
    ),
    (
        &["км"],
        false,
        ["километр", "километра", "километров", "километрам"],
    ),
    (&["м"], false, ["метр", "метра", "метров", "метрам"]),
    (
        &["см"],
        false,
        ["сантиметр", "сантиметра", "сантиметров", "сантиметрам"],
    ),
    (
        &["кг"],
        false,
        ["килограмм", "килограмма", "килограммов", "килограммам"],
    ),
    (&["т"], true, ["тонна", "тонны", "тонн", "тоннам"]),
    (&["л"], false, ["литр", "литра", "литров", "литрам"]),
    (&["тыс"], true, ["тысяча", "тысячи", "тысяч", "тысячам"]),
    (
        &["млн"],
        false,
        ["миллион", "миллиона", "миллионов", "миллионам"],
    ),
    (
        &["млрд"],
        false,
        ["миллиард", "миллиарда", "миллиардов", "миллиардам"],
    ),
    (&["°"], false, ["градус", "градуса", "градусов", "градусам"]),
];

/// Shortened words with a full stop, which goes away with them; several words first.
const SHORT: &[(&str, &str)] = &[
    ("и т. д.", "и так далее"),
    ("и т.д.", "и так далее"),
    ("и т. п.", "и тому подобное"),
    ("и т.п.", "и тому подобное"),
    ("и др.", "и другие"),
    ("и пр.", "и прочее"),
    ("т. н.", "так называемый"),
    ("т. е.", "то есть"),
    ("т.е.", "то есть"),
    ("т. к.", "так как"),
    ("т.к.", "так как"),
    ("в т. ч.", "в том числе"),
    ("в т.ч.", "в том числе"),
    ("ул.", "улица"),
    ("просп.", "проспект"),
    ("пр.", "проспект"),
    ("пр-т", "проспект"),
    ("пр-кт", "проспект"),
    ("пер.", "переулок"),
    ("пл.", "площадь"),
    ("ш.", "шоссе"),
    ("наб.", "набережная"),
    ("мкр.", "микрорайон"),
    ("д.", "дом"),
    ("корп.", "корпус"),
    ("стр.", "строение"),
    ("кв.", "квартира"),
    ("каб.", "кабинет"),
    ("эт.", "этаж"),
    ("оф.", "офис"),
    ("г.", "город"),
    ("гор.", "город"),
    ("с.", "село"),
    ("пос.", "посёлок"),
    ("р-н", "район"),
    ("обл.", "область"),
    ("респ.", "республика"),
    ("ст.", "статья"),
    ("ч.", "часть"),
    ("п.", "пункт"),
    ("пп.", "подпункт"),
    ("абз.", "абзац"),
    ("тел.", "телефон"),
    ("доб.", "добавочный"),
    ("им.", "имени"),
    ("см.", "смотрите"),
    ("напр.", "например"),
    ("руб.", "рублей"),
    ("коп.", "копеек"),
    ("мин.", "минут"),
    ("чел.", "человек"),
    ("тыс.", "тысяч"),
    ("гр.", "гражданин"),
    ("г-н", "господин"),
    ("г-жа", "госпожа"),
    ("зам.", "заместитель"),
    ("нач.", "начальник"),
    ("ок.", "около"),
    ("№№", "номера"),
    ("№", "номер"),
    ("§", "параграф"),
    ("&", "и"),
];

/// Words of capitals that are said as words, or otherwise than by their letters' usual names.
const CAPITALS: &[(&str, &str)] = &[
    ("СНИЛС", "снилс"),
    ("ГОСТ", "гост"),
    ("ЗАГС", "загс"),
    ("ЕСИА", "есиа"),
    ("ОКВЭД", "оквэд"),
    ("ОГРН", "о-гэ-эр-эн"),
    ("ОГРНИП", "о-гэ-эр-эн-ип"),
    ("ЕГРЮЛ", "егрюл"),
    ("ЕГРИП", "егрип"),
    ("ОСАГО", "осаго"),
    ("НДФЛ", "эн-дэ-эф-эл"),
    ("ФЗ", "эф-зэ"),
    ("МФЦ", "эм-эф-цэ"),
    ("ФНС", "эф-эн-эс"),
    ("ФСБ", "эф-эс-бэ"),
    ("СМС", "эс-эм-эс"),
    ("ЕПГУ", "е-пэ-гэ-у"),
    ("УКЭП", "укэп"),
    ("ЖКХ", "жэ-ка-ха"),
    ("США", "сэ-шэ-а"),
    ("МСК", "по московскому времени"),
    ("МИД", "мид"),
    ("ВУЗ", "вуз"),
    ("ТАСС", "тасс"),
    ("НИИ", "нии"),
    ("ГАИ", "гаи"),
    ("ДОСААФ", "досааф"),
    ("РОСРЕЕСТР", "росреестр"),
    ("QR", "кью-ар"),
    ("PDF", "пэ-дэ-эф"),
    ("SMS", "эс-эм-эс"),
    ("USB", "ю-эс-бэ"),
    ("WhatsApp", "ватсап"),
    ("Telegram", "телеграм"),
    ("Wi-Fi", "вай-фай"),
    ("e-mail", "электронная почта"),
    ("E-mail", "электронная почта"),
    ("email", "электронная почта"),
];

/// Most letters of a word that is taken for an abbreviation.
const CAPITALS_MAX: usize = 6;

/// What a shortened word at the beginning of the text stands for, and how many bytes it has.
pub(super) fn short(text: &str) -> Option<(&'static str, usize)> {
    let lower: String = text.chars().take(12).flat_map(char::to_lowercase).collect();
    let (written, full) = SHORT
        .iter()
        .find(|(written, _)| lower.starts_with(written))?;
    let whole = written.ends_with('.') || !continues(&lower, written.len());
    // «Д.» before a name is an initial, «с.» and «г.» before a small letter are no places.
    let after = text.get(written.len()..)?.trim_start();
    let figure = after.starts_with(|c: char| c.is_ascii_digit() || c == '№' || c == '«');
    let capital = after.starts_with(char::is_uppercase);
    let place = matches!(
        *full,
        "город" | "село" | "улица" | "переулок" | "имени" | "посёлок" | "проспект"
    );
    let fits = match written.chars().count() {
        _ if place && written.ends_with('.') => {
            (capital || figure) && text.starts_with(char::is_lowercase)
        }
        2 if written.ends_with('.') => figure,
        _ => true,
    };
    (whole && fits).then_some((*full, written.len()))
}

fn continues(text: &str, at: usize) -> bool {
    let after = text.get(at..).and_then(|rest| rest.chars().next());
    let letters = text
        .get(..at)
        .is_some_and(|w| w.ends_with(char::is_alphabetic));
    letters && after.is_some_and(char::is_alphanumeric)
}

/// How a word with capitals is said; none if as it is written.
pub(super) fn capitals(word: &str) -> Option<String> {
    if let Some((_, said)) = CAPITALS.iter().find(|(known, _)| *known == word) {
        return Some((*said).to_owned());
    }
    let count = word.chars().count();
    if !(2..=CAPITALS_MAX).contains(&count) || !word.chars().all(char::is_uppercase) {
        return None;
    }
    let vowels = word.chars().filter(|c| "АЕЁИОУЫЭЮЯ".contains(*c)).count();
    let latin = word.is_ascii();
    // «ИНН», «МВД», «РФ»: two vowels or a vowel inside make a word of it («СОНКО»), if it is long.
    let spelled = latin || vowels == 0 || count <= 3;
    spelled.then(|| by_letters(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_stand_for_long_ones() {
        for (text, full) in [
            ("ул. Ленина", Some("улица")),
            ("д. 5", Some("дом")),
            ("г. Махачкала", Some("город")),
            ("г. и", None),
            ("и т. д.", Some("и так далее")),
            ("№ 5", Some("номер")),
            ("р-н", Some("район")),
            ("п. 3", Some("пункт")),
            ("с. Карабудахкент", Some("село")),
            ("д. И.", None),
            ("ст. 12", Some("статья")),
            ("дом", None),
            ("", None),
        ] {
            assert_eq!(short(text).map(|(full, _)| full), full, "{text}");
        }
    }

    #[test]
    fn words_of_capitals() {
        for (word, said) in [
            ("МФЦ", Some("эм-эф-цэ")),
            ("ИНН", Some("и-эн-эн")),
            ("МВД", Some("эм-вэ-дэ")),
            ("РФ", Some("эр-эф")),
            ("СНИЛС", Some("снилс")),
            ("СОНКО", None),
            ("Паспорт", None),
            ("Я", None),
            ("ОМС", Some("о-эм-эс")),
            ("QR", Some("кью-ар")),
        ] {
            assert_eq!(capitals(word).as_deref(), said, "{word}");
        }
    }
}
