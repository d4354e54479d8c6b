"""Attention that is computed in parts is the whole attention."""

import numpy as np
import pytest
import tensorflow as tf
import torch

from aiplayer.thumbnails.diffusion import attention
from aiplayer.thumbnails.diffusion.attention import Attention

pytestmark = pytest.mark.heavy

PIXELS, TOKENS, CHANNELS, HEADS = 11, 5, 16, 2
RANDOM = np.random.default_rng(3)


def theirs(layer: Attention, pixels: np.ndarray, context: np.ndarray) -> np.ndarray:
    """The same by torch, with the layer's weights."""

    def heads(dense, tokens):
        return torch.from_numpy(tokens @ dense.kernel.numpy()).unflatten(-1, (HEADS, -1)).transpose(1, 2)

    query, key, value = heads(layer.to_q, pixels), heads(layer.to_k, context), heads(layer.to_v, context)
    attended = torch.nn.functional.scaled_dot_product_attention(query, key, value)
    joined = attended.transpose(1, 2).flatten(2).numpy()
    return joined @ layer.out_proj.kernel.numpy() + layer.out_proj.bias.numpy()


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("fixed_shape", [False, True])
@pytest.mark.parametrize("most_scores", [2**24, 120, 1])
def test_parts_are_the_whole(monkeypatch, most_scores, fixed_shape, jit_compile):
    monkeypatch.setattr(attention, "MOST_SCORES", most_scores)
    layer = Attention(HEADS, CHANNELS // HEADS)
    pixels = RANDOM.standard_normal((2, PIXELS, CHANNELS)).astype(np.float32)
    context = RANDOM.standard_normal((2, TOKENS, CHANNELS)).astype(np.float32)
    layer(pixels, context)
    shape = pixels.shape if fixed_shape else (None, None, CHANNELS)
    signature = [tf.TensorSpec(shape), tf.TensorSpec((None, None, CHANNELS))]
    call = tf.function(lambda *arrays: layer(*arrays), input_signature=signature, jit_compile=jit_compile)
    assert np.abs(call(pixels, context).numpy() - theirs(layer, pixels, context)).max() < 1e-5
    assert np.abs(layer(pixels).numpy() - theirs(layer, pixels, pixels)).max() < 1e-5


def test_the_scores_of_a_large_picture_never_stand_in_memory():
    """At 1024x576 a guided picture's scores are 2.7 GiB in bfloat16; a part's are 32 MiB."""
    layer = Attention(8, 40)
    layer.build((None, None, 320))
    graph = tf.function(layer).get_concrete_function(tf.TensorSpec((2, 128 * 72, 320))).graph
    graphs = [graph, *(function.graph for function in graph._functions.values())]
    assert len(graphs) > 1
    sizes = [
        np.prod(value.shape)
        for each in graphs
        for op in each.get_operations()
        for value in op.outputs
        if value.shape.is_fully_defined()
    ]
    assert max(sizes) < 2**25
