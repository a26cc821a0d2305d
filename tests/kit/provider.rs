//! A provider of short messages: an HTTP service that answers what the test wants.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

/// Where it listens, on 127.0.0.1.
pub const PORT: u16 = 8090;

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub head: String,
    pub body: String,
}

impl Asked {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// A running provider, in the network of the thread that starts it; it ends with the test.
pub struct Provider {
    requests: Receiver<Asked>,
}

impl Provider {
    /// Answers with these statuses and bodies, one after the other, and with the last one ever after.
    #[must_use]
    pub fn start(answers: &[(u16, &'static str)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", PORT)).unwrap();
        let (to, requests) = channel();
        let mut answers: VecDeque<_> = answers.iter().copied().collect();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let answer = match answers.len() {
                    0 => panic!("a provider without an answer"),
                    1 => answers[0],
                    _ => answers.pop_front().unwrap(),
                };
                if to.send(talk(stream, answer)).is_err() {
                    return; // the test is over
                }
            }
        });
        Self { requests }
    }

    /// The next request.
    #[must_use]
    pub fn asked(&self) -> Asked {
        let asked = self.requests.recv_timeout(crate::PATIENCE);
        asked.expect("no request came to the provider")
    }
}

fn talk(stream: TcpStream, (status, body): (u16, &str)) -> Asked {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
    }
    let mut asked = Asked {
        head,
        body: String::new(),
    };
    let length = asked.header("content-length").unwrap().trim().parse();
    let mut bytes = vec![0; length.unwrap()];
    reader.read_exact(&mut bytes).unwrap();
    asked.body = String::from_utf8(bytes).unwrap();
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    asked
}
