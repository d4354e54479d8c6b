"""A latent diffusion model at work: wishes in, pictures out, one batch at a time."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from aiplayer.thumbnails.diffusion.networks import Networks
from aiplayer.thumbnails.diffusion.samplers import Sampler, Target, plan
from aiplayer.thumbnails.diffusion.sampling import Sampling


@dataclass(frozen=True)
class Wish:
    """One picture.

    Attributes:
        prompt: What to paint, in English; what is too much for the model, as `cut` tells, is left out.
        negative_prompt: What to keep out; cut likewise.
        seed: 0 to 2^32 - 1.
        guidance: How much the prompt counts, 1 to 30.
    """

    prompt: str
    negative_prompt: str = ""
    seed: int = 0
    guidance: float = 7.5


class LatentDiffusion(ABC):
    """Networks and the compiled loop; how prompts are read is each model's own.

    Args:
        networks: With their weights.
        jit_compile: Compile by XLA.
    """

    target = Target.NOISE

    def __init__(self, networks: Networks, jit_compile: bool = False):
        self._encode = tf.function(networks.text_encoder, jit_compile=jit_compile)
        self.sampling = Sampling(networks, jit_compile)

    @abstractmethod
    def cut(self, prompt: str) -> str:
        """What of a prompt is too much for the model, "" as a rule."""

    @abstractmethod
    def contexts(self, prompts: Sequence[str], unwanted: Sequence[str] | None = None) -> tf.Tensor:
        """What the UNet looks at, float32 [prompts, tokens, width].

        Args:
            prompts: What to paint.
            unwanted: What to leave out of each, for a model that can be told so within a prompt.
        """

    def paint(
        self, wishes: Sequence[Wish], *, width_px: int, height_px: int, sampler: Sampler, steps: int
    ) -> np.ndarray:
        """Paint all wishes together.

        Args:
            wishes: At least one.
            width_px: A multiple of `sizes.multiple_px`, 64 for Stable Diffusion 1.x.
            height_px: The same.
            sampler: What takes the noise away.
            steps: 1 to 100.

        Returns:
            uint8 [wishes, height, width, 3].

        Raises:
            InvalidInput: a size, seed, guidance or number of steps that is not allowed.
        """
        latents = self.sampling.denoise(
            plan(sampler, steps, self.target),
            self.sampling.initial_latents([wish.seed for wish in wishes], width_px, height_px),
            self.contexts([wish.prompt for wish in wishes], [wish.negative_prompt for wish in wishes]),
            self.contexts([wish.negative_prompt for wish in wishes]),
            [wish.guidance for wish in wishes],
        )
        shades = self.sampling.paint(latents).numpy() * 127.5 + 127.5
        return np.clip(np.rint(shades), 0, 255).astype(np.uint8)
