"""From a labelled message to the row the encoder reads. THE definition of the input format.

Message alone:  [CLS] message [SEP]
With context:   [CLS] ([CUSTOMER] | [AGENT] turn)* [SEP] message [SEP]

Context is the last three turns, oldest first, each cut to its first 48 tokens; the bot's turns
carry [AGENT]. The message is whole up to 254 tokens. The heads' vector is the mean over [CLS], the
message and its closing [SEP]; the turns act through attention only. Search uses the message alone.
"""

from dataclasses import dataclass

from encoder import Pieces
from labels import CONTEXT_TURNS, MESSAGE_TOKENS, ROLE_MARKERS, TURN_TOKENS


@dataclass
class Row:
    """Ids of embedding rows, and which positions the vector averages."""

    ids: list[int]
    pooled: list[int]


def token_row(pieces: Pieces, text: str, context: list[dict]) -> Row:
    """The row in TOKEN ids, as the tokeniser numbers them."""
    vocabulary = pieces.index
    message = pieces.token_ids([text])[0][:MESSAGE_TOKENS]
    ids = [vocabulary["[CLS]"]]
    for turn in context[-CONTEXT_TURNS:]:
        ids.append(vocabulary[ROLE_MARKERS[turn["role"]]])
        ids += pieces.token_ids([turn["text"]])[0][:TURN_TOKENS]
    if context:
        ids.append(vocabulary["[SEP]"])
    pooled = [1] + [0] * (len(ids) - 1) + [1] * (len(message) + 1)
    return Row([*ids, *message, vocabulary["[SEP]"]], pooled)


def input_row(pieces: Pieces, text: str, context: list[dict]) -> Row:
    """The same row in ids of the word table."""
    row = token_row(pieces, text, context)
    return Row([pieces.token_rows[i] for i in row.ids], row.pooled)
