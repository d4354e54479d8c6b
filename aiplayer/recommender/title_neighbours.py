"""Playlists with titles like this one, by how they are written and by what they mean.

Source: TF-IDF of character n-grams, and the cosine of sentence embeddings. Departures: n-grams stay within words
(`aiplayer.text`); embeddings are reduced to their MEANING_SIZE greatest principal directions, a fraction of the
memory for the same answers; both cosines are averaged before they are sharpened, so a neighbour must be near in both
ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from aiplayer.arrays import ExactProduct, greatest, unit
from aiplayer.errors import ModelMissing
from aiplayer.files import reading
from aiplayer.recommender.row_sums import Lists

FILE = "title_neighbours.npz"
NEIGHBOURS = 300
SHARPNESS = 3.0
SPELLING_SHARE = 0.5
MEANING_SIZE = 64
MOST_POSTINGS = 5_000


@dataclass(frozen=True)
class Near:
    """Playlists that are near a question, int64 [n], and their weights, float32 [n] or [n, ways of weighing]."""

    playlists: np.ndarray
    weights: np.ndarray


class TitleNeighbours:
    """Titles to be found by n-grams and by meaning.

    Args:
        ngrams: 0/1 [playlists, n-grams].
        meanings: Of titles, float32 [playlists, MEANING_SIZE or less], unit length; zeros for no title.
        directions: float32 [embedding size, MEANING_SIZE or less]: an embedding times these is a meaning.
    """

    def __init__(self, ngrams: csr_matrix, meanings: np.ndarray, directions: np.ndarray):
        self.meanings, self.directions = meanings.astype(np.float16), directions
        self._similar = ExactProduct.of(meanings)
        uses = np.bincount(ngrams.indices, minlength=ngrams.shape[1])
        weight = np.where(uses <= MOST_POSTINGS, np.log((1 + ngrams.shape[0]) / (1 + uses)) + 1, 0)
        self.rarity = weight.astype(np.float32)
        weighed = csr_matrix((self.rarity[ngrams.indices], ngrams.indices, ngrams.indptr), ngrams.shape)
        lengths = np.sqrt(weighed.power(2).sum(axis=1)).A1
        weighed.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(weighed.indptr))
        weighed.eliminate_zeros()
        self._by_ngram = Lists.of(weighed.T.tocsr(), weighed=True)

    def near(self, ngrams: Sequence[np.ndarray], embeddings: np.ndarray) -> list[Near]:
        """The NEIGHBOURS playlists with the nearest titles, for each question.

        Args:
            ngrams: Of each title, int64, distinct.
            embeddings: Of the titles, float32 [questions, embedding size]; zeros for no title.
        """
        similar = np.zeros((len(ngrams), len(self.meanings)), dtype=np.float32)
        titled = np.flatnonzero(embeddings.any(axis=1))
        if len(titled):
            meanings = unit(np.stack([embeddings[row] @ self.directions for row in titled]))
            similar[titled] = np.maximum(self._similar((1 - SPELLING_SHARE) * meanings), 0.0)
        return [self._nearest(*question) for question in zip(similar, ngrams, strict=True)]

    def _nearest(self, similar: np.ndarray, ngrams: np.ndarray) -> Near:
        rarity = self.rarity[ngrams]
        weights = SPELLING_SHARE * rarity / max(float(np.linalg.norm(rarity)), 1e-9)
        spelled = self._by_ngram.add_up(ngrams, weights[:, np.newaxis])
        similar[spelled.columns] += spelled.values[:, 0]
        nearest = greatest(similar, NEIGHBOURS)
        nearest = nearest[similar[nearest] > 0]
        return Near(nearest, similar[nearest] ** SHARPNESS)

    def save(self, folder: str | Path) -> None:
        """Write `title_neighbours.npz`, meanings in half precision; the n-grams are kept with the playlists."""
        arrays = {"meanings": self.meanings, "directions": self.directions}
        np.savez(Path(folder) / FILE, **arrays)

    @classmethod
    def load(cls, folder: str | Path, ngrams: csr_matrix) -> "TitleNeighbours":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing, unreadable, or of other playlists.
        """
        with reading("The recommender's titles"), np.load(Path(folder) / FILE, allow_pickle=False) as arrays:
            meanings, directions = arrays["meanings"].astype(np.float32), arrays["directions"]
        if len(meanings) != ngrams.shape[0]:
            raise ModelMissing("The recommender's titles and playlists differ. Train it anew with `make setup`.")
        return cls(ngrams, meanings, directions)
