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

import numpy as np
import polars as pl
from numpy.random import Generator
from scipy.optimize import brentq
from scipy.special import ndtri

from aiplayer.errors import InvalidInput
from training.console import run_command
from training.dataset.melon import GENRES, PLAYLISTS, SONGS

PLAYLIST_IDS, PLAYLIST_COUNT, TAG_COUNT = 148_826, 115_071, 29_160
SONG_COUNT, SONGS_USED, ARTIST_COUNT = 707_989, 615_142, 100_000
GENRE_COUNT, WORD_COUNT, SCALES = 30, 60_000, (0.001, 10.0)  # counts that do not scale, and what scales can be
MEDIAN_SONGS, MEAN_SONGS, MOST_SONGS = 29, 46, 200
MEDIAN_LIKES, LIKES_SIGMA = 7.5, 1.8  # before rounding down
# Shares of 1, 2, 3, ... items; of genres, of 0, 1, 2 and 3.
TAGS_A_PLAYLIST = (0.2, 0.15, 0.13, 0.12, 0.11, 0.09, 0.07, 0.05, 0.04, 0.04)
WORDS_A_TITLE, WORDS_A_NAME = (0.07, 0.23, 0.27, 0.22, 0.13, 0.08), (0.25, 0.35, 0.22, 0.12, 0.06)
ARTISTS_A_SONG, GENRES_A_SONG = (0.84, 0.12, 0.04), (0.015, 0.75, 0.18, 0.055)
# Slope and shift of draw().
SONG_SKEW, TAG_SKEW, ARTIST_SKEW, GENRE_SKEW = (1.15, 5e-4), (1.3, 2e-4), (1.1, 1e-4), (1.5, 0.2)
WORD_SKEW, COPY_SKEW = (1.1, 1e-4), (1.5, 1e-3)
ENDINGS = pl.Series(["", " ♥", "♥", " ★", "★★", "!", "!!", "~", "~♪", "...", " 🌙", " 🎧", " 🎶", " 💕"])
# Shares of the titles that are empty, a number, one character, and another playlist's title; that have an ending.
ODD_TITLES, DECORATED = (0.0003, 0.003, 0.003, 0.075), 0.2
# Shares of the dates that are whole, a year, a month, impossible, and zeros alone.
ISSUE_DATES = (0.98, 0.01, 0.004, 0.002, 0.004)


def make_dataset(scale: float, seed: int) -> dict[str, pl.DataFrame | dict[str, str]]:
    """What each file of the Melon format holds, by its name; all counts times `scale`, the same for the same `seed`.

    Raises:
        InvalidInput: the scale or the seed is out of range.
    """
    if not (SCALES[0] <= scale <= SCALES[1] and seed >= 0):
        raise InvalidInput(f"Scale {scale}, seed {seed}: give a scale from {SCALES[0]} to {SCALES[1]}, a seed from 0.")
    random = np.random.default_rng(seed)
    words = make_words(random, WORD_COUNT)
    codes = [f"GN{number:02}00" for number in range(1, GENRE_COUNT + 1)]
    genres = dict(zip(codes, make_words(random, GENRE_COUNT), strict=True))
    return {PLAYLISTS: _playlists(random, scale, words), SONGS: _songs(random, scale, words, codes), GENRES: genres}


def _playlists(random: Generator, scale: float, words: pl.Series) -> pl.DataFrame:
    count, tags = _scaled(PLAYLIST_COUNT, scale), make_words(random, _scaled(TAG_COUNT, scale))
    lengths, tag_sizes = make_lengths(random, count), _sizes(random, count, TAGS_A_PLAYLIST) + 1
    used = random.permutation(_scaled(SONG_COUNT, scale))[: _scaled(SONGS_USED, scale)]
    columns = {
        "id": random.permutation(_scaled(PLAYLIST_IDS, scale))[:count],
        "plylst_title": _titles(random, count, words),
        "tags": _baskets(tag_sizes, tags.gather(deal(random, tag_sizes, tags.len(), TAG_SKEW))),
        "songs": _baskets(lengths, pl.Series(used[deal(random, lengths, used.size, SONG_SKEW)])),
        "like_cnt": (MEDIAN_LIKES * np.exp(LIKES_SIGMA * _normal(random, count))).astype(np.int64),
        "updt_date": _moments(random, count, "2005-01-01").dt.strftime("%Y-%m-%d %H:%M:%S%.3f"),
    }
    return pl.DataFrame(columns)


def _songs(random: Generator, scale: float, words: pl.Series, codes: list[str]) -> pl.DataFrame:
    count, artists = _scaled(SONG_COUNT, scale), make_words(random, _scaled(ARTIST_COUNT, scale))
    artist_sizes, genre_sizes = _sizes(random, count, ARTISTS_A_SONG) + 1, _sizes(random, count, GENRES_A_SONG)
    played = deal(random, artist_sizes, artists.len(), ARTIST_SKEW)
    genres = deal(random, genre_sizes, GENRE_COUNT, GENRE_SKEW)
    columns = {
        "id": np.arange(count),
        "song_name": _phrases(random, _sizes(random, count, WORDS_A_NAME) + 1, words),
        "artist_name_basket": _baskets(artist_sizes, artists.gather(played)),
        "song_gn_gnr_basket": _baskets(genre_sizes, pl.Series(codes).gather(genres)),
        "issue_date": _issue_dates(random, count),
    }
    return pl.DataFrame(columns)


def make_lengths(random: Generator, count: int) -> np.ndarray:
    """Songs of each playlist, int64 [count]: of a log-normal that is cut to 1..MOST_SONGS and still has this mean."""
    normal = _normal(random, count)

    def lengths(sigma: float) -> np.ndarray:
        return np.clip(MEDIAN_SONGS * np.exp(sigma * normal), 1, MOST_SONGS)

    return np.rint(lengths(brentq(lambda sigma: lengths(sigma).mean() - MEAN_SONGS, 0.5, 3))).astype(np.int64)


def draw(random: Generator, count: int, kinds: int, skew: tuple[float, float]) -> np.ndarray:
    """Ranks, int64 [count], from 0 (most often) to kinds - 1, by inverting the distribution function.

    Zipf-Mandelbrot: the density at share x (0 to 1) of all kinds is in proportion to (x + shift)^-slope.
    """
    slope, shift = skew
    first, last = shift ** (1 - slope), (1 + shift) ** (1 - slope)
    share = (first + random.random(count) * (last - first)) ** (1 / (1 - slope)) - shift
    return np.minimum(share * kinds, kinds - 1).astype(np.int64)


def deal(random: Generator, sizes: np.ndarray, kinds: int, skew: tuple[float, float]) -> np.ndarray:
    """Fill baskets so that every kind is used, and none stands twice in one basket.

    Args:
        sizes: int64 [baskets], none more than `kinds`, in sum at least `kinds`.
        kinds: How many different items there are.
        skew: Slope and shift of what is drawn after each kind has been used once.

    Returns:
        int64 [sizes.sum()]: the items of the first basket, then of the second, and so on.
    """
    baskets = np.repeat(np.arange(sizes.size), sizes)
    items = np.empty(baskets.size, np.int64)
    slots = random.permutation(baskets.size)
    items[slots[:kinds]] = random.permutation(kinds)
    to_draw = slots[kinds:]
    while to_draw.size:
        items[to_draw] = draw(random, to_draw.size, kinds, skew)
        # Of equal pairs, unique() names the first; the first `kinds` slots all differ and are never drawn again.
        _, first = np.unique((baskets * kinds + items)[slots], return_index=True)
        to_draw = np.delete(slots, first)
    return items


def make_words(random: Generator, count: int) -> pl.Series:
    """`count` different words: about half of 1 to 4 Korean syllables, half of 2 to 9 English letters."""
    rows, longest = 2 * count + 100, 9
    lead, vowel, final = (random.choice(part, (rows, longest)) for part in (19, 21, (0, 0, 4, 8, 16, 21)))
    hangul = 0xAC00 + (lead * 21 + vowel) * 28 + final
    letters = random.choice([ord(letter) for letter in "bcdfghjklmnprstvwyz"], (rows, longest))
    letters[:, 1::2] = random.choice([ord(letter) for letter in "aeiou"], (rows, longest // 2))
    is_korean = random.random(rows) < 0.5
    lengths = np.where(is_korean, random.integers(1, 5, rows), random.integers(2, longest + 1, rows))
    codes = np.where(is_korean[:, None], hangul, letters)
    codes[np.arange(longest) >= lengths[:, None]] = 0
    # numpy's strings are rows of code points, the zeros at the end left out.
    words = pl.Series(codes.astype(np.uint32).view(f"U{longest}").ravel().tolist())
    return words.unique(maintain_order=True).head(count)


def _normal(random: Generator, count: int) -> np.ndarray:
    """The quantiles of the normal distribution in random order: its median and mean at any count."""
    return ndtri((random.permutation(count) + 0.5) / count)


def _scaled(count: int, scale: float) -> int:
    return max(1, round(count * scale))


def _sizes(random: Generator, count: int, shares: tuple[float, ...]) -> np.ndarray:
    return random.choice(len(shares), count, p=shares)


def _baskets(sizes: np.ndarray, values: pl.Series) -> pl.Series:
    """Flat values -> a list for each size."""
    rows = np.arange(sizes.size)
    filled = pl.DataFrame({"row": np.repeat(rows, sizes), "values": values}).group_by("row").agg("values")
    joined = pl.DataFrame({"row": rows}).join(filled, on="row", how="left", maintain_order="left")
    return joined.select(pl.col("values").fill_null([]))["values"]


def _phrases(random: Generator, sizes: np.ndarray, words: pl.Series) -> pl.Series:
    return _baskets(sizes, words.gather(draw(random, sizes.sum(), words.len(), WORD_SKEW))).list.join(" ")


def _titles(random: Generator, count: int, words: pl.Series) -> pl.Series:
    phrases = _phrases(random, _sizes(random, 2 * count, WORDS_A_TITLE) + 1, words)
    ending = np.where(random.random(2 * count) < DECORATED, random.integers(1, ENDINGS.len(), 2 * count), 0)
    titles = (phrases + ENDINGS.gather(ending)).unique(maintain_order=True).head(count)
    ends = np.cumsum([_scaled(count, share) for share in ODD_TITLES])
    empty, digits, single, copies, rest = np.split(random.permutation(count), ends)
    titles.scatter(empty, "")
    titles.scatter(digits, pl.Series(random.integers(1, 2021, digits.size)).cast(pl.String))
    titles.scatter(single, words.gather(random.integers(words.len(), size=single.size)).str.head(1))
    return titles.scatter(copies, titles.gather(rest[draw(random, copies.size, rest.size, COPY_SKEW)]))


def _moments(random: Generator, count: int, first: str) -> pl.Series:
    """Whole seconds from the first day to the end of April 2020, later ones more often."""
    start, end = np.datetime64(first, "s"), np.datetime64("2020-05-01", "s")
    seconds = (np.sqrt(random.random(count)) * (end - start).astype(np.int64)).astype(np.int64)
    return pl.Series((start + seconds).astype("datetime64[ms]"))


def _issue_dates(random: Generator, count: int) -> pl.Series:
    whole = pl.lit(_moments(random, count, "1950-01-01").dt.strftime("%Y%m%d"))
    kind = pl.lit(pl.Series(_sizes(random, count, ISSUE_DATES)))
    partial = pl.when(kind == 1).then(whole.str.head(4) + "0000").when(kind == 2).then(whole.str.head(6) + "00")
    impossible = partial.when(kind == 3).then(whole.str.head(4) + "0231").when(kind == 4).then(pl.lit("00000000"))
    return pl.select(date=impossible.otherwise(whole))["date"]


def write(made: dict[str, pl.DataFrame | dict[str, str]], folder: Path) -> None:
    """Write the files; each is replaced only once it is whole.

    Raises:
        InvalidInput: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            draft = folder / f"{name}.draft"
            if name == GENRES:
                draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
            else:
                content.write_json(draft)
            draft.replace(folder / f"{name}.json")
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written: {error}", field="out") from error


def describe(playlists: pl.DataFrame, songs: pl.DataFrame, genres: dict[str, str]) -> list[str]:
    """One line for each file: its counts and what the marginals came to."""
    sizes, uses = playlists["songs"].list.len(), playlists["songs"].explode().value_counts()["count"]
    tags, shared = playlists["tags"].explode().n_unique(), playlists["plylst_title"].is_duplicated().mean()
    dirty = songs["issue_date"].str.to_date("%Y%m%d", strict=False).is_null().mean()
    return [
        f"{PLAYLISTS}.json: {len(sizes):,} playlists, {sizes.sum():,} songs in them (median {sizes.median():g}, mean "
        f"{sizes.mean():.2f}), {tags:,} tags, {shared:.1%} of titles shared",
        f"{SONGS}.json: {len(songs):,} songs, {len(uses):,} of them used (median {uses.median():g}, 80th percentile "
        f"{uses.quantile(0.8):g}, mean {uses.mean():.2f} times), {dirty:.2%} of dates partial or impossible",
        f"{GENRES}.json: {len(genres)} genres",
    ]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.full_size", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the three files")
    parser.add_argument("--scale", type=float, default=1.0, help="every count in relation to the real dataset's")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    made = make_dataset(arguments.scale, arguments.seed)
    write(made, arguments.out)
    print(*describe(*made.values()), sep="\n")


if __name__ == "__main__":
    run_command(main)
