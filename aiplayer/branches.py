"""What the branches of the recommender are asked and what they say, before and after it is blended."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from aiplayer.naming import NOTHING, Named


@dataclass(frozen=True)
class Known:
    """A wish as rows of the vocabulary, and what its title names."""

    songs: np.ndarray
    tags: np.ndarray
    ngrams: np.ndarray
    artists: np.ndarray
    title_embedding: np.ndarray
    named: Named = NOTHING

    @property
    def kinds(self) -> list[np.ndarray]:
        """In the order of `aiplayer.models.autoencoder.KINDS`."""
        return [self.songs, self.tags, self.ngrams, self.artists]


@dataclass(frozen=True)
class Branches:
    """What every branch says to each question: distributions over songs and over tags, and the blend's features.

    `songs` and `tags` have an entry for each of `aiplayer.blend.BRANCHES`: the autoencoder's logits, dense, then
    sparse distributions.
    """

    features: np.ndarray
    songs: list
    tags: list


def speaking(said: list) -> np.ndarray:
    """bool [questions, branches]: which branches have any score; the autoencoder always has."""
    sparse = [np.diff(scores.indptr) > 0 for scores in said[1:]]
    return np.stack([np.ones(len(said[0]), dtype=bool), *sparse], axis=1)


def mixture(said: list, shares: np.ndarray) -> np.ndarray:
    """The autoencoder's softmax and the other branches' distributions, each times its share."""
    logits, *sparse = said
    if not logits.shape[1]:
        return logits
    mixture = np.exp(logits - logits.max(axis=1, keepdims=True))
    mixture *= shares[:, :1] / mixture.sum(axis=1, keepdims=True)
    for branch, scores in enumerate(sparse, start=1):
        rows = np.repeat(np.arange(len(shares)), np.diff(scores.indptr))
        mixture[rows, scores.indices] += shares[rows, branch] * scores.data
    return mixture


def matrix(rows: list[np.ndarray], columns: int) -> csr_matrix:
    """Rows of columns -> 0/1, float32 [rows, columns]."""
    bounds = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    indices = np.concatenate(rows)
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, bounds), shape=(len(rows), columns))
