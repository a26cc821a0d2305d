//! What goes over the wire about training.

use std::collections::BTreeMap;

use events::{Date, ScriptId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::handbook::Handbook;
use crate::operator_script::{FieldKind, OperatorScript, ScriptField};
use crate::training::{Score, Standing, Topic};

/// Training, as somebody may see it.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct TrainingView {
    /// The day it is.
    #[schema(value_type = String)]
    pub(super) today: Date,
    /// Whether the asking person may note who learned what.
    pub(super) may_note: bool,
    /// What there is to learn.
    pub(super) topics: Vec<Topic>,
    /// Who learned what; only oneself without the right to see others.
    pub(super) people: Vec<PersonView>,
    /// With whom one can rehearse.
    pub(super) callers: Vec<CallerCard>,
    /// The newest first.
    pub(super) rehearsals: Vec<RehearsalView>,
}

/// What somebody learned.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct PersonView {
    /// Login.
    pub(super) login: String,
    /// Surname, name, patronymic.
    pub(super) full_name: String,
    /// One a topic that concerns them.
    pub(super) learned: Vec<LearnedView>,
}

/// What somebody learned last in a topic.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct LearnedView {
    /// The topic.
    pub(super) topic: String,
    /// When.
    #[schema(value_type = Option<String>)]
    pub(super) on: Option<Date>,
    /// To be repeated not later than this day.
    #[schema(value_type = Option<String>)]
    pub(super) next: Option<Date>,
    /// Who noted it.
    pub(super) noted_by: Option<String>,
    /// Where they stand.
    pub(super) state: Standing,
}

/// Something that the asking person has to learn or to repeat.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct DueView {
    /// What.
    pub(super) title: String,
    /// Why.
    pub(super) state: Standing,
    /// To be repeated not later than this day.
    #[schema(value_type = Option<String>)]
    pub(super) next: Option<Date>,
}

/// A simulated caller in the list.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct CallerCard {
    /// Their name.
    pub(super) id: String,
    /// What people call them.
    pub(super) title: String,
    /// The script's title.
    pub(super) script: String,
    /// When the script applies.
    pub(super) situation: String,
}

/// A simulated caller to talk to.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct CallerView {
    /// Their name.
    pub(super) id: String,
    /// What people call them.
    pub(super) title: String,
    /// The number shown; made up.
    pub(super) number: Option<String>,
    /// What they say first.
    pub(super) opening: String,
    /// What they say at a step.
    pub(super) replies: BTreeMap<String, ReplyView>,
    /// The script with this operator's words.
    pub(super) script: OperatorScript,
}

/// What a simulated caller answers.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ReplyView {
    /// The words. Which branch they mean is for the trainee to understand.
    pub(super) say: String,
}

/// How a rehearsal went.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent of each other: three answers, each of them right or wrong"
)]
#[derive(Default, Serialize, ToSchema)]
pub(in crate::api) struct RehearsalView {
    /// When.
    pub(super) at_ms: i64,
    /// Who.
    pub(super) full_name: String,
    /// With whom.
    pub(super) caller: String,
    /// Steps done of those needed.
    pub(super) done: u16,
    /// Steps that this caller needs.
    pub(super) needed: u16,
    /// Titles of steps left out.
    pub(super) skipped: Vec<String>,
    /// Titles of steps in another order.
    pub(super) reordered: Vec<String>,
    /// Titles of steps in other words.
    pub(super) own_words: Vec<String>,
    /// Titles of required fields that stayed empty.
    pub(super) missing: Vec<String>,
    /// Titles of steps where the caller answered something else.
    pub(super) answers: Vec<String>,
    /// Titles of fields that hold something other than the caller said.
    pub(super) fields: Vec<String>,
    /// The outcome is another.
    pub(super) outcome: bool,
    /// The need is another.
    pub(super) need: bool,
    /// The caller ought to have been sent elsewhere.
    pub(super) body: bool,
    /// What the caller said of each field: to compare with what was written down, at once and never
    /// again.
    pub(super) meant: Vec<MeantView>,
}

/// What a simulated caller wants written down.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct MeantView {
    /// The field's name.
    pub(super) name: String,
    /// Its title.
    pub(super) title: String,
    /// The value, for people.
    pub(super) value: String,
}

/// A value as people read it.
pub(super) fn meant(name: &str, field: Option<&ScriptField>, value: &str) -> MeantView {
    let shown = |field: &ScriptField| {
        let option = field.options.iter().find(|option| option.id == value);
        let is_yes = field.kind == FieldKind::YesNo;
        match option {
            Some(option) => option.title.clone(),
            None if is_yes && value == "yes" => "да".to_owned(),
            None if is_yes => "нет".to_owned(),
            None => value.to_owned(),
        }
    };
    MeantView {
        name: name.to_owned(),
        title: field.map_or_else(|| name.to_owned(), |field| field.title.clone()),
        value: field.map_or_else(|| value.to_owned(), shown),
    }
}

impl RehearsalView {
    /// Names become titles, as the script has them now.
    pub(super) fn of(handbook: &Handbook, script: &ScriptId, score: &Score) -> Self {
        let script = handbook.scripts.script(script);
        let step = |id: &String| {
            let step = script.and_then(|script| script.step(id));
            step.map_or_else(|| id.clone(), |step| step.title.clone())
        };
        let field = |name: &String| {
            let field = handbook.scripts.field(name);
            field.map_or_else(|| name.clone(), |field| field.title.clone())
        };
        let (left, misunderstood) = (&score.deviations, &score.mistakes);
        Self {
            done: score.done,
            needed: score.needed,
            skipped: left.skipped.iter().map(step).collect(),
            reordered: left.reordered.iter().map(step).collect(),
            own_words: left.own_words.iter().map(step).collect(),
            missing: left.missing.iter().map(field).collect(),
            answers: misunderstood.answers.iter().map(step).collect(),
            fields: misunderstood.fields.iter().map(field).collect(),
            outcome: misunderstood.outcome,
            need: misunderstood.need,
            body: misunderstood.body,
            ..Self::default()
        }
    }
}
