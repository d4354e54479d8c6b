"""Pairs of titles that stand for much the same songs and tags, to learn from.

An item of many playlists says little and costs much, so it leads to at most MOST_USES of its playlists, drawn anew for
every fit. The product below then has at most MOST_USES terms for each item of each playlist.
"""

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
from scipy.sparse import csc_matrix, csr_matrix

from training.titles.encoder.overlap import item_vectors
from training.titles.parts import parts_of

MOST_USES = 300
PARTNERS = 5
LONGEST = 40  # A batch takes the time of its longest title.
STEP = 1_024


def mine(
    playlists: pl.DataFrame, count: int, seed: int, advance: Callable[[int], None] = lambda rows: None
) -> list[tuple[str, str]]:
    """Pair each title with those of the PARTNERS playlists that share the most with its own.

    Args:
        playlists: A frame with the columns of `training.dataset.frames.PLAYLIST_COLUMNS`.
        count: At most so many pairs, drawn from all.
        seed: Draws the playlists of frequent items, the parts of titles, and the pairs.
        advance: Told how many more playlists were looked at.

    Returns:
        Pairs of title parts that differ in more than case, each at most LONGEST characters.
    """
    random = np.random.default_rng(seed)
    parts = [parts_of(title or "") for title in playlists["title"]]
    titled = np.array([bool(some) for some in parts])
    parts = [some for some in parts if some]
    advance(int((~titled).sum()))
    pairs = []
    for row, partners in enumerate(_partners(item_vectors(playlists)[titled], random, advance)):
        for partner in partners:
            drawn = (some[random.integers(len(some))] for some in (parts[row], parts[partner]))
            first, second = (part.strip()[:LONGEST] for part in drawn)
            if first.casefold() != second.casefold():
                pairs.append((first, second))
    return [pairs[row] for row in random.permutation(len(pairs))[:count]]


def _partners(items: csr_matrix, random: np.random.Generator, advance: Callable[[int], None]) -> Iterator[np.ndarray]:
    """For each row the rows that share the most with it, itself left out."""
    found = _thin(items.tocsc(), random).T.tocsc()
    for start in range(0, items.shape[0], STEP):
        shared = csr_matrix(items[start : start + STEP] @ found)
        for offset, (first, end) in enumerate(zip(shared.indptr, shared.indptr[1:], strict=False)):
            columns, weights = shared.indices[first:end], shared.data[first:end]
            others = columns != start + offset
            columns, weights = columns[others], weights[others] * (1 + 1e-3 * random.random(others.sum()))
            yield columns[np.argsort(-weights, kind="stable")[:PARTNERS]]
        advance(min(STEP, items.shape[0] - start))


def _thin(items: csc_matrix, random: np.random.Generator) -> csc_matrix:
    """The same with at most MOST_USES entries a column."""
    uses = np.diff(items.indptr)
    columns = np.repeat(np.arange(items.shape[1]), uses)
    order = np.lexsort((random.random(items.nnz), columns))
    rank = np.empty(items.nnz, dtype=np.int64)
    rank[order] = np.arange(items.nnz) - np.repeat(items.indptr[:-1], uses)
    kept = rank < MOST_USES
    return csc_matrix((items.data[kept], (items.indices[kept], columns[kept])), shape=items.shape)
