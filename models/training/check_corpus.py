"""Checks labelled messages: format, label words, score ranges, ids, exact repeats, shares per label.

    python models/training/check_corpus.py models/training/corpus/train.en.jsonl …

Exits 1 and names file, line and field of every mistake.
"""

import collections
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
GUIDE = (HERE / "LABELS.md").read_text(encoding="utf8")
INTENTS = set(re.findall(r"^\| ([a-z]+(?:\.[a-z_]+)?) \|", GUIDE, re.M)) - {
    "intent", "level", "reason", "urgent", "high", "normal", "low", "requested", "risk", "upset",
    "low_confidence", "no_answer", "account_specific", "repeated", "language", "policy",
}
CHOICES = {
    "channel": {"chat", "email", "social", "form"},
    "urgency": {"low", "normal", "high", "urgent"},
    "sentiment": {"negative", "neutral", "positive"},
    "emotion": {"anger", "anxiety", "disappointment", "confusion", "gratitude", "none"},
}
FIELDS = {
    "id": str, "text": str, "lang": str, "channel": str, "context": list, "intents": list,
    "urgency": str, "sentiment": str, "score": (int, float), "emotion": str,
    "wants_human": bool, "orders_system": bool, "topic": str,
}
OPTIONAL = {"out_of_scope": bool, "pair": str}


def mistakes(row):
    for field, kind in FIELDS.items():
        if field not in row:
            yield f"{field}: missing"
        elif not isinstance(row[field], kind):
            yield f"{field}: wrong type"
    if any(field not in row for field in FIELDS):
        return
    for field in row.keys() - FIELDS.keys():
        if field not in OPTIONAL:
            yield f"{field}: not a field"
        elif not isinstance(row[field], OPTIONAL[field]):
            yield f"{field}: wrong type"
    if row.get("out_of_scope") and row["intents"][:1] not in (["other"], ["spam"]):
        yield "intents: a text out of scope is primarily other or spam"
    if not row["text"].strip():
        yield "text: blank"
    for field, choices in CHOICES.items():
        if row[field] not in choices:
            yield f"{field}: {row[field]!r} is none of {sorted(choices)}"
    for intent in row["intents"]:
        if intent not in INTENTS:
            yield f"intents: {intent!r} is not in the guide"
    if not row["intents"] or len(set(row["intents"])) != len(row["intents"]):
        yield "intents: empty or repeated"
    low, high = {"negative": (-1, -0.2), "neutral": (-0.15, 0.15), "positive": (0.2, 1)}.get(
        row["sentiment"], (-1, 1)
    )
    if not low <= row["score"] <= high:
        yield f"score: {row['score']} does not fit {row['sentiment']}"
    if row["orders_system"] and row["intents"][0] != "other":
        yield "intents: a text with orders_system is primarily other"
    for turn in row["context"]:
        if set(turn) != {"role", "text"} or turn["role"] not in {"customer", "agent", "bot"}:
            yield "context: a turn has role (customer, agent, bot) and text"


def main(paths):
    assert len(INTENTS) == 46, sorted(INTENTS)
    bad, ids, texts = 0, {}, {}
    pairs = collections.Counter()
    for path in paths:
        shares = {field: collections.Counter() for field in ("intent", *CHOICES, "lang")}
        several = context = people = orders = outside = number = 0
        for number, line in enumerate(open(path, encoding="utf8"), 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                print(f"{path}:{number}: not JSON: {error}")
                bad += 1
                continue
            found = list(mistakes(row))
            where = f"{path}:{number}"
            if row.get("id") in ids:
                found.append(f"id: also at {ids[row['id']]}")
            same = (re.sub(r"\W+", "", str(row.get("text"))).lower() or row.get("text"), json.dumps(row.get("context")))
            if same in texts:
                found.append(f"text: also at {texts[same]}")
            ids[row.get("id")], texts[same] = where, where
            for mistake in found:
                print(f"{where}: {mistake}")
                bad += 1
            if found:
                continue
            shares["intent"][row["intents"][0]] += 1
            shares["lang"][row["lang"]] += 1
            for field in CHOICES:
                shares[field][row[field]] += 1
            several += len(row["intents"]) > 1
            context += bool(row["context"])
            people += row["wants_human"]
            orders += row["orders_system"]
            outside += row.get("out_of_scope", False)
            pairs[row.get("pair")] += 1
        print(f"{path}: {number} rows, several intents {several}, context {context}, wants_human {people}, orders_system {orders}, out of scope {outside}")
        for field, counts in shares.items():
            print(f"  {field}: " + ", ".join(f"{k} {v}" for k, v in counts.most_common()))
        print("  intents never primary: " + ", ".join(sorted(INTENTS - shares["intent"].keys())))
    del pairs[None]
    for pair in (pair for pair, count in pairs.items() if count != 2):
        print(f"pair {pair}: {pairs[pair]} messages instead of two")
        bad += 1
    print(f"{len(ids)} messages, {len(pairs)} near-pairs, {bad} mistakes")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
