"""Writes the table that folds Traditional Chinese characters to Simplified ones.

    python models/training/make_fold_table.py src/text/hant_to_hans.tsv

One line per character: Traditional, tab, Simplified; sorted by code point, no header. The source
is OpenCC's TSCharacters (Apache-2.0), first choice only, and only where both sides are exactly
one character, so that folding never moves an offset. The service embeds the same file.
"""

import pathlib
import sys

import opencc


def pairs(dictionary: pathlib.Path) -> dict[str, str]:
    """The one-to-one pairs of an OpenCC character dictionary, without those that change nothing."""
    table = {}
    for line in dictionary.read_text(encoding="utf8").splitlines():
        traditional, _, choices = line.partition("\t")
        first = choices.split()[0] if choices.split() else ""
        if len(traditional) == len(first) == 1 and traditional != first:
            table[traditional] = first
    return table


def closed(table: dict[str, str]) -> dict[str, str]:
    """Follows chains (a to b, b to c), so that folding twice gives what folding once gives."""
    result = {}
    for traditional, simplified in table.items():
        seen = {traditional}
        while simplified in table and simplified not in seen:
            seen.add(simplified)
            simplified = table[simplified]
        if simplified != traditional:
            result[traditional] = simplified
    return result


def main(target: str) -> None:
    source = pathlib.Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    table = closed(pairs(source))
    with open(target, "w", encoding="utf8", newline="\n") as out:
        out.writelines(f"{a}\t{b}\n" for a, b in sorted(table.items()))
    print(f"{len(table)} characters")


if __name__ == "__main__":
    main(sys.argv[1])
