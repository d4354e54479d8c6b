"""Lists of columns, one after another in memory, to be weighed and added up.

It is the product of weights with a few rows of a sparse matrix, in time and memory that depend on the length of those
rows and not on the width of the matrix.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix


@dataclass(frozen=True)
class Sums:
    """Sums of some columns; those of all others are zero.

    Attributes:
        columns: int64 [n], distinct, in no order.
        values: float32 [n, views].
        places: Where each column of the matrix stands in `columns`, int32 [width]; -1 where it does not.
    """

    columns: np.ndarray
    values: np.ndarray
    places: np.ndarray

    @classmethod
    def of(cls, columns: np.ndarray, values: np.ndarray, width: int) -> Self:
        """Of distinct columns, int64 [n], and their values, float32 [n, views]."""
        places = np.full(width, -1, dtype=np.int32)
        places[columns] = np.arange(len(columns))
        return cls(columns, values, places)

    def none(self) -> Self:
        """As many columns and views, but nothing of any."""
        return self.of(self.columns[:0], self.values[:0], len(self.places))

    def shared_out(self, factors: np.ndarray | float = 1.0) -> Self:
        """The same times factors, float32 [n, views], each view then scaled to sum to 1."""
        values = self.values * factors
        # A product adds up the few views of many columns ten times faster than a sum over the columns.
        totals = np.ones(len(values), dtype=values.dtype) @ values
        return type(self)(self.columns, values / np.maximum(totals, 1e-30), self.places)

    def at(self, columns: np.ndarray) -> np.ndarray:
        """The sums of any columns, float32 [columns, views]."""
        places = self.places[columns]
        there = places >= 0
        found = np.zeros((len(columns), self.values.shape[1]), dtype=np.float32)
        found[there] = self.values[places[there]]
        return found


class Lists:
    """Rows of a sparse matrix.

    Args:
        starts: Where the list of each row begins in `columns`, int [rows].
        stops: Where it ends, int [rows].
        columns: int32.
        width: Columns of the matrix.
        values: Of each entry, float32; None where all are 1.
        first: What `columns` count the matrix's first column as.
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
        self.starts, self.stops, self.columns = starts, stops, columns
        self.width, self.values, self.first = width, values, first

    @classmethod
    def of(cls, matrix: csr_matrix, weighed: bool = False) -> Self:
        """The rows of a matrix, with its values or, where they are not `weighed`, as if all were 1."""
        bounds = matrix.indptr
        return cls(bounds[:-1], bounds[1:], matrix.indices, matrix.shape[1], matrix.data if weighed else None)

    def lengths(self) -> np.ndarray:
        """How many entries each row has, float32 [rows]."""
        return (self.stops - self.starts).astype(np.float32)

    def add_up(self, rows: np.ndarray, weights: np.ndarray) -> Sums:
        """Each row times its weights, summed column by column.

        Args:
            rows: int64 [k].
            weights: Of these rows, float32 [k, views].
        """
        if not len(rows):
            return Sums.of(rows, weights, self.width)
        starts, lengths = self.starts[rows], self.stops[rows] - self.starts[rows]
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        entries = np.arange(bounds[-1]) + np.repeat(starts - bounds[:-1], lengths)
        columns = self.columns[entries] - np.int32(self.first)
        values = np.ones(len(columns), np.float32) if self.values is None else self.values[entries]
        places = np.full(self.width, -1, dtype=np.int32)
        # Of those that write to one place one is the last, and stands for all.
        numbers = np.arange(len(columns), dtype=np.int32)
        places[columns] = numbers
        distinct = columns[places[columns] == numbers].astype(np.int64)
        places[distinct] = numbers[: len(distinct)]
        lists = csc_matrix((values, places[columns], bounds), shape=(len(distinct), len(rows)))
        return Sums(distinct, lists @ weights, places)
