"""The directions in which vectors lie most."""

from collections.abc import Iterable

import numpy as np


def principal_directions(parts: Iterable[np.ndarray], most: int) -> np.ndarray:
    """The `most` principal directions, or as many as there are, float32 [size, directions].

    Args:
        parts: The vectors, float32 [n, size] each.
        most: How many directions are wanted.
    """
    _, directions = np.linalg.eigh(sum(part.T @ part for part in parts))
    return np.ascontiguousarray(directions[:, -most:]).astype(np.float32)
