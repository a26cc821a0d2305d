//! How far applications are: what registers answer, and how a register that fails is treated.
//!
//! The registers themselves (a service, a file, a database) are under `io/`.

mod breaker;
mod memory;
mod table;
mod windows_1251;

pub use breaker::{Breaker, Turned};
pub use memory::Memory;
pub(crate) use table::read_date;
pub use table::{BadLine, Columns, read_table};
pub use windows_1251::decode_text;

use events::{CaseNumber, Date, Pii, TaskOutcome, TaskReply, Value};

/// What a register says of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The status in words, as it is said to the caller.
    pub status: String,
    /// The day by which it is decided, if the register knows.
    pub due: Option<Date>,
}

/// What is known of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusAnswer {
    /// This.
    Found(Standing),
    /// This, as of a day: the register cannot be asked now.
    AsOf(Standing, Date),
    /// No register has that number.
    NotFound,
    /// A register that may have it cannot be asked.
    Unavailable,
}

impl StatusAnswer {
    /// What a dialogue or a desk is told.
    #[must_use]
    pub fn reply(&self, number: &CaseNumber) -> TaskReply {
        let (standing, status) = match self {
            Self::Found(standing) => (standing, standing.status.clone()),
            Self::AsOf(standing, day) => {
                let day = format!("{:02}.{:02}.{}", day.day, day.month, day.year);
                (standing, format!("{}, по данным на {day}", standing.status))
            }
            Self::NotFound => return TaskReply::bare(TaskOutcome::NotFound),
            Self::Unavailable => return TaskReply::bare(TaskOutcome::Unavailable),
        };
        let mut values = events::Values::from([
            ("number".to_owned(), Value::Case(number.clone())),
            ("status".to_owned(), Value::Text(status)),
        ]);
        if let Some(due) = standing.due {
            values.insert("due".into(), Value::Date(due));
        }
        TaskReply {
            outcome: TaskOutcome::Done,
            values: Pii::new(values),
            choices: Vec::new(),
        }
    }
}
