//! Where numbers meet the world: the database of read models and the task that fills it.

mod ingest;
mod queries;
mod rows;
mod store;

#[cfg(test)]
mod tests;

pub use ingest::{Ingest, IngestHealth, JournalReader};
pub use queries::CallFilter;
pub use store::{Position, Store, StoreError};
