"""Every latent and its neighbours paint a patch, and the seams between patches do not show."""

import numpy as np
import pytest

from aiplayer.thumbnails.diffusion.patch_decoder import EDGE, REACH, build_patch_decoder
from aiplayer.thumbnails.diffusion.sizes import PatchSizes

pytestmark = pytest.mark.heavy

PIXELS = 16


@pytest.fixture(scope="module")
def plain():
    """Paints each patch in the one shade that its latent is."""
    decoder = build_patch_decoder(PatchSizes(latent_channels=1, pixels=PIXELS))
    patches = decoder.get_layer("patches")
    middle = np.zeros(patches.kernel.shape, np.float32)
    middle[1, 1] = 1
    patches.kernel.assign(middle)
    return decoder


def painted(decoder, shades) -> np.ndarray:
    """The first color, [height px, width px]."""
    return decoder(np.array(shades, np.float32)[np.newaxis, :, :, np.newaxis]).numpy()[0, :, :, 0]


def test_weights_of_a_neighbour_act_on_the_patch_beside_it():
    random = np.random.default_rng(0)
    decoder = build_patch_decoder(PatchSizes(latent_channels=3, pixels=2))
    patches = decoder.get_layer("patches")
    # Steps of hundreds are edges, so nothing is softened.
    kernel = 100 * random.standard_normal(patches.kernel.shape, np.float32)
    bias = 100 * random.standard_normal(patches.bias.shape, np.float32)
    patches.kernel.assign(kernel)
    patches.bias.assign(bias)
    latents = random.standard_normal((2, 4, 5, 3), np.float32)
    around = np.pad(latents, ((0, 0), (1, 1), (1, 1), (0, 0)))
    picture = decoder(latents).numpy()
    assert picture.shape == (2, 8, 10, 3)
    for row, column in ((0, 0), (1, 3), (3, 4)):
        neighbours = around[:, row : row + 3, column : column + 3]
        expected = np.einsum("byxc,yxcv->bv", neighbours, kernel) + bias
        patch = picture[:, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        np.testing.assert_allclose(patch.reshape(2, -1), expected, rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("turned", [False, True], ids=["across", "down"])
def test_a_small_step_becomes_a_slope(plain, turned):
    step = EDGE / 10
    shades = np.array([[0, step, step], [0, step, step]])
    picture = painted(plain, shades.T if turned else shades)
    line = (picture.T if turned else picture)[5]
    assert np.diff(line).max() < 0.2 * step
    assert (np.diff(line) >= -1e-6).all()
    assert line[PIXELS - REACH - 1] == pytest.approx(0, abs=1e-6)
    assert line[PIXELS + REACH] == pytest.approx(step, abs=1e-6)
    assert line.mean() == pytest.approx(2 * step / 3, rel=1e-3)
    np.testing.assert_allclose(line[2 * PIXELS :], step, atol=1e-6)


def test_an_edge_of_the_picture_stays(plain):
    picture = painted(plain, [[-0.5, 0.5]])
    np.testing.assert_allclose(picture, np.repeat([[-0.5, 0.5]], PIXELS, axis=1).repeat(PIXELS, axis=0), atol=1e-6)
