"""Finds the characters that tell Simplified from Traditional Chinese text.

    python models/training/script_characters.py DATA_FOLDER src/text

Reads the folding table (`hant_to_hans.tsv`) and monolingual text of both scripts, and writes
`hans_only.txt` and `hant_only.txt`: characters of the table that the other script practically
never uses. A character such as 后 or 里 stands in both scripts and so in neither file.
"""

import collections
import lzma
import pathlib
import sys

# A character belongs to one script when its rate in the other is under this share of its own.
FOREIGN_SHARE = 0.02


def count(path):
    counts = collections.Counter()
    with lzma.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            counts.update(line)
    return counts, sum(counts.values())


def main(data, out):
    table = [line.split("\t") for line in (out / "hant_to_hans.tsv").read_text("utf8").splitlines()]
    hans, num_hans = count(data / "mono" / "zh-Hans.txt.xz")
    hant, num_hant = count(data / "mono" / "zh-Hant.txt.xz")

    def only(characters, own, num_own, other, num_other):
        for character in sorted(characters):
            own_rate, other_rate = own[character] / num_own, other[character] / num_other
            # Never seen anywhere: the table alone decides.
            if other_rate <= FOREIGN_SHARE * own_rate or own[character] == other[character] == 0:
                yield character

    traditional = {a for a, _ in table}
    simplified = {b for _, b in table} - traditional
    (out / "hans_only.txt").write_text("".join(only(simplified, hans, num_hans, hant, num_hant)) + "\n", "utf8")
    (out / "hant_only.txt").write_text("".join(only(traditional, hant, num_hant, hans, num_hans)) + "\n", "utf8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
