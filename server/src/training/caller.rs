//! A simulated caller: whose question it is, what they say at each step, what a good operator makes
//! of it.

use std::collections::BTreeMap;

use events::{CallOutcome, NeedCode, ScriptId};
use serde::Deserialize;
use toml::Spanned;

use super::{finding, parsed};
use crate::bodies::Bodies;
use crate::operator_script::{
    FieldKind, Finding, OperatorScript, OperatorScripts, ScriptStep, StepKind, Trail,
};

/// Words of a caller at once are no longer than this.
const SAY_MAX_CHARS: usize = 600;

/// A simulated caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// What people call it.
    pub title: String,
    /// The operator's script it is for.
    pub script: ScriptId,
    /// The telephone number shown; made up.
    pub number: Option<String>,
    /// What the caller says first.
    pub opening: String,
    /// What the caller says at a step, by the step's name.
    pub replies: BTreeMap<String, Reply>,
    /// What the call is for.
    pub need: NeedCode,
    /// What becomes of it.
    pub outcome: CallOutcome,
    /// Whom to turn to, if the question is another body's.
    pub body: Option<String>,
}

/// What a caller answers to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The words.
    pub say: String,
    /// The branch that is meant.
    pub answer: Option<String>,
    /// What ought to be written down, by the field's name.
    pub fields: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftCaller {
    script: Spanned<String>,
    title: Spanned<String>,
    opening: Spanned<String>,
    need: Spanned<String>,
    outcome: Spanned<String>,
    number: Option<Spanned<String>>,
    body: Option<Spanned<String>>,
    #[serde(default, rename = "reply")]
    replies: Vec<Spanned<DraftReply>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftReply {
    step: String,
    say: String,
    answer: Option<String>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

impl Caller {
    /// The steps of a script that this caller needs: the way along what they answer.
    #[must_use]
    pub fn way<'s>(&self, script: &'s OperatorScript) -> Vec<&'s ScriptStep> {
        self.trail().way(script)
    }

    /// A trail with nothing but what this caller answers.
    pub(super) fn trail(&self) -> Trail {
        let mut trail = Trail::default();
        for (step, reply) in &self.replies {
            if let Some(answer) = &reply.answer {
                trail.answer(&self.script, step, answer);
            }
        }
        trail
    }

    /// What the caller wants written down, by the field's name.
    pub fn wanted(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.replies.values().flat_map(|reply| &reply.fields);
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Reads a caller's file, `(name, text)`.
pub(super) fn read(
    page: (&str, &str),
    (scripts, bodies): (&OperatorScripts, &Bodies),
) -> Result<Caller, Vec<Finding>> {
    let draft: DraftCaller = parsed(page)?;
    let id = ScriptId::new(draft.script.get_ref());
    let Some(script) = scripts.script(&id) else {
        let what = format!("сценария оператора «{id}» нет: исправьте script");
        return Err(vec![finding(page, draft.script.span().start, what)]);
    };
    let need = NeedCode::parse(draft.need.get_ref());
    let outcome = CallOutcome::parse(draft.outcome.get_ref());
    let mut findings = header(page, &draft, (need, outcome), bodies);
    let mut replies = BTreeMap::new();
    for reply in draft.replies {
        let at = reply.span().start;
        let reply = reply.into_inner();
        let mut wrong = wrong(&reply, script);
        let new = Reply {
            say: reply.say,
            answer: reply.answer,
            fields: reply.fields,
        };
        if replies.insert(reply.step.clone(), new).is_some() {
            wrong.push(format!("на шаг «{}» клиент уже ответил", reply.step));
        }
        findings.extend(wrong.into_iter().map(|what| finding(page, at, what)));
    }
    let (Some(need), Some(outcome)) = (need, outcome) else {
        return Err(findings);
    };
    let caller = Caller {
        title: draft.title.into_inner(),
        script: id,
        number: draft.number.map(Spanned::into_inner),
        opening: draft.opening.into_inner(),
        replies,
        need,
        outcome,
        body: draft.body.map(Spanned::into_inner),
    };
    if findings.is_empty() {
        let unfinished = unfinished(&caller, script).into_iter();
        findings.extend(unfinished.map(|what| finding(page, 0, what)));
    }
    if findings.is_empty() {
        Ok(caller)
    } else {
        Err(findings)
    }
}

fn header(
    page: (&str, &str),
    draft: &DraftCaller,
    (need, outcome): (Option<NeedCode>, Option<CallOutcome>),
    bodies: &Bodies,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut find = |at: usize, what: String| found.push(finding(page, at, what));
    for (key, value) in [("title", &draft.title), ("opening", &draft.opening)] {
        if !is_said(value.get_ref()) {
            find(value.span().start, format!("{key}: {SAID}"));
        }
    }
    if need.is_none() {
        let what = "need: потребность клиента — число от 1 до 9 в кавычках";
        find(draft.need.span().start, what.to_owned());
    }
    if outcome.is_none() {
        let known: Vec<&str> = CallOutcome::ALL.iter().map(|one| one.as_str()).collect();
        let what = format!("outcome: итог разговора — {}", known.join(", "));
        find(draft.outcome.span().start, what);
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = |text: &str| text.strip_prefix('+').is_some_and(digits);
    if let Some(number) = draft
        .number
        .as_ref()
        .filter(|one| !is_number(one.get_ref()))
    {
        find(
            number.span().start,
            "number: номер пишут так: +79161234567".to_owned(),
        );
    }
    let unknown = draft.body.as_ref();
    if let Some(body) = unknown.filter(|body| bodies.body(body.get_ref()).is_none()) {
        let what = format!("органа «{}» в справочнике нет", body.get_ref());
        find(body.span().start, what);
    }
    found
}

const SAID: &str = "впишите слова, не больше 600 знаков";

fn is_said(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= SAY_MAX_CHARS
}

/// What a reply says about a script that is not so.
fn wrong(reply: &DraftReply, script: &OperatorScript) -> Vec<String> {
    let Some(step) = script.step(&reply.step) else {
        let what = format!("шага «{}» в сценарии «{}» нет", reply.step, script.id);
        return vec![what];
    };
    let mut wrong = Vec::new();
    if !is_said(&reply.say) {
        wrong.push(format!("say: {SAID}"));
    }
    let known = |answer: &String| step.answers.iter().any(|one| one.id == *answer);
    if let Some(answer) = reply.answer.as_ref().filter(|answer| !known(answer)) {
        wrong.push(format!("ответа «{answer}» у шага «{}» нет", step.id));
    } else if reply.answer.is_none() && !step.answers.is_empty() {
        wrong.push(format!(
            "у шага «{}» есть ответы: укажите answer, который имеет в виду клиент",
            step.id
        ));
    }
    for (name, value) in &reply.fields {
        match step.fields.iter().find(|field| field.name == *name) {
            None => wrong.push(format!("поля «{name}» у шага «{}» нет", step.id)),
            Some(field) => wrong.extend(field.fits(value).err()),
        }
    }
    wrong
}

/// A caller who cannot be helped to the end, or who keeps back what must be written down.
fn unfinished(caller: &Caller, script: &OperatorScript) -> Vec<String> {
    let way = caller.way(script);
    let mut wrong = Vec::new();
    if let Some(step) = way.last().filter(|last| last.kind != StepKind::Closing) {
        wrong.push(format!(
            "разговор обрывается на шаге «{}»: добавьте ответ клиента с answer",
            step.id
        ));
    }
    for step in way {
        let said = caller.replies.get(&step.id);
        let kept_back = step.fields.iter().filter(|field| {
            let is_said = said.is_some_and(|reply| reply.fields.contains_key(&field.name));
            let is_known = field.from.as_deref() == Some("caller") && caller.number.is_some();
            field.required && !is_said && !is_known
        });
        wrong.extend(kept_back.map(|field| {
            format!(
                "шаг «{}»: клиент не говорит, что вписать в поле «{}»",
                step.id, field.title
            )
        }));
    }
    wrong
}

/// Whether a value is the one that the caller meant. Free words are not compared: people write them
/// down in many ways.
pub(super) fn is_same(kind: FieldKind, meant: &str, noted: &str) -> bool {
    match kind {
        FieldKind::Text | FieldKind::LongText => true,
        FieldKind::Phone => digits(meant) == digits(noted),
        FieldKind::Email => meant.to_lowercase() == noted.trim().to_lowercase(),
        FieldKind::Number | FieldKind::Date | FieldKind::YesNo | FieldKind::Choice => {
            meant == noted.trim()
        }
    }
}

/// The last ten digits of a number: +7 and 8 are the same country.
fn digits(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits
        .iter()
        .skip(digits.len().saturating_sub(10))
        .collect()
}
