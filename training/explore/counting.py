"""The numbers behind the plots, counted with Polars."""

from dataclasses import dataclass
from math import ceil

import polars as pl

from training.dataset.aggregates import real
from training.dataset.frames import Dataset
from training.preprocess.steps import Rules, whiskers

# The share of the songs or tags that Pareto's rule holds against the rest.
TOP_SHARE = 0.2
# Letters and digits, with the vowel signs that some scripts set on letters; emoji carry signs of that kind too.
WORD = r"[\p{L}\p{N}][\p{L}\p{N}\p{Mn}\p{Mc}]*"
EMOJI_STYLE = "[\ufe00-\ufe0f]"


@dataclass(frozen=True)
class Box:
    """A boxplot.

    Attributes:
        lower_whisker: The least value that is no outlier.
        lower_quartile: The value below which a quarter lies.
        median: The value below which half lies.
        upper_quartile: The value below which three quarters lie.
        upper_whisker: The greatest value that is no outlier.
        below: Number of values below the lower whisker.
        above: Number of values above the upper whisker.
    """

    lower_whisker: float
    lower_quartile: float
    median: float
    upper_quartile: float
    upper_whisker: float
    below: int
    above: int


@dataclass(frozen=True)
class Cut:
    """The end of the most frequent 20%.

    Attributes:
        top: Number of things in the most frequent 20%.
        percentile: The 80th percentile of the counts.
        share: The share of all uses that the most frequent 20% have, from 0 to 1.
    """

    top: int
    percentile: float
    share: float


def measure_box(values: pl.Series) -> Box:
    """Measure a boxplot: quartiles by linear interpolation, whiskers by Tukey.

    Args:
        values: Whole numbers, at least one.
    """
    lower_whisker, upper_whisker = whiskers(values, Rules().whisker)
    return Box(
        lower_whisker,
        lower_quartile=real(values.quantile(0.25, "linear")),
        median=real(values.quantile(0.5, "linear")),
        upper_quartile=real(values.quantile(0.75, "linear")),
        upper_whisker=upper_whisker,
        below=int((values < lower_whisker).sum()),
        above=int((values > upper_whisker).sum()),
    )


def measure_cut(counts: pl.Series) -> Cut:
    """Hold the most frequent 20%, rounded up, against all.

    Args:
        counts: How often each thing occurs, most frequent first; at least one.
    """
    top = ceil(TOP_SHARE * counts.len())
    percentile = real(counts.quantile(1 - TOP_SHARE, "linear"))
    share = int(counts.head(top).sum()) / int(counts.sum())
    return Cut(top, percentile, share)


def count_lengths(dataset: Dataset) -> pl.Series:
    """Count the songs of each playlist."""
    lengths = dataset.playlists["songs"].list.len()
    return lengths.fill_null(0).cast(pl.Int64)


def count_songs(dataset: Dataset) -> pl.DataFrame:
    """Count in how many playlists each song stands: song_id, count; most frequent first."""
    songs = _different_entries(dataset.playlists, "songs", "song_id")
    return _count_alike(songs, "song_id")


def count_tags(dataset: Dataset) -> pl.DataFrame:
    """Count how many playlists have each tag: tag, count; most frequent first."""
    tags = _different_entries(dataset.playlists, "tags", "tag")
    return _count_alike(tags.filter(pl.col("tag") != ""), "tag")


def count_genres(dataset: Dataset) -> pl.DataFrame:
    """Count the song entries of each genre, a song for all of its genres: genre, count; most frequent first."""
    song_genres = dataset.songs.select("song_id", "genres")
    songs = count_songs(dataset).join(song_genres, on="song_id")
    genres = songs.explode("genres").filter(pl.col("genres") != "")
    counts = genres.group_by(genre="genres").agg(pl.col("count").sum())
    return counts.sort(["count", "genre"], descending=[True, False])


def count_years(dataset: Dataset) -> pl.DataFrame:
    """Count the songs that came out in each year: year, count; earliest first."""
    year = pl.col("issued").dt.year().cast(pl.Int64)
    years = dataset.songs.select(year=year).drop_nulls()
    return years.group_by("year").agg(count=pl.len()).sort("year")


def count_words(dataset: Dataset) -> pl.DataFrame:
    """Count in how many titles each word stands, whatever its case or width: word, count; most frequent first."""
    plain_title = pl.col("title").str.normalize("NFKC").str.to_lowercase().str.replace_all(EMOJI_STYLE, " ")
    title_words = plain_title.str.extract_all(WORD).list.unique()
    words = dataset.playlists.select(word=title_words).explode("word").drop_nulls()

    is_long = pl.col("word").str.len_chars() > 1
    is_number = pl.col("word").str.contains(r"^\p{N}+$")
    return _count_alike(words.filter(is_long, ~is_number), "word")


def _different_entries(playlists: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """List one row for each different element of each playlist's list.

    Args:
        playlists: The playlists.
        column: The column of lists.
        name: The name of the new column.
    """
    different = pl.col(column).list.unique().alias(name)
    return playlists.select(different).explode(name).drop_nulls()


def _count_alike(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Count rows that are alike; those that are as frequent as each other stand in the order of their name."""
    counts = rows.group_by(name).agg(count=pl.len())
    return counts.sort(["count", name], descending=[True, False])
