"""A single file that is no model of ours is called by its name."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from aiplayer.errors import ModelMissing
from aiplayer.settings import Settings
from aiplayer.thumbnails.diffusion.files.single_file import refuse_foreign_file
from aiplayer.thumbnails.models import thumbnail_model

CHECKPOINT = (
    "is a whole checkpoint in one file. Convert it to a folder with diffusers, by "
    "StableDiffusionPipeline.from_single_file(FILE).save_pretrained(FOLDER), and give that folder."
)


@pytest.mark.parametrize(
    ("tensor", "meaning"),
    [
        ("model.diffusion_model.input_blocks.0.0.weight", CHECKPOINT),
        ("cond_stage_model.transformer.text_model.final_layer_norm.bias", CHECKPOINT),
        ("lora_unet_mid_block.alpha", "is a LoRA, which only changes a model."),
    ],
)
def test_what_people_take_for_a_model_is_named(tmp_path, tensor, meaning):
    file = tmp_path / "model.safetensors"
    save_file({tensor: np.zeros(1)}, file)
    with pytest.raises(ModelMissing) as refused:
        thumbnail_model(Settings(diffusion_weights=str(file)))
    assert refused.value.message.startswith(f"{file} {meaning}")


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".bin"])
def test_a_pickled_checkpoint_is_not_opened(tmp_path, suffix):
    file = tmp_path / f"model{suffix}"
    file.touch()
    with pytest.raises(ModelMissing) as refused:
        thumbnail_model(Settings(diffusion_weights=str(file)))
    assert refused.value.message == f"{file} {CHECKPOINT}"


def test_a_folder_a_file_of_ours_and_what_cannot_be_read_are_left_to_others(tmp_path):
    (tmp_path / "broken.safetensors").write_bytes(b"?")
    save_file({"unet.000": np.zeros(1)}, tmp_path / "small.safetensors")
    for path in (tmp_path, tmp_path / "nothing", tmp_path / "broken.safetensors", tmp_path / "small.safetensors"):
        refuse_foreign_file(path)
