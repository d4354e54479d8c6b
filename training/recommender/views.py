"""Views of a playlist: what training shows of it, and what it hides."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from aiplayer.recommender.request import Inputs
from aiplayer.titles.reading.mentions import Reading


class ViewKind(NamedTuple):
    """What a playlist shows of itself, and how large a share of all views does so."""

    share: float
    songs: bool
    tags: bool
    title: bool


# A recommender is asked in all these ways.
VIEW_KINDS = (
    ViewKind(0.25, songs=True, tags=False, title=False),
    ViewKind(0.20, songs=True, tags=True, title=False),
    ViewKind(0.15, songs=False, tags=True, title=True),
    ViewKind(0.20, songs=False, tags=False, title=True),
    ViewKind(0.10, songs=True, tags=False, title=True),
    ViewKind(0.10, songs=True, tags=True, title=True),
)
VIEW_BOUNDS = np.cumsum([kind.share for kind in VIEW_KINDS])
# The share of the items that is shown.
LEAST_SHOWN = 0.2
MOST_SHOWN = 0.8


@dataclass(frozen=True)
class View:
    """What is shown of a playlist, and what is hidden.

    Attributes:
        shown: The rows that are shown.
        title: The embedding of the title, float32 [size]; zeros where it is hidden.
        text: The title; "" where it is hidden.
        read: What the title says.
        songs: The hidden songs, rows, int64.
        tags: The hidden tags, rows, int64.
    """

    shown: Inputs
    title: np.ndarray
    text: str
    read: Reading
    songs: np.ndarray
    tags: np.ndarray


def draw_kind(random: np.random.Generator) -> ViewKind:
    """Draw a kind of view, each as often as its share says."""
    number = int(np.searchsorted(VIEW_BOUNDS, random.random()))
    # The bounds may end a little below 1, where a draw would fall beyond the last kind.
    return VIEW_KINDS[min(number, len(VIEW_KINDS) - 1)]


def split_items(items: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A random part of the items, and the rest."""
    shuffled = random.permutation(items)
    if not len(items):
        return shuffled, shuffled

    share = random.uniform(LEAST_SHOWN, MOST_SHOWN)
    shown_count = max(1, round(len(items) * share))
    return shuffled[:shown_count], shuffled[shown_count:]
