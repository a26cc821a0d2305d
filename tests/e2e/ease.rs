//! The console for everybody: no mouse, no sound, a small screen, a dark room, another keyboard
//! layout. A real Chromium, and axe-core in it.

use events::{CallOutcome, Event, MissedWhy, NotReadyReason};
use tests::phone::Setup;
use tests::{Browser, Journal, Phone, Server};

use crate::story::sample;

const OPERATOR_HZ: u32 = 600;
/// A telephone's width at 400 % (WCAG 1.4.10), a small desk, a large one; CSS pixels.
const SIZES: [(u32, u32); 3] = [(320, 720), (1280, 900), (1920, 1080)];

/// What is wrong with the pages that were looked at.
#[derive(Default)]
struct Inspector {
    findings: Vec<String>,
    views: usize,
}

impl Inspector {
    /// Every size, light and dark. With `PICTURES_FOLDER` set, a picture of each goes to that folder.
    fn looks(&mut self, page: &mut Browser, view: &str) {
        self.views += 1;
        for (width, height) in SIZES {
            page.size(width, height);
            for theme in ["light", "dark"] {
                page.theme(theme);
                for finding in page.audit() {
                    self.findings
                        .push(format!("{view}, {width} px, {theme}: {finding}"));
                }
                if let Ok(folder) = std::env::var("PICTURES_FOLDER") {
                    let name = view.replace([' ', '/', ','], "-");
                    page.picture(&format!("{folder}/{name}-{width}-{theme}.png"));
                }
            }
        }
        page.theme("light");
        page.size(1280, 900);
    }

    /// The page, each of its tabs, and each of its dialogs.
    fn looks_into(&mut self, page: &mut Browser, view: &str) {
        self.looks(page, view);
        for (what, parts) in [
            (
                "tab",
                "main [role=group] button[aria-pressed=false], main [role=tab]",
            ),
            ("dialog", "main button[aria-haspopup=dialog]"),
        ] {
            let find =
                format!("[...document.querySelectorAll('{parts}')].filter((e) => !e.disabled)");
            let names = page.run(&format!(
                "return [...new Set({find}.map((e) => e.textContent.trim()))]"
            ));
            for name in names.as_array().unwrap() {
                let name = name.as_str().unwrap();
                page.click(name);
                self.looks(page, &format!("{view}, {what} {name}"));
                if what == "dialog" {
                    page.press("Escape", "Escape", &[]);
                }
            }
        }
    }

    fn is_content(&self) {
        assert!(
            self.findings.is_empty(),
            "{} findings\n{}",
            self.findings.len(),
            self.findings.join("\n")
        );
    }
}

/// A server where nothing runs out while a page is looked at.
fn patient_server() -> Server {
    Server::with_file(&sample(&[
        ("ring_timeout_s = 20", "ring_timeout_s = 600"),
        ("wrap_up_s = 60", "wrap_up_s = 600"),
    ]))
}

/// A caller who wants a person.
fn caller() -> Phone {
    let mut caller = Phone::start(&Setup::caller(5070));
    caller.dial("100");
    caller.wait("established");
    caller.hears_something();
    caller.press("0");
    caller
}

fn bridged(journal: &mut Journal) {
    journal.wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
}

#[test]
fn every_view_of_the_desk_is_for_everybody() {
    let mut server = patient_server();
    let mut journal = server.journal();
    let mut inspector = Inspector::default();
    let mut page = Browser::start(9_601, OPERATOR_HZ);
    page.open("http://127.0.0.1:8080/");
    page.sees("Рабочее место");
    inspector.looks(&mut page, "login");
    page.types("Логин", "operator1");
    page.writes("Пароль", "wrong");
    page.waits_for("document.querySelector('.error')");
    inspector.looks(&mut page, "login refused");
    page.writes("Пароль", "operator1");
    page.sees("Смена не начата");
    inspector.looks(&mut page, "desk signed out");

    page.click("Телефон в браузере");
    page.sees("Понятно, продолжить");
    inspector.looks(&mut page, "desk asks for the microphone");
    page.click("Понятно, продолжить");
    page.sees("Телефон в браузере готов");

    // Whatever pages there are: the menu is made from the table of all of them.
    let pages = page.run("return [...document.querySelectorAll('#menu a')].map((e) => e.hash)");
    let pages = pages.as_array().unwrap();
    assert!(pages.len() >= 5, "{pages:?}");
    for hash in pages {
        let hash = hash.as_str().unwrap();
        page.run(&format!("location.hash = '{hash}'"));
        page.waits_for("document.querySelector('main h1')");
        inspector.looks_into(&mut page, &hash.replace('#', "page "));
    }
    page.run("location.hash = '#desk'");
    page.press("Slash", "?", &["shift"]);
    page.sees("Работают при любой раскладке");
    inspector.looks(&mut page, "help");
    page.press("Escape", "Escape", &[]);

    page.click("Начать смену");
    page.click("Принимать звонки");
    page.sees("Ждём звонка");
    inspector.looks(&mut page, "desk ready");

    let mut caller = caller();
    page.sees("Звонит здесь");
    inspector.looks(&mut page, "desk ringing");
    page.run("location.hash = '#cases'");
    page.sees("К звонку");
    inspector.looks(&mut page, "another page while it rings");
    page.alt("KeyA", "ф");
    bridged(&mut journal);
    page.sees("Завершить разговор");
    inspector.looks(&mut page, "desk talking");
    page.alt("KeyT", "е");
    page.sees("В очередь");
    page.alt("KeyK", "л");
    inspector.looks(&mut page, "desk transfer and keypad");
    page.alt("KeyM", "ь");
    page.alt("KeyH", "р");
    page.sees("Клиент на удержании");
    inspector.looks(&mut page, "desk held and muted");
    page.alt("KeyQ", "й");
    page.sees("Сохранить и завершить");
    inspector.looks(&mut page, "desk wrap-up");
    caller.hang_up();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));

    server.kill();
    page.sees("Связь с сервером потеряна");
    inspector.looks(&mut page, "connection lost");
    inspector.is_content();
}

#[test]
fn every_view_of_every_role_and_the_wallboard_are_for_everybody() {
    let server = Server::with_file(&sample(&[
        (
            "login = \"operator2\"",
            "role = \"supervisor\"\nlogin = \"operator2\"",
        ),
        (
            "login = \"operator3\"",
            "role = \"analyst\"\nlogin = \"operator3\"",
        ),
        (
            "queues = [\"support\", \"consultation\"]",
            "queues = []\n\n[[operator]]\nlogin = \"operator4\"\nfull_name = \"Ким Вера\"\n\
             position = \"специалист\"\npassword_for_loopback = \"operator4\"\n\
             queues = [\"support\", \"consultation\"]",
        ),
    ]));
    let mut journal = server.journal();
    let mut inspector = Inspector::default();
    // Somebody whom nobody answered, so that there is something to look into.
    let mut caller = caller();
    journal.wait("the queue", |e| matches!(e, Event::QueueEntered { .. }));
    caller.hang_up();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));

    let mut page = Browser::start(9_601, OPERATOR_HZ);
    for (role, login) in [
        ("supervisor", "operator2"),
        ("analyst", "operator3"),
        ("operator", "operator4"),
    ] {
        page.open("http://127.0.0.1:8080/");
        page.types("Логин", login);
        page.writes("Пароль", login);
        page.waits_for("document.querySelector('#menu a')");
        let pages = page.run("return [...document.querySelectorAll('#menu a')].map((e) => e.hash)");
        for hash in pages.as_array().unwrap() {
            let hash = hash.as_str().unwrap();
            page.run(&format!("location.hash = '{hash}'"));
            page.waits_for("document.querySelector('main h1')");
            let view = hash.replace('#', "page ");
            inspector.looks_into(&mut page, &format!("{role}, {view}"));
        }
        if role != "operator" {
            page.open("http://127.0.0.1:8080/wallboard");
            page.sees("Ждут ответа");
            inspector.looks(&mut page, &format!("{role}, wallboard"));
            page.open("http://127.0.0.1:8080/");
        }
        page.click("Выйти");
        page.sees("Рабочее место консультационной линии");
    }
    page.open("http://127.0.0.1:8080/wallboard");
    page.sees("Логин");
    inspector.looks(&mut page, "wallboard, nobody signed in");
    assert!(inspector.views > 20, "{} views", inspector.views);
    inspector.is_content();
}

#[test]
fn every_view_of_the_callers_page_is_for_everybody() {
    let server = patient_server();
    let mut journal = server.journal();
    let mut inspector = Inspector::default();
    let mut page = Browser::start(9_602, OPERATOR_HZ);
    page.open("http://127.0.0.1:8080/call");
    page.sees("Позвонить голосом");
    inspector.looks(&mut page, "call idle");
    page.click("Позвонить голосом");
    page.sees("Вы на линии");
    page.click("0");
    inspector.looks(&mut page, "call by voice");
    page.click("Завершить звонок");
    page.sees("Звонок завершён");
    page.click("Позвонить с текстом");
    page.sees("Здравствуйте");
    page.writes("Ваш ответ", "лицензия на лом");
    journal.wait("the line", |e| matches!(e, Event::TextReceived { .. }));
    inspector.looks(&mut page, "call by text");
    page.click("Завершить звонок");
    page.sees("Звонок завершён");
    inspector.looks(&mut page, "call over");
    drop(server);
    page.click("Позвонить голосом");
    page.sees("Нет связи с сервером");
    inspector.looks(&mut page, "call refused");
    inspector.is_content();
}

/// From the login to the way home without a mouse; letters as the Russian layout has them.
#[test]
fn a_shift_is_worked_by_keys_alone() {
    let server = patient_server();
    let mut journal = server.journal();
    let mut desk = Browser::start(9_601, OPERATOR_HZ);
    signs_in_by_keys(&mut desk, &mut journal);

    // A call comes while something is written: nothing jumps, nothing is lost.
    desk.alt("KeyB", "и");
    desk.keys("сро");
    let mut caller = caller();
    desk.sees("Звонит здесь");
    desk.keys("ки");
    assert_eq!(desk.run("return document.activeElement.value"), "сроки");
    // In a field «?» is a sign like any other.
    desk.press("Slash", "?", &["shift"]);
    assert_eq!(desk.run("return document.activeElement.value"), "сроки?");
    desk.press("Escape", "Escape", &[]);
    desk.alt("KeyA", "ф");
    bridged(&mut journal);
    assert_eq!(desk.run("return document.activeElement.value"), "");

    talks_by_keys(&mut desk, &mut journal);
    closes_by_keys(&mut desk, &mut journal);
    caller.hang_up();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));

    // Lunch, and home.
    desk.sees("Ждём звонка");
    desk.alt("KeyP", "з");
    desk.press("ArrowDown", "ArrowDown", &[]);
    desk.alt("KeyR", "к");
    journal.wait("lunch", |e| {
        matches!(
            e,
            Event::OperatorNotReady {
                reason: NotReadyReason::Lunch,
                ..
            }
        )
    });
    desk.walks("Закончить смену");
    desk.press("Enter", "Enter", &[]);
    journal.wait("the end of the shift", |e| {
        matches!(e, Event::OperatorSignedOut { .. })
    });
    desk.alt("Digit0", "0");
    desk.walks("Выйти");
    desk.press("Enter", "Enter", &[]);
    desk.sees("Рабочее место консультационной линии");
}

fn signs_in_by_keys(desk: &mut Browser, journal: &mut Journal) {
    desk.open("http://127.0.0.1:8080/");
    desk.walks("Логин");
    desk.keys("operator1");
    desk.walks("Пароль");
    desk.keys("operator1");
    desk.press("Enter", "Enter", &[]);
    desk.sees("Смена не начата");
    desk.walks("SIP-телефон");
    desk.press("ArrowUp", "ArrowUp", &[]);
    desk.walks("Понятно, продолжить");
    desk.press("Enter", "Enter", &[]);
    desk.sees("Телефон в браузере готов");
    desk.walks("Начать смену");
    desk.press("Enter", "Enter", &[]);
    journal.wait("the shift", |e| matches!(e, Event::OperatorSignedIn { .. }));
    // The next button came to where the focus was.
    desk.sees("Принимать звонки");
    desk.walks("Принимать звонки");
    desk.press("Space", " ", &[]);
    journal.wait("readiness", |e| matches!(e, Event::OperatorReady { .. }));
}

fn talks_by_keys(desk: &mut Browser, journal: &mut Journal) {
    desk.alt("KeyH", "р");
    journal.wait("the hold", |e| matches!(e, Event::TalkHeld { .. }));
    desk.sees("Клиент на удержании");
    desk.alt("KeyH", "р");
    journal.wait("the way back", |e| matches!(e, Event::TalkResumed { .. }));
    desk.alt("KeyN", "т");
    desk.sees("отмечено 1 из");
    desk.walks("Определить услугу");
    desk.press("Space", " ", &[]);
    desk.sees("отмечено 2 из");
    desk.alt("KeyB", "и");
    desk.keys("лом");
    desk.sees("Найдено");
}

fn closes_by_keys(desk: &mut Browser, journal: &mut Journal) {
    desk.alt("KeyO", "щ");
    desk.press("ArrowDown", "ArrowDown", &[]);
    desk.walks("Потребность");
    desk.press("ArrowDown", "ArrowDown", &[]);
    desk.press("Enter", "Enter", &["ctrl"]);
    let set = journal.wait("the disposition", |e| {
        matches!(e, Event::DispositionSet { .. })
    });
    match set.event {
        Event::DispositionSet { outcome, .. } => {
            assert_ne!(outcome, CallOutcome::Answered, "the arrow chose the second");
        }
        other => panic!("{other:?}"),
    }
    desk.alt("KeyQ", "й");
    journal.wait("the end of the talk", |e| {
        matches!(e, Event::TalkEnded { .. })
    });
    desk.sees("Завершить оформление");
    desk.press("Enter", "Enter", &["ctrl"]);
    journal.wait("the end of the wrap-up", |e| {
        matches!(e, Event::WrapUpEnded { .. })
    });
}

#[test]
fn a_page_where_nobody_answers_is_set_aside_and_says_why() {
    let server = Server::with_file(&sample(&[("ring_timeout_s = 20", "ring_timeout_s = 3")]));
    let mut journal = server.journal();
    let mut first = Browser::desk(9_601, OPERATOR_HZ, "operator1");
    first.click("Начать смену");
    first.click("Принимать звонки");
    journal.wait("readiness", |e| matches!(e, Event::OperatorReady { .. }));
    let mut caller = caller();
    first.sees("Звонит здесь");
    journal.wait("the missed offer", |e| {
        matches!(
            e,
            Event::OfferMissed {
                why: MissedWhy::RingTimeout,
                ..
            }
        )
    });
    first.sees("Вы не ответили на звонок");
    first.sees("Звонок передан дальше");

    let mut second = Browser::desk(9_602, OPERATOR_HZ, "operator2");
    second.click("Начать смену");
    second.click("Принимать звонки");
    second.sees("Звонит здесь");
    second.alt("KeyA", "ф");
    bridged(&mut journal);
    second.sees("Завершить разговор");
    first.sees("Вы не ответили на звонок");
    caller.hang_up();
}

#[test]
fn two_pages_answer_one_call_and_one_of_them_has_it() {
    let server = Server::with_file(&sample(&[(
        "strategy = \"longest_idle\"",
        "strategy = \"ring_all\"",
    )]));
    let mut journal = server.journal();
    let mut pages = [(9_601, "operator1"), (9_602, "operator2")].map(|(port, login)| {
        let mut page = Browser::desk(port, OPERATOR_HZ, login);
        page.click("Начать смену");
        page.click("Принимать звонки");
        journal.wait(
            "readiness",
            |e| matches!(e, Event::OperatorReady { operator } if operator.as_str() == login),
        );
        page
    });
    let mut caller = caller();
    for page in &mut pages {
        page.sees("Звонит здесь");
    }
    for page in &mut pages {
        page.alt("KeyA", "ф");
    }
    bridged(&mut journal);
    // The caller is with one of them; the other waits for the next, and is blamed for nothing.
    let counts = |page: &mut Browser| {
        page.waits_for("/Завершить разговор|Ждём звонка/.exec(document.body.innerText)");
        page.run("return document.body.innerText.includes('Завершить разговор')")
    };
    let talking = pages.iter_mut().filter_map(|page| counts(page).as_bool());
    assert_eq!(talking.filter(|it| *it).count(), 1);
    caller.hang_up();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    let bridges = journal.all().into_iter();
    let bridges = bridges.filter(|record| matches!(record.event, Event::LegsBridged { .. }));
    assert_eq!(bridges.count(), 1);
}
