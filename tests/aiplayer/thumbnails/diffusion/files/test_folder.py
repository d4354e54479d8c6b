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


@pytest.mark.parametrize(
    ("file", "name", "value", "family"),
    [
        ("unet/config.json", "in_channels", 9, "an inpainting model"),
        ("unet/config.json", "in_channels", 8, "a model that edits pictures"),
        ("unet/config.json", "addition_embed_type", "text_time", "Stable Diffusion XL"),
        ("unet/config.json", "use_linear_projection", True, "Stable Diffusion 2.x"),
        ("text_encoder/config.json", "hidden_act", "gelu", "Stable Diffusion 2.x"),
        ("model_index.json", "_class_name", "StableDiffusionXLPipeline", "Stable Diffusion XL"),
        ("model_index.json", "_class_name", "FluxPipeline", "FLUX"),
    ],
)
def test_another_family_is_named_with_the_file_and_the_value(folder, file, name, value, family):
    change(folder / file, **{name: value})
    with pytest.raises(ModelMissing) as refused:
        sizes_of(folder)
    assert refused.value.message.startswith(f"{folder / file} says {name} {value!r}")
    assert f": this is {family}. Give" in refused.value.message


def test_a_pipeline_of_the_family_is_none_of_another(folder):
    change(folder / "model_index.json", _class_name="StableDiffusionImg2ImgPipeline")
    assert sizes_of(folder) == TINY


@pytest.mark.parametrize("given", ["left out", "null"])
def test_an_old_autoencoder_has_the_usual_scaling(folder, given):
    file = folder / "vae" / "config.json"
    content = json.loads(file.read_text())
    content.pop("scaling_factor")
    file.write_text(json.dumps(content | ({"scaling_factor": None} if given == "null" else {})))
    assert sizes_of(folder).decoder.scaling == 0.18215


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
