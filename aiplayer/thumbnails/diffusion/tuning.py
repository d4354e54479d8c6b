"""How a device computes the UNet fastest: precision, and whether by XLA; measured once and kept in a file.

What pays differs from device to device: on a CPU that computes in bfloat16, that without XLA, on an older one float32
with it, on a GPU both together. So every way is timed on the model's own UNet, with random weights and on small
latents.
"""

import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
import tensorflow as tf

from aiplayer.thumbnails.diffusion.cpu_kernels.packed import cpu_computes_bfloat16, serving
from aiplayer.thumbnails.diffusion.networks import global_precision
from aiplayer.thumbnails.diffusion.sizes import UNetSizes
from aiplayer.thumbnails.diffusion.unet import build_unet

LATENT, TOKENS, REPEATS = 32, 77, 2


@dataclass(frozen=True)
class Way:
    """A precision of `aiplayer.thumbnails.diffusion.networks.PRECISIONS`, and whether XLA compiles."""

    precision: str
    jit_compile: bool


def device() -> tuple[str, str]:
    """ "CPU" or "GPU", and the name of the device on which TensorFlow computes."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        return "GPU", tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")
    return "CPU", f"{platform.machine()} CPU of {os.cpu_count()} cores"


def fastest_way(
    sizes: UNetSizes,
    file: Path,
    precision: str | None = None,
    jit_compile: bool | None = None,
    progress: Callable[[Way, float], None] = lambda way, seconds: None,
) -> Way:
    """The fastest way on this device; it is measured where the file does not know it yet.

    Args:
        sizes: Of the UNet.
        file: Keeps what was measured, by device and sizes.
        precision: The only one to choose, or None for the fastest.
        jit_compile: The only choice, or None for the fastest.
        progress: Told every way and its seconds a step.
    """
    kind, name = device()
    precisions = _precisions(kind) if precision is None else (precision,)
    choices = (False, True) if jit_compile is None else (jit_compile,)
    ways = [Way(*way) for way in product(precisions, choices)]
    if len(ways) == 1:
        return ways[0]
    key = f"{name}, TensorFlow {tf.__version__}, {sizes}"
    kept = _read(file)
    known = {Way(entry["precision"], entry["jit_compile"]): entry["seconds"] for entry in kept.get(key, [])}
    if missing := [way for way in ways if way not in known]:
        known |= measure(sizes, missing, progress)
        kept[key] = [asdict(way) | {"seconds": seconds} for way, seconds in known.items()]
        _write(file, kept)
    return min(ways, key=known.__getitem__)


def measure(
    sizes: UNetSizes, ways: Sequence[Way], progress: Callable[[Way, float], None] = lambda way, seconds: None
) -> Mapping[Way, float]:
    """Seconds that a guided step takes in each way, the best of REPEATS after the first.

    Args:
        sizes: Of the UNet, which is built anew for each way: no two lie in memory at once.
        ways: To measure.
        progress: Told every way and its seconds.
    """
    random = np.random.default_rng(0)
    shapes = (1, LATENT, LATENT, sizes.latent_channels), (1, sizes.time_width), (2, TOKENS, sizes.context_width)
    inputs = [tf.constant(random.standard_normal(shape, dtype=np.float32)) for shape in shapes]
    seconds = {}
    for way in ways:
        with global_precision(way.precision):
            unet = build_unet(sizes)
        step = tf.function(unet if way.jit_compile else serving(unet), jit_compile=way.jit_compile)
        step(inputs)
        seconds[way] = min(_timed(step, inputs) for _ in range(REPEATS))
        progress(way, seconds[way])
        del step, unet
    return seconds


def _precisions(kind: str) -> tuple[str, ...]:
    # What a device does not compute in would be the slowest by far, and as slow to find out.
    if kind == "GPU":
        return "float32", "mixed_float16", "bfloat16"
    return ("float32", "bfloat16") if cpu_computes_bfloat16() else ("float32",)


def _timed(step: Callable, inputs: list[tf.Tensor]) -> float:
    start = time.perf_counter()
    step(inputs).numpy()
    return time.perf_counter() - start


def _read(file: Path) -> dict:
    """What was measured before; a damaged file is measured anew."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(file: Path, kept: dict) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    draft.replace(file)
