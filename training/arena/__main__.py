"""Fits a method on playlists, and answers questions about others.

    python -m training.arena fit --train TRAIN.json.gz --model DIR [--method NAME]
    python -m training.arena answer --model DIR --questions QUESTIONS.json.gz --results RESULTS.json

A question is a playlist with something missing; an answer is 100 songs and 10 tags that it does not name, best first.
"""

import argparse
import json
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.progress import track

from aiplayer.errors import InvalidInput
from training.arena.answers import answer
from training.arena.baselines import Method, NearestTitles, Neighbours, Popularity
from training.arena.corpus import Corpus, questions
from training.console import run_command
from training.dataset.frames import read_playlists

CONSOLE = Console(highlight=False)
METHODS = {"popularity": Popularity, "nearest-titles": NearestTitles, "neighbours": Neighbours}
CORPUS_FILE, METHOD_FILE = "corpus.parquet", "method.json"


def fit(train: Path, model: Path, method: str) -> None:
    """Keep what the method needs in the folder `model`.

    Raises:
        InvalidInput: the playlists cannot be read.
    """
    playlists = read_playlists(train)
    model.mkdir(parents=True, exist_ok=True)
    playlists.write_parquet(model / CORPUS_FILE)
    (model / METHOD_FILE).write_text(json.dumps({"method": method}), encoding="utf-8")


def load(model: Path) -> tuple[Corpus, Method]:
    """Read what `fit` has kept.

    Raises:
        InvalidInput: the folder holds no model.
    """
    try:
        method = json.loads((model / METHOD_FILE).read_text(encoding="utf-8"))["method"]
        corpus = Corpus(pl.read_parquet(model / CORPUS_FILE))
        return corpus, METHODS[method](corpus)
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInput(f"{model} holds no model. Make one with `python -m training.arena fit`.") from error


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.arena", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    fitting = commands.add_parser("fit", help="fit a method on playlists")
    fitting.add_argument("--train", type=Path, required=True, metavar="FILE")
    fitting.add_argument("--method", choices=METHODS, default="neighbours", help="default: neighbours")
    answering = commands.add_parser("answer", help="answer questions")
    answering.add_argument("--questions", type=Path, required=True, metavar="FILE")
    answering.add_argument("--results", type=Path, required=True, metavar="FILE")
    for command in (fitting, answering):
        command.add_argument("--model", type=Path, required=True, metavar="DIR")
    arguments = parser.parse_args()
    if arguments.command == "fit":
        with CONSOLE.status(f"fitting {arguments.method} ..."):
            fit(arguments.train, arguments.model, arguments.method)
        CONSOLE.print(f"[green]✓[/] {arguments.method} in {arguments.model}", soft_wrap=True)
        return
    with CONSOLE.status("reading ..."):
        corpus, method = load(arguments.model)
        asked = questions(read_playlists(arguments.questions))
    results = [answer(corpus, method, question) for question in track(asked, "answering", console=CONSOLE)]
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    arguments.results.write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")
    CONSOLE.print(f"[green]✓[/] {len(results):,} answers in {arguments.results}", soft_wrap=True)


if __name__ == "__main__":
    run_command(main)
