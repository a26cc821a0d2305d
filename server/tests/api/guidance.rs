//! Operators' scripts at the desk: branches, fields, situations, other bodies.

use events::{CallId, Event, Pii, ScriptEvent};
use liniya::switchboard::DeskAction;

use crate::client::{cookie_of, get, post};
use crate::house::House;

const DESK: &str = "/api/v1/desk/commands";

fn noted(field: &str, value: &str) -> ScriptEvent {
    ScriptEvent::FieldNoted {
        call: CallId(17),
        operator: "talk".into(),
        field: field.into(),
        value: Some(Pii::new(value.into())),
    }
}

#[tokio::test]
async fn a_situation_has_its_script_with_this_operators_words() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "talk").await;
    let path = "/api/v1/operator-situations?service=scrap_licence";
    let scripts = get(&house.app, path, &cookie).await.json();
    let complaint = &scripts[0];
    assert_eq!(complaint["id"], "complaint");
    assert!(complaint["service"].is_null());
    let steps = complaint["steps"].as_array().unwrap();
    let greeting = steps[0]["say"].as_str().unwrap();
    assert!(!greeting.contains('{'), "{greeting}");
    let step = |id: &str| steps.iter().find(|step| step["id"] == id).unwrap();
    assert_eq!(step("wants")["answers"][0]["goto"], "substance");
    assert!(step("wants")["next"].is_null());
    assert_eq!(step("read_back")["do"], "file_complaint");
    assert_eq!(step("reply")["fields"][0]["required"], true);
    assert_eq!(scripts[1]["id"], "not_ours");
}

#[tokio::test]
async fn another_body_is_found_by_the_callers_words() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "talk").await;
    // «пенсию».
    let path = "/api/v1/bodies?q=%D0%BF%D0%B5%D0%BD%D1%81%D0%B8%D1%8E";
    let found = get(&house.app, path, &cookie).await.json();
    assert_eq!(found["bodies"][0]["id"], "social_fund");
    let all = get(&house.app, "/api/v1/bodies", &cookie).await.json();
    assert!(all["bodies"].as_array().unwrap().len() > 5);
}

#[tokio::test]
async fn what_an_operator_notes_reaches_the_distribution_as_a_fact() {
    let mut house = House::new(Ok(()));
    house.morning();
    let cookie = cookie_of(&house.app, "talk").await;
    for wish in [
        r#"{"command":"note_field","call":"C17","field":"name","value":"  Иванов  "}"#,
        r#"{"command":"answer_step","call":"C17","script":"complaint","step":"wants","answer":"solve"}"#,
        r#"{"command":"refer","call":"C17","body":"tax"}"#,
    ] {
        let reply = post(&house.app, DESK, &cookie, wish).await;
        assert_eq!(reply.status.as_u16(), 204, "{}", reply.text);
    }
    let (call, operator) = (CallId(17), "talk".into());
    let referred = ScriptEvent::Referred {
        call,
        operator,
        body: Some("tax".into()),
    };
    let wishes = house.wishes.lock().unwrap();
    assert_eq!(wishes[0], DeskAction::Script(noted("name", "Иванов")));
    assert_eq!(wishes[2], DeskAction::Script(referred));
}

#[tokio::test]
async fn the_desk_shows_what_was_noted_and_what_it_makes_probable() {
    let mut house = House::new(Ok(()));
    house.morning();
    let (call, operator) = (CallId(17), events::OperatorId::new("talk"));
    let referred = |body: Option<&str>| ScriptEvent::Referred {
        call,
        operator: operator.clone(),
        body: body.map(str::to_owned),
    };
    let answer = ScriptEvent::AnswerChosen {
        call,
        operator: operator.clone(),
        script: "complaint".into(),
        step: "wants".into(),
        answer: "solve".into(),
    };
    house
        .fact(Event::Script(noted("name", "Иванов")))
        .fact(Event::Script(answer))
        .fact(Event::Script(referred(Some("tax"))));
    let cookie = cookie_of(&house.app, "talk").await;
    let desk = get(&house.app, "/api/v1/desk", &cookie).await.json();
    assert_eq!(desk["call"]["fields"]["name"], "Иванов");
    assert_eq!(desk["call"]["answers"][0]["answer"], "solve");
    assert_eq!(desk["call"]["referred_to"], "tax");
    assert_eq!(desk["call"]["suggested_outcome"], "way_given");
    house.fact(Event::Script(referred(None)));
    let desk = get(&house.app, "/api/v1/desk", &cookie).await.json();
    assert!(desk["call"]["referred_to"].is_null());
}
