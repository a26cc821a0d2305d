//! What a caller says to a person, shown to that person.

use acd::{Command, ConsultStep};
use events::{CallId, Millis, OperatorId, Pii, TranscriptDepth, TransferTarget};
use expect_test::expect;
use ivr::SpeechEvent;

use super::sees;
use super::world::{SETTINGS, World};
use crate::switchboard::{DeskAction, PhoneKey};

/// anna talks with the caller on a line whose talks are recognised; boris is free.
fn talking() -> World {
    let settings = SETTINGS.replacen(
        "recording = true",
        "recording = true\ntranscription = true",
        1,
    );
    let mut line = World::with(&settings);
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.quiet();
    line.answers("anna");
    line.on_duty("boris");
    line
}

fn attends(line: &mut World, depth: TranscriptDepth) {
    line.recogniser_says("caller", SpeechEvent::Attending(depth));
}

fn says(line: &mut World, text: &str, confidence_permille: u16) {
    let event = SpeechEvent::Final {
        text: Pii::new(text.to_owned()),
        confidence_permille,
        latency_ms: Millis(400),
    };
    line.recogniser_says("caller", event);
}

fn press(line: &mut World, key: PhoneKey) {
    let action = DeskAction::Phone {
        call: CallId(1),
        operator: OperatorId::new("anna"),
        key,
    };
    line.desk_asks(&format!("anna's phone: {key:?}"), action);
}

fn consult(line: &mut World, step: ConsultStep) {
    let (call, operator) = (CallId(1), "anna".into());
    line.desk(
        "anna",
        Command::Consult {
            call,
            operator,
            step,
        },
    );
}

#[test]
fn what_is_said_in_a_talk_is_shown_and_suggests_its_topic() {
    let mut line = talking();
    attends(&mut line, TranscriptDepth::Phrases);
    says(&mut line, "", 0);
    says(&mut line, "статус технопарка", 640);
    says(&mut line, "технопарк", 900);
    says(&mut line, "статус технопарка", 900);
    line.desk_hangs_up("anna", 1);
    sees(
        &mut line,
        expect![[r#"
        anna → 180
          * offer ringing C1 anna
        anna → 200
          ~ anna ← ACK
          * offer accepted C1 anna
          * legs bridged C1 anna
          * recording started C1 C1-1.wav
          join caller and anna
          record caller to C1-1.wav
          overhear caller
        boris's desk: SignIn
          * operator signed in boris
          * operator not ready boris signed_in
        boris's desk: BecomeReady
          * operator ready boris
          * transcript begun C1 phrases
          * transcript heard C1 640 статус технопарка
          * transcript heard C1 900 технопарк
          * topic suggested C1 999 technopark_status
          * transcript heard C1 900 статус технопарка
        anna's desk: hang up
          * talk ended operator C1 anna
          * wrap up started C1 anna
          * dialogue started C1 rating
          * step reached C1 question
          anna ← BYE
          stop listening to caller
          stop recording caller
          part caller
          caller hears rating.question
          listen to caller for rating.question
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn all_words_are_shown_where_the_model_writes_them_down() {
    let mut line = talking();
    attends(&mut line, TranscriptDepth::Words);
    line.quiet();
    says(&mut line, "технопарк", 900);
    says(&mut line, "и ещё про лицензию на лом спросить хотел", 500);
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
              * transcript heard C1 900 технопарк
              * transcript heard C1 500 и ещё про лицензию на лом спросить хотел
              * topic suggested C1 999 scrap_licence
            caller → BYE
              ~ caller ← 200 (BYE)
              * talk ended caller C1 anna
              * wrap up started C1 anna
              * call ended C1 caller_hung_up
              stop listening to caller
              stop recording caller
              part caller
              anna ← BYE
        "#]],
    );
    line.ends_empty();
}

#[test]
fn nobody_listens_while_no_person_of_the_house_does() {
    let mut line = talking();
    attends(&mut line, TranscriptDepth::Phrases);
    line.quiet();
    press(&mut line, PhoneKey::Hold);
    press(&mut line, PhoneKey::Resume);
    sees(
        &mut line,
        expect![[r#"
            the desk: anna's phone: Hold
              * talk held C1 anna
              room: caller hears anna, anna hears 
              stop listening to caller
              caller hears music.waiting for ever
            the desk: anna's phone: Resume
              * talk resumed C1 anna
              caller hears nothing
              join caller and anna
              overhear caller
        "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn nobody_listens_while_a_colleague_is_asked_and_it_goes_on_with_the_colleague() {
    let mut line = talking();
    attends(&mut line, TranscriptDepth::Phrases);
    line.quiet();
    let boris = TransferTarget::Operator("boris".into());
    consult(&mut line, ConsultStep::Start(boris));
    line.answers("boris");
    consult(&mut line, ConsultStep::Swap);
    consult(&mut line, ConsultStep::Swap);
    consult(&mut line, ConsultStep::Conference);
    sees(
        &mut line,
        expect![[r#"
            anna's desk: Consult
              * talk held C1 anna
              * consultation started C1 anna {"operator":"boris"} boris
              room: caller hears , anna hears 
              caller hears music.waiting for ever
              boris ← INVITE
              stop listening to caller
            boris → 180
            boris → 200
              ~ boris ← ACK
              * consultation answered C1 anna boris
              anna hears nothing
              room: caller hears , anna hears boris, boris hears anna
            anna's desk: Consult
              * talk resumed C1 anna
              * consultation swapped C1 anna to_caller=true
              caller hears nothing
              room: caller hears anna, anna hears caller, boris hears 
              boris hears music.waiting for ever
              overhear caller
            anna's desk: Consult
              * talk held C1 anna
              * consultation swapped C1 anna to_caller=false
              boris hears nothing
              room: boris hears anna, anna hears boris, caller hears 
              caller hears music.waiting for ever
              stop listening to caller
            anna's desk: Consult
              * talk resumed C1 anna
              * consultation conference_started C1 anna
              caller hears nothing
              boris hears nothing
              room: caller hears anna + boris, anna hears caller + boris, boris hears caller + anna
              overhear caller
        "#]],
    );
    consult(&mut line, ConsultStep::Complete);
    line.quiet();
    attends(&mut line, TranscriptDepth::Phrases);
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
              * transcript begun C1 phrases
            caller → BYE
              ~ caller ← 200 (BYE)
              * talk ended caller C1 boris
              * wrap up started C1 boris
              * call ended C1 caller_hung_up
              stop listening to caller
              stop recording caller
              part caller
              boris ← BYE
        "#]],
    );
    line.ends_empty();
}

#[test]
fn a_recogniser_that_is_not_to_be_had_is_said_and_asked_again_after_a_hold() {
    let mut line = talking();
    let earlier = line.listening("caller").unwrap();
    line.recogniser_says("caller", SpeechEvent::Unavailable);
    line.recognised("caller", earlier, "технопарк");
    press(&mut line, PhoneKey::Hold);
    press(&mut line, PhoneKey::Resume);
    let (call, operator) = (CallId(1), OperatorId::new("anna"));
    let to = TransferTarget::Operator("boris".into());
    line.desk("anna", Command::Transfer { call, operator, to });
    line.hears_to_the_end("caller");
    line.answers("boris");
    sees(
        &mut line,
        expect![[r#"
            anna → 180
              * offer ringing C1 anna
            anna → 200
              ~ anna ← ACK
              * offer accepted C1 anna
              * legs bridged C1 anna
              * recording started C1 C1-1.wav
              join caller and anna
              record caller to C1-1.wav
              overhear caller
            boris's desk: SignIn
              * operator signed in boris
              * operator not ready boris signed_in
            boris's desk: BecomeReady
              * operator ready boris
              * transcript lost C1
              stop listening to caller
            caller says «технопарк»
            the desk: anna's phone: Hold
              * talk held C1 anna
              room: caller hears anna, anna hears 
              caller hears music.waiting for ever
            the desk: anna's phone: Resume
              * talk resumed C1 anna
              caller hears nothing
              join caller and anna
              overhear caller
            anna's desk: Transfer
              * call transferred C1 anna blind {"operator":"boris"}
              * talk ended transfer C1 anna
              * wrap up started C1 anna
              * queue entered transfer C1 consultation boris
              * call offered C1 boris перевод от оператора anna
              stop listening to caller
              stop recording caller
              part caller
              anna ← BYE
              caller hears transfer.announcement + music.waiting
              boris ← INVITE
            caller heard it to the end
              caller hears waiting.again + music.waiting for ever
            boris → 180
              * offer ringing C1 boris
            boris → 200
              ~ boris ← ACK
              * offer accepted C1 boris
              * legs bridged C1 boris
              * recording started C1 C1-2.wav
              join caller and boris
              record caller to C1-2.wav
              overhear caller
        "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn who_was_not_told_of_it_is_not_recognised() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.answers("anna");
    assert_eq!(line.listening("caller"), None, "the line does not want it");
    line.hangs_up("caller");
    line.ends_empty();
}
