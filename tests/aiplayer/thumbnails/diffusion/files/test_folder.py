"""What a folder says of its model."""

import json
import shutil

import pytest

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion.files.folder import KERAS_CV, SAFETENSORS, is_keras_cv, sizes_of
from aiplayer.thumbnails.diffusion.sizes import STABLE_DIFFUSION_1
from tests.support.stable_diffusion import TINY


@pytest.fixture
def folder(published, tmp_path):
    """A copy of the configurations alone."""
    shutil.copytree(published.folder, tmp_path / "model", ignore=shutil.ignore_patterns("*.safetensors"))
    return tmp_path / "model"


def change(file, **values):
    file.parent.mkdir(exist_ok=True)
    content = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(content | values))


def test_sizes_are_those_that_it_was_made_with(folder):
    assert sizes_of(folder) == TINY


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("text_encoder/config.json", "hidden_act", "gelu"),
        ("scheduler/scheduler_config.json", "prediction_type", "v_prediction"),
    ],
)
def test_a_model_that_was_trained_otherwise_is_refused(folder, file, name, value):
    change(folder / file, **{name: value})
    with pytest.raises(ModelMissing, match=f"{file} says {name} '{value}' where Stable Diffusion 1.x has"):
        sizes_of(folder)


def test_a_list_of_heads_is_another_model(folder):
    change(folder / "unet/config.json", attention_head_dim=[4, 8, 8, 8])
    with pytest.raises(ModelMissing, match=r"is no Stable Diffusion 1\.x"):
        sizes_of(folder)


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_configuration_that_cannot_be_read_is_named(folder, content):
    (folder / "vae" / "config.json").write_text(content)
    with pytest.raises(ModelMissing, match=r"vae/config\.json"):
        sizes_of(folder)


def test_files_of_keras_cv_have_the_full_size_where_no_configuration_says_otherwise(folder, tmp_path):
    assert not is_keras_cv(folder)
    bare = tmp_path / "bare"
    bare.mkdir()
    for where in (bare, folder):
        (where / KERAS_CV["unet"]).touch()
        assert is_keras_cv(where)
    assert (sizes_of(bare), sizes_of(folder)) == (STABLE_DIFFUSION_1, TINY)


def test_our_networks_have_a_file_in_each_layout():
    assert list(SAFETENSORS) == list(KERAS_CV) == ["text_encoder", "unet", "decoder"]
