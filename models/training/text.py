"""How text is folded before the tokeniser, and what counts as the same text.

`fold` is the only step outside tokenizer.json: Traditional characters become Simplified ones,
one to one, from the table that the service embeds too. NFKC, Chinese punctuation and lower case
are the tokeniser's own normaliser (see vocabulary.py).
"""

import pathlib
import re
import unicodedata

FOLD_TABLE = pathlib.Path(__file__).parents[2] / "src" / "text" / "hant_to_hans.tsv"

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")

#: What the tokeniser's normaliser does to punctuation after NFKC, as (characters, replacement).
PUNCTUATION = [
    ("。", "."),
    ("、", ","),
    ("「」『』“”《》〈〉", '"'),
    ("‘’", "'"),
    ("【〔", "["),
    ("】〕", "]"),
    ("—–", "-"),
    ("·•", " "),
]
PUNCTUATION_TABLE = {ord(c): new for old, new in PUNCTUATION for c in old}


def read_fold_table(path: pathlib.Path = FOLD_TABLE) -> dict[int, str]:
    """The Traditional to Simplified table as `str.translate` wants it."""
    lines = path.read_text(encoding="utf8").splitlines()
    return {ord(line[0]): line[2] for line in lines}


FOLDS = read_fold_table()


def fold(text: str) -> str:
    """Traditional to Simplified, character by character; the length never changes."""
    return text.translate(FOLDS)


def normalise(text: str) -> str:
    """What the tokeniser sees after its normaliser, near enough to count and compare words."""
    return unicodedata.normalize("NFKC", fold(text)).translate(PUNCTUATION_TABLE).lower()


def key(text: str) -> str:
    """Equal for texts that differ only in script, case, width, spaces or punctuation."""
    return re.sub(r"[\W_]+", "", normalise(text)) or text.strip()
