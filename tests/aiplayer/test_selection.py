"""The greatest values, against a full sort."""

import numpy as np
import pytest

from aiplayer.arrays import best, greatest

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("size", [0, 3, 10, 11, 300, 640, 641, 50_000])
def test_the_greatest_are_found_among_any_number(size):
    values = RANDOM.standard_normal(size).astype(np.float32)
    assert set(greatest(values, 10)) == set(np.argsort(-values)[:10])


def test_a_sample_that_misleads_is_not_followed():
    values = np.zeros(10_000, dtype=np.float32)
    values[::16] = 1.0  # What is sampled is great, nothing else is.
    values[:32:16] = 2.0
    assert set(values[greatest(values, 150)]) == {1.0, 2.0}
    assert len(greatest(-values, 150)) == 150


def test_the_best_come_in_order_and_equal_ones_in_their_own():
    values = np.array([0.5, 0.9, 0.5, 0.1, 0.5], dtype=np.float32)
    assert best(values, 4).tolist() == [1, 0, 2, 4]
    assert best(values, 0).tolist() == []
