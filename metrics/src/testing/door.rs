//! From the door to the end of the assistant's dialogue.

use events::{
    CallId, ChosenBy, DialogueOutcome, DialoguePurpose, EndCause, EntryCause, Event, LegId, LineId,
    Millis, Pii, RefusedWhy, ServiceId, UnansweredCause,
};

use super::world::{Act, Call, Stage, World};

impl World {
    pub(super) fn arrive(&mut self) {
        let end = self.story.start.plus_ms(self.story.length_s * 1_000);
        let ms = self.dice.between(0, self.story.between_calls_ms * 2);
        if self.now < end {
            self.later(ms, Act::Arrive);
        }
        let lines = self.catalogue.lines.clone();
        let support = self.dice.percent(30);
        let Some(card) = lines.get(usize::from(support)) else {
            return;
        };
        if self.dice.percent(2) {
            let why = self.dice.one_of(RefusedWhy::ALL, RefusedWhy::Overload);
            let line = match why {
                RefusedWhy::UnknownLine => LineId::new(format!("9{}", self.dice.roll(1_000))),
                RefusedWhy::Overload | RefusedWhy::Draining | RefusedWhy::NoMedia => {
                    card.line.clone()
                }
            };
            self.tell(Event::CallRefused {
                line,
                why,
                status: 503,
            });
            return;
        }
        self.call_count += 1;
        let call = CallId(self.call_count);
        let leg = LegId(self.call_count);
        let known = card.services.len() == 1;
        let service = card.services.first().filter(|_| known).cloned();
        let service = service.unwrap_or_else(ServiceId::undetermined);
        self.tell(Event::CallArrived {
            call,
            leg,
            line: card.line.clone(),
            service: service.clone(),
            trunk: "loopback".to_owned(),
            caller: Some(Pii::new(format!("+7900{call:?}"))),
        });
        self.now.0 += 80_000;
        let connected = self.now;
        self.tell(Event::LegAnswered { call, leg });
        self.tell(Event::DialogueStarted {
            call,
            purpose: DialoguePurpose::Assistant,
            script: "consultation".into(),
            version: "1".to_owned(),
        });
        self.tell(Event::StepReached {
            call,
            step: "greeting".to_owned(),
        });
        let made = Call {
            queue: card.queue.clone(),
            service,
            services: card.services.iter().take(4).cloned().collect(),
            connected,
            queued: None,
            offered: None,
            queue_us: 0,
            answered: None,
            stage: Stage::Assistant,
            turn: 0,
        };
        self.calls.insert(call, made);
        let ms = self.dice.between(1_000, 10_000);
        self.later(ms, Act::Hear(call));
    }

    pub(super) fn hear(&mut self, call: CallId) {
        let Some(mut state) = self.calls.get(&call).cloned() else {
            return;
        };
        let by_key = self.dice.percent(25);
        let accepted = self.dice.percent(85);
        let step = "topic".to_owned();
        self.tell(Event::StepReached {
            call,
            step: step.clone(),
        });
        if by_key {
            let digit = Pii::new('2');
            self.tell(Event::DigitPressed { call, step, digit });
        } else {
            let confidence = self.dice.between(300, 1_000);
            let latency = self.dice.between(40, 900);
            self.tell(Event::SpeechHeard {
                call,
                step,
                text: Pii::new("лицензия на лом".to_owned()),
                confidence_permille: u16::try_from(confidence).unwrap_or(1_000),
                accepted,
                latency_ms: Millis(latency),
            });
        }
        if by_key || accepted {
            // `never_called` keeps its name.
            let named: Vec<ServiceId> = state
                .services
                .iter()
                .filter(|service| service.as_str() != "never_called")
                .cloned()
                .collect();
            state.service = self.dice.one_of(&named, ServiceId::undetermined());
            let by = if by_key {
                ChosenBy::Key
            } else {
                ChosenBy::Speech
            };
            let service = state.service.clone();
            self.tell(Event::ServiceChosen { call, service, by });
            self.calls.insert(call, state);
        }
        let ms = self.dice.between(500, 15_000);
        self.later(ms, Act::EndAssistant(call));
    }

    pub(super) fn end_assistant(&mut self, call: CallId) {
        let Some(state) = self.calls.get(&call).cloned() else {
            return;
        };
        let outcome = match self.dice.roll(100) {
            0..15 => DialogueOutcome::Contained,
            15..22 => DialogueOutcome::CallerLeft,
            22..30 => DialogueOutcome::NotUnderstood,
            30..35 => DialogueOutcome::Silence,
            35..55 => DialogueOutcome::PersonAsked,
            _ => DialogueOutcome::ToPerson,
        };
        let notice_played = self.dice.percent(90);
        self.tell(Event::DialogueEnded {
            call,
            purpose: DialoguePurpose::Assistant,
            outcome,
            notice_played,
        });
        if outcome == DialogueOutcome::Contained {
            return self.end_call(call, EndCause::Completed);
        }
        if outcome == DialogueOutcome::CallerLeft {
            return self.end_call(call, EndCause::CallerHungUp);
        }
        if self.dice.percent(4) {
            let cause = self.dice.one_of(
                &[
                    UnansweredCause::AfterHours,
                    UnansweredCause::Overload,
                    UnansweredCause::NoOperators,
                    UnansweredCause::Failure,
                ],
                UnansweredCause::Failure,
            );
            let waits = self.waits(&state);
            self.tell(Event::CallUnanswered { call, cause, waits });
            return self.farewell(call);
        }
        self.enqueue(call, EntryCause::Assistant, None);
    }

    pub(super) fn farewell(&mut self, call: CallId) {
        self.set_stage(call, Stage::Farewell);
        self.tell(Event::DialogueStarted {
            call,
            purpose: DialoguePurpose::Farewell,
            script: "farewell".into(),
            version: "1".to_owned(),
        });
        self.later(4_000, Act::EndFarewell(call));
    }

    pub(super) fn end_farewell(&mut self, call: CallId) {
        if self.calls.contains_key(&call) {
            self.tell(Event::DialogueEnded {
                call,
                purpose: DialoguePurpose::Farewell,
                outcome: DialogueOutcome::Finished,
                notice_played: false,
            });
            self.end_call(call, EndCause::Completed);
        }
    }

    pub(super) fn set_stage(&mut self, call: CallId, stage: Stage) -> u64 {
        self.calls.get_mut(&call).map_or(0, |state| {
            state.stage = stage;
            state.turn += 1;
            state.turn
        })
    }
}
