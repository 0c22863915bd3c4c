"""Writes MODEL_CARD.md from the figures of the other stages, so that none is typed by hand.

    python card.py WORK FOLDER > MODEL_CARD.md

`card.md` beside this script is the text; a line `{{name}}` in it is replaced by the table `name`.
"""

import ast
import collections
import hashlib
import json
import pathlib
import sys

from agreement import agreement, agreement_table
from files import HERE, TRAIN_PARTS, corpus_rows
from scoring import best_epoch
from table import number, table

LANGUAGES = ("en", "zh-Hans", "zh-Hant", "all")
#: Titles and names of the baseline's figures.
BASELINE = (
    ("primary intent", "intent"), ("urgency", "urgency"), ("recall of urgent", "urgent recall"),
    ("sentiment", "sentiment"), ("emotion", "emotion"),
)  # fmt: skip
MISSING = "Not measured yet."


def heads_table(report: dict, baseline: dict) -> str:
    """What `frontdesk eval --json` says, and the baseline."""
    names = [column["name"] for column in report["columns"]]
    rows = []
    for place, figure in enumerate(report["figures"]):
        values = [column["values"][place] for column in report["columns"]]
        shown = [number(round(v) if figure["unit"] == "count" and v is not None else v) for v in values]
        rows.append([figure["name"], *shown])
    for title, axis in BASELINE:
        cells = [number(baseline[name][axis]) if name in baseline else "" for name in names]
        rows.append([f"baseline: {title}", *cells])
    return table(["", *names], rows)


def reliability_table(report: dict) -> str:
    """Claimed and right share of the primary intent, in bins of equal count."""
    rows = [[str(b["messages"]), number(b["claimed"]), number(b["right"])] for b in report["reliability"]]
    return table(["messages", "mean claimed probability", "share right"], rows)


def ablation_table(stages: dict) -> str:
    """The same figures after every stage."""
    names = list(next(iter(stages.values())))
    rows = [[name, *(number(figures[name]) for figures in stages.values())] for name in names]
    return table(["after", *stages], rows)


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
        ("CLINC150 probe, in scope", ("clinc150 in scope probe", "all")),
        ("dstc9 question → answer in its entity, R@1", ("dstc9", "R@1")),
        ("… R@10", ("dstc9", "R@10")),
    ]  # fmt: skip

    def pick(tree: dict, path: tuple[str, ...]) -> str:
        for step in path:
            if step not in tree:
                return number(None)
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


def sha256(path: pathlib.Path) -> str:
    """Hash of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def docstring(name: str) -> str:
    """The exact definition that stands at the top of a module."""
    text = ast.get_docstring(ast.parse((HERE / name).read_text(encoding="utf8")))
    return f"```text\n{text}\n```"


def main(work: pathlib.Path, folder: pathlib.Path) -> None:
    def read(name: str) -> dict | list:
        path = work / name
        return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}

    prepared, tuned = read("prepare.json"), read("tuned.json")
    best = best_epoch(tuned["epochs"])
    sizes = {f.name: f.stat().st_size for f in sorted(folder.iterdir())}
    weights = read("calibration.json")["lexical_weight"]
    parts = {
        "corpus counts": corpus_counts(),
        "pairs": table(["source", "pairs"], [[k, str(v)] for k, v in prepared["pairs by source"].items()]),
        "dropped": ", ".join(f"{k} {v:,}" for k, v in prepared["dropped pairs"].items()),
        **{name: f"{read(f'{name}.json')['tokens']:,}" for name in ("mlm", "distil", "questions")},
        "passages": f"{prepared['titles and passages']:,}",
        "answers": ", ".join(f"{k} {number(v)}" for k, v in read("answers.json").items()),
        "sha256": sha256(folder / "model.safetensors"),
        "ablation": ablation_table(read("ablation.json")),
        "agreement": agreement_table(agreement()),
        "limits": (HERE / "card_limits.md").read_text(encoding="utf8").strip(),
        "public rows": str(tuned["public rows"]),
        "epoch": f"{best['epoch']} of {len(tuned['epochs'])}",
        "lexical weights": ", ".join(f"{k} {v}" for k, v in weights.items()),
        "sizes": ", ".join(f"{k} {v / 1e6:.2f}" for k, v in sizes.items()) + f"; {sum(sizes.values()) / 1e6:.1f} MB",
        "inputs": docstring("inputs.py"), "heads": docstring("heads.py"), "answer head": docstring("answers.py"),
        "late": docstring("late.py"),
        "limits of answers": (HERE / "card_answers.md").read_text(encoding="utf8").strip(),
        "calibration": docstring("calibrate.py"),
        "search": search_table(read("measures.search.json"), read("measures.original.json")),
    }  # fmt: skip
    for part in ("dev", "test"):
        report = read(f"measures.eval.{part}.json")
        parts[part] = heads_table(report, read(f"measures.baseline.{part}.json")) if report else MISSING
        parts[f"{part} reliability"] = reliability_table(report) if report else MISSING
    text = (HERE / "card.md").read_text(encoding="utf8")
    for name, value in parts.items():
        text = text.replace("{{" + name + "}}", value)
    sys.stdout.write(text)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
