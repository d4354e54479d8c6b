"""Titles that say the same twice, as channels do: "비 오는 날 재즈 | Rainy day jazz"."""

import re
from collections.abc import Sequence

BREAK = re.compile(r"\s*[|ㅣ/]\s*")


def parts_of(title: str) -> list[str]:
    """The parts of a title; none of an empty one."""
    return [part for part in BREAK.split(title) if part.strip()]


def title_parts(titles: Sequence[str]) -> tuple[list[int], list[str]]:
    """Every part of every title, in order.

    Returns:
        (for each part the row of its title, the parts).
    """
    rows = []
    parts = []
    for row, title in enumerate(titles):
        for part in parts_of(title):
            rows.append(row)
            parts.append(part)
    return rows, parts
