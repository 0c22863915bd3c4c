"""Stage 5: supervised tuning of the encoder and all heads together, held by distillation pairs.

    python tune.py DATA WORK [--epochs 8]

A batch holds messages of our corpus (all labels), rows of the public sets (intent only) and
sentence pairs whose vectors must stay where distillation put them, so that search stays good. After
every epoch the dev part is measured; the best epoch is kept in WORK/tuned.safetensors, with its
figures in WORK/tune.json. Nothing else is chosen by dev than the epoch and what calibrate.py fits.
"""

import argparse
import json
import pathlib
import random
import time

import torch
from torch import Tensor
from torch.nn import functional

from distil import Teacher, contrast, english_texts, optimisers, set_rate
from encoder import Encoder, Pieces, load_encoder, pad, save_state
from files import read_json_lines
from heads import Heads, urgency_probabilities
from prepare import measured_keys
from scoring import Figures, logits, plain_figures
from supervised import (
    IGNORED, Message, mapped_messages, own_messages, targets, train_messages, varied,
)  # fmt: skip

OWN, PUBLIC, PAIRS, ENGLISH = 24, 8, 32, 16  # rows of each kind in a batch
LAYER_RATE, ROW_RATE, HEAD_RATE = 1e-4, 2e-4, 1e-3
DROPOUT = 0.1
PUBLIC_WEIGHT = 0.5
HOLD = 1.0  # weight of the pairs
PAIR_SAMPLE = 12_000
LONGEST_PAIR = 30
SEED = 5
STOP_BY = ("intent", "macro-F1", "urgency", "sentiment", "emotion")


def head_loss(found: dict[str, Tensor], want: dict[str, Tensor], borders: Tensor) -> Tensor:
    """All heads' losses; rows of public sets count for the primary intent only."""
    full = want["full"]
    weight = PUBLIC_WEIGHT + (1 - PUBLIC_WEIGHT) * full
    primary = functional.cross_entropy(
        found["intent_rank"], want["primary"], reduction="none", label_smoothing=0.05
    )
    loss = (primary * weight).mean()

    def full_only(each: Tensor) -> Tensor:
        return (each * full).sum() / full.sum().clamp(min=1)

    binary = functional.binary_cross_entropy_with_logits
    loss = loss + 0.5 * full_only(binary(found["intent_any"], want["several"], reduction="none").sum(1))
    for name, part in (("wants_human", 0.4), ("orders_system", 0.4)):
        loss = loss + part * full_only(binary(found[name][:, 0], want[name], reduction="none"))
    loss = loss + 1.0 * full_only((torch.tanh(found["score"][:, 0]) - want["score"]) ** 2)
    level = urgency_probabilities(found["urgency"], borders).log()
    loss = loss + 0.8 * functional.nll_loss(level, want["urgency"], ignore_index=IGNORED)
    for name, part in (("sentiment", 0.6), ("emotion", 0.6)):
        loss = loss + part * functional.cross_entropy(found[name], want[name], ignore_index=IGNORED)
    return loss


def train_batch(messages: list[Message], pieces: Pieces, chance: random.Random, encoder: Encoder,
                heads: Heads) -> Tensor:  # fmt: skip
    """The labelled part's loss for one batch, in two halves by length."""
    noisy = [(varied(m, pieces, chance), m) for m in messages]
    noisy.sort(key=lambda item: len(item[0][0]))
    found = []
    for part in (noisy[: len(noisy) * 2 // 3], noisy[len(noisy) * 2 // 3 :]):
        ids, mask = pad([row[0] for row, _ in part])
        pooled, _ = pad([row[1] for row, _ in part])
        found.append(encoder(ids, mask, pooled))
    return head_loss(heads(torch.cat(found)), targets([m for _, m in noisy]), heads.borders())


def main(data: pathlib.Path, work: pathlib.Path, epochs: int, start: str) -> Figures:
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    pieces = Pieces(work)
    own, dev = train_messages(), own_messages("dev")
    public = mapped_messages(data, measured_keys(data))
    print(f"{len(own)} own messages, {len(public)} public rows, {len(dev)} dev", flush=True)

    encoder, heads = load_encoder(work / start, DROPOUT), Heads()
    anchor = Anchor(data, work, pieces)
    made = optimisers(encoder, LAYER_RATE, ROW_RATE)
    made.append(torch.optim.AdamW(heads.parameters(), lr=HEAD_RATE, weight_decay=0.01))
    for group in made[-1].param_groups:
        group["peak"] = HEAD_RATE
    steps, step, started = epochs * (len(own) // OWN), 0, time.time()
    history: list[Figures] = []
    for epoch in range(1, epochs + 1):
        chance.shuffle(own)
        encoder.train(), heads.train()
        total = 0.0
        for at in range(0, len(own) - OWN + 1, OWN):
            set_rate(made, step, step / steps)
            batch = own[at : at + OWN] + chance.sample(public, PUBLIC)
            loss = train_batch(batch, pieces, chance, encoder, heads)
            loss = loss + HOLD * anchor.loss(encoder)
            for optimiser in made:
                optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*encoder.bert.parameters(), *heads.parameters()], 1.0)
            for optimiser in made:
                optimiser.step()
            step, total = step + 1, total + loss.item()
        figures = plain_figures(logits(encoder, heads, pieces, dev), heads, dev)
        figures |= {"epoch": epoch, "loss": total / (len(own) // OWN), "seconds": time.time() - started}
        print(json.dumps({k: round(v, 4) for k, v in figures.items()}), flush=True)
        history.append(figures)
        if figures is max(history, key=lambda f: sum(f[name] for name in STOP_BY)):
            state = {f"heads.{n}": t.contiguous() for n, t in heads.state_dict().items()}
            save_state(work / "tuned.safetensors", encoder, **state)
    (work / "tune.json").write_text(json.dumps({"public rows": len(public), "epochs": history}))
    return max(history, key=lambda f: sum(f[name] for name in STOP_BY))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--start", default="distilled.safetensors", help="checkpoint to start from")
    given = parser.parse_args()
    main(given.data, given.work, given.epochs, given.start)
