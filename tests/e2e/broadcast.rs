//! An outage is announced: every caller hears of it first, until it is taken back (row #55).

use events::Event;
use tests::phone::Setup;
use tests::{Journal, Phone, Server, sound};

use crate::story::sample;

/// The greeting of this house, by which a recording shows what came before it.
const GREETING_HZ: u32 = 440;

#[test]
fn callers_hear_a_broadcast_first_also_after_a_crash_until_it_is_taken_back() {
    let mut server = Server::with_scripts(&sample(&[]), |scripts| {
        let greeting = scripts.join("recordings/consultation.greeting.wav");
        sound::write_tone(&greeting, GREETING_HZ, 2);
    });
    let mut journal = server.journal();
    let mut caller = Phone::start(&Setup::caller(5070));
    assert!(server.output(&["broadcast"]).contains("Объявлений нет"));
    assert!(before_the_greeting(&server, &mut journal, &mut caller) < 0.2);

    let words = "Портал услуг сейчас не работает, восстановление ждём к вечеру.";
    let said = server.output(&["broadcast", words, "--until", "2099-12-31 18:00"]);
    assert!(said.contains("Объявление звучит"), "{said}");
    journal.wait(
        "the broadcast",
        |e| matches!(e, Event::BroadcastSet { text: Some(text), .. } if text == words),
    );
    assert!(before_the_greeting(&server, &mut journal, &mut caller) > 2.0);

    server.kill();
    let why = refusal(&server, &["broadcast"]);
    assert!(why.contains("служба не отвечает"), "{why}");
    server.run();
    let shown = server.output(&["broadcast"]);
    assert!(shown.contains("все линии"), "{shown}");
    assert!(shown.contains("до 2099-12-31 18:00"), "{shown}");
    assert!(shown.contains(words), "{shown}");
    assert!((server.metric("liniya_broadcasts_active") - 1.0).abs() < 1e-9);
    assert!(before_the_greeting(&server, &mut journal, &mut caller) > 2.0);

    let why = refusal(&server, &["broadcast", words, "--line", "300"]);
    assert!(why.contains("линии 300 нет"), "{why}");

    let said = server.output(&["broadcast", "--clear"]);
    assert!(said.contains("снято"), "{said}");
    journal.wait("taken back", |e| {
        matches!(e, Event::BroadcastSet { text: None, .. })
    });
    assert!(before_the_greeting(&server, &mut journal, &mut caller) < 0.2);
}

/// Why a command is refused.
fn refusal(server: &Server, arguments: &[&str]) -> String {
    let refused = server.command(arguments).output().unwrap();
    assert!(!refused.status.success(), "{arguments:?}");
    String::from_utf8_lossy(&refused.stderr).into_owned()
}

/// Calls, hears the greeting, hangs up: seconds of other sound before it.
fn before_the_greeting(server: &Server, journal: &mut Journal, caller: &mut Phone) -> f64 {
    caller.dial("100");
    caller.wait("established");
    caller.hears_tone(GREETING_HZ);
    let heard = server.folder().join("heard.wav");
    caller.save(&heard);
    caller.hang_up();
    caller.wait("closed");
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    let (samples, rate) = sound::mono(&heard);
    sound::seconds_of_sound_before_tone(&samples, rate, GREETING_HZ).expect("a greeting")
}
