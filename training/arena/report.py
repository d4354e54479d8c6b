"""The table of `score`: what each model reached in each case, and how certain it is that the first one differs."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

from rich.console import Console
from rich.table import Table
from rich.text import Text

from training.arena.cases import MIX, Case, are_same_playlists
from training.arena.evaluation import ALL, FIRST_SONGS, SONG, TAG, TOTAL, Difference, Place, Result, compare, scores
from training.arena.metrics import LEVEL, RESAMPLES, SONG_SHARE, TAG_SHARE

NOTHING = "—"
NDCG = {SONG: "song nDCG@100", TAG: "tag nDCG@10", TOTAL: "total"}
Cell = str | Text


def show(cases: Sequence[Case], results: Mapping[str, Sequence[Result]], console: Console) -> None:
    """Print the table; in a file or a pipe no line is broken.

    Args:
        cases: The cases.
        results: For each model, by its name, that of each case. The first model is compared with each other one.
        console: Where to.
    """
    model, *others = results
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("")
    table.add_column(model, justify="right")
    for other in others:
        table.add_column(other, justify="right")
        table.add_column(f"{model} − {other}")
    for name, figures, differences in _rows(cases, list(results.values())):
        pairs = zip(figures[1:], differences or [""] * len(others), strict=True) if figures else ()
        table.add_row(name, *figures[:1], *(cell for pair in pairs for cell in pair))
    if not console.is_terminal:
        console.width = console.measure(table, options=console.options.update(width=10_000)).maximum
    console.print(table)
    for line in _legend(cases, differences=bool(others)):
        console.print(line, style="dim", soft_wrap=True)


def _rows(
    cases: Sequence[Case], results: Sequence[Sequence[Result]]
) -> Iterator[tuple[str, Sequence[Cell], Sequence[Cell]]]:
    """Name, each model's figure, and each difference where there are any."""
    reached = [scores(cases, of_model) for of_model in results]
    gains = [compare(cases, results[0], of_other) for of_other in results[1:]]

    def ndcg(place: Place) -> tuple[str, Sequence[Cell], Sequence[Cell]]:
        figures = [_figure(one[place], 4) for one in reached]
        return f"  {NDCG[place[1]]}", figures, [_difference(gain[place]) for gain in gains]

    for case, of_case in zip(cases, zip(*results, strict=True), strict=True):
        yield f"[bold]{case.name}[/], {len(case.questions):,} asked", (), ()
        yield ndcg((case.name, SONG))
        yield ndcg((case.name, TAG))
        yield "  song recall@100", [_figure(one.recall, 4) for one in of_case], ()
        yield "  catalogue coverage", [_figure(100 * one.coverage, 2, "%") for one in of_case], ()
        if not all(isnan(one.artists) for one in of_case):
            yield f"  artists in {FIRST_SONGS} songs", [_figure(one.artists, 1) for one in of_case], ()
    yield "[bold]mix of the cases[/]", (), ()
    for kind in (SONG, TAG, TOTAL):
        yield ndcg((ALL, kind))


def _legend(cases: Sequence[Case], differences: bool) -> Iterator[str]:
    whole = sum(MIX[case.name] for case in cases)
    yield f"mix: {', '.join(f'{MIX[case.name] / whole:.0%} {case.name}' for case in cases)}"
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
        text.append(" *").stylize("green" if difference.mean > 0 else "red")
    return text
