"""The report of `speed`: a table of all ways, and how ours compare."""

from rich.console import Console, Group
from rich.table import Table

from training.diffusion.machines import PEAK_SIDE, Machine
from training.diffusion.speed import PICTURES, Speeds
from training.diffusion.timing import Result

# The most that our seconds a step may be of diffusers', and those of a batch of its pictures alone.
MOST_OF_DIFFUSERS = 0.8
MOST_OF_SINGLES = 0.85
GIGA = 1e9


def show(speeds: Speeds, console: Console) -> None:
    """Print the report."""
    console.print(report(speeds), soft_wrap=True)


def report(speeds: Speeds) -> Group:
    """A table of all ways, the two ratios, and the machine."""
    return Group(
        _table(speeds),
        _step_line(speeds),
        _batch_line(speeds),
        _legend(speeds),
        _machine_line(speeds.ours),
        _machine_line(speeds.theirs),
    )


def _table(speeds: Speeds) -> Table:
    job = speeds.job
    table = Table(title=f"one step of the UNet, {job.width_px}x{job.height_px}, batch {2 * job.pictures}")
    table.add_column("way", no_wrap=True)
    for column in ("s a step", "GFLOP/s", "peak", "MiB", "differs", "others"):
        table.add_column(column, justify="right")

    for way, result in speeds.results.items():
        if isinstance(result, str):
            table.add_row(way.name, f"[dim]{result}[/]")
        else:
            machine = speeds.ours if way.ours else speeds.theirs
            table.add_row(way.name, *_cells(result, speeds.operations, machine.peaks[way.peak]))
    return table


def _cells(result: Result, operations: int, peak: float) -> list[str]:
    """A row's cells after the name of the way; `peak` is in operations a second."""
    speed = operations / result.seconds
    return [
        f"{result.seconds:.3f}",
        f"{speed / GIGA:,.0f}",
        f"{speed / peak:.0%}",
        f"{result.memory_mib:,.0f}",
        f"{result.difference:.1e}",
        f"{result.others:.1f}",
    ]


def _step_line(speeds: Speeds) -> str:
    our_way, _ = speeds.fastest(ours=True)
    their_way, _ = speeds.fastest(ours=False)
    return f"[bold]{our_way.name} : {their_way.name}  {speeds.step_ratio:.2f}[/] (asked: at most {MOST_OF_DIFFUSERS})"


def _batch_line(speeds: Speeds) -> str:
    pictures_s = speeds.pictures_s
    return (
        f"[bold]batch of {PICTURES} : {PICTURES} x 1  {speeds.batch_ratio:.2f}[/] (asked: at most {MOST_OF_SINGLES}); "
        f"{speeds.job.steps} steps in {pictures_s.together:.2f} s and {pictures_s.alone:.2f} s, "
        f"decoding {pictures_s.decoding:.2f} s a picture"
    )


def _legend(speeds: Speeds) -> str:
    return (
        f"{speeds.operations / GIGA:,.0f} GFLOP a step of diffusers, ours computes what knows no prompt once for both; "
        f"s a step: the median of {speeds.job.steps} after the first; peak: the share of that of products; "
        "differs: at most, from diffusers float32; last: channels last; others: cores that other processes kept busy"
    )


def _machine_line(machine: Machine) -> str:
    peaks = ", ".join(f"{precision} {peak / GIGA:,.0f}" for precision, peak in machine.peaks.items())
    return (
        f"{machine.versions}: {machine.device}, {machine.threads} threads; "
        f"products of {PEAK_SIDE:,} x {PEAK_SIDE:,} in GFLOP/s: {peaks}"
    )
