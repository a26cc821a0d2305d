//! How the registers of applications do: whether they answer, and how often they failed.

use crate::sheet::{Sheet, float};

/// One register, as the shell sees it at a scrape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFigure {
    /// Its name in the configuration.
    pub name: String,
    /// Whether it is asked at present, or left alone after failures.
    pub is_up: bool,
    /// Questions it got.
    pub asked: u64,
    /// Of them, those it failed to answer.
    pub failed: u64,
    /// Lines of its files that cannot be used.
    pub bad_lines: u64,
}

pub(crate) fn show(registers: &[RegisterFigure], sheet: &mut Sheet) {
    let mut family = |counts: bool, name, help, value: fn(&RegisterFigure) -> u64| {
        let mut family = if counts {
            sheet.counter(name, help)
        } else {
            sheet.gauge(name, help)
        };
        for register in registers {
            family.value(&[("register", &register.name)], float(value(register)));
        }
    };
    family(
        false,
        "liniya_register_up",
        "1 — реестр заявлений отвечает, 0 — оставлен в покое после отказов",
        |register| u64::from(register.is_up),
    );
    family(
        true,
        "liniya_register_questions_total",
        "Вопросы к реестру заявлений",
        |register| register.asked,
    );
    family(
        true,
        "liniya_register_failures_total",
        "Вопросы к реестру заявлений, на которые он не ответил",
        |register| register.failed,
    );
    family(
        false,
        "liniya_register_bad_lines",
        "Строки файлов реестра, которые не читаются",
        |register| register.bad_lines,
    );
}
