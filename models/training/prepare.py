"""Sentence pairs, single sentences, and what was dropped because it measures.

    python prepare.py DATA WORK

Writes WORK/pairs.jsonl ([en, zh, source]), WORK/tatoeba_held_out.jsonl (1,000 pairs, chosen by
hash, that only measure), WORK/mono.{en,zh}.txt, WORK/passages.jsonl ([title, passage, group]: titles and
headings of help articles with the text under them, within and across languages; a group shares the
place in one article) and WORK/prepare.json (counts).
"""

import collections
import hashlib
import json
import pathlib
import random
import re
import sys

from files import (
    MEASURE_INTENTS,
    MEASURE_RETRIEVAL,
    corpus_rows,
    intent_rows,
    read_json_lines,
    read_lines,
    retrieval_rows,
    write_json_lines,
)  # fmt: skip
from text import HAN, fold, key

HELD_OUT = 1000
LONGEST_ENGLISH_WORDS = 45
LONGEST_CHINESE = 90
PASSAGE_CHARACTERS = 700
SHORTEST_PASSAGE = 30
SECTIONS = 6  # of an article
REPEATS = 3  # rows of documentation that share their beginning or their English side


def sentences(text: str) -> list[str]:
    """A text and its sentences."""
    return [text, *(s for s in re.split(r"[\n。！？!?;；]|\. ", text) if len(s) >= 8)]


def measured_keys(data: pathlib.Path) -> set[str]:
    """Keys of every text, and of every sentence of every passage, that only measures."""
    keys = {key(row["text"]) for name in MEASURE_INTENTS for row in intent_rows(data, name)}
    for name, fields in MEASURE_RETRIEVAL.items():
        for row in retrieval_rows(data, name):
            keys.update(key(s) for field in fields for s in sentences(row[field]))
    keys.update(key(row["text"]) for row in corpus_rows("dev", "test"))
    return keys


def held_out(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """1,000 pairs with sides that occur once, four words or more, lowest SHA-256 first."""
    english = collections.Counter(key(a) for a, _ in rows)
    chinese = collections.Counter(key(b) for _, b in rows)
    once = [
        (a, b) for a, b in rows
        if english[key(a)] == chinese[key(b)] == 1 and len(a.split()) >= 4
    ]  # fmt: skip
    return sorted(once, key=lambda p: hashlib.sha256(p[0].encode()).digest())[:HELD_OUT]


def raw_pairs(data: pathlib.Path, tatoeba: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """All parallel text as (English, Chinese of either script, source)."""
    parallel = data / "parallel"
    pairs = [(a, b, "tatoeba") for a, b in tatoeba]
    for row in read_json_lines(parallel / "3am_train.jsonl.xz"):
        pairs.append((row["en"], row["zh-Hans"], "3am"))
    for row in read_json_lines(parallel / "intune_trilingual.jsonl.xz"):
        pairs += [(row["en"], row["zh-CN"], "docs-intune"), (row["en"], row["zh-TW"], "docs-intune")]
    for script in ("zh-Hans", "zh-Hant"):
        for row in read_json_lines(parallel / f"en_{script}.jsonl.xz"):
            kind = "docs-" if row["source"].startswith("ms") else "shop-"
            service = "service-" if row["cs"] else ""
            pairs.append((row["en"], row[script], service + kind + row["source"]))
    return pairs


def usable(english: str, chinese: str) -> str | None:
    """Why a pair is dropped, or None."""
    words = len(english.split())
    han = sum(map(len, HAN.findall(chinese)))
    if not han or not words or words > LONGEST_ENGLISH_WORDS or len(chinese) > LONGEST_CHINESE:
        return "length"
    if han < 0.35 * len(chinese.replace(" ", "")) or HAN.search(english):
        return "language"
    if words > 3 and not 0.5 < han / words < 5:
        return "ratio"
    return None


def sections(title: str, body: str) -> list[tuple[str, str]]:
    """(title, or title and heading; the text under it, cut) of an article in Markdown."""
    found: list[tuple[str, str]] = []
    heading, lines = title, []
    for line in [*body.split("\n"), "## "]:
        mark = re.match(r"#{1,4}\s*(.*)", line)
        if mark is None:
            lines.append(re.sub(r"[*_`>|]|\[|\]\([^)]*\)", " ", line).strip())
            continue
        text = re.sub(r"\s+", " ", " ".join(lines)).strip()[:PASSAGE_CHARACTERS]
        if len(text) >= SHORTEST_PASSAGE:
            found.append((heading, text))
        own = mark[1].strip()
        heading = title if own in ("", title) else f"{title} {own}"
        lines = []
    return found[:SECTIONS]


def passages(data: pathlib.Path, measured: set[str]) -> tuple[list[tuple[str, str, str]], int]:
    """Questions (titles, headings) and passages of the help articles, and how many were dropped.

    The part that is also a retrieval set that measures is left out, and so is any passage of
    which a sentence occurs in a text that measures.
    """
    articles: dict[str, dict[str, list[tuple[str, str]]]] = collections.defaultdict(dict)
    for locale in ("en", "zh-Hans", "zh-Hant"):
        for row in read_json_lines(data / "kb" / f"articles_{locale}.jsonl.xz"):
            if not row["path"].startswith("alchemyinsights"):
                articles[row["path"]][locale] = sections(row["title"], row["body"])
    found, dropped = [], 0
    for path, by_locale in articles.items():
        for locale, own in by_locale.items():
            for number, (title, passage) in enumerate(own):
                if any(key(s) in measured for s in (title, *sentences(passage))):
                    dropped += 1
                    continue
                group = f"{path}#{number}"
                found.append((title, passage, group))
                for other, theirs in by_locale.items():
                    # The title and the first passage stand for the same thing in every language;
                    # later headings do so only when the articles have the same build.
                    same_place = len(theirs) > number and (number == 0 or len(theirs) == len(own))
                    if other != locale and same_place and key(theirs[number][0]) not in measured:
                        found.append((theirs[number][0], passage, group))
    return found, dropped


def main(data: pathlib.Path, work: pathlib.Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    measured = measured_keys(data)
    tatoeba = [(r["en"], r["zh"]) for r in read_json_lines(data / "parallel/tatoeba.jsonl.xz")]
    held = held_out(tatoeba)
    write_json_lines(work / "tatoeba_held_out.jsonl", held)
    measured |= {key(side) for pair in held for side in pair}

    dropped: collections.Counter[str] = collections.Counter()
    beginnings: collections.Counter[str] = collections.Counter()
    seen, kept = set(), []
    for english, chinese, source in raw_pairs(data, tatoeba):
        english, chinese = english.strip(), fold(chinese).strip()
        reason = usable(english, chinese) or ("measured" if "alchemy" in source else None)
        keys = key(english), key(chinese)
        if reason is None and (keys[0] in measured or keys[1] in measured):
            reason = "measured"
        if reason is None and keys in seen:
            reason = "repeat"
        if reason is None and "docs-" in source:
            start = re.sub(r"\d+|[a-z]", "", keys[1])[:14]
            if beginnings[start] >= REPEATS or beginnings[keys[0]] >= REPEATS:
                reason = "near repeat"
            beginnings[start] += 1
            beginnings[keys[0]] += 1
        if reason:
            dropped[reason] += 1
            continue
        seen.add(keys)
        kept.append((english, chinese, source))
    random.Random(7).shuffle(kept)
    write_json_lines(work / "pairs.jsonl", kept)

    counts = {"pairs": len(kept), "dropped pairs": dict(dropped)}
    for language, names in {"en": ["en"], "zh": ["zh-Hans", "zh-Hant"]}.items():
        lines = [s for n in names for s in read_lines(data / "mono" / f"{n}.txt.xz")]
        good = [fold(s).replace("\r", " ") for s in lines if key(s) not in measured]
        (work / f"mono.{language}.txt").write_text("\n".join(good), encoding="utf8")
        counts[f"mono {language}"] = len(good)
        counts[f"mono {language} dropped as measured"] = len(lines) - len(good)
    about, left_out = passages(data, measured)
    write_json_lines(work / "passages.jsonl", about)
    counts |= {"titles and passages": len(about), "passages dropped as measured": left_out}
    by_source = collections.Counter(re.sub(r"^service-", "", s) for *_, s in kept)
    counts["pairs by source"] = dict(by_source.most_common())
    (work / "prepare.json").write_text(json.dumps(counts, indent=1))
    print(json.dumps(counts))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
