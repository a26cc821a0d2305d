//! What a caller says to an operator, recognised and shown.

use events::{Event, TranscriptDepth, TranscriptEvent};
use serde_json::{Value, json};
use tests::{LivePage, sound};

use crate::story::House;

/// The built-in model picks the matter out of a caller's sentence; the desk shows it and suggests the
/// service; nothing is listened to while the caller is on hold.
#[test]
fn the_matter_of_a_talk_is_shown_and_suggested_to_the_operator() {
    let mut house = House::open();
    let mut page = house.desk.live();
    let call = house.call("100");
    house.ask_for_a_person();
    house.operator.answer();
    house.journal.wait("what can be shown", |e| {
        let begun = TranscriptEvent::Begun {
            call,
            depth: TranscriptDepth::Phrases,
        };
        *e == Event::Transcript(begun)
    });
    let sentence = "нам отказали, сказали, что лицензия на лом закончилась ещё в прошлом году";
    says(&mut house, sentence);
    assert_eq!(heard(&mut house), "лицензия на лом");
    house.journal.wait("the topic", |e| {
        matches!(e, Event::TopicSuggested { service, .. } if service.as_str() == "scrap_licence")
    });

    let shown = until(&mut page, |call| call["suggested_service"].is_object());
    let transcript = &shown["transcript"];
    assert_eq!(transcript["depth"], "phrases", "{shown:#}");
    assert_eq!(
        transcript["lines"][0]["text"], "лицензия на лом",
        "{shown:#}"
    );
    assert_eq!(shown["suggested_service"]["id"], "scrap_licence");
    assert_eq!(
        shown["service"]["id"], "undetermined",
        "it suggests and does nothing: {shown:#}"
    );

    let phone = |key: &str| json!({"command": "phone", "call": call.to_string(), "key": key});
    house.desk.command(&phone("hold"));
    house
        .journal
        .wait("the hold", |e| matches!(e, Event::TalkHeld { .. }));
    says(&mut house, "ну сколько можно, я хочу записаться на приём");
    house.desk.command(&phone("resume"));
    house.journal.wait("the end of the hold", |e| {
        matches!(e, Event::TalkResumed { .. })
    });
    says(
        &mut house,
        "подскажите, какие меры поддержки есть для малых предприятий",
    );
    assert_eq!(
        heard(&mut house),
        "меры поддержки",
        "and nothing of the hold"
    );

    house.caller.hang_up();
    house.wait_for_the_end();
    let labels = r#"{depth="phrases",line="100",service="undetermined"}"#;
    let name = format!("liniya_transcripts_total{labels}");
    assert_eq!(house.server.metric(&name), 1.0);
    let ladder = house
        .server
        .output(&["ladder", &call.to_string(), "--show-personal"]);
    assert!(ladder.contains("«лицензия на лом»"), "{ladder}");
}

/// The call on the page, once it is as wanted.
fn until(page: &mut LivePage, wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let message = page.read().unwrap().into_text().unwrap();
        let mut message: Value = serde_json::from_str(&message).unwrap_or_default();
        let call = message["desk"]["call"].take();
        if wanted(&call) {
            return call;
        }
    }
}

fn says(house: &mut House, sentence: &str) {
    let speech = sound::speech_by("aleksandr", house.server.folder(), sentence);
    house.caller.say(&speech);
}

/// What is shown next of the caller's words.
fn heard(house: &mut House) -> String {
    let heard = house.journal.wait("the words", |e| {
        matches!(e, Event::Transcript(TranscriptEvent::Heard { .. }))
    });
    match heard.event {
        Event::Transcript(TranscriptEvent::Heard { text, .. }) => text.into_inner(),
        other => panic!("{other:?}"),
    }
}
