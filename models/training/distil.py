"""Distillation. Chinese sentences learn the teacher's vector of their English side.

    python distil.py DATA WORK [--tokens 6600000]

Teacher: all-MiniLM-L6-v2 as it is, on English. Loss for a batch of pairs: cosine distance of the
Chinese vector to the teacher's, plus a contrastive term against the other pairs of the batch; for
English rows (a fifth of the batch) cosine distance to the teacher, so that English does not move.
The rows of English word pieces stay fixed. Half of the batches are everyday and shop text, half
documentation. Resumes from WORK/distil.pt; writes WORK/distilled.safetensors.
"""

import pathlib
import random

import torch
from torch import Tensor
from torch.nn import functional

from align import choose_pairs
from encoder import (
    DEVICE,
    Encoder,
    Pieces,
    in_parts,
    load_encoder,
    pad,
    save_state,
    vectors,
)
from files import intent_rows, read_json_lines
from loop import Loop, arguments, batches, optimisers
from vocabulary import glossary

BATCH = 224
ENGLISH_ROWS = 56
LONGEST = 46
LAYER_RATE, ROW_RATE = 2e-4, 2e-3
TEMPERATURE, CONTRAST = 0.05, 0.3
SPELT = 0.24  # share of the words that half of the rows spell character by character
SEED = 11
INTENT_SETS = ("en_banking77", "en_clinc150", "en_hwu64", "en_bitext27")


class Teacher:
    """The original encoder's vectors, computed once per sentence."""

    def __init__(self, encoder: Encoder, sentences: list[list[int]]) -> None:
        self.encoder, self.sentences = encoder.eval(), sentences
        self.encoder.rough = True
        self.known: dict[int, Tensor] = {}

    def __call__(self, numbers: list[int]) -> Tensor:
        missing = [n for n in numbers if n not in self.known]
        if missing:
            made = vectors(self.encoder, [self.sentences[n] for n in missing], 128)
            self.known.update(zip(missing, made.half(), strict=True))
        return torch.stack([self.known[n] for n in numbers]).float().to(DEVICE)


def contrast(student: Tensor, teacher: Tensor) -> Tensor:
    """Each sentence must find its own translation among the batch; equal ones do not count."""
    with torch.no_grad():
        same = (teacher @ teacher.T > 0.97) & ~torch.eye(len(teacher), dtype=torch.bool, device=teacher.device)
    scores = ((student @ teacher.T) / TEMPERATURE).masked_fill(same, -1e4)
    right = torch.arange(len(teacher), device=teacher.device)
    return (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2


def english_texts(data: pathlib.Path, work: pathlib.Path) -> list[str]:
    """Customer English of the public sets and a sample of the other English."""
    customers = [row["text"] for name in INTENT_SETS for row in intent_rows(data, f"{name}.train")]
    customers += [r["utterance"] for r in intent_rows(data, "en_multidogo_turns.train")][::3]
    mono = (work / "mono.en.txt").read_text(encoding="utf8").split("\n")
    mono = [line for line in mono if 8 < len(line) < 200]
    return customers + random.Random(2).sample(mono, 40_000)


class Held:
    """Everyday English for batches that keep the encoder where the teacher is."""

    def __init__(self, sentences: list[list[int]], offset: int, chance: random.Random) -> None:
        self.sentences, self.offset, self.chance = sentences, offset, chance

    def next(self) -> list[int]:
        """Numbers, in the teacher's count, of sentences of near length."""
        some = self.chance.sample(range(len(self.sentences)), 4 * ENGLISH_ROWS)
        window = sorted(some, key=lambda n: len(self.sentences[n]))
        at = self.chance.randrange(3 * ENGLISH_ROWS)
        return [self.offset + n for n in window[at : at + ENGLISH_ROWS]]


def main(data: pathlib.Path, work: pathlib.Path, budget: int, start: str) -> None:
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    pieces = Pieces(work)
    pairs = [p for p in choose_pairs(list(read_json_lines(work / "pairs.jsonl"))) if len(p[1]) <= 64]
    pairs += [[gloss, word, "glossary"] for word, gloss in glossary()]
    chinese = pieces.encode([p[1] for p in pairs], LONGEST)
    english = pieces.encode([p[0] for p in pairs], LONGEST)
    alone = pieces.encode(english_texts(data, work), LONGEST)
    everyday = [n for n, p in enumerate(pairs) if "docs-" not in p[2]]
    documentation = [n for n, p in enumerate(pairs) if "docs-" in p[2]]
    print(f"{len(everyday)} everyday pairs, {len(documentation)} of documentation", flush=True)

    encoder = load_encoder(work / start)
    teacher = Teacher(load_encoder(work / "embeddings.safetensors"), english + alone)
    made = optimisers(encoder, LAYER_RATE, ROW_RATE)
    loop = Loop(work / "distil.pt", made, {"encoder": encoder}, budget)
    chance.seed(SEED + loop.step)
    general, technical = (batches(chinese, part, BATCH, chance) for part in (everyday, documentation))
    held_texts = Held(alone, len(english), chance)
    encoder.train()
    while loop.goes_on():
        numbers = next(general if chance.random() < 0.5 else technical)
        rows = [chinese[n] for n in numbers]
        rows = [pieces.split_words(r, SPELT, chance) if chance.random() < 0.5 else r for r in rows]
        target = teacher(numbers)
        found = in_parts(encoder, rows, (0.6,))
        near = (found * target).sum(-1).mean()
        loss = 2 * (1 - near) + CONTRAST * contrast(found, target)

        held = chance.sample(numbers, ENGLISH_ROWS) if chance.random() < 0.5 else held_texts.next()
        held_rows = [teacher.sentences[n] for n in held]
        held_near = (encoder(*pad(held_rows)) * teacher(held)).sum(-1).mean()
        loss = loss + 2 * (1 - held_near)
        tokens = sum(map(len, rows)) + sum(map(len, held_rows))
        loop.learn(loss, tokens, {"zh": near.item(), "en": held_near.item()})
    loop.report(work / "distil.json")
    save_state(work / "distilled.safetensors", encoder)
    loop.finish()


if __name__ == "__main__":
    parser = arguments(__doc__, 6_600_000)
    parser.add_argument("--start", default="masked.safetensors", help="checkpoint to start from")
    given = parser.parse_args()
    main(given.data, given.work, given.tokens, given.start)
