"""Fits a method on playlists, and answers questions about others.

    python -m training.arena fit --train TRAIN.json.gz --model DIR [--songs SONG_META.json.gz] [--method NAME]
    python -m training.arena answer --model DIR --questions QUESTIONS.json.gz --results RESULTS.json

A question is a playlist with something missing; an answer is 100 songs and 10 tags that it does not name, best first.
The method "autoencoder" is the product's whole recommender; the others are there to compare it with.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn, track

from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE
from training.arena.answers import answer
from training.arena.baselines import NearestTitles, Neighbours, Popularity
from training.arena.corpus import Corpus, Question, questions
from training.console import native_messages_into, run_command
from training.dataset.frames import read_playlists, read_songs

CONSOLE = Console(highlight=False)
PRODUCT = "autoencoder"
BASELINES = {"popularity": Popularity, "nearest-titles": NearestTitles, "neighbours": Neighbours}
CORPUS_FILE, METHOD_FILE = "corpus.parquet", "method.json"


def fit(train: Path, songs: Path | None, model: Path, method: str) -> None:
    """Keep what the method needs in the folder `model`.

    Raises:
        InvalidInput: the playlists or the songs cannot be read.
    """
    with CONSOLE.status("reading ..."):
        playlists = read_playlists(train)
        artists = dict(read_songs(songs).select("song_id", "artists").iter_rows()) if songs else {}
    model.mkdir(parents=True, exist_ok=True)
    if method == PRODUCT:
        from training.arena import product

        with Progress(*Progress.get_default_columns(), TimeElapsedColumn(), console=CONSOLE) as progress:
            product.fit(playlists, artists, model, progress)
    else:
        playlists.write_parquet(model / CORPUS_FILE)
    (model / METHOD_FILE).write_text(json.dumps({"method": method}), encoding="utf-8")


def answers(model: Path, asked: Sequence[Question]) -> Iterable[dict]:
    """The answers of what `fit` has kept.

    Raises:
        InvalidInput: the folder holds no model.
    """
    try:
        method = json.loads((model / METHOD_FILE).read_text(encoding="utf-8"))["method"]
        if method == PRODUCT:
            from training.arena import product

            return product.answers(model, asked)
        corpus = Corpus(pl.read_parquet(model / CORPUS_FILE))
        scorer = BASELINES[method](corpus)
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInput(f"{model} holds no model. Make one with `python -m training.arena fit`.") from error
    return (answer(corpus, scorer, question) for question in asked)


def write_answers(model: Path, asked: Path, results: Path) -> int:
    """Answer a file of questions into a file of results; how many there are."""
    with CONSOLE.status("reading ..."):
        known = questions(read_playlists(asked))
        found = answers(model, known)
    answered = list(track(found, "answering", total=len(known), console=CONSOLE))
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(answered, ensure_ascii=False), encoding="utf-8")
    return len(answered)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.arena", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    fitting = commands.add_parser("fit", help="fit a method on playlists")
    fitting.add_argument("--train", type=Path, required=True, metavar="FILE")
    fitting.add_argument("--songs", type=Path, metavar="FILE", help="song_meta.json, for who sings what")
    fitting.add_argument("--method", choices=(PRODUCT, *BASELINES), default=PRODUCT, help=f"default: {PRODUCT}")
    answering = commands.add_parser("answer", help="answer questions")
    answering.add_argument("--questions", type=Path, required=True, metavar="FILE")
    answering.add_argument("--results", type=Path, required=True, metavar="FILE")
    for command in (fitting, answering):
        command.add_argument("--model", type=Path, required=True, metavar="DIR")
    arguments = parser.parse_args()
    with native_messages_into(STATE / "log" / "arena.log"):
        if arguments.command == "fit":
            fit(arguments.train, arguments.songs, arguments.model, arguments.method)
            CONSOLE.print(f"[green]✓[/] {arguments.method} in {arguments.model}", soft_wrap=True)
        else:
            count = write_answers(arguments.model, arguments.questions, arguments.results)
            CONSOLE.print(f"[green]✓[/] {count:,} answers in {arguments.results}", soft_wrap=True)


if __name__ == "__main__":
    run_command(main)
