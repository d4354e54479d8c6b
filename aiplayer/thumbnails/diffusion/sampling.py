"""The compiled loop: from noise and the contexts of prompts to latents, and from latents to pictures.

It is asked for one step at a time, so that between two steps it can tell how far it is, and be ended.
Classifier-free guidance (Ho and Salimans, 2022) asks the UNet about all negative prompts and all prompts in one batch.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.cpu_kernels import with_cpu_kernels
from aiplayer.thumbnails.diffusion.networks import Networks
from aiplayer.thumbnails.diffusion.samplers import COEFFICIENTS, MOST_STEPS, Steps, advance, sinusoids
from aiplayer.thumbnails.progress import TellShare, tell_nobody

LEAST_GUIDANCE = 1.0
MOST_GUIDANCE = 30.0
LONGEST_PX = 2_048
MOST_SEED = 2**32 - 1


class Sampling:
    """A UNet and a decoder, compiled when they are first used; by XLA, once for each batch and size.

    Args:
        networks: The networks, in the precision in which they shall compute; their weights must not change after the
            first call. Latents stay float32 between steps.
        jit_compile: Whether XLA compiles.
    """

    def __init__(self, networks: Networks, jit_compile: bool = False) -> None:
        self._sizes = networks.sizes
        self._unet = networks.unet if jit_compile else with_cpu_kernels(networks.unet)
        self._decoder = networks.decoder if jit_compile else with_cpu_kernels(networks.decoder)

        unet = self._sizes.unet
        latents = (None, None, None, unet.latent_channels)
        context = (None, None, unet.context_width)
        guidance = (None, 1, 1, 1)
        times = (MOST_STEPS, unet.time_width)
        coefficients = (MOST_STEPS, COEFFICIENTS)
        tables = [tf.TensorSpec(shape) for shape in (latents, latents, context, guidance, times, coefficients)]
        number = tf.TensorSpec((), tf.int32)
        self._steps = _compiled(self._take_steps, [*tables, number, number], jit_compile)
        self._paint = _compiled(self._decode_one_by_one, [tf.TensorSpec(latents)], jit_compile)

    def initial_latents(self, seeds: Sequence[int], width_px: int, height_px: int) -> np.ndarray:
        """Noise to begin with, each latent from its own seed alone.

        Args:
            seeds: Seeds of the noise, 0 to 2^32 - 1.
            width_px: Width of the pictures: a multiple of `sizes.multiple_px`, at least twice that, at most 2,048.
            height_px: Height of the pictures, within the same limits.

        Returns:
            float32 [seeds, height, width, channels]; height and width in latents.

        Raises:
            InvalidInput: a seed or a size that is not allowed.
        """
        self._check_side("width", width_px)
        self._check_side("height", height_px)
        for seed in seeds:
            if not 0 <= seed <= MOST_SEED:
                raise InvalidInput(f"The seed is {seed}. Use a whole number from 0 to {MOST_SEED}.", field="seed")

        pixels = self._sizes.decoder.pixels
        shape = (height_px // pixels, width_px // pixels, self._sizes.unet.latent_channels)
        latents = []
        for seed in seeds:
            random = np.random.Generator(np.random.Philox(seed))
            latents.append(random.standard_normal(shape, dtype=np.float32))
        return np.stack(latents)

    def denoise(
        self,
        steps: Steps,
        latents: np.ndarray,
        context: np.ndarray,
        negative_context: np.ndarray,
        guidance: Sequence[float],
        tell: TellShare = tell_nobody,
    ) -> tf.Tensor:
        """Take all noise away.

        Args:
            steps: The steps of a sampler.
            latents: Noise as `initial_latents` gives it, float32 [batch, height, width, channels].
            context: The contexts of the prompts, float32 [batch, tokens, width].
            negative_context: The contexts of the negative prompts, float32 [batch, tokens, width].
            guidance: The guidance scale of each picture, 1 (the negative prompt counts for nothing) to 30.
            tell: Called before every step, and after the last one, with the share of the steps that are taken; what it
                raises ends the loop.

        Returns:
            Latents, float32 [batch, height, width, channels].

        Raises:
            InvalidInput: a guidance scale that is not allowed.
        """
        _check_guidance(guidance)
        count = len(steps.timesteps)
        times = sinusoids(steps.timesteps, self._sizes.unet.time_width)
        contexts = tf.concat([negative_context, context], axis=0)
        scales = tf.reshape(tf.constant(guidance, tf.float32), (-1, 1, 1, 1))
        tables = (tf.constant(_padded(times)), tf.constant(_padded(steps.coefficients)))

        denoised = tf.constant(latents)
        estimate = tf.zeros_like(denoised)
        for number in range(count):
            tell(number / count)
            bounds = (tf.constant(number), tf.constant(number + 1))
            denoised, estimate = self._steps(denoised, estimate, contexts, scales, *tables, *bounds)
            # A GPU takes work ahead of time: what is told counts what it has done.
            denoised.numpy()

        tell(1.0)
        return denoised

    def paint(self, latents: tf.Tensor) -> tf.Tensor:
        """Latents without noise -> pictures, float32 [batch, height px, width px, 3], -1 to 1 and a little beyond."""
        return self._paint(latents)

    def _take_steps(
        self,
        latents: tf.Tensor,
        before: tf.Tensor,
        contexts: tf.Tensor,
        guidance: tf.Tensor,
        times: tf.Tensor,
        coefficients: tf.Tensor,
        first: tf.Tensor,
        end: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """The latents after some steps, and the estimate of the last of them.

        Args:
            latents: float32 [batch, height, width, channels].
            before: The estimate of the step before, of the same shape; zeros before the first step.
            contexts: float32 [2 batch, tokens, width], all negative prompts before all prompts.
            guidance: float32 [batch, 1, 1, 1].
            times: Sinusoids of the timesteps, float32 [MOST_STEPS, time width].
            coefficients: Coefficients of the sampler, float32 [MOST_STEPS, 5].
            first: The first step that is taken, int32, counted from 0.
            end: The first step behind, int32.
        """

        def is_left(number: tf.Tensor, latents: tf.Tensor, before: tf.Tensor) -> tf.Tensor:
            return number < end

        def step(number: tf.Tensor, latents: tf.Tensor, before: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
            predictions = self._unet([latents, times[number][tf.newaxis], contexts])
            negative, positive = tf.split(tf.cast(predictions, tf.float32), 2)
            guided = negative + guidance * (positive - negative)
            next_latents, estimate = advance(coefficients[number], latents, guided, before)
            return number + 1, next_latents, estimate

        _, next_latents, estimate = tf.while_loop(is_left, step, (first, latents, before), parallel_iterations=1)
        return next_latents, estimate

    def _decode_one_by_one(self, latents: tf.Tensor) -> tf.Tensor:
        # A decoder's feature maps are some hundred times its latents: only those of one picture are held at a time.
        def decode(latent: tf.Tensor) -> tf.Tensor:
            pictures = self._decoder(latent[tf.newaxis])
            return tf.cast(pictures[0], tf.float32)

        return tf.map_fn(decode, latents, parallel_iterations=1)

    def _check_side(self, side: str, length_px: int) -> None:
        # At the multiple itself the UNet's smallest feature map would be one pixel with nothing to attend to.
        multiple = self._sizes.multiple_px
        if length_px % multiple or not 2 * multiple <= length_px <= LONGEST_PX:
            raise InvalidInput(
                f"The {side} is {length_px} pixels. Use a multiple of {multiple} from {2 * multiple} to {LONGEST_PX}.",
                field=f"{side}_px",
            )


def _check_guidance(guidance: Sequence[float]) -> None:
    for scale in guidance:
        # NaN fails this comparison, so it is refused too.
        if not LEAST_GUIDANCE <= scale <= MOST_GUIDANCE:
            allowed = f"{LEAST_GUIDANCE:g} to {MOST_GUIDANCE:g}"
            raise InvalidInput(f"The guidance is {scale}. Use {allowed}; 7.5 is usual.", field="guidance")


def _padded(rows: np.ndarray) -> np.ndarray:
    """Rows of steps and zeros to MOST_STEPS rows: so one compiled loop takes any number of steps."""
    return np.pad(rows, ((0, MOST_STEPS - len(rows)), (0, 0)))


def _compiled(
    function: Callable[..., Any], signature: Sequence[tf.TensorSpec], jit_compile: bool
) -> Callable[..., Any]:
    """A function of tensors, compiled."""
    # XLA needs every shape in a loop; TensorFlow by itself traces once for all shapes.
    if jit_compile:
        return tf.function(function, jit_compile=True)
    return tf.function(function, input_signature=signature, jit_compile=False)
