"""Every word that will be trained with, one a line.

usage: words.py SENTENCES SENTENCES PEOPLE
"""

import os
import re
import sys

from corpus import load


def main():
    texts = [open(file, encoding="utf-8").read() for file in sys.argv[1:3]]
    texts += [text for _, text, _ in load(os.path.join(sys.argv[3], "people-*.npz"))]
    words = set(re.findall("[а-яё]+", " ".join(texts).lower()))
    print("\n".join(sorted(words)))


if __name__ == "__main__":
    main()
