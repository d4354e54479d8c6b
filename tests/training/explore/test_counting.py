"""Boxplots and cuts against numpy, and counts of hand-made playlists."""

import numpy as np
import polars as pl
import pytest

from tests.support.frames import dataset, playlist
from training.explore.counting import count_songs, count_words, measure_box, measure_cut


def test_whiskers_end_at_the_last_value_within_one_and_a_half_ranges():
    values = np.random.default_rng(20).geometric(0.05, 999)
    box = measure_box(pl.Series(values))
    lower, median, upper = np.percentile(values, [25, 50, 75])
    reach = 1.5 * (upper - lower)
    assert (box.lower_quartile, box.median, box.upper_quartile) == (lower, median, upper)
    assert box.upper_whisker == values[values <= upper + reach].max()
    assert box.lower_whisker == values[values >= lower - reach].min()
    assert box.above == (values > upper + reach).sum() > 0


def test_a_whisker_is_a_value_of_the_data_and_not_the_fence():
    box = measure_box(pl.Series([1, 10, 11, 12, 13, 14, 15, 16, 40]))
    # Quartiles 11 and 15, so the fences are 5 and 21.
    assert (box.lower_whisker, box.upper_whisker, box.below, box.above) == (10, 16, 1, 1)


def test_the_pareto_cut_is_the_percentile_and_the_share_of_the_top_fifth():
    counts = np.sort(np.random.default_rng(20).zipf(1.8, 1_001))[::-1]
    cut = measure_cut(pl.Series(counts))
    assert cut.top == 201
    assert cut.percentile == np.percentile(counts, 80)
    assert cut.share == pytest.approx(counts[:201].sum() / counts.sum())


def test_a_song_counts_once_for_each_playlist_it_stands_in(small):
    assert count_songs(small).rows() == [(1, 4), (2, 3), (3, 1), (4, 1), (5, 1)]
    assert count_songs(dataset([playlist([7, 7, 8])])).rows() == [(7, 1), (8, 1)]


def test_words_are_letters_and_digits_in_any_case_without_numbers_and_single_letters(small):
    assert count_words(small).rows() == [("jazz", 2), ("재즈", 2), ("at", 1), ("밤의", 1)]


def test_words_are_told_apart_neither_by_width_nor_by_how_korean_is_composed_nor_by_emoji():
    titles = ["ＬＯＶＥ", "love❤\ufe0f", "love1\ufe0f\u20e3", "노래", "\u1102\u1169\u1105\u1162"]
    words = count_words(dataset([playlist([], title) for title in titles]))
    assert words.rows() == [("love", 2), ("노래", 2), ("love1", 1)]
