//! Values, offers, dictation, tasks and settings: what the machine does with each input.

use events::{Pii, TaskKind, TaskOutcome, TaskReply, Value};
use expect_test::{Expect, expect};

use super::{World, today};
use crate::simulate::read_reply;
use crate::{Input, Output};

/// In the question for the day, its prompt said.
const AT_DAY: &str = "ended; ended";
/// In the choice after it.
const AT_SURE: &str = "ended; ended; key 2; key 5; key 1; key 2; key #; ended";

/// A dialogue of the form, led so far.
fn at(way: &str) -> World {
    let mut world = World::on("form", today());
    world.put(way);
    world.log.clear();
    world
}

impl World {
    fn answer(&mut self, task: TaskKind, reply: &str) -> &mut Self {
        self.reply(read_reply(task, reply).unwrap())
    }

    fn reply(&mut self, reply: TaskReply) -> &mut Self {
        self.input(Input::Answered(reply), "answered")
    }

    fn dictated(&mut self, words: &str, spoken_ms: u64) -> &mut Self {
        let words = Pii::new(words.to_owned());
        let spoken_ms = events::Millis(spoken_ms);
        self.input(Input::Dictated { words, spoken_ms }, "dictated")
    }

    fn typed(&mut self, line: &str) -> &mut Self {
        self.input(Input::Typed(Pii::new(line.to_owned())), "typed")
    }

    fn input(&mut self, input: Input, shown: &str) -> &mut Self {
        self.log.push_str(&format!("> {shown}\n"));
        let mut out = Vec::new();
        self.dialogue.handle(self.now, input, &mut out);
        self.note(&out);
        self
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.dialogue.known.values.expose().get(name)
    }
}

/// The answer came while words were said, and the end of them was never told.
#[test]
fn an_answer_under_words_without_an_end_is_used_once_they_must_have_ended() {
    let mut world = at(AT_SURE);
    world.put("key 1; tick");
    world.answer(TaskKind::FindTimes, "times 2026-12-25 09:30");
    assert!(world.dialogue.is_working());
    world.put("tick");
    assert!(world.dialogue.is_asking(), "{}", world.log);
    assert!(world.dialogue.deadline() > Some(world.now));
}

fn shows(world: &World, expected: &Expect) {
    expected.assert_eq(&world.log);
}

#[test]
fn a_day_is_taken_by_voice_by_keys_and_by_text() {
    let wanted = Value::Date(crate::script::Date::parse("2026-12-25").unwrap());
    for way in [
        "heard 950 двадцать пятое декабря",
        "key 2; key 5; key 1; key 2; key #",
    ] {
        assert_eq!(at(AT_DAY).put(way).value("day"), Some(&wanted), "{way}");
    }
    assert_eq!(at(AT_DAY).typed("25.12").value("day"), Some(&wanted));
    let mut doubtful = at(AT_DAY);
    doubtful.put("heard 500 двадцать пятое декабря");
    assert_eq!(doubtful.value("day"), None, "asked back first");
    assert_eq!(doubtful.put("heard 950 да").value("day"), Some(&wanted));
    let mut paused = at(AT_DAY);
    paused.put("key 2; key 5; key 1; key 2; tick");
    assert_eq!(paused.value("day"), Some(&wanted), "no key more is the end");
}

#[test]
fn a_value_that_cannot_be_is_told_and_asked_again() {
    let mut world = at(AT_DAY);
    world.put("key 3; key 1; key 0; key 2; key #");
    shows(
        &world,
        &expect![[r#"
            > key 3
            pressed in day
            > key 1
            pressed in day
            > key 0
            pressed in day
            > key 2
            pressed in day
            > key #
            pressed in day
            say day.refused.live + form.day.hint
            listen day
        "#]],
    );
}

#[test]
fn a_lone_nought_calls_a_person_and_other_noughts_are_digits() {
    for way in ["key 0; key #", "key 0; tick", "key 0"] {
        let mut world = at(AT_DAY);
        world.put(way);
        let asked = world.log.contains("say dialogue.transfer +");
        assert_eq!(asked, way != "key 0", "{way}:\n{}", world.log);
    }
    let mut world = at(AT_DAY);
    world.put("key 0; key 5; key 1; key 2; key #");
    assert!(world.value("day").is_some());
}

#[test]
fn a_word_by_keys_is_read_back() {
    let mut world = at(AT_SURE);
    world.put("key 3; ended; key 4; key 2; key 2; key 2; key #; key 1");
    assert_eq!(world.value("name"), Some(&Value::Text("Ив".to_owned())));
    let mut world = at(AT_SURE);
    world.put("key 3; ended; key 0");
    assert!(
        world.log.contains("say dialogue.transfer +"),
        "{}",
        world.log
    );
}

#[test]
fn offers_are_said_two_at_a_time_and_taken_by_place_day_or_time() {
    let offers = "times 2026-12-25 09:30, 2026-12-25 11:00, 2026-12-26 10:00";
    let chosen = |way: &str| {
        let mut world = at(AT_SURE);
        world.put("key 1").answer(TaskKind::FindTimes, offers);
        world.put("ended").put(way);
        world.value("visit.id").cloned()
    };
    let id = |id: &str| Some(Value::Text(id.to_owned()));
    for (way, wanted) in [
        ("key 1", id("t1")),
        ("heard 950 второе", id("t2")),
        ("heard 950 двадцать шестое декабря", id("t3")),
        ("heard 950 в одиннадцать", id("t2")),
        ("heard 950 другое время; heard 950 первое", id("t3")),
        ("key 3; key 1", id("t3")),
        // Two times fit the day: they are said once more.
        ("heard 950 двадцать пятое декабря", None),
        ("heard 950 двадцать пятое декабря; key 2", id("t2")),
        ("heard 500 второе", None),
        ("heard 500 второе; heard 950 да", id("t2")),
        ("key 9", None),
    ] {
        assert_eq!(chosen(way), wanted, "{way}");
    }
}

#[test]
fn an_answer_goes_its_way_once_the_words_are_said() {
    let mut world = at(AT_SURE);
    world
        .put("key 1")
        .answer(TaskKind::FindTimes, "times 2026-12-25 09:30");
    world.put("ended; key 1");
    world.log.clear();
    let done = "done number 5724, date 2026-12-25, time 09:30, place Дом";
    world
        .answer(TaskKind::Book, done)
        .put("ended; ended; key #");
    shows(
        &world,
        &expect![[r#"
            > answered
            answered book done
            > ended
            step told
            say form.told.live
            listen told
            > ended
            > key #
            pressed in told
            step told
            say form.told.live
            listen told
        "#]],
    );
    assert!(
        world.value("number").is_some(),
        "«назад» does not undo a booking"
    );
}

#[test]
fn silence_of_the_house_is_told_and_then_given_up_and_a_late_answer_means_nothing() {
    let mut world = at(AT_SURE);
    world.put("key 1");
    world.log.clear();
    world.put("tick; ended; tick");
    world.answer(TaskKind::FindTimes, "times 2026-12-25 09:30");
    shows(
        &world,
        &expect![[r#"
            > tick
            say dialogue.wait
            > ended
            > tick
            step person
            deaf
            say form.person + dialogue.recording_notice
            > answered
        "#]],
    );
}

#[test]
fn an_answer_that_breaks_its_table_is_none() {
    for reply in [
        TaskReply::bare(TaskOutcome::Done),
        TaskReply::bare(TaskOutcome::Refused),
    ] {
        let mut world = at(AT_SURE);
        world.put("key 1").reply(reply);
        assert!(world.log.contains("step person"), "{}", world.log);
    }
}

#[test]
fn back_takes_values_back() {
    let mut world = at(AT_SURE);
    assert!(world.value("day").is_some());
    world.put("heard 950 назад");
    assert_eq!(world.value("day"), None);
    assert!(world.log.contains("step day"), "{}", world.log);
}

#[test]
fn a_dictation_is_recorded_and_kept_or_spoken_again() {
    let mut world = at(AT_SURE);
    world.put("key 2");
    world.log.clear();
    world.put("ended; key #").dictated("было так", 4_000);
    world.put("ended; key 2; ended").dictated("", 100);
    shows(
        &world,
        &expect![[r#"
            > ended
            deaf
            dictate dictation-C1-1.wav
            > key #
            pressed in words
            stop dictating
            > dictated
            recorded in words
            say dialogue.dictated
            listen confirm
            > ended
            > key 2
            pressed in words
            say form.words
            listen words
            > ended
            deaf
            dictate dictation-C1-2.wav
            > dictated
            say dialogue.dictation_empty
            listen words
        "#]],
    );
}

#[test]
fn a_dictation_that_was_left_leaves_no_trace() {
    let mut world = at(AT_SURE);
    world.put("key 2; ended; key *").dictated("первое", 4_000);
    world.put("ended").dictated("второе", 4_000);
    world.put("key 1");
    let words = world.value("words").cloned();
    assert!(
        matches!(&words, Some(Value::Dictation { words, .. }) if words == "второе"),
        "{}",
        world.log
    );
    let mut world = at(AT_SURE);
    world.put("key 2; ended; key 0").dictated("первое", 4_000);
    assert!(world.log.contains("stop dictating"), "{}", world.log);
    assert!(
        world.log.contains("say dialogue.transfer +"),
        "{}",
        world.log
    );
}

#[test]
fn operator_and_stop_are_commands_of_a_dictation_and_other_words_are_its_own() {
    let mut world = at(AT_SURE);
    world.put("key 2; ended");
    world.log.clear();
    world
        .put("heard 950 оператора на месте нет; heard 700 оператор; heard 950 повторите; heard 0 ");
    assert!(!world.log.contains("stop dictating"), "{}", world.log);
    assert!(
        !world.log.contains("words"),
        "no fact tells of them: {}",
        world.log
    );
    world.put("heard 950 стоп");
    assert!(world.log.contains("stop dictating"), "{}", world.log);
    world
        .dictated("приёмная была закрыта стоп", 4_000)
        .put("key 1");
    let words = world.value("words").cloned();
    assert!(
        matches!(&words, Some(Value::Dictation { words, .. }) if words == "приёмная была закрыта"),
        "{words:?}"
    );
    let mut world = at(AT_SURE);
    world.put("key 2; ended; heard 950 оператор");
    world.dictated("оператор", 4_000);
    assert!(world.log.contains("stop dictating"), "{}", world.log);
    assert!(
        world.log.contains("say dialogue.transfer +"),
        "{}",
        world.log
    );
    assert_eq!(world.value("words"), None);
}

#[test]
fn a_dictation_ends_in_time_even_if_nobody_reports() {
    let mut world = at(AT_SURE);
    world.put("key 2; ended");
    world.log.clear();
    world.put("tick; tick; ended; tick; tick");
    shows(
        &world,
        &expect![[r#"
            > tick
            stop dictating
            > tick
            say form.words.silence
            listen words
            > ended
            deaf
            dictate dictation-C1-2.wav
            > tick
            stop dictating
            > tick
            deaf
            say dialogue.transfer_silence + dialogue.recording_notice
        "#]],
    );
}

#[test]
fn two_stars_open_the_settings_and_what_was_said_is_said_in_the_new_manner() {
    let mut world = at("ended; ended; key 2; key 5; key 1; key 2; key #");
    world.put("key *; key *; key 1; heard 950 громче; heard 950 говорите как обычно");
    shows(
        &world,
        &expect![[r#"
            > key *
            pressed in sure
            hush
            say form.sure.live + form.sure.2
            listen sure
            > key *
            pressed in sure
            hush
            say dialogue.settings
            listen settings
            > key 1
            pressed in sure
            hush
            Manner { slow: true, loud: false }
            say form.sure.live + form.sure.2
            listen sure
            > heard 950 громче
            heard in sure, accepted
            hush
            Manner { slow: true, loud: true }
            say form.sure.live + form.sure.2
            listen sure
            > heard 950 говорите как обычно
            heard in sure, accepted
            hush
            Manner { slow: false, loud: false }
            say form.sure.live + form.sure.2
            listen sure
        "#]],
    );
}

#[test]
fn more_time_is_three_times_as_much() {
    let mut world = at(AT_SURE);
    let before = world.dialogue.deadline().unwrap().since(world.now);
    world.put("heard 950 дайте больше времени; ended");
    let after = world.dialogue.deadline().unwrap().since(world.now);
    assert_eq!(after.0, before.0 * super::MORE_TIME_FACTOR);
}

#[test]
fn no_fact_holds_a_value() {
    let mut world = at(AT_DAY);
    let mut out = Vec::new();
    let words = Pii::new("двадцать пятое декабря".to_owned());
    let heard = Input::Heard {
        text: words,
        confidence_permille: 950,
        latency_ms: events::Millis(1),
    };
    world.dialogue.handle(world.now, heard, &mut out);
    for output in &out {
        if let Output::Fact(fact) = output {
            let shown = format!("{fact:?}");
            assert!(
                !shown.contains("2026-12-25") && !shown.contains("декабря"),
                "{shown}"
            );
        }
    }
    assert!(!format!("{:?}", world.dialogue).contains("2026-12-25"));
}

#[test]
fn the_language_changes_what_is_said_and_what_is_listened_for() {
    let mut world = World::on("two", today());
    world.log.clear();
    world.put("key 2; heard 950 go on");
    shows(
        &world,
        &expect![[r#"
            > key 2
            pressed in hello
            hush
            step hello
            say two.hello@en
            listen hello@en
            > heard 950 go on
            heard in hello, accepted
            hush
            step person
            deaf
            say two.person@en + dialogue.recording_notice
        "#]],
    );
}
