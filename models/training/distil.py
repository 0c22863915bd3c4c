"""Stage 4: distillation. Chinese sentences learn the teacher's vector of their English side.

    python distil.py DATA WORK [--tokens 2960000]

Teacher: all-MiniLM-L6-v2 as it is, on English. Loss for a batch of pairs: cosine distance of the
Chinese vector to the teacher's, plus a contrastive term against the other pairs of the batch; for
English rows (a fifth of the batch) cosine distance to the teacher, so that English does not move.
The rows of English word pieces stay fixed. Half of the batches are everyday and shop text, half
documentation. Resumes from WORK/distil.pt; writes WORK/distilled.safetensors.
"""

import argparse
import json
import math
import pathlib
import random
import time
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from align import choose_pairs
from encoder import Encoder, Pieces, load_encoder, pad, save_state, vectors
from files import intent_rows, read_json_lines
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
        return torch.stack([self.known[n] for n in numbers]).float()


def batches(rows: list[list[int]], chosen: list[int], chance: random.Random) -> Iterator[list[int]]:
    """Numbers of rows in batches of near length, for ever."""
    while True:
        chance.shuffle(chosen)
        for start in range(0, len(chosen), BATCH * 20):
            part = sorted(chosen[start : start + BATCH * 20], key=lambda n: len(rows[n]))
            made = [part[k : k + BATCH] for k in range(0, len(part) - BATCH + 1, BATCH)]
            chance.shuffle(made)
            yield from made


def contrast(student: Tensor, teacher: Tensor) -> Tensor:
    """Each sentence must find its own translation among the batch; equal ones do not count."""
    with torch.no_grad():
        same = (teacher @ teacher.T > 0.97) & ~torch.eye(len(teacher), dtype=torch.bool)
    scores = ((student @ teacher.T) / TEMPERATURE).masked_fill(same, -1e4)
    right = torch.arange(len(teacher))
    return (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2


def optimisers(encoder: Encoder, layer_rate: float, row_rate: float) -> list[torch.optim.Optimizer]:
    """AdamW for the layers, a sparse Adam for the trained word rows."""
    layers = [p for p in encoder.bert.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in layers if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in layers if p.ndim <= 1], "weight_decay": 0.0},
    ]
    made: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(groups, lr=layer_rate, betas=(0.9, 0.98), fused=True),
        torch.optim.SparseAdam([encoder.other.weight], lr=row_rate, betas=(0.9, 0.98)),
    ]
    for optimiser in made:
        for group in optimiser.param_groups:
            group["peak"] = group["lr"]
    return made


def set_rate(made: list[torch.optim.Optimizer], step: int, done: float) -> None:
    """Sixty steps of warm-up, then a cosine down to a twentieth; `done` is the share of the work."""
    factor = min(1, (step + 1) / 60) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1, done))))
    for optimiser in made:
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * factor


def english_texts(data: pathlib.Path, work: pathlib.Path) -> list[str]:
    """Customer English of the public sets and a sample of the other English."""
    customers = [row["text"] for name in INTENT_SETS for row in intent_rows(data, f"{name}.train")]
    customers += [r["utterance"] for r in intent_rows(data, "en_multidogo_turns.train")][::3]
    mono = (work / "mono.en.txt").read_text(encoding="utf8").split("\n")
    mono = [line for line in mono if 8 < len(line) < 200]
    return customers + random.Random(2).sample(mono, 40_000)


def main(data: pathlib.Path, work: pathlib.Path, budget: int) -> None:
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

    encoder = load_encoder(work / "embeddings.safetensors")
    teacher = Teacher(load_encoder(work / "embeddings.safetensors"), english + alone)
    made = optimisers(encoder, LAYER_RATE, ROW_RATE)
    step = tokens = 0
    checkpoint = work / "distil.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        encoder.load_state_dict(state["encoder"])
        for optimiser, kept in zip(made, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        step, tokens = state["step"], state["tokens"]
        chance.seed(SEED + step)
    print(f"{len(everyday)} everyday pairs, {len(documentation)} of documentation", flush=True)

    general, technical = (batches(chinese, part, chance) for part in (everyday, documentation))
    started, saved, shown, before = time.time(), time.time(), [], tokens
    encoder.train()
    while tokens < budget:
        set_rate(made, step, tokens / budget)
        numbers = next(general if chance.random() < 0.5 else technical)
        rows = [chinese[n] for n in numbers]
        rows = [pieces.split_words(r, SPELT, chance) if chance.random() < 0.5 else r for r in rows]
        target = teacher(numbers)
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        half = len(order) * 3 // 5
        parts = [encoder(*pad([rows[i] for i in part])) for part in (order[:half], order[half:])]
        target = target[order]
        found = torch.cat(parts)
        near = (found * target).sum(-1).mean()
        loss = 2 * (1 - near) + CONTRAST * contrast(found, target)

        if chance.random() < 0.5:
            held = chance.sample(numbers, ENGLISH_ROWS)
        else:
            window = sorted(chance.sample(range(len(alone)), 4 * ENGLISH_ROWS), key=lambda n: len(alone[n]))
            at = chance.randrange(3 * ENGLISH_ROWS)
            held = [len(english) + n for n in window[at : at + ENGLISH_ROWS]]
        held_rows = [teacher.sentences[n] for n in held]
        held_near = (encoder(*pad(held_rows)) * teacher(held)).sum(-1).mean()
        loss = loss + 2 * (1 - held_near)

        for optimiser in made:
            optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.bert.parameters(), 1.0)
        for optimiser in made:
            optimiser.step()
        step += 1
        tokens += sum(map(len, rows)) + sum(map(len, held_rows))
        shown.append((near.item(), held_near.item(), loss.item()))
        if step % 25 == 0:
            zh, en, total = (sum(c) / len(c) for c in zip(*shown[-25:], strict=True))
            speed = (tokens - before) / (time.time() - started)
            line = {"step": step, "tokens": tokens, "per second": round(speed), "zh": round(zh, 4)}
            print(json.dumps({**line, "en": round(en, 4), "loss": round(total, 4)}), flush=True)
        if time.time() - saved > 300:
            state = {"encoder": encoder.state_dict(), "step": step, "tokens": tokens}
            torch.save({**state, "optimisers": [o.state_dict() for o in made]}, work / "distil.part")
            (work / "distil.part").rename(checkpoint)
            saved = time.time()
    (work / "distil.json").write_text(json.dumps({"steps": step, "tokens": tokens}))
    save_state(work / "distilled.safetensors", encoder)
    print(f"done: {step} steps, {tokens} tokens, {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--tokens", type=int, default=2_960_000, help="student tokens to train on")
    given = parser.parse_args()
    main(given.data, given.work, given.tokens)
