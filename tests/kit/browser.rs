//! A browser that others wrote: Debian's Chromium, driven by `browser.py`, with a microphone that
//! speaks a tone.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::root;

/// One browser with one page.
pub struct Browser {
    process: Child,
    commands: ChildStdin,
    events: Lines<BufReader<ChildStdout>>,
}

impl Browser {
    /// Starts it; its microphone speaks this tone. `port` is its driver's, one for each browser.
    #[must_use]
    pub fn start(port: u16, tone_hz: u32) -> Self {
        let _ = crate::program("chromedriver", "chromium-driver");
        let mut process = Command::new(crate::program("python3", "python3"))
            .arg(root().join("tests/kit/browser.py"))
            .args(["--port", &port.to_string(), "--tone", &tone_hz.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let commands = process.stdin.take().unwrap();
        let events = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut browser = Self {
            process,
            commands,
            events,
        };
        assert_eq!(browser.next()["event"], "ready");
        browser
    }

    /// An operator's desk, signed in, with the phone in this browser.
    #[must_use]
    pub fn desk(port: u16, tone_hz: u32, login: &str) -> Self {
        let mut browser = Self::start(port, tone_hz);
        browser.open("http://127.0.0.1:8080/");
        browser.types("Логин", login);
        browser.types("Пароль", login);
        browser.click("Войти");
        browser.click("Телефон в браузере");
        browser.click("Понятно, продолжить");
        browser.sees("Телефон в браузере готов");
        browser
    }

    fn next(&mut self) -> Value {
        let line = self.events.next().expect("the browser is running").unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn tell(&mut self, command: &Value) -> Value {
        writeln!(self.commands, "{command}").expect("the browser is running");
        let event = self.next();
        let page = event["page"].as_str().unwrap_or_default();
        assert_eq!(
            event["event"], "done",
            "{command}: {}\n{page}",
            event["why"]
        );
        event
    }

    pub fn open(&mut self, url: &str) {
        self.tell(&json!({"do": "open", "url": url}));
    }

    pub fn reload(&mut self) {
        self.tell(&json!({"do": "reload"}));
    }

    pub fn click(&mut self, what: &str) {
        self.tell(&json!({"do": "click", "what": what}));
    }

    pub fn types(&mut self, into: &str, text: &str) {
        self.tell(&json!({"do": "type", "into": into, "text": text}));
    }

    /// Types a line and sends it.
    pub fn writes(&mut self, into: &str, line: &str) {
        // WebDriver's Enter.
        self.types(into, &format!("{line}\u{e007}"));
    }

    /// Alt and a key by its place; the Russian layout has this letter there.
    pub fn alt(&mut self, code: &str, letter: &str) {
        self.press(code, letter, &["alt"]);
    }

    /// A key by its place and what the layout has there, with `alt`, `ctrl`, `shift` held: as the
    /// keyboard gives it, to whatever has the focus.
    pub fn press(&mut self, code: &str, key: &str, held: &[&str]) {
        self.tell(&json!({"do": "press", "code": code, "key": key, "held": held}));
    }

    /// Types letters and digits, key by key, to whatever has the focus.
    pub fn keys(&mut self, text: &str) {
        self.tell(&json!({"do": "keys", "text": text}));
    }

    /// Waits until an expression of the page is true.
    pub fn waits_for(&mut self, script: &str) {
        self.tell(&json!({"do": "wait", "script": script}));
    }

    /// Tab, until the focus is on what is named so; at every stop the focus must be seen.
    pub fn walks(&mut self, to: &str) {
        self.tell(&json!({"do": "walk", "to": to}));
    }

    /// As large as a screen of this many CSS pixels.
    pub fn size(&mut self, width: u32, height: u32) {
        self.tell(&json!({"do": "size", "width": width, "height": height}));
    }

    /// `light` or `dark`.
    pub fn theme(&mut self, name: &str) {
        self.tell(&json!({"do": "theme", "name": name}));
    }

    /// What axe-core has against the page as it is now (WCAG 2.2 AA), and what is wider than it.
    pub fn audit(&mut self) -> Vec<String> {
        let found = self.tell(&json!({"do": "audit"}))["value"].take();
        serde_json::from_value(found).unwrap()
    }

    /// Chooses the nth option of a list.
    pub fn choose(&mut self, field: &str, option: usize) {
        self.tell(&json!({"do": "choose", "field": field, "option": option}));
    }

    /// Waits for these words on the page.
    pub fn sees(&mut self, what: &str) {
        self.tell(&json!({"do": "see", "what": what}));
    }

    /// Waits until these words are not on the page.
    pub fn sees_no(&mut self, what: &str) {
        self.tell(&json!({"do": "gone", "what": what}));
    }

    /// Waits until the other side of the talk was heard with this tone for 0.4 s.
    pub fn hears_tone(&mut self, hz: u32) {
        self.tell(&json!({"do": "hear_tone", "hz": hz}));
    }

    /// Waits until a tone was heard for 0.4 s among others, up to three times as loud.
    pub fn hears_in_the_mix(&mut self, hz: u32) {
        self.tell(&json!({"do": "hear_tone", "hz": hz, "share": 0.1}));
    }

    /// Waits until the other side of the talk was silent for a second.
    pub fn hears_nothing(&mut self) {
        self.tell(&json!({"do": "hear_nothing"}));
    }

    /// What a script of the page returns.
    pub fn run(&mut self, script: &str) -> Value {
        self.tell(&json!({"do": "run", "script": script}))["value"].take()
    }

    /// The page as a picture, for a person who looks for what went wrong.
    pub fn picture(&mut self, path: &str) {
        self.tell(&json!({"do": "picture", "path": path}));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It closes Chromium and its driver by itself.
        let _ = writeln!(self.commands, "{}", json!({"do": "quit"}));
        let _ = self.process.wait();
    }
}
