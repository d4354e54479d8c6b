"""torch's kernel, called from TensorFlow's graph, against attention written out in numpy."""

import numpy as np
import pytest
import tensorflow as tf

from aiplayer.thumbnails.diffusion.cpu_kernels.torch_attention import attend

RANDOM = np.random.default_rng(5)


def noise(*shape: int) -> tf.Tensor:
    return tf.constant(RANDOM.standard_normal(shape), tf.bfloat16)


def written_out(query: tf.Tensor, key: tf.Tensor, value: tf.Tensor, heads: int) -> np.ndarray:
    """In float64, one head after the other."""
    query, key, value = (np.split(tokens.numpy().astype(float), heads, axis=-1) for tokens in (query, key, value))
    found = []
    for head in range(heads):
        scores = np.exp(query[head] @ key[head].transpose(0, 2, 1) / np.sqrt(query[head].shape[-1]))
        found.append(scores / scores.sum(-1, keepdims=True) @ value[head])
    return np.concatenate(found, axis=-1)


@pytest.mark.parametrize("heads", [1, 2, 8])
@pytest.mark.parametrize("tokens", [1, 77, 600])
def test_pixels_find_what_attention_gives(tokens, heads):
    query, key, value = noise(2, 530, 80), noise(2, tokens, 80), noise(2, tokens, 80)
    found = tf.function(attend)(query, key, value, heads)
    assert found.dtype == tf.bfloat16
    # bfloat16 tells values between 2 and 4 apart by 0.016.
    assert np.abs(tf.cast(found, tf.float32).numpy() - written_out(query, key, value, heads)).max() < 0.03


def test_one_graph_is_for_every_size():
    signature = [tf.TensorSpec((None, None, 16), tf.bfloat16)] * 3
    call = tf.function(lambda *given: attend(*given, heads=4), input_signature=signature)
    for batch, pixels in ((1, 64), (2, 7)):
        query, key, value = (noise(batch, length, 16) for length in (pixels, 5, 5))
        found = tf.cast(call(query, key, value), tf.float32).numpy()
        assert np.abs(found - written_out(query, key, value, heads=4)).max() < 0.03
    assert call.get_concrete_function().output_shapes.as_list() == [None, None, 16]
