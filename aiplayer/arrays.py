"""Arrays: unit vectors, principal directions, the greatest of many values, sparse rows, and exact products."""

from collections.abc import Iterable, Sequence
from math import isqrt
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix

# Where that many are wanted of far more, a sample says how great they must be.
STRIDE, FAR_MORE = 16, 64
WHOLE_NUMBERS = 2**24


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


def csr_from_rows(rows: Sequence[np.ndarray], columns: int) -> csr_matrix:
    """Rows of columns -> 0/1, float32 [rows, columns]."""
    lengths = [len(row) for row in rows]
    return csr_from_lengths(np.concatenate(rows), lengths, columns, np.float32)


def csr_from_lengths(
    indices: np.ndarray, lengths: Sequence[int] | np.ndarray, columns: int, dtype: type[np.floating]
) -> csr_matrix:
    """Rows of columns that lie end to end in one array -> a matrix of ones, [rows, columns].

    Args:
        indices: The columns of the first row, then those of the second, and so on, of any integer type. A column that
            stands twice in a row gives two entries; scipy's `sum_duplicates` makes one of them.
        lengths: How many columns each row has.
        columns: How many columns the matrix has.
        dtype: The type of the matrix.
    """
    bounds = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    ones = np.ones(len(indices), dtype=dtype)
    return csr_matrix((ones, indices, bounds), shape=(len(lengths), columns))


def greatest(values: np.ndarray, count: int) -> np.ndarray:
    """Where the `count` greatest values are, or all, int64, in no order.

    Args:
        values: float32 [n].
        count: At least 1.
    """
    if len(values) <= count:
        return np.arange(len(values))
    if len(values) > FAR_MORE * count:
        sample, above = values[::STRIDE], 2 * count // STRIDE
        great = np.flatnonzero(values >= np.partition(sample, -above)[-above])
        if len(great) >= count:
            return great[np.argpartition(values[great], -count)[-count:]] if len(great) > count else great
    return np.argpartition(values, -count)[-count:]


def best(values: np.ndarray, count: int) -> np.ndarray:
    """Where the `count` greatest values are, or all, the greatest first, equal ones in their own order."""
    found = np.sort(greatest(values, count)) if count else np.arange(0)
    return found[np.argsort(-values[found], kind="stable")]


class ExactProduct:
    """Rows to be multiplied with vectors, both rounded to so few steps that every sum is exact.

    How a processor adds the terms of a product depends on how many vectors are multiplied at once, and so would its
    rounding. Whole numbers leave nothing to round: a float32 holds each up to 2**24. So a product comes out the same
    alone and in any batch.

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
