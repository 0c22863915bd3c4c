"""Figures and tables as the card shows them."""


def number(value: float | None) -> str:
    """A figure as the tables show it."""
    if value is None or value != value:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}".removeprefix("0")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
