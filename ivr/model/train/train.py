"""Trains the network on a corpus.

usage: train.py --minutes N --lexicon FILE --out FOLDER --corpus GLOB [--corpus GLOB:TIMES] --dev GLOB

One process prepares batches (a new random line for every utterance in every epoch), another trains.
The learning rate follows the clock, so any number of minutes gives a finished model. Writes
OUT/network.pt, with averaged weights, every few hundred steps and at the end, and OUT/train.log.
"""

import argparse
import multiprocessing
import os
import random
import re
import sys
import time

import numpy as np
import torch

import lattice_free
from corpus import load
from network import LEFT, PHONES, RIGHT, Network, outputs_for, with_context
from sound import RATE, Mfcc, Noise, line

SEED = 11
BATCH_SECONDS = 110
HIGHEST_RATE = 1.2e-3
AVERAGE = 0.998


def words_of(text):
    return re.findall("[а-яё]+", text.lower())


def read_lexicon(file):
    """Word → phone numbers, by the names in the model's order."""
    names = [row.split()[0] for row in open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
             "..", "ru-mini", "graph", "phones.txt"), encoding="utf-8")][1:]
    number = {name: at for at, name in enumerate(names)}
    lexicon = {}
    for row in open(file, encoding="utf-8"):
        word, phones = row.rstrip("\n").split("\t")
        if phones:
            lexicon[word] = [number[phone] for phone in phones.split()]
    return lexicon


def read_corpus(patterns, lexicon):
    """Utterances whose words are all known and that are long enough for their phones."""
    kept = []
    for pattern in patterns:
        pattern, _, times = pattern.partition(":")
        for sound, text, _ in load(pattern):
            words = words_of(text)
            phones = sum(len(lexicon.get(word, [])) for word in words)
            if words and all(w in lexicon for w in words) and len(sound) > (phones + 1) * 240:
                kept += [(sound, words)] * int(times or 1)
    return kept


class Batches:
    """Makes batches of about BATCH_SECONDS of similar length, for ever; None after each epoch."""

    def __init__(self, utterances, lexicon, weights):
        self.utterances, self.lexicon, self.weights = utterances, lexicon, weights
        self.mfcc = Mfcc()

    def batch(self, chosen, change):
        """(frames, output lengths, numerators) of some utterances changed by a function."""
        frames, sentences = [], []
        for at in chosen:
            sound, words = self.utterances[at]
            frames.append(with_context(self.mfcc(change(sound))))
            sentences.append(words)
        lengths = torch.tensor([outputs_for(len(f) - LEFT - RIGHT) for f in frames])
        longest = max(map(len, frames))
        padded = torch.stack([torch.cat([f, f[-1:].expand(longest - len(f), -1)]) for f in frames])
        return padded, lengths, lattice_free.Chain(sentences, self.lexicon, self.weights, PHONES)

    def plan(self, draw):
        """The utterances of an epoch, batch by batch."""
        lengths = [len(sound) / RATE + 0.8 for sound, _ in self.utterances]
        order = sorted(range(len(lengths)), key=lambda at: lengths[at] * draw.uniform(0.9, 1.1))
        plan, batch, total = [], [], 0.0
        for at in order:
            batch.append(at)
            total += lengths[at]
            if total > BATCH_SECONDS:
                plan.append(batch)
                batch, total = [], 0.0
        draw.shuffle(plan)
        return plan

    def serve(self, queue, seed):
        """Fills the queue; runs in a process of its own."""
        torch.set_num_threads(1)
        draw, order = np.random.default_rng(seed), random.Random(seed)
        noise = Noise([sound for sound, _ in self.utterances], seed)
        while True:
            for chosen in self.plan(order):
                queue.put(self.batch(chosen, lambda sound: line(sound, draw, noise)))
            queue.put(None)


def learning_rate(done, step):
    """By the share of the time that is done: a short rise, a plateau, a cosine down to nothing."""
    rise = min(1.0, (step + 1) / 200)
    fall = 1.0 if done < 0.3 else 0.5 + 0.5 * np.cos(np.pi * min(1.0, (done - 0.3) / 0.7))
    return HIGHEST_RATE * rise * (0.004 + 0.996 * fall)


class Trainer:
    """The network, its optimiser and the running average of its weights."""

    def __init__(self, weights):
        self.network = Network()
        self.average = Network()
        self.everything = lattice_free.Everything(weights, PHONES)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), weight_decay=1e-3)

    def loss(self, network, batch):
        """The criterion on a batch and the share that could be aligned."""
        frames, lengths, chain = batch
        with torch.autocast("cpu", dtype=torch.bfloat16):
            outputs = network(frames)
        outputs = outputs[:, :int(lengths.max())].float()
        loss, aligned = lattice_free.Criterion.apply(outputs, lengths, self.everything, chain)
        return loss, aligned, 5e-4 * outputs.square().mean()

    def step(self, batch, rate):
        """One step of training."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        loss, aligned, penalty = self.loss(self.network, batch)
        self.optimiser.zero_grad()
        (loss + penalty).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 3.0)
        self.optimiser.step()
        with torch.no_grad():
            mine, kept = self.network.state_dict(), self.average.state_dict()
            for name, value in kept.items():
                if value.dtype.is_floating_point:
                    value.lerp_(mine[name], 1 - AVERAGE)
        return float(loss), float(aligned)

    def check(self, batches):
        """The criterion of the averaged network on batches that are not trained on."""
        self.average.eval()
        with torch.no_grad():
            return float(np.mean([float(self.loss(self.average, batch)[0]) for batch in batches]))

    def save(self, out):
        torch.save(self.average.state_dict(), os.path.join(out, "network.pt.part"))
        os.replace(os.path.join(out, "network.pt.part"), os.path.join(out, "network.pt"))


def normalise(network, utterances, draw):
    """Sets the mean and the scale of the inputs from some lines."""
    noise, mfcc = Noise([sound for sound, _ in utterances], SEED), Mfcc()
    some = [utterances[at][0] for at in draw.integers(0, len(utterances), 300)]
    frames = torch.cat([mfcc(line(sound, draw, noise)) for sound in some])
    network.mean.copy_(frames.mean(0))
    network.scale.copy_(1 / (frames.std(0) + 1e-3))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--lexicon", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--corpus", action="append", required=True)
    parser.add_argument("--dev", action="append", required=True)
    return parser.parse_args()


def main():
    asked = arguments()
    os.makedirs(asked.out, exist_ok=True)
    log = open(os.path.join(asked.out, "train.log"), "a", encoding="utf-8", buffering=1)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    lexicon = read_lexicon(asked.lexicon)
    utterances, dev = read_corpus(asked.corpus, lexicon), read_corpus(asked.dev, lexicon)
    if len(utterances) < 100 or len(dev) < 10:
        sys.exit("the corpus is too small: was the speech synthesised?")
    hours = sum(len(sound) for sound, _ in utterances) / RATE / 3600
    weights = lattice_free.bigram([w for _, w in utterances], lexicon, PHONES, random.Random(SEED))
    np.save(os.path.join(asked.out, "bigram.npy"), weights)
    trainer = Trainer(weights)
    draw = np.random.default_rng(SEED)
    normalise(trainer.network, utterances, draw)
    trainer.average.load_state_dict(trainer.network.state_dict())
    size = sum(p.numel() for p in trainer.network.parameters())
    print(f"{len(utterances)} utterances, {hours:.1f} hours, {size} parameters", file=log)

    tests, noise = Batches(dev, lexicon, weights), Noise([sound for sound, _ in dev], SEED)
    checks = [tests.batch(chosen, lambda sound: line(sound, draw, noise))
              for chosen in tests.plan(random.Random(SEED))[:6]]
    queue = multiprocessing.Queue(6)
    serving = multiprocessing.Process(target=Batches(utterances, lexicon, weights).serve,
                                      args=(queue, SEED), daemon=True)
    serving.start()
    queue.get()
    began, step, epoch, seen = time.monotonic(), 0, 0, []
    while (done := (time.monotonic() - began) / (asked.minutes * 60)) < 1:
        batch = queue.get()
        if batch is None:
            epoch += 1
            continue
        seen.append(trainer.step(batch, learning_rate(done, step)))
        step += 1
        if step % 50 == 0:
            loss, aligned = np.mean(seen, 0)
            seen = []
            print(f"step {step} epoch {epoch} minute {done * asked.minutes:.1f} "
                  f"loss {loss:.4f} aligned {aligned:.3f}", file=log)
        if step % 400 == 0:
            trainer.save(asked.out)
            print(f"step {step} dev {trainer.check(checks):.4f}", file=log)
    trainer.save(asked.out)
    print(f"done: step {step} epoch {epoch} dev {trainer.check(checks):.4f}", file=log)
    serving.terminate()


if __name__ == "__main__":
    main()
