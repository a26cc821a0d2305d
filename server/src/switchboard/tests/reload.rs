//! Scripts read anew under running calls.

use events::{Event, ScriptId};
use expect_test::expect;

use super::sees;
use super::world::World;

const FILE: &str = "assistant/consultation.toml";
const EDITS: &[(&str, &str)] = &[
    ("version = \"", "version = \"new-"),
    ("Здравствуйте! ", "Добрый день! "),
    ("По какому вопросу вы звоните? ", "Чем помочь? "),
];

#[test]
fn a_call_under_way_keeps_its_words_and_lists_and_the_next_has_the_new_ones() {
    let mut line = World::new();
    line.arrives("old", "100");
    let (words, list) = line.words_and_list("old");
    assert!(words.starts_with("Здравствуйте! "), "{words}");
    assert!(!list.contains("@new-"), "{list}");
    line.quiet();
    line.reloads(FILE, EDITS);
    line.hears_to_the_end("old");
    let (words, list) = line.words_and_list("old");
    assert!(
        words.starts_with("По какому вопросу вы звоните?"),
        "{words}"
    );
    assert!(
        list.starts_with("consultation.topic@") && !list.contains("@new-"),
        "{list}"
    );
    line.arrives("new", "100");
    let (words, list) = line.words_and_list("new");
    assert!(words.starts_with("Добрый день! "), "{words}");
    assert!(list.starts_with("consultation.greeting@new-"), "{list}");
    line.hears_to_the_end("new");
    let (words, list) = line.words_and_list("new");
    assert!(words.starts_with("Чем помочь?"), "{words}");
    assert!(list.starts_with("consultation.topic@new-"), "{list}");
    sees(
        &mut line,
        expect![[r#"
        the scripts are reloaded
          * scripts reloaded
        old heard it to the end
          * step reached C1 topic
          old hears consultation.topic
          listen to old for consultation.topic
        new → INVITE
          * call arrived C2 100 undetermined
          new ← 200 (INVITE)
        new → ACK
          * leg answered C2
          * dialogue started C2 consultation
          * step reached C2 greeting
          new hears consultation.greeting
          listen to new for consultation.greeting
        new heard it to the end
          * step reached C2 topic
          new hears consultation.topic
          listen to new for consultation.topic
    "#]],
    );
    let versions = line.journal().iter().find_map(|record| {
        let Event::ScriptsReloaded { versions } = &record.event else {
            return None;
        };
        Some(versions)
    });
    let is_new = |(id, version): &&(ScriptId, String)| {
        *id == ScriptId::new("consultation") && version.starts_with("new-")
    };
    assert_eq!(versions.unwrap().iter().filter(is_new).count(), 1);
    line.hangs_up("old");
    line.hangs_up("new");
    line.ends_empty();
}
