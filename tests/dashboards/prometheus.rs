//! The real thing, on loopback, for the time of a test.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::http::{escape, get};

/// What to tell somebody whose machine lacks it.
const INSTALL: &str = "install the Debian package `prometheus`: apt-get install prometheus";

/// A running Prometheus; stopped when dropped.
pub(crate) struct Prometheus {
    child: Child,
    port: u16,
    _folder: TempDir,
}

/// The root of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

impl Prometheus {
    /// Starts it with our configuration and rules, asking `target` every second.
    pub(crate) fn start(target: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = configuration(target);
        let file = folder.path().join("prometheus.yml");
        std::fs::write(&file, config).unwrap();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut child = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.path().join("data").display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("prometheus does not start: {error}; {INSTALL}"));
        wait_until_ready(&mut child);
        let folder_kept = folder;
        Self {
            child,
            port,
            _folder: folder_kept,
        }
    }

    /// Evaluates an expression now.
    pub(crate) fn query(&self, expression: &str) -> Result<Vec<Value>, String> {
        let path = format!("/api/v1/query?query={}", escape(expression));
        let answer = self.ask(&path)?;
        let result = answer["data"]["result"].as_array().cloned();
        result.ok_or_else(|| format!("no vector: {answer}"))
    }

    /// Every rule, with its health.
    pub(crate) fn rules(&self) -> Vec<Value> {
        let answer = self.ask("/api/v1/rules").unwrap();
        let groups = answer["data"]["groups"].as_array().unwrap();
        let rules = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().unwrap());
        rules.cloned().collect()
    }

    fn ask(&self, path: &str) -> Result<Value, String> {
        let body = get(self.port, path).map_err(|error| error.to_string())?;
        let answer: Value = serde_json::from_str(&body).map_err(|error| error.to_string())?;
        if answer["status"] == "success" {
            Ok(answer)
        } else {
            Err(answer["error"].to_string())
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Our own configuration, for this target and in a hurry.
fn configuration(target: u16) -> String {
    let folder = repository()
        .join("deploy/prometheus")
        .canonicalize()
        .unwrap();
    let ours = std::fs::read_to_string(folder.join("prometheus.yml")).unwrap();
    let rules = format!("{}/rules/", folder.display());
    let hurried = ours
        .replace("127.0.0.1:8080", &format!("127.0.0.1:{target}"))
        .replace(": 15s", ": 1s")
        .replace("  - rules/", &format!("  - {rules}"));
    assert!(
        hurried.contains(": 1s") && hurried.contains(&rules),
        "{hurried}"
    );
    hurried
}

/// Reads the log until the sentence that says so; the rest is read away so that it never blocks.
fn wait_until_ready(child: &mut Child) {
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        if log.read_line(&mut line).unwrap() == 0 {
            panic!("prometheus ended before it was ready:\n{seen}");
        }
        seen.push_str(&line);
        if line.contains("Server is ready") {
            break;
        }
    }
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
}

/// Runs `promtool` and fails with what it says.
pub(crate) fn check(arguments: &[&str], input: Option<&str>) {
    let mut child = Command::new("promtool")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("promtool does not start: {error}; {INSTALL}"));
    let mut stdin = child.stdin.take().unwrap();
    let text = input.unwrap_or_default().to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join();
    let said = String::from_utf8_lossy(&output.stderr);
    let more = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "promtool {arguments:?}:\n{said}{more}"
    );
    assert!(
        input.is_none() || said.trim().is_empty(),
        "promtool {arguments:?}:\n{said}"
    );
}

/// Every file of a folder with this ending.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == ending));
    files.sort();
    files
}
