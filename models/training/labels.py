"""The labels, in head order, read from the label guide; and the facts of the input format."""

import pathlib
import re

GUIDE = pathlib.Path(__file__).parent / "LABELS.md"

URGENCY = ["low", "normal", "high", "urgent"]
SENTIMENT = ["negative", "neutral", "positive"]
EMOTION = ["none", "anger", "anxiety", "disappointment", "confusion", "gratitude"]
TAXONOMY_VERSION = "1"

CONTEXT_TURNS = 3
TURN_TOKENS = 48
MESSAGE_TOKENS = 254
ROLE_MARKERS = {"customer": "[CUSTOMER]", "agent": "[AGENT]", "bot": "[AGENT]"}


def read_intents(guide: pathlib.Path = GUIDE) -> list[str]:
    """The intent ids of the guide's first table, in its order, which is the order of the heads."""
    section = guide.read_text(encoding="utf8").split("## Intent")[1].split("\n## ")[0]
    found = re.findall(r"^\| ([a-z]+(?:\.[a-z_]+)?) \|", section, re.M)
    return [name for name in found if name != "intent"]


INTENTS = read_intents()
assert len(INTENTS) == 46, INTENTS


def describe() -> dict:
    """The content of labels.json."""
    return {
        "taxonomy_version": TAXONOMY_VERSION,
        "intents": INTENTS,
        "urgency": URGENCY,
        "sentiment": SENTIMENT,
        "emotion": EMOTION,
        "binary": ["wants_human", "orders_system"],
        "input": {
            "about": (
                "Fold every text with hant_to_hans.tsv, encode it with tokenizer.json without "
                "special tokens, build the row below, map ids through embeddings.token_rows. "
                "Message alone: [CLS] message [SEP]; the vector is the mean over all positions, "
                "L2-normalised, and serves search and heads. With context, a second row for the "
                "heads only: [CLS] (marker turn)* [SEP] message [SEP], the last turns, oldest "
                "first, each cut to its first turn_tokens; attention over the whole row, the "
                "mean over [CLS], the message and the last [SEP] only. All token types are 0."
            ),
            "message_tokens": MESSAGE_TOKENS,
            "context_turns": CONTEXT_TURNS,
            "turn_tokens": TURN_TOKENS,
            "role_markers": ROLE_MARKERS,
            "cls": "[CLS]",
            "sep": "[SEP]",
        },
    }
