"""The compiled loop: from noise and the contexts of prompts to latents, and from latents to pictures.

Classifier-free guidance (Ho and Salimans, 2022) asks the UNet about all negative prompts and all prompts in one batch.
"""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.cpu_kernels.packed import serving
from aiplayer.thumbnails.diffusion.networks import Networks
from aiplayer.thumbnails.diffusion.samplers import COEFFICIENTS, Steps, advance, sinusoids

LEAST_GUIDANCE, MOST_GUIDANCE = 1.0, 30.0
LONGEST_PX = 2_048
MOST_SEED = 2**32 - 1


class Sampling:
    """A UNet and a decoder, compiled when they are first used; by XLA, once for each batch, size and count of steps.

    Args:
        networks: In the precision in which they shall compute, with their weights, which stay from the first call on;
            latents stay float32 between steps.
        jit_compile: Compile by XLA.
    """

    def __init__(self, networks: Networks, jit_compile: bool = False):
        self._unet, self._decoder, self._sizes = networks.unet, networks.decoder, networks.sizes
        if not jit_compile:
            self._unet, self._decoder = serving(networks.unet), serving(networks.decoder)
        unet = self._sizes.unet
        latents, context = (None, None, None, unet.latent_channels), (None, None, unet.context_width)
        shapes = [latents, context, (None, 1, 1, 1), (None, unet.time_width), (None, COEFFICIENTS)]
        self._denoise = _compiled(self._every_step, shapes, jit_compile)
        self._paint = _compiled(self._one_by_one, [latents], jit_compile)

    def initial_latents(self, seeds: Sequence[int], width_px: int, height_px: int) -> np.ndarray:
        """Noise to begin with, each from its own seed alone.

        Args:
            seeds: 0 to 2^32 - 1.
            width_px: A multiple of `sizes.multiple_px`, at least twice that, at most 2,048.
            height_px: The same.

        Returns:
            float32 [seeds, height, width, channels]; height and width in latents.

        Raises:
            InvalidInput: a seed or a size that is not allowed.
        """
        for side, length in (("width", width_px), ("height", height_px)):
            self._check_side(side, length)
        for seed in seeds:
            if not 0 <= seed <= MOST_SEED:
                raise InvalidInput(f"The seed is {seed}. Use a whole number from 0 to {MOST_SEED}.", field="seed")
        pixels = self._sizes.decoder.pixels
        shape = (height_px // pixels, width_px // pixels, self._sizes.unet.latent_channels)
        sources = [np.random.Generator(np.random.Philox(seed)) for seed in seeds]
        return np.stack([source.standard_normal(shape, dtype=np.float32) for source in sources])

    def denoise(
        self,
        steps: Steps,
        latents: np.ndarray,
        context: np.ndarray,
        negative_context: np.ndarray,
        guidance: Sequence[float],
    ) -> tf.Tensor:
        """Take all noise away.

        Args:
            steps: Of a sampler.
            latents: What `initial_latents` gives, float32 [batch, height, width, channels].
            context: Of the prompts, float32 [batch, tokens, width].
            negative_context: Of the negative prompts, float32 [batch, tokens, width].
            guidance: Of each picture, 1 (the negative prompt counts for nothing) to 30.

        Returns:
            Latents, float32 [batch, height, width, channels].

        Raises:
            InvalidInput: a guidance that is not allowed.
        """
        for scale in guidance:
            # A comparison that NaN passes not.
            if not LEAST_GUIDANCE <= scale <= MOST_GUIDANCE:
                allowed = f"{LEAST_GUIDANCE:g} to {MOST_GUIDANCE:g}"
                raise InvalidInput(f"The guidance is {scale}. Use {allowed}; 7.5 is usual.", field="guidance")
        times = sinusoids(steps.timesteps, self._sizes.unet.time_width)
        both = tf.concat([negative_context, context], axis=0)
        scales = tf.reshape(tf.constant(guidance, tf.float32), (-1, 1, 1, 1))
        return self._denoise(tf.constant(latents), both, scales, tf.constant(times), tf.constant(steps.coefficients))

    def paint(self, latents: tf.Tensor) -> tf.Tensor:
        """Latents without noise -> pictures, float32 [batch, height px, width px, 3], -1 to 1 and a little beyond."""
        return self._paint(latents)

    def _every_step(self, latents, context, guidance, times, coefficients):
        def step(number, latents, before):
            found = tf.cast(self._unet([latents, times[number][tf.newaxis], context]), tf.float32)
            negative, positive = tf.split(found, 2)
            noise = negative + guidance * (positive - negative)
            return number + 1, *advance(coefficients[number], latents, noise, before)

        count = tf.shape(times)[0]
        start = (tf.constant(0), latents, tf.zeros_like(latents))
        return tf.while_loop(lambda number, *_: number < count, step, start, parallel_iterations=1)[1]

    def _one_by_one(self, latents):
        # A decoder's feature maps are some hundred times its latents: only one picture's are held at a time.
        def decode(latent):
            return tf.cast(self._decoder(latent[tf.newaxis])[0], tf.float32)

        return tf.map_fn(decode, latents, parallel_iterations=1)

    def _check_side(self, side: str, length: int) -> None:
        # At the multiple itself the UNet's smallest feature map would be one pixel with nothing to attend to.
        multiple = self._sizes.multiple_px
        if length % multiple or not 2 * multiple <= length <= LONGEST_PX:
            raise InvalidInput(
                f"The {side} is {length} pixels. Use a multiple of {multiple} from {2 * multiple} to {LONGEST_PX}.",
                field=f"{side}_px",
            )


def _compiled(function: Callable, shapes: Sequence[tuple], jit_compile: bool) -> Callable:
    # XLA wants every shape in a loop to be known, TensorFlow by itself traces once for all shapes.
    signature = None if jit_compile else [tf.TensorSpec(shape, tf.float32) for shape in shapes]
    return tf.function(function, input_signature=signature, jit_compile=jit_compile)
