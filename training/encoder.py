"""Fine-tunes the title encoder on the playlists of a catalogue, and measures an encoder against another.

    python -m training.encoder fit --out DIR [--train TRAIN.json.gz] [--source ENCODER]
    python -m training.encoder measure --encoder DIR [--train TRAIN.json.gz] [--dev DIR] [--source ENCODER]

Without --train the playlists are those of the service's database. A twentieth of them, at most 1,000, is never learned
from; `measure` asks about these. Set AIPLAYER_TITLE_ENCODER_SOURCE to the folder of a tuned encoder to use it.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from aiplayer.catalogue import connect
from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE, Settings
from training.arena.corpus import questions
from training.console import native_messages_into, run_command
from training.dataset import melon
from training.dataset.frames import read_catalogue, read_playlists
from training.titles.encoder.overlap import split

CONSOLE = Console(highlight=False)
PAIRS = 30_000
SOURCE = Settings.model_fields["title_encoder_source"].default


def playlists_of(train: Path | None) -> pl.DataFrame:
    """The playlists of a file in the Melon format, or of the service's database.

    Raises:
        InvalidInput: the file cannot be read, or there are no playlists.
    """
    with CONSOLE.status("reading ..."):
        if train:
            playlists = read_playlists(train)
        else:
            settings = Settings()
            engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s, 3600)
            playlists = read_catalogue(engine).playlists
    if playlists.is_empty():
        raise InvalidInput(f"{train or 'The database'} has no playlists. Name a file of them by --train.")
    return playlists


def progress_bar() -> Progress:
    """What is done, how long it took, and how long it will take."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    return Progress(*columns, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), console=CONSOLE)


def fit(arguments: argparse.Namespace) -> None:
    """Write the tuned encoder to the folder `arguments.out`.

    Raises:
        InvalidInput: the playlists or the encoder cannot be used, or no two playlists have anything in common.
    """
    from transformers.utils import logging

    from aiplayer.titles import encoder as title_encoder
    from training.titles.encoder.fit import Recipe, fine_tune
    from training.titles.encoder.pairs import mine

    if arguments.out.exists() and not arguments.out.is_dir():
        raise InvalidInput(f"{arguments.out} is a file. Name a folder by --out.")
    logging.set_verbosity_error()
    learned, _ = split(playlists_of(arguments.train))
    encoder = title_encoder.create(arguments.source)
    with progress_bar() as progress:
        task = progress.add_task("finding pairs", total=len(learned))
        pairs = mine(learned, arguments.pairs, arguments.seed, lambda rows: progress.advance(task, rows))
        if not pairs:
            raise InvalidInput("No two playlists of different titles share a song or a tag; there is nothing to learn.")
        task = progress.add_task("training", total=None)
        recipe = Recipe(epochs=arguments.epochs, learning_rate=arguments.rate, keep=arguments.keep, seed=arguments.seed)
        fine_tune(encoder, pairs, recipe, arguments.out, _teller(progress, task))
    CONSOLE.print(f"[green]✓[/] {arguments.out}, tuned on {len(pairs):,} pairs of titles", soft_wrap=True)


def measure(arguments: argparse.Namespace) -> None:
    """Print what the source and the tuned encoder reach.

    Raises:
        InvalidInput: the playlists, the questions or an encoder cannot be read.
    """
    from aiplayer.titles import encoder as title_encoder
    from training.titles.encoder.measure import Asked, figures

    playlists, asked = playlists_of(arguments.train), None
    if arguments.dev:
        files = [melon.find_file(arguments.dev, name) for name in ("questions", "answers")]
        if None in files:
            raise InvalidInput(f"{arguments.dev} holds no questions.json and answers.json, plain or gzipped.")
        asked = Asked(*(questions(read_playlists(file)) for file in files))
    encoders = [title_encoder.create(name) for name in (arguments.source, arguments.encoder)]
    columns = []
    with progress_bar() as progress:
        for name, encoder in zip(("before", "after"), encoders, strict=True):
            task = progress.add_task(name, total=None)
            columns.append(figures(encoder, playlists, asked, _teller(progress, task)))
    table = Table("", "before", "after", box=None)
    for name, before in columns[0].items():
        table.add_row(name, f"{before:.4f}", f"{columns[1][name]:.4f}")
    CONSOLE.print(table)


def _teller(progress: Progress, task: int) -> Callable[[int, int], None]:
    return lambda done, total: progress.update(task, completed=done, total=total)


def number(least: float, most: float, kind: type = float) -> Callable[[str], float]:
    """An argument's type: a number from `least` to `most`."""

    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not a number from {least:g} to {most:g}")
        return value

    return parse


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.encoder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    fitting = commands.add_parser("fit", help="fine-tune an encoder")
    fitting.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the tuned encoder goes")
    fitting.add_argument("--pairs", type=number(1, 10**7, int), default=PAIRS, help=f"at most so many; {PAIRS:,}")
    fitting.add_argument("--epochs", type=number(0.01, 100), default=1.0, help="how often each pair is seen; 1")
    fitting.add_argument("--rate", type=number(1e-7, 1), default=3e-4, help="AdamW's highest learning rate; 0.0003")
    fitting.add_argument("--keep", type=number(0, 1), default=0.4, help="share of the source's weights; 0.4")
    fitting.add_argument("--seed", type=number(0, 2**32 - 1, int), default=0, help="0")
    measuring = commands.add_parser("measure", help="compare two encoders")
    measuring.add_argument("--encoder", required=True, metavar="DIR", help="the tuned encoder")
    measuring.add_argument("--dev", type=Path, metavar="DIR", help="questions.json and answers.json of titles alone")
    for command in (fitting, measuring):
        command.add_argument("--train", type=Path, metavar="FILE", help="playlists in the Melon format")
        command.add_argument("--source", default=SOURCE, metavar="NAME", help=SOURCE)
    arguments = parser.parse_args()
    with native_messages_into(STATE / "log" / "encoder.log"):
        {"fit": fit, "measure": measure}[arguments.command](arguments)


if __name__ == "__main__":
    run_command(main)
