"""Stable Diffusion 1.x in its full 860 million weights, against keras-cv and diffusers: `pytest -m slow`.

Takes some minutes and about 12 GiB of memory, and 4 GiB of disk while it runs.
"""

import gc
from collections.abc import Callable
from math import prod
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
import torch
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group
from keras_cv.src.models.stable_diffusion.decoder import Decoder
from keras_cv.src.models.stable_diffusion.diffusion_model import DiffusionModel
from keras_cv.src.models.stable_diffusion.text_encoder import TextEncoder

from aiplayer.thumbnails.diffusion.decoder import build_decoder
from aiplayer.thumbnails.diffusion.files.folder import KERAS_CV, SAFETENSORS
from aiplayer.thumbnails.diffusion.files.weights import load_network
from aiplayer.thumbnails.diffusion.samplers import sinusoids
from aiplayer.thumbnails.diffusion.sizes import STABLE_DIFFUSION_1 as FULL
from aiplayer.thumbnails.diffusion.text_encoder import build_text_encoder
from aiplayer.thumbnails.diffusion.unet import build_unet
from tests.support.pixels import from_torch, noise, to_torch
from tests.support.stable_diffusion import autoencoder_model, text_model, unet_model

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def room():
    """One network after the other."""
    yield
    keras.backend.clear_session()
    gc.collect()


def load(ours: keras.Model, theirs: torch.nn.Module, folder: Path, network: str) -> None:
    """Weights from theirs to ours, by way of a file."""
    stem = SAFETENSORS[network]
    theirs.save_pretrained(folder / Path(stem).parent, max_shard_size="10GB")
    load_network(ours, folder / f"{stem}.safetensors")
    (folder / f"{stem}.safetensors").unlink()


def outline(build: Callable[[], keras.Model]) -> list[tuple]:
    """Place of its layer, name and shape of every weight in order; none is given room in memory."""
    with keras.StatelessScope(initialize_variables=False):
        layers = [layer.weights for layer in build().layers if layer.weights]
        return [(place, weight.name, tuple(weight.shape)) for place, layer in enumerate(layers) for weight in layer]


def test_the_text_encoder_has_the_weights_of_keras_cv_in_its_order():
    theirs = outline(lambda: TextEncoder(FULL.text.tokens, download_weights=False))
    assert outline(lambda: build_text_encoder(FULL.text)) == theirs
    assert len(theirs) == 196


def test_the_unet_has_the_weights_of_keras_cv_in_its_order():
    theirs = outline(lambda: DiffusionModel(256, 256, FULL.text.tokens, download_weights=False))
    assert outline(lambda: build_unet(FULL.unet)) == theirs
    assert sum(prod(shape) for *_, shape in theirs) == 859_520_964


def test_the_decoder_has_the_weights_of_keras_cv_in_its_order():
    theirs = outline(lambda: Decoder(256, 256, download_weights=False))
    assert outline(lambda: build_decoder(FULL.decoder)) == theirs
    assert len(theirs) == 140


def test_a_file_that_keras_cv_writes_gives_the_decoder_its_pictures(tmp_path):
    theirs, ours = Decoder(256, 256, download_weights=False), build_decoder(FULL.decoder)
    with h5py.File(tmp_path / KERAS_CV["decoder"], "w") as file:
        save_weights_to_hdf5_group(file, theirs)
    ours.load_weights(tmp_path / KERAS_CV["decoder"])
    latents = noise(1, 32, 32, 4)
    # Not nearer: its normalisations use another epsilon.
    assert np.abs(ours(latents) - theirs(latents)).max() < 1e-3


@torch.no_grad()
def test_the_text_encoder_gives_the_states_of_transformers(tmp_path):
    theirs, ours = text_model(FULL.text), build_text_encoder(FULL.text)
    load(ours, theirs, tmp_path, "text_encoder")
    tokens = np.random.default_rng(0).integers(FULL.text.vocabulary, size=(2, 77)).astype(np.int32)
    positions = np.tile(np.arange(77, dtype=np.int32), (2, 1))
    expected = theirs(torch.from_numpy(tokens).long()).last_hidden_state.numpy()
    assert np.abs(ours([tokens, positions]).numpy() - expected).max() < 1e-3


@torch.no_grad()
def test_the_unet_finds_the_noise_that_diffusers_finds_at_256_by_256_pixels(tmp_path):
    theirs, ours = unet_model(FULL.unet), build_unet(FULL.unet)
    load(ours, theirs, tmp_path, "unet")
    latents, context, timesteps = noise(2, 32, 32, 4), noise(2, 77, 768), np.array([981, 1])
    predicted = ours([latents, sinusoids(timesteps, FULL.unet.time_width), context]).numpy()
    expected = theirs(to_torch(latents), torch.from_numpy(timesteps), torch.from_numpy(context)).sample
    assert np.abs(predicted - from_torch(expected)).max() < 1e-3


@torch.no_grad()
def test_the_decoder_paints_the_picture_of_diffusers_at_256_by_256_pixels(tmp_path):
    theirs, ours = autoencoder_model(FULL.decoder), build_decoder(FULL.decoder)
    load(ours, theirs, tmp_path, "decoder")
    latents = noise(1, 32, 32, 4)
    expected = from_torch(theirs.decode(to_torch(latents) / FULL.decoder.scaling).sample)
    assert np.abs(ours(latents).numpy() - expected).max() < 1e-3
