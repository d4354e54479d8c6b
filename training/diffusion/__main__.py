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
from training.diffusion import speed, speed_report
from training.diffusion.scenes import PaintedScenes, render

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
    arguments = _command_line().parse_args()
    arguments.run(arguments)


def _command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.diffusion", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)

    command = commands.add_parser("render", help="paint scenes")
    command.set_defaults(run=_render)
    _add_scene_options(command, default_count=12_000)

    command = commands.add_parser("fit", help="paint scenes and learn from them")
    command.set_defaults(run=_fit)
    start_help = "a model that goes on learning, in another --out (default: a new one)"
    command.add_argument("--start", metavar="small|FILE", help=start_help)
    command.add_argument("--epochs", type=int, default=240, metavar="N", help="that the UNet learns (default 240)")
    _add_scene_options(command, default_count=12_000)

    command = commands.add_parser("measure", help="read the pictures of the painter and of the model of the settings")
    command.set_defaults(run=_measure)
    command.add_argument("--pictures", type=int, default=200, help="of each model, of each kind (default 200)")
    _add_scene_options(command, default_count=4_000)

    command = commands.add_parser("sheet", help="forty titles as the painter and the model of the settings paint them")
    command.set_defaults(run=_sheet)
    _add_out(command)

    command = commands.add_parser("speed", help="time a step of Stable Diffusion beside diffusers")
    command.set_defaults(run=_speed)
    command.add_argument("--width", type=int, default=512, metavar="PX", help="of a picture (default 512)")
    command.add_argument("--height", type=int, default=512, metavar="PX", help="of a picture (default 512)")
    command.add_argument("--pictures", type=int, default=1, metavar="N", help="guided ones in a step (default 1)")
    command.add_argument("--steps", type=int, default=5, metavar="N", help="timed after the first (default 5)")
    return parser


def _add_scene_options(command: argparse.ArgumentParser, default_count: int) -> None:
    _add_out(command)
    help_text = f"how many scenes (default {default_count:,})"
    command.add_argument("--count", type=int, default=default_count, help=help_text)


def _add_out(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=STATE / "diffusion", help="folder (default var/diffusion)")


def _render(arguments: argparse.Namespace) -> None:
    with Progress(*COLUMNS, console=CONSOLE) as progress:
        painted_scenes = _paint_scenes(arguments, progress)
    CONSOLE.print(f"[green]✓[/] {len(painted_scenes):,} scenes in {arguments.out / 'scenes'}", soft_wrap=True)


def _fit(arguments: argparse.Namespace) -> None:
    from aiplayer.titles import encoder as title_encoder
    from aiplayer.titles.transformer import TiledTransformer
    from training.diffusion.fit import COURSE, fit, usual_way

    with Progress(*COLUMNS, console=CONSOLE) as progress:
        painted_scenes = _paint_scenes(arguments, progress)
        encoder = TiledTransformer(title_encoder.create())
        file = fit(
            painted_scenes,
            arguments.out,
            encoder.embed,
            progress,
            start=path_of(arguments.start) if arguments.start else None,
            course=replace(COURSE, epochs=arguments.epochs),
            seed=Settings().seed,
            way=usual_way(),
        )
    CONSOLE.print(f"[green]✓[/] {file}", soft_wrap=True)


def _measure(arguments: argparse.Namespace) -> None:
    from training.diffusion import judging

    with Progress(*COLUMNS, console=CONSOLE) as progress:
        painted_scenes = _paint_scenes(arguments, progress)
        verdicts = judging.measure(painted_scenes, arguments.out, arguments.pictures, Settings(), progress)
    CONSOLE.print(judging.report(verdicts))


def _sheet(arguments: argparse.Namespace) -> None:
    from training.diffusion.sheet import paint_sheet

    file = arguments.out / "sheet.jpg"
    with CONSOLE.status("painting ..."):
        paint_sheet(Settings(), file)
    CONSOLE.print(f"[green]✓[/] {file}", soft_wrap=True)


def _speed(arguments: argparse.Namespace) -> None:
    with native_messages_into(STATE / "log" / "speed.log"), CONSOLE.status("measuring ...") as status:
        speeds = speed.measure(
            SIZES,
            arguments.width,
            arguments.height,
            arguments.pictures,
            arguments.steps,
            announce=lambda what: status.update(f"{what} ..."),
        )
    speed_report.show(speeds, CONSOLE)


def _paint_scenes(arguments: argparse.Namespace, progress: Progress) -> PaintedScenes:
    task = progress.add_task("painting", total=arguments.count)
    painted_scenes = render(
        arguments.out / "scenes",
        arguments.count,
        Settings().seed,
        progress=lambda done, _: progress.update(task, completed=done),
    )
    progress.update(task, completed=len(painted_scenes))
    return painted_scenes


if __name__ == "__main__":
    run_command(main)
