"""Recordings of people, from Debian packages unpacked under one folder.

usage: recordings.py PACKAGES OUT

The split was decided before any training:
- training: the man of festvox-ru; the man of tuxpaint-stamps-default, three texts of four;
- development (checkpoints, prices, thresholds): the fourth text of four of the latter;
- tests, never looked at before the end: the woman of asterisk-core-sounds-ru-wav, the man and the
  woman of ktuberling-data, the child of tuxpaint's digits.

Writes OUT/people-train-*.npz and OUT/people-dev-*.npz (corpus.py), and for each test speaker a list
OUT/NAME.tsv of file and text with the recordings as OUT/NAME/*.wav, 8 kHz.
"""

import hashlib
import os
import re
import sys

import numpy as np
import scipy.io.wavfile
import soundfile

from corpus import Writer
from voices import to_8k

HERE = os.path.dirname(os.path.abspath(__file__))
PROMPTS = os.path.join(HERE, "..", "..", "tests", "data")
NSH = "usr/share/festival/voices/russian/msu_ru_nsh_clunits"
STAMPS = "usr/share/tuxpaint/stamps"
KTUBERLING = "usr/share/ktuberling/sounds/ru"
ASTERISK = "usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU"
PEAK = 20000
DIGITS = "ноль один два три четыре пять шесть семь восемь девять".split()


def read(file):
    """A recording as 8 kHz int16, its first channel, at an even level; silent edges are left."""
    sound, rate = soundfile.read(file, always_2d=True)
    sound = to_8k(rate, sound[:, 0])
    return (sound / max(np.abs(sound).max(), 1e-6) * PEAK).astype(np.int16)


def festvox(root):
    """(sound, text) of the 620 sentences of festvox-ru."""
    with open(os.path.join(root, NSH, "etc/txt.done.data"), encoding="utf-8") as index:
        for row in index:
            found = re.match(r'\(\s*(\S+)\s+"(.*)"\s*\)', row)
            file = found and os.path.join(root, NSH, "wav", found[1] + ".wav")
            if file and os.path.exists(file) and not re.search("[0-9a-z]", found[2].lower()):
                yield read(file), found[2].lower().replace("+", "")


def stamps(root):
    """(sound, text) of tuxpaint's descriptions that are plain words; the same clip only once."""
    seen = set()
    for folder, _, files in sorted(os.walk(os.path.join(root, STAMPS))):
        for name in sorted(files):
            if not name.endswith("_desc_ru.ogg"):
                continue
            described = os.path.join(folder, name.replace("_desc_ru.ogg", ".txt"))
            with open(os.path.join(folder, name), "rb") as clip:
                digest = hashlib.sha256(clip.read()).digest()
            if digest in seen or not os.path.exists(described):
                continue
            seen.add(digest)
            with open(described, encoding="utf-8", errors="ignore") as lines:
                text = next((line[8:] for line in lines if line.startswith("ru.utf8=")), "")
            words = re.sub(r"[\s.,!?:;«»\"—–-]+", " ", text.lower()).strip()
            if re.fullmatch("[а-яё ]+", words) and not words.startswith("буква"):
                yield read(os.path.join(folder, name)), words


def is_dev(text):
    """One text of four, always the same ones."""
    return hashlib.sha256(text.encode()).digest()[0] % 4 == 0


def test_set(out, name, rows):
    """Writes (file, text) as wav files and a list."""
    folder = os.path.join(out, name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(out, name + ".tsv"), "w", encoding="utf-8") as listing:
        for file, text in rows:
            made = re.sub(r"[^\w-]", "_", os.path.splitext(os.path.basename(file))[0]) + ".wav"
            if "digits/" in file:
                made = "digits_" + made
            scipy.io.wavfile.write(os.path.join(folder, made), 8000, read(file))
            listing.write(f"{made}\t{text}\n")


def prompts(root, name):
    """The rows of a list of asterisk's prompts in ivr/tests/data."""
    with open(os.path.join(PROMPTS, name), encoding="utf-8") as listing:
        for row in listing:
            prompt, _, text = row.rstrip("\n").partition("\t")
            yield os.path.join(root, ASTERISK, prompt + ".wav"), text


def ktuberling(root, who):
    """The rows of one speaker of ktuberling.tsv."""
    with open(os.path.join(HERE, "ktuberling.tsv"), encoding="utf-8") as listing:
        for row in listing:
            name, speaker, text = row.rstrip("\n").split("\t")
            if speaker == who:
                yield os.path.join(root, KTUBERLING, name + ".ogg"), text


def digits(root):
    """The child's digits of tuxpaint."""
    for folder, _, files in sorted(os.walk(os.path.join(root, STAMPS))):
        for name in sorted(files):
            found = re.fullmatch(r"(\d)_ru\.ogg", name)
            if found:
                yield os.path.join(folder, name), DIGITS[int(found[1])]


def main():
    root, out = sys.argv[1:3]
    train, dev = Writer(out, "people-train"), Writer(out, "people-dev")
    for sound, text in festvox(root):
        train.add(sound, text, "nsh")
    for sound, text in stamps(root):
        (dev if is_dev(text) else train).add(sound, text, "stamps")
    train.close()
    dev.close()
    test_set(out, "asterisk", prompts(root, "human_speech.tsv"))
    test_set(out, "asterisk-off", prompts(root, "human_off_list.txt"))
    for who in ("man", "woman"):
        test_set(out, "ktuberling-" + who, ktuberling(root, who))
    test_set(out, "digits", digits(root))


if __name__ == "__main__":
    main()
