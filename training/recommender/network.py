"""The playlist autoencoder: what is known of a playlist in, a score for every song and tag out.

Source: a denoising autoencoder over the items of a playlist (Vincent et al. 2008; for playlists, Yang et al., "MMCF",
RecSys Challenge 2018) with the multinomial likelihood of Liang et al., "Variational Autoencoders for Collaborative
Filtering" (2018).

Departures: the input is a bag of embeddings for each kind of input (songs, tags, n-grams of the title, artists) in
place of a dense multi-hot row, the same product without the zeros; each bag is divided by the square root of its
size, so that long playlists do not drown the title; the title enters a second time as its sentence embedding.
"""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

KINDS = ("songs", "tags", "ngrams", "artists")
# Rows that were rarely seen must not speak: a table starts near zero.
START_DEVIATION = 0.005


def table_start() -> keras.initializers.Initializer:
    """How a table starts.

    Every table needs an initializer of its own, made after Keras was seeded: it draws its seed when it is made.
    """
    return keras.initializers.RandomNormal(stddev=START_DEVIATION)


class PlaylistAutoencoder(keras.Model):
    """Scores of all songs and tags for a batch of playlists.

    Args:
        inputs: Rows of the input table: songs, tags, n-grams and artists together.
        outputs: Rows of the output table: songs, then tags.
        title_size: Length of a title embedding.
        hidden: Width of the hidden layers.
        dropout: Share of hidden units that training drops.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        title_size: int,
        hidden: int = 256,
        dropout: float = 0.4,
    ):
        super().__init__()
        self.hidden = hidden
        self.input_table = self.add_weight(shape=(inputs, hidden), initializer=table_start(), name="input_table")
        self.output_table = self.add_weight(shape=(outputs, hidden), initializer=table_start(), name="output_table")
        self.output_bias = self.add_weight(shape=(outputs,), initializer="zeros", name="output_bias")
        self.title_projection = keras.layers.Dense(hidden, use_bias=False, name="title_projection")
        self.norm = keras.layers.LayerNormalization(name="norm")
        self.dense = keras.layers.Dense(hidden, name="dense")
        self.activation = keras.layers.LeakyReLU(0.1, name="activation")
        self.drop_input = keras.layers.Dropout(dropout, name="drop_input")
        self.drop_state = keras.layers.Dropout(dropout, name="drop_state")
        self.title_projection.build((None, title_size))
        for layer in (self.norm, self.dense):
            layer.build((None, hidden))

    def encode(
        self,
        rows: tf.Tensor,
        slots: tf.Tensor,
        title: tf.Tensor,
        table: tf.Tensor | None = None,
        training: bool = False,
    ) -> tf.Tensor:
        """The hidden state, float32 [batch, hidden].

        Args:
            rows: Rows of the table, int [k], of all bags of the batch.
            slots: The bag of each, int32 [k]: kind * batch + playlist (`bags`).
            title: Title embeddings, float32 [batch, title_size], zeros for no title.
            table: The input table, or the part of it that `rows` count in.
            training: Whether dropout is on.
        """
        batch = tf.shape(title)[0]
        bag_count = len(KINDS) * batch
        embedded = tf.gather(self.input_table if table is None else table, rows)
        sums = tf.math.unsorted_segment_sum(embedded, slots, bag_count)
        sizes = tf.math.unsorted_segment_sum(tf.ones_like(slots, tf.float32), slots, bag_count)
        bagged = sums / tf.sqrt(tf.maximum(sizes, 1.0))[:, tf.newaxis]
        bagged = tf.reduce_sum(tf.reshape(bagged, (len(KINDS), batch, self.hidden)), axis=0)
        return self.state(bagged + self.title_projection(title), training)

    def state(self, summed: tf.Tensor, training: bool = False) -> tf.Tensor:
        """From the sum of all bags and the projected title, float32 [batch, hidden], to the hidden state."""
        first = self.drop_input(self.activation(self.norm(summed)), training=training)
        return self.drop_state(first + self.activation(self.dense(first)), training=training)

    def call(self, inputs: dict[str, tf.Tensor], training: bool = False) -> tf.Tensor:
        """Logits, float32 [batch, outputs]: songs first, then tags; `inputs` hold what `encode` takes."""
        state = self.encode(inputs["rows"], inputs["slots"], inputs["title"], training=training)
        return tf.matmul(state, self.output_table, transpose_b=True) + self.output_bias


def bags(playlists: Sequence[Sequence[np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """The rows of each playlist's kinds, in the order of KINDS -> (rows int64 [k], slots int32 [k])."""
    parts = [
        (kind * len(playlists) + number, rows)
        for number, playlist in enumerate(playlists)
        for kind, rows in enumerate(playlist)
    ]
    rows = np.concatenate([rows for _, rows in parts]).astype(np.int64)
    slots = np.repeat([slot for slot, _ in parts], [len(rows) for _, rows in parts])
    return rows, slots.astype(np.int32)
