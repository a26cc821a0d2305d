//! Real registers: a small HTTP server, files on a disk, a database.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::atomic::AtomicI64;
use std::sync::mpsc::channel;

use events::CaseId;

use super::*;

/// A clock that the test moves, in seconds.
#[derive(Clone, Default)]
struct Watch(Arc<AtomicI64>);

impl Watch {
    fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Arc::new(move || Timestamp(seconds.load(Ordering::SeqCst) * 1_000_000))
    }

    fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

fn registers(source: Source, watch: &Watch) -> Registers {
    let config = RegisterConfig {
        name: "test".into(),
        source,
        timeout: Duration::from_secs(5),
        kept: Millis::from_s(86_400),
    };
    Registers::start(vec![config], 180, &watch.clock()).unwrap()
}

fn ask(registers: &Registers, number: &CaseNumber) -> StatusAnswer {
    let (to, from) = channel();
    registers.ask(
        number.clone(),
        Box::new(move |answer| to.send(answer).unwrap()),
    );
    from.recv().unwrap()
}

fn number(case: u64) -> CaseNumber {
    CaseNumber::of(CaseId(case))
}

fn found(status: &str, due: Option<&str>) -> StatusAnswer {
    StatusAnswer::Found(Standing {
        status: status.into(),
        due: due.map(|due| Date::parse(due).unwrap()),
    })
}

/// Answers each connection with the next of `replies`, then closes; tells what was asked.
fn server(replies: Vec<(u16, String)>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (to, asked) = channel();
    std::thread::spawn(move || {
        for (status, body) in replies {
            let (stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(&stream).lines();
            let head: Vec<String> = lines
                .by_ref()
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .collect();
            to.send(head.join("\n")).unwrap();
            let mut stream = &stream;
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    (format!("http://{address}/applications/{{number}}"), asked)
}

fn http(url: String) -> Source {
    Source::Http(HttpSource {
        url,
        authorization: Some("Bearer secret".into()),
        status: "/application/status".into(),
        due: "/application/due".into(),
        trusted: None,
    })
}

const GOOD: &str = r#"{"application": {"status": "На рассмотрении", "due": "2026-12-01"}}"#;

#[test]
fn a_service_is_asked_by_its_number_and_answers_with_json() {
    let (url, asked) = server(vec![(200, GOOD.into()), (404, String::new())]);
    let registers = registers(http(url), &Watch::default());
    let number = number(12_345);
    assert_eq!(
        ask(&registers, &number),
        found("На рассмотрении", Some("2026-12-01"))
    );
    let head = asked.recv().unwrap();
    assert!(
        head.starts_with(&format!("GET /applications/{number} ")),
        "{head}"
    );
    assert!(head.to_lowercase().contains("authorization: bearer secret"));
    assert_eq!(ask(&registers, &number), StatusAnswer::NotFound);
}

#[test]
fn a_dead_service_leaves_the_last_good_answer_and_is_not_pressed() {
    let failing = (500, String::new());
    let mut replies = vec![(200, GOOD.to_owned())];
    replies.extend(std::iter::repeat_n(failing, 3));
    replies.push((200, GOOD.to_owned()));
    let (url, asked) = server(replies);
    let watch = Watch::default();
    let registers = registers(http(url), &watch);
    let (known, unknown) = (number(1), number(2));
    assert_eq!(
        ask(&registers, &known),
        found("На рассмотрении", Some("2026-12-01"))
    );
    for _ in 0..3 {
        assert_eq!(ask(&registers, &unknown), StatusAnswer::Unavailable);
    }
    assert!(!registers.figures()[0].is_up);
    let standing = Standing {
        status: "На рассмотрении".into(),
        due: Date::parse("2026-12-01"),
    };
    let day = Date::parse("1970-01-01").unwrap();
    assert_eq!(ask(&registers, &known), StatusAnswer::AsOf(standing, day));
    assert_eq!(asked.try_iter().count(), 4, "an open breaker asks nobody");
    watch.set(60);
    assert_eq!(
        ask(&registers, &known),
        found("На рассмотрении", Some("2026-12-01"))
    );
    let figures = &registers.figures()[0];
    assert_eq!((figures.is_up, figures.asked, figures.failed), (true, 5, 3));
}

#[test]
fn answers_that_cannot_be_used_are_failures() {
    let replies = ["[]", "no json", r#"{"application": {"status": " "}}"#];
    let replies = replies.map(|body| (200, body.to_owned())).to_vec();
    let (url, _asked) = server(replies);
    let registers = registers(http(url), &Watch::default());
    for _ in 0..3 {
        assert_eq!(ask(&registers, &number(1)), StatusAnswer::Unavailable);
    }
}

fn columns() -> Columns {
    Columns {
        number: "Номер".into(),
        status: "Статус".into(),
        due: "Срок".into(),
    }
}

#[test]
fn a_folder_of_tables_is_read_again_when_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (number(1), number(2));
    let table = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    table(
        "a.csv",
        format!("Номер;Статус;Срок\n{one};Принято;01.12.2026\nx;y;z\n"),
    );
    let source = Source::Files {
        path: folder.path().to_owned(),
        columns: columns(),
    };
    let registers = registers(source, &Watch::default());
    assert_eq!(ask(&registers, &one), found("Принято", Some("2026-12-01")));
    assert_eq!(ask(&registers, &two), StatusAnswer::NotFound);
    assert_eq!(registers.figures()[0].bad_lines, 1);
    table("b.csv", format!("Номер,Статус\n{two},Готово\n"));
    assert_eq!(ask(&registers, &two), found("Готово", None));
    std::fs::remove_dir_all(folder.path()).unwrap();
    assert!(matches!(ask(&registers, &two), StatusAnswer::AsOf(..)));
}

#[test]
fn a_view_of_a_database_is_asked_with_a_bound_number() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("register.db").display());
    let known = number(4_711);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let fill = format!(
        "CREATE TABLE applications (number TEXT, state TEXT, term TEXT);
         CREATE VIEW statuses AS SELECT number, state AS status, term AS due FROM applications;
         INSERT INTO applications VALUES ('{known}', 'Решение принято', NULL);"
    );
    runtime.block_on(async {
        let made = sqlx::sqlite::SqlitePoolOptions::new()
            .max_connections(1)
            .connect(&format!("{url}?mode=rwc"))
            .await
            .unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(fill))
            .execute(&made)
            .await
            .unwrap();
        made.close().await;
    });
    let source = |query: &str| Source::Database {
        url: url.clone(),
        query: query.into(),
    };
    let registers = registers(
        source("SELECT status, due FROM statuses WHERE number = ?1"),
        &Watch::default(),
    );
    assert_eq!(ask(&registers, &known), found("Решение принято", None));
    assert_eq!(ask(&registers, &number(1)), StatusAnswer::NotFound);
    let wrong = self::registers(source("SELECT nothing FROM nowhere"), &Watch::default());
    assert_eq!(ask(&wrong, &known), StatusAnswer::Unavailable);
}

#[test]
fn without_registers_nobody_waits() {
    let registers = Registers::start(Vec::new(), 0, &Watch::default().clock()).unwrap();
    assert_eq!(ask(&registers, &number(1)), StatusAnswer::Unavailable);
}
