//! How operators go through their scripts: what they note, and the account of it after the talk.

use std::collections::BTreeMap;
use std::sync::Arc;

use acd::Command;
use events::{CallId, Event, OperatorId, ScriptEvent, ServiceId, Timestamp};

use super::{Switchboard, Turn};
use crate::operator_script::{OperatorScripts, Trail};
use crate::script_texts::{ScriptTexts, TextWish};

/// The operators' scripts, and the ways through them that are not over.
#[derive(Default)]
pub(super) struct Guidance {
    scripts: Arc<OperatorScripts>,
    /// A restart forgets them: what was ticked before it is in the journal, the account of it is not
    /// given.
    talks: BTreeMap<OperatorId, Talk>,
}

struct Talk {
    call: CallId,
    service: ServiceId,
    trail: Trail,
}

impl Guidance {
    fn talk(&mut self, of: &OperatorId, call: CallId) -> Option<&mut Trail> {
        let talk = self.talks.get_mut(of).filter(|talk| talk.call == call);
        talk.map(|talk| &mut talk.trail)
    }

    fn note(&mut self, fact: &ScriptEvent) {
        let Some(trail) = self.talk(fact.operator(), fact.call()) else {
            return;
        };
        match fact {
            ScriptEvent::FieldNoted { field, value, .. } => trail.field(field, value.is_some()),
            ScriptEvent::AnswerChosen {
                script,
                step,
                answer,
                ..
            } => trail.answer(script, step, answer),
            ScriptEvent::OwnWordsSaid { script, step, .. } => trail.own_words(script, step),
            ScriptEvent::Followed { .. } | ScriptEvent::Referred { .. } => {}
        }
    }

    fn end(&mut self, operator: &OperatorId, call: CallId) -> Option<ScriptEvent> {
        let talk = self
            .talks
            .remove(operator)
            .filter(|talk| talk.call == call)?;
        let open = talk.trail.script().and_then(|id| self.scripts.script(id));
        let script = open.or_else(|| self.scripts.for_service(&talk.service))?;
        let (done, deviations) = talk.trail.compared(script);
        Some(ScriptEvent::Followed {
            call,
            operator: operator.clone(),
            script: script.id.clone(),
            version: script.version.clone(),
            done,
            deviations,
        })
    }
}

impl Switchboard {
    /// The same house with the operators' scripts.
    #[must_use]
    pub fn with_operator_scripts(mut self, scripts: Arc<OperatorScripts>) -> Self {
        self.take_operator_scripts(scripts);
        self
    }

    /// The same house with the proposals that the journal knows.
    #[must_use]
    pub fn with_script_texts(mut self, texts: ScriptTexts) -> Self {
        self.texts = texts;
        self
    }

    /// Somebody proposes a text, approves or rejects one.
    ///
    /// # Errors
    /// Why not, for the screen.
    pub(super) fn text_wish(
        &mut self,
        now: Timestamp,
        wish: TextWish,
        turn: &mut Turn,
    ) -> Result<(), String> {
        let fact = self.texts.decide(wish)?;
        self.note(now, Event::ScriptText(fact), turn);
        Ok(())
    }

    /// From now on operators say this; a talk under way is accounted for by it too.
    pub(super) fn take_operator_scripts(&mut self, scripts: Arc<OperatorScripts>) {
        self.acd.set_script_versions(scripts.versions());
        self.guidance.scripts = scripts;
    }

    /// Follows the way of every operator; the end of after-call work gives the account of it.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one of two readers, each with its facts"
    )]
    pub(super) fn follow(&mut self, now: Timestamp, fact: &Event, turn: &mut Turn) {
        match fact {
            Event::LegsBridged { call, operator, .. } => {
                let room = self.rooms.get(call);
                let talk = Talk {
                    call: *call,
                    service: room.map_or_else(ServiceId::undetermined, |r| r.service.clone()),
                    trail: Trail::default(),
                };
                self.guidance.talks.insert(operator.clone(), talk);
            }
            Event::ServiceChosen { call, service, .. } => {
                let mut talks = self.guidance.talks.values_mut();
                if let Some(talk) = talks.find(|talk| talk.call == *call) {
                    talk.service = service.clone();
                }
            }
            Event::ScriptStepTicked {
                call,
                operator,
                script,
                step,
                done,
            } => {
                if let Some(trail) = self.guidance.talk(operator, *call) {
                    trail.tick(script, step, *done);
                }
            }
            Event::WrapUpEnded { call, operator } => {
                if let Some(account) = self.guidance.end(operator, *call) {
                    self.note(now, Event::Script(account), turn);
                }
            }
            _ => {}
        }
    }

    /// What an operator notes beside ticking steps. A branch taken and a step in other words are
    /// ticks too.
    ///
    /// # Errors
    /// The call is not this operator's any more.
    pub(super) fn script_wish(
        &mut self,
        now: Timestamp,
        fact: ScriptEvent,
        turn: &mut Turn,
    ) -> Result<(), String> {
        let (call, operator) = (fact.call(), fact.operator().clone());
        match &fact {
            ScriptEvent::AnswerChosen { script, step, .. }
            | ScriptEvent::OwnWordsSaid { script, step, .. } => {
                let tick = Command::TickStep {
                    call,
                    operator,
                    script: script.clone(),
                    step: step.clone(),
                    done: true,
                };
                let ticked = self.ask(now, tick, turn);
                ticked.map_err(|refusal| refusal.to_string())?;
            }
            ScriptEvent::FieldNoted { .. } | ScriptEvent::Referred { .. } => {
                if !self.acd.works_on(call, &operator) {
                    return Err("этот разговор уже не у вас".to_owned());
                }
            }
            ScriptEvent::Followed { .. } => {
                return Err("отчёт о разговоре составляет только система".to_owned());
            }
        }
        self.guidance.note(&fact);
        self.note(now, Event::Script(fact), turn);
        Ok(())
    }
}
