"""Embeds titles the same way wherever the product is trained or measured."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TITLES_A_BATCH = 64


def embed_titles(encoder: "SentenceTransformer", titles: Sequence[str]) -> np.ndarray:
    """Titles -> float32 [titles, size], unit length.

    Args:
        encoder: Any SentenceTransformer.
        titles: The titles, each of one character or more.
    """
    return encoder.encode(list(titles), batch_size=TITLES_A_BATCH, normalize_embeddings=True, show_progress_bar=False)
