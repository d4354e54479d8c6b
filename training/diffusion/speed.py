"""How fast a step of the UNet is, ours beside diffusers', in one run, with equal weights and inputs."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console, Group
from rich.table import Table

from aiplayer.errors import AIPlayerError, InvalidInput
from aiplayer.thumbnails.diffusion.sizes import Sizes
from training.diffusion import timing
from training.diffusion.timing import Job, Machine, Result

PICTURES = 4
MOST_OF_DIFFUSERS, MOST_OF_SINGLES = 0.8, 0.85
LONGEST_REASON = 60


@dataclass(frozen=True)
class Way:
    """A way of computing a step.

    Attributes:
        name: In the table.
        ours: Whether it is ours, or diffusers'.
        precision: As the library calls it.
        options: What else `time_ours` or `time_theirs` takes.
    """

    name: str
    ours: bool
    precision: str
    options: tuple[bool, ...]

    @property
    def peak(self) -> str:
        """The precision of its products."""
        return self.precision.removeprefix("mixed_")


OURS = {
    "CPU": ("float32", "mixed_bfloat16", "bfloat16"),
    "GPU": ("float32", "mixed_bfloat16", "bfloat16", "mixed_float16"),
}
THEIRS = tuple(
    Way(f"diffusers {precision}{' compiled' * compiled}{' last' * last}", False, precision, (compiled, last))
    for precision, compiled, last in (
        ("float32", False, False),
        ("bfloat16", False, False),
        ("bfloat16", False, True),
        ("float32", True, False),
        ("bfloat16", True, False),
    )
)


@dataclass(frozen=True)
class Speeds:
    """All that was measured.

    Attributes:
        job: What was asked for.
        operations: Of a step.
        ours: Where ours ran.
        theirs: Where diffusers ran.
        results: Of each way, or why there is none.
        pictures_s: The fastest of ours: PICTURES one by one, all together, and the decoding of one.
    """

    job: Job
    operations: int
    ours: Machine
    theirs: Machine
    results: dict[Way, Result | str]
    pictures_s: tuple[float, float, float]

    def fastest(self, ours: bool) -> tuple[Way, Result]:
        """The fastest way of ours, or of diffusers."""
        return fastest(self.results, ours)

    @property
    def step_ratio(self) -> float:
        """Our seconds a step, as a share of diffusers'."""
        return self.fastest(ours=True)[1].seconds / self.fastest(ours=False)[1].seconds

    @property
    def batch_ratio(self) -> float:
        """Seconds of a batch, as a share of those of its pictures alone."""
        alone, together, _ = self.pictures_s
        return together / alone


def measure(
    sizes: Sizes,
    width_px: int,
    height_px: int,
    pictures: int,
    steps: int,
    told: Callable[[str], None] = lambda what: None,
) -> Speeds:
    """Measure everything, one process after the other.

    Args:
        sizes: Of the model.
        width_px: A multiple of `sizes.multiple_px`, at least twice that.
        height_px: The same.
        pictures: Guided ones in a step.
        steps: Timed after the first, at least one.
        told: Told what is measured now.

    Raises:
        InvalidInput: a number that is not allowed, or diffusers is not installed.
        AIPlayerError: diffusers' float32, the reference, cannot be measured.
    """
    _check(sizes, {"width": width_px, "height": height_px}, {"pictures": pictures, "steps": steps})
    with TemporaryDirectory() as folder:
        job = Job(Path(folder), sizes, width_px, height_px, pictures, steps)
        told("weights and inputs")
        operations = in_own_process(timing.prepare, job)
        told("matrix products")
        ours, theirs = in_own_process(timing.our_machine), in_own_process(timing.their_machine)
        results = {}
        for way in (*THEIRS, *our_ways(ours.kind)):
            told(way.name)
            results[way] = _result(job, way)
            if len(results) == 1 and isinstance(results[way], str):
                raise AIPlayerError(f"{way.name} cannot be measured: {results[way]}")
        best, _ = fastest(results, ours=True)
        told(f"{PICTURES} pictures")
        pictures_s = in_own_process(timing.time_pictures, job, best.precision, *best.options, PICTURES)
    return Speeds(job, operations, ours, theirs, results, pictures_s)


def our_ways(kind: str) -> list[Way]:
    """All of ours that can pay on a "CPU" or a "GPU"."""
    return [
        Way(f"ours {precision}{' + XLA' * jit_compile}", True, precision, (jit_compile,))
        for precision in OURS[kind]
        for jit_compile in (False, True)
    ]


def fastest(results: dict[Way, Result | str], ours: bool) -> tuple[Way, Result]:
    """The fastest way of ours or of diffusers.

    Raises:
        AIPlayerError: none could be measured.
    """
    measured = [(way, found) for way, found in results.items() if way.ours == ours and isinstance(found, Result)]
    if not measured:
        raise AIPlayerError(f"No way could be measured: {'; '.join(f'{way.name}: {results[way]}' for way in results)}")
    return min(measured, key=lambda pair: pair[1].seconds)


def in_own_process(function: Callable, *given):
    """What the function returns, called where nothing else lies in memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *given).result()


def report(speeds: Speeds) -> Group:
    """A table of all ways, and the two ratios."""
    job, (alone, together, decoding) = speeds.job, speeds.pictures_s
    table = Table(title=f"one step of the UNet, {job.width_px}x{job.height_px}, batch {2 * job.pictures}")
    table.add_column("way", no_wrap=True)
    for column in ("s a step", "GFLOP/s", "peak", "MiB", "differs", "others"):
        table.add_column(column, justify="right")
    for way, found in speeds.results.items():
        if isinstance(found, str):
            table.add_row(way.name, f"[dim]{found}[/]")
            continue
        speed = speeds.operations / found.seconds
        share = speed / (speeds.ours if way.ours else speeds.theirs).peaks[way.peak]
        measured = f"{found.seconds:.3f}", f"{speed / 1e9:,.0f}", f"{share:.0%}", f"{found.memory_mib:,.0f}"
        table.add_row(way.name, *measured, f"{found.difference:.1e}", f"{found.others:.1f}")
    (our_way, _), (their_way, _) = speeds.fastest(ours=True), speeds.fastest(ours=False)
    lines = [
        f"[bold]{our_way.name} : {their_way.name}  {speeds.step_ratio:.2f}[/] (asked: at most {MOST_OF_DIFFUSERS})",
        f"[bold]batch of {PICTURES} : {PICTURES} x 1  {speeds.batch_ratio:.2f}[/] (asked: at most {MOST_OF_SINGLES}); "
        f"{job.steps} steps in {together:.2f} s and {alone:.2f} s, decoding {decoding:.2f} s a picture",
        f"{speeds.operations / 1e9:,.0f} GFLOP a step of diffusers, ours computes what knows no prompt once for both; "
        f"s a step: the median of {job.steps} after the first; peak: the share of that of products; differs: at most, "
        "from diffusers float32; last: channels last; others: cores that other processes kept busy",
    ]
    return Group(table, *lines, *(_machine(machine) for machine in (speeds.ours, speeds.theirs)))


def show(speeds: Speeds, console: Console) -> None:
    """Print the report."""
    console.print(report(speeds), soft_wrap=True)


def _machine(machine: Machine) -> str:
    peaks = ", ".join(f"{precision} {peak / 1e9:,.0f}" for precision, peak in machine.peaks.items())
    return (
        f"{machine.versions}: {machine.device}, {machine.threads} threads; "
        f"products of {timing.PEAK_SIDE:,} x {timing.PEAK_SIDE:,} in GFLOP/s: {peaks}"
    )


def _result(job: Job, way: Way) -> Result | str:
    function = timing.time_ours if way.ours else timing.time_theirs
    try:
        return in_own_process(function, job, way.precision, *way.options)
    except BrokenProcessPool:
        return "its process was killed, as when memory runs out"
    except Exception as error:  # Compilers fail in ways of their own; the other rows still count.
        return f"{type(error).__name__}: {error}".split("\n")[0][:LONGEST_REASON]


def _check(sizes: Sizes, sides: dict[str, int], counts: dict[str, int]) -> None:
    for name, length in sides.items():
        if length % sizes.multiple_px or length < 2 * sizes.multiple_px:
            allowed = f"a multiple of {sizes.multiple_px} from {2 * sizes.multiple_px}"
            raise InvalidInput(f"The {name} is {length} pixels. Use {allowed}.", field=f"{name}_px")
    for name, count in counts.items():
        if count < 1:
            raise InvalidInput(f"{name} is {count}. Use 1 or more.", field=name)
