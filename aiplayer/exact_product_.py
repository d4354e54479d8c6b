"""Products that come out the same alone and in any batch.

How a processor adds the terms of a product depends on how many vectors are multiplied at once, and so would its
rounding. Whole numbers leave nothing to round: a float32 holds each up to 2**24.
"""

from math import isqrt
from typing import Self

import numpy as np

WHOLE_NUMBERS = 2**24


class ExactProduct:
    """Rows to be multiplied with vectors, both rounded to so few steps that every sum is exact.

    Args:
        steps: Rows as whole numbers of steps, of any type, [size, rows]: a vector alone is multiplied twice as fast as
            with [rows, size].
        unit: Of a step.
    """

    def __init__(self, steps: np.ndarray, unit: float):
        self.steps, self.unit = np.ascontiguousarray(steps, dtype=np.float32), float(unit)

    @classmethod
    def of(cls, rows: np.ndarray) -> Self:
        """Round rows, float32 [rows, size]; the steps fit into an int16."""
        unit = max(float(np.abs(rows).max(initial=0.0)), 1e-30) / _most(rows.shape[1])
        return cls(np.rint(rows.T / np.float32(unit)), unit)

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """float32 [vectors, size] -> float32 [vectors, rows]."""
        most = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
        units = np.maximum(most, 1e-30) / np.float32(_most(len(self.steps)))
        whole = np.rint(vectors / units)
        products = whole @ self.steps
        products *= units * np.float32(self.unit)
        return products


def _most(size: int) -> int:
    """The greatest number of steps: that many times itself, `size` times, is a whole number that a float32 holds."""
    return min(isqrt(WHOLE_NUMBERS // max(size, 1)) - 1, np.iinfo(np.int16).max)
