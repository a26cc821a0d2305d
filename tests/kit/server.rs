//! The real binary with the sample organisation, in a folder of the test's own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use nix::sys::signal::kill;
use nix::unistd::Pid;
use tempfile::TempDir;

pub use nix::sys::signal::Signal;

use crate::{Desk, Journal, PATIENCE_AT_START, http, root};

/// A running «Линия» on the ports of the sample configuration, in a private network.
pub struct Server {
    folder: TempDir,
    settings: Vec<(String, String)>,
    process: Option<Child>,
}

impl Server {
    /// Starts on a new data folder; waits until it is ready.
    #[must_use]
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// The same with `LINIYA_…` variables.
    #[must_use]
    pub fn with(settings: &[(&str, &str)]) -> Self {
        let sample = std::fs::read_to_string(root().join("liniya.toml")).unwrap();
        Self::set_up(&sample, settings)
    }

    /// The same with another configuration file.
    #[must_use]
    pub fn with_file(text: &str) -> Self {
        Self::set_up(text, &[])
    }

    /// The same with a scripts folder of its own ([`Server::scripts`]), changed before the start.
    #[must_use]
    pub fn with_scripts(text: &str, change: impl FnOnce(&Path)) -> Self {
        let mut server = Self::in_a_folder(text, &[]);
        let scripts = server.scripts();
        copy(&root().join("scripts"), &scripts);
        std::fs::create_dir_all(scripts.join("recordings")).unwrap();
        change(&scripts);
        for (name, folder) in [
            ("LINIYA_SERVER_SCRIPTS_DIR", scripts.clone()),
            ("LINIYA_SPEECH_RECORDINGS_DIR", scripts.join("recordings")),
        ] {
            let folder = folder.to_str().unwrap().to_owned();
            server.settings.push((name.to_owned(), folder));
        }
        server.run();
        server
    }

    fn set_up(text: &str, settings: &[(&str, &str)]) -> Self {
        let mut server = Self::in_a_folder(text, settings);
        server.run();
        server
    }

    fn in_a_folder(text: &str, settings: &[(&str, &str)]) -> Self {
        crate::network::private();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("liniya.toml"), text).unwrap();
        let settings = settings
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Self {
            folder,
            settings,
            process: None,
        }
    }

    /// The scripts of a server that has its own.
    #[must_use]
    pub fn scripts(&self) -> PathBuf {
        self.folder.path().join("scripts")
    }

    /// Starts (again) and waits for the line that says it serves.
    pub fn run(&mut self) {
        let mut process = self
            .command(&["serve"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = lines_of(&mut process);
        self.process = Some(process);
        let mut said = Vec::new();
        loop {
            match lines.recv_timeout(PATIENCE_AT_START) {
                Ok(line) if line.contains("Линия работает") => break,
                Ok(line) => said.push(line),
                Err(_) => panic!("the server did not start:\n{}", said.join("\n")),
            }
        }
        // Go on reading, so that the server never blocks on a full pipe.
        std::thread::spawn(move || lines.iter().for_each(drop));
    }

    /// Any subcommand of the binary on this server's data.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .arg("--config")
            .arg(self.folder.path().join("liniya.toml"))
            .args(arguments)
            .current_dir(root())
            .env("LINIYA_SERVER_DATA_DIR", self.folder.path())
            .envs(self.settings.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Output of a subcommand, which must succeed.
    #[must_use]
    pub fn output(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{arguments:?}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        text
    }

    /// kill -9.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// SIGTERM, and its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        self.signal(Signal::SIGTERM);
        let mut process = self.process.take().expect("a running server");
        process.wait().unwrap().code()
    }

    /// Sends a signal to the running process.
    pub fn signal(&self, signal: Signal) {
        let pid = self.pid().expect("a running server");
        kill(Pid::from_raw(pid.try_into().unwrap()), signal).unwrap();
    }

    #[must_use]
    pub fn http(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 8080))
    }

    #[must_use]
    pub fn desk(&self, login: &str) -> Desk {
        Desk::open(self.http(), login)
    }

    #[must_use]
    pub fn get(&self, path: &str) -> http::Response {
        http::request(self.http(), "GET", path, None, None).expect("the server listens")
    }

    /// The value of a series in `/metrics`; its labels may be given in any order.
    #[must_use]
    pub fn metric(&self, series: &str) -> f64 {
        let text = self.get("/metrics").body;
        let wanted = labelled(series);
        text.lines()
            .filter_map(|line| line.rsplit_once(' '))
            .find(|(shown, _)| labelled(shown) == wanted)
            .and_then(|(_, value)| value.parse().ok())
            .unwrap_or_else(|| {
                let family: Vec<&str> = text.lines().filter(|l| l.starts_with(wanted.0)).collect();
                panic!("no series {series} among\n{}", family.join("\n"))
            })
    }

    #[must_use]
    pub fn journal(&self) -> Journal {
        Journal::follow(&self.journal_path())
    }

    #[must_use]
    pub fn journal_path(&self) -> PathBuf {
        self.folder.path().join("journal/liniya.journal")
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let kept = std::env::temp_dir().join("liniya-e2e-journal.txt");
            let _ = std::fs::copy(self.journal_path(), kept);
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A series' name and its labels in order.
fn labelled(series: &str) -> (&str, Vec<&str>) {
    let (name, labels) = series.split_once('{').unwrap_or((series, ""));
    let mut labels: Vec<&str> = labels.trim_end_matches('}').split(',').collect();
    labels.sort_unstable();
    (name, labels)
}

/// The binary that cargo built beside this test.
fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().find(|p| p.join("liniya").is_file());
    profile
        .expect("target/…/liniya: run the tests of the whole workspace")
        .join("liniya")
}

fn lines_of(process: &mut Child) -> Receiver<String> {
    let output = BufReader::new(process.stdout.take().unwrap());
    let (to, lines) = channel();
    std::thread::spawn(move || {
        output
            .lines()
            .map_while(Result::ok)
            .try_for_each(|l| to.send(l))
    });
    lines
}
