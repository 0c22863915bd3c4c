"""Which figures there are, the best way of each contender to each, and turns of measuring."""

import math
import os
import statistics
from dataclasses import dataclass, field

# A result that is further from f32 is wrong, however fast. The least mean cosine of pooled vectors.
LEAST_COSINE = 0.99
CHOICE_ROUNDS, CHOICE_SECONDS = 3, 0.1
# Messages whose vectors are looked at.
NUM_CHECKED = 96
# Cores that other programs may use beyond those that a figure leaves free.
TOLERATED_CORES = 0.15
LEAST_QUIET_ROUNDS = 3


@dataclass(frozen=True)
class Figure:
    """Single rows of so many tokens, or, without a length, many short messages."""

    kind: str
    threads: int
    tokens: int | None = None

    def value(self, answer):
        return answer["p50_ms"] if self.kind == "latency" else answer["messages_per_second"]

    def better(self, values):
        return min(values) if self.kind == "latency" else max(values)


@dataclass
class Chosen:
    """How a contender is asked for a figure; `way` is None where no way gave right results."""

    contender: object
    figure: Figure
    way: dict | None
    cosine: float
    least_cosine: float
    # Ways whose results were wrong, with their mean cosine.
    wrong: list = field(default_factory=list)


@dataclass
class Turns:
    """What one contender measured of one figure, round by round."""

    chosen: Chosen
    answers: list = field(default_factory=list)

    def values(self, rounds):
        return [self.chosen.figure.value(self.answers[number]) for number in rounds]


def choose(contenders, figures, reference):
    """The fastest right way of each contender to each figure."""
    return [chosen_way(contender, figure, reference) for figure in figures for contender in contenders]


def chosen_way(contender, figure, reference):
    right, wrong = [], []
    for way in contender.ways(figure):
        cosines = cosines_of(contender, figure, way, reference)
        mean = statistics.mean(cosines)
        (right if mean >= LEAST_COSINE else wrong).append((way, mean, min(cosines)))
    speeds = [[] for _ in right]
    for _ in range(CHOICE_ROUNDS if len(right) > 1 else 0):
        for (way, _, _), of_way in zip(right, speeds):
            of_way.append(figure.value(contender.ask(way, seconds=CHOICE_SECONDS)))
    wrong = [(way, mean) for way, mean, _ in wrong]
    if not right:
        return Chosen(contender, figure, None, math.nan, math.nan, wrong)
    medians = [statistics.median(of_way) if of_way else 0.0 for of_way in speeds]
    way, mean, least = right[medians.index(figure.better(medians))]
    return Chosen(contender, figure, way, mean, least, wrong)


def cosines_of(contender, figure, way, reference):
    vectors = contender.ask(way, figure="vectors", first=NUM_CHECKED)["vectors"]
    expected = reference[str(figure.tokens)] if figure.tokens else reference["messages"][:NUM_CHECKED]
    return [sum(a * b for a, b in zip(*pair)) for pair in zip(vectors, expected, strict=True)]


def measure(chosen, rounds, seconds, patient):
    """Every contender takes its turn at a figure before the next figure comes, in an order that changes.

    `patient` means that a round in which other programs took the cores is measured again, once.
    """
    measured = [Turns(of) for of in chosen if of.way]
    figures = list(dict.fromkeys(turns.chosen.figure for turns in measured))
    for number in range(rounds):
        for figure in figures:
            of_figure = [turns for turns in measured if turns.chosen.figure == figure]
            first = number % len(of_figure)
            for _attempt in range(2 if patient else 1):
                answers = {
                    id(turns): turns.chosen.contender.watched(turns.chosen.way, seconds=seconds)
                    for turns in of_figure[first:] + of_figure[:first]
                }
                if all(is_quiet(figure, answer) for answer in answers.values()):
                    break
            for turns in of_figure:
                turns.answers.append(answers[id(turns)])
    return measured


def is_quiet(figure, answer):
    free = max(0, (os.cpu_count() or 1) - figure.threads)
    return answer["others_cores"] <= free + TOLERATED_CORES


def rounds_that_count(of_figure, realtime):
    """Rounds in which no other program disturbed anyone, or all where too few are quiet; and how to say so."""
    every = range(len(of_figure[0].answers))
    figure = of_figure[0].chosen.figure
    quiet = [number for number in every if all(is_quiet(figure, turns.answers[number]) for turns in of_figure)]
    if realtime:
        return list(every), f"{len(every)}"
    if len(quiet) < min(LEAST_QUIET_ROUNDS, len(every)):
        return list(every), f"{len(every)}, disturbed by other programs"
    return quiet, f"{len(quiet)} of {len(every)}"
