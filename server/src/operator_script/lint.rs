//! Reads scripts and says in Russian, with file and line, what is wrong and what to do.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use events::{NeedCode, ScriptId, ServiceId};
use serde::Deserialize;
use toml::Spanned;

use super::OperatorScripts;
use super::model::{
    FULL_NAME, ORGANISATION, OperatorScript, POSITION, SERVICE, ScriptStep, StepKind,
};
use crate::organisation::Organisation;

/// Words of one step: more cannot be said in one breath, or read at a glance.
const SAY_MAX_CHARS: usize = 600;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftScript {
    service: Spanned<String>,
    version: Spanned<String>,
    title: Spanned<String>,
    situation: Spanned<String>,
    need: Spanned<String>,
    #[serde(default, rename = "step")]
    steps: Vec<Spanned<DraftStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftStep {
    id: Spanned<String>,
    title: Spanned<String>,
    #[serde(default)]
    kind: StepKind,
    say: Spanned<String>,
    hint: Option<Spanned<String>>,
}

/// Reads every script: `(file's name, its text)`. Each service of the organisation and the
/// undetermined one need a script.
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
            if let Some(other) = scripts.by_service.get(&script.service) {
                let text = format!(
                    "для услуги «{}» уже есть сценарий «{}»: оставьте один",
                    script.service, other.id
                );
                page.find(at, text);
            } else {
                scripts.by_service.insert(script.service.clone(), script);
            }
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
        let at = draft.service.span();
        let steps = self.steps(draft.steps);
        let stem = self.name.rsplit('/').next().unwrap_or(self.name);
        let script = OperatorScript {
            id: ScriptId::new(stem.strip_suffix(".toml").unwrap_or(stem)),
            service: ServiceId::new(draft.service.into_inner()),
            version: draft.version.into_inner(),
            title: draft.title.into_inner(),
            situation: draft.situation.into_inner(),
            need: need?,
            steps,
        };
        Some((script, at))
    }

    fn header(&mut self, draft: &DraftScript, organisation: &Organisation) {
        let service = ServiceId::new(draft.service.get_ref());
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
            self.find(draft.service.span(), text);
        }
        self.not_empty("version", &draft.version);
        self.not_empty("title", &draft.title);
        self.not_empty("situation", &draft.situation);
    }

    fn not_empty(&mut self, key: &str, value: &Spanned<String>) {
        if value.get_ref().trim().is_empty() {
            self.find(value.span(), format!("{key}: впишите текст"));
        }
    }

    fn steps(&mut self, drafts: Vec<Spanned<DraftStep>>) -> Vec<ScriptStep> {
        let mut seen = BTreeSet::new();
        let last = drafts.len().saturating_sub(1);
        if drafts.len() < 2 {
            let text = "нужны хотя бы два шага [[step]]: приветствие и завершение";
            self.find(0..0, text);
        }
        let mut steps = Vec::new();
        for (place, draft) in drafts.into_iter().enumerate() {
            let at = draft.span();
            let draft = draft.into_inner();
            if !seen.insert(draft.id.get_ref().clone()) {
                let text = format!("шаг «{}» уже есть: назовите этот иначе", draft.id.get_ref());
                self.find(draft.id.span(), text);
            }
            self.kind(place, last, draft.kind, at);
            self.words(&draft);
            if draft.kind == StepKind::Greeting {
                self.greeting(&draft.say);
            }
            steps.push(ScriptStep {
                id: draft.id.into_inner(),
                title: draft.title.into_inner(),
                kind: draft.kind,
                say: draft.say.into_inner(),
                hint: draft.hint.map(Spanned::into_inner),
            });
        }
        steps
    }

    fn kind(&mut self, place: usize, last: usize, kind: StepKind, at: Range<usize>) {
        if place == 0 && kind != StepKind::Greeting {
            let text = "первый шаг — приветствие: добавьте kind = \"greeting\"";
            self.find(at, text);
        } else if place > 0 && kind == StepKind::Greeting {
            self.find(at, "приветствие бывает только первым шагом");
        } else if place > 0 && place == last && kind != StepKind::Closing {
            let text = "последний шаг — завершение: добавьте kind = \"closing\"";
            self.find(at, text);
        } else if place != last && kind == StepKind::Closing {
            self.find(at, "завершение бывает только последним шагом");
        }
    }

    fn words(&mut self, draft: &DraftStep) {
        self.not_empty("id", &draft.id);
        self.not_empty("title", &draft.title);
        self.not_empty("say", &draft.say);
        let chars = draft.say.get_ref().chars().count();
        if chars > SAY_MAX_CHARS {
            let text = format!(
                "say: {chars} знаков, а больше {SAY_MAX_CHARS} с экрана не произнести: разделите шаг"
            );
            self.find(draft.say.span(), text);
        }
        self.placeholders(&draft.say);
        if let Some(hint) = &draft.hint {
            self.placeholders(hint);
        }
    }

    fn placeholders(&mut self, value: &Spanned<String>) {
        let known = [ORGANISATION, FULL_NAME, POSITION, SERVICE];
        let mut rest = value.get_ref().clone();
        for name in known {
            rest = rest.replace(name, "");
        }
        if rest.contains(['{', '}']) {
            let text = format!(
                "неизвестная подстановка в скобках; есть: {}",
                known.join(", ")
            );
            self.find(value.span(), text);
        }
    }

    /// Requirement row #27: three things are said when a call is answered.
    fn greeting(&mut self, say: &Spanned<String>) {
        let asked = [
            (ORGANISATION, "наименование органа"),
            (FULL_NAME, "фамилию, имя и отчество"),
            (POSITION, "должность"),
        ];
        for (placeholder, what) in asked {
            if !say.get_ref().contains(placeholder) {
                let text = format!("приветствие не называет {what}: добавьте {placeholder}");
                self.find(say.span(), text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::{OperatorCard, Password, Phone, ServiceCard};
    use expect_test::expect;

    const GOOD: &str = r#"service = "undetermined"
version = "1"
title = "Услуга не определена"
situation = "Звонящий не назвал услугу."
need = "1"

[[step]]
id = "greeting"
title = "Приветствие"
kind = "greeting"
say = "{organisation}. {full_name}, {position}. Здравствуйте!"

[[step]]
id = "closing"
title = "Завершение"
kind = "closing"
say = "Всего доброго!"
"#;

    fn organisation() -> Organisation {
        let title = "Лицензия на лом".into();
        Organisation {
            name: "Министерство".into(),
            services: [("scrap_licence".into(), ServiceCard { title })].into(),
            ..Organisation::default()
        }
    }

    fn scrap() -> String {
        GOOD.replace("\"undetermined\"", "\"scrap_licence\"")
    }

    fn findings(files: &[(&str, &str)]) -> String {
        let owned: Vec<(String, String)> = files
            .iter()
            .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
            .collect();
        match read_all(&owned, &organisation()) {
            Ok(_) => "нечего исправлять\n".into(),
            Err(found) => found.iter().map(|f| format!("{f}\n")).collect(),
        }
    }

    #[test]
    fn a_greeting_that_forgets_what_the_order_demands_is_refused() {
        let bad = GOOD
            .replace("{full_name}, ", "")
            .replace("{organisation}. ", "");
        expect![[r#"
            undetermined.toml:11: приветствие не называет наименование органа: добавьте {organisation}
            undetermined.toml:11: приветствие не называет фамилию, имя и отчество: добавьте {full_name}
        "#]]
        .assert_eq(&findings(&[("undetermined.toml", &bad)]));
    }

    #[test]
    fn every_mistake_has_its_file_and_line() {
        let bad = GOOD
            .replace("need = \"1\"", "need = \"10\"")
            .replace("\"undetermined\"", "\"licence\"")
            .replace("Всего доброго", "Всего доброго, {name}")
            .replace("id = \"closing\"", "id = \"greeting\"")
            .replace("\"closing\"\n", "\"body\"\n");
        expect![[r#"
            x/licence.toml:1: услуги «licence» нет; есть: scrap_licence, undetermined
            x/licence.toml:5: need: потребность клиента — число от 1 до 9 в кавычках
            x/licence.toml:14: шаг «greeting» уже есть: назовите этот иначе
            x/licence.toml:13: последний шаг — завершение: добавьте kind = "closing"
            x/licence.toml:17: неизвестная подстановка в скобках; есть: {organisation}, {full_name}, {position}, {service}
        "#]]
        .assert_eq(&findings(&[("x/licence.toml", &bad)]));
    }

    #[test]
    fn an_unknown_key_and_an_unreadable_file_are_named() {
        let bad = GOOD.replace("say = \"Всего", "sai = \"Всего");
        let text = findings(&[("a.toml", &bad), ("b.toml", "это не таблица")]);
        assert!(
            text.contains("a.toml:17: файл не читается: unknown field `sai`"),
            "{text}"
        );
        assert!(text.contains("b.toml:1: файл не читается"), "{text}");
    }

    #[test]
    fn every_service_has_one_script() {
        let scrap = scrap();
        expect![[r#"
            scrap_licence.toml:1: нет сценария оператора для услуги «Лицензия на лом»: создайте файл scrap_licence.toml
        "#]]
        .assert_eq(&findings(&[("undetermined.toml", GOOD)]));
        expect![[r#"
            b.toml:1: для услуги «scrap_licence» уже есть сценарий «scrap_licence»: оставьте один
        "#]]
        .assert_eq(&findings(&[
            ("scrap_licence.toml", &scrap),
            ("b.toml", &scrap),
        ]));
        assert_eq!(
            findings(&[("scrap_licence.toml", &scrap), ("undetermined.toml", GOOD)]),
            "нечего исправлять\n"
        );
    }

    #[test]
    fn the_greeting_is_said_with_the_operators_own_name_with_or_without_a_patronymic() {
        let files = [
            ("undetermined.toml".into(), GOOD.into()),
            ("s.toml".into(), scrap()),
        ];
        let scripts = read_all(&files, &organisation()).unwrap();
        let card = OperatorCard {
            full_name: "Магомедова Патимат".into(),
            position: "специалист".into(),
            password: Password::ForLoopback(String::new()),
            queues: Vec::new(),
            phone: Phone::Registers,
            role: crate::organisation::Role::Operator,
            hears_recordings: false,
        };
        let script = scripts.for_service(&"no_such_service".into()).unwrap();
        let filled = script.filled(&organisation(), &card);
        assert_eq!(
            filled.steps[0].say,
            "Министерство. Магомедова Патимат, специалист. Здравствуйте!"
        );
    }

    /// The scripts that come with the product, against the services they were written for.
    #[test]
    fn the_sample_scripts_have_nothing_to_mend() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/operator");
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(path).unwrap()));
        }
        let services = [
            "technopark_status",
            "scrap_licence",
            "support_measures",
            "appointment",
            "technical_support",
        ];
        let card = |id: &str| (id.into(), ServiceCard { title: id.into() });
        let organisation = Organisation {
            services: services.iter().map(|id| card(id)).collect(),
            ..organisation()
        };
        let scripts = match read_all(&files, &organisation) {
            Ok(scripts) => scripts,
            Err(found) => {
                let lines: Vec<String> = found.iter().map(Finding::to_string).collect();
                panic!("{}", lines.join("\n"))
            }
        };
        assert_eq!(scripts.iter().count(), services.len() + 1);
    }
}
