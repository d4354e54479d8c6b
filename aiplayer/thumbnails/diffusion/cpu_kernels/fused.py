"""Several small operations compiled by XLA into one pass over memory, whatever compiles the network around them.

One by one, TensorFlow's operations would each write their result to memory for the next one to read: on a CPU that
takes longer than the arithmetic. Products and convolutions stay outside, where oneDNN and cuDNN compute them. Each
function takes the weights of the Keras layer that it stands for, and computes in float32 inside. Where XLA cannot
compile, the same operations are computed one by one.
"""

import logging
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

import keras
import tensorflow as tf

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# XLA sums one array on a single core, but adds several arrays on all cores: pixels are split into this many arrays.
SUMMANDS = 8
# An enlarged picture has twice the rows and twice the columns of its features.
ENLARGEMENT = 2


@cache
def xla_compiles() -> bool:
    """Whether XLA can compile on this device; a GPU without CUDA's libdevice, for one, fails at the first function."""
    with tf.init_scope():
        try:
            tf.function(tf.tanh, jit_compile=True)(tf.zeros(1))
        except Exception as error:
            # TensorFlow and XLA raise errors of many classes.
            logger.warning("XLA cannot compile on this device: %s", type(error).__name__)
            return False
    return True


def _compiled(function: Callable[P, T]) -> Callable[P, T]:
    """A function of tensors, compiled by XLA where that can compile."""
    compiled_function = tf.function(function, jit_compile=True)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        chosen = compiled_function if xla_compiles() else function
        return chosen(*args, **kwargs)

    return call


def group_norm(
    layer: keras.layers.GroupNormalization,
    features: tf.Tensor,
    channel_bias: tf.Tensor | None = None,
    silu: bool = False,
) -> tf.Tensor:
    """Group normalisation, and SiLU after it if wanted.

    Args:
        layer: The built Keras layer whose weights, groups and epsilon are used.
        features: Float tensor [batch, height, width, channels].
        channel_bias: Float tensor [batch, channels], added to every pixel before the normalisation.
        silu: Whether SiLU follows.

    Returns:
        Tensor of the shape and dtype of the features.
    """
    gamma, beta = _gamma_and_beta(layer)
    if channel_bias is None:
        channel_bias = tf.zeros((1, features.shape[-1]), features.dtype)
    scale, shift = _group_scale(features, channel_bias, gamma, beta, layer.groups, layer.epsilon)

    finish = _scaled_silu if silu else _scaled
    return finish(features, scale, shift)


def layer_norm(layer: keras.layers.LayerNormalization, tokens: tf.Tensor) -> tf.Tensor:
    """Layer normalisation over the channels.

    Args:
        layer: The built Keras layer whose weights and epsilon are used.
        tokens: Float tensor [batch, length, channels].

    Returns:
        Tensor of the shape and dtype of the tokens.
    """
    gamma, beta = _gamma_and_beta(layer)
    return _layer_norm(tokens, gamma, beta, layer.epsilon)


@_compiled
def gated_gelu(value_and_gate: tf.Tensor) -> tf.Tensor:
    """The first half of the channels times the exact GELU of the second half.

    Args:
        value_and_gate: Float tensor [..., 2 channels].

    Returns:
        Tensor [..., channels] of the same dtype.
    """
    value, gate = tf.split(tf.cast(value_and_gate, tf.float32), 2, axis=-1)
    # tf.nn.gelu uses the complement of the error function, which XLA computes in twice the time.
    gated = value * gate * (0.5 + 0.5 * tf.math.erf(gate * 0.5**0.5))
    return tf.cast(gated, value_and_gate.dtype)


@_compiled
def interleave(quarters: tf.Tensor) -> tf.Tensor:
    """One picture of twice the height and width, woven from four pictures.

    Quarter (r, c) holds, of each 2x2 pixels, the pixel in row r and column c; its own first r rows and c columns are
    left out. The quarters lie side by side in the channels: (0, 0), (0, 1), (1, 0), (1, 1).

    Args:
        quarters: Float tensor [batch, height + 1, width + 1, 4 channels].

    Returns:
        Tensor [batch, 2 height, 2 width, channels] of the same dtype.
    """
    batch, padded_height, padded_width, _ = tf.unstack(tf.shape(quarters))
    height = padded_height - 1
    width = padded_width - 1
    channels = quarters.shape[-1] // ENLARGEMENT**2
    quarters = tf.reshape(quarters, (batch, height + 1, width + 1, ENLARGEMENT, ENLARGEMENT, channels))

    rows = []
    for row in range(ENLARGEMENT):
        pixels = []
        for column in range(ENLARGEMENT):
            shifted = quarters[:, row:, column:, row, column]
            pixels.append(shifted[:, :height, :width])
        rows.append(tf.stack(pixels, axis=3))

    picture = tf.stack(rows, axis=2)
    return tf.reshape(picture, (batch, ENLARGEMENT * height, ENLARGEMENT * width, channels))


def _gamma_and_beta(layer: keras.layers.Layer) -> tuple[tf.Tensor, tf.Tensor]:
    gamma = tf.cast(keras.ops.convert_to_tensor(layer.gamma), tf.float32)
    beta = tf.cast(keras.ops.convert_to_tensor(layer.beta), tf.float32)
    return gamma, beta


@_compiled
def _group_scale(
    features: tf.Tensor,
    channel_bias: tf.Tensor,
    gamma: tf.Tensor,
    beta: tf.Tensor,
    groups: int,
    epsilon: float,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Scale and shift, float32 [batch, 1, 1, channels]: `features * scale + shift` are the normalised features."""
    channels = features.shape[-1]
    channel_bias = tf.cast(channel_bias, tf.float32)
    mean, square = _channel_moments(features)

    # The moments of `features + channel_bias`, without writing that sum to memory.
    shifted_mean = mean + channel_bias
    shifted_square = square + (2 * mean + channel_bias) * channel_bias

    by_group = (-1, groups, channels // groups)
    group_mean = tf.reduce_mean(tf.reshape(shifted_mean, by_group), -1, keepdims=True)
    group_square = tf.reduce_mean(tf.reshape(shifted_square, by_group), -1, keepdims=True)
    # Rounding may leave a variance below 0 where all features are the same.
    variance = tf.maximum(group_square - group_mean * group_mean, 0.0)

    scale = tf.math.rsqrt(variance + epsilon) * tf.reshape(gamma, by_group[1:])
    shift = tf.reshape(beta, by_group[1:]) - group_mean * scale
    scale = tf.reshape(scale, (-1, channels))
    shift = tf.reshape(shift, (-1, channels))
    return scale[:, None, None], (shift + channel_bias * scale)[:, None, None]


def _channel_moments(features: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Means of each channel and of its square over all pixels, two of float32 [batch, channels]."""
    batch, height, width, _ = tf.unstack(tf.shape(features))
    channels = features.shape[-1]
    pixels = height * width

    # Zeros fill up the last summand: they change no sum.
    padding = ((0, 0), (0, -pixels % SUMMANDS), (0, 0))
    padded = tf.pad(tf.reshape(features, (batch, pixels, channels)), padding)
    values = tf.cast(tf.reshape(padded, (batch, -1, SUMMANDS, channels)), tf.float32)
    # Squared before they are split: XLA would write each part to memory for both of its uses.
    mean = _pixel_mean(values, pixels)
    square = _pixel_mean(values * values, pixels)
    return mean, square


def _pixel_mean(values: tf.Tensor, pixels: tf.Tensor) -> tf.Tensor:
    """Mean of float32 [batch, pixels / SUMMANDS, SUMMANDS, channels] over the pixels, [batch, channels]."""
    parts = tf.unstack(values, axis=2)
    return tf.reduce_sum(tf.add_n(parts), axis=1) / tf.cast(pixels, tf.float32)


@_compiled
def _scaled(features: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.cast(features, tf.float32) * scale + shift, features.dtype)


@_compiled
def _scaled_silu(features: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) -> tf.Tensor:
    # SiLU of x is h + h tanh(h) with h = x / 2, and XLA computes tanh faster than a logistic function.
    half = 0.5 * (tf.cast(features, tf.float32) * scale + shift)
    return tf.cast(half + half * tf.tanh(half), features.dtype)


@_compiled
def _layer_norm(tokens: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: float) -> tf.Tensor:
    values = tf.cast(tokens, tf.float32)
    mean = tf.reduce_mean(values, -1, keepdims=True)
    variance = tf.reduce_mean(tf.square(values - mean), -1, keepdims=True)
    normalised = (values - mean) * tf.math.rsqrt(variance + epsilon) * gamma + beta
    return tf.cast(normalised, tokens.dtype)
