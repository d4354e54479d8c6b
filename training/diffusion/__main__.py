"""Trains the small diffusion model on scenes that the scene painter paints, and times Stable Diffusion.

    python -m training.diffusion render [--count N] [--out DIR]
    python -m training.diffusion fit [--count N] [--out DIR] [--start small|FILE] [--epochs N]
    python -m training.diffusion measure [--count N] [--out DIR] [--pictures N]
    python -m training.diffusion sheet [--out DIR]
    python -m training.diffusion speed [--width PX] [--height PX] [--pictures N] [--steps N]

What is painted and learned stays: a second run goes on where the first was stopped. `measure` lets a classifier that
learned from painted scenes read what the painter and the model of the settings paint, and `sheet` puts forty titles as
both paint them on one picture. `speed` times a step beside
diffusers, and takes 4 GiB of disk and up to 12 GiB of memory while it runs.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aiplayer.settings import STATE, Settings
from aiplayer.thumbnails.diffusion.files.locations import path_of
from aiplayer.thumbnails.diffusion.sizes import STABLE_DIFFUSION_1
from training.console import native_messages_into, run_command
from training.diffusion import speed
from training.diffusion.scenes import Painted, render

CONSOLE = Console(highlight=False)
SIZES = STABLE_DIFFUSION_1
COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("left"),
    TimeRemainingColumn(elapsed_when_finished=True),
)


def main() -> None:
    """Run the command line."""
    given = _command_line().parse_args()
    given.run(given)


def _command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.diffusion", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    rendering = commands.add_parser("render", help="paint scenes")
    rendering.set_defaults(run=_render)
    fitting = commands.add_parser("fit", help="paint scenes and learn from them")
    fitting.set_defaults(run=_fit)
    going_on = "a model that goes on learning, in another --out (default: a new one)"
    fitting.add_argument("--start", metavar="small|FILE", help=going_on)
    fitting.add_argument("--epochs", type=int, default=240, metavar="N", help="that the UNet learns (default 240)")
    measuring = commands.add_parser("measure", help="read the pictures of the painter and of the model of the settings")
    measuring.set_defaults(run=_measure)
    measuring.add_argument("--pictures", type=int, default=200, help="of each model, of each kind (default 200)")
    sheet = commands.add_parser("sheet", help="forty titles as the painter and the model of the settings paint them")
    sheet.set_defaults(run=_sheet)
    for command in (rendering, fitting, measuring, sheet):
        command.add_argument("--out", type=Path, default=STATE / "diffusion", help="folder (default var/diffusion)")
    for command, count in ((rendering, 12_000), (fitting, 12_000), (measuring, 4_000)):
        command.add_argument("--count", type=int, default=count, help=f"how many scenes (default {count:,})")
    timing = commands.add_parser("speed", help="time a step of Stable Diffusion beside diffusers")
    timing.set_defaults(run=_speed)
    timing.add_argument("--width", type=int, default=512, metavar="PX", help="of a picture (default 512)")
    timing.add_argument("--height", type=int, default=512, metavar="PX", help="of a picture (default 512)")
    timing.add_argument("--pictures", type=int, default=1, metavar="N", help="guided ones in a step (default 1)")
    timing.add_argument("--steps", type=int, default=5, metavar="N", help="timed after the first (default 5)")
    return parser


def _render(given: argparse.Namespace) -> None:
    with Progress(*COLUMNS, console=CONSOLE) as progress:
        painted = _painted(given, progress)
    CONSOLE.print(f"[green]✓[/] {len(painted):,} scenes in {given.out / 'scenes'}", soft_wrap=True)


def _fit(given: argparse.Namespace) -> None:
    from aiplayer.titles import encoder as title_encoder
    from aiplayer.titles.encoder import encode_titles
    from training.diffusion.fit import COURSE, fit, usual_way

    with Progress(*COLUMNS, console=CONSOLE) as progress:
        painted = _painted(given, progress)
        encoder = title_encoder.create()
        options = {
            "start": path_of(given.start) if given.start else None,
            "course": replace(COURSE, epochs=given.epochs),
            "seed": Settings().seed,
            "way": usual_way(),
        }
        file = fit(painted, given.out, lambda phrases: encode_titles(encoder, phrases), progress, **options)
    CONSOLE.print(f"[green]✓[/] {file}", soft_wrap=True)


def _measure(given: argparse.Namespace) -> None:
    from training.diffusion import judging

    with Progress(*COLUMNS, console=CONSOLE) as progress:
        painted = _painted(given, progress)
        verdicts = judging.measure(painted, given.out, given.pictures, Settings(), progress)
    CONSOLE.print(judging.report(verdicts))


def _sheet(given: argparse.Namespace) -> None:
    from training.diffusion.sheet import paint_sheet

    file = given.out / "sheet.jpg"
    with CONSOLE.status("painting ..."):
        paint_sheet(Settings(), file)
    CONSOLE.print(f"[green]✓[/] {file}", soft_wrap=True)


def _speed(given: argparse.Namespace) -> None:
    with native_messages_into(STATE / "log" / "speed.log"), CONSOLE.status("measuring ...") as status:
        sizes = given.width, given.height, given.pictures, given.steps
        speeds = speed.measure(SIZES, *sizes, told=lambda what: status.update(f"{what} ..."))
    speed.show(speeds, CONSOLE)


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
