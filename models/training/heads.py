"""The heads over the sentence vector, and the hashed lexical features that stand beside it.

Neural part, for a vector v of length 1 and width 384:

    h = relu(v @ hidden.weight.T + hidden.bias)
    x = concatenate(v * SCALE, h)            SCALE = sqrt(384); saved folded into the weights
    every head: x @ head.weight.T + head.bias

Lexical part (only for the heads whose weight in calibration.json is not 0): which pieces stand in
the message. Each distinct row of the word table that the message alone uses, without [CLS] and
[SEP], is a feature; its bucket is FNV-1a 64 of the row number's four bytes, least significant
first, modulo the number of buckets. With n distinct buckets (n > 0) the head's lexical logits are
sum(table[bucket]) / sqrt(n); they are added to the neural logits with the head's weight. The
tables are `lexical.<head>` in heads.safetensors, in f16; all else there is f32.
"""

import math
from functools import lru_cache

import torch
from torch import Tensor, nn

from encoder import WIDTH
from labels import EMOTION, INTENTS, SENTIMENT, URGENCY

HIDDEN = 256
SCALE = math.sqrt(WIDTH)
BUCKETS = 1 << 14

#: Outputs of each head.
HEADS = {
    "intent_rank": len(INTENTS),  # softmax: which one is primary
    "intent_any": len(INTENTS),  # sigmoid each: is it among the message's intents
    "urgency": 1,  # a position on a line; see `urgency_probabilities`
    "sentiment": len(SENTIMENT),  # softmax
    "score": 1,  # tanh
    "emotion": len(EMOTION),  # softmax
    "wants_human": 1,  # sigmoid
    "orders_system": 1,  # sigmoid
}


class Heads(nn.Module):
    """All heads. `forward` gives the raw logits by name."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.hidden = nn.Linear(WIDTH, HIDDEN)
        self.dropout = nn.Dropout(dropout)
        self.outputs = nn.ModuleDict({n: nn.Linear(WIDTH + HIDDEN, s) for n, s in HEADS.items()})
        first, step = -1.0, 1.5
        self.first_border = nn.Parameter(torch.tensor(first))
        raw = math.log(math.expm1(step))
        self.steps = nn.Parameter(torch.full((len(URGENCY) - 2,), raw))
        for head in self.outputs.values():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def borders(self) -> Tensor:
        """The rising borders between the urgency levels."""
        steps = nn.functional.softplus(self.steps)
        return torch.cat([self.first_border[None], self.first_border + steps.cumsum(0)])

    def forward(self, vector: Tensor) -> dict[str, Tensor]:
        hidden = torch.relu(self.hidden(vector * SCALE))
        features = self.dropout(torch.cat([vector * SCALE, hidden], -1))
        return {name: head(features) for name, head in self.outputs.items()}

    def tensors(self) -> dict[str, Tensor]:
        """What heads.safetensors holds: SCALE is folded in, so that v itself is the input."""
        out = {"hidden.weight": self.hidden.weight * SCALE, "hidden.bias": self.hidden.bias}
        for name, head in self.outputs.items():
            weight = head.weight.clone()
            weight[:, :WIDTH] *= SCALE
            out |= {f"{name}.weight": weight, f"{name}.bias": head.bias}
        out["urgency.borders"] = self.borders()
        return {name: t.detach().float().cpu().contiguous() for name, t in out.items()}


def urgency_probabilities(position: Tensor, borders: Tensor) -> Tensor:
    """Cumulative link: p(level > k) = sigmoid(position - border k); rows of level probabilities."""
    above = torch.sigmoid(position - borders)
    edges = torch.cat([torch.ones_like(above[..., :1]), above, torch.zeros_like(above[..., :1])], -1)
    return (edges[..., :-1] - edges[..., 1:]).clamp(min=1e-9)


def fnv1a(data: bytes) -> int:
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


@lru_cache(maxsize=100_000)
def bucket(row: int) -> int:
    """Where a row of the word table is counted."""
    return fnv1a(row.to_bytes(4, "little")) % BUCKETS


def lexical_buckets(rows: list[int]) -> list[int]:
    """The distinct buckets of a message's rows, rising."""
    return sorted({bucket(row) for row in rows})
