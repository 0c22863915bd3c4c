"""The lexical part of the heads: linear over the pieces a message holds (see heads.py)."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from encoder import Pieces
from heads import BUCKETS, HEADS, lexical_buckets
from inputs import input_row
from supervised import IGNORED, Message, targets

#: Heads that get a table; `calibrate.py` may still give one the weight 0.
LEXICAL = ("intent_rank", "sentiment", "emotion", "wants_human", "orders_system")
EPOCHS = 40
BATCH = 128
RATE = 0.02
DECAY = 0.02  # towards zero, per step and unit of rate: the tables are wide, the rows are few


def message_buckets(pieces: Pieces, text: str) -> list[int]:
    """Buckets of a message alone."""
    return lexical_buckets(input_row(pieces, text, []).ids[1:-1])


def bags(pieces: Pieces, messages: list[Message]) -> list[np.ndarray]:
    """Buckets of every message."""
    return [np.array(message_buckets(pieces, m.text), dtype=np.int64) for m in messages]


def columns() -> dict[str, slice]:
    """Which columns of the common table belong to which head."""
    found, at = {}, 0
    for name in LEXICAL:
        found[name] = slice(at, at + HEADS[name])
        at += HEADS[name]
    return found


def apply(table: Tensor, found: list[np.ndarray]) -> dict[str, Tensor]:
    """Lexical logits of messages."""
    flat = torch.from_numpy(np.concatenate(found))
    sizes = torch.tensor([len(f) for f in found])
    starts = torch.cat([torch.zeros(1, dtype=torch.long), sizes.cumsum(0)[:-1]])
    weights = (1 / sizes.float().sqrt()).repeat_interleave(sizes)
    out = functional.embedding_bag(flat, table, starts, mode="sum", per_sample_weights=weights)
    return {name: out[:, part] for name, part in columns().items()}


def fit(pieces: Pieces, messages: list[Message], seed: int = 1) -> Tensor:
    """Learns the table from messages with our labels and rows with a mapped intent.

    Rare features learn faster (their inverse document frequency scales the input while learning
    and is folded into the table afterwards).
    """
    torch.manual_seed(seed)
    found = bags(pieces, messages)
    counts = np.zeros(BUCKETS)
    for f in found:
        counts[f] += 1
    scale = torch.tensor(np.log((1 + len(found)) / (1 + counts)), dtype=torch.float32)[:, None]
    width = sum(HEADS[name] for name in LEXICAL)
    table = nn.Parameter(torch.zeros(BUCKETS, width))
    bias = nn.Parameter(torch.zeros(width))
    optimiser = torch.optim.AdamW([{"params": [table], "weight_decay": DECAY}, {"params": [bias],
                                  "weight_decay": 0.0}], lr=RATE)  # fmt: skip
    wanted = targets(messages)
    for _ in range(EPOCHS):
        order = torch.randperm(len(messages))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            logits = apply(table * scale, [found[i] for i in part.tolist()])
            logits = {name: z + bias[columns()[name]] for name, z in logits.items()}
            loss = lexical_loss(logits, {name: t[part] for name, t in wanted.items()})
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return (table * scale).detach()


def lexical_loss(found: dict[str, Tensor], want: dict[str, Tensor]) -> Tensor:
    """The same labels as the neural heads of the same names."""
    full = want["full"]
    loss = functional.cross_entropy(found["intent_rank"], want["primary"])
    binary = functional.binary_cross_entropy_with_logits
    for name in ("sentiment", "emotion"):
        loss = loss + functional.cross_entropy(found[name], want[name], ignore_index=IGNORED)
    for name in ("wants_human", "orders_system"):
        each = binary(found[name][:, 0], want[name], reduction="none")
        loss = loss + (each * full).sum() / full.sum().clamp(min=1)
    return loss
