"""Late interaction: how well the words of a question are met by the words of a text. No weights are learnt.

    python late.py WORK

    h_i, g_j   last layer's states of the question's and the text's tokens, [CLS] and [SEP] left out;
               each text is read alone, as for its vector: [CLS] tokens (at most 254) [SEP]
    y_i        round(127 * P h_i / |P h_i|), int8; z_j likewise from g_j        P: WIDTH x 384
    met_i      max_j (y_i . z_j) / 127^2
    late       sum_i idf[row_i] * met_i / sum_i idf[row_i]                      row_i: row of the word table
    article    max of `late` over its passages (title, heading, text by lines), its title and its questions

P are the first principal axes of token states (not centred: projections keep their angle), idf tells
common words of customers from telling ones:

    idf[r] = ln(1 + N / (count[r] + 0.5))       texts of `corpus/train.*` and `answers/train.jsonl` with row r

Neither sees a question that fits or measures the search. Writes WORK/late.safetensors (`late.projection`
WIDTH x 384 and `late.idf`, one number a row of the word table, both f16) and WORK/late_parity.json:
`question`, `passage`, the ids of both rows, `late` with int8 tokens. The states are those of the f16 weights
of the model folder.
"""

import collections
import json
import math
import pathlib
import random
import sys

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from answers import written_questions
from encoder import Encoder, Pieces, load_encoder, pad
from files import TRAIN_PARTS, corpus_rows

WIDTH = 64
SAMPLE = 1500  # texts of each kind whose tokens give the axes
PARITY = 20
SCALE = 127
SEED = 43


def as_shipped(encoder: Encoder) -> Encoder:
    """Rounds every weight to f16, as the model folder has them."""
    for tensor in encoder.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(tensor.half().float())
    return encoder


@torch.inference_mode()
def token_states(encoder: Encoder, rows: list[list[int]], size: int = 32) -> list[Tensor]:
    """The last layer's states of rows, in order, without those of [CLS] and [SEP]."""
    encoder.eval()
    found: list[Tensor] = [torch.empty(0)] * len(rows)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    for start in range(0, len(order), size):
        part = order[start : start + size]
        states = encoder.states(*pad([rows[i] for i in part])).float().cpu()
        for number, own in zip(part, states, strict=True):
            found[number] = own[1 : len(rows[number]) - 1].clone()
    return found


def axes(states: list[Tensor], width: int = WIDTH) -> Tensor:
    """The principal axes of all tokens, strongest first, a row each."""
    tokens = torch.cat(states)
    centred = tokens - tokens.mean(0)
    _, vectors = torch.linalg.eigh(centred.T @ centred / len(tokens))
    return vectors.flip(1)[:, :width].T.contiguous().half()


def idf(rows: list[list[int]], size: int) -> Tensor:
    """The weight of every row of the word table."""
    counts = collections.Counter(row for text in rows for row in set(text))
    values = [math.log(1 + len(rows) / (counts[row] + 0.5)) for row in range(size)]
    return torch.tensor(values).half()


def projected(states: Tensor, projection: Tensor) -> Tensor:
    """Tokens as they are kept: whole numbers in -127..127."""
    return (functional.normalize(states @ projection.float().T, dim=-1) * SCALE).round()


def late(question: Tensor, ids: list[int], text: Tensor, weights: Tensor) -> float:
    """Weighted mean of how well each token of the question is met; 0 when a side has no tokens."""
    if not len(question) or not len(text):
        return 0.0
    met = (question @ text.T).max(1).values / SCALE**2
    own = weights[torch.tensor(ids)].float()
    return float((met * own).sum() / own.sum())


def main(work: pathlib.Path) -> None:
    chance = random.Random(SEED)
    pieces, encoder = Pieces(work), as_shipped(load_encoder(work / "tuned.safetensors"))
    written = written_questions()
    questions = [q.question for q in written]
    passages = sorted({q.passage for q in written})
    messages = [row["text"] for part in TRAIN_PARTS for row in corpus_rows(part)]
    weights = idf([row[1:-1] for row in pieces.encode([*messages, *questions, *passages])], len(pieces.rows))
    chosen = chance.sample(questions, min(SAMPLE, len(questions))) + passages[:SAMPLE]
    projection = axes(token_states(encoder, pieces.encode(chosen)))
    save_file({"late.projection": projection, "late.idf": weights}, work / "late.safetensors")
    cases = []
    for case in chance.sample(written, PARITY):
        rows = pieces.encode([case.question, case.passage])
        question, passage = (projected(s, projection) for s in token_states(encoder, rows))
        value = late(question, rows[0][1:-1], passage, weights)
        cases.append({"question": case.question, "passage": case.passage, "question_rows": rows[0],
                      "passage_rows": rows[1], "late": round(value, 5)})  # fmt: skip
    (work / "late_parity.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")
    print(f"{len(messages)} messages, {len(chosen)} texts for the axes, {len(projection)} of them kept")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
