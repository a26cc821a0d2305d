//! What leaves the house in writing.

use events::Pii;

use crate::notify::Text;

/// A letter or a short message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The same for each try of one notification, so that a server can tell a repetition; holds no
    /// personal data.
    pub id: String,
    /// The number or the address.
    pub to: Pii<String>,
    /// The words.
    pub text: Text,
}
