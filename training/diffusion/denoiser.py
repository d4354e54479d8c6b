"""Trains the UNet and what reads its prompts: which velocity leads from noise to a latent.

Sources: Ho et al., "Denoising Diffusion Probabilistic Models" (2020); Salimans and Ho, "Progressive Distillation"
(2022), for the velocity.
"""

import keras
import numpy as np
from keras import ops

from aiplayer.thumbnails.diffusion.networks import Networks
from aiplayer.thumbnails.diffusion.phrases import build_phrase_encoder
from aiplayer.thumbnails.diffusion.samplers import TIMESTEPS, Target, signal_shares, sinusoids
from aiplayer.thumbnails.diffusion.sizes import Sizes
from aiplayer.thumbnails.diffusion.unet import build_unet


class Denoiser(keras.Model):
    """Finds the velocity in latents at random timesteps; its loss is the mean square of what it misses.

    Args:
        sizes: Of the model.
        seed: Of noise and timesteps.
    """

    def __init__(self, sizes: Sizes, seed: int):
        super().__init__(name="denoiser", dtype="float32")
        self.text_encoder, self.unet = build_phrase_encoder(sizes.text), build_unet(sizes.unet)
        self._seeds = keras.random.SeedGenerator(seed)
        shares = signal_shares(Target.VELOCITY)
        self._alphas = np.sqrt(shares).astype(np.float32)
        self._sigmas = np.sqrt(1 - shares).astype(np.float32)
        self._times = sinusoids(np.arange(TIMESTEPS), sizes.unet.time_width)
        self.built = True

    def call(self, inputs):
        """(latents [batch, height, width, channels], prompts [batch, tokens, size]) -> what is missed, float32."""
        latents, prompts = inputs
        batch = ops.shape(latents)[0]
        timesteps = keras.random.randint((batch,), 0, TIMESTEPS, seed=self._seeds)
        noise = keras.random.normal(ops.shape(latents), seed=self._seeds)
        alpha, sigma = (_column(table, timesteps) for table in (self._alphas, self._sigmas))
        time = ops.take(ops.convert_to_tensor(self._times), timesteps, axis=0)
        found = self.unet([alpha * latents + sigma * noise, time, self.text_encoder(prompts)])
        return ops.cast(found, "float32") - (alpha * noise - sigma * latents)

    def start_from(self, networks: Networks) -> None:
        """Take over what a model has learned."""
        self.text_encoder.set_weights(networks.text_encoder.get_weights())
        self.unet.set_weights(networks.unet.get_weights())

    def compute_loss(self, x=None, y=None, y_pred=None, *_, **__):
        """A number."""
        return ops.mean(ops.square(y_pred))


def _column(table: np.ndarray, timesteps):
    return ops.reshape(ops.take(ops.convert_to_tensor(table), timesteps), (-1, 1, 1, 1))
