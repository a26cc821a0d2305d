//! A telephone that others wrote: baresip, driven by `phone.py`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use crate::root;

/// One telephone with one account.
pub struct Phone {
    name: String,
    process: Child,
    commands: ChildStdin,
    events: Receiver<Value>,
    past: Vec<String>,
}

/// How a telephone is set up.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    pub user: &'a str,
    pub port: u16,
    pub register: bool,
    pub transport: &'a str,
    pub codecs: &'a str,
    pub dtmf: &'a str,
}

impl<'a> Setup<'a> {
    /// A caller's telephone: no account, UDP, A-law.
    #[must_use]
    pub const fn caller(port: u16) -> Self {
        Self {
            user: "caller",
            port,
            register: false,
            transport: "udp",
            codecs: "pcma",
            dtmf: "rtpevent",
        }
    }

    /// A sample operator's telephone, registered.
    #[must_use]
    pub const fn operator(user: &'a str, port: u16) -> Self {
        Self {
            user,
            port,
            register: true,
            ..Self::caller(port)
        }
    }
}

impl Phone {
    /// Starts it and waits until it is ready (and registered, if it shall).
    #[must_use]
    pub fn start(setup: &Setup<'_>) -> Self {
        let python = root().join("var/phone/bin/python");
        assert!(
            python.is_file(),
            "the telephone is missing: run deploy/setup/phone.sh var/phone"
        );
        let mut command = Command::new(python);
        command
            .arg(root().join("tests/kit/phone.py"))
            .args(["--listen", &format!("127.0.0.1:{}", setup.port)])
            .args(["--user", setup.user, "--password", setup.user])
            .args([
                "--transport",
                setup.transport,
                "--codecs",
                setup.codecs,
                "--dtmf",
                setup.dtmf,
            ])
            .args(setup.register.then_some("--register"));
        let mut phone = Self::run(setup.user, command);
        if setup.register {
            phone.wait("registered");
        }
        phone.wait("ready");
        phone
    }

    /// Starts a telephone with a keyboard: liblinphone, driven by `text_phone.py`, real-time text by
    /// RFC 4103, with or without audio beside it.
    #[must_use]
    pub fn with_keyboard(port: u16, audio: bool) -> Self {
        let mut command = Command::new(crate::program("python3", "python3"));
        command
            .arg(root().join("tests/kit/text_phone.py"))
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args((!audio).then_some("--without-audio"))
            .stderr(Stdio::null());
        let mut phone = Self::run("writer", command);
        phone.wait("ready");
        phone
    }

    fn run(name: &str, mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let commands = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (to, events) = channel();
        std::thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            lines
                .filter_map(|l| serde_json::from_str(&l).ok())
                .try_for_each(|e| to.send(e))
        });
        Self {
            name: name.to_owned(),
            process,
            commands,
            events,
            past: Vec::new(),
        }
    }

    /// Types a line to its end.
    pub fn types(&mut self, line: &str) {
        self.tell(&json!({"do": "type", "line": line}));
    }

    /// Waits for a line that holds these words.
    pub fn reads(&mut self, words: &str) -> String {
        loop {
            let line = self.wait("line");
            let text = line["text"].as_str().unwrap_or_default();
            if text.contains(words) {
                return text.to_owned();
            }
        }
    }

    /// Waits for the next event of this name; others before it are passed over.
    pub fn wait(&mut self, name: &str) -> Value {
        let end = crate::patience_ends();
        loop {
            let Ok(event) = self.events.recv_timeout(crate::left_until(end)) else {
                panic!("{}: no «{name}» came after {:?}", self.name, self.past);
            };
            self.past.push(event.to_string());
            if event["event"] == name {
                return event;
            }
            assert!(event["event"] != "error", "{}: {event}", self.name);
        }
    }

    fn tell(&mut self, command: &Value) {
        writeln!(self.commands, "{command}").expect("the telephone is running");
    }

    pub fn dial(&mut self, number: &str) {
        self.tell(&json!({"do": "dial", "number": number}));
    }

    pub fn answer(&mut self) {
        self.wait("incoming");
        self.tell(&json!({"do": "answer"}));
        self.wait("established");
    }

    pub fn reject(&mut self) {
        self.wait("incoming");
        self.tell(&json!({"do": "reject"}));
    }

    pub fn hang_up(&mut self) {
        self.tell(&json!({"do": "hangup"}));
    }

    /// Puts the call on hold, and waits until the other side has agreed.
    pub fn hold(&mut self) {
        self.tell(&json!({"do": "hold"}));
        self.wait("held");
    }

    pub fn resume(&mut self) {
        self.tell(&json!({"do": "resume"}));
    }

    pub fn press(&mut self, keys: &str) {
        self.tell(&json!({"do": "press", "keys": keys}));
    }

    /// Speaks a tone until told otherwise; 0 falls silent.
    pub fn tone(&mut self, hz: u32) {
        self.tell(&json!({"do": "tone", "hz": hz}));
    }

    /// Gives back what it hears from now on: an acoustic echo, so many decibels below.
    pub fn echo(&mut self, db: i32, delay_ms: u32) {
        self.tell(&json!({"do": "echo", "db": db, "delay_ms": delay_ms}));
    }

    /// Adds pink noise of this level to all it sends, or none any more.
    pub fn noise(&mut self, dbov: Option<i32>) {
        self.tell(&json!({"do": "noise", "dbov": dbov}));
    }

    /// Waits until a tone was heard for 0.4 s.
    pub fn hears_tone(&mut self, hz: u32) {
        self.tell(&json!({"do": "hear_tone", "hz": hz}));
        self.wait("tone");
    }

    /// Waits until a tone was heard for 0.4 s among others, up to three times as loud.
    pub fn hears_in_the_mix(&mut self, hz: u32) {
        self.tell(&json!({"do": "hear_tone", "hz": hz, "share": 0.1}));
        self.wait("tone");
    }

    /// Waits until a short tone was heard: 0.1 s.
    pub fn hears_beep(&mut self, hz: u32) {
        self.tell(&json!({"do": "hear_tone", "hz": hz, "frames": 5}));
        self.wait("tone");
    }

    /// Waits until anything was heard for 0.4 s.
    pub fn hears_something(&mut self) {
        self.tell(&json!({"do": "hear_sound"}));
        self.wait("sound");
    }

    /// Speaks a recording to its end. How much of the other side had been heard when it began, in
    /// milliseconds of what [`Phone::save`] writes.
    pub fn say(&mut self, wav: &Path) -> u64 {
        self.tell(&json!({"do": "say", "wav": wav}));
        self.wait("said")["heard_ms"].as_u64().unwrap()
    }

    /// Writes what was heard since the call was answered.
    pub fn save(&mut self, wav: &Path) {
        self.tell(&json!({"do": "save", "wav": wav}));
        self.wait("saved");
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
