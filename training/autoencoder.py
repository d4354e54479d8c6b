"""Trains the playlist autoencoder on playlists of songs and tags and their title embeddings."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from aiplayer.models.autoencoder import MultinomialLoss, PlaylistAutoencoder, pad_items
from aiplayer.recommender import Recommender
from aiplayer.vocabulary import Vocabulary


@dataclass(frozen=True)
class Recipe:
    """How the autoencoder is trained.

    `hidden` is a multiple of 16, so that rows fill whole vector registers and an answer is the same to the last bit
    wherever it stands in a batch.

    Training ends after `most_steps` batches even where that is less than `epochs`, and learns the `most_songs` songs
    and `most_tags` tags that stand in most playlists: this bounds the time and the model's size.

    `title_only` is the share of examples that see nothing but the title; the others see a random part of the songs,
    and each of tags and title half of the time. A title is its embedding and the tags that it names in so many words.
    """

    hidden: int = 128
    dropout: float = 0.5
    epochs: int = 40
    batch_size: int = 128
    learning_rate: float = 2e-3
    title_only: float = 0.4
    title_noise: float = 0.02
    tag_weight: float = 0.3
    most_steps: int = 2_000
    most_songs: int = 50_000
    most_tags: int = 10_000


@dataclass(frozen=True)
class Playlists:
    """What training sees of each playlist: song ids, tags, title, and its embedding (float32 [playlists, size])."""

    song_ids: list[list[int]]
    tags: list[list[str]]
    titles: list[str]
    embeddings: np.ndarray


def train(
    playlists: Playlists, recipe: Recipe, seed: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> Recommender:
    """Fit the autoencoder.

    Args:
        playlists: The playlists to learn from.
        recipe: How to train.
        seed: Weights, masks and order; the same seed on the same machine gives the same model.
        progress: Told (steps done, steps in all) now and then.
    """
    keras.utils.set_random_seed(seed)
    vocabulary = Vocabulary(
        song_ids=_most_used(playlists.song_ids, recipe.most_songs),
        tags=_most_used(playlists.tags, recipe.most_tags),
    )
    examples = Examples(playlists, vocabulary, recipe, seed)
    model = PlaylistAutoencoder(len(vocabulary), recipe.hidden, recipe.dropout)
    steps = min(recipe.epochs * len(examples), recipe.most_steps)
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps)),
        loss=MultinomialLoss(vocabulary.song_count, recipe.tag_weight),
    )
    dataset = tf.data.Dataset.from_generator(examples.epochs, output_signature=examples.signature).prefetch(2)
    told = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: progress(batch + 1, steps))
    model.fit(dataset, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=[told])
    return Recommender(model, vocabulary)


def _most_used(lists: Iterable[Iterable], most: int) -> list:
    """The items that stand in most lists, sorted; of equally frequent ones the smaller."""
    counts = Counter(item for items in lists for item in items)
    return sorted(sorted(counts, key=lambda item: (-counts[item], item))[:most])


class Examples:
    """Batches of masked playlists, a new mask every time a playlist comes by."""

    def __init__(self, playlists: Playlists, vocabulary: Vocabulary, recipe: Recipe, seed: int):
        self.songs = [np.array(vocabulary.song_items(song_ids), dtype=int) for song_ids in playlists.song_ids]
        self.tags = [np.array(vocabulary.tag_items(tags), dtype=int) for tags in playlists.tags]
        self.said = [np.array(vocabulary.tag_items(vocabulary.tags_in(title)), dtype=int) for title in playlists.titles]
        self.titles = playlists.embeddings
        self.recipe = recipe
        self.random = np.random.default_rng(seed)
        self.signature = (
            {
                "items": tf.TensorSpec((None, None), tf.int32),
                "title": tf.TensorSpec((None, playlists.embeddings.shape[1]), tf.float32),
            },
            tf.TensorSpec((None, None), tf.int32),
        )

    def __len__(self) -> int:
        """Batches an epoch."""
        return -(-len(self.songs) // self.recipe.batch_size)

    def epochs(self) -> Iterator[tuple[dict[str, np.ndarray], np.ndarray]]:
        """Batches of (inputs, all items of the playlist), epoch after epoch without end."""
        while True:
            order = self.random.permutation(len(self.songs))
            for start in range(0, len(order), self.recipe.batch_size):
                rows = order[start : start + self.recipe.batch_size]
                masked = [self._mask(row) for row in rows]
                inputs = {
                    "items": pad_items([items for items, _ in masked]),
                    "title": np.stack([title for _, title in masked]),
                }
                yield inputs, pad_items([np.concatenate([self.songs[row], self.tags[row]]) for row in rows])

    def _mask(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """What the model may see of a playlist: some items, and the title or zeros."""
        random, title, said = self.random, self.titles[row], self.said[row]
        noisy = title + random.normal(0, self.recipe.title_noise, title.shape).astype(np.float32)
        if random.random() < self.recipe.title_only:
            return said, noisy
        songs = self.songs[row]
        seen = random.permutation(songs)[: random.integers(1, len(songs) + 1)] if len(songs) else songs
        tags = self.tags[row] if random.random() < 0.5 else self.tags[row][:0]
        if random.random() < 0.5:
            return np.concatenate([seen, np.union1d(tags, said).astype(int)]), noisy
        return np.concatenate([seen, tags]), np.zeros_like(title)
