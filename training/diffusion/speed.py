"""How fast a step of the UNet is, ours beside diffusers', in one run, with equal weights and inputs."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from aiplayer.errors import AIPlayerError, InvalidInput
from aiplayer.thumbnails.diffusion.sizes import Sizes
from training.diffusion import machines, timing
from training.diffusion.machines import Machine
from training.diffusion.timing import Job, PictureSeconds, Result

Returned = TypeVar("Returned")

# How many pictures are timed one by one and together.
PICTURES = 4
LONGEST_REASON = 60


@dataclass(frozen=True)
class Way:
    """A way of computing a step.

    Attributes:
        name: Its name in the table.
        ours: Whether the UNet is ours, or diffusers'.
        precision: The precision, as the library calls it.
        options: The further arguments of `time_ours` or `time_theirs`.
    """

    name: str
    ours: bool
    precision: str
    options: tuple[bool, ...]

    @property
    def peak(self) -> str:
        """The precision of its matrix products, as `Machine.peaks` names it."""
        return self.precision.removeprefix("mixed_")


def _diffusers_way(precision: str, *, compiled: bool = False, channels_last: bool = False) -> Way:
    name = f"diffusers {precision}"
    if compiled:
        name += " compiled"
    if channels_last:
        name += " last"
    return Way(name, False, precision, (compiled, channels_last))


OUR_PRECISIONS = {
    "CPU": ("float32", "mixed_bfloat16", "bfloat16"),
    "GPU": ("float32", "mixed_bfloat16", "bfloat16", "mixed_float16"),
}
THEIRS = (
    _diffusers_way("float32"),
    _diffusers_way("bfloat16"),
    _diffusers_way("bfloat16", channels_last=True),
    _diffusers_way("float32", compiled=True),
    _diffusers_way("bfloat16", compiled=True),
)

# Of each way its result, or why there is none.
Results = dict[Way, Result | str]


def our_ways(kind: str) -> list[Way]:
    """All of our ways that can pay on a "CPU" or a "GPU"."""
    ways = []
    for precision in OUR_PRECISIONS[kind]:
        ways.append(Way(f"ours {precision}", True, precision, (False,)))
        ways.append(Way(f"ours {precision} + XLA", True, precision, (True,)))
    return ways


@dataclass(frozen=True)
class Speeds:
    """All that was measured.

    Attributes:
        job: What was asked for.
        operations: The floating point operations of a step of diffusers.
        ours: The machine as TensorFlow uses it.
        theirs: The machine as torch uses it.
        results: The result of each way, or why there is none.
        pictures_s: How long PICTURES pictures take in the fastest of our ways.
    """

    job: Job
    operations: int
    ours: Machine
    theirs: Machine
    results: Results
    pictures_s: PictureSeconds

    def fastest(self, ours: bool) -> tuple[Way, Result]:
        """The fastest way of ours, or of diffusers."""
        return fastest(self.results, ours)

    @property
    def step_ratio(self) -> float:
        """Our seconds a step, as a share of diffusers'."""
        _, our_result = self.fastest(ours=True)
        _, their_result = self.fastest(ours=False)
        return our_result.seconds / their_result.seconds

    @property
    def batch_ratio(self) -> float:
        """Seconds of a batch, as a share of those of its pictures alone."""
        return self.pictures_s.together / self.pictures_s.alone


def measure(
    sizes: Sizes,
    width_px: int,
    height_px: int,
    pictures: int,
    steps: int,
    announce: Callable[[str], None] = lambda what: None,
) -> Speeds:
    """Measure everything, one process after the other.

    Args:
        sizes: The sizes of the model's networks.
        width_px: The width of a picture, a multiple of `sizes.multiple_px` and at least twice that.
        height_px: The height of a picture, likewise.
        pictures: How many guided pictures a step computes.
        steps: How many steps are timed after the first, at least one.
        announce: Called with the name of each measurement before it begins.

    Raises:
        InvalidInput: a number that is not allowed, or diffusers is not installed.
        AIPlayerError: diffusers' float32, the reference, cannot be measured.
    """
    _require_sides(sizes, {"width": width_px, "height": height_px})
    _require_counts({"pictures": pictures, "steps": steps})

    with TemporaryDirectory() as folder:
        job = Job(Path(folder), sizes, width_px, height_px, pictures, steps)
        announce("weights and inputs")
        operations = in_own_process(timing.prepare, job)

        announce("matrix products")
        ours = in_own_process(machines.our_machine)
        theirs = in_own_process(machines.their_machine)

        results = _measure_ways(job, [*THEIRS, *our_ways(ours.kind)], announce)
        best, _ = fastest(results, ours=True)

        announce(f"{PICTURES} pictures")
        pictures_s = in_own_process(timing.time_pictures, job, best.precision, *best.options, PICTURES)
    return Speeds(job, operations, ours, theirs, results, pictures_s)


def _measure_ways(job: Job, ways: list[Way], announce: Callable[[str], None]) -> Results:
    """The results of all ways, the first of which is the reference and has to succeed."""
    results: Results = {}
    for way in ways:
        announce(way.name)
        result = _result(job, way)
        if not results and isinstance(result, str):
            raise AIPlayerError(f"{way.name} cannot be measured: {result}")
        results[way] = result
    return results


def _result(job: Job, way: Way) -> Result | str:
    time_steps = timing.time_ours if way.ours else timing.time_theirs
    try:
        return in_own_process(time_steps, job, way.precision, *way.options)
    except BrokenProcessPool:
        return "its process was killed, as when memory runs out"
    except Exception as error:  # Compilers fail in ways of their own; the other rows still count.
        first_line = f"{type(error).__name__}: {error}".split("\n")[0]
        return first_line[:LONGEST_REASON]


def fastest(results: Results, ours: bool) -> tuple[Way, Result]:
    """The fastest way of ours or of diffusers.

    Args:
        results: The result of each way, or why there is none.
        ours: Whether it is one of our ways, or of diffusers'.

    Raises:
        AIPlayerError: none could be measured.
    """
    best = None
    for way, result in results.items():
        if way.ours != ours or isinstance(result, str):
            continue
        if best is None or result.seconds < best[1].seconds:
            best = way, result

    if best is None:
        reasons = "; ".join(f"{way.name}: {result}" for way, result in results.items())
        raise AIPlayerError(f"No way could be measured: {reasons}")
    return best


def in_own_process(function: Callable[..., Returned], *arguments: object) -> Returned:
    """What a function returns, called in a new process, where nothing else lies in memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def _require_sides(sizes: Sizes, sides_px: dict[str, int]) -> None:
    multiple_px = sizes.multiple_px
    least_px = 2 * multiple_px
    for name, side_px in sides_px.items():
        if side_px < least_px or side_px % multiple_px:
            raise InvalidInput(
                f"The {name} is {side_px} pixels. Use a multiple of {multiple_px} from {least_px}.", field=f"{name}_px"
            )


def _require_counts(counts: dict[str, int]) -> None:
    for name, count in counts.items():
        if count < 1:
            raise InvalidInput(f"The number of {name} is {count}. Use 1 or more.", field=name)
