"""The three stages of learning, each a network that Keras fits: autoencoder, UNet, sharper decoder."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from aiplayer.diffusion.networks import global_precision
from aiplayer.diffusion.sizes import Sizes
from training.diffusion.autoencoder import Autoencoder
from training.diffusion.dataset import Captions, LatentBatches, PictureBatches, SharpeningBatches
from training.diffusion.denoiser import Denoiser
from training.diffusion.scenes import Painted
from training.diffusion.sharpening import Sharpener

WARM_UP = 0.05
EMA_MOMENTUM = 0.998


@dataclass(frozen=True)
class Stage:
    """How long a network learns, and from how much at once.

    Attributes:
        epochs: Of `steps` batches each; after an epoch, what was learned is kept.
        steps: Batches in an epoch.
        batch: Pictures in a batch.
        rate: The highest learning rate; it rises over the first WARM_UP of the epochs and falls to nothing.
    """

    epochs: int
    steps: int
    batch: int
    rate: float

    def rate_at(self, epoch: int) -> float:
        """The learning rate of an epoch."""
        warm_up = max(1, WARM_UP * self.epochs)
        if epoch < warm_up:
            return self.rate * (epoch + 1) / (warm_up + 1)
        return self.rate * (1 + np.cos(np.pi * (epoch - warm_up) / (self.epochs - warm_up))) / 2


def fit_autoencoder(
    painted: Painted, sizes: Sizes, stage: Stage, seed: int, precision: str, callbacks: Sequence = ()
) -> Autoencoder:
    """Fit an autoencoder on pieces of half a picture's height and width."""
    with global_precision(precision):
        model = Autoencoder(sizes.decoder, seed)
    height, width = (length // 2 for length in painted.picture(0).shape[:2])
    return _fit(model, PictureBatches(painted, stage.batch, stage.steps, height, width, seed), stage, callbacks)


def fit_denoiser(
    latents: np.ndarray,
    captions: Captions,
    sizes: Sizes,
    stage: Stage,
    seed: int,
    precision: str,
    callbacks: Sequence = (),
) -> Denoiser:
    """Fit a UNet and its prompt reader on latents, float16 [2, scenes, height, width, channels]."""
    with global_precision(precision):
        model = Denoiser(sizes, seed)
    return _fit(model, LatentBatches(latents, captions, stage.batch, stage.steps, seed), stage, callbacks)


def sharpen(
    decoder: keras.Model,
    latents: np.ndarray,
    painted: Painted,
    stage: Stage,
    seed: int,
    precision: str,
    callbacks: Sequence = (),
) -> None:
    """Sharpen a decoder of latents, float16 [2, scenes, height, width, channels]."""
    with global_precision(precision):
        model = Sharpener(decoder)
    _fit(model, SharpeningBatches(latents[0], painted, stage.batch, stage.steps, seed), stage, callbacks)


def _fit(model: keras.Model, batches: keras.utils.PyDataset, stage: Stage, callbacks: Sequence) -> keras.Model:
    optimizer = keras.optimizers.AdamW(
        stage.rate, weight_decay=1e-4, beta_2=0.99, global_clipnorm=1.0, use_ema=True, ema_momentum=EMA_MOMENTUM
    )
    model.compile(optimizer)
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: float(stage.rate_at(epoch)))
    model.fit(batches, epochs=stage.epochs, callbacks=[schedule, *callbacks], verbose=0)
    return model
