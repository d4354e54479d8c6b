"""What a folder in the diffusers layout says of its model: the sizes, and whether we compute as it was trained."""

import json
from pathlib import Path

from aiplayer.diffusion.sizes import DecoderSizes, Sizes, TextSizes, UNetSizes
from aiplayer.errors import InvalidInput, ModelMissing

# What Stable Diffusion 1.x is, by file and name; a folder that says otherwise is another model.
EXPECTED = {
    "text_encoder/config.json": {"hidden_act": "quick_gelu"},
    "unet/config.json": {"act_fn": "silu"},
    "scheduler/scheduler_config.json": {"prediction_type": "epsilon", "beta_schedule": "scaled_linear"},
}
HASHES_FILE = "sha256.json"


def sizes_of(folder: str | Path) -> Sizes:
    """The sizes that the folder's own configurations give.

    Raises:
        ModelMissing: a configuration is missing, cannot be read, or is not that of a Stable Diffusion 1.x.
    """
    folder = Path(folder)
    for name, expected in EXPECTED.items():
        # Old folders leave out what was the only choice then.
        if (folder / name).exists() or name != "scheduler/scheduler_config.json":
            _check(folder / name, expected)
    text, unet, autoencoder = (_read(folder / part / "config.json") for part in ("text_encoder", "unet", "vae"))
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
        raise ModelMissing(f"{folder} is no Stable Diffusion 1.x: {reason}. Give another folder.") from error


def hashes_of(folder: str | Path) -> dict[str, str]:
    """The sha256 that each file must have, from `sha256.json` where the folder has one.

    Raises:
        ModelMissing: the file cannot be read.
    """
    file = Path(folder) / HASHES_FILE
    return _read(file) if file.exists() else {}


def _check(file: Path, expected: dict[str, str]) -> None:
    found = _read(file)
    for name, value in expected.items():
        if found.get(name, value) != value:
            raise ModelMissing(
                f"{file} says {name} {found[name]!r} where Stable Diffusion 1.x has {value!r}. Give another folder."
            )


def _read(file: Path) -> dict:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelMissing(f"{file} cannot be read. Give a folder in the diffusers layout.") from error
    if not isinstance(content, dict):
        raise ModelMissing(f"{file} is no JSON object. Give a folder in the diffusers layout.")
    return content
