//! The door of the house, from outside: login, cookies, walls, commands, the live desk.
#![expect(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by panicking"
)]

mod cases;
mod client;
mod door;
mod floor;
mod guidance;
mod house;
mod knowledge;
mod live;
mod notifications;
mod owed;
mod reload;
mod roles;
mod script_texts;
mod shelf;
mod show;
mod supervision;
mod told;
mod training;
