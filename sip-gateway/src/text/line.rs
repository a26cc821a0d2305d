//! Characters into lines, with corrections made (T.140 §8.2): what a caller has typed.

use super::{BYTE_ORDER_MARK, LINE_SEPARATOR};

/// A pause after which the line so far may already be an answer, in milliseconds.
const PAUSE_MS: u64 = 2_000;

/// Characters of a line at most; beyond it the line is taken as ended.
const LINE_MAX: usize = 500;

const BACKSPACE: char = '\u{8}';
const START_OF_STRING: char = '\u{98}';
const STRING_TERMINATOR: char = '\u{9C}';
const CONTROL_SEQUENCE: char = '\u{9B}';
const ESCAPE: char = '\u{1B}';

/// What typing led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The caller begins to type a line.
    Begun,
    /// The caller paused; this is the line so far, and it may go on.
    Paused(String),
    /// The line is ended.
    Ended(String),
}

/// What is between a control function and its end, and not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Control {
    None,
    /// ESC and one character (ISO/IEC 6429 §5.3).
    Escape,
    /// CSI … a final byte (ISO/IEC 6429 §5.4): colours and the like.
    Sequence,
    /// SOS … ST (T.140 §8.3): application data.
    String,
}

/// The line being typed.
#[derive(Clone, Debug)]
pub struct Line {
    text: String,
    control: Control,
    /// CR was the last character: an LF after it is part of the same end.
    after_return: bool,
    paused_ms: Option<u64>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            text: String::new(),
            control: Control::None,
            after_return: false,
            paused_ms: None,
        }
    }
}

impl Line {
    /// Takes characters as they come.
    pub fn take(&mut self, now_ms: u64, characters: &str, out: &mut Vec<Typed>) {
        for character in characters.chars() {
            self.character(character, out);
        }
        self.paused_ms = (!self.text.trim().is_empty()).then_some(now_ms + PAUSE_MS);
    }

    /// When [`Line::tick`] has something to say, in milliseconds.
    #[must_use]
    pub const fn deadline_ms(&self) -> Option<u64> {
        self.paused_ms
    }

    /// Time passed.
    pub fn tick(&mut self, now_ms: u64) -> Option<Typed> {
        self.paused_ms.filter(|at| *at <= now_ms)?;
        self.paused_ms = None;
        Some(Typed::Paused(self.text.trim().to_owned()))
    }

    /// Forgets the line so far: it was taken as an answer.
    pub fn clear(&mut self) {
        self.text.clear();
        self.paused_ms = None;
    }

    /// The line so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn character(&mut self, character: char, out: &mut Vec<Typed>) {
        if self.is_control(character) {
            return;
        }
        let after_return = std::mem::take(&mut self.after_return);
        match character {
            '\n' if after_return => {}
            '\r' | '\n' | LINE_SEPARATOR | '\u{2029}' => {
                self.after_return = character == '\r';
                self.end(out);
            }
            BACKSPACE => {
                self.text.pop();
            }
            BYTE_ORDER_MARK => {}
            other if other.is_control() && other != '\t' => {}
            other => {
                if self.text.is_empty() {
                    out.push(Typed::Begun);
                }
                self.text.push(other);
                if self.text.chars().count() >= LINE_MAX {
                    self.end(out);
                }
            }
        }
    }

    fn is_control(&mut self, character: char) -> bool {
        let (inside, next) = match (self.control, character) {
            (Control::None, ESCAPE) => (true, Control::Escape),
            (Control::None, CONTROL_SEQUENCE) => (true, Control::Sequence),
            (Control::None, START_OF_STRING) => (true, Control::String),
            (Control::None, _) => (false, Control::None),
            (Control::Escape, '[') => (true, Control::Sequence),
            (Control::Escape, 'X') => (true, Control::String),
            (Control::Escape, _) => (true, Control::None),
            (Control::Sequence, '\u{40}'..='\u{7E}') => (true, Control::None),
            (Control::String, STRING_TERMINATOR) => (true, Control::None),
            // A string that is never ended must not swallow a conversation.
            (Control::Sequence | Control::String, '\r' | '\n' | LINE_SEPARATOR) => {
                (false, Control::None)
            }
            (held @ (Control::Sequence | Control::String), _) => (true, held),
        };
        self.control = next;
        inside
    }

    fn end(&mut self, out: &mut Vec<Typed>) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if !text.is_empty() {
            out.push(Typed::Ended(text.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed(characters: &str) -> String {
        let mut line = Line::default();
        let mut out = Vec::new();
        line.take(0, characters, &mut out);
        let lines: Vec<String> = out
            .into_iter()
            .filter_map(|typed| match typed {
                Typed::Ended(text) => Some(text),
                Typed::Begun | Typed::Paused(_) => None,
            })
            .collect();
        format!("{}|{}", lines.join("|"), line.text())
    }

    #[test]
    fn lines_are_read_as_they_were_meant() {
        for (characters, expected) in [
            ("да\r\nнет\u{2028}", "да|нет|"),
            ("да\r\n\r\n", "да|"),
            (
                "\u{FEFF}лицензея\u{8}\u{8}\u{8}зия на лом\n",
                "лицензия на лом|",
            ),
            ("\u{8}\u{8}да\r", "да|"),
            ("\u{1B}[31mкрасный\u{9B}0m\n", "красный|"),
            ("\u{98}скрыто\u{9C}видно\n", "видно|"),
            ("\u{98}не закрыто\nдальше\n", "дальше|"),
            ("\u{7}звонок\n", "звонок|"),
            ("без конца", "|без конца"),
        ] {
            assert_eq!(typed(characters), expected, "{characters:?}");
        }
    }

    #[test]
    fn a_pause_shows_the_line_so_far_once_and_it_may_go_on() {
        let (mut line, mut out) = (Line::default(), Vec::new());
        line.take(0, "дв", &mut out);
        assert_eq!(line.tick(PAUSE_MS - 1), None);
        assert_eq!(line.tick(PAUSE_MS), Some(Typed::Paused("дв".to_owned())));
        assert_eq!(line.deadline_ms(), None);
        line.take(3_000, "а\n", &mut out);
        assert_eq!(out, [Typed::Begun, Typed::Ended("два".to_owned())]);
    }

    #[test]
    fn a_line_without_end_is_ended() {
        let text = "а".repeat(LINE_MAX + 3);
        assert_eq!(typed(&text), format!("{}|ааа", "а".repeat(LINE_MAX)));
    }

    proptest! {
        #[test]
        fn anything_may_be_typed(characters in ".{0,300}") {
            let shown = typed(&characters);
            let has_escape = shown.contains(ESCAPE);
            prop_assert!(!has_escape);
        }
    }
}
