"""Paints the scenes that the small diffusion model learns from, and times Stable Diffusion against diffusers.

    python -m training.diffusion render [--count N] [--out DIR]
    python -m training.diffusion speed [--width PX] [--height PX] [--batch N] [--steps N]

What is painted stays painted: a second run goes on where the first was stopped. `speed` takes 4 GiB of disk and up to
12 GiB of memory while it runs.
"""

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aiplayer.diffusion.sizes import STABLE_DIFFUSION_1
from aiplayer.settings import STATE, Settings
from training.console import native_messages_into, run_command
from training.diffusion import speed
from training.diffusion.scenes import render

CONSOLE = Console(highlight=False)
SIZES = STABLE_DIFFUSION_1


def paint(out: Path, count: int) -> None:
    """Paint scenes, with a bar."""
    columns = (TextColumn("painting"), BarColumn(), MofNCompleteColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=CONSOLE) as bar:
        task = bar.add_task("painting", total=count)
        painted = render(out, count, Settings().seed, progress=lambda done, _: bar.update(task, completed=done))
        bar.update(task, completed=len(painted))
    CONSOLE.print(f"[green]✓[/] {len(painted):,} scenes in {out}", soft_wrap=True)


def command_line() -> argparse.ArgumentParser:
    """What can be given."""
    parser = argparse.ArgumentParser(
        prog="python -m training.diffusion", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    rendering = commands.add_parser("render", help="paint scenes")
    rendering.add_argument("--count", type=int, default=12_000, help="how many scenes (default 12,000)")
    rendering.add_argument("--out", type=Path, default=STATE / "scenes", help="folder (default var/scenes)")
    timed = commands.add_parser("speed", help="time a step of Stable Diffusion beside diffusers")
    timed.add_argument("--width", type=int, default=512, metavar="PX", help="of a picture (default 512)")
    timed.add_argument("--height", type=int, default=512, metavar="PX", help="of a picture (default 512)")
    timed.add_argument("--batch", type=int, default=2, metavar="N", help="latents in a step (default 2, one picture)")
    timed.add_argument("--steps", type=int, default=3, metavar="N", help="timed after the first (default 3)")
    return parser


def main() -> None:
    """Run the command line."""
    given = command_line().parse_args()
    if given.command == "render":
        paint(given.out, given.count)
        return
    with native_messages_into(STATE / "log" / "speed.log"), CONSOLE.status("measuring ...") as status:
        speeds = speed.measure(
            SIZES, given.width, given.height, given.batch, given.steps, told=lambda what: status.update(f"{what} ...")
        )
    speed.show(speeds, CONSOLE)


if __name__ == "__main__":
    run_command(main)
