"""Makes src/signals/letter_trigrams.bin: how surprising each letter is after the two before it.

Learned from the English rows and the Latin words of the Chinese rows in corpus/train.*.jsonl, without those
marked as noise, and from pinyin (all syllables, one to three in a row). 27 * 27 * 27 bytes, index
first * 729 + second * 27 + third with 0 for the edge of a word and 1 to 26 for a to z; each is the surprise
in sixteenths of a bit, at most 255. `src/signals/content.rs` reads it.

    python letters.py && python letters.py check   # check prints the words of train that score worst
"""

import collections
import json
import math
import pathlib
import random
import re
import sys

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parent.parent / "src/signals/letter_trigrams.bin"
SERVED = {"en", "zh-Hans", "zh-Hant", "mixed"}
INITIALS = "b p m f d t n l g k h j q x zh ch sh r z c s y w".split() + [""]
FINALS = (
    "a o e ai ei ao ou an en ang eng er i ia ie iao iu ian in iang ing iong u ua uo uai ui uan un uang ong v ue ve"
).split()
# Finals that each initial takes, by class; rare exceptions do not matter for trigrams.
WITHOUT_I = set("g k h zh ch sh r z c s".split())
ONLY_I_OR_U = set("j q x".split())


def pinyin_syllables():
    """Syllables of standard Chinese, without tones; a few impossible ones do no harm."""
    for initial in INITIALS:
        for final in FINALS:
            if initial in ONLY_I_OR_U and final[0] not in "iuv":
                continue
            if initial in WITHOUT_I and final[0] == "i" and final != "i":
                continue
            if initial in ("", "y", "w") and final[0] in "iv" and final not in ("in", "ing", "i"):
                continue
            yield initial + final


def words():
    """Latin words of the corpus with their counts; pinyin counts as one tenth of them."""
    counts = collections.Counter()
    for path in sorted((HERE / "corpus").glob("train.*.jsonl")):
        for line in path.open(encoding="utf-8"):
            row = json.loads(line)
            is_noise = row["lang"] not in SERVED or row.get("topic") in ("gibberish", "unclear")
            if is_noise or (row.get("out_of_scope") and row["intents"][0] == "spam"):
                continue
            for word in re.findall(r"[a-z]+", row["text"].lower().replace("'", "").replace("’", "")):
                counts[word] += 1
    return counts


def main():
    counts = words()
    # A word's weight grows slowly: the model is of words, not of texts.
    weights = {word: math.sqrt(count) for word, count in counts.items() if len(word) > 1 or word in "aiku"}
    syllables = sorted(set(pinyin_syllables()))
    generator = random.Random(7)
    share = sum(weights.values()) * 0.12 / 6000
    for _ in range(6000):
        word = "".join(generator.choice(syllables) for _ in range(generator.choice((1, 2, 2, 3))))
        weights[word] = weights.get(word, 0) + share
    three, two, one = collections.Counter(), collections.Counter(), collections.Counter()
    for word, weight in weights.items():
        letters = [0, 0] + [ord(letter) - 96 for letter in word] + [0]
        for first, second, third in zip(letters, letters[1:], letters[2:]):
            three[first, second, third] += weight
            two[first, second] += weight
            one[third] += weight
    pairs, seconds = collections.Counter(), collections.Counter()
    for (first, second, third), weight in three.items():
        pairs[second, third] += weight
        seconds[second] += weight
    total = sum(one.values())
    table = bytearray()
    for first in range(27):
        for second in range(27):
            for third in range(27):
                base = 0.9 * one[third] / total + 0.1 / 27
                pair = (pairs[second, third] + 4 * base) / (seconds[second] + 4)
                chance = (three[first, second, third] + 4 * pair) / (two[first, second] + 4)
                table.append(min(255, round(-16 * math.log2(chance))))
    TARGET.write_bytes(bytes(table))
    if len(sys.argv) > 1:
        check(table, counts)


def check(table, counts):
    """Prints the corpus words of four letters and more with the highest mean surprise."""

    def surprise(word):
        letters = [0, 0] + [ord(letter) - 96 for letter in word] + [0]
        steps = list(zip(letters, letters[1:], letters[2:]))
        return sum(table[a * 729 + b * 27 + c] for a, b, c in steps) / len(steps) / 16

    scored = sorted(((surprise(word), word) for word in counts if len(word) > 3), reverse=True)
    print(len(scored), [(word, round(score, 1)) for score, word in scored[:150]])
    for word in "asdkjh lkjj wqe ghjk fhgj zxcvzxcv fjdksl hgjfkdl fghfgh gfdsghj kjhg lmpo bvcxzlkjh xkq asdasdas qweqwe woaj dkka xrtwq plmokn".split():
        print(word, round(surprise(word), 2))


if __name__ == "__main__":
    main()
