//! Offers of the house: two or three at a time, chosen by their place, their day or their time.

use std::sync::Arc;

use events::{Pii, Timestamp, Value, ValueKind, Values};

use super::understand::Source;
use super::{Dialogue, Doubt, Failure, State};
use crate::readback::{self, Gender};
use crate::script::{NodeKind, OFFER_FIELDS, Pick, PickWord};
use crate::slot::{Reading, SlotSpec};
use crate::{Output, Phrase};

/// «Первое», «второе», «третье»: places of offers as they are said.
const PLACES: [&str; 3] = ["Первое", "Второе", "Третье"];

impl Dialogue {
    /// All offers of the variable that a node picks from, by their places.
    pub(super) fn offers_for(&self, node: &str) -> (Vec<usize>, usize) {
        let pick = self.picks_in(node);
        let count = pick.map_or(0, |pick| self.offers(pick).len());
        ((0..count).collect(), 0)
    }

    fn picks_in(&self, node: &str) -> Option<&Pick> {
        if let NodeKind::Pick(pick) = &self.script.node(node)?.kind {
            Some(pick)
        } else {
            None
        }
    }

    fn offers(&self, pick: &Pick) -> &[Values] {
        let offers = self.known.offers.expose().get(&pick.from);
        offers.map_or(&[], Vec::as_slice)
    }

    /// Says what is on offer; with nothing to offer, goes on as if all had been refused.
    pub(super) fn offer(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let script = Arc::clone(&self.script);
        let State::Asking(asking) = &self.state else {
            return;
        };
        let Some(NodeKind::Pick(pick)) = script.node(&asking.node).map(|node| &node.kind) else {
            return;
        };
        if asking.offers.0.is_empty() {
            self.asked.pop();
            return self.enter(now, &pick.more, out);
        }
        let mut say = script
            .node(&asking.node)
            .map(|node| self.words(&node.prompt))
            .unwrap_or_default();
        say.extend(self.offer_words(pick));
        self.ask(now, say, out);
    }

    /// The offers that are said now, and how to choose.
    pub(super) fn offer_words(&self, pick: &Pick) -> Vec<Phrase> {
        let State::Asking(asking) = &self.state else {
            return Vec::new();
        };
        let (left, first) = &asking.offers;
        let shown: Vec<usize> = left
            .iter()
            .skip(*first)
            .take(usize::from(pick.at_once))
            .copied()
            .collect();
        let one_place = self.place_of(pick, shown.first());
        let one_place = one_place.filter(|place| {
            let mut all = shown.iter().map(|offer| self.place_of(pick, Some(offer)));
            all.all(|other| other.as_ref() == Some(place))
        });
        let system = self.script.system();
        let mut say = Vec::new();
        for ((key, nth), offer) in (1u32..).zip(PLACES).zip(&shown) {
            let mut words = self.offer_named(*offer);
            if let Some(place) = self
                .place_of(pick, Some(offer))
                .filter(|_| one_place.is_none())
            {
                words = format!("{words}, {place}");
            }
            let key = readback::cardinal(key, Gender::Masculine);
            let bound = [("nth", nth.to_owned()), ("said", words), ("key", key)];
            say.extend(self.words_with(&system.pick, &bound));
        }
        let others = u32::from(pick.at_once) + 1;
        let key = readback::cardinal(others, Gender::Masculine);
        say.extend(self.words_with(&system.pick_other, &[("key", key)]));
        say
    }

    fn place_of(&self, pick: &Pick, offer: Option<&usize>) -> Option<String> {
        match self.offers(pick).get(*offer?)?.get("place") {
            Some(Value::Text(place)) => Some(readback::speakable(place)),
            Some(_) | None => None,
        }
    }

    /// An offer's day and time as they are said.
    pub(super) fn offer_named(&self, place: usize) -> String {
        let State::Asking(asking) = &self.state else {
            return String::new();
        };
        let offers = self.picks_in(&asking.node).map(|pick| self.offers(pick));
        let offer = offers.and_then(|offers| offers.get(place));
        let fields = ["date", "time"].map(|field| offer.and_then(|offer| offer.get(field)));
        let say = |value: &Value| match value {
            Value::Date(day) => readback::on_day(*day, !self.is_plain_day(*day)),
            Value::Time(at) => readback::at_time(*at),
            Value::YesNo(_)
            | Value::Number(_)
            | Value::Money(_)
            | Value::Phone(_)
            | Value::Case(_)
            | Value::Choice(_)
            | Value::Text(_)
            | Value::Dictation { .. } => readback::value(value),
        };
        let said: Vec<String> = fields.into_iter().flatten().map(say).collect();
        said.join(", ")
    }

    /// The offer that was said at this place.
    pub(super) fn place_said(&self, pick: &Pick, nth: u8) -> Option<usize> {
        let State::Asking(asking) = &self.state else {
            // Nothing has been said yet.
            return None;
        };
        let (left, first) = &asking.offers;
        let place = usize::from(nth);
        let said = place < usize::from(pick.at_once);
        left.get(first + place).copied().filter(|_| said)
    }

    /// The offers on a day, at a time, or both, that words name.
    pub(super) fn offers_named(&self, pick: &Pick, text: &str, source: Source) -> Vec<usize> {
        let State::Asking(asking) = &self.state else {
            return Vec::new();
        };
        let read = |kind| {
            let slot = SlotSpec::usual(kind)?;
            let (today, now) = (self.context.today, self.context.now);
            let reading = match source {
                Source::Speech => slot.understand_speech(text, today, now),
                Source::Text => slot.understand_text(text, today, now),
            };
            match reading {
                Reading::One(value) => Some(vec![value]),
                Reading::Several(values) => Some(values),
                Reading::Refused(_) | Reading::Nothing => None,
            }
        };
        let (dates, times) = (read(ValueKind::Date), read(ValueKind::Time));
        let fits = |offer: &Values, field: &str, wanted: Option<&Vec<Value>>| {
            wanted.is_none_or(|wanted| offer.get(field).is_some_and(|v| wanted.contains(v)))
        };
        let offers = self.offers(pick);
        let named = |dates: Option<&Vec<Value>>, times: Option<&Vec<Value>>| -> Vec<usize> {
            if dates.is_none() && times.is_none() {
                return Vec::new();
            }
            let fits = |offer: &Values| fits(offer, "date", dates) && fits(offer, "time", times);
            let left = asking.offers.0.iter().copied();
            left.filter(|place| offers.get(*place).is_some_and(fits))
                .collect()
        };
        // «Двадцать пятого» may sound like an hour too: what fits an offer is meant.
        let (dates, times) = (dates.as_ref(), times.as_ref());
        let readings = [(dates, times), (dates, None), (None, times)];
        let mut found = readings
            .into_iter()
            .map(|(dates, times)| named(dates, times));
        found.find(|places| !places.is_empty()).unwrap_or_default()
    }

    pub(super) fn pressed_offer(
        &mut self,
        now: Timestamp,
        pick: &Pick,
        key: char,
        out: &mut Vec<Output>,
    ) {
        match PickWord::pressed(key, pick.at_once) {
            Some(PickWord::Others) => self.other_offers(now, out),
            Some(PickWord::Place(nth)) => match self.place_said(pick, nth) {
                Some(place) => self.take_offer(now, place, out),
                None => self.fail(now, Failure::Miss, out),
            },
            None => self.fail(now, Failure::Miss, out),
        }
    }

    /// Words fit these offers: takes the only one, or says those that fit.
    pub(super) fn narrowed(
        &mut self,
        now: Timestamp,
        (places, sure): (Vec<usize>, bool),
        out: &mut Vec<Output>,
    ) {
        match places.as_slice() {
            [only] if sure => self.take_offer(now, *only, out),
            [only] => {
                let doubt = Doubt::Offer(*only);
                let node = self.state.node().unwrap_or_default();
                let say = self.doubt_words(node, &doubt);
                self.doubt(now, doubt, say, out);
            }
            _ => {
                if let State::Asking(asking) = &mut self.state {
                    asking.offers = (places, 0);
                }
                self.ask_again(now, out);
            }
        }
    }

    /// The next offers; after the last ones, where the script leads.
    pub(super) fn other_offers(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let script = Arc::clone(&self.script);
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        let node = asking.node.clone();
        let Some(NodeKind::Pick(pick)) = script.node(&node).map(|node| &node.kind) else {
            return;
        };
        let all = self.offers_for(&node);
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        let narrowed = asking.offers.0.len() < all.0.len();
        let next = asking.offers.1 + usize::from(pick.at_once);
        if next < asking.offers.0.len() {
            asking.offers.1 = next;
        } else if narrowed {
            asking.offers = all;
        } else {
            return self.enter(now, &pick.more, out);
        }
        self.ask_again(now, out);
    }

    pub(super) fn take_offer(&mut self, now: Timestamp, place: usize, out: &mut Vec<Output>) {
        let script = Arc::clone(&self.script);
        let Some(pick) = self.state.node().and_then(|node| script.node(node)) else {
            return;
        };
        let NodeKind::Pick(pick) = &pick.kind else {
            return;
        };
        let Some(offer) = self.offers(pick).get(place).cloned() else {
            return self.fail(now, Failure::Miss, out);
        };
        let mut values = std::mem::take(&mut self.known.values).into_inner();
        for (field, _) in OFFER_FIELDS {
            if let Some(value) = offer.get(*field) {
                values.insert(format!("{}.{field}", pick.into), value.clone());
            }
        }
        values.extend(offer.get("id").map(|id| (pick.into.clone(), id.clone())));
        self.known.values = Pii::new(values);
        self.enter(now, &pick.next, out);
    }
}
