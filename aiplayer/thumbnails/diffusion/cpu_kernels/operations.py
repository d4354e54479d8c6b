"""TensorFlow's private oneDNN operations, created in a graph by their names.

TensorFlow's own optimiser puts them in the place of products and convolutions by constant weights. They are not part
of its interface: names, attributes and the kernel label are those of TensorFlow 2.21, and `are_registered` says whether
the installed version still has the names.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf
from tensorflow.core.framework.attr_value_pb2 import AttrValue
from tensorflow.python.framework import op_def_registry

CONVOLUTION = "_MklNativeFusedConv2D"
PRODUCT = "_MklNativeFusedMatMul"
LAYER_NORM = "_MklLayerNorm"
# The kernels of CONVOLUTION and PRODUCT are registered under this label alone.
KERNEL_LABEL = b"MklNameChangeOp"

_AttributeList = AttrValue.ListValue


def are_registered() -> bool:
    """Whether this TensorFlow knows all of the operations."""
    return all(op_def_registry.get(name) for name in (CONVOLUTION, PRODUCT, LAYER_NORM))


def convolution(
    features: tf.Tensor,
    kernel: keras.Variable | tf.Tensor,
    bias: keras.Variable | tf.Tensor,
    residual: tf.Tensor | None,
    strides: Sequence[int],
    padding: Sequence[int],
) -> tf.Tensor:
    """A convolution with its bias, plus a residual.

    Args:
        features: Tensor [batch, height, width, channels].
        kernel: Weights [kernel height, kernel width, channels, filters].
        bias: Weights [filters].
        residual: Tensor of the result's shape, added to the result; None adds nothing.
        strides: Steps down and to the right, in pixels.
        padding: Rows and columns of zeros at the top, bottom, left and right.

    Returns:
        Tensor [batch, height, width, filters] of the features' dtype.
    """
    # The types of what is fused: the bias, and the residual.
    fused_types = [features.dtype.as_datatype_enum] * (1 if residual is None else 2)
    attributes = {
        "TArgs": AttrValue(list=_AttributeList(type=fused_types)),
        "num_host_args": AttrValue(i=0),
        "strides": AttrValue(list=_AttributeList(i=[1, *strides, 1])),
        "padding": AttrValue(s=b"EXPLICIT"),
        "explicit_paddings": AttrValue(list=_AttributeList(i=[0, 0, *padding, 0, 0])),
    }
    return _fused(CONVOLUTION, features, kernel, bias, residual, attributes)


def product(
    rows: tf.Tensor, kernel: keras.Variable, bias: keras.Variable | tf.Tensor, residual: tf.Tensor | None
) -> tf.Tensor:
    """A product of two matrices with its bias, plus a residual.

    Args:
        rows: Tensor [rows, channels].
        kernel: Weights [channels, units].
        bias: Weights [units].
        residual: Tensor [rows, units], added to the result; None adds nothing.

    Returns:
        Tensor [rows, units] of the rows' dtype.
    """
    attributes = {"transpose_a": AttrValue(b=False), "transpose_b": AttrValue(b=False)}
    return _fused(PRODUCT, rows, kernel, bias, residual, attributes)


def layer_normalisation(tokens: tf.Tensor, gamma: keras.Variable, beta: keras.Variable, epsilon: float) -> tf.Tensor:
    """Layer normalisation over the channels of [batch, length, channels], in the dtype of the tokens."""
    return _operation(LAYER_NORM, [tokens, gamma, beta], {"epsilon": AttrValue(f=epsilon)})


def _fused(
    name: str,
    features: tf.Tensor,
    kernel: keras.Variable | tf.Tensor,
    bias: keras.Variable | tf.Tensor,
    residual: tf.Tensor | None,
    attributes: dict[str, AttrValue],
) -> tf.Tensor:
    """Features by constant weights; the same kernel adds the bias, and the residual where there is one."""
    fused = {b"BiasAdd": bias}
    if residual is not None:
        fused[b"Add"] = residual

    attributes = attributes | {
        "num_args": AttrValue(i=len(fused)),
        "fused_ops": AttrValue(list=_AttributeList(s=list(fused))),
        "is_filter_const": AttrValue(b=True),
        "_kernel": AttrValue(s=KERNEL_LABEL),
    }
    return _operation(name, [features, kernel, *fused.values()], attributes)


def _operation(name: str, inputs: Sequence[keras.Variable | tf.Tensor], attributes: dict[str, AttrValue]) -> tf.Tensor:
    """Create an operation in the graph that is traced; all inputs take the dtype of the first."""
    dtype = inputs[0].dtype
    tensors = [tf.cast(keras.ops.convert_to_tensor(array), dtype) for array in inputs]
    attributes = attributes | {"T": AttrValue(type=dtype.as_datatype_enum)}

    graph = tf.compat.v1.get_default_graph()
    operation = graph.create_op(name, tensors, [dtype], attrs=attributes, name="packed")
    return operation.outputs[0]
