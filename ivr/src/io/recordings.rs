//! What is wrong with a recording that shall replace the synthesis, before callers hear it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::wav;
use crate::audio::level::{dbfs, rms};
use crate::audio::p56::active_level;
use crate::audio::{FRAME, RATE_HZ};

/// A sample this near to full scale has lost its peak when several stand in a row.
const FULL_SCALE: u16 = 32_600;
/// So many such samples in a row are one cut-off peak.
const CUT_SAMPLES: usize = 3;
/// A few are not heard.
const CUT_PEAKS: usize = 5;
/// Raising speech from below this to the level of prompts raises its noise too.
const TOO_SOFT_DBOV: f32 = -46.0;
/// Quiet at an end that callers take for a fault, in frames of 20 ms: one second.
const LONG_QUIET_FRAMES: usize = 50;

/// A finding, in words for whoever recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingFinding {
    /// The file.
    pub path: PathBuf,
    /// What is wrong and what to do.
    pub what: String,
    /// Whether the file is used all the same.
    pub used: bool,
}

impl fmt::Display for RecordingFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "запись {}: {}", self.path.display(), self.what)
    }
}

/// Looks at every WAV of a folder. `known` are the names that phrases have.
#[must_use]
pub fn check(folder: &Path, known: &BTreeSet<&str>) -> Vec<RecordingFinding> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "wav"))
        .collect();
    files.sort();
    let mut findings = Vec::new();
    for path in files {
        let name = path.file_stem().map(|stem| stem.to_string_lossy());
        let used = name.is_some_and(|name| known.contains(name.as_ref()));
        let mut found = |what: String, used: bool| {
            findings.push(RecordingFinding {
                path: path.clone(),
                what,
                used,
            });
        };
        if !used {
            found(
                "фразы с таким именем нет, файл никто не услышит; проверьте имя".into(),
                false,
            );
        }
        match wav::read_8k(&path) {
            Ok(audio) => faults(&audio)
                .into_iter()
                .for_each(|what| found(what, used)),
            Err(why) => found(format!("{why}; вместо неё говорит синтезатор"), false),
        }
    }
    findings
}

fn faults(audio: &[i16]) -> Vec<String> {
    let mut faults = Vec::new();
    let peaks = cut_peaks(audio);
    if peaks > CUT_PEAKS {
        faults.push(format!(
            "звук перегружен (срезано вершин: {peaks}); запишите тише, с пиками до −3 дБ"
        ));
    }
    let level = active_level(audio);
    if level < TOO_SOFT_DBOV {
        faults.push(format!(
            "речь слишком тихая ({level:.0} дБ, нужно не ниже {TOO_SOFT_DBOV:.0}); запишите громче, \
             чтобы не усиливать шум"
        ));
    }
    let (before, after) = quiet_ends(audio, level);
    for (frames, place) in [(before, "в начале"), (after, "в конце")] {
        if frames > LONG_QUIET_FRAMES {
            faults.push(format!(
                "тишина {place} {} с; обрежьте до 0,1 с",
                frames * FRAME / usize::try_from(RATE_HZ).unwrap_or(1)
            ));
        }
    }
    faults
}

fn cut_peaks(audio: &[i16]) -> usize {
    audio
        .chunk_by(|a, b| {
            (a.unsigned_abs() >= FULL_SCALE) == (b.unsigned_abs() >= FULL_SCALE)
                && (*a >= 0) == (*b >= 0)
        })
        .filter(|run| run.len() >= CUT_SAMPLES)
        .filter(|run| run.iter().all(|x| x.unsigned_abs() >= FULL_SCALE))
        .count()
}

/// Frames of quiet before the first and after the last word.
fn quiet_ends(audio: &[i16], level: f32) -> (usize, usize) {
    let loud: Vec<bool> = audio
        .chunks(FRAME)
        .map(|frame| dbfs(rms(frame)) > level - 25.0)
        .collect();
    let quiet = |frames: &mut dyn Iterator<Item = &bool>| frames.take_while(|loud| !**loud).count();
    (quiet(&mut loud.iter()), quiet(&mut loud.iter().rev()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(level: i16, samples: usize) -> Vec<i16> {
        (0..samples)
            .map(|n| if n % 16 < 8 { level } else { -level })
            .collect()
    }

    #[test]
    fn each_fault_is_named_with_its_remedy() {
        let dir = tempfile::tempdir().unwrap();
        let known = BTreeSet::from(["good", "loud", "soft", "late", "broken"]);
        let mut late = vec![0; 16_000];
        late.extend(tone(2_000, 16_000));
        for (name, audio) in [
            ("good", tone(2_000, 16_000)),
            ("loud", tone(32_767, 16_000)),
            ("soft", tone(60, 16_000)),
            ("late", late),
            ("stranger", tone(2_000, 16_000)),
        ] {
            wav::write_8k(&dir.path().join(format!("{name}.wav")), &audio).unwrap();
        }
        fs::write(dir.path().join("broken.wav"), "RIFF").unwrap();
        fs::write(dir.path().join("readme.txt"), "no sound").unwrap();
        let told: Vec<String> = check(dir.path(), &known)
            .iter()
            .map(|finding| {
                let stem = finding.path.file_stem().unwrap().to_string_lossy();
                let what: String = finding.what.chars().take(24).collect();
                format!("{stem} {}: {what}", finding.used)
            })
            .collect();
        assert_eq!(
            told,
            [
                "broken false: файл не читается как WAV",
                "late true: тишина в начале 2 с; обр",
                "loud true: звук перегружен (срезано",
                "soft true: речь слишком тихая (-55 ",
                "stranger false: фразы с таким именем нет",
            ]
        );
        assert_eq!(check(&dir.path().join("none"), &known), []);
    }
}
