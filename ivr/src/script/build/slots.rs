//! From limits as they were written to what is asked for.

use events::{TimeOfDay, ValueKind};

use crate::script::VariableType;
use crate::script::draft::LimitsDraft;
use crate::slot::SlotSpec;

/// What is asked for; none for a type that cannot be asked for, or limits that leave nothing.
pub(in crate::script) fn slot(kind: &VariableType, limits: &LimitsDraft) -> Option<SlotSpec> {
    let spec = SlotSpec::usual(kind.kind()?)?;
    let number = |n: &Option<crate::script::draft::At<u64>>| n.as_ref().map(|n| n.value);
    Some(match spec {
        SlotSpec::Number { min, max } => {
            let (min, max) = (
                number(&limits.min).unwrap_or(min),
                number(&limits.max).unwrap_or(max),
            );
            (min <= max).then_some(SlotSpec::Number { min, max })?
        }
        SlotSpec::Money { max_kopecks } => SlotSpec::Money {
            max_kopecks: number(&limits.max).map_or(max_kopecks, |rubles| rubles * 100),
        },
        SlotSpec::Date {
            from_days,
            until_days,
        } => {
            let days = |n| number(n).and_then(|n| i32::try_from(n).ok());
            let back = days(&limits.days_back).map(|days: i32| -days);
            let from_days = days(&limits.first_day).or(back).unwrap_or(from_days);
            let until = if back.is_some() { 0 } else { until_days };
            let until_days = days(&limits.days_ahead).unwrap_or(until);
            (from_days <= until_days).then_some(SlotSpec::Date {
                from_days,
                until_days,
            })?
        }
        SlotSpec::Time {
            from,
            until,
            step_min,
        } => {
            let time = |text: &Option<crate::script::draft::At<String>>, usual| match text {
                Some(text) => TimeOfDay::parse(&text.value),
                None => Some(usual),
            };
            let (from, until) = (time(&limits.earliest, from)?, time(&limits.latest, until)?);
            let step_min = number(&limits.step_min)
                .and_then(|n| u8::try_from(n).ok())
                .unwrap_or(step_min);
            (from <= until).then_some(SlotSpec::Time {
                from,
                until,
                step_min,
            })?
        }
        SlotSpec::Case { .. } => SlotSpec::Case {
            digits: number(&limits.digits).and_then(|n| u8::try_from(n).ok()),
        },
        same
        @ (SlotSpec::YesNo | SlotSpec::Phone { .. } | SlotSpec::Choice(_) | SlotSpec::Name) => same,
    })
}

/// The types that a limit is for, and whether it was written.
pub(in crate::script) fn limits(
    limits: &LimitsDraft,
) -> Vec<(&'static str, Option<u32>, &'static [ValueKind])> {
    use ValueKind::{Case, Date, Money, Number, Time};
    let line = |at: &Option<crate::script::draft::At<u64>>| at.as_ref().map(|at| at.line);
    let text = |at: &Option<crate::script::draft::At<String>>| at.as_ref().map(|at| at.line);
    vec![
        ("min", line(&limits.min), &[Number]),
        ("max", line(&limits.max), &[Number, Money]),
        ("first_day", line(&limits.first_day), &[Date]),
        ("days_ahead", line(&limits.days_ahead), &[Date]),
        ("days_back", line(&limits.days_back), &[Date]),
        ("earliest", text(&limits.earliest), &[Time]),
        ("latest", text(&limits.latest), &[Time]),
        ("step_min", line(&limits.step_min), &[Time]),
        ("digits", line(&limits.digits), &[Case]),
    ]
}
