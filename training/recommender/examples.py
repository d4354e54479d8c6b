"""Batches of masked playlists for the autoencoder, with the candidates that each batch's softmax runs over."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from aiplayer.arrays import unit_rows
from aiplayer.recommender.request import NO_ROWS, Inputs
from aiplayer.recommender.terms import title_terms
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.titles.reading.mentions import NOTHING_READ, Reading
from training.recommender.negatives import NEGATIVE_SONGS, NEGATIVE_TAGS, NegativeSampler
from training.recommender.network import flatten_inputs
from training.recommender.playlists import Playlists
from training.recommender.views import View, draw_kind, split_items

TERM_DROPOUT = 0.2
TITLE_NOISE = 0.02
TAG_WEIGHT = 6.0


@dataclass(frozen=True)
class Batch:
    """One step's numbers.

    Attributes:
        input_rows: Distinct rows of the input table, int64 [u].
        rows: Position in `input_rows` of each input, int64 [k].
        slots: The bag of each input, int32 [k] (`training.recommender.network.flatten_inputs`).
        title: float32 [batch, size], zeros where the title is hidden.
        columns: Candidates, int64 [c]: songs, then tags.
        song_columns: How many of them are songs.
        log_odds: Logarithm of each candidate's chance to be one, float32 [c]; the softmax is corrected by it.
        playlist: The playlist of each hidden item, int32 [t].
        target: The position in `columns` of each hidden item, int32 [t].
        weight: The weight of each hidden item, float32 [t].
    """

    input_rows: np.ndarray
    rows: np.ndarray
    slots: np.ndarray
    title: np.ndarray
    columns: np.ndarray
    song_columns: int
    log_odds: np.ndarray
    playlist: np.ndarray
    target: np.ndarray
    weight: np.ndarray


class Examples:
    """Playlists as rows of the vocabulary, and epochs of batches of them, masked anew every time.

    Playlists that name no song and no tag of the vocabulary are left out of the epochs.

    Args:
        playlists: The playlists.
        readings: What each part of each title says.
        vocabulary: What the rows are.
        batch_size: How many playlists are a batch.
        seed: The seed of order, masks and negatives.

    Attributes:
        songs: The rows of each playlist's songs, int64.
        tags: The rows of each playlist's tags, int64.
        terms: The rows of the terms of each part of each playlist's title, int64.
        filled: The playlists of the epochs, int64.
        whole: Whether each playlist is known to be all there, bool; empty where nothing is known of that.
        weights: As how many playlists each counts, float64.
        kept: The rows of the songs that stayed in each playlist that a creator was given, int64; empty for others.
        dropped: The rows of those that were taken out.
    """

    def __init__(
        self,
        playlists: Playlists,
        readings: Sequence[Sequence[Reading]],
        vocabulary: Vocabulary,
        batch_size: int,
        seed: int,
    ):
        self.vocabulary = vocabulary
        self.batch_size = batch_size
        self.seed = seed
        self.songs = [vocabulary.song_rows(song_ids) for song_ids in playlists.song_ids]
        self.tags = [vocabulary.tag_rows(tags) for tags in playlists.tags]
        self.texts = playlists.titles
        self.readings = readings
        self.terms = []
        for parts, reads in zip(playlists.titles, readings, strict=True):
            terms = map(title_terms, parts, reads)
            self.terms.append([vocabulary.term_rows(part_terms) for part_terms in terms])

        self.titles = playlists.embeddings
        part_counts = [len(parts) for parts in playlists.titles]
        self._first_part = np.cumsum([0, *part_counts])
        self.whole = np.asarray(playlists.whole, dtype=bool)
        self.weights = np.ones(len(self.songs))
        if len(playlists.weights):
            self.weights = np.asarray(playlists.weights, dtype=float)

        self.kept, self.dropped = [], []
        for songs, dropped in zip(self.songs, playlists.dropped or [None] * len(self.songs), strict=True):
            self.kept.append(NO_ROWS if dropped is None else songs)
            self.dropped.append(NO_ROWS if dropped is None else vocabulary.song_rows(dropped))

        item_counts = []
        for songs, tags in zip(self.songs, self.tags, strict=True):
            item_counts.append(len(songs) + len(tags))
        self.filled = np.flatnonzero(np.array(item_counts) > 0)

        counts = self.column_counts()
        song_counts = counts[: vocabulary.song_count]
        tag_counts = counts[vocabulary.song_count :]
        self.song_sampler = NegativeSampler(song_counts, NEGATIVE_SONGS)
        self.tag_sampler = NegativeSampler(tag_counts, NEGATIVE_TAGS)

    def meanings(self) -> np.ndarray:
        """The mean embedding of each playlist's title, float32 [playlists, size], unit length; zeros for no title."""
        playlist_count = len(self.texts)
        _, title_size = self.titles.shape
        part_counts = np.diff(self._first_part)
        playlist_of_part = np.repeat(np.arange(playlist_count), part_counts)

        sums = np.zeros((playlist_count, title_size), dtype=np.float32)
        np.add.at(sums, playlist_of_part, self.titles)
        return unit_rows(sums)

    def without(self, held_out: np.ndarray) -> "Examples":
        """The same, but epochs pass over these playlists.

        Args:
            held_out: Their positions, int64.
        """
        others = copy(self)
        others.filled = np.setdiff1d(self.filled, held_out)
        return others

    def __len__(self) -> int:
        """How many batches an epoch has."""
        return -(-len(self.filled) // self.batch_size)

    def column_counts(self) -> np.ndarray:
        """In how many playlists each song and tag stands, float64 [songs + tags]."""
        used = np.concatenate([*self.songs, *self.tags])
        counts = np.bincount(used, minlength=self.vocabulary.columns)
        return counts.astype(float)

    def epoch(self, number: int) -> Iterator[Batch]:
        """The batches of one epoch; the same number gives the same batches."""
        random = np.random.default_rng([self.seed, number])
        order = random.permutation(self.filled)
        for start in range(0, len(order), self.batch_size):
            playlists = order[start : start + self.batch_size]
            yield self.batch(playlists, random)

    def batch(self, playlists: np.ndarray, random: np.random.Generator) -> Batch:
        """Hide some of each playlist, and gather the candidates.

        Args:
            playlists: Positions of playlists, int64 [batch].
            random: Draws what is hidden and the negatives.
        """
        views = [self.view(playlist, random) for playlist in playlists]
        all_rows, slots = flatten_inputs([view.shown for view in views])
        input_rows, rows = np.unique(all_rows, return_inverse=True)

        songs = [view.songs for view in views]
        tags = [view.tags for view in views]
        hidden_songs = np.concatenate(songs)
        hidden_tags = np.concatenate(tags)
        first_tag = self.vocabulary.song_count
        song_columns, song_odds = self.song_sampler.candidates(hidden_songs, random)
        tag_columns, tag_odds = self.tag_sampler.candidates(hidden_tags - first_tag, random)
        columns = np.concatenate([song_columns, tag_columns + first_tag])
        log_odds = np.concatenate([song_odds, tag_odds])
        targets = np.searchsorted(columns, np.concatenate([hidden_songs, hidden_tags]))

        # One weight for each view's songs, then one for each view's tags.
        sizes = np.array([len(items) for items in [*songs, *tags]])
        weights = _loss_weights(sizes) * np.tile(self.weights[playlists], 2)
        numbers = np.tile(np.arange(len(views), dtype=np.int32), 2)
        return Batch(
            input_rows=input_rows,
            rows=rows,
            slots=slots,
            title=np.stack([view.title for view in views]),
            columns=columns,
            song_columns=len(song_columns),
            log_odds=log_odds.astype(np.float32),
            playlist=np.repeat(numbers, sizes),
            target=targets.astype(np.int32),
            weight=np.repeat(weights, sizes).astype(np.float32),
        )

    def view(self, playlist: int, random: np.random.Generator) -> View:
        """Show some of a playlist and hide the rest.

        Args:
            playlist: The position of the playlist.
            random: Draws what is shown.
        """
        kind = draw_kind(random)
        songs = self.songs[playlist]
        shows_songs = kind.songs and len(songs) > 1
        shown_songs, hidden_songs = split_items(songs, random) if shows_songs else (songs[:0], songs)
        tags = self.tags[playlist]
        shown_tags, hidden_tags = split_items(tags, random) if kind.tags else (tags[:0], tags)

        has_title = len(self.terms[playlist]) > 0
        shows_nothing_else = len(shown_songs) + len(shown_tags) == 0
        if has_title and (kind.title or shows_nothing_else):
            title, terms, part = self._drawn_title(playlist, random)
            text, read = self.texts[playlist][part], self.readings[playlist][part]
        else:
            _, title_size = self.titles.shape
            title, terms = np.zeros(title_size, dtype=np.float32), NO_ROWS
            text, read = "", NOTHING_READ

        artists = self.vocabulary.artist_rows(shown_songs)
        shown = Inputs(shown_songs, shown_tags, terms, artists)
        return View(shown, title, text, read, hidden_songs, hidden_tags)

    def _drawn_title(self, playlist: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
        """One part of a playlist's title: its embedding with some noise, most of its terms, and its number."""
        parts = self.terms[playlist]
        part = int(random.integers(len(parts)))

        embedding = self.titles[self._first_part[playlist] + part]
        noise = random.normal(0, TITLE_NOISE, len(embedding))
        noisy_embedding = embedding + noise.astype(np.float32)

        terms = parts[part]
        is_kept = random.random(len(terms)) >= TERM_DROPOUT
        return noisy_embedding, terms[is_kept], part


def _loss_weights(sizes: np.ndarray) -> np.ndarray:
    """The weight of each hidden item; a playlist's songs count as much as another's, however many, and so do its tags.

    Args:
        sizes: How many songs each playlist hides, then how many tags, int [2 * playlists].

    Returns:
        float64 [2 * playlists].
    """
    kind_weights = np.repeat([1.0, TAG_WEIGHT], len(sizes) // 2)
    return kind_weights / np.sqrt(np.maximum(sizes, 1))
