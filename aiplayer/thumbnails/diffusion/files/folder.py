"""What a folder says of its model: which files it holds, the sizes, and whether we compute as it was trained.

It has the diffusers layout, or holds keras-cv's own three files; those have no configurations and the full size.
"""

import json
from pathlib import Path

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.thumbnails.diffusion.sizes import STABLE_DIFFUSION_1, DecoderSizes, Sizes, TextSizes, UNetSizes

SAFETENSORS = {
    "text_encoder": "text_encoder/model",
    "unet": "unet/diffusion_pytorch_model",
    "decoder": "vae/diffusion_pytorch_model",
}
# The first that is there is read.
SUFFIXES = (".safetensors", ".fp16.safetensors")
KERAS_CV = {"text_encoder": "kcv_encoder.h5", "unet": "kcv_diffusion_model.h5", "decoder": "kcv_decoder.h5"}
TOKENIZER = ("tokenizer/vocab.json", "tokenizer/merges.txt")
CONFIGURATIONS = tuple(f"{part}/config.json" for part in ("text_encoder", "unet", "vae"))
SCHEDULER = "scheduler/scheduler_config.json"

# What Stable Diffusion 1.x is, by file and name; a folder that says otherwise is another model.
EXPECTED = {
    "text_encoder/config.json": {"hidden_act": "quick_gelu"},
    "unet/config.json": {"act_fn": "silu"},
    SCHEDULER: {"prediction_type": "epsilon", "beta_schedule": "scaled_linear"},
}


def is_keras_cv(folder: str | Path) -> bool:
    """Whether a folder holds any of keras-cv's own files."""
    return any((Path(folder) / name).exists() for name in KERAS_CV.values())


def sizes_of(folder: str | Path) -> Sizes:
    """The sizes that the folder's own configurations give; without any, keras-cv's files have the full size.

    Raises:
        ModelMissing: a configuration is missing, cannot be read, or is not that of a Stable Diffusion 1.x.
    """
    folder = Path(folder)
    if is_keras_cv(folder) and not any((folder / name).exists() for name in CONFIGURATIONS):
        return STABLE_DIFFUSION_1
    for name, expected in EXPECTED.items():
        # Old folders leave out what was the only choice then.
        if (folder / name).exists() or name != SCHEDULER:
            _check(folder / name, expected)
    text, unet, autoencoder = (read_object(folder / name) for name in CONFIGURATIONS)
    try:
        return Sizes(
            TextSizes(
                text["vocab_size"],
                text["hidden_size"],
                text["num_hidden_layers"],
                text["num_attention_heads"],
                text["max_position_embeddings"],
            ),
            UNetSizes(
                unet["in_channels"],
                tuple(unet["block_out_channels"]),
                tuple(kind.startswith("CrossAttn") for kind in unet["down_block_types"]),
                unet["layers_per_block"],
                # Its authors called the count of heads the size of one.
                unet["attention_head_dim"],
                unet["cross_attention_dim"],
            ),
            DecoderSizes(
                autoencoder["latent_channels"],
                tuple(autoencoder["block_out_channels"]),
                autoencoder["layers_per_block"] + 1,
                autoencoder.get("scaling_factor", DecoderSizes.scaling),
            ),
        )
    except (KeyError, TypeError, InvalidInput) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ModelMissing(f"{folder} is no Stable Diffusion 1.x: {reason}. Give another model.") from error


def read_object(file: Path) -> dict:
    """The JSON object in a file.

    Raises:
        ModelMissing: there is none.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelMissing(f"{file} cannot be read. Give a folder in the diffusers layout.") from error
    if not isinstance(content, dict):
        raise ModelMissing(f"{file} is no JSON object. Give a folder in the diffusers layout.")
    return content


def _check(file: Path, expected: dict[str, str]) -> None:
    found = read_object(file)
    for name, value in expected.items():
        if found.get(name, value) != value:
            raise ModelMissing(
                f"{file} says {name} {found[name]!r} where Stable Diffusion 1.x has {value!r}. Give another model."
            )
