"""What is drawn to learn from: rare things oftener than they are painted."""

import numpy as np
import pytest

from aiplayer.thumbnails.painting import Scene
from training.diffusion.dataset import shares_of

pytestmark = pytest.mark.heavy


def scene(*elements: str, hour: str = "night") -> Scene:
    return Scene("sea", hour, "clear", "summer", "cool", frozenset(elements))


def test_rare_things_are_drawn_oftener():
    scenes = [scene()] * 75 + [scene("blossoms")] * 16 + [scene("moon")] * 9
    shares = shares_of(scenes)
    np.testing.assert_allclose(shares.sum(), 1)
    np.testing.assert_allclose(shares[:75].sum(), 0.5 * 0.75)
    # The roots of how often they are painted are as 4 to 3.
    np.testing.assert_allclose(shares[75:91].sum(), 0.5 * 0.16 + 0.5 * 4 / 7)
    np.testing.assert_allclose(shares[91:].sum(), 0.5 * 0.09 + 0.5 * 3 / 7)


def test_things_that_no_title_names_count_for_nothing():
    np.testing.assert_array_equal(shares_of([scene("birds"), scene()]), [0.5, 0.5])


def test_hours_come_as_often_as_they_are_painted():
    shares = shares_of([scene("moon"), scene(), scene(hour="day"), scene(hour="day")])
    np.testing.assert_allclose(shares, [0.4167, 0.0833, 0.25, 0.25], atol=1e-4)
