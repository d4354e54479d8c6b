"""ColumnSums of weighed lists, against the product of matrices."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random_array

from aiplayer.recommender.row_sums import ColumnSums, SparseRows

RANDOM = np.random.default_rng(0)
MATRIX = csr_matrix(random_array((50, 30), density=0.2, rng=RANDOM, dtype=np.float32))
ROWS, WEIGHTS = np.array([3, 7, 7, 40, 11]), RANDOM.random((5, 2), dtype=np.float32)


@pytest.mark.parametrize("weighed", [True, False])
def test_sums_are_the_product_of_the_weights_and_the_rows(weighed):
    sums = (SparseRows.from_weights(MATRIX) if weighed else SparseRows.from_pattern(MATRIX)).add_up(ROWS, WEIGHTS)
    dense = MATRIX.toarray() if weighed else MATRIX.toarray() != 0
    product = dense[ROWS].T @ WEIGHTS
    assert sums.at(np.arange(30)) == pytest.approx(product, rel=1e-5)
    assert sorted(sums.columns) == np.flatnonzero(product.any(axis=1)).tolist()


def test_lists_may_be_parts_of_longer_ones():
    columns = np.array([0, 2, 5, 6, 1, 4, 6], dtype=np.int32)
    lists = SparseRows(starts=np.array([2, 5]), stops=np.array([4, 7]), columns=columns, width=3, first=4)
    sums = lists.add_up(np.array([0, 1]), np.array([[1.0], [10.0]], dtype=np.float32))
    assert sums.at(np.arange(3))[:, 0].tolist() == [10, 1, 11]
    assert lists.lengths().tolist() == [2, 2]


def test_no_rows_add_up_to_nothing():
    sums = SparseRows.from_weights(MATRIX).add_up(ROWS[:0], WEIGHTS[:0])
    assert not len(sums.columns)
    assert sums.at(np.array([1, 2])).tolist() == [[0, 0], [0, 0]]
    assert sums.normalised().values.shape == (0, 2)


def test_shares_sum_to_one_after_their_factors():
    sums = ColumnSums.from_columns(np.array([4, 1]), np.array([[3.0, 0.0], [1.0, 0.0]], dtype=np.float32), 6)
    assert sums.normalised(np.array([[1.0, 1.0], [2.0, 1.0]])).at(np.array([1, 4])) == pytest.approx(
        np.array([[0.4, 0], [0.6, 0]])
    )
    assert not sums.emptied().at(np.arange(6)).any()
