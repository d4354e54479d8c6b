"""Folders of weights: both generations of names, half precision, keras-cv's files, and what is refused."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion.files.folder import KERAS_CV
from aiplayer.thumbnails.diffusion.files.weights import load_network, load_safetensors, load_weights
from aiplayer.thumbnails.diffusion.networks import Networks
from aiplayer.thumbnails.diffusion.text_encoder import build_text_encoder
from tests.support.stable_diffusion import TINY, publish_keras_cv

pytestmark = pytest.mark.heavy

PARTS = ("text_encoder", "unet", "decoder")
TEXT = "text_encoder/model.safetensors"
UNET = "unet/diffusion_pytorch_model.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"
OLD_ATTENTION = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}


@pytest.fixture
def emptied(networks) -> Iterator[Networks]:
    """Networks whose weights are all 0; afterwards they are what they were."""
    before = weights_of(networks)
    for part in PARTS:
        for weight in getattr(networks, part).weights:
            weight.assign(np.zeros(weight.shape))
    yield networks
    for part in PARTS:
        getattr(networks, part).set_weights(before[part])


@pytest.fixture
def loaded(networks) -> dict[str, list[np.ndarray]]:
    """The weights of the published folder; taken before any are emptied."""
    return weights_of(networks)


def weights_of(networks: Networks) -> dict[str, list[np.ndarray]]:
    return {part: getattr(networks, part).get_weights() for part in PARTS}


@pytest.fixture
def folder(published, tmp_path):
    """A copy of the published folder, to be spoilt."""
    return shutil.copytree(published.folder, tmp_path / "model")


def rewrite(path, change) -> None:
    """Replace the tensors of a file by `change` of them."""
    save_file(change(load_file(path)), path)


def assert_equal(networks: Networks, expected: dict[str, list[np.ndarray]], **tolerance) -> None:
    for part, weights in weights_of(networks).items():
        for weight, expected_weight in zip(weights, expected[part], strict=True):
            assert np.allclose(weight, expected_weight, **tolerance)
            assert weight.any()


def test_names_of_older_files_load_as_well(loaded, emptied, folder):
    def old_vae(tensors):
        return {_older(name): array for name, array in tensors.items()}

    def old_text(tensors):
        prefixed = {f"text_model.{name}": array for name, array in tensors.items()}
        return prefixed | {"text_model.embeddings.position_ids": np.arange(77)[np.newaxis]}

    rewrite(folder / VAE, old_vae)
    rewrite(folder / TEXT, old_text)
    assert "decoder.mid_block.attentions.0.proj_attn.weight" in load_file(folder / VAE)
    load_safetensors(emptied, folder)
    assert_equal(emptied, loaded, atol=0, rtol=0)


def _older(name: str) -> str:
    for new, old in OLD_ATTENTION.items():
        name = name.replace(f"attentions.0.{new}.", f"attentions.0.{old}.")
    return name


def test_half_precision_is_read_where_it_is_all_there_is(loaded, emptied, folder):
    for name in (TEXT, UNET, VAE):
        rewrite(folder / name, lambda tensors: {key: array.astype(np.float16) for key, array in tensors.items()})
        (folder / name).rename(folder / name.replace(".safetensors", ".fp16.safetensors"))
    load_safetensors(emptied, folder)
    assert_equal(emptied, loaded, rtol=1e-3, atol=1e-4)


def without(name):
    return lambda tensors: {key: array for key, array in tensors.items() if key != name}


def with_(name, array):
    return lambda tensors: tensors | {name: array}


@pytest.mark.parametrize(
    ("file", "change", "problem"),
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
def test_weights_that_do_not_fit_are_refused_by_name(emptied, folder, file, change, problem):
    rewrite(folder / file, change)
    with pytest.raises(ModelMissing) as refused:
        load_safetensors(emptied, folder)
    assert refused.value.message.startswith(f"The weights {folder / file} do not fit: ")
    pattern = problem if isinstance(problem, re.Pattern) else re.escape(problem)
    assert re.search(pattern, refused.value.message)


def test_a_file_that_is_not_there_is_named(emptied, folder):
    (folder / VAE).unlink()
    with pytest.raises(ModelMissing) as refused:
        load_safetensors(emptied, folder)
    assert refused.value.message == f"There are no weights {folder / VAE}. Give a folder in the diffusers layout."


def test_a_file_that_may_run_code_is_not_read(emptied, folder):
    (folder / VAE).rename(folder / "vae" / "diffusion_pytorch_model.bin")
    with pytest.raises(ModelMissing) as refused:
        load_safetensors(emptied, folder)
    assert refused.value.message == (
        f"There are no weights {folder / VAE}: safetensors are needed, and this folder has diffusion_pytorch_model.bin"
        ", which can run any code when it is read. Save the model as safetensors with diffusers' save_pretrained."
    )


@pytest.mark.parametrize("prefix", ["", "text_model."])
def test_layers_beyond_those_that_are_counted_are_left_out(published, folder, prefix):
    import torch
    from transformers import CLIPTextModel

    if prefix:
        rewrite(folder / TEXT, lambda tensors: {prefix + name: array for name, array in tensors.items()})
    encoder = build_text_encoder(replace(TINY.text, layers=1))
    load_network(encoder, folder / TEXT)

    # As transformers reads the folder with one layer.
    theirs = CLIPTextModel.from_pretrained(published.folder / "text_encoder", num_hidden_layers=1)
    tokens = np.arange(77)[np.newaxis]
    expected = theirs(torch.from_numpy(tokens)).last_hidden_state.detach().numpy()
    assert np.allclose(encoder([tokens, tokens]), expected, atol=1e-4)


def test_a_file_that_breaks_off_is_refused(emptied, folder):
    (folder / UNET).write_bytes((folder / UNET).read_bytes()[:-100])
    with pytest.raises(ModelMissing, match=f"The weights {folder / UNET} cannot be read: .*Fetch the file anew."):
        load_safetensors(emptied, folder)


def test_files_of_keras_cv_load(loaded, networks, request, tmp_path):
    publish_keras_cv(networks, tmp_path)
    emptied = request.getfixturevalue("emptied")
    load_weights(emptied, tmp_path)
    assert_equal(emptied, loaded, atol=0, rtol=0)
    (tmp_path / KERAS_CV["unet"]).write_bytes(b"spoilt")
    with pytest.raises(ModelMissing, match=r"kcv_diffusion_model\.h5 cannot be loaded"):
        load_weights(emptied, tmp_path)
    (tmp_path / KERAS_CV["unet"]).unlink()
    with pytest.raises(ModelMissing, match=r"kcv_diffusion_model\.h5 cannot be loaded: .*\. Fetch the file anew\."):
        load_weights(emptied, tmp_path)
