//! SIPp: scenarios at the level of messages, and load.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::{program, root};

/// Runs a scenario file of `tests/e2e/sipp` once against the sample line and returns what SIPp said.
#[must_use]
pub fn run(scenario: &str, arguments: &[&str]) -> Output {
    Command::new(program("sipp", "sip-tester"))
        .arg("127.0.0.1:5060")
        .arg("-sf")
        .arg(scenario_path(scenario))
        .args([
            "-i",
            "127.0.0.1",
            "-m",
            "1",
            "-timeout",
            "40s",
            "-timeout_error",
            "-nostdin",
        ])
        .args(arguments)
        .output()
        .unwrap()
}

/// The same, and the scenario must pass.
pub fn pass(scenario: &str, arguments: &[&str]) {
    let output = run(scenario, arguments);
    assert!(
        output.status.success(),
        "SIPp {scenario}: {}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn scenario_path(name: &str) -> PathBuf {
    root().join("tests/e2e/sipp").join(name)
}
