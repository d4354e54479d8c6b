"""Runs of small operations, each compiled by XLA into one pass over memory, whatever compiles the network around them.

One by one, TensorFlow's operations would each write their result to memory for the next one to read: on a CPU that
takes longer than the arithmetic. Products and convolutions stay outside, where oneDNN and cuDNN compute them. The two
halves of a normalisation are compiled apart: XLA runs the first, a reduction, on one core and the second on all.
Each takes the weights of the Keras layer that it stands for, and computes in float32 inside.
"""

import keras
import tensorflow as tf


def group_norm(layer: keras.layers.GroupNormalization, features: tf.Tensor, silu: bool = False) -> tf.Tensor:
    """What the layer, and SiLU where wanted, makes of [batch, height, width, channels]."""
    gamma, beta = _weights(layer)
    scale, shift = _group_scale(features, gamma, beta, layer.groups, layer.epsilon)
    return (_scaled_silu if silu else _scaled)(features, scale, shift)


def layer_norm(layer: keras.layers.LayerNormalization, tokens: tf.Tensor) -> tf.Tensor:
    """What the layer makes of [batch, length, channels]."""
    return _layer_norm(tokens, *_weights(layer), layer.epsilon)


@tf.function(jit_compile=True)
def gated_gelu(both: tf.Tensor) -> tf.Tensor:
    """[..., 2 channels] -> [..., channels]: the first half times the exact GELU of the second."""
    # The error function is much faster in float32 than in bfloat16.
    value, gate = tf.split(both, 2, axis=-1)
    return value * tf.cast(tf.nn.gelu(tf.cast(gate, tf.float32)), value.dtype)


def _weights(layer: keras.layers.Layer) -> list[tf.Tensor]:
    return [tf.cast(keras.ops.convert_to_tensor(weight), tf.float32) for weight in (layer.gamma, layer.beta)]


@tf.function(jit_compile=True)
def _group_scale(features, gamma, beta, groups, epsilon):
    """Two of float32 [batch, 1, 1, channels]: normalised features are `features * scale + shift`."""
    features = tf.cast(features, tf.float32)
    channels = features.shape[-1]
    shape = (-1, groups, channels // groups)
    mean = tf.reduce_mean(tf.reshape(tf.reduce_mean(features, (1, 2)), shape), -1, keepdims=True)
    square = tf.reduce_mean(tf.reshape(tf.reduce_mean(features * features, (1, 2)), shape), -1, keepdims=True)
    # Rounding may leave less than nothing of features that are all the same.
    variance = tf.maximum(square - mean * mean, 0.0)
    scale = tf.math.rsqrt(variance + epsilon) * tf.reshape(gamma, shape[1:])
    shift = tf.reshape(beta, shape[1:]) - mean * scale
    return tf.reshape(scale, (-1, 1, 1, channels)), tf.reshape(shift, (-1, 1, 1, channels))


@tf.function(jit_compile=True)
def _scaled(features, scale, shift):
    return tf.cast(tf.cast(features, tf.float32) * scale + shift, features.dtype)


@tf.function(jit_compile=True)
def _scaled_silu(features, scale, shift):
    return tf.cast(tf.nn.silu(tf.cast(features, tf.float32) * scale + shift), features.dtype)


@tf.function(jit_compile=True)
def _layer_norm(tokens, gamma, beta, epsilon):
    values = tf.cast(tokens, tf.float32)
    mean = tf.reduce_mean(values, -1, keepdims=True)
    variance = tf.reduce_mean(tf.square(values - mean), -1, keepdims=True)
    return tf.cast((values - mean) * tf.math.rsqrt(variance + epsilon) * gamma + beta, tokens.dtype)
