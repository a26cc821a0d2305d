"""Reads a list of sentences aloud in the training voices.

usage: synthesise.py SENTENCES FOLDER PART PARTS [held-out]

Writes FOLDER/PART-*.npz (corpus.py). Every line goes to a voice, a size of speaker, a pitch and a
tempo drawn at random with the part as the seed, so PARTS processes share one list. With `held-out`
the voices are those that may not be trained on: for development and tests.
"""

import random
import sys

import numpy as np

from corpus import Writer
from voices import (ESPEAK_VARIANTS, FREE_VOICES, HELD_OUT_VOICES, MEN, Espeak, Festival, RATE,
                    RhVoice)

SHORTEST, LONGEST = 0.2 * RATE, 13 * RATE
PEAK = 20000


class Speakers:
    """Draws a speaker for each text."""

    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.rhvoice, self.espeak, self.festival = RhVoice(), Espeak(), Festival()

    def say(self, text):
        """The sound and the name of the speaker."""
        draw = self.draw
        kind = draw.random()
        if kind < 0.12:
            variant, size = draw.choice(ESPEAK_VARIANTS), draw.randint(17, 23)
            sound = self.espeak.say(text, variant, draw.uniform(0.65, 1.2), draw.randint(15, 85), size)
            return sound, f"espeak-{variant}"
        if kind < 0.24:
            return self.festival.say(text, draw.randint(17, 25)), "nsh-joined"
        voice = draw.choice(FREE_VOICES)
        # A man's voice goes up towards a woman's and a boy's, a woman's up to a child's and down.
        size = draw.randint(18, 25) if voice in MEN else draw.randint(16, 23)
        if draw.random() < 0.2:
            size = 20
        pitch = size / 20 * draw.uniform(0.75, 1.3)
        return self.rhvoice.say(text, voice, draw.uniform(0.6, 1.3), pitch, size), f"{voice}-{size}"

    def say_held_out(self, text):
        """The same by the voices that are kept for tests, as they are."""
        voice = self.draw.choice(HELD_OUT_VOICES)
        tempo, pitch = self.draw.uniform(0.85, 1.3), self.draw.uniform(0.9, 1.1)
        return self.rhvoice.say(text, voice, tempo, pitch), voice


def main():
    sentences, folder, part, parts = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    held_out = sys.argv[5:] == ["held-out"]
    speakers = Speakers(part + (1000 if held_out else 0))
    writer = Writer(folder, part)
    with open(sentences, encoding="utf-8") as lines:
        mine = [line.strip() for number, line in enumerate(lines) if number % parts == part]
    for text in mine:
        try:
            sound, speaker = speakers.say_held_out(text) if held_out else speakers.say(text)
        except (RuntimeError, OSError, ValueError) as why:
            print(f"left out: {text}: {why}", file=sys.stderr)
            continue
        if SHORTEST < len(sound) < LONGEST and np.abs(sound).max() > 100:
            sound = sound / np.abs(sound).max() * PEAK
            writer.add(sound.astype(np.int16), text, speaker)
    writer.close()
    speakers.espeak.close()
    speakers.festival.close()


if __name__ == "__main__":
    main()
