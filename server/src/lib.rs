//! The product: the only place where the peers meet.
