"""Builds the title index: a catalogue's titles, in a space fitted to that catalogue.

The alignment is within-class covariance normalisation (Hatch, Kajarekar, Stolcke 2006): a title that says the same in
Korean and in English gives a pair of embeddings whose difference is wording alone, and directions in which such pairs
differ much are shrunk. What is then kept are the principal directions of the catalogue's titles, for a search reads
all of them.
"""

import re
from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from aiplayer.arrays import principal_directions, unit_rows
from aiplayer.titles.index import TitleIndex, TitleSpace
from aiplayer.titles.named import NamedThings
from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.reader import TitleReader
from training.titles.embedding import Embed
from training.titles.parts import title_parts

SIZE = 128
SHRINKAGE = 0.02
FEWEST_PAIRS = 50
HANGUL = re.compile("[가-힣]")


# Several threads add in another order than one: bytes would depend on how many cores there are.
@threadpool_limits.wrap(limits=1, user_api="blas")
def build_index(playlist_ids: Sequence[int], titles: Sequence[str], embed: Embed) -> TitleIndex:
    """Fit the space, place every title in it, and read what the titles name.

    Args:
        playlist_ids: The playlists.
        titles: The title of each.
        embed: Titles -> float32 [titles, size], unit length.
    """
    rows, parts = title_parts(titles)
    differences = _differences(rows, parts, embed(parts))
    embeddings = embed(titles)
    alignment = fit_alignment(differences, embeddings.shape[1]).astype(np.float32)
    directions = principal_directions([unit_rows(embeddings @ alignment)], SIZE)
    space = TitleSpace(alignment, directions)

    reader = TitleReader(ArtistNames(catalogue=()))
    named = NamedThings.of_titles([reader.read(title) for title in titles])
    return TitleIndex(np.array(playlist_ids, dtype=np.int64), space.project(embeddings), space, named)


def _differences(rows: list[int], parts: list[str], embeddings: np.ndarray) -> np.ndarray:
    """Of titles in Korean and another language: the first part's embedding less the second's, [pairs, size]."""
    is_korean = [bool(HANGUL.search(part)) for part in parts]
    firsts = []
    for first in range(len(parts) - 1):
        second = first + 1
        if rows[first] == rows[second] and is_korean[first] != is_korean[second]:
            firsts.append(first)

    seconds = [first + 1 for first in firsts]
    return embeddings[firsts] - embeddings[seconds]


def fit_alignment(differences: np.ndarray, size: int) -> np.ndarray:
    """The symmetric inverse square root of the differences' covariance; the identity where there are too few.

    Args:
        differences: [pairs, size]: the embedding of a title in one language less that in another.
        size: Length of an embedding.

    Returns:
        [size, size].
    """
    if len(differences) < FEWEST_PAIRS:
        return np.eye(size)

    covariance = differences.T.astype(np.float64) @ differences / len(differences)
    # Directions of which the pairs say little keep some variance, or the inverse would blow them up.
    covariance += SHRINKAGE * np.trace(covariance) / size * np.eye(size)
    values, vectors = np.linalg.eigh(covariance)
    return vectors @ np.diag(values**-0.5) @ vectors.T
