"""Fused operations against torch's."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from torch.nn import functional

from aiplayer.thumbnails.diffusion.cpu_kernels.fused import gated_gelu, group_norm, layer_norm

RANDOM = np.random.default_rng(2)


def noise(*shape: int) -> np.ndarray:
    return RANDOM.standard_normal(shape).astype(np.float32)


def built(layer: keras.layers.Layer, channels: int) -> tuple[keras.layers.Layer, torch.Tensor, torch.Tensor]:
    """The layer with random weights, and the weights."""
    layer.build((None,) * (3 if isinstance(layer, keras.layers.GroupNormalization) else 2) + (channels,))
    gamma, beta = noise(channels), noise(channels)
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    return layer, torch.from_numpy(gamma), torch.from_numpy(beta)


@pytest.mark.parametrize("silu", [False, True])
def test_group_norm_is_that_of_torch_even_far_from_zero(silu):
    layer, gamma, beta = built(keras.layers.GroupNormalization(groups=4, epsilon=1e-6), 8)
    features = noise(2, 6, 5, 8) + 3
    ours = group_norm(layer, tf.constant(features), silu=silu).numpy()
    theirs = functional.group_norm(torch.from_numpy(features.transpose(0, 3, 1, 2)), 4, gamma, beta, 1e-6)
    theirs = functional.silu(theirs) if silu else theirs
    assert np.abs(ours - theirs.numpy().transpose(0, 2, 3, 1)).max() < 1e-5


def test_what_is_added_is_normalised_too():
    layer, gamma, beta = built(keras.layers.GroupNormalization(groups=4, epsilon=1e-6), 8)
    features, added = noise(2, 6, 5, 8) + 3, noise(2, 8)
    ours = group_norm(layer, tf.constant(features), added=tf.constant(added)).numpy()
    both = torch.from_numpy((features + added[:, None, None]).transpose(0, 3, 1, 2))
    theirs = functional.group_norm(both, 4, gamma, beta, 1e-6).numpy().transpose(0, 2, 3, 1)
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
    both = noise(2, 7, 16)
    ours = gated_gelu(tf.cast(both, precision))
    assert ours.dtype == precision
    value, gate = torch.from_numpy(both).chunk(2, dim=-1)
    assert np.abs(tf.cast(ours, tf.float32).numpy() - (value * functional.gelu(gate)).numpy()).max() < tolerance


def test_gradients_are_those_of_the_layer():
    """Small models are trained on the same blocks."""
    layer, _, _ = built(keras.layers.GroupNormalization(groups=4, epsilon=1e-6), 8)
    features = tf.constant(noise(2, 6, 5, 8))
    found = []
    for call in (lambda: group_norm(layer, features, silu=True), lambda: tf.nn.silu(layer(features))):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(call() ** 2)
        found.append(tape.gradient(total, layer.gamma.value).numpy())
    assert np.abs(found[0] - found[1]).max() < 1e-4
