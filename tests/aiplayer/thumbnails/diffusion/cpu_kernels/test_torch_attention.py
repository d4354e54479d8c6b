"""torch's kernel, called from TensorFlow's graph, against attention written out in numpy."""

import numpy as np
import pytest
import tensorflow as tf

from aiplayer.thumbnails.diffusion.cpu_kernels.torch_attention import attend

pytestmark = pytest.mark.heavy

RANDOM = np.random.default_rng(5)


def noise(*shape: int) -> tf.Tensor:
    return tf.constant(RANDOM.standard_normal(shape), tf.bfloat16)


def written_out(query: tf.Tensor, key: tf.Tensor, value: tf.Tensor, heads: int) -> np.ndarray:
    """Attention in float64, one head after the other."""
    queries = np.split(query.numpy().astype(float), heads, axis=-1)
    keys = np.split(key.numpy().astype(float), heads, axis=-1)
    values = np.split(value.numpy().astype(float), heads, axis=-1)

    attended = []
    for head_query, head_key, head_value in zip(queries, keys, values, strict=True):
        scores = head_query @ head_key.transpose(0, 2, 1) / np.sqrt(head_query.shape[-1])
        weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        attended.append(weights @ head_value)
    return np.concatenate(attended, axis=-1)


@pytest.mark.parametrize("heads", [1, 2, 8])
@pytest.mark.parametrize("tokens", [1, 77, 600])
def test_pixels_find_what_attention_gives(tokens, heads):
    query, key, value = noise(2, 530, 80), noise(2, tokens, 80), noise(2, tokens, 80)
    attended = tf.function(attend)(query, key, value, heads)
    assert attended.dtype == tf.bfloat16
    # bfloat16 tells values between 2 and 4 apart by 0.016.
    assert np.abs(tf.cast(attended, tf.float32).numpy() - written_out(query, key, value, heads)).max() < 0.03


def test_one_graph_is_for_every_size():
    signature = [tf.TensorSpec((None, None, 16), tf.bfloat16)] * 3
    call = tf.function(lambda *arrays: attend(*arrays, heads=4), input_signature=signature)
    for batch, pixels in ((1, 64), (2, 7)):
        query, key, value = noise(batch, pixels, 16), noise(batch, 5, 16), noise(batch, 5, 16)
        attended = tf.cast(call(query, key, value), tf.float32).numpy()
        assert np.abs(attended - written_out(query, key, value, heads=4)).max() < 0.03
    assert call.get_concrete_function().output_shapes.as_list() == [None, None, 16]
