"""The linear encoder keeps what scikit-learn's principal components keep; the decoder is a ridge regression."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge

from aiplayer.thumbnails.diffusion.patch_decoder import build_patch_decoder
from aiplayer.thumbnails.diffusion.sizes import PatchSizes
from training.diffusion.components import LATENT_ERROR, fit_components, patches, solve_decoder
from training.diffusion.scenes import paint, scene_of

pytestmark = pytest.mark.heavy

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
    latents = components.latents(pictures).astype(np.float32).reshape(-1, CHANNELS)
    flat = patches(pictures, PIXELS).reshape(-1, 3 * PIXELS**2)
    independent = PCA(CHANNELS).fit(flat)
    expected = independent.transform(flat)

    # A component may point the other way, and latents are scaled.
    signs = np.sign((latents * expected).sum(axis=0))
    scales = latents.std(axis=0) / expected.std(axis=0)
    np.testing.assert_allclose(latents, expected * signs * scales, atol=5e-3)
    assert np.mean(latents**2) == pytest.approx(1, abs=0.01)

    deviations = latents.std(axis=0)
    np.testing.assert_allclose(deviations**2 / deviations[0] ** 2, np.sqrt(_relative(independent)), rtol=0.01)


def _relative(independent: PCA) -> np.ndarray:
    return independent.explained_variance_ / independent.explained_variance_[0]


def test_the_decoder_is_a_ridge_regression_on_each_latent_and_its_neighbours(pictures, components):
    decoder = build_patch_decoder(PatchSizes(CHANNELS, PIXELS))
    solve_decoder(decoder, components, [pictures[:2], pictures[2:]])
    latents = components.latents(pictures).astype(np.float32)

    padded = np.pad(latents, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2)).reshape(6 * 16 * 32, -1)
    flat = patches(pictures, PIXELS).reshape(len(rows), -1)
    ridge = Ridge(alpha=len(rows) * LATENT_ERROR**2).fit(rows, flat)
    expected = ridge.predict(rows).reshape(6, 16, 32, -1)
    np.testing.assert_allclose(decoder.get_layer("patches")(latents), expected, atol=2e-3)


def test_inexact_latents_are_painted_better_than_by_the_components_alone(pictures, components):
    decoder = build_patch_decoder(PatchSizes(CHANNELS, PIXELS))
    solve_decoder(decoder, components, [pictures])
    latents = components.latents(pictures).astype(np.float32)
    latents += LATENT_ERROR * np.random.default_rng(0).standard_normal(latents.shape, np.float32)

    by_decoder = decoder(latents).numpy()
    decoder_error = np.mean((by_decoder - (pictures / 127.5 - 1)) ** 2)
    by_components = latents @ np.linalg.pinv(components.encoding) + components.mean
    components_error = np.mean((by_components - patches(pictures, PIXELS)) ** 2)
    assert decoder_error < 0.9 * components_error
