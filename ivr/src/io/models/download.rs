//! Fetching an archive over HTTP, going on where the last attempt stopped.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use md5::{Digest as _, Md5};
use serde::Deserialize;
use thiserror::Error;
use ureq::http::Response;
use ureq::{Agent, Body, Proxy};

use crate::io::model::hex;

/// Larger archives are no models.
const MOST_BYTES: u64 = 8 << 30;
/// The publisher's list of models has some 40 kB.
const MOST_LIST_BYTES: u64 = 4 << 20;
/// After so many attempts in a row that brought nothing new it is given up.
const ATTEMPTS: u32 = 5;
/// The file beside the archives with their sizes and MD5 sums.
const PUBLISHED: &str = "model-list.json";

/// What the publisher says of an archive.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Published {
    /// Its name without `.zip`.
    name: String,
    /// MD5 of the archive, in hexadecimal: against damage, not against malice.
    #[serde(default)]
    md5: String,
    /// Bytes of the archive.
    #[serde(default)]
    size: u64,
}

/// Why there is no archive; the text says what to do.
#[derive(Debug, Error)]
pub enum DownloadProblem {
    /// Neither `http://` nor `https://`, or no file at its end.
    #[error(
        "адрес «{0}» не подходит: нужен полный адрес архива, например https://сервер/модель.zip"
    )]
    Address(String),
    /// The server said no.
    #[error("сервер ответил {status} на {url}: проверьте имя модели и адрес. {OTHERWISE}")]
    Refused {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// No connection, no answer, or it broke off again and again.
    #[error(
        "не удалось скачать {url}: {why}. Скачанное сохранено, повтор команды продолжит с этого \
         места. {OTHERWISE}"
    )]
    Network {
        /// What was asked for.
        url: String,
        /// What happened, in Russian.
        why: String,
    },
    /// The bytes are not those that the publisher promised.
    #[error("{url}: {what} не совпадает с тем, что обещал издатель; файл удалён, скачайте заново")]
    Damaged {
        /// What was asked for.
        url: String,
        /// What differs.
        what: &'static str,
    },
    /// The disk is full or cannot be written.
    #[error("не удалось записать {0}: {1}. Проверьте место на диске и права на папку")]
    Disk(PathBuf, io::Error),
}

/// The way without internet.
const OTHERWISE: &str = "Без интернета: скачайте архив на другом компьютере и выполните \
                         liniya models import ФАЙЛ.zip; через прокси: задайте HTTPS_PROXY";

/// A client of its own for one download.
#[derive(Debug)]
pub struct Downloader {
    agent: Agent,
    /// After an attempt; twice as long after each further one that brought nothing.
    pause: Duration,
}

impl Default for Downloader {
    fn default() -> Self {
        Self::with_pause(Duration::from_secs(1))
    }
}

/// What one attempt came to.
enum Attempt {
    Whole,
    /// No connection, or it ended early, and why.
    Broken(String),
}

impl Downloader {
    /// Waits so long after an attempt, and twice as long after each further one that brought nothing.
    #[must_use]
    pub fn with_pause(pause: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(Proxy::try_from_env())
            .user_agent(concat!("liniya/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(15)))
            .timeout_recv_response(Some(Duration::from_secs(30)))
            .timeout_per_read(Some(Duration::from_secs(30)))
            .build();
        Self {
            agent: config.into(),
            pause,
        }
    }

    /// What the publisher's list beside the archive says of it. Mirrors often have no such list, so a
    /// missing one is no failure.
    #[must_use]
    pub fn published(&self, url: &str) -> Option<Published> {
        let (folder, file) = url.rsplit_once('/')?;
        let name = file.strip_suffix(".zip").unwrap_or(file);
        let response = self
            .agent
            .get(format!("{folder}/{PUBLISHED}"))
            .call()
            .ok()?;
        if !response.status().is_success() {
            return None;
        }
        let mut body = response.into_body();
        let text = body
            .with_config()
            .limit(MOST_LIST_BYTES)
            .read_to_string()
            .ok()?;
        let all: Vec<Published> = serde_json::from_str(&text).ok()?;
        all.into_iter().find(|one| one.name == name)
    }

    /// Brings the archive to `to`, going on with what is there; `told` hears how many bytes there are and
    /// how many there will be, now and then. `published` is compared at the end.
    ///
    /// # Errors
    /// See [`DownloadProblem`]; what came so far is kept for the next time unless it is wrong.
    pub fn fetch(
        &self,
        url: &str,
        to: &Path,
        published: Option<&Published>,
        told: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<(), DownloadProblem> {
        let mut fruitless = 0;
        let mut furthest = length(to);
        while let Attempt::Broken(why) = self.attempt(url, to, told)? {
            // A server that sends the whole anew each time must get further to be asked again.
            let came = length(to);
            fruitless = if came > furthest { 0 } else { fruitless + 1 };
            furthest = furthest.max(came);
            if fruitless >= ATTEMPTS {
                let url = url.to_owned();
                return Err(DownloadProblem::Network { url, why });
            }
            wait(self.pause.saturating_mul(1 << fruitless));
        }
        let wrong = match published {
            None => None,
            Some(published) => {
                differs(to, published).map_err(|why| DownloadProblem::Disk(to.to_owned(), why))?
            }
        };
        wrong.map_or(Ok(()), |what| {
            let _ = fs::remove_file(to);
            let url = url.to_owned();
            Err(DownloadProblem::Damaged { url, what })
        })
    }

    fn attempt(
        &self,
        url: &str,
        to: &Path,
        told: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Attempt, DownloadProblem> {
        let on_disk = |why| DownloadProblem::Disk(to.to_owned(), why);
        let have = length(to);
        // RFC 9110 §14: a server that knows no ranges answers 200 with the whole.
        let asked = self
            .agent
            .get(url)
            .header("Range", format!("bytes={have}-"))
            .header("Accept-Encoding", "identity")
            .call();
        let response = match asked {
            Ok(response) => response,
            Err(ureq::Error::BadUri(_) | ureq::Error::Http(_)) => {
                return Err(DownloadProblem::Address(url.to_owned()));
            }
            Err(why) => return Ok(Attempt::Broken(in_words(&why))),
        };
        let status = response.status().as_u16();
        let (mut at, total) = match status {
            200 => (0, content_length(&response)),
            206 => match content_range(&response) {
                Some((first, total)) if first == have => (have, total),
                Some(_) | None => return Ok(Attempt::Broken(strange_range())),
            },
            416 if have > 0 => return Self::past_the_end(&response, to, have),
            408 | 429 | 500..=599 => {
                return Ok(Attempt::Broken(format!("сервер ответил {status}")));
            }
            _ => {
                let url = url.to_owned();
                return Err(DownloadProblem::Refused { url, status });
            }
        };
        let mut file = OpenOptions::new()
            .create(true)
            .append(status == 206)
            .write(true)
            .truncate(status == 200)
            .open(to)
            .map_err(on_disk)?;
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0_u8; 64 * 1024];
        told(at, total);
        loop {
            let count = match body.read(&mut buffer) {
                Ok(count) => count,
                Err(why) => return Ok(Attempt::Broken(broke_off(&why))),
            };
            let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else {
                break;
            };
            file.write_all(piece).map_err(on_disk)?;
            at += u64::try_from(count).unwrap_or(0);
            if at > MOST_BYTES {
                let _ = fs::remove_file(to);
                return Err(DownloadProblem::Address(url.to_owned()));
            }
            told(at, total);
        }
        file.sync_all().map_err(on_disk)?;
        if total.is_some_and(|total| at < total) {
            return Ok(Attempt::Broken("соединение оборвалось".to_owned()));
        }
        Ok(Attempt::Whole)
    }

    /// RFC 9110 §15.5.17: nothing is left to send, or the file there has become shorter.
    fn past_the_end(
        response: &Response<Body>,
        to: &Path,
        have: u64,
    ) -> Result<Attempt, DownloadProblem> {
        if content_range_total(response) == Some(have) {
            return Ok(Attempt::Whole);
        }
        fs::remove_file(to).map_err(|why| DownloadProblem::Disk(to.to_owned(), why))?;
        Ok(Attempt::Broken(strange_range()))
    }
}

/// Between attempts the server is left alone.
#[expect(
    clippy::disallowed_methods,
    reason = "a command of the terminal, with nothing else to wait for"
)]
fn wait(pause: Duration) {
    std::thread::sleep(pause);
}

fn length(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |meta| meta.len())
}

fn strange_range() -> String {
    "сервер прислал не то место файла".to_owned()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

fn content_length(response: &Response<Body>) -> Option<u64> {
    header(response, "content-length")?.parse().ok()
}

/// `bytes FIRST-LAST/TOTAL` (RFC 9110 §14.4).
fn content_range(response: &Response<Body>) -> Option<(u64, Option<u64>)> {
    let value = header(response, "content-range")?.strip_prefix("bytes ")?;
    let (span, total) = value.split_once('/')?;
    let first = span.split_once('-')?.0.parse().ok()?;
    Some((first, total.parse().ok()))
}

/// `bytes */TOTAL` of a 416.
fn content_range_total(response: &Response<Body>) -> Option<u64> {
    header(response, "content-range")?
        .strip_prefix("bytes */")?
        .parse()
        .ok()
}

/// What of the publisher's word does not hold.
fn differs(file: &Path, published: &Published) -> io::Result<Option<&'static str>> {
    if published.size > 0 && fs::metadata(file)?.len() != published.size {
        return Ok(Some("размер"));
    }
    if published.md5.is_empty() {
        return Ok(None);
    }
    let mut file = File::open(file)?;
    let mut sum = Md5::new();
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else {
            break;
        };
        sum.update(piece);
    }
    Ok((!hex(&sum.finalize()).eq_ignore_ascii_case(&published.md5)).then_some("сумма MD5"))
}

/// What kept a connection from being made, for the administrator.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "another crate's list of errors, which may grow; the rest is told in its own words"
)]
fn in_words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "имя сервера не находится: нет интернета или DNS".to_owned(),
        ureq::Error::Timeout(_) => "сервер не отвечает".to_owned(),
        ureq::Error::ConnectionFailed => "нет соединения с сервером".to_owned(),
        ureq::Error::ConnectProxyFailed(why) => format!("прокси не пускает ({why})"),
        ureq::Error::InvalidProxyUrl => {
            "адрес прокси неверен, пример: HTTPS_PROXY=http://прокси:3128".to_owned()
        }
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            format!("сертификат сервера не принят ({error})")
        }
        ureq::Error::Io(why) => broke_off(why),
        other => other.to_string(),
    }
}

fn broke_off(why: &io::Error) -> String {
    if why.kind() == io::ErrorKind::TimedOut {
        return "сервер замолчал".to_owned();
    }
    if why.kind() == io::ErrorKind::ConnectionRefused {
        return "сервер не принимает соединений".to_owned();
    }
    // ureq wraps its own errors when a body is read.
    why.get_ref()
        .and_then(|inner| inner.downcast_ref::<ureq::Error>())
        .filter(|inner| matches!(inner, ureq::Error::Timeout(_)))
        .map_or_else(
            || format!("соединение оборвалось ({why})"),
            |_| "сервер замолчал".to_owned(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead as _, BufReader};
    use std::net::{TcpListener, TcpStream};
    use std::sync::{Arc, Mutex};

    /// How the server of these tests behaves.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Server {
        /// Ranges, and the connection is cut after so many bytes of each answer.
        CutsAfter(usize),
        /// As above but ranges are ignored.
        NoRanges(usize),
        /// Always this status.
        Says(u16),
    }

    /// A server on the loopback with one archive and the publisher's list; returns its address and
    /// the `Range` headers that it will have seen.
    fn serve(how: Server, file: Vec<u8>, list: String) -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), how, (&file, &list), &log);
            }
        });
        (address, seen)
    }

    fn answer(
        mut stream: TcpStream,
        how: Server,
        (file, list): (&[u8], &str),
        log: &Mutex<Vec<String>>,
    ) {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let path = lines.next().unwrap().unwrap();
        let mut first = None;
        for line in lines.map(Result::unwrap).take_while(|l| !l.is_empty()) {
            if let Some(range) = line.to_lowercase().strip_prefix("range: bytes=") {
                log.lock().unwrap().push(range.to_owned());
                first = range.trim_end_matches('-').parse::<usize>().ok();
            }
        }
        let total = file.len();
        let (head, body, most) = if path.contains(PUBLISHED) {
            ("200 OK\r\n".to_owned(), list.as_bytes(), list.len())
        } else {
            match (how, first.unwrap_or(0)) {
                (Server::Says(status), _) => (format!("{status} No\r\n"), &[][..], 0),
                (Server::CutsAfter(_), at) if at >= total => (
                    format!("416 No\r\nContent-Range: bytes */{total}\r\n"),
                    &[][..],
                    0,
                ),
                (Server::CutsAfter(most), at) => (
                    format!(
                        "206 Part\r\nContent-Range: bytes {at}-{}/{total}\r\n",
                        total - 1
                    ),
                    &file[at..],
                    most,
                ),
                (Server::NoRanges(most), _) => ("200 OK\r\n".to_owned(), file, most),
            }
        };
        let length = body.len();
        let head = format!("HTTP/1.1 {head}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&body[..most.min(length)]);
    }

    fn archive() -> Vec<u8> {
        (0..100_000_u32).map(|n| (n % 251) as u8).collect()
    }

    fn list(bytes: &[u8]) -> String {
        let sum = hex(&Md5::digest(bytes));
        format!(
            r#"[{{"name":"other","md5":"","size":1}},
                {{"name":"model","lang":"ru","md5":"{sum}","size":{}}}]"#,
            bytes.len()
        )
    }

    fn quick() -> Downloader {
        Downloader::with_pause(Duration::ZERO)
    }

    #[test]
    fn a_connection_that_breaks_off_is_taken_up_where_it_stopped() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("model.zip.part");
        let file = archive();
        let (address, seen) = serve(Server::CutsAfter(40_000), file.clone(), list(&file));
        let url = format!("{address}/model.zip");
        let published = quick().published(&url).unwrap();
        assert_eq!(published.size, 100_000);
        let mut most = 0;
        quick()
            .fetch(&url, &to, Some(&published), &mut |have, total| {
                assert_eq!(total, Some(100_000));
                most = have;
            })
            .unwrap();
        assert_eq!(fs::read(&to).unwrap(), file);
        assert_eq!(most, 100_000);
        assert_eq!(*seen.lock().unwrap(), ["0-", "40000-", "80000-"]);
        // Once more: nothing is left to send.
        quick()
            .fetch(&url, &to, Some(&published), &mut |_, _| {})
            .unwrap();
        assert_eq!(seen.lock().unwrap().last().unwrap(), "100000-");
    }

    #[test]
    fn a_server_without_ranges_sends_the_whole_anew() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("part");
        fs::write(&to, "stale").unwrap();
        let (address, _) = serve(Server::NoRanges(usize::MAX), archive(), String::new());
        let url = format!("{address}/model.zip");
        assert_eq!(quick().published(&url), None);
        quick().fetch(&url, &to, None, &mut |_, _| {}).unwrap();
        assert_eq!(fs::read(&to).unwrap(), archive());
    }

    #[test]
    fn a_server_that_never_gets_far_is_given_up_with_advice() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("part");
        let (address, seen) = serve(Server::NoRanges(10), archive(), String::new());
        let url = format!("{address}/model.zip");
        let told = quick().fetch(&url, &to, None, &mut |_, _| {});
        let told = told.unwrap_err().to_string();
        assert!(
            told.contains("оборвалось") && told.contains("models import"),
            "{told}"
        );
        assert_eq!(seen.lock().unwrap().len(), 6);
    }

    #[test]
    fn other_bytes_than_promised_are_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("part");
        for (promised, what) in [(vec![1; 100_000], "MD5"), (vec![1; 5], "размер")] {
            let (address, _) = serve(Server::CutsAfter(usize::MAX), archive(), list(&promised));
            let url = format!("{address}/model.zip");
            let published = quick().published(&url);
            let told = quick().fetch(&url, &to, published.as_ref(), &mut |_, _| {});
            let told = told.unwrap_err().to_string();
            assert!(told.contains(what), "{told}");
            assert!(!to.exists());
        }
    }

    #[test]
    fn a_refusal_is_told_at_once_with_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("part");
        let (address, seen) = serve(Server::Says(404), Vec::new(), String::new());
        let url = format!("{address}/model.zip");
        let told = quick().fetch(&url, &to, None, &mut |_, _| {});
        let told = told.unwrap_err().to_string();
        assert!(
            told.contains("404") && told.contains("проверьте имя"),
            "{told}"
        );
        assert_eq!(seen.lock().unwrap().len(), 1);
        let told = quick().fetch("ftp:/", &to, None, &mut |_, _| {});
        assert!(told.unwrap_err().to_string().contains("полный адрес"));
    }

    #[test]
    fn nobody_at_the_other_end_is_told_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/model.zip", listener.local_addr().unwrap());
        drop(listener);
        let told = quick().fetch(&url, &dir.path().join("part"), None, &mut |_, _| {});
        let told = told.unwrap_err().to_string();
        assert!(told.contains("не принимает соединений"), "{told}");
    }
}
