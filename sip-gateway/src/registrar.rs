//! Where the phones of accounts are: registrations (RFC 3261 §10) and fixed contacts.
//!
//! If an account is registered from several places, the newest is rung.

use std::collections::BTreeMap;

use events::Timestamp;

use crate::boundary::{Flow, Output, SessionId};
use crate::browser::Page;
use crate::gateway::{Account, Alarm, Ask, GatewayConfig, Limits, Reply, Turn};
use crate::leg::Destination;
use crate::message::{Message, NameAddr, Uri};
use crate::transaction::same_stream;

/// All accounts and their phones.
#[derive(Debug)]
pub(crate) struct Registrar {
    phones: Vec<Phone>,
    by_name: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Phone {
    account: Account,
    /// In the order of their last registration.
    bindings: Vec<Binding>,
    /// The phone in the browser: rung before any other, because its page was opened for that.
    page: Option<Page>,
}

#[derive(Debug)]
struct Binding {
    contact: Uri,
    flow: Flow,
    call_id: String,
    cseq: u32,
    until: Timestamp,
}

/// What one Contact of a REGISTER wants.
struct Wish {
    contact: Uri,
    expires_s: u32,
}

impl Registrar {
    /// Nobody is registered yet.
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        let phone = |account: &Account| Phone {
            account: account.clone(),
            bindings: Vec::new(),
            page: None,
        };
        let phones: Vec<Phone> = config.accounts.iter().map(phone).collect();
        let by_name = phones
            .iter()
            .enumerate()
            .map(|(at, phone)| (phone.account.name.clone(), at))
            .collect();
        Self { phones, by_name }
    }

    /// Phones with a fixed address can be rung from the start.
    pub(crate) fn announce(&self, out: &mut Vec<Output>) {
        for phone in self
            .phones
            .iter()
            .filter(|phone| phone.account.fixed.is_some())
        {
            let account = phone.account.name.clone();
            out.push(Output::Phone {
                account,
                reachable: true,
            });
        }
    }

    /// An account's number and password.
    pub(crate) fn account(&self, name: &str) -> Option<(usize, &str)> {
        let at = *self.by_name.get(name)?;
        Some((at, &self.phones.get(at)?.account.password))
    }

    /// An account's name.
    pub(crate) fn name(&self, at: usize) -> &str {
        self.phones
            .get(at)
            .map(|phone| phone.account.name.as_str())
            .unwrap_or_default()
    }

    /// Addresses registered, of all accounts.
    pub(crate) fn bindings(&self) -> usize {
        self.phones.iter().map(|phone| phone.bindings.len()).sum()
    }

    /// Where an account's phone is rung: its fixed contact, or its newest registration.
    pub(crate) fn destination(&self, name: &str, turn: &Turn<'_>) -> Option<Destination> {
        let phone = self.phones.get(*self.by_name.get(name)?)?;
        if let Some(fixed) = &phone.account.fixed {
            let transport = fixed.transport();
            let (local, peer) = (turn.local(transport), fixed.address());
            let flow = Flow {
                transport,
                connection: 0,
                local,
                peer,
            };
            return Some(Destination {
                uri: fixed.uri().clone(),
                flow,
                pinned: false,
            });
        }
        let newest = phone
            .bindings
            .last()
            .filter(|binding| binding.until > turn.now)?;
        Some(Destination {
            uri: newest.contact.clone(),
            flow: newest.flow,
            pinned: true,
        })
    }

    /// The phone in the browser of an account, and the account's number.
    pub(crate) fn page(&self, name: &str) -> Option<(usize, &Page)> {
        let at = *self.by_name.get(name)?;
        Some((at, self.phones.get(at)?.page.as_ref()?))
    }

    /// The phone in the browser of an account by its number.
    pub(crate) fn page_at(&self, at: usize) -> Option<&Page> {
        self.phones.get(at)?.page.as_ref()
    }

    /// The account whose page has this session.
    pub(crate) fn of_session(&self, session: SessionId) -> Option<usize> {
        let has = |phone: &Phone| phone.page.as_ref().is_some_and(|page| page.has(session));
        self.phones.iter().position(has)
    }

    /// Puts a phone in the browser in the place of the last one, or takes it away; the account's
    /// number.
    pub(crate) fn set_page(
        &mut self,
        turn: &mut Turn<'_>,
        name: &str,
        page: Option<Page>,
    ) -> Option<usize> {
        let at = *self.by_name.get(name)?;
        let phone = self.phones.get_mut(at)?;
        let was_reachable = phone.is_reachable(turn.now);
        phone.page = page;
        match phone.page.as_ref().and_then(|page| page.lost_until) {
            Some(until) => turn.net.alarms.arm(until, Alarm::PageGone(at)),
            None => turn.net.alarms.disarm(Alarm::PageGone(at)),
        }
        phone.tell(turn, was_reachable);
        Some(at)
    }

    /// An authenticated REGISTER of its own account (RFC 3261 §10.3, steps 6 to 8).
    pub(crate) fn register(&mut self, turn: &mut Turn<'_>, ask: &Ask, at: usize) {
        let limits = turn.net.config.limits;
        let Some(phone) = self.phones.get_mut(at) else {
            return;
        };
        let was_reachable = phone.is_reachable(turn.now);
        let done = if ask.message.has_star_contact() {
            phone.forget_all(&ask.message)
        } else {
            match wishes(&ask.message, &limits) {
                Ok(wishes) => phone.bind(turn.now, ask, wishes, &limits),
                Err(status) => Err(status),
            }
        };
        let reply = match done {
            Ok(()) => phone.listed(turn.now),
            Err(423) => Reply::new(423, "").header("Min-Expires", limits.min_expires_s.to_string()),
            Err(status) => Reply::new(status, ""),
        };
        turn.answer(ask, &reply);
        phone.arm(turn, at);
        phone.tell(turn, was_reachable);
    }

    /// The earliest registration of an account may have ended.
    pub(crate) fn expire(&mut self, turn: &mut Turn<'_>, at: usize) {
        let Some(phone) = self.phones.get_mut(at) else {
            return;
        };
        let was_reachable =
            phone.account.fixed.is_some() || phone.page.is_some() || !phone.bindings.is_empty();
        phone.bindings.retain(|binding| binding.until > turn.now);
        phone.arm(turn, at);
        phone.tell(turn, was_reachable);
    }

    /// A stream is gone, and with it the phones that registered by it: nobody can open one towards
    /// a phone behind NAT, and the phone will register anew (RFC 5626 §4.2.2).
    pub(crate) fn stream_lost(&mut self, turn: &mut Turn<'_>, gone: Flow) {
        for (at, phone) in self.phones.iter_mut().enumerate() {
            if !phone
                .bindings
                .iter()
                .any(|binding| same_stream(binding.flow, gone))
            {
                continue;
            }
            let was_reachable = phone.is_reachable(turn.now);
            phone
                .bindings
                .retain(|binding| !same_stream(binding.flow, gone));
            phone.arm(turn, at);
            phone.tell(turn, was_reachable);
        }
    }
}

/// Contacts and how long each shall live; 423 for one that is too short.
fn wishes(request: &Message, limits: &Limits) -> Result<Vec<Wish>, u16> {
    let header = request
        .header("Expires")
        .map(|text| text.trim().parse::<u32>());
    // A malformed value counts as 3600 (RFC 3261 §20.19); so does none.
    let common = header.map_or(limits.max_expires_s, |n| n.unwrap_or(3_600));
    let wish = |contact: NameAddr| {
        let own = contact
            .params
            .get("expires")
            .map(|text| text.parse::<u32>());
        let wanted = own.map_or(common, |n| n.unwrap_or(3_600));
        if (1..limits.min_expires_s).contains(&wanted) {
            return Err(423);
        }
        Ok(Wish {
            contact: contact.uri,
            expires_s: wanted.min(limits.max_expires_s),
        })
    };
    request.contacts().into_iter().map(wish).collect()
}

impl Phone {
    fn is_reachable(&self, now: Timestamp) -> bool {
        self.account.fixed.is_some()
            || self.page.is_some()
            || self.bindings.iter().any(|binding| binding.until > now)
    }

    /// `Contact: *` with `Expires: 0` (RFC 3261 §10.3, step 6).
    fn forget_all(&mut self, request: &Message) -> Result<(), u16> {
        let alone = request.headers("Contact").count() == 1;
        if !alone || request.header("Expires").map(str::trim) != Some("0") {
            return Err(400);
        }
        if self
            .bindings
            .iter()
            .any(|binding| binding.is_newer_than(request))
        {
            return Err(500);
        }
        self.bindings.clear();
        Ok(())
    }

    /// All wishes, or none of them (RFC 3261 §10.3, step 7).
    fn bind(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        wishes: Vec<Wish>,
        limits: &Limits,
    ) -> Result<(), u16> {
        let clash = |wish: &Wish| {
            let same = |b: &&Binding| b.contact.is_equivalent(&wish.contact);
            self.bindings
                .iter()
                .find(same)
                .is_some_and(|b| b.is_newer_than(&ask.message))
        };
        if wishes.iter().any(clash) {
            return Err(500);
        }
        for wish in wishes.into_iter().take(limits.max_bindings) {
            self.bindings
                .retain(|b| !b.contact.is_equivalent(&wish.contact));
            if wish.expires_s == 0 {
                continue;
            }
            self.bindings.push(Binding {
                contact: wish.contact,
                flow: ask.came_by,
                call_id: ask.message.call_id().to_owned(),
                cseq: ask.message.cseq().0,
                until: now.plus_ms(u64::from(wish.expires_s) * 1_000),
            });
        }
        let surplus = self.bindings.len().saturating_sub(limits.max_bindings);
        self.bindings.drain(..surplus);
        Ok(())
    }

    /// 200 with every address and the time it has left (RFC 3261 §10.3, step 8).
    fn listed(&self, now: Timestamp) -> Reply<'static> {
        let mut reply = Reply::new(200, "");
        for binding in self.bindings.iter().filter(|binding| binding.until > now) {
            let left_s = binding.until.since(now).0.div_ceil(1_000);
            reply = reply.header("Contact", format!("<{}>;expires={left_s}", binding.contact));
        }
        reply
    }

    fn arm(&self, turn: &mut Turn<'_>, at: usize) {
        match self.bindings.iter().map(|binding| binding.until).min() {
            Some(until) => turn.net.alarms.arm(until, Alarm::Binding(at)),
            None => turn.net.alarms.disarm(Alarm::Binding(at)),
        }
    }

    fn tell(&self, turn: &mut Turn<'_>, was_reachable: bool) {
        let reachable = self.is_reachable(turn.now);
        if reachable != was_reachable {
            let account = self.account.name.clone();
            turn.out.push(Output::Phone { account, reachable });
        }
    }
}

impl Binding {
    /// Whether a REGISTER is older than the one that made this binding, so that it must not count.
    fn is_newer_than(&self, request: &Message) -> bool {
        self.call_id == request.call_id() && self.cseq >= request.cseq().0
    }
}
