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

# A phrase ends with a comma, or before a word that begins to say when, where or how.
PHRASE_END = re.compile(r",|\s(?=(?:at|by|in|under|with)\s)")
# What the prompt says counts as it is, what is unwanted as its opposite.
WANTED = 1
UNWANTED = -1


def phrases_of(prompt: str) -> list[str]:
    """The phrases of a prompt, such as "the sea", "at night" and "winter"."""
    phrases = [part.strip() for part in PHRASE_END.split(prompt)]
    return [phrase for phrase in phrases if phrase]


def signed_phrases(prompt: str, unwanted: str, most: int) -> list[tuple[str, int]]:
    """Phrases with their signs: those of the prompt with 1, then those of what is not wanted with -1.

    Args:
        prompt: What to paint.
        unwanted: What to leave out.
        most: The most phrases to return; the first ones are kept.
    """
    phrases = [(phrase, WANTED) for phrase in phrases_of(prompt)]
    phrases += [(phrase, UNWANTED) for phrase in phrases_of(unwanted)]
    return phrases[:most]


def tokens_of(
    prompts: Sequence[str], unwanted: Sequence[str], encode: Callable[[list[str]], np.ndarray], sizes: PhraseSizes
) -> np.ndarray:
    """What the phrase encoder takes: a token for each phrase, and zeros after them.

    Args:
        prompts: What to paint.
        unwanted: What each picture must not show; its phrases fill the tokens that the prompt leaves free.
        encode: Turns phrases into embeddings, float32 [phrases, embedding].
        sizes: The sizes of the phrase encoder.

    Returns:
        float32 [prompts, tokens, embedding].
    """
    tokens = np.zeros((len(prompts), sizes.tokens, sizes.embedding), np.float32)
    for row, prompt, prompt_unwanted in zip(tokens, prompts, unwanted, strict=True):
        phrases_and_signs = signed_phrases(prompt, prompt_unwanted, sizes.tokens)
        if not phrases_and_signs:
            continue

        phrases = [phrase for phrase, _ in phrases_and_signs]
        signs = np.array([sign for _, sign in phrases_and_signs], np.float32)
        row[: len(phrases)] = encode(phrases) * signs[:, np.newaxis]
    return tokens


def build_phrase_encoder(sizes: PhraseSizes) -> keras.Model:
    """The network, with random weights.

    Args:
        sizes: The sizes of the phrase encoder.

    Returns:
        A model of phrases' embeddings, float32 [batch, tokens, embedding], zeros where there is no phrase. It returns
        the context, [batch, tokens, width].
    """
    embeddings = keras.Input((sizes.tokens, sizes.embedding), name="embeddings")
    x = keras.layers.Dense(2 * sizes.width, activation="gelu", name="hidden")(embeddings)
    x = keras.layers.Dense(sizes.width, name="context")(x)
    return keras.Model(embeddings, x, name="text_encoder")
