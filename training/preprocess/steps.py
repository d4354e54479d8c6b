"""The five steps: each is a pure function of a dataset, and tells what its rule came to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from training.dataset.aggregates import real, whole
from training.dataset.frames import Dataset

# All but letters, their accents (not the marks that color an emoji), digits, and what stands inside words and names:
# R&B, lo-fi, don't, 90's.
SPECIAL_CHARACTERS = r"[^\p{L}[\p{M}--[\x{FE00}-\x{FE0F}]]\p{N}\s&'’+\-]+"
LOOSE_SIGNS = r"(^|\s)[&'’+\-]+|[&'’+\-]+(\s|$)"


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
    rules = rules or Rules()
    for step in STEPS:
        rule, dataset = step(dataset, rules)
        yield Step(step.__name__.replace("_", " "), rule, dataset)


def keep_songs_of_a_genre(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 1: drop songs without a genre. Impossible dates are unknown already: the reader sees to that."""
    songs = dataset.songs.filter(pl.col("genres").list.len() > 0)
    if not songs.height:
        return "no song has a genre: nothing to go by", dataset

    playlists = _with_songs(dataset.playlists, songs["song_id"])
    return "songs with a genre", Dataset(playlists, songs)


def clean_words(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 2: take special characters out of titles and tags; drop what is then too short or digits only."""
    clean_titles = dataset.playlists.with_columns(_clean(pl.col("title")))
    playlists = clean_titles.filter(_is_word(pl.col("title"), rules))

    def clean_tags(tags: pl.DataFrame) -> pl.DataFrame:
        words = tags.with_columns(_clean(pl.col("tags"))).filter(_is_word(pl.col("tags"), rules))
        return words.unique(maintain_order=True)

    tag_lists = _change_lists(playlists.select("playlist_id", "tags"), "tags", clean_tags)
    rule = f"titles and tags of {rules.shortest_words} characters or more, not digits only"
    return rule, replace(dataset, playlists=playlists.with_columns(tags=tag_lists))


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
    best = best_first.unique("title", keep="first", maintain_order=True)
    return "the fullest playlist of each title", replace(dataset, playlists=best.sort("playlist_id"))


def keep_usual_playlists(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 4: keep playlists between the boxplot's whiskers, and with more likes than most."""
    if not dataset.playlists.height:
        return "no playlist is left", dataset

    lengths = dataset.playlists["songs"].list.len()
    lower_whisker, longest = whiskers(lengths, rules.whisker)
    shortest = max(lower_whisker, rules.fewest_songs)
    keep = lengths.is_between(shortest, longest)
    rule = f"{shortest} to {longest} songs"

    likes = dataset.playlists["likes"]
    if likes.n_unique() > 1:
        likes_cut = likes.quantile(rules.likes_quantile, interpolation="linear")
        keep &= likes > likes_cut
        rule += f", more than {likes_cut:g} likes"
    else:
        rule += "; all have as many likes, so these say nothing"
    return rule, replace(dataset, playlists=dataset.playlists.filter(keep))


def keep_frequent_items(dataset: Dataset, rules: Rules) -> tuple[str, Dataset]:
    """Step 5: drop songs and tags of the long tail, and then playlists without a song."""
    songs, song_cut = _frequent(dataset.entries()["song_id"], rules)
    tags, tag_cut = _frequent(dataset.tag_entries()["tag"], rules)

    def keep_frequent_tags(entries: pl.DataFrame) -> pl.DataFrame:
        return entries.filter(pl.col("tags").is_in(tags.implode()))

    playlists = _with_songs(dataset.playlists, songs)
    tag_lists = _change_lists(playlists, "tags", keep_frequent_tags)
    playlists = playlists.with_columns(tags=tag_lists).filter(pl.col("songs").list.len() > 0)
    described_songs = dataset.songs.filter(pl.col("song_id").is_in(songs.implode()))
    rule = f"songs used more than {song_cut} times, tags more than {tag_cut}"
    return rule, Dataset(playlists, described_songs)


STEPS = (keep_songs_of_a_genre, clean_words, keep_one_of_each_title, keep_usual_playlists, keep_frequent_items)


def whiskers(values: pl.Series, reach: float) -> tuple[int, int]:
    """Find the least and the greatest value near a boxplot's box (Tukey 1977).

    Args:
        values: Whole numbers, at least one.
        reach: Distance from the box that is still near, in interquartile ranges.
    """
    first_quartile = real(values.quantile(0.25, "linear"))
    third_quartile = real(values.quantile(0.75, "linear"))
    reach_of_whisker = reach * (third_quartile - first_quartile)

    inside = values.filter(values.is_between(first_quartile - reach_of_whisker, third_quartile + reach_of_whisker))
    return whole(inside.min()), whole(inside.max())


def _clean(text: pl.Expr) -> pl.Expr:
    """Put a space in place of special characters and of signs outside words."""
    without_special = text.str.replace_all(SPECIAL_CHARACTERS, " ")
    words = without_special.str.replace_all(LOOSE_SIGNS, " ")
    return words.str.replace_all(r"\s+", " ").str.strip_chars()


def _is_word(text: pl.Expr, rules: Rules) -> pl.Expr:
    is_long_enough = text.str.len_chars() >= rules.shortest_words
    is_digits_only = text.str.contains(r"^[\p{N}\s]*$")
    return is_long_enough & ~is_digits_only


def _frequent(items: pl.Series, rules: Rules) -> tuple[pl.Series, int]:
    """Choose the items used more often than a quantile of all.

    Args:
        items: Every use of every item.
        rules: The thresholds; `pareto_quantile` counts here.

    Returns:
        The items, and the quantile: a number of uses. Where all are used equally often, all of them and 0.
    """
    counts = items.value_counts(name="uses")
    uses = counts["uses"]
    if uses.n_unique() <= 1:
        return counts[items.name], 0

    cut = int(real(uses.quantile(rules.pareto_quantile, interpolation="lower")))
    frequent = counts.filter(pl.col("uses") > cut)
    return frequent[items.name], cut


def _with_songs(playlists: pl.DataFrame, songs: pl.Series) -> pl.DataFrame:
    """Leave out of the playlists all but these songs."""
    songs_to_keep = songs.to_frame("songs").unique()

    def keep_songs(entries: pl.DataFrame) -> pl.DataFrame:
        return entries.join(songs_to_keep, on="songs", how="semi")

    return playlists.with_columns(songs=_change_lists(playlists, "songs", keep_songs))


def _change_lists(playlists: pl.DataFrame, name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.Series:
    """Change or filter the elements of a column of lists; their order stays.

    Args:
        playlists: The frame with the column.
        name: The column.
        change: Receives the elements, one a row, and returns those to keep; it may change all columns but "row".

    Returns:
        The new lists, a row for each of the frame's; empty lists are kept.
    """
    lists = playlists.select(row=pl.int_range(pl.len()), **{name: name})
    elements = lists.explode(name).drop_nulls(name)
    new_elements = change(elements).sort("row", maintain_order=True)
    new_lists = new_elements.group_by("row", maintain_order=True).agg(name)

    # A list that has lost all of its elements has no group.
    every_row = lists.select("row").join(new_lists, on="row", how="left", maintain_order="left")
    return every_row[name].fill_null([])
