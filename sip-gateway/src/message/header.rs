//! Names of headers: long, compact and rsip's variant of each.

use rsip::Header;
use rsip::headers::untyped::{self, UntypedHeader};

macro_rules! table {
    ($($variant:ident = $name:literal,)+) => {
        /// The variant for a long name; an unknown one keeps its name as written.
        pub(crate) fn make(name: &str, value: String) -> Header {
            $(if name.eq_ignore_ascii_case($name) {
                return Header::$variant(untyped::$variant::new(value));
            })+
            Header::Other(name.to_owned(), value)
        }

        /// The long name, in the RFC's spelling.
        pub(crate) fn name(header: &Header) -> &str {
            match header {
                $(Header::$variant(_) => $name,)+
                Header::Other(name, _) => name,
            }
        }

        /// The value.
        pub(crate) fn value(header: &Header) -> &str {
            match header {
                $(Header::$variant(inner) => inner.value(),)+
                Header::Other(_, value) => value,
            }
        }
    };
}

table! {
    // In the order in which they usually come, because the search is linear.
    Via = "Via",
    From = "From",
    To = "To",
    CallId = "Call-ID",
    CSeq = "CSeq",
    MaxForwards = "Max-Forwards",
    Contact = "Contact",
    ContentLength = "Content-Length",
    ContentType = "Content-Type",
    Allow = "Allow",
    Supported = "Supported",
    UserAgent = "User-Agent",
    Route = "Route",
    RecordRoute = "Record-Route",
    Authorization = "Authorization",
    WwwAuthenticate = "WWW-Authenticate",
    Expires = "Expires",
    Accept = "Accept",
    AcceptEncoding = "Accept-Encoding",
    AcceptLanguage = "Accept-Language",
    AlertInfo = "Alert-Info",
    AuthenticationInfo = "Authentication-Info",
    CallInfo = "Call-Info",
    ContentDisposition = "Content-Disposition",
    ContentEncoding = "Content-Encoding",
    ContentLanguage = "Content-Language",
    Date = "Date",
    ErrorInfo = "Error-Info",
    Event = "Event",
    InReplyTo = "In-Reply-To",
    MimeVersion = "MIME-Version",
    MinExpires = "Min-Expires",
    Organization = "Organization",
    Priority = "Priority",
    ProxyAuthenticate = "Proxy-Authenticate",
    ProxyAuthorization = "Proxy-Authorization",
    ProxyRequire = "Proxy-Require",
    ReplyTo = "Reply-To",
    Require = "Require",
    RetryAfter = "Retry-After",
    Server = "Server",
    Subject = "Subject",
    SubscriptionState = "Subscription-State",
    Timestamp = "Timestamp",
    Unsupported = "Unsupported",
    Warning = "Warning",
}

/// Whether a header has this long name.
pub(crate) fn is(header: &Header, name_wanted: &str) -> bool {
    name(header).eq_ignore_ascii_case(name_wanted)
}

/// The long name of a compact one (IANA «SIP Parameters», «Header Fields»); any other unchanged.
pub(crate) fn expand(name: &str) -> &str {
    let &[letter] = name.as_bytes() else {
        return name;
    };
    match letter.to_ascii_lowercase() {
        b'a' => "Accept-Contact",
        b'b' => "Referred-By",
        b'c' => "Content-Type",
        b'd' => "Request-Disposition",
        b'e' => "Content-Encoding",
        b'f' => "From",
        b'i' => "Call-ID",
        b'j' => "Reject-Contact",
        b'k' => "Supported",
        b'l' => "Content-Length",
        b'm' => "Contact",
        b'n' => "Identity-Info",
        b'o' => "Event",
        b'r' => "Refer-To",
        b's' => "Subject",
        b't' => "To",
        b'u' => "Allow-Events",
        b'v' => "Via",
        b'x' => "Session-Expires",
        b'y' => "Identity",
        _ => name,
    }
}

/// Headers of which each comma-separated part is a header of its own for us.
pub(crate) fn is_list(name: &str) -> bool {
    [
        "Via",
        "Contact",
        "Route",
        "Record-Route",
        "Path",
        "Service-Route",
    ]
    .iter()
    .any(|list| name.eq_ignore_ascii_case(list))
}
