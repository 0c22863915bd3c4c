"""Writes MODEL_CARD.md from the figures of the other stages, so that none is typed by hand.

    python card.py WORK FOLDER > MODEL_CARD.md

`card.md` beside this script is the text; a line `{{name}}` in it is replaced by the table `name`.
"""

import ast
import collections
import json
import pathlib
import sys

from files import HERE, TRAIN_PARTS, corpus_rows

LANGUAGES = ("en", "zh-Hans", "zh-Hant", "all")
CORPUS_LINES = [
    ("messages", "n"), ("primary intent, accuracy", "intent"), ("… in the first three", "intent in first 3"),
    ("… macro-F1", "macro-F1"), ("… calibration error", "ECE"), ("set of intents, F1", "several F1"),
    ("… of messages with two or more", "several F1 (two or more)"), ("urgency, exact", "urgency"),
    ("… off by more than one level", "urgency off by 2+"), ("… recall of urgent", "urgent recall"),
    ("… calibration error", "urgency ECE"), ("sentiment", "sentiment"), ("… calibration error", "sentiment ECE"),
    ("… mean error of the score", "score error"), ("emotion", "emotion"), ("… calibration error", "emotion ECE"),
    ("wants_human, precision", "wants_human P"), ("… recall", "wants_human R"),
    ("orders_system, precision", "orders_system P"), ("… recall", "orders_system R"),
]  # fmt: skip


def number(value: float | None) -> str:
    """A figure as the tables show it."""
    if value is None or value != value:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}".replace("0.", ".", 1)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def corpus_table(measures: dict) -> str:
    """The heads' figures beside the baseline's."""
    head = ["", *LANGUAGES, "tf-idf baseline, all"]
    rows = []
    for title, name in CORPUS_LINES:
        own = [number(measures[language]["model"].get(name)) for language in LANGUAGES]
        base = measures["all"]["tf-idf"]
        rows.append([title, *own, number(base.get(name)) if name not in {"n", "score error"} else ""])
    svm = [number(measures[language]["tf-idf"]["intent, linear SVM"]) for language in LANGUAGES]
    logistic = [number(measures[language]["tf-idf"]["intent"]) for language in LANGUAGES]
    rows.append(["baseline, primary intent: tf-idf + logistic regression", *logistic, ""])
    rows.append(["baseline, primary intent: tf-idf + linear SVM", *svm, ""])
    return table(head, rows)


def context_table(measures: dict) -> str:
    """Messages with and without context."""
    names = ("n", "intent", "urgency", "sentiment", "emotion")
    kinds = ("no context", "with context", "with context, context withheld")
    return table(["", *names], [[k, *(number(measures[k]["model"][n]) for n in names)] for k in kinds])


def search_table(ours: dict, original: dict) -> str:
    """Retrieval and probes beside the original encoder's."""
    lines = [
        ("Tatoeba, 1,000 held out, en→zh R@1", ("tatoeba", "en→zh")),
        ("… zh→en R@1", ("tatoeba", "zh→en")),
        ("xSID probe trained on English: English test", ("xsid, trained on en", "en")),
        ("… Chinese test", ("xsid, trained on en", "zh")),
        *(
            (f"alchemy title → body, {pair}, {at}", ("alchemy", pair, at))
            for pair in ("zh-CN→zh-CN", "zh-TW→zh-CN", "en→zh-CN") for at in ("R@1", "R@10")
        ),
        ("BANKING77 probe", ("banking77 probe", "all")),
        ("… five examples a class", ("banking77 probe", "five a class")),
        ("dstc9 question → answer in its entity, R@1", ("dstc9", "R@1")),
        ("… R@10", ("dstc9", "R@10")),
    ]  # fmt: skip

    def pick(tree: dict, path: tuple[str, ...]) -> str:
        for step in path:
            tree = tree[step]
        return number(tree)

    return table(
        ["", "this model", "all-MiniLM-L6-v2"],
        [[title, pick(ours, path), pick(original, path)] for title, path in lines],
    )


def corpus_counts() -> str:
    """Rows of the corpus by part and language."""
    rows = []
    for name in (*TRAIN_PARTS, "dev", "test"):
        part = corpus_rows(name)
        by = collections.Counter(r["lang"] if r["lang"] in LANGUAGES else "other" for r in part)
        several = sum(len(r["intents"]) > 1 for r in part)
        context = sum(bool(r["context"]) for r in part)
        languages = ", ".join(f"{k} {v}" for k, v in by.most_common())
        rows.append([f"corpus/{name}.jsonl", str(len(part)), languages, str(several), str(context)])
    return table(["part", "messages", "language", "several intents", "with context"], rows)


def docstring(name: str) -> str:
    """The exact definition that stands at the top of a module."""
    text = ast.get_docstring(ast.parse((HERE / name).read_text(encoding="utf8")))
    return f"```text\n{text}\n```"


def main(work: pathlib.Path, folder: pathlib.Path) -> None:
    def read(name: str) -> dict | list:
        path = work / name
        return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}

    prepared, tuned = read("prepare.json"), read("tune.json")
    best = max(
        tuned["epochs"], key=lambda f: sum(f[n] for n in ("intent", "macro-F1", "urgency", "sentiment", "emotion"))
    )
    sizes = {f.name: f.stat().st_size for f in sorted(folder.iterdir())}
    weights = read("calibration.json")["lexical_weight"]
    parts = {
        "corpus counts": corpus_counts(),
        "pairs": table(["source", "pairs"], [[k, str(v)] for k, v in prepared["pairs by source"].items()]),
        "dropped": ", ".join(f"{k} {v:,}" for k, v in prepared["dropped pairs"].items()),
        "distil": f"{read('distil.json')['tokens']:,}",
        "limits": (HERE / "card_limits.md").read_text(encoding="utf8").strip(),
        "public rows": str(tuned["public rows"]),
        "epoch": f"{best['epoch']} of {len(tuned['epochs'])}",
        "lexical weights": ", ".join(f"{k} {v}" for k, v in weights.items()),
        "sizes": ", ".join(f"{k} {v / 1e6:.2f}" for k, v in sizes.items()) + f"; {sum(sizes.values()) / 1e6:.1f} MB",
        "inputs": docstring("inputs.py"), "heads": docstring("heads.py"), "calibration": docstring("calibrate.py"),
        "search": search_table(read("measures.search.json"), read("measures.original.json")),
    }  # fmt: skip
    for part in ("dev", "test"):
        measures = read(f"measures.corpus.{part}.json")
        parts[part] = corpus_table(measures) if measures else "Not measured yet."
        parts[f"{part} context"] = context_table(measures) if measures else ""
    text = (HERE / "card.md").read_text(encoding="utf8")
    for name, value in parts.items():
        text = text.replace("{{" + name + "}}", value)
    sys.stdout.write(text)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
