"""Reading the data folder and the corpus, and where every stage keeps its intermediate files."""

import json
import lzma
import pathlib
from collections.abc import Iterator

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "corpus"

#: Files of the data folder that only measure. Training rows that repeat one of them are dropped.
MEASURE_INTENTS = [
    "en_banking77.test", "en_clinc150.test", "en_hwu64.test", "en_nlupp_multi",
    "en_xsid.dev", "en_xsid.test", "zhCN_xsid.dev", "zhCN_xsid.test",
]  # fmt: skip
MEASURE_RETRIEVAL = {
    "en_dstc9faq.corpus": ("q", "a"),
    "zhCN_alchemy.corpus": ("title", "title_en", "body"),
    "zhTW_alchemy.corpus": ("title", "title_en", "body"),
    "zhCN_egret.qa": ("q", "a"),
}


def read_lines(path: pathlib.Path) -> Iterator[str]:
    """Lines of a plain or xz-compressed UTF-8 file, without their line ends."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")


def read_json_lines(path: pathlib.Path) -> Iterator[dict]:
    """Rows of a JSON-lines file."""
    for line in read_lines(path):
        if line:
            yield json.loads(line)


def write_json_lines(path: pathlib.Path, rows: list) -> None:
    """Writes one JSON value a line."""
    with open(path, "w", encoding="utf8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def intent_rows(data: pathlib.Path, name: str) -> list[dict]:
    """Rows of one file of the data folder's intent/ part, such as `en_banking77.train`."""
    return list(read_json_lines(data / "intent" / f"{name}.jsonl.xz"))


def retrieval_rows(data: pathlib.Path, name: str) -> list[dict]:
    """Rows of one file of the data folder's retrieval/ part."""
    return list(read_json_lines(data / "retrieval" / f"{name}.jsonl.xz"))


def corpus_rows(*names: str) -> list[dict]:
    """Labelled messages of our own: `train.en`, `dev`, `test` … Files that are absent are skipped."""
    rows: list[dict] = []
    for name in names:
        path = CORPUS / f"{name}.jsonl"
        if path.exists():
            rows += read_json_lines(path)
    return rows


TRAIN_PARTS = ("train.en", "train.zh-Hans", "train.zh-Hant")
