"""Fused operations against torch's."""

from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from torch.nn import functional

from aiplayer.thumbnails.diffusion.cpu_kernels import fused
from aiplayer.thumbnails.diffusion.cpu_kernels.fused import gated_gelu, group_norm, layer_norm
from tests.support.pixels import from_torch, noise, to_torch

pytestmark = pytest.mark.heavy

unpatched_xla_compiles = fused.xla_compiles.__wrapped__


def built(layer: keras.layers.Layer, channels: int) -> tuple[keras.layers.Layer, torch.Tensor, torch.Tensor]:
    """The layer with random weights, and the weights."""
    open_axes = 3 if isinstance(layer, keras.layers.GroupNormalization) else 2
    layer.build((None,) * open_axes + (channels,))
    gamma, beta = noise(channels), noise(channels)
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    return layer, torch.from_numpy(gamma), torch.from_numpy(beta)


@pytest.fixture(params=[True, False], ids=["XLA", "no XLA"], autouse=True)
def compiles(request, monkeypatch):
    """As on a device on which XLA compiles, and as on one on which it does not."""
    monkeypatch.setattr(fused, "xla_compiles", lambda: request.param)


@pytest.mark.parametrize("silu", [False, True])
def test_group_norm_is_that_of_torch_even_far_from_zero(silu):
    layer, gamma, beta = built(keras.layers.GroupNormalization(groups=4, epsilon=1e-6), 8)
    features = noise(2, 6, 5, 8) + 3
    ours = group_norm(layer, tf.constant(features), silu=silu).numpy()
    theirs = functional.group_norm(to_torch(features), 4, gamma, beta, 1e-6)
    theirs = functional.silu(theirs) if silu else theirs
    assert np.abs(ours - from_torch(theirs)).max() < 1e-5


def test_a_bias_of_the_channels_is_normalised_too():
    layer, gamma, beta = built(keras.layers.GroupNormalization(groups=4, epsilon=1e-6), 8)
    features, channel_bias = noise(2, 6, 5, 8) + 3, noise(2, 8)
    ours = group_norm(layer, tf.constant(features), channel_bias=tf.constant(channel_bias)).numpy()
    biased = to_torch(features + channel_bias[:, None, None])
    theirs = from_torch(functional.group_norm(biased, 4, gamma, beta, 1e-6))
    assert np.abs(ours - theirs).max() < 1e-5


@pytest.mark.parametrize("shade", [0.1, 37.3, 4_321.7])
def test_features_that_are_all_the_same_become_beta(shade):
    layer, _, beta = built(keras.layers.GroupNormalization(groups=4, epsilon=1e-6), 8)
    ours = group_norm(layer, tf.fill((1, 9, 7, 8), shade)).numpy()
    # What rounding leaves of the mean is divided by at least the root of epsilon.
    assert np.abs(ours - beta.numpy()).max() < 1e-2 * shade


def test_layer_norm_is_that_of_torch():
    layer, gamma, beta = built(keras.layers.LayerNormalization(epsilon=1e-5), 16)
    tokens = noise(2, 7, 16)
    theirs = functional.layer_norm(torch.from_numpy(tokens), (16,), gamma, beta, 1e-5).numpy()
    assert np.abs(layer_norm(layer, tf.constant(tokens)).numpy() - theirs).max() < 1e-5


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 1e-6), ("bfloat16", 0.05)])
def test_the_gate_is_the_exact_gelu(precision, tolerance):
    value_and_gate = noise(2, 7, 16)
    ours = gated_gelu(tf.cast(value_and_gate, precision))
    assert ours.dtype == precision
    value, gate = torch.from_numpy(value_and_gate).chunk(2, dim=-1)
    theirs = (value * functional.gelu(gate)).numpy()
    assert np.abs(tf.cast(ours, tf.float32).numpy() - theirs).max() < tolerance


def test_gradients_are_those_of_the_layer():
    """Small models are trained on the same blocks."""
    layer, _, _ = built(keras.layers.GroupNormalization(groups=4, epsilon=1e-6), 8)
    features = tf.constant(noise(2, 6, 5, 8))
    gradients = []
    for call in (lambda: group_norm(layer, features, silu=True), lambda: tf.nn.silu(layer(features))):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(call() ** 2)
        gradients.append(tape.gradient(total, layer.gamma.value).numpy())
    assert np.abs(gradients[0] - gradients[1]).max() < 1e-4


def test_an_error_of_xla_is_told_once(monkeypatch, caplog):
    def fail(*_: object, **__: object) -> None:
        raise tf.errors.InternalError(None, None, "libdevice not found at ./libdevice.10.bc")

    xla_compiles = cache(unpatched_xla_compiles)
    assert xla_compiles()
    xla_compiles.cache_clear()
    monkeypatch.setattr(fused.tf, "function", fail)
    assert not xla_compiles()
    assert not xla_compiles()
    assert caplog.messages == ["XLA cannot compile on this device: InternalError"]
