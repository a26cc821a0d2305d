//! Facts in, screens out.

use events::{
    CallOutcome, ChosenBy, DialogueOutcome, DialoguePurpose, EndCause, EntryCause, HungUpBy, LegId,
    Millis, MissedWhy, NeedCode, Pii, PlacedEvent, Timestamp, TransferKind, TransferTarget,
    UnansweredCause, Waits,
};
use expect_test::{Expect, expect};

use super::*;
use crate::organisation::{LineCard, OperatorCard, Password, Phone, QueueCard, ServiceCard};

const CALL: CallId = CallId(17);

/// A room with two operators, and a clock.
struct Room {
    desk: Desk,
    now: Timestamp,
    seq: u64,
}

impl Room {
    fn new() -> Self {
        let start = Timestamp(1_795_330_800 * 1_000_000);
        Self {
            desk: Desk::new(Arc::new(organisation())),
            now: start,
            seq: 0,
        }
    }

    fn after_s(&mut self, s: u64) -> &mut Self {
        self.now = self.now.plus_ms(s * 1_000);
        self
    }

    fn fact(&mut self, event: Event) -> &mut Self {
        self.seq += 1;
        self.desk.apply(&Record {
            seq: self.seq,
            at: self.now,
            event,
        });
        self
    }

    fn on_duty(&mut self, login: &str) -> &mut Self {
        let operator = OperatorId::new(login);
        self.fact(Event::PhoneReachable {
            operator: operator.clone(),
        })
        .fact(Event::OperatorSignedIn {
            operator: operator.clone(),
        })
        .fact(Event::OperatorReady { operator })
    }

    fn arrives(&mut self) -> &mut Self {
        self.fact(Event::CallArrived {
            call: CALL,
            leg: LegId(1),
            line: "100".into(),
            service: events::ServiceId::undetermined(),
            trunk: "loopback".into(),
            caller: Some(Pii::new("+79990000000".into())),
        })
        .fact(Event::LegAnswered {
            call: CALL,
            leg: LegId(1),
        })
    }

    fn says_scrap(&mut self) -> &mut Self {
        self.fact(Event::SpeechHeard {
            call: CALL,
            step: "service".into(),
            text: Pii::new("лицензия на лом".into()),
            confidence_permille: 912,
            accepted: true,
            latency_ms: Millis(180),
        })
        .fact(Event::ServiceChosen {
            call: CALL,
            service: "scrap_licence".into(),
            by: ChosenBy::Speech,
        })
        .fact(Event::DialogueEnded {
            call: CALL,
            purpose: DialoguePurpose::Assistant,
            outcome: DialogueOutcome::ToPerson,
            notice_played: true,
        })
    }

    fn queued(&mut self, because: EntryCause) -> &mut Self {
        let until = self.now.plus_ms(1_800_000);
        self.fact(Event::QueueEntered {
            call: CALL,
            queue: "consultation".into(),
            because,
            wanted: None,
            until,
            terms: events::Terms::default(),
        })
    }

    fn rings(&mut self, login: &str) -> &mut Self {
        let until = self.now.plus_ms(20_000);
        let (operator, reason) = (OperatorId::new(login), "дольше всех свободен".into());
        self.fact(Event::CallOffered {
            call: CALL,
            operator,
            reason,
            until,
        })
    }

    fn talks(&mut self, login: &str, waits: Waits) -> &mut Self {
        let operator = OperatorId::new(login);
        self.fact(Event::OfferAccepted {
            call: CALL,
            operator: operator.clone(),
        })
        .fact(Event::LegsBridged {
            call: CALL,
            operator,
            waits,
        })
    }

    fn parts(&mut self, login: &str, by: HungUpBy, talk_s: u64) -> &mut Self {
        let operator = OperatorId::new(login);
        let until = self.now.plus_ms(60_000);
        self.fact(Event::TalkEnded {
            call: CALL,
            operator: operator.clone(),
            by,
            talk_ms: Millis::from_s(talk_s),
        })
        .fact(Event::WrapUpStarted {
            call: CALL,
            operator,
            until,
            extensions: 0,
        })
    }

    fn view(&self, login: &str) -> DeskView {
        self.desk.view(&login.into(), self.now).unwrap()
    }

    /// One line about an operator's desk.
    fn line(&self, login: &str) -> String {
        let view = self.view(login);
        let call = view.call.map_or("-".into(), |call| {
            format!(
                "{} {:?} warning={:?} waited={}/{}ms overdue={}",
                call.call,
                call.stage,
                call.talk_warning,
                call.waited.total_ms,
                call.waited.queue_ms,
                call.wrap_up.is_some_and(|wrap_up| wrap_up.is_overdue),
            )
        });
        let queue = &self.desk.room().queues[0];
        format!(
            "{:?} then={:?} | {call} | waiting={} ready={} | answered={} missed={} transfers={}\n",
            view.operator.state,
            view.operator.then,
            queue.waiting,
            queue.ready,
            view.today.answered,
            view.today.missed,
            view.today.transfers,
        )
    }
}

fn organisation() -> Organisation {
    let operator = |name: &str, is_supervisor| OperatorCard {
        full_name: name.into(),
        position: "специалист".into(),
        password: Password::ForLoopback("x".into()),
        queues: vec!["consultation".into()],
        phone: Phone::Registers,
        role: if is_supervisor {
            crate::organisation::Role::Supervisor
        } else {
            crate::organisation::Role::Operator
        },
        hears_recordings: false,
    };
    let service = ServiceCard {
        title: "Лицензия на лом".into(),
    };
    let line = LineCard {
        title: "Консультация по услугам".into(),
        queue: "consultation".into(),
        services: vec!["scrap_licence".into()],
    };
    Organisation {
        name: "Министерство".into(),
        utc_offset_min: 180,
        unanswered_h: 24,
        services: [("scrap_licence".into(), service)].into(),
        lines: [("100".into(), line)].into(),
        queues: [(
            "consultation".into(),
            QueueCard {
                title: "Консультация".into(),
            },
        )]
        .into(),
        operators: [
            ("anna".into(), operator("Иванова Анна Сергеевна", true)),
            ("oleg".into(), operator("Петров Олег Ильич", false)),
        ]
        .into(),
        operators_see_supervision: true,
        pauses: events::PauseCard::usual(),
        outside: None,
    }
}

fn waits(total_s: u64, queue_s: u64) -> Waits {
    Waits {
        total_ms: Millis::from_s(total_s),
        queue_ms: Millis::from_s(queue_s),
        ring_ms: Millis(0),
    }
}

fn check(expected: Expect, value: &impl serde::Serialize) {
    expected.assert_eq(&serde_json::to_string_pretty(value).unwrap());
}

#[test]
fn a_call_walks_over_the_desk() {
    let mut room = Room::new();
    let mut seen = String::new();
    let mut look = |room: &Room| seen.push_str(&room.line("anna"));
    look(&room);
    look(room.on_duty("anna"));
    look(
        room.arrives()
            .after_s(9)
            .says_scrap()
            .queued(EntryCause::Assistant)
            .after_s(1),
    );
    look(room.rings("anna").after_s(4));
    look(room.talks("anna", waits(14, 5)).after_s(479));
    look(room.after_s(1));
    look(room.after_s(121));
    look(room.parts("anna", HungUpBy::Operator, 601));
    look(room.fact(Event::OperatorNotReady {
        operator: "anna".into(),
        reason: NotReadyReason::Lunch,
        until: None,
    }));
    look(room.after_s(61));
    look(room.fact(Event::DispositionSet {
        call: CALL,
        operator: "anna".into(),
        outcome: CallOutcome::Answered,
        need: NeedCode::Consultation,
        client: None,
    }));
    room.fact(Event::CallEnded {
        call: CALL,
        cause: EndCause::Completed,
        waits: waits(14, 5),
    });
    look(room.fact(Event::WrapUpEnded {
        call: CALL,
        operator: "anna".into(),
    }));
    look(room.fact(Event::OperatorNotReady {
        operator: "anna".into(),
        reason: NotReadyReason::Lunch,
        until: None,
    }));
    assert!(room.desk.calls.is_empty(), "nothing of a call stays");
    expect![[r#"
        SignedOut then=None | - | waiting=0 ready=0 | answered=0 missed=0 transfers=0
        Ready then=None | - | waiting=0 ready=1 | answered=0 missed=0 transfers=0
        Ready then=None | - | waiting=1 ready=1 | answered=0 missed=0 transfers=0
        Ringing then=None | C17 Ringing warning=None waited=14000/5000ms overdue=false | waiting=1 ready=0 | answered=0 missed=0 transfers=0
        Talking then=None | C17 Talking warning=None waited=14000/5000ms overdue=false | waiting=0 ready=0 | answered=1 missed=0 transfers=0
        Talking then=None | C17 Talking warning=Soon waited=14000/5000ms overdue=false | waiting=0 ready=0 | answered=1 missed=0 transfers=0
        Talking then=None | C17 Talking warning=Over waited=14000/5000ms overdue=false | waiting=0 ready=0 | answered=1 missed=0 transfers=0
        WrapUp then=None | C17 WrapUp warning=Over waited=14000/5000ms overdue=false | waiting=0 ready=0 | answered=1 missed=0 transfers=0
        WrapUp then=Some(Lunch) | C17 WrapUp warning=Over waited=14000/5000ms overdue=false | waiting=0 ready=0 | answered=1 missed=0 transfers=0
        WrapUp then=Some(Lunch) | C17 WrapUp warning=Over waited=14000/5000ms overdue=true | waiting=0 ready=0 | answered=1 missed=0 transfers=0
        WrapUp then=Some(Lunch) | C17 WrapUp warning=Over waited=14000/5000ms overdue=false | waiting=0 ready=0 | answered=1 missed=0 transfers=0
        Ready then=None | - | waiting=0 ready=1 | answered=1 missed=0 transfers=0
        NotReady then=None | - | waiting=0 ready=0 | answered=1 missed=0 transfers=0
    "#]].assert_eq(&seen);
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole view, as it is sent")]
fn what_the_assistant_heard_is_on_the_ringing_desk() {
    let mut room = Room::new();
    room.on_duty("anna")
        .arrives()
        .after_s(9)
        .says_scrap()
        .queued(EntryCause::Assistant);
    room.after_s(1).rings("anna").after_s(2);
    check(
        expect![[r#"
            {
              "now_ms": 1795330812000,
              "organisation": "Министерство",
              "operator": {
                "login": "anna",
                "full_name": "Иванова Анна Сергеевна",
                "position": "специалист",
                "is_supervisor": true,
                "state": "ringing",
                "reason": null,
                "pause_until_at_ms": null,
                "then": null,
                "since_at_ms": 1795330810000,
                "is_phone_reachable": true
              },
              "call": {
                "call": "C17",
                "stage": "ringing",
                "line": {
                  "id": "100",
                  "title": "Консультация по услугам"
                },
                "service": {
                  "id": "scrap_licence",
                  "title": "Лицензия на лом",
                  "chosen_by": "speech"
                },
                "services": [
                  {
                    "id": "scrap_licence",
                    "title": "Лицензия на лом"
                  },
                  {
                    "id": "undetermined",
                    "title": "Услуга не определена"
                  }
                ],
                "suggested_service": null,
                "caller": "+79990000000",
                "arrived_at_ms": 1795330800000,
                "waited": {
                  "total_ms": 12000,
                  "queue_ms": 3000,
                  "is_waiting": true
                },
                "heard": [
                  {
                    "at_ms": 1795330809000,
                    "step": "service",
                    "text": "лицензия на лом",
                    "key": null,
                    "confidence_permille": 912,
                    "is_accepted": true
                  }
                ],
                "does_caller_write": false,
                "written": [],
                "transcript": {
                  "depth": null,
                  "is_lost": false,
                  "lines": []
                },
                "assistant": "to_person",
                "ring_until_at_ms": 1795330830000,
                "talk_since_at_ms": null,
                "talk_ms": null,
                "talk_warning": "none",
                "talk_limits_ms": [
                  480000,
                  600000
                ],
                "steps": [],
                "answers": [],
                "own_words": [],
                "fields": {},
                "referred_to": null,
                "disposition": null,
                "suggested_outcome": "answered",
                "wrap_up": null,
                "transfers": [],
                "consultation": null,
                "is_caller_present": true,
                "supervisor": null
              },
              "serves": [
                "consultation"
              ],
              "answered_by_another": null,
              "messages": [],
              "supervising": null,
              "outside": null,
              "today": {
                "answered": 0,
                "missed": 0,
                "transfers": 0,
                "mean_talk_ms": null
              }
            }"#]],
        &room.view("anna"),
    );
}

#[test]
fn a_suggested_service_waits_for_the_operator() {
    let mut room = Room::new();
    room.on_duty("anna").arrives().fact(Event::TopicSuggested {
        call: CALL,
        service: "scrap_licence".into(),
        confidence_permille: 871,
    });
    room.queued(EntryCause::Assistant).rings("anna");
    let suggested = |room: &Room| {
        let suggested = room.view("anna").call.unwrap().suggested_service;
        suggested.map(|s| (s.id, s.confidence_permille))
    };
    assert_eq!(suggested(&room), Some(("scrap_licence".to_owned(), 871)));
    room.fact(Event::ServiceChosen {
        call: CALL,
        service: events::ServiceId::undetermined(),
        by: ChosenBy::Operator,
    });
    assert_eq!(suggested(&room), None, "the operator has decided");
    room.fact(Event::TopicSuggested {
        call: CALL,
        service: "technical_support".into(),
        confidence_permille: 900,
    });
    assert_eq!(suggested(&room), None, "not a service of this line");
}

#[test]
fn a_handed_over_caller_is_told_about_and_both_desks_are_kept_apart() {
    let mut room = Room::new();
    room.on_duty("anna")
        .on_duty("oleg")
        .arrives()
        .says_scrap()
        .queued(EntryCause::Assistant);
    room.rings("anna").talks("anna", waits(3, 3)).after_s(30);
    room.fact(Event::ScriptStepTicked {
        call: CALL,
        operator: "anna".into(),
        script: "scrap_licence".into(),
        step: "greeting".into(),
        done: true,
    });
    room.fact(Event::CallTransferred {
        call: CALL,
        from: "anna".into(),
        to: TransferTarget::Operator("oleg".into()),
        kind: TransferKind::Blind,
    });
    room.parts("anna", HungUpBy::Transfer, 30)
        .queued(EntryCause::Transfer)
        .rings("oleg");
    let (anna, oleg) = (
        room.view("anna").call.unwrap(),
        room.view("oleg").call.unwrap(),
    );
    assert_eq!(
        (anna.stage, oleg.stage),
        (CallStage::WrapUp, CallStage::Ringing)
    );
    assert_eq!((anna.steps.len(), oleg.steps.len()), (1, 0));
    assert_eq!(anna.suggested_outcome, CallOutcome::Transferred);
    assert_eq!(oleg.suggested_outcome, CallOutcome::Answered);
    check(
        expect![[r#"
            [
              {
                "at_ms": 1795330830000,
                "from": "Иванова Анна Сергеевна",
                "to": "Петров Олег Ильич",
                "is_to_queue": false
              }
            ]"#]],
        &oleg.transfers,
    );
    assert_eq!(room.view("anna").today.transfers, 1);
    // The caller leaves while the second phone rings: the talk was answered, the segment ends.
    room.fact(Event::OfferMissed {
        call: CALL,
        operator: "oleg".into(),
        why: MissedWhy::CallerLeft,
    })
    .fact(Event::QueueLeft {
        call: CALL,
        queue: "consultation".into(),
        cause: UnansweredCause::Abandoned,
    })
    .fact(Event::CallEnded {
        call: CALL,
        cause: EndCause::CallerHungUp,
        waits: waits(3, 3),
    });
    assert_eq!(room.view("oleg").operator.state, OperatorState::Ready);
    assert_eq!(room.view("oleg").today.missed, 0, "not the operator's miss");
    assert!(!room.view("anna").call.unwrap().is_caller_present);
}

#[test]
fn a_missed_offer_frees_the_desk_since_when_it_was_free() {
    let mut room = Room::new();
    let before = room.on_duty("anna").view("anna").operator.since_at_ms;
    room.after_s(60)
        .arrives()
        .queued(EntryCause::Assistant)
        .rings("anna")
        .after_s(20);
    room.fact(Event::OfferMissed {
        call: CALL,
        operator: "anna".into(),
        why: MissedWhy::RingTimeout,
    });
    assert_eq!(room.view("anna").operator.since_at_ms, before);
    let rona = Event::OperatorNotReady {
        operator: "anna".into(),
        reason: NotReadyReason::Rona,
        until: None,
    };
    let view = room.fact(rona).view("anna");
    assert_eq!(view.operator.reason, Some(NotReadyReason::Rona));
    assert_eq!(view.today.missed, 1);
    assert_eq!(room.desk.room().queues[0].waiting, 1);
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole view, as it is sent")]
fn the_board_counts_the_day_and_shows_no_number_of_a_caller() {
    let mut room = Room::new();
    room.on_duty("anna").arrives();
    assert_eq!(room.desk.board(room.now).with_assistant, 1);
    room.queued(EntryCause::Assistant).after_s(40);
    room.fact(Event::CallUnanswered {
        call: CALL,
        cause: UnansweredCause::Abandoned,
        waits: waits(40, 40),
    })
    .fact(Event::CallEnded {
        call: CALL,
        cause: EndCause::CallerHungUp,
        waits: waits(40, 40),
    });
    room.arrives()
        .queued(EntryCause::Assistant)
        .after_s(6)
        .rings("anna");
    room.talks("anna", waits(6, 6)).after_s(600);
    let board = room.desk.board(room.now);
    assert!(!serde_json::to_string(&board).unwrap().contains("+7999"));
    check(
        expect![[r#"
            {
              "now_ms": 1795331446000,
              "organisation": "Министерство",
              "with_assistant": 0,
              "queues": [
                {
                  "id": "consultation",
                  "title": "Консультация",
                  "is_open": true,
                  "waiting": 0,
                  "kept": 0,
                  "longest_since_at_ms": null,
                  "ready": 0,
                  "signed_in": 1,
                  "answered_today": 1,
                  "unanswered_today": 1,
                  "service_level_permille": 1000,
                  "service_level_now_permille": 1000
                }
              ],
              "operators": [
                {
                  "login": "anna",
                  "full_name": "Иванова Анна Сергеевна",
                  "position": "специалист",
                  "is_supervisor": true,
                  "state": "talking",
                  "reason": null,
                  "pause_until_at_ms": null,
                  "then": null,
                  "since_at_ms": 1795330846000,
                  "is_phone_reachable": true,
                  "call": {
                    "call": "C17",
                    "stage": "talking",
                    "line": "Консультация по услугам",
                    "service": "Услуга не определена",
                    "talk_warning": "soon",
                    "supervision": null
                  },
                  "today": {
                    "answered": 1,
                    "missed": 0,
                    "transfers": 0,
                    "mean_talk_ms": null
                  }
                },
                {
                  "login": "oleg",
                  "full_name": "Петров Олег Ильич",
                  "position": "специалист",
                  "is_supervisor": false,
                  "state": "signed_out",
                  "reason": null,
                  "pause_until_at_ms": null,
                  "then": null,
                  "since_at_ms": null,
                  "is_phone_reachable": false,
                  "call": null,
                  "today": {
                    "answered": 0,
                    "missed": 0,
                    "transfers": 0,
                    "mean_talk_ms": null
                  }
                }
              ],
              "today": {
                "offered": 2,
                "answered": 1,
                "unanswered": 1,
                "unanswered_by_cause": [
                  {
                    "cause": "abandoned",
                    "calls": 1
                  }
                ],
                "mean_wait_ms": 6000,
                "service_level_permille": 1000,
                "service_level_now_permille": 1000
              }
            }"#]],
        &board,
    );
    room.after_s(86_400);
    let tomorrow = room.desk.board(room.now).today;
    assert_eq!(
        (tomorrow.offered, tomorrow.answered, tomorrow.mean_wait_ms),
        (0, 0, None)
    );
}

#[test]
fn ten_minutes_are_not_too_long_and_more_is() {
    let mut room = Room::new();
    room.on_duty("anna")
        .arrives()
        .queued(EntryCause::Assistant)
        .rings("anna");
    room.talks("anna", waits(0, 0));
    let began = room.now;
    let at = |ms: u64| {
        let view = room.desk.view(&"anna".into(), began.plus_ms(ms)).unwrap();
        view.call.unwrap().talk_warning
    };
    assert_eq!(at(479_999), TalkWarning::None);
    assert_eq!(at(480_000), TalkWarning::Soon);
    assert_eq!(at(599_999), TalkWarning::Soon);
    assert_eq!(at(600_000), TalkWarning::Soon);
    assert_eq!(at(600_001), TalkWarning::Over);
}

#[test]
fn whoever_is_called_back_comes_to_the_desk_with_their_number() {
    let mut room = Room::new();
    let line = events::LineId::new("100");
    let service = events::ServiceId::undetermined();
    room.fact(Event::Placed(PlacedEvent::Dialled {
        call: CALL,
        leg: LegId(1),
        trunk: "loopback".into(),
        line: line.clone(),
        service: service.clone(),
        to: Pii::new("+79990000000".into()),
        why: events::PlacedWhy::Callback,
        notification: None,
        case: None,
    }));
    assert_eq!(room.desk.board(room.now).with_assistant, 0);
    room.fact(Event::Placed(PlacedEvent::HandedOver {
        call: CALL,
        leg: LegId(1),
        line,
        service,
        trunk: "loopback".into(),
    }));
    let call = &room.desk.calls[&CALL];
    assert!(call.connected.is_some());
    assert!(room.desk.placed.is_empty());
}

#[test]
fn a_consultation_is_seen_on_both_desks_and_leaves_the_consulted_free() {
    let mut room = Room::new();
    room.on_duty("anna")
        .on_duty("oleg")
        .arrives()
        .says_scrap()
        .queued(EntryCause::Assistant);
    room.rings("anna").talks("anna", waits(3, 3)).after_s(30);
    let (operator, with) = (OperatorId::new("anna"), Some(OperatorId::new("oleg")));
    let until = room.now.plus_ms(20_000);
    room.fact(Event::TalkHeld {
        call: CALL,
        operator: operator.clone(),
    })
    .fact(Event::Consultation(events::ConsultationEvent::Started {
        call: CALL,
        operator: operator.clone(),
        to: TransferTarget::Operator("oleg".into()),
        with: with.clone(),
        until,
    }));
    let (anna, oleg) = (room.view("anna"), room.view("oleg").call.unwrap());
    assert_eq!(anna.call.as_ref().unwrap().stage, CallStage::Held);
    assert_eq!(oleg.stage, CallStage::Ringing);
    let (mine, asked) = (
        anna.call.unwrap().consultation.unwrap(),
        oleg.consultation.unwrap(),
    );
    assert_eq!((mine.is_mine, asked.is_mine), (true, false));
    assert_eq!(mine.with, "Петров Олег Ильич");
    assert_eq!(asked.operator, "Иванова Анна Сергеевна");
    assert_eq!(mine.ring_until_at_ms, Some(view::ms(until)));

    room.fact(Event::Consultation(events::ConsultationEvent::Answered {
        call: CALL,
        operator: operator.clone(),
        with: with.clone(),
    }));
    let oleg = room.view("oleg");
    assert_eq!(oleg.operator.state, OperatorState::Consulted);
    assert_eq!(oleg.call.unwrap().stage, CallStage::Consulted);
    room.after_s(5)
        .fact(Event::Consultation(events::ConsultationEvent::Ended {
            call: CALL,
            operator: operator.clone(),
            with,
            outcome: events::ConsultationOutcome::Cancelled,
            consulted_ms: Millis(5_000),
        }))
        .fact(Event::TalkResumed {
            call: CALL,
            operator,
        });
    let (anna, oleg) = (room.view("anna").call.unwrap(), room.view("oleg"));
    assert_eq!((anna.stage, anna.consultation), (CallStage::Talking, None));
    assert_eq!(oleg.operator.state, OperatorState::Ready);
    assert!(oleg.call.is_none());
    assert_eq!(oleg.today.missed, 0);
}
