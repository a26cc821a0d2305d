"""Measures a model through the product's own listener, and writes the report.

usage: evaluate.py MODEL RECOGNISE TESTS [quick] > report.md

With `quick` only every tenth utterance is heard, on one line: whether all works, not how well.

RECOGNISE is the built example `recognise`, TESTS the folder of recordings.py and of synthesised
tests (test_set). Each utterance is heard in every condition of sound.CONDITIONS against a closed
list. Right: exactly the phrase, at a confidence of ACCEPT or more. Asked: the right phrase or
another one at ASK or more, so that the caller is asked «Вы сказали …?». Wrong: another phrase at
ACCEPT or more. The rest was not understood, and the caller is asked again.
"""

import os
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.io.wavfile

from sound import CONDITIONS, condition

ACCEPT, ASK = 700, 400
DIGITS = "ноль один два три четыре пять шесть семь восемь девять".split()
DAYS = "понедельник вторник среда четверг пятница суббота воскресенье".split()
SERVICES = """лицензия на заготовку лома|лицензирование|субсидии|получить субсидию|подтверждение
    производства|реестр промышленной продукции|маркировка товаров|параллельный импорт|торговля
    |аккредитация|статус заявления|график работы|соединить с оператором|оператор
    |повторите пожалуйста|назад"""

HEAD = """# What the built-in model understands

By `ivr/model/train/evaluate.py` through the product's own listener; speakers and voices never trained on.
Right: exactly the phrase at a confidence of 0.7 or more; asked: some phrase at 0.4–0.7, the caller is asked
«Вы сказали …?»; wrong: another phrase at 0.7 or more. Lines: `sound.condition`.
"""


def services():
    return [" ".join(phrase.split()) for phrase in SERVICES.split("|")]


def rows(tests, name):
    """(wav file, text) of a test set."""
    with open(os.path.join(tests, name + ".tsv"), encoding="utf-8") as listing:
        for row in listing:
            file, _, text = row.rstrip("\n").partition("\t")
            yield os.path.join(tests, name, file), text


def texts(tests, *names):
    return sorted({text for name in names for _, text in rows(tests, name) if text})


def hear(recognise, model, phrases, files):
    """For each file what was understood: a list of (phrase, confidence, milliseconds)."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listing:
        listing.write("\n".join(phrases) + "\n")
        listing.flush()
        run = subprocess.run([recognise, model, listing.name], input="\n".join(files) + "\n",
                             capture_output=True, text=True, check=True)
    heard = []
    for row in run.stdout.splitlines()[:len(files)]:
        parts = row.split("\t")[1:]
        parts = parts if len(parts) > 1 else []
        heard.append([(parts[at], int(parts[at + 1]), int(parts[at + 2]))
                      for at in range(0, len(parts), 3)])
    return heard, float(run.stdout.split()[-1])


def on_lines(files, name, folder):
    """The recordings as a line delivers them, the same every time."""
    for file in files:
        _, sound = scipy.io.wavfile.read(file)
        draw = np.random.default_rng(zlib.crc32(os.path.basename(file).encode()))
        made = os.path.join(folder, name + "-" + os.path.basename(os.path.dirname(file)) + "-"
                            + os.path.basename(file))
        if not os.path.exists(made):
            scipy.io.wavfile.write(made, 8000, condition(sound, name, draw))
        yield made


class Report:
    """Runs the tests, two at a time, and writes tables."""

    def __init__(self, model, recognise, tests, quick):
        self.model, self.recognise, self.tests, self.quick = model, recognise, tests, quick
        self.folder = tempfile.mkdtemp(dir="/dev/shm")
        self.load = []
        self.pool = ThreadPoolExecutor(2)
        self.rows = []

    def heard(self, chosen, phrases, name):
        """What was understood of (file, text) in a condition."""
        made = list(on_lines([file for file, _ in chosen], name, self.folder))
        heard, load = hear(self.recognise, self.model, phrases, made)
        self.load.append(load)
        return heard

    def choices(self, title, chosen, phrases):
        """Lines of the table for phrases of the list."""
        for name in ("phone",) if self.quick else CONDITIONS:
            chosen = chosen[::10] if self.quick else chosen
            self.rows.append(self.pool.submit(self.choice, title, chosen, phrases, name))

    def choice(self, title, chosen, phrases, name):
        """The line of one condition."""
        right = asked = wrong = 0
        missed = []
        for (_, text), finals in zip(chosen, self.heard(chosen, phrases, name)):
            best = max((f for f in finals if f[0]), key=lambda f: f[1], default=("", 0, 0))
            good = best[0] == text and sum(1 for f in finals if f[0]) == 1
            right += good and best[1] >= ACCEPT
            wrong += not good and best[1] >= ACCEPT
            asked += ASK <= best[1] < ACCEPT
            if not (good and best[1] >= ACCEPT):
                missed.append(f"{text}→{best[0] or '—'} {best[1]}")
        print(f"{title}, {name}: {'; '.join(missed)}", file=sys.stderr, flush=True)
        n = len(chosen)
        return (f"| {title} | {name} | {n} | {len(phrases)} | {100 * right / n:.1f} % "
                f"| {100 * asked / n:.1f} % | {100 * wrong / n:.1f} % |")

    def off_list(self, title, chosen, phrases):
        """Lines of the table for speech that is not on the list."""
        words = [f" {phrase} " for phrase in phrases]
        chosen = [(file, text) for file, text in chosen
                  if not any(word in f" {text} " for word in words)]
        for name in ("phone",) if self.quick else ("phone", "noisy"):
            chosen = chosen[::10] if self.quick else chosen
            self.rows.append(self.pool.submit(self.off_list_line, title, chosen, phrases, name))

    def off_list_line(self, title, chosen, phrases, name):
        """The line of one condition."""
        best = [max((f[1] for f in finals if f[0]), default=0)
                for finals in self.heard(chosen, phrases, name)]
        accepted = sum(confidence >= ACCEPT for confidence in best)
        asked = sum(ASK <= confidence < ACCEPT for confidence in best)
        n = len(chosen)
        return (f"| {title} | {name} | {n} | {len(phrases)} | {100 * accepted / n:.1f} % "
                f"| {100 * asked / n:.1f} % |")

    def write(self):
        """The lines so far, in the order in which they were asked for."""
        for row in self.rows:
            print(row.result(), flush=True)
        self.rows = []


def main():
    model, recognise, tests = sys.argv[1:4]
    report = Report(model, recognise, tests, sys.argv[4:] == ["quick"])
    woman = list(rows(tests, "asterisk"))
    phrases = texts(tests, "asterisk")
    things = texts(tests, "ktuberling-man", "ktuberling-woman")
    off = list(rows(tests, "asterisk-off"))
    print(HEAD)
    print("| speaker and list | line | utterances | phrases | right | asked | wrong |")
    print("|---|---|---|---|---|---|---|")
    report.choices("child, digits", list(rows(tests, "digits")), DIGITS)
    for who in ("man", "woman"):
        report.choices(f"second {who}, words", list(rows(tests, "ktuberling-" + who)), things)
    report.choices("woman, commands, numbers, dates", woman, phrases)
    report.choices("woman, digits", [r for r in woman if r[1] in DIGITS], DIGITS)
    report.choices("woman, days of the week", [r for r in woman if r[1] in DAYS], DAYS)
    for name in sorted(os.listdir(tests)):
        if name.startswith("voice-") and name.endswith(".tsv"):
            chosen = list(rows(tests, name[:-4]))
            report.choices("voice " + name[6:-4] + ", menu, days, hours", chosen,
                           sorted({t for _, t in chosen}))
    report.write()
    print("\n| speech off the list | line | utterances | phrases | accepted | asked |")
    print("|---|---|---|---|---|---|")
    report.off_list("woman, prompts; list of numbers and commands", off, phrases)
    report.off_list("woman, prompts; menu of services", off, services())
    report.off_list("woman, single words; menu of services", woman, services())
    report.off_list("woman, single words; digits", woman, DIGITS)
    report.off_list("woman, prompts; yes and no", off, ["да", "нет"])
    for who in ("man", "woman"):
        report.off_list(f"second {who}, words; menu of services",
                        list(rows(tests, "ktuberling-" + who)), services())
    report.write()
    print(f"\nShare of a core for a caller who speaks, at most: {max(report.load):.3f}.")


if __name__ == "__main__":
    main()
