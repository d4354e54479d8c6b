"""Builds the title index: a catalogue's titles, in a space fitted to that catalogue.

The alignment is within-class covariance normalisation (Hatch, Kajarekar, Stolcke 2006): a title that says the same in
Korean and in English gives a pair of embeddings whose difference is wording alone, and directions in which such pairs
differ much are shrunk. What a title stands for is ridge regression from titles to the songs of their playlists, in
the space of a truncated SVD of the playlist-song matrix (as in latent semantic indexing, Deerwester et al. 1990).
"""

import re
from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import diags
from scipy.sparse.linalg import svds
from threadpoolctl import threadpool_limits

from aiplayer.arrays import csr_from_lengths, unit_rows
from aiplayer.titles.index import TitleIndex, TitleSpace
from aiplayer.titles.named import NamedThings
from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.reader import TitleReader
from training.titles.parts import title_parts

CONTENT_SIZE = 160
CONTENT_WEIGHT = 3.0
RIDGE = 10.0
SHRINKAGE = 0.02
FEWEST_PAIRS = 50
HANGUL = re.compile("[가-힣]")

Embed = Callable[[Sequence[str]], np.ndarray]


# Several threads add in another order than one: bytes would depend on how many cores there are.
@threadpool_limits.wrap(limits=1, user_api="blas")
def build_index(
    playlist_ids: Sequence[int], titles: Sequence[str], songs: Sequence[Sequence[int]], embed: Embed
) -> TitleIndex:
    """Fit the space, place every playlist in it, and read what the titles name.

    Args:
        playlist_ids: The playlists.
        titles: The title of each.
        songs: The song ids of each.
        embed: Titles -> float32 [titles, size], unit length.
    """
    rows, parts = title_parts(titles)
    part_embeddings = embed(parts)
    content = song_content(songs)
    centered_content = content - content.mean(axis=0)

    differences = _differences(rows, parts, part_embeddings)
    size = part_embeddings.shape[1]
    alignment = fit_alignment(differences, size).astype(np.float32)

    # A part stands for the songs of its title's playlist.
    aligned = unit_rows(part_embeddings @ alignment)
    mean = aligned.mean(axis=0)
    to_content = ridge(aligned - mean, centered_content[rows], RIDGE)

    space = TitleSpace(
        alignment.astype(np.float32),
        mean.astype(np.float32),
        to_content.astype(np.float32),
        content_weight=np.array(CONTENT_WEIGHT if content.shape[1] else 0.0, np.float32),
    )
    title_vectors = space.align(embed(titles))
    vectors = space.join(title_vectors, unit_rows(centered_content))

    reader = TitleReader(ArtistNames(catalogue=()))
    named = NamedThings.of_titles([reader.read(title) for title in titles])
    return TitleIndex(np.array(playlist_ids, dtype=np.int64), vectors, space, named)


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


def song_content(songs: Sequence[Sequence[int]]) -> np.ndarray:
    """What a playlist's songs say: the TF-IDF rows of playlists by songs, reduced to [playlists, CONTENT_SIZE].

    Args:
        songs: The song ids of each playlist.
    """
    song_counts = [len(song_ids) for song_ids in songs]
    members = np.concatenate([np.asarray(song_ids, dtype=np.int64) for song_ids in songs])
    distinct_songs, columns = np.unique(members, return_inverse=True)
    matrix = csr_from_lengths(columns, song_counts, len(distinct_songs), np.float64)

    playlist_counts = np.asarray(matrix.sum(axis=0)).ravel()
    inverse_frequency = np.log(len(songs) / playlist_counts)
    weighted = matrix @ diags(inverse_frequency)
    squares = weighted.multiply(weighted).sum(axis=1)
    lengths = np.sqrt(np.asarray(squares).ravel())
    rows = diags(1 / np.maximum(lengths, 1e-9)) @ weighted

    size = min(CONTENT_SIZE, min(rows.shape) - 1)
    left, scales, _ = svds(rows, k=size, rng=0)
    return unit_rows(left * scales)


def ridge(inputs: np.ndarray, targets: np.ndarray, penalty: float) -> np.ndarray:
    """The W [inputs, targets] that minimises |inputs W - targets|² + penalty |W|².

    Args:
        inputs: [rows, inputs].
        targets: [rows, targets].
        penalty: 0 or more.
    """
    gram = inputs.T @ inputs + penalty * np.eye(inputs.shape[1])
    return np.linalg.solve(gram, inputs.T @ targets)
