//! A wait told from its facts.

use acd::{Command, LineSettings, Need, QueueSettings};
use events::{
    CallId, CallOutcome, DialogueOutcome, DialoguePurpose, EndCause, LegId, NeedCode,
    NotReadyReason, Strategy, TransferTarget,
};
use expect_test::{Expect, expect};

use super::*;

/// A distribution whose facts go into a journal.
struct Shift {
    acd: Acd,
    now: Timestamp,
    journal: Vec<Record>,
}

impl Shift {
    fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default();
        let queue = QueueSettings {
            operators: ["anna", "oleg", "vera"].map(OperatorId::new).into(),
            ..QueueSettings::default()
        };
        settings.queues.insert("consultation".into(), queue);
        let line = LineSettings::new("consultation", ["licence"]);
        settings.lines.insert("100".into(), line);
        change(&mut settings);
        let acd = Acd::new(settings);
        let catalogue = Event::CatalogueLoaded(acd.settings().catalogue());
        let mut shift = Self {
            acd,
            now: Timestamp(0),
            journal: Vec::new(),
        };
        shift.acd.apply(shift.now, &catalogue);
        shift.write(catalogue);
        shift
    }

    fn write(&mut self, event: Event) {
        let seq = u64::try_from(self.journal.len()).unwrap() + 1;
        self.journal.push(Record {
            seq,
            at: self.now,
            event,
        });
    }

    fn after_s(&mut self, s: u64) -> &mut Self {
        self.now = self.now.plus_ms(s * 1_000);
        self.does(Command::Tick)
    }

    fn does(&mut self, command: Command) -> &mut Self {
        let mut facts = Vec::new();
        self.acd.handle(self.now, command, &mut facts).unwrap();
        facts.into_iter().for_each(|fact| self.write(fact));
        self
    }

    fn ready(&mut self, operator: &str) -> &mut Self {
        let id = || OperatorId::new(operator);
        self.does(Command::PhoneUp { operator: id() })
            .does(Command::SignIn { operator: id() })
            .does(Command::BecomeReady { operator: id() })
    }

    fn queues(&mut self, number: u64) -> &mut Self {
        let call = CallId(number);
        self.does(Command::CallArrives {
            call,
            leg: LegId(number),
            line: "100".into(),
            trunk: "trunk".into(),
            caller: None,
        })
        .does(Command::CallerConnected { call })
        .does(Command::DialogueEnds {
            call,
            purpose: DialoguePurpose::Assistant,
            outcome: DialogueOutcome::ToPerson,
            notice_played: true,
        })
    }

    fn takes(&mut self, operator: &str, number: u64) -> &mut Self {
        let (call, operator) = (CallId(number), OperatorId::new(operator));
        self.does(Command::OperatorAnswers {
            call,
            operator: operator.clone(),
        })
        .does(Command::Bridged { call, operator })
    }

    fn leaves(&mut self, number: u64) -> &mut Self {
        self.does(Command::CallerGone {
            call: CallId(number),
            cause: EndCause::CallerHungUp,
        })
    }

    fn notes(&mut self, operator: &str, number: u64) -> &mut Self {
        self.does(Command::SetDisposition {
            call: CallId(number),
            operator: operator.into(),
            outcome: CallOutcome::Answered,
            need: NeedCode::Information,
            client: None,
        })
        .does(Command::FinishWrapUp {
            operator: operator.into(),
        })
    }

    fn told(&self, number: u64, expected: &Expect) {
        let mut why = Why::new(CallId(number));
        self.journal.iter().for_each(|record| why.see(record));
        expected.assert_eq(&why.text());
    }
}

#[test]
fn a_wait_is_told_with_what_each_operator_did_meanwhile() {
    let mut shift = Shift::new(|_| {});
    shift.ready("anna").ready("oleg").queues(1).takes("anna", 1);
    shift.does(Command::BecomeNotReady {
        operator: "oleg".into(),
        reason: NotReadyReason::Lunch,
    });
    shift.after_s(5).queues(2).queues(3);
    shift.after_s(60).leaves(2);
    shift.after_s(7).leaves(1);
    shift.after_s(20).ready("oleg");
    shift.after_s(20).ready("vera").takes("vera", 3);
    shift.told(
        3,
        &expect![[r#"
        Звонок C3
          +0:00,000  встал в очередь consultation от помощника
                     в очереди 2-й, впереди C2
                     anna: разговаривает, звонок C1
                     oleg: не готов: обед
                     vera: не на рабочем месте
          +1:00,000  в очереди первый
          +1:07,000  anna: оформляет звонок C1
          +1:27,000  звонок предложен oleg: единственный свободный, свободен 0 с
          +1:47,000  oleg не взял: не ответил вовремя
                     звонок предложен vera: единственный свободный, свободен 0 с
                     соединён с vera, в очереди ждал 1 мин 47 с
    "#]],
    );
    shift.told(
        2,
        &expect![[r#"
        Звонок C2
          +0:00,000  встал в очередь consultation от помощника
                     в очереди первый
                     anna: разговаривает, звонок C1
                     oleg: не готов: обед
                     vera: не на рабочем месте
          +1:00,000  остался без ответа: бросил в очереди, в очереди ждал 1 мин 0 с
    "#]],
    );
}

#[test]
fn those_who_were_free_and_not_chosen_are_named_with_what_was_compared() {
    let mut shift = Shift::new(|settings| {
        let queue = settings.queues.get_mut(&"consultation".into()).unwrap();
        queue.strategy = Strategy::FewestCalls;
    });
    shift.ready("anna").queues(1).takes("anna", 1).leaves(1);
    shift.after_s(50).notes("anna", 1).ready("oleg").after_s(10);
    shift.ready("vera").queues(2);
    shift.told(
        2,
        &expect![[r#"
        Звонок C2
          +0:00,000  встал в очередь consultation от помощника
                     звонок предложен oleg: меньше всех звонков за смену: 0, из 3 свободных
                     anna не выбран: свободен 10 с, звонков за смену 1, занят 83 % смены
                     vera не выбран: свободен 0 с, звонков за смену 0, занят 0 % смены
                     в очереди первый
    "#]],
    );
}

#[test]
fn needs_and_their_relaxation_are_told() {
    let skill = |level| SkillLevel {
        skill: "metal".into(),
        level,
    };
    let mut shift = Shift::new(|settings| {
        settings.skills.insert("vera".into(), vec![skill(3)]);
        settings.lines.get_mut(&"100".into()).unwrap().priority = 2;
        let queue = settings.queues.get_mut(&"consultation".into()).unwrap();
        let circle = |after_s, skills| Circle {
            after_ms: Millis::from_s(after_s),
            only: None,
            skills,
        };
        queue.needs = vec![Need {
            services: std::collections::BTreeSet::new(),
            circles: vec![circle(0, vec![skill(5)]), circle(40, Vec::new())],
        }];
    });
    shift.ready("vera").queues(1).after_s(40);
    shift.told(
        1,
        &expect![[r#"
        Звонок C1
          +0:00,000  встал в очередь consultation от помощника
                     приоритет 2: место как у пришедшего на 2 мин 0 с раньше
                     кому можно звонить сразу: тем, у кого есть metal не ниже 5
                     кому можно звонить через 40 с: любому
                     в очереди первый
                     anna: не на рабочем месте
                     oleg: не на рабочем месте
                     vera: свободен, но нужен навык metal не ниже 5, а у него 3
          +0:40,000  круг расширен: любому
                     звонок предложен vera: единственный свободный, свободен 40 с
    "#]],
    );
}

#[test]
fn a_call_that_never_waited_says_so() {
    let shift = Shift::new(|_| {});
    shift.told(
        9,
        &expect![[r#"
        Звонок C9
        Этот звонок не стоял в очереди: сотрудника он не ждал.
    "#]],
    );
}

fn asks(shift: &mut Shift, operator: &str, number: u64, step: acd::ConsultStep) {
    shift.does(Command::Consult {
        call: CallId(number),
        operator: operator.into(),
        step,
    });
}

#[test]
fn a_consultation_is_told_with_why_that_colleague_and_no_other() {
    let mut shift = Shift::new(|_| {});
    shift.ready("anna").queues(1).takes("anna", 1);
    shift.after_s(10).ready("oleg").after_s(20);
    shift.ready("vera").does(Command::BecomeNotReady {
        operator: "vera".into(),
        reason: NotReadyReason::Lunch,
    });
    let queue = TransferTarget::Queue("consultation".into());
    asks(&mut shift, "anna", 1, acd::ConsultStep::Start(queue));
    shift.after_s(4).does(Command::OperatorAnswers {
        call: CallId(1),
        operator: "oleg".into(),
    });
    // Another caller waits meanwhile.
    shift.queues(2);
    shift.after_s(30);
    asks(&mut shift, "anna", 1, acd::ConsultStep::Swap);
    shift.after_s(5);
    asks(&mut shift, "anna", 1, acd::ConsultStep::Conference);
    shift.after_s(5);
    asks(&mut shift, "anna", 1, acd::ConsultStep::Complete);
    shift.told(
        1,
        &expect![[r#"
        Звонок C1
          +0:00,000  встал в очередь consultation от помощника
                     звонок предложен anna: единственный свободный, свободен 0 с
                     соединён с anna, в очереди ждал 0 с
          +0:30,000  anna советуется, клиент слышит музыку: очередь consultation, звонок у oleg
                     oleg выбран: единственный свободный, свободен 20 с
                     vera не выбран: не готов: обед
          +0:34,000  oleg ответил: говорит с anna, клиент их не слышит
          +1:04,000  anna говорит с клиентом, oleg ждёт
          +1:09,000  говорят втроём: клиент, anna и oleg
          +1:14,000  anna передал звонок: oleg, выход из конференции
                     соединён с oleg, в очереди ждал 0 с
    "#]],
    );
    shift.told(
        2,
        &expect![[r#"
        Звонок C2
          +0:00,000  встал в очередь consultation от помощника
                     в очереди первый
                     anna: разговаривает, звонок C1
                     oleg: с ним советуются, звонок C1
                     vera: не готов: обед
          +0:40,000  anna: оформляет звонок C1
                     oleg: разговаривает, звонок C1
    "#]],
    );
}

#[test]
fn a_consultation_that_comes_to_nothing_is_told_too() {
    let mut shift = Shift::new(|_| {});
    shift.ready("anna").queues(1).takes("anna", 1).ready("oleg");
    let oleg = TransferTarget::Operator("oleg".into());
    asks(&mut shift, "anna", 1, acd::ConsultStep::Start(oleg));
    shift.after_s(20);
    let body = TransferTarget::Outside(events::Pii::new("5".to_owned()));
    asks(&mut shift, "anna", 1, acd::ConsultStep::Start(body));
    shift
        .after_s(3)
        .does(Command::OutsideAnswers { call: CallId(1) });
    shift.after_s(60);
    asks(&mut shift, "anna", 1, acd::ConsultStep::Complete);
    shift.after_s(60).leaves(1);
    shift.told(
        1,
        &expect![[r#"
        Звонок C1
          +0:00,000  встал в очередь consultation от помощника
                     звонок предложен anna: единственный свободный, свободен 0 с
                     соединён с anna, в очереди ждал 0 с
                     anna советуется, клиент слышит музыку: коллегу выбрал сам: oleg
          +0:20,000  совет окончен: не ответил
                     anna советуется, клиент слышит музыку: внешний номер
          +0:23,000  внешний номер ответил: говорит с anna, клиент их не слышит
          +1:23,000  anna передал звонок: внешний номер
                     внешний номер ответил и говорит с клиентом
          +2:23,000  разговор с внешним номером окончен, длился 1 мин 0 с
    "#]],
    );
}
