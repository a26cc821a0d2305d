//! The door for whoever administers the machine: a socket in the data folder, through which the
//! command line talks to the running service. Who owns the service's files may use it, and root; it
//! asks for no password and is open to no network.
//!
//! One question and one answer a connection, each a line of JSON.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use events::{LineId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::told_log::BroadcastRow;

/// A question or an answer is shorter, in bytes.
pub const LINE_MAX_BYTES: u64 = 256 * 1024;
/// A reload renders new phrases, a third of a second each.
const PATIENCE: Duration = Duration::from_secs(900);

/// What the command line asks of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Read scripts anew.
    Reload,
    /// What callers hear first now.
    Broadcasts,
    /// What callers hear first from now on.
    SetBroadcast {
        /// On this line; on every line if none.
        line: Option<LineId>,
        /// The words; none takes them back.
        text: Option<String>,
        /// Taken back at this time; by hand only if none.
        until: Option<Timestamp>,
    },
}

/// What the service answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is done.
    Done,
    /// New calls follow these scripts: name and version of each.
    Reloaded(Vec<(String, String)>),
    /// What callers hear first.
    Broadcasts(Vec<BroadcastRow>),
    /// Nothing was changed, for these reasons, in Russian.
    Refused(Vec<String>),
}

/// Where the socket is.
#[must_use]
pub fn path(config: &Config) -> PathBuf {
    config.server.data_dir.join("control.sock")
}

/// Asks the running service and waits for its answer.
///
/// # Errors
/// The service does not run, or belongs to somebody else.
pub fn ask(config: &Config, request: &Request) -> anyhow::Result<Answer> {
    let path = path(config);
    let shown = path.display();
    let mut stream = UnixStream::connect(&path).with_context(|| {
        format!(
            "служба не отвечает ({shown}): она не запущена, у неё другой data_dir, или у вас нет прав \
             на него; проверьте --config и пользователя"
        )
    })?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream)
        .take(LINE_MAX_BYTES)
        .read_line(&mut answer)
        .with_context(|| format!("служба не ответила ({shown})"))?;
    anyhow::ensure!(
        !answer.is_empty(),
        "служба оборвала разговор: она завершается, или вы не тот пользователь, от имени которого она \
         работает"
    );
    serde_json::from_str(&answer).context("ответ службы не читается: она другой версии")
}
