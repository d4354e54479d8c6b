"""Batches of masked playlists for the autoencoder, with the candidates that each batch's softmax runs over."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from aiplayer.arrays import unit
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.text import title_ngrams
from training.recommender.network import bags

# What a playlist shows of itself (songs, tags, title), and how often: a recommender is asked in all these ways.
VIEWS = (
    (0.25, (True, False, False)),
    (0.20, (True, True, False)),
    (0.15, (False, True, True)),
    (0.20, (False, False, True)),
    (0.10, (True, False, True)),
    (0.10, (True, True, True)),
)
LEAST_SHOWN, MOST_SHOWN = 0.2, 0.8
NGRAM_DROPOUT = 0.2
TITLE_NOISE = 0.02
NEGATIVE_SONGS, NEGATIVE_TAGS = 8_000, 3_000
TAG_WEIGHT = 6.0


@dataclass(frozen=True)
class Playlists:
    """What training sees of each playlist.

    Attributes:
        song_ids: Its songs.
        tags: Its tags.
        titles: The parts of its title (`training.titles.parts`); none where it has no title.
        embeddings: Of all parts in order, float32 [parts, size].
        whole: Whether it is known to be all there, bool; empty where nothing is known of that.
    """

    song_ids: Sequence[Sequence[int]]
    tags: Sequence[Sequence[str]]
    titles: Sequence[Sequence[str]]
    embeddings: np.ndarray
    whole: Sequence[bool] = ()


@dataclass(frozen=True)
class View:
    """What is shown of a playlist (rows of each of KINDS, title embedding and text), and what is hidden."""

    shown: list[np.ndarray]
    title: np.ndarray
    text: str
    songs: np.ndarray
    tags: np.ndarray


@dataclass(frozen=True)
class Batch:
    """One step's numbers.

    Attributes:
        input_rows: Distinct rows of the input table, int64 [u].
        rows: Position in `input_rows` of each input, int64 [k].
        slots: The bag of each input, int32 [k] (`training.recommender.network.bags`).
        title: float32 [batch, size], zeros where the title is hidden.
        columns: Candidates, int64 [c]: songs, then tags.
        song_columns: How many of them are songs.
        log_odds: Logarithm of each candidate's chance to be one, float32 [c]; the softmax is corrected by it.
        playlist, target, weight: Of each hidden item its playlist, its position in `columns` and its weight, [t].
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


class Sampler:
    """Draws negative candidates by the square root of their use, and knows how likely each is to be a candidate.

    Args:
        counts: float64 [items]: how often each is used, never 0.
        draws: How many are drawn for a batch, with repetition.
    """

    def __init__(self, counts: np.ndarray, draws: int):
        self.share = counts / counts.sum()
        chance = np.sqrt(counts)
        self.chance = chance / chance.sum()
        self.bounds = np.cumsum(self.chance)
        self.draws = draws

    def candidates(self, positives: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """The batch's own items and the drawn ones, sorted; and the logarithm of each one's chance to be there."""
        if not len(self.share):
            return np.array([], dtype=np.int64), np.array([])
        drawn = np.minimum(np.searchsorted(self.bounds, random.random(self.draws)), len(self.bounds) - 1)
        columns = np.union1d(positives, drawn)
        expected = self.draws * self.chance[columns] + len(positives) * self.share[columns]
        return columns, np.log(-np.expm1(-expected))


class Examples:
    """Playlists as rows of the vocabulary, and epochs of batches of them, masked anew every time.

    Playlists that name no song and no tag of the vocabulary are left out.
    """

    def __init__(self, playlists: Playlists, vocabulary: Vocabulary, batch_size: int, seed: int):
        self.vocabulary = vocabulary
        self.songs = [vocabulary.song_rows(song_ids) for song_ids in playlists.song_ids]
        self.tags = [vocabulary.tag_rows(tags) for tags in playlists.tags]
        self.ngrams = [[vocabulary.ngram_rows(title_ngrams(part)) for part in parts] for parts in playlists.titles]
        self.texts, self.titles = playlists.titles, playlists.embeddings
        self._first_part = np.cumsum([0, *map(len, playlists.titles)])
        filled = (len(songs) + len(tags) > 0 for songs, tags in zip(self.songs, self.tags, strict=True))
        self.filled = np.flatnonzero(np.fromiter(filled, dtype=bool))
        self.whole = np.asarray(playlists.whole, dtype=bool)
        self.batch_size = batch_size
        self.seed = seed
        counts = self.column_counts()
        self.song_sampler = Sampler(counts[: vocabulary.song_count], NEGATIVE_SONGS)
        self.tag_sampler = Sampler(counts[vocabulary.song_count :], NEGATIVE_TAGS)
        self._views = np.cumsum([share for share, _ in VIEWS])

    def meanings(self) -> np.ndarray:
        """The mean embedding of each playlist's title, float32 [playlists, size], unit length; zeros for no title."""
        sums = np.zeros((len(self.texts), self.titles.shape[1]), dtype=np.float32)
        np.add.at(sums, np.repeat(np.arange(len(self.texts)), np.diff(self._first_part)), self.titles)
        return unit(sums)

    def without(self, held_out: np.ndarray) -> "Examples":
        """The same, but epochs pass over these playlists."""
        others = copy(self)
        others.filled = np.setdiff1d(self.filled, held_out)
        return others

    def __len__(self) -> int:
        """Batches an epoch."""
        return -(-len(self.filled) // self.batch_size)

    def column_counts(self) -> np.ndarray:
        """float64 [songs + tags]: in how many playlists each stands."""
        used = np.concatenate([*self.songs, *self.tags])
        return np.bincount(used, minlength=self.vocabulary.columns).astype(float)

    def epoch(self, number: int) -> Iterator[Batch]:
        """The batches of one epoch; the same number gives the same batches."""
        random = np.random.default_rng([self.seed, number])
        order = random.permutation(self.filled)
        for start in range(0, len(order), self.batch_size):
            yield self.batch(order[start : start + self.batch_size], random)

    def batch(self, playlists: np.ndarray, random: np.random.Generator) -> Batch:
        """Hide some of each playlist, and gather the candidates."""
        views = [self.view(playlist, random) for playlist in playlists]
        rows, slots = bags([view.shown for view in views])
        input_rows, rows = np.unique(rows, return_inverse=True)
        songs, tags = ([getattr(view, kind) for view in views] for kind in ("songs", "tags"))
        first_tag = self.vocabulary.song_count
        song_columns, song_odds = self.song_sampler.candidates(np.concatenate(songs), random)
        tag_columns, tag_odds = self.tag_sampler.candidates(np.concatenate(tags) - first_tag, random)
        columns = np.concatenate([song_columns, tag_columns + first_tag])
        sizes = np.array([len(items) for items in (*songs, *tags)])
        worth = np.repeat([1.0, TAG_WEIGHT], len(views)) / np.sqrt(np.maximum(sizes, 1))
        return Batch(
            input_rows=input_rows,
            rows=rows,
            slots=slots,
            title=np.stack([view.title for view in views]),
            columns=columns,
            song_columns=len(song_columns),
            log_odds=np.concatenate([song_odds, tag_odds]).astype(np.float32),
            playlist=np.repeat(np.tile(np.arange(len(views), dtype=np.int32), 2), sizes),
            target=np.searchsorted(columns, np.concatenate([*songs, *tags])).astype(np.int32),
            weight=np.repeat(worth, sizes).astype(np.float32),
        )

    def view(self, playlist: int, random: np.random.Generator) -> View:
        """Show some of a playlist and hide the rest."""
        drawn = min(np.searchsorted(self._views, random.random()), len(VIEWS) - 1)
        show_songs, show_tags, show_title = VIEWS[drawn][1]
        songs, tags, parts = self.songs[playlist], self.tags[playlist], self.ngrams[playlist]
        seen_songs, hidden_songs = _split(songs, random) if show_songs and len(songs) > 1 else (songs[:0], songs)
        seen_tags, hidden_tags = _split(tags, random) if show_tags else (tags[:0], tags)
        title, ngrams, text = np.zeros(self.titles.shape[1], dtype=np.float32), songs[:0], ""
        if parts and (show_title or not len(seen_songs) + len(seen_tags)):
            part = random.integers(len(parts))
            text = self.texts[playlist][part]
            noise = random.normal(0, TITLE_NOISE, len(title))
            title = self.titles[self._first_part[playlist] + part] + noise.astype(np.float32)
            ngrams = parts[part][random.random(len(parts[part])) >= NGRAM_DROPOUT]
        shown = [seen_songs, seen_tags, ngrams, self.vocabulary.artist_rows(seen_songs)]
        return View(shown, title, text, hidden_songs, hidden_tags)


def _split(items: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A random part of the items, and the rest."""
    mixed = random.permutation(items)
    shown = max(1, round(len(items) * random.uniform(LEAST_SHOWN, MOST_SHOWN))) if len(items) else 0
    return mixed[:shown], mixed[shown:]
