"""Adam for the rows of a table that a batch touches.

Sources: Adam (Kingma and Ba 2015), its sparse form as LazyAdam of TensorFlow Addons.
"""

import tensorflow as tf


class RowAdam:
    """Adam that updates only the rows of a table that a batch has looked at; the others keep their moments.

    Args:
        table: The table, float32 [rows, hidden] or [rows].
    """

    BETA1 = 0.9
    BETA2 = 0.99
    EPSILON = 1e-7

    def __init__(self, table: tf.Variable):
        self.table = table
        self.mean = tf.Variable(tf.zeros_like(table), trainable=False)
        self.square = tf.Variable(tf.zeros_like(table), trainable=False)

    def update(self, rows: tf.Tensor, gradient: tf.Tensor, rate: tf.Tensor) -> None:
        """One step.

        Args:
            rows: The rows that the batch has looked at, int64 [u], distinct.
            gradient: The gradient of each, float32 [u, hidden] or [u].
            rate: The learning rate, corrected for the moments' start.
        """
        last_mean = tf.gather(self.mean, rows)
        last_square = tf.gather(self.square, rows)
        mean = self.BETA1 * last_mean + (1 - self.BETA1) * gradient
        square = self.BETA2 * last_square + (1 - self.BETA2) * tf.square(gradient)
        change = rate * mean / (tf.sqrt(square) + self.EPSILON)

        self.mean.scatter_update(tf.IndexedSlices(mean, rows))
        self.square.scatter_update(tf.IndexedSlices(square, rows))
        self.table.scatter_sub(tf.IndexedSlices(change, rows))
