"""Finds near-duplicates between the parts of the corpus; exits 1 if there is any.

    python near_duplicates.py [--within] [--remove]

Two messages of different parts (the train files count as one part) are near-duplicates when their
normalised text is the same, or the Jaccard similarity of their character 5-grams is over 0.7.
Texts under 12 characters, a Chinese one counting twice, are let through unless their context is the same too: "thanks!" is not
copied. `--within` also lists pairs inside a part (they do not count). `--remove` takes the message of the
part that measures less (train before dev before test) out of its file, with the other half of its near-pair.
"""

import argparse
import sys
from collections import defaultdict

from files import CORPUS, TRAIN_PARTS, corpus_rows, write_json_lines
from text import HAN, key

SIMILAR = 0.7
SHORT = 12
GRAM = 5


def grams(text: str) -> frozenset[str]:
    """Character 5-grams of the normalised text."""
    plain = key(text)
    return frozenset(plain[i : i + GRAM] for i in range(max(1, len(plain) - GRAM + 1)))


def size(text: str) -> int:
    """Characters of the normalised text, a Chinese one counting twice: it says as much as a word."""
    plain = key(text)
    return len(plain) + sum(map(len, HAN.findall(plain)))


def identity(row: dict) -> str:
    """What makes a short message the same one: text and context."""
    return key(row["text"]) + "|" + "|".join(key(turn["text"]) for turn in row["context"])


def repeated(rows: list[dict], parts: list[str], within: bool) -> list[tuple[int, int, float]]:
    """Pairs of row numbers that are too similar, with their similarity."""
    sets = [grams(row["text"]) for row in rows]
    holders: dict[str, dict[str, list[int]]] = {part: defaultdict(list) for part in dict.fromkeys(parts)}
    found = []
    for number, own in enumerate(sets):
        shared: dict[int, int] = defaultdict(int)
        for part, by_gram in holders.items():
            if part == parts[number] and not within:
                continue
            for gram in own:
                for other in by_gram.get(gram, ()):
                    shared[other] += 1
        for gram in own:
            holders[parts[number]][gram].append(number)
        for other, count in shared.items():
            similar = count / (len(own) + len(sets[other]) - count)
            short = min(size(rows[n]["text"]) for n in (number, other)) < SHORT
            same = identity(rows[number]) == identity(rows[other])
            if same or (similar > SIMILAR and not short):
                found.append((other, number, similar))
    return found


def remove(ids: set[str]) -> None:
    """Takes messages out of the corpus files; a near-pair goes as a whole."""
    names = (*TRAIN_PARTS, "dev", "test")
    pairs = {row["pair"] for row in corpus_rows(*names) if row["id"] in ids and "pair" in row}
    for name in names:
        rows = corpus_rows(name)
        kept = [row for row in rows if row["id"] not in ids and row.get("pair") not in pairs]
        if len(kept) < len(rows):
            write_json_lines(CORPUS / f"{name}.jsonl", kept)
            print(f"{name}: {len(rows) - len(kept)} removed")


def main(within: bool, removing: bool) -> int:
    rows, parts = [], []
    for part, names in (("train", TRAIN_PARTS), ("dev", ("dev",)), ("test", ("test",))):
        loaded = corpus_rows(*names)
        rows += loaded
        parts += [part] * len(loaded)
    across, least = 0, set()
    for a, b, similar in repeated(rows, parts, within):
        where = f"{parts[a]} {rows[a]['id']} ~ {parts[b]} {rows[b]['id']}"
        print(f"{where} {similar:.2f}: {rows[a]['text'][:60]!r} ~ {rows[b]['text'][:60]!r}")
        if parts[a] != parts[b]:
            across += 1
            order = ("train", "dev", "test")
            least.add(rows[min(a, b, key=lambda n: order.index(parts[n]))]["id"])
    if removing:
        remove(least)
        return 0
    print(f"{len(rows)} messages, {across} near-duplicates between parts")
    return 1 if across else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--within", action="store_true", help="also list pairs inside a part")
    parser.add_argument("--remove", action="store_true", help="take them out of the lesser part")
    given = parser.parse_args()
    sys.exit(main(given.within, given.remove))
