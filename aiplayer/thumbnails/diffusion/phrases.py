"""How a small model reads a prompt: each of its phrases is a token, embedded by the title encoder.

A sentence embedding of a whole prompt blurs what its phrases say; so "the sea at night, winter" is three tokens. A
title in any language of the title encoder is a prompt of its own. What is not wanted is told beside what is: as the
opposite of its embedding.
"""

import re
from collections.abc import Callable, Sequence

import keras
import numpy as np

from aiplayer.thumbnails.diffusion.sizes import PhraseSizes

# A phrase ends with a comma, or before what says when, where and how.
END = re.compile(r",|\s(?=(?:at|by|in|under|with)\s)")


def phrases_of(prompt: str) -> list[str]:
    """The phrases of a prompt, such as "the sea", "at night" and "winter"."""
    return [phrase for part in END.split(prompt) if (phrase := part.strip())]


def signed_phrases(prompt: str, unwanted: str, most: int) -> list[tuple[str, int]]:
    """The first `most` phrases, 1 beside those of the prompt, and then -1 beside those of what is not wanted."""
    wanted = [(phrase, 1) for phrase in phrases_of(prompt)]
    return [*wanted, *((phrase, -1) for phrase in phrases_of(unwanted))][:most]


def tokens_of(
    prompts: Sequence[str], unwanted: Sequence[str], encode: Callable[[list[str]], np.ndarray], sizes: PhraseSizes
) -> np.ndarray:
    """What the encoder below takes, float32 [prompts, tokens, embedding].

    Args:
        prompts: Of each, the phrases that fit.
        unwanted: What each must not show, in phrases; those that still fit.
        encode: Phrases -> float32 [phrases, embedding].
        sizes: Of the prompts.
    """
    tokens = np.zeros((len(prompts), sizes.tokens, sizes.embedding), np.float32)
    for row, prompt, without in zip(tokens, prompts, unwanted, strict=True):
        if said := signed_phrases(prompt, without, sizes.tokens):
            phrases, signs = zip(*said, strict=True)
            row[: len(said)] = encode(list(phrases)) * np.array(signs, np.float32)[:, np.newaxis]
    return tokens


def build_phrase_encoder(sizes: PhraseSizes) -> keras.Model:
    """Embeddings, float32 [batch, tokens, embedding], zeros where there is no phrase, -> context, [.., width]."""
    embeddings = keras.Input((sizes.tokens, sizes.embedding), name="embeddings")
    x = keras.layers.Dense(2 * sizes.width, activation="gelu", name="hidden")(embeddings)
    x = keras.layers.Dense(sizes.width, name="context")(x)
    return keras.Model(embeddings, x, name="text_encoder")
