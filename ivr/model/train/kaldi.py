"""Writes a trained network as a Kaldi model that libvosk loads.

usage: kaldi.py NETWORK.pt MODEL

MODEL/am/final.mdl (binary TransitionModel, then nnet3 with 16-bit matrices), MODEL/conf and
MODEL/graph/phones.txt stay or come to be as the recogniser needs them; MODEL/model.sha256 lists the
files, and the server compares it at every start. Formats: Kaldi's hmm/hmm-topology.cc,
hmm/transition-model.cc, nnet3/nnet-nnet.cc, matrix/compressed-matrix.cc.
"""

import hashlib
import os
import struct
import sys

import numpy as np
import torch

from network import BODY, FRONT, PHONES, Network

CONF = {
    "conf/mfcc.conf": """--sample-frequency=8000
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=40
--high-freq=3800
--dither=0
--allow-downsample=true
""",
    "conf/model.conf": """--min-active=200
--max-active=3000
--beam=12.0
--lattice-beam=4.0
--acoustic-scale=1.0
--phone-determinize=false
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.5
""",
}


class Binary:
    """Kaldi's binary stream."""

    def __init__(self):
        self.bytes = bytearray(b"\0B")

    def tokens(self, *tokens):
        for token in tokens:
            self.bytes += token.encode() + b" "

    def integers(self, *values):
        for value in values:
            self.bytes += b"\4" + struct.pack("<i", value)

    def floats(self, *values):
        for value in values:
            self.bytes += b"\4" + struct.pack("<f", value)

    def doubles(self, token, value):
        self.tokens(token)
        self.bytes += b"\x08" + struct.pack("<d", value)

    def integer_vector(self, values):
        self.bytes += b"\4" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes()

    def vector(self, values):
        self.tokens("FV")
        self.integers(len(values))
        self.bytes += np.asarray(values, "<f4").tobytes()

    def matrix(self, values):
        """16 bits a number, evenly between the least and the greatest."""
        least, span = float(values.min()), float(values.max() - values.min())
        self.tokens("CM2")
        self.bytes += struct.pack("<ffii", least, span, *values.shape)
        self.bytes += np.round((values - least) / span * 65535).astype("<u2").tobytes()


def transition_model(out):
    """Every phone: one state that is entered with its first output and stayed in with its second."""
    out.tokens("<TransitionModel>", "<Topology>")
    out.integer_vector(range(1, PHONES + 1))
    out.integer_vector([-1] + [0] * PHONES)
    out.integers(-1, 1, 2)  # two outputs a state; one topology; two states, the second final
    out.integers(0, 1, 2, 0)
    out.floats(0.5)
    out.integers(1)
    out.floats(0.5)
    out.integers(-1, -1, 0)
    out.tokens("</Topology>", "<Tuples>")
    out.integers(PHONES)
    for phone in range(PHONES):
        out.integers(phone + 1, 0, 2 * phone, 2 * phone + 1)
    out.tokens("</Tuples>", "<LogProbs>")
    out.vector([0.0] + [np.log(0.5)] * (2 * PHONES))
    out.tokens("</LogProbs>", "</TransitionModel>")


def folded(layer):
    """The affine part with the batch norm in it: matrix and bias."""
    gain = layer.norm.weight / torch.sqrt(layer.norm.running_var + layer.norm.eps)
    return layer.affine.weight * gain[:, None], layer.norm.bias - layer.norm.running_mean * gain


def layers(network):
    """(name, matrix, bias, offsets in frames of 10 ms, whether it goes round about)."""
    for at, (layer, offsets) in enumerate(zip(network.front, FRONT)):
        matrix, bias = folded(layer)
        if at == 0:
            mean = network.mean.repeat(len(offsets)) * network.scale.repeat(len(offsets))
            bias = bias - matrix @ mean
            matrix = matrix * network.scale.repeat(len(offsets))[None]
        yield f"front{at}", matrix, bias, offsets, False
    for at, (layer, offsets) in enumerate(zip(network.body, BODY)):
        yield f"body{at}", *folded(layer), tuple(3 * offset for offset in offsets), True


def nnet3(out, network):
    """The network as nnet3: a configuration in text, then the components."""
    nodes, components, source = ["input-node name=input dim=40"], [], "input"

    def node(name, kind, values, fed):
        nodes.append(f"component-node name={name} component={name} input={fed}")
        components.append((name, kind, values))

    for name, matrix, bias, offsets, around in layers(network):
        spliced = ", ".join(f"Offset({source}, {o})" if o else source for o in offsets)
        node(f"{name}.affine", "FixedAffineComponent", (matrix, bias), f"Append({spliced})")
        node(f"{name}.relu", "RectifiedLinearComponent", len(bias), f"{name}.affine")
        if around:
            node(f"{name}.sum", "NoOpComponent", len(bias), f"Sum({name}.relu, {source})")
        source = f"{name}.sum" if around else f"{name}.relu"
    node("output.affine", "FixedAffineComponent", (network.output.weight, network.output.bias), source)
    nodes.append("output-node name=output input=output.affine objective=linear")

    out.tokens("<Nnet3>")
    out.bytes += b"\n" + "\n".join(nodes).encode() + b"\n\n"
    out.tokens("<NumComponents>")
    out.integers(len(components))
    for name, kind, values in components:
        out.tokens("<ComponentName>", name, f"<{kind}>")
        component(out, kind, values)
        out.tokens(f"</{kind}>")
    out.tokens("</Nnet3>")


def component(out, kind, values):
    """The body of one component."""
    if kind == "FixedAffineComponent":
        out.tokens("<LinearParams>")
        out.matrix(values[0].numpy())
        out.tokens("<BiasParams>")
        out.vector(values[1].numpy())
        return
    out.tokens("<Dim>")
    out.integers(values)
    if kind == "NoOpComponent":
        out.tokens("<BackpropScale>")
        out.floats(1.0)
        return
    for token in ("<ValueAvg>", "<DerivAvg>"):
        out.tokens(token)
        out.vector([])
    out.doubles("<Count>", 0.0)
    out.tokens("<OderivRms>")
    out.vector([])
    for token in ("<OderivCount>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
        out.doubles(token, 0.0)
    out.tokens("<SelfRepairScale>")
    out.floats(0.0)


def write(network, model):
    """The whole folder but for graph/phones.txt, which is the recogniser's."""
    out = Binary()
    transition_model(out)
    with torch.no_grad():
        nnet3(out, network)
    out.tokens("<LeftContext>")
    out.integers(0)
    out.tokens("<RightContext>")
    out.integers(0)
    out.tokens("<Priors>")
    out.vector([])
    files = {"am/final.mdl": bytes(out.bytes)}
    files |= {name: text.encode() for name, text in CONF.items()}
    for name, content in files.items():
        os.makedirs(os.path.dirname(os.path.join(model, name)), exist_ok=True)
        with open(os.path.join(model, name), "wb") as file:
            file.write(content)
    listed = sorted([*files, "graph/phones.txt"])
    with open(os.path.join(model, "model.sha256"), "w", encoding="utf-8") as sums:
        for name in listed:
            with open(os.path.join(model, name), "rb") as file:
                sums.write(f"{hashlib.sha256(file.read()).hexdigest()}  {name}\n")


def main():
    network = Network()
    network.load_state_dict(torch.load(sys.argv[1], weights_only=True))
    network.eval()
    write(network, sys.argv[2])


if __name__ == "__main__":
    main()
