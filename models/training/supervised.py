"""Labelled rows for tuning: our corpus with all labels, public sets with the mapped intent only."""

import json
import pathlib
import random
from dataclasses import dataclass, field

import torch
from torch import Tensor

from encoder import Pieces
from files import HERE, TRAIN_PARTS, corpus_rows, intent_rows
from inputs import input_row
from labels import EMOTION, INTENTS, SENTIMENT, URGENCY
from text import key

IGNORED = -100
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


@dataclass
class Message:
    """One message with its labels; `full` is false where only the primary intent is known."""

    text: str
    intents: list[str]
    lang: str = "en"
    context: list[dict] = field(default_factory=list)
    full: bool = False
    urgency: str = ""
    sentiment: str = ""
    score: float = 0.0
    emotion: str = ""
    wants_human: bool = False
    orders_system: bool = False


FIELDS = ("text", "intents", "lang", "context", "urgency", "sentiment", "score", "emotion")


def own_messages(*names: str) -> list[Message]:
    """Messages of our corpus parts."""
    return [
        Message(
            full=True, wants_human=row["wants_human"], orders_system=row["orders_system"],
            **{name: row[name] for name in FIELDS},
        )
        for row in corpus_rows(*names)
    ]  # fmt: skip


def mapped_messages(data: pathlib.Path, measured: set[str]) -> list[Message]:
    """Rows of the public sets whose label is one of our intents, capped, without repeats."""
    mapping = json.loads((HERE / "intent_mapping.json").read_text(encoding="utf8"))
    chance = random.Random(3)
    found: list[Message] = []
    for name, labels in mapping["sets"].items():
        rows = intent_rows(data, f"{name}.train")
        chance.shuffle(rows)
        counts: dict[str, int] = {}
        seen = set(measured)
        for row in rows:
            text = row.get("text") or row.get("utterance") or ""
            intent = labels.get(row.get("label") or row.get("intent"))
            if intent is None or len(text) < 2 or key(text) in seen:
                continue
            limit = mapping["cap_other"] if intent == "other" else mapping["cap"]
            if counts.get(intent, 0) < limit:
                counts[intent] = counts.get(intent, 0) + 1
                seen.add(key(text))
                found.append(Message(text, [intent]))
    return found


def train_messages() -> list[Message]:
    """Our training parts."""
    return own_messages(*TRAIN_PARTS)


def typo(text: str, chance: random.Random) -> str:
    """One slip of a finger: two letters swapped, one lost or one doubled. Digits stay."""
    places = [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    if len(places) < 4:
        return text
    at = chance.choice(places)
    kind = chance.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :] if kind == 1 else text[:at] + text[at] + text[at:]


def varied(message: Message, pieces: Pieces, chance: random.Random) -> tuple[list[int], list[int]]:
    """The row of a message with light noise: typos, Chinese words spelt out, capitals kept out.

    The context is left out now and then, so that the heads also serve callers that send none.
    """
    text = message.text
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        text = typo(text, chance)
    context = [] if chance.random() < 0.15 else message.context
    row = input_row(pieces, text, context)
    if message.lang != "en" and chance.random() < 0.4:
        spelt = [pieces.split_words([i], 0.25, chance) for i in row.ids]
        pooled = [mark for ids, mark in zip(spelt, row.pooled, strict=True) for _ in ids]
        ids = [i for part in spelt for i in part]
        if len(ids) <= 500:
            return ids, pooled
    return row.ids, row.pooled


def targets(messages: list[Message]) -> dict[str, Tensor]:
    """Labels as tensors; IGNORED (or a zero in `full`) where a public row has none."""
    index = {name: number for number, name in enumerate(INTENTS)}
    several = torch.zeros(len(messages), len(INTENTS))
    for row, message in enumerate(messages):
        several[row, [index[name] for name in message.intents]] = 1.0

    def choice(names: list[str], attribute: str) -> Tensor:
        chosen = [names.index(getattr(m, attribute)) if m.full else IGNORED for m in messages]
        return torch.tensor(chosen)

    return {
        "full": torch.tensor([float(m.full) for m in messages]),
        "primary": torch.tensor([index[m.intents[0]] for m in messages]),
        "several": several,
        "urgency": choice(URGENCY, "urgency"),
        "sentiment": choice(SENTIMENT, "sentiment"),
        "emotion": choice(EMOTION, "emotion"),
        "score": torch.tensor([m.score for m in messages]),
        "wants_human": torch.tensor([float(m.wants_human) for m in messages]),
        "orders_system": torch.tensor([float(m.orders_system) for m in messages]),
    }
