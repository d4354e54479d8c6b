"""The neighbour branches of the recommender: songs and tags of playlists like this one.

Source: neighbour CF by inverted index, as the second place of the Melon playlist continuation arena weighs it.
Departures: lengths count more (-0.8 for -0.3) and rarity less (-0.7 for -0.9), tags are weighed in their own way when
tags are asked for, and playlists that are near by items or by titles (`title_neighbours`) get weights alike, whose
songs and tags are then summed in one place.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.linalg import block_diag
from scipy.sparse import csr_matrix, load_npz, save_npz

from aiplayer.arrays import csr_from_rows, top_k
from aiplayer.errors import ModelMissing
from aiplayer.files import MAKE_ANEW, reading
from aiplayer.recommender.row_sums import ColumnSums, SparseRows
from aiplayer.recommender.title_neighbours import SHARPNESSES, Neighbourhood, TitleNeighbours
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
# The power of the weights in the view of the closest neighbours.
CLOSENESS = 2.5
SONG_TITLE_DAMPING, TAG_TITLE_DAMPING = 0.1, 0.0
ARTIST_POPULARITY = 0.8
NEAREST = 1_000
SHORTEST_LENGTH = np.float32(0.1)


@dataclass(frozen=True)
class Members:
    """What stands in the playlists, of one kind: songs, or tags.

    Attributes:
        rows: The members of each playlist.
        uses: In how many playlists each member stands, float32 [members].
        log_uses: The logarithm of 2 + uses, float32 [members].
        weighing: How neighbours are weighed where members of this kind are asked for.
        dampings: The damping of each view, float32 [views]: of the neighbours as they are, the closest, each alike, by
            single items, and by titles in each of SHARPNESSES: `Branch.NEIGHBOURS` to `Branch.SAME_TITLES`.
    """

    rows: SparseRows
    uses: np.ndarray
    log_uses: np.ndarray
    weighing: Weighing
    dampings: np.ndarray

    @classmethod
    def of_kind(cls, rows: SparseRows, uses: np.ndarray, weighing: Weighing, title_damping: float) -> "Members":
        """Members with the dampings that belong to a way of weighing."""
        dampings = [weighing.damping] * 3 + [BY_ITEMS.damping] + [title_damping] * len(SHARPNESSES)
        return cls(rows, uses, np.log(2.0 + uses), weighing, np.array(dampings, dtype=np.float32))

    def scores(self, by_items: Neighbourhood, by_title: Neighbourhood) -> ColumnSums:
        """What the members of near playlists add up to, in each view; a view sums to 1.

        Args:
            by_items: The playlists that share items, with a weight for each of WEIGHINGS.
            by_title: The playlists with near titles, with a weight for each of SHARPNESSES.
        """
        weights = by_items.weights[:, WEIGHINGS.index(self.weighing)]
        item_weights = by_items.weights[:, WEIGHINGS.index(BY_ITEMS)]
        closeness = weights**CLOSENESS
        is_neighbour = weights > 0
        item_views = np.stack([weights, closeness, is_neighbour, item_weights], axis=1)
        is_near = is_neighbour | (item_weights > 0)

        # Views of items, then views of titles: a playlist stands in one of both kinds.
        playlists = np.concatenate([by_items.playlists[is_near], by_title.playlists])
        views = block_diag(item_views[is_near], by_title.weights).astype(np.float32)
        sums = self.rows.add_up(playlists, views)

        log_uses = self.log_uses[sums.columns, np.newaxis]
        factors = np.exp(log_uses * self.dampings)
        return sums.normalised(factors)


class PlaylistNeighbours:
    """Playlists and what stands in them, to be found by their items or by their titles.

    Args:
        playlists: 0/1 [playlists, rows of the vocabulary without artists]: songs, tags, terms of the title; the
            columns of each row sorted.
        titles: Finds the same playlists by their titles.
        vocabulary: What the columns are.

    Attributes:
        songs: The songs of the playlists.
        tags: The tags of the playlists.
    """

    def __init__(self, playlists: csr_matrix, titles: TitleNeighbours, vocabulary: Vocabulary):
        self.playlists = playlists
        self.titles = titles
        self._by_item = SparseRows.from_pattern(playlists[:, : vocabulary.columns].T.tocsr())
        self._item_uses = self._by_item.lengths()

        # Songs, tags and terms follow each other in a row, so each kind's members are stretches of the matrix itself.
        song_count = vocabulary.song_count
        columns = playlists.indices
        starts = playlists.indptr[:-1]
        first_tags = starts + _count_in_rows(columns < song_count, starts)
        first_terms = starts + _count_in_rows(columns < vocabulary.columns, starts)
        song_rows = SparseRows(starts, first_tags, columns, song_count)
        tag_rows = SparseRows(first_tags, first_terms, columns, len(vocabulary.tags), first=song_count)

        song_uses = self._item_uses[:song_count]
        tag_uses = self._item_uses[song_count:]
        self.songs = Members.of_kind(song_rows, song_uses, FOR_SONGS, SONG_TITLE_DAMPING)
        self.tags = Members.of_kind(tag_rows, tag_uses, FOR_TAGS, TAG_TITLE_DAMPING)

        # Each item's t_i and r_i and each playlist's |v|^length, as each of WEIGHINGS has them.
        item_count = first_terms - starts
        lengths = SHORTEST_LENGTH + item_count
        self._length_factors = np.stack([lengths**weighing.length for weighing in WEIGHINGS], axis=1)
        is_tag = np.arange(vocabulary.columns) >= vocabulary.song_count
        item_weights = [_item_weights(self._item_uses, is_tag, weighing) for weighing in WEIGHINGS]
        self._item_weights = np.concatenate(item_weights, axis=1)

        self._artists_of_songs = SparseRows.from_pattern(song_artist_matrix(vocabulary))
        self._songs_by_artist = SparseRows.from_weights(_popular_songs_by_artist(vocabulary, song_uses))

    def nearest(self, items: np.ndarray) -> Neighbourhood:
        """The NEAREST playlists that share an item with a query, as each of WEIGHINGS weighs them.

        Args:
            items: Rows of songs and tags, int64, distinct.

        Returns:
            Weights of [playlists, WEIGHINGS]; zero where other weighings find a playlist nearer than this one.
        """
        shared = self._by_item.add_up(items, self._item_weights[items])
        weights = np.zeros((len(shared.columns), len(WEIGHINGS)), dtype=np.float32)
        for number, weighing in enumerate(WEIGHINGS):
            share_view = 2 * number
            share = shared.values[:, share_view]
            rarity = shared.values[:, share_view + 1]
            length_factor = self._length_factors[shared.columns, number]

            similarity = share**weighing.overlap * rarity * length_factor
            nearest = top_k(similarity, NEAREST)
            weights[nearest, number] = similarity[nearest]

        is_near = weights.any(axis=1)
        return Neighbourhood(shared.columns[is_near], weights[is_near])

    def more_by_artists_of(self, songs: np.ndarray) -> ColumnSums:
        """More songs of the artists of these, one view that sums to 1.

        Args:
            songs: Rows of songs, int64.
        """
        ones = np.ones((len(songs), 1), np.float32)
        artists = self._artists_of_songs.add_up(songs, ones)
        return self.songs_by(artists.columns, artists.values)

    def songs_by(self, artists: np.ndarray, weights: np.ndarray) -> ColumnSums:
        """Songs of artists, one view that sums to 1.

        Args:
            artists: Numbers of artists, int64 [n].
            weights: How much of each is wanted, float32 [n, 1].
        """
        sums = self._songs_by_artist.add_up(artists, weights)
        return sums.normalised()

    def is_by(self, artists: np.ndarray) -> np.ndarray:
        """Which songs are by any of these artists, bool [songs]; artists int64."""
        ones = np.ones((len(artists), 1), dtype=np.float32)
        songs = self._songs_by_artist.add_up(artists, ones)
        is_by = np.zeros(len(self.songs.uses), dtype=bool)
        is_by[songs.columns] = True
        return is_by

    def save(self, folder: str | Path) -> None:
        """Write `playlists.npz` and what belongs to the titles."""
        save_npz(Path(folder) / FILE, self.playlists.astype(bool))
        self.titles.save(folder)

    @classmethod
    def load(cls, folder: str | Path, vocabulary: Vocabulary) -> "PlaylistNeighbours":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing, unreadable, or of another vocabulary.
        """
        with reading("The recommender's playlists"):
            playlists = csr_matrix(load_npz(Path(folder) / FILE))

        _, width = playlists.shape
        if width != vocabulary.columns + len(vocabulary.terms):
            raise ModelMissing(f"The recommender's playlists and vocabulary differ. {MAKE_ANEW}")

        terms = playlists[:, vocabulary.columns :].tocsr()
        titles = TitleNeighbours.load(folder, terms, vocabulary.names_thing())
        return cls(playlists, titles, vocabulary)


def song_artist_matrix(vocabulary: Vocabulary) -> csr_matrix:
    """Which artists sing each song, 0/1, float32 [songs, artists]."""
    artists = vocabulary.song_artists or [()] * vocabulary.song_count
    rows = [np.array(numbers, dtype=np.int64) for numbers in artists]
    return csr_from_rows(rows, len(vocabulary.artists))


def _item_weights(uses: np.ndarray, is_tag: np.ndarray, weighing: Weighing) -> np.ndarray:
    """Each item's t_i and r_i, float32 [songs + tags, 2]."""
    exponent = np.where(is_tag, weighing.tag_rarity, weighing.rarity)
    rarity = (weighing.smoothing + uses) ** exponent
    share = np.where(is_tag, weighing.tag_share, 1.0)
    worth = np.where(is_tag, weighing.tag_worth, 1.0)

    weights = np.stack([share, rarity * worth], axis=1)
    return weights.astype(np.float32)


def _popular_songs_by_artist(vocabulary: Vocabulary, song_uses: np.ndarray) -> csr_matrix:
    """Each artist's songs, by the power ARTIST_POPULARITY of their uses and scaled to sum to 1, [artists, songs]."""
    songs = song_artist_matrix(vocabulary).T.tocsr()
    popularity = song_uses**ARTIST_POPULARITY
    songs.data *= popularity[songs.indices]

    totals = np.asarray(songs.sum(axis=1)).ravel()
    divisors = np.maximum(totals, 1e-30)
    songs.data /= np.repeat(divisors, np.diff(songs.indptr))
    return songs


def _count_in_rows(is_counted: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """How many entries of each row are counted, int32 [rows].

    Args:
        is_counted: bool [entries].
        starts: Where each row begins, int [rows].
    """
    running_count = np.cumsum(is_counted, dtype=np.int32)
    count_before = np.concatenate([[0], running_count])
    bounds = np.append(starts, len(is_counted))
    return np.diff(count_before[bounds])
