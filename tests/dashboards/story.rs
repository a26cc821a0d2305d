//! A lively hour, as pages that Prometheus reads one after another.

use events::Timestamp;
use metrics::testing::{Story, play};
use metrics::{
    Direction, Health, Numbers, ProcessFigures, Projection as _, RegisterFigure, SpeakingFigures,
    encode,
};

/// That many pages: the first right after the start, the last at the end of the story.
pub(crate) fn pages(count: usize) -> Vec<String> {
    let records = play(Story {
        seed: 43,
        length_s: 3 * 3_600,
        between_calls_ms: 15_000,
        operators: 6,
        ..Story::default()
    });
    let mut numbers = Numbers::default();
    let mut told = 0;
    let page = |n: usize| {
        // The first page stands before the first call, so that every counter is seen at 0.
        let until = if n == 0 {
            2
        } else {
            records.len() * (n + 1) / count
        };
        for record in &records[told..until.max(told)] {
            numbers.apply(record);
        }
        told = until.max(told);
        encode(&numbers, numbers.last_at(), &health(n))
    };
    (0..count).map(page).collect()
}

/// Figures of the machine that grow as time passes.
fn health(n: usize) -> Health {
    let n = u64::try_from(n).unwrap();
    let seconds = f64::from(u32::try_from(n).unwrap());
    let mut health = Health {
        version: "0.1.0".to_owned(),
        started_at: Timestamp(1_790_000_000_000_000),
        recogniser_busy_seconds: seconds * 0.3,
        recogniser_audio_seconds: seconds,
        recogniser_sessions: 2,
        recogniser_utterances: n,
        recogniser_noises: n,
        speaking: SpeakingFigures {
            orders: n,
            first_sound_us: n * 120_000,
            ..SpeakingFigures::default()
        },
        registers: vec![RegisterFigure {
            name: "portal".to_owned(),
            is_up: true,
            asked: n,
            failed: 0,
            bad_lines: 0,
        }],
        process: Some(ProcessFigures {
            cpu_seconds: seconds * 0.5,
            resident_bytes: 64 << 20,
            open_fds: 20,
            max_fds: 1_024,
        }),
        ..Health::default()
    };
    for _ in 0..n {
        health.count_sip_responses(Direction::Sent, "INVITE", 200, 1);
        health.journal_fsync.observe_seconds(0.003);
        health.free_to_ring.observe_seconds(0.004);
        health.loop_turn.observe_seconds(0.004);
    }
    health
}
