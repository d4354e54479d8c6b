"""How a device computes the UNet fastest: precision, and whether by XLA; measured once and kept in a file.

The fastest way differs from device to device: bfloat16 without XLA on a CPU that computes in bfloat16, float32 with
XLA on an older CPU, bfloat16 with XLA on a GPU. So every way is timed on the model's own UNet, with random weights and
on small latents.
"""

import gc
import json
import logging
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import tensorflow as tf

from aiplayer.errors import ModelMissing
from aiplayer.files import write_whole
from aiplayer.thumbnails.diffusion.cpu_kernels import cpu_computes_bfloat16, with_cpu_kernels
from aiplayer.thumbnails.diffusion.networks import global_precision
from aiplayer.thumbnails.diffusion.processor import processor
from aiplayer.thumbnails.diffusion.sizes import UNetSizes
from aiplayer.thumbnails.diffusion.unet import build_unet

# Latents along each side of the feature map that is timed, and tokens of its prompts.
LATENT_SIDE = 32
TOKENS = 77
REPEATS = 2
# XLA compiles at every start, for minutes; it is chosen where it takes at most this share of the time.
WORTH_COMPILING = 0.95
# Characters of an error's first line that the log holds.
LONGEST_REASON = 200

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Way:
    """A way to compute.

    Attributes:
        precision: One of `aiplayer.thumbnails.diffusion.networks.PRECISIONS`.
        jit_compile: Whether XLA compiles.
    """

    precision: str
    jit_compile: bool


class _Entry(TypedDict):
    """A way in the file, and the seconds that a guided step takes in it."""

    precision: str
    jit_compile: bool
    seconds: float


# Called with every way before it is measured, and None, and then with its seconds a step.
Progress = Callable[[Way, float | None], None]


def _report_nothing(way: Way, seconds: float | None) -> None:
    pass


def device() -> tuple[str, str]:
    """ "CPU" or "GPU", and the name of the device on which TensorFlow computes."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = tf.config.experimental.get_device_details(gpus[0])
        return "GPU", details.get("device_name", "GPU")
    return "CPU", f"{platform.machine()} CPU of {os.cpu_count()} cores"


def fastest_way(
    sizes: UNetSizes,
    file: Path,
    precision: str | None = None,
    jit_compile: bool | None = None,
    progress: Progress = _report_nothing,
) -> Way:
    """The fastest way on this device; what the file does not hold yet is measured and written to it.

    XLA is chosen where it is faster by more than what a busy machine makes of equal ways.

    Args:
        sizes: The sizes of the UNet.
        file: A file of what was measured, by device and sizes.
        precision: The only precision to choose, or None for the fastest.
        jit_compile: The only choice, or None for the fastest.
        progress: Called before and after every way is measured.

    Raises:
        ModelMissing: every way fails.
    """
    kind, name = device()
    ways = _ways(kind, precision, jit_compile)
    if len(ways) == 1:
        return ways[0]

    key = f"{name}, {processor()}, TensorFlow {tf.__version__}, {sizes}"
    measurements = _read(file)
    seconds = {}
    for entry in measurements.get(key, []):
        way = Way(entry["precision"], entry["jit_compile"])
        seconds[way] = entry["seconds"]

    missing = [way for way in ways if way not in seconds]
    if missing:
        seconds |= measure(sizes, missing, progress)
        measurements[key] = [
            {"precision": way.precision, "jit_compile": way.jit_compile, "seconds": best}
            for way, best in seconds.items()
        ]
        write_whole(file, json.dumps(measurements, indent=1))

    working = [way for way in ways if way in seconds]
    if not working:
        raise ModelMissing(
            f"No way of computing works on this device, {name}: the log says what failed in each. Free memory, or mend "
            "TensorFlow's installation."
        )
    return min(working, key=lambda way: seconds[way] / (WORTH_COMPILING if way.jit_compile else 1))


def measure(sizes: UNetSizes, ways: Sequence[Way], progress: Progress = _report_nothing) -> dict[Way, float]:
    """Seconds that a guided step takes in each way that works, the best of REPEATS after the first.

    A way that fails, for a library that XLA lacks or for want of memory, is left out and told in the log. It is tried
    again at the next start, when there may be more memory.

    Args:
        sizes: The sizes of the UNet; it is built anew for each way, so that no two lie in memory at once.
        ways: The ways to measure.
        progress: Called before and after every way is measured.
    """
    seconds = {}
    for way in ways:
        progress(way, None)
        try:
            seconds[way] = _measure_way(sizes, way)
        except Exception as error:
            # TensorFlow and XLA raise errors of many classes, and their messages fill pages.
            xla = "with" if way.jit_compile else "without"
            reason = (str(error).splitlines() or [""])[0][:LONGEST_REASON]
            logger.warning("%s %s XLA fails on this device: %s: %s", way.precision, xla, type(error).__name__, reason)
        else:
            progress(way, seconds[way])
        # A network and its compiled step refer to each other; two of 860 million weights have no room in many machines.
        gc.collect()
    return seconds


def _measure_way(sizes: UNetSizes, way: Way) -> float:
    """Seconds that a guided step takes, on random latents and contexts."""
    random = np.random.default_rng(0)
    latents = (1, LATENT_SIDE, LATENT_SIDE, sizes.latent_channels)
    times = (1, sizes.time_width)
    contexts = (2, TOKENS, sizes.context_width)
    inputs = [tf.constant(random.standard_normal(shape, dtype=np.float32)) for shape in (latents, times, contexts)]

    with global_precision(way.precision):
        unet = build_unet(sizes)
    network = unet if way.jit_compile else with_cpu_kernels(unet)
    step = tf.function(network, jit_compile=way.jit_compile)

    # The first step compiles.
    step(inputs)
    return min(_time_step(step, inputs) for _ in range(REPEATS))


def _ways(kind: str, precision: str | None, jit_compile: bool | None) -> list[Way]:
    """All ways to choose from on a "CPU" or "GPU"."""
    precisions = _precisions(kind) if precision is None else (precision,)
    choices = (False, True) if jit_compile is None else (jit_compile,)
    ways = []
    for each_precision in precisions:
        for choice in choices:
            ways.append(Way(each_precision, choice))
    return ways


def _precisions(kind: str) -> tuple[str, ...]:
    # A precision that the device does not compute in would be the slowest by far, and take as long to measure.
    if kind == "GPU":
        return "float32", "mixed_float16", "bfloat16"
    return ("float32", "bfloat16") if cpu_computes_bfloat16() else ("float32",)


def _time_step(step: Callable[[list[tf.Tensor]], tf.Tensor], inputs: list[tf.Tensor]) -> float:
    start = time.perf_counter()
    # Bringing the result to numpy waits for it.
    step(inputs).numpy()
    return time.perf_counter() - start


def _read(file: Path) -> dict[str, list[_Entry]]:
    """What was measured before; a damaged file counts as empty, so all is measured anew."""
    try:
        measurements = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return measurements if isinstance(measurements, dict) else {}
