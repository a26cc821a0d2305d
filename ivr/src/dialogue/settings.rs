//! How the assistant speaks to this caller, and how long it waits: by voice anywhere, by keys after
//! `**`.

use events::Timestamp;

use super::{Dialogue, MORE_TIME_FACTOR, State};
use crate::script::{Command, SETTINGS_NODE};
use crate::{Manner, Output};

impl Dialogue {
    /// Opens the settings; what was going on waits.
    pub(super) fn open_settings(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        if !matches!(self.state, State::Telling { .. } | State::Asking(_)) {
            return;
        }
        let say = self.words(&self.script.system().settings);
        let until = self.say(now, say, out);
        self.listen(SETTINGS_NODE, out);
        let before = std::mem::replace(&mut self.state, State::Over);
        self.state = State::Settings {
            before: Box::new(before),
            saying: true,
            until,
        };
    }

    /// Goes back to what was going on, nothing being said.
    pub(super) fn close_settings(&mut self, out: &mut Vec<Output>) {
        self.hush(out);
        if let State::Settings { before, .. } = std::mem::replace(&mut self.state, State::Over) {
            self.state = *before;
        }
    }

    /// Goes back to what was going on and says it again.
    pub(super) fn leave_settings(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.close_settings(out);
        self.again(now, out);
    }

    pub(super) fn pressed_setting(&mut self, now: Timestamp, key: char, out: &mut Vec<Output>) {
        if key == '0' {
            return self.command(now, Command::Person, out);
        }
        let mut commands = Command::ALL.iter();
        match commands.find(|command| command.setting() == Some(key)) {
            Some(command) => self.command(now, *command, out),
            None => self.leave_settings(now, out),
        }
    }

    /// Changes the manner or the pace, and says the same again in it.
    pub(super) fn change_manner(
        &mut self,
        now: Timestamp,
        command: Command,
        out: &mut Vec<Output>,
    ) {
        let before = self.pace.manner;
        match command {
            Command::Slower => self.pace.manner.slow = true,
            Command::Louder => self.pace.manner.loud = true,
            Command::Usual => self.pace.manner = Manner::default(),
            Command::MoreTime => return self.give_time(now, out),
            Command::Person
            | Command::Repeat
            | Command::Back
            | Command::Stop
            | Command::Goodbye => {}
        }
        self.hush(out);
        if before != self.pace.manner {
            out.push(Output::Speak(self.pace.manner));
        }
        self.again(now, out);
    }

    /// Silences and limits become longer, once.
    fn give_time(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        if self.pace.factor < MORE_TIME_FACTOR {
            self.pace.factor = MORE_TIME_FACTOR;
            let more = (MORE_TIME_FACTOR - 1).saturating_mul(super::DIALOGUE_LIMIT_MS);
            self.dialogue_until = self.dialogue_until.plus_ms(more);
            let more = (MORE_TIME_FACTOR - 1).saturating_mul(super::NODE_LIMIT_MS);
            self.node_until = self.node_until.plus_ms(more);
        }
        self.first = self.words(&self.script.system().more_time);
        self.again(now, out);
    }
}
