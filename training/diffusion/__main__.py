"""Paints the scenes that the small diffusion model learns from.

    python -m training.diffusion render [--count N] [--out DIR]

What is painted stays painted: a second run goes on where the first was stopped.
"""

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aiplayer.settings import STATE, Settings
from training.console import run_command
from training.diffusion.scenes import render

CONSOLE = Console(highlight=False)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.diffusion", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)
    rendering = commands.add_parser("render", help="paint scenes")
    rendering.add_argument("--count", type=int, default=12_000, help="how many scenes (default 12,000)")
    rendering.add_argument("--out", type=Path, default=STATE / "scenes", help="folder (default var/scenes)")
    given = parser.parse_args()
    columns = (TextColumn("painting"), BarColumn(), MofNCompleteColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=CONSOLE) as bar:
        task = bar.add_task("painting", total=given.count)
        painted = render(
            given.out, given.count, Settings().seed, progress=lambda done, _: bar.update(task, completed=done)
        )
        bar.update(task, completed=len(painted))
    CONSOLE.print(f"[green]✓[/] {len(painted):,} scenes in {given.out}", soft_wrap=True)


if __name__ == "__main__":
    run_command(main)
