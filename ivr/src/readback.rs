//! Numbers, dates, times and telephone numbers as words of Russian, and back from words.
//!
//! The nominative throughout, as a list is read out; where a sentence needs another case, the
//! sentence is written in words.

mod numbers;
mod speakable;
mod understood;

pub use numbers::{Gender, cardinal, counted, date, day_ordinal, phone, time};
pub use speakable::speakable;
pub use understood::{digits, number};
