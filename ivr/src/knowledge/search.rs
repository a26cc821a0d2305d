//! Finding an answer while an operator types: Russian endings, ё, slips of the finger, the wrong
//! keyboard layout.

use std::collections::BTreeMap;

use events::ServiceId;

use super::{Answer, Article};
use crate::intent::{normalise, stem};

/// Words that say nothing about what is wanted.
const EMPTY: &[&str] = &[
    "а", "без", "в", "во", "где", "для", "до", "же", "за", "и", "из", "или", "к", "как", "ко",
    "ли", "мне", "мы", "на", "не", "но", "о", "об", "он", "она", "от", "по", "под", "при", "с",
    "со", "то", "у", "что", "это", "я",
];
/// How much a word weighs where it stands.
const IN_TITLE: u32 = 6;
const IN_ABOUT: u32 = 5;
const IN_TEXT: u32 = 3;
const IN_SOURCE: u32 = 1;
/// How much of that counts, in hundredths, for a word that was meant.
const SAME: u32 = 100;
const BEGUN: u32 = 80;
const SLIPPED: u32 = 50;
/// Words shorter than this are not looked for with a slip; from the second length on two slips are
/// allowed.
const SLIP_FROM: usize = 4;
const TWO_SLIPS_FROM: usize = 9;
/// More of a query is not looked at, in characters.
const QUERY_MAX_CHARS: usize = 200;

/// All articles, and where their words stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnowledgeBase {
    articles: Vec<Article>,
    /// For each stem, the answers it stands in (article, answer), with the weight of the place.
    places: BTreeMap<String, BTreeMap<(usize, usize), u32>>,
}

/// An answer that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// Its topic.
    pub article: &'a Article,
    /// The answer.
    pub answer: &'a Answer,
}

/// What was looked for in the end, if not what was typed.
pub type Mended = Option<String>;

impl KnowledgeBase {
    /// Reads the words of these articles.
    #[must_use]
    pub fn new(articles: Vec<Article>) -> Self {
        let mut places: BTreeMap<String, BTreeMap<(usize, usize), u32>> = BTreeMap::new();
        for (article_at, article) in articles.iter().enumerate() {
            for (answer_at, answer) in article.answers.iter().enumerate() {
                let texts = [
                    (article.title.as_str(), IN_TITLE),
                    (answer.about.title(), IN_ABOUT),
                    (answer.text.as_str(), IN_TEXT),
                    (answer.source.as_str(), IN_SOURCE),
                ];
                for (text, weight) in texts {
                    for word in normalise(text).split(' ').filter(|word| is_telling(word)) {
                        let there = places.entry(stem(word)).or_default();
                        let known = there.entry((article_at, answer_at)).or_default();
                        *known = weight.max(*known);
                    }
                }
            }
        }
        Self { articles, places }
    }

    /// Every article, in the order of their files.
    #[must_use]
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// The articles for calls about a service.
    pub fn of_service<'a>(&'a self, service: &'a ServiceId) -> impl Iterator<Item = &'a Article> {
        let mut articles = self.articles.iter();
        std::iter::from_fn(move || articles.find(|article| article.services.contains(service)))
    }

    /// Answers with all words of a query, or with as many as any has; the best first. What was typed
    /// in Latin letters and means nothing is read as if the Russian keyboard had been on.
    #[must_use]
    pub fn search(&self, query: &str) -> (Vec<Found<'_>>, Mended) {
        let query: String = query.chars().take(QUERY_MAX_CHARS).collect();
        let found = self.look_for(&query);
        if !found.is_empty() || query.chars().any(|c| ('а'..='я').contains(&c)) {
            return (found, None);
        }
        let russian: String = query
            .to_lowercase()
            .chars()
            .map(on_the_russian_keyboard)
            .collect();
        let found = self.look_for(&russian);
        let mended = (!found.is_empty()).then(|| russian.trim().to_owned());
        (found, mended)
    }

    fn look_for(&self, query: &str) -> Vec<Found<'_>> {
        let words = normalise(query);
        let mut words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        let last = words.last().copied();
        words.retain(|word| is_telling(word));
        // How many words an answer has, and how well.
        let mut scores: BTreeMap<(usize, usize), (usize, u32)> = BTreeMap::new();
        for word in words {
            for (place, score) in self.word(word, last == Some(word)) {
                let known = scores.entry(place).or_default();
                known.0 += 1;
                known.1 += score;
            }
        }
        let most = scores.values().map(|(words, _)| *words).max().unwrap_or(0);
        let mut best: Vec<_> = scores
            .into_iter()
            .filter(|(_, (words, _))| *words == most)
            .collect();
        best.sort_by_key(|(place, (_, score))| (std::cmp::Reverse(*score), *place));
        let found = best.into_iter().filter_map(|((article, answer), _)| {
            let article = self.articles.get(article)?;
            let answer = article.answers.get(answer)?;
            Some(Found { article, answer })
        });
        found.collect()
    }

    /// Where a word stands and how much it says there; `is_begun`: it may not be typed to its end.
    fn word(&self, word: &str, is_begun: bool) -> BTreeMap<(usize, usize), u32> {
        let wanted = stem(word);
        let mut best: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        let mut slips: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for (known, places) in &self.places {
            let degree = if *known == wanted {
                SAME
            } else if is_begun && known.starts_with(word) {
                BEGUN
            } else if is_slip(&wanted, known) {
                SLIPPED
            } else {
                continue;
            };
            let into = if degree == SLIPPED {
                &mut slips
            } else {
                &mut best
            };
            // A word of few answers tells more.
            let rarity = self.rarity(places.len());
            for (place, weight) in places {
                let score = weight * degree * rarity;
                let known = into.entry(*place).or_default();
                *known = score.max(*known);
            }
        }
        // Whoever typed a word that there is did not mean another one.
        if best.is_empty() { slips } else { best }
    }

    /// 1 for a word that stands everywhere, more the rarer it is: log₂ of answers to a word.
    fn rarity(&self, answers: usize) -> u32 {
        let all: usize = self
            .articles
            .iter()
            .map(|article| article.answers.len())
            .sum();
        1 + (all / answers.max(1)).max(1).ilog2()
    }
}

fn is_telling(word: &str) -> bool {
    !word.is_empty() && !EMPTY.contains(&word)
}

/// Whether a word is another one with a slip of the finger: a letter too few or too many, another one,
/// two that changed places.
fn is_slip(typed: &str, meant: &str) -> bool {
    let (typed, meant): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    let length = typed.len().min(meant.len());
    let allowed = match length {
        TWO_SLIPS_FROM.. => 2,
        SLIP_FROM.. => 1,
        _ => return false,
    };
    typed.len().abs_diff(meant.len()) <= allowed && distance(&typed, &meant) <= allowed
}

/// Slips between two words: optimal string alignment (Damerau–Levenshtein without repeated edits).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, y) in b.iter().enumerate() {
            let of = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best = of(&above, column) + usize::from(x != y);
            best = best
                .min(of(&above, column + 1) + 1)
                .min(of(&line, column) + 1);
            let earlier = row.checked_sub(1).zip(column.checked_sub(1));
            if let Some((one_up, one_left)) = earlier
                && a.get(one_up) == Some(y)
                && b.get(one_left) == Some(x)
            {
                best = best.min(of(&before, one_left) + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or(0)
}

/// What a key of the Latin layout types when the Russian one is on.
const fn on_the_russian_keyboard(key: char) -> char {
    match key {
        'q' => 'й',
        'w' => 'ц',
        'e' => 'у',
        'r' => 'к',
        't' => 'е',
        'y' => 'н',
        'u' => 'г',
        'i' => 'ш',
        'o' => 'щ',
        'p' => 'з',
        '[' => 'х',
        ']' => 'ъ',
        'a' => 'ф',
        's' => 'ы',
        'd' => 'в',
        'f' => 'а',
        'g' => 'п',
        'h' => 'р',
        'j' => 'о',
        'k' => 'л',
        'l' => 'д',
        ';' => 'ж',
        '\'' => 'э',
        'z' => 'я',
        'x' => 'ч',
        'c' => 'с',
        'v' => 'м',
        'b' => 'и',
        'n' => 'т',
        'm' => 'ь',
        ',' => 'б',
        '.' => 'ю',
        '`' => 'е',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{About, Validity};
    use events::Date;

    fn answer(name: &str, about: About, text: &str) -> Answer {
        Answer {
            name: name.to_owned(),
            about,
            text: text.to_owned(),
            source: "Карта клиентского пути, этап 2".to_owned(),
            valid_from: None,
            valid_until: None,
        }
    }

    fn base() -> KnowledgeBase {
        let article = |id: &str, title: &str, service: &str, answers: Vec<Answer>| Article {
            id: id.to_owned(),
            title: title.to_owned(),
            version: "1".to_owned(),
            services: vec![ServiceId::new(service)],
            answers,
        };
        KnowledgeBase::new(vec![
            article(
                "park",
                "Присвоение статуса технопарка",
                "technopark_status",
                vec![
                    answer(
                        "park.paper",
                        About::Documents,
                        "К заявлению прилагают устав и справку.",
                    ),
                    answer(
                        "park.appeal",
                        About::Appeal,
                        "Ответ на жалобу дают в течение тридцати дней.",
                    ),
                ],
            ),
            article(
                "scrap",
                "Лицензия на заготовку лома",
                "scrap_licence",
                vec![
                    answer(
                        "scrap.fee",
                        About::Fee,
                        "Пошлина за лицензию — семь тысяч пятьсот рублей.",
                    ),
                    answer(
                        "scrap.paper",
                        About::Documents,
                        "Нужны договор аренды и удостоверения сотрудников.",
                    ),
                    answer(
                        "scrap.visit",
                        About::Procedure,
                        "Сотрудники приедут и проверят площадку. Приём ведётся по записи.",
                    ),
                ],
            ),
        ])
    }

    #[test]
    fn answers_are_found_as_people_type() {
        let base = base();
        for (query, names) in [
            // Another ending, capitals, ё.
            ("УСТАВЫ", "park.paper"),
            ("приемы", "scrap.visit"),
            ("приём", "scrap.visit"),
            // The first letters of the last word.
            ("пошл", "scrap.fee"),
            ("лицензия пош", "scrap.fee"),
            // What it is about; the best place first.
            ("документы", "park.paper scrap.paper"),
            ("документы технопарк", "park.paper"),
            ("какие документы нужны для лицензии", "scrap.paper"),
            // Slips of the finger.
            ("докуметны технопарк", "park.paper"),
            ("лицинзия плата", "scrap.fee"),
            ("удостоверинея", "scrap.paper"),
            // As many words as any answer has.
            ("пошлина за самолёт", "scrap.fee"),
            // Nothing.
            ("", ""),
            ("как же и на", ""),
            ("самолёт", ""),
        ] {
            let (found, mended) = base.search(query);
            let found: Vec<&str> = found.iter().map(|one| one.answer.name.as_str()).collect();
            assert_eq!(found.join(" "), names, "{query}");
            assert_eq!(mended, None, "{query}");
        }
    }

    #[test]
    fn the_wrong_layout_is_understood_and_told() {
        let base = base();
        let (found, mended) = base.search("gjikbyf");
        assert_eq!(found[0].answer.name, "scrap.fee");
        assert_eq!(mended.as_deref(), Some("пошлина"));
        assert_eq!(base.search("linux"), (vec![], None));
    }

    #[test]
    fn a_call_has_the_articles_of_its_service() {
        let base = base();
        let ids = |service: &str| -> Vec<String> {
            let service = ServiceId::new(service);
            base.of_service(&service)
                .map(|article| article.id.clone())
                .collect()
        };
        assert_eq!(ids("technopark_status"), ["park"]);
        assert!(ids("undetermined").is_empty());
    }

    #[test]
    fn an_answer_has_its_time() {
        let mut one = answer("a.b", About::Terms, "Тридцать дней.");
        let day = |text| Date::parse(text).unwrap();
        assert_eq!(one.validity(day("2026-11-22")), Validity::Valid);
        (one.valid_from, one.valid_until) = (Some(day("2026-12-01")), Some(day("2026-12-31")));
        for (today, validity) in [
            ("2026-11-30", Validity::NotYet),
            ("2026-12-01", Validity::Valid),
            ("2026-12-31", Validity::Valid),
            ("2027-01-01", Validity::Expired),
        ] {
            assert_eq!(one.validity(day(today)), validity, "{today}");
        }
    }

    #[test]
    fn slips_are_counted() {
        let count = |a: &str, b: &str| {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            distance(&a, &b)
        };
        for (a, b, slips) in [
            ("лом", "лом", 0),
            ("лицензия", "лицинзия", 1),
            ("документ", "докуметн", 1),
            ("документ", "докумен", 1),
            ("документ", "доокумент", 1),
            ("", "лом", 3),
            ("кот", "дом", 2),
        ] {
            assert_eq!(count(a, b), slips, "{a} {b}");
            assert_eq!(count(b, a), slips, "{b} {a}");
        }
    }
}
