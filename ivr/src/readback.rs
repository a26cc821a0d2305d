//! Written Russian as it is said: numbers, dates, times, sums, addresses and shortened words, in the
//! case that the words around ask for; and numbers back from words.

mod abbreviations;
mod address;
mod agreement;
mod cases;
mod declined;
mod figures;
mod numbers;
mod places;
mod speakable;
mod spelling;
mod stress;
mod understood;
mod value;
mod weekdays;
mod written;

pub use cases::{Case, cardinal_in};
pub use numbers::{Gender, cardinal, counted, date, date_genitive, day_ordinal, phone, time};
pub use speakable::speakable;
pub use stress::{Stress, StressError, unmarked};
pub use understood::{digits, number};
pub use value::{at_time, day_accusative, day_genitive, on_day, spelled_name, sum, value};

#[cfg(test)]
mod tests;
