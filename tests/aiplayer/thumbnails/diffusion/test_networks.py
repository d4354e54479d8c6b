"""Each network against diffusers, with equal random weights."""

import numpy as np
import pytest
import torch

from aiplayer.thumbnails.diffusion.samplers import sinusoids
from aiplayer.thumbnails.diffusion.sizes import UNetSizes
from aiplayer.thumbnails.diffusion.unet import build_unet
from tests.support.pixels import from_torch, noise, to_torch
from tests.support.tensorflow import step_by_step

pytestmark = pytest.mark.heavy

RANDOM = np.random.default_rng(1)


@torch.no_grad()
def test_text_encoder_gives_the_states_of_transformers(networks, published):
    tokens = RANDOM.integers(525, size=(3, 77)).astype(np.int32)
    positions = np.tile(np.arange(77, dtype=np.int32), (3, 1))
    ours = networks.text_encoder([tokens, positions]).numpy()
    theirs = published.text_encoder(torch.from_numpy(tokens).long()).last_hidden_state.numpy()
    # 1.4e-6 of values up to 3.2.
    assert np.abs(ours - theirs).max() < 1e-5


@torch.no_grad()
@pytest.mark.parametrize(("height", "width"), [(8, 16), (24, 8)])
def test_unet_finds_the_noise_that_diffusers_finds(networks, published, height, width):
    latents, context, timesteps = noise(2, height, width, 4), noise(2, 77, 32), np.array([981, 1])
    ours = networks.unet([latents, sinusoids(timesteps, 32), context]).numpy()
    theirs = published.unet(to_torch(latents), torch.from_numpy(timesteps), torch.from_numpy(context)).sample
    # 2.4e-6 of values up to 1.7.
    assert np.abs(ours - from_torch(theirs)).max() < 1e-5


@pytest.mark.parametrize("attends", [(True, True), (False, True), (False, False)])
def test_unet_computes_once_what_knows_no_prompt(attends):
    sizes = UNetSizes(channels=(32, 64), attends=attends, blocks=1, heads=4, context_width=32)
    unet = build_unet(sizes)
    latents, context, times = noise(2, 8, 16, 4), noise(4, 77, 32), sinusoids(np.array([981]), 32)
    with step_by_step():
        alone = unet([np.concatenate([latents, latents]), np.tile(times, (4, 1)), context]).numpy()
        together = unet([latents, times, context]).numpy()
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(alone[:2] - alone[2:]).max() > 1e-3


@torch.no_grad()
def test_decoder_paints_the_picture_of_diffusers(networks, published):
    latents = noise(2, 8, 16, 4)
    ours = networks.decoder(latents).numpy()
    theirs = from_torch(published.vae.decode(to_torch(latents) / 0.18215).sample)
    assert ours.shape == (2, 64, 128, 3)
    # 1.1e-5 of values up to 3.1.
    assert np.abs(ours - theirs).max() < 5e-5
