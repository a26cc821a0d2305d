//! One version of a script is one text: what the journal says of a conversation stays true.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::ScriptId;

use super::finding::{Finding, Rule};
use super::model::Script;
use super::set::{ScriptSet, SourceFile};

/// Every version of every script that conversations may have followed since the process began.
#[derive(Clone, Debug, Default)]
pub struct Versions(BTreeMap<(ScriptId, String), Arc<Script>>);

impl Versions {
    /// The set is in use from now on.
    pub fn remember(&mut self, set: &ScriptSet) {
        for script in set.scripts() {
            let key = (script.id.clone(), script.version.clone());
            self.0.entry(key).or_insert_with(|| Arc::clone(script));
        }
    }

    /// Scripts of a set that say something else than the same version said before. `files` tell the
    /// line to change.
    #[must_use]
    pub fn findings(&self, set: &ScriptSet, files: &[SourceFile]) -> Vec<Finding> {
        let another = |script: &&Arc<Script>| {
            let key = (script.id.clone(), script.version.clone());
            let known = self.0.get(&key);
            known.is_some_and(|known| !known.says_the_same(script))
        };
        let changed = set.scripts().filter(another);
        changed.map(|script| finding(script, files)).collect()
    }
}

fn finding(script: &Script, files: &[SourceFile]) -> Finding {
    let path = format!("assistant/{}.toml", script.id);
    let file = files.iter().find(|file| file.path == path);
    let is_version = |line: &str| line.trim_start().starts_with("version");
    let line = file.and_then(|file| (1..).zip(file.text.lines()).find(|(_, l)| is_version(l)));
    Finding {
        file: path,
        line: line.map_or(1, |(number, _)| number),
        rule: Rule::BadValue,
        message: format!(
            "сценарий «{}» изменился, а версия осталась «{}»",
            script.id, script.version
        ),
        advice:
            "напишите новую version: по ней в журнале видно, что слышал клиент. Сценарий меняют \
                 и его части, общие фразы, карточки знаний, услуги"
                .to_owned(),
        severity: Rule::BadValue.severity(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::scripts::read_sources;
    use crate::script::{Date, Setting, build};

    fn shipped() -> Vec<SourceFile> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts");
        read_sources(folder.as_ref()).unwrap()
    }

    fn set(files: &[SourceFile]) -> ScriptSet {
        let setting = Setting {
            organisation: "Министерство".to_owned(),
            today: Date::parse("2026-11-22").unwrap(),
        };
        build(files, &setting).0.unwrap()
    }

    fn rewrite(files: &mut [SourceFile], path: &str, from: &str, to: &str) {
        let file = files.iter_mut().find(|file| file.path == path).unwrap();
        assert!(file.text.contains(from), "{path} has no {from}");
        file.text = file.text.replacen(from, to, 1);
    }

    #[test]
    fn another_text_needs_another_version() {
        let mut files = shipped();
        let mut versions = Versions::default();
        versions.remember(&set(&files));
        assert_eq!(versions.findings(&set(&files), &files), []);
        let path = "assistant/rating.toml";
        rewrite(&mut files, path, "от одного до пяти", "от единицы до пяти");
        let findings = versions.findings(&set(&files), &files);
        let [found] = findings.as_slice() else {
            panic!("{findings:?}");
        };
        let rating = files.iter().find(|file| file.path == path).unwrap();
        let line = usize::try_from(found.line).unwrap() - 1;
        assert!(
            rating
                .text
                .lines()
                .nth(line)
                .unwrap()
                .starts_with("version")
        );
        assert!(found.to_string().contains("rating.toml"), "{found}");
        rewrite(&mut files, path, "version = \"", "version = \"new-");
        assert_eq!(versions.findings(&set(&files), &files), []);
    }

    #[test]
    fn an_old_version_does_not_come_back_with_other_words() {
        let mut files = shipped();
        let mut versions = Versions::default();
        versions.remember(&set(&files));
        let path = "assistant/rating.toml";
        rewrite(&mut files, path, "version = \"", "version = \"new-");
        rewrite(&mut files, path, "от одного до пяти", "от единицы до пяти");
        versions.remember(&set(&files));
        rewrite(&mut files, path, "version = \"new-", "version = \"");
        assert_eq!(versions.findings(&set(&files), &files).len(), 1);
    }
}
