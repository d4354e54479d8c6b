"""Playlists with titles like this one: by how they are written, by what they name, and by what they mean.

Source: TF-IDF of a title's terms (`terms`), and the cosine of sentence embeddings. Departures: what a title names
weighs THING_WEIGHT times as much as an n-gram; embeddings are reduced to their MEANING_SIZE greatest principal
directions, a fraction of the memory for the same answers; both cosines are averaged before they are sharpened, so a
neighbour must be near in both ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from aiplayer.arrays import ExactProduct, top_k, unit_rows
from aiplayer.errors import ModelMissing
from aiplayer.files import MAKE_ANEW, reading
from aiplayer.recommender.row_sums import SparseRows

FILE = "title_neighbours.npz"
NEIGHBOURS = 1_000
# The power of a neighbour's nearness in each view: of titles alike, and of titles that are almost the same.
SHARPNESSES = np.array([3.0, 8.0], dtype=np.float32)
TERMS_SHARE = 0.5
THING_WEIGHT = 6.0
MEANING_SIZE = 64
# An n-gram that stands in more titles than this says nothing.
MOST_POSTINGS = 5_000


@dataclass(frozen=True)
class Neighbourhood:
    """Playlists that are near a query.

    Attributes:
        playlists: int64 [n].
        weights: How near each is, float32 [n, ways of weighing].
    """

    playlists: np.ndarray
    weights: np.ndarray


class TitleNeighbours:
    """Titles to be found by terms and by meaning.

    Args:
        terms: The terms of each title, 0/1 [playlists, terms].
        names_thing: Whether each term is what titles name, and no n-gram, bool [terms].
        meanings: The reduced embedding of each title, float32 [playlists, MEANING_SIZE or less], unit length; zeros for
            no title.
        directions: float32 [embedding size, MEANING_SIZE or less]: an embedding times these is a meaning.
    """

    def __init__(self, terms: csr_matrix, names_thing: np.ndarray, meanings: np.ndarray, directions: np.ndarray):
        self.meanings = meanings.astype(np.float16)
        self.directions = directions
        self._meaning_product = ExactProduct.from_rows(meanings)
        self.term_weights = _term_weights(terms, names_thing)

        weights = self.term_weights[terms.indices]
        tf_idf = csr_matrix((weights, terms.indices, terms.indptr), terms.shape)
        square_sums = tf_idf.power(2).sum(axis=1)
        lengths = np.sqrt(np.asarray(square_sums).ravel())
        divisors = np.maximum(lengths, 1e-9)
        term_counts = np.diff(tf_idf.indptr)
        tf_idf.data /= np.repeat(divisors, term_counts)

        tf_idf.eliminate_zeros()
        by_term = tf_idf.T.tocsr()
        self._titles_by_term = SparseRows.from_weights(by_term)

    def nearest(self, terms: Sequence[np.ndarray], embeddings: np.ndarray) -> list[Neighbourhood]:
        """The NEIGHBOURS playlists with the nearest titles, for each query, with a weight for each of SHARPNESSES.

        Args:
            terms: The terms of each title, int64, distinct.
            embeddings: The embedding of each title, float32 [queries, embedding size]; zeros for no title.
        """
        similarities = np.zeros((len(terms), len(self.meanings)), dtype=np.float32)
        titled = np.flatnonzero(embeddings.any(axis=1))
        if len(titled):
            # One product a query, so that no sum depends on the batch.
            reduced = [embeddings[row] @ self.directions for row in titled]
            meanings = unit_rows(np.stack(reduced))
            cosines = self._meaning_product((1 - TERMS_SHARE) * meanings)
            similarities[titled] = np.maximum(cosines, 0.0)

        neighbourhoods = []
        for similarity, columns in zip(similarities, terms, strict=True):
            neighbourhoods.append(self._nearest(similarity, columns))
        return neighbourhoods

    def _nearest(self, similarity: np.ndarray, terms: np.ndarray) -> Neighbourhood:
        """The nearest playlists of one query.

        Args:
            similarity: The share of the meaning in each title's similarity, float32 [playlists]; the share of the
                terms is added to it.
            terms: The terms of the query's title, int64, distinct.
        """
        term_weights = self.term_weights[terms]
        length = float(np.linalg.norm(term_weights))
        weights = TERMS_SHARE * term_weights / max(length, 1e-9)
        shared = self._titles_by_term.add_up(terms, weights[:, np.newaxis])
        similarity[shared.columns] += shared.values[:, 0]

        nearest = top_k(similarity, NEIGHBOURS)
        is_similar = similarity[nearest] > 0
        nearest = nearest[is_similar]
        return Neighbourhood(nearest, similarity[nearest, np.newaxis] ** SHARPNESSES)

    def save(self, folder: str | Path) -> None:
        """Write `title_neighbours.npz`, meanings in half precision; the terms are kept with the playlists."""
        np.savez(Path(folder) / FILE, meanings=self.meanings, directions=self.directions)

    @classmethod
    def load(cls, folder: str | Path, terms: csr_matrix, names_thing: np.ndarray) -> "TitleNeighbours":
        """Read what `save` wrote.

        Args:
            folder: Where `save` wrote it.
            terms: The terms of each title, 0/1 [playlists, terms].
            names_thing: Whether each term is what titles name, and no n-gram, bool [terms].

        Raises:
            ModelMissing: the file is missing, unreadable, or of other playlists.
        """
        file = Path(folder) / FILE
        with reading("The recommender's titles"), np.load(file, allow_pickle=False) as arrays:
            meanings = arrays["meanings"].astype(np.float32)
            directions = arrays["directions"]

        if len(meanings) != terms.shape[0]:
            raise ModelMissing(f"The recommender's titles and playlists differ. {MAKE_ANEW}")
        return cls(terms, names_thing, meanings, directions)


def _term_weights(terms: csr_matrix, names_thing: np.ndarray) -> np.ndarray:
    """How much each term says, float32 [terms]: what is rare says more, and a thing more than an n-gram."""
    title_count, term_count = terms.shape
    uses = np.bincount(terms.indices, minlength=term_count)
    rarity = np.log((1 + title_count) / (1 + uses)) + 1
    by_ngram = np.where(uses <= MOST_POSTINGS, rarity, 0)
    weights = np.where(names_thing, THING_WEIGHT * rarity, by_ngram)
    return weights.astype(np.float32)
