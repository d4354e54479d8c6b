"""Trains the playlist autoencoder: sampled softmax over songs and over tags, Adam on the rows that a batch touches.

Sources: sampled softmax with the correction of Bengio and Senécal, "Adaptive importance sampling to accelerate
training of a neural probabilistic language model" (2008); Adam (Kingma and Ba 2015), for the tables in its sparse form
(`row_adam`).
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import keras
import numpy as np
import tensorflow as tf

from aiplayer.files import whole_file
from training.recommender.examples import Batch, Examples
from training.recommender.network import PlaylistAutoencoder, table_start
from training.recommender.row_adam import RowAdam
from training.recommender.warm_start import WarmStart

Progress = Callable[[int, int], None]
# The state is kept so often that this takes at most this share of the time.
CHECKPOINT_SHARE = 0.05
# Every song and tag counts as if it had been used this often more, so that none has a bias of minus infinity.
SMOOTHING = 0.5
# The share of the learning rate that is left at the end.
LAST_RATE = 0.02


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

    @classmethod
    def going_on(cls) -> Self:
        """From a trained autoencoder: shorter and gentler."""
        return cls(epochs=5, fewest_steps=250, learning_rate=1.5e-3, warm_up_steps=50)


class Trainer:
    """The model, the output rows of artists, and the state of their optimisers.

    A song is scored by its own output row plus its first artist's: what is known of an artist helps its rare songs.

    Args:
        examples: The playlists to learn from.
        recipe: How to train.
        steps: How many batches there will be.
    """

    def __init__(self, examples: Examples, recipe: Recipe, steps: int):
        vocabulary = examples.vocabulary
        title_size = examples.titles.shape[1]
        self.model = PlaylistAutoencoder(len(vocabulary), vocabulary.columns, title_size, recipe.hidden, recipe.dropout)
        self.model.output_bias.assign(_log_shares(examples))

        # Songs of unknown artists, and tags, share a last row of the artists' table.
        nobody = len(vocabulary.artists)
        self.artist_table = tf.Variable(table_start()((nobody + 1, recipe.hidden)))
        first_artists = [artists[0] if artists else nobody for artists in vocabulary.song_artists]
        self.artist_of_column = np.full(vocabulary.columns, nobody)
        self.artist_of_column[: len(first_artists)] = first_artists

        tables = [
            self.model.input_table.value,
            self.model.output_table.value,
            self.model.output_bias.value,
            self.artist_table,
        ]
        self.row_adams = [RowAdam(table) for table in tables]

        layers = [self.model.title_projection, self.model.norm, self.model.dense]
        self.dense_weights = [weight for layer in layers for weight in layer.trainable_weights]
        warm_up = min(recipe.warm_up_steps, steps // 5)
        self.schedule = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=0.0,
            decay_steps=max(steps - warm_up, 1),
            alpha=LAST_RATE,
            warmup_target=recipe.learning_rate,
            warmup_steps=warm_up,
        )
        self.adam = keras.optimizers.Adam(self.schedule, beta_1=RowAdam.BETA1, beta_2=RowAdam.BETA2)
        self.adam.build(self.dense_weights)
        self._learn = tf.function(self._learn_eagerly, input_signature=[_signature(title_size)])

    def learn(self, batch: Batch) -> float:
        """One step; returns the batch's loss."""
        column_artists = self.artist_of_column[batch.columns]
        artists, artist_positions = np.unique(column_artists, return_inverse=True)
        arrays = vars(batch) | {"artists": artists, "artist": artist_positions.astype(np.int32)}

        tensors = {name: tf.constant(value) for name, value in arrays.items()}
        return float(self._learn(tensors))

    def _learn_eagerly(self, batch: dict[str, tf.Tensor]) -> tf.Tensor:
        columns = batch["columns"]
        rows = [batch["input_rows"], columns, columns, batch["artists"]]
        row_values = []
        for adam, table_rows in zip(self.row_adams, rows, strict=True):
            row_values.append(tf.gather(adam.table, table_rows))

        with tf.GradientTape() as tape:
            tape.watch(row_values)
            loss = self._loss(batch, *row_values)
        row_gradients, dense_gradients = tape.gradient(loss, (row_values, self.dense_weights))
        self.adam.apply(dense_gradients, self.dense_weights)

        # The moments start at zero; the rate makes up for it, as Adam does for itself.
        step = tf.cast(self.adam.iterations, tf.float32)
        mean_share = 1 - RowAdam.BETA1**step
        square_share = 1 - RowAdam.BETA2**step
        rate = self.schedule(self.adam.iterations) * tf.sqrt(square_share) / mean_share
        for adam, table_rows, gradient in zip(self.row_adams, rows, row_gradients, strict=True):
            adam.update(table_rows, tf.convert_to_tensor(gradient), rate)
        return loss

    def _loss(
        self,
        batch: dict[str, tf.Tensor],
        input_rows: tf.Tensor,
        output_rows: tf.Tensor,
        output_bias: tf.Tensor,
        artist_rows: tf.Tensor,
    ) -> tf.Tensor:
        """Cross entropy of the hidden songs among the candidate songs, and of tags among tags, a playlist's mean.

        Args:
            batch: The arrays of a `Batch`, and each candidate's position among the artists.
            input_rows: Rows of the input table, float32 [u, hidden].
            output_rows: The candidates' rows, float32 [c, hidden].
            output_bias: The candidates' biases, float32 [c].
            artist_rows: Rows of the artists, float32 [artists, hidden].
        """
        state = self.model.encode(batch["rows"], batch["slots"], batch["title"], input_rows, training=True)
        candidates = output_rows + tf.gather(artist_rows, batch["artist"])
        logits = tf.matmul(state, candidates, transpose_b=True)
        logits += output_bias - batch["log_odds"]

        song_columns = batch["song_columns"]
        song_shares = tf.nn.log_softmax(logits[:, :song_columns])
        tag_shares = tf.nn.log_softmax(logits[:, song_columns:])
        log_probability = tf.concat([song_shares, tag_shares], axis=1)

        positions = tf.stack([batch["playlist"], batch["target"]], axis=1)
        hidden = tf.gather_nd(log_probability, positions)
        playlist_count = tf.cast(tf.shape(logits)[0], tf.float32)
        return -tf.reduce_sum(hidden * batch["weight"]) / playlist_count

    def finish(self) -> PlaylistAutoencoder:
        """The model, its songs' rows holding their artists' too."""
        table = self.model.output_table.value
        artist_rows = tf.gather(self.artist_table, self.artist_of_column)
        table.assign_add(artist_rows)
        return self.model

    @property
    def _variables(self) -> list[tf.Variable]:
        """Everything that training goes on from."""
        variables = []
        for adam in self.row_adams:
            variables += [adam.table, adam.mean, adam.square]
        for weight in [*self.dense_weights, *self.adam.variables, *self.model.non_trainable_variables]:
            variables.append(getattr(weight, "value", weight))
        return variables

    def save(self, path: Path, epochs: int) -> None:
        """Keep everything that training goes on from.

        Args:
            path: The file; it is replaced in one step.
            epochs: How many epochs are done.
        """
        values = [variable.numpy() for variable in self._variables]
        with whole_file(path) as draft:
            np.savez(draft, *values, epochs=epochs)

    def restore(self, path: Path) -> int:
        """Take up what `save` kept.

        Returns:
            The epochs done, 0 where the file is missing, damaged or of another model.
        """
        variables = self._variables
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                values = [arrays[f"arr_{number}"] for number in range(len(variables))]
                epochs = int(arrays["epochs"])
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return 0

        shapes = [value.shape for value in values]
        if shapes != [tuple(variable.shape) for variable in variables]:
            return 0
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        return epochs


def _log_shares(examples: Examples) -> np.ndarray:
    """The logarithm of each song's share of all uses of songs, and of each tag's among tags, float64 [songs + tags]."""
    counts = examples.column_counts() + SMOOTHING
    first_tag = examples.vocabulary.song_count
    songs = counts[:first_tag]
    tags = counts[first_tag:]
    song_shares = songs / songs.sum()
    tag_shares = tags / max(tags.sum(), 1)
    return np.log(np.concatenate([song_shares, tag_shares]))


def _signature(title_size: int) -> dict[str, tf.TensorSpec]:
    """The types of a batch's numbers, whose sizes all differ: one graph does for every batch."""
    types = dict.fromkeys(("input_rows", "rows", "columns", "artists"), tf.int64)
    types |= dict.fromkeys(("slots", "playlist", "target", "artist"), tf.int32)
    types |= dict.fromkeys(("log_odds", "weight"), tf.float32)

    signature = {name: tf.TensorSpec((None,), type) for name, type in types.items()}
    signature["title"] = tf.TensorSpec((None, title_size), tf.float32)
    signature["song_columns"] = tf.TensorSpec((), tf.int32)
    return signature


def train(
    examples: Examples,
    recipe: Recipe,
    seed: int,
    progress: Progress = lambda done, total: None,
    checkpoint: Path | None = None,
    start: WarmStart | None = None,
) -> PlaylistAutoencoder:
    """Fit the autoencoder.

    Args:
        examples: The playlists to learn from.
        recipe: How to train.
        seed: The seed of weights, masks and order: equal seeds give equal bytes on one kind of processor.
        progress: Is told (steps done, steps in all) after each step.
        checkpoint: A file to go on from, and to keep the state in now and then; None for neither.
        start: What to go on from; None for a new one.
    """
    keras.utils.set_random_seed(seed)
    batch_count = len(examples)
    epochs = max(recipe.epochs, -(-recipe.fewest_steps // batch_count))
    trainer = Trainer(examples, recipe, steps=epochs * batch_count)
    if start is not None:
        start.put_into(trainer.model, examples.vocabulary)
        # Their songs' rows hold artists' already.
        trainer.artist_table.assign(tf.zeros_like(trainer.artist_table))
    first_epoch = trainer.restore(checkpoint) if checkpoint else 0

    saved_s, save_took_s = time.monotonic(), 0.0
    for epoch in range(first_epoch, epochs):
        for step, batch in enumerate(_made_ahead(examples.epoch(epoch)), start=1):
            trainer.learn(batch)
            progress(epoch * batch_count + step, epochs * batch_count)

        is_last = epoch + 1 == epochs
        is_due = CHECKPOINT_SHARE * (time.monotonic() - saved_s) > save_took_s
        if checkpoint and (is_due or is_last):
            began_s = time.monotonic()
            trainer.save(checkpoint, epoch + 1)
            saved_s = time.monotonic()
            save_took_s = saved_s - began_s
    return trainer.finish()


def _made_ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches, each made while the one before is learned."""
    with ThreadPoolExecutor(1) as maker:
        next_batch = maker.submit(next, batches, None)
        while (batch := next_batch.result()) is not None:
            next_batch = maker.submit(next, batches, None)
            yield batch
