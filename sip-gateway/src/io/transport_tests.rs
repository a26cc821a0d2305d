//! The transports over real sockets on loopback.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;

use super::{TransportConfig, Transports};
use crate::boundary::{Flow, Input, Transport};

const PATIENCE: Duration = Duration::from_secs(5);
const OPTIONS: &str = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 3\r\n\r\nabc";

struct Door {
    transports: Transports,
    inputs: Receiver<Input>,
    /// Whether the inbox has room.
    room: Arc<AtomicBool>,
}

impl Door {
    fn new(change: impl FnOnce(&mut TransportConfig)) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut config = TransportConfig {
            udp: vec![any],
            tcp: vec![any],
            ..TransportConfig::default()
        };
        change(&mut config);
        let (sender, inputs) = channel();
        let (sender, room) = (Mutex::new(sender), Arc::new(AtomicBool::new(true)));
        let open = Arc::clone(&room);
        let transports = Transports::start(&config, move |input| {
            let taken = open.load(Ordering::Relaxed);
            if taken {
                let _ = sender.lock().unwrap().send(input);
            }
            taken
        });
        Self {
            transports: transports.unwrap(),
            inputs,
            room,
        }
    }

    fn address(&self, wanted: Transport) -> SocketAddr {
        let all = self.transports.local_addrs();
        all.into_iter().find(|(t, _)| *t == wanted).unwrap().1
    }

    fn received(&self) -> (Flow, String) {
        let input = self.inputs.recv_timeout(PATIENCE).unwrap();
        let Input::Received { flow, bytes } = input else {
            panic!("{input:?}");
        };
        (flow, String::from_utf8(bytes.to_vec()).unwrap())
    }

    fn closed(&self) -> Flow {
        let input = self.inputs.recv_timeout(PATIENCE).unwrap();
        let Input::Closed { flow } = input else {
            panic!("{input:?}");
        };
        flow
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address(Transport::Tcp)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn to(&self, peer: SocketAddr) -> Flow {
        Flow {
            transport: Transport::Tcp,
            connection: 0,
            local: self.address(Transport::Tcp),
            peer,
        }
    }
}

fn read(stream: &mut TcpStream, length: usize) -> String {
    let mut buffer = vec![0; length];
    stream.read_exact(&mut buffer).unwrap();
    String::from_utf8(buffer).unwrap()
}

#[test]
fn a_datagram_comes_in_and_its_answer_goes_back() {
    let door = Door::new(|_| ());
    let phone = UdpSocket::bind("127.0.0.1:0").unwrap();
    phone.set_read_timeout(Some(PATIENCE)).unwrap();
    let ours = door.address(Transport::Udp);
    phone.send_to(b"\r\n\r\n", ours).unwrap();
    phone.send_to(&vec![b'x'; 20_000], ours).unwrap();
    phone.send_to(OPTIONS.as_bytes(), ours).unwrap();
    let (flow, message) = door.received();
    assert_eq!(
        message, OPTIONS,
        "neither the keep-alive nor the oversized one"
    );
    assert_eq!((flow.local, flow.peer), (ours, phone.local_addr().unwrap()));
    door.transports
        .send(flow, Bytes::from_static(b"SIP/2.0 200 OK"));
    let mut buffer = [0; 100];
    let (length, from) = phone.recv_from(&mut buffer).unwrap();
    assert_eq!((&buffer[..length], from), (&b"SIP/2.0 200 OK"[..], ours));
    let figures = door.transports.figures();
    assert_eq!((figures.datagrams_oversized, figures.messages_sent), (1, 1));
}

#[test]
fn a_full_inbox_drops_datagrams_and_counts_them() {
    let door = Door::new(|_| ());
    door.room.store(false, Ordering::Relaxed);
    let phone = UdpSocket::bind("127.0.0.1:0").unwrap();
    phone
        .send_to(b"lost", door.address(Transport::Udp))
        .unwrap();
    while door.transports.figures().messages_dropped == 0 {
        std::thread::yield_now();
    }
    door.room.store(true, Ordering::Relaxed);
    phone
        .send_to(b"kept", door.address(Transport::Udp))
        .unwrap();
    assert_eq!(door.received().1, "kept");
}

#[test]
fn a_stream_is_cut_into_messages_answered_and_its_end_told() {
    let door = Door::new(|_| ());
    let mut phone = door.connect();
    let (head, tail) = OPTIONS.split_at(20);
    phone.write_all(head.as_bytes()).unwrap();
    phone
        .write_all(format!("{tail}{OPTIONS}").as_bytes())
        .unwrap();
    let (flow, first) = door.received();
    assert_eq!((first.as_str(), flow.connection), (OPTIONS, 1));
    assert_eq!(door.received(), (flow, OPTIONS.into()));
    door.transports.send(flow, Bytes::from_static(b"one"));
    // The same stream is found by its far end.
    door.transports
        .send(door.to(flow.peer), Bytes::from_static(b"two"));
    assert_eq!(read(&mut phone, 6), "onetwo");
    phone.write_all(b"\r\n\r\n").unwrap();
    assert_eq!(read(&mut phone, 2), "\r\n", "pong");
    drop(phone);
    assert_eq!(door.closed(), flow);
    assert_eq!(
        door.closed(),
        Flow {
            connection: 0,
            ..flow
        }
    );
    door.transports.send(flow, Bytes::from_static(b"late"));
    assert_eq!(door.closed(), flow);
}

#[test]
fn a_stream_is_opened_when_one_is_needed() {
    let door = Door::new(|_| ());
    let phone = TcpListener::bind("127.0.0.1:0").unwrap();
    let flow = door.to(phone.local_addr().unwrap());
    door.transports.send(flow, Bytes::from_static(b"one"));
    door.transports.send(flow, Bytes::from_static(b"two"));
    let (mut stream, _) = phone.accept().unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(read(&mut stream, 6), "onetwo");
    stream.write_all(OPTIONS.as_bytes()).unwrap();
    let (answered, _) = door.received();
    assert_eq!((answered.peer, answered.local), (flow.peer, flow.local));
    assert_eq!(door.transports.figures().streams_open, 1);
    drop(stream);
    assert_eq!(door.closed(), answered);
    assert_eq!(door.closed(), flow);
}

#[test]
fn a_stream_that_cannot_be_opened_is_told() {
    let door = Door::new(|_| ());
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    door.transports
        .send(door.to(nobody), Bytes::from_static(b"one"));
    assert_eq!(door.closed().peer, nobody);
    assert_eq!(door.closed(), door.to(nobody));
}

#[test]
fn a_stream_that_sends_no_sip_or_nothing_at_all_is_cut() {
    let door = Door::new(|config| config.message_deadline = Duration::from_millis(200));
    let mut noise = door.connect();
    noise
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    assert_eq!(door.closed().peer, noise.local_addr().unwrap());
    let silent = door.connect();
    assert_eq!(door.closed().peer, silent.local_addr().unwrap());
    let mut half = door.connect();
    half.write_all(OPTIONS.as_bytes()).unwrap();
    door.received();
    half.write_all(b"OPTIONS sip:a SI").unwrap();
    assert_eq!(door.closed().peer, half.local_addr().unwrap());
    assert_eq!(door.transports.figures().streams_cut, 3);
}

#[test]
fn streams_from_one_address_are_limited() {
    let door = Door::new(|config| config.max_streams_per_address = 1);
    let mut first = door.connect();
    first.write_all(OPTIONS.as_bytes()).unwrap();
    door.received();
    let mut second = door.connect();
    assert_eq!(second.read(&mut [0; 1]).unwrap_or(0), 0, "closed at once");
    assert_eq!(door.transports.figures().streams_refused, 1);
}

#[test]
fn a_stream_waits_for_room_instead_of_losing_messages() {
    let door = Door::new(|_| ());
    let mut phone = door.connect();
    door.room.store(false, Ordering::Relaxed);
    phone.write_all(OPTIONS.as_bytes()).unwrap();
    let early = door.inputs.recv_timeout(Duration::from_millis(50));
    assert!(early.is_err());
    door.room.store(true, Ordering::Relaxed);
    assert_eq!(door.received().1, OPTIONS);
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let config = TransportConfig {
        udp: vec![taken.local_addr().unwrap()],
        ..TransportConfig::default()
    };
    let error = Transports::start(&config, |_| true)
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains(&taken.local_addr().unwrap().to_string()),
        "{error}"
    );
}
