"""Weights that oneDNN lays out once give what the layers give."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from aiplayer.thumbnails.diffusion.blocks import Enlargement
from aiplayer.thumbnails.diffusion.cpu_kernels import operations, packed, with_cpu_kernels
from aiplayer.thumbnails.diffusion.cpu_kernels.operations import CONVOLUTION, LAYER_NORM, PRODUCT
from aiplayer.thumbnails.diffusion.networks import build_networks, global_precision
from tests.support.stable_diffusion import TINY

pytestmark = pytest.mark.heavy

# A call of Python, and so of torch.
ATTENTION = "PyFuncStateless"
RANDOM = np.random.default_rng(4)
# Elsewhere there are no such kernels, and networks come back as they are.
needs_kernels = pytest.mark.skipif(with_cpu_kernels(None) is None, reason="a GPU, or no oneDNN that knows bfloat16")


def inputs(batch: int, side: int) -> list[tf.Tensor]:
    shapes = [(batch, side, side, 4), (batch, 32), (batch, 77, 32)]
    return [tf.constant(RANDOM.standard_normal(shape), tf.float32) for shape in shapes]


def operation_types(function: tf.types.experimental.PolymorphicFunction, arrays: list[tf.Tensor]) -> set[str]:
    return {op.type for op in function.get_concrete_function(arrays).graph.get_operations()}


@pytest.fixture(scope="module")
def unet():
    return build_networks(TINY, "bfloat16").unet


@needs_kernels
def test_a_serving_network_finds_the_same_noise_at_every_size(unet):
    plain, served = tf.function(unet), tf.function(with_cpu_kernels(unet), reduce_retracing=True)
    for arrays in (inputs(2, 16), inputs(2, 24), inputs(4, 16), inputs(2, 16)):
        expected = tf.cast(plain(arrays), tf.float32).numpy()
        # 0.05 of values up to 2: sums are rounded to bfloat16 in another order.
        assert np.abs(tf.cast(served(arrays), tf.float32).numpy() - expected).max() < 0.1
    assert {CONVOLUTION, PRODUCT, LAYER_NORM} <= operation_types(served, inputs(2, 16))
    assert not {CONVOLUTION, PRODUCT} & operation_types(plain, inputs(2, 16))


@needs_kernels
def test_only_a_large_network_attends_by_torch_and_finds_the_same_noise(monkeypatch, unet):
    arrays = inputs(2, 16)
    assert ATTENTION not in operation_types(tf.function(with_cpu_kernels(unet)), arrays)
    expected = tf.cast(tf.function(unet)(arrays), tf.float32).numpy()
    monkeypatch.setattr(packed, "TORCH_ATTENTION_WEIGHTS", unet.count_params())
    served = tf.function(with_cpu_kernels(unet))
    assert ATTENTION in operation_types(served, arrays)
    assert np.abs(tf.cast(served(arrays), tf.float32).numpy() - expected).max() < 0.1


@needs_kernels
@pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 8)])
def test_an_enlargement_of_four_kernels_is_that_of_one(height, width):
    with global_precision("bfloat16"):
        layer = Enlargement(16)
        picture = keras.Input((None, None, 16))
        network = keras.Model(picture, layer(picture))
    features = tf.constant(RANDOM.standard_normal((2, height, width, 16)), tf.bfloat16)
    expected = tf.cast(tf.function(network)(features), tf.float32).numpy()
    enlarged = tf.cast(tf.function(with_cpu_kernels(network))(features), tf.float32).numpy()
    assert enlarged.shape == (2, 2 * height, 2 * width, 16)
    # bfloat16 tells values of 2 and more apart by 0.016.
    assert np.abs(enlarged - expected).max() < 0.05


def test_float32_computes_as_ever(networks):
    served = tf.function(with_cpu_kernels(networks.unet))
    arrays = inputs(2, 16)
    assert not {CONVOLUTION, PRODUCT} & operation_types(served, arrays)
    assert np.abs(served(arrays).numpy() - networks.unet(arrays).numpy()).max() < 1e-5


def test_where_the_kernels_are_missing_layers_compute_as_ever(monkeypatch, unet):
    monkeypatch.setattr(operations, "CONVOLUTION", "_NoSuchKernel")
    assert with_cpu_kernels(unet) is unet


def test_where_the_processor_has_no_bfloat16_layers_compute_as_ever(monkeypatch, unet, tmp_path):
    cpu_info = tmp_path / "cpuinfo"
    for flags, has_bfloat16 in (("fpu avx2 fma", False), ("fpu avx2 avx512f avx512bw avx512dq avx512vl", True)):
        cpu_info.write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
        assert packed.cpu_computes_bfloat16(cpu_info) == has_bfloat16
    assert not packed.cpu_computes_bfloat16(tmp_path / "nothing")
    monkeypatch.setattr(packed, "cpu_computes_bfloat16", lambda: False)
    assert with_cpu_kernels(unet) is unet
