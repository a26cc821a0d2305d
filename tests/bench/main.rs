//! `make bench`: what one core carries. Writes a report in Markdown; docs/benchmarks.md explains it.
//!
//! `bench [--quick] [--only signalling|ivr|bridge|queue|desks|turns]`

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    clippy::disallowed_methods,
    reason = "a meter: a failed step ends it, the report goes to the terminal, its work is the clock"
)]

mod callers;
mod config;
mod desks;
mod figures;
mod house;
mod load;
mod media;
mod peers;
mod phones;
mod process;
mod queue;
mod signalling;
mod sip;
mod talking;
mod turns;
mod wire;

use talking::Heard;

/// How thorough to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Under two minutes.
    Quick,
    /// Under eight.
    Usual,
}

impl Pace {
    /// A window's length: half of the usual one when in a hurry.
    const fn seconds(self, usual: usize) -> usize {
        match self {
            Self::Quick => usual.div_ceil(2),
            Self::Usual => usual,
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let pace = if arguments.iter().any(|a| a == "--quick") {
        Pace::Quick
    } else {
        Pace::Usual
    };
    let only = arguments
        .iter()
        .position(|a| a == "--only")
        .and_then(|at| arguments.get(at + 1));
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    let mut report = peers::Report::new(process::machine());
    if wanted("signalling") {
        eprintln!("signalling");
        report.signalling(signalling::run(pace));
    }
    if wanted("ivr") {
        eprintln!("ivr");
        report.ivr(ivr(pace));
    }
    if wanted("bridge") {
        eprintln!("bridge");
        report.bridge(bridge(pace));
    }
    if wanted("queue") {
        eprintln!("queue");
        report.queue(queue::run(pace));
    }
    if wanted("desks") {
        eprintln!("desks");
        report.desks(desks::run(pace));
    }
    if wanted("turns") {
        eprintln!("turns");
        report.turns(&turns::run(pace));
    }
    println!("{}", report.text());
}

/// The clean steps of each kind, and the table of all.
pub(crate) struct Talking {
    table: figures::Table,
    clean: Vec<(Heard, Vec<talking::Point>)>,
}

fn ivr(pace: Pace) -> Talking {
    let (prompts, music, recognised): (&[usize], &[usize], &[usize]) = match pace {
        Pace::Quick => (&[100, 400], &[100], &[50]),
        Pace::Usual => (&[100, 400, 800, 1_200, 1_600, 2_000], &[400], &[100]),
    };
    talks(
        pace,
        &[
            (Heard::Prompts, prompts),
            (Heard::Music, music),
            (Heard::PromptsRecognised, recognised),
        ],
    )
}

fn bridge(pace: Pace) -> Talking {
    let (plain, recorded): (&[usize], &[usize]) = match pace {
        Pace::Quick => (&[50, 200], &[50]),
        Pace::Usual => (&[50, 200, 400, 700, 1_000], &[100, 300, 500]),
    };
    talks(
        pace,
        &[(Heard::Talk, plain), (Heard::TalkRecorded, recorded)],
    )
}

fn talks(pace: Pace, ladders: &[(Heard, &[usize])]) -> Talking {
    let mut table = talking::table();
    let clean = ladders
        .iter()
        .map(|(heard, steps)| (*heard, talking::ladder(*heard, steps, pace, &mut table)));
    let clean = clean.collect();
    Talking { table, clean }
}
