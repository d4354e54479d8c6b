"""Pairs of titles that stand for much the same songs and tags, to learn from.

An item of many playlists says little and costs much, so it leads to at most MOST_USES of its playlists, drawn by the
seed. The matrix product that compares playlists then has at most MOST_USES terms for each item of each playlist.
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


def mine_pairs(
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
    all_parts = [parts_of(title or "") for title in playlists["title"]]
    has_title = np.array([bool(parts) for parts in all_parts])
    parts_by_row = [parts for parts in all_parts if parts]
    untitled_count = int((~has_title).sum())
    advance(untitled_count)

    pairs = []
    titled_vectors = item_vectors(playlists)[has_title]
    for row, partners in enumerate(_partners(titled_vectors, random, advance)):
        for partner in partners:
            first = _draw_part(parts_by_row[row], random)
            second = _draw_part(parts_by_row[partner], random)
            if first.casefold() != second.casefold():
                pairs.append((first, second))

    order = random.permutation(len(pairs))
    return [pairs[row] for row in order[:count]]


def _draw_part(parts: list[str], random: np.random.Generator) -> str:
    part = parts[random.integers(len(parts))]
    return part.strip()[:LONGEST]


def _partners(items: csr_matrix, random: np.random.Generator, advance: Callable[[int], None]) -> Iterator[np.ndarray]:
    """For each row the rows that share the most with it, the greatest share first, itself left out.

    Args:
        items: float32 [playlists, items], rows of unit length.
        random: Draws the playlists of frequent items, and the order of playlists that share the same.
        advance: Told how many more rows are done.
    """
    playlists_by_item = _thin(items.tocsc(), random).T.tocsc()
    for start in range(0, items.shape[0], STEP):
        shared = csr_matrix(items[start : start + STEP] @ playlists_by_item)
        for offset in range(shared.shape[0]):
            first = shared.indptr[offset]
            end = shared.indptr[offset + 1]
            columns = shared.indices[first:end]
            weights = shared.data[first:end]

            others = columns != start + offset
            columns = columns[others]
            # Equal shares are common; a little noise keeps the first rows from being everybody's partners.
            noise = 1e-3 * random.random(others.sum())
            weights = weights[others] * (1 + noise)

            order = np.argsort(-weights, kind="stable")
            yield columns[order[:PARTNERS]]
        advance(min(STEP, items.shape[0] - start))


def _thin(items: csc_matrix, random: np.random.Generator) -> csc_matrix:
    """The same with at most MOST_USES entries a column, drawn by chance."""
    uses = np.diff(items.indptr)
    columns = np.repeat(np.arange(items.shape[1]), uses)

    # The entries in a random order within each column; an entry's rank is its place in its own column.
    order = np.lexsort((random.random(items.nnz), columns))
    column_starts = np.repeat(items.indptr[:-1], uses)
    rank = np.empty(items.nnz, dtype=np.int64)
    rank[order] = np.arange(items.nnz) - column_starts

    is_kept = rank < MOST_USES
    rows = items.indices[is_kept]
    return csc_matrix((items.data[is_kept], (rows, columns[is_kept])), shape=items.shape)
