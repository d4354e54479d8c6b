"""Cleans a dataset in five steps and says what each removed.

    python -m training.preprocess --melon DIR --out DIR

The steps are those of the original project: 115,071 playlists of the Melon dataset became 46,758. Each is a pure
function of a `Dataset`; thresholds come from the data, and `Rules` says how. A rule that the data cannot speak to (no
song has a genre, all likes are equal) changes nothing and says so.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from training.console import run_command
from training.dataset.dirt import Dirt
from training.dataset.frames import Dataset, read_melon, write_melon

CONSOLE = Console(highlight=False)
# All but letters, their accents (not the marks that colour an emoji), digits, and what stands inside words and names:
# R&B, lo-fi, don't, 90's.
SPECIAL = r"[^\p{L}[\p{M}--[\x{FE00}-\x{FE0F}]]\p{N}\s&'’+\-]+"
LOOSE = r"(^|\s)[&'’+\-]+|[&'’+\-]+(\s|$)"


@dataclass(frozen=True)
class Rules:
    """The thresholds.

    Attributes:
        shortest_words: Titles and tags with fewer characters are dropped, and those of digits only.
        fewest_songs: Shorter playlists are dropped even where the lower whisker is below.
        whisker: The boxplot's whiskers end at the last playlist within so many interquartile ranges of its box.
        likes_quantile: Playlists must have more likes than this quantile; 0.5 is the median.
        pareto_quantile: Songs and tags must be used more often than this quantile of them; 0.8 is the Pareto rule.
    """

    shortest_words: int = 2
    fewest_songs: int = 5
    whisker: float = 1.5
    likes_quantile: float = 0.5
    pareto_quantile: float = 0.8


@dataclass(frozen=True)
class Step:
    """A dataset after a step, and what the step's rule came to with this data."""

    name: str
    rule: str
    dataset: Dataset


def preprocess(dataset: Dataset, rules: Rules | None = None) -> Iterator[Step]:
    """Run the five steps; the last one's dataset is the result."""
    for step in STEPS:
        rule, dataset = step(dataset, rules or Rules())
        yield Step(step.__name__.replace("_", " "), rule, dataset)


def keep_songs_of_a_genre(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 1: drop songs without a genre. Impossible dates are unknown already: the reader sees to that."""
    songs = dataset.songs.filter(pl.col("genres").list.len() > 0)
    if not songs.height:
        return "no song has a genre: nothing to go by", dataset
    return "songs with a genre", Dataset(_with_songs(dataset.playlists, songs["song_id"]), songs)


def clean_words(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 2: take special characters out of titles and tags; drop what is then too short or digits only."""
    titles = dataset.playlists.with_columns(_clean(pl.col("title")))
    titles = titles.filter(_is_word(pl.col("title"), rules))
    tags = _lists(titles.select("playlist_id", "tags"), "tags", lambda frame: _clean_column(frame, "tags", rules))
    rule = f"titles and tags of {rules.shortest_words} characters or more, not digits only"
    return rule, replace(dataset, playlists=titles.with_columns(tags=tags))


def keep_one_of_each_title(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 3: of playlists with equal titles keep the one with most songs, then likes, then tags, then the newest."""
    best_first = dataset.playlists.sort(
        pl.col("songs").list.len(),
        "likes",
        pl.col("tags").list.len(),
        "updated",
        -pl.col("playlist_id"),
        descending=True,
        nulls_last=True,
    )
    kept = best_first.unique("title", keep="first", maintain_order=True).sort("playlist_id")
    return "the fullest playlist of each title", replace(dataset, playlists=kept)


def keep_usual_playlists(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 4: keep playlists between the boxplot's whiskers, and with more likes than most."""
    lengths, likes = dataset.playlists["songs"].list.len(), dataset.playlists["likes"]
    if not dataset.playlists.height:
        return "no playlist is left", dataset
    low, high = whiskers(lengths, rules.whisker)
    low = max(low, rules.fewest_songs)
    keep = lengths.is_between(low, high)
    liked = likes.quantile(rules.likes_quantile, interpolation="linear")
    rule = f"{low} to {high} songs"
    if likes.n_unique() > 1:
        keep &= likes > liked
        rule += f", more than {liked:g} likes"
    else:
        rule += "; all have as many likes, so these say nothing"
    return rule, replace(dataset, playlists=dataset.playlists.filter(keep))


def keep_frequent_items(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 5: drop songs and tags of the long tail, and then playlists without a song."""
    songs, song_cut = _frequent(dataset.entries()["song_id"], rules)
    tags, tag_cut = _frequent(dataset.tag_entries()["tag"], rules)
    playlists = _with_songs(dataset.playlists, songs)
    kept = _lists(playlists, "tags", lambda frame: frame.filter(pl.col("tags").is_in(tags.implode())))
    playlists = playlists.with_columns(tags=kept).filter(pl.col("songs").list.len() > 0)
    known = dataset.songs.filter(pl.col("song_id").is_in(songs.implode()))
    return f"songs used more than {song_cut} times, tags more than {tag_cut}", Dataset(playlists, known)


STEPS = (keep_songs_of_a_genre, clean_words, keep_one_of_each_title, keep_usual_playlists, keep_frequent_items)


def whiskers(values: pl.Series, reach: float) -> tuple[int, int]:
    """The least and the greatest value within `reach` interquartile ranges of the box (Tukey 1977)."""
    first, third = values.quantile(0.25, "linear"), values.quantile(0.75, "linear")
    inside = values.filter(values.is_between(first - reach * (third - first), third + reach * (third - first)))
    return inside.min(), inside.max()


def show(before: Dataset, steps: Iterator[Step], console: Console) -> Dataset:
    """Print what each step removed, as it is done; the last dataset comes back."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("step", "playlists", "song entries", "songs", "tag entries", "tags"):
        table.add_column(name, justify="left" if name == "step" else "right", no_wrap=name != "step")
    sizes = _sizes(before)
    table.add_row("read", *(f"{size:,}" for size in sizes))
    for number, step in enumerate(steps, start=1):
        after = _sizes(step.dataset)
        removed = (f"[red]-{old - new:,}[/]" if old > new else "0" for old, new in zip(sizes, after, strict=True))
        table.add_row(f"{number} {step.name}\n  [dim]{step.rule}[/]", *removed)
        sizes, before = after, step.dataset
    table.add_row("left", *(f"{size:,}" for size in sizes))
    console.print(table)
    return before


def _sizes(dataset: Dataset) -> tuple[int, ...]:
    entries, tags = dataset.entries()["song_id"], dataset.tag_entries()["tag"]
    return dataset.playlists.height, entries.len(), entries.n_unique(), tags.len(), tags.n_unique()


def _clean(text: pl.Expr) -> pl.Expr:
    text = text.str.replace_all(SPECIAL, " ").str.replace_all(LOOSE, " ")
    return text.str.replace_all(r"\s+", " ").str.strip_chars()


def _is_word(text: pl.Expr, rules: Rules) -> pl.Expr:
    return (text.str.len_chars() >= rules.shortest_words) & ~text.str.contains(r"^[\p{N}\s]*$")


def _clean_column(frame: pl.DataFrame, name: str, rules: Rules) -> pl.DataFrame:
    return frame.with_columns(_clean(pl.col(name))).filter(_is_word(pl.col(name), rules)).unique(maintain_order=True)


def _frequent(items: pl.Series, rules: Rules) -> tuple[pl.Series, int]:
    """The items used more often than the quantile of all, and that quantile; 0 where all are used equally often."""
    counts = items.value_counts(name="uses")
    if counts["uses"].n_unique() <= 1:
        return counts[items.name], 0
    cut = int(counts["uses"].quantile(rules.pareto_quantile, interpolation="lower"))
    return counts.filter(pl.col("uses") > cut)[items.name], cut


def _with_songs(playlists: pl.DataFrame, songs: pl.Series) -> pl.DataFrame:
    """The playlists with these songs only."""
    kept = songs.to_frame("songs").unique()
    lists = _lists(playlists, "songs", lambda frame: frame.join(kept, on="songs", how="semi"))
    return playlists.with_columns(songs=lists)


def _lists(playlists: pl.DataFrame, name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.Series:
    """A column of lists after its elements, one a row, were changed or filtered; their order stays."""
    rows = playlists.select(row=pl.int_range(pl.len()), **{name: name})
    elements = change(rows.explode(name).drop_nulls(name)).sort("row", maintain_order=True)
    lists = elements.group_by("row", maintain_order=True).agg(name)
    return rows.select("row").join(lists, on="row", how="left", maintain_order="left")[name].fill_null([])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.preprocess", description=__doc__.splitlines()[0])
    parser.add_argument("--melon", type=Path, required=True, metavar="DIR", help="dataset to read")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write the cleaned dataset")
    defaults = Rules()
    for field in fields(Rules):
        default = getattr(defaults, field.name)
        flag = f"--{field.name.replace('_', '-')}"
        parser.add_argument(flag, type=type(default), default=default, help=f"default: {default}")
    arguments = parser.parse_args()
    rules = Rules(**{field.name: getattr(arguments, field.name) for field in fields(Rules)})
    with Dirt() as dirt, CONSOLE.status(f"reading {arguments.melon} ..."):
        dataset = read_melon(arguments.melon, dirt)
    dirt.show(CONSOLE)
    cleaned = show(dataset, preprocess(dataset, rules), CONSOLE)
    write_melon(cleaned, arguments.out)
    CONSOLE.print(f"[green]✓[/] {arguments.out}", soft_wrap=True)


if __name__ == "__main__":
    run_command(main)
