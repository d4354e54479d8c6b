"""The autoencoder's output table on a card, which multiplies the catalogue with a whole batch at once.

It stands outside `aiplayer.recommender`, whose code decides when a recommender is trained anew: it finds the same.

The rough pass adds whole numbers, which leaves nothing to round (`ExactProduct`), so a shortlist depends neither on the
batch nor on the device. The exact pass is computed for each query by itself, in float32.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from aiplayer.arrays import ExactProduct
from aiplayer.recommender.branches import BATCH
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.shortlist import OutputTable

CARD = "/GPU:0"


def put_on_card(recommender: Recommender, device: str = CARD) -> tuple["CardTable", "CardTable"]:
    """Have a recommender's products over the catalogue computed on a card, from now on.

    Args:
        recommender: The recommender; the tables of its autoencoder are replaced.
        device: What TensorFlow calls the card.

    Returns:
        The new tables, of songs and of tags.
    """
    # TF32 rounds factors to 11 bits.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    autoencoder = recommender.branches.autoencoder
    songs = CardTable(autoencoder.songs, device)
    tags = CardTable(autoencoder.tags, device)
    autoencoder.songs, autoencoder.tags = songs, tags
    return songs, tags


class CardTable(OutputTable):
    """An output table whose products are computed on a card; the rows of reasons still come from the file.

    Args:
        table: The table.
        device: What TensorFlow calls the card.
    """

    def __init__(self, table: OutputTable, device: str = CARD):
        arrays: dict[str, Any] = table.arrays()
        super().__init__(table.table, **arrays)
        size = len(arrays["rough"])
        self._most_steps = np.float32(_most_steps(size))

        with tf.device(device):
            self._card_rows = tf.identity(tf.convert_to_tensor(table.table))
            self._card_bias = tf.identity(tf.convert_to_tensor(table.bias))
            self._card_steps = tf.identity(tf.convert_to_tensor(arrays["rough"].astype(np.float32)))
            self._card_rough_bias = tf.identity(tf.convert_to_tensor(arrays["bias"][arrays["often"]]))

        batch = tf.TensorSpec((BATCH, size))
        units = tf.TensorSpec((BATCH, 1))
        count = tf.TensorSpec((), tf.int32)
        state = tf.TensorSpec((table.table.shape[1],))
        columns = tf.TensorSpec((None,), tf.int64)
        self._best = tf.function(self._find_best, input_signature=[batch, units, count])
        self._exact = tf.function(self._multiply_rows, input_signature=[state, columns])

    @property
    def devices(self) -> set[str]:
        """Where TensorFlow holds the table."""
        held = (self._card_rows, self._card_bias, self._card_steps, self._card_rough_bias)
        return {tensor.device for tensor in held}

    def shortlists(self, states: np.ndarray) -> list[np.ndarray]:
        """The columns that are roughly the best for each state, unordered, int64 [shortlist] or all there are."""
        if len(self.table) <= self.shortlist:
            return super().shortlists(states)

        found = []
        for start in range(0, len(states), BATCH):
            part = states[start : start + BATCH]
            # One product a state, so that no sum depends on the batch.
            reduced = np.stack([state @ self._directions for state in part])
            greatest = np.abs(reduced).max(axis=1, keepdims=True)
            units = np.maximum(greatest, np.float32(1e-30)) / self._most_steps
            whole_numbers = np.rint(reduced / units)

            # One height, so that the card looks for its fastest way once.
            missing = ((0, BATCH - len(part)), (0, 0))
            scales = units * np.float32(self._rough.unit)
            best = self._best(np.pad(whole_numbers, missing), np.pad(scales, missing), len(part))
            found += list(self._often[best.numpy()])
        return found

    def logits(self, state: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """float32 [hidden], int64 [columns] -> float32 [columns]."""
        logits: np.ndarray = self._exact(state, columns).numpy()
        return logits

    def _find_best(self, whole_numbers: tf.Tensor, scales: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
        """The places of the best among the columns that the rough pass sees, int32 [count, shortlist].

        Args:
            whole_numbers: Reduced states in steps, float32 [BATCH, directions].
            scales: What a product of steps is worth, float32 [BATCH, 1].
            count: How many of the states there are; the others are zeros.
        """
        products = tf.matmul(whole_numbers, self._card_steps)[:count]
        logits = products * scales[:count] + self._card_rough_bias
        shortlist = min(self.shortlist, len(self._often))
        return tf.math.top_k(logits, shortlist, sorted=False).indices

    def _multiply_rows(self, state: tf.Tensor, columns: tf.Tensor) -> tf.Tensor:
        """What `logits` returns."""
        rows = tf.cast(tf.gather(self._card_rows, columns), tf.float32)
        return tf.reduce_sum(rows * state, axis=1) + tf.gather(self._card_bias, columns)


def _most_steps(size: int) -> int:
    """How many steps an ExactProduct makes of the greatest number of a vector."""
    return round(1 / ExactProduct.from_rows(np.ones((1, size), np.float32)).unit)
