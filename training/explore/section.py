"""One part of the report, and how its sentence spells numbers."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Section:
    """One heading of the report.

    Args:
        title: The heading.
        sentence: What the plot shows, or why there is none.
        svg: The plot, ready to stand in the page; empty where the data has nothing for it.
        rows: What a bar chart draws, as names and numbers for whoever cannot see it.
    """

    title: str
    sentence: str
    svg: str = ""
    rows: list[tuple[str, int]] = field(default_factory=list)


def number(value: float) -> str:
    """A number with thousands separators, and one decimal where it is not whole."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def count(value: float, noun: str) -> str:
    """A number of things: "1 song", "2,000 songs"."""
    return f"{number(value)} {noun}" if value == 1 else f"{number(value)} {noun}s"


def percent(part: float, whole: float) -> str:
    """A share in percent; small shares are not rounded to nothing."""
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "less than 0.1%"
    if 99.9 < share < 100:
        return "more than 99.9%"
    return f"{number(round(share, 1))}%"
