"""Fine-tunes the title encoder on the playlists of a catalogue, and measures an encoder against another.

    python -m training.encoder fit --out DIR [--train TRAIN.json.gz] [--source ENCODER]
    python -m training.encoder measure --encoder DIR [--train TRAIN.json.gz] [--dev DIR] [--source ENCODER]

Without --train the playlists are those of the service's database. A twentieth of them, at most 1,000, is never learned
from; `measure` asks about these. Set AIPLAYER_TITLE_ENCODER_SOURCE to the folder of a tuned encoder to use it.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from aiplayer.catalogue import connect
from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE, Settings
from training.arena.corpus import questions
from training.console import native_messages_into, run_command
from training.dataset import melon
from training.dataset.frames import read_catalogue, read_playlists
from training.titles.encoder.overlap import split

if TYPE_CHECKING:
    from training.titles.encoder.measure import TitleQuestions

CONSOLE = Console(highlight=False)
PAIRS = 30_000
STATEMENT_TIMEOUT_S = 3600
SOURCE = Settings.model_fields["title_encoder_source"].default


def playlists_of(train: Path | None) -> pl.DataFrame:
    """The playlists of a file in the Melon format, or of the service's database.

    Args:
        train: The file, or None for the database.

    Raises:
        InvalidInput: the file cannot be read, or there are no playlists.
    """
    with CONSOLE.status("reading ..."):
        if train:
            playlists = read_playlists(train)
        else:
            settings = Settings()
            url = settings.database_url.get_secret_value()
            engine = connect(url, settings.database_timeout_s, STATEMENT_TIMEOUT_S)
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

    Args:
        arguments: Those of the command `fit`.

    Raises:
        InvalidInput: the playlists or the encoder cannot be used, or no two playlists have anything in common.
    """
    from transformers.utils import logging

    from aiplayer.titles import encoder as title_encoder
    from training.titles.encoder.fit import Recipe, fine_tune
    from training.titles.encoder.pairs import mine_pairs

    if arguments.out.exists() and not arguments.out.is_dir():
        raise InvalidInput(f"{arguments.out} is a file. Name a folder by --out.")

    logging.set_verbosity_error()
    learned, _ = split(playlists_of(arguments.train))
    encoder = title_encoder.create(arguments.source)

    with progress_bar() as progress:
        task = progress.add_task("finding pairs", total=len(learned))
        pairs = mine_pairs(learned, arguments.pairs, arguments.seed, lambda rows: progress.advance(task, rows))
        if not pairs:
            raise InvalidInput("No two playlists of different titles share a song or a tag; there is nothing to learn.")

        task = progress.add_task("training", total=None)
        recipe = Recipe(epochs=arguments.epochs, learning_rate=arguments.rate, keep=arguments.keep, seed=arguments.seed)
        fine_tune(encoder, pairs, recipe, arguments.out, _teller(progress, task))

    CONSOLE.print(f"[green]✓[/] {arguments.out}, tuned on {len(pairs):,} pairs of titles", soft_wrap=True)


def measure(arguments: argparse.Namespace) -> None:
    """Print what the source and the tuned encoder reach.

    Args:
        arguments: Those of the command `measure`.

    Raises:
        InvalidInput: the playlists, the questions or an encoder cannot be read.
    """
    from aiplayer.titles import encoder as title_encoder
    from training.titles.encoder.measure import measure_encoder

    playlists = playlists_of(arguments.train)
    title_questions = title_questions_in(arguments.dev) if arguments.dev else None
    encoders = {
        "before": title_encoder.create(arguments.source),
        "after": title_encoder.create(arguments.encoder),
    }

    measures = {}
    with progress_bar() as progress:
        for name, encoder in encoders.items():
            task = progress.add_task(name, total=None)
            measures[name] = measure_encoder(encoder, playlists, title_questions, _teller(progress, task))

    table = Table("", "before", "after", box=None)
    for name, before in measures["before"].items():
        after = measures["after"][name]
        table.add_row(name, f"{before:.4f}", f"{after:.4f}")
    CONSOLE.print(table)


def title_questions_in(dev: Path) -> "TitleQuestions":
    """The questions and answers in a folder.

    Args:
        dev: Holds the two files in the Melon format, plain or packed.

    Raises:
        InvalidInput: a file is missing or cannot be read.
    """
    from training.titles.encoder.measure import TitleQuestions

    questions_file = melon.find_file(dev, "questions")
    answers_file = melon.find_file(dev, "answers")
    if questions_file is None or answers_file is None:
        raise InvalidInput(f"{dev} holds no questions.json and answers.json, plain or packed.")

    return TitleQuestions(
        questions=questions(read_playlists(questions_file)),
        answers=questions(read_playlists(answers_file)),
    )


def _teller(progress: Progress, task: TaskID) -> Callable[[int, int], None]:
    """What shows a task's (done, total) on the progress bar."""
    return lambda done, total: progress.update(task, completed=done, total=total)


def number(least: float, most: float, kind: type = float) -> Callable[[str], float]:
    """An argument's type for argparse: text -> a number from `least` to `most`.

    Args:
        least: The smallest number that is allowed.
        most: The greatest number that is allowed.
        kind: int or float.
    """

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
