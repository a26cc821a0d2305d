"""Prices of one phone after another in any Russian speech, for the search's model of unknown words.

usage: phone_costs.py BIGRAM.npy > ivr/src/graph/phone_costs.txt

BIGRAM.npy is what train.py counted. A row for each phone before (the first: the beginning of speech),
a column for each phone of speech after it: hundredths of −ln of the probability.
"""

import sys

import numpy as np

from network import PHONES


def main():
    weights = np.load(sys.argv[1])[:PHONES, 1:PHONES]
    weights = weights / weights.sum(1, keepdims=True)
    for row in np.round(-100 * np.log(weights)).astype(int):
        print(" ".join(map(str, row)))


if __name__ == "__main__":
    main()
