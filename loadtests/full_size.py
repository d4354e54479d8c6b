"""Makes up a dataset of the size of the Melon Playlist Dataset, from a seed alone, for benchmarks.

    python -m loadtests.full_size --out var/full-size [--scale 1.0] [--seed 0]

Source of the counts: Ferraro et al., "Melon Playlist Dataset: a public dataset for audio-based playlist generation and
music tagging", ICASSP 2021; of its 148,826 playlists, the 115,071 of the arena's training part. How tags, artists and
words are spread, how titles repeat and the dirty dates are plausible guesses. Deliberate departures: songs, tags and
titles are drawn independently, so nothing can be learned from them; the log-normal of the lengths is wider than
sqrt(2 ln(mean / median)), to make up for what the cut at 200 songs takes from the mean.
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator

from aiplayer.errors import InvalidInput
from aiplayer.files import whole_file, write_whole
from loadtests.draws import Skew, deal, draw, make_lengths, make_words, normal_quantiles
from training.console import run_command
from training.dataset.melon import GENRES, PLAYLISTS, SONGS

LEAST_SCALE = 0.001
MOST_SCALE = 10.0
# Counts that are multiplied by the scale.
PLAYLIST_IDS = 148_826
PLAYLIST_COUNT = 115_071
TAG_COUNT = 29_160
SONG_COUNT = 707_989
SONGS_USED = 615_142
ARTIST_COUNT = 100_000
# Counts that do not scale.
GENRE_COUNT = 30
WORD_COUNT = 60_000

# Of the likes before they are rounded down.
MEDIAN_LIKES = 7.5
LIKES_SIGMA = 1.8

# Shares of 1, 2, 3, ... items; of genres, of 0, 1, 2 and 3.
TAGS_A_PLAYLIST = (0.2, 0.15, 0.13, 0.12, 0.11, 0.09, 0.07, 0.05, 0.04, 0.04)
WORDS_A_TITLE = (0.07, 0.23, 0.27, 0.22, 0.13, 0.08)
WORDS_A_NAME = (0.25, 0.35, 0.22, 0.12, 0.06)
ARTISTS_A_SONG = (0.84, 0.12, 0.04)
GENRES_A_SONG = (0.015, 0.75, 0.18, 0.055)

SONG_SKEW = Skew(1.15, 5e-4)
TAG_SKEW = Skew(1.3, 2e-4)
ARTIST_SKEW = Skew(1.1, 1e-4)
GENRE_SKEW = Skew(1.5, 0.2)
WORD_SKEW = Skew(1.1, 1e-4)
COPY_SKEW = Skew(1.5, 1e-3)

ENDINGS = pl.Series(["", " ♥", "♥", " ★", "★★", "!", "!!", "~", "~♪", "...", " 🌙", " 🎧", " 🎶", " 💕"])
ENDING_SHARE = 0.2
# Shares of the titles that are empty, a number, one character, and another playlist's title.
ODD_TITLES = (0.0003, 0.003, 0.003, 0.075)
# Titles that are a number are one from 1 to this.
LAST_NUMBER = 2020
# Shares of the dates that are whole, a year, a month, impossible, and zeros alone.
ISSUE_DATES = (0.98, 0.01, 0.004, 0.002, 0.004)
FIRST_UPDATE = "2005-01-01"
FIRST_ISSUE = "1950-01-01"
END_OF_DATES = "2020-05-01"


class Dataset(NamedTuple):
    """The content of each file of the Melon format.

    Attributes:
        playlists: A record for each playlist.
        songs: A record for each song.
        genres: The genres' names by their codes.
    """

    playlists: pl.DataFrame
    songs: pl.DataFrame
    genres: dict[str, str]


def make_dataset(scale: float, seed: int) -> Dataset:
    """Make up a dataset, the same for the same scale and seed.

    Args:
        scale: What all counts are multiplied by, from LEAST_SCALE to MOST_SCALE.
        seed: The seed of everything that is drawn, 0 or more.

    Raises:
        InvalidInput: the scale or the seed is out of range.
    """
    if not LEAST_SCALE <= scale <= MOST_SCALE or seed < 0:
        raise InvalidInput(
            f"The scale is {scale} and the seed is {seed}. Use a scale from {LEAST_SCALE} to {MOST_SCALE}, "
            "and a seed from 0."
        )

    random = np.random.default_rng(seed)
    words = make_words(random, WORD_COUNT)
    codes = [f"GN{number:02}00" for number in range(1, GENRE_COUNT + 1)]
    genres = dict(zip(codes, make_words(random, GENRE_COUNT), strict=True))
    playlists = _playlists(random, scale, words)
    songs = _songs(random, scale, words, codes)
    return Dataset(playlists, songs, genres)


def _playlists(random: Generator, scale: float, words: pl.Series) -> pl.DataFrame:
    count = _scaled(PLAYLIST_COUNT, scale)
    tags = make_words(random, _scaled(TAG_COUNT, scale))
    lengths = make_lengths(random, count)
    tag_counts = _item_counts(random, count, TAGS_A_PLAYLIST) + 1
    songs_used = random.permutation(_scaled(SONG_COUNT, scale))[: _scaled(SONGS_USED, scale)]

    # Every column draws from the one generator, so their order decides what the others are.
    ids = random.permutation(_scaled(PLAYLIST_IDS, scale))[:count]
    titles = _titles(random, count, words)
    tags_dealt = tags.gather(deal(random, tag_counts, tags.len(), TAG_SKEW))
    songs_dealt = pl.Series(songs_used[deal(random, lengths, songs_used.size, SONG_SKEW)])
    likes = MEDIAN_LIKES * np.exp(LIKES_SIGMA * normal_quantiles(random, count))
    updates = _moments(random, count, FIRST_UPDATE)

    columns = {
        "id": ids,
        "plylst_title": titles,
        "tags": _baskets(tag_counts, tags_dealt),
        "songs": _baskets(lengths, songs_dealt),
        "like_cnt": likes.astype(np.int64),
        "updt_date": updates.dt.strftime("%Y-%m-%d %H:%M:%S%.3f"),
    }
    return pl.DataFrame(columns)


def _songs(random: Generator, scale: float, words: pl.Series, codes: list[str]) -> pl.DataFrame:
    count = _scaled(SONG_COUNT, scale)
    artists = make_words(random, _scaled(ARTIST_COUNT, scale))
    artist_counts = _item_counts(random, count, ARTISTS_A_SONG) + 1
    genre_counts = _item_counts(random, count, GENRES_A_SONG)
    artists_dealt = artists.gather(deal(random, artist_counts, artists.len(), ARTIST_SKEW))
    genres_dealt = pl.Series(codes).gather(deal(random, genre_counts, GENRE_COUNT, GENRE_SKEW))
    name_lengths = _item_counts(random, count, WORDS_A_NAME) + 1

    columns = {
        "id": np.arange(count),
        "song_name": _phrases(random, name_lengths, words),
        "artist_name_basket": _baskets(artist_counts, artists_dealt),
        "song_gn_gnr_basket": _baskets(genre_counts, genres_dealt),
        "issue_date": _issue_dates(random, count),
    }
    return pl.DataFrame(columns)


def _scaled(count: int, scale: float) -> int:
    return max(1, round(count * scale))


def _item_counts(random: Generator, count: int, shares: tuple[float, ...]) -> np.ndarray:
    """How many items each of `count` things has, int64 [count]: 0 with the first share, 1 with the second, ..."""
    return random.choice(len(shares), count, p=shares)


def _baskets(sizes: np.ndarray, values: pl.Series) -> pl.Series:
    """A list of values for each size, from all values one after the other."""
    rows = np.arange(sizes.size)
    items = pl.DataFrame({"row": np.repeat(rows, sizes), "values": values})
    filled = items.group_by("row").agg("values")

    # A basket of size 0 has no row among the filled ones.
    baskets = pl.DataFrame({"row": rows}).join(filled, on="row", how="left", maintain_order="left")
    return baskets.select(pl.col("values").fill_null([]))["values"]


def _phrases(random: Generator, lengths: np.ndarray, words: pl.Series) -> pl.Series:
    """Phrases of so many words each."""
    ranks = draw(random, lengths.sum(), words.len(), WORD_SKEW)
    return _baskets(lengths, words.gather(ranks)).list.join(" ")


def _titles(random: Generator, count: int, words: pl.Series) -> pl.Series:
    # Some titles come twice, so twice as many are made as are needed.
    candidates = 2 * count
    phrases = _phrases(random, _item_counts(random, candidates, WORDS_A_TITLE) + 1, words)
    has_ending = random.random(candidates) < ENDING_SHARE
    endings = np.where(has_ending, random.integers(1, ENDINGS.len(), candidates), 0)
    titles = (phrases + ENDINGS.gather(endings)).unique(maintain_order=True).head(count)

    ends = np.cumsum([_scaled(count, share) for share in ODD_TITLES])
    empty, numbers, single, copies, others = np.split(random.permutation(count), ends)
    titles.scatter(empty, "")
    drawn_numbers = pl.Series(random.integers(1, LAST_NUMBER + 1, numbers.size))
    titles.scatter(numbers, drawn_numbers.cast(pl.String))
    single_words = words.gather(random.integers(words.len(), size=single.size))
    titles.scatter(single, single_words.str.head(1))
    originals = others[draw(random, copies.size, others.size, COPY_SKEW)]
    return titles.scatter(copies, titles.gather(originals))


def _moments(random: Generator, count: int, first: str) -> pl.Series:
    """Whole seconds from the first day to END_OF_DATES, later ones more often."""
    start = np.datetime64(first, "s")
    end = np.datetime64(END_OF_DATES, "s")
    duration_s = (end - start).astype(np.int64)
    seconds = (np.sqrt(random.random(count)) * duration_s).astype(np.int64)
    return pl.Series((start + seconds).astype("datetime64[ms]"))


def _issue_dates(random: Generator, count: int) -> pl.Series:
    dates = _moments(random, count, FIRST_ISSUE).dt.strftime("%Y%m%d")
    kinds = _item_counts(random, count, ISSUE_DATES)
    table = pl.DataFrame({"date": dates, "kind": pl.Series(kinds)})

    date = pl.col("date")
    kind = pl.col("kind")
    year_alone = date.str.head(4) + "0000"
    month_alone = date.str.head(6) + "00"
    impossible = date.str.head(4) + "0231"
    zeros = pl.lit("00000000")
    chosen = pl.when(kind == 1).then(year_alone).when(kind == 2).then(month_alone)
    chosen = chosen.when(kind == 3).then(impossible).when(kind == 4).then(zeros)
    return table.select(chosen.otherwise(date).alias("date"))["date"]


def write(dataset: Dataset, folder: Path) -> None:
    """Write the files of a dataset; each is replaced only once it is whole.

    Args:
        dataset: The content of each file.
        folder: The folder to write into.

    Raises:
        InvalidInput: the folder cannot be written.
    """
    try:
        for name, records in ((PLAYLISTS, dataset.playlists), (SONGS, dataset.songs)):
            with whole_file(folder / f"{name}.json") as draft:
                records.write_json(draft)
        write_whole(folder / f"{GENRES}.json", json.dumps(dataset.genres, ensure_ascii=False))
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written: {error}", field="out") from error


def describe(dataset: Dataset) -> list[str]:
    """One line for each file: its counts and what the marginals came to."""
    playlists, songs, genres = dataset
    lengths = playlists["songs"].list.len().to_numpy()
    tag_count = playlists["tags"].explode().n_unique()
    shared = playlists["plylst_title"].is_duplicated().to_numpy().mean()
    counts = playlists["songs"].explode().value_counts()["count"]
    uses = counts.to_numpy()
    dirty = songs["issue_date"].str.to_date("%Y%m%d", strict=False).is_null().to_numpy().mean()
    return [
        f"{PLAYLISTS}.json: {len(lengths):,} playlists, {lengths.sum():,} songs in them (median "
        f"{np.median(lengths):g}, mean {lengths.mean():.2f}), {tag_count:,} tags, {shared:.1%} of titles shared",
        f"{SONGS}.json: {len(songs):,} songs, {len(uses):,} of them used (median {np.median(uses):g}, 80th percentile "
        f"{counts.quantile(0.8):g}, mean {uses.mean():.2f} times), {dirty:.2%} of dates partial or impossible",
        f"{GENRES}.json: {len(genres)} genres",
    ]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.full_size", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the three files")
    parser.add_argument("--scale", type=float, default=1.0, help="every count in relation to the real dataset's")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    dataset = make_dataset(arguments.scale, arguments.seed)
    write(dataset, arguments.out)
    print(*describe(dataset), sep="\n")


if __name__ == "__main__":
    run_command(main)
