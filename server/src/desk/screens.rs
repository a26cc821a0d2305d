//! Large screens in the hall that show the wallboard without anybody's login.

use std::collections::BTreeMap;

use events::{Act, OperatorId, Pii, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::Desk;
use super::views::{BoardQueue, BoardToday, OperatorState};

/// Screens at most: more doors than anybody keeps an eye on.
pub const SCREENS_MAX: usize = 50;

/// Open screens, by the number of the record that opened each.
#[derive(Clone, Debug, Default)]
pub(super) struct Screens(BTreeMap<u64, Screen>);

/// A screen that may show the wallboard.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Screen {
    title: String,
    /// SHA-256 of its token, in hexadecimal.
    hash: Pii<String>,
    by: Option<OperatorId>,
    at: Timestamp,
}

/// A screen as administrators see it: never its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScreenView {
    /// Its number.
    pub id: u64,
    /// What people call it.
    pub title: String,
    /// Who let it in.
    pub by: String,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
}

/// What a screen in the hall shows: sums, and nobody's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WallView {
    /// The server's clock.
    pub now_ms: i64,
    /// The authority's name.
    pub organisation: String,
    /// Callers with the assistant.
    pub with_assistant: usize,
    /// Every queue.
    pub queues: Vec<BoardQueue>,
    /// Every operator.
    pub operators: Vec<WallOperator>,
    /// The day so far.
    pub today: BoardToday,
}

/// An operator without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WallOperator {
    /// What they do.
    pub state: OperatorState,
}

impl Screens {
    pub(super) fn apply(
        &mut self,
        (seq, at): (u64, Timestamp),
        by: Option<&OperatorId>,
        act: &Act,
    ) {
        if let Act::ScreenOpened { title, hash } = act {
            let screen = Screen {
                title: title.clone(),
                hash: hash.clone(),
                by: by.cloned(),
                at,
            };
            self.0.insert(seq, screen);
        } else if let Act::ScreenClosed { screen, .. } = act {
            self.0.remove(screen);
        }
    }
}

impl Desk {
    /// The screens that may show the wallboard, the oldest first.
    #[must_use]
    pub fn screens(&self) -> Vec<ScreenView> {
        let screens = self.screens.0.iter();
        let name = |by: &OperatorId| self.organisation.operator_name(by);
        screens
            .map(|(id, screen)| ScreenView {
                id: *id,
                title: screen.title.clone(),
                by: screen.by.as_ref().map_or_else(|| "—".to_owned(), name),
                at_ms: screen.at.0.div_euclid(1_000),
            })
            .collect()
    }

    /// The screen whose token has this SHA-256, if it was not closed since.
    #[must_use]
    pub fn screen(&self, hash: &str) -> Option<u64> {
        let mut screens = self.screens.0.iter();
        let found = screens.find(|(_, screen)| screen.hash.expose() == hash);
        found.map(|(id, _)| *id)
    }

    /// What a screen in the hall shows.
    #[must_use]
    pub fn wall(&self, now: Timestamp) -> WallView {
        let board = self.board(now);
        let operators = board.operators.iter().map(|one| WallOperator {
            state: one.operator.state,
        });
        WallView {
            now_ms: board.now_ms,
            organisation: board.organisation,
            with_assistant: board.with_assistant,
            operators: operators.collect(),
            queues: board.queues,
            today: board.today,
        }
    }
}
