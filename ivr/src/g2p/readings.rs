//! How a written word is said where the letters alone do not tell: abbreviations by the names of
//! their letters, «ё» written as «е», foreign words with a hard consonant before «е», short forms of
//! quick speech. Every reading is given as a spelling that the rules then turn into phones.

/// Abbreviations with a vowel in them that are said letter by letter all the same.
const BY_LETTERS: [&str; 18] = [
    "инн", "епгу", "омс", "ип", "огрн", "ук", "ао", "ооо", "пао", "оао", "зао", "еаэс", "эцп",
    "дэг", "азс", "сэз", "оэз", "рао",
];
/// Abbreviations whose reading is a thing of its own.
const OWN_READING: [(&str, &[&str]); 6] = [
    ("гибдд", &["гибэдэдэ", "гаи"]),
    ("сша", &["сэшэа"]),
    ("огрнип", &["огээрэнип", "огээрэнипэ"]),
    ("нко", &["энкао", "нко"]),
    ("окпд", &["окапэдэ", "окпэдэ"]),
    ("тнвэд", &["тээнвэд"]),
];
const VOWELS: &str = "аоуыэиеёюя";

/// Words that are said in further ways.
const ALSO_SAID: [(&str, &[&str]); 12] = [
    ("пятьдесят", &["пидисят", "пийсят"]),
    ("шестьдесят", &["шисят"]),
    ("семьдесят", &["семдисят"]),
    ("восемьдесят", &["восимдисят"]),
    ("сейчас", &["щас"]),
    ("здравствуйте", &["здрасте"]),
    ("тысяча", &["тыща"]),
    ("тысячи", &["тыщи"]),
    ("пожалуйста", &["пожалуста"]),
    ("вообще", &["вобще"]),
    ("помощник", &["помошник"]),
    ("шестнадцать", &["шиснацать"]),
];

/// Beginnings of words in which «е» stands for «ё».
const YO: [(&str, &str); 46] = [
    ("еще", "ещё"),
    ("ее", "её"),
    ("мое", "моё"),
    ("твое", "твоё"),
    ("свое", "своё"),
    ("все", "всё"),
    ("четверт", "четвёрт"),
    ("четверк", "четвёрк"),
    ("пятерк", "пятёрк"),
    ("трех", "трёх"),
    ("четырех", "четырёх"),
    ("счет", "счёт"),
    ("отчет", "отчёт"),
    ("расчет", "расчёт"),
    ("учет", "учёт"),
    ("зачет", "зачёт"),
    ("прием", "приём"),
    ("объем", "объём"),
    ("подъем", "подъём"),
    ("съем", "съём"),
    ("заем", "заём"),
    ("звездочк", "звёздочк"),
    ("решетк", "решётк"),
    ("ребен", "ребён"),
    ("самолет", "самолёт"),
    ("вертолет", "вертолёт"),
    ("полет", "полёт"),
    ("партнер", "партнёр"),
    ("вперед", "вперёд"),
    ("идет", "идёт"),
    ("придет", "придёт"),
    ("найдет", "найдёт"),
    ("дает", "даёт"),
    ("живет", "живёт"),
    ("мед", "мёд"),
    ("лед", "лёд"),
    ("желт", "жёлт"),
    ("черн", "чёрн"),
    ("зелен", "зелён"),
    ("темн", "тёмн"),
    ("легк", "лёгк"),
    ("тепл", "тёпл"),
    ("тяжел", "тяжёл"),
    ("дешев", "дешёв"),
    ("надежн", "надёжн"),
    ("семк", "сёмк"),
];

/// Parts of foreign words in which the consonant before «е» may be hard.
const HARD: [(&str, &str); 34] = [
    ("интерне", "интэрнэ"),
    ("интер", "интэр"),
    ("компьютер", "компьютэр"),
    ("менедж", "мэнэдж"),
    ("тендер", "тэндэр"),
    ("тест", "тэст"),
    ("стенд", "стэнд"),
    ("модел", "модэл"),
    ("модем", "модэм"),
    ("индекс", "индэкс"),
    ("кодекс", "кодэкс"),
    ("проект", "проэкт"),
    ("сервер", "сэрвэр"),
    ("сервис", "сэрвис"),
    ("отель", "отэль"),
    ("тоннел", "тоннэл"),
    ("терминал", "тэрминал"),
    ("темп", "тэмп"),
    ("бизнес", "бизнэс"),
    ("фитнес", "фитнэс"),
    ("пресс", "прэсс"),
    ("кластер", "кластэр"),
    ("хостел", "хостэл"),
    ("адаптер", "адаптэр"),
    ("принтер", "принтэр"),
    ("сканер", "сканэр"),
    ("роутер", "роутэр"),
    ("рейтинг", "рэйтинг"),
    ("депо", "дэпо"),
    ("декрет", "дэкрет"),
    ("дизел", "дизэл"),
    ("экзем", "экзэм"),
    ("протез", "протэз"),
    ("генетик", "генэтик"),
];

/// The spellings by which a lower-case word is said: the most usual first, each once.
pub(super) fn readings(word: &str) -> Vec<String> {
    let mut all = by_letters(word);
    if all.is_empty() {
        all.push(word.to_owned());
        let known = ALSO_SAID.iter().find(|(known, _)| *known == word);
        all.extend(
            known
                .into_iter()
                .flat_map(|(_, said)| said.iter().map(|s| (*s).to_owned())),
        );
        all.extend(with_yo(word));
        all.extend(hardened(word));
    }
    let mut once: Vec<String> = Vec::with_capacity(all.len());
    for spelt in all {
        if !once.contains(&spelt) {
            once.push(spelt);
        }
    }
    once
}

/// An abbreviation letter by letter, with «ф» as «эф» and as people also say it, «фэ».
fn by_letters(word: &str) -> Vec<String> {
    if let Some((_, own)) = OWN_READING.iter().find(|(known, _)| *known == word) {
        return own.iter().map(|spelt| (*spelt).to_owned()).collect();
    }
    let letters = word
        .chars()
        .filter(|c| matches!(c, 'а'..='я' | 'ё'))
        .count();
    let voiceless = letters > 1 && !word.chars().any(|c| VOWELS.contains(c));
    if !voiceless && !BY_LETTERS.contains(&word) {
        return Vec::new();
    }
    let named: String = word.chars().filter_map(letter_name).collect();
    let said_short = named.replace("эф", "фэ").replace("эс", "сэ");
    if said_short == named {
        vec![named]
    } else {
        vec![named, said_short]
    }
}

/// The name of a letter; the signs have none.
fn letter_name(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' => "а",
        'б' => "бэ",
        'в' => "вэ",
        'г' => "гэ",
        'д' => "дэ",
        'е' => "е",
        'ё' => "ё",
        'ж' => "жэ",
        'з' => "зэ",
        'и' => "и",
        'й' => "и",
        'к' => "ка",
        'л' => "эл",
        'м' => "эм",
        'н' => "эн",
        'о' => "о",
        'п' => "пэ",
        'р' => "эр",
        'с' => "эс",
        'т' => "тэ",
        'у' => "у",
        'ф' => "эф",
        'х' => "ха",
        'ц' => "цэ",
        'ч' => "че",
        'ш' => "ша",
        'щ' => "ща",
        'ы' => "ы",
        'э' => "э",
        'ю' => "ю",
        'я' => "я",
        _ => return None,
    })
}

/// The word with «ё» where it was left out; many words are written without it.
fn with_yo(word: &str) -> Option<String> {
    let begun = YO.iter().find_map(|(written, said)| {
        word.strip_prefix(written)
            .map(|rest| format!("{said}{rest}"))
    });
    begun.or_else(|| {
        let participle = word.replace("енны", "ённы").replace("енно", "ённо");
        (participle != word).then_some(participle)
    })
}

/// The word with hard consonants before «е» where it is foreign.
fn hardened(word: &str) -> Option<String> {
    let hard = HARD.iter().fold(word.to_owned(), |word, (soft, hard)| {
        word.replace(soft, hard)
    });
    (hard != word).then_some(hard)
}
