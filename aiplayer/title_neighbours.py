"""Playlists with titles like this one, by how they are written and by what they mean.

Source: TF-IDF of character n-grams, and the cosine of sentence embeddings. Departures: n-grams stay within words
(`aiplayer.ngrams`); embeddings are reduced to their MEANING_SIZE greatest principal directions, a quarter of the memory
for the same answers; both cosines are averaged before they are sharpened, so a neighbour must be near in both ways.
"""

from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from aiplayer.errors import ModelMissing
from aiplayer.exact_product import ExactProduct
from aiplayer.reading import reading
from aiplayer.selection import greatest
from aiplayer.sparse import scaled
from aiplayer.title_search import unit

FILE = "title_neighbours.npz"
NEIGHBOURS = 300
SHARPNESS = 3.0
SPELLING_SHARE = 0.5
MEANING_SIZE = 128
MOST_POSTINGS = 5_000


class TitleNeighbours:
    """Titles to be found by n-grams and by meaning.

    Args:
        ngrams: 0/1, float32 [playlists, n-grams].
        meanings: Of titles, float32 [playlists, MEANING_SIZE or less], unit length; zeros for no title.
        directions: float32 [embedding size, MEANING_SIZE or less]: an embedding times these is a meaning.
    """

    def __init__(self, ngrams: csr_matrix, meanings: np.ndarray, directions: np.ndarray):
        self.meanings, self.directions = meanings.astype(np.float16), directions
        self._similar = ExactProduct(meanings)
        uses = np.asarray(ngrams.sum(axis=0)).ravel()
        weight = np.where(uses <= MOST_POSTINGS, np.log((1 + ngrams.shape[0]) / (1 + uses)) + 1, 0)
        self.rarity = weight.astype(np.float32)
        weighed = scaled(ngrams, self.rarity).copy()
        weighed.eliminate_zeros()
        self.by_ngram = _unit(weighed).T.tocsr()

    def near(self, ngrams: csr_matrix, embeddings: np.ndarray) -> csr_matrix:
        """Weights of the NEIGHBOURS playlists with the nearest titles, float32 [questions, playlists].

        Args:
            ngrams: 0/1, float32 [questions, n-grams].
            embeddings: Of the titles, float32 [questions, embedding size]; zeros for no title.
        """
        similar = self._similar(unit(np.stack([one @ self.directions for one in embeddings])))
        np.maximum(similar, 0.0, out=similar)
        similar *= 1 - SPELLING_SHARE
        spelled = (_unit(scaled(ngrams, self.rarity)) @ self.by_ngram).tocsr()
        rows = np.repeat(np.arange(len(similar)), np.diff(spelled.indptr))
        similar[rows, spelled.indices] += SPELLING_SHARE * spelled.data
        return _sharpened_best(similar)

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


def _unit(rows: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(rows.indptr))
    return rows


def _sharpened_best(similar: np.ndarray) -> csr_matrix:
    """The NEIGHBOURS greatest values of each row to the power of SHARPNESS; the others, and zeros, are left out."""
    found = np.stack([np.sort(greatest(row, NEIGHBOURS)) for row in similar])
    values = np.take_along_axis(similar, found, axis=1) ** SHARPNESS
    near = csr_matrix(
        (values.ravel(), found.ravel(), np.arange(len(similar) + 1) * found.shape[1]), shape=similar.shape
    )
    near.eliminate_zeros()
    return near
