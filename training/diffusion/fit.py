"""From painted scenes to the small model's one file; what is finished stays, so a second run goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from rich.progress import Progress

from aiplayer.diffusion.decoder import build_decoder
from aiplayer.diffusion.networks import Networks, global_precision
from aiplayer.diffusion.packed import cpu_computes_bfloat16
from aiplayer.diffusion.sizes import SMALL, Sizes
from aiplayer.diffusion.small import save_small
from aiplayer.diffusion.tuning import Way
from training.diffusion.components import fit_components
from training.diffusion.dataset import LatentBatches, PieceBatches, captions_of
from training.diffusion.denoiser import Denoiser
from training.diffusion.learning import Batches, Stage, kept, learn
from training.diffusion.restoration import Restorer
from training.diffusion.reworking import rework
from training.diffusion.scenes import Painted
from training.diffusion.sharpening import Sharpener

MODEL_FILE, LOSSES_FILE, REWORKED_FILE = "small.safetensors", "losses.csv", "reworked.npy"


@dataclass(frozen=True)
class Course:
    """How long each stage learns."""

    denoiser: Stage
    restoration: Stage
    sharpening: Stage


COURSE = Course(
    denoiser=Stage(epochs=240, steps=100, batch=32, rate=8e-4),
    restoration=Stage(epochs=12, steps=100, batch=16, rate=1e-3),
    sharpening=Stage(epochs=4, steps=100, batch=8, rate=2e-4),
)


def usual_way() -> Way:
    """bfloat16 where the device computes in it; XLA on a GPU alone: on a CPU it takes far longer for gradients."""
    gpu = bool(tf.config.list_physical_devices("GPU"))
    return Way("mixed_bfloat16" if gpu or cpu_computes_bfloat16() else "float32", jit_compile=gpu)


def fit(
    painted: Painted,
    folder: Path,
    encode: Callable[[list[str]], np.ndarray],
    progress: Progress,
    *,
    sizes: Sizes = SMALL,
    course: Course = COURSE,
    seed: int = 0,
    way: Way,
) -> Path:
    """Train a model and write it to `folder / MODEL_FILE`.

    Args:
        painted: The scenes.
        folder: Keeps what is finished: of every stage its network and losses, of the one at work its last epoch, and
            the latents that were made again.
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
    components = fit_components(_both_ways(painted), sizes.decoder.pixels, sizes.decoder.latent_channels)
    latents = np.concatenate([components.latents(part) for part in _both_ways(painted)])
    latents = latents.reshape(2, len(painted), *latents.shape[1:])
    keras.utils.set_random_seed(seed)
    with global_precision(way.precision):
        denoiser, decoder = Denoiser(sizes, seed), build_decoder(sizes.decoder)
        components.give(decoder)
        restorer, sharpener = Restorer(decoder), Sharpener(decoder)
    stages.run(denoiser, course.denoiser, LatentBatches(latents, captions, course.denoiser, seed))
    networks = Networks(sizes, denoiser.text_encoder, denoiser.unet, decoder)
    reworked = _kept_array(
        folder / REWORKED_FILE, lambda: rework(networks, latents[0], captions, seed, way.jit_compile)
    )
    stages.run(restorer, course.restoration, PieceBatches(reworked, painted, course.restoration, seed))
    stages.run(sharpener, course.sharpening, PieceBatches(reworked, painted, course.sharpening, seed))
    save_small(networks, folder / MODEL_FILE)
    return folder / MODEL_FILE


def _kept_array(file: Path, made: Callable[[], np.ndarray]) -> np.ndarray:
    """The array that a `.npy` file keeps; where there is none, what is made now, which is kept."""
    if not file.exists():
        draft = file.with_name(f"draft.{file.name}")
        np.save(draft, made())
        draft.replace(file)
    return np.load(file)


def _both_ways(painted: Painted) -> Iterator[np.ndarray]:
    """All pictures, a file at a time, then all of them mirrored."""
    yield from painted.pictures
    yield from (part[:, :, ::-1] for part in painted.pictures)


class _Stages:
    """Of finished stages the network is kept, and of the one at work the last epoch."""

    def __init__(self, folder: Path, jit_compile: bool, progress: Progress):
        self._folder, self._jit_compile, self._progress = folder, jit_compile, progress

    def run(self, model: keras.Model, stage: Stage, batches: Batches) -> None:
        """Let a model learn, or give it what it learned."""

        def learned() -> keras.Model:
            task = self._progress.add_task(model.name, total=stage.epochs)

            def tell(epoch: int, logs: dict) -> None:
                self._progress.update(task, completed=epoch + 1, description=f"{model.name}, loss {logs['loss']:.4f}")
                with (self._folder / LOSSES_FILE).open("a", encoding="utf-8") as losses:
                    losses.write(f"{model.name},{epoch + 1},{logs['loss']:.4f}\n")

            told = keras.callbacks.LambdaCallback(on_epoch_end=tell)
            backup = keras.callbacks.BackupAndRestore(self._folder / f"{model.name}.backup")
            learn(model, batches, stage, [told, backup], self._jit_compile)
            return model

        kept(self._folder / f"{model.name}.weights.h5", lambda: model, learned)
