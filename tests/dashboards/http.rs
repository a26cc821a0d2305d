//! As much HTTP as the test needs: a server that hands out pages, a client that gets one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than any answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A target that Prometheus scrapes: each scrape gets the next page, then the last one again.
pub(crate) struct Target {
    pub(crate) port: u16,
    scrapes: Receiver<()>,
}

impl Target {
    /// Returns when this many scrapes have been answered, and one more, so that they are stored.
    pub(crate) fn wait_for_scrapes(&self, count: usize) {
        for n in 0..=count {
            let scrape = self.scrapes.recv_timeout(PATIENCE);
            scrape.unwrap_or_else(|_| panic!("Prometheus asked {n} times, then no more"));
        }
    }
}

/// Serves pages on a free port of loopback until the test ends.
pub(crate) fn serve(pages: Vec<String>) -> Target {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, scrapes) = channel();
    std::thread::spawn(move || {
        let mut next = pages.iter();
        let mut page = String::new();
        for stream in listener.incoming() {
            if let Some(newer) = next.next() {
                page.clone_from(newer);
            }
            if answer(stream.unwrap(), &page).is_err() || sender.send(()).is_err() {
                return;
            }
        }
    });
    Target { port, scrapes }
}

fn answer(stream: TcpStream, page: &str) -> std::io::Result<()> {
    let mut request = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while request.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    )
}

/// The body of `GET http://127.0.0.1:port/path`.
pub(crate) fn get(port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // HTTP/1.0: the answer is not chunked and ends with the connection.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned());
    body.ok_or_else(|| std::io::Error::other(format!("no answer: {answer}")))
}

/// A query as it may stand in an address.
pub(crate) fn escape(query: &str) -> String {
    let escape = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    query.as_bytes().iter().map(escape).collect()
}
