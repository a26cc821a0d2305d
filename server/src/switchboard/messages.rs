//! Letters and short messages: handed out one by one, and what comes of them.

use cases::io::Outgoing;
use cases::notify::{Command, TryResult};
use events::{Channel, NotificationEvent, NotificationId, Timestamp};

use super::{Effect, Switchboard, Turn};

/// Letters, and short messages, that are sent at once.
const SENDING_MAX: usize = 8;

impl Switchboard {
    /// A try over a wire is over.
    pub(super) fn notified(
        &mut self,
        now: Timestamp,
        (notification, attempt): (NotificationId, u8),
        result: TryResult,
        turn: &mut Turn,
    ) {
        let report = Command::Report {
            notification,
            attempt,
            result,
        };
        self.notify(now, &report, turn);
    }

    /// Hands out what is due, as much at once as is allowed.
    pub(super) fn send_messages(&mut self, now: Timestamp, turn: &mut Turn) {
        for channel in [Channel::Sms, Channel::Email] {
            while self.outreach.notify.trying(channel) < SENDING_MAX {
                let ready = self.outreach.notify.ready(now, channel).next();
                let Some(notification) = ready.map(|job| job.id) else {
                    break;
                };
                let call = None;
                let facts = self.notify(now, &Command::Try { notification, call }, turn);
                match facts.first() {
                    Some(NotificationEvent::Tried { attempt, .. }) => {
                        self.send_message(now, (notification, *attempt), turn);
                    }
                    Some(_) => {}
                    None => break,
                }
            }
        }
    }

    fn send_message(&mut self, now: Timestamp, of: (NotificationId, u8), turn: &mut Turn) {
        let job = self.outreach.notify.job(of.0);
        let message = job.and_then(|job| {
            let text = self.outreach.text(job)?;
            let outgoing = Outgoing {
                id: of.0.to_string(),
                to: job.to.clone(),
                text,
            };
            Some((job.channel, outgoing))
        });
        match message {
            Some((channel, outgoing)) => turn.effects.push(Effect::Tell {
                notification: of.0,
                attempt: of.1,
                channel,
                outgoing,
            }),
            // Its template is gone: the administrator changed the scripts.
            None => self.notified(now, of, TryResult::Hopeless, turn),
        }
    }
}
