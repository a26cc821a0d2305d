//! Who speaks when: callers interrupt, their echo does not, and what must be made is heard.

use events::Event;
use tests::sound;

use crate::story::House;

/// Pieces of 0.4 s of unbroken sound: some seconds of the greeting.
const A_WHILE: usize = 8;
/// A prompt that is interrupted falls silent so soon after the word began, with the telephone's own
/// buffers on both ways. What the house itself takes is measured (docs/performance.md).
const FALLS_SILENT_MS: u64 = 900;

#[test]
fn words_over_a_prompt_are_heard_and_silence_it() {
    let mut house = House::open();
    let call = house.call("100");
    let silent_after = interrupts(&mut house);
    assert_eq!(utterances(&mut house, call), 1);
    assert!(silent_after < FALLS_SILENT_MS, "{silent_after} ms");
}

#[test]
fn our_own_echo_interrupts_nobody_and_words_over_it_do() {
    let mut house = House::open();
    house.caller.echo(-20, 120);
    let call = house.call("100");
    for _ in 0..A_WHILE {
        house.caller.hears_something();
    }
    let echo = utterances(&mut house, call);
    assert_eq!(echo, 0, "the echo was taken for words");
    let silent_after = interrupts(&mut house);
    assert!(silent_after < FALLS_SILENT_MS, "{silent_after} ms");
}

/// Says «оператор» over the greeting and comes to the queue. How soon the greeting fell silent, in
/// milliseconds from the beginning of the word.
fn interrupts(house: &mut House) -> u64 {
    let word = sound::speech(house.server.folder(), "оператор");
    let began_ms = house.caller.say(&word);
    house.journal.wait("the word", |e| {
        matches!(e, Event::SpeechHeard { accepted: true, .. })
    });
    house
        .journal
        .wait("the queue", |e| matches!(e, Event::QueueEntered { .. }));
    let heard = house.server.folder().join("heard.wav");
    house.caller.save(&heard);
    house.caller.hang_up();
    house.wait_for_the_end();
    sound::silence_after(&heard, began_ms)
}

fn utterances(house: &mut House, call: events::CallId) -> usize {
    let facts = house.journal.of(call);
    let heard = |e: &Event| matches!(e, Event::SpeechHeard { .. });
    facts.iter().filter(|record| heard(&record.event)).count()
}
