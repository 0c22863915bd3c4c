"""The head that says whether a passage answers a question, on the vectors of both.

    python answers.py WORK

    x = concatenate(q * p * SCALE, |q - p| * SCALE)       SCALE = sqrt(384); folded into the weights
    logit = relu(x @ hidden.weight.T + hidden.bias) @ weight.T + bias

Learnt from the written questions: answered ones with their passage and with the most similar passage of
another article of the company, near misses with the passage they are about. The encoder is fixed. Writes
WORK/answers.safetensors and WORK/answers.json. The service turns the logit and the features of its
search into a probability with `answer.json`, fitted on other questions to other companies.

`answers/train.jsonl`, one question a line: `company`, `article`, `article_locale`, `title`, `passage` (the
one the question is about), `question`, `locale` of the question, `answered`. A near miss (`answered`
false) is about what the passage is about and finds no answer in the article.
"""

import json
import math
import pathlib
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
EPOCHS, BATCH, RATE, DECAY = 40, 128, 1e-3, 0.05
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


def held_out_companies() -> list[str]:
    """Companies of which no stage learns: one chooses the epoch of the head, the other measures it."""
    return sorted({q.company for q in written_questions()})[::5][:HELD_OUT]


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
    """Vectors of questions and passages, and whether the passage answers."""

    questions: Tensor
    passages: Tensor
    answered: Tensor


def hardest(question: Tensor, passages: Tensor, allowed: list[bool]) -> int | None:
    """The most similar of the allowed passages."""
    if not any(allowed):
        return None
    scores = (passages @ question).masked_fill(~torch.tensor(allowed), -2.0)
    return int(scores.argmax())


def cases(rows: list[Question], encoder: Encoder, pieces: Pieces) -> Cases:
    """Every question with the passage it is about, answered ones also with the hardest wrong one."""
    asked = vectors(encoder, pieces.encode([r.question for r in rows]))
    given = vectors(encoder, pieces.encode([r.passage for r in rows]))
    members: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        members.setdefault(row.company, []).append(number)
    q, p, y = [], [], []
    for numbers in members.values():
        own = given[numbers]
        for number in numbers:
            row = rows[number]
            q.append(asked[number]), p.append(given[number]), y.append(float(row.answered))
            if row.answered:
                other = hardest(asked[number], own, [rows[n].article != row.article for n in numbers])
                if other is not None:
                    q.append(asked[number]), p.append(own[other]), y.append(0.0)
    if not y:
        return Cases(torch.zeros(0, WIDTH), torch.zeros(0, WIDTH), torch.zeros(0))
    return Cases(torch.stack(q), torch.stack(p), torch.tensor(y))


def auc(head: AnswerHead, part: Cases) -> float:
    """Area under the ROC curve."""
    with torch.no_grad():
        return float(roc_auc_score(part.answered, head.eval()(part.questions, part.passages)))


def main(work: pathlib.Path) -> None:
    torch.manual_seed(SEED)
    pieces, encoder = Pieces(work), load_encoder(work / "tuned.safetensors")
    encoder.rough = True
    written = written_questions()
    held = held_out_companies()

    def of(companies: list[str] | None) -> Cases:
        chosen = [q for q in written if (q.company not in held if companies is None else q.company in companies)]
        return cases(chosen, encoder, pieces)

    own, choosing, measuring = of(None), of(held[:1]), of(held[1:])
    print(f"{len(own.answered)} cases; {len(choosing.answered)} choose, {len(measuring.answered)} measure: {held}")
    head = AnswerHead()
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    best, kept, tensors = 0.0, {}, head.tensors()
    for epoch in range(1, EPOCHS + 1):
        head.train()
        for part in torch.randperm(len(own.answered)).split(BATCH):
            logits = head(own.questions[part], own.passages[part])
            loss = functional.binary_cross_entropy_with_logits(logits, own.answered[part])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        found = auc(head, choosing)
        if found > best:
            best, tensors = found, head.tensors()
            kept = {"epoch": epoch, "AUC of a company that no stage saw": auc(head, measuring)}
    cosine = (measuring.questions * measuring.passages).sum(-1)
    kept["AUC of the cosine there"] = float(roc_auc_score(measuring.answered, cosine))
    kept["written cases"] = len(own.answered)
    save_file(tensors, work / "answers.safetensors")
    (work / "answers.json").write_text(json.dumps(kept) + "\n")
    print(json.dumps(kept))


def load_answer_head(work: pathlib.Path) -> dict[str, Tensor]:
    """The head's tensors, none when it was not trained."""
    path = work / "answers.safetensors"
    return load_file(path) if path.exists() else {}


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
