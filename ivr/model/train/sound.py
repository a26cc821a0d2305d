"""Sound between the corpus and the network: MFCC as Kaldi computes them, and a telephone line.

`line` turns a clean utterance into what a caller's line might deliver, at random; `condition` does
the same in one of the fixed ways that accuracy is reported for.
"""

import numpy as np
import torch
from scipy.fft import irfft, next_fast_len, rfft

RATE = 8000
FRAME, SHIFT, FFT = 200, 80, 256
MEL, LOW, HIGH = 40, 40.0, 3800.0
LIFTER = 22.0


def _mel(hertz):
    return 1127.0 * np.log(1.0 + np.asarray(hertz) / 700.0)


class Mfcc:
    """40 MFCC of 40 mel bands, 10 ms apart: conf/mfcc.conf of the model (Kaldi's compute-mfcc-feats)."""

    def __init__(self):
        edges = np.linspace(_mel(LOW), _mel(HIGH), MEL + 2)
        bins = _mel(np.arange(FFT // 2 + 1) * RATE / FFT)
        rise = (bins[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
        fall = (edges[2:, None] - bins[None]) / (edges[2:] - edges[1:-1])[:, None]
        bank = np.clip(np.minimum(rise, fall), 0, None)
        n, k = np.arange(MEL)[None], np.arange(MEL)[:, None]
        cosine = np.cos(np.pi / MEL * (n + 0.5) * k) * np.sqrt(2 / MEL)
        cosine[0] = np.sqrt(1 / MEL)
        cosine *= (1 + 0.5 * LIFTER * np.sin(np.pi * k / LIFTER))
        window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))) ** 0.85
        self.bank = torch.tensor(bank.T.copy(), dtype=torch.float32)
        self.cosine = torch.tensor(cosine.T.copy(), dtype=torch.float32)
        self.window = torch.tensor(window, dtype=torch.float32)

    def __call__(self, sound):
        """Float samples (at the scale of int16) to frames × 40; only whole frames."""
        if len(sound) < FRAME:
            return torch.zeros(0, MEL)
        frames = torch.as_tensor(sound, dtype=torch.float32).unfold(0, FRAME, SHIFT)
        frames = frames - frames.mean(1, keepdim=True)
        before = torch.cat([frames[:, :1], frames[:, :-1]], 1)
        frames = (frames - 0.97 * before) * self.window
        spectrum = torch.fft.rfft(frames, FFT)
        power = spectrum.real ** 2 + spectrum.imag ** 2
        return (power @ self.bank).clamp(min=torch.finfo(torch.float32).eps).log() @ self.cosine


def _a_law_table():
    sample = np.arange(-32768, 32768)
    size = np.minimum(np.abs(sample) >> 3, 4095)
    shift = np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(int) - 4, 1)
    kept = ((size >> shift) << shift) + (1 << (shift - 1))
    return np.where(sample < 0, -1, 1) * (kept << 3)


A_LAW = _a_law_table().astype(np.float32)


def a_law(sound):
    """There and back through ITU-T G.711 A-law."""
    return A_LAW[np.clip(sound, -32768, 32767).astype(np.int32) + 32768]


def lose_packets(sound, share, draw):
    """Loses 20 ms packets: each is replaced by the one before at half its level, as telephones do."""
    sound = sound.copy()
    for start in range(160, len(sound) - 160, 160):
        if draw.random() < share:
            sound[start:start + 160] = 0.5 * sound[start - 160:start]
    return sound


def _loudness(sound):
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)) + 1.0))


def _filtered(sound, gain, extra=0):
    """Filters by a gain over frequency (a function of hertz), in the frequency domain."""
    size = next_fast_len(len(sound) + 2000 + extra, real=True)
    spectrum = rfft(sound.astype(np.float32), size)
    return irfft(spectrum * gain(np.fft.rfftfreq(size, 1 / RATE), size), size)[:len(sound)]


def _channel(draw):
    """A random telephone: edges of its band, tilt, ripples, and sometimes a room."""
    low, high = draw.uniform(30, 350), draw.uniform(2900, 3990)
    tilt, ripples = draw.uniform(-14, 14), draw.uniform(-6, 6, 7)
    room = None
    if draw.random() < 0.35:
        time = np.arange(int(draw.uniform(0.05, 0.3) * RATE))
        room = draw.standard_normal(len(time)) * np.exp(-time / (draw.uniform(0.015, 0.08) * RATE))
        room *= draw.uniform(0.02, 0.15)
        room[0] = 1

    def gain(hertz, size):
        decibels = tilt * (hertz / 4000 - 0.5)
        decibels = decibels + np.interp(hertz, [0, 200, 500, 1000, 1800, 2800, 4000], ripples)
        edges = np.sqrt((1 + (low / np.maximum(hertz, 1)) ** 6) * (1 + (hertz / high) ** 16))
        shape = (10 ** (decibels / 20) / edges).astype(np.float32)
        return shape if room is None else shape * rfft(room.astype(np.float32), size)
    return gain


class Noise:
    """Endless noise of several colours, cut from stores made once."""

    def __init__(self, talkers, seed):
        draw = np.random.default_rng(seed)
        white = draw.standard_normal(RATE * 120).astype(np.float32)
        self.stores = [white]
        for slope in (-3.0, -6.0, -9.0):
            self.stores.append(_filtered(
                white, lambda f, _, s=slope: np.maximum(f, 50.0) ** (s / 6.02) * 50.0))
        hum = np.arange(RATE * 120) * (2 * np.pi * 50 / RATE)
        hums = sum(np.sin(hum * k) / k for k in (1, 2, 3, 5, 7))
        self.stores.append((hums + 0.2 * self.stores[1] / _loudness(self.stores[1])).astype(np.float32))
        # Several talkers at once, never one: a single one would teach that quiet speech is silence.
        self.babble = np.zeros(RATE * 180, np.float32)
        for _ in range(6):
            row = np.concatenate([talkers[i] for i in draw.integers(0, len(talkers), 200)])
            self.babble += np.resize(row, len(self.babble)) / _loudness(row)
        self.clicks = white[:RATE * 60] * (draw.random(RATE * 60) < 0.0008) * 8
        self.stores.append(np.convolve(self.clicks, np.exp(-np.arange(40) / 8), "same").astype(np.float32))

    def cut(self, length, draw):
        """Noise of that many samples and whether it is babble."""
        babble = draw.random() < 0.15
        store = self.babble if babble else self.stores[draw.integers(len(self.stores))]
        start = draw.integers(0, len(store) - length)
        return store[start:start + length], babble


def line(sound, draw, noise):
    """One utterance as some caller's line might deliver it; `draw` is a numpy Generator."""
    sound = sound.astype(np.float32)
    if draw.random() < 0.7:
        speed = draw.uniform(0.9, 1.1)
        sound = np.interp(np.arange(int(len(sound) / speed)) * speed, np.arange(len(sound)), sound)
    before, after = int(draw.uniform(0.05, 0.7) * RATE), int(draw.uniform(0.1, 0.7) * RATE)
    spoken = _loudness(sound)
    sound = np.pad(sound, (before, after)).astype(np.float32)
    if draw.random() < 0.85:
        sound = _filtered(sound, _channel(draw), 2400).astype(np.float32)
        spoken = _loudness(sound[before:len(sound) - after])
    if draw.random() < 0.85:
        added, babble = noise.cut(len(sound), draw)
        ratio = draw.uniform(18 if babble else 7, 42)
        sound = sound + added * (spoken / _loudness(added) / 10 ** (ratio / 20))
    sound *= 10 ** draw.uniform(1.7, 3.9) / _loudness(sound)
    if draw.random() < 0.5:
        sound = sound + draw.standard_normal(len(sound)).astype(np.float32) * draw.uniform(0, 4)
    if draw.random() < 0.8:
        sound = a_law(sound)
    if draw.random() < 0.15:
        sound = lose_packets(sound, draw.uniform(0.01, 0.08), draw)
    return np.clip(sound, -32768, 32767).astype(np.float32)


CONDITIONS = ("clean", "phone", "noisy", "quiet", "lossy")


def condition(sound, name, draw):
    """One of the fixed conditions of the report, with 0.3 s before the speech and 1 s after it.

    clean: as recorded; phone: 300–3400 Hz, noise 30 dB below, A-law; noisy: the same at 15 dB;
    quiet: phone, 20 dB weaker before A-law; lossy: phone, then 5 % of the packets lost.
    """
    sound = np.pad(sound.astype(np.float32), (2400, 8000))
    if name == "clean":
        return sound.astype(np.int16)
    spoken = _loudness(sound[2400:-8000])

    def band(hertz, _):
        return 1 / np.sqrt((1 + (300 / np.maximum(hertz, 1)) ** 8) * (1 + (hertz / 3400) ** 24))
    sound = _filtered(sound, band)
    hiss = spoken / 10 ** ((15 if name == "noisy" else 30) / 20)
    sound = sound + draw.standard_normal(len(sound)) * hiss
    sound = a_law(sound * (0.1 if name == "quiet" else 1.0))
    if name == "lossy":
        sound = lose_packets(sound, 0.05, draw)
    return np.clip(sound, -32768, 32767).astype(np.int16)
