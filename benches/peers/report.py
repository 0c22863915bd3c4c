"""Prints what was measured."""

import math
import platform
import statistics
from pathlib import Path

from figures import LEAST_COSINE, rounds_that_count

# Processor features that decide which kernels a runtime has.
FEATURES = ("avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16")
# Of issue 6, against the faster of the two peers that it names.
GOAL_BY_TOKENS = {12: 2.0, 16: 2.0, 32: 2.0, 128: 1.3}
THROUGHPUT_GOAL = (2, 2.5)
MASKED_GOAL = 1.0


class Report:
    """Tables in Markdown. The first contender is Frontdesk."""

    def __init__(self, contenders, options):
        self.contenders, self.options = contenders, options

    def head(self):
        model, features = processor()
        print(f"{model}; {', '.join(features)}")
        if self.options.masked:
            print("masked: all that is measured sees AVX2 alone")
        print("; ".join(dict.fromkeys(f"{c.name.rsplit(' ', 1)[0]} {c.version}" for c in self.contenders if c.version)))
        turns = f"{self.options.rounds} rounds, {self.options.seconds} s a turn"
        print(f"{turns}; {'before all other programs' if self.options.realtime else 'as any program'}")

    def ways(self, chosen):
        """The way of each contender to each figure; one that is wrong for a figure is named below the table."""
        rows, wrong = {}, []
        for of in chosen:
            cosine = f"{of.cosine:.4f} ({of.least_cosine:.4f})" if of.way else ""
            rows.setdefault(shown(of.figure), [shown(of.figure)]).append(f"{way(of.way)} {cosine}".strip())
            place = f"{of.contender.name}, {shown(of.figure)}"
            wrong += [f"{place}, {way(refused)}: {mean:.4f}" for refused, mean in of.wrong]
        print("\nThe fastest right way of each, and the mean (least) cosine of its vectors to those in f32:\n")
        table(["figure", *(contender.name for contender in self.contenders)], list(rows.values()))
        if wrong:
            print(f"\nNot measured, because the mean cosine is below {LEAST_COSINE}:")
            print("\n".join(dict.fromkeys(f"- {line}" for line in wrong)))

    def figures(self, measured):
        by_figure = {}
        for turns in measured:
            by_figure.setdefault(turns.chosen.figure, []).append(turns)
        figures, ratios = [], []
        for figure, of_figure in by_figure.items():
            rounds, said = rounds_that_count(of_figure, self.options.realtime)
            values = {turns.chosen.contender.name: turns.values(rounds) for turns in of_figure}
            digits = 2 if figure.kind == "latency" else 0
            cells = [spread(values.get(contender.name), digits) for contender in self.contenders]
            figures.append([shown(figure), *cells, said])
            ratios.append(self.ratio_row(figure, values))
        print("\nMedian (least to greatest) of the rounds; latency is the p50 of a turn in ms:\n")
        table(["figure", *(contender.name for contender in self.contenders), "rounds that count"], figures)
        print("\nHow many times as fast Frontdesk is, round by round: median (least to greatest).")
        print("`against` is the faster of the two peers that the goals name.\n")
        others = [contender.name for contender in self.contenders[1:]]
        table(["figure", "against", "times as fast", "goal", *others], ratios)

    def ratio_row(self, figure, values):
        own = values.get(self.contenders[0].name)
        against = {c.name: values[c.name] for c in self.contenders[1:] if c.name in values}
        named = {c.name for c in self.contenders[1:] if c.counts}
        ratios = {name: ratio(figure, own, theirs) for name, theirs in against.items()} if own else {}
        of_named = {name: statistics.median(ratios[name]) for name in ratios if name in named}
        cells = [spread(ratios.get(contender.name), 2) for contender in self.contenders[1:]]
        if not of_named:
            return [shown(figure), "none is right", "–", "–", *cells]
        least, goal = min(of_named, key=of_named.get), self.goal(figure)
        verdict = f"{goal:g}: {'met' if of_named[least] >= goal else 'not met'}" if goal else "–"
        return [shown(figure), least, spread(ratios[least], 2), verdict, *cells]

    def goal(self, figure):
        if self.options.masked:
            return MASKED_GOAL
        if figure.kind == "latency":
            return GOAL_BY_TOKENS.get(figure.tokens)
        threads, goal = THROUGHPUT_GOAL
        return goal if figure.threads == threads else None

    def mask(self, contenders):
        """Whether masked processes indeed did without AVX-512."""
        print()
        for contender in contenders[1:]:
            status = contender.ask({"threads": 1}, figure="status")
            ago = status["avx512_ms_ago"]
            used = ago is not None and 0 <= ago < status["ms_since_start"]
            told = "unknown" if ago is None else "used" if used else "not used"
            print(f"{contender.name}: {status['masked_answers']} answers masked; AVX-512 in its main thread: {told}")

    def raw(self, chosen, measured):
        return {
            "processor": processor(),
            "ways": [
                {"figure": shown(of.figure), "runtime": of.contender.name, "way": of.way, "cosine": of.cosine}
                for of in chosen
            ],
            "turns": [
                {"figure": shown(of.chosen.figure), "runtime": of.chosen.contender.name, "rounds": of.answers}
                for of in measured
            ],
        }


def ratio(figure, own, theirs):
    pairs = zip(theirs, own) if figure.kind == "latency" else zip(own, theirs)
    return [above / below for above, below in pairs]


def shown(figure):
    threads = f"{figure.threads} thread{'s' if figure.threads > 1 else ''}"
    what = f"{figure.tokens} tokens, ms" if figure.kind == "latency" else "messages/s"
    return f"{what}, {threads}"


def way(request):
    if request is None:
        return "none is right"
    said = [request.get("variant", "")]
    if request["figure"] == "throughput":
        said.append(f"batch {request['batch']}, {request['callers']} calling")
    return ", ".join(part for part in said if part)


def spread(values, digits):
    if not values:
        return "–"
    middle, least, greatest = statistics.median(values), min(values), max(values)
    if math.isnan(middle):
        return "–"
    return f"{middle:.{digits}f} ({least:.{digits}f} to {greatest:.{digits}f})"


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def processor():
    """Its name, and those of the features that it has."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor", []
    fields = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    flags = set(fields.get("flags", "").split())
    return fields.get("model name", "unknown processor"), [feature for feature in FEATURES if feature in flags]
