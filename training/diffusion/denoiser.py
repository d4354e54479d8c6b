"""Trains the UNet and what reads its prompts: which velocity leads from noise to a latent.

Sources: Ho et al., "Denoising Diffusion Probabilistic Models" (2020); Salimans and Ho, "Progressive Distillation"
(2022), for the velocity.
"""

from typing import cast

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from aiplayer.thumbnails.diffusion.networks import Networks
from aiplayer.thumbnails.diffusion.phrases import build_phrase_encoder
from aiplayer.thumbnails.diffusion.samplers import TIMESTEPS, Target, signal_shares, sinusoids
from aiplayer.thumbnails.diffusion.sizes import PhraseSizes, Sizes
from aiplayer.thumbnails.diffusion.unet import build_unet


class Denoiser(keras.Model):
    """Predicts the velocity in noisy latents; its loss is the mean squared error of the prediction.

    Args:
        sizes: The sizes of the model's networks; its prompts are phrases.
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(name="denoiser", dtype="float32")
        self.text_encoder = build_phrase_encoder(cast(PhraseSizes, sizes.text))
        self.unet = build_unet(sizes.unet)

        shares = signal_shares(Target.VELOCITY)
        self._alphas = np.sqrt(shares).astype(np.float32)
        self._sigmas = np.sqrt(1 - shares).astype(np.float32)
        self._times = sinusoids(np.arange(TIMESTEPS), sizes.unet.time_width)
        self.built = True

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Add noise to latents, and predict the velocity.

        Args:
            inputs: Latents, float32 [batch, height, width, channels]; prompts, float32 [batch, tokens, size];
                timesteps, int32 [batch]; and noise of the shape of the latents.

        Returns:
            The error of the prediction, float32 [batch, height, width, channels].
        """
        latents, prompts, timesteps, noise = inputs
        alpha = _values_at(self._alphas, timesteps)
        sigma = _values_at(self._sigmas, timesteps)
        noisy_latents = alpha * latents + sigma * noise
        velocity = alpha * noise - sigma * latents

        time = ops.take(ops.convert_to_tensor(self._times), timesteps, axis=0)
        context = self.text_encoder(prompts)
        prediction = self.unet([noisy_latents, time, context])
        return ops.cast(prediction, "float32") - velocity

    def start_from(self, networks: Networks) -> None:
        """Take over the weights that a model has learned.

        Args:
            networks: The networks of that model, of the same sizes.
        """
        self.text_encoder.set_weights(networks.text_encoder.get_weights())
        self.unet.set_weights(networks.unet.get_weights())

    def compute_loss(
        self,
        x: object = None,
        y: object = None,
        y_pred: tf.Tensor | None = None,
        sample_weight: object = None,
        training: bool = True,
    ) -> tf.Tensor:
        """The mean square of the errors that `call` returns, a float32 scalar; the other arguments are Keras's."""
        return ops.mean(ops.square(y_pred))


def _values_at(table: np.ndarray, timesteps: tf.Tensor) -> tf.Tensor:
    """A table's value at each timestep, float32 [batch, 1, 1, 1], to multiply latents by."""
    values = ops.take(ops.convert_to_tensor(table), timesteps)
    return ops.reshape(values, (-1, 1, 1, 1))
