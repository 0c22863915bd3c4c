"""Supervised tuning of the encoder and all heads together, held by pairs and questions.

    python tune.py DATA WORK [--epochs 6]

A batch holds messages of our corpus (all labels) and rows of the public sets (intent only), every second
time sentence pairs that are held to the vectors of the original encoder, and every fourth time titles
that must still find their passages, so that search stays good. What is kept is the running mean of the weights. After every epoch the
dev part is measured; the best epoch is kept in WORK/tuned.safetensors, the figures of all in
WORK/tuned.json. Nothing else is chosen by dev than the epoch and what calibrate.py fits. Resumes
from WORK/tuned.pt.
"""

import argparse
import copy
import json
import pathlib
import random
import time

import torch
from torch import Tensor, nn
from torch.nn import functional

from anchor import Anchor
from encoder import DEVICE, Encoder, Pieces, in_parts, load_encoder, save_state
from heads import Heads, urgency_probabilities
from labels import URGENCY
from loop import Loop, optimisers
from prepare import measured_keys
from questions import Matches, help_matches, match_loss
from scoring import Figures, best_epoch, logits, plain_figures
from supervised import (
    IGNORED,
    Message,
    mapped_messages,
    own_messages,
    targets,
    train_messages,
    varied,
)  # fmt: skip

OWN, PUBLIC = 48, 12  # rows of each kind in a batch
LAYER_RATE, ROW_RATE, HEAD_RATE = 1.5e-4, 2.5e-4, 1.2e-3
DROPOUT = 0.1
PUBLIC_WEIGHT = 0.5
HOLD, HOLD_EVERY = 1.5, 2  # weight of the pairs, and in which steps
MATCHES, MATCH_EVERY, MATCH_WEIGHT = 32, 4, 0.7
MATCH_SAMPLE = 60_000
URGENT_WEIGHT = 1.5
DECAY, FOLLOW_EVERY = 0.99, 5  # of the running mean, and every how many steps it moves
SEED = 5


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
    weight = torch.ones(len(URGENCY), device=level.device)
    weight[-1] = URGENT_WEIGHT
    loss = loss + 0.8 * functional.nll_loss(level, want["urgency"], weight, ignore_index=IGNORED)
    for name, part in (("sentiment", 0.6), ("emotion", 0.6)):
        loss = loss + part * functional.cross_entropy(found[name], want[name], ignore_index=IGNORED)
    return loss


def noisy_vectors(messages: list[Message], pieces: Pieces, chance: random.Random, encoder: Encoder) -> Tensor:
    """Vectors of messages with fresh noise, in order."""
    noisy = [varied(m, pieces, chance) for m in messages]
    return in_parts(encoder, [row for row, _ in noisy], (0.4, 0.7, 0.9), [marks for _, marks in noisy])


class Average(nn.Module):
    """The running mean of all weights, which is what is kept: steadier than the last step's."""

    def __init__(self, encoder: Encoder, heads: Heads) -> None:
        super().__init__()
        self.encoder, self.heads = copy.deepcopy(encoder), copy.deepcopy(heads)
        self.requires_grad_(False)

    @torch.no_grad()
    def follow(self, encoder: Encoder, heads: Heads, step: int) -> None:
        decay = min(DECAY, step / (50 + step))
        for mine, theirs in ((self.encoder, encoder), (self.heads, heads)):
            for kept, new in zip(mine.parameters(), theirs.parameters(), strict=True):
                kept.lerp_(new, 1 - decay)


def main(data: pathlib.Path, work: pathlib.Path, epochs: int, start: str, name: str) -> None:
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    pieces = Pieces(work)
    own, dev = train_messages(), own_messages("dev")
    public = mapped_messages(data, measured_keys(data))
    print(f"{len(own)} own messages, {len(public)} public rows, {len(dev)} dev", flush=True)

    encoder, heads = load_encoder(work / start, DROPOUT), Heads().to(DEVICE)
    encoder.train_english()
    anchor = Anchor(data, work, pieces)
    help_rows = help_matches(work)
    articles = Matches(chance.sample(help_rows, min(MATCH_SAMPLE, len(help_rows))), pieces, chance)
    made = optimisers(encoder, LAYER_RATE, ROW_RATE)
    made.append(torch.optim.AdamW(heads.parameters(), lr=HEAD_RATE, weight_decay=0.01))
    average = Average(encoder, heads)
    per_epoch = len(own) // OWN
    modules = {"encoder": encoder, "heads": heads, "average": average}
    loop = Loop(work / f"{name}.pt", made, modules, epochs * per_epoch)
    log = work / f"{name}.json"
    chance.seed(SEED + loop.step)
    torch.manual_seed(SEED + loop.step)
    anchor.chance.seed(SEED + loop.step)
    history: list[Figures] = json.loads(log.read_text())["epochs"] if loop.step and log.exists() else []
    encoder.train(), heads.train()
    while loop.goes_on():
        epoch, place = divmod(loop.step, per_epoch)
        if place == 0 or not loop.shown:
            order = random.Random(SEED + epoch).sample(own, len(own))
        batch = order[place * OWN : (place + 1) * OWN] + chance.sample(public, PUBLIC)
        want = {name: t.to(DEVICE) for name, t in targets(batch).items()}
        borders = heads.borders()
        labelled = head_loss(heads(noisy_vectors(batch, pieces, chance, encoder)), want, borders)
        loss = labelled
        if loop.step % HOLD_EVERY == 0:
            loss = loss + HOLD * anchor.loss(encoder)
        if loop.step % MATCH_EVERY == 0:
            matched, _ = match_loss(encoder, articles, articles.draw(MATCHES))
            loss = loss + MATCH_WEIGHT * matched
        loop.learn(loss, 1, {"labelled": labelled.item()})
        if loop.step % FOLLOW_EVERY == 0:
            average.follow(encoder, heads, loop.step)
        if loop.step % per_epoch == 0:
            read = logits(average.encoder, average.heads, pieces, dev)
            figures = plain_figures(read, average.heads, dev)
            figures |= {"epoch": epoch + 1, "seconds": time.time() - loop.started}
            print(json.dumps({k: round(v, 4) for k, v in figures.items()}), flush=True)
            history.append(figures)
            if figures is best_epoch(history):
                state = {f"heads.{n}": t.cpu().contiguous() for n, t in average.heads.state_dict().items()}
                save_state(work / f"{name}.best.safetensors", average.encoder, **state)
            log.write_text(json.dumps({"public rows": len(public), "own": len(own), "epochs": history}))
    (work / f"{name}.best.safetensors").rename(work / f"{name}.safetensors")
    loop.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--start", default="searching.safetensors", help="checkpoint to start from")
    parser.add_argument("--name", default="tuned", help="what the result is called")
    given = parser.parse_args()
    main(given.data, given.work, given.epochs, given.start, given.name)
