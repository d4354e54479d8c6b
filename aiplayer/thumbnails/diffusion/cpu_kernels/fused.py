"""Runs of small operations, each compiled by XLA into one pass over memory, whatever compiles the network around them.

One by one, TensorFlow's operations would each write their result to memory for the next one to read: on a CPU that
takes longer than the arithmetic. Products and convolutions stay outside, where oneDNN and cuDNN compute them. Each
takes the weights of the Keras layer that it stands for, and computes in float32 inside.
"""

import keras
import tensorflow as tf

# XLA adds up an array on one core, but adds arrays on all of them.
SUMMANDS = 8


def group_norm(
    layer: keras.layers.GroupNormalization, features: tf.Tensor, added: tf.Tensor | None = None, silu: bool = False
) -> tf.Tensor:
    """What the layer, and SiLU where wanted, makes of [batch, height, width, channels].

    Args:
        layer: It, built.
        features: [batch, height, width, channels].
        added: To all pixels of the features before, [batch, channels].
        silu: Whether SiLU follows.
    """
    gamma, beta = _weights(layer)
    added = tf.zeros((1, features.shape[-1]), features.dtype) if added is None else added
    scale, shift = _group_scale(features, added, gamma, beta, layer.groups, layer.epsilon)
    return (_scaled_silu if silu else _scaled)(features, scale, shift)


def layer_norm(layer: keras.layers.LayerNormalization, tokens: tf.Tensor) -> tf.Tensor:
    """What the layer makes of [batch, length, channels]."""
    return _layer_norm(tokens, *_weights(layer), layer.epsilon)


@tf.function(jit_compile=True)
def gated_gelu(both: tf.Tensor) -> tf.Tensor:
    """[..., 2 channels] -> [..., channels]: the first half times the exact GELU of the second."""
    value, gate = tf.split(tf.cast(both, tf.float32), 2, axis=-1)
    # By the error function: tf.nn.gelu takes its complement, which XLA computes in twice the time.
    return tf.cast(value * gate * (0.5 + 0.5 * tf.math.erf(gate * 0.5**0.5)), both.dtype)


@tf.function(jit_compile=True)
def woven(found: tf.Tensor) -> tf.Tensor:
    """[batch, height + 1, width + 1, 4 channels] -> [batch, 2 height, 2 width, channels].

    Of four pictures one begins at the first row and column, one a column later, one a row, one both; they become one,
    whose pixels come from all of them in turn.
    """
    batch, height, width, _ = tf.unstack(tf.shape(found))
    height, width, channels = height - 1, width - 1, found.shape[-1] // 4
    found = tf.reshape(found, (batch, height + 1, width + 1, 2, 2, channels))
    rows = [
        tf.stack([found[:, row:, column:, row, column][:, :height, :width] for column in range(2)], axis=3)
        for row in range(2)
    ]
    return tf.reshape(tf.stack(rows, axis=2), (batch, 2 * height, 2 * width, channels))


def _weights(layer: keras.layers.Layer) -> list[tf.Tensor]:
    return [tf.cast(keras.ops.convert_to_tensor(weight), tf.float32) for weight in (layer.gamma, layer.beta)]


@tf.function(jit_compile=True)
def _group_scale(features, added, gamma, beta, groups, epsilon):
    """Two of float32 [batch, 1, 1, channels]: normalised features are `features * scale + shift`."""
    batch, height, width, _ = tf.unstack(tf.shape(features))
    channels, added = features.shape[-1], tf.cast(added, tf.float32)
    pixels = height * width
    # Zeros add nothing.
    padded = tf.pad(tf.reshape(features, (batch, pixels, channels)), ((0, 0), (0, -pixels % SUMMANDS), (0, 0)))
    values = tf.cast(tf.reshape(padded, (batch, -1, SUMMANDS, channels)), tf.float32)
    # Squared before they are taken apart: XLA would write each part to memory for both of its uses.
    mean, square = (
        tf.reduce_sum(tf.add_n(tf.unstack(summands, axis=2)), axis=1) / tf.cast(pixels, tf.float32)
        for summands in (values, values * values)
    )
    mean, square = mean + added, square + (2 * mean + added) * added
    shape = (-1, groups, channels // groups)
    mean, square = (tf.reduce_mean(tf.reshape(value, shape), -1, keepdims=True) for value in (mean, square))
    # Rounding may leave less than nothing of features that are all the same.
    variance = tf.maximum(square - mean * mean, 0.0)
    scale = tf.math.rsqrt(variance + epsilon) * tf.reshape(gamma, shape[1:])
    shift = tf.reshape(beta, shape[1:]) - mean * scale
    scale, shift = tf.reshape(scale, (-1, channels)), tf.reshape(shift, (-1, channels))
    return scale[:, None, None], (shift + added * scale)[:, None, None]


@tf.function(jit_compile=True)
def _scaled(features, scale, shift):
    return tf.cast(tf.cast(features, tf.float32) * scale + shift, features.dtype)


@tf.function(jit_compile=True)
def _scaled_silu(features, scale, shift):
    # As much as SiLU, by tanh, which XLA computes faster than a logistic function.
    half = 0.5 * (tf.cast(features, tf.float32) * scale + shift)
    return tf.cast(half + half * tf.tanh(half), features.dtype)


@tf.function(jit_compile=True)
def _layer_norm(tokens, gamma, beta, epsilon):
    values = tf.cast(tokens, tf.float32)
    mean = tf.reduce_mean(values, -1, keepdims=True)
    variance = tf.reduce_mean(tf.square(values - mean), -1, keepdims=True)
    return tf.cast((values - mean) * tf.math.rsqrt(variance + epsilon) * gamma + beta, tokens.dtype)
