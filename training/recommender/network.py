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

from aiplayer.recommender.request import Inputs

KIND_COUNT = len(Inputs._fields)
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

    def __init__(self, inputs: int, outputs: int, title_size: int, hidden: int = 256, dropout: float = 0.4):
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
        self.norm.build((None, hidden))
        self.dense.build((None, hidden))

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
            slots: The bag of each row, int32 [k]: kind * batch + playlist (`flatten_inputs`).
            title: Title embeddings, float32 [batch, title_size], zeros for no title.
            table: The part of the input table that `rows` count in; None for the whole table.
            training: Whether dropout is on.
        """
        batch = tf.shape(title)[0]
        bag_count = KIND_COUNT * batch
        embedded = tf.gather(self.input_table if table is None else table, rows)

        sums = tf.math.unsorted_segment_sum(embedded, slots, bag_count)
        ones = tf.ones_like(slots, tf.float32)
        sizes = tf.math.unsorted_segment_sum(ones, slots, bag_count)
        divisors = tf.sqrt(tf.maximum(sizes, 1.0))
        bags = sums / divisors[:, tf.newaxis]

        bags_by_kind = tf.reshape(bags, (KIND_COUNT, batch, self.hidden))
        summed = tf.reduce_sum(bags_by_kind, axis=0)
        projected_title = self.title_projection(title)
        return self.state(summed + projected_title, training)

    def state(self, summed: tf.Tensor, training: bool = False) -> tf.Tensor:
        """The hidden state, float32 [batch, hidden].

        Args:
            summed: The sum of all bags and the projected title, float32 [batch, hidden].
            training: Whether dropout is on.
        """
        normalised = self.norm(summed)
        first = self.drop_input(self.activation(normalised), training=training)
        second = self.activation(self.dense(first))
        return self.drop_state(first + second, training=training)

    def call(self, inputs: dict[str, tf.Tensor], training: bool = False) -> tf.Tensor:
        """Logits, float32 [batch, outputs]: songs first, then tags; `inputs` hold what `encode` takes."""
        state = self.encode(inputs["rows"], inputs["slots"], inputs["title"], training=training)
        products = tf.matmul(state, self.output_table, transpose_b=True)
        return products + self.output_bias


def flatten_inputs(playlists: Sequence[Inputs]) -> tuple[np.ndarray, np.ndarray]:
    """The rows of all playlists in one array, and the bag that each row belongs to.

    Args:
        playlists: What is shown of each playlist.

    Returns:
        (rows, int64 [k]; slots, int32 [k]: the kind's position in `Inputs` * playlists + the playlist's number).
    """
    bags, slots, sizes = [], [], []
    for number, inputs in enumerate(playlists):
        for kind, bag in enumerate(inputs):
            bags.append(bag)
            slots.append(kind * len(playlists) + number)
            sizes.append(len(bag))

    rows = np.concatenate(bags)
    slot_of_row = np.repeat(slots, sizes)
    return rows.astype(np.int64), slot_of_row.astype(np.int32)
