//! A mail server that others wrote: aiosmtpd, as `mail.py` sets it up.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;

use crate::root;

/// Where it listens, on 127.0.0.1.
pub const PORT: u16 = 2525;
/// Who may send, and by what password.
pub const LOGIN: (&str, &str) = ("house", "post-secret");

/// A certificate of its own; the house trusts it by [`Certificate::path`].
pub struct Certificate {
    pub path: PathBuf,
    key: PathBuf,
}

impl Certificate {
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let (path, key) = (folder.join("mail.pem"), folder.join("mail.key"));
        let made = Command::new(crate::program("openssl", "openssl"))
            .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
            .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
            .args(["-subj", "/CN=mail.example.org"])
            .args(["-addext", "subjectAltName=IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&path)
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        Self { path, key }
    }
}

/// A running mail server, in the network of the thread that starts it.
pub struct MailServer {
    process: Child,
    events: Receiver<Value>,
}

impl MailServer {
    #[must_use]
    pub fn start(certificate: &Certificate) -> Self {
        let python = root().join("var/mail/bin/python");
        assert!(
            python.is_file(),
            "the mail server is missing: run deploy/setup/mail.sh var/mail"
        );
        let (user, password) = LOGIN;
        let mut process = Command::new(python)
            .arg(root().join("tests/kit/mail.py"))
            .args(["--port", &PORT.to_string()])
            .args(["--user", user, "--password", password])
            .arg("--certificate")
            .arg(&certificate.path)
            .arg("--key")
            .arg(&certificate.key)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (to, events) = channel();
        std::thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            lines
                .filter_map(|line| serde_json::from_str(&line).ok())
                .try_for_each(|event| to.send(event))
        });
        let mut server = Self { process, events };
        server.wait("ready");
        server
    }

    /// The next event, which must be of this name.
    pub fn wait(&mut self, name: &str) -> Value {
        let event: Value = self
            .events
            .recv_timeout(crate::PATIENCE)
            .unwrap_or_else(|_| panic!("no «{name}» came to the mail server"));
        assert_eq!(event["event"], name, "{event}");
        event
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
