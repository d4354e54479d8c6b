"""Each step on hand-made playlists, and its thresholds against numpy and plain Python."""

import io
import subprocess
import sys
from collections import Counter
from datetime import datetime

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from aiplayer.settings import PROJECT
from training.dataset.frames import PLAYLIST_COLUMNS, SONG_COLUMNS, Dataset, read_melon, write_melon
from training.preprocess.steps import (
    Rules,
    clean_words,
    keep_frequent_items,
    keep_one_of_each_title,
    keep_songs_of_a_genre,
    keep_usual_playlists,
    preprocess,
    whiskers,
)
from training.preprocess.table import show

DEFAULTS = {"title": "밤 산책", "tags": [], "songs": [1], "likes": 1, "updated": None}
RULES = Rules()


def dataset(*playlists: dict, genres: dict[int, list[str]] | None = None) -> Dataset:
    rows = [{"playlist_id": n} | DEFAULTS | playlist for n, playlist in enumerate(playlists)]
    songs = []
    for song_id, names in (genres or {}).items():
        songs.append({"song_id": song_id, "name": str(song_id), "artists": [], "genres": names, "issued": None})
    return Dataset(pl.DataFrame(rows, schema=PLAYLIST_COLUMNS), pl.DataFrame(songs, schema=SONG_COLUMNS))


def ids(dataset: Dataset) -> list[int]:
    return dataset.playlists["playlist_id"].to_list()


def test_songs_without_a_genre_leave_every_playlist_and_the_order_stays():
    before = dataset({"songs": [3, 2, 1]}, {"songs": [2]}, genres={1: ["재즈"], 2: [], 3: ["록"]})
    _, after = keep_songs_of_a_genre(before, RULES)
    assert after.playlists["songs"].to_list() == [[3, 1], []]
    assert after.songs["song_id"].to_list() == [1, 3]


@pytest.mark.parametrize("genres", [{}, {1: [], 2: []}])
def test_where_no_song_has_a_genre_none_is_dropped(genres):
    before = dataset({"songs": [1, 2]}, genres=genres)
    rule, after = keep_songs_of_a_genre(before, RULES)
    assert after is before
    assert "nothing to go by" in rule


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("♥새벽감성♥", "새벽감성"),
        ("R&B / Lo-Fi ★ chill~~", "R&B Lo-Fi chill"),
        ("don't -- stop &", "don't stop"),
        ("비 오는 날 ☔️ 2019", "비 오는 날 2019"),
        ("♥ 2019 ♥", None),
        ("♥", None),
        ("", None),
        ("A!", None),
    ],
)
def test_titles_and_tags_are_freed_of_special_characters(given, kept):
    _, after = clean_words(dataset({"title": given, "tags": [given, "재즈"]}), RULES)
    assert after.playlists["title"].to_list() == ([kept] if kept else [])
    _, after = clean_words(dataset({"tags": [given, "재즈", given]}), RULES)
    assert after.playlists["tags"].to_list() == [[kept, "재즈"] if kept else ["재즈"]]


def test_of_equal_titles_songs_decide_then_likes_then_tags_then_the_date():
    old, new = datetime(2018, 1, 1), datetime(2019, 1, 1)
    for better, worse in (
        ({"songs": [1, 2]}, {"songs": [1], "likes": 9}),
        ({"likes": 2}, {"likes": 1, "tags": ["밤"]}),
        ({"tags": ["밤"]}, {"updated": new}),
        ({"updated": new}, {"updated": old}),
        ({"updated": old}, {"updated": None}),
    ):
        assert ids(keep_one_of_each_title(dataset(worse, better), RULES)[1]) == [1]
        assert ids(keep_one_of_each_title(dataset(better, worse), RULES)[1]) == [0]
    assert ids(keep_one_of_each_title(dataset({}, {}, {"title": "낮"}), RULES)[1]) == [0, 2]


def test_whiskers_agree_with_numpy():
    values = np.random.default_rng(0).lognormal(3.4, 0.9, 1_001).astype(int)
    first, third = np.percentile(values, [25, 75])
    inside = values[(values >= first - 1.5 * (third - first)) & (values <= third + 1.5 * (third - first))]
    assert whiskers(pl.Series(values), 1.5) == (inside.min(), inside.max())


def test_very_long_short_and_unloved_playlists_are_dropped():
    lengths = [4, *range(10, 30), 500]
    before = dataset(*({"songs": list(range(length)), "likes": 9} for length in lengths), {"songs": list(range(20))})
    rule, after = keep_usual_playlists(before, Rules(likes_quantile=0.0))
    assert after.playlists["songs"].list.len().to_list() == list(range(10, 30))
    assert rule == "5 to 29 songs, more than 1 likes"


def test_the_median_of_the_likes_decides():
    songs = list(range(10))
    before = dataset(*({"songs": songs, "likes": likes} for likes in (0, 3, 7, 8, 50)))
    assert ids(keep_usual_playlists(before, RULES)[1]) == [3, 4]


def test_equal_likes_say_nothing():
    before = dataset({"songs": list(range(10)), "likes": 0}, {"songs": list(range(12)), "likes": 0})
    rule, after = keep_usual_playlists(before, RULES)
    assert (ids(after), "say nothing" in rule) == ([0, 1], True)


def test_the_long_tail_of_songs_and_tags_is_cut_at_the_pareto_percentile():
    random = np.random.default_rng(1)
    lists = [[int(song) for song in dict.fromkeys(random.zipf(1.5, 12).clip(max=200))] for _ in range(60)]
    before = dataset(*({"songs": songs, "tags": [f"t{song}" for song in songs[:3]]} for songs in lists))
    _, after = keep_frequent_items(before, RULES)
    for column, given in (("songs", lists), ("tags", [[f"t{song}" for song in songs[:3]] for songs in lists])):
        counts = Counter(item for row in given for item in row)
        cut = np.percentile(list(counts.values()), 80, method="lower")
        expected = [[item for item in row if counts[item] > cut] for row in given]
        kept = dict(zip(ids(after), after.playlists[column].to_list(), strict=True))
        assert kept == {n: expected[n] for n in kept}
        if column == "songs":
            assert list(kept) == [n for n, row in enumerate(expected) if row]


def test_five_steps_run_on_any_dataset_and_leave_the_given_one_alone():
    before = dataset({"songs": list(range(8)), "title": "밤!!"}, {"songs": list(range(9)), "likes": 5})
    titles = before.playlists["title"].to_list()
    assert len(list(preprocess(before))) == 5
    assert before.playlists["title"].to_list() == titles
    assert len(list(preprocess(dataset()))) == 5


def test_the_table_shows_what_each_step_removed():
    before = dataset(*({"title": f"밤 {n}", "songs": list(range(6)), "likes": n} for n in range(4)), {"title": "!"})
    console = Console(width=120, record=True, quiet=False, file=io.StringIO())
    left = show(before, preprocess(before), console)
    lines = console.export_text().splitlines()
    assert ids(left) == [2, 3]
    assert lines[1].split() == ["read", "5", "25", "6", "0", "0"]
    assert any(line.split()[:4] == ["2", "clean", "words", "-1"] for line in lines)
    assert lines[-1].split()[:3] == ["left", "2", "12"]


@pytest.mark.process
def test_the_command_writes_a_dataset_that_can_be_imported(tmp_path):
    playlists = [{"title": f"밤 {n}", "songs": list(range(6)), "likes": n} for n in range(4)]
    write_melon(dataset(*playlists, genres={n: ["재즈"] for n in range(6)}), tmp_path / "given")
    command = [sys.executable, "-m", "training.preprocess", "--melon", tmp_path / "given", "--out", tmp_path / "clean"]
    ended = subprocess.run([*command, "--fewest-songs", "7"], cwd=PROJECT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert read_melon(tmp_path / "clean").playlists.height == 0
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    assert ids(read_melon(tmp_path / "clean")) == [2, 3]
