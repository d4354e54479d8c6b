"""A Stable Diffusion 1.x with random weights, in miniature or full size, made and saved by diffusers."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from aiplayer.thumbnails.diffusion.files.folder import KERAS_CV
from aiplayer.thumbnails.diffusion.sizes import DecoderSizes, Sizes, TextSizes, UNetSizes

# Each of these takes seconds, and most tests that use this module need none.
if TYPE_CHECKING:
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel

    from aiplayer.thumbnails.diffusion.networks import Networks

# scheduler/scheduler_config.json of Stable Diffusion 1.x.
PUBLISHED_SCHEDULER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "timestep_spacing": "leading",
    "clip_sample": False,
}

MERGES = ["r a", "i n</w>", "ra in</w>", "c i", "ci t", "cit y</w>", "n i", "ni g", "nig h", "nigh t</w>", "b y</w>"]

BYTES = 256

TINY_TEXT = TextSizes(vocabulary=525, width=32, layers=2, heads=2, tokens=77)
TINY_DECODER = DecoderSizes(channels=(32, 32, 64, 64), blocks=1)
TINY = Sizes(
    text=TINY_TEXT,
    # TensorFlow needs seconds to trace each attention, so one level has it beside the middle.
    unet=UNetSizes(channels=(32, 64, 64), attends=(False, True, False), blocks=1, heads=4, context_width=32),
    decoder=TINY_DECODER,
)


def vocabulary() -> dict[str, int]:
    """Tokens as CLIP numbers them: 256 bytes, the same at the end of a word, merges, and the two special tokens."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    # CLIP writes every other byte as a letter from 256 on.
    others = range(256, 256 + BYTES - len(printable))
    letters = [chr(code) for code in [*printable, *others]]
    last_letters = [f"{letter}</w>" for letter in letters]
    merged = [merge.replace(" ", "") for merge in MERGES]

    tokens = [*letters, *last_letters, *merged, "<|startoftext|>", "<|endoftext|>"]
    return {token: number for number, token in enumerate(tokens)}


def text_model(sizes: TextSizes) -> "CLIPTextModel":
    """CLIP as Stable Diffusion 1.x has it."""
    from transformers import CLIPTextConfig, CLIPTextModel

    from training.diffusion.reference import randomise

    config = CLIPTextConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.width,
        intermediate_size=4 * sizes.width,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        max_position_embeddings=sizes.tokens,
        hidden_act="quick_gelu",
        pad_token_id=1,
        bos_token_id=sizes.vocabulary - 2,
        eos_token_id=sizes.vocabulary - 1,
    )
    return randomise(CLIPTextModel(config))


def unet_model(sizes: UNetSizes) -> "UNet2DConditionModel":
    """The UNet as Stable Diffusion 1.x has it."""
    from training.diffusion import reference

    return reference.randomise(reference.build(sizes))


def autoencoder_model(sizes: DecoderSizes) -> "AutoencoderKL":
    """The autoencoder as Stable Diffusion 1.x has it."""
    from diffusers import AutoencoderKL

    from training.diffusion.reference import randomise

    levels = len(sizes.channels)
    return randomise(
        AutoencoderKL(
            block_out_channels=sizes.channels,
            down_block_types=["DownEncoderBlock2D"] * levels,
            up_block_types=["UpDecoderBlock2D"] * levels,
            layers_per_block=sizes.blocks - 1,
            latent_channels=sizes.latent_channels,
            scaling_factor=sizes.scaling,
        )
    )


def publish(folder: Path) -> SimpleNamespace:
    """The models as diffusers has them, and the folder in which they are saved.

    Args:
        folder: The folder to save them in.

    Returns:
        `folder`, `text_encoder`, `unet` and `vae`.
    """
    import torch
    from transformers.utils import logging

    torch.manual_seed(0)
    logging.disable_progress_bar()
    models = {
        "text_encoder": text_model(TINY_TEXT),
        "unet": unet_model(TINY.unet),
        "vae": autoencoder_model(TINY_DECODER),
    }

    for name, model in models.items():
        model.save_pretrained(folder / name)
    _save_tokenizer(folder / "tokenizer")
    return SimpleNamespace(folder=folder, **models)


def publish_full_size(folder: Path) -> None:
    """Save a Stable Diffusion 1.x in its full billion of weights, 4.3 GB, one network after the other.

    It reads prompts letter by letter, as the miniature does.

    Args:
        folder: The folder to save it in.
    """
    import gc

    from transformers.utils import logging

    logging.disable_progress_bar()
    builders = {
        "text_encoder": lambda: text_model(TextSizes()),
        "unet": lambda: unet_model(UNetSizes()),
        "vae": lambda: autoencoder_model(DecoderSizes()),
    }
    for name, build in builders.items():
        # One file, as the published model has it.
        build().save_pretrained(folder / name, max_shard_size="10GB")
        gc.collect()
    _save_tokenizer(folder / "tokenizer")


def publish_keras_cv(networks: "Networks", folder: Path) -> None:
    """Write the three files that keras-cv would publish: its layers have the order of ours.

    Args:
        networks: The networks whose weights are written.
        folder: The folder to write them to.
    """
    import h5py
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    for part, name in KERAS_CV.items():
        with h5py.File(folder / name, "w") as file:
            save_weights_to_hdf5_group(file, getattr(networks, part))


def _save_tokenizer(folder: Path) -> None:
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps(vocabulary()), encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *MERGES, ""]), encoding="utf-8")
