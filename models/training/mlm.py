"""Masked-token training on Chinese, before the sentences are aligned.

    python mlm.py DATA WORK [--tokens 7000000]

15 % of the pieces of Chinese text are hidden and guessed from the rest (a word is one piece, so whole
words are hidden): the rows of the words and the layers learn which Chinese words stand where. English
sentences are held to the teacher's vector meanwhile. The output layer is tied to the word table and
dropped afterwards. Half of the batches are text in which somebody speaks (first or second person, a
question, the everyday pairs, our own training messages), half any other text. Resumes from
WORK/mlm.pt; writes WORK/masked.safetensors.
"""

import pathlib
import random
import re

import torch
from torch import Tensor, nn
from torch.nn import functional

from distil import Held, Teacher, english_texts
from encoder import DEVICE, WIDTH, Encoder, Pieces, load_encoder, pad, save_state
from files import TRAIN_PARTS, corpus_rows, read_json_lines
from loop import Loop, arguments, batches, optimisers
from text import HAN

BATCH = 160
LONGEST = 62
HIDDEN_SHARE = 0.15
LAYER_RATE, ROW_RATE = 1e-4, 1e-3
HOLD = 4.0
OWN_REPEATS = 6
SEED = 21
SPEAKS = re.compile("[我你您吗嗎呢吧]")


class Guess(nn.Module):
    """From states to logits over the word table."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.dense, self.norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH)
        self.bias = nn.Parameter(torch.zeros(rows))

    def forward(self, states: Tensor, table: Tensor) -> Tensor:
        with torch.autocast(DEVICE.type, dtype=torch.bfloat16):
            found = self.norm(functional.gelu(self.dense(states)))
            return functional.linear(found, table).float() + self.bias


def hide(ids: Tensor, mask: Tensor, pieces: Pieces, size: int, draw: torch.Generator) -> tuple[Tensor, Tensor]:
    """Ids with pieces hidden (four fifths [MASK], a tenth another piece), and which were chosen."""
    ids, mask = ids.cpu(), mask.cpu()  # drawn there, so that a seed means the same everywhere
    special = (ids == pieces.cls) | (ids == pieces.sep) | (ids == pieces.index["[UNK]"])
    chosen = (torch.rand(ids.shape, generator=draw) < HIDDEN_SHARE) & mask.bool() & ~special
    kind = torch.rand(ids.shape, generator=draw)
    hidden = ids.masked_fill(chosen & (kind < 0.8), pieces.index["[MASK]"])
    other = torch.randint(0, size, ids.shape, generator=draw)
    return torch.where(chosen & (kind > 0.9), other, hidden).to(DEVICE), chosen.to(DEVICE)


def chinese_texts(work: pathlib.Path) -> tuple[list[str], list[str]]:
    """Text in which somebody speaks, and other text; both cut at 120 characters."""
    mono = [t[:120] for t in (work / "mono.zh.txt").read_text(encoding="utf8").split("\n")]
    mono = [t for t in mono if len(t) >= 8 and 2 * sum(map(len, HAN.findall(t))) >= len(t)]
    speech = [t for t in mono if SPEAKS.search(t)]
    rest = [t for t in mono if not SPEAKS.search(t)]
    everyday = [p[1] for p in read_json_lines(work / "pairs.jsonl") if "docs-" not in p[2]]
    rows = corpus_rows(*TRAIN_PARTS)
    own = [r["text"] for r in rows] + [t["text"] for r in rows for t in r["context"]]
    own = [t[:120] for t in own if HAN.search(t)]
    return speech + everyday + OWN_REPEATS * own, rest


def main(data: pathlib.Path, work: pathlib.Path, budget: int) -> None:
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    draw = torch.Generator().manual_seed(SEED)
    pieces = Pieces(work)
    speech, rest = chinese_texts(work)
    chance.shuffle(rest)
    rest = rest[:200_000]
    print(f"{len(speech)} texts in which somebody speaks, {len(rest)} others", flush=True)
    spoken_rows, other_rows = (
        [r for r in pieces.encode(texts, LONGEST) if len(r) > 5] for texts in (speech, rest)
    )
    rows, first_rest = spoken_rows + other_rows, len(spoken_rows)
    english = pieces.encode(english_texts(data, work), LONGEST)
    teacher = Teacher(load_encoder(work / "embeddings.safetensors"), english)
    encoder: Encoder = load_encoder(work / "embeddings.safetensors")
    encoder.other.sparse = False  # the output layer reads every row
    size = len(pieces.rows)
    guess = Guess(size).to(DEVICE)
    made = optimisers(encoder, LAYER_RATE, ROW_RATE, sparse=False)
    made.append(torch.optim.AdamW(guess.parameters(), lr=ROW_RATE, weight_decay=0.01))
    loop = Loop(work / "mlm.pt", made, {"encoder": encoder, "guess": guess}, budget)
    chance.seed(SEED + loop.step)
    draw.manual_seed(SEED + loop.step)
    spoken = batches(rows, list(range(first_rest)), BATCH, chance)
    other = batches(rows, list(range(first_rest, len(rows))), BATCH, chance)
    held_texts = Held(english, 0, chance)
    encoder.train()
    while loop.goes_on():
        numbers = next(spoken if chance.random() < 0.5 else other)
        ids, mask = pad([rows[n] for n in numbers])
        hidden, chosen = hide(ids, mask, pieces, size, draw)
        states = encoder.states(hidden, mask)
        table = torch.cat([encoder.english.weight, encoder.other.weight])
        found = guess(states[chosen], table)
        loss = functional.cross_entropy(found, ids[chosen])
        right = (found.argmax(-1) == ids[chosen]).float().mean()

        held = held_texts.next()
        near = (encoder(*pad([english[n] for n in held])) * teacher(held)).sum(-1).mean()
        tokens = int(mask.sum()) + sum(len(english[n]) for n in held)
        loop.learn(loss + HOLD * (1 - near), tokens, {"guess": loss.item(), "right": right.item(), "en": near.item()})
    loop.report(work / "mlm.json")
    save_state(work / "masked.safetensors", encoder)
    loop.finish()


if __name__ == "__main__":
    given = arguments(__doc__, 7_000_000).parse_args()
    main(given.data, given.work, given.tokens)
