//! Dialogs (RFC 3261 §12): who, which numbers, by which way; and the requests that belong to an
//! INVITE: its ACKs and its CANCEL.

use bytes::Bytes;

use crate::boundary::Flow;
use crate::gateway::{ALLOW, GatewayConfig, contact, via, way_to};
use crate::leg::Destination;
use crate::message::{Message, Method, NameAddr, RequestHead, StartLine, Uri};

/// One dialog, as we see it.
#[derive(Debug)]
pub(crate) struct Dialog {
    call_id: String,
    local: NameAddr,
    remote: NameAddr,
    local_cseq: u32,
    remote_cseq: u32,
    target: Uri,
    routes: Vec<NameAddr>,
    /// The way the other side's messages come by.
    pub(crate) flow: Flow,
    pinned: bool,
}

/// Who calls, when we do.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) call_id: String,
    pub(crate) tag: String,
    pub(crate) branch: String,
    pub(crate) display: String,
    /// What stands before the `@` of From, and behind it if the trunk has a name.
    pub(crate) user: String,
    pub(crate) domain: Option<String>,
    /// Whether the trunk is told by P-Asserted-Identity that we stand for the number (RFC 3325 §9.1).
    pub(crate) asserted: bool,
    pub(crate) cseq: u32,
}

impl Caller {
    fn uri(&self, ours: std::net::SocketAddr) -> Uri {
        let named = self.domain.as_ref();
        let named = named.and_then(|name| Uri::parse(&format!("sip:{}@{name}", self.user)).ok());
        named.unwrap_or_else(|| Uri::sip(Some(&self.user), ours))
    }
}

impl Dialog {
    /// The dialog that our 2xx to an INVITE makes (RFC 3261 §12.1.1).
    pub(crate) fn as_server(
        invite: &Message,
        local_tag: &str,
        flow: Flow,
        pinned: bool,
    ) -> Option<Self> {
        Some(Self {
            call_id: invite.call_id().to_owned(),
            local: invite.to().clone().with_tag(local_tag),
            remote: invite.from().clone(),
            local_cseq: 0,
            remote_cseq: invite.cseq().0,
            target: invite.contacts().into_iter().next()?.uri,
            routes: invite.record_routes(),
            flow,
            pinned,
        })
    }

    /// The dialog that a 2xx to our INVITE makes (RFC 3261 §12.1.2). None without To tag or Contact.
    pub(crate) fn as_client(response: &Message, flow: Flow, pinned: bool) -> Option<Self> {
        response.to().tag()?;
        let mut routes = response.record_routes();
        routes.reverse();
        Some(Self {
            call_id: response.call_id().to_owned(),
            local: response.from().clone(),
            remote: response.to().clone(),
            local_cseq: response.cseq().0,
            remote_cseq: 0,
            target: response.contacts().into_iter().next()?.uri,
            routes,
            flow,
            pinned,
        })
    }

    /// Call-ID and our tag.
    pub(crate) fn key(&self) -> (String, String) {
        (self.call_id.clone(), self.local_tag().to_owned())
    }

    pub(crate) fn local_tag(&self) -> &str {
        self.local.tag().unwrap_or_default()
    }

    pub(crate) fn remote_tag(&self) -> &str {
        self.remote.tag().unwrap_or_default()
    }

    /// Whether a request of the other side comes in order; its number counts from now on. One with
    /// a lower number gets 500 (RFC 3261 §12.2.2).
    pub(crate) const fn takes(&mut self, cseq: u32) -> bool {
        let in_order = cseq > self.remote_cseq;
        if in_order {
            self.remote_cseq = cseq;
        }
        in_order
    }

    /// A target refresh: the other side's Contact is where it is from now on (RFC 3261 §12.2.2).
    pub(crate) fn refresh(&mut self, request: &Message, came_by: Flow) {
        if let Some(contact) = request.contacts().into_iter().next() {
            self.target = contact.uri;
        }
        self.flow = came_by;
    }

    /// A message of the dialog came by this way; a stream is used for what goes back.
    pub(crate) const fn heard_by(&mut self, flow: Flow) {
        self.flow = flow;
    }

    /// The way to the next hop: the first route, or the target.
    pub(crate) fn way(&self, config: &GatewayConfig) -> Flow {
        let next = self.routes.first().map_or(&self.target, |route| &route.uri);
        way_to(next, self.flow, self.pinned, config)
    }

    /// The next request of ours (RFC 3261 §12.2.1.1).
    pub(crate) fn request(
        &mut self,
        method: Method,
        flow: Flow,
        branch: &str,
        config: &GatewayConfig,
    ) -> Message {
        self.local_cseq += 1;
        self.build(method, self.local_cseq, (flow, branch), config)
    }

    /// The ACK of a 2xx: the INVITE's number, a branch of its own (RFC 3261 §13.2.2.4).
    pub(crate) fn ack(
        &self,
        cseq: u32,
        flow: Flow,
        branch: &str,
        config: &GatewayConfig,
    ) -> Message {
        self.build(Method::Ack, cseq, (flow, branch), config)
    }

    fn build(
        &self,
        method: Method,
        cseq: u32,
        (flow, branch): (Flow, &str),
        config: &GatewayConfig,
    ) -> Message {
        let head = RequestHead {
            from: self.local.clone(),
            to: self.remote.clone(),
            call_id: self.call_id.clone(),
            cseq,
        };
        // A first route without `lr` is a strict router: it wants to be the Request-URI.
        let mut routes: Vec<String> = self.routes.iter().map(ToString::to_string).collect();
        let strict = self
            .routes
            .first()
            .filter(|route| !route.uri.params().has("lr"));
        let uri = match strict {
            Some(strict) => {
                routes.remove(0);
                routes.push(format!("<{}>", self.target));
                strict.uri.clone().for_request_line()
            }
            None => self.target.clone().for_request_line(),
        };
        let mut request = Message::request(method, uri, head);
        request.push_via(via(flow, branch, config));
        for route in routes {
            request.push("Route", route);
        }
        if !config.user_agent.is_empty() {
            request.push("User-Agent", config.user_agent.as_str());
        }
        request
    }
}

/// The INVITE that begins a call of ours (RFC 3261 §13.2.1), with our offer.
pub(crate) fn first_invite(
    caller: &Caller,
    to: &Destination,
    sdp: &Bytes,
    config: &GatewayConfig,
) -> Message {
    let ours = std::net::SocketAddr::new(config.advertised, to.flow.local.port());
    let uri = caller.uri(ours);
    let from = NameAddr::new(uri.clone());
    let head = RequestHead {
        from: from.with_display(&caller.display).with_tag(&caller.tag),
        to: NameAddr::new(to.uri.clone().for_request_line()),
        call_id: caller.call_id.clone(),
        cseq: caller.cseq,
    };
    let mut invite = Message::request(Method::Invite, to.uri.clone().for_request_line(), head);
    invite.push_via(via(to.flow, &caller.branch, config));
    invite.push("Contact", contact(to.flow, config));
    if caller.asserted {
        invite.push("P-Asserted-Identity", format!("<{uri}>"));
    }
    invite.push("Allow", ALLOW);
    if !config.user_agent.is_empty() {
        invite.push("User-Agent", config.user_agent.as_str());
    }
    invite.with_body("application/sdp", sdp.clone())
}

/// The ACK of a refusal: the INVITE's own branch, the response's To (RFC 3261 §17.1.1.3).
pub(crate) fn ack_of_refusal(invite: &Message, response: &Message) -> Bytes {
    let mut ack = sibling(Method::Ack, invite);
    ack.set_to(response.to().clone());
    ack.to_bytes()
}

/// The CANCEL of an INVITE: the same in everything that identifies it (RFC 3261 §9.1).
pub(crate) fn cancel_of(invite: &Message) -> Message {
    sibling(Method::Cancel, invite)
}

fn sibling(method: Method, invite: &Message) -> Message {
    let uri = match &invite.start {
        StartLine::Request { uri, .. } => uri.clone(),
        StartLine::Status { .. } => invite.to().uri.clone(),
    };
    let head = RequestHead {
        from: invite.from().clone(),
        to: invite.to().clone(),
        call_id: invite.call_id().to_owned(),
        cseq: invite.cseq().0,
    };
    let mut sibling = Message::request(method, uri, head);
    if let Some(via) = invite.top_via() {
        sibling.push_via(via.clone());
    }
    for route in invite.headers("Route") {
        sibling.push("Route", route);
    }
    sibling
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::tests_config;
    use expect_test::expect;

    fn invite(record_route: &str) -> Message {
        let text = format!(
            "INVITE sip:100@203.0.113.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\n\
             {record_route}From: <sip:1@example>;tag=a\r\nTo: <sip:100@203.0.113.1>\r\n\
             Call-ID: c\r\nCSeq: 7 INVITE\r\nContact: <sip:1@192.0.2.77:5070>\r\n\r\n"
        );
        Message::parse(text.as_bytes()).unwrap()
    }

    fn flow() -> Flow {
        Flow {
            transport: crate::boundary::Transport::Udp,
            connection: 0,
            local: "203.0.113.1:5060".parse().unwrap(),
            peer: "192.0.2.9:5060".parse().unwrap(),
        }
    }

    fn bye(record_route: &str) -> String {
        let config = tests_config();
        let invite = invite(record_route);
        let mut dialog = Dialog::as_server(&invite, "b", flow(), false).unwrap();
        let way = dialog.way(&config);
        let bye = dialog.request(Method::Bye, way, "z9hG4bK2", &config);
        let text = String::from_utf8(bye.to_bytes().to_vec()).unwrap();
        let kept = |line: &&str| line.starts_with("BYE") || line.starts_with("Route");
        let lines: Vec<&str> = text.lines().filter(kept).collect();
        format!("to {}\n{}\n", way.peer, lines.join("\n"))
    }

    #[test]
    fn requests_take_the_route_set_or_the_contact() {
        let loose = "Record-Route: <sip:192.0.2.1;lr>, <sip:192.0.2.2:5080;lr>\r\n";
        let strict = "Record-Route: <sip:192.0.2.1>, <sip:192.0.2.2;lr>\r\n";
        let named = "Record-Route: <sip:proxy.example;lr>\r\n";
        let text = [bye(""), bye(loose), bye(strict), bye(named)].join("\n");
        expect![[r#"
            to 192.0.2.77:5070
            BYE sip:1@192.0.2.77:5070 SIP/2.0

            to 192.0.2.1:5060
            BYE sip:1@192.0.2.77:5070 SIP/2.0
            Route: <sip:192.0.2.1;lr>
            Route: <sip:192.0.2.2:5080;lr>

            to 192.0.2.1:5060
            BYE sip:192.0.2.1 SIP/2.0
            Route: <sip:192.0.2.2;lr>
            Route: <sip:1@192.0.2.77:5070>

            to 192.0.2.9:5060
            BYE sip:1@192.0.2.77:5070 SIP/2.0
            Route: <sip:proxy.example;lr>
        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn numbers_of_the_other_side_only_grow() {
        let mut dialog = Dialog::as_server(&invite(""), "b", flow(), false).unwrap();
        assert_eq!(
            [8, 8, 7, 10].map(|cseq| dialog.takes(cseq)),
            [true, false, false, true]
        );
    }
}
