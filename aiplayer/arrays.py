"""Vectors: of one length, and the directions in which they lie most."""

from collections.abc import Iterable

import numpy as np


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows at length 1; a row of zeros stays so."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def principal_directions(parts: Iterable[np.ndarray], most: int) -> np.ndarray:
    """The `most` principal directions, or as many as there are, float32 [size, directions].

    Args:
        parts: The vectors, float32 [n, size] each.
        most: How many directions are wanted.
    """
    _, directions = np.linalg.eigh(sum(part.T @ part for part in parts))
    return np.ascontiguousarray(directions[:, -most:]).astype(np.float32)
