//! The shipped scripts under whatever callers and houses do: a person is never more than a turn away.

use std::path::Path;
use std::sync::LazyLock;

use events::{Date, Pii, ScriptId, ServiceId, TaskReply, Value, Values};
use proptest::prelude::*;

use super::setting;
use crate::dialogue::Context;
use crate::io::scripts::load_scripts;
use crate::script::ScriptSet;
use crate::simulate::{SampleHouse, Simulation, Turn};

static SET: LazyLock<ScriptSet> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
    load_scripts(&dir, &setting()).unwrap().0
});

fn any_turn() -> impl Strategy<Value = Turn> {
    let words = prop::sample::select(vec![
        "запись на приём",
        "записаться",
        "подать жалобу",
        "где моё заявление",
        "перезвоните мне",
        "первое",
        "другое время",
        "да",
        "нет",
        "дальше",
        "пять семь два четыре",
        "двадцать пятое декабря",
        "назад",
        "повторите",
        "медленнее",
        "этот телефон",
    ]);
    let key = prop::sample::select("123456789*#".chars().collect::<Vec<_>>());
    prop_oneof![
        4 => words.prop_map(|words| Turn::Says { words: words.to_owned(), confidence_permille: 950 }),
        5 => key.prop_map(Turn::Presses),
        1 => Just(Turn::Dictates("слова".to_owned())),
        1 => Just(Turn::Types("запись на приём".to_owned())),
        1 => Just(Turn::Nonsense),
    ]
}

/// Does what is asked of the house, or fails at it.
fn house(simulation: &mut Simulation, fails: bool) {
    let today = Date::parse("2026-11-22").unwrap();
    while let Some(request) = simulation.asked() {
        let last = request.task.outcomes().last().copied();
        let reply = match last.filter(|_| fails) {
            Some(outcome) => TaskReply::bare(outcome),
            None => SampleHouse { today }.answer(request),
        };
        simulation.answer(reply);
        simulation.listen();
    }
}

fn begin(script: &str) -> Simulation {
    let given = Values::from([
        ("message".to_owned(), Value::Text("Сообщение.".to_owned())),
        (
            "number".to_owned(),
            Value::Case(events::CaseNumber::parse("5724").unwrap()),
        ),
    ]);
    let context = Context {
        given: Pii::new(given),
        ..Context::new(ServiceId::undetermined(), setting().today)
    };
    Simulation::new(&SET.script(&ScriptId::new(script)).unwrap(), context)
}

#[test]
fn a_script_that_was_not_given_what_it_takes_ends_at_once() {
    let context = Context::new(ServiceId::undetermined(), setting().today);
    let script = SET.script(&ScriptId::new("notice")).unwrap();
    let mut simulation = Simulation::new(&script, context);
    assert_eq!(simulation.listen(), ["До свидания."]);
    let end = simulation.ending().map(|end| end.outcome.as_str());
    assert_eq!(end, Some("finished"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_person_is_a_turn_away(
        script in prop::sample::select(vec!["consultation", "support", "notice", "reminder", "callback"]),
        turns in prop::collection::vec((any_turn(), any::<bool>(), 0u8..4), 0..25),
        by_key in any::<bool>(),
    ) {
        let mut simulation = begin(script);
        for (turn, waits, fails) in &turns {
            if *waits {
                simulation.listen();
                house(&mut simulation, *fails == 0);
            }
            if simulation.ending().is_some() {
                break;
            }
            simulation.act(turn);
        }
        let asks: Vec<Turn> = if by_key || simulation.dialogue().is_dictating() {
            // A nought may be a digit of a number that is half entered: then `#` and a nought again,
            // which in a question for a number is ended by `#` too.
            ['0', '#', '0', '#'].map(Turn::Presses).to_vec()
        } else {
            vec![Turn::Says { words: "оператор".to_owned(), confidence_permille: 950 }]
        };
        for ask in asks {
            if simulation.ending().is_none() {
                simulation.act(&ask);
            }
        }
        simulation.listen();
        prop_assert!(simulation.ending().is_some(), "{:?}", simulation.dialogue().node());
    }
}
