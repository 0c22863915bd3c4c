"""Questions find passages. Contrastive training on titles, headings and questions.

    python questions.py DATA WORK [--tokens 3600000]

A question (a title, a heading, a written question) must find its own passage among those of the batch,
half of which come from articles of the same part of the same product, or of the same company. Sentence pairs and English
sentences stay in the mix, so that the vector remains what distillation made it. Resumes from
WORK/questions.pt; writes WORK/searching.safetensors.
"""

import pathlib
import random

import torch
from torch import Tensor
from torch.nn import functional

from anchor import Anchor
from answers import held_out_companies, written_questions
from encoder import DEVICE, Encoder, Pieces, in_parts, load_encoder, save_state
from files import read_json_lines
from loop import Loop, arguments, optimisers

BATCH = 96
LONGEST_QUESTION, LONGEST_PASSAGE = 30, 110
LAYER_RATE, ROW_RATE = 1e-4, 5e-4
TEMPERATURE = 0.05
WRITTEN_SHARE = 0.12  # of the batches, once questions were written
HOLD = 1.5
SEED = 31


class Matches:
    """(question, passage, group, folder) rows, drawn so that a batch holds look-alikes."""

    def __init__(self, rows: list[tuple[str, str, str, str]], pieces: Pieces, chance: random.Random) -> None:
        self.questions = pieces.encode([r[0] for r in rows], LONGEST_QUESTION)
        self.passages = pieces.encode([r[1] for r in rows], LONGEST_PASSAGE)
        self.groups = [r[2] for r in rows]
        self.chance = chance
        self.folders: dict[str, list[int]] = {}
        for number, row in enumerate(rows):
            self.folders.setdefault(row[3], []).append(number)
        self.large = [f for f, members in self.folders.items() if len(members) >= BATCH // 2]

    def draw(self, size: int = BATCH) -> list[int]:
        """Rows, half of one folder, half of anywhere and of about their length."""
        far = self.chance.sample(range(len(self.groups)), min(4 * size, len(self.groups)))
        near = self.folders[self.chance.choice(self.large)] if self.large else far
        near = self.chance.sample(near, size // 2)
        middle = sum(len(self.passages[n]) for n in near) / len(near)
        far = sorted(far, key=lambda n: abs(len(self.passages[n]) - middle))
        return list(dict.fromkeys(near + far))[:size]


def help_matches(work: pathlib.Path) -> list[tuple[str, str, str, str]]:
    """Titles and headings of the help articles with their passages; the folder is the article's."""
    rows = read_json_lines(work / "passages.jsonl")
    return [(title, passage, group, group.rsplit("/", 1)[0]) for title, passage, group in rows]


def match_loss(encoder: Encoder, matches: Matches, numbers: list[int]) -> tuple[Tensor, float]:
    """InfoNCE both ways, rows of one group not being each other's wrong answers; and the share found."""
    asked = in_parts(encoder, [matches.questions[n] for n in numbers])
    given = in_parts(encoder, [matches.passages[n] for n in numbers], (1 / 3, 2 / 3))
    groups = [matches.groups[n] for n in numbers]
    names = {g: k for k, g in enumerate(dict.fromkeys(groups))}
    label = torch.tensor([names[g] for g in groups], device=DEVICE)
    same = (label[:, None] == label[None]) & ~torch.eye(len(label), dtype=torch.bool, device=DEVICE)
    scores = ((asked @ given.T) / TEMPERATURE).masked_fill(same, -1e4)
    right = torch.arange(len(label), device=DEVICE)
    loss = (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2
    return loss, (scores.argmax(1) == right).float().mean().item()


def main(data: pathlib.Path, work: pathlib.Path, budget: int) -> None:
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    pieces = Pieces(work)
    help_rows = help_matches(work)
    held = held_out_companies()
    own_rows = [
        (q.question, q.passage, q.group, q.company)
        for q in written_questions() if q.answered and q.company not in held
    ]  # fmt: skip
    print(f"{len(help_rows)} titles and headings, {len(own_rows)} written questions", flush=True)
    articles = Matches(help_rows, pieces, chance)
    written = Matches(own_rows, pieces, chance) if len(own_rows) >= BATCH else None
    encoder = load_encoder(work / "distilled.safetensors")
    anchor = Anchor(data, work, pieces)
    made = optimisers(encoder, LAYER_RATE, ROW_RATE)
    loop = Loop(work / "questions.pt", made, {"encoder": encoder}, budget)
    chance.seed(SEED + loop.step)
    encoder.train()
    while loop.goes_on():
        from_own = written is not None and chance.random() < WRITTEN_SHARE
        matches = written if from_own and written is not None else articles
        numbers = matches.draw()
        loss, found = match_loss(encoder, matches, numbers)
        held = anchor.loss(encoder)
        tokens = sum(len(matches.questions[n]) + len(matches.passages[n]) for n in numbers)
        loop.learn(loss + HOLD * held, tokens, {"found": found, "held": held.item()})
    loop.report(work / "questions.json")
    save_state(work / "searching.safetensors", encoder)
    loop.finish()


if __name__ == "__main__":
    given = arguments(__doc__, 3_600_000).parse_args()
    main(given.data, given.work, given.tokens)
