"""Products and convolutions whose weights oneDNN lays out once, for networks that only serve on a CPU in bfloat16.

oneDNN computes on weights in a layout of its own, and TensorFlow lays them out anew at each call unless they are
constants of the graph; no graph holds more than 2 GB of constants. So the kernels that TensorFlow's own optimiser
puts in the place of a constant's are asked for here by their names, which are private to TensorFlow: where they are
missing, and in float32, where they gain nothing, the layers compute as they always do. What is laid out stays: weights
that change after the first call would not be seen, and no gradients come back.
"""

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path

import keras
import tensorflow as tf
from tensorflow.core.framework.attr_value_pb2 import AttrValue
from tensorflow.python.framework import op_def_registry

from aiplayer.diffusion.keras_parts import PaddedConv2D

CONVOLUTION, PRODUCT = "_MklNativeFusedConv2D", "_MklNativeFusedMatMul"
NEEDED = {"avx512f", "avx512bw", "avx512vl", "avx512dq"}

_SERVING: ContextVar[bool] = ContextVar("serving", default=False)


def serving(network: keras.Model) -> Callable:
    """The network, to be called while a graph is traced that will not outlive the network's weights."""
    if not _available():
        return network

    def call(inputs):
        before = _SERVING.set(True)
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

    def call(self, inputs):
        """[batch, height, width, channels] -> [batch, height, width, filters]."""
        return convolve(self, inputs)


def convolve(layer: PaddedConv2D, features: tf.Tensor) -> tf.Tensor:
    """What the layer makes of [batch, height, width, channels]."""
    if not _packs(layer):
        return layer.conv2d(layer.padding2d(features))
    (top, bottom), (left, right) = layer.padding2d.padding
    attributes = {
        "TArgs": AttrValue(list=_numbers(type=[features.dtype.as_datatype_enum])),
        "num_host_args": AttrValue(i=0),
        "strides": AttrValue(list=_numbers(i=[1, *layer.conv2d.strides, 1])),
        "padding": AttrValue(s=b"EXPLICIT"),
        "explicit_paddings": AttrValue(list=_numbers(i=[0, 0, top, bottom, left, right, 0, 0])),
    }
    return _operation(CONVOLUTION, features, layer.conv2d.kernel, layer.conv2d.bias, attributes)


def multiply(layer: keras.layers.Dense, rows: tf.Tensor) -> tf.Tensor:
    """What the layer, which has no activation, makes of [rows, channels]."""
    if not _packs(layer):
        return layer(rows)
    bias = layer.bias if layer.use_bias else tf.zeros(layer.units, rows.dtype)
    attributes = {"transpose_a": AttrValue(b=False), "transpose_b": AttrValue(b=False)}
    return _operation(PRODUCT, rows, layer.kernel, bias, attributes)


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
    known = all(op_def_registry.get(name) for name in (CONVOLUTION, PRODUCT))
    return known and cpu_computes_bfloat16() and not tf.config.list_physical_devices("GPU")


def _packs(layer: keras.layers.Layer) -> bool:
    return _SERVING.get() and layer.compute_dtype == "bfloat16" and not tf.executing_eagerly()


def _operation(name: str, inputs: tf.Tensor, weights, bias, attributes: dict[str, AttrValue]) -> tf.Tensor:
    attributes |= {
        "T": AttrValue(type=inputs.dtype.as_datatype_enum),
        "num_args": AttrValue(i=1),
        "fused_ops": AttrValue(list=_numbers(s=[b"BiasAdd"])),
        "is_filter_const": AttrValue(b=True),
        # Such kernels are registered under this label alone.
        "_kernel": AttrValue(s=b"MklNameChangeOp"),
    }
    given = [inputs, *(tf.cast(keras.ops.convert_to_tensor(array), inputs.dtype) for array in (weights, bias))]
    graph = tf.compat.v1.get_default_graph()
    return graph.create_op(name, given, [inputs.dtype], attrs=attributes, name="packed").outputs[0]


_numbers = AttrValue.ListValue
