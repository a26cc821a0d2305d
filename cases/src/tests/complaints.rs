//! Complaints (rows #36, #37), callbacks (row #16), and what is said of a number.

use events::{
    CallbackOutcome, CaseEvent, CaseId, CaseNumber, OperatorId, Pii, ServiceId, TaskKind,
    TaskOutcome, TaskReply, TaskRequest, Value,
};

use super::{House, at, date, number_of, text, time};
use crate::{Asker, Decision, Wish};

fn dictated(words: &str) -> Value {
    Value::Dictation {
        file: "C1-name.wav".into(),
        words: words.into(),
    }
}

fn whole() -> Vec<(&'static str, Value)> {
    vec![
        ("name", dictated("Ромашка")),
        ("reply_to", dictated("")),
        ("substance", dictated("не ответили в срок")),
        ("inform_by", Value::Choice("email".into())),
    ]
}

#[test]
fn a_complaint_without_a_required_field_is_none_and_optional_ones_do_not_block() {
    for missing in ["name", "reply_to", "substance", "inform_by"] {
        let mut house = House::at("2026-11-23 12:00");
        let mut given = whole();
        given.retain(|(name, _)| *name != missing);
        let reply = house.ask(1, TaskKind::FileComplaint, &given);
        assert_eq!(reply.outcome, TaskOutcome::Refused, "{missing}");
        assert!(house.journal.is_empty());
        let blank = Value::Dictation {
            file: String::new(),
            words: " ".into(),
        };
        given.push((missing, blank));
        let reply = house.ask(1, TaskKind::FileComplaint, &given);
        assert_eq!(reply.outcome, TaskOutcome::Refused, "{missing} left blank");
    }
    let mut house = House::at("2026-11-23 12:00");
    let reply = house.ask(1, TaskKind::FileComplaint, &whole());
    assert_eq!(reply.outcome, TaskOutcome::Done);
    let CaseEvent::ComplaintFiled {
        fields, recordings, ..
    } = &house.journal[0].1
    else {
        panic!("no complaint");
    };
    assert_eq!(fields.expose()["substance"], "не ответили в срок");
    assert_eq!(recordings["reply_to"], "C1-name.wav");
    assert!(!fields.expose().contains_key("official"));
}

#[test]
fn it_goes_to_whoever_answers_for_the_service_and_is_due_in_thirty_days() {
    let mut house = House::at("2026-12-15 23:59");
    let mut given = whole();
    given.push(("service", Value::Choice("scrap_licence".into())));
    let reply = house.ask(1, TaskKind::FileComplaint, &given);
    assert_eq!(reply.values.expose()["due"], date("2027-01-14"));
    house.now = at("2026-12-16 00:00");
    let reply = house.ask(1, TaskKind::FileComplaint, &whole());
    assert_eq!(reply.values.expose()["due"], date("2027-01-15"));
    let responsible: Vec<&str> = house
        .cases
        .ledger()
        .complaints()
        .map(|(_, complaint)| complaint.responsible.as_str())
        .collect();
    let mut sorted = responsible.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["Громов", "Соколова"]);
}

#[test]
fn without_anybody_who_answers_no_complaint_is_taken() {
    let mut house = House::at("2026-11-23 12:00");
    let mut settings = house.cases.settings().clone();
    settings.responsible.clear();
    house.cases = crate::Cases::new(settings, crate::Ledger::default());
    let reply = house.ask(1, TaskKind::FileComplaint, &whole());
    assert_eq!(reply.outcome, TaskOutcome::Unavailable);
}

fn status(house: &House, number: &CaseNumber) -> Decision {
    let asker = Asker {
        call: None,
        service: ServiceId::undetermined(),
        phone: None,
    };
    let given = events::Values::from([("number".to_owned(), Value::Case(number.clone()))]);
    let request = TaskRequest {
        task: TaskKind::CheckStatus,
        arguments: Pii::new(given),
    };
    house.cases.decide(house.now, &asker, &request)
}

#[test]
fn a_complaint_has_a_status_and_is_answered_once() {
    let mut house = House::at("2026-11-23 12:00");
    let number = number_of(&house.ask(1, TaskKind::FileComplaint, &whole()));
    let said = |house: &House| {
        let Decision::Answer(_, TaskReply { values, .. }) = status(house, &number) else {
            panic!("our own number is not for the registers");
        };
        values.expose()["status"].clone()
    };
    assert_eq!(said(&house), Value::Text("жалоба на рассмотрении".into()));
    let answer = Wish::AnswerComplaint(number.case().unwrap(), OperatorId::new("anna"));
    let fact = house.cases.wish(&answer).unwrap();
    house.cases.apply(house.now, &fact);
    assert_eq!(
        said(&house),
        Value::Text("жалоба рассмотрена, ответ направлен".into())
    );
    let again = house.cases.wish(&answer).unwrap_err();
    assert_eq!(again, format!("Жалоба {number} уже закрыта"));
    let stranger = CaseNumber::of(CaseId(7));
    assert_eq!(status(&house, &stranger), Decision::Register(stranger));
}

#[test]
fn the_responsible_person_is_told_at_once_and_before_the_term_ends() {
    use crate::notify::Command;
    let mut house = House::at("2026-11-23 12:00");
    house.ask(1, TaskKind::FileComplaint, &whole());
    let fact = house.journal[0].1.clone();
    let plans: Vec<_> = house
        .cases
        .notices(house.now, &fact)
        .into_iter()
        .map(|command| {
            let Command::Plan(plan) = command else {
                panic!("{command:?}");
            };
            plan
        })
        .collect();
    let [filed, due] = &plans[..] else {
        panic!("{plans:?}");
    };
    assert_eq!(
        (filed.not_before, filed.until),
        (house.now, at("2026-11-27 00:00"))
    );
    assert_eq!(due.not_before, at("2026-12-18 09:00"));
    assert_eq!(
        due.until,
        at("2026-12-24 00:00"),
        "the end of 23 December, day 30"
    );
    let case = fact.case();
    assert_eq!(due.key, format!("complaint/{}/due", case.0));
    let answered = CaseEvent::ComplaintAnswered {
        case,
        operator: OperatorId::new("anna"),
    };
    let keys = format!("complaint/{}/", case.0);
    assert_eq!(
        house.cases.notices(house.now, &answered),
        [Command::Withdraw { keys }]
    );
}

#[test]
fn whoever_complained_gets_one_receipt_by_the_first_way_that_reaches_them() {
    use events::Channel;
    let receipts = |reply_to: Value, phone: Option<&str>| {
        let mut house = House::at("2026-11-23 12:00");
        let mut given = whole();
        given.retain(|(name, _)| *name != "reply_to");
        given.push(("reply_to", reply_to));
        let asker = Asker {
            call: None,
            service: ServiceId::new("appointment"),
            phone: phone.map(|phone| Pii::new(phone.into())),
        };
        house.ask_as(&asker, TaskKind::FileComplaint, &given);
        house.cases.receipts(house.now, &house.journal[0].1.clone())
    };
    let ways = |plans: &[crate::notify::Plan]| -> Vec<(Channel, String)> {
        let way = |plan: &crate::notify::Plan| (plan.channel, plan.to.text().expose().clone());
        plans.iter().map(way).collect()
    };
    let phone = "+79161234567".to_owned();
    let both = receipts(Value::Text("ivan@example.org".into()), Some("89161234567"));
    assert_eq!(
        ways(&both),
        [
            (Channel::Email, "ivan@example.org".to_owned()),
            (Channel::Sms, phone.clone()),
            (Channel::Voice, phone.clone()),
        ]
    );
    let dictated = receipts(dictated(""), Some("89161234567"));
    assert_eq!(
        ways(&dictated),
        [(Channel::Sms, phone.clone()), (Channel::Voice, phone)]
    );
    assert_eq!(receipts(text("Казань"), None), []);
    // Number and term within 24 hours; who has just heard them is not rung at once.
    let [letter, _, call] = &both[..] else {
        panic!("{both:?}");
    };
    assert_eq!(letter.values.expose()["due"], "2026-12-23");
    let number = CaseNumber::of(letter.case.unwrap());
    assert_eq!(letter.values.expose()["number"], number.digits());
    assert_eq!(letter.not_before, at("2026-11-23 12:00"));
    assert_eq!(call.not_before, at("2026-11-23 12:30"));
    assert_eq!(call.until, at("2026-11-24 12:00"));
    assert!(both.iter().all(|plan| plan.key == letter.key), "told once");
    let withdrawn = format!("complaint/{}/", letter.case.unwrap().0);
    assert!(letter.key.starts_with(&withdrawn), "{}", letter.key);
}

/// From, until and the day said.
fn window(now: &str, given: &[(&str, Value)]) -> Result<(String, String), TaskOutcome> {
    let mut house = House::at(now);
    let reply = house.ask(1, TaskKind::RequestCallback, given);
    if reply.outcome != TaskOutcome::Done {
        return Err(reply.outcome);
    }
    let CaseEvent::CallbackRequested {
        not_before, until, ..
    } = &house.journal[0].1
    else {
        panic!("no callback");
    };
    let show = |at| {
        let day = events::Date::at(at, super::OFFSET_MIN);
        format!("{day} {}", events::TimeOfDay::at(at, super::OFFSET_MIN))
    };
    assert_eq!(super::said(reply.values.expose()), show(*not_before));
    Ok((show(*not_before), show(*until)))
}

#[test]
fn a_callback_is_within_a_day_and_within_working_hours() {
    let ok = |from: &str, until: &str| Ok((from.to_owned(), until.to_owned()));
    let table = [
        // In the day, near its end, in the evening.
        (
            "2026-11-23 12:00",
            ok("2026-11-23 12:00", "2026-11-23 17:45"),
        ),
        (
            "2026-11-23 17:14",
            ok("2026-11-23 17:14", "2026-11-23 17:45"),
        ),
        (
            "2026-11-23 17:30",
            ok("2026-11-24 09:00", "2026-11-24 17:30"),
        ),
        (
            "2026-11-23 23:59",
            ok("2026-11-24 09:00", "2026-11-24 17:45"),
        ),
        (
            "2026-11-24 03:00",
            ok("2026-11-24 09:00", "2026-11-24 17:45"),
        ),
        // Nobody works within 24 hours: the first hours that are worked.
        (
            "2026-11-20 18:00",
            ok("2026-11-23 09:00", "2026-11-23 17:45"),
        ),
        (
            "2026-12-30 18:00",
            ok("2027-01-11 09:00", "2027-01-11 17:45"),
        ),
        // The eve of a holiday.
        (
            "2026-11-03 12:00",
            ok("2026-11-03 12:00", "2026-11-03 16:45"),
        ),
    ];
    for (now, expected) in table {
        assert_eq!(window(now, &[]), expected, "{now}");
    }
}

#[test]
fn a_wished_time_is_kept_if_anybody_works_then() {
    let ok = |from: &str, until: &str| Ok((from.to_owned(), until.to_owned()));
    let now = "2026-11-23 12:00";
    let at_time = |t| vec![("time", time(t))];
    assert_eq!(
        window(now, &at_time("15:00")),
        ok("2026-11-23 15:00", "2026-11-23 17:45")
    );
    assert_eq!(
        window(now, &at_time("10:00")),
        ok("2026-11-24 10:00", "2026-11-24 17:45")
    );
    assert_eq!(
        window(now, &at_time("20:00")),
        ok("2026-11-24 09:00", "2026-11-24 17:45")
    );
    let on = |d| vec![("date", date(d))];
    assert_eq!(
        window(now, &on("2026-11-23")),
        ok("2026-11-23 12:00", "2026-11-23 17:45")
    );
    assert_eq!(
        window(now, &on("2026-11-26")),
        ok("2026-11-26 09:00", "2026-11-26 17:45")
    );
    assert_eq!(window(now, &on("2026-11-22")), Err(TaskOutcome::Refused));
    assert_eq!(window(now, &on("2027-11-22")), Err(TaskOutcome::Refused));
    let past = [("date", date("2026-11-23")), ("time", time("10:00"))];
    assert_eq!(window(now, &past), Err(TaskOutcome::Refused));
}

#[test]
fn a_callback_needs_a_number_and_ends_once() {
    let mut house = House::at("2026-11-23 12:00");
    let nobody = Asker {
        call: None,
        service: ServiceId::undetermined(),
        phone: None,
    };
    let reply = house.ask_as(&nobody, TaskKind::RequestCallback, &[]);
    assert_eq!(reply.outcome, TaskOutcome::Refused);
    let given = [("phone", Value::Phone("+74950000000".into()))];
    let reply = house.ask_as(&nobody, TaskKind::RequestCallback, &given);
    let case = number_of(&reply).case().unwrap();
    let wish = Wish::EndCallback(case, CallbackOutcome::Connected);
    let fact = house.cases.wish(&wish).unwrap();
    house.cases.apply(house.now, &fact);
    assert!(house.cases.wish(&wish).unwrap_err().contains("уже закрыт"));
}
