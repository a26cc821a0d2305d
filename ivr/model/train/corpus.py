"""Speech with its text on disk: files of some hundred utterances, 8 kHz, 16 bits.

Each .npz holds `sound` (all samples in a row), `lengths`, `texts` and `speakers`.
"""

import glob
import os

import numpy as np

UTTERANCES_A_FILE = 400


class Writer:
    """Collects utterances and writes a file whenever there are enough."""

    def __init__(self, folder, name):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.name, self.files, self.kept = folder, name, 0, []

    def add(self, sound, text, speaker):
        """One utterance: int16 samples, its words, who spoke."""
        self.kept.append((sound, text, speaker))
        if len(self.kept) == UTTERANCES_A_FILE:
            self.flush()

    def flush(self):
        """Writes what is kept; the file appears whole."""
        if not self.kept:
            return
        sounds, texts, speakers = zip(*self.kept)
        file = os.path.join(self.folder, f"{self.name}-{self.files:04d}.npz")
        with open(file + ".part", "wb") as part:
            np.savez(part, sound=np.concatenate(sounds), lengths=np.array([len(s) for s in sounds]),
                     texts=np.array(texts), speakers=np.array(speakers))
        os.replace(file + ".part", file)
        self.files += 1
        self.kept = []

    def close(self):
        self.flush()


def load(pattern):
    """(sound, text, speaker) of every utterance in the files, in the order of their names."""
    utterances = []
    for file in sorted(glob.glob(pattern)):
        with np.load(file) as data:
            sound, ends = data["sound"], np.cumsum(data["lengths"])
            starts = ends - data["lengths"]
            for start, end, text, speaker in zip(starts, ends, data["texts"], data["speakers"]):
                utterances.append((sound[start:end], str(text), str(speaker)))
    return utterances
