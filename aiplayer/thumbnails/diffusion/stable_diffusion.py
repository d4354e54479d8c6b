"""Stable Diffusion 1.x, whose prompts a CLIP text encoder reads."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import tensorflow as tf

from aiplayer.thumbnails.diffusion.files.weights import load_weights
from aiplayer.thumbnails.diffusion.latent_diffusion import LatentDiffusion
from aiplayer.thumbnails.diffusion.networks import Networks, build_networks
from aiplayer.thumbnails.diffusion.sizes import STABLE_DIFFUSION_1, Sizes
from aiplayer.thumbnails.diffusion.tokenizer import Tokenizer


class StableDiffusion(LatentDiffusion):
    """Reads prompts as CLIP does.

    Args:
        tokenizer: The tokenizer of the text encoder.
        networks: The networks of the model, with their weights.
        jit_compile: Whether XLA compiles.
    """

    def __init__(self, tokenizer: Tokenizer, networks: Networks, jit_compile: bool = False) -> None:
        super().__init__(networks, jit_compile)
        self._tokenizer = tokenizer

    @classmethod
    def from_folder(
        cls,
        folder: str | Path,
        sizes: Sizes = STABLE_DIFFUSION_1,
        *,
        precision: str = "float32",
        jit_compile: bool = False,
        prompt_ending: str = "",
    ) -> Self:
        """The model of a folder.

        Args:
            folder: A folder with `tokenizer`, and with `text_encoder`, `unet` and `vae` or keras-cv's own files.
            sizes: The sizes of the model.
            precision: The precision to compute in: float32, mixed_float16, mixed_bfloat16 or bfloat16.
            jit_compile: Whether XLA compiles.
            prompt_ending: With what most prompts end; a prompt that is too long is cut before it.

        Raises:
            InvalidInput: an unknown precision.
            ModelMissing: a file is missing, cannot be read, or does not fit.
        """
        tokenizer = Tokenizer(Path(folder) / "tokenizer", sizes.text.tokens, prompt_ending)
        networks = build_networks(sizes, precision)
        load_weights(networks, folder)
        return cls(tokenizer, networks, jit_compile)

    def cut(self, prompt: str) -> str:
        """What of a prompt its 77 tokens have no room for, "" as a rule."""
        return self._tokenizer(prompt).cut

    def contexts(self, prompts: Sequence[str], unwanted: Sequence[str] | None = None) -> tf.Tensor:
        """What the UNet looks at.

        Args:
            prompts: What to paint.
            unwanted: Not used: CLIP cannot be told what to leave out.

        Returns:
            float32 [prompts, tokens, width].
        """
        tokens = np.stack([self._tokenizer(prompt).tokens for prompt in prompts])
        positions = np.broadcast_to(np.arange(tokens.shape[1], dtype=np.int32), tokens.shape)
        context = self._encode([tf.constant(tokens), tf.constant(positions)])
        return tf.cast(context, tf.float32)
