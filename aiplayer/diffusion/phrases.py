"""How a small model reads a prompt: each of its phrases is a token, embedded by the title encoder.

A sentence embedding of a whole prompt blurs what its phrases say; so "the sea at night, winter" is three tokens. A
title in any language of the title encoder is a prompt of its own.
"""

import re

import keras

from aiplayer.diffusion.sizes import PhraseSizes

# A phrase ends with a comma, or before what says when, where and how.
END = re.compile(r",|\s(?=(?:at|by|in|under|with)\s)")


def phrases_of(prompt: str) -> list[str]:
    """The phrases of a prompt, such as "the sea", "at night" and "winter"."""
    return [phrase for part in END.split(prompt) if (phrase := part.strip())]


def build_phrase_encoder(sizes: PhraseSizes) -> keras.Model:
    """Embeddings, float32 [batch, tokens, embedding], zeros where there is no phrase, -> context, [.., width]."""
    embeddings = keras.Input((sizes.tokens, sizes.embedding), name="embeddings")
    x = keras.layers.Dense(2 * sizes.width, activation="gelu", name="hidden")(embeddings)
    x = keras.layers.Dense(sizes.width, name="context")(x)
    return keras.Model(embeddings, x, name="text_encoder")
