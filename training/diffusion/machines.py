"""What TensorFlow and torch compute on, and how fast: importing this loads neither of them."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PEAK_SIDE = 2_048
PEAK_REPEATS = 10
# A device that needs longer for a product of small squares emulates the precision; large ones would take minutes.
SMALL_SIDE = 512
LONGEST_SMALL_S = 0.1
CPU_PRECISIONS = ("float32", "bfloat16")
GPU_PRECISIONS = ("float32", "bfloat16", "float16")


@dataclass(frozen=True)
class Machine:
    """What a library computes on.

    Attributes:
        kind: "CPU" or "GPU".
        device: The processor's name.
        versions: The names and versions of the library and of what builds on it.
        threads: How many threads compute.
        peaks: The most operations a second of matrix products, by their precision.
    """

    kind: str
    device: str
    versions: str
    threads: int
    peaks: dict[str, float] = field(default_factory=dict)


def our_machine() -> Machine:
    """What TensorFlow computes on, with the peaks of its matrix products."""
    import keras
    import tensorflow as tf

    from aiplayer.thumbnails.diffusion.tuning import device

    kind, name = device()
    product = tf.function(tf.matmul)

    def multiplication(precision: str, side: int) -> Callable[[], object]:
        square = tf.cast(tf.random.normal((side, side)), precision)
        # One value of the product comes back, so that it is computed before the clock stops.
        return lambda: product(square, square)[0, 0].numpy()

    peaks = {precision: _peak(multiplication, precision) for precision in _peak_precisions(kind)}

    versions = f"TensorFlow {tf.__version__}, Keras {keras.__version__}"
    return Machine(kind, name, versions, cores(), peaks)


def their_machine() -> Machine:
    """What torch computes on, with the peaks of its matrix products."""
    import diffusers
    import torch

    torch.set_num_threads(cores())
    if torch.cuda.is_available():
        kind, name, device = "GPU", torch.cuda.get_device_name(), "cuda"
    else:
        kind, name, device = "CPU", f"{platform.machine()} CPU", "cpu"

    def multiplication(precision: str, side: int) -> Callable[[], object]:
        square = torch.randn(side, side, device=device).to(getattr(torch, precision))
        return lambda: torch.mm(square, square)[0, 0].item()

    peaks = {precision: _peak(multiplication, precision) for precision in _peak_precisions(kind)}

    versions = f"torch {torch.__version__}, diffusers {diffusers.__version__}"
    return Machine(kind, name, versions, torch.get_num_threads(), peaks)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _peak_precisions(kind: str) -> tuple[str, ...]:
    return CPU_PRECISIONS if kind == "CPU" else GPU_PRECISIONS


def _peak(multiplication: Callable[[str, int], Callable[[], object]], precision: str) -> float:
    """Operations a second of the fastest of some products.

    Args:
        multiplication: Returns, for a precision and a side, a call that multiplies two squares of that side.
        precision: The precision of the squares.
    """
    multiply = multiplication(precision, SMALL_SIDE)
    multiply()

    side = SMALL_SIDE
    if seconds(multiply) < LONGEST_SMALL_S:
        side = PEAK_SIDE
        multiply = multiplication(precision, side)
        multiply()

    fastest_s = min(seconds(multiply) for _ in range(PEAK_REPEATS))
    operations = 2 * side**3
    return operations / fastest_s
