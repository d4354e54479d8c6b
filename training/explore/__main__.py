"""Explores a dataset: one HTML file with how its playlists, songs, tags and titles are spread.

    python -m training.explore --out report/                      the catalogue in the service's database
    python -m training.explore --database URL --out report/       the catalogue in another
    python -m training.explore --melon DIR --out report/          a dataset, before it is imported

DIR holds `train.json`, and where they are known `song_meta.json` and `genre_gn_all.json`, each plain or packed. The
report is `index.html` in the folder of --out; it needs no other file and no network.
"""

import argparse
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from aiplayer.catalogue import connect
from aiplayer.settings import Settings
from training.console import run_command
from training.dataset.dirt import Dirt
from training.dataset.frames import read_catalogue, read_melon
from training.explore.report import write

CONSOLE = Console(highlight=False)
# Reading millions of entries is one statement.
STATEMENT_TIMEOUT_S = 600


def main() -> None:
    """Run the command line."""
    arguments = _parse_arguments()
    settings = Settings()
    dirt = Dirt()
    with CONSOLE.status("reading") as status:
        if arguments.melon:
            dataset = read_melon(arguments.melon, dirt)
            name = f"the folder {arguments.melon.resolve().name}"
        else:
            url = arguments.database or settings.database_url.get_secret_value()
            dataset = read_catalogue(connect(url, settings.database_timeout_s, STATEMENT_TIMEOUT_S))
            name = "the catalogue"

        status.update("drawing")
        path = write(dataset, name, arguments.out)

    dirt.show(CONSOLE)
    CONSOLE.print(f"[green]✓[/] The report is {escape(str(path))}", soft_wrap=True)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.explore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--melon", type=Path, metavar="DIR", help="folder of a dataset in the Melon format")
    source.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the report")
    return parser.parse_args()


if __name__ == "__main__":
    run_command(main)
