//! `liniya serve`: opens the house, room by room, and closes it tidily.

mod banner;
mod browsers;
mod control;
mod health;
mod network;
mod past;
mod process;
pub(super) mod sound;
mod web;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use acd::Acd;
use anyhow::Context as _;
use cases::io::calendars::{self, Calendars};
use cases::io::status::Registers;
use cases::{Cases, Ledger};
use ivr::ScriptSet;
use ivr::io::Recognisers;
use metrics::io::{Ingest, Store};
use metrics::{Health, Numbers};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng as _;
use sip_gateway::gateway::Gateway;
use sip_gateway::io::Transports;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::clock::Clock;
use super::committer::Committer;
use super::ears;
use super::engine::{Engine, Inbox, Outbox};
use super::journal_file::{self, JournalFile};
use super::pages::Pages;
use super::reload::{Means, Reloader};
use super::scripts;
use super::senders::Senders;
use super::sounds::Sounds;
use super::world::{Outside, Published, Waiting, WaitingTasks};
use crate::config::Config;
use crate::desk::Desk;
use crate::handbook::Handbook;
use crate::house;
use crate::io::shelf::ScriptShelf;
use crate::organisation::Organisation;
use crate::script_texts::ScriptTexts;
use crate::switchboard::{Input, Opening, Switchboard};
use crate::told_log::ToldLog;
use control::Control;
use past::Past;
use process::{Signal, SignalStream, Signals, after};

const SWITCHBOARD_THREAD: &str = "switchboard";
/// At the end, goodbyes that nobody has answered are repeated for so long.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Runs the product until a signal.
///
/// # Errors
/// What keeps it from starting, with what to do.
pub fn serve(config: Config) -> anyhow::Result<()> {
    process::start_log();
    process::end_with_the_core();
    process::allow_open_files(&config);
    process::count_ports(&config);
    let runtime = process::runtime()?;
    // A wish to reload that comes during the start is granted after it, instead of ending the process.
    let hang_ups = runtime.block_on(async { process::hang_ups() })?;
    let assistant = scripts::assistant(&config)?;
    let organisation = Arc::new(house::organisation(&config, &assistant));
    warm(&assistant);
    let handbook = scripts::handbook(&config, &organisation)?;
    let scripts = Scripts {
        assistant,
        handbook,
    };
    let outreach = scripts::outreach(&config, &scripts.assistant)?;
    let past = Past::open(&config, &organisation, &scripts.handbook.scripts, outreach)?;
    let house = runtime.block_on(House::open(config, organisation, scripts, past))?;
    let ended = runtime.block_on(house.live(hang_ups));
    house.close(&runtime);
    ended
}

/// Learns from the examples before a call asks for it; a build for debugging, which is slow, then.
fn warm(assistant: &ScriptSet) {
    if cfg!(debug_assertions) {
        return;
    }
    if let Some(classifier) = assistant.classifier().cloned() {
        let learns = std::thread::Builder::new().name("understanding".to_owned());
        // Without a thread it learns at the first line of free words.
        let _ = learns.spawn(move || classifier.warm());
    }
}

/// What is said: by the assistant, by operators.
struct Scripts {
    assistant: ScriptSet,
    handbook: Handbook,
}

/// A running server.
struct House {
    config: Config,
    inbox: Inbox,
    engine: Option<JoinHandle<()>>,
    ingest: Arc<Ingest>,
    transports: Arc<Transports>,
    web: web::Web,
    control: Control,
    reloader: Arc<Reloader>,
}

impl House {
    #[expect(
        clippy::too_many_lines,
        reason = "the house is opened room by room, from top to bottom"
    )]
    async fn open(
        config: Config,
        organisation: Arc<Organisation>,
        scripts: Scripts,
        past: Past,
    ) -> anyhow::Result<Self> {
        let clock = Clock::start(past.newest.unwrap_or_default());
        let (inbox, outbox) = Inbox::open(clock);
        let seed = fresh_seed()?;
        let opening = past.opening(config.server.node, seed);

        let sound = sound::open(&config, &scripts.assistant, clock)?;
        let (recognisers, speech) = ears::open(&config, &scripts.assistant);
        let store = Store::open(&config.database_url()).await?;
        let reader = journal_file::reader(config.journal_path());
        let ingest = Arc::new(Ingest::start(store.clone(), past.chain.seq, reader));
        let transports = Arc::new(network::transports(&config, &inbox)?);
        let plane = Arc::new(network::plane(&config, seed, &inbox)?);
        let browsers = browsers::plane(&config, &inbox)?;
        let pages = Arc::new(Pages::default());

        let calendars = calendars::load(&config.server.scripts_dir.join("calendars"))?;
        know_the_year(&config, &calendars, clock);
        let registers = Arc::new(registers(&config, clock)?);
        let health = first_health(clock, &past.journal, &recognisers);
        let folded = (past.numbers, past.desk, past.ledger.clone());
        let (published, changes) = published(folded, (past.told, past.texts.clone()), health);
        let waiting = Waiting::default();
        let waiting_tasks = WaitingTasks::default();
        let world = Outside {
            transports: Arc::clone(&transports),
            plane: Arc::clone(&plane),
            texts: network::texts(seed, &inbox)?,
            browsers: browsers.clone(),
            pages: Arc::clone(&pages),
            recognisers: Arc::clone(&recognisers),
            sounds: Sounds::new(sound.ready.clone(), Arc::clone(&sound.voice), &plane),
            recordings: recordings(&config)?,
            waiting: Arc::clone(&waiting),
            waiting_tasks: Arc::clone(&waiting_tasks),
            registers: Arc::clone(&registers),
            dictations: BTreeMap::new(),
            senders: senders(&config)?,
            published: Arc::clone(&published),
            ingest: Arc::clone(&ingest),
            inbox: inbox.clone(),
        };
        let committer = Committer::start(Box::new(past.journal), Box::new(world), clock)?;

        let cases = Cases::new(house::cases(&config, &calendars)?, past.ledger);
        let rules = Arc::new(cases.settings().clone());
        let mut switchboard = switchboard(
            &config,
            (&scripts.assistant, &calendars),
            (clock, seed),
            past.acd,
        )?
        .with_cases(cases)
        .with_outreach(past.outreach)
        .with_operator_scripts(Arc::clone(&scripts.handbook.scripts))
        .with_script_texts(past.texts.clone());
        if let Some(newest) = &past.newest_call {
            switchboard.continue_numbers(newest);
        }
        let chatter = Arc::clone(&transports);
        let engine = Engine {
            switchboard,
            chain: past.chain,
            clock,
            committer,
            chatter: Box::new(move |flow, bytes| chatter.send(flow, bytes)),
        };
        let engine = run(engine, outbox, opening)?;
        let means = Means {
            prompts: sound.prompts,
            library: sound.ready,
            recognisers: Arc::clone(&recognisers),
            inbox: inbox.clone(),
        };
        let assistant = Arc::new(scripts.assistant);
        let reloader = Arc::new(Reloader::new(config.clone(), means, assistant));
        let doors = (&reloader, &inbox);
        let shelf = ScriptShelf::open(&config, &organisation, scripts.handbook, doors)?;
        let shelf = shelf.recovered(&past.texts);
        let learning = health::Learning::of(&shelf, &published.desk, (&organisation, clock));
        let rooms = web::Rooms {
            organisation,
            shelf,
            reloader: Arc::clone(&reloader),
            published,
            changes,
            inbox: inbox.clone(),
            waiting,
            waiting_tasks,
            rules,
            recordings: recordings(&config)?,
            audio: browsers::Audio {
                plane: browsers.clone(),
                inbox: inbox.clone(),
                pages,
            },
            visitors: house::visitors(&config),
            store,
            clock,
            journal: config.journal_path(),
            figures: health::Sources {
                inbox: inbox.clone(),
                plane: Arc::downgrade(&plane),
                browsers: browsers.as_ref().map(Arc::downgrade),
                recognisers,
                voice: Arc::clone(&sound.voice),
                ingest: Arc::downgrade(&ingest),
                registers,
                reloader: Arc::clone(&reloader),
                learning,
            },
        };
        let told = Arc::clone(&rooms.published.told);
        let web = web::Web::open(config.server.http, rooms).await?;
        let control = Control::open(&config, (web.commands(), Arc::clone(&reloader), told));
        banner::show(&config, &speech, &sound.status);
        Ok(Self {
            config,
            inbox,
            engine: Some(engine),
            ingest,
            transports,
            web,
            control,
            reloader,
        })
    }

    /// Until a signal that ends it: open calls are finished, up to `drain_s`. SIGHUP reloads scripts.
    async fn live(&self, hang_ups: SignalStream) -> anyhow::Result<()> {
        let mut signals = Signals::catch(hang_ups)?;
        while signals.next().await == Signal::Reload {
            self.reload();
        }
        let open = self.inbox.gauges().open_calls();
        tracing::info!(
            open,
            drain_s = self.config.server.drain_s,
            "завершение: новых звонков не принимаю"
        );
        self.inbox.push(Input::Drain);
        let limit = Duration::from_secs(self.config.server.drain_s);
        let empty = self.inbox.gauges().wait_until_empty();
        tokio::select! {
            () = empty => {}
            () = signals.end() => tracing::info!("второй сигнал: звонки обрываются"),
            () = after(limit) => tracing::warn!("звонки не закончились за drain_s и обрываются"),
        }
        if self.inbox.gauges().open_calls() > 0 {
            self.inbox.push(Input::HangUpAll);
        }
        tokio::select! {
            () = self.inbox.gauges().wait_until_quiet() => {}
            () = after(LAST_WORDS) => {}
        }
        Ok(())
    }

    /// Reads scripts anew, on a thread of its own; the log tells how it went.
    fn reload(&self) {
        let reloader = Arc::clone(&self.reloader);
        let commands = self.web.commands();
        let reload = move || control::reload_by_signal(&reloader, &commands);
        drop(tokio::task::spawn_blocking(reload));
    }

    fn close(mut self, runtime: &Runtime) {
        self.inbox.stop();
        if let Some(engine) = self.engine.take() {
            let _ = engine.join();
        }
        self.web.close();
        self.control.close();
        drop(self.transports);
        if let Ok(ingest) = Arc::try_unwrap(self.ingest) {
            runtime.block_on(ingest.stop());
        }
        tracing::info!("служба остановлена");
    }
}

/// The loop, on its thread.
fn run(engine: Engine, outbox: Outbox, opening: Opening) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(SWITCHBOARD_THREAD.into())
        .spawn(move || engine.run(&outbox, opening))
}

/// From the system, so that tags, nonces and SSRCs cannot be guessed; written to the journal.
fn fresh_seed() -> anyhow::Result<u64> {
    use std::io::Read as _;
    let mut bytes = [0; 8];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .context("/dev/urandom не читается")?;
    Ok(u64::from_be_bytes(bytes))
}

fn first_health(clock: Clock, journal: &JournalFile, recognisers: &Recognisers) -> Health {
    Health {
        started_at: clock.now(),
        version: env!("CARGO_PKG_VERSION").into(),
        journal_bytes: journal.length_bytes(),
        recogniser_unavailable: !recognisers.is_on(),
        ..Health::default()
    }
}

/// Those who hear facts, as the journal left them; the receiver tells of changes.
fn published(
    (numbers, desk, ledger): (Numbers, Desk, Ledger),
    (told, texts): (ToldLog, ScriptTexts),
    health: Health,
) -> (Arc<Published>, watch::Receiver<u64>) {
    let (changed, changes) = watch::channel(0);
    let published = Published {
        numbers: Mutex::new(numbers),
        desk: Arc::new(RwLock::new(desk)),
        ledger: Arc::new(RwLock::new(ledger)),
        told: Arc::new(RwLock::new(told)),
        texts: Arc::new(RwLock::new(texts)),
        health: Mutex::new(health),
        changed,
    };
    (Arc::new(published), changes)
}

fn switchboard(
    config: &Config,
    (assistant, calendars): (&ScriptSet, &Calendars),
    (clock, seed): (Clock, u64),
    acd: Acd,
) -> anyhow::Result<Switchboard> {
    let settings = house::gateway(config, config.sip.udp, config.sip.tcp)?;
    // Legs are numbered by the clock: a process's legs are not the last one's.
    let first_leg = events::LegId(clock.now().0.unsigned_abs());
    let gateway = Gateway::new(settings, first_leg, ChaCha12Rng::seed_from_u64(seed));
    let mut setup = house::switchboard(config, assistant)?;
    house::set_line_hours(config, calendars, &mut setup)?;
    Ok(Switchboard::new(setup, acd, gateway))
}

/// The mail server and the provider of short messages; a mistake in their settings is said now.
fn senders(config: &Config) -> anyhow::Result<Senders> {
    let (letters, messages) = house::senders(config);
    Senders::start(letters.as_ref(), messages).map_err(anyhow::Error::msg)
}

/// Without the year's holidays visits would be offered on days when nobody works.
fn know_the_year(config: &Config, calendars: &Calendars, clock: Clock) {
    let year = events::Date::at(clock.now(), config.organisation.utc_offset_min).year;
    if !calendars.production.knows(year) {
        tracing::warn!(
            year,
            "в производственном календаре нет этого года: добавьте его праздники в scripts/calendars/production.toml"
        );
    }
}

fn registers(config: &Config, clock: Clock) -> anyhow::Result<Registers> {
    let now: cases::io::status::Clock = Arc::new(move || clock.now());
    let offset_min = config.organisation.utc_offset_min;
    Registers::start(house::registers(config), offset_min, &now).map_err(anyhow::Error::msg)
}

fn recordings(config: &Config) -> anyhow::Result<std::path::PathBuf> {
    let folder = config.server.data_dir.join("recordings");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("папка записей {} не создаётся", folder.display()))?;
    Ok(folder)
}
