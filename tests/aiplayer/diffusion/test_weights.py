"""Folders of weights: both generations of names, half precision, keras-cv's files, and what is refused."""

import hashlib
import re
import shutil

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group
from keras_cv.src.models.stable_diffusion.decoder import Decoder
from safetensors.numpy import load_file, save_file

from aiplayer.diffusion.decoder import build_decoder
from aiplayer.diffusion.networks import Networks, build_networks
from aiplayer.diffusion.sizes import STABLE_DIFFUSION_1
from aiplayer.diffusion.weights import KERAS_CV, check_hashes, load_keras_cv, load_safetensors
from aiplayer.errors import ModelMissing
from tests.aiplayer.diffusion.conftest import TINY

PARTS = ("text_encoder", "unet", "decoder")
TEXT, UNET, VAE = (
    f"{folder}.safetensors"
    for folder in ("text_encoder/model", "unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model")
)
OLD_ATTENTION = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}


@pytest.fixture(scope="module")
def fresh() -> Networks:
    keras.utils.set_random_seed(1)
    return build_networks(TINY)


@pytest.fixture
def folder(published, tmp_path):
    """A copy of the published folder, to be spoilt."""
    return shutil.copytree(published.folder, tmp_path / "model")


def rewrite(path, change) -> None:
    """Replace the tensors of a file by `change` of them."""
    save_file(change(load_file(path)), path)


def assert_equal(one: Networks, other: Networks, **tolerance) -> None:
    for part in PARTS:
        for ours, theirs in zip(getattr(one, part).weights, getattr(other, part).weights, strict=True):
            assert np.allclose(ours, theirs, **tolerance)


def test_names_of_older_files_load_as_well(fresh, networks, folder):
    def old_vae(tensors):
        return {_older(name): array for name, array in tensors.items()}

    def old_text(tensors):
        prefixed = {f"text_model.{name}": array for name, array in tensors.items()}
        return prefixed | {"text_model.embeddings.position_ids": np.arange(77)[np.newaxis]}

    rewrite(folder / VAE, old_vae)
    rewrite(folder / TEXT, old_text)
    assert "decoder.mid_block.attentions.0.proj_attn.weight" in load_file(folder / VAE)
    load_safetensors(fresh, folder)
    assert_equal(fresh, networks, atol=0, rtol=0)


def _older(name: str) -> str:
    for new, old in OLD_ATTENTION.items():
        name = name.replace(f"attentions.0.{new}.", f"attentions.0.{old}.")
    return name


def test_half_precision_is_read_where_it_is_all_there_is(fresh, networks, folder):
    for name in (TEXT, UNET, VAE):
        rewrite(folder / name, lambda tensors: {key: array.astype(np.float16) for key, array in tensors.items()})
        (folder / name).rename(folder / name.replace(".safetensors", ".fp16.safetensors"))
    load_safetensors(fresh, folder)
    assert_equal(fresh, networks, rtol=1e-3, atol=1e-4)


def without(name):
    return lambda tensors: {key: array for key, array in tensors.items() if key != name}


def with_(name, array):
    return lambda tensors: tensors | {name: array}


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        (UNET, without("conv_in.weight"), "conv_in.weight of shape 32x4x3x3 is missing"),
        (UNET, with_("conv_in.lora", np.zeros((2, 3))), "conv_in.lora of shape 2x3 is not part of this model"),
        (TEXT, without("final_layer_norm.bias"), "final_layer_norm.bias of shape 32 is missing"),
        (
            VAE,
            with_("decoder.conv_in.bias", np.zeros(65)),
            "decoder.conv_in.bias has shape 65 where 64 was expected",
        ),
        (UNET, lambda _: {"x": np.zeros(1)}, re.compile(r"is missing; .* is missing; .* and \d{3} more\. Give")),
    ],
)
def test_weights_that_do_not_fit_are_refused_by_name(fresh, folder, file, change, said):
    rewrite(folder / file, change)
    with pytest.raises(ModelMissing) as refused:
        load_safetensors(fresh, folder)
    assert refused.value.message.startswith(f"The weights {folder / file} do not fit: ")
    assert re.search(said if isinstance(said, re.Pattern) else re.escape(said), refused.value.message)


def test_a_file_that_is_not_there_is_named(fresh, folder):
    (folder / VAE).unlink()
    with pytest.raises(ModelMissing) as refused:
        load_safetensors(fresh, folder)
    assert refused.value.message == f"There are no weights {folder / VAE}. Give a folder in the diffusers layout."


def test_a_file_that_breaks_off_is_refused(fresh, folder):
    (folder / UNET).write_bytes((folder / UNET).read_bytes()[:-100])
    with pytest.raises(ModelMissing, match=f"The weights {folder / UNET} cannot be read: .*Fetch the file anew."):
        load_safetensors(fresh, folder)


def test_hashes_are_checked_before_anything_is_read(fresh, folder):
    found = hashlib.sha256((folder / UNET).read_bytes()).hexdigest()
    load_safetensors(fresh, folder, {UNET: found.upper()})
    (folder / TEXT).write_bytes(b"never read")
    with pytest.raises(ModelMissing) as refused:
        load_safetensors(fresh, folder, {UNET: "0" * 64})
    assert refused.value.message == (
        f"The weights {folder / UNET} are not the expected ones: sha256 {'0' * 64} was expected, {found} found. "
        "Fetch the file anew, or correct the expected hash."
    )
    with pytest.raises(ModelMissing, match="absent cannot be read"):
        check_hashes(folder, {"absent": found})


def test_files_of_keras_cv_load(fresh, networks, tmp_path):
    for part, name in KERAS_CV.items():
        with h5py.File(tmp_path / name, "w") as file:
            save_weights_to_hdf5_group(file, getattr(networks, part))
    load_keras_cv(fresh, tmp_path)
    assert_equal(fresh, networks, atol=0, rtol=0)
    (tmp_path / KERAS_CV["unet"]).write_bytes(b"spoilt")
    with pytest.raises(ModelMissing, match=r"kcv_diffusion_model\.h5 cannot be loaded"):
        load_keras_cv(fresh, tmp_path)


def test_the_full_decoder_has_the_weights_of_keras_cv_in_its_order():
    theirs = Decoder(512, 512, download_weights=False)
    ours = build_decoder(STABLE_DIFFUSION_1.decoder)
    assert [weight.shape for weight in ours.weights] == [weight.shape for weight in theirs.weights]
