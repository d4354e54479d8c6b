"""Random numbers and words with the skew of real playlists: what `full_size` fills its dataset with."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator
from scipy.optimize import brentq
from scipy.special import ndtri

MEDIAN_SONGS = 29
MEAN_SONGS = 46
MOST_SONGS = 200
# Where the deviation of the log-normal of the lengths is looked for.
SIGMAS = (0.5, 3)

LONGEST_WORD = 9
KOREAN_SHARE = 0.5
FIRST_SYLLABLE = 0xAC00
# A Korean syllable is a leading consonant, a vowel, and one of 28 finals, the first of which is none. Only a few finals
# are drawn, and a third of the syllables have none.
LEADS = 19
VOWELS = 21
FINALS = 28
COMMON_FINALS = (0, 0, 4, 8, 16, 21)
ENGLISH_CONSONANTS = [ord(letter) for letter in "bcdfghjklmnprstvwyz"]
ENGLISH_VOWELS = [ord(letter) for letter in "aeiou"]


class Skew(NamedTuple):
    """How unequally often kinds are drawn: the density at share x (0 to 1) of all kinds is as (x + shift)^-slope.

    Attributes:
        slope: More than 1; the greater, the oftener the first kinds.
        shift: More than 0; the smaller, the oftener the very first kinds.
    """

    slope: float
    shift: float


def make_lengths(random: Generator, count: int) -> np.ndarray:
    """Songs of each playlist: of a log-normal that is cut to 1..MOST_SONGS and still has the mean MEAN_SONGS.

    Args:
        random: The generator to draw with.
        count: How many playlists.

    Returns:
        int64 [count].
    """
    normal = normal_quantiles(random, count)

    def lengths(sigma: float) -> np.ndarray:
        return np.clip(MEDIAN_SONGS * np.exp(sigma * normal), 1, MOST_SONGS)

    def excess(sigma: float) -> float:
        return lengths(sigma).mean() - MEAN_SONGS

    sigma = brentq(excess, *SIGMAS)
    return np.rint(lengths(sigma)).astype(np.int64)


def normal_quantiles(random: Generator, count: int) -> np.ndarray:
    """The quantiles of the normal distribution in random order: its median and mean at any count."""
    return ndtri((random.permutation(count) + 0.5) / count)


def draw(random: Generator, count: int, kinds: int, skew: Skew) -> np.ndarray:
    """Draw by the Zipf-Mandelbrot law, by inverting the distribution function.

    Args:
        random: The generator to draw with.
        count: How many draws.
        kinds: How many different items there are.
        skew: How unequally often they are drawn.

    Returns:
        Ranks, int64 [count], from 0 (drawn most often) to kinds - 1.
    """
    slope, shift = skew
    power = 1 - slope
    first = shift**power
    last = (1 + shift) ** power
    shares = (first + random.random(count) * (last - first)) ** (1 / power) - shift
    return np.minimum(shares * kinds, kinds - 1).astype(np.int64)


def deal(random: Generator, sizes: np.ndarray, kinds: int, skew: Skew) -> np.ndarray:
    """Fill baskets so that every kind is used, and none stands twice in one basket.

    Args:
        random: The generator to draw with.
        sizes: int64 [baskets], none more than `kinds`, in sum at least `kinds`.
        kinds: How many different items there are.
        skew: How unequally often kinds are drawn, once each of them has been used.

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

        # unique() keeps the first of equal pairs; the first `kinds` slots all differ, so they are never drawn again.
        pairs = baskets * kinds + items
        _, kept = np.unique(pairs[slots], return_index=True)
        to_draw = np.delete(slots, kept)
    return items


def make_words(random: Generator, count: int) -> pl.Series:
    """`count` different words: about half of 1 to 4 Korean syllables, half of 2 to 9 English letters."""
    # Some words come twice, so more are made than are needed.
    rows = 2 * count + 100
    syllables = _syllables(random, rows)
    letters = _letters(random, rows)

    is_korean = random.random(rows) < KOREAN_SHARE
    korean_lengths = random.integers(1, 5, rows)
    english_lengths = random.integers(2, LONGEST_WORD + 1, rows)
    lengths = np.where(is_korean, korean_lengths, english_lengths)

    codes = np.where(is_korean[:, np.newaxis], syllables, letters)
    is_beyond_end = np.arange(LONGEST_WORD) >= lengths[:, np.newaxis]
    codes[is_beyond_end] = 0
    # A string of numpy is a row of code points, and ends at the zeros at its end.
    words = codes.astype(np.uint32).view(f"U{LONGEST_WORD}").ravel()
    return pl.Series(words.tolist()).unique(maintain_order=True).head(count)


def _syllables(random: Generator, rows: int) -> np.ndarray:
    """Code points of Korean syllables, int64 [rows, LONGEST_WORD]."""
    shape = (rows, LONGEST_WORD)
    lead = random.choice(LEADS, shape)
    vowel = random.choice(VOWELS, shape)
    final = random.choice(COMMON_FINALS, shape)
    return FIRST_SYLLABLE + (lead * VOWELS + vowel) * FINALS + final


def _letters(random: Generator, rows: int) -> np.ndarray:
    """Code points of English consonants and vowels in turn, int64 [rows, LONGEST_WORD]."""
    letters = random.choice(ENGLISH_CONSONANTS, (rows, LONGEST_WORD))
    letters[:, 1::2] = random.choice(ENGLISH_VOWELS, (rows, LONGEST_WORD // 2))
    return letters
