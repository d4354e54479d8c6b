"""From painted scenes to the small model's one file; what is finished stays, so a second run goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from rich.progress import Progress, TaskID

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.cpu_kernels import cpu_computes_bfloat16
from aiplayer.thumbnails.diffusion.networks import Networks, global_precision
from aiplayer.thumbnails.diffusion.patch_decoder import build_patch_decoder
from aiplayer.thumbnails.diffusion.sizes import SMALL, Sizes
from aiplayer.thumbnails.diffusion.small import load_encoder, load_small, save_small
from aiplayer.thumbnails.diffusion.tuning import Way
from training.diffusion.components import Components, fit_components, solve_decoder
from training.diffusion.dataset import LatentBatches, captions_of, shares_of
from training.diffusion.denoiser import Denoiser
from training.diffusion.learning import Stage, kept, learn
from training.diffusion.scenes import Painted

MODEL_FILE, LOSSES_FILE, FINISHED = "small.safetensors", "losses.csv", "denoiser.weights.h5"
COURSE = Stage(epochs=240, steps=100, batch=32, rate=8e-4)


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
    start: Path | None = None,
    sizes: Sizes = SMALL,
    course: Stage = COURSE,
    seed: int = 0,
    way: Way,
) -> Path:
    """Train a model and write it to `folder / MODEL_FILE`.

    Args:
        painted: The scenes.
        folder: Keeps the network, its losses, and while it learns its last epoch.
        encode: Phrases -> float32 [phrases, size]; the title encoder.
        progress: Shows how far it is.
        start: The file of a model that goes on learning; its encoder stays. None for a new one.
        sizes: Of the model.
        course: How long the UNet learns.
        seed: Of everything that is drawn.
        way: To compute.

    Raises:
        InvalidInput: no epoch, or a model to start from where another has been learned.
    """
    if course.epochs < 1:
        raise InvalidInput(f"epochs is {course.epochs}. Use 1 or more.", field="epochs")
    finished = folder / FINISHED
    if start and finished.exists():
        raise InvalidInput(f"{finished} has been learned. Use another folder, or move it away.", field="start")
    folder.mkdir(parents=True, exist_ok=True)
    captions = captions_of(painted.scenes, encode, sizes.text, seed)
    if start:
        components = Components(*load_encoder(start))
    else:
        components = fit_components(_both_ways(painted), sizes.decoder.pixels, sizes.decoder.latent_channels)
    decoder = build_patch_decoder(sizes.decoder)
    solve_decoder(decoder, components, _both_ways(painted))
    latents = np.concatenate([components.latents(part) for part in _both_ways(painted)])
    latents = latents.reshape(2, len(painted), *latents.shape[1:])
    batches = LatentBatches(latents, captions, shares_of(painted.scenes), course, seed)
    keras.utils.set_random_seed(seed)
    with global_precision(way.precision):
        denoiser = Denoiser(sizes, seed)
    if start:
        denoiser.start_from(load_small(start, sizes))

    def learned() -> keras.Model:
        reports = _reports(folder, denoiser.name, progress.add_task(denoiser.name, total=course.epochs), progress)
        learn(denoiser, batches, course, reports, way.jit_compile)
        return denoiser

    kept(finished, lambda: denoiser, learned)
    networks = Networks(sizes, denoiser.text_encoder, denoiser.unet, decoder)
    save_small(networks, folder / MODEL_FILE, (components.mean, components.encoding))
    return folder / MODEL_FILE


def _both_ways(painted: Painted) -> Iterator[np.ndarray]:
    """All pictures, a file at a time, then all of them mirrored."""
    yield from painted.pictures
    yield from (part[:, :, ::-1] for part in painted.pictures)


def _reports(folder: Path, name: str, task: TaskID, progress: Progress) -> list[keras.callbacks.Callback]:
    """After every epoch: the loss is told and written down, and what was learned is kept until all is."""

    def tell(epoch: int, logs: dict) -> None:
        progress.update(task, completed=epoch + 1, description=f"{name}, loss {logs['loss']:.4f}")
        with (folder / LOSSES_FILE).open("a", encoding="utf-8") as losses:
            losses.write(f"{epoch + 1},{logs['loss']:.4f}\n")

    return [
        keras.callbacks.LambdaCallback(on_epoch_end=tell),
        keras.callbacks.BackupAndRestore(folder / f"{name}.backup"),
    ]
