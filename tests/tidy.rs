//! The walls of the house, as tests. A failure prints `file:line: what is wrong`.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Who may import whom among our own packages (ARCHITECTURE.md). `tests` may import all.
const EDGES: &[(&str, &[&str])] = &[
    ("events", &[]),
    ("sip-gateway", &["events"]),
    ("ivr", &["events"]),
    ("acd", &["events"]),
    ("cases", &["events"]),
    ("metrics", &["events"]),
    (
        "liniya",
        &["acd", "cases", "events", "ivr", "metrics", "sip-gateway"],
    ),
];

/// Words of the world outside, which only a folder `io/` may use.
const OUTSIDE: &[&str] = &[
    "std::net::UdpSocket",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "UdpSocket::bind",
    "TcpListener::bind",
    "std::fs",
    "fs::read",
    "fs::write",
    "File::open",
    "Instant::now",
    "SystemTime",
    "thread::spawn",
    "thread::Builder",
    "tokio::",
    "sqlx::",
    "Command::new",
];

/// A file that outgrows this is asked to become two.
const MAX_LINES: usize = 400;

/// The product on one screen is one enum: splitting it would hide what can happen.
const MAY_OUTGROW: &str = "events/src/event.rs";

/// Licences fit for distribution under MIT OR Apache-2.0.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unlicense",
    "0BSD",
    "CC0-1.0",
    "BSL-1.0",
    "MIT-0",
    "CDLA-Permissive-2.0",
];

fn root() -> PathBuf {
    tests::root()
}

fn metadata() -> Value {
    // What is built here: crates for other systems are neither fetched nor distributed.
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", &platform])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every Rust source of ours, relative to the root.
fn sources() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.rs",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "git lists the sources");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(PathBuf::from)
        .filter(|path| root().join(path).is_file())
        .collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The lines of a file before its unit tests, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| match pair {
        [attribute, item] => *attribute == "#[cfg(test)]" && item.ends_with('{'),
        _ => false,
    });
    let end = tests.unwrap_or(lines.len());
    lines
        .into_iter()
        .take(end)
        .enumerate()
        .map(|(n, line)| (n + 1, line))
}

fn report(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn packages_import_only_whom_the_architecture_allows() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages
        .iter()
        .filter(|p| p["source"].is_null())
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let mut findings = Vec::new();
    for package in packages
        .iter()
        .filter(|p| p["source"].is_null() && p["name"] != "tests")
    {
        let name = package["name"].as_str().unwrap();
        let Some(allowed) = allowed.get(name) else {
            findings.push(format!(
                "{name}: a package that ARCHITECTURE.md does not know"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let other = dependency["name"].as_str().unwrap();
            let only_tests = dependency["kind"] == "dev";
            if ours.contains(other) && !allowed.contains(&other) && !only_tests {
                findings.push(format!(
                    "{name} imports {other}: no such arrow in ARCHITECTURE.md"
                ));
            }
        }
    }
    report(&findings);
}

#[test]
fn the_world_outside_is_named_only_under_io() {
    let mut findings = Vec::new();
    for path in sources() {
        let shown = path.display().to_string();
        let package = shown.split('/').next().unwrap();
        let is_core = EDGES.iter().any(|(name, _)| *name == package) && shown.contains("/src/");
        let is_test = shown.contains("/tests/") || shown.ends_with("/tests.rs");
        if !is_core || is_test || shown.contains("/io/") || shown.ends_with("/src/io.rs") {
            continue;
        }
        for (number, line) in code(&read(&path)) {
            let line = line.trim_start();
            if line.starts_with("//") {
                continue;
            }
            for word in OUTSIDE.iter().filter(|word| line.contains(**word)) {
                findings.push(format!("{shown}:{number}: {word} belongs under io/"));
            }
        }
    }
    report(&findings);
}

#[test]
fn no_file_outgrows_a_sitting() {
    let mut findings = Vec::new();
    for path in sources() {
        let shown = path.display().to_string();
        if !shown.contains("/src/") || shown.contains("tests") || shown == MAY_OUTGROW {
            continue;
        }
        let lines = code(&read(&path)).count();
        if lines > MAX_LINES {
            findings.push(format!(
                "{shown}:{lines}: more than {MAX_LINES} lines before its tests"
            ));
        }
    }
    report(&findings);
}

#[test]
fn every_dependency_may_be_distributed_with_us() {
    let metadata = metadata();
    let mut findings = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        if package["source"].is_null() {
            continue;
        }
        let (name, version) = (package["name"].as_str().unwrap(), &package["version"]);
        let Some(licence) = package["license"].as_str() else {
            if !licence_file_is_mit(package) {
                findings.push(format!(
                    "{name} {version}: no licence named, and none found beside it"
                ));
            }
            continue;
        };
        if !fits(licence) {
            findings.push(format!("{name} {version}: licence {licence}"));
        }
    }
    report(&findings);
}

/// rsip names its licence only by file.
fn licence_file_is_mit(package: &Value) -> bool {
    let folder = Path::new(package["manifest_path"].as_str().unwrap())
        .parent()
        .unwrap();
    let named = package["license_file"]
        .as_str()
        .unwrap_or("LICENSE")
        .to_owned();
    [named, "LICENSE-MIT".into(), "LICENSE.md".into()]
        .iter()
        .filter_map(|file| std::fs::read_to_string(folder.join(file)).ok())
        .any(|text| text.contains("Permission is hereby granted, free of charge"))
}

/// `A OR B` needs one that fits, `A AND B` needs both.
fn fits(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" AND ").all(|part| {
        part.split(" OR ")
            .any(|licence| LICENCES.contains(&licence.trim()))
    })
}

#[test]
fn lints_are_never_switched_off_silently() {
    let mut findings = Vec::new();
    for path in sources().iter().filter(|path| !path.ends_with("tidy.rs")) {
        for (number, line) in read(path).lines().enumerate() {
            let line = line.trim_start();
            if line.starts_with("#[allow(")
                || line.starts_with("#![allow(")
                || line.starts_with("#[ignore")
            {
                findings.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    report(&findings);
}

#[test]
fn every_fact_has_its_word_in_the_glossary() {
    let glossary = read(Path::new("docs/glossary.md"));
    let vocabulary = read(Path::new("events/src/event.rs"));
    let facts = vocabulary
        .lines()
        .skip_while(|line| !line.starts_with("pub enum Event"))
        .take_while(|line| !line.starts_with('}'))
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(char::is_uppercase))
        .map(|line| {
            line.trim_end_matches([' ', '{', '}', ','])
                .split('(')
                .next()
                .unwrap()
                .trim()
        });
    let findings: Vec<String> = facts
        .filter(|fact| !glossary.contains(&format!("`{fact}`")))
        .map(|fact| format!("docs/glossary.md:1: the fact `{fact}` has no entry"))
        .collect();
    report(&findings);
}

#[test]
fn every_metric_has_its_line_in_the_docs() {
    let docs = read(Path::new("docs/metrics.md"));
    let page = metrics::encode(
        &metrics::Numbers::default(),
        events::Timestamp(0),
        &metrics::Health::default(),
    );
    let families = page
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    let findings: Vec<String> = families
        .filter(|family| !docs.contains(&format!("`{family}")))
        .map(|family| format!("docs/metrics.md:1: {family} has no line"))
        .collect();
    report(&findings);
}
