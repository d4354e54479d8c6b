"""Attention of a large network on a CPU, by torch's kernel.

TensorFlow writes the scores of all pixels for all pixels to memory, then the softmax of them, and reads them again for
the values. torch's scaled dot-product attention (after Dao, "FlashAttention-2", 2023) does all of it while some of
them are in the cache. It takes TensorFlow's arrays where they lie.
"""

import os
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

if TYPE_CHECKING:
    import torch

# torch takes twice as long for a number of keys that is no multiple of this, such as a prompt's 77.
KEY_MULTIPLE = 16


def attend(query: tf.Tensor, key: tf.Tensor, value: tf.Tensor, heads: int) -> tf.Tensor:
    """Attention of pixels to tokens, each head on its own channels.

    Args:
        query: bfloat16 [batch, pixels, channels], not scaled.
        key: bfloat16 [batch, tokens, channels].
        value: bfloat16 [batch, tokens, channels].
        heads: Number of attention heads; they share the channels equally.

    Returns:
        bfloat16 [batch, pixels, channels]; no gradients come back.
    """
    # torch takes 180 MiB: it is imported only where it is used.
    import torch

    # As many threads as TensorFlow uses: the runners leave other libraries only one.
    torch.set_num_threads(len(os.sched_getaffinity(0)))

    def attend_arrays(query: np.ndarray, key: np.ndarray, value: np.ndarray) -> np.ndarray:
        return _attend_arrays(query, key, value, heads)

    pixels = tf.numpy_function(attend_arrays, [query, key, value], query.dtype, stateful=False)
    return tf.ensure_shape(pixels, query.shape)


def _attend_arrays(query: np.ndarray, key: np.ndarray, value: np.ndarray, heads: int) -> np.ndarray:
    import torch
    from torch.nn import functional

    with torch.inference_mode():
        queries = _by_heads(query, heads)
        keys = _by_heads(key, heads)
        values = _by_heads(value, heads)
        mask = None

        missing = -keys.shape[2] % KEY_MULTIPLE
        if missing:
            keys = functional.pad(keys, (0, 0, 0, missing))
            values = functional.pad(values, (0, 0, 0, missing))
            # A score of minus infinity, so that no pixel attends to the padding.
            mask = torch.zeros((1, keys.shape[2]), dtype=keys.dtype)
            mask[:, -missing:] = -torch.inf

        pixels = functional.scaled_dot_product_attention(queries, keys, values, mask)
        joined = pixels.transpose(1, 2).flatten(2)
        return joined.view(torch.int16).numpy().view(query.dtype)


def _by_heads(tokens: np.ndarray, heads: int) -> "torch.Tensor":
    """bfloat16 [batch, length, channels] -> torch's [batch, heads, length, channels of a head]."""
    import torch

    # numpy's bfloat16 comes from a package that torch does not know: it reads the same bits as whole numbers.
    bits = torch.from_numpy(tokens.view(np.int16))
    return bits.view(torch.bfloat16).unflatten(2, (heads, -1)).transpose(1, 2)
