"""Fills the database with playlists.

    python -m training.dataset import --melon DIR [--database URL]    a dataset becomes the catalogue
    python -m training.dataset import --csv FILE... [--database URL]  own playlists are added to it

DIR holds `train.json`, and where they are known `song_meta.json` and `genre_gn_all.json`, each plain or packed. FILE
is a table of songs as Exportify writes it. What is dirty is counted and listed in var/import/dirty-records.csv.
"""

import argparse
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from sqlalchemy import Engine

from aiplayer.catalogue import Catalogue, connect
from aiplayer.settings import STATE, Settings
from training.console import run_command
from training.dataset.dirt import Dirt
from training.dataset.load import Progress, import_csv, import_melon

CONSOLE = Console(highlight=False)
DIRTY_RECORDS = STATE / "import" / "dirty-records.csv"
# Putting millions of rows in place is one statement.
STATEMENT_TIMEOUT_S = 3600


class ShownProgress(Progress):
    """Progress of an import on the terminal: a bar over the bytes read, and lines above it.

    Args:
        bar: The bar to move; the caller starts and stops it.
    """

    def __init__(self, bar: Bar) -> None:
        self.bar = bar
        self.task: TaskID  # Begins with `total`.

    def total(self, size: int) -> None:
        """Begin the bar."""
        self.task = self.bar.add_task("importing", total=size)

    def advance(self, size: int) -> None:
        """Move the bar."""
        self.bar.advance(self.task, size)

    def say(self, line: str) -> None:
        """Print a line."""
        self.bar.console.print(line, soft_wrap=True)


def main() -> None:
    """Run the command line."""
    arguments = _parse_arguments()
    settings = Settings()
    url = arguments.database or settings.database_url.get_secret_value()
    engine = connect(url, settings.database_timeout_s, STATEMENT_TIMEOUT_S)

    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Dirt(arguments.dirty) as dirt:
        try:
            with Bar(*columns, console=CONSOLE, transient=True) as bar:
                _import(arguments, engine, dirt, ShownProgress(bar))
        finally:
            # Of an import that is refused, too.
            dirt.show(CONSOLE)
    seconds = time.monotonic() - started

    _show_catalogue(Catalogue(engine), seconds)


def _import(arguments: argparse.Namespace, engine: Engine, dirt: Dirt, progress: Progress) -> None:
    """Import what the command names."""
    if arguments.melon:
        import_melon(arguments.melon, engine, dirt, progress, arguments.keep_what_can_be_read)
    else:
        import_csv(arguments.csv, engine, dirt, progress)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.dataset", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="import")
    command = commands.add_parser("import", help="fill the database")
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--melon", type=Path, metavar="DIR", help="folder of a dataset in the Melon format")
    source.add_argument(
        "--csv", type=Path, nargs="+", metavar="FILE", help="own playlists: tables of songs, artists, titles, tags"
    )
    command.add_argument(
        "--keep-what-can-be-read", action="store_true", help="of a dataset's file that is damaged, take what is left"
    )
    command.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    command.add_argument("--dirty", type=Path, default=DIRTY_RECORDS, metavar="FILE", help="list of dirty records")
    return parser.parse_args()


def _show_catalogue(catalogue: Catalogue, seconds: float) -> None:
    """Print the catalogue's version, what it holds, and how long the import took."""
    counts = ", ".join(f"{count:,} {name}" for name, count in catalogue.counts().items())
    CONSOLE.print(
        f"[green]✓[/] The catalogue is version {catalogue.version()}: {counts} [dim]({seconds:.0f} s)[/]",
        soft_wrap=True,
    )


if __name__ == "__main__":
    run_command(main)
