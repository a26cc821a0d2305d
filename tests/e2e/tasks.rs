//! Every task, whole, by robots with real telephones: by keys alone, by voice alone (row #55).

use std::path::PathBuf;

use events::{CaseEvent, CaseNumber, Event, TaskKind, TaskOutcome};
use tempfile::TempDir;
use tests::phone::Setup;
use tests::{Journal, Phone, Server, network, sound};

/// An application that the sample register knows.
const APPLICATION: &str = "20260029";

/// A caller without patience for anything but what it knows to do.
struct Robot {
    _server: Server,
    journal: Journal,
    phone: Phone,
    folder: TempDir,
    /// Whose voice it has, of [`sound::STRANGERS`].
    voice: &'static str,
    /// Words that nobody reacted to.
    unheard: u32,
}

/// What is to be said.
#[derive(Clone, Copy)]
enum Words<'a> {
    /// By a synthetic voice.
    Read(&'a str),
    /// Digits, by a person.
    Digits(&'a str),
}

impl Robot {
    fn open() -> Self {
        let server = Server::start();
        let journal = server.journal();
        let phone = Phone::start(&Setup {
            user: "79161234567",
            ..Setup::caller(5070)
        });
        Self {
            _server: server,
            journal,
            phone,
            folder: tempfile::tempdir().unwrap(),
            voice: sound::STRANGERS[0],
            unheard: 0,
        }
    }

    fn dial(&mut self) {
        self.phone.dial("100");
        self.phone.wait("established");
    }

    /// The caller hangs up, and the house has noticed.
    fn hang_up(&mut self) {
        self.phone.hang_up();
        self.journal
            .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    }

    /// Waits until the assistant is in a node.
    fn comes_to(&mut self, node: &str) {
        self.journal.wait(
            node,
            |e| matches!(e, Event::StepReached { step, .. } if step == node),
        );
    }

    /// In a node, presses keys.
    fn presses(&mut self, node: &str, keys: &str) {
        self.comes_to(node);
        self.phone.press(keys);
    }

    /// In a node, says words until they are taken.
    fn says(&mut self, node: &str, words: &str) {
        self.comes_to(node);
        self.is_understood(Words::Read(words));
    }

    /// In a node, a person's digits.
    fn says_digits(&mut self, node: &str, digits: &str) {
        self.comes_to(node);
        self.is_understood(Words::Digits(digits));
    }

    /// Says words until they are taken: what is asked back is confirmed if it is right, what was not
    /// understood is said again, and so is what nobody reacted to.
    fn is_understood(&mut self, words: Words<'_>) {
        let (yes, no) = (Words::Read("да"), Words::Read("нет"));
        let (mut saying, mut denied) = (words, false);
        loop {
            let speech = self.speech(saying);
            self.phone.say(&speech);
            let mut seconds = 0;
            let heard = self.journal.wait("the words", |e| {
                seconds += u32::from(matches!(e, Event::Heartbeat {}));
                matches!(e, Event::SpeechHeard { .. }) || seconds == PATIENCE_S
            });
            (saying, denied) = match heard.event {
                Event::SpeechHeard { accepted: true, .. } if denied => (words, false),
                Event::SpeechHeard { accepted: true, .. } => return,
                Event::SpeechHeard {
                    text,
                    confidence_permille: ASKED_BACK..SURE,
                    ..
                } if !denied => {
                    let right = words.are(text.expose());
                    (if right { yes } else { no }, !right)
                }
                Event::SpeechHeard { .. } => (saying, denied),
                _ => {
                    self.unheard += 1;
                    assert!(self.unheard <= UNHEARD_MOST, "the assistant is deaf");
                    continue;
                }
            };
            self.phone.hears_something();
        }
    }

    /// In a node, dictates after the tone, and keeps the recording.
    fn dictates(&mut self, node: &str, words: &str) {
        self.comes_to(node);
        self.phone.hears_beep(440);
        let speech = self.speech(Words::Read(words));
        self.phone.say(&speech);
        self.journal.wait(
            "the recording",
            |e| matches!(e, Event::AnswerRecorded { step, .. } if step == node),
        );
        self.is_understood(Words::Read("да"));
    }

    /// The whole of it is done, and the assistant says goodbye.
    fn says_goodbye(&mut self) {
        self.says("more", "спасибо это всё");
        self.phone.wait("closed");
        self.journal
            .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    }

    fn speech(&self, words: Words<'_>) -> PathBuf {
        let folder = self.folder.path();
        match words {
            Words::Read(words) => sound::speech_by(self.voice, folder, words),
            Words::Digits(digits) => {
                let names: Vec<String> = digits.chars().map(|d| format!("digits/{d}")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                sound::person(folder, &names)
            }
        }
    }

    /// The house did what it was asked.
    fn done(&mut self, task: TaskKind) {
        let answered = self.journal.wait(
            task.as_str(),
            |e| matches!(e, Event::TaskAnswered { task: answered, .. } if *answered == task),
        );
        let Event::TaskAnswered { outcome, .. } = answered.event else {
            panic!("{answered:?}");
        };
        assert_eq!(outcome, TaskOutcome::Done, "{task:?}");
    }

    /// The number of the visit that was booked last.
    fn booked(&mut self) -> CaseNumber {
        let visit = |e: &Event| match e {
            Event::Case(CaseEvent::AppointmentBooked { case, .. }) => Some(*case),
            _ => None,
        };
        let all = self.journal.all();
        let case = all.iter().rev().find_map(|record| visit(&record.event));
        CaseNumber::of(case.expect("a visit in the journal"))
    }
}

/// From this confidence on, in thousandths, words that are not taken are asked back.
const ASKED_BACK: u16 = 400;
/// From this one on they are not: they were well heard, and no value.
const SURE: u16 = 700;
/// A caller says it again when there was no reaction for so many seconds, beats of the journal…
const PATIENCE_S: u32 = 9;
/// …but not more often than this in all of their calls.
const UNHEARD_MOST: u32 = 3;
const DIGITS: [&str; 10] = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
];

impl Words<'_> {
    /// Whether they were heard right.
    fn are(self, heard: &str) -> bool {
        match self {
            Self::Read(words) => heard == words,
            Self::Digits(digits) => {
                let words: Vec<&str> = digits
                    .bytes()
                    .map(|digit| DIGITS[usize::from(digit - b'0')])
                    .collect();
                heard == words.join(" ")
            }
        }
    }
}

#[test]
fn by_keys_alone() {
    let mut robot = Robot::open();

    robot.dial();
    robot.presses("topic", "4");
    robot.presses("book", "1");
    robot.done(TaskKind::FindTimes);
    robot.presses("part_booking.choose", "2");
    robot.presses("part_booking.this_phone", "1");
    robot.presses("part_booking.name", "9");
    robot.presses("part_name.ask", "42221255#1");
    robot.presses("part_booking.remind", "1");
    robot.presses("part_booking.check", "1");
    robot.done(TaskKind::Book);
    let number = robot.booked();
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "4");
    robot.presses("book", "2");
    robot.presses("part_visit.number", &format!("{number}#"));
    robot.done(TaskKind::FindBooking);
    robot.presses("part_visit.what", "1");
    robot.presses("part_move.choose", "1");
    robot.presses("part_move.check", "1");
    robot.done(TaskKind::MoveBooking);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "4");
    robot.presses("book", "2");
    robot.presses("part_visit.number", &format!("{number}#"));
    robot.presses("part_visit.what", "2");
    robot.presses("part_visit.sure", "1");
    robot.done(TaskKind::CancelBooking);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "5");
    robot.presses("other", "1");
    robot.presses("part_status.ask", &format!("{APPLICATION}#"));
    robot.done(TaskKind::CheckStatus);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "5");
    robot.presses("other", "2");
    robot.presses("part_complaint.name", "9");
    robot.presses("part_name.ask", "42221255#1");
    robot.presses("part_complaint.reply_to", "9");
    robot.presses("part_complaint.know_official", "2");
    robot.presses("part_complaint.substance", "9");
    robot.presses("part_complaint.list", "1");
    robot.presses("part_complaint.inform", "3");
    robot.presses("part_complaint.check_short", "1");
    robot.done(TaskKind::FileComplaint);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "5");
    robot.presses("other", "3");
    robot.presses("part_callback.this_phone", "1");
    robot.presses("part_callback.when", "1");
    robot.done(TaskKind::RequestCallback);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "5");
    robot.presses("other", "4");
    robot.presses("part_consent.ask", "2");
    robot.done(TaskKind::SetConsent);
    robot.hang_up();
}

#[test]
fn by_voice_alone() {
    let mut robot = Robot::open();
    asks_for_documents(&mut robot);
    complains(&mut robot);
    asks_for_a_status(&mut robot);
    wants_to_be_called_back(&mut robot);
    wants_no_more_calls(&mut robot);
}

#[test]
fn a_visit_by_voice_alone_and_over_a_bad_line() {
    let mut robot = Robot::open();
    let number = books_a_visit(&mut robot);

    // One packet in twenty is lost either way, noise is 20 dB under the words.
    network::loses(50);
    robot.phone.noise(Some(-46));
    moves_the_visit(&mut robot, &number);
    network::loses_nothing();
    robot.phone.noise(None);

    cancels_the_visit(&mut robot, &number);
}

fn asks_for_documents(robot: &mut Robot) {
    robot.dial();
    robot.says("greeting", "статус технопарка");
    robot.says("technopark", "какие нужны документы");
    robot.comes_to("technopark_documents");
    robot.phone.hears_something();
    robot.says_goodbye();
}

fn books_a_visit(robot: &mut Robot) -> String {
    robot.voice = sound::STRANGERS[1];
    robot.dial();
    robot.says("greeting", "запись на приём");
    robot.says("appointment", "записаться");
    robot.done(TaskKind::FindTimes);
    robot.says("part_booking.choose", "второе");
    robot.says("part_booking.this_phone", "этот телефон");
    robot.dictates("part_booking.name", "Иванов Иван Иванович");
    robot.says("part_booking.remind", "напомнить");
    robot.says("part_booking.check", "да");
    robot.done(TaskKind::Book);
    let number = robot.booked().to_string();
    robot.says("part_booking.told", "дальше");
    robot.says_goodbye();
    number
}

fn complains(robot: &mut Robot) {
    robot.voice = sound::STRANGERS[2];
    robot.dial();
    robot.says("greeting", "подать жалобу");
    robot.dictates("part_complaint.name", "Иванов Иван Иванович");
    robot.dictates("part_complaint.reply_to", "Москва, улица Лесная, дом пять");
    robot.says("part_complaint.know_official", "пропустить");
    let story = "На моё заявление не ответили за два месяца";
    robot.dictates("part_complaint.substance", story);
    robot.says("part_complaint.inform", "по телефону");
    robot.says("part_complaint.check_short", "да");
    robot.done(TaskKind::FileComplaint);
    robot.says("part_complaint.told", "дальше");
    robot.says_goodbye();
}

fn moves_the_visit(robot: &mut Robot, number: &str) {
    robot.voice = sound::STRANGERS[3];
    robot.dial();
    robot.says("greeting", "запись на приём");
    robot.says("appointment", "перенести запись");
    robot.says_digits("part_visit.number", number);
    robot.done(TaskKind::FindBooking);
    robot.says("part_visit.what", "перенести");
    robot.says("part_move.choose", "первое");
    robot.says("part_move.check", "да");
    robot.done(TaskKind::MoveBooking);
    robot.says_goodbye();
}

fn cancels_the_visit(robot: &mut Robot, number: &str) {
    robot.voice = sound::STRANGERS[0];
    robot.dial();
    robot.says("greeting", "запись на приём");
    robot.says("appointment", "отменить запись");
    robot.says_digits("part_visit.number", number);
    robot.says("part_visit.what", "отменить");
    robot.says("part_visit.sure", "да");
    robot.done(TaskKind::CancelBooking);
    robot.says_goodbye();
}

fn asks_for_a_status(robot: &mut Robot) {
    robot.voice = sound::STRANGERS[1];
    robot.dial();
    robot.says("greeting", "где моё заявление");
    robot.says_digits("part_status.ask", APPLICATION);
    robot.done(TaskKind::CheckStatus);
    robot.says("part_status.told_due", "дальше");
    robot.says_goodbye();
}

fn wants_no_more_calls(robot: &mut Robot) {
    robot.voice = sound::STRANGERS[3];
    robot.dial();
    robot.says("greeting", "другой вопрос");
    robot.says("other", "уведомления");
    robot.says("part_consent.ask", "отказываюсь");
    robot.done(TaskKind::SetConsent);
    robot.says_goodbye();
}

fn wants_to_be_called_back(robot: &mut Robot) {
    robot.voice = sound::STRANGERS[2];
    robot.dial();
    robot.says("greeting", "перезвоните мне");
    robot.says("part_callback.this_phone", "этот телефон");
    robot.says("part_callback.when", "при первой возможности");
    robot.done(TaskKind::RequestCallback);
    robot.says_goodbye();
}
