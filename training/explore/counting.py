"""The numbers behind the plots, counted with Polars."""

from dataclasses import dataclass
from math import ceil

import polars as pl

from training.dataset.frames import Dataset
from training.preprocess import Rules, whiskers

# Pareto: the share of the songs or tags that is held against the rest.
TOP_SHARE = 0.2
# Letters and digits, with the vowel signs that some scripts set on letters; emoji carry signs of that kind too.
WORD = r"[\p{L}\p{N}][\p{L}\p{N}\p{Mn}\p{Mc}]*"
EMOJI_STYLE = "[\ufe00-\ufe0f]"


@dataclass(frozen=True)
class Box:
    """A boxplot: quartiles, the values at which the whiskers end, and how many values lie beyond each."""

    lower_whisker: float
    lower_quartile: float
    median: float
    upper_quartile: float
    upper_whisker: float
    below: int
    above: int


@dataclass(frozen=True)
class Cut:
    """Where the top 20% end: how many they are, the 80th percentile of the counts, and the share they hold."""

    top: int
    percentile: float
    share: float


def measure_box(values: pl.Series) -> Box:
    """Quartiles by linear interpolation, whiskers by Tukey.

    Args:
        values: Numbers, at least one.
    """
    lower, median, upper = (values.quantile(share, "linear") for share in (0.25, 0.5, 0.75))
    low, high = whiskers(values, Rules().whisker)
    return Box(low, lower, median, upper, high, int((values < low).sum()), int((values > high).sum()))


def measure_cut(counts: pl.Series) -> Cut:
    """Hold the most frequent 20%, rounded up, against all.

    Args:
        counts: How often each thing occurs, most frequent first; at least one.
    """
    top = ceil(TOP_SHARE * counts.len())
    return Cut(top, counts.quantile(1 - TOP_SHARE, "linear"), counts.head(top).sum() / counts.sum())


def count_lengths(dataset: Dataset) -> pl.Series:
    """Songs of each playlist."""
    return dataset.playlists["songs"].list.len().fill_null(0).cast(pl.Int64)


def count_songs(dataset: Dataset) -> pl.DataFrame:
    """In how many playlists each song stands: song_id, count; most frequent first."""
    return _ranked(_each(dataset.playlists, "songs", "song_id"), "song_id")


def count_tags(dataset: Dataset) -> pl.DataFrame:
    """How many playlists have each tag: tag, count; most frequent first."""
    return _ranked(_each(dataset.playlists, "tags", "tag").filter(pl.col("tag") != ""), "tag")


def count_genres(dataset: Dataset) -> pl.DataFrame:
    """Song entries of each genre, a song counting for all of its genres: genre, count; most frequent first."""
    frequent = count_songs(dataset).join(dataset.songs.select("song_id", "genres"), on="song_id")
    genres = frequent.explode("genres").filter(pl.col("genres") != "").group_by(genre="genres")
    return genres.agg(pl.col("count").sum()).sort(["count", "genre"], descending=[True, False])


def count_years(dataset: Dataset) -> pl.DataFrame:
    """Songs that came out in each year: year, count; earliest first."""
    years = dataset.songs.select(year=pl.col("issued").dt.year().cast(pl.Int64)).drop_nulls()
    return years.group_by("year").agg(count=pl.len()).sort("year")


def count_words(dataset: Dataset) -> pl.DataFrame:
    """In how many titles each word stands, whatever its case or width: word, count; most frequent first."""
    plain = pl.col("title").str.normalize("NFKC").str.to_lowercase().str.replace_all(EMOJI_STYLE, " ")
    words = plain.str.extract_all(WORD).list.unique()
    named = dataset.playlists.select(word=words).explode("word").drop_nulls()
    word = pl.col("word")
    return _ranked(named.filter(word.str.len_chars() > 1, ~word.str.contains(r"^\p{N}+$")), "word")


def _each(playlists: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """One row for each different thing in each playlist."""
    return playlists.select(pl.col(column).list.unique().alias(name)).explode(name).drop_nulls()


def _ranked(things: pl.DataFrame, name: str) -> pl.DataFrame:
    """Count alike rows; those that are as frequent as each other stand in the order of their name."""
    return things.group_by(name).agg(count=pl.len()).sort(["count", name], descending=[True, False])
