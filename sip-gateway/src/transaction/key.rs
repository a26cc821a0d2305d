//! What a message's transaction is found by.

use crate::message::{MAGIC_COOKIE, Message, Peek, Via};

/// Key of the server transaction of a request (RFC 3261 §17.2.3): branch, sent-by and method. An
/// ACK looks for its INVITE. A request of an RFC 2543 element has no magic cookie in its branch; its
/// Call-ID, From tag and CSeq number stand in, which are what an old ACK repeats.
pub(crate) fn server_key(request: &Message) -> String {
    let method = match request.method().as_str() {
        "ACK" => "INVITE",
        other => other,
    };
    server_key_as(request, method)
}

/// Key of the server transaction that had this request's identity but another method: what a CANCEL
/// looks for.
pub(crate) fn server_key_as(request: &Message, method: &str) -> String {
    let via = request.top_via();
    let sent_by = via.map(Via::sent_by).unwrap_or_default();
    match via
        .and_then(Via::branch)
        .filter(|branch| branch.starts_with(MAGIC_COOKIE))
    {
        Some(branch) => format!("S {branch} {sent_by} {method}"),
        None => {
            let tag = request.from().tag().unwrap_or_default();
            let (call_id, cseq) = (request.call_id(), request.cseq().0);
            format!("2543 {call_id} {tag} {cseq} {sent_by} {method}")
        }
    }
}

/// Key of a client transaction (RFC 3261 §17.1.3): our branch and the method of CSeq. The same for
/// the request that we send and the responses that come.
pub(crate) fn client_key(message: &Message) -> String {
    let branch = message.top_via().and_then(Via::branch).unwrap_or_default();
    format!("C {branch} {}", message.method())
}

/// [`server_key`] of a request that was only glanced at; none for an ACK, which repeats nothing,
/// and for an RFC 2543 element's request.
pub(crate) fn peeked_key(peek: &Peek<'_>) -> Option<String> {
    if peek.method == "ACK" || !peek.branch.starts_with(MAGIC_COOKIE) {
        return None;
    }
    let sent_by = peek.sent_by.to_ascii_lowercase();
    Some(format!("S {} {sent_by} {}", peek.branch, peek.method))
}
