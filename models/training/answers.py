"""Stage 9: the head that says whether a passage answers a question, on the vectors of both.

    python answers.py DATA WORK

    x = concatenate(q * p * SCALE, |q - p| * SCALE)       SCALE = sqrt(384); folded into the weights
    logit = relu(x @ hidden.weight.T + hidden.bias) @ weight.T + bias

Learnt from titles and headings of help articles with their own passage and the most similar other one of
the same folder, and from the written questions: answered ones with their passage and with the most
similar passage of another article of the company, near misses with the passage they are about. The
encoder is fixed. Two companies, chosen by name, are held out to choose the epoch. Writes
WORK/answers.safetensors and WORK/answers.json. The service turns the logit and the features of its
search into a probability with `answer.json`, fitted on other questions to other companies.

`answers/train.jsonl`, one question a line: `company`, `article`, `article_locale`, `title`, `passage` (the
one the question is about), `question`, `locale` of the question, `answered`. A near miss (`answered`
false) is about what the passage is about and finds no answer in the article.
"""

import json
import math
import pathlib
import random
import sys
from dataclasses import dataclass

import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional

from encoder import WIDTH, Encoder, Pieces, load_encoder, vectors
from files import HERE, read_json_lines

WRITTEN = HERE / "answers" / "train.jsonl"
HELD_OUT = 2  # companies
HIDDEN = 64
SCALE = math.sqrt(WIDTH)
FOLDER_ROWS, SMALLEST_FOLDER = 16_000, 12
LONGEST = 128
EPOCHS, BATCH, RATE, DECAY = 40, 256, 1e-3, 0.05
WRITTEN_WEIGHT = 4.0
SEED = 41


@dataclass
class Question:
    """One written question with the passage it is about, as search reads it: title, then passage."""

    company: str
    article: str
    question: str
    passage: str
    answered: bool

    @property
    def group(self) -> str:
        """Questions of one group have the same passage."""
        return f"{self.company}/{self.article}#{self.passage}"


def written_questions() -> list[Question]:
    """All of them; none when the file is not there."""
    rows = list(read_json_lines(WRITTEN)) if WRITTEN.exists() else []
    return [
        Question(
            r["company"], r["article"], r["question"], f"{r['title']}\n{r['passage']}", r["answered"]
        )
        for r in rows
    ]  # fmt: skip


class AnswerHead(nn.Module):
    """From the unit vectors of question and passage to a logit."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(2 * WIDTH, HIDDEN), nn.Linear(HIDDEN, 1)
        self.dropout = nn.Dropout(0.2)

    def forward(self, question: Tensor, passage: Tensor) -> Tensor:
        x = torch.cat([question * passage, (question - passage).abs()], -1) * SCALE
        return self.out(self.dropout(torch.relu(self.hidden(self.dropout(x)))))[..., 0]

    def tensors(self) -> dict[str, Tensor]:
        """What heads.safetensors holds: SCALE is folded in."""
        named = {
            "answers.hidden.weight": self.hidden.weight * SCALE, "answers.hidden.bias": self.hidden.bias,
            "answers.weight": self.out.weight, "answers.bias": self.out.bias,
        }  # fmt: skip
        return {name: t.detach().contiguous() for name, t in named.items()}


@dataclass
class Cases:
    """Vectors of questions and passages, whether the passage answers, and how much the row counts."""

    questions: Tensor
    passages: Tensor
    answered: Tensor
    weights: Tensor


def hardest(question: Tensor, passages: Tensor, allowed: list[bool]) -> int | None:
    """The most similar of the allowed passages."""
    if not any(allowed):
        return None
    scores = (passages @ question).masked_fill(~torch.tensor(allowed), -2.0)
    return int(scores.argmax())


def cases(rows: list[tuple[str, str, str, str, str, bool]], encoder: Encoder, pieces: Pieces,
          weight: float) -> Cases:  # fmt: skip
    """Rows are (collection, article, group, question, passage, answered)."""
    asked = vectors(encoder, pieces.encode([r[3] for r in rows], LONGEST))
    given = vectors(encoder, pieces.encode([r[4] for r in rows], LONGEST))
    members: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        members.setdefault(row[0], []).append(number)
    q, p, y = [], [], []
    for numbers in members.values():
        own = given[numbers]
        for number in numbers:
            _, article, group, _, _, answered = rows[number]
            q.append(asked[number]), p.append(given[number]), y.append(float(answered))
            if answered:
                allowed = [rows[n][1] != article and rows[n][2] != group for n in numbers]
                other = hardest(asked[number], own, allowed)
                if other is not None:
                    q.append(asked[number]), p.append(own[other]), y.append(0.0)
    return Cases(torch.stack(q), torch.stack(p), torch.tensor(y), torch.full((len(y),), weight))


def help_cases(work: pathlib.Path, encoder: Encoder, pieces: Pieces) -> Cases:
    """Titles and headings with passages of their folder."""
    chance = random.Random(SEED)
    folders: dict[str, list[list[str]]] = {}
    for row in read_json_lines(work / "passages.jsonl"):
        folders.setdefault(row[2].rsplit("/", 1)[0], []).append(row)
    names = sorted(n for n, rows in folders.items() if len(rows) >= SMALLEST_FOLDER)
    chance.shuffle(names)
    chosen: list[tuple[str, str, str, str, str, bool]] = []
    for name in names:
        part = chance.sample(folders[name], min(200, len(folders[name])))
        chosen += [(name, g.split("#")[0], g, title, passage, True) for title, passage, g in part]
        if len(chosen) >= FOLDER_ROWS:
            break
    return cases(chosen, encoder, pieces, 1.0)


def auc(head: AnswerHead, part: Cases) -> float:
    """Area under the ROC curve."""
    with torch.no_grad():
        return float(roc_auc_score(part.answered, head.eval()(part.questions, part.passages)))


def main(data: pathlib.Path, work: pathlib.Path) -> None:
    torch.manual_seed(SEED)
    pieces, encoder = Pieces(work), load_encoder(work / "tuned.safetensors")
    encoder.rough = True
    written = written_questions()
    held = set(sorted({q.company for q in written})[::5][:HELD_OUT])

    def of(questions: list[Question]) -> Cases:
        rows = [(q.company, q.article, q.group, q.question, q.passage, q.answered) for q in questions]
        return cases(rows, encoder, pieces, WRITTEN_WEIGHT)

    own, check = (of([q for q in written if (q.company in held) == out]) for out in (False, True))
    general = help_cases(work, encoder, pieces)
    q, p, y, w = (
        torch.cat([getattr(part, name) for part in (own, general)])
        for name in ("questions", "passages", "answered", "weights")
    )
    print(f"{len(own.answered)} written cases, {len(general.answered)} of help articles, "
          f"{len(check.answered)} held out: {sorted(held)}", flush=True)  # fmt: skip
    head = AnswerHead()
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    best, kept = 0.0, {}
    for epoch in range(1, EPOCHS + 1):
        head.train()
        for part in torch.randperm(len(y)).split(BATCH):
            logits = head(q[part], p[part])
            loss = functional.binary_cross_entropy_with_logits(logits, y[part], w[part])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        found = auc(head, check)
        if found > best:
            best, kept = found, {"epoch": epoch, "AUC, companies held out": found}
            tensors = head.tensors()
    cosine = (check.questions * check.passages).sum(-1)
    kept["AUC of the cosine alone"] = float(roc_auc_score(check.answered, cosine))
    kept |= {"written cases": len(own.answered) + len(check.answered), "help cases": len(general.answered)}
    save_file(tensors, work / "answers.safetensors")
    (work / "answers.json").write_text(json.dumps(kept) + "\n")
    print(json.dumps(kept))


def load_answer_head(work: pathlib.Path) -> dict[str, Tensor]:
    """The head's tensors, none when it was not trained."""
    path = work / "answers.safetensors"
    return load_file(path) if path.exists() else {}


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
