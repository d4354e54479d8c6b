"""From painted scenes to the small model's one file; what is finished stays, so a second run goes on."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import keras
import numpy as np
import tensorflow as tf
from rich.progress import Progress

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.cpu_kernels import cpu_computes_bfloat16
from aiplayer.thumbnails.diffusion.networks import Networks, global_precision
from aiplayer.thumbnails.diffusion.patch_decoder import build_patch_decoder
from aiplayer.thumbnails.diffusion.sizes import SMALL, PatchSizes, PhraseSizes, Sizes
from aiplayer.thumbnails.diffusion.small import load_encoder, load_small, save_small
from aiplayer.thumbnails.diffusion.tuning import Way
from training.diffusion.components import Components, fit_components, solve_decoder
from training.diffusion.dataset import LatentBatches, captions_of, shares_of
from training.diffusion.denoiser import Denoiser
from training.diffusion.learning import Stage, learn, load_or_train
from training.diffusion.scenes import PaintedScenes

MODEL_FILE = "small.safetensors"
LOSSES_FILE = "losses.csv"
DENOISER_FILE = "denoiser.weights.h5"
COURSE = Stage(epochs=240, steps=100, batch=32, rate=8e-4)


def usual_way() -> Way:
    """bfloat16 where the device computes in it; XLA on a GPU alone: on a CPU it takes far longer for gradients."""
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    precision = "mixed_bfloat16" if has_gpu or cpu_computes_bfloat16() else "float32"
    return Way(precision, jit_compile=has_gpu)


def fit(
    painted_scenes: PaintedScenes,
    folder: Path,
    encode: Callable[[list[str]], np.ndarray],
    progress: Progress,
    *,
    start: Path | None = None,
    sizes: Sizes = SMALL,
    course: Stage = COURSE,
    seed: int = 0,
    way: Way,
) -> Path:
    """Train a model and write it to `folder / MODEL_FILE`.

    Args:
        painted_scenes: The scenes to learn from.
        folder: Keeps the network, its losses, and while it learns its last epoch.
        encode: The title encoder: phrases -> float32 [phrases, size].
        progress: Shows how far the training is.
        start: The file of a model that goes on learning and keeps its encoder; None for a new model.
        sizes: The sizes of the model's networks; it reads phrases and paints patches.
        course: How long the UNet learns.
        seed: The seed of everything that is drawn.
        way: The precision to compute in, and whether XLA compiles the steps.

    Raises:
        InvalidInput: no epoch, or a model to start from where another has been learned.
    """
    _require_something_to_learn(folder, course, start)
    folder.mkdir(parents=True, exist_ok=True)

    patches = cast(PatchSizes, sizes.decoder)
    components = Components(*load_encoder(start)) if start else _fit_components(painted_scenes, patches)
    decoder = build_patch_decoder(patches)
    solve_decoder(decoder, components, _plain_and_mirrored(painted_scenes))
    batches = _batches(painted_scenes, components, encode, sizes, course, seed)
    denoiser = _build_denoiser(sizes, seed, way.precision, start)
    _train(denoiser, batches, course, folder, progress, way.jit_compile)

    networks = Networks(sizes, denoiser.text_encoder, denoiser.unet, decoder)
    save_small(networks, folder / MODEL_FILE, (components.mean, components.encoding))
    return folder / MODEL_FILE


def _require_something_to_learn(folder: Path, course: Stage, start: Path | None) -> None:
    if course.epochs < 1:
        raise InvalidInput(f"The number of epochs is {course.epochs}. Use 1 or more.", field="epochs")
    finished = folder / DENOISER_FILE
    if start and finished.exists():
        raise InvalidInput(f"{finished} has been learned. Use another folder, or move it away.", field="start")


def _fit_components(painted_scenes: PaintedScenes, sizes: PatchSizes) -> Components:
    return fit_components(_plain_and_mirrored(painted_scenes), sizes.pixels, sizes.latent_channels)


def _batches(
    painted_scenes: PaintedScenes,
    components: Components,
    encode: Callable[[list[str]], np.ndarray],
    sizes: Sizes,
    course: Stage,
    seed: int,
) -> LatentBatches:
    captions = captions_of(painted_scenes.scenes, encode, cast(PhraseSizes, sizes.text), seed)
    shares = shares_of(painted_scenes.scenes)

    # The first axis tells plain pictures from mirrored ones: float16 [2, scenes, height, width, channels].
    parts = [components.latents(pictures) for pictures in _plain_and_mirrored(painted_scenes)]
    latents = np.concatenate(parts)
    latents = latents.reshape(2, len(painted_scenes), *latents.shape[1:])
    return LatentBatches(latents, captions, shares, course, seed)


def _plain_and_mirrored(painted_scenes: PaintedScenes) -> Iterator[np.ndarray]:
    """All pictures, a file at a time, then all of them mirrored."""
    yield from painted_scenes.pictures
    for pictures in painted_scenes.pictures:
        yield pictures[:, :, ::-1]


def _build_denoiser(sizes: Sizes, seed: int, precision: str, start: Path | None) -> Denoiser:
    """A denoiser with random weights, or with those of the model to start from."""
    keras.utils.set_random_seed(seed)
    with global_precision(precision):
        denoiser = Denoiser(sizes)
    if start:
        denoiser.start_from(load_small(start, sizes))
    return denoiser


def _train(
    denoiser: Denoiser, batches: LatentBatches, course: Stage, folder: Path, progress: Progress, jit_compile: bool
) -> None:
    """Give a denoiser the weights that a finished run has left in the folder, or else train it and leave them there."""

    def train() -> Denoiser:
        callbacks = _callbacks(folder, denoiser.name, course.epochs, progress)
        learn(denoiser, batches, course, callbacks, jit_compile)
        return denoiser

    load_or_train(folder / DENOISER_FILE, lambda: denoiser, train)


def _callbacks(folder: Path, name: str, epochs: int, progress: Progress) -> Sequence[keras.callbacks.Callback]:
    """After every epoch: show the loss and write it down, and back up what was learned until all is learned."""
    task = progress.add_task(name, total=epochs)

    def report(epoch: int, logs: dict[str, float]) -> None:
        loss = f"{logs['loss']:.4f}"
        progress.update(task, completed=epoch + 1, description=f"{name}, loss {loss}")
        with (folder / LOSSES_FILE).open("a", encoding="utf-8") as losses:
            losses.write(f"{epoch + 1},{loss}\n")

    return [
        keras.callbacks.LambdaCallback(on_epoch_end=report),
        keras.callbacks.BackupAndRestore(folder / f"{name}.backup"),
    ]
