//! What end-to-end tests are written with: the real binary, real telephones, a private network.
//!
//! A test reads like a call. It waits for facts in the journal and for events of the phones, never
//! for the clock; [`PATIENCE`] only turns a hang into a failure.

#![expect(missing_docs, reason = "a test kit: names say it, the tests show it")]
#![expect(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed step fails the test"
)]

pub mod browser;
pub mod http;
pub mod journal;
pub mod mail;
pub mod network;
pub mod phone;
pub mod provider;
pub mod server;
pub mod sipp;
pub mod sound;

use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use browser::Browser;
pub use http::{Desk, LivePage};
pub use journal::Journal;
pub use phone::Phone;
pub use server::Server;

/// Nothing here takes longer unless it hangs.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A first start renders every phrase of the assistant and builds its graphs: some four minutes
/// without optimisation, and more on a busy machine.
pub const PATIENCE_AT_START: Duration = Duration::from_secs(900);

/// When patience ends for a wait that begins now.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "only to tell a hang from a wait")]
pub fn patience_ends() -> Instant {
    Instant::now() + PATIENCE
}

/// What is left until then.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "only to tell a hang from a wait")]
pub fn left_until(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a workspace")
        .to_owned()
}

/// Finds a program, or says which Debian package has it.
#[must_use]
pub fn program(name: &str, package: &str) -> PathBuf {
    std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{name} is missing: apt-get install {package}"))
}
