"""Questions to help articles, written for the project: answered ones, and near misses that are not.

`answers/train.jsonl`, one question a line: `company`, `article`, `locale` of the question, `question`,
`passage_locale`, `title` of the article, `passage` the question is about, `answered`. A near miss
(`answered` false) is about what the passage is about and finds no answer in the article.
"""

from dataclasses import dataclass

from files import HERE, read_json_lines

WRITTEN = HERE / "answers" / "train.jsonl"


@dataclass
class Question:
    """One written question with the passage it is about; both with their language."""

    question: str
    locale: str
    passage: str
    passage_locale: str
    title: str
    answered: bool
    group: str


def written_questions() -> list[Question]:
    """All of them; none when the file is not there."""
    rows = list(read_json_lines(WRITTEN)) if WRITTEN.exists() else []
    return [
        Question(
            row["question"], row["locale"], f"{row['title']} {row['passage']}", row["passage_locale"],
            row["title"], row["answered"], f"{row['company']}/{row['article']}#{row['passage'][:40]}",
        )
        for row in rows
    ]  # fmt: skip
