"""nDCG against its formula in plain Python, and against scikit-learn."""

from math import isclose, isnan, log

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from training.ndcg import dcg, ndcg


def gain(rank):
    """What a relevant item at this rank, from 1, gains; with another base of the logarithm than the product's."""
    return 1 / log(rank + 1)


def test_ndcg_is_the_gain_over_that_of_the_ideal_list():
    reached = gain(2) + gain(4)
    ideal = gain(1) + gain(2) + gain(3)
    assert isclose(ndcg({"a", "b", "c"}, ["x", "a", "y", "b"], 10), reached / ideal, abs_tol=1e-12)
    assert isclose(ndcg({"a", "b"}, ["b", "a"], 10), 1, abs_tol=1e-12)
    assert ndcg({"a"}, ["x", "y"], 10) == ndcg({"a"}, [], 10) == 0


def test_what_is_right_may_be_a_list_that_names_an_item_twice():
    assert ndcg([1, 2, 2], [7, 1, 2], 3) == ndcg({1, 2}, [7, 1, 2], 3)


def test_where_nothing_is_relevant_there_is_no_ndcg():
    assert isnan(ndcg(set(), ["x"], 10))


def test_items_after_the_cutoff_do_not_count_neither_in_the_list_nor_in_the_ideal_list():
    assert isclose(ndcg({1, 2}, [1, 9, 2], 1), 1, abs_tol=1e-12)
    assert ndcg({1, 2}, [9, 1, 2], 1) == 0
    assert isclose(ndcg({1, 2, 3}, [9, 1, 2], 2), gain(2) / (gain(1) + gain(2)), abs_tol=1e-12)


def test_the_ideal_list_is_as_long_as_the_cutoff_however_short_the_list_is():
    reached = sum(gain(rank) for rank in range(1, 11))
    first_eleven = sum(gain(rank) for rank in range(1, 12))
    first_hundred = sum(gain(rank) for rank in range(1, 101))
    assert isclose(ndcg(set(range(11)), list(range(10)), 100), reached / first_eleven, abs_tol=1e-12)
    assert isclose(ndcg(set(range(100)), list(range(10)), 100), reached / first_hundred, abs_tol=1e-12)
    assert isclose(ndcg(set(range(250)), list(range(10)), 100), reached / first_hundred, abs_tol=1e-12)


@pytest.mark.parametrize("relevant_count", [1, 7, 99, 100, 101, 220])
def test_ndcg_is_that_of_scikit_learn(relevant_count):
    random = np.random.default_rng(0)
    for _ in range(20):
        ranked = random.permutation(300)
        relevant = random.choice(300, relevant_count, replace=False)
        truth = np.zeros(300)
        truth[relevant] = 1
        ranks = np.empty(300)
        ranks[ranked] = np.arange(300)
        expected = ndcg_score([truth], [-ranks], k=100)
        assert isclose(ndcg(set(relevant.tolist()), ranked.tolist(), 100), expected, abs_tol=1e-12)


def test_graded_gains_are_discounted_by_their_ranks():
    gains = [0.5, 0.0, 2.0]
    assert isclose(dcg(np.array(gains)), (0.5 * gain(1) + 2.0 * gain(3)) * log(2), abs_tol=1e-12)
    assert dcg(np.array([])) == 0
