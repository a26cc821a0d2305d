//! Reading and changing a [`Message`].

use rsip::headers::ToTypedHeader;
use rsip::typed::MediaType;
use rsip::{Header, Headers};

use super::text::{one_line, split, trim};
use super::{Message, Method, NameAddr, StartLine, Uri, Via, header};

impl Message {
    /// The request's method, or the one of the request that a response answers (CSeq).
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Whether it is a request.
    #[must_use]
    pub const fn is_request(&self) -> bool {
        matches!(self.start, StartLine::Request { .. })
    }

    /// The Request-URI; none for a response.
    #[must_use]
    pub const fn uri(&self) -> Option<&Uri> {
        match &self.start {
            StartLine::Request { uri, .. } => Some(uri),
            StartLine::Status { .. } => None,
        }
    }

    /// The status; none for a request.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match &self.start {
            StartLine::Request { .. } => None,
            StartLine::Status { code, .. } => Some(*code),
        }
    }

    /// The number and method of CSeq.
    #[must_use]
    pub const fn cseq(&self) -> (u32, &Method) {
        (self.cseq, &self.method)
    }

    /// Call-ID.
    #[must_use]
    pub fn call_id(&self) -> &str {
        &self.call_id
    }

    /// From.
    #[must_use]
    pub const fn from(&self) -> &NameAddr {
        &self.from
    }

    /// To.
    #[must_use]
    pub const fn to(&self) -> &NameAddr {
        &self.to
    }

    /// The topmost Via; none only in a request of ours before it is sent.
    #[must_use]
    pub const fn top_via(&self) -> Option<&Via> {
        self.via.as_ref()
    }

    /// Contacts in order, without `*`.
    #[must_use]
    pub fn contacts(&self) -> Vec<NameAddr> {
        self.addresses("Contact")
    }

    /// Whether Contact is `*`: forget all of my registrations (RFC 3261 §10.2.2).
    #[must_use]
    pub fn has_star_contact(&self) -> bool {
        self.headers("Contact").any(|value| value == "*")
    }

    /// Route, in order.
    #[must_use]
    pub fn routes(&self) -> Vec<NameAddr> {
        self.addresses("Route")
    }

    /// Record-Route, in order.
    #[must_use]
    pub fn record_routes(&self) -> Vec<NameAddr> {
        self.addresses("Record-Route")
    }

    fn addresses(&self, name: &str) -> Vec<NameAddr> {
        self.headers(name)
            .filter_map(|value| NameAddr::parse(value).ok())
            .collect()
    }

    /// The first value of a header, by its long name, without case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|h| header::is(h, name))
            .map(header::value)
    }

    /// Every value of a header, by its long name, without case. Comma lists of Via, Contact, Route
    /// and Record-Route are taken apart, others are not: see [`Message::tokens`].
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |h| header::is(h, name))
            .map(header::value)
    }

    /// The comma-separated words of a header such as Supported, Require or Allow.
    pub fn tokens<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers(name)
            .flat_map(|value| split(value, b',', true))
            .filter(|t| !t.is_empty())
    }

    /// Whether a header has this word, without case: `has_token("Supported", "timer")`.
    #[must_use]
    pub fn has_token(&self, name: &str, token: &str) -> bool {
        self.tokens(name).any(|t| t.eq_ignore_ascii_case(token))
    }

    /// All headers, as rsip's.
    #[must_use]
    pub const fn all_headers(&self) -> &Headers {
        &self.headers
    }

    /// Max-Forwards; none if absent, as RFC 2543 elements leave it.
    #[must_use]
    pub fn max_forwards(&self) -> Option<u32> {
        self.headers.iter().find_map(|header| {
            let Header::MaxForwards(hops) = header else {
                return None;
            };
            hops.num().ok()
        })
    }

    /// The header Expires, in seconds; none if absent or malformed (RFC 3261 §20.19).
    #[must_use]
    pub fn expires(&self) -> Option<u32> {
        self.headers.iter().find_map(|header| {
            let Header::Expires(seconds) = header else {
                return None;
            };
            seconds.seconds().ok()
        })
    }

    /// `type/subtype` of the body in lower case, without parameters.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let header = self.headers.iter().find_map(|header| {
            let Header::ContentType(content_type) = header else {
                return None;
            };
            Some(content_type)
        })?;
        match header.typed().ok()?.0 {
            MediaType::Sdp(_) => Some("application/sdp".to_owned()),
            MediaType::Other(name, _) => Some(trim(&name).to_ascii_lowercase()),
        }
    }

    /// Appends a header under its long name.
    ///
    /// From, To, Call-ID, CSeq and Via have methods of their own and Content-Length is computed:
    /// these names are ignored here, so that what was read once stays true.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        let name = header::expand(name);
        if !is_kept(name) {
            self.headers
                .push(header::make(name, one_line(value.into())));
        }
    }

    /// Replaces every header of this name by one at the end; see [`Message::push`].
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.push(name, value);
    }

    /// Removes every header of this name; see [`Message::push`].
    pub fn remove(&mut self, name: &str) {
        let name = header::expand(name);
        if !is_kept(name) {
            self.headers.retain(|h| !header::is(h, name));
        }
    }

    /// Replaces From.
    pub fn set_from(&mut self, from: NameAddr) {
        self.overwrite("From", from.to_string());
        self.from = from;
    }

    /// Replaces To, mostly to add a tag.
    pub fn set_to(&mut self, to: NameAddr) {
        self.overwrite("To", to.to_string());
        self.to = to;
    }

    /// Replaces the number of CSeq.
    pub fn set_cseq(&mut self, cseq: u32) {
        self.overwrite("CSeq", format!("{cseq} {}", self.method));
        self.cseq = cseq;
    }

    fn overwrite(&mut self, name: &str, value: String) {
        if let Some(place) = self.headers.iter_mut().find(|h| header::is(h, name)) {
            *place = header::make(name, value);
        }
    }

    /// Puts our own Via on top.
    pub fn push_via(&mut self, via: Via) {
        let mut list: Vec<Header> = std::mem::take(&mut self.headers).into();
        list.insert(0, header::make("Via", via.to_string()));
        self.headers = Headers::from(list);
        self.via = Some(via);
    }

    /// Replaces the topmost Via.
    pub fn replace_top_via(&mut self, via: Via) {
        let top = self.headers.iter_mut().find(|h| header::is(h, "Via"));
        match top {
            Some(top) => {
                *top = header::make("Via", via.to_string());
                self.via = Some(via);
            }
            None => self.push_via(via),
        }
    }

    /// Notes in the topmost Via where a request really came from (RFC 3261 §18.2.1, RFC 3581 §4).
    pub fn note_source(&mut self, source: std::net::SocketAddr) {
        if let Some(mut via) = self.via.take() {
            via.note_source(source);
            self.replace_top_via(via);
        }
    }
}

/// Headers that [`Message`] keeps in step with its own fields.
fn is_kept(name: &str) -> bool {
    ["From", "To", "Call-ID", "CSeq", "Via", "Content-Length"]
        .iter()
        .any(|kept| name.eq_ignore_ascii_case(kept))
}

#[cfg(test)]
mod tests {
    use super::super::tests::torture::{BARESIP_INVITE, wire};
    use super::*;

    #[test]
    fn the_type_of_a_body_is_found_in_any_spelling() {
        let of = |value: &str| {
            let text = BARESIP_INVITE.replace("application/sdp", value);
            Message::parse(&wire(&text)).unwrap().media_type()
        };
        for sdp in [
            "application/sdp",
            "Application/SDP",
            "application/sdp;charset=utf-8",
            "application/sdp ; charset=\"utf-8\"",
        ] {
            assert_eq!(of(sdp).as_deref(), Some("application/sdp"), "{sdp}");
        }
        let mixed = "multipart/mixed; boundary=\"a;b=c\"";
        assert_eq!(of(mixed).as_deref(), Some("multipart/mixed"));
        assert_eq!(
            of("application/dtmf-relay").as_deref(),
            Some("application/dtmf-relay")
        );
        assert_eq!(of("").unwrap_or_default(), "");
    }
}
