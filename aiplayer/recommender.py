"""Songs and hashtags for a title and any chosen playlists, by the playlist autoencoder."""

from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from scipy.special import softmax

from aiplayer.errors import ModelMissing
from aiplayer.models.autoencoder import MODEL_FILE, PlaylistAutoencoder, pad_items
from aiplayer.tiles import TILE, same_length_tiles
from aiplayer.vocabulary import Vocabulary

ITEMS_STEP = 32
REASON_TAGS = 10


@dataclass(frozen=True)
class Wish:
    """What one request knows: the title with its embedding, and the songs and tags of the chosen playlists."""

    title_embedding: np.ndarray
    title: str = ""
    song_ids: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    exclude_song_ids: list[int] = field(default_factory=list)
    song_count: int = 100
    tag_count: int = 10


@dataclass(frozen=True)
class ScoredSong:
    """A song with its probability and what spoke for it most: a chosen song, else a tag."""

    song_id: int
    score: float
    because_song_id: int | None = None
    because_tag: str | None = None


@dataclass(frozen=True)
class Recommendation:
    """`new` songs are in no chosen playlist, `chosen` ones are; both best first."""

    new: list[ScoredSong]
    chosen: list[ScoredSong]
    tags: list[str]


class Recommender:
    """A trained autoencoder with its vocabulary, answering batches of wishes."""

    def __init__(self, model: PlaylistAutoencoder, vocabulary: Vocabulary):
        self.model = model
        self.vocabulary = vocabulary
        kernel, bias = model.decoder.get_weights()
        self._kernel, self._bias = np.ascontiguousarray(kernel), bias
        self._title_size = model.title_projection.kernel.shape[0]
        # One graph for all lengths: another one may round another way.
        items, title = tf.TensorSpec((TILE, None), tf.int32), tf.TensorSpec((TILE, self._title_size), tf.float32)
        self._encode = tf.function(model.encode, input_signature=[{"items": items, "title": title}])
        centred = kernel - kernel.mean(axis=1, keepdims=True)
        self._directions = centred / np.linalg.norm(centred, axis=0)

    def save(self, folder: str | Path) -> None:
        """Write the model and its vocabulary."""
        self.model.save(Path(folder) / MODEL_FILE)
        self.vocabulary.save(folder)

    @classmethod
    def load(cls, folder: str | Path) -> "Recommender":
        """Read what `save` wrote.

        Raises:
            ModelMissing: a file is missing, unreadable, or of another vocabulary.
        """
        vocabulary = Vocabulary.load(folder)
        try:
            model = keras.saving.load_model(Path(folder) / MODEL_FILE, compile=False)
        except (OSError, ValueError) as error:
            raise ModelMissing("The recommender cannot be read. Train it anew with `make setup`.") from error
        if model.config["items"] != len(vocabulary):
            raise ModelMissing("The recommender and its vocabulary differ in size. Train it anew with `make setup`.")
        return cls(model, vocabulary)

    def warm_up(self) -> None:
        """Trace the network for the usual shapes, so that no creator waits for it."""
        title = np.zeros(self._title_size, dtype=np.float32)
        for known in (0, ITEMS_STEP + 1):
            self.recommend([Wish(title, song_ids=list(self.vocabulary.song_ids[:known]))])

    def recommend(self, wishes: list[Wish]) -> list[Recommendation]:
        """Answer each wish; the answer is the same alone and in any batch."""
        items = [self._items(wish) for wish in wishes]
        logits = np.empty((len(wishes), len(self.vocabulary)), dtype=np.float32)
        for positions, padded in same_length_tiles(list(map(len, items)), ITEMS_STEP):
            titles = np.zeros((TILE, self._title_size), dtype=np.float32)
            titles[: len(positions)] = [wishes[row].title_embedding for row in positions]
            rows = [items[row] for row in positions] + [[]] * (TILE - len(positions))
            logits[positions] = self._logits(pad_items(rows, padded), titles)[: len(positions)]
        return [self._answer(wish, row) for wish, row in zip(wishes, logits, strict=True)]

    def _items(self, wish: Wish) -> list[int]:
        tags = dict.fromkeys([*wish.tags, *self.vocabulary.tags_in(wish.title)])
        return self.vocabulary.song_items(wish.song_ids) + self.vocabulary.tag_items(tags)

    def _logits(self, items: np.ndarray, titles: np.ndarray) -> np.ndarray:
        state = self._encode({"items": tf.constant(items), "title": tf.constant(titles)}).numpy()
        return state @ self._kernel + self._bias

    def _answer(self, wish: Wish, logits: np.ndarray) -> Recommendation:
        """Split the softmax over songs into new and chosen ones, and take the best tags."""
        songs = self.vocabulary.song_count
        probability = softmax(logits[:songs].astype(np.float64))
        chosen = np.array(self.vocabulary.song_items(wish.song_ids), dtype=int) - 1
        excluded = np.array(self.vocabulary.song_items(wish.exclude_song_ids), dtype=int) - 1
        open_songs = np.ones(songs, dtype=bool)
        open_songs[chosen] = open_songs[excluded] = False
        new = _best(np.flatnonzero(open_songs), probability, wish.song_count)
        kept = _best(np.setdiff1d(chosen, excluded), probability, len(chosen))
        tag_columns = _best(np.arange(songs, len(logits)), logits, max(wish.tag_count, REASON_TAGS))
        tags = [self.vocabulary.tags[column - songs] for column in tag_columns]
        reasons = self._reasons(new, chosen, tag_columns)
        scored = [
            ScoredSong(self._song_id(column), float(probability[column]), *why)
            for column, why in zip(new, reasons, strict=True)
        ]
        # Songs too rare to be learnt come last, in their own order.
        never_seen = set(wish.song_ids) - set(map(self._song_id, chosen)) - set(wish.exclude_song_ids)
        rare = [ScoredSong(song_id, 0.0) for song_id in dict.fromkeys(wish.song_ids) if song_id in never_seen]
        return Recommendation(
            new=scored,
            chosen=[ScoredSong(self._song_id(column), float(probability[column])) for column in kept] + rare,
            tags=tags[: wish.tag_count],
        )

    def _reasons(self, new: np.ndarray, chosen: np.ndarray, tag_columns: np.ndarray) -> list[tuple]:
        """For each new song, the chosen song, or with a title alone the suggested tag, that is nearest to it.

        Nearness is the cosine of the decoder's columns, in which items that share playlists point the same way.
        """
        causes = chosen if len(chosen) else tag_columns[:REASON_TAGS]
        if not len(causes):
            return [(None, None)] * len(new)
        nearest = causes[(self._directions[:, causes].T @ self._directions[:, new]).argmax(axis=0)]
        if len(chosen):
            return [(self._song_id(column), None) for column in nearest]
        return [(None, self.vocabulary.tags[column - self.vocabulary.song_count]) for column in nearest]

    def _song_id(self, column: int) -> int:
        return int(self.vocabulary.song_ids[column])


def _best(columns: np.ndarray, scores: np.ndarray, count: int) -> np.ndarray:
    """The `count` columns of highest score, best first, equal ones by column."""
    count = min(count, len(columns))
    if not count:
        return columns[:0]
    part = columns[np.argpartition(-scores[columns], count - 1)[:count]]
    return part[np.lexsort((part, -scores[part]))]
