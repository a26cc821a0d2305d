//! Reads words, one a line, and prints each with its phones: the lexicon that the acoustic model is
//! trained with, by the very rules that scripts are heard with.
//!
//! `cargo run --package ivr --example pronounce < words.txt > lexicon.tsv`

use std::io::{BufRead as _, Write as _};

use ivr::g2p::pronounce;

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for word in std::io::stdin().lock().lines() {
        let word = word?;
        let phones: Vec<String> = pronounce(&word).iter().map(ToString::to_string).collect();
        writeln!(out, "{word}\t{}", phones.join(" "))?;
    }
    out.flush()
}
