"""Weighted sums of a few rows of a sparse matrix.

It is the product of weights with those rows, in time and memory that depend on the length of the rows and not on the
width of the matrix.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix


@dataclass(frozen=True)
class ColumnSums:
    """Sums of some columns of a matrix; those of all other columns are zero.

    Attributes:
        columns: int64 [n], distinct, in no order.
        values: float32 [n, views].
        places: Where each column of the matrix stands in `columns`, int32 [width]; -1 where it does not.
    """

    columns: np.ndarray
    values: np.ndarray
    places: np.ndarray

    @classmethod
    def from_columns(cls, columns: np.ndarray, values: np.ndarray, width: int) -> Self:
        """The sums of known columns.

        Args:
            columns: int64 [n], distinct.
            values: float32 [n, views].
            width: How many columns the matrix has.
        """
        places = np.full(width, -1, dtype=np.int32)
        places[columns] = np.arange(len(columns))
        return cls(columns, values, places)

    def emptied(self) -> Self:
        """Sums over the same matrix in as many views, all of them zero."""
        return self.from_columns(self.columns[:0], self.values[:0], len(self.places))

    def normalised(self, factors: np.ndarray | float = 1.0) -> Self:
        """The sums times factors, each view then scaled so that it sums to 1.

        Args:
            factors: float32 [n, views], or one number for all.
        """
        values = self.values * factors

        # A product adds up the few views of many columns ten times faster than a sum over the columns.
        ones = np.ones(len(values), dtype=values.dtype)
        totals = ones @ values
        scaled = values / np.maximum(totals, 1e-30)
        return type(self)(self.columns, scaled, self.places)

    def at(self, columns: np.ndarray) -> np.ndarray:
        """The sums of any columns, int64 [k] -> float32 [k, views]."""
        places = self.places[columns]
        is_present = places >= 0
        _, view_count = self.values.shape
        sums = np.zeros((len(columns), view_count), dtype=np.float32)
        sums[is_present] = self.values[places[is_present]]
        return sums


class SparseRows:
    """Rows of a sparse matrix, each a stretch of one long array of column numbers.

    Args:
        starts: Where each row begins in `columns`, int [rows].
        stops: Where each row ends, int [rows].
        columns: int32 [entries].
        width: How many columns the matrix has.
        values: The value of each entry, float32 [entries]; None where all are 1.
        first: The number in `columns` that stands for the matrix's first column.
    """

    def __init__(
        self,
        starts: np.ndarray,
        stops: np.ndarray,
        columns: np.ndarray,
        width: int,
        values: np.ndarray | None = None,
        first: int = 0,
    ):
        self.starts = starts
        self.stops = stops
        self.columns = columns
        self.width = width
        self.values = values
        self.first = first

    @classmethod
    def from_pattern(cls, matrix: csr_matrix) -> Self:
        """The rows of a matrix, as if each of its entries were 1."""
        starts = matrix.indptr[:-1]
        stops = matrix.indptr[1:]
        _, width = matrix.shape
        return cls(starts, stops, matrix.indices, width)

    @classmethod
    def from_weights(cls, matrix: csr_matrix) -> Self:
        """The rows of a matrix with their values."""
        rows = cls.from_pattern(matrix)
        rows.values = matrix.data
        return rows

    def lengths(self) -> np.ndarray:
        """How many entries each row has, float32 [rows]."""
        lengths = self.stops - self.starts
        return lengths.astype(np.float32)

    def add_up(self, rows: np.ndarray, weights: np.ndarray) -> ColumnSums:
        """Each row times its weights, summed column by column.

        Args:
            rows: int64 [k].
            weights: The weights of these rows, float32 [k, views].
        """
        if not len(rows):
            return ColumnSums.from_columns(rows, weights, self.width)

        # The positions of all entries of all the rows, one row after another.
        starts = self.starts[rows]
        lengths = self.stops[rows] - starts
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        offsets = starts - bounds[:-1]
        entries = np.arange(bounds[-1]) + np.repeat(offsets, lengths)

        columns = self.columns[entries] - np.int32(self.first)
        values = np.ones(len(columns), np.float32) if self.values is None else self.values[entries]

        # Distinct columns without sorting: every entry writes its own number to its column's place, and NumPy keeps one
        # of them. The entry that reads its own number back stands for the column.
        places = np.full(self.width, -1, dtype=np.int32)
        numbers = np.arange(len(columns), dtype=np.int32)
        places[columns] = numbers
        stands_for_column = places[columns] == numbers
        distinct = columns[stands_for_column].astype(np.int64)
        places[distinct] = numbers[: len(distinct)]

        # The rows as the columns of a matrix that holds only the distinct columns, in the order of `distinct`.
        shape = (len(distinct), len(rows))
        compact = csc_matrix((values, places[columns], bounds), shape=shape)
        return ColumnSums(distinct, compact @ weights, places)
