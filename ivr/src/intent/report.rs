//! An evaluation as people read it.

use std::fmt;

use super::evaluation::{Confusion, Evaluation, shown};
use super::{Axis, Intent, IntentId, Kind};

/// Misses that are listed one by one.
const MISSES_MAX: usize = 40;

/// The printed form of an evaluation.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a>(pub &'a Evaluation);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = self.0;
        writeln!(f, "Понимание проверочных фраз")?;
        for (what, share) in [
            ("услуга названа верно", of.accuracy(Axis::Service)),
            ("задача названа верно", of.accuracy(Axis::Task)),
            (
                "и услуга, и задача, речь как есть",
                of.whole_accuracy(Kind::Spoken),
            ),
            (
                "и услуга, и задача, с ошибками распознавания",
                of.whole_accuracy(Kind::Misheard),
            ),
            (
                "посторонних фраз принято за свои",
                of.out_of_scope_accepted(),
            ),
            ("из них без переспроса", of.out_of_scope_taken()),
            ("своих фраз не понято совсем", of.in_scope_rejected()),
            ("своих фраз понято неверно", of.in_scope_wrong()),
            ("почти повторяют примеры", of.near()),
        ] {
            writeln!(f, "  {what:<46} {}", shown(share))?;
        }
        self.intents(f)?;
        for axis in Axis::ALL {
            self.confusion(f, axis)?;
        }
        self.misses(f)
    }
}

impl Report<'_> {
    fn intents(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nНамерения, хуже всего понятые — первыми")?;
        writeln!(f, "  {:<22} {:>22} {:>22}", "", "полнота", "точность")?;
        for found in self.0.found() {
            let (recall, precision) = (shown(found.recall), shown(found.precision));
            writeln!(
                f,
                "  {:<22} {recall:>22} {precision:>22}",
                found.intent.id.as_str()
            )?;
        }
        Ok(())
    }

    fn confusion(&self, f: &mut fmt::Formatter<'_>, axis: Axis) -> fmt::Result {
        let confusion: Confusion = self.0.confusion(axis);
        let intents: Vec<&Intent> = self.0.intents(axis).collect();
        let columns = || {
            let own = intents.iter().map(|intent| Some(intent.id.clone()));
            own.chain([None])
        };
        writeln!(
            f,
            "\nЧто за что принято ({axis}): строка — сказано, столбец — понято"
        )?;
        write!(f, "  {:<22}", "")?;
        for number in 1..=intents.len() {
            write!(f, "{number:>5}")?;
        }
        writeln!(f, "{:>5}", "—")?;
        for (number, row) in (1..).zip(columns()) {
            let name = row.as_ref().map_or("—", IntentId::as_str);
            let label = if row.is_some() {
                format!("{number:>2} {name}")
            } else {
                format!("   {name}")
            };
            write!(f, "  {label:<22}")?;
            for column in columns() {
                match confusion.get(&(row.clone(), column)) {
                    Some(count) => write!(f, "{count:>5}")?,
                    None => write!(f, "{:>5}", "·")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn misses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let misses = self.0.misses();
        writeln!(f, "\nОшибки, худшие — первыми: {}", misses.len())?;
        for miss in misses.iter().take(MISSES_MAX) {
            let name = |id: &Option<IntentId>| id.as_ref().map_or("—", IntentId::as_str).to_owned();
            let (file, line) = &miss.phrase.place;
            writeln!(
                f,
                "  {file}:{line}: «{}»: {} вместо {} ({} ‰)",
                miss.phrase.text,
                name(&miss.found),
                name(&miss.meant),
                miss.confidence_permille
            )?;
        }
        if misses.len() > MISSES_MAX {
            writeln!(f, "  … и ещё {}", misses.len() - MISSES_MAX)?;
        }
        Ok(())
    }
}
