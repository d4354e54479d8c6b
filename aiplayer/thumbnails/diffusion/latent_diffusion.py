"""A latent diffusion model at work: it paints wishes, one batch at a time."""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from aiplayer.errors import NotPainted
from aiplayer.thumbnails.diffusion.networks import Networks
from aiplayer.thumbnails.diffusion.samplers import Sampler, Target, plan
from aiplayer.thumbnails.diffusion.sampling import Sampling
from aiplayer.thumbnails.progress import TellShare, tell_nobody

# Pictures of -1 to 1 become shades of 0 to 255.
HALF_RANGE = 127.5


@dataclass(frozen=True)
class Wish:
    """One picture that is wished for.

    Attributes:
        prompt: What to paint, in English; what is too long for the model, as `cut` tells, is left out.
        negative_prompt: What to keep out of the picture; what is too long is left out too.
        seed: Seed of the noise, 0 to 2^32 - 1.
        guidance: Guidance scale: how much the prompt counts, 1 to 30.
    """

    prompt: str
    negative_prompt: str = ""
    seed: int = 0
    guidance: float = 7.5


class LatentDiffusion(ABC):
    """Networks and the compiled loop; how prompts are read is each model's own.

    Args:
        networks: The networks of the model, with their weights.
        jit_compile: Whether XLA compiles.
    """

    target = Target.NOISE

    def __init__(self, networks: Networks, jit_compile: bool = False) -> None:
        # Without XLA what is traced for one number of prompts and for another serves all numbers.
        self._encode = tf.function(networks.text_encoder, jit_compile=jit_compile, reduce_retracing=not jit_compile)
        self._is_traced_for_all = not jit_compile
        self.sampling = Sampling(networks, jit_compile)
        # How much of a picture's time the steps take; the decoder takes the rest, as `warm_up` measures it.
        self._denoising_share = 1.0

    @abstractmethod
    def cut(self, prompt: str) -> str:
        """The end of a prompt that is too long for the model, "" as a rule."""

    @abstractmethod
    def contexts(self, prompts: Sequence[str], unwanted: Sequence[str] | None = None) -> tf.Tensor:
        """What the UNet looks at.

        Args:
            prompts: What to paint.
            unwanted: What to leave out of each picture, for a model that can be told so within a prompt.

        Returns:
            float32 [prompts, tokens, width].
        """

    def paint(
        self, wishes: Sequence[Wish], *, width_px: int, height_px: int, sampler: Sampler, steps: int
    ) -> np.ndarray:
        """Paint all wishes together.

        Args:
            wishes: What to paint, at least one picture.
            width_px: Width of the pictures, a multiple of `sizes.multiple_px`: 64 for Stable Diffusion 1.x.
            height_px: Height of the pictures, a multiple of `sizes.multiple_px`.
            sampler: The sampler that takes the noise away.
            steps: The number of steps, 1 to 100.

        Returns:
            uint8 [wishes, height, width, 3].

        Raises:
            InvalidInput: a size, seed, guidance or number of steps that is not allowed.
            NotPainted: not all numbers of a picture are finite.
        """
        return to_shades(self.compute(wishes, width_px=width_px, height_px=height_px, sampler=sampler, steps=steps))

    def compute(
        self,
        wishes: Sequence[Wish],
        *,
        width_px: int,
        height_px: int,
        sampler: Sampler,
        steps: int,
        tell: TellShare = tell_nobody,
    ) -> np.ndarray:
        """Paint all wishes together, up to the numbers that `to_shades` makes shades of.

        Args:
            wishes: As `paint` takes them, and so are the sizes, the sampler and the steps.
            width_px: Width of the pictures.
            height_px: Height of the pictures.
            sampler: The sampler that takes the noise away.
            steps: The number of steps.
            tell: Called before every step with the share of the pictures' time that is over; what it raises ends them.

        Returns:
            float32 [wishes, height, width, 3], from -1 to 1 and a little beyond; perhaps not finite.

        Raises:
            InvalidInput: a size, seed, guidance or number of steps that is not allowed.
        """

        def tell_share_of_steps(share: float) -> None:
            tell(share * self._denoising_share)

        latents = self._denoise(wishes, width_px, height_px, sampler, steps, tell_share_of_steps)
        return self.sampling.paint(tf.constant(latents)).numpy()

    def warm_up(self, wishes: Sequence[Wish], *, width_px: int, height_px: int, sampler: Sampler, steps: int) -> float:
        """Compile what `paint` needs for a batch of this size, by painting it twice in one step.

        Args:
            wishes: What to paint.
            width_px: As `paint` is asked.
            height_px: As `paint` is asked.
            sampler: As `paint` is asked.
            steps: As `paint` is asked.

        Returns:
            Seconds that `paint` takes for such a batch on this device.

        Raises:
            InvalidInput: as `paint`.
            NotPainted: as `paint`.
        """
        # The compiled loop takes any number of steps, so one is enough.
        self.paint(wishes, width_px=width_px, height_px=height_px, sampler=sampler, steps=1)

        start_s = time.perf_counter()
        latents = self._denoise(wishes, width_px, height_px, sampler, 1)
        denoised_s = time.perf_counter()
        to_shades(self.sampling.paint(tf.constant(latents)).numpy())
        painted_s = time.perf_counter()
        if self._is_traced_for_all:
            self.contexts([wishes[0].prompt] * (len(wishes) + 1))

        all_steps_s = (denoised_s - start_s) * steps
        whole_s = all_steps_s + (painted_s - denoised_s)
        self._denoising_share = all_steps_s / whole_s
        return whole_s

    def _denoise(
        self,
        wishes: Sequence[Wish],
        width_px: int,
        height_px: int,
        sampler: Sampler,
        steps: int,
        tell: TellShare = tell_nobody,
    ) -> np.ndarray:
        """Latents without noise, float32 [wishes, height, width, channels]."""
        prompts = [wish.prompt for wish in wishes]
        negative_prompts = [wish.negative_prompt for wish in wishes]
        seeds = [wish.seed for wish in wishes]
        guidance = [wish.guidance for wish in wishes]

        timesteps = plan(sampler, steps, self.target)
        noise = self.sampling.initial_latents(seeds, width_px, height_px)
        context = self.contexts(prompts, negative_prompts)
        negative_context = self.contexts(negative_prompts)
        return self.sampling.denoise(timesteps, noise, context, negative_context, guidance, tell).numpy()


def to_shades(numbers: np.ndarray) -> np.ndarray:
    """The shades of one picture or several.

    Args:
        numbers: float32 [..., height, width, 3], from -1 to 1; what lies beyond is cut off.

    Returns:
        uint8 of the same shape.

    Raises:
        NotPainted: a number is infinite or none at all, so there is no picture; its shades would be black.
    """
    if not np.isfinite(numbers).all():
        raise NotPainted(
            "The diffusion model computed no picture: its numbers are not finite. Ask with another seed. If none "
            "paints, set AIPLAYER_DIFFUSION_PRECISION=float32. Where that is set, the weights are damaged: fetch them "
            "anew."
        )
    shades = numbers * HALF_RANGE + HALF_RANGE
    return np.clip(np.rint(shades), 0, 255).astype(np.uint8)
