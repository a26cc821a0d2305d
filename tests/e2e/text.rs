//! Callers who read and type: the same script as text, with a telephone that others wrote.

use events::{Event, UnansweredCause};
use serde_json::json;
use tests::{Phone, Server};

use crate::story::ready;

/// A call without any audio: greeting, topic with a slip of the fingers, an operator who types back.
#[test]
fn a_deaf_caller_gets_the_whole_script_as_text() {
    let server = Server::start();
    let mut journal = server.journal();
    let mut operator = Phone::start(&tests::phone::Setup::operator("operator1", 5071));
    let desk = ready(&server, &mut journal, "operator1");
    let mut caller = Phone::with_keyboard(5072, false);

    caller.dial("100");
    caller.wait("established");
    caller.reads("Вам отвечает голосовой помощник");
    caller.reads("По какому вопросу вы звоните?");
    caller.types("лицензея на лом");
    journal.wait("the topic", |e| {
        matches!(e, Event::ServiceChosen { service, .. } if service.as_str() == "scrap_licence")
    });
    caller.reads("Лицензия на заготовку и переработку лома");
    caller.types("оператор");
    operator.answer();
    let bridged = journal.wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
    let call = bridged.event.call().unwrap();

    caller.types("здравствуйте, какой срок рассмотрения");
    journal.wait(
        "the question",
        |e| matches!(e, Event::TextReceived { step, .. } if step == "talk"),
    );
    let view = desk.view();
    assert_eq!(view["call"]["does_caller_write"], true, "{view:#}");
    desk.command(
        &json!({"command": "write", "call": call.to_string(), "text": "Сорок пять рабочих дней."}),
    );
    caller.reads("Сорок пять рабочих дней.");
    operator.hang_up();
    caller.reads("оцените");
    caller.types("5");
    journal.wait("the rating", |e| {
        matches!(e, Event::CallRated { score: 5, .. })
    });
    caller.wait("closed");
}

/// Text beside audio: what is said is also written, and a key may be typed.
#[test]
fn what_is_said_is_written_too() {
    let server = Server::start();
    let mut journal = server.journal();
    let mut caller = Phone::with_keyboard(5072, true);
    caller.dial("100");
    caller.wait("established");
    caller.reads("По какому вопросу вы звоните?");
    caller.types("0");
    journal.wait("the queue", |e| matches!(e, Event::QueueEntered { .. }));
    caller.hang_up();
    journal.wait("the end of waiting", |e| {
        matches!(
            e,
            Event::CallUnanswered {
                cause: UnansweredCause::Abandoned,
                ..
            }
        )
    });
}
