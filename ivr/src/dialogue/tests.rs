//! The machine alone: what each input does in each state, limits, and that it always ends.

mod shipped;
mod tasks;

use std::fmt::Write as _;
use std::sync::LazyLock;

use events::{CallId, Event, Millis, Pii, ScriptId, ServiceId, TaskReply, Timestamp};
use expect_test::{Expect, expect, expect_file};
use proptest::prelude::*;

use super::*;
use crate::script::{Date, ScriptSet, Setting, SourceFile, build};

const FILES: &[(&str, &str)] = &[
    ("phrases/dialogue.toml", include_str!("tests/dialogue.toml")),
    (
        "services/services.toml",
        include_str!("tests/services.toml"),
    ),
    ("knowledge/base.toml", include_str!("tests/base.toml")),
    ("assistant/small.toml", include_str!("tests/small.toml")),
    ("assistant/score.toml", include_str!("tests/score.toml")),
    ("assistant/bye.toml", include_str!("tests/bye.toml")),
    ("assistant/form.toml", include_str!("tests/form.toml")),
    (
        "assistant/two.toml",
        include_str!("../script/lint/tests/two.toml"),
    ),
];

/// Built once: the property below asks for it hundreds of times.
static SET: LazyLock<ScriptSet> = LazyLock::new(set);

fn set() -> ScriptSet {
    let files = FILES.iter().map(|(path, text)| SourceFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    });
    let (set, findings) = build(&files.collect::<Vec<_>>(), &setting());
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    set.unwrap_or_else(|| panic!("{}", shown.join("\n")))
}

fn setting() -> Setting {
    Setting {
        organisation: "Министерство".into(),
        today: today(),
    }
}

fn today() -> Date {
    Date::parse("2026-11-22").unwrap()
}

/// A dialogue, its time and what came out of it as text.
struct World {
    now: Timestamp,
    dialogue: Dialogue,
    log: String,
}

impl World {
    fn new(script: &str) -> Self {
        Self::on(script, today())
    }

    fn on(script: &str, today: Date) -> Self {
        let mut out = Vec::new();
        let context = Context {
            notice_required: true,
            ..Context::new(ServiceId::undetermined(), today)
        };
        let script = SET.script(&ScriptId::new(script)).unwrap();
        let now = Timestamp(0);
        let dialogue = Dialogue::start(now, CallId(1), script, context, &mut out);
        let mut world = Self {
            now,
            dialogue,
            log: String::new(),
        };
        world.note(&out);
        world
    }

    /// One word an input: `ended`, `tick`, `started`, `key 3`, `heard 950 да`, `wait 500` (ms).
    fn put(&mut self, inputs: &str) -> &mut Self {
        for word in inputs.split(';').map(str::trim) {
            let (verb, rest) = word.split_once(' ').unwrap_or((word, ""));
            let input = match verb {
                "ended" => Input::PromptEnded,
                "started" => Input::SpeechStarted,
                "key" => Input::Digit(rest.chars().next().unwrap()),
                "heard" => {
                    let (confidence, text) = rest.split_once(' ').unwrap_or((rest, ""));
                    Input::Heard {
                        text: Pii::new(text.to_owned()),
                        confidence_permille: confidence.parse().unwrap(),
                        latency_ms: Millis(800),
                    }
                }
                "wait" => {
                    self.now = self.now.plus_ms(rest.parse().unwrap());
                    Input::Tick
                }
                "tick" => {
                    self.now = self.dialogue.deadline().unwrap();
                    Input::Tick
                }
                other => panic!("{other}"),
            };
            let _ = writeln!(self.log, "> {word}");
            let mut out = Vec::new();
            self.dialogue.handle(self.now, input, &mut out);
            self.note(&out);
        }
        self
    }

    fn note(&mut self, out: &[Output]) {
        for output in out {
            let line = show(output);
            self.log.push_str(&line);
            self.log.push('\n');
        }
    }

    fn shows(&self, expected: &Expect) {
        expected.assert_eq(&self.log);
    }
}

fn show(output: &Output) -> String {
    match output {
        Output::Say(phrases) => {
            let names: Vec<&str> = phrases.iter().map(|p| p.name.as_str()).collect();
            format!("say {}", names.join(" + "))
        }
        Output::StopSaying => "hush".into(),
        Output::PauseSaying => "pause".into(),
        Output::ResumeSaying => "go on".into(),
        Output::Listen { node } => format!("listen {node}"),
        Output::StopListening => "deaf".into(),
        Output::Fact(Event::StepReached { step, .. }) => format!("step {step}"),
        Output::Fact(Event::SpeechHeard { step, accepted, .. }) => {
            format!(
                "heard in {step}, {}",
                if *accepted {
                    "accepted"
                } else {
                    "not accepted"
                }
            )
        }
        Output::Fact(Event::DigitPressed { step, .. }) => format!("pressed in {step}"),
        Output::Fact(Event::DialogueStarted {
            script,
            version,
            purpose,
            ..
        }) => {
            format!("start {script} {version} {}", purpose.as_str())
        }
        Output::Fact(Event::TextReceived { step, accepted, .. }) => {
            format!("typed in {step}, accepted {accepted}")
        }
        Output::Fact(Event::AnswerRecorded { step, .. }) => format!("recorded in {step}"),
        Output::Fact(Event::TaskAsked { step, task, .. }) => {
            format!("asked in {step}: {}", task.as_str())
        }
        Output::Fact(Event::TaskAnswered { task, outcome, .. }) => {
            format!("answered {} {}", task.as_str(), outcome.as_str())
        }
        Output::Fact(other) => panic!("{other:?} is not a dialogue's"),
        Output::ServiceChosen(service, by) => format!("service {service} by {}", by.as_str()),
        Output::Rated(score) => format!("rated {score}"),
        Output::Ask(request) => format!("ask {}", request.task.as_str()),
        Output::Dictate { file, .. } => format!("dictate {file}"),
        Output::StopDictating => "stop dictating".to_owned(),
        Output::Speak(manner) => format!("{manner:?}"),
        Output::Finish {
            outcome,
            notice_played,
        } => {
            format!("finish {}, notice {notice_played}", outcome.as_str())
        }
    }
}

#[test]
fn a_call_from_greeting_to_person() {
    World::new("small")
        .put("ended; ended; started; heard 950 второй вопрос; ended")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > ended
            step topic
            say small.topic
            listen topic
            > ended
            > started
            > heard 950 второй вопрос
            heard in topic, accepted
            step person
            deaf
            say small.person + dialogue.recording_notice
            > ended
            finish to_person, notice true
        "#]]);
}

#[test]
fn the_callers_voice_stops_the_prompt_where_the_node_allows_it() {
    World::new("small")
        .put("started; heard 0; ended; started; heard 0; started; heard 300 первый вопрос")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > started
            pause
            > heard 0
            heard in hello, not accepted
            go on
            > ended
            step topic
            say small.topic
            listen topic
            > started
            hush
            > heard 0
            heard in topic, not accepted
            say small.topic.again
            listen topic
            > started
            hush
            > heard 300 первый вопрос
            heard in topic, not accepted
            deaf
            say dialogue.transfer_not_understood + dialogue.recording_notice
        "#]]);
}

#[test]
fn a_statement_waits_while_the_caller_speaks_and_goes_on_if_it_was_nothing() {
    World::new("small")
        .put("started; heard 300 дальше; started; heard 0; started; heard 0; ended")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > started
            pause
            > heard 300 дальше
            heard in hello, not accepted
            go on
            > started
            pause
            > heard 0
            heard in hello, not accepted
            go on
            > started
            > heard 0
            heard in hello, not accepted
            > ended
            step topic
            say small.topic
            listen topic
        "#]]);
}

#[test]
fn a_statement_waits_no_longer_than_a_result_may_take() {
    World::new("small")
        .put("started; wait 9999; tick; started; heard 950 первый вопрос")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > started
            pause
            > wait 9999
            > tick
            go on
            > started
            pause
            > heard 950 первый вопрос
            heard in hello, accepted
            step topic
            hush
            service first by speech
            step answer
            say knowledge.base.first
            listen answer
        "#]]);
}

#[test]
fn where_the_node_forbids_it_only_an_understood_answer_stops_the_prompt() {
    World::new("small")
        .put("key 3; started; heard 0; heard 300 дальше; heard 900 дальше")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > key 3
            pressed in hello
            step topic
            hush
            step stern
            say small.stern
            listen stern
            > started
            > heard 0
            heard in stern, not accepted
            > heard 300 дальше
            heard in stern, not accepted
            > heard 900 дальше
            heard in stern, accepted
            hush
            step person
            deaf
            say small.person + dialogue.recording_notice
        "#]]);
}

#[test]
fn a_key_is_taken_ahead_of_the_question() {
    World::new("small").put("key 2; ended").shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > key 2
            pressed in hello
            step topic
            hush
            step person
            deaf
            say small.person + dialogue.recording_notice
            > ended
            finish to_person, notice true
        "#]]);
}

#[test]
fn words_are_taken_ahead_of_the_question_and_confirmed_if_doubtful() {
    World::new("small")
        .put("started; heard 500 первый вопрос; key 1")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > started
            pause
            > heard 500 первый вопрос
            heard in hello, not accepted
            step topic
            hush
            say small.topic.confirm.1
            listen confirm
            > key 1
            pressed in topic
            hush
            service first by speech
            step answer
            say knowledge.base.first
            listen answer
        "#]]);
}

#[test]
fn an_empty_result_without_speech_is_silence_not_nonsense() {
    World::new("small")
        .put("ended; ended; heard 0; tick")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > ended
            step topic
            say small.topic
            listen topic
            > ended
            > heard 0
            > tick
            say small.topic.silence
            listen topic
        "#]]);
}

#[test]
fn silence_counts_from_the_end_of_the_prompt() {
    let mut world = World::new("small");
    world.put("ended; wait 3000; ended; wait 5999");
    let before = world.log.clone();
    world.put("wait 1");
    assert!(before.ends_with("> wait 5999\n"), "{before}");
    assert!(
        world
            .log
            .ends_with("say small.topic.silence\nlisten topic\n"),
        "{}",
        world.log
    );
}

#[test]
fn silence_twice_and_nonsense_twice_lead_to_a_person() {
    let mut world = World::new("small");
    world.put("ended; ended; tick; ended; started; heard 0; ended; tick; ended");
    assert!(
        world.log.ends_with("finish silence, notice true\n"),
        "{}",
        world.log
    );
    let mut world = World::new("small");
    world.put("ended; ended; started; heard 0; ended; key 9; ended");
    assert!(
        world.log.ends_with("finish not_understood, notice true\n"),
        "{}",
        world.log
    );
}

#[test]
fn a_person_is_reached_from_every_state() {
    let states = [
        "",
        "ended",
        "ended; ended",
        "key 1",
        "key 1; ended",
        "key 3",
        "ended; heard 500 первый вопрос",
    ];
    for state in states {
        for wish in ["key 0", "started; heard 950 оператор"] {
            let mut world = World::new("small");
            if !state.is_empty() {
                world.put(state);
            }
            world.put(wish).put("ended");
            assert!(
                world.log.ends_with("finish person_asked, notice true\n"),
                "{}",
                world.log
            );
        }
    }
}

#[test]
fn a_doubtful_command_is_not_obeyed() {
    let mut world = World::new("small");
    world.put("ended; ended; started; heard 690 оператор");
    assert!(
        world.log.ends_with("say small.topic.again\nlisten topic\n"),
        "{}",
        world.log
    );
}

#[test]
fn a_prompt_whose_end_is_never_told_holds_nothing_up() {
    World::new("small")
        .put("tick; tick; tick; tick; tick; tick")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > tick
            step topic
            say small.topic
            listen topic
            > tick
            > tick
            say small.topic.silence
            listen topic
            > tick
            > tick
            deaf
            say dialogue.transfer_silence + dialogue.recording_notice
            > tick
            finish silence, notice false
        "#]]);
}

#[test]
fn the_notice_counts_only_when_it_was_heard_to_its_end() {
    let mut world = World::new("small");
    world.put("key 0; tick");
    assert!(
        world.log.ends_with("finish person_asked, notice false\n"),
        "{}",
        world.log
    );
}

#[test]
fn an_expired_answer_is_not_read_out() {
    World::on("small", Date::parse("2027-01-01").unwrap())
        .put("key 1; ended")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > key 1
            pressed in hello
            step topic
            hush
            service first by key
            step answer
            deaf
            say dialogue.transfer_expired + dialogue.recording_notice
            > ended
            finish to_person, notice true
        "#]]);
}

#[test]
fn back_repeat_stop_and_goodbye() {
    World::new("small")
        .put("key 3; key #; heard 950 повторите; key 1; heard 950 стоп; key *; key #; key #")
        .put("heard 950 до свидания; ended")
        .shows(&expect![[r#"
            start small 7 assistant
            step hello
            say small.hello
            listen hello
            > key 3
            pressed in hello
            step topic
            hush
            step stern
            say small.stern
            listen stern
            > key #
            pressed in stern
            hush
            step topic
            say small.topic
            listen topic
            > heard 950 повторите
            heard in topic, accepted
            hush
            say small.topic
            listen topic
            > key 1
            pressed in topic
            hush
            service first by key
            step answer
            say knowledge.base.first
            listen answer
            > heard 950 стоп
            heard in answer, accepted
            hush
            step topic
            say small.topic
            listen topic
            > key *
            pressed in topic
            hush
            say small.topic
            listen topic
            > key #
            pressed in topic
            hush
            step topic
            say small.topic
            listen topic
            > key #
            pressed in topic
            hush
            step topic
            say small.topic
            listen topic
            > heard 950 до свидания
            heard in topic, accepted
            hush
            deaf
            say dialogue.goodbye
            > ended
            finish finished, notice false
        "#]]);
}

#[test]
fn a_rating_by_key_and_by_voice() {
    World::new("score").put("key 5; ended").shows(&expect![[r#"
            start score 2026-11-22 rating
            step question
            say score.question
            listen question
            > key 5
            pressed in question
            hush
            rated 5
            step thanks
            deaf
            say score.thanks
            > ended
            finish rated, notice false
        "#]]);
    World::new("score")
        .put("ended; started; heard 800 тройка; ended")
        .shows(&expect![[r#"
            start score 2026-11-22 rating
            step question
            say score.question
            listen question
            > ended
            > started
            > heard 800 тройка
            heard in question, accepted
            rated 3
            step thanks
            deaf
            say score.thanks
            > ended
            finish rated, notice false
        "#]]);
    World::new("score")
        .put("ended; key 0; ended; key 4; ended")
        .shows(&expect![[r#"
            start score 2026-11-22 rating
            step question
            say score.question
            listen question
            > ended
            > key 0
            pressed in question
            say score.question.range
            listen question
            > ended
            > key 4
            pressed in question
            rated 4
            step thanks
            deaf
            say score.thanks
            > ended
            finish rated, notice false
        "#]]);
}

#[test]
fn a_rating_that_does_not_come_is_asked_for_once_more() {
    World::new("score")
        .put("ended; tick; ended; tick; ended")
        .shows(&expect![[r#"
            start score 2026-11-22 rating
            step question
            say score.question
            listen question
            > ended
            > tick
            say score.question.silence
            listen question
            > ended
            > tick
            deaf
            say score.question.end
            > ended
            finish silence, notice false
        "#]]);
    World::new("score")
        .put("started; heard 690 пятёрка; key 6; ended")
        .shows(&expect![[r#"
            start score 2026-11-22 rating
            step question
            say score.question
            listen question
            > started
            hush
            > heard 690 пятёрка
            heard in question, not accepted
            say score.question.again
            listen question
            > key 6
            pressed in question
            hush
            deaf
            say score.question.end
            > ended
            finish not_understood, notice false
        "#]]);
}

#[test]
fn a_farewell_only_speaks() {
    World::new("bye")
        .put("key 0; heard 950 оператор; ended; ended")
        .shows(&expect![[r#"
            start bye 1 farewell
            step sorry
            say bye.sorry
            > key 0
            > heard 950 оператор
            > ended
            step end
            say bye.end
            > ended
            finish finished, notice false
        "#]]);
}

#[test]
fn talking_without_end_ends_in_a_person() {
    let mut world = World::new("small");
    world.put("ended; ended");
    for _ in 0..2_000 {
        if world.dialogue.is_over() {
            break;
        }
        world.put("started; wait 9000; ended");
    }
    assert!(
        world.log.ends_with("finish not_understood, notice true\n"),
        "{}",
        world.log
    );
    assert!(world.now.since(Timestamp(0)) <= Millis(NODE_LIMIT_MS + 60_000));
}

#[test]
fn going_in_circles_ends_in_a_person() {
    let mut world = World::new("small");
    for _ in 0..100 {
        if world.dialogue.is_over() {
            break;
        }
        world.put("key 3; key #; ended");
    }
    assert!(
        world.log.ends_with("finish not_understood, notice true\n"),
        "{}",
        world.log
    );
}

/// Every state against every input: a hole is a visible question.
#[test]
fn the_table_of_states_and_inputs() {
    let states = [
        ("telling", ""),
        ("asking, saying", "ended"),
        ("asking, listening", "ended; ended"),
        ("confirming", "ended; ended; heard 500 первый вопрос; ended"),
        ("answering", "key 1"),
        ("closing", "key 0"),
        ("over", "key 0; ended"),
    ];
    let inputs = [
        "started",
        "heard 0",
        "heard 950 первый вопрос",
        "heard 500 первый вопрос",
        "heard 300 да",
        "heard 950 да",
        "heard 950 нет",
        "heard 950 оператор",
        "heard 950 повторите",
        "heard 950 назад",
        "heard 950 стоп",
        "key 1",
        "key 2",
        "key 9",
        "key 0",
        "key *",
        "key #",
        "ended",
        "wait 0",
        "wait 30000",
    ];
    let mut table = String::new();
    for (name, way) in states {
        let _ = writeln!(table, "── {name}");
        for input in inputs {
            let mut world = World::new("small");
            if !way.is_empty() {
                world.put(way);
            }
            world.log.clear();
            world.put(input);
            let did: Vec<&str> = world.log.lines().skip(1).collect();
            let did = if did.is_empty() {
                "–".to_owned()
            } else {
                did.join(", ")
            };
            let _ = writeln!(table, "{input:<26}{did}");
        }
    }
    expect_file!["tests/table.txt"].assert_eq(&table);
}

fn any_input() -> impl Strategy<Value = (u64, Input)> {
    let words = prop::sample::select(vec![
        "",
        "первый вопрос",
        "второй вопрос",
        "дальше",
        "да",
        "нет",
        "оператор",
        "повторите",
        "назад",
        "стоп",
        "до свидания",
        "тройка",
        "не из списка",
        "двадцать пятое декабря",
        "рассказать",
        "медленнее",
        "дайте больше времени",
    ]);
    let heard = (words, 0u16..1_000).prop_map(|(text, confidence_permille)| Input::Heard {
        text: Pii::new(text.to_owned()),
        confidence_permille,
        latency_ms: Millis(1),
    });
    let key = prop::sample::select("0123456789*#".chars().collect::<Vec<_>>());
    let input = prop_oneof![
        2 => Just(Input::SpeechStarted),
        3 => heard,
        2 => key.prop_map(Input::Digit),
        3 => Just(Input::PromptEnded),
        2 => Just(Input::Tick),
        1 => Just(Input::Answered(crate::simulate::read_reply(
            events::TaskKind::FindTimes, "times 2026-12-25 09:30").unwrap())),
        1 => Just(Input::Answered(TaskReply::bare(events::TaskOutcome::Done))),
        1 => (0u64..5_000).prop_map(|ms| Input::Dictated { words: Pii::default(), spoken_ms: Millis(ms) }),
        1 => Just(Input::Typed(Pii::new("25.12".to_owned()))),
    ];
    (0u64..20_000, input)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_happens_it_ends_once_and_in_time(
        script in prop::sample::select(vec!["small", "score", "bye", "form"]),
        inputs in prop::collection::vec(any_input(), 0..120),
    ) {
        let mut world = World::new(script);
        let mut ends = 0;
        let mut step = |world: &mut World, input: Input| {
            let mut out = Vec::new();
            world.dialogue.handle(world.now, input, &mut out);
            ends += out.iter().filter(|o| matches!(o, Output::Finish { .. })).count();
            let finish_is_last = out.iter().position(|o| matches!(o, Output::Finish { .. }))
                .is_none_or(|at| at + 1 == out.len());
            prop_assert!(finish_is_last);
            prop_assert_eq!(world.dialogue.is_over(), world.dialogue.deadline().is_none());
            prop_assert_eq!(world.dialogue.is_over(), ends == 1);
            Ok(())
        };
        for (wait_ms, input) in inputs {
            let next = world.now.plus_ms(wait_ms);
            // The shell never misses a deadline, and one that has passed is not asked for again and again.
            let mut ticks_at_once = 0;
            while let Some(deadline) = world.dialogue.deadline().filter(|d| *d <= next) {
                ticks_at_once = if deadline <= world.now { ticks_at_once + 1 } else { 0 };
                prop_assert!(ticks_at_once < 10, "the dialogue waits for what has passed");
                world.now = world.now.max(deadline);
                step(&mut world, Input::Tick)?;
            }
            world.now = next;
            let over = world.dialogue.is_over();
            let mut quiet = Vec::new();
            if over {
                world.dialogue.handle(world.now, input, &mut quiet);
                prop_assert!(quiet.is_empty(), "the dead do not speak");
            } else {
                step(&mut world, input)?;
            }
        }
        for _ in 0..200 {
            let Some(deadline) = world.dialogue.deadline() else { break };
            world.now = world.now.max(deadline);
            step(&mut world, Input::Tick)?;
        }
        prop_assert!(world.dialogue.is_over());
    }
}
