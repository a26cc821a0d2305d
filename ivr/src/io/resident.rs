//! The good voice kept in memory: RHVoice's own service on a private D-Bus.
//!
//! `RHVoice-test` loads its voice for every text, a fifth of a second; the service of the same
//! package has it loaded and begins to speak in 50 ms. The bus belongs to one worker alone, and
//! both programs end with it.

use std::io::{self, BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::speech::{SpeechError, Synthesiser, for_telephone, on_path, run};
use super::wav;

/// A client that hangs is ended after so many seconds.
const LONGEST_S: &str = "10";
const CLIENT: &str = "RHVoice-client";

/// A voice that is loaded.
#[derive(Debug)]
pub(super) struct Resident {
    bus: Child,
    address: String,
}

impl Resident {
    /// Whether everything it needs is installed (packages rhvoice and dbus-daemon).
    pub(super) fn is_possible() -> bool {
        [CLIENT, "RHVoice-service", "dbus-daemon", "setpriv"]
            .iter()
            .all(|program| on_path(program))
    }

    /// Starts the bus; the service starts with the first text. To be called on the thread that will
    /// use it: the bus ends with that thread, however it ends.
    pub(super) fn start() -> io::Result<Self> {
        let mut bus = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "dbus-daemon", "--session"])
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut address = String::new();
        if let Some(output) = bus.stdout.take() {
            BufReader::new(output).read_line(&mut address)?;
        }
        let address = address.trim().to_owned();
        if address.is_empty() {
            let _ = bus.kill();
            let _ = bus.wait();
            return Err(io::Error::other("dbus-daemon did not tell its address"));
        }
        Ok(Self { bus, address })
    }

    /// Says a text with a voice of RHVoice.
    ///
    /// # Errors
    /// When the service does not answer or answers no sound.
    pub(super) fn say(&self, voice: &Synthesiser, text: &str) -> Result<Vec<i16>, SpeechError> {
        let Synthesiser::RhVoice {
            voice,
            rate_percent,
        } = voice
        else {
            return Err(SpeechError::NoSynthesiser);
        };
        let mut client = Command::new("timeout");
        client
            .args([LONGEST_S, CLIENT, "-s", voice, "-r", &rate(*rate_percent)])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        let written = run(&mut client, CLIENT, text)?;
        Ok(for_telephone(&wav::piped_8k(written)?))
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// The service's scale: −1 is half of the voice's speed, 0 its own, 1 twice it.
fn rate(percent: u32) -> String {
    let over = f64::from(percent.clamp(50, 200)) / 100.0 - 1.0;
    format!("{:.2}", if over < 0.0 { 2.0 * over } else { over })
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn per_cent_become_the_services_scale() {
        let scale = [50, 80, 100, 150, 200, 300].map(rate);
        assert_eq!(scale, ["-1.00", "-0.40", "0.00", "0.50", "1.00", "1.00"]);
    }
}
