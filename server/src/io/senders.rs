//! Letters and short messages on threads of their own: nobody else waits for a mail server.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};

use cases::io::{Letters, Outgoing, ShortMessages, SmsSettings, SmtpSettings};
use cases::notify::TryResult;
use events::Channel;

use super::world::lock;

/// Threads of one channel.
const THREADS: usize = 2;
/// Messages of one channel that wait; the policy sends no more at once.
const WAITING_MAX: usize = 64;

/// Who hears how a try went.
pub type ToldSink = Box<dyn FnOnce(TryResult) + Send>;

type Errand = (Outgoing, ToldSink);

/// The ways out.
#[derive(Debug, Default)]
pub struct Senders {
    letters: Option<SyncSender<Errand>>,
    messages: Option<SyncSender<Errand>>,
}

impl Senders {
    /// Starts the threads of those that are configured.
    ///
    /// # Errors
    /// What is wrong with the settings, in Russian.
    pub fn start(
        letters: Option<&SmtpSettings>,
        messages: Option<SmsSettings>,
    ) -> Result<Self, String> {
        let letters = letters.map(Letters::open).transpose()?;
        let messages = messages.map(ShortMessages::open).transpose()?;
        Ok(Self {
            letters: letters
                .map(|way| threads("letters", move |letter| way.send(letter)))
                .transpose()?,
            messages: messages
                .map(|way| threads("sms", move |message| way.send(message)))
                .transpose()?,
        })
    }

    /// Sends by and by; `sink` hears how it went.
    pub fn send(&self, channel: Channel, outgoing: Outgoing, sink: ToldSink) {
        let way = match channel {
            Channel::Email => self.letters.as_ref(),
            Channel::Sms => self.messages.as_ref(),
            Channel::Voice => None,
        };
        let Some(way) = way else {
            return sink(TryResult::Failed);
        };
        match way.try_send((outgoing, sink)) {
            Ok(()) => {}
            Err(TrySendError::Full((_, sink)) | TrySendError::Disconnected((_, sink))) => {
                sink(TryResult::Failed);
            }
        }
    }
}

/// Threads that share one queue; they end with its sender.
fn threads(
    name: &str,
    send: impl Fn(&Outgoing) -> TryResult + Send + Sync + 'static,
) -> Result<SyncSender<Errand>, String> {
    let (to, from) = sync_channel::<Errand>(WAITING_MAX);
    let from = Arc::new(Mutex::new(from));
    let send = Arc::new(send);
    for number in 1..=THREADS {
        let (from, send) = (Arc::clone(&from), Arc::clone(&send));
        std::thread::Builder::new()
            .name(format!("{name}-{number}"))
            .spawn(move || {
                while let Some((outgoing, sink)) = next(&from) {
                    sink(send(&outgoing));
                }
            })
            .map_err(|error| format!("поток {name} не запускается: {error}"))?;
    }
    Ok(to)
}

fn next(from: &Mutex<Receiver<Errand>>) -> Option<Errand> {
    lock(from).recv().ok()
}
