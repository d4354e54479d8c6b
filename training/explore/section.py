"""One part of the report, and how its sentence spells numbers."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Section:
    """One heading of the report.

    Attributes:
        title: The heading.
        sentence: A sentence on what the plot shows, or why there is none.
        svg: The plot, ready to stand in the page; empty where the data has nothing for it.
        rows: Names and numbers of a bar chart, for whoever cannot see it.
    """

    title: str
    sentence: str
    svg: str = ""
    rows: list[tuple[str, int]] = field(default_factory=list)


def number(value: float) -> str:
    """Spell a number with thousands separators, and one decimal where it is not whole."""
    is_whole = float(value).is_integer()
    return f"{value:,.0f}" if is_whole else f"{value:,.1f}"


def count(value: float, noun: str) -> str:
    """Spell a number of things: "1 song", "2,000 songs"."""
    ending = "" if value == 1 else "s"
    return f"{number(value)} {noun}{ending}"


def percent(part: float, whole: float) -> str:
    """Spell a share in percent; small shares are not rounded to nothing, nor great ones to all."""
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "less than 0.1%"
    if 99.9 < share < 100:
        return "more than 99.9%"
    return f"{number(round(share, 1))}%"
