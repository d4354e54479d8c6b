"""Arrays: unit vectors, principal directions, sparse rows, the greatest of many values, and exact products."""

from collections.abc import Iterable, Sequence
from math import isqrt
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix

# Of SAMPLED_FROM times as many values as are wanted, every SAMPLE_STEP-th is looked at first.
SAMPLE_STEP, SAMPLED_FROM = 16, 64
# A float32 holds every whole number up to this.
WHOLE_NUMBERS = 2**24


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1, float32 [n, size]; a row of zeros stays so."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def principal_directions(parts: Iterable[np.ndarray], count: int) -> np.ndarray:
    """The principal directions of many vectors, float32 [size, directions], the greatest last.

    Args:
        parts: The vectors, some at a time, float32 [n, size] each.
        count: How many directions are wanted; there are at most `size`.
    """
    moments = sum(part.T @ part for part in parts)
    _, directions = np.linalg.eigh(moments)
    return np.ascontiguousarray(directions[:, -count:]).astype(np.float32)


def csr_from_rows(rows: Sequence[np.ndarray], width: int) -> csr_matrix:
    """A sparse matrix that is 1 in these columns and 0 elsewhere, float32 [rows, width].

    Args:
        rows: The columns of each row, int64, distinct.
        width: How many columns the matrix has.
    """
    lengths = [len(row) for row in rows]
    columns = np.concatenate(rows) if len(rows) else np.array([], dtype=np.int64)
    return csr_from_lengths(columns, lengths, width, np.float32)


def csr_from_lengths(
    columns: np.ndarray, lengths: Sequence[int] | np.ndarray, width: int, dtype: type[np.floating]
) -> csr_matrix:
    """A sparse matrix of ones from rows that lie end to end in one array, [rows, width].

    Args:
        columns: The columns of the first row, then those of the second, and so on, of any integer type. A column that
            stands twice in a row gives two entries; scipy's `sum_duplicates` makes one of them.
        lengths: How many columns each row has.
        width: How many columns the matrix has.
        dtype: The type of the matrix.
    """
    bounds = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    ones = np.ones(len(columns), dtype=dtype)
    return csr_matrix((ones, columns, bounds), shape=(len(lengths), width))


def top_k(values: np.ndarray, count: int) -> np.ndarray:
    """The positions of the greatest values, in no order, int64 [count], or of all where there are not so many.

    Args:
        values: float32 [n].
        count: How many are wanted, at least 1.
    """
    if len(values) <= count:
        return np.arange(len(values))

    if len(values) > SAMPLED_FROM * count:
        # Twice as many as wanted, as a sample says, lie above this bound; only these are then partitioned.
        sample = values[::SAMPLE_STEP]
        rank = 2 * count // SAMPLE_STEP
        bound = np.partition(sample, -rank)[-rank]
        above = np.flatnonzero(values >= bound)
        if len(above) == count:
            return above
        if len(above) > count:
            return above[np.argpartition(values[above], -count)[-count:]]

    return np.argpartition(values, -count)[-count:]


def sorted_top_k(values: np.ndarray, count: int) -> np.ndarray:
    """The positions of the greatest values, the greatest first, equal ones in their own order.

    Args:
        values: float32 [n].
        count: How many are wanted; 0 gives none.
    """
    if not count:
        return np.arange(0)
    positions = np.sort(top_k(values, count))
    order = np.argsort(-values[positions], kind="stable")
    return positions[order]


class ExactProduct:
    """Rows to be multiplied with vectors, both rounded to so few steps that every sum is exact.

    How a processor adds the terms of a product depends on how many vectors are multiplied at once, and so would its
    rounding. Whole numbers leave nothing to round, so a product comes out the same alone and in any batch.

    Args:
        steps: Rows as whole numbers of steps, of any type, [size, rows]: a vector alone is multiplied twice as fast as
            with [rows, size].
        unit: The size of a step.
    """

    def __init__(self, steps: np.ndarray, unit: float):
        self.steps = np.ascontiguousarray(steps, dtype=np.float32)
        self.unit = float(unit)

    @classmethod
    def from_rows(cls, rows: np.ndarray) -> Self:
        """Round rows, float32 [rows, size], to steps that fit into an int16."""
        greatest = max(float(np.abs(rows).max(initial=0.0)), 1e-30)
        unit = greatest / _greatest_step(rows.shape[1])
        return cls(np.rint(rows.T / np.float32(unit)), unit)

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """float32 [vectors, size] -> float32 [vectors, rows]."""
        size = len(self.steps)
        greatest = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
        units = np.maximum(greatest, 1e-30) / np.float32(_greatest_step(size))
        whole_numbers = np.rint(vectors / units)

        products = whole_numbers @ self.steps
        products *= units * np.float32(self.unit)
        return products


def _greatest_step(size: int) -> int:
    """The greatest number of steps whose square, `size` times, is a whole number that a float32 holds."""
    return min(isqrt(WHOLE_NUMBERS // max(size, 1)) - 1, np.iinfo(np.int16).max)
