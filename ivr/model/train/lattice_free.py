"""The training criterion: lattice-free maximum mutual information from a flat start.

How likely the words that were said are, against every sequence of phones (weighted by a phone
bigram), given the network's outputs. No alignment and no earlier model is needed (Povey et al.,
Purely sequence-trained neural networks for ASR based on lattice-free MMI, Interspeech 2016; Hadian
et al., End-to-end speech recognition using lattice-free MMI, Interspeech 2018).

A phone has two outputs: 2·phone on its first 30 ms frame and 2·phone + 1 on each later one. Phone 0
is silence. In the bigram, row PHONES is the beginning of an utterance, column PHONES its end.
"""

import numpy as np
import torch


def bigram(sentences, lexicon, phones, draw):
    """Probability of each phone after each other, silences thrown in between words."""
    counts = np.zeros((phones + 1, phones + 1))
    for words in sentences:
        said = [0] if draw.random() < 0.8 else []
        for at, word in enumerate(words):
            if at and draw.random() < 0.15:
                said.append(0)
            said += lexicon[word]
        if draw.random() < 0.8:
            said.append(0)
        for left, right in zip([phones, *said], [*said, phones]):
            counts[left, right] += 1
    anywhere = counts.sum(0) + 1
    after = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    return 0.95 * after + 0.05 * (anywhere / anywhere.sum())[None]


class Chain:
    """The numerators of a batch: each utterance's phones in a row, silence between words optional."""

    def __init__(self, sentences, lexicon, weights, phones):
        rows = [self._states(words, lexicon) for words in sentences]
        count, longest = len(rows), max(map(len, rows))
        self.phone = torch.zeros(count, longest, dtype=torch.long)
        tables = torch.zeros(4, count, longest, dtype=torch.double)
        self.step, self.skip, self.start, self.end = tables
        for row, states in enumerate(rows):
            last = len(states) - 1
            self.phone[row, :last + 1] = torch.tensor([phone for phone, _ in states])
            for at in range(1, last + 1):
                self.step[row, at] = weights[states[at - 1][0], states[at][0]]
                if at > 1 and states[at - 1][1]:
                    self.skip[row, at] = weights[states[at - 2][0], states[at][0]]
            self.start[row, 0] = weights[phones, states[0][0]]
            self.end[row, last] = weights[states[last][0], phones]
            if last:
                self.start[row, 1] = weights[phones, states[1][0]]
                self.end[row, last - 1] = weights[states[last - 1][0], phones]

    @staticmethod
    def _states(words, lexicon):
        states = [(0, True)]
        for word in words:
            states += [(phone, False) for phone in lexicon[word]] + [(0, True)]
        return states

    def forward(self, mass):
        """One phone on."""
        moved = torch.zeros_like(mass)
        moved[:, 1:] = mass[:, :-1] * self.step[:, 1:]
        moved[:, 2:] += mass[:, :-2] * self.skip[:, 2:]
        return moved

    def backward(self, mass):
        """One phone back."""
        moved = torch.zeros_like(mass)
        moved[:, :-1] = mass[:, 1:] * self.step[:, 1:]
        moved[:, :-2] += mass[:, 2:] * self.skip[:, 2:]
        return moved


def _occupancy(graph, first, stay, inside, lengths):
    """Log likelihood of a graph and how much each state is entered and stayed in, frame by frame.

    Likelihoods are scaled to sum to one in each frame. `inside` tells which frames are there.
    """
    frames = first.shape[1]
    forward, moved, scales = [], [None], []
    mass = graph.start * first[:, 0]
    scale = mass.sum(1, keepdim=True).clamp(min=1e-300)
    mass = mass / scale
    forward.append(mass)
    scales.append(scale)
    total = scale[:, 0].log()
    for t in range(1, frames):
        step = graph.forward(mass)
        new = step * first[:, t] + mass * stay[:, t]
        scale = new.sum(1, keepdim=True).clamp(min=1e-300)
        here = inside[:, t]
        mass = torch.where(here, new / scale, mass)
        scale = torch.where(here, scale, torch.ones_like(scale))
        forward.append(mass)
        moved.append(step)
        scales.append(scale)
        total = total + scale[:, 0].log()
    reached = (mass * graph.end).sum(1)
    possible = reached > 1e-200
    reached = reached.clamp(min=1e-300)
    back = (graph.end / reached[:, None]).expand_as(mass)
    entered, stayed = torch.zeros_like(first), torch.zeros_like(stay)
    for t in range(frames - 1, 0, -1):
        here = inside[:, t]
        enter, remain = first[:, t] * back / scales[t], stay[:, t] * back / scales[t]
        entered[:, t] = torch.where(here, moved[t] * enter, 0)
        stayed[:, t] = torch.where(here, forward[t - 1] * remain, 0)
        back = torch.where(here, graph.backward(enter) + remain, back)
    entered[:, 0] = forward[0] * back
    return total + reached.log(), entered, stayed, possible


class Everything:
    """The denominator: any phone after any other, by the bigram."""

    def __init__(self, weights, phones):
        weights = torch.as_tensor(weights, dtype=torch.double)
        self.between = weights[:phones, :phones].contiguous()
        self.reverse = self.between.t().contiguous()
        self.start, self.end = weights[phones, :phones][None], weights[:phones, phones][None]

    def forward(self, mass):
        """One phone on."""
        return mass @ self.between

    def backward(self, mass):
        """One phone back."""
        return mass @ self.reverse


class Criterion(torch.autograd.Function):
    """Minus the objective per frame, and the share of utterances that could be aligned."""

    @staticmethod
    def forward(ctx, outputs, lengths, everything, chain):
        scaled = outputs.detach().double()
        scaled = (scaled - scaled.max(2, keepdim=True)[0]).clamp(min=-40).exp()
        first, stay = scaled[:, :, 0::2], scaled[:, :, 1::2]
        inside = (torch.arange(outputs.shape[1])[None] < lengths[:, None])[:, :, None]
        whole, entered, stayed, _ = _occupancy(everything, first, stay, inside, lengths)
        gradient = torch.zeros_like(scaled)
        gradient[:, :, 0::2], gradient[:, :, 1::2] = entered, stayed
        at = chain.phone[:, None, :].expand(-1, outputs.shape[1], -1)
        said, entered, stayed, possible = _occupancy(
            chain, first.gather(2, at), stay.gather(2, at), inside, lengths)
        gradient.scatter_add_(2, 2 * at, -entered)
        gradient.scatter_add_(2, 2 * at + 1, -stayed)
        usable = possible.double()
        ctx.save_for_backward((gradient * usable[:, None, None] / lengths.sum()).to(outputs.dtype))
        objective = ((said - whole) * usable).sum() / lengths.sum()
        return (-objective).to(outputs.dtype), usable.mean()

    @staticmethod
    def backward(ctx, upstream, _):
        return ctx.saved_tensors[0] * upstream, None, None, None
