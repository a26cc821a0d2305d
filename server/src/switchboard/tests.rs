//! Calls as ladders: `who → what` is done to the house, `* fact` is what it journals, the rest is
//! what it does once the facts are durable; `~` marks SIP answers that do not wait for them.

mod cases;
mod consult;
mod door;
mod guidance;
mod hours;
mod keeping;
mod leaving;
mod offers;
mod phone;
mod placed;
mod reload;
mod restart;
mod supervision;
mod talk;
mod transcript;
mod words;
mod world;

use expect_test::{Expect, expect};

use world::World;

fn sees(world: &mut World, expected: Expect) {
    expected.assert_eq(&world.ladder());
}

#[test]
#[expect(clippy::too_many_lines, reason = "a whole call in one ladder")]
fn one_call_from_the_door_to_the_rating() {
    let mut line = World::new();
    line.on_duty("anna");
    line.quiet();
    line.caller("caller");
    line.invites("caller", "100");
    line.acks("caller");
    line.hears_to_the_end("caller");
    line.speaks("caller", "лицензия на лом");
    line.speaks("caller", "сотрудник");
    line.hears_to_the_end("caller");
    line.hears_to_the_end("caller");
    line.replies("anna", 180);
    line.replies("anna", 200);
    line.hangs_up("anna");
    line.presses("caller", '5');
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → INVITE
          * call arrived C1 100 undetermined
          caller ← 200 (INVITE)
        caller → ACK
          * leg answered C1
          * dialogue started C1 consultation
          * step reached C1 greeting
          caller hears consultation.greeting
          listen to caller for consultation.greeting
        caller heard it to the end
          * step reached C1 topic
          caller hears consultation.topic
          listen to caller for consultation.topic
        caller says «лицензия на лом»
          * speech heard accepted=true C1 950 topic лицензия на лом
          * service chosen speech C1 scrap_licence
          * step reached C1 scrap
          caller hears nothing
          caller hears consultation.scrap
          listen to caller for consultation.scrap
        caller says «сотрудник»
          * speech heard accepted=true C1 950 scrap сотрудник
          * step reached C1 handover
          caller hears nothing
          stop listening to caller
          caller hears consultation.handover + dialogue.recording_notice
        caller heard it to the end
          * dialogue ended C1 notice_played=true to_person
          * queue entered assistant C1 consultation
          * call offered C1 anna единственный свободный, свободен 0 с
          caller hears music.waiting
          anna ← INVITE
        caller heard it to the end
          caller hears waiting.again + music.waiting for ever
        anna → 180
          * offer ringing C1 anna
        anna → 200
          ~ anna ← ACK
          * offer accepted C1 anna
          * legs bridged C1 anna
          * recording started C1 C1-1.wav
          join caller and anna
          record caller to C1-1.wav
        anna → BYE
          ~ anna ← 200 (BYE)
          * talk ended operator C1 anna
          * wrap up started C1 anna
          * dialogue started C1 rating
          * step reached C1 question
          stop recording caller
          part caller
          caller hears rating.question
          listen to caller for rating.question
        caller presses 5
          * digit pressed C1 5 question
          * call rated C1 anna service 5 none scrap_licence
          * step reached C1 thanks
          caller hears nothing
          stop listening to caller
          caller hears rating.thanks
        caller heard it to the end
          * dialogue ended C1 notice_played=false rated
          * call ended C1 completed
          caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn what_the_assistant_answers_needs_no_person() {
    let mut line = World::new();
    line.arrives("caller", "100");
    line.hears_to_the_end("caller");
    line.presses("caller", '3');
    line.hears_to_the_end("caller");
    line.quiet();
    line.presses("caller", '1');
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
        caller presses 1
          * digit pressed C1 1 more
          * step reached C1 farewell
          caller hears nothing
          stop listening to caller
          caller hears consultation.farewell
        caller heard it to the end
          * dialogue ended C1 notice_played=false contained
          * call ended C1 completed
          caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn two_calls_at_once_do_not_hear_each_other() {
    let mut line = World::new();
    line.on_duty("anna");
    line.on_duty("boris");
    line.asks_for_a_person("one", "100");
    line.asks_for_a_person("two", "100");
    line.quiet();
    line.answers("boris");
    line.answers("anna");
    line.hangs_up("one");
    line.hangs_up("boris");
    line.presses("two", '4');
    line.hears_to_the_end("two");
    sees(
        &mut line,
        expect![[r#"
        boris → 180
          * offer ringing C2 boris
        boris → 200
          ~ boris ← ACK
          * offer accepted C2 boris
          * legs bridged C2 boris
          * recording started C2 C2-1.wav
          join two and boris
          record two to C2-1.wav
        anna → 180
          * offer ringing C1 anna
        anna → 200
          ~ anna ← ACK
          * offer accepted C1 anna
          * legs bridged C1 anna
          * recording started C1 C1-1.wav
          join one and anna
          record one to C1-1.wav
        one → BYE
          ~ one ← 200 (BYE)
          * talk ended caller C1 anna
          * wrap up started C1 anna
          * call ended C1 caller_hung_up
          stop recording one
          part one
          anna ← BYE
        boris → BYE
          ~ boris ← 200 (BYE)
          * talk ended operator C2 boris
          * wrap up started C2 boris
          * dialogue started C2 rating
          * step reached C2 question
          stop recording two
          part two
          two hears rating.question
          listen to two for rating.question
        two presses 4
          * digit pressed C2 4 question
          * call rated C2 boris service 4 none undetermined
          * step reached C2 thanks
          two hears nothing
          stop listening to two
          two hears rating.thanks
        two heard it to the end
          * dialogue ended C2 notice_played=false rated
          * call ended C2 completed
          two ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_late_result_of_an_old_listening_is_nobodys() {
    let mut line = World::new();
    line.arrives("caller", "100");
    line.hears_to_the_end("caller");
    let old = line.listening("caller").unwrap();
    line.presses("caller", '2');
    line.quiet();
    line.recognised("caller", old, "статус технопарка");
    sees(
        &mut line,
        expect![[r#"
        caller says «статус технопарка»
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_silent_caller_comes_to_a_person_by_time_alone() {
    let mut line = World::new();
    line.arrives("caller", "100");
    line.quiet();
    while line.says_something_to("caller") {
        line.hears_to_the_end("caller");
        line.passes_s(10);
    }
    sees(
        &mut line,
        expect![[r#"
        caller heard it to the end
          * step reached C1 topic
          caller hears consultation.topic
          listen to caller for consultation.topic
        10 s pass
        caller heard it to the end
        10 s pass
          caller hears consultation.topic.silence
          listen to caller for consultation.topic
        caller heard it to the end
        10 s pass
          stop listening to caller
          caller hears dialogue.transfer_silence + dialogue.recording_notice
        caller heard it to the end
          * dialogue ended C1 notice_played=true silence
          * queue entered assistant C1 consultation
          caller hears waiting.first + music.waiting
        10 s pass
        caller heard it to the end
          caller hears waiting.again + music.waiting for ever
        10 s pass
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn words_about_another_service_are_suggested_to_the_operator() {
    let mut line = World::new();
    line.arrives("caller", "100");
    line.hears_to_the_end("caller");
    line.presses("caller", '1');
    line.speaks("caller", "мне бы лицензию на металлолом оформить");
    line.presses("caller", '0');
    line.hears_to_the_end("caller");
    let facts = line.facts();
    let suggested =
        |fact: &String| fact.contains("topic suggested") && fact.contains("scrap_licence");
    assert!(facts.iter().any(suggested), "{facts:#?}");
    line.hangs_up("caller");
    line.ends_empty();
}
