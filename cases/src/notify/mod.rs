//! What people are told of the house's own accord: reminders, changes of status, campaigns
//! (rows #15–#17), and the calls back that were promised to them (row #16).
//!
//! [`Notify`] is a machine in two halves: [`Notify::decide`] holds every rule and changes nothing,
//! [`Notify::apply`] changes state and holds no rule. A try stands in the journal before it is made,
//! so whatever moment the process dies at, nothing is forgotten and nothing that was delivered is
//! sent again.
//!
//! | page | what |
//! |---|---|
//! | `address` | telephone numbers and e-mail addresses, and how they are shown |
//! | `policy` | hours, caps, retries: the administrator's words |
//! | `machine` | what is known of every notification |
//! | `decide` | every rule: may it be sent now, and what follows from a try |
//! | `visits` | reminders of visits, from the facts about appointments |
//! | `callbacks` | calls back: when, how often, until when |
//! | `template` | what is said, by kind and channel |

mod address;
mod callbacks;
mod decide;
mod machine;
mod policy;
mod template;
#[cfg(test)]
mod tests;
mod visits;

pub use address::{Address, masked};
pub use callbacks::{Callbacks, Owed};
pub use decide::{Command, Plan, TryResult};
pub use machine::{Job, Notify, State};
pub use policy::{Class, Hours, Policy, Reminder, Retry, Rules};
pub use template::{Template, TemplateFinding, Templates, Text, gives, typed_values};
