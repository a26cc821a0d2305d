//! Callers: by voice, by keys only, silent, gone.

use events::{ChosenBy, DialogueOutcome, EndCause, Event, SkippedWhy, UnansweredCause};
use serde_json::json;
use tests::sound;

use crate::story::House;

/// The whole way: assistant, operator, recording, wrap-up, rating, and every number of it.
#[test]
fn one_call_the_whole_way() {
    let mut house = House::open();
    let call = house.call("100");
    house.caller.press("2");
    house.journal.wait("the licence", |e| {
        matches!(e, Event::ServiceChosen { service, by: ChosenBy::Key, .. } if service.as_str() == "scrap_licence")
    });
    house.ask_for_a_person();
    house.talk();

    let view = house.desk.view();
    assert_eq!(view["call"]["service"]["id"], "scrap_licence", "{view:#}");
    house.desk.command(&json!({"command": "disposition", "call": call.to_string(), "outcome": "answered", "need": "2"}));
    house.caller.tone(0);
    house.operator.hang_up();
    house.journal.wait("the rating question", |e| {
        matches!(
            e,
            Event::DialogueStarted {
                purpose: events::DialoguePurpose::Rating,
                ..
            }
        )
    });
    house.caller.hears_something();
    house.caller.press("5");
    house.journal.wait("the rating", |e| {
        matches!(e, Event::CallRated { score: 5, .. })
    });
    house.caller.wait("closed");
    house.wait_for_the_end();

    the_recording_has_the_caller_left_and_the_operator_right(&house);
    the_numbers_agree(&house);
    the_row_of_the_call_has_it_all(&house, call);
    the_ladder_shows_the_walk(&house, call);
}

fn the_recording_has_the_caller_left_and_the_operator_right(house: &House) {
    let folder = house.server.folder().join("recordings");
    let file = std::fs::read_dir(&folder)
        .unwrap()
        .next()
        .expect("a recording")
        .unwrap()
        .path();
    let (caller, operator, rate) = sound::stereo(&file);
    assert!(
        sound::seconds_of_tone(&operator, rate, 440) < 0.1,
        "nothing of the caller on the right"
    );
    assert_eq!(rate, 8000);
    assert!(
        sound::seconds_of_tone(&caller, rate, 440) > 0.4,
        "the caller's tone on the left"
    );
    assert!(
        sound::seconds_of_tone(&operator, rate, 700) > 0.4,
        "the operator's tone on the right"
    );
    assert!(
        sound::seconds_of_tone(&caller, rate, 700) < 0.1,
        "nothing of the operator on the left"
    );
}

fn the_numbers_agree(house: &House) {
    let labels = r#"{line="100",service="scrap_licence"}"#;
    for name in ["offered", "answered"] {
        assert_eq!(
            house
                .server
                .metric(&format!("liniya_calls_{name}_total{labels}")),
            1.0
        );
    }
    let rating = r#"liniya_ratings_total{line="100",score="5",service="scrap_licence"}"#;
    assert_eq!(house.server.metric(rating), 1.0);
    assert_eq!(
        house
            .server
            .metric(&format!("liniya_queue_wait_seconds_count{labels}")),
        1.0
    );
    assert_eq!(
        house
            .server
            .metric(&format!("liniya_calls_waiting{labels}")),
        0.0
    );
    let replay = house.server.output(&["replay"]);
    assert!(replay.contains("расхождений нет"), "{replay}");
}

fn the_row_of_the_call_has_it_all(house: &House, call: events::CallId) {
    let row = stored_row(house, call);
    assert_eq!(row["line"], "100", "{row:#}");
    assert_eq!(row["service_final"], "scrap_licence", "{row:#}");
    assert_eq!(
        (&row["outcome"], &row["need"]),
        (&json!("answered"), &json!("2")),
        "{row:#}"
    );
    assert_eq!(row["rating"], 5, "{row:#}");
    assert!(
        !row.to_string().contains("\"caller\":"),
        "no personal data: {row:#}"
    );
}

/// The database follows the journal by a moment.
fn stored_row(house: &House, call: events::CallId) -> serde_json::Value {
    let end = tests::patience_ends();
    while !tests::left_until(end).is_zero() {
        let rows = house.desk.get("/api/v1/calls");
        let ended =
            |row: &&serde_json::Value| row["call"] == json!(call) && !row["ended_at"].is_null();
        if let Some(row) = rows.as_array().unwrap().iter().find(ended) {
            return row.clone();
        }
    }
    panic!("{call} is not in the database");
}

fn the_ladder_shows_the_walk(house: &House, call: events::CallId) {
    let ladder = house.server.output(&["ladder", &call.0.to_string()]);
    for step in [
        "позвонил",
        "клиент ждёт",
        "снял трубку",
        "разговор начался",
        "оценка 5",
    ] {
        assert!(ladder.contains(step), "no «{step}» in\n{ladder}");
    }
}

#[test]
fn a_spoken_wish_reaches_real_vosk_and_chooses_the_service() {
    let mut house = House::open();
    let wish = sound::speech(house.server.folder(), "лицензия на лом");
    house.call("100");
    house.caller.say(&wish);
    let heard = house.journal.wait("the words", |e| {
        matches!(e, Event::SpeechHeard { accepted: true, .. })
    });
    assert!(
        matches!(
            heard.event,
            Event::SpeechHeard {
                confidence_permille: 700..,
                ..
            }
        ),
        "{heard:?}"
    );
    house.journal.wait("the licence", |e| {
        matches!(e, Event::ServiceChosen { service, by: ChosenBy::Speech, .. } if service.as_str() == "scrap_licence")
    });
    house.caller.hang_up();
    house.wait_for_the_end();
}

#[test]
fn a_caller_with_keys_only_is_served_by_the_assistant_alone() {
    let mut house = House::open();
    house.call("100");
    house.caller.press("1");
    house.journal.wait(
        "the answer",
        |e| matches!(e, Event::StepReached { step, .. } if step.starts_with("technopark")),
    );
    house.caller.hears_something();
    house.caller.hang_up();
    house.journal.wait("the end of the dialogue", |e| {
        matches!(
            e,
            Event::DialogueEnded {
                outcome: DialogueOutcome::CallerLeft,
                ..
            }
        )
    });
    house.wait_for_the_end();
}

#[test]
fn keys_by_info_are_keys_too() {
    let mut house = House::open();
    house.caller = tests::Phone::start(&tests::phone::Setup {
        dtmf: "info",
        transport: "tcp",
        codecs: "pcmu",
        ..tests::phone::Setup::caller(5075)
    });
    house.call("100");
    house.ask_for_a_person();
    house.talk();
    house.caller.hang_up();
    house.wait_for_the_end();
}

#[test]
fn a_silent_caller_is_brought_to_a_person() {
    let mut house = House::open();
    house.call("100");
    house.journal.wait("silence understood", |e| {
        matches!(
            e,
            Event::DialogueEnded {
                outcome: DialogueOutcome::Silence,
                ..
            }
        )
    });
    house.operator.wait("incoming");
    house.caller.hang_up();
    house.wait_for_the_end();
}

#[test]
fn a_caller_may_hang_up_at_every_stage_and_is_counted_once() {
    let mut house = House::open();

    house.call("100"); // with the assistant
    house.caller.hang_up();
    house.caller.wait("closed");
    house.wait_for_the_end();

    house.call("100"); // while the operator's phone rings
    house.ask_for_a_person();
    house.operator.wait("incoming");
    house.caller.hang_up();
    house.journal.wait("the loss", |e| {
        matches!(
            e,
            Event::CallUnanswered {
                cause: UnansweredCause::Abandoned,
                ..
            }
        )
    });
    house.operator.wait("closed"); // nobody is rung for a caller who left
    house.wait_for_the_end();

    house.call("100"); // in the talk
    house.ask_for_a_person();
    house.talk();
    house.caller.hang_up();
    house.operator.wait("closed");
    let ended = house
        .journal
        .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    assert!(matches!(
        ended.event,
        Event::CallEnded {
            cause: EndCause::CallerHungUp,
            ..
        }
    ));

    let labels = r#"{line="100",service="undetermined"}"#;
    assert_eq!(
        house
            .server
            .metric(&format!("liniya_calls_offered_total{labels}")),
        2.0
    );
    assert_eq!(
        house
            .server
            .metric(&format!("liniya_calls_answered_total{labels}")),
        1.0
    );
    let lost =
        r#"liniya_calls_unanswered_total{cause="abandoned",line="100",service="undetermined"}"#;
    assert_eq!(house.server.metric(lost), 1.0);
}

#[test]
fn no_rating_is_no_rating_and_never_a_zero() {
    let mut house = House::open();
    house.call("100");
    house.ask_for_a_person();
    house.talk();
    house.operator.hang_up();
    house.journal.wait("the rating question", |e| {
        matches!(
            e,
            Event::DialogueStarted {
                purpose: events::DialoguePurpose::Rating,
                ..
            }
        )
    });
    house.caller.hang_up();
    let skipped = house
        .journal
        .wait("no rating", |e| matches!(e, Event::RatingSkipped { .. }));
    assert!(matches!(
        skipped.event,
        Event::RatingSkipped {
            why: SkippedWhy::HungUp,
            ..
        }
    ));
    house.wait_for_the_end();
}
