"""Trains the small diffusion model on scenes that the scene painter paints.

    python -m training.diffusion render [--count N] [--out DIR]
    python -m training.diffusion fit [--count N] [--out DIR] [--precision PRECISION]

What is painted and learned stays: a second run goes on where the first was stopped.
"""

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aiplayer.settings import STATE, Settings
from training.console import run_command
from training.diffusion.scenes import Painted, render

CONSOLE = Console(highlight=False)
COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("left"),
    TimeRemainingColumn(elapsed_when_finished=True),
)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.diffusion", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)
    rendering = commands.add_parser("render", help="paint scenes")
    rendering.set_defaults(run=_render)
    fitting = commands.add_parser("fit", help="paint scenes and learn from them; hours on two cores")
    fitting.set_defaults(run=_fit)
    fitting.add_argument("--precision", default="float32", help="float32, mixed_float16 or mixed_bfloat16")
    for command in (rendering, fitting):
        command.add_argument("--count", type=int, default=12_000, help="how many scenes (default 12,000)")
        command.add_argument("--out", type=Path, default=STATE / "diffusion", help="folder (default var/diffusion)")
    given = parser.parse_args()
    with Progress(*COLUMNS, console=CONSOLE) as progress:
        done = given.run(given, progress)
    CONSOLE.print(f"[green]✓[/] {done}", soft_wrap=True)


def _render(given: argparse.Namespace, progress: Progress) -> str:
    painted = _painted(given, progress)
    return f"{len(painted):,} scenes in {given.out / 'scenes'}"


def _fit(given: argparse.Namespace, progress: Progress) -> str:
    from aiplayer.diffusion.tuning import Way
    from aiplayer.models import title_encoder
    from aiplayer.title_search import encode_titles
    from training.diffusion.fit import fit

    painted = _painted(given, progress)
    encoder = title_encoder.create()
    options = {"seed": Settings().seed, "way": Way(given.precision, jit_compile=True)}
    return str(fit(painted, given.out, lambda phrases: encode_titles(encoder, phrases), progress, **options))


def _painted(given: argparse.Namespace, progress: Progress) -> Painted:
    task = progress.add_task("painting", total=given.count)
    painted = render(
        given.out / "scenes",
        given.count,
        Settings().seed,
        progress=lambda done, _: progress.update(task, completed=done),
    )
    progress.update(task, completed=len(painted))
    return painted


if __name__ == "__main__":
    run_command(main)
