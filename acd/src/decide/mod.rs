//! Every rule. A command comes in, facts come out, nothing changes here.

mod arrival;
mod consult;
mod consulted;
mod ending;
mod keeping;
mod managing;
mod offering;
mod operator;
mod outside;
mod overflow;
mod pause;
mod recover;
mod supervision;
mod talk;
mod terms;
mod waiting;
mod wrap_up;

use events::{CallId, Event, LegReport, LegRole, OperatorId, Timestamp};

use crate::acd::Acd;
use crate::call::{Call, Stage};
use crate::{Command, Operator, Refusal};

/// What a rule answers.
pub(crate) type Decision = Result<Vec<Event>, Refusal>;

impl Acd {
    /// What the command leads to, without what follows by itself ([`Acd::handle`] adds that).
    /// A repeated report that changes nothing is no error and gives no fact.
    ///
    /// # Errors
    /// A [`Refusal`], if the rules do not allow the command.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm a command, each of them plain"
    )]
    pub fn decide(&self, now: Timestamp, command: &Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::CallArrives {
                call,
                leg,
                line,
                trunk,
                caller,
            } => {
                let mut facts = vec![Event::CallArrived {
                    call: *call,
                    leg: *leg,
                    line: line.clone(),
                    service: self.service_at_the_door(*call, line)?,
                    trunk: trunk.clone(),
                    caller: caller.clone(),
                }];
                facts.extend(self.only_service(*call, line));
                Ok(facts)
            }
            Command::CallPlaced {
                call,
                leg,
                line,
                service,
                trunk,
                case,
            } => self.call_placed(now, (*call, *leg), (line, service), (trunk, *case)),
            Command::CallerConnected { call } => self.caller_connected(*call),
            Command::ChooseService { call, service, by } => {
                self.choose_service(*call, service, *by)
            }
            Command::DialogueEnds {
                call,
                purpose,
                outcome,
                notice_played,
            } => self.dialogue_ends(now, *call, (*purpose, *outcome), *notice_played),
            Command::Rate { call, score } => self.rate(*call, *score),
            Command::SkipRating { call, why } => self.skip_rating(*call, *why),
            Command::TellWait { call } => self.tell_wait(now, *call),
            Command::KeepPlace { call, case } => self.keep_place(now, *call, *case),
            Command::CallerGone { call, cause } => self.caller_gone(now, *call, *cause),
            Command::OperatorRings { call, operator } => self.operator_rings(*call, operator),
            Command::OperatorAnswers { call, operator } => {
                self.operator_answers(now, *call, operator)
            }
            Command::Bridged { call, operator } => self.bridged(now, *call, operator),
            Command::OfferFails {
                call,
                operator,
                why,
            } => self.offer_fails(*call, operator, *why),
            Command::OperatorGone {
                call,
                operator,
                broken,
            } => self.operator_gone(now, *call, operator, *broken),
            Command::Hold { call, held } => self.hold_or_resume(*call, *held),
            Command::Transfer { call, operator, to } => self.transfer(now, *call, operator, to),
            Command::Consult {
                call,
                operator,
                step,
            } => self.consult(now, *call, operator, step),
            Command::OutsideAnswers { call } => self.consulted_answers(now, *call, None),
            Command::OutsideGone { call, why } => self.outside_gone(now, *call, *why),
            Command::SetDisposition {
                call,
                operator,
                outcome,
                need,
                client,
            } => {
                self.may_work_on(*call, operator)?;
                Ok(vec![Event::DispositionSet {
                    call: *call,
                    operator: operator.clone(),
                    outcome: *outcome,
                    need: *need,
                    client: *client,
                }])
            }
            Command::TickStep {
                call,
                operator,
                script,
                step,
                done,
            } => {
                self.may_work_on(*call, operator)?;
                Ok(vec![Event::ScriptStepTicked {
                    call: *call,
                    operator: operator.clone(),
                    script: script.clone(),
                    step: step.clone(),
                    done: *done,
                }])
            }
            Command::FinishWrapUp { operator } => self.finish_wrap_up(now, operator),
            Command::ExtendWrapUp { operator } => self.extend_wrap_up(now, operator),
            Command::Supervise {
                call,
                supervisor,
                mode,
            } => self.supervise(*call, supervisor, *mode),
            Command::EndSupervision { supervisor, broken } => {
                self.end_supervision(now, supervisor, *broken)
            }
            Command::SignIn { operator } => self.sign_in(operator),
            Command::SignOut { operator } => self.sign_out(operator),
            Command::BecomeReady { operator } => self.become_ready(operator),
            Command::BecomeNotReady { operator, reason } => {
                self.become_not_ready(now, operator, *reason)
            }
            Command::Direct { by, operator, to } => self.direct(now, by, (operator, *to)),
            Command::ChangeSkills {
                by,
                operator,
                skills,
            } => self.change_skills(by, (operator, skills)),
            Command::ChangeStrategy {
                by,
                queue,
                strategy,
            } => self.change_strategy(by, (queue, *strategy)),
            Command::MoveCall { by, call, to } => self.move_call(now, by, (*call, to)),
            Command::PhoneUp { operator } => self.phone_up(operator),
            Command::PhoneDown { operator } => self.phone_down(operator),
            Command::Measure { call, role, report } => Ok(vec![measured(*call, *role, *report)]),
            Command::Tick => Ok(self.due_now(now)),
            Command::Recover { crashed_at } => Ok(self.recover(*crashed_at)),
        }
    }

    /// What happens next by itself: first what is due, then callers whom nobody will serve, then the
    /// offer of the caller whose turn it is to a free operator. Empty when nothing is left to happen.
    pub(crate) fn decide_next(&self, now: Timestamp) -> Vec<Event> {
        let facts = self.due_now(now);
        if !facts.is_empty() {
            return facts;
        }
        let facts = self.leave_deserted(now);
        if !facts.is_empty() {
            return facts;
        }
        let facts = self.next_offers(now);
        if !facts.is_empty() {
            return facts;
        }
        self.overflow_due(now).into_iter().collect()
    }

    fn open_call(&self, call: CallId) -> Result<&Call, Refusal> {
        self.calls.get(&call).ok_or(Refusal::NoSuchCall)
    }

    fn known(&self, operator: &OperatorId) -> Result<&Operator, Refusal> {
        self.operators.get(operator).ok_or(Refusal::NoSuchOperator)
    }

    /// The call this operator talks in; an error for everybody else.
    fn talk_of(&self, call: CallId, by: &OperatorId) -> Result<(&Call, Timestamp), Refusal> {
        let call = self.open_call(call)?;
        match &call.stage {
            Stage::Talking {
                operator, since, ..
            } if operator == by => Ok((call, *since)),
            Stage::Talking { .. }
            | Stage::AtDoor
            | Stage::Assistant
            | Stage::Waiting(_)
            | Stage::Outside(_)
            | Stage::Parted
            | Stage::Rating { .. }
            | Stage::Farewell => Err(Refusal::WrongState("вы не говорите с этим клиентом")),
        }
    }

    /// Outcome, need and script steps belong to the operator's talk or its after-call work.
    fn may_work_on(&self, call: CallId, operator: &OperatorId) -> Result<(), Refusal> {
        if self.known(operator)?.presence.works_on(call) {
            Ok(())
        } else {
            Err(Refusal::WrongState("этот разговор уже не у вас"))
        }
    }
}

/// The media plane reports when a leg closes, which may be after the call's end.
const fn measured(call: CallId, role: LegRole, report: LegReport) -> Event {
    Event::LegMeasured { call, role, report }
}
