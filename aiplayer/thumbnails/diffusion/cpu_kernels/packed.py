"""oneDNN's own kernels, for networks that only serve on a CPU in bfloat16.

oneDNN multiplies by weights in a layout of its own, and TensorFlow lays them out anew at each call unless they are
constants of the graph; no graph holds more than 2 GB of constants. So the kernels that TensorFlow's own optimiser
puts in the place of a constant's are asked for here by their names, which are private to TensorFlow: where they are
missing, and in float32, where they gain nothing, the layers compute as they always do. What is laid out stays: weights
that change after the first call would not be seen, and no gradients come back. Such a kernel also takes along what
would be one more pass over memory: the bias, and what the result is added to.
"""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from tensorflow.core.framework.attr_value_pb2 import AttrValue
from tensorflow.python.framework import op_def_registry

from aiplayer.thumbnails.diffusion.cpu_kernels.fused import layer_norm, woven
from aiplayer.thumbnails.diffusion.cpu_kernels.keras_parts import PaddedConv2D, Upsample

CONVOLUTION, PRODUCT, LAYER_NORM = "_MklNativeFusedConv2D", "_MklNativeFusedMatMul", "_MklLayerNorm"
NEEDED = {"avx512f", "avx512bw", "avx512vl", "avx512dq"}
# In a row that has every pixel twice, the three around the first of a pair are the neighbour on the left and twice the
# pixel itself, those around the second twice the pixel and the neighbour on the right.
SAME_PIXELS = np.array([[[1, 0, 0], [0, 1, 1]], [[1, 1, 0], [0, 0, 1]]], np.float32)

# Weights of a network beside which torch takes little memory.
LARGE = 10**8

_SERVING: ContextVar[keras.Model | None] = ContextVar("serving", default=None)


def serving(network: keras.Model) -> Callable:
    """The network, to be called while a graph is traced that will not outlive the network's weights."""
    if not _available():
        return network

    def call(inputs):
        before = _SERVING.set(network)
        try:
            return network(inputs)
        finally:
            _SERVING.reset(before)

    return call


class Convolution(PaddedConv2D):
    """keras-cv's convolution with zeros around."""

    def build(self, input_shape):
        """The shape of the array that `call` takes."""
        self.conv2d.build(input_shape)

    def compute_output_shape(self, input_shape):
        """[batch, height, width, filters]."""
        return self.conv2d.compute_output_shape(self.padding2d.compute_output_shape(input_shape))

    def call(self, inputs, added=None):
        """[batch, height, width, channels] -> [batch, height, width, filters]; `added`, of that shape, joins it."""
        return convolve(self, inputs, added)


def convolve(layer: PaddedConv2D, features: tf.Tensor, added: tf.Tensor | None = None) -> tf.Tensor:
    """What the layer makes of [batch, height, width, channels], and what is added to it."""
    if not _packs(layer):
        found = layer.conv2d(layer.padding2d(features))
        return found if added is None else found + added
    padding = np.ravel(layer.padding2d.padding)
    return _convolution(features, layer.conv2d.kernel, layer.conv2d.bias, added, layer.conv2d.strides, padding)


def enlarge(layer: Upsample, features: tf.Tensor) -> tf.Tensor:
    """What the layer makes of [batch, height, width, channels]: [batch, 2 height, 2 width, filters]."""
    convolution = layer.conv.conv2d
    if not _packs(convolution):
        return layer.conv(layer.ups(features))
    # Where every pixel is there four times, 3x3 neighbours are only 2x2 different ones, and each of the four pixels
    # has others. So there are four kernels, added up once, when the graph is traced.
    with tf.init_scope():
        kernel = tf.cast(keras.ops.convert_to_tensor(convolution.kernel), tf.float32)
        kernel = tf.einsum("prk,qsl,klio->rsipqo", SAME_PIXELS, SAME_PIXELS, kernel)
        kernel = tf.cast(tf.reshape(kernel, (2, 2, kernel.shape[2], -1)), features.dtype)
        bias = tf.tile(keras.ops.convert_to_tensor(convolution.bias), (4,))
    return woven(_convolution(features, kernel, bias, None, (1, 1), (1, 1, 1, 1)))


def multiply(layer: keras.layers.Dense, rows: tf.Tensor, added: tf.Tensor | None = None) -> tf.Tensor:
    """What the layer, which has no activation, makes of [rows, channels], and what is added to it."""
    if not _packs(layer):
        found = layer(rows)
        return found if added is None else found + added
    bias = layer.bias if layer.use_bias else tf.zeros(layer.units, rows.dtype)
    attributes = {"transpose_a": AttrValue(b=False), "transpose_b": AttrValue(b=False)}
    return _packed(PRODUCT, rows, layer.kernel, bias, added, attributes)


def normalise(layer: keras.layers.LayerNormalization, tokens: tf.Tensor) -> tf.Tensor:
    """What the layer makes of [batch, length, channels]."""
    if not _packs(layer):
        return layer_norm(layer, tokens)
    return _operation(LAYER_NORM, [tokens, layer.gamma, layer.beta], {"epsilon": AttrValue(f=layer.epsilon)})


def attends_by_torch(layer: keras.layers.Layer) -> bool:
    """Whether the layer's attention is for `aiplayer.thumbnails.diffusion.cpu_kernels.torch_attention` to compute."""
    return _packs(layer) and _SERVING.get().count_params() >= LARGE


def cpu_computes_bfloat16(cpu_info: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether oneDNN has bfloat16 for this processor; where it has not, its kernels end the process.

    Args:
        cpu_info: What Linux says of the processor; where there is no such file, the answer is no.
    """
    try:
        flags = cpu_info.read_text(encoding="utf-8").split()
    except OSError:
        return False
    return NEEDED.issubset(flags)


def _available() -> bool:
    known = all(op_def_registry.get(name) for name in (CONVOLUTION, PRODUCT, LAYER_NORM))
    return known and cpu_computes_bfloat16() and not tf.config.list_physical_devices("GPU")


def _packs(layer: keras.layers.Layer) -> bool:
    return _SERVING.get() is not None and layer.compute_dtype == "bfloat16" and not tf.executing_eagerly()


def _convolution(features: tf.Tensor, kernel, bias, added, strides: Sequence[int], padding: Sequence[int]) -> tf.Tensor:
    """Padded at the top, bottom, left and right."""
    attributes = {
        "TArgs": AttrValue(list=_numbers(type=[features.dtype.as_datatype_enum] * (1 if added is None else 2))),
        "num_host_args": AttrValue(i=0),
        "strides": AttrValue(list=_numbers(i=[1, *strides, 1])),
        "padding": AttrValue(s=b"EXPLICIT"),
        "explicit_paddings": AttrValue(list=_numbers(i=[0, 0, *padding, 0, 0])),
    }
    return _packed(CONVOLUTION, features, kernel, bias, added, attributes)


def _packed(name: str, inputs: tf.Tensor, weights, bias, added, attributes: dict[str, AttrValue]) -> tf.Tensor:
    """Inputs by weights, with the bias, and with what is added where it is given."""
    arguments = {b"BiasAdd": bias} if added is None else {b"BiasAdd": bias, b"Add": added}
    attributes = attributes | {
        "num_args": AttrValue(i=len(arguments)),
        "fused_ops": AttrValue(list=_numbers(s=list(arguments))),
        "is_filter_const": AttrValue(b=True),
        # Such kernels are registered under this label alone.
        "_kernel": AttrValue(s=b"MklNameChangeOp"),
    }
    return _operation(name, [inputs, weights, *arguments.values()], attributes)


def _operation(name: str, inputs: list, attributes: dict[str, AttrValue]) -> tf.Tensor:
    """All in the type of the first of the inputs."""
    dtype = inputs[0].dtype
    given = [tf.cast(keras.ops.convert_to_tensor(array), dtype) for array in inputs]
    attributes = attributes | {"T": AttrValue(type=dtype.as_datatype_enum)}
    graph = tf.compat.v1.get_default_graph()
    return graph.create_op(name, given, [dtype], attrs=attributes, name="packed").outputs[0]


_numbers = AttrValue.ListValue
