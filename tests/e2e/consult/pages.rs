//! Two operators whose phones are their pages, and a caller's telephone: everything that is done
//! beside a talk is done with the page's own buttons, and who hears whom is proved with tones.

use events::{ConsultationEvent, ConsultationOutcome, Event, TransferKind};
use tests::phone::Setup;
use tests::{Browser, Journal, Phone, Server};

const FIRST_HZ: u32 = 600;
const SECOND_HZ: u32 = 1_700;
const CALLER_HZ: u32 = 1_100;
/// «Контроль посылки вызова».
const RINGBACK_HZ: u32 = 425;

/// operator1 talks with the caller; operator2 is ready.
struct Talk {
    _server: Server,
    journal: Journal,
    caller: Phone,
    first: Browser,
    second: Browser,
}

impl Talk {
    fn begin() -> Self {
        let server = Server::start();
        let mut journal = server.journal();
        let mut first = ready(&mut journal, 9_601, FIRST_HZ, "operator1");
        let mut caller = Phone::start(&Setup::caller(5070));
        caller.dial("100");
        caller.wait("established");
        caller.hears_something();
        caller.press("0");
        first.sees("Звонит здесь");
        first.click("Ответить");
        journal.wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
        caller.tone(CALLER_HZ);
        first.hears_tone(CALLER_HZ);
        let second = ready(&mut journal, 9_602, SECOND_HZ, "operator2");
        Self {
            _server: server,
            journal,
            caller,
            first,
            second,
        }
    }

    /// Opens «Посоветоваться или перевести» and points at the colleague.
    fn chooses_the_colleague(&mut self) {
        self.first.click("Посоветоваться или перевести");
        self.first
            .waits_for("document.querySelector('[value=\"operator:operator2\"]:enabled')");
        self.first
            .run("document.querySelector('[value=\"operator:operator2\"]').click()");
    }

    fn asks_the_colleague(&mut self) {
        self.chooses_the_colleague();
        self.first.click("Посоветоваться");
        self.first.sees("Клиент слышит музыку, вас он не слышит");
        self.first.hears_tone(RINGBACK_HZ);
        self.second.sees("Звонит здесь");
        self.second.click("Ответить");
        self.journal.wait("the answer", |e| {
            matches!(e, Event::Consultation(ConsultationEvent::Answered { .. }))
        });
        self.second.sees("Клиент ждёт и вас не слышит");
        self.first.hears_tone(SECOND_HZ);
        self.second.hears_tone(FIRST_HZ);
    }

    fn ended(&mut self, expected: ConsultationOutcome) {
        let ended = self.journal.wait("the end of the consultation", |e| {
            matches!(e, Event::Consultation(ConsultationEvent::Ended { .. }))
        });
        assert!(matches!(
            ended.event,
            Event::Consultation(ConsultationEvent::Ended { outcome, .. }) if outcome == expected
        ));
    }

    fn transferred(&mut self, expected: TransferKind) {
        self.journal.wait(
            "the transfer",
            |e| matches!(e, Event::CallTransferred { kind, .. } if *kind == expected),
        );
    }

    /// The caller is with the colleague, and is the first's no more.
    fn the_colleague_has_the_caller(&mut self) {
        self.first.sees("Сохранить и завершить");
        self.second.sees("Завершить разговор");
        self.second.hears_tone(CALLER_HZ);
        self.caller.hears_tone(SECOND_HZ);
    }

    fn hangs_up(&mut self) {
        self.second.click("Завершить разговор");
        self.journal.wait(
            "the end of the talk",
            |e| matches!(e, Event::TalkEnded { operator, .. } if operator.as_str() == "operator2"),
        );
        self.caller.hang_up();
        self.journal
            .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    }
}

fn ready(journal: &mut Journal, port: u16, hz: u32, login: &str) -> Browser {
    let mut page = Browser::desk(port, hz, login);
    page.click("Начать смену");
    page.click("Принимать звонки");
    journal.wait(
        "readiness",
        |e| matches!(e, Event::OperatorReady { operator } if operator.as_str() == login),
    );
    page
}

#[test]
fn a_colleague_is_asked_from_the_page_and_takes_the_caller() {
    let mut talk = Talk::begin();
    // Given up while it rings, and once more after the answer.
    talk.chooses_the_colleague();
    talk.first.click("Посоветоваться");
    talk.second.sees("Звонит здесь");
    talk.first.click("Вернуться к клиенту");
    talk.ended(ConsultationOutcome::Cancelled);
    talk.second.sees_no("Звонит здесь");
    talk.first.hears_tone(CALLER_HZ);
    talk.caller.hears_tone(FIRST_HZ);
    talk.asks_the_colleague();
    talk.caller.hears_something(); // the music
    talk.first.click("Вернуться к клиенту");
    talk.ended(ConsultationOutcome::Cancelled);
    talk.second.sees("Ждём звонка");
    talk.first.hears_tone(CALLER_HZ);
    talk.caller.hears_tone(FIRST_HZ);

    talk.asks_the_colleague();
    talk.first.click("Поменять");
    talk.first.sees("Вы говорите с клиентом");
    talk.second.sees("Вы на удержании и слышите музыку");
    talk.first.hears_tone(CALLER_HZ);
    talk.caller.hears_tone(FIRST_HZ);
    talk.first.click("Поменять");
    talk.second.sees("Клиент ждёт и вас не слышит");
    talk.first.hears_tone(SECOND_HZ);
    talk.second.hears_tone(FIRST_HZ);

    talk.first.click("Соединить");
    talk.transferred(TransferKind::Attended);
    talk.ended(ConsultationOutcome::Transferred);
    talk.the_colleague_has_the_caller();
    talk.hangs_up();
}

#[test]
fn three_talk_and_the_page_leaves_the_other_two_together() {
    let mut talk = Talk::begin();
    talk.asks_the_colleague();
    talk.first.click("Конференция");
    talk.second.sees("клиент слышите друг друга");
    for hz in [CALLER_HZ, SECOND_HZ] {
        talk.first.hears_in_the_mix(hz);
    }
    for hz in [CALLER_HZ, FIRST_HZ] {
        talk.second.hears_in_the_mix(hz);
    }
    for hz in [FIRST_HZ, SECOND_HZ] {
        talk.caller.hears_in_the_mix(hz);
    }
    // The page comes back into the conference after a reload.
    talk.first.reload();
    talk.first.sees("Конференция: вы, клиент и");
    talk.first.hears_in_the_mix(CALLER_HZ);
    talk.first.click("Выйти, оставить их вдвоём");
    talk.transferred(TransferKind::Conference);
    talk.ended(ConsultationOutcome::Transferred);
    talk.the_colleague_has_the_caller();
    talk.hangs_up();
}

#[test]
fn the_caller_is_handed_on_at_once_from_the_page() {
    let mut talk = Talk::begin();
    talk.chooses_the_colleague();
    talk.first.click("Перевести сразу");
    talk.transferred(TransferKind::Blind);
    talk.first.sees("Сохранить и завершить");
    talk.second.sees("Звонит здесь");
    talk.second.click("Ответить");
    talk.journal
        .wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
    talk.the_colleague_has_the_caller();
    talk.hangs_up();
}
