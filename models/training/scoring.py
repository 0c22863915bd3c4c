"""Predictions of the heads on labelled messages, and the figures they give."""

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import Tensor

from encoder import Encoder, Pieces, pad
from heads import Heads, urgency_probabilities
from inputs import Row, input_row
from labels import EMOTION, INTENTS, SENTIMENT, URGENCY
from supervised import Message

Figures = dict[str, float]

#: What an epoch is chosen by, summed.
STOP_BY = ("intent", "macro-F1", "urgency", "sentiment", "emotion")


def best_epoch(history: list[Figures]) -> Figures:
    """The epoch whose figures are kept."""
    return max(history, key=lambda figures: sum(figures[name] for name in STOP_BY))


@torch.no_grad()
def row_vectors(encoder: Encoder, rows: list[Row], size: int = 32) -> Tensor:
    """Vectors of rows with their own pooling masks, in order."""
    encoder.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    out: dict[int, Tensor] = {}
    for start in range(0, len(order), size):
        part = order[start : start + size]
        ids, mask = pad([rows[i].ids for i in part])
        pooled, _ = pad([rows[i].pooled for i in part])
        out.update(zip(part, encoder(ids, mask, pooled), strict=True))
    return torch.stack([out[i] for i in range(len(rows))])


@torch.no_grad()
def logits(
    encoder: Encoder, heads: Heads, pieces: Pieces, messages: list[Message]
) -> dict[str, Tensor]:
    """Raw neural logits of every head, with the messages' context where they have one."""
    heads.eval()
    rows = [input_row(pieces, m.text, m.context) for m in messages]
    return {name: z.cpu() for name, z in heads(row_vectors(encoder, rows)).items()}


def in_language(messages: list[Message], language: str | None) -> np.ndarray:
    """Which messages are of the language; all when it is None."""
    return np.array([language is None or m.lang == language for m in messages])


def expected_calibration_error(sure: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Mean gap between claimed probability and share of right answers, in bins of equal count."""
    order = np.argsort(sure)
    parts = [p for p in np.array_split(order, bins) if len(p)]
    return float(sum(len(p) * abs(sure[p].mean() - right[p].mean()) for p in parts) / len(sure))


def intent_figures(rank: np.ndarray, messages: list[Message]) -> Figures:
    """Accuracy, macro-F1 over the intents that occur, calibration; `rank` holds probabilities."""
    truth = np.array([INTENTS.index(m.intents[0]) for m in messages])
    guess = rank.argmax(1)
    present = sorted(set(truth))
    return {
        "n": len(messages),
        "intent": float((guess == truth).mean()),
        "intent in first 3": float((np.argsort(-rank, 1)[:, :3] == truth[:, None]).any(1).mean()),
        "macro-F1": float(f1_score(truth, guess, labels=present, average="macro", zero_division=0)),
        "ECE": expected_calibration_error(rank.max(1), guess == truth),
    }


def several_figures(chosen: np.ndarray, messages: list[Message]) -> Figures:
    """F1 of the whole set of intents, over all messages and over those that have several."""
    truth = np.zeros(chosen.shape, bool)
    for row, message in enumerate(messages):
        truth[row, [INTENTS.index(name) for name in message.intents]] = True
    many = truth.sum(1) > 1

    def micro(rows: np.ndarray) -> float:
        hit = (chosen[rows] & truth[rows]).sum()
        return float(2 * hit / max(1, chosen[rows].sum() + truth[rows].sum()))

    everything = np.ones(len(messages), bool)
    return {"several F1": micro(everything), "several F1 (two or more)": micro(many)}


def choice_figures(levels: np.ndarray, mood: np.ndarray, feeling: np.ndarray, score: np.ndarray,
                   messages: list[Message]) -> Figures:  # fmt: skip
    """Urgency, sentiment, emotion and the score's mean error, from chosen numbers."""
    level = np.array([URGENCY.index(m.urgency) for m in messages])
    urgent = level == len(URGENCY) - 1
    return {
        "urgency": float((levels == level).mean()),
        "urgency off by 2+": float((abs(levels - level) > 1).mean()),
        "urgent recall": float((levels[urgent] == 3).mean()) if urgent.any() else float("nan"),
        "sentiment": float(np.mean(mood == [SENTIMENT.index(m.sentiment) for m in messages])),
        "emotion": float(np.mean(feeling == [EMOTION.index(m.emotion) for m in messages])),
        "score error": float(np.abs(score - [m.score for m in messages]).mean()),
    }


def binary_figures(name: str, chosen: np.ndarray, messages: list[Message]) -> Figures:
    """Precision and recall of a yes-or-no head."""
    truth = np.array([getattr(m, name) for m in messages])
    hit = (chosen & truth).sum()
    return {
        f"{name} P": float(hit / chosen.sum()) if chosen.any() else float("nan"),
        f"{name} R": float(hit / truth.sum()) if truth.any() else float("nan"),
    }


def plain_figures(found: dict[str, Tensor], heads: Heads, messages: list[Message]) -> Figures:
    """Uncalibrated figures, for stopping early."""
    levels = urgency_probabilities(found["urgency"], heads.borders().cpu()).argmax(1).numpy()
    arrays = {name: t.detach().numpy() for name, t in found.items()}
    return {
        **intent_figures(found["intent_rank"].softmax(1).detach().numpy(), messages),
        **several_figures(arrays["intent_any"] > 0, messages),
        **choice_figures(
            levels, arrays["sentiment"].argmax(1), arrays["emotion"].argmax(1),
            np.tanh(arrays["score"][:, 0]), messages,
        ),
        **binary_figures("wants_human", arrays["wants_human"][:, 0] > 0, messages),
        **binary_figures("orders_system", arrays["orders_system"][:, 0] > 0, messages),
    }  # fmt: skip
