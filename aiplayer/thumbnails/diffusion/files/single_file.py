"""Single files that people take for a model of ours, and what to make of them."""

from pathlib import Path

from safetensors import SafetensorError, safe_open

from aiplayer.errors import ModelMissing

PICKLED = (".ckpt", ".pt", ".pth", ".bin")
CHECKPOINT = (
    "is a whole checkpoint in one file. Convert it to a folder with diffusers, by "
    "StableDiffusionPipeline.from_single_file(FILE).save_pretrained(FOLDER), and give that folder."
)
LORA = "is a LoRA, which only changes a model. Fuse it into a Stable Diffusion 1.x with diffusers, and give that."
# How the names of tensors begin.
FOREIGN = {
    "model.diffusion_model.": CHECKPOINT,
    "first_stage_model.": CHECKPOINT,
    "cond_stage_model.": CHECKPOINT,
    "lora_": LORA,
}


def refuse_foreign_file(path: Path) -> None:
    """Say what a single file is where it is not the small model's; what cannot be read is left to who reads it.

    Args:
        path: A folder, or a file with weights.

    Raises:
        ModelMissing: the file holds a whole checkpoint or a LoRA.
    """
    if not path.is_file():
        return
    if path.suffix in PICKLED:
        raise ModelMissing(f"{path} {CHECKPOINT}")

    for name in _tensor_names(path):
        for beginning, meaning in FOREIGN.items():
            if name.startswith(beginning):
                raise ModelMissing(f"{path} {meaning}")


def _tensor_names(path: Path) -> list[str]:
    """The names of a safetensors file's tensors, none where it is no such file."""
    try:
        with safe_open(path, framework="numpy") as file:
            return list(file.keys())
    except (OSError, SafetensorError):
        return []
