//! The administrator's list of stresses.

use super::with_table;
use crate::readback::Stress;
use crate::script::SourceFile;
use crate::script::finding::{Finding, Rule};

/// The file that has it; it may be absent.
pub(in crate::script) const STRESS: &str = "phrases/stress.toml";
/// Entries at most: what is not said here need not be in it.
const ENTRIES_MAX: usize = 5_000;

/// Adds the entries of the file.
pub(in crate::script) fn stress(
    source: &SourceFile,
    stress: &mut Stress,
    findings: &mut Vec<Finding>,
) {
    let _ = with_table(source, findings, |table, r| {
        let entries = table.texts("words", r);
        if let Some(over) = entries.get(ENTRIES_MAX) {
            let message = format!("в словаре ударений больше {ENTRIES_MAX} записей");
            let advice = "оставьте только те слова, которые помощник произносит неверно";
            r.add(over.line, Rule::BadStress, message, advice);
        }
        for entry in entries.iter().take(ENTRIES_MAX) {
            if let Err(why) = stress.add(&entry.value) {
                let message = format!("словарь ударений: «{}»: {why}", entry.value);
                let advice = "запишите от одного до четырёх слов русскими буквами, каждое один раз, \
                              с «+» перед ударной гласной, например \"догов+оры\" или \"из д+ома\"";
                r.add(entry.line, Rule::BadStress, message, advice);
            }
        }
        Some(())
    });
}
