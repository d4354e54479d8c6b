"""The neighbour branches of the recommender: songs and tags of playlists like this one.

Source: neighbour CF by inverted index, as the second place of the Melon playlist continuation arena weighs it.
Departures: lengths count more (-0.8 for -0.3) and rarity less (-0.7 for -0.9), tags are weighed in their own way when
tags are asked for, and playlists that are near by items or by titles (`title_neighbours`) get weights
alike, whose songs and tags are then summed in one place.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz

from aiplayer.arrays import greatest
from aiplayer.errors import ModelMissing
from aiplayer.files import reading
from aiplayer.recommender.row_sums import Lists, Sums
from aiplayer.recommender.title_neighbours import Near, TitleNeighbours
from aiplayer.recommender.vocabulary import Vocabulary

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
WEIGHINGS = (FOR_SONGS, FOR_TAGS, BY_ITEMS)
CLOSENESS = 2.5
# The views of songs and of tags: neighbours as they are, the closest, all alike, by items, and by titles.
DAMPINGS = {
    "songs": (*[FOR_SONGS.damping] * 3, BY_ITEMS.damping, 0.1),
    "tags": (*[FOR_TAGS.damping] * 3, BY_ITEMS.damping, 0.0),
}
ARTIST_POPULARITY = 0.8
NEAREST = 1_000


class Neighbours:
    """Playlists and what stands in them, to be found by their items or by their titles.

    Args:
        playlists: 0/1 [playlists, rows of the vocabulary without artists]: songs, tags, n-grams of the title; the
            columns of each row sorted.
        titles: Finds the same playlists by their titles.
        vocabulary: What the columns are.
    """

    def __init__(self, playlists: csr_matrix, titles: TitleNeighbours, vocabulary: Vocabulary):
        self.playlists, self.titles = playlists, titles
        songs, columns = vocabulary.song_count, vocabulary.columns
        self._first_tag, self._columns = songs, columns
        # All the lists are parts of the matrix's own.
        starts = playlists.indptr[:-1]
        first_tags, first_ngrams = (starts + _counts(playlists.indices < stop, starts) for stop in (songs, columns))
        self._lists = {
            "songs": Lists(starts, first_tags, playlists.indices, songs),
            "tags": Lists(first_tags, first_ngrams, playlists.indices, columns - songs, first=songs),
        }
        self._by_item = Lists.of(playlists[:, :columns].T.tocsr())
        self.counts = self._by_item.lengths()
        lengths = np.float32(0.1) + (first_ngrams - starts)
        self._lengths = np.stack([lengths**weighing.length for weighing in WEIGHINGS], axis=1)
        self._worth = np.concatenate([self._worths(weighing) for weighing in WEIGHINGS], axis=1)
        self._log_uses = {of: np.log(2.0 + self.uses(of)) for of in DAMPINGS}
        self._singers = Lists.of(singers_of(vocabulary))
        self._by_artist = Lists.of(self._songs_by_artist(vocabulary), weighed=True)

    def _worths(self, weighing: Weighing) -> np.ndarray:
        """t_i and r_i, float32 [songs + tags, 2]."""
        is_tag = np.arange(self._columns) >= self._first_tag
        rarity = (weighing.smoothing + self.counts) ** np.where(is_tag, weighing.tag_rarity, weighing.rarity)
        share, worth = (np.where(is_tag, of_tag, 1.0) for of_tag in (weighing.tag_share, weighing.tag_worth))
        return np.stack([share, rarity * worth], axis=1).astype(np.float32)

    def _songs_by_artist(self, vocabulary: Vocabulary) -> csr_matrix:
        """Songs by artists, a song as often as ARTIST_POPULARITY of its uses says; each artist's songs sum to 1."""
        songs = singers_of(vocabulary).T.tocsr()
        songs.data *= (self.uses("songs") ** ARTIST_POPULARITY)[songs.indices]
        totals = np.asarray(songs.sum(axis=1)).ravel()
        songs.data /= np.repeat(np.maximum(totals, 1e-30), np.diff(songs.indptr))
        return songs

    def uses(self, of: str) -> np.ndarray:
        """In how many playlists each of the "songs" or "tags" stands, float32."""
        return self.counts[: self._first_tag] if of == "songs" else self.counts[self._first_tag :]

    def near_items(self, items: np.ndarray) -> Near:
        """The NEAREST playlists that share an item with the question, as each of WEIGHINGS weighs them.

        Args:
            items: Rows of songs and tags, int64, distinct.

        Returns:
            Weights of [playlists, WEIGHINGS]; zero where other weighings find a playlist nearer than this one.
        """
        shared = self._by_item.add_up(items, self._worth[items])
        weights = np.zeros((len(shared.columns), len(WEIGHINGS)), dtype=np.float32)
        for number, weighing in enumerate(WEIGHINGS):
            share, rare = shared.values[:, 2 * number], shared.values[:, 2 * number + 1]
            each = share**weighing.overlap * rare * self._lengths[shared.columns, number]
            nearest = greatest(each, NEAREST)
            weights[nearest, number] = each[nearest]
        found = weights.any(axis=1)
        return Near(shared.columns[found], weights[found])

    def song_scores(self, near: Near, titles: Near) -> Sums:
        """What the songs of near playlists add up to, in each of the DAMPINGS' views, which sum to 1 each."""
        return self._scores("songs", near, FOR_SONGS, titles)

    def tag_scores(self, near: Near, titles: Near) -> Sums:
        """What the tags of near playlists add up to, in each of the DAMPINGS' views, which sum to 1 each."""
        return self._scores("tags", near, FOR_TAGS, titles)

    def _scores(self, of: str, near: Near, weighing: Weighing, titles: Near) -> Sums:
        mine, by_items = (near.weights[:, WEIGHINGS.index(each)] for each in (weighing, BY_ITEMS))
        found = (mine > 0) | (by_items > 0)
        by_items_views = np.stack([mine, mine**CLOSENESS, mine > 0, by_items, np.zeros_like(mine)], axis=1)[found]
        by_titles = np.zeros((len(titles.weights), len(DAMPINGS[of])), dtype=np.float32)
        by_titles[:, -1] = titles.weights
        playlists = np.concatenate([near.playlists[found], titles.playlists])
        sums = self._lists[of].add_up(playlists, np.concatenate([by_items_views, by_titles]))
        log_uses = self._log_uses[of][sums.columns, np.newaxis]
        return sums.shared_out(np.exp(log_uses * np.array(DAMPINGS[of], dtype=np.float32)))

    def artist_scores(self, songs: np.ndarray) -> Sums:
        """More songs of the artists of these, one view that sums to 1.

        Args:
            songs: Rows of songs, int64.
        """
        artists = self._singers.add_up(songs, np.ones((len(songs), 1), np.float32))
        return self.songs_by(artists.columns, artists.values)

    def songs_by(self, artists: np.ndarray, wanted: np.ndarray) -> Sums:
        """Songs of artists, one view that sums to 1.

        Args:
            artists: int64 [n].
            wanted: How much of each is wanted, float32 [n, 1].
        """
        return self._by_artist.add_up(artists, wanted).shared_out()

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
            playlists = load_npz(Path(folder) / FILE)
        if playlists.shape[1] != vocabulary.columns + len(vocabulary.ngrams):
            raise ModelMissing("The recommender's playlists and vocabulary differ. Train it anew with `make setup`.")
        titles = TitleNeighbours.load(folder, playlists[:, vocabulary.columns :].tocsr())
        return cls(playlists, titles, vocabulary)


def singers_of(vocabulary: Vocabulary) -> csr_matrix:
    """0/1, float32 [songs, artists]."""
    singers = vocabulary.song_artists or [()] * vocabulary.song_count
    bounds = np.concatenate([[0], np.cumsum([len(artists) for artists in singers])])
    artists = np.array([artist for artists in singers for artist in artists], dtype=np.int64)
    shape = (vocabulary.song_count, len(vocabulary.artists))
    return csr_matrix((np.ones(len(artists), dtype=np.float32), artists, bounds), shape=shape)


def _counts(marked: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """How many are marked in each list, int32 [lists]."""
    before = np.concatenate([[0], np.cumsum(marked, dtype=np.int32)])
    return np.diff(before[np.append(starts, len(marked))])
