"""The neighbour branches of the recommender: songs and tags of playlists like this one.

Sources: neighbour CF by inverted index, as the second place of the Melon playlist continuation arena weighs it;
nearest titles by TF-IDF of character n-grams. Departures: lengths count more (-0.8 for -0.3) and rarity less (-0.7 for
-0.9), tags are weighed in their own way when tags are asked for, and both ways give playlists weights, whose songs and
tags are then summed in one place.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, diags, load_npz, save_npz

from aiplayer.errors import ModelMissing
from aiplayer.vocabulary import Vocabulary

FILE = "playlists.npz"


@dataclass(frozen=True)
class Weighing:
    """How neighbours are weighed: w_v = |v|^length · Σ_i t_i · Σ_i r_i over the items i shared with the question.

    r_i = (smoothing + n_i)^rarity with n_i the uses of a song, and tag_worth times the like for a tag; t_i is 1 for a
    song and tag_share for a tag. An item's score is the sum over its neighbours times (smoothing + n)^damping.
    """

    length: float
    rarity: float
    tag_rarity: float
    tag_share: float
    tag_worth: float
    damping: float
    smoothing: float = 2.0


FOR_SONGS = Weighing(length=-0.8, rarity=-0.7, tag_rarity=-0.7, tag_share=0.7, tag_worth=1.0, damping=-0.05)
FOR_TAGS = Weighing(length=-0.5, rarity=-0.55, tag_rarity=-1.0, tag_share=4.0, tag_worth=1.4, damping=0.0)
TITLE_NEIGHBOURS = 200
TITLE_SHARPNESS = 2.5
TITLE_DAMPING = 0.1
MOST_POSTINGS = 5_000
ARTIST_POPULARITY = 0.8


class Neighbours:
    """Playlists and what stands in them, to be found by their items or by their titles.

    Args:
        playlists: 0/1, float32 [playlists, rows of the vocabulary without artists]: songs, tags, n-grams of the title.
        vocabulary: What the columns are.
    """

    def __init__(self, playlists: csr_matrix, vocabulary: Vocabulary):
        self.playlists = playlists
        songs, columns = vocabulary.song_count, vocabulary.columns
        self.columns, self.song_count = columns, songs
        self.songs, self.tags = playlists[:, :songs].tocsr(), playlists[:, songs:columns].tocsr()
        items = playlists[:, :columns]
        self.by_item = items.T.tocsr()
        self.counts = np.diff(self.by_item.indptr).astype(np.float32)
        self.lengths = 0.1 + np.diff(items.tocsr().indptr).astype(np.float32)
        self._fit_titles(playlists[:, columns:].tocsr())
        self._fit_artists(vocabulary)

    def _fit_titles(self, ngrams: csr_matrix) -> None:
        uses = np.asarray(ngrams.sum(axis=0)).ravel()
        self.ngram_weight = np.where(uses <= MOST_POSTINGS, np.log((1 + ngrams.shape[0]) / (1 + uses)) + 1, 0)
        weighed = (ngrams @ diags(self.ngram_weight.astype(np.float32))).tocsr()
        weighed.eliminate_zeros()
        self.by_ngram = _unit(weighed).T.tocsr()

    def _fit_artists(self, vocabulary: Vocabulary) -> None:
        """Songs by artists, a song as often as ARTIST_POPULARITY of its uses says; each artist's songs sum to 1."""
        singers = vocabulary.song_artists or [()] * vocabulary.song_count
        bounds = np.concatenate([[0], np.cumsum([len(artists) for artists in singers])])
        artists = np.array([artist for artists in singers for artist in artists], dtype=np.int64)
        shape = (vocabulary.song_count, len(vocabulary.artists))
        self.singers = csr_matrix((np.ones(len(artists), dtype=np.float32), artists, bounds), shape=shape)
        popularity = diags(self.counts[: self.song_count] ** ARTIST_POPULARITY)
        self.by_artist = _distribution((self.singers.T @ popularity).tocsr(), self.counts, 0.0)

    def near_items(self, items: csr_matrix, weighing: Weighing) -> csr_matrix:
        """Weights of the playlists that share an item with each question.

        Args:
            items: 0/1, float32 [questions, songs + tags].
            weighing: How.

        Returns:
            float32 [questions, playlists].
        """
        is_tag = np.arange(self.columns) >= self.song_count
        share = np.where(is_tag, weighing.tag_share, 1.0)
        rarity = (weighing.smoothing + self.counts) ** np.where(is_tag, weighing.tag_rarity, weighing.rarity)
        rarity *= np.where(is_tag, weighing.tag_worth, 1.0)
        shared, rare = ((items @ diags(values.astype(np.float32))) @ self.by_item for values in (share, rarity))
        shared.sort_indices()
        rare.sort_indices()
        near = shared.copy()
        near.data = shared.data * rare.data * self.lengths[shared.indices] ** weighing.length
        return near

    def near_titles(self, ngrams: csr_matrix) -> csr_matrix:
        """Weights of the TITLE_NEIGHBOURS playlists with the nearest titles, float32 [questions, playlists].

        Args:
            ngrams: 0/1, float32 [questions, n-grams].
        """
        cosines = (_unit((ngrams @ diags(self.ngram_weight.astype(np.float32))).tocsr()) @ self.by_ngram).tocsr()
        return _sharpened_best(cosines, TITLE_NEIGHBOURS, TITLE_SHARPNESS)

    def song_scores(self, near: csr_matrix, damping: float) -> csr_matrix:
        """What the neighbours' songs add up to, float32 [questions, songs], each row summing to 1."""
        return _distribution(near @ self.songs, self.counts[: self.song_count], damping)

    def tag_scores(self, near: csr_matrix, damping: float) -> csr_matrix:
        """What the neighbours' tags add up to, float32 [questions, tags], each row summing to 1."""
        return _distribution(near @ self.tags, self.counts[self.song_count :], damping)

    def artist_scores(self, songs: csr_matrix) -> csr_matrix:
        """More songs of the artists of these, float32 [questions, songs], each row summing to 1.

        Args:
            songs: 0/1, float32 [questions, songs].
        """
        return _distribution((songs @ self.singers) @ self.by_artist, self.counts, 0.0)

    def save(self, folder: str | Path) -> None:
        """Write `playlists.npz`."""
        save_npz(Path(folder) / FILE, self.playlists.astype(bool))

    @classmethod
    def load(cls, folder: str | Path, vocabulary: Vocabulary) -> "Neighbours":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing, unreadable, or of another vocabulary.
        """
        try:
            playlists = load_npz(Path(folder) / FILE).astype(np.float32)
        except (OSError, ValueError, KeyError) as error:
            raise ModelMissing(
                "The recommender's playlists cannot be read. Train it anew with `make setup`."
            ) from error
        if playlists.shape[1] != vocabulary.columns + len(vocabulary.ngrams):
            raise ModelMissing("The recommender's playlists and vocabulary differ. Train it anew with `make setup`.")
        return cls(playlists, vocabulary)


def _unit(rows: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (diags((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ rows).tocsr()


def _distribution(scores: csr_matrix, counts: np.ndarray, damping: float) -> csr_matrix:
    scores = scores.tocsr()
    scores.data *= (2.0 + counts[scores.indices]) ** damping
    total = np.asarray(scores.sum(axis=1)).ravel()
    scores.data /= np.repeat(np.maximum(total, 1e-30), np.diff(scores.indptr))
    return scores


def _sharpened_best(rows: csr_matrix, count: int, sharpness: float) -> csr_matrix:
    """The `count` greatest values of each row to the power of `sharpness`; the others are left out."""
    kept = []
    for start, stop in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
        values = rows.data[start:stop]
        best = np.argpartition(-values, count - 1)[:count] if len(values) > count else np.arange(len(values))
        kept.append(start + np.sort(best))
    chosen = np.concatenate(kept) if kept else np.array([], dtype=np.int64)
    bounds = np.concatenate([[0], np.cumsum([len(best) for best in kept])])
    return csr_matrix((rows.data[chosen] ** sharpness, rows.indices[chosen], bounds), shape=rows.shape)
