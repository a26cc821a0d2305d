//! Acoustic models as data: which there are, where they come from, whether they are whole, which is
//! in use.

mod archive;
mod download;
mod known;
mod store;
mod sums;
mod trial;

pub use archive::{ArchiveLimits, ArchiveProblem};
pub use download::{DownloadProblem, Downloader, Published};
pub use known::{KNOWN, KnownModel};
pub use store::{Installed, ModelStore, Placed, StoreProblem, name_of};
pub use sums::{Difference, differences, list, listed, version, write};
pub use trial::{Tester, Trial, try_here};
