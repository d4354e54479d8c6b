import json
import os
import subprocess
import sys

import polars as pl
import pytest

from aiplayer.errors import InvalidInput
from aiplayer.settings import PROJECT
from loadtests.full_size import make_dataset, write
from training.dataset.dirt import Dirt
from training.dataset.frames import read_melon

FILES = {"train.json", "song_meta.json", "genre_gn_all.json"}


@pytest.fixture(scope="module")
def playlists_and_songs():
    """A fiftieth of the full size."""
    made = make_dataset(scale=0.02, seed=0)
    return made.playlists, made.songs


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A five-hundredth of the full size, written."""
    folder = tmp_path_factory.mktemp("full-size")
    write(make_dataset(scale=0.002, seed=0), folder)
    return folder


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_no_drafts(folder, tmp_path):
    write(make_dataset(scale=0.002, seed=0), tmp_path)
    assert contents(tmp_path).keys() == FILES
    assert contents(tmp_path) == contents(folder)


def test_another_seed_gives_other_bytes(folder, tmp_path):
    write(make_dataset(scale=0.002, seed=1), tmp_path)
    first = contents(folder)
    second = contents(tmp_path)
    assert not [name for name in FILES if first[name] == second[name]]


def test_records_have_the_fields_of_the_melon_format(folder):
    playlist = json.loads((folder / "train.json").read_bytes())[0]
    song = json.loads((folder / "song_meta.json").read_bytes())[0]
    genres = json.loads((folder / "genre_gn_all.json").read_bytes())
    assert list(playlist) == ["id", "plylst_title", "tags", "songs", "like_cnt", "updt_date"]
    assert list(song) == ["id", "song_name", "artist_name_basket", "song_gn_gnr_basket", "issue_date"]
    assert len(genres) == 30
    assert set(song["song_gn_gnr_basket"]) <= genres.keys()


def test_the_reader_takes_every_record_and_finds_only_the_dirt_that_was_put_in(folder):
    dirt = Dirt()
    dataset = read_melon(folder, dirt)
    assert (dataset.playlists.height, dataset.songs.height) == (230, 1416)
    assert dirt.counts.keys() == {"bad_date", "partial_date", "missing_name"}
    empty = dataset.playlists.filter(pl.col("title") == "").height
    assert (empty, dirt.counts["missing_name"]) == (1, 1)


def test_counts_are_the_real_ones_times_the_scale(playlists_and_songs):
    playlists, songs = playlists_and_songs
    assert playlists.height == playlists["id"].n_unique() == 2301
    assert songs.height == songs["id"].n_unique() == 14_160
    used = playlists["songs"].explode()
    assert used.n_unique() == 12_303
    assert used.is_in(songs["id"].implode()).all()
    assert playlists["tags"].explode().n_unique() == 583
    assert songs["artist_name_basket"].explode().n_unique() == 2000


def test_playlists_have_the_published_marginals(playlists_and_songs):
    playlists, _ = playlists_and_songs
    lengths = playlists["songs"].list.len()
    assert lengths.median() == pytest.approx(29, abs=1)
    assert lengths.mean() == pytest.approx(46, rel=0.02)
    assert (lengths.min(), lengths.max()) == (1, 200)
    assert playlists["songs"].list.n_unique().equals(lengths)
    tags = playlists["tags"].list.len()
    assert (tags.min(), tags.max()) == (1, 10)
    assert playlists["tags"].list.n_unique().equals(tags)
    assert playlists["like_cnt"].median() == 7
    assert 0.1 < (playlists["like_cnt"] == 0).mean() < 0.2
    assert playlists["like_cnt"].max() > 1000
    dates = playlists["updt_date"].str.to_datetime("%Y-%m-%d %H:%M:%S.000").dt.year()
    assert (dates.min(), dates.max()) == (2005, 2020)


def test_songs_have_a_long_tail(playlists_and_songs):
    playlists, _ = playlists_and_songs
    uses = playlists["songs"].explode().value_counts()["count"]
    assert 3 <= uses.quantile(0.8) <= 6
    assert uses.max() > 20 * uses.mean()


def test_some_songs_lack_a_genre_or_a_whole_date(playlists_and_songs):
    _, songs = playlists_and_songs
    genres = songs["song_gn_gnr_basket"].list.len()
    artists = songs["artist_name_basket"].list.len()
    assert (genres == 0).mean() == pytest.approx(0.015, abs=0.005)
    assert (genres.max(), artists.min(), artists.max()) == (3, 1, 3)
    dates = songs["issue_date"]
    dirty = dates.str.to_date("%Y%m%d", strict=False).is_null()
    assert dirty.mean() == pytest.approx(0.02, abs=0.005)
    assert dates.str.len_chars().unique().to_list() == [8]
    whole = dates.filter(~dirty).str.head(4).cast(pl.Int64)
    assert (whole.min(), whole.max()) == (1950, 2020)


def test_titles_are_as_odd_as_real_ones(playlists_and_songs):
    titles = playlists_and_songs[0]["plylst_title"]
    assert titles.is_duplicated().mean() == pytest.approx(0.1, abs=0.03)
    assert (titles == "").sum() == 1
    for pattern in (r"^\d+$", "^.$", "[♥★]", "[!~]", "[🌙🎧🎶💕]"):
        assert titles.str.contains(pattern).any(), pattern


@pytest.mark.parametrize(("scale", "seed"), [(0.0, 0), (11.0, 0), (float("nan"), 0), (1.0, -1)])
def test_a_scale_or_seed_out_of_range_is_refused(scale, seed):
    with pytest.raises(InvalidInput, match=r"Use a scale from 0\.001 to 10\.0, and a seed from 0\."):
        make_dataset(scale, seed)


def run(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-W", "error", "-m", "loadtests.full_size", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=os.environ, capture_output=True, text=True, timeout=60)


@pytest.mark.process
def test_the_command_prints_a_line_for_each_file(tmp_path):
    ended = run("--out", str(tmp_path / "new" / "folder"), "--scale", "0.002")
    assert (ended.returncode, ended.stderr) == (0, "")
    train, songs, genres = ended.stdout.splitlines()
    written = json.loads((tmp_path / "new" / "folder" / "train.json").read_bytes())
    entries = sum(len(playlist["songs"]) for playlist in written)
    assert train.startswith(f"train.json: 230 playlists, {entries:,} songs in them (median 29, mean 46.00), 58 tags")
    assert songs.startswith("song_meta.json: 1,416 songs, 1,230 of them used (median ")
    assert genres == "genre_gn_all.json: 30 genres"
    assert contents(tmp_path / "new" / "folder").keys() == FILES


@pytest.mark.process
def test_the_command_says_in_one_line_where_it_cannot_write(tmp_path):
    (tmp_path / "file").touch()
    ended = run("--out", str(tmp_path / "file"), "--scale", "0.002")
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"error: {tmp_path / 'file'} cannot be written: ")
    assert len(ended.stderr.splitlines()) == 1
