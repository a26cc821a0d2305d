//! The tests package has no library of its own.
