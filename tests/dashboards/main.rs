//! A real Prometheus reads our page, evaluates every expression of the dashboards and every rule.
//!
//! Needs the Debian package `prometheus` (binaries `prometheus` and `promtool`). Takes about 20
//! seconds of real time, since Prometheus has no other clock; everything else is deterministic.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by panicking"
)]

mod board;
mod http;
mod prometheus;
mod story;

use std::collections::BTreeSet;

use board::Board;
use prometheus::{Prometheus, check, repository};
use serde_json::Value;

/// Scrapes until every window of the test has enough samples.
const SCRAPES: usize = 14;

#[test]
fn a_real_prometheus_evaluates_every_panel_and_every_rule() {
    let pages = story::pages(SCRAPES + 6);
    let target = http::serve(pages);
    let prometheus = Prometheus::start(target.port);
    target.wait_for_scrapes(SCRAPES);

    let mut findings = Vec::new();
    for board in Board::all() {
        for (panel, expression) in board.expressions() {
            let expression = board::substitute(&expression);
            match prometheus.query(&expression) {
                Err(error) => findings.push(format!("{panel}: {error}\n    {expression}")),
                Ok(result) if result.is_empty() => {
                    findings.push(format!("{panel}: finds nothing\n    {expression}"));
                }
                Ok(_) => {}
            }
        }
        for (variable, metric) in board.variables() {
            let found = prometheus
                .query(&format!("count({metric})"))
                .unwrap_or_default();
            if found.is_empty() {
                findings.push(format!("variable {variable}: no series {metric}"));
            }
        }
    }
    let rules = prometheus.rules();
    assert!(rules.len() > 15, "{} rules", rules.len());
    for rule in &rules {
        if rule["health"] != "ok" {
            findings.push(format!("rule {}: {}", rule["name"], rule["lastError"]));
        }
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));

    // What Prometheus knows is what the page said.
    let offered = prometheus.query("sum(liniya_calls_offered_total)").unwrap();
    let law = "sum(liniya_calls_offered_total) - sum(liniya_calls_answered_total) \
               - sum(liniya_calls_unanswered_total) - sum(liniya_calls_waiting)";
    assert!(value(&offered) > 100.0);
    assert!(value(&prometheus.query(law).unwrap()).abs() < f64::EPSILON);
}

#[test]
fn the_page_is_clean_by_promtools_own_rules() {
    let page = story::pages(1).remove(0);
    check(&["check", "metrics"], Some(&page));
}

#[test]
fn configuration_and_rules_are_valid_and_the_rules_pass_their_tests() {
    let folder = repository().join("deploy/prometheus");
    let path = |file: &str| folder.join(file).display().to_string();
    check(&["check", "config", &path("prometheus.yml")], None);
    check(&["check", "rules", &path("rules/liniya.yml")], None);
    check(&["test", "rules", &path("rules/liniya_test.yml")], None);
}

#[test]
fn every_panel_tells_what_is_good_and_what_to_do_in_units() {
    let page = story::pages(1).remove(0);
    let names = exposed(&page);
    let mut findings = Vec::new();
    for board in Board::all() {
        findings.extend(board.lint(&names));
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

#[test]
fn thresholds_of_panels_are_those_of_the_alerts() {
    let rules = std::fs::read_to_string(repository().join("deploy/prometheus/rules/liniya.yml"));
    let alerts = board::alerts(&rules.unwrap());
    let mut findings = Vec::new();
    let mut shown = BTreeSet::new();
    for board in Board::all() {
        for (panel, alert, thresholds) in board.alerting_panels() {
            let Some(limit) = alerts.get(&alert) else {
                findings.push(format!("{panel}: there is no alert {alert}"));
                continue;
            };
            let same = |limit: f64| thresholds.iter().any(|t| (t - limit).abs() < 1e-9);
            if limit.is_some_and(|limit| limit != 0.0 && !same(limit)) {
                findings.push(format!(
                    "{panel}: {thresholds:?} lacks {limit:?} of {alert}"
                ));
            }
            shown.insert(alert);
        }
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    assert!(shown.len() >= 12, "{shown:?}");
}

#[test]
fn every_alert_has_its_page_in_the_runbook() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).unwrap();
    let runbook = read("docs/runbook.md");
    for alert in board::alerts(&read("deploy/prometheus/rules/liniya.yml")).keys() {
        assert!(
            runbook.contains(&format!("\n## {alert}\n")),
            "docs/runbook.md lacks {alert}"
        );
        let link = format!("runbook: docs/runbook.md#{}", alert.to_lowercase());
        assert!(
            read("deploy/prometheus/rules/liniya.yml").contains(&link),
            "{link}"
        );
    }
}

/// Names of samples on a page.
fn exposed(page: &str) -> BTreeSet<String> {
    page.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .map(str::to_owned)
        .collect()
}

/// The value of a single sample.
fn value(result: &[Value]) -> f64 {
    assert_eq!(result.len(), 1, "{result:?}");
    result[0]["value"][1].as_str().unwrap().parse().unwrap()
}
