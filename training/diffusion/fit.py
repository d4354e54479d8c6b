"""From painted scenes to the small model's one file; what is finished stays, so a second run goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from rich.progress import Progress

from aiplayer.diffusion.networks import Networks, global_precision
from aiplayer.diffusion.sizes import SMALL, Sizes
from aiplayer.diffusion.small import save_small
from aiplayer.diffusion.tuning import Way
from training.diffusion.autoencoder import Autoencoder, encode_all, standardise
from training.diffusion.dataset import LatentBatches, PictureBatches, SharpeningBatches, captions_of
from training.diffusion.denoiser import Denoiser
from training.diffusion.learning import Batches, Stage, kept, learn
from training.diffusion.scenes import Painted
from training.diffusion.sharpening import Sharpener

MODEL_FILE = "small.safetensors"


@dataclass(frozen=True)
class Course:
    """How long each stage learns."""

    autoencoder: Stage
    denoiser: Stage
    sharpening: Stage


WAY = Way("float32", jit_compile=True)
# For a GPU.
COURSE = Course(
    autoencoder=Stage(epochs=60, steps=100, batch=16, rate=1e-3),
    denoiser=Stage(epochs=100, steps=100, batch=32, rate=8e-4),
    sharpening=Stage(epochs=10, steps=100, batch=8, rate=2e-4),
)


def fit(
    painted: Painted,
    folder: Path,
    encode: Callable[[list[str]], np.ndarray],
    progress: Progress,
    *,
    sizes: Sizes = SMALL,
    course: Course = COURSE,
    seed: int = 0,
    way: Way = WAY,
) -> Path:
    """Train a model and write it to `folder / MODEL_FILE`.

    Args:
        painted: The scenes.
        folder: Keeps what is finished: of every stage its network, and of the one at work its last epoch.
        encode: Phrases -> float32 [phrases, size]; the title encoder.
        progress: Shows how far each stage is.
        sizes: Of the model.
        course: How long it learns.
        seed: Of everything that is drawn.
        way: To compute.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stages = _Stages(folder, way.jit_compile, progress)
    captions = captions_of(painted.scenes, encode, sizes.text, seed)
    keras.utils.set_random_seed(seed)
    with global_precision(way.precision):
        autoencoder, denoiser = Autoencoder(sizes.decoder, seed), Denoiser(sizes, seed)
        sharpener = Sharpener(autoencoder.decoder)
    stages.run(autoencoder, course.autoencoder, PictureBatches(painted, course.autoencoder, seed))
    latents = encode_all(autoencoder.latents, painted.picture, len(painted))
    latents = standardise(autoencoder.decoder, latents)
    stages.run(denoiser, course.denoiser, LatentBatches(latents, captions, course.denoiser, seed))
    stages.run(sharpener, course.sharpening, SharpeningBatches(latents[0], painted, course.sharpening, seed))
    networks = Networks(sizes, denoiser.text_encoder, denoiser.unet, sharpener.decoder)
    save_small(networks, folder / MODEL_FILE)
    return folder / MODEL_FILE


class _Stages:
    """Of finished stages the network is kept, and of the one at work the last epoch."""

    def __init__(self, folder: Path, jit_compile: bool, progress: Progress):
        self._folder, self._jit_compile, self._progress = folder, jit_compile, progress

    def run(self, model: keras.Model, stage: Stage, batches: Batches) -> None:
        """Let a model learn, or give it what it learned."""

        def learned() -> keras.Model:
            task = self._progress.add_task(model.name, total=stage.epochs)
            told = keras.callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, logs: self._progress.update(
                    task, completed=epoch + 1, description=f"{model.name}, loss {logs['loss']:.4f}"
                )
            )
            backup = keras.callbacks.BackupAndRestore(self._folder / f"{model.name}.backup")
            learn(model, batches, stage, [told, backup], self._jit_compile)
            return model

        kept(self._folder / f"{model.name}.weights.h5", lambda: model, learned)
