"""Test utterances by synthetic voices that are never trained on.

usage: held_out.py OUT

For every such voice OUT/dev-VOICE or OUT/voice-VOICE (.tsv and a folder of wav files, as
recordings.py writes them): each phrase of a ministry's menu alone or among other words («мне бы … если
можно»), yes and no, days and hours. The dev voices serve prices and thresholds, the others the report.
These voices are licensed for non-commercial use only: their sound stays on the machine.
"""

import os
import random
import sys

import numpy as np
import scipy.io.wavfile

from evaluate import services
from text import AFTER, BEFORE, options
from voices import HELD_OUT_VOICES, RhVoice

DEV_VOICES = ["arina", "artemiy", "pavel", "tatiana", "vitaliy"]
ANSWERS = """да|нет|верно|неверно|хорошо|не знаю|отлично|плохо|понедельник|вторник|среда|четверг|пятница|в среду
    |в десять часов|в одиннадцать тридцать|в три часа|в шестнадцать ноль ноль|девять утра|завтра|сегодня
    |после обеда|первое|второе|третье|двадцать пятое ноября|меры поддержки|запись на приём|статус технопарка
    |жалоба|подать заявление|нужные документы|закончить разговор|другой вопрос|вернуться к началу"""


def main():
    out = sys.argv[1]
    rhvoice = RhVoice()
    for voice in HELD_OUT_VOICES:
        draw = random.Random(voice)
        name = ("dev-" if voice in DEV_VOICES else "voice-") + voice
        os.makedirs(os.path.join(out, name), exist_ok=True)
        with open(os.path.join(out, name + ".tsv"), "w", encoding="utf-8") as listing:
            for number, phrase in enumerate(services() + options(ANSWERS)):
                said = phrase
                if number < len(services()) and draw.random() < 0.5:
                    said = f"{draw.choice(options(BEFORE))} {phrase} {draw.choice(options(AFTER))}"
                sound = rhvoice.say(said, voice, draw.uniform(0.8, 1.2), draw.uniform(0.92, 1.08))
                sound = sound / np.abs(sound).max() * 20000
                file = f"{number:02d}.wav"
                scipy.io.wavfile.write(os.path.join(out, name, file), 8000, sound.astype(np.int16))
                listing.write(f"{file}\t{phrase}\n")


if __name__ == "__main__":
    main()
