"""The model folder, read and run from its own files only: what the service must compute, in Python.

Used for the parity files and for the figures of search.
"""

import json
import pathlib
from dataclasses import dataclass

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertConfig, BertModel

from encoder import pad, pool
from heads import HEADS, lexical_buckets, urgency_probabilities
from text import fold

SOFTMAX = ("intent_rank", "sentiment", "emotion")
SIGMOID = ("intent_any", "wants_human", "orders_system")


@dataclass
class Answer:
    """Everything the heads say about one message."""

    logits: dict[str, np.ndarray]
    probabilities: dict[str, np.ndarray]
    intents: list[str]
    wants_human: bool
    orders_system: bool


class Bundle:
    """A model folder."""

    def __init__(self, folder: pathlib.Path) -> None:
        def read(name: str) -> dict:
            return json.loads((folder / name).read_text(encoding="utf8"))

        self.labels, self.calibration = read("labels.json"), read("calibration.json")
        self.input = self.labels["input"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        state = load_file(folder / "model.safetensors")
        with safe_open(folder / "model.safetensors", "np") as tensors:
            self.token_rows = tensors.get_tensor("embeddings.token_rows").astype(int)
        state.pop("embeddings.token_rows")
        config = BertConfig(**read("config.json"))
        self.bert = BertModel(config, add_pooling_layer=False).float().eval()
        missing, unexpected = self.bert.load_state_dict({k: v.float() for k, v in state.items()}, strict=False)
        assert not unexpected and not [m for m in missing if "position_ids" not in m], (missing, unexpected)
        self.heads = {n: t.float() for n, t in load_file(folder / "heads.safetensors").items()}

    # -- input ---------------------------------------------------------------------------------

    def tokens(self, text: str) -> list[int]:
        """Token ids of the folded text without [CLS] and [SEP]."""
        return self.tokenizer.encode(fold(text), add_special_tokens=False).ids

    def row(self, text: str, context: list[dict]) -> tuple[list[int], list[int]]:
        """Token ids of the row and the mask of the positions its vector averages."""
        number = self.tokenizer.token_to_id
        message = self.tokens(text)[: self.input["message_tokens"]]
        ids = [number("[CLS]")]
        for turn in context[-self.input["context_turns"] :]:
            ids.append(number(self.input["role_markers"][turn["role"]]))
            ids += self.tokens(turn["text"])[: self.input["turn_tokens"]]
        if context:
            ids.append(number("[SEP]"))
        pooled = [1] + [0] * (len(ids) - 1) + [1] * (len(message) + 1)
        return [*ids, *message, number("[SEP]")], pooled

    @torch.inference_mode()
    def vectors(self, rows: list[tuple[list[int], list[int]]], size: int = 32) -> Tensor:
        """Sentence vectors of rows, in order."""
        order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
        out = torch.zeros(len(rows), self.bert.config.hidden_size)
        for start in range(0, len(order), size):
            part = order[start : start + size]
            ids, mask = (t.cpu() for t in pad([self.token_rows[rows[i][0]].tolist() for i in part]))
            pooled = pad([rows[i][1] for i in part])[0].cpu()
            out[part] = pool(self.bert(input_ids=ids, attention_mask=mask).last_hidden_state, pooled)
        return out

    def embed(self, texts: list[str]) -> Tensor:
        """The vectors of search: messages or passages alone."""
        return self.vectors([self.row(text, []) for text in texts])

    def answer_logit(self, question: str, passage: str) -> float:
        """What the answer head says of a question and a passage."""
        q, p = self.embed([question, passage])
        x = torch.cat([q * p, (q - p).abs()])
        h = torch.relu(self.heads["answers.hidden.weight"] @ x + self.heads["answers.hidden.bias"])
        return round(float(self.heads["answers.weight"][0] @ h + self.heads["answers.bias"][0]), 6)

    # -- heads ---------------------------------------------------------------------------------

    def buckets(self, text: str) -> list[int]:
        """Lexical buckets of the message."""
        ids = self.tokens(text)[: self.input["message_tokens"]]
        return lexical_buckets(self.token_rows[np.array(ids, dtype=int)].tolist())

    def logits(self, vector: Tensor, buckets: list[list[int]]) -> dict[str, Tensor]:
        """Neural logits plus the weighted lexical ones."""
        h = torch.relu(vector @ self.heads["hidden.weight"].T + self.heads["hidden.bias"])
        x = torch.cat([vector, h], -1)
        out = {n: x @ self.heads[f"{n}.weight"].T + self.heads[f"{n}.bias"] for n in HEADS}
        for name, weight in self.calibration["lexical_weight"].items():
            if weight:
                table = self.heads[f"lexical.{name}"]
                sums = [table[b].sum(0) / len(b) ** 0.5 if b else table[0] * 0 for b in buckets]
                out[name] = out[name] + weight * torch.stack(sums)
        return out

    def probabilities(self, logits: dict[str, Tensor], language: str) -> dict[str, Tensor]:
        """Calibrated probabilities of messages of one language; `score` is the value itself."""
        known = self.calibration["languages"]
        fitted = known.get(language, known["default"])
        out = {n: (logits[n] / fitted[n]["temperature"]).softmax(-1) for n in SOFTMAX}
        for name in SIGMOID:
            out[name] = torch.sigmoid(logits[name] * fitted[name]["scale"] + fitted[name]["shift"])
        scale = fitted["urgency"]["scale"]
        out["urgency"] = urgency_probabilities(logits["urgency"] * scale, self.heads["urgency.borders"] * scale)
        out["score"] = torch.tanh(logits["score"])
        return out

    def answer(self, messages: list[tuple[str, list[dict], str]]) -> list[Answer]:
        """Answers for (text, context, language)."""
        vectors = self.vectors([self.row(text, context) for text, context, _ in messages])
        logits = self.logits(vectors, [self.buckets(text) for text, _, _ in messages])
        answers = []
        for number, (_, _, language) in enumerate(messages):
            own = {n: z[number] for n, z in logits.items()}
            chances = self.probabilities(own, language)
            fitted = self.calibration["languages"]
            fitted = fitted.get(language, fitted["default"])
            first = int(chances["intent_rank"].argmax())
            more = chances["intent_any"].clone()
            more[first] = 0
            chosen = [first, *(i for i in more.argsort(descending=True).tolist()
                               if more[i] >= fitted["intent_any"]["threshold"])]  # fmt: skip
            answers.append(Answer(
                {n: z.numpy() for n, z in own.items()}, {n: p.numpy() for n, p in chances.items()},
                [self.labels["intents"][i] for i in chosen],
                *(bool(chances[n] >= fitted[n]["threshold"]) for n in ("wants_human", "orders_system")),
            ))  # fmt: skip
        return answers
