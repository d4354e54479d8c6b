"""The folder of a model: which files it holds, the model's sizes, and whether the model is a Stable Diffusion 1.x.

A folder has the diffusers layout, or holds keras-cv's own three files, which have no configurations and the full size.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.thumbnails.diffusion.sizes import STABLE_DIFFUSION_1, DecoderSizes, Sizes, TextSizes, UNetSizes

SAFETENSORS = {
    "text_encoder": "text_encoder/model",
    "unet": "unet/diffusion_pytorch_model",
    "decoder": "vae/diffusion_pytorch_model",
}
# The first file that is there is read.
SUFFIXES = (".safetensors", ".fp16.safetensors")
KERAS_CV = {"text_encoder": "kcv_encoder.h5", "unet": "kcv_diffusion_model.h5", "decoder": "kcv_decoder.h5"}
TOKENIZER = "tokenizer"
CONFIGURATIONS = tuple(f"{part}/config.json" for part in ("text_encoder", "unet", "vae"))
SCHEDULER = "scheduler/scheduler_config.json"

# What the configurations of Stable Diffusion 1.x say, by file and name; a folder that says otherwise is another model.
EXPECTED: dict[str, dict[str, object]] = {
    "text_encoder/config.json": {"hidden_act": "quick_gelu"},
    "unet/config.json": {
        "act_fn": "silu",
        "in_channels": 4,
        "addition_embed_type": None,
        "use_linear_projection": False,
    },
    SCHEDULER: {"prediction_type": "epsilon", "beta_schedule": "scaled_linear"},
}
# By what other models are known, and how people call them.
FAMILIES = {
    ("hidden_act", "gelu"): "Stable Diffusion 2.x",
    ("use_linear_projection", True): "Stable Diffusion 2.x",
    ("addition_embed_type", "text_time"): "Stable Diffusion XL",
    ("in_channels", 9): "an inpainting model",
    ("in_channels", 8): "a model that edits pictures",
}
# Their pipelines in `model_index.json`, by how the names begin.
PIPELINE = "model_index.json"
OTHER_PIPELINES = {
    "StableDiffusionXL": "Stable Diffusion XL",
    "StableDiffusion3": "Stable Diffusion 3",
    "Flux": "FLUX",
}


def is_keras_cv(folder: str | Path) -> bool:
    """Whether a folder holds any of keras-cv's own files."""
    files = [Path(folder) / name for name in KERAS_CV.values()]
    return any(file.exists() for file in files)


def sizes_of(folder: str | Path) -> Sizes:
    """The sizes of the model in a folder, by its configurations.

    Args:
        folder: The folder of the model; keras-cv's files without any configurations have the full size.

    Raises:
        ModelMissing: a configuration is missing, cannot be read, or is not that of a Stable Diffusion 1.x.
    """
    folder = Path(folder)
    has_configurations = any((folder / name).exists() for name in CONFIGURATIONS)
    if is_keras_cv(folder) and not has_configurations:
        return STABLE_DIFFUSION_1

    _check_pipeline(folder / PIPELINE)
    for name, expected in EXPECTED.items():
        # Old folders have no scheduler's configuration: there was only one choice then.
        if name != SCHEDULER or (folder / name).exists():
            _check(folder / name, expected)

    text, unet, autoencoder = (read_object(folder / name) for name in CONFIGURATIONS)
    try:
        return Sizes(_text_sizes(text), _unet_sizes(unet), _decoder_sizes(autoencoder))
    except (KeyError, TypeError, InvalidInput) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ModelMissing(f"{folder} is no Stable Diffusion 1.x: {reason}. Give another model.") from error


def _text_sizes(configuration: dict) -> TextSizes:
    return TextSizes(
        vocabulary=configuration["vocab_size"],
        width=configuration["hidden_size"],
        layers=configuration["num_hidden_layers"],
        heads=configuration["num_attention_heads"],
        tokens=configuration["max_position_embeddings"],
    )


def _unet_sizes(configuration: dict) -> UNetSizes:
    return UNetSizes(
        latent_channels=configuration["in_channels"],
        channels=tuple(configuration["block_out_channels"]),
        attends=tuple(kind.startswith("CrossAttn") for kind in configuration["down_block_types"]),
        blocks=configuration["layers_per_block"],
        # diffusers calls the number of heads the size of one.
        heads=configuration["attention_head_dim"],
        context_width=configuration["cross_attention_dim"],
    )


def _decoder_sizes(configuration: dict) -> DecoderSizes:
    return DecoderSizes(
        latent_channels=configuration["latent_channels"],
        channels=tuple(configuration["block_out_channels"]),
        # The decoder has one block a level more than the encoder, whose number is given.
        blocks=configuration["layers_per_block"] + 1,
        # Old configurations leave it out, and some say null.
        scaling=configuration.get("scaling_factor") or DecoderSizes.scaling,
    )


def read_object(file: Path) -> dict:
    """The JSON object in a file.

    Args:
        file: A file of a model's folder.

    Raises:
        ModelMissing: the file is missing, cannot be read, or holds something else.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelMissing(f"{file} cannot be read. Give a folder in the diffusers layout.") from error

    if not isinstance(content, dict):
        raise ModelMissing(f"{file} is no JSON object. Give a folder in the diffusers layout.")
    return content


def _check_pipeline(file: Path) -> None:
    """Raise ModelMissing where `model_index.json` names another family; many folders do without the file."""
    if not file.exists():
        return
    pipeline = str(read_object(file).get("_class_name"))
    for beginning, family in OTHER_PIPELINES.items():
        if pipeline.startswith(beginning):
            raise ModelMissing(f"{file} says _class_name {pipeline!r}: this is {family}. Give a Stable Diffusion 1.x.")


def _check(file: Path, expected: Mapping[str, object]) -> None:
    """Raise ModelMissing where a configuration has another value than the expected one; it may leave a value out."""
    configuration = read_object(file)
    for name, value in expected.items():
        actual = configuration.get(name, value)
        if actual != value:
            families = [family for known, family in FAMILIES.items() if known == (name, actual)]
            hint = f": this is {families[0]}" if families else ""
            raise ModelMissing(
                f"{file} says {name} {actual!r} where Stable Diffusion 1.x has {value!r}{hint}. Give another model."
            )
