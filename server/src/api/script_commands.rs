//! What an operator notes on the way through a script, checked against the scripts.

use events::{OperatorId, Pii, ScriptEvent, ScriptId};

use super::Api;
use super::commands::{CallNumber, on_desk};
use super::problem::Problem;
use crate::operator_script::{OperatorScripts, ScriptStep};
use crate::switchboard::DeskAction;

/// Whose wish it is, and about which call.
pub(super) struct Writer<'a> {
    pub(super) api: &'a Api,
    pub(super) operator: OperatorId,
    pub(super) call: CallNumber,
}

impl Writer<'_> {
    /// The value as the field's kind has it; nothing and white space take it back.
    pub(super) fn field(self, field: String, value: Option<&str>) -> Result<DeskAction, Problem> {
        let value = value.map(str::trim).filter(|value| !value.is_empty());
        let handbook = (self.api.house.handbook)();
        let known = handbook.scripts.field(&field);
        let known = known.ok_or_else(|| Problem::malformed("В сценариях нет такого поля"))?;
        if let Some(value) = value {
            known.fits(value).map_err(Problem::malformed)?;
        }
        let value = value.map(|value| Pii::new(value.to_owned()));
        self.note(|call, operator| ScriptEvent::FieldNoted {
            call,
            operator,
            field,
            value,
        })
    }

    pub(super) fn answer(
        self,
        (script, step): (ScriptId, String),
        answer: String,
    ) -> Result<DeskAction, Problem> {
        let handbook = (self.api.house.handbook)();
        let asks = known_step(&handbook.scripts, &script, &step)?;
        if !asks.answers.iter().any(|known| known.id == answer) {
            return Err(Problem::malformed("У этого шага нет такого ответа"));
        }
        self.note(|call, operator| ScriptEvent::AnswerChosen {
            call,
            operator,
            script,
            step,
            answer,
        })
    }

    pub(super) fn own_words(self, script: ScriptId, step: String) -> Result<DeskAction, Problem> {
        known_step(&(self.api.house.handbook)().scripts, &script, &step)?;
        self.note(|call, operator| ScriptEvent::OwnWordsSaid {
            call,
            operator,
            script,
            step,
        })
    }

    pub(super) fn refer(self, body: Option<String>) -> Result<DeskAction, Problem> {
        let handbook = (self.api.house.handbook)();
        let is_known = |id: &String| handbook.bodies.body(id).is_some();
        if !body.as_ref().is_none_or(is_known) {
            return Err(Problem::malformed("Такого органа в справочнике нет"));
        }
        self.note(|call, operator| ScriptEvent::Referred {
            call,
            operator,
            body,
        })
    }

    fn note(
        self,
        fact: impl FnOnce(events::CallId, OperatorId) -> ScriptEvent,
    ) -> Result<DeskAction, Problem> {
        let call = on_desk(self.api, &self.operator, self.call)?;
        Ok(DeskAction::Script(fact(call, self.operator)))
    }
}

/// A step of a script that is in use.
pub(super) fn known_step<'a>(
    scripts: &'a OperatorScripts,
    script: &ScriptId,
    step: &str,
) -> Result<&'a ScriptStep, Problem> {
    let step = scripts.script(script).and_then(|script| script.step(step));
    step.ok_or_else(|| Problem::malformed("В сценарии нет такого шага"))
}
