"""Builds the title index: a catalogue's titles, in a space fitted to that catalogue.

The alignment is within-class covariance normalisation (Hatch, Kajarekar, Stolcke 2006): a title that says the same in
Korean and in English gives a pair of embeddings whose difference is wording alone, and directions in which such pairs
differ much are shrunk. What a title stands for is ridge regression from titles to the songs of their playlists, in
the space of a truncated SVD of the playlist-song matrix (as in latent semantic indexing, Deerwester et al. 1990).
"""

import re
from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import svds

from aiplayer.arrays import unit_rows
from aiplayer.titles.search import TitleIndex, TitleSpace
from training.titles.parts import title_parts

CONTENT_SIZE = 160
CONTENT_WEIGHT = 3.0
RIDGE = 10.0
SHRINKAGE = 0.02
FEWEST_PAIRS = 50
HANGUL = re.compile("[가-힣]")

Embed = Callable[[Sequence[str]], np.ndarray]


def build_index(
    playlist_ids: Sequence[int], titles: Sequence[str], songs: Sequence[Sequence[int]], embed: Embed
) -> TitleIndex:
    """Fit the space and place every playlist in it.

    Args:
        playlist_ids: The playlists.
        titles: The title of each.
        songs: The song ids of each.
        embed: Titles -> float32 [titles, size], unit length.
    """
    rows, parts = title_parts(titles)
    part_embeddings = embed(parts)
    alignment = fit_alignment(_differences(rows, parts, part_embeddings), part_embeddings.shape[1]).astype(np.float32)
    content = song_content(songs)
    aligned = unit_rows(part_embeddings @ alignment)
    mean = aligned.mean(axis=0)
    to_content = ridge(aligned - mean, content[rows] - content.mean(axis=0), RIDGE)
    weight = CONTENT_WEIGHT if content.shape[1] else 0.0
    space = TitleSpace(
        *(array.astype(np.float32) for array in (alignment, mean, to_content)), content_weight=np.float32(weight)
    )
    vectors = space.join(space.align(embed(titles)), unit_rows(content - content.mean(axis=0)))
    return TitleIndex(np.array(playlist_ids, dtype=np.int64), vectors, space)


def _differences(rows: list[int], parts: list[str], embeddings: np.ndarray) -> np.ndarray:
    """Of titles in Korean and another language: one part's embedding less the other's, [pairs, size]."""
    korean = [bool(HANGUL.search(part)) for part in parts]
    pairs = [n for n in range(len(parts) - 1) if rows[n] == rows[n + 1] and korean[n] != korean[n + 1]]
    return embeddings[pairs] - embeddings[[n + 1 for n in pairs]]


def fit_alignment(differences: np.ndarray, size: int) -> np.ndarray:
    """The symmetric inverse square root of the differences' covariance; the identity where there are too few.

    Args:
        differences: [pairs, size]: embeddings of one wish in two wordings, one less the other.
        size: Length of an embedding.

    Returns:
        [size, size].
    """
    if len(differences) < FEWEST_PAIRS:
        return np.eye(size)
    covariance = differences.T.astype(np.float64) @ differences / len(differences)
    covariance += SHRINKAGE * np.trace(covariance) / size * np.eye(size)
    values, vectors = np.linalg.eigh(covariance)
    return vectors @ np.diag(values**-0.5) @ vectors.T


def song_content(songs: Sequence[Sequence[int]]) -> np.ndarray:
    """What a playlist's songs say: the TF-IDF rows of playlists by songs, reduced to [playlists, CONTENT_SIZE]."""
    counts = [len(song_ids) for song_ids in songs]
    members = np.concatenate([np.asarray(song_ids, dtype=np.int64) for song_ids in songs])
    known, columns = np.unique(members, return_inverse=True)
    matrix = csr_matrix((np.ones(len(columns)), columns, np.cumsum([0, *counts])), shape=(len(songs), len(known)))
    matrix = matrix @ diags(np.log(len(songs) / np.asarray(matrix.sum(axis=0)).ravel()))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix = diags(1 / np.maximum(lengths, 1e-9)) @ matrix
    size = min(CONTENT_SIZE, min(matrix.shape) - 1)
    left, scales, _ = svds(matrix, k=size, rng=0)
    return unit_rows(left * scales)


def ridge(inputs: np.ndarray, targets: np.ndarray, penalty: float) -> np.ndarray:
    """The W [inputs, targets] that minimises |inputs W - targets|² + penalty |W|²."""
    gram = inputs.T @ inputs + penalty * np.eye(inputs.shape[1])
    return np.linalg.solve(gram, inputs.T @ targets)
