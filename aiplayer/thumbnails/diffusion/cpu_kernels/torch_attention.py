"""Attention of a large network on a CPU, by torch's kernel.

TensorFlow writes the scores of all pixels for all pixels to memory, then the softmax of them, and reads them again for
the values. torch's scaled dot-product attention (after Dao, "FlashAttention-2", 2023) does all of it while some of
them are in the cache. It takes TensorFlow's arrays where they lie.
"""

import os

import numpy as np
import tensorflow as tf

# torch takes twice as long for a number of keys that is no multiple of this, such as a prompt's 77.
KEYS = 16


def attend(query: tf.Tensor, key: tf.Tensor, value: tf.Tensor, heads: int) -> tf.Tensor:
    """What pixels find, each head on its own channels.

    Args:
        query: bfloat16 [batch, pixels, channels], not scaled.
        key: bfloat16 [batch, tokens, channels].
        value: The same.
        heads: That share the channels equally.

    Returns:
        bfloat16 [batch, pixels, channels]; no gradients come back.
    """
    # torch takes 180 MiB: only where it is used.
    import torch
    from torch.nn import functional

    # As many as TensorFlow uses: runners leave the other libraries only one.
    torch.set_num_threads(len(os.sched_getaffinity(0)))

    def by_heads(tokens: np.ndarray) -> torch.Tensor:
        # torch does not know numpy's bfloat16, which is a guest there.
        return torch.from_numpy(tokens.view(np.int16)).view(torch.bfloat16).unflatten(2, (heads, -1)).transpose(1, 2)

    @torch.inference_mode()
    def found(*arrays: np.ndarray) -> np.ndarray:
        query, key, value = map(by_heads, arrays)
        mask, missing = None, -key.shape[2] % KEYS
        if missing:
            key, value = (functional.pad(tokens, (0, 0, 0, missing)) for tokens in (key, value))
            mask = torch.zeros((1, key.shape[2]), dtype=key.dtype)
            mask[:, -missing:] = -torch.inf
        pixels = functional.scaled_dot_product_attention(query, key, value, mask)
        return pixels.transpose(1, 2).flatten(2).view(torch.int16).numpy().view(arrays[0].dtype)

    pixels = tf.numpy_function(found, [query, key, value], query.dtype, stateful=False)
    return tf.ensure_shape(pixels, query.shape)
