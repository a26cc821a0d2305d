//! Who speaks when: callers interrupt, their echo does not, and what must be made is heard.

use events::Event;
use tests::sound;

use crate::story::House;

/// Pieces of 0.4 s of unbroken sound: some seconds of the greeting.
const A_WHILE: usize = 8;

#[test]
fn words_over_a_prompt_are_heard_and_silence_it() {
    let mut house = House::open();
    let wish = sound::speech(house.server.folder(), "оператор");
    let call = house.call("100");
    house.caller.say(&wish);
    house.journal.wait("the word", |e| {
        matches!(e, Event::SpeechHeard { accepted: true, .. })
    });
    house
        .journal
        .wait("the queue", |e| matches!(e, Event::QueueEntered { .. }));
    house.caller.hang_up();
    house.wait_for_the_end();
    assert_eq!(utterances(&mut house, call), 1);
}

#[test]
fn our_own_echo_interrupts_nobody_and_words_over_it_do() {
    let mut house = House::open();
    let wish = sound::speech(house.server.folder(), "оператор");
    house.caller.echo(-20, 120);
    let call = house.call("100");
    for _ in 0..A_WHILE {
        house.caller.hears_something();
    }
    assert_eq!(
        utterances(&mut house, call),
        0,
        "the echo was taken for words"
    );
    house.caller.say(&wish);
    house.journal.wait("the word", |e| {
        matches!(e, Event::SpeechHeard { accepted: true, .. })
    });
    house
        .journal
        .wait("the queue", |e| matches!(e, Event::QueueEntered { .. }));
    house.caller.hang_up();
    house.wait_for_the_end();
}

fn utterances(house: &mut House, call: events::CallId) -> usize {
    let facts = house.journal.of(call);
    let heard = |e: &Event| matches!(e, Event::SpeechHeard { .. });
    facts.iter().filter(|record| heard(&record.event)).count()
}
