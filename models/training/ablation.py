"""What each stage brought: the same frozen-vector figures of every stage's checkpoint.

    python ablation.py DATA WORK [STAGE ...]

Keeps WORK/ablation.json; a stage that stands there is not measured again. `own intents` is a linear
probe on frozen vectors of our training messages, tested on dev, contexts withheld.
"""

import json
import pathlib
import sys

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from encoder import LONGEST_MESSAGE, Pieces, load_encoder, vectors
from files import intent_rows
from measure import Embed, alchemy, probe, tatoeba
from supervised import own_messages, train_messages

#: Stage, and the checkpoint it leaves.
STAGES = {
    "alignment": "embeddings.safetensors",
    "masked tokens": "masked.safetensors",
    "distillation": "distilled.safetensors",
    "questions": "searching.safetensors",
    "tuning": "tuned.safetensors",
}
TRAIN_SAMPLE = 6_000


def own_probe(embed: Embed) -> float:
    """Accuracy of the primary intent from frozen vectors."""
    train, dev = train_messages(), own_messages("dev")
    train = train[:: max(1, len(train) // TRAIN_SAMPLE)]
    model = LogisticRegression(C=20, max_iter=300)
    model.fit(embed([m.text for m in train]), [m.intents[0] for m in train])
    return float(model.score(embed([m.text for m in dev]), [m.intents[0] for m in dev]))


def stage_figures(checkpoint: pathlib.Path, data: pathlib.Path, work: pathlib.Path) -> dict[str, float]:
    """The figures of one checkpoint."""
    pieces, encoder = Pieces(work), load_encoder(checkpoint)
    encoder.rough = True

    def embed(texts: list[str]) -> np.ndarray:
        return vectors(encoder, pieces.encode(texts, LONGEST_MESSAGE), 32).numpy()

    found = tatoeba(embed, work)
    tests = {"en": intent_rows(data, "en_xsid.test"), "zh": intent_rows(data, "zhCN_xsid.test")}
    transfer = probe(embed, intent_rows(data, "en_xsid.dev"), tests)
    titles = alchemy(embed, data)
    return {
        "Tatoeba en→zh": found["en→zh"], "Tatoeba zh→en": found["zh→en"],
        "xSID en": transfer["en"], "xSID zh": transfer["zh"],
        **{f"alchemy {name} R@1": figures["R@1"] for name, figures in titles.items()},
        "own intents": own_probe(embed),
    }  # fmt: skip


def main(data: pathlib.Path, work: pathlib.Path, wanted: list[str]) -> None:
    torch.manual_seed(0)
    kept = work / "ablation.json"
    known = json.loads(kept.read_text(encoding="utf8")) if kept.exists() else {}
    for stage, checkpoint in STAGES.items():
        if stage in known or (wanted and stage not in wanted) or not (work / checkpoint).exists():
            continue
        known[stage] = stage_figures(work / checkpoint, data, work)
        print(stage, {k: round(v, 3) for k, v in known[stage].items()}, flush=True)
        kept.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:])
