//! People are not data.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number, a name or somebody's words: kept in the journal under retention, never printed.
///
/// `Debug` and `Display` print `…`, so a value cannot slip into a log, a label or a file name by
/// formatting. Whoever needs the value says so with [`Pii::expose`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for the screen of somebody entitled to see it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the value away.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<T> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_never_shows_the_value() {
        let number = Pii::new("+79990000000");
        assert_eq!(format!("{number} {number:?}"), "… …");
        assert_eq!(*number.expose(), "+79990000000");
    }
}
