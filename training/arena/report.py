"""The table of `score`: what each model reached in each case, and how certain it is that the first one differs."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from training.arena.cases import MIX, Case, are_same_playlists
from training.arena.evaluation import ALL, FIRST_SONGS, SONG, TAG, TOTAL, Difference, Place, Result, compare, scores
from training.arena.metrics import LEVEL, RESAMPLES, SONG_SHARE, TAG_SHARE
from training.console import print_whole

NOTHING = "—"
NDCG = {SONG: "song nDCG@100", TAG: "tag nDCG@10", TOTAL: "total"}
Cell = str | Text


class Row(NamedTuple):
    """A line of the table.

    Attributes:
        name: What is measured, or the heading of the lines below.
        figures: Each model's figure; none in a heading.
        differences: How much more the first model reached than each other one; none where that is not compared.
    """

    name: str
    figures: Sequence[Cell] = ()
    differences: Sequence[Cell] = ()


def show(cases: Sequence[Case], results: Mapping[str, Sequence[Result]], console: Console) -> None:
    """Print the table; in a file or a pipe no line is broken.

    Args:
        cases: The cases.
        results: For each model, by its name, that of each case. The first model is compared with each other one.
        console: Prints the table.
    """
    model, *others = results
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("")
    table.add_column(model, justify="right")
    for other in others:
        table.add_column(other, justify="right")
        table.add_column(f"{model} − {other}")
    for row in _rows(cases, list(results.values())):
        table.add_row(row.name, *_cells(row))

    print_whole(table, console)
    for line in _legend(cases, differences=bool(others)):
        console.print(line, style="dim", soft_wrap=True)


def _cells(row: Row) -> list[Cell]:
    """The first model's figure, and of each other model its figure and the difference."""
    if not row.figures:
        return []
    first, *others = row.figures
    differences = row.differences or [""] * len(others)
    cells = [first]
    for figure, difference in zip(others, differences, strict=True):
        cells += [figure, difference]
    return cells


def _rows(cases: Sequence[Case], results: Sequence[Sequence[Result]]) -> Iterator[Row]:
    """All lines of the table: those of each case, then those of the mix."""
    model_scores = [scores(cases, model_results) for model_results in results]
    model_gains = [compare(cases, results[0], other_results) for other_results in results[1:]]

    def ndcg_row(place: Place) -> Row:
        _, kind = place
        figures = [_figure(places[place], 4) for places in model_scores]
        differences = [_difference(gains[place]) for gains in model_gains]
        return Row(f"  {NDCG[kind]}", figures, differences)

    for number, case in enumerate(cases):
        case_results = [model_results[number] for model_results in results]
        yield Row(f"[bold]{case.name}[/], {len(case.questions):,} asked")
        yield ndcg_row((case.name, SONG))
        yield ndcg_row((case.name, TAG))
        yield Row("  song recall@100", [_figure(result.recall, 4) for result in case_results])
        yield Row("  catalogue coverage", [_figure(100 * result.coverage, 2, "%") for result in case_results])
        if not all(isnan(result.artists) for result in case_results):
            yield Row(f"  artists in {FIRST_SONGS} songs", [_figure(result.artists, 1) for result in case_results])

    yield Row("[bold]mix of the cases[/]")
    for kind in (SONG, TAG, TOTAL):
        yield ndcg_row((ALL, kind))


def _legend(cases: Sequence[Case], differences: bool) -> Iterator[str]:
    """What the words of the table mean; with `differences` also what an interval is."""
    whole = sum(MIX[case.name] for case in cases)
    shares = [f"{MIX[case.name] / whole:.0%} {case.name}" for case in cases]
    yield f"mix: {', '.join(shares)}"
    yield f"total: {SONG_SHARE} song + {TAG_SHARE} tag"
    if differences:
        drawn = "playlists, the same in all cases" if are_same_playlists(cases) else "questions, case by case"
        yield f"\\[from, to]: {LEVEL:.0%} of {RESAMPLES:,} paired resamples of the {drawn}; * excludes zero"


def _figure(value: float, places: int, unit: str = "") -> str:
    return NOTHING if isnan(value) else f"{value:.{places}f}{unit}"


def _difference(difference: Difference) -> Cell:
    if isnan(difference.mean):
        return NOTHING

    text = Text(f"{difference.mean:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}]")
    if difference.is_certain:
        color = "green" if difference.mean > 0 else "red"
        text.append(" *").stylize(color)
    return text
