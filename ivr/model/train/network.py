"""The acoustic model: a time-delay network over MFCC, one output for three frames.

It looks 0.5 s back but only 0.21 s ahead, because what is ahead is waited for when a caller stops
speaking. All weights are matrices over spliced frames, so that the same numbers are Kaldi's affine
components (kaldi.py) and bfloat16 products on the processor.
"""

import torch
from torch import nn

PHONES = 45
COEFFICIENTS = 40
WIDTH = 384
# Offsets in frames of 10 ms for the first two layers, then of 30 ms.
FRONT = ((-1, 0, 1), (-2, -1, 0, 1, 2))
BODY = ((-1, 0, 1),) * 4 + ((-2, 0, 1),) * 2 + ((-3, 0),) * 3
LEFT = 3 - 3 * sum(offsets[0] for offsets in BODY)
RIGHT = 3 + 3 * sum(offsets[-1] for offsets in BODY)


class Splice(torch.autograd.Function):
    """Frames beside each other: batch × frames × width to batch × frames' × offsets · width.

    Written out because the gradient of slices and `cat` costs more than the matrix products.
    """

    @staticmethod
    def forward(ctx, x, offsets, stride):
        frames = x.shape[1] - (offsets[-1] - offsets[0])
        ctx.offsets, ctx.stride, ctx.shape, ctx.frames = offsets, stride, x.shape, frames
        return torch.cat([x[:, o - offsets[0]:o - offsets[0] + frames:stride] for o in offsets], 2)

    @staticmethod
    def backward(ctx, upstream):
        gradient = torch.zeros(ctx.shape, dtype=upstream.dtype)
        for part, offset in zip(upstream.chunk(len(ctx.offsets), 2), ctx.offsets):
            start = offset - ctx.offsets[0]
            gradient[:, start:start + ctx.frames:ctx.stride] += part
        return gradient, None, None


class Layer(nn.Module):
    """Frames at some offsets → affine → batch norm → rectifier, and round about for the body."""

    def __init__(self, width_in, width_out, offsets, stride=1, around=False):
        super().__init__()
        self.offsets, self.stride, self.around = offsets, stride, around
        self.affine = nn.Linear(width_in * len(offsets), width_out, bias=False)
        self.norm = nn.BatchNorm1d(width_out)

    def forward(self, x):
        first = self.offsets[0]
        y = self.affine(Splice.apply(x, self.offsets, self.stride))
        y = torch.relu(self.norm(y.flatten(0, 1))).view(y.shape)
        return y + x[:, -first:y.shape[1] - first] if self.around else y


class Network(nn.Module):
    """Frames × 40, with LEFT and RIGHT frames of context, to frames / 3 × 90 log likelihoods."""

    def __init__(self, width=WIDTH):
        super().__init__()
        self.register_buffer("mean", torch.zeros(COEFFICIENTS))
        self.register_buffer("scale", torch.ones(COEFFICIENTS))
        self.front = nn.ModuleList([Layer(COEFFICIENTS, 128, FRONT[0]),
                                    Layer(128, width, FRONT[1], stride=3)])
        self.body = nn.ModuleList([Layer(width, width, offsets, around=True) for offsets in BODY])
        self.output = nn.Linear(width, 2 * PHONES)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, x):
        x = (x - self.mean) * self.scale
        if torch.is_autocast_enabled("cpu"):
            x = x.bfloat16()
        for layer in [*self.front, *self.body]:
            x = layer(x)
        return self.output(x).float()


def with_context(frames):
    """The first and the last frame repeated, as Kaldi does at the ends of an utterance."""
    return torch.cat([frames[:1].expand(LEFT, -1), frames, frames[-1:].expand(RIGHT, -1)])


def outputs_for(frames):
    """How many outputs so many frames give."""
    return (frames + 2) // 3
