"""Sparse matrices from rows of columns."""

import numpy as np
import pytest

from aiplayer.arrays import csr_from_lengths, csr_from_rows


def test_rows_of_columns_become_ones():
    matrix = csr_from_rows([np.array([3, 0]), np.array([], dtype=np.int64), np.array([1])], 4)
    assert matrix.dtype == np.float32
    assert matrix.toarray().tolist() == [[1, 0, 0, 1], [0, 0, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_may_lie_end_to_end_and_a_column_that_stands_twice_counts_twice(dtype):
    matrix = csr_from_lengths(np.array([3, 0, 1, 1]), [2, 0, 2], 4, dtype)
    assert matrix.dtype == dtype
    assert matrix.nnz == 4
    assert matrix.toarray().tolist() == [[1, 0, 0, 1], [0, 0, 0, 0], [0, 2, 0, 0]]


def test_lengths_of_a_small_unsigned_type_do_not_overflow():
    matrix = csr_from_lengths(np.zeros(300, dtype=np.uint8), np.array([200, 100], dtype=np.uint8), 1, np.float64)
    matrix.sum_duplicates()
    assert matrix.toarray().tolist() == [[200], [100]]


def test_no_rows_give_a_matrix_without_rows():
    assert csr_from_lengths(np.array([], dtype=np.int64), [], 3, np.float64).shape == (0, 3)
