//! Values, conditions and tasks: what a node gives, tests and asks.

use super::Scope;
use crate::script::draft::{
    ConditionDraft, IfDraft, OperandDraft, Pair, SetDraft, TaskDraft, TestDraft,
};
use crate::script::model::{Assign, Branch, Condition, Task};
use crate::script::{Language, Operand, Test, VariableType, variable};

pub(super) fn operand(
    scope: Scope<'_>,
    draft: &OperandDraft,
    kind: Option<&VariableType>,
) -> Option<Operand> {
    match draft {
        OperandDraft::Variable(name) => Some(Operand::Variable(scope.full(name))),
        OperandDraft::Literal(text) => variable::literal(text, kind?.kind()?).map(Operand::Literal),
    }
}

pub(super) fn operands(scope: Scope<'_>, pairs: &[Pair<OperandDraft>]) -> Vec<(String, Operand)> {
    let pairs = pairs.iter().filter_map(|(name, what)| {
        let kind = scope.draft.variable(&name.value);
        Some((scope.full(&name.value), operand(scope, &what.value, kind)?))
    });
    pairs.collect()
}

pub(super) fn task(scope: Scope<'_>, draft: &TaskDraft) -> Task {
    let task = draft.task.value;
    let argument = |(name, what): &Pair<OperandDraft>| {
        let mut arguments = task.arguments().iter();
        let field = arguments.find(|field| field.name == name.value)?;
        let kind = VariableType::Plain(field.kind);
        let operand = operand(scope, &what.value, Some(&kind))?;
        Some((name.value.clone(), field.kind, operand))
    };
    let result = |(variable, name): &Pair<String>| {
        let mut gives = task.gives().iter();
        let field = gives.find(|field| field.name == name.value)?;
        Some((name.value.clone(), field.kind, scope.full(&variable.value)))
    };
    Task {
        task,
        with: draft.with.iter().filter_map(argument).collect(),
        into: draft.into.iter().filter_map(result).collect(),
        offers: draft.offers.as_ref().map(|name| scope.full(&name.value)),
        ways: draft
            .ways
            .iter()
            .filter_map(|(outcome, to)| {
                let outcome = events::TaskOutcome::parse(&outcome.value)?;
                Some((outcome, scope.full(&to.value)))
            })
            .collect(),
        timeout_ms: draft.timeout_ms,
    }
}

pub(super) fn branch(scope: Scope<'_>, draft: &IfDraft) -> Branch {
    let way = |way: &ConditionDraft| Condition {
        tests: way
            .tests
            .iter()
            .filter_map(|test| self::test(scope, test))
            .collect(),
        goto: scope.full(&way.goto.value),
    };
    Branch {
        ways: draft.ways.iter().map(way).collect(),
        otherwise: scope.full(&draft.otherwise.value),
    }
}

pub(super) fn test(scope: Scope<'_>, draft: &TestDraft) -> Option<Test> {
    let pair = |(name, what): &Pair<OperandDraft>| {
        let kind = scope.draft.variable(&name.value);
        Some((scope.full(&name.value), operand(scope, &what.value, kind)?))
    };
    Some(match draft {
        TestDraft::Open(wanted) => Test::Open(*wanted),
        TestDraft::CallerKnown(wanted) => Test::CallerKnown(*wanted),
        TestDraft::Language(language) => Test::Language(Language::parse(&language.value)?),
        TestDraft::Has(name, wanted) => Test::Has(scope.full(&name.value), *wanted),
        TestDraft::Equal(it) => pair(it).map(|(name, what)| Test::Equal(name, what))?,
        TestDraft::Less(it) => pair(it).map(|(name, what)| Test::Less(name, what))?,
        TestDraft::More(it) => pair(it).map(|(name, what)| Test::More(name, what))?,
    })
}

pub(super) fn assign(scope: Scope<'_>, draft: &SetDraft) -> Assign {
    let add = draft.add.iter();
    Assign {
        set: operands(scope, &draft.set),
        add: add
            .map(|(name, by)| (scope.full(&name.value), by.value))
            .collect(),
        language: draft
            .language
            .as_ref()
            .and_then(|l| Language::parse(&l.value)),
        next: scope.full(&draft.next.value),
    }
}
