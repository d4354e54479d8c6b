"""Strokes make a large picture of a small one: of its colors, with its edges, and never a blur."""

import numpy as np
import pytest
from PIL import Image

from aiplayer.thumbnails import painting
from aiplayer.thumbnails.brushwork import paint_strokes
from aiplayer.thumbnails.pictures import fill

WIDTH_PX, HEIGHT_PX = 640, 360


@pytest.fixture(scope="module")
def small():
    scene = painting.read_scene("a lake at sunset, autumn", "", 3)
    return fill(painting.paint(scene, 3, width_px=640, height_px=360), 288, 160)


@pytest.fixture(scope="module")
def large(small):
    return paint_strokes(small, WIDTH_PX, HEIGHT_PX, seed=1)


def test_a_seed_paints_the_same_picture_and_another_seed_another(small, large):
    assert (large.shape, large.dtype) == ((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    assert (paint_strokes(small, WIDTH_PX, HEIGHT_PX, seed=1) == large).all()
    assert (paint_strokes(small, WIDTH_PX, HEIGHT_PX, seed=2) != large).any()


def test_from_afar_it_is_the_same_picture(small, large):
    large_from_afar = fill(large, 32, 18).astype(float)
    small_from_afar = fill(small, 32, 18)
    assert np.abs(large_from_afar - small_from_afar).mean() < 6


def test_it_is_sharper_than_the_picture_enlarged(small, large):
    def fine_detail(picture: np.ndarray) -> float:
        """Return how much of a picture is lost at half its size, in shades."""
        half = Image.fromarray(picture).reduce(2)
        enlarged = half.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BICUBIC)
        return np.abs(picture.astype(float) - enlarged).mean()

    assert fine_detail(large) > 2 * fine_detail(fill(small, WIDTH_PX, HEIGHT_PX))


def test_an_edge_stays_where_it_is():
    picture = np.full((160, 288, 3), 40, np.uint8)
    picture[:, 144:] = 210
    columns = paint_strokes(picture, WIDTH_PX, HEIGHT_PX, seed=1).mean(axis=(0, 2))
    assert np.abs(columns[: WIDTH_PX // 2 - 8] - 40).max() < 8
    assert np.abs(columns[WIDTH_PX // 2 + 8 :] - 210).max() < 8


def test_a_shade_more_moves_few_strokes(small, large):
    """Pictures of a batch differ by a shade from those painted alone."""
    lighter = small.copy()
    lighter[::7, ::5] = np.minimum(lighter[::7, ::5], 254) + 1
    painted = paint_strokes(lighter, WIDTH_PX, HEIGHT_PX, seed=1)
    assert np.abs(painted.astype(float) - large).mean() < 2
