"""The greatest values against a full sort; products that depend on no company, against float64."""

import numpy as np
import pytest

from aiplayer.arrays import ExactProduct, csr_from_rows, sorted_top_k, top_k, unit_rows

RANDOM = np.random.default_rng(0)
ROWS, VECTORS = (RANDOM.standard_normal((count, 64)).astype(np.float32) for count in (5_000, 32))


def test_rows_get_length_one_and_zeros_stay():
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0]]


def test_sparse_rows_hold_ones_in_their_columns():
    matrix = csr_from_rows([np.array([2, 0]), np.array([], dtype=np.int64)], 3)
    assert matrix.toarray().tolist() == [[1, 0, 1], [0, 0, 0]]
    assert csr_from_rows([], 3).shape == (0, 3)


@pytest.mark.parametrize("size", [0, 3, 10, 11, 300, 640, 641, 50_000])
def test_the_greatest_are_found_among_any_number(size):
    values = RANDOM.standard_normal(size).astype(np.float32)
    assert set(top_k(values, 10)) == set(np.argsort(-values)[:10])


def test_a_sample_that_misleads_is_not_followed():
    values = np.zeros(10_000, dtype=np.float32)
    values[::16] = 1.0  # What is sampled is great, nothing else is.
    values[:32:16] = 2.0
    assert set(values[top_k(values, 150)]) == {1.0, 2.0}
    assert len(top_k(-values, 150)) == 150


def test_the_best_come_in_order_and_equal_ones_in_their_own():
    values = np.array([0.5, 0.9, 0.5, 0.1, 0.5], dtype=np.float32)
    assert sorted_top_k(values, 4).tolist() == [1, 0, 2, 4]
    assert sorted_top_k(values, 0).tolist() == []


def test_products_are_right_to_three_digits():
    exact = VECTORS.astype(float) @ ROWS.T.astype(float)
    assert np.abs(ExactProduct.from_rows(ROWS)(VECTORS) - exact).max() < 3e-3 * np.abs(exact).max()


@pytest.mark.parametrize("company", [1, 2, 3, 7, 31])
def test_a_vector_gets_the_same_products_alone_and_in_any_company(company):
    product = ExactProduct.from_rows(ROWS)
    alone = product(VECTORS[-1:])[0]
    assert (product(VECTORS[-1 - company :])[-1] == alone).all()
    assert (product(np.roll(VECTORS, company, axis=0))[company - 1] == alone).all()


def test_zeros_and_empty_rows_are_nothing_special():
    assert not ExactProduct.from_rows(ROWS)(np.zeros((2, 64), dtype=np.float32)).any()
    assert ExactProduct.from_rows(ROWS[:0])(VECTORS).shape == (32, 0)


def test_the_steps_of_rows_fit_into_half_the_memory():
    product = ExactProduct.from_rows(ROWS)
    halved = ExactProduct(product.steps.astype(np.int16), product.unit)
    assert (halved(VECTORS) == product(VECTORS)).all()
