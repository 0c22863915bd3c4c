"""Sentence pairs and English sentences that hold the encoder while it learns something else."""

import pathlib
import random

from torch import Tensor

from distil import Teacher, contrast, english_texts
from encoder import Encoder, Pieces, load_encoder, pad
from files import read_json_lines

PAIRS, ENGLISH = 32, 16  # rows of each kind in a batch
PAIR_SAMPLE = 24_000
ENGLISH_SAMPLE = 10_000
LONGEST_PAIR = 30


class Anchor:
    """Sentence pairs and English sentences that hold the encoder to its teacher."""

    def __init__(self, data: pathlib.Path, work: pathlib.Path, pieces: Pieces) -> None:
        pairs = [p for p in read_json_lines(work / "pairs.jsonl") if len(p[1]) <= 45]
        chance = random.Random(4)
        everyday = [p for p in pairs if "docs-" not in p[2]]
        service = [p for p in pairs if p[2].startswith("service-")]
        rest = [p for p in pairs if p[2].startswith("docs-")]
        third = PAIR_SAMPLE // 3
        pairs = [p for part in (everyday, service, rest) for p in chance.sample(part, min(third, len(part)))]
        alone = chance.sample(english_texts(data, work), ENGLISH_SAMPLE)
        self.chinese = pieces.encode([p[1] for p in pairs], LONGEST_PAIR)
        self.english = pieces.encode([p[0] for p in pairs] + alone, LONGEST_PAIR)
        original = load_encoder(work / "embeddings.safetensors")
        self.teacher = Teacher(original, self.english)
        self.chance = chance

    def loss(self, encoder: Encoder) -> Tensor:
        """Distance of Chinese to the teacher's English, and of English to the teacher's own."""
        numbers = self.chance.sample(range(len(self.chinese)), PAIRS)
        wanted = self.teacher(numbers)
        found = encoder(*pad([self.chinese[n] for n in numbers]))
        english = self.chance.sample(range(len(self.english)), ENGLISH)
        held = encoder(*pad([self.english[n] for n in english]))
        chinese_loss = 2 * (1 - (found * wanted).sum(-1).mean()) + 0.3 * contrast(found, wanted)
        return chinese_loss + 2 * (1 - (held * self.teacher(english)).sum(-1).mean())
