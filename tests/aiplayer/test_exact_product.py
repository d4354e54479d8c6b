"""Products that depend on no company, against float64."""

import numpy as np
import pytest

from aiplayer.arrays import ExactProduct

RANDOM = np.random.default_rng(0)
ROWS, VECTORS = (RANDOM.standard_normal((count, 64)).astype(np.float32) for count in (5_000, 32))


def test_products_are_right_to_three_digits():
    exact = VECTORS.astype(float) @ ROWS.T.astype(float)
    assert np.abs(ExactProduct.of(ROWS)(VECTORS) - exact).max() < 3e-3 * np.abs(exact).max()


@pytest.mark.parametrize("company", [1, 2, 3, 7, 31])
def test_a_vector_gets_the_same_products_alone_and_in_any_company(company):
    product = ExactProduct.of(ROWS)
    alone = product(VECTORS[-1:])[0]
    assert (product(VECTORS[-1 - company :])[-1] == alone).all()
    assert (product(np.roll(VECTORS, company, axis=0))[company - 1] == alone).all()


def test_zeros_and_empty_rows_are_nothing_special():
    assert not ExactProduct.of(ROWS)(np.zeros((2, 64), dtype=np.float32)).any()
    assert ExactProduct.of(ROWS[:0])(VECTORS).shape == (32, 0)


def test_the_steps_of_rows_fit_into_half_the_memory():
    product = ExactProduct.of(ROWS)
    halved = ExactProduct(product.steps.astype(np.int16), product.unit)
    assert (halved(VECTORS) == product(VECTORS)).all()
