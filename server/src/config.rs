//! `liniya.toml`: every key, its default, and a message for every mistake.
//!
//! A key may be overridden by the environment: `LINIYA_SIP_MAX_CALLS=50` stands for `max_calls` in
//! `[sip]`. Lists of tables (`[[line]]`, `[[operator]]`, …) are set in the file only.

mod browser;
mod cases;
mod check;
mod load;
mod outreach;
mod outside;
mod pauses;
mod queues;
mod supervision;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

use crate::organisation::Role;

pub use browser::BrowserConfig;
pub use cases::{CasesConfig, RegisterConfig, RegisterKind, ResponsibleConfig};
pub use load::{ConfigError, load, parse};
pub use outreach::{NotifyConfig, ReminderBy, SmsConfig, SmsFormat, SmtpConfig, TlsMode};
pub use outside::{Contact, OutsideConfig};
pub use pauses::Pause;
pub use queues::{CallbackFirst, Need, Queue, Relaxed, WhenNobody};
pub use supervision::SupervisionConfig;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[server]`.
    #[serde(default)]
    pub server: Server,
    /// `[sip]`.
    #[serde(default)]
    pub sip: Sip,
    /// `[media]`.
    #[serde(default)]
    pub media: Media,
    /// `[browser]`.
    #[serde(default)]
    pub browser: BrowserConfig,
    /// `[speech]`.
    #[serde(default)]
    pub speech: Speech,
    /// `[storage]`.
    #[serde(default)]
    pub storage: Storage,
    /// `[organisation]`.
    pub organisation: OrganisationName,
    /// `[cases]`.
    #[serde(default)]
    pub cases: CasesConfig,
    /// `[[responsible]]`: who answers complaints.
    #[serde(default)]
    pub responsible: Vec<ResponsibleConfig>,
    /// `[[register]]`: where the state of applications is known.
    #[serde(default, rename = "register")]
    pub registers: Vec<RegisterConfig>,
    /// `[notify]`.
    #[serde(default)]
    pub notify: NotifyConfig,
    /// `[outside]`.
    #[serde(default)]
    pub outside: OutsideConfig,
    /// `[[contact]]`: the address book.
    #[serde(default, rename = "contact")]
    pub contacts: Vec<Contact>,
    /// `[smtp]`.
    #[serde(default)]
    pub smtp: SmtpConfig,
    /// `[sms]`.
    #[serde(default)]
    pub sms: SmsConfig,
    /// `[[trunk]]`: who may bring callers.
    #[serde(default, rename = "trunk")]
    pub trunks: Vec<Trunk>,
    /// `[[line]]`: numbers that callers dial.
    #[serde(rename = "line")]
    pub lines: Vec<Line>,
    /// `[[queue]]`: where callers wait.
    #[serde(rename = "queue")]
    pub queues: Vec<Queue>,
    /// `[[need]]`: skills that callers need.
    #[serde(default, rename = "need")]
    pub needs: Vec<Need>,
    /// `[[pause]]`: why operators may pause; the usual four reasons if there is none.
    #[serde(default, rename = "pause")]
    pub pauses: Vec<Pause>,
    /// `[supervision]`.
    #[serde(default)]
    pub supervision: SupervisionConfig,
    /// `[[operator]]`: who answers.
    #[serde(default, rename = "operator")]
    pub operators: Vec<Operator>,
}

/// `[server]`: the process.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address of the console, the API and `/metrics`.
    pub http: SocketAddr,
    /// Folder of the journal, recordings, caches and the embedded database.
    pub data_dir: PathBuf,
    /// Folder of the scripts.
    pub scripts_dir: PathBuf,
    /// Number of this node, 0–65535; part of every call's number.
    pub node: u16,
    /// How long a stop waits for open calls, seconds.
    pub drain_s: u64,
}

/// `[sip]`: the gateway's signalling.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sip {
    /// UDP address to listen on.
    pub udp: SocketAddr,
    /// TCP address to listen on.
    pub tcp: SocketAddr,
    /// The address phones and trunks reach us at, if it is not the listening one.
    pub advertised: Option<IpAddr>,
    /// Realm of the digest challenge.
    pub realm: String,
    /// Calls at once; beyond it a new caller gets 503 with Retry-After.
    pub max_calls: u32,
    /// New calls a second; beyond it a new caller gets 503 with Retry-After.
    pub new_calls_per_s: u32,
    /// When work waits longer than this, new callers get 503 with Retry-After, milliseconds.
    pub overload_delay_ms: u64,
    /// Shortest registration a phone may ask for, seconds.
    pub registration_min_s: u32,
    /// Longest registration a phone may ask for, seconds.
    pub registration_max_s: u32,
}

/// `[media]`: RTP.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    /// Address of the RTP sockets.
    pub address: IpAddr,
    /// First RTP port, even.
    pub port_min: u16,
    /// Last RTP port.
    pub port_max: u16,
    /// Media threads; 0 means one a core, less one for signalling.
    pub threads: usize,
}

/// `[speech]`: recognition and synthesis.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Speech {
    /// The Vosk library.
    pub library: PathBuf,
    /// The Vosk model's folder, unless `liniya models use` chose another.
    pub model: PathBuf,
    /// The language of the scripts, as ISO 639-1 names it.
    pub language: String,
    /// Sums of the models that may be used; empty means any.
    pub trusted_models: Vec<String>,
    /// Folder of rendered prompts and phrase graphs; may be deleted at any time.
    pub cache_dir: PathBuf,
    /// Recogniser threads.
    pub threads: usize,
    /// Callers recognised at once; the excess uses keys.
    pub max_sessions: usize,
    /// Talks with operators recognised at once; of the excess nothing is written down.
    pub max_talks: usize,
    /// The synthesiser's voice.
    pub voice: String,
    /// Allow voices licensed for non-commercial use only (CC BY-NC-ND): the administrator has read
    /// the licence.
    pub noncommercial_voices: bool,
    /// Folder of recorded prompts, `NAME.wav`, that replace the synthesis.
    pub recordings_dir: PathBuf,
}

/// `[storage]`: the read models.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// `sqlite://PATH`; empty means `liniya.db` in the data folder.
    pub database_url: String,
}

/// `[organisation]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationName {
    /// The name in greetings and on screens.
    pub name: String,
    /// Local time, in minutes east of UTC: days of reports and validity of knowledge.
    #[serde(default = "defaults::utc_offset_min")]
    pub utc_offset_min: i16,
    /// How long an unanswered call is owed a callback, hours.
    #[serde(default = "defaults::unanswered_h")]
    pub unanswered_h: u16,
}

/// `[[trunk]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trunk {
    /// Its name in the journal.
    pub name: String,
    /// Addresses or networks (`192.0.2.7`, `192.0.2.0/24`) it sends from.
    pub addresses: Vec<String>,
    /// Where calls of the house go (`sip:192.0.2.7:5060`); none may be placed if absent.
    pub call_out: Option<String>,
    /// What stands behind the `@` of numbers, if the carrier wants a name there.
    pub call_domain: Option<String>,
    /// The number that is shown to whom the house calls; the line's own if absent.
    pub call_as: Option<String>,
    /// The user by which the carrier knows the house.
    pub call_user: Option<String>,
    /// Its password.
    pub call_password: Option<String>,
}

/// `[[line]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches of the file, independent of each other"
)]
pub struct Line {
    /// What callers dial: user part of the Request-URI.
    pub number: String,
    /// Its name for people.
    pub title: String,
    /// The assistant's script, by its id.
    pub script: String,
    /// Where its callers wait, by the queue's id.
    pub queue: String,
    /// Services it answers for, by id in `scripts/services`.
    pub services: Vec<String>,
    /// When persons answer, by id in `scripts/calendars`; always if absent.
    pub hours: Option<String>,
    /// Record conversations, after the notice.
    #[serde(default)]
    pub recording: bool,
    /// Show operators what callers say, after the same notice.
    #[serde(default)]
    pub transcription: bool,
    /// Ask for a rating after the talk.
    #[serde(default = "yes")]
    pub rating: bool,
    /// 0–9: its callers stand so many times the queue's `priority_worth_s` ahead.
    #[serde(default)]
    pub priority: u8,
}

/// `[[operator]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Login of the console and of the phone.
    pub login: String,
    /// Surname, name, patronymic if there is one.
    pub full_name: String,
    /// Position.
    pub position: String,
    /// argon2 hash of the console's password: `liniya hash-password`.
    pub password_hash: Option<String>,
    /// Sample password in the clear; refused when the service listens beyond loopback.
    pub password_for_loopback: Option<String>,
    /// Password of the SIP phone; the console's sample password if absent.
    pub phone_password: Option<String>,
    /// Fixed address of the phone (`sip:101@192.0.2.5:5060`): then it need not register.
    pub phone_contact: Option<String>,
    /// Queues the operator serves.
    pub queues: Vec<String>,
    /// Skill → level, 1–9.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// What they are in the house.
    #[serde(default)]
    pub role: Role,
    /// Whether an analyst may listen to recordings.
    #[serde(default)]
    pub hears_recordings: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            http: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: "./var".into(),
            scripts_dir: "./scripts".into(),
            node: 0,
            drain_s: 60,
        }
    }
}

impl Default for Sip {
    fn default() -> Self {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 5060));
        Self {
            udp: loopback,
            tcp: loopback,
            advertised: None,
            realm: "liniya".into(),
            max_calls: 1000,
            new_calls_per_s: 200,
            overload_delay_ms: 200,
            registration_min_s: 60,
            registration_max_s: 3600,
        }
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            address: IpAddr::from([127, 0, 0, 1]),
            port_min: 20_000,
            port_max: 29_999,
            threads: 0,
        }
    }
}

impl Default for Speech {
    fn default() -> Self {
        Self {
            library: "./var/lib/libvosk.so".into(),
            model: "./ivr/model/ru-mini".into(),
            language: "ru".into(),
            trusted_models: Vec::new(),
            cache_dir: "./var/cache".into(),
            threads: 2,
            max_sessions: 100,
            max_talks: 20,
            voice: "anna".into(),
            noncommercial_voices: false,
            recordings_dir: "./scripts/recordings".into(),
        }
    }
}

const fn yes() -> bool {
    true
}

mod defaults {
    /// Moscow.
    pub(super) const fn unanswered_h() -> u16 {
        24
    }

    pub(super) const fn utc_offset_min() -> i16 {
        180
    }
}

impl Config {
    /// The journal's file.
    #[must_use]
    pub fn journal_path(&self) -> PathBuf {
        self.server.data_dir.join("journal").join("liniya.journal")
    }

    /// The database's address, with the default filled in.
    #[must_use]
    pub fn database_url(&self) -> String {
        if self.storage.database_url.is_empty() {
            format!(
                "sqlite://{}",
                self.server.data_dir.join("liniya.db").display()
            )
        } else {
            self.storage.database_url.clone()
        }
    }
}
