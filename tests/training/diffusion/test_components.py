"""The linear encoder keeps what scikit-learn's principal components keep, and a decoder begins with its way back."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from aiplayer.diffusion.decoder import build_decoder
from aiplayer.diffusion.sizes import DecoderSizes
from training.diffusion.components import fit_components, patches
from training.diffusion.scenes import paint, scene_of

PIXELS, CHANNELS = 4, 8


@pytest.fixture(scope="module")
def pictures():
    return np.stack([paint(scene_of(number, seed=5), number, 128, 64) for number in range(6)])


@pytest.fixture(scope="module")
def components(pictures):
    return fit_components([pictures[:2], pictures[2:]], PIXELS, CHANNELS)


def test_a_patch_lies_in_its_place(pictures):
    cut = patches(pictures, PIXELS)
    assert cut.shape == (6, 16, 32, 48)
    there = pictures[1, 4 * 3 : 4 * 4, 4 * 5 : 4 * 6].reshape(-1) / 127.5 - 1
    np.testing.assert_allclose(cut[1, 3, 5], there, atol=1e-6)


def test_what_is_kept_is_what_differs_most(pictures, components):
    latents = components.latents(pictures).astype(np.float32)
    found = latents @ components.decoding + components.mean
    flat = patches(pictures, PIXELS).reshape(-1, 3 * PIXELS**2)
    independent = PCA(CHANNELS).fit(flat)
    wanted = independent.inverse_transform(independent.transform(flat))
    np.testing.assert_allclose(found.reshape(wanted.shape), wanted, atol=5e-3)
    assert np.mean(latents**2) == pytest.approx(1, abs=0.01)
    deviations = latents.reshape(-1, CHANNELS).std(axis=0)
    np.testing.assert_allclose(deviations**2 / deviations[0] ** 2, np.sqrt(_relative(independent)), rtol=0.01)


def _relative(independent: PCA) -> np.ndarray:
    return independent.explained_variance_ / independent.explained_variance_[0]


def test_a_decoder_begins_with_what_the_components_say(pictures, components):
    sizes = DecoderSizes(CHANNELS, channels=(32, 32), blocks=1, scaling=1.0, patch=2, shortcut=True)
    assert sizes.pixels == PIXELS
    decoder = build_decoder(sizes)
    components.give(decoder)
    latents = components.latents(pictures).astype(np.float32)
    rows = (latents @ components.decoding + components.mean).reshape(6, 16, 32, PIXELS, PIXELS, 3)
    wanted = rows.transpose(0, 1, 3, 2, 4, 5).reshape(pictures.shape)
    np.testing.assert_allclose(decoder(latents), wanted, atol=1e-4)
