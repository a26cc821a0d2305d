//! What cannot be ready before a call: texts with this call's values, slower speech, louder speech.
//!
//! A few threads make it, one order after the other, each with a synthesiser of its own in memory.
//! An order's phrases are told as they are ready, so that a caller hears the first while the next
//! is made. A phrase that cannot be made is left out, and the rest is said. Texts with values are
//! kept nowhere.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use events::Timestamp;
use tracing::warn;

use super::prompts::Prompts;
use super::resident::Resident;
use super::speech::{SpeechError, Synthesiser};
use crate::audio::loudness::{LOUDER_DB, amplified};
use crate::{Manner, Phrase};

/// Orders that may wait; further ones are told at once that nothing can be made.
const WAITING_MAX: usize = 64;
/// A sentence of more letters is said in two parts, so that its beginning is heard sooner.
const LONG_LETTERS: usize = 70;

/// Tells the time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Is told what an order brings, on a voice thread: it must not block.
pub type Teller = Box<dyn FnMut(Made) + Send>;

/// What an order brings, in the order of its phrases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// The next sound: 8 kHz, mono.
    Sound(Vec<i16>),
    /// Nothing more comes.
    End,
}

/// An order that was given. Dropping it changes nothing.
#[derive(Clone, Debug)]
pub struct Ticket(Arc<AtomicBool>);

impl Ticket {
    /// Nobody waits for the rest any more.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// What was made so far; all but `waiting` and `basic` only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoiceFigures {
    /// Orders that brought a sound.
    pub orders: u64,
    /// Phrases that could not be made and were left out.
    pub failures: u64,
    /// Orders turned away because too many waited.
    pub refused: u64,
    /// Sum over orders of the time to the first sound, in microseconds.
    pub first_sound_us_sum: u64,
    /// The longest of these.
    pub first_sound_us_max: u64,
    /// Orders that wait now.
    pub waiting: u64,
    /// Callers hear the basic voice, or none.
    pub basic: bool,
}

/// The threads, and the way to them.
pub struct Voice {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    prompts: Arc<Prompts>,
    now: Now,
    queue: Mutex<Queue>,
    more: Condvar,
    orders: AtomicU64,
    failures: AtomicU64,
    refused: AtomicU64,
    first_sound_us_sum: AtomicU64,
    first_sound_us_max: AtomicU64,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Order>,
    over: bool,
}

struct Order {
    phrases: Vec<Phrase>,
    manner: Manner,
    tell: Teller,
    cancelled: Arc<AtomicBool>,
    given: Timestamp,
}

impl fmt::Debug for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Voice")
            .field("threads", &self.threads.len())
            .finish_non_exhaustive()
    }
}

impl Voice {
    /// Starts so many threads; each loads the voice while nobody waits for it yet.
    #[must_use]
    pub fn start(prompts: Arc<Prompts>, threads: usize, now: Now) -> Self {
        let shared = Arc::new(Shared {
            prompts,
            now,
            queue: Mutex::default(),
            more: Condvar::new(),
            orders: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            first_sound_us_sum: AtomicU64::new(0),
            first_sound_us_max: AtomicU64::new(0),
        });
        let mut started = Vec::new();
        for number in 0..threads.max(1) {
            let shared = Arc::clone(&shared);
            let thread = std::thread::Builder::new()
                .name(format!("voice-{number}"))
                .spawn(move || shared.work());
            match thread {
                Ok(thread) => started.push(thread),
                Err(why) => warn!(%why, "a voice thread did not start"),
            }
        }
        Self {
            shared,
            threads: started,
        }
    }

    /// Orders the sound of phrases. `tell` hears of each as it is ready, and of the end; of nothing
    /// more once the ticket was cancelled.
    pub fn order(&self, phrases: Vec<Phrase>, manner: Manner, mut tell: Teller) -> Ticket {
        let cancelled = Arc::new(AtomicBool::new(false));
        let ticket = Ticket(Arc::clone(&cancelled));
        let mut queue = lock(&self.shared.queue);
        if queue.waiting.len() >= WAITING_MAX || self.threads.is_empty() {
            drop(queue);
            self.shared.refused.fetch_add(1, Ordering::Relaxed);
            tell(Made::End);
            return ticket;
        }
        queue.waiting.push_back(Order {
            phrases,
            manner,
            tell,
            cancelled,
            given: (self.shared.now)(),
        });
        drop(queue);
        self.shared.more.notify_one();
        ticket
    }

    /// What was made so far.
    #[must_use]
    pub fn figures(&self) -> VoiceFigures {
        let shared = &self.shared;
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        VoiceFigures {
            orders: of(&shared.orders),
            failures: of(&shared.failures),
            refused: of(&shared.refused),
            first_sound_us_sum: of(&shared.first_sound_us_sum),
            first_sound_us_max: of(&shared.first_sound_us_max),
            waiting: u64::try_from(lock(&shared.queue).waiting.len()).unwrap_or(u64::MAX),
            basic: shared.prompts.is_basic(),
        }
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        lock(&self.shared.queue).over = true;
        self.shared.more.notify_all();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                warn!("a voice thread had panicked");
            }
        }
    }
}

impl Shared {
    fn work(&self) {
        let mut engine = Engine::start(self.prompts.synthesiser());
        while let Some(order) = self.next() {
            self.carry_out(order, &mut engine);
        }
    }

    /// The next order; none at the end.
    fn next(&self) -> Option<Order> {
        let mut queue = lock(&self.queue);
        loop {
            if queue.over {
                return None;
            }
            if let Some(order) = queue.waiting.pop_front() {
                return Some(order);
            }
            queue = self
                .more
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn carry_out(&self, mut order: Order, engine: &mut Engine) {
        let mut first = true;
        for phrase in order.phrases.iter().flat_map(parts) {
            if order.cancelled.load(Ordering::Acquire) {
                return;
            }
            let made = if phrase.is_live() {
                engine.say(&phrase, &self.prompts.as_read(&phrase), order.manner.slow)
            } else {
                let sound = self.prompts.sound(&phrase, order.manner.slow);
                sound.map_err(|why| why.to_string())
            };
            let sound = match made {
                Ok(sound) if order.manner.loud => amplified(&sound, LOUDER_DB),
                Ok(sound) => sound,
                Err(why) => {
                    warn!(phrase = phrase.name, why, "a phrase is left out");
                    self.failures.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
            };
            if order.cancelled.load(Ordering::Acquire) {
                return;
            }
            (order.tell)(Made::Sound(sound));
            if std::mem::take(&mut first) {
                self.count_first(order.given);
            }
        }
        (order.tell)(Made::End);
    }

    fn count_first(&self, given: Timestamp) {
        let took = (self.now)().0.saturating_sub(given.0).max(0).unsigned_abs();
        self.orders.fetch_add(1, Ordering::Relaxed);
        self.first_sound_us_sum.fetch_add(took, Ordering::Relaxed);
        self.first_sound_us_max.fetch_max(took, Ordering::Relaxed);
    }
}

/// The synthesiser of one thread.
struct Engine {
    voice: Option<Synthesiser>,
    resident: Option<Resident>,
}

impl Engine {
    fn start(voice: Option<&Synthesiser>) -> Self {
        let good = matches!(voice, Some(Synthesiser::RhVoice { .. }));
        let resident = if good && Resident::is_possible() {
            Resident::start()
                .inspect_err(|why| warn!(%why, "the voice is not kept in memory"))
                .ok()
        } else {
            None
        };
        if let (Some(resident), Some(voice)) = (&resident, voice) {
            // Loads the voice; a failure shows again, and is told, with the first real text.
            let _ = resident.say(voice, "Да.");
        }
        Self {
            voice: voice.cloned(),
            resident,
        }
    }

    /// Says a phrase, as it should be read, by the fastest way that works.
    fn say(&mut self, phrase: &Phrase, text: &str, slow: bool) -> Result<Vec<i16>, String> {
        let Some(voice) = &self.voice else {
            return Err(SpeechError::NoSynthesiser.to_string());
        };
        let voice = voice.speaking(phrase.language());
        let voice = if slow { voice.slowed() } else { voice };
        if let (Some(resident), Synthesiser::RhVoice { .. }) = (&self.resident, &voice) {
            match resident.say(&voice, text) {
                Ok(sound) => return Ok(sound),
                Err(why) => {
                    warn!(%why, "the voice in memory failed, it is started anew");
                    self.resident = Resident::start().ok();
                }
            }
        }
        let said = voice.say_unkept(text);
        let said = said.or_else(|why| voice.basic(&why.to_string()).say_unkept(text));
        said.map_err(|why| why.to_string())
    }
}

/// A text with values is made sentence by sentence, and a long sentence in two parts.
fn parts(phrase: &Phrase) -> Vec<Phrase> {
    if !phrase.is_live() {
        return vec![phrase.clone()];
    }
    let mut parts = Vec::new();
    for sentence in sentences(&phrase.text) {
        let letters = sentence.chars().count();
        let middle = sentence
            .match_indices(", ")
            .map(|(at, comma)| at + comma.len())
            .filter(|at| letters > LONG_LETTERS && *at >= LONG_LETTERS / 2)
            .min_by_key(|at| at.abs_diff(sentence.len() / 3));
        let (begin, rest) = sentence.split_at(middle.unwrap_or(0));
        parts.extend(
            [begin, rest]
                .map(str::trim)
                .iter()
                .filter(|p| !p.is_empty())
                .map(|text| Phrase {
                    name: phrase.name.clone(),
                    text: (*text).to_owned(),
                }),
        );
    }
    parts
}

/// A text cut after its sentences. A full stop after a short word may be an abbreviation's: no cut.
fn sentences(text: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut word = 0;
    let mut ended = false;
    for (at, symbol) in text.char_indices() {
        if symbol.is_alphanumeric() {
            if ended && symbol.is_uppercase() {
                cuts.push(at);
            }
            word = if ended { 1 } else { word + 1 };
            ended = false;
        } else if matches!(symbol, '!' | '?' | '…') || symbol == '.' && word > 3 {
            ended = true;
            word = 0;
        } else if !ended {
            word = 0;
        }
    }
    cuts.push(text.len());
    cuts.windows(2)
        .filter_map(|cut| text.get(*cut.first()?..*cut.last()?))
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    fn phrase(name: &str, text: &str) -> Phrase {
        Phrase {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    /// A voice whose only sounds are recordings.
    fn recorded(dir: &std::path::Path, names: &[&str]) -> Voice {
        let folder = dir.join("recordings");
        std::fs::create_dir_all(&folder).unwrap();
        let tone: Vec<i16> = (0..8_000)
            .map(|n| if n % 16 < 8 { 900 } else { -900 })
            .collect();
        for name in names {
            super::super::wav::write_8k(&folder.join(format!("{name}.wav")), &tone).unwrap();
        }
        let prompts = Prompts::new(dir.join("cache"), folder, Err(SpeechError::NoSynthesiser));
        Voice::start(Arc::new(prompts), 1, Arc::new(|| Timestamp(5)))
    }

    fn order(voice: &Voice, phrases: Vec<Phrase>, manner: Manner) -> Receiver<Made> {
        let (to, told) = channel();
        let teller = Box::new(move |made| drop(to.send(made)));
        let _ = voice.order(phrases, manner, teller);
        told
    }

    #[test]
    fn what_cannot_be_made_is_left_out_and_counted() {
        let dir = tempfile::tempdir().unwrap();
        let voice = recorded(dir.path(), &["before", "after"]);
        let phrases = vec![
            phrase("before", "Вы записаны."),
            phrase("when.live", "На пятое мая."),
            phrase("after", "Ждём вас."),
        ];
        let told: Vec<Made> = order(&voice, phrases, Manner::default()).iter().collect();
        let lengths: Vec<usize> = told
            .iter()
            .map(|made| match made {
                Made::Sound(sound) => sound.len(),
                Made::End => 0,
            })
            .collect();
        assert_eq!(lengths, [8_000, 8_000, 0]);
        let figures = voice.figures();
        assert_eq!((figures.orders, figures.failures), (1, 1));
        assert!(figures.basic, "nothing speaks here");
    }

    #[test]
    fn louder_is_six_decibels_more() {
        let dir = tempfile::tempdir().unwrap();
        let voice = recorded(dir.path(), &["yes"]);
        let say = |loud| {
            let manner = Manner { slow: false, loud };
            let told = order(&voice, vec![phrase("yes", "Да.")], manner);
            let Ok(Made::Sound(sound)) = told.recv() else {
                panic!("a sound")
            };
            crate::audio::p56::active_level(&sound)
        };
        assert!((say(true) - say(false) - LOUDER_DB).abs() < 0.1);
    }

    #[test]
    fn a_cancelled_order_tells_nothing_more() {
        let dir = tempfile::tempdir().unwrap();
        let voice = recorded(dir.path(), &["one", "two"]);
        let (to, told) = channel();
        let (hold, held) = channel::<()>();
        // The thread stands in the first telling until the order is cancelled.
        let teller = Box::new(move |made| {
            let _ = to.send(made);
            let _ = held.recv();
        });
        let phrases = vec![phrase("one", "Раз."), phrase("two", "Два.")];
        let ticket = voice.order(phrases, Manner::default(), teller);
        assert!(matches!(told.recv(), Ok(Made::Sound(_))));
        ticket.cancel();
        drop(hold);
        assert!(told.recv().is_err(), "neither the rest nor an end");
    }

    #[test]
    fn texts_are_cut_where_sentences_end() {
        let cut = |text: &str| parts(&phrase("x.live", text)).len();
        assert_eq!(cut("Вы записаны. Номер записи один два три! Верно?"), 3);
        assert_eq!(cut("Приходите на ул. Ленина, д. 5."), 1);
        assert_eq!(cut("Это в г. Москве, вход со двора."), 1);
        let long = "Ваше заявление о выдаче лицензии на заготовку лома принято, номер один два \
                    три четыре пять, ответ придёт в течение тридцати дней.";
        let said = parts(&phrase("x.live", long));
        let texts: Vec<&str> = said.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Ваше заявление о выдаче лицензии на заготовку лома принято,",
                "номер один два три четыре пять, ответ придёт в течение тридцати дней.",
            ]
        );
        assert_eq!(parts(&phrase("fixed", long)).len(), 1);
    }
}
