//! Reads scripts and says in Russian, with file and line, what is wrong and what to do.

mod steps;

use std::fmt;
use std::ops::Range;

use events::{NeedCode, ScriptId, ServiceId};
use toml::Spanned;

use super::OperatorScripts;
use super::draft::DraftScript;
use super::model::OperatorScript;
use crate::organisation::Organisation;

/// Something to mend in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, as it was named to [`read_all`].
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong and what to do, in Russian.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}

/// Reads every script: `(file's name, its text)`. Each service of the organisation and the
/// undetermined one need a script; situations have none to belong to.
///
/// # Errors
/// Everything that is to be mended, in the order of the files.
pub fn read_all(
    files: &[(String, String)],
    organisation: &Organisation,
) -> Result<OperatorScripts, Vec<Finding>> {
    let mut scripts = OperatorScripts::default();
    let mut findings = Vec::new();
    for (name, text) in files {
        let mut page = Page {
            name,
            text,
            findings: Vec::new(),
        };
        if let Some((script, at)) = page.read(organisation) {
            page.add(&mut scripts, script, at);
        }
        findings.append(&mut page.findings);
    }
    if findings.is_empty() {
        findings.extend(without_script(&scripts, organisation));
    }
    if findings.is_empty() {
        Ok(scripts)
    } else {
        Err(findings)
    }
}

fn without_script(scripts: &OperatorScripts, organisation: &Organisation) -> Vec<Finding> {
    let undetermined = ServiceId::undetermined();
    let services = organisation.services.keys().chain([&undetermined]);
    let missing = services.filter(|service| !scripts.by_service.contains_key(*service));
    let finding = missing.map(|service| Finding {
        file: format!("{service}.toml"),
        line: 1,
        text: format!(
            "нет сценария оператора для услуги «{}»: создайте файл {service}.toml",
            organisation.service_title(service)
        ),
    });
    finding.collect()
}

struct Page<'a> {
    name: &'a str,
    text: &'a str,
    findings: Vec<Finding>,
}

impl Page<'_> {
    fn find(&mut self, at: Range<usize>, text: impl Into<String>) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        self.findings.push(Finding {
            file: self.name.to_owned(),
            line,
            text: text.into(),
        });
    }

    fn read(&mut self, organisation: &Organisation) -> Option<(OperatorScript, Range<usize>)> {
        let draft: DraftScript = match toml::from_str(self.text) {
            Ok(draft) => draft,
            Err(error) => {
                self.find(
                    error.span().unwrap_or_default(),
                    format!("файл не читается: {}", error.message()),
                );
                return None;
            }
        };
        self.header(&draft, organisation);
        let need = NeedCode::parse(draft.need.get_ref());
        if need.is_none() {
            let text = "need: потребность клиента — число от 1 до 9 в кавычках";
            self.find(draft.need.span(), text);
        }
        let at = draft.service.as_ref().map(Spanned::span);
        let steps = self.steps(draft.steps);
        let stem = self.name.rsplit('/').next().unwrap_or(self.name);
        let script = OperatorScript {
            id: ScriptId::new(stem.strip_suffix(".toml").unwrap_or(stem)),
            service: draft.service.map(|id| ServiceId::new(id.into_inner())),
            version: draft.version.into_inner(),
            title: draft.title.into_inner(),
            situation: draft.situation.into_inner(),
            need: need?,
            steps,
        };
        Some((script, at.unwrap_or_default()))
    }

    /// One script a service; a field means the same in every script.
    fn add(&mut self, scripts: &mut OperatorScripts, script: OperatorScript, at: Range<usize>) {
        for field in script.fields() {
            let known = scripts.field(&field.name);
            if known
                .is_some_and(|known| (known.kind, &known.options) != (field.kind, &field.options))
            {
                let text = format!(
                    "поле «{}» в другом сценарии другого вида: назовите его иначе или сделайте вид и \
                     варианты одинаковыми",
                    field.name
                );
                self.find(0..0, text);
            }
        }
        let Some(service) = script.service.clone() else {
            scripts.situations.insert(script.id.clone(), script);
            return;
        };
        if let Some(other) = scripts.by_service.get(&service) {
            let text = format!(
                "для услуги «{service}» уже есть сценарий «{}»: оставьте один",
                other.id
            );
            return self.find(at, text);
        }
        scripts.by_service.insert(service, script);
    }

    fn header(&mut self, draft: &DraftScript, organisation: &Organisation) {
        if let Some(service) = &draft.service {
            self.service(service, organisation);
        }
        self.not_empty("version", &draft.version);
        self.not_empty("title", &draft.title);
        self.not_empty("situation", &draft.situation);
    }

    fn service(&mut self, written: &Spanned<String>, organisation: &Organisation) {
        let service = ServiceId::new(written.get_ref());
        if service != ServiceId::undetermined() && !organisation.services.contains_key(&service) {
            let known: Vec<&str> = organisation
                .services
                .keys()
                .map(ServiceId::as_str)
                .collect();
            let text = format!(
                "услуги «{service}» нет; есть: {}, undetermined",
                known.join(", ")
            );
            self.find(written.span(), text);
        }
    }

    fn not_empty(&mut self, key: &str, value: &Spanned<String>) {
        if value.get_ref().trim().is_empty() {
            self.find(value.span(), format!("{key}: впишите текст"));
        }
    }
}
