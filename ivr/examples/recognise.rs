//! Hears recordings as the service hears callers, and prints what was understood.
//!
//! `cargo run --package ivr --example recognise MODEL PHRASES < files.txt`: PHRASES is a file of
//! the closed list, one phrase a line; each line of the input names a wav file. For each, a line:
//! file, phrase (empty: none of the list), confidence in thousandths, milliseconds from the end of
//! speech; parted by tabs. The last line tells the share of a core that was used.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use ivr::SpeechEvent;
use ivr::io::{RecogniserConfig, RecogniserStatus, Recognisers, SpeechSink, wav};
use rtrb::RingBuffer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(model), Some(list)) = (arguments.next(), arguments.next()) else {
        return Err("recognise MODEL PHRASES < files.txt".into());
    };
    let phrases: Vec<String> = std::fs::read_to_string(list)?
        .lines()
        .map(str::to_owned)
        .collect();
    let cache = tempfile::tempdir()?;
    let config = RecogniserConfig {
        threads: 1,
        ..RecogniserConfig::new(Path::new(&model), cache.path())
    };
    let (recognisers, status) = Recognisers::start(&config, vec![("list".to_owned(), phrases)]);
    if !matches!(&status, RecogniserStatus::Ready { unheard, .. } if unheard.is_empty()) {
        return Err(status.to_string().into());
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (session, file) in (0..).zip(std::io::stdin().lock().lines()) {
        let file = PathBuf::from(file?);
        let sound = wav::read_8k(&file)?;
        let (mut producer, consumer) = RingBuffer::new(sound.len());
        producer.push_entire_slice(&sound)?;
        drop(producer);
        let (to, from) = channel();
        let sink: SpeechSink = Arc::new(move |_, event| to.send(event).unwrap_or_default());
        recognisers.listen(session, "list", consumer, sink);
        let mut heard = Vec::new();
        for event in from {
            match event {
                SpeechEvent::Final {
                    text,
                    confidence_permille,
                    latency_ms,
                } => {
                    heard.push(format!(
                        "{}\t{confidence_permille}\t{}",
                        text.into_inner(),
                        latency_ms.0
                    ));
                }
                SpeechEvent::Started | SpeechEvent::Attending(_) => {}
                SpeechEvent::Unavailable => return Err("the recogniser is unavailable".into()),
            }
        }
        writeln!(out, "{}\t{}", file.display(), heard.join("\t"))?;
    }
    writeln!(
        out,
        "real-time factor {:.4}",
        recognisers.figures().real_time_factor()
    )?;
    Ok(())
}
