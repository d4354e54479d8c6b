"""The neighbour branches of the recommender: songs and tags of playlists like this one.

Source: neighbour CF by inverted index, as the second place of the Melon playlist continuation arena weighs it.
Departures: lengths count more (-0.8 for -0.3) and rarity less (-0.7 for -0.9), tags are weighed in their own way when
tags are asked for, and playlists that are near by items or by titles (`aiplayer.title_neighbours`) get weights alike,
whose songs and tags are then summed in one place.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz

from aiplayer.errors import ModelMissing
from aiplayer.reading import reading
from aiplayer.selection import greatest
from aiplayer.sparse import scaled
from aiplayer.title_neighbours import TitleNeighbours
from aiplayer.vocabulary import Vocabulary

FILE = "playlists.npz"


@dataclass(frozen=True)
class Weighing:
    """How neighbours are weighed: w_v = |v|^length · (Σ_i t_i)^overlap · Σ_i r_i over the items i shared with it.

    r_i = (smoothing + n_i)^rarity with n_i the uses of a song, and tag_worth times the like for a tag; t_i is 1 for a
    song and tag_share for a tag. An item's score is the sum over its neighbours times (smoothing + n)^damping.
    """

    length: float
    rarity: float
    tag_rarity: float
    tag_share: float
    tag_worth: float
    damping: float
    overlap: float = 1.0
    smoothing: float = 2.0


FOR_SONGS = Weighing(length=-0.8, rarity=-0.7, tag_rarity=-0.7, tag_share=0.7, tag_worth=1.0, damping=-0.05)
FOR_TAGS = Weighing(length=-0.5, rarity=-0.55, tag_rarity=-1.0, tag_share=4.0, tag_worth=1.4, damping=0.0)
# As if every item were asked about alone: a playlist that shares two counts twice, not four times.
BY_ITEMS = Weighing(length=-0.5, rarity=-0.7, tag_rarity=-0.7, tag_share=1.0, tag_worth=1.0, damping=-0.3, overlap=0.0)
CLOSENESS = 2.5
TITLE_DAMPING = 0.1
ARTIST_POPULARITY = 0.8
NEAREST = 1_000


@dataclass(frozen=True)
class Weights:
    """`Weighing` in numbers: t_i and r_i of every item, float32 [songs + tags], |v|^length of every playlist."""

    share: np.ndarray
    rarity: np.ndarray
    length: np.ndarray


class Neighbours:
    """Playlists and what stands in them, to be found by their items or by their titles.

    Args:
        playlists: 0/1, float32 [playlists, rows of the vocabulary without artists]: songs, tags, n-grams of the title.
        titles: Finds the same playlists by their titles.
        vocabulary: What the columns are.
    """

    def __init__(self, playlists: csr_matrix, titles: TitleNeighbours, vocabulary: Vocabulary):
        self.playlists, self.titles = playlists, titles
        songs, columns = vocabulary.song_count, vocabulary.columns
        self.columns, self.song_count = columns, songs
        self.songs, self.tags = playlists[:, :songs].tocsr(), playlists[:, songs:columns].tocsr()
        items = playlists[:, :columns]
        self.by_item = items.T.tocsr()
        self.counts = np.diff(self.by_item.indptr).astype(np.float32)
        self.lengths = 0.1 + np.diff(items.tocsr().indptr).astype(np.float32)
        self._weights = {weighing: self._weigh(weighing) for weighing in (FOR_SONGS, FOR_TAGS, BY_ITEMS)}
        self._fit_artists(vocabulary)

    def _weigh(self, weighing: Weighing) -> "Weights":
        is_tag = np.arange(self.columns) >= self.song_count
        rarity = (weighing.smoothing + self.counts) ** np.where(is_tag, weighing.tag_rarity, weighing.rarity)
        return Weights(
            share=np.where(is_tag, weighing.tag_share, 1.0).astype(np.float32),
            rarity=(rarity * np.where(is_tag, weighing.tag_worth, 1.0)).astype(np.float32),
            length=self.lengths**weighing.length,
        )

    def _fit_artists(self, vocabulary: Vocabulary) -> None:
        """Songs by artists, a song as often as ARTIST_POPULARITY of its uses says; each artist's songs sum to 1."""
        singers = vocabulary.song_artists or [()] * vocabulary.song_count
        bounds = np.concatenate([[0], np.cumsum([len(artists) for artists in singers])])
        artists = np.array([artist for artists in singers for artist in artists], dtype=np.int64)
        shape = (vocabulary.song_count, len(vocabulary.artists))
        self.singers = csr_matrix((np.ones(len(artists), dtype=np.float32), artists, bounds), shape=shape)
        popularity = self.counts[: self.song_count] ** ARTIST_POPULARITY
        self.by_artist = _distribution(scaled(self.singers.T.tocsr(), popularity), self.counts, 0.0)

    def uses(self, of: str) -> np.ndarray:
        """In how many playlists each of the "songs" or "tags" stands, float32."""
        return self.counts[: self.song_count] if of == "songs" else self.counts[self.song_count :]

    def near_items(self, items: csr_matrix, weighing: Weighing) -> csr_matrix:
        """Weights of the NEAREST playlists that share an item with each question.

        Args:
            items: 0/1, float32 [questions, songs + tags].
            weighing: How.

        Returns:
            float32 [questions, playlists].
        """
        weights = self._weights[weighing]
        shared, rare = (scaled(items, of_item) @ self.by_item for of_item in (weights.share, weights.rarity))
        # Both have the same entries in the same order.
        shared.data **= weighing.overlap
        shared.data *= rare.data * weights.length[shared.indices]
        return _nearest(shared)

    def song_scores(self, near: csr_matrix, damping: float) -> csr_matrix:
        """What the neighbours' songs add up to, float32 [questions, songs], each row summing to 1."""
        return _distribution(near @ self.songs, self.uses("songs"), damping)

    def tags_like(self, tags: csr_matrix) -> csr_matrix:
        """Tags as much as each is wanted, float32 [questions, tags], each row summing to 1."""
        return _distribution(tags, self.uses("tags"), 0.0)

    def tag_scores(self, near: csr_matrix, damping: float) -> csr_matrix:
        """What the neighbours' tags add up to, float32 [questions, tags], each row summing to 1."""
        return _distribution(near @ self.tags, self.uses("tags"), damping)

    def artist_scores(self, songs: csr_matrix) -> csr_matrix:
        """More songs of the artists of these, float32 [questions, songs], each row summing to 1.

        Args:
            songs: 0/1, float32 [questions, songs].
        """
        return self.songs_by(songs @ self.singers)

    def songs_by(self, artists: csr_matrix) -> csr_matrix:
        """Songs of artists, float32 [questions, songs], each row summing to 1.

        Args:
            artists: How much of each artist is wanted, float32 [questions, artists].
        """
        return _distribution(artists @ self.by_artist, self.counts, 0.0)

    def save(self, folder: str | Path) -> None:
        """Write `playlists.npz` and what belongs to the titles."""
        save_npz(Path(folder) / FILE, self.playlists.astype(bool))
        self.titles.save(folder)

    @classmethod
    def load(cls, folder: str | Path, vocabulary: Vocabulary) -> "Neighbours":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing, unreadable, or of another vocabulary.
        """
        with reading("The recommender's playlists"):
            playlists = load_npz(Path(folder) / FILE).astype(np.float32)
        if playlists.shape[1] != vocabulary.columns + len(vocabulary.ngrams):
            raise ModelMissing("The recommender's playlists and vocabulary differ. Train it anew with `make setup`.")
        titles = TitleNeighbours.load(folder, playlists[:, vocabulary.columns :].tocsr())
        return cls(playlists, titles, vocabulary)


def views(near: csr_matrix) -> tuple[csr_matrix, csr_matrix, csr_matrix]:
    """The same neighbours as they are, with the closest counting for more, and each counting for one."""
    return near, near.power(CLOSENESS), near.sign()


def _nearest(near: csr_matrix) -> csr_matrix:
    """The NEAREST greatest of each row."""
    kept = [start + greatest(near.data[start:stop], NEAREST) for start, stop in pairwise(near.indptr)]
    bounds = np.cumsum([0, *map(len, kept)])
    kept = np.concatenate(kept)
    return csr_matrix((near.data[kept], near.indices[kept], bounds), shape=near.shape)


def _distribution(scores: csr_matrix, counts: np.ndarray, damping: float) -> csr_matrix:
    scores = scores.tocsr()
    scores.data *= (2.0 + counts[scores.indices]) ** damping
    total = np.asarray(scores.sum(axis=1)).ravel()
    scores.data /= np.repeat(np.maximum(total, 1e-30), np.diff(scores.indptr))
    return scores
