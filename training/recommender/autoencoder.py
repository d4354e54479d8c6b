"""Trains the playlist autoencoder: sampled softmax over songs and over tags, Adam on the rows that a batch touches.

Sources: sampled softmax with the correction of Bengio and Senécal, "Adaptive importance sampling to accelerate
training of a neural probabilistic language model" (2008); Adam (Kingma and Ba 2015), its sparse form as LazyAdam of
TensorFlow Addons.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import keras
import numpy as np
import tensorflow as tf

from training.recommender.examples import Batch, Examples
from training.recommender.network import PlaylistAutoencoder, table_start

Progress = Callable[[int, int], None]
CHECKPOINT_S = 120


@dataclass(frozen=True)
class Recipe:
    """How the autoencoder is trained: `epochs`, but at least `fewest_steps` batches."""

    hidden: int = 256
    dropout: float = 0.4
    epochs: int = 24
    fewest_steps: int = 1_000
    batch_size: int = 256
    learning_rate: float = 5e-3
    warm_up_steps: int = 200


class RowAdam:
    """Adam that updates only the rows of a table that a batch has looked at; the others keep their moments."""

    BETA1, BETA2, EPSILON = 0.9, 0.99, 1e-7

    def __init__(self, table: tf.Variable):
        self.table = table
        self.mean = tf.Variable(tf.zeros_like(table), trainable=False)
        self.square = tf.Variable(tf.zeros_like(table), trainable=False)

    def update(self, rows: tf.Tensor, gradient: tf.Tensor, rate: tf.Tensor) -> None:
        """One step; `rows` are distinct, `gradient` has a row for each, `rate` is corrected for the moments' start."""
        mean = self.BETA1 * tf.gather(self.mean, rows) + (1 - self.BETA1) * gradient
        square = self.BETA2 * tf.gather(self.square, rows) + (1 - self.BETA2) * tf.square(gradient)
        self.mean.scatter_update(tf.IndexedSlices(mean, rows))
        self.square.scatter_update(tf.IndexedSlices(square, rows))
        self.table.scatter_sub(tf.IndexedSlices(rate * mean / (tf.sqrt(square) + self.EPSILON), rows))


class Trainer:
    """The model, the output rows of artists, and the state of their optimisers.

    A song is scored by its own output row plus its first artist's: what is known of an artist helps its rare songs.
    """

    def __init__(self, examples: Examples, recipe: Recipe, steps: int):
        vocabulary, title_size = examples.vocabulary, examples.titles.shape[1]
        self.model = PlaylistAutoencoder(len(vocabulary), vocabulary.columns, title_size, recipe.hidden, recipe.dropout)
        counts = examples.column_counts() + 0.5
        songs, tags = counts[: vocabulary.song_count], counts[vocabulary.song_count :]
        self.model.output_bias.assign(np.log(np.concatenate([songs / songs.sum(), tags / max(tags.sum(), 1)])))
        nobody = len(vocabulary.artists)
        self.artist_table = tf.Variable(table_start()((nobody + 1, recipe.hidden)))
        first = [singers[0] if singers else nobody for singers in vocabulary.song_artists]
        self.artist_of = np.full(vocabulary.columns, nobody)
        self.artist_of[: len(first)] = first
        output = self.model.output_table.value, self.model.output_bias.value
        self.row_adams = [RowAdam(table) for table in (self.model.input_table.value, *output, self.artist_table)]
        layers = self.model.title_projection, self.model.norm, self.model.dense
        self.dense = [weight for layer in layers for weight in layer.trainable_weights]
        warm_up = min(recipe.warm_up_steps, steps // 5)
        self.schedule = keras.optimizers.schedules.CosineDecay(
            0.0, max(steps - warm_up, 1), alpha=0.02, warmup_target=recipe.learning_rate, warmup_steps=warm_up
        )
        self.adam = keras.optimizers.Adam(self.schedule, beta_1=RowAdam.BETA1, beta_2=RowAdam.BETA2)
        self.adam.build(self.dense)
        self._learn = tf.function(self._learn_eagerly, input_signature=[_signature(title_size)])

    def learn(self, batch: Batch) -> float:
        """One step; the batch's loss."""
        artists, artist = np.unique(self.artist_of[batch.columns], return_inverse=True)
        numbers = {**vars(batch), "artists": artists, "artist": artist.astype(np.int32)}
        return float(self._learn({name: tf.constant(value) for name, value in numbers.items()}))

    def _learn_eagerly(self, batch: dict[str, tf.Tensor]) -> tf.Tensor:
        rows = [batch["input_rows"], batch["columns"], batch["columns"], batch["artists"]]
        values = [tf.gather(adam.table, chosen) for adam, chosen in zip(self.row_adams, rows, strict=True)]
        with tf.GradientTape() as tape:
            tape.watch(values)
            loss = self._loss(batch, *values)
        gradients = tape.gradient(loss, [*values, *self.dense])
        self.adam.apply(gradients[len(values) :], self.dense)
        step = tf.cast(self.adam.iterations, tf.float32)
        rate = self.schedule(self.adam.iterations) * tf.sqrt(1 - RowAdam.BETA2**step) / (1 - RowAdam.BETA1**step)
        for adam, chosen, gradient in zip(self.row_adams, rows, gradients, strict=False):
            adam.update(chosen, tf.convert_to_tensor(gradient), rate)
        return loss

    def _loss(self, batch: dict[str, tf.Tensor], inputs, outputs, bias, artists) -> tf.Tensor:
        """Cross entropy of the hidden songs among the candidate songs, and of tags among tags, a playlist's mean."""
        songs = batch["song_columns"]
        state = self.model.encode(batch["rows"], batch["slots"], batch["title"], inputs, training=True)
        logits = tf.matmul(state, outputs + tf.gather(artists, batch["artist"]), transpose_b=True)
        logits += bias - batch["log_odds"]
        log_probability = tf.concat(
            [tf.nn.log_softmax(logits[:, :songs]), tf.nn.log_softmax(logits[:, songs:])], axis=1
        )
        hidden = tf.gather_nd(log_probability, tf.stack([batch["playlist"], batch["target"]], axis=1))
        return -tf.reduce_sum(hidden * batch["weight"]) / tf.cast(tf.shape(logits)[0], tf.float32)

    def finish(self) -> PlaylistAutoencoder:
        """The model, its songs' rows holding their artists' too."""
        table = self.model.output_table.value
        table.assign_add(tf.gather(self.artist_table, self.artist_of))
        return self.model

    @property
    def _variables(self) -> list[tf.Variable]:
        moments = [variable for adam in self.row_adams for variable in (adam.table, adam.mean, adam.square)]
        kept = [*self.dense, *self.adam.variables, *self.model.non_trainable_variables]
        return moments + [getattr(variable, "value", variable) for variable in kept]

    def save(self, path: Path, epochs: int) -> None:
        """Keep everything that training goes on from."""
        draft = path.with_suffix(".draft.npz")
        np.savez(draft, *[variable.numpy() for variable in self._variables], epochs=epochs)
        os.replace(draft, path)

    def restore(self, path: Path) -> int:
        """Take up what `save` kept: the epochs done, 0 where the file is missing, damaged or of another model."""
        variables = self._variables
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                kept, epochs = [arrays[f"arr_{number}"] for number in range(len(variables))], int(arrays["epochs"])
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return 0
        if [array.shape for array in kept] != [tuple(variable.shape) for variable in variables]:
            return 0
        for variable, array in zip(variables, kept, strict=True):
            variable.assign(array)
        return epochs


def _signature(title_size: int) -> dict[str, tf.TensorSpec]:
    """The types of a batch's numbers, whose sizes all differ: one graph does for every batch."""
    types = dict.fromkeys(("input_rows", "rows", "columns", "artists"), tf.int64)
    types |= dict.fromkeys(("slots", "playlist", "target", "artist"), tf.int32)
    types |= dict.fromkeys(("log_odds", "weight"), tf.float32)
    vectors = {name: tf.TensorSpec((None,), type) for name, type in types.items()}
    scalar = tf.TensorSpec((), tf.int32)
    return vectors | {"title": tf.TensorSpec((None, title_size), tf.float32), "song_columns": scalar}


def train(
    examples: Examples,
    recipe: Recipe,
    seed: int,
    progress: Progress = lambda done, total: None,
    checkpoint: Path | None = None,
) -> PlaylistAutoencoder:
    """Fit the autoencoder.

    Args:
        examples: The playlists to learn from.
        recipe: How to train.
        seed: Weights, masks and order; the same seed on the same machine gives the same model.
        progress: Told (steps done, steps in all) now and then.
        checkpoint: A file to go on from, and to keep the state in every CHECKPOINT_S seconds; None for neither.
    """
    keras.utils.set_random_seed(seed)
    epochs = max(recipe.epochs, -(-recipe.fewest_steps // len(examples)))
    trainer = Trainer(examples, recipe, epochs * len(examples))
    done = trainer.restore(checkpoint) if checkpoint else 0
    kept = time.monotonic()
    for epoch in range(done, epochs):
        for step, batch in enumerate(_ahead(examples.epoch(epoch)), start=1):
            trainer.learn(batch)
            progress(epoch * len(examples) + step, epochs * len(examples))
        if checkpoint and (time.monotonic() - kept > CHECKPOINT_S or epoch + 1 == epochs):
            trainer.save(checkpoint, epoch + 1)
            kept = time.monotonic()
    return trainer.finish()


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches, each made while the one before is learnt."""
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = maker.submit(next, batches, None)
            yield batch
