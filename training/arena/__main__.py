"""Fits a method on playlists, answers questions about others, and scores the answers.

    python -m training.arena fit --train TRAIN.json.gz --model DIR [--songs SONG_META.json.gz] [--method NAME]
    python -m training.arena answer --model DIR --questions QUESTIONS.json.gz --results RESULTS.json
    python -m training.arena score --dev DIR --model DIR [--against DIR ...] [--without PART ...] [--songs FILE]
    python -m training.arena speed --model DIR --questions QUESTIONS.json.gz
    python -m training.arena search --model DIR --train TRAIN.json.gz --dev DIR

A question is a playlist with something missing; an answer is 100 songs and 10 tags that it does not name, best first.
The method "autoencoder" is the product's whole recommender; the others are there to compare it with. The DIR of --dev
holds folders CASE with questions.json.gz and answers.json.gz; --without takes a part from the product. `search` asks
for playlists, with the titles of the case title_only.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TimeElapsedColumn, track

from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE
from training.arena.ablation import PARTS
from training.arena.cases import Case, read_cases
from training.arena.corpus import questions
from training.arena.evaluation import Result, evaluate
from training.arena.fitted import (
    BASELINES,
    CORPUS_FILE,
    METHOD_FILE,
    PRODUCT,
    FittedMethod,
    check_is_product,
    load,
)
from training.arena.report import show
from training.console import native_messages_into, run_command
from training.dataset.frames import read_playlists, read_songs

CONSOLE = Console(highlight=False)


def fit(train: Path, songs: Path | None, model: Path, method: str) -> None:
    """Keep what the method needs in the folder `model`.

    Args:
        train: The file of playlists.
        songs: The file of metadata, or None.
        model: The folder.
        method: PRODUCT or one of BASELINES.

    Raises:
        InvalidInput: the playlists or the songs cannot be read.
    """
    with CONSOLE.status("reading ..."):
        playlists = read_playlists(train)
        artists = read_artists(songs)

    model.mkdir(parents=True, exist_ok=True)
    if method == PRODUCT:
        from training.arena import product

        columns = (*Progress.get_default_columns(), TimeElapsedColumn())
        with Progress(*columns, console=CONSOLE) as progress:
            product.fit(playlists, artists, model, progress)
    else:
        playlists.write_parquet(model / CORPUS_FILE)
    # The method is written last: a folder without it holds no finished model.
    (model / METHOD_FILE).write_text(json.dumps({"method": method}), encoding="utf-8")


def write_answers(model: Path, questions_file: Path, results: Path) -> int:
    """Answer a file of questions.

    Args:
        model: The folder of a fitted method.
        questions_file: The questions, in the Melon format.
        results: The file to write.

    Returns:
        The number of answers.

    Raises:
        InvalidInput: the questions or the model cannot be read.
    """
    with CONSOLE.status("reading ..."):
        question_list = questions(read_playlists(questions_file))
        answers = load(model).answers(question_list)

    records = list(track(answers, "answering", total=len(question_list), console=CONSOLE))
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return len(records)


def score(dev: Path, folders: Sequence[Path], parts: Sequence[str], songs: Path | None) -> None:
    """Print how well each model answers, and how much better the first one.

    Args:
        dev: The folder of cases.
        folders: The models.
        parts: The first model is also compared with itself without each of these PARTS.
        songs: The file of metadata, or None.

    Raises:
        InvalidInput: the questions, the songs or a model cannot be read, or a model is given twice.
    """
    names = names_of(folders)
    with CONSOLE.status("reading ..."):
        cases, artists = read_cases(dev), read_artists(songs)
        models = {escape(name): load(folder) for name, folder in zip(names, folders, strict=True)}
        models |= {f"without {part}": load(folders[0], part) for part in parts}

    results = {}
    for name, model in models.items():
        results[name] = _evaluate_all(name, model, cases, artists)
    show(cases, results, CONSOLE)


def _evaluate_all(
    name: str, model: FittedMethod, cases: Sequence[Case], artists: Mapping[int, Sequence[str]]
) -> list[Result]:
    """What a model reaches in each case; its name stands beside the progress bar."""
    question_list = [question for case in cases for question in case.questions]
    progress = track(
        model.answers(question_list),
        name,
        total=len(question_list),
        console=CONSOLE,
        transient=True,
        disable=not CONSOLE.is_terminal,
    )
    answers = iter(list(progress))

    results = []
    for case in cases:
        case_answers = list(islice(answers, len(case.questions)))
        results.append(evaluate(case, case_answers, model.song_count, artists))
    return results


def speed(model: Path, questions_file: Path) -> None:
    """Print how fast the product answers a file of questions.

    Args:
        model: The folder of the fitted product.
        questions_file: The questions, in the Melon format.

    Raises:
        InvalidInput: the questions or the model cannot be read, there are too few questions, or it is no product.
    """
    with CONSOLE.status("reading ..."):
        question_list = questions(read_playlists(questions_file))
        check_is_product(model)

    from training.arena import product, timing

    if len(question_list) < timing.BATCH:
        raise InvalidInput(f"{questions_file} holds {len(question_list)} questions. Give {timing.BATCH} or more.")

    with CONSOLE.status("answering ..."):
        measured = timing.measure(model, product.requests(question_list, product.embed))
        CONSOLE.print(measured.text(), soft_wrap=True)


def search(model: Path, train: Path, dev: Path) -> None:
    """Print how well titles find playlists.

    Args:
        model: The folder of the product, fitted on the playlists.
        train: The file of playlists.
        dev: The folder of cases, of which title_only is asked.

    Raises:
        InvalidInput: the playlists, the questions or the model cannot be read, or it is no product.
    """
    check_is_product(model)
    case = next((case for case in read_cases(dev) if case.name == "title_only"), None)
    if case is None:
        raise InvalidInput(f"{dev} has no case title_only. Add its questions.json.gz and answers.json.gz.")

    from aiplayer.recommender.recommender import Recommender
    from aiplayer.titles import encoder
    from training.arena.search import measure_search

    with Progress(*Progress.get_default_columns(), TimeElapsedColumn(), console=CONSOLE) as progress:
        task = progress.add_task("embedding titles", total=None)
        scores = measure_search(
            Recommender.load(model),
            read_playlists(train),
            case,
            encoder.create(),
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    for name, score in scores.items():
        CONSOLE.print(f"{name:20} {score:.4f}")


def names_of(folders: Sequence[Path]) -> list[str]:
    """What to call each folder: its own name, or its path where two have one name.

    Args:
        folders: The folders of models.

    Raises:
        InvalidInput: a folder is given twice.
    """
    resolved = [folder.resolve() for folder in folders]
    for number, folder in enumerate(resolved):
        if folder in resolved[:number]:
            raise InvalidInput(f"{folder} is given twice. Give --model and --against different folders.")

    names = [folder.name for folder in resolved]
    if len(set(names)) < len(names):
        return [str(folder) for folder in folders]
    return names


def read_artists(songs: Path | None) -> dict[int, list[str]]:
    """Who sings each song of a file of metadata; empty without a file."""
    if songs is None:
        return {}
    columns = read_songs(songs).select("song_id", "artists")
    return dict(columns.iter_rows())


def command_line() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m training.arena", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)

    fitting = commands.add_parser("fit", help="fit a method on playlists")
    fitting.add_argument("--train", type=Path, required=True, metavar="FILE")
    fitting.add_argument("--method", choices=(PRODUCT, *BASELINES), default=PRODUCT, help=f"default: {PRODUCT}")

    answering = commands.add_parser("answer", help="answer questions")
    answering.add_argument("--questions", type=Path, required=True, metavar="FILE")
    answering.add_argument("--results", type=Path, required=True, metavar="FILE")

    scoring = commands.add_parser("score", help="answer questions whose answers are known, and score that")
    scoring.add_argument("--dev", type=Path, required=True, metavar="DIR", help="folders CASE of questions and answers")
    scoring.add_argument("--against", type=Path, nargs="+", default=[], metavar="DIR", help="models to compare with")
    scoring.add_argument("--without", choices=PARTS, nargs="+", default=[], metavar="PART", help=f"{', '.join(PARTS)}")

    timing = commands.add_parser("speed", help="time the product")
    timing.add_argument("--questions", type=Path, required=True, metavar="FILE")

    searching = commands.add_parser("search", help="search playlists by the titles of others, and score that")
    searching.add_argument("--train", type=Path, required=True, metavar="FILE", help="what the model was fitted on")
    searching.add_argument("--dev", type=Path, required=True, metavar="DIR", help="a folder of the case title_only")

    for command in (fitting, answering, scoring, timing, searching):
        command.add_argument("--model", type=Path, required=True, metavar="DIR")
    for command in (fitting, scoring):
        command.add_argument("--songs", type=Path, metavar="FILE", help="song_meta.json, for who sings what")
    return parser


def main() -> None:
    """The command line."""
    arguments = command_line().parse_args()
    with native_messages_into(STATE / "log" / "arena.log"):
        if arguments.command == "fit":
            fit(arguments.train, arguments.songs, arguments.model, arguments.method)
            CONSOLE.print(f"[green]✓[/] {arguments.method} in {arguments.model}", soft_wrap=True)
        elif arguments.command == "answer":
            count = write_answers(arguments.model, arguments.questions, arguments.results)
            CONSOLE.print(f"[green]✓[/] {count:,} answers in {arguments.results}", soft_wrap=True)
        elif arguments.command == "score":
            score(arguments.dev, [arguments.model, *arguments.against], arguments.without, arguments.songs)
        elif arguments.command == "speed":
            speed(arguments.model, arguments.questions)
        else:
            search(arguments.model, arguments.train, arguments.dev)


if __name__ == "__main__":
    run_command(main)
