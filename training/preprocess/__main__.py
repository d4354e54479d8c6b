"""Cleans a dataset in five steps and says what each removed.

    python -m training.preprocess --melon DIR --out DIR

The steps are those of the original project: 115,071 playlists of the Melon dataset became 46,758. Each is a pure
function of a `Dataset`; thresholds come from the data, and `Rules` says how. A rule that the data cannot speak to (no
song has a genre, all likes are equal) changes nothing and says so.
"""

import argparse
from dataclasses import fields
from pathlib import Path

from rich.console import Console

from training.console import run_command
from training.dataset.dirt import Dirt
from training.dataset.frames import read_melon, write_melon
from training.preprocess.steps import Rules, preprocess
from training.preprocess.table import show

CONSOLE = Console(highlight=False)


def main() -> None:
    """Run the command line."""
    arguments = _parse_arguments()
    rules = Rules(**{field.name: getattr(arguments, field.name) for field in fields(Rules)})

    with Dirt() as dirt, CONSOLE.status(f"reading {arguments.melon} ..."):
        dataset = read_melon(arguments.melon, dirt)
    dirt.show(CONSOLE)

    clean_dataset = show(dataset, preprocess(dataset, rules), CONSOLE)
    write_melon(clean_dataset, arguments.out)
    CONSOLE.print(f"[green]✓[/] {arguments.out}", soft_wrap=True)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.preprocess", description=__doc__.splitlines()[0])
    parser.add_argument("--melon", type=Path, required=True, metavar="DIR", help="dataset to read")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write the cleaned dataset")
    defaults = Rules()
    for field in fields(Rules):
        default = getattr(defaults, field.name)
        flag = f"--{field.name.replace('_', '-')}"
        parser.add_argument(flag, type=type(default), default=default, help=f"default: {default}")
    return parser.parse_args()


if __name__ == "__main__":
    run_command(main)
