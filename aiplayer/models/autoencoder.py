"""The playlist autoencoder: songs, tags and the title of a playlist in, a score for every song and tag out.

Source: a denoising autoencoder over the items of a playlist (Vincent et al. 2008; for playlists, Yang et al., "MMCF",
RecSys Challenge 2018) with the multinomial loss of Liang et al., "Variational Autoencoders for Collaborative
Filtering" (2018).

Departures: the input is a bag of item embeddings in place of a dense multi-hot row (the same product, without the
zeros); the title enters as its sentence embedding, so that a title alone is enough; songs and tags each have a
softmax of their own, the tags' weighing less.
"""

import keras
import numpy as np
import tensorflow as tf

from aiplayer.vocabulary import PADDING

MODEL_FILE = "model.keras"


@keras.saving.register_keras_serializable(package="aiplayer")
class PlaylistAutoencoder(keras.Model):
    """Scores of all items for a batch of playlists.

    Args:
        items: Number of songs and tags.
        hidden: Width of the hidden layers.
        dropout: Share of hidden units that training drops.
    """

    def __init__(self, items: int, hidden: int = 256, dropout: float = 0.3, **kwargs):
        super().__init__(**kwargs)
        self.config = {"items": items, "hidden": hidden, "dropout": dropout}
        self.item_embedding = keras.layers.Embedding(items + 1, hidden, name="item_embedding")
        self.title_projection = keras.layers.Dense(hidden, name="title_projection")
        self.norm = keras.layers.LayerNormalization(name="norm")
        self.dense = keras.layers.Dense(hidden, name="dense")
        self.activation = keras.layers.LeakyReLU(0.1, name="activation")
        self.drop = keras.layers.Dropout(dropout, name="drop")
        self.decoder = keras.layers.Dense(items, name="decoder")

    def encode(self, inputs: dict[str, tf.Tensor], training: bool = False) -> tf.Tensor:
        """The hidden state, float32 [batch, hidden].

        Args:
            inputs: `items`, int32 [batch, longest], 0 for padding; `title`, float32 [batch, size], zeros for no title.
            training: Whether dropout is on.
        """
        known = tf.cast(inputs["items"] != PADDING, self.compute_dtype)[..., tf.newaxis]
        count = tf.maximum(tf.reduce_sum(known, axis=1), 1.0)
        bag = tf.reduce_sum(self.item_embedding(inputs["items"]) * known, axis=1) / tf.sqrt(count)
        state = self.activation(self.norm(bag + self.title_projection(inputs["title"])))
        return self.drop(state + self.activation(self.dense(state)), training=training)

    def call(self, inputs: dict[str, tf.Tensor], training: bool = False) -> tf.Tensor:
        """Logits, float32 [batch, items]: songs first, then tags."""
        return self.decoder(self.encode(inputs, training=training))

    def get_config(self) -> dict:
        """What `__init__` needs."""
        return super().get_config() | self.config


class MultinomialLoss(keras.losses.Loss):
    """Cross entropy of a playlist's songs under a softmax over songs, plus `tag_weight` times the same of its tags.

    `y_true` is int32 [batch, longest], items counted from 1, 0 for padding; `y_pred` is the logits.
    """

    def __init__(self, song_count: int, tag_weight: float = 0.3):
        super().__init__(name="multinomial")
        self.song_count = song_count
        self.tag_weight = tag_weight

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        """Loss of each playlist, float32 [batch]."""
        y_true = tf.cast(y_true, tf.int32)
        songs = tf.nn.log_softmax(y_pred[:, : self.song_count])
        tags = tf.nn.log_softmax(y_pred[:, self.song_count :])
        log_probability = tf.concat([songs, tags], axis=1)
        gathered = tf.gather(log_probability, tf.maximum(y_true - 1, 0), batch_dims=1)
        is_song = (y_true > PADDING) & (y_true <= self.song_count)
        is_tag = y_true > self.song_count
        return -(_masked_mean(gathered, is_song) + self.tag_weight * _masked_mean(gathered, is_tag))


def _masked_mean(values: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    mask = tf.cast(mask, values.dtype)
    return tf.reduce_sum(values * mask, axis=1) / tf.maximum(tf.reduce_sum(mask, axis=1), 1.0)


def pad_items(rows: list[list[int]], length: int | None = None) -> np.ndarray:
    """Lists of items -> int32 [rows, longest or `length`], filled up with padding."""
    longest = max([1, *map(len, rows)]) if length is None else length
    padded = np.full((len(rows), longest), PADDING, dtype=np.int32)
    for row, items in zip(padded, rows, strict=True):
        row[: len(items)] = items
    return padded
