"""Embeds titles the same way wherever the product is trained or measured."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TITLES_A_BATCH = 64
TITLES_A_STEP = 1_024

Embed = Callable[[Sequence[str]], np.ndarray]
Tell = Callable[[int, int], None]


def embed_titles(encoder: "SentenceTransformer", titles: Sequence[str]) -> np.ndarray:
    """Titles -> float32 [titles, size], unit length.

    Args:
        encoder: Any SentenceTransformer.
        titles: The titles, each of one character or more.
    """
    return encoder.encode(list(titles), batch_size=TITLES_A_BATCH, normalize_embeddings=True, show_progress_bar=False)


def embed_once(encoder: "SentenceTransformer", titles: Collection[str], tell: Tell = lambda done, total: None) -> Embed:
    """Embed each of these titles once; gives what embeds any of them: titles -> float32 [titles, size].

    Args:
        encoder: Any SentenceTransformer.
        titles: The titles; an empty one is embedded as a blank.
        tell: Told how many titles are embedded and how many there are.
    """
    distinct = sorted(set(titles))
    steps = []
    for start in range(0, len(distinct), TITLES_A_STEP):
        tell(start, len(distinct))
        step = distinct[start : start + TITLES_A_STEP]
        steps.append(embed_titles(encoder, [title or " " for title in step]))
    tell(len(distinct), len(distinct))

    vectors = np.concatenate(steps)
    rows = {title: row for row, title in enumerate(distinct)}
    return lambda some_titles: vectors[[rows[title] for title in some_titles]]
