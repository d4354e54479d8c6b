"""Products that come out the same alone and in any batch.

How a processor adds the terms of a product depends on how many vectors are multiplied at once, and so would its
rounding. Whole numbers leave nothing to round: a float32 holds each up to 2**24.
"""

from math import isqrt

import numpy as np

WHOLE_NUMBERS = 2**24


class ExactProduct:
    """Rows to be multiplied with vectors, both rounded to so few steps that every sum is exact.

    Args:
        rows: float32 [rows, size].
    """

    def __init__(self, rows: np.ndarray):
        self._steps = isqrt(WHOLE_NUMBERS // max(rows.shape[1], 1)) - 1
        self._unit = max(float(np.abs(rows).max(initial=0.0)), 1e-30) / self._steps
        self._rows = np.rint(rows / np.float32(self._unit))

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """float32 [vectors, size] -> float32 [vectors, rows]."""
        units = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0.0), 1e-30) / np.float32(self._steps)
        whole = np.rint(vectors / units)
        products = (self._rows @ whole[0])[np.newaxis] if len(whole) == 1 else whole @ self._rows.T
        products *= units * np.float32(self._unit)
        return products
