"""Layers computed by oneDNN's own kernels, for networks that only serve on a CPU in bfloat16.

oneDNN multiplies by weights in a layout of its own, called packed. TensorFlow packs weights anew at each call unless
they are constants of the graph, and no graph holds more than 2 GB of constants. So the layers here create the
operations that TensorFlow would use for constants (see `operations`). Where these are missing, and in float32, where
they gain nothing, the layers compute as they always do.

Packed weights are kept: weights that change after the first call would not be seen, and no gradients come back. The
kernels also add the bias and a residual, each of which would be one more pass over memory.
"""

from collections.abc import Callable
from contextvars import ContextVar
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from aiplayer.thumbnails.diffusion.cpu_kernels import operations
from aiplayer.thumbnails.diffusion.cpu_kernels.fused import ENLARGEMENT, interleave, layer_norm
from aiplayer.thumbnails.diffusion.keras_parts import PaddedConv2D, Upsample

# Without these processor flags oneDNN has no bfloat16, and its kernels end the process.
NEEDED_CPU_FLAGS = {"avx512f", "avx512bw", "avx512vl", "avx512dq"}
# Networks of so many weights attend by torch: beside them, the 180 MiB that torch takes are little.
TORCH_ATTENTION_WEIGHTS = 10**8

# In a row that has every pixel twice, three neighbours are only two different pixels. Around the first of a pair they
# are its left neighbour and twice itself, around the second twice itself and its right neighbour.
# [first or second of a pair, different pixel, neighbour]
SAME_PIXELS = np.array([[[1, 0, 0], [0, 1, 1]], [[1, 1, 0], [0, 0, 1]]], np.float32)

# The network that is being traced to serve; None while none is.
_SERVING_NETWORK: ContextVar[keras.Model | None] = ContextVar("serving_network", default=None)


def with_cpu_kernels(network: keras.Model) -> Callable[[object], tf.Tensor]:
    """The network with the fastest kernels of this CPU; the network itself where there are none.

    Args:
        network: A network whose weights stay as they are.

    Returns:
        A function of the network's inputs. Trace it into a graph that does not outlive the weights.
    """
    if not _kernels_are_available():
        return network

    def call(inputs: object) -> tf.Tensor:
        before = _SERVING_NETWORK.set(network)
        try:
            return network(inputs)
        finally:
            _SERVING_NETWORK.reset(before)

    return call


def convolve(layer: PaddedConv2D, features: tf.Tensor, residual: tf.Tensor | None = None) -> tf.Tensor:
    """A padded convolution, plus a residual.

    Args:
        layer: The built Keras layer whose weights, strides and padding are used.
        features: Float tensor [batch, height, width, channels].
        residual: Float tensor [batch, height, width, filters], added to the result; None adds nothing.

    Returns:
        Tensor [batch, height, width, filters].
    """
    if not _packs(layer):
        filtered = layer.conv2d(layer.padding2d(features))
        return filtered if residual is None else filtered + residual

    rows, columns = layer.padding2d.padding
    convolution = layer.conv2d
    return operations.convolution(
        features, convolution.kernel, convolution.bias, residual, convolution.strides, padding=(*rows, *columns)
    )


def enlarge(layer: Upsample, features: tf.Tensor) -> tf.Tensor:
    """Each pixel four times, in 2x2, and a convolution of the larger picture.

    Args:
        layer: The built Keras layer whose convolution is used.
        features: Float tensor [batch, height, width, channels].

    Returns:
        Tensor [batch, 2 height, 2 width, filters].
    """
    convolution = layer.conv.conv2d
    if not _packs(convolution):
        return layer.conv(layer.ups(features))

    # Where every pixel is there four times, 3x3 neighbours are only 2x2 different ones. Each of the four pixels has
    # others, so there are four kernels, side by side in the filters; they are added up once, when the graph is traced.
    with tf.init_scope():
        kernel = tf.cast(keras.ops.convert_to_tensor(convolution.kernel), tf.float32)
        kernels = tf.einsum("prk,qsl,klio->rsipqo", SAME_PIXELS, SAME_PIXELS, kernel)
        kernels = tf.reshape(kernels, (2, 2, kernels.shape[2], -1))
        kernels = tf.cast(kernels, features.dtype)
        bias = tf.tile(keras.ops.convert_to_tensor(convolution.bias), (ENLARGEMENT**2,))

    quarters = operations.convolution(features, kernels, bias, None, strides=(1, 1), padding=(1, 1, 1, 1))
    return interleave(quarters)


def multiply(layer: keras.layers.Dense, rows: tf.Tensor, residual: tf.Tensor | None = None) -> tf.Tensor:
    """A dense layer on the rows of a matrix, plus a residual.

    Args:
        layer: The built Keras layer, which has no activation.
        rows: Float tensor [rows, channels].
        residual: Float tensor [rows, units], added to the result; None adds nothing.

    Returns:
        Tensor [rows, units].
    """
    if not _packs(layer):
        products = layer(rows)
        return products if residual is None else products + residual

    bias = layer.bias if layer.use_bias else tf.zeros(layer.units, rows.dtype)
    return operations.product(rows, layer.kernel, bias, residual)


def normalise(layer: keras.layers.LayerNormalization, tokens: tf.Tensor) -> tf.Tensor:
    """Layer normalisation over the channels of [batch, length, channels].

    Args:
        layer: The built Keras layer whose weights and epsilon are used.
        tokens: Float tensor [batch, length, channels].

    Returns:
        Tensor of the shape and dtype of the tokens.
    """
    if not _packs(layer):
        return layer_norm(layer, tokens)
    return operations.layer_normalisation(tokens, layer.gamma, layer.beta, layer.epsilon)


def attends_by_torch(layer: keras.layers.Layer) -> bool:
    """Whether `torch_attention.attend` shall compute the layer's attention; where torch is not installed it cannot."""
    network = _SERVING_NETWORK.get()
    if network is None or not _packs(layer) or find_spec("torch") is None:
        return False
    return network.count_params() >= TORCH_ATTENTION_WEIGHTS


def cpu_computes_bfloat16(cpu_info: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether oneDNN has bfloat16 for this processor.

    Args:
        cpu_info: The file in which Linux describes the processor; where there is none, the answer is no.
    """
    try:
        words = cpu_info.read_text(encoding="utf-8").split()
    except OSError:
        return False
    return NEEDED_CPU_FLAGS.issubset(words)


def _kernels_are_available() -> bool:
    if not operations.are_registered() or not cpu_computes_bfloat16():
        return False
    return not tf.config.list_physical_devices("GPU")


def _packs(layer: keras.layers.Layer) -> bool:
    """Whether the layer is traced to serve in bfloat16."""
    is_serving = _SERVING_NETWORK.get() is not None
    return is_serving and layer.compute_dtype == "bfloat16" and not tf.executing_eagerly()
