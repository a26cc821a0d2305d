//! What of a page's offer is looked at before it is believed: anybody may send anything.

/// Room for an offer of one audio section with a hundred candidates.
const OFFER_MAX_BYTES: usize = 12 * 1024;

/// Why a session could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The offer is no SDP, or not one of a browser's audio: the page is another version's.
    #[error("offer cannot be used: {0}")]
    Offer(String),
    /// As many sessions as are allowed are open.
    #[error("too many sessions")]
    Full,
    /// The system gave no port or no memory.
    #[error("no port: {0}")]
    System(String),
}

/// One section of audio and nothing else, small enough.
pub(super) fn check(offer: &str) -> Result<(), OpenError> {
    let refuse = |why: &str| Err(OpenError::Offer(why.to_owned()));
    if offer.len() > OFFER_MAX_BYTES {
        return refuse("too long");
    }
    let mut sections = offer.lines().filter(|line| line.starts_with("m="));
    match (sections.next(), sections.next()) {
        (Some(only), None) if only.starts_with("m=audio ") => Ok(()),
        (Some(_), None) => refuse("not audio"),
        (Some(_), Some(_)) => refuse("more than one section"),
        (None, _) => refuse("no section"),
    }
}
