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

from aiplayer.arrays import ExactProduct, top_k, unit_rows
from aiplayer.errors import ModelMissing
from aiplayer.files import reading
from aiplayer.recommender.row_sums import SparseRows

FILE = "title_neighbours.npz"
NEIGHBOURS = 300
SHARPNESS = 3.0
SPELLING_SHARE = 0.5
MEANING_SIZE = 64
# An n-gram that stands in more titles than this says nothing.
MOST_POSTINGS = 5_000


@dataclass(frozen=True)
class Neighbourhood:
    """Playlists that are near a query.

    Attributes:
        playlists: int64 [n].
        weights: How near each is, float32 [n], or [n, ways of weighing].
    """

    playlists: np.ndarray
    weights: np.ndarray


class TitleNeighbours:
    """Titles to be found by n-grams and by meaning.

    Args:
        ngrams: The n-grams of each title, 0/1 [playlists, n-grams].
        meanings: The reduced embedding of each title, float32 [playlists, MEANING_SIZE or less], unit length; zeros for
            no title.
        directions: float32 [embedding size, MEANING_SIZE or less]: an embedding times these is a meaning.
    """

    def __init__(self, ngrams: csr_matrix, meanings: np.ndarray, directions: np.ndarray):
        self.meanings = meanings.astype(np.float16)
        self.directions = directions
        self._meaning_product = ExactProduct.from_rows(meanings)

        title_count, ngram_count = ngrams.shape
        uses = np.bincount(ngrams.indices, minlength=ngram_count)
        inverse_frequency = np.log((1 + title_count) / (1 + uses)) + 1
        rarity = np.where(uses <= MOST_POSTINGS, inverse_frequency, 0)
        self.rarity = rarity.astype(np.float32)

        weights = self.rarity[ngrams.indices]
        tf_idf = csr_matrix((weights, ngrams.indices, ngrams.indptr), ngrams.shape)
        square_sums = tf_idf.power(2).sum(axis=1)
        lengths = np.sqrt(np.asarray(square_sums).ravel())
        divisors = np.maximum(lengths, 1e-9)
        ngram_counts = np.diff(tf_idf.indptr)
        tf_idf.data /= np.repeat(divisors, ngram_counts)

        tf_idf.eliminate_zeros()
        by_ngram = tf_idf.T.tocsr()
        self._titles_by_ngram = SparseRows.from_weights(by_ngram)

    def nearest(self, ngrams: Sequence[np.ndarray], embeddings: np.ndarray) -> list[Neighbourhood]:
        """The NEIGHBOURS playlists with the nearest titles, for each query.

        Args:
            ngrams: The n-grams of each title, int64, distinct.
            embeddings: The embedding of each title, float32 [queries, embedding size]; zeros for no title.
        """
        similarities = np.zeros((len(ngrams), len(self.meanings)), dtype=np.float32)
        titled = np.flatnonzero(embeddings.any(axis=1))
        if len(titled):
            # One product a query, so that no sum depends on the batch.
            reduced = [embeddings[row] @ self.directions for row in titled]
            meanings = unit_rows(np.stack(reduced))
            cosines = self._meaning_product((1 - SPELLING_SHARE) * meanings)
            similarities[titled] = np.maximum(cosines, 0.0)

        neighbourhoods = []
        for similarity, columns in zip(similarities, ngrams, strict=True):
            neighbourhoods.append(self._nearest(similarity, columns))
        return neighbourhoods

    def _nearest(self, similarity: np.ndarray, ngrams: np.ndarray) -> Neighbourhood:
        """The nearest playlists of one query.

        Args:
            similarity: The share of the meaning in each title's similarity, float32 [playlists]; the share of the
                spelling is added to it.
            ngrams: The n-grams of the query's title, int64, distinct.
        """
        rarity = self.rarity[ngrams]
        length = float(np.linalg.norm(rarity))
        weights = SPELLING_SHARE * rarity / max(length, 1e-9)
        spelling = self._titles_by_ngram.add_up(ngrams, weights[:, np.newaxis])
        similarity[spelling.columns] += spelling.values[:, 0]

        nearest = top_k(similarity, NEIGHBOURS)
        is_similar = similarity[nearest] > 0
        nearest = nearest[is_similar]
        return Neighbourhood(nearest, similarity[nearest] ** SHARPNESS)

    def save(self, folder: str | Path) -> None:
        """Write `title_neighbours.npz`, meanings in half precision; the n-grams are kept with the playlists."""
        np.savez(Path(folder) / FILE, meanings=self.meanings, directions=self.directions)

    @classmethod
    def load(cls, folder: str | Path, ngrams: csr_matrix) -> "TitleNeighbours":
        """Read what `save` wrote.

        Args:
            folder: Where `save` wrote it.
            ngrams: The n-grams of each title, 0/1 [playlists, n-grams].

        Raises:
            ModelMissing: the file is missing, unreadable, or of other playlists.
        """
        file = Path(folder) / FILE
        with reading("The recommender's titles"), np.load(file, allow_pickle=False) as arrays:
            meanings = arrays["meanings"].astype(np.float32)
            directions = arrays["directions"]

        if len(meanings) != ngrams.shape[0]:
            raise ModelMissing("The recommender's titles and playlists differ. Train it anew with `make setup`.")
        return cls(ngrams, meanings, directions)
