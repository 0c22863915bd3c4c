"""What every training stage shares: batches, optimisers, rates, checkpoints that resume, the log."""

import argparse
import json
import math
import pathlib
import random
import time
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

from encoder import DEVICE, Encoder

WARM_UP = 60  # steps
SAVE_EVERY = 300  # seconds
SHOW_EVERY = 25  # steps


def batches(rows: list[list[int]], chosen: list[int], size: int, chance: random.Random) -> Iterator[list[int]]:
    """Numbers of rows in batches of near length, for ever."""
    chosen = list(chosen)
    while True:
        chance.shuffle(chosen)
        for start in range(0, len(chosen), size * 20):
            part = sorted(chosen[start : start + size * 20], key=lambda n: len(rows[n]))
            made = [part[k : k + size] for k in range(0, max(1, len(part) - size + 1), size)]
            chance.shuffle(made)
            yield from made


def optimisers(
    encoder: Encoder, layer_rate: float, row_rate: float, sparse: bool = True
) -> list[torch.optim.Optimizer]:
    """AdamW for the layers, Adam for the trained word rows: of the rows in the batch only, if sparse."""
    layers = [p for p in encoder.bert.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in layers if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in layers if p.ndim <= 1], "weight_decay": 0.0},
    ]
    rows = [e.weight for e in (encoder.english, encoder.other) if e.weight.requires_grad]
    betas = (0.9, 0.98)
    return [
        torch.optim.AdamW(groups, lr=layer_rate, betas=betas, fused=True),
        torch.optim.SparseAdam(rows, lr=row_rate, betas=betas)
        if sparse
        else torch.optim.Adam(rows, lr=row_rate, betas=betas, fused=True),
    ]


def arguments(description: str, budget: int) -> argparse.ArgumentParser:
    """The command line of a stage that trains on a budget of tokens."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--tokens", type=int, default=budget, help="tokens to train on")
    return parser


class Loop:
    """Steps until a budget of tokens is spent; keeps a checkpoint and goes on from it.

    The rate warms up, then falls with a cosine to a twentieth of each group's own.
    """

    def __init__(self, checkpoint: pathlib.Path, made: list[torch.optim.Optimizer],
                 modules: Mapping[str, nn.Module], budget: int) -> None:  # fmt: skip
        self.checkpoint, self.made, self.modules, self.budget = checkpoint, made, modules, budget
        self.step = self.tokens = 0
        for optimiser in made:
            for group in optimiser.param_groups:
                group["peak"] = group["lr"]
        if checkpoint.exists():
            state = torch.load(checkpoint, weights_only=True, map_location=DEVICE)
            for name, module in modules.items():
                module.load_state_dict(state[name])
            for optimiser, kept in zip(made, state["optimisers"], strict=True):
                optimiser.load_state_dict(kept)
            self.step, self.tokens = state["step"], state["tokens"]
        self.before, self.started, self.saved = self.tokens, time.time(), time.time()
        self.shown: list[dict[str, float]] = []

    def goes_on(self) -> bool:
        """Whether tokens are left; sets the rate of the coming step. Saves now and then: between steps
        everything that belongs to the last one is done."""
        if time.time() - self.saved > SAVE_EVERY:
            self.save()
        done = min(1.0, self.tokens / self.budget)
        factor = min(1, (self.step + 1) / WARM_UP) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done)))
        for optimiser in self.made:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * factor
        return done < 1

    def learn(self, loss: Tensor, tokens: int, figures: dict[str, float]) -> None:
        """One step of all optimisers, and the log."""
        for optimiser in self.made:
            optimiser.zero_grad()
        loss.backward()
        dense = [p for m in self.modules.values() for p in m.parameters()
                 if p.grad is not None and not p.grad.is_sparse]  # fmt: skip
        torch.nn.utils.clip_grad_norm_(dense, 1.0)
        for optimiser in self.made:
            optimiser.step()
        self.step, self.tokens = self.step + 1, self.tokens + tokens
        self.shown.append({**figures, "loss": loss.item()})
        if self.step % SHOW_EVERY == 0:
            last = self.shown[-SHOW_EVERY:]
            means = {name: sum(f[name] for f in last) / len(last) for name in last[0]}
            speed = round((self.tokens - self.before) / (time.time() - self.started))
            line = {"step": self.step, "tokens": self.tokens, "per second": speed, **means}
            print(json.dumps({k: round(v, 4) for k, v in line.items()}), flush=True)

    def save(self) -> None:
        """The checkpoint, written beside and then renamed."""
        state = {name: module.state_dict() for name, module in self.modules.items()}
        state |= {"step": self.step, "tokens": self.tokens}
        state["optimisers"] = [optimiser.state_dict() for optimiser in self.made]
        beside = self.checkpoint.with_suffix(".part")
        torch.save(state, beside)
        beside.rename(self.checkpoint)
        self.saved = time.time()

    def finish(self) -> None:
        """Deletes the checkpoint: the result is there, and another run begins anew."""
        self.checkpoint.unlink(missing_ok=True)

    def report(self, path: pathlib.Path) -> None:
        """What the stage did, for the card."""
        path.write_text(json.dumps({"steps": self.step, "tokens": self.tokens}) + "\n")
        print(f"done: {self.step} steps, {self.tokens} tokens, {time.time() - self.started:.0f} s", flush=True)
