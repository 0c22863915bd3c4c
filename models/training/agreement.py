"""How well two labellers agree: every message of `corpus/second.jsonl` was labelled twice, blind.

    python agreement.py

A line holds `id`, `first` (the author's labels) and `second` (those of a reader who did not see them).
Messages of the test part on which they differ were settled by a third reader who saw both; the
corpus holds what was settled, `first` what the author had said.
"""

import math
from collections import Counter

from files import CORPUS, TRAIN_PARTS, corpus_rows, read_json_lines
from labels import EMOTION, INTENTS, SENTIMENT, URGENCY
from table import number, table

SECOND = CORPUS / "second.jsonl"
AXES = ("primary intent", "urgency", "sentiment", "emotion", "wants_human", "orders_system")


def label(labels: dict, axis: str) -> str:
    """One axis of a message's labels."""
    return labels["intents"][0] if axis == "primary intent" else str(labels[axis])


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa: agreement beyond chance."""
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(left[k] * right[k] for k in left) / n**2
    return (observed - chance) / (1 - chance) if chance < 1 else math.nan


def agreement() -> dict[str, dict[str, float]]:
    """Share of equal labels and kappa, per axis; over all twice-labelled messages and of the test part."""
    rows = list(read_json_lines(SECOND)) if SECOND.exists() else []
    tested = {row["id"] for row in corpus_rows("test")}
    out: dict[str, dict[str, float]] = {}
    for name, part in (("all", rows), ("test part", [r for r in rows if r["id"] in tested])):
        if not part:
            continue
        out[name] = {"messages": len(part)}
        for axis in AXES:
            pairs = [(label(r["first"], axis), label(r["second"], axis)) for r in part]
            out[name][axis] = sum(a == b for a, b in pairs) / len(pairs)
            out[name][f"{axis}, kappa"] = kappa(pairs)
        levels = [(URGENCY.index(r["first"]["urgency"]), URGENCY.index(r["second"]["urgency"])) for r in part]
        out[name]["urgency within one level"] = sum(abs(a - b) <= 1 for a, b in levels) / len(levels)
        same = [set(r["first"]["intents"]) == set(r["second"]["intents"]) for r in part]
        out[name]["set of intents"] = sum(same) / len(same)
    return out


def agreement_table(found: dict[str, dict[str, float]]) -> str:
    """The table of the card."""
    if not found:
        return "Not measured yet."
    names = list(next(iter(found.values())))
    rows = [[name, *(number(figures[name]) for figures in found.values())] for name in names]
    return table(["", *found], rows)


def check() -> None:
    """Stops with a message when a line names an unknown message or an unknown label."""
    known = {row["id"] for row in corpus_rows(*TRAIN_PARTS, "dev", "test")}
    for line, row in enumerate(read_json_lines(SECOND), 1):
        labels = [row["first"], row["second"]]
        words = all(
            set(l["intents"]) <= set(INTENTS) and l["urgency"] in URGENCY and l["sentiment"] in SENTIMENT
            and l["emotion"] in EMOTION for l in labels
        )  # fmt: skip
        if row["id"] not in known or not words:
            raise SystemExit(f"{SECOND.name}:{line}: unknown message or label")


if __name__ == "__main__":
    check()
    print(agreement_table(agreement()))
