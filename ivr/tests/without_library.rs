//! A machine without libvosk: the server starts, says what is missing, and works by keys.
#![cfg(test)]

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use ivr::SpeechEvent;
use ivr::io::{RecogniserConfig, RecogniserStatus, Recognisers};

#[test]
fn without_the_library_everything_is_unavailable_and_said_so() {
    let var = tempfile::tempdir().unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("model/ru-mini");
    let config = RecogniserConfig {
        library: Some(var.path().join("libvosk.so")),
        ..RecogniserConfig::new(&model, var.path())
    };
    let lists = vec![("yes".to_owned(), vec!["да".to_owned()])];
    let (recognisers, status) = Recognisers::start(&config, lists);
    assert!(matches!(status, RecogniserStatus::KeysOnly { .. }));
    let told = status.to_string();
    assert!(
        told.contains("libvosk") && told.contains("deploy/setup/speech.sh"),
        "{told}"
    );
    let (to, from) = channel();
    let sink = Arc::new(move |session, event| to.send((session, event)).unwrap_or_default());
    recognisers.listen(7, "yes", rtrb::RingBuffer::new(1).1, sink);
    assert_eq!(from.recv(), Ok((7, SpeechEvent::Unavailable)));
    assert!(!recognisers.is_on());
}
