"""Outlines are placed, turned, lowered and joined as one would on paper."""

import numpy as np

from aiplayer.thumbnails.painting.outlines import band, lower, place, turn


def test_an_outline_stands_on_its_foot():
    triangle = ((-0.5, 0), (0, -1), (0.5, 0))
    np.testing.assert_array_equal(place(triangle, 100, 600, 40), [(80, 600), (100, 560), (120, 600)])


def test_a_quarter_turn_takes_right_to_down():
    np.testing.assert_allclose(turn(np.array([(1.0, 0.0), (0.0, 1.0)]), np.pi / 2), [(0, 1), (-1, 0)], atol=1e-12)


def test_a_line_is_lowered_point_by_point():
    line = np.array([(0.0, 5.0), (1.0, 5.0)])
    np.testing.assert_array_equal(lower(line, np.array([2.0, -3.0])), [(0, 7), (1, 2)])


def test_a_band_runs_along_one_line_and_back_along_the_other():
    first = np.array([(0.0, 0.0), (1.0, 0.0)])
    second = np.array([(0.0, 2.0), (1.0, 2.0)])
    np.testing.assert_array_equal(band(first, second), [(0, 0), (1, 0), (1, 2), (0, 2)])
