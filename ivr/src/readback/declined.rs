//! What a shortened word stands for, in the case that the words before it ask for: «в г. …» is
//! «в городе …», «по ул. …» «по улице …», «под № 5» «под номером пять».

use super::agreement::last_word;

/// What a word names: the same preposition asks different cases of places and of parts of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Where something is: «на улице», «с улицы».
    Place,
    /// A part of a law: «на пункт», «с пунктом».
    Part,
    /// «На телефон», «с номером».
    Sign,
}

/// Nominative, genitive, dative, accusative, instrumental, prepositional.
type Forms = [&'static str; 6];

#[rustfmt::skip]
const DECLINED: &[(Sort, Forms)] = &[
    (Sort::Place, ["улица", "улицы", "улице", "улицу", "улицей", "улице"]),
    (Sort::Place, ["проспект", "проспекта", "проспекту", "проспект", "проспектом", "проспекте"]),
    (Sort::Place, ["переулок", "переулка", "переулку", "переулок", "переулком", "переулке"]),
    (Sort::Place, ["площадь", "площади", "площади", "площадь", "площадью", "площади"]),
    (Sort::Place, ["набережная", "набережной", "набережной", "набережную", "набережной", "набережной"]),
    (Sort::Place, ["микрорайон", "микрорайона", "микрорайону", "микрорайон", "микрорайоном", "микрорайоне"]),
    (Sort::Place, ["дом", "дома", "дому", "дом", "домом", "доме"]),
    (Sort::Place, ["корпус", "корпуса", "корпусу", "корпус", "корпусом", "корпусе"]),
    (Sort::Place, ["строение", "строения", "строению", "строение", "строением", "строении"]),
    (Sort::Place, ["квартира", "квартиры", "квартире", "квартиру", "квартирой", "квартире"]),
    (Sort::Place, ["кабинет", "кабинета", "кабинету", "кабинет", "кабинетом", "кабинете"]),
    (Sort::Place, ["окно", "окна", "окну", "окно", "окном", "окне"]),
    (Sort::Place, ["этаж", "этажа", "этажу", "этаж", "этажом", "этаже"]),
    (Sort::Place, ["офис", "офиса", "офису", "офис", "офисом", "офисе"]),
    (Sort::Place, ["город", "города", "городу", "город", "городом", "городе"]),
    (Sort::Place, ["село", "села", "селу", "село", "селом", "селе"]),
    (Sort::Place, ["посёлок", "посёлка", "посёлку", "посёлок", "посёлком", "посёлке"]),
    (Sort::Place, ["район", "района", "району", "район", "районом", "районе"]),
    (Sort::Place, ["область", "области", "области", "область", "областью", "области"]),
    (Sort::Place, ["республика", "республики", "республике", "республику", "республикой", "республике"]),
    (Sort::Part, ["статья", "статьи", "статье", "статью", "статьёй", "статье"]),
    (Sort::Part, ["часть", "части", "части", "часть", "частью", "части"]),
    (Sort::Part, ["пункт", "пункта", "пункту", "пункт", "пунктом", "пункте"]),
    (Sort::Part, ["подпункт", "подпункта", "подпункту", "подпункт", "подпунктом", "подпункте"]),
    (Sort::Part, ["абзац", "абзаца", "абзацу", "абзац", "абзацем", "абзаце"]),
    (Sort::Part, ["параграф", "параграфа", "параграфу", "параграф", "параграфом", "параграфе"]),
    (Sort::Part, ["глава", "главы", "главе", "главу", "главой", "главе"]),
    (Sort::Part, ["раздел", "раздела", "разделу", "раздел", "разделом", "разделе"]),
    (Sort::Part, ["приложение", "приложения", "приложению", "приложение", "приложением", "приложении"]),
    (Sort::Part, ["форма", "формы", "форме", "форму", "формой", "форме"]),
    (Sort::Sign, ["телефон", "телефона", "телефону", "телефон", "телефоном", "телефоне"]),
    (Sort::Sign, ["номер", "номера", "номеру", "номер", "номером", "номере"]),
    (Sort::Sign, ["код", "кода", "коду", "код", "кодом", "коде"]),
];

/// Words of a sentence behind a part of a law within which another part belongs to it.
const NEAR_WORDS: usize = 6;

/// The word in the case that what was said before asks for; words that are not known stay.
pub(super) fn in_its_case(word: &'static str, before: &str) -> &'static str {
    let Some((sort, forms)) = DECLINED.iter().find(|(_, [one, ..])| *one == word) else {
        return word;
    };
    let [one, of, to, acc, by, about] = *forms;
    let within = || *sort == Sort::Part && belongs_to_a_part(before);
    match (last_word(before).as_deref(), sort) {
        (Some("в" | "во"), Sort::Place | Sort::Part) | (Some("на"), Sort::Place) => about,
        (Some("о" | "об" | "при"), _) => about,
        (Some("в" | "во"), Sort::Sign) | (Some("на"), Sort::Part | Sort::Sign) => acc,
        (Some("по" | "к" | "ко" | "согласно"), _) => to,
        (Some("до" | "от" | "из" | "у" | "около" | "для" | "после" | "без" | "возле"), _) => {
            of
        }
        (Some("с" | "со"), Sort::Place) => of,
        (Some("с" | "со"), Sort::Part | Sort::Sign) => by,
        (Some("под" | "над" | "перед" | "за"), _) => by,
        _ if within() => of,
        _ => one,
    }
}

/// «Пункт три части один»: what was said last in the sentence is the number of a part.
fn belongs_to_a_part(before: &str) -> bool {
    let before = before.trim_end();
    let sentence = before.rsplit(['.', '!', '?', ',', ';', ':']).next();
    let mut last = sentence.unwrap_or_default().split_whitespace().rev();
    last.by_ref().take(NEAR_WORDS).any(|word| {
        let word = word.to_lowercase();
        DECLINED
            .iter()
            .any(|(sort, forms)| *sort == Sort::Part && forms.contains(&word.as_str()))
    })
}

/// Whether a number behind the word is a name: «пункт 3», «в кабинете 12».
pub(super) fn names_by_number(word: &str) -> bool {
    DECLINED.iter().any(|(_, forms)| forms.contains(&word))
}
