//! Numbers, dates, times and telephone numbers as words of Russian, and back from words.
//!
//! The nominative throughout, as a list is read out; where a sentence needs another case, the
//! sentence is written in words.

mod numbers;
mod speakable;
mod spelling;
mod understood;
mod value;

pub use numbers::{Gender, cardinal, counted, date, date_genitive, day_ordinal, phone, time};
pub use speakable::speakable;
pub use understood::{digits, number};
pub use value::{day_accusative, day_genitive, spelled_name, sum, value};
