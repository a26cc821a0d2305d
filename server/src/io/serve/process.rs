//! The process itself: its log, its limits, its signals, and how it ends when its core breaks.

use std::time::Duration;

use anyhow::Context as _;

use super::SWITCHBOARD_THREAD;
use crate::config::Config;
use crate::io::committer::JOURNAL_THREAD;

/// File descriptors that a call may need: two legs, two sockets each, and a recording.
const FDS_PER_CALL: u64 = 5;
/// For everything else: the database, desks, streams of SIP.
const FDS_BESIDE: u64 = 1_000;

/// Logs go to standard error; `LINIYA_LOG` sets what is logged (`info` by default).
pub(super) fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LINIYA_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(false)
        .try_init();
}

/// Without its core the service would stand and answer nobody: it ends at once instead, is started
/// again by whoever keeps it running, and closes from the journal what was open.
pub(super) fn end_with_the_core() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        if matches!(
            std::thread::current().name(),
            Some(SWITCHBOARD_THREAD | JOURNAL_THREAD)
        ) {
            std::process::abort();
        }
    }));
}

/// A call has two legs with a pair of ports each; without a port an operator cannot be rung.
pub(super) fn count_ports(config: &Config) {
    let pairs = u32::from(config.media.port_max - config.media.port_min).div_ceil(2);
    let needed = config.sip.max_calls.saturating_mul(2);
    if pairs < needed {
        tracing::warn!(
            pairs,
            needed,
            "портов RTP меньше, чем нужно для max_calls: увеличьте [media] port_max"
        );
    }
}

/// Two legs, two sockets each, and a recording for every call.
pub(super) fn allow_open_files(config: &Config) {
    let wanted = u64::from(config.sip.max_calls) * FDS_PER_CALL + FDS_BESIDE;
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return;
    };
    let new = wanted.max(soft).min(hard);
    if setrlimit(Resource::RLIMIT_NOFILE, new, hard).is_err() || new < wanted {
        tracing::warn!(
            wanted,
            allowed = new,
            "мало открытых файлов для max_calls: увеличьте ulimit -n"
        );
    }
}

/// A deadline of the shell itself: waiting for calls to end has no event for «too long».
#[expect(
    clippy::disallowed_methods,
    reason = "the limit of draining is time itself"
)]
pub(super) async fn after(limit: Duration) {
    tokio::time::sleep(limit).await;
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// Ctrl+C or SIGTERM.
    End,
    /// SIGHUP: read scripts anew.
    Reload,
}

/// One kind of signal, as it comes.
pub(super) type SignalStream = tokio::signal::unix::Signal;

/// Where the web and the database live.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("не запускается среда выполнения")
}

/// From here on SIGHUP ends nothing: it waits for whoever reloads.
pub(super) fn hang_ups() -> std::io::Result<SignalStream> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())
}

/// The signals that are minded.
pub(super) struct Signals {
    interrupt: SignalStream,
    terminate: SignalStream,
    hang_up: SignalStream,
}

impl Signals {
    pub(super) fn catch(hang_up: SignalStream) -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up,
        })
    }

    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::End,
            _ = self.terminate.recv() => Signal::End,
            _ = self.hang_up.recv() => Signal::Reload,
        }
    }

    /// Until the next signal to end; who ends reloads nothing any more.
    pub(super) async fn end(&mut self) {
        while self.next().await == Signal::Reload {}
    }
}
