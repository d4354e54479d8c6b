"""A Stable Diffusion 1.x model at work: wishes in, pictures out, one batch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import tensorflow as tf

from aiplayer.diffusion.networks import Networks, build_networks
from aiplayer.diffusion.samplers import Sampler, plan
from aiplayer.diffusion.sampling import Sampling
from aiplayer.diffusion.sizes import STABLE_DIFFUSION_1, Sizes
from aiplayer.diffusion.tokenizer import Prompt, Tokenizer
from aiplayer.diffusion.weights import load_safetensors


@dataclass(frozen=True)
class Wish:
    """One picture.

    Attributes:
        prompt: What to paint, in English; cut at a word after 77 tokens.
        negative_prompt: What to keep out; cut likewise.
        seed: 0 to 2^32 - 1.
        guidance: How much the prompt counts, 1 to 30.
    """

    prompt: str
    negative_prompt: str = ""
    seed: int = 0
    guidance: float = 7.5


@dataclass(frozen=True)
class Picture:
    """A painted wish.

    Attributes:
        pixels: uint8 [height, width, 3].
        cut: What of the prompt did not fit, empty as a rule.
        negative_cut: What of the negative prompt did not fit.
    """

    pixels: np.ndarray
    cut: str
    negative_cut: str


class StableDiffusion:
    """Tokenizer, networks and the compiled loop.

    Args:
        tokenizer: Of the text encoder.
        networks: With their weights.
        jit_compile: Compile by XLA.
    """

    def __init__(self, tokenizer: Tokenizer, networks: Networks, jit_compile: bool = False):
        self._tokenizer = tokenizer
        self._encode = tf.function(networks.text_encoder, jit_compile=jit_compile)
        self.sampling = Sampling(networks, jit_compile)

    @classmethod
    def from_folder(
        cls,
        folder: str | Path,
        sizes: Sizes = STABLE_DIFFUSION_1,
        *,
        sha256: Mapping[str, str] | None = None,
        precision: str = "float32",
        jit_compile: bool = False,
    ) -> Self:
        """The model of a folder in the diffusers layout.

        Args:
            folder: Holds `tokenizer`, `text_encoder`, `unet` and `vae`.
            sizes: Of the model.
            sha256: Expected hashes by file name inside the folder.
            precision: float32, mixed_float16, mixed_bfloat16 or bfloat16.
            jit_compile: Compile by XLA.

        Raises:
            InvalidInput: an unknown precision.
            ModelMissing: a file is missing, is not the expected one, or does not fit.
        """
        tokenizer = Tokenizer(Path(folder) / "tokenizer", sizes.text.tokens)
        networks = build_networks(sizes, precision)
        load_safetensors(networks, folder, sha256)
        return cls(tokenizer, networks, jit_compile)

    def paint(
        self, wishes: Sequence[Wish], *, width_px: int, height_px: int, sampler: Sampler, steps: int
    ) -> list[Picture]:
        """Paint all wishes together.

        Args:
            wishes: At least one.
            width_px: A multiple of 64.
            height_px: The same.
            sampler: What takes the noise away.
            steps: 1 to 100.

        Raises:
            InvalidInput: a size, seed, guidance or number of steps that is not allowed.
        """
        prompts = [self._tokenizer(wish.prompt) for wish in wishes]
        negatives = [self._tokenizer(wish.negative_prompt) for wish in wishes]
        latents = self.sampling.denoise(
            plan(sampler, steps),
            self.sampling.initial_latents([wish.seed for wish in wishes], width_px, height_px),
            self.contexts(prompts),
            self.contexts(negatives),
            [wish.guidance for wish in wishes],
        )
        shades = self.sampling.paint(latents).numpy() * 127.5 + 127.5
        pixels = np.clip(np.rint(shades), 0, 255).astype(np.uint8)
        texts = zip(pixels, prompts, negatives, strict=True)
        return [Picture(painted, prompt.cut, negative.cut) for painted, prompt, negative in texts]

    def cut(self, prompt: str) -> str:
        """What of a prompt comes after its 77 tokens, "" as a rule."""
        return self._tokenizer(prompt).cut

    def contexts(self, prompts: Sequence[Prompt]) -> tf.Tensor:
        """What the UNet looks at, float32 [prompts, tokens, width]."""
        tokens = np.stack([prompt.tokens for prompt in prompts])
        positions = np.broadcast_to(np.arange(tokens.shape[1], dtype=np.int32), tokens.shape)
        return tf.cast(self._encode([tf.constant(tokens), tf.constant(positions)]), tf.float32)
