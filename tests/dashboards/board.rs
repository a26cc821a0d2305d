//! A dashboard's file, and what we demand of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::prometheus::{files, repository};

/// The oldest layout of dashboards that present versions of Grafana read without changing it.
const SCHEMA_MIN: u64 = 39;

/// A dashboard.
pub(crate) struct Board {
    file: String,
    json: Value,
}

impl Board {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        let folder = repository().join("deploy/grafana/dashboards");
        let boards: Vec<Self> = files(&folder, "json")
            .iter()
            .map(|file| Self {
                file: file.file_name().unwrap().to_string_lossy().into_owned(),
                json: serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap(),
            })
            .collect();
        assert!(!boards.is_empty());
        boards
    }

    fn panels(&self) -> impl Iterator<Item = &Value> {
        let panels = self.json["panels"].as_array().unwrap();
        panels.iter().filter(|panel| panel["type"] != "row")
    }

    fn name(&self, panel: &Value) -> String {
        format!(
            "{}: «{}»",
            self.file,
            panel["title"].as_str().unwrap_or("?")
        )
    }

    /// Every expression with its panel.
    pub(crate) fn expressions(&self) -> Vec<(String, String)> {
        let targets = |panel: &Value| {
            let name = self.name(panel);
            let targets = panel["targets"].as_array().unwrap().clone();
            let expression = |target: &Value| target["expr"].as_str().unwrap().to_owned();
            targets
                .iter()
                .map(|t| (name.clone(), expression(t)))
                .collect::<Vec<_>>()
        };
        self.panels().flat_map(targets).collect()
    }

    /// Every variable that lists label values, with the metric it lists them of.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let list = self.json["templating"]["list"].as_array().unwrap();
        let metric = |variable: &Value| {
            let query = variable["definition"].as_str()?;
            let inner = query.strip_prefix("label_values(")?;
            let metric = inner.split(['{', ',']).next()?;
            Some((variable["name"].as_str()?.to_owned(), metric.to_owned()))
        };
        list.iter().filter_map(metric).collect()
    }

    /// Panels that name an alert, with their thresholds.
    pub(crate) fn alerting_panels(&self) -> Vec<(String, String, Vec<f64>)> {
        let alerting = |panel: &Value| {
            let description = panel["description"].as_str()?;
            let alert = description.split("Тревога: ").nth(1)?.trim_end_matches('.');
            let steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"].as_array()?;
            let thresholds = steps.iter().filter_map(|step| step["value"].as_f64());
            Some((self.name(panel), alert.to_owned(), thresholds.collect()))
        };
        self.panels().filter_map(alerting).collect()
    }

    /// What is missing. `exposed` are the names of samples that our page has.
    pub(crate) fn lint(&self, exposed: &BTreeSet<String>) -> Vec<String> {
        let mut findings = Vec::new();
        if self.json["schemaVersion"]
            .as_u64()
            .is_none_or(|v| v < SCHEMA_MIN)
        {
            findings.push(format!("{}: schemaVersion below {SCHEMA_MIN}", self.file));
        }
        if self.json["uid"].as_str().is_none_or(str::is_empty) {
            findings.push(format!("{}: no uid", self.file));
        }
        let mut ids = BTreeSet::new();
        for panel in self.json["panels"].as_array().unwrap() {
            if !ids.insert(panel["id"].as_u64()) {
                findings.push(format!("{}: its id is taken", self.name(panel)));
            }
        }
        let mut titles = BTreeSet::new();
        for panel in self.panels() {
            let name = self.name(panel);
            if !titles.insert(name.clone()) {
                findings.push(format!("{name}: the title is taken"));
            }
            findings.extend(
                lint_panel(panel)
                    .into_iter()
                    .map(|what| format!("{name}: {what}")),
            );
        }
        for (panel, expression) in self.expressions() {
            for metric in metrics_of(&expression) {
                if !exposed.contains(&metric) {
                    findings.push(format!("{panel}: /metrics has no {metric}"));
                }
            }
        }
        findings
    }
}

fn lint_panel(panel: &Value) -> Vec<&'static str> {
    let mut findings = Vec::new();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
    if !cyrillic(&text(&panel["title"])) {
        findings.push("no Russian title");
    }
    let description = text(&panel["description"]);
    if !cyrillic(&description) || description.chars().count() < 30 {
        findings.push("no Russian description of what is good and what to do");
    }
    let defaults = &panel["fieldConfig"]["defaults"];
    if text(&defaults["unit"]).is_empty() {
        findings.push("no unit");
    }
    if defaults["thresholds"]["steps"]
        .as_array()
        .is_none_or(Vec::is_empty)
    {
        findings.push("no thresholds");
    }
    if panel["targets"].as_array().is_none_or(Vec::is_empty) {
        findings.push("no expression");
    }
    findings
}

/// Puts values in the place of the dashboard's variables.
pub(crate) fn substitute(expression: &str) -> String {
    let expression = expression
        .replace("$line", ".*")
        .replace("$service", ".*")
        .replace("$__range", "1m")
        .replace("$__rate_interval", "10s")
        .replace("$__interval", "10s");
    assert!(
        !expression.contains('$'),
        "an unknown variable in {expression}"
    );
    expression
}

/// Names of our metrics in an expression.
fn metrics_of(expression: &str) -> BTreeSet<String> {
    let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':');
    let ours = |word: &&str| word.starts_with("liniya_") || word.starts_with("process_");
    words.filter(ours).map(str::to_owned).collect()
}

/// Every alert of a rules file with the number its expression compares with first.
pub(crate) fn alerts(rules: &str) -> BTreeMap<String, Option<f64>> {
    let mut alerts = BTreeMap::new();
    let lines: Vec<&str> = rules.lines().map(str::trim).collect();
    for (at, line) in lines.iter().enumerate() {
        let Some(alert) = line.strip_prefix("- alert: ") else {
            continue;
        };
        let expression = lines[at + 2];
        let limit = expression
            .split_once(" > ")
            .or_else(|| expression.split_once(" < "))
            .and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        alerts.insert(alert.to_owned(), limit);
    }
    assert!(alerts.len() > 10, "{alerts:?}");
    alerts
}
